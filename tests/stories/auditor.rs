//! The auditor's work: a read-only account with a last day and a reach, samples that anybody can draw again, the evidence about one person on
//! one page, and the record of disclosures that the law asks for.

use assent::acknowledgments;
use assent::audit::disclosures;
use assent::db::Tx;
use assent::identity::auditors::{self, NewAuditor};
use assent::kernel::{AccountId, Page, Role};
use assent::obligations::requirements::{self, AnswersAs, NewRequirement, Subject, Window};
use assent::obligations::sample::{self, Plan, Stratum};
use assent::obligations::tasks;
use assent::policies;
use assent::roster::audience::Rule;
use uuid::Uuid;

use crate::policies::{agreement, published};
use crate::world::client::Client;
use crate::world::people::{Person, School};
use crate::world::{World, day};

/// An auditor of the state, reading these schools until the end of September.
pub async fn auditor(world: &World, schools: &[&School]) -> AccountId {
    let mut tx = world.write().await;
    let new = NewAuditor {
        login: format!("ann{}", schools.len()),
        name: "Ann Audit".into(),
        party: "State Auditor’s Office".into(),
        interest: "audit of federal programs (34 CFR 99.35)".into(),
        last_day: Some(day("2026-09-30")),
        schools: schools.iter().map(|school| school.uid).collect(),
    };
    let today = world.district.today(tx.now());
    let root = world.district.root;
    let account = auditors::add(&mut tx, &world.operator(), root, today, new, "correct horse battery".into()).await.unwrap();
    tx.commit().await.unwrap();
    account
}

/// An agreement that every student is asked for; its requirement.
pub async fn asked(world: &World) -> (policies::Version, Uuid) {
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    let requirement = require(&mut tx, world, &version, "2026-09-01").await;
    tx.commit().await.unwrap();
    (version, requirement)
}

/// The same agreement, asked of every student once more under another requirement.
pub async fn asked_again(world: &World) -> (policies::Version, Uuid) {
    let mut tx = world.write().await;
    let version = policies::version(&mut tx, "responsible-use-6-8", None).await.unwrap();
    let requirement = require(&mut tx, world, &version, "2026-12-01").await;
    tx.commit().await.unwrap();
    (version, requirement)
}

async fn require(tx: &mut Tx, world: &World, version: &policies::Version, due: &str) -> Uuid {
    let new = NewRequirement {
        title: "Agreement".into(),
        subject: Subject::Policy { version: version.id.0, root: version.policy_id.0 },
        answers_as: AnswersAs::Oneself,
        audience: Rule::Role(vec!["student".into()]),
        due: Some(day(due)),
        join_days: 14,
        goal: 95,
        minutes: 5,
        window: Window::default(),
    };
    let saved = requirements::save(tx, &world.operator(), &world.district, new).await.unwrap();
    requirements::issue(tx, &world.operator(), &world.district, saved.uid).await.unwrap();
    saved.uid
}

/// The student agrees.
pub async fn agrees(world: &World, version: &policies::Version, requirement: Uuid, student: &Person) -> Uuid {
    let actor = world.actor(world.account(student).await).await;
    let mut tx = world.write().await;
    let task = tasks::one(&mut tx, &actor, requirement, student.uid).await.unwrap();
    let reading = policies::read(&mut tx, version, Some("en")).await.unwrap();
    let given = acknowledgments::Answer { text_hash: reading.hash.clone(), agrees: Some(true), ..acknowledgments::Answer::default() };
    let record = acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, given).await.unwrap();
    tx.commit().await.unwrap();
    record.uid
}

