//! Audit packets: one zip for a period, made in the background, the same bytes for the same question; student data only where it is asked for,
//! and then written down.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use assent::audit::disclosures;
use assent::kernel::{Page, Role, digest};
use assent::reports::packets;
use uuid::Uuid;

use crate::auditor::{agrees, asked, auditor};
use crate::world::client::{Client, Reply};
use crate::world::mail::MailServer;
use crate::world::{World, day};

/// The files of a zip.
fn files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

/// Twelve students of one school and three of another; two have agreed on the first day.
async fn settled(world: &World) -> Uuid {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    for number in 0..11 {
        world.student(&harbor, &format!("Student N{number:02}"), "07").await;
    }
    let olga = world.student(&cedar, "Olga Cole", "08").await;
    for number in 0..2 {
        world.student(&cedar, &format!("Other N{number:02}"), "08").await;
    }
    let (version, requirement) = asked(world).await;
    agrees(world, &version, requirement, &mary).await;
    agrees(world, &version, requirement, &olga).await;
    world.seal().await;
    requirement
}

/// The bytes of somebody's packet, as the database holds them.
async fn bytes(world: &World, client_account: assent::kernel::AccountId, reply: &Reply) -> Vec<u8> {
    let uid: Uuid = reply.location().rsplit('/').next().unwrap().parse().unwrap();
    let actor = world.actor(client_account).await;
    let mut tx = world.read().await;
    packets::zip(&mut tx, &actor, uid).await.unwrap()
}

const PERIOD: [(&str, &str); 3] = [("from", "2026-08-01"), ("until", "2026-08-31"), ("language", "en")];

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    PERIOD.iter().chain(more).copied().collect()
}

story!(the_same_packet_asked_for_twice_has_the_same_bytes_and_no_student_in_it, |world| {
    let requirement = settled(world).await;
    world.go_to("2026-09-03");
    let account = world.granted("Kelley Christian", Role::Director).await;
    let director = Client::of(world, account).await;
    let sample = [("sample", "true"), ("by", "school"), ("each", "4"), ("seed", "spring")];
    let asked_for = director.post("/packets", &with(&sample)).await;
    assert_eq!(asked_for.status, 303, "{}", asked_for.body);
    let page = director.get(asked_for.location()).await;
    assert!(page.body.contains("Waits to be made") && page.body.contains("a mail tells you when it is ready"), "{}", page.body);
    assert_eq!(director.post("/packets", &with(&sample)).await.location(), asked_for.location(), "it is under way already");
    world.round().await;
    let page = director.get(asked_for.location()).await;
    assert!(page.body.contains("Ready") && page.body.contains("packet.zip"), "{}", page.body);
    assert_eq!(director.get(&format!("{}/packet.zip", asked_for.location())).await.header("content-type"), Some("application/zip"));
    let first = bytes(world, account, &asked_for).await;

    let files = files(&first);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "SHA256SUMS",
            "figures.csv",
            "figures.xlsx",
            "index.txt",
            "log/checkpoint-after.txt",
            "log/keys.txt",
            "policies.csv",
            "report.pdf",
            "sample.csv"
        ]
    );
    for line in text(&files, "SHA256SUMS").lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(sum, digest::sha256_hex(&files[name]), "{name}");
    }
    let figures = text(&files, "figures.csv");
    assert!(figures.contains(&format!("2026-08-31,{requirement},Agreement,all,,2,15,13.3")), "{figures}");
    // Cedar's three are too few, and Harbor's twelve would tell them.
    assert!(figures.contains(",school,Cedar Ridge,,,,,,,95") && figures.contains(",school,Harbor Middle,,,,,,,95"), "{figures}");
    assert!(text(&files, "policies.csv").contains("responsible-use-6-8,1,en,"), "{}", text(&files, "policies.csv"));
    assert!(text(&files, "log/checkpoint-after.txt").contains("/acknowledgments\n2\n"));
    let sampled = text(&files, "sample.csv");
    assert!(sampled.contains("spring,school,Cedar Ridge,,"), "{sampled}");
    let index = text(&files, "index.txt");
    assert!(index.contains("This packet holds no student’s record") && index.contains("report.pdf ("), "{index}");
    for (name, bytes) in &files {
        let said = String::from_utf8_lossy(bytes);
        assert!(!said.contains("Archer") && !said.contains("Cole"), "{name} names a student");
    }

    // The same question again, on another day, with answers since: the same bytes.
    assert_eq!(director.post(&format!("{}/removal", asked_for.location()), &[]).await.status, 303);
    world.go_to("2026-10-05");
    director.sign_in_as(world, account).await;
    let noah = world.student(&world.school("Lakeview").await, "Noah New", "07").await;
    world.follow(&[&noah]).await;
    let again = director.post("/packets", &with(&sample)).await;
    assert_ne!(again.location(), asked_for.location());
    world.round().await;
    let second = bytes(world, account, &again).await;
    let (old, new) = (files, self::files(&second));
    for (name, bytes) in &old {
        assert!(new[name] == *bytes, "{name} differs:\n{}\n{}", String::from_utf8_lossy(bytes), String::from_utf8_lossy(&new[name]));
    }
    assert!(first == second, "the same files, another zip");

    // Each packet stands in the record of disclosures, with nobody's record in it.
    let mut tx = world.read().await;
    let entries = disclosures::list(&mut tx, &world.operator(), Page::number(None)).await.unwrap();
    assert_eq!((entries.total, entries.rows[0].students, entries.rows[0].kind), (2, 0, disclosures::Kind::Packet));
});