story!(an_auditor_reads_the_own_schools_until_the_last_day_and_changes_nothing, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&cedar, "Olga Cole", "08").await;
    let (_, requirement) = asked(world).await;
    let director = Client::of(world, world.granted("Kelley Christian", Role::Director).await).await;
    let wrong = director.post("/auditors", &[("login", "ann"), ("name", ""), ("party", ""), ("last_day", "2026-01-01")]).await;
    assert_eq!(wrong.status, 422);
    for text in ["the law asks for the party", "the law asks for the interest", "Give the auditor’s name.", "today or later"] {
        assert!(wrong.body.contains(text), "{text}: {}", wrong.body);
    }
    let school = harbor.uid.to_string();
    let form = [
        ("login", "Ann"),
        ("name", "Ann Audit"),
        ("party", "State Auditor’s Office"),
        ("interest", "audit of federal programs"),
        ("last_day", "2026-09-30"),
        ("school", school.as_str()),
    ];
    let made = director.post("/auditors", &form).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let password = made.body.split("First password</dt><dd><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(!director.get("/auditors").await.body.contains(&password), "the password is shown once");
    assert!(director.get("/auditors").await.body.contains("Until September 30, 2026"));

    let ann = world.client().await;
    assert_eq!(ann.post("/sign-in", &[("login", "ann"), ("password", &password)]).await.status, 303);
    let page = ann.get("/audit").await;
    assert!(page.body.contains("0 of 1") && !page.body.contains("Cedar Ridge"), "{}", page.body);
    let people = ann.get(&format!("/audit/{requirement}/people")).await;
    assert!(people.body.contains("Mary Archer") && !people.body.contains("Olga Cole"));
    let duty = format!("/audit/{requirement}/people/{0}/{0}", mary.uid);
    assert_eq!(ann.post(&duty, &[("act", "exempt"), ("reason", "Abroad")]).await.status, 404, "an auditor changes nothing");
    world.go_to("2026-10-01");
    assert_eq!(ann.get("/audit").await.status, 303, "the last day is over");

    // Another last day opens it again; ending closes it for good.
    let director = Client::of(world, world.granted("Dora Director", Role::Director).await).await;
    let uid = director.get("/auditors").await.body.split("id=\"auditor-").nth(1).unwrap()[..36].to_owned();
    assert!(director.get("/auditors").await.body.contains("Until September 30, 2026"));
    assert_eq!(director.post(&format!("/auditors/{uid}/last-day"), &[("last_day", "soon")]).await.status, 422);
    assert_eq!(director.post(&format!("/auditors/{uid}/last-day"), &[("last_day", "2026-10-31")]).await.status, 303);
    assert_eq!(ann.post("/sign-in", &[("login", "ann"), ("password", &password)]).await.status, 303);
    assert_eq!(ann.get("/audit").await.status, 200);
    assert_eq!(director.post(&format!("/auditors/{uid}/end"), &[]).await.status, 303);
    assert_eq!(ann.get("/audit").await.status, 303);
});

story!(the_same_seed_draws_the_same_people_and_another_draws_others, |world| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    for number in 0..40 {
        world.student(if number % 4 == 0 { &cedar } else { &harbor }, &format!("Student N{number:02}"), "07").await;
    }
    let (_, requirement) = asked(world).await;
    let operator = world.operator();
    let mut names = Vec::new();
    for seed in ["spring", "spring", "fall"] {
        let mut tx = world.read().await;
        let plan = Plan { day: day("2026-08-17"), by: Stratum::School, each: 4, seed: seed.into() };
        let drawn = sample::draw(&mut tx, &operator, requirement, plan).await.unwrap();
        assert_eq!(
            drawn.parts.iter().map(|p| (p.stratum.as_str(), p.holds, p.drawn)).collect::<Vec<_>>(),
            [("Cedar Ridge", 10, 4), ("Harbor Middle", 30, 4)]
        );
        let people = sample::people(&mut tx, &operator, &drawn).await.unwrap();
        // The rule, followed again by hand.
        let everybody = assent::obligations::people::Filter { school: Some(cedar.uid), ..Default::default() };
        let all = assent::obligations::people::behind(&mut tx, &operator, requirement, day("2026-08-17"), &everybody, Page::number(None))
            .await
            .unwrap();
        let mut ranks: Vec<(String, String)> =
            all.rows.iter().map(|r| (sample::rank(seed, r.person_uid, r.about_uid), r.name.clone())).collect();
        ranks.sort();
        let lowest: Vec<&String> = ranks.iter().take(4).map(|(_, name)| name).collect();
        let of_cedar: Vec<&String> = people.iter().filter(|m| m.draw.stratum == "Cedar Ridge").map(|m| &m.row.name).collect();
        assert_eq!(of_cedar, lowest);
        names.push(people.into_iter().map(|m| m.row.name).collect::<Vec<_>>());
    }
    assert_eq!(names[0], names[1]);
    assert_ne!(names[0], names[2]);

    let ann = Client::of(world, auditor(world, &[&cedar]).await).await;
    let wrong = ann.post(&format!("/audit/{requirement}/sample"), &[("each", "0"), ("by", "school"), ("as_of", "2027-01-01")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("Give a number between 1 and 200.") && wrong.body.contains("This day has not come yet"), "{}", wrong.body);
    let form = [("as_of", "2026-08-17"), ("by", "state"), ("each", "3"), ("seed", "spring")];
    let drawn = ann.post(&format!("/audit/{requirement}/sample"), &form).await;
    assert_eq!(drawn.status, 303, "{}", drawn.body);
    let page = ann.get(drawn.location()).await;
    assert!(
        page.body.contains("<code>spring</code>") && page.body.contains("3 people as of August 17, 2026, drawn by Ann Audit"),
        "{}",
        page.body
    );
    assert_eq!(page.body.matches("/evidence\">").count(), 3);
    let file = ann.get(&format!("{}/sample.csv", drawn.location())).await;
    assert_eq!(file.body.lines().count(), 4);
    assert!(file.body.contains("Cedar Ridge") && !file.body.contains("Harbor Middle"), "within reach alone");
    assert!(ann.get("/samples").await.body.contains("drawn by Ann Audit"));
    // Whose sample it is, and the director.
    let leader = world.school_leader(&harbor, "Lena Leader").await;
    assert_eq!(Client::of(world, world.account(&leader).await).await.get(drawn.location()).await.status, 404);
});

story!(a_person_s_evidence_stands_on_one_page, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Baker", "07").await;
    let (version, requirement) = asked(world).await;
    let receipt = agrees(world, &version, requirement, &mary).await;
    world.seal().await;
    let ann = Client::of(world, auditor(world, &[]).await).await;
    let page = ann.get(&format!("/audit/{requirement}/people/{0}/{0}/evidence", mary.uid)).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let mut tx = world.read().await;
    let hash = policies::read(&mut tx, &version, Some("en")).await.unwrap().hash;
    drop(tx);
    for text in [
        "Agreed",
        &format!("/receipts/{receipt}/text"),
        &format!("/receipts/{receipt}\""),
        &hash,
        "Signed in with a password",
        "by the checkpoint over answers 1 to 1",
        "Something new is asked of you",
        "Waits to be sent",
        "No course was begun.",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let none = ann.get(&format!("/audit/{requirement}/people/{0}/{0}/evidence", noah.uid)).await;
    assert!(none.body.contains("There is no answer to this yet."), "{}", none.body);
});

story!(what_an_auditor_sees_of_a_student_stands_on_the_student_s_record_for_school_and_family, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let grown = world.student(&harbor, "Greta Archer", "12").await;
    let gail = world.guardian("Gail Archer", &[&mary, &grown]).await;
    world.turns_18(&grown, "2026-08-01").await;
    let (_, requirement) = asked(world).await;
    let ann = Client::of(world, auditor(world, &[]).await).await;
    let director = Client::of(world, world.granted("Kelley Christian", Role::Director).await).await;
    let family = Client::of(world, world.account(&gail).await).await;
    assert!(family.get("/answers/disclosures").await.body.contains("No record has been shown to anybody outside the school."));
    director.get(&format!("/roster/people/{}", mary.uid)).await;
    ann.get(&format!("/roster/people/{}", mary.uid)).await;
    ann.get(&format!("/audit/{requirement}/people.csv")).await;
    // A guardian is no student: of the own page nothing is written, of the children on it something is.
    ann.get(&format!("/roster/people/{}", gail.uid)).await;

    let page = director.get("/disclosures").await;
    for text in [
        "State Auditor’s Office",
        "audit of federal programs (34 CFR 99.35)",
        "A list of people, as a file: Agreement",
        "The roster’s record",
        "Ann Audit",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("Kelley Christian</small>"), "the school's own looking is none");
    let entry =
        page.body.split("href=\"/disclosures/").find(|part| part.len() > 36 && part.as_bytes()[36] == b'"').unwrap()[..36].to_owned();
    let one = director.get(&format!("/disclosures/{entry}")).await;
    assert!(one.body.contains("Mary Archer") && one.body.contains("Greta Archer"), "{}", one.body);
    let file = director.get("/disclosures/disclosures.csv").await;
    assert_eq!(file.body.lines().count(), 4, "{}", file.body);

    let record = director.get(&format!("/roster/people/{}", mary.uid)).await;
    assert!(record.body.contains(&format!("/roster/people/{}/disclosures", mary.uid)));
    let about = director.get(&format!("/roster/people/{}/disclosures", mary.uid)).await;
    assert_eq!(about.body.matches("State Auditor’s Office").count(), 3, "{}", about.body);
    // The family reads of the minor child; the grown one reads for herself.
    let own = family.get("/answers/disclosures").await;
    assert!(own.body.contains("Mary Archer") && !own.body.contains("Greta Archer"), "{}", own.body);
    assert_eq!(own.body.matches("State Auditor’s Office").count(), 3, "{}", own.body);
    let greta = Client::of(world, world.account(&grown).await).await;
    assert_eq!(greta.get("/answers/disclosures").await.body.matches("State Auditor’s Office").count(), 2);

    // Nobody changes or deletes an entry, not even with the database in hand.
    let mut tx = world.write().await;
    let refused = assent::on!(tx, |c| sqlx::query("UPDATE disclosure SET party = 'nobody'").execute(c).await.map(drop));
    assert!(refused.is_err());
    drop(tx);
    let mut tx = world.write().await;
    let refused = assent::on!(tx, |c| sqlx::query("DELETE FROM disclosure_student").execute(c).await.map(drop));
    assert!(refused.is_err());
    drop(tx);
    let mut tx = world.read().await;
    assert_eq!(disclosures::about(&mut tx, mary.id, Page::number(None)).await.unwrap().total, 3);
});