story!(student_data_is_in_a_packet_only_for_a_party_with_an_interest_and_is_written_down, |world| {
    settled(world).await;
    world.go_to("2026-09-03");
    let account = world.granted("Kelley Christian", Role::Director).await;
    let director = Client::of(world, account).await;
    let wrong = director.post("/packets", &with(&[("records", "true"), ("by", "school"), ("each", "20")])).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.body.contains("Say to whom the student data goes") && wrong.body.contains("Say for what the student data is"),
        "{}",
        wrong.body
    );
    let wish = [
        ("records", "true"),
        ("by", "school"),
        ("each", "20"),
        ("seed", "spring"),
        ("party", "State Auditor’s Office"),
        ("interest", "audit of federal programs"),
    ];
    let asked_for = director.post("/packets", &with(&wish)).await;
    world.round().await;
    let files = files(&bytes(world, account, &asked_for).await);
    let records = text(&files, "records/sample-people.csv");
    assert_eq!(records.lines().count(), 16);
    let mary = records.lines().find(|line| line.contains("Mary Archer")).unwrap();
    assert!(mary.contains("Harbor Middle,student,07,fulfilled,2026-09-01,2026-08-17,,"), "{mary}");
    assert!(text(&files, "figures.csv").contains(",school,Cedar Ridge,1,3,33.3"), "{}", text(&files, "figures.csv"));
    let entries = director.get("/disclosures").await;
    assert!(
        entries.body.contains("State Auditor’s Office") && entries.body.contains("An audit packet: 2026-08-01 – 2026-08-31"),
        "{}",
        entries.body
    );
    let mut tx = world.read().await;
    assert_eq!(disclosures::list(&mut tx, &world.operator(), Page::number(None)).await.unwrap().rows[0].students, 15);
    drop(tx);

    // For an auditor the account says it; the board sees no people, and asks for none.
    let harbor_auditor = auditor(world, &[]).await;
    let ann = Client::of(world, harbor_auditor).await;
    assert!(ann.get("/packets").await.body.contains("audit of federal programs (34 CFR 99.35)"));
    assert_eq!(ann.post("/packets", &with(&[("records", "true"), ("each", "2"), ("by", "all")])).await.status, 303);
    let board = Client::of(world, world.granted("Bea Board", Role::BoardMember).await).await;
    assert!(!board.get("/packets").await.body.contains("Student data"));
    assert_eq!(
        board.post("/packets", &with(&[("records", "true"), ("each", "2"), ("by", "all"), ("party", "x"), ("interest", "y")])).await.status,
        404
    );
    assert_eq!(board.post("/packets", &PERIOD).await.status, 303);
    let yet = board.post("/packets", &[("from", "2026-08-01"), ("until", "2026-09-03")]).await;
    assert!(yet.status == 422 && yet.body.contains("The last day must be over"), "{}", yet.body);
});