/// What the command prints; it must succeed or fail as said.
fn command(world: &World, args: &[&str], succeeds: bool) -> String {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_assent")).args(["--database", &world.url]).args(args).output().unwrap();
    assert_eq!(out.status.success(), succeeds, "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(if succeeds { out.stdout } else { out.stderr }).unwrap()
}

story!(the_command_line_lets_an_auditor_in_draws_samples_and_makes_packets, |world| {
    // A command reads the system's clock; so does this story.
    world.clock.set(assent::kernel::Clock::system().now());
    let harbor = world.school("Harbor Middle").await;
    for number in 0..6 {
        world.student(&harbor, &format!("Student N{number}"), "07").await;
    }
    let yesterday = world.district.today(world.clock.now()).plus(-1);
    world.clock.set(world.district.zone.at(yesterday, 8, 0));
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, &yesterday.iso()).await;
    let requirement = require(&mut tx, world, &version, "2099-09-01").await.to_string();
    tx.commit().await.unwrap();
    world.clock.set(assent::kernel::Clock::system().now());

    let school = harbor.uid.to_string();
    let party = ["--party", "State Auditor's Office", "--interest", "audit"];
    let args =
        [&["account", "add-auditor", "ann", "--name", "Ann Audit", "--last-day", "2099-01-01", "--school", &school][..], &party].concat();
    assert!(command(world, &args, true).contains("ann signs in with: "));
    let listed = command(world, &["account", "auditors"], true);
    assert!(listed.contains("State Auditor's Office") && listed.contains("2099-01-01") && listed.contains("Harbor Middle"), "{listed}");
    let drawn = ["audit", "--requirement", &requirement, "--sample", "2", "--by", "school", "--seed", "spring"];
    let first = command(world, &drawn, true);
    assert!(first.starts_with("Seed: spring\n") && first.lines().count() == 4, "{first}");
    assert_eq!(first, command(world, &drawn, true));

    let folder = tempfile::tempdir().unwrap();
    let day = yesterday.iso();
    let mut bytes = Vec::new();
    for name in ["one.zip", "two.zip"] {
        let path = folder.path().join(name);
        let args =
            ["report", "packet", "--from", &day, "--until", &day, "--sample", "3", "--seed", "spring", "--out", path.to_str().unwrap()];
        command(world, &[&args[..], &["--records"], &party].concat(), true);
        bytes.push(std::fs::read(path).unwrap());
    }
    assert!(bytes[0] == bytes[1], "the same question, the same bytes");
    let disclosed = command(world, &["disclosures"], true);
    assert_eq!(disclosed.matches("State Auditor's Office").count(), 2, "{disclosed}");
    assert!(disclosed.contains("packet") && disclosed.lines().nth(1).unwrap().ends_with('3'), "{disclosed}");
    let path = folder.path().join("three.zip");
    let args = ["report", "packet", "--from", &day, "--until", &day, "--sample", "3", "--records", "--out", path.to_str().unwrap()];
    assert!(command(world, &args, false).contains("--party"));
});