story!(a_packet_outlives_the_machine_that_made_it_waits_for_the_seal_and_tells_its_owner, |world| {
    settled(world).await;
    let late = world.student(&world.school("Lakeview").await, "Lara Late", "07").await;
    world.follow(&[&late]).await;
    let account = world.account_named("kelley@example.org", "Kelley Christian", &[Role::Director]).await;
    world.go_to("2026-09-03");
    let director = Client::of(world, account).await;
    let asked_for = director.post("/packets", &PERIOD).await;
    // A machine took it on and fell over.
    let mut tx = world.write().await;
    let dead = tx.now().plus_seconds(-600);
    let job = packets::take(&mut tx, dead).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(director.get(asked_for.location()).await.body.contains("Being made"));
    // SQLite has one process, which has begun anew; another node waits ten minutes.
    world.clock.set(world.clock.now().plus_seconds(601));
    world.round().await;
    assert!(director.get(asked_for.location()).await.body.contains("Ready"));
    let made = bytes(world, account, &asked_for).await;
    // The first machine wakes: what it made is dropped, and nothing is told twice.
    let mut tx = world.write().await;
    let actor = world.actor(account).await;
    let other = packets::Packed { bytes: b"other".to_vec(), sha256: String::new(), students: Vec::new() };
    packets::finish(&mut tx, &actor, &job, &other).await.unwrap();
    tx.commit().await.unwrap();
    assert!(made == bytes(world, account, &asked_for).await);
    let mut tx = world.read().await;
    let told: i64 =
        assent::on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM notification WHERE kind = 'export.ready'").fetch_one(c).await)
            .unwrap();
    assert_eq!(told, 1);
    drop(tx);

    // What was answered and isn't sealed is waited for.
    let (version, requirement) = crate::auditor::asked_again(world).await;
    agrees(world, &version, requirement, &late).await;
    world.go_to("2026-09-05");
    director.sign_in_as(world, account).await;
    let waiting = director.post("/packets", &[("from", "2026-08-01"), ("until", "2026-09-04"), ("language", "es")]).await;
    world.round().await;
    assert!(director.get(waiting.location()).await.body.contains("Waits to be made"));
    world.seal().await;
    assert!(director.get(waiting.location()).await.body.contains("Ready"));
    let files = files(&bytes(world, account, &waiting).await);
    assert!(text(&files, "index.txt").contains("Este paquete no contiene el registro de ningún estudiante"));

    // Whoever reaches it no more has it no more; after 30 days it is gone.
    world.go_to("2026-10-20");
    director.sign_in_as(world, account).await;
    world.round().await;
    assert_eq!(director.get(waiting.location()).await.status, 404);
    let mut tx = world.read().await;
    let left: i64 = assent::on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM packet_part").fetch_one(c).await).unwrap();
    assert_eq!(left, 0);
    assert_eq!(day("2026-10-20"), world.district.today(tx.now()));
});

story!(whoever_asked_is_told_by_mail_also_at_night_and_may_turn_that_off, |world| {
    let Some(server) = MailServer::start() else { return };
    settled(world).await;
    let account = world.account_named("kelley@example.org", "Kelley Christian", &[Role::Director]).await;
    world.clock.set(world.district.zone.at(day("2026-09-05"), 23, 30));
    let director = Client::of(world, account).await;
    let mut postman = world.postman(server.port);
    let mine = director.get("/mail/mine").await;
    assert!(mine.body.contains("A file that you asked for is ready"), "{}", mine.body);
    let asked_for = director.post("/packets", &PERIOD).await;
    world.round().await;
    postman.round().await.unwrap();
    let mails = server.to("kelley@example.org");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Your audit packet is ready");
    assert!(mails[0].text.contains(asked_for.location()) && mails[0].text.contains("kept for 30 days"), "{}", mails[0].text);

    director.post("/mail/mine", &[("on", "comment.answered")]).await;
    director.post("/packets", &[("from", "2026-08-01"), ("until", "2026-08-30"), ("language", "en")]).await;
    world.round().await;
    postman.round().await.unwrap();
    assert_eq!(server.to("kelley@example.org").len(), 1, "turned off");
});
