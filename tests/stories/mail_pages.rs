//! What people see of the mail: whom nothing reaches and why, letters for these, what went amiss, when mails go out, one's own.

use std::process::Command;

use assent::kernel::{Actor, Locale, Page, PersonId, Problem, Role};
use assent::notices::letters::{self, Wanted};
use assent::notices::never_told::{self, Filter, Untold, Why};
use assent::notices::status;
use assent::obligations::requirements::AnswersAs;
use assent::on;
use assent::reports::letter as report;

use crate::notices::{asked, at, reachable};
use crate::obligations::agrees;
use crate::world::client::Client;
use crate::world::mail::MailServer;
use crate::world::people::{Person, School};
use crate::world::{World, day};

async fn untold(world: &World, actor: &Actor) -> Vec<Untold> {
    let mut tx = world.read().await;
    let counts = never_told::counts(&mut tx, actor, &world.district).await.unwrap();
    let list = never_told::list(&mut tx, actor, &world.district, &counts, Filter::default(), Page::number(None)).await.unwrap();
    assert_eq!(list.total, i64::try_from(list.rows.len()).unwrap(), "the counts are of the list");
    list.rows
}

fn names(rows: &[Untold]) -> Vec<(&str, Why)> {
    rows.iter().map(|row| (row.name.as_str(), row.why)).collect()
}

/// The state of a mail to that address.
async fn set_state(world: &World, address: &str, state: &str, said: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE mail SET state = $2, said = $3 WHERE address = $1")
        .bind(address)
        .bind(state)
        .bind(said)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

async fn number(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

/// Two schools whose students are asked, and families with children at both; what goes out has gone out.
struct Town {
    harbor: School,
    hill: School,
    lea: Person,
    gia: Person,
    max: Person,
}

async fn town(world: &World, server: &MailServer) -> Town {
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    let ana = world.student(&harbor, "Ana Lopez", "04").await;
    let max = world.student(&harbor, "Max Young", "05").await;
    let rex = world.student(&harbor, "Rex Refused", "KG").await;
    let bo = world.student(&hill, "Bo Bounced", "05").await;
    let una = world.student(&hill, "Una Sure", "05").await;
    for (person, address, language) in [
        (&ana, "", "es"),
        (&max, "max@students.example", "en"),
        (&rex, "gone-away@students.example", "en"),
        (&bo, "bo@students.example", "en"),
        (&una, "una@students.example", "en"),
    ] {
        reachable(world, person, address, language).await;
    }
    let gia = world.guardian("Gia Archer", &[&max, &bo]).await;
    reachable(world, &gia, "not an address", "es").await;
    let lea = world.school_leader(&harbor, "Lea Leader").await;
    let teacher = world.teacher(&harbor, "Tilda Teach").await;
    world.section(&harbor, "Homeroom 5A", &teacher, &[&max]).await;
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    asked(world, "Family agreement", AnswersAs::Guardian, "2026-09-04").await;
    world.postman(server.port).round().await.unwrap();
    set_state(world, "bo@students.example", "bounced", "no such user here").await;
    set_state(world, "una@students.example", "unsure", "the machine stopped").await;
    Town { harbor, hill, lea, gia, max }
}

story!(whom_nothing_reaches_is_listed_with_why_and_within_reach, |world| {
    let Some(server) = MailServer::start() else { return };
    let town = town(world, &server).await;
    let all = untold(world, &world.operator()).await;
    let expected = [
        ("Rex Refused", Why::Refused),
        ("Ana Lopez", Why::NoAddress),
        ("Gia Archer", Why::NoAddress),
        ("Gia Archer", Why::NoAddress),
        ("Bo Bounced", Why::Bounced),
    ];
    assert_eq!(names(&all), expected, "by school, grade and name; a family stands with each of its schools");
    let gia = &all[2];
    assert_eq!(
        (gia.school.as_str(), gia.children.as_slice(), gia.duties, gia.first_day.iso().as_str()),
        (town.harbor.name.as_str(), &["Max Young".to_owned()][..], 1, "2026-09-04")
    );
    assert_eq!(
        (all[0].address.as_str(), all[0].said.contains("no such mail box")),
        ("gone-away@students.example", true),
        "{}",
        all[0].said
    );
    assert_eq!(all[4].said, "no such user here");

    // A school leader has the own school's, others nothing.
    let leader = world.actor(world.account(&town.lea).await).await;
    let of_harbor = untold(world, &leader).await;
    assert_eq!(names(&of_harbor), expected[..3]);
    for role in [Role::Author, Role::BoardMember, Role::Auditor] {
        let other = world.actor(world.granted(&format!("Otto {role:?}"), role).await).await;
        let mut tx = world.read().await;
        assert!(matches!(never_told::counts(&mut tx, &other, &world.district).await, Err(Problem::NotFound)), "{role:?}");
        assert!(matches!(
            never_told::after(&mut tx, &other, &world.district, Filter::default(), PersonId(0)).await,
            Err(Problem::NotFound)
        ));
    }
    // Filters and the list that is written while it is read agree with the counts.
    let mut tx = world.read().await;
    let filter = Filter { school: Some(town.hill.uid), why: Some(Why::NoAddress) };
    let counts = never_told::counts(&mut tx, &world.operator(), &world.district).await.unwrap();
    let list = never_told::list(&mut tx, &world.operator(), &world.district, &counts, filter, Page::number(None)).await.unwrap();
    let (parts, next) = never_told::after(&mut tx, &world.operator(), &world.district, filter, PersonId(0)).await.unwrap();
    assert_eq!(
        (list.total, names(&list.rows), names(&parts)),
        (1, vec![("Gia Archer", Why::NoAddress)], vec![("Gia Archer", Why::NoAddress)])
    );
    assert!(never_told::after(&mut tx, &world.operator(), &world.district, filter, next.unwrap()).await.unwrap().1.is_none());
    assert!(never_told::any(&mut tx, &leader, &world.district).await.unwrap());
});

story!(who_was_told_has_answered_or_waits_for_the_morning_isn_t_listed, |world| {
    let Some(server) = MailServer::start() else { return };
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    let (max, mia) = (world.student(&harbor, "Max Young", "05").await, world.student(&harbor, "Mia Early", "05").await);
    let nina = world.student(&harbor, "Nina Silent", "05").await;
    reachable(world, &max, "max@students.example", "en").await;
    reachable(world, &mia, "", "en").await;
    reachable(world, &nina, "nina@students.example", "en").await;
    let uid = asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    assert!(untold(world, &world.operator()).await.is_empty(), "what waits for the mail isn't in it");
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("DELETE FROM notification WHERE person_id = $1").bind(nina.id).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    world.postman(server.port).round().await.unwrap();
    assert_eq!(names(&untold(world, &world.operator()).await), [("Mia Early", Why::NoAddress), ("Nina Silent", Why::NoNotice)]);
    // Max moves: the duty has another row, and he was told of the one before.
    world.moves(&max, &hill).await;
    agrees(world, uid, &mia).await;
    assert_eq!(names(&untold(world, &world.operator()).await), [("Nina Silent", Why::NoNotice)]);

    // A newcomer whose mail nobody takes: for some school mornings that is waiting, then it is nothing that reaches anybody.
    let ned = world.student(&harbor, "Ned New", "05").await;
    world.follow(&[&ned]).await;
    for (date, listed) in [("2026-08-18", 1), ("2026-08-20", 1), ("2026-08-21", 2)] {
        world.clock.set(at(world, date, 9));
        assert_eq!(untold(world, &world.operator()).await.len(), listed, "{date}");
    }
    let rows = untold(world, &world.operator()).await;
    assert_eq!(names(&rows), [("Ned New", Why::Waits), ("Nina Silent", Why::NoNotice)]);
});

story!(a_letter_counts_once_somebody_says_that_it_is_handed_out, |world| {
    let Some(server) = MailServer::start() else { return };
    let town = town(world, &server).await;
    let leader = world.actor(world.account(&town.lea).await).await;
    let mut tx = world.read().await;
    let found = letters::prepare(&mut tx, &leader, &world.district, &Wanted::School(town.harbor.uid), None).await.unwrap();
    let of_hill = letters::prepare(&mut tx, &leader, &world.district, &Wanted::School(town.hill.uid), None).await.unwrap();
    assert!(of_hill.letters.is_empty(), "another school's are out of reach");
    drop(tx);
    let [rex, ana, gia] = found.letters.as_slice() else { panic!("{:?}", found.letters) };
    assert_eq!((rex.grade.as_str(), ana.locale.tag(), gia.locale.tag()), ("KG", "es", "es"));
    assert_eq!((gia.class.as_str(), gia.children.as_slice()), ("Homeroom 5A", &["Max Young".to_owned()][..]));
    assert_eq!(
        (gia.things.len(), gia.things[0].title.as_str(), gia.things[0].child.as_deref()),
        (1, "Family agreement", Some("Max Young"))
    );
    assert_eq!(untold(world, &leader).await.len(), 3, "making letters changes nothing");

    // What is asked after the printing stands in no letter, and isn't told by it.
    asked(world, "Another agreement", AnswersAs::Guardian, "2026-10-01").await;
    let chosen = Wanted::Chosen(found.letters.iter().map(|l| (l.person, l.school_uid)).collect());
    let mut tx = world.write().await;
    assert_eq!(letters::handed_out(&mut tx, &leader, &world.district, &chosen, found.until).await.unwrap(), 3);
    assert_eq!(letters::handed_out(&mut tx, &leader, &world.district, &chosen, found.until).await.unwrap(), 0, "once");
    tx.commit().await.unwrap();
    world.postman(server.port).round().await.unwrap();
    let all = untold(world, &world.operator()).await;
    assert_eq!(names(&all), [("Gia Archer", Why::NoAddress), ("Gia Archer", Why::NoAddress), ("Bo Bounced", Why::Bounced)]);
    assert_eq!((all[0].duties, all[1].duties), (1, 2), "Harbor has told of the first; at Hill both are still untold");
    assert_eq!(number(world, "SELECT COUNT(*) FROM letter").await, 3);
    assert_eq!(number(world, "SELECT COUNT(*) FROM notification WHERE state = 'lettered' AND letter_id IS NOT NULL").await, 3);
    assert_eq!(number(world, "SELECT COUNT(*) FROM audit_entry WHERE action = 'notices.letters'").await, 1);

    // An address that comes later brings no second “please answer” for what the letter told.
    reachable(world, &town.gia, "gia@families.example", "es").await;
    world.clock.set(at(world, "2026-08-18", 7));
    world.postman(server.port).round().await.unwrap();
    let mails = server.to("gia@families.example");
    assert!(
        mails[0].text.contains("Another agreement, para Max") && !mails[0].text.contains("Family agreement, para Max"),
        "{}",
        mails[0].text
    );
});

story!(what_went_amiss_is_sent_again_with_what_is_still_open, |world| {
    let Some(server) = MailServer::start() else { return };
    let town = town(world, &server).await;
    let director = world.actor(world.granted("Dora Director", Role::Director).await).await;
    let mut tx = world.read().await;
    let amiss = status::amiss(&mut tx, &director, Page::number(None)).await.unwrap();
    let states: Vec<(&str, &str)> = amiss.rows.iter().map(|m| (m.address.as_str(), m.state.as_str())).collect();
    assert_eq!(states.len(), 3, "{states:?}");
    let uid_of = |address: &str| amiss.rows.iter().find(|m| m.address == address).unwrap().uid;
    let now = status::status(&mut tx, &director).await.unwrap();
    assert_eq!((now.amiss, now.amiss_lately, now.waiting, now.down_since), (3, 3, 0, None));
    drop(tx);

    let leader = world.actor(world.account(&town.lea).await).await;
    // Rex's address is put right; Una has answered meanwhile.
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET email = 'rex@students.example' WHERE family = 'Refused'").execute(c).await.map(drop))
        .unwrap();
    on!(tx, |c| sqlx::query(
        "UPDATE obligation SET state = 'fulfilled', closed = opened WHERE person_id = (SELECT id FROM person WHERE family = 'Sure')"
    )
    .execute(c)
    .await
    .map(drop))
    .unwrap();
    assert!(matches!(status::again(&mut tx, &leader, &world.district, uid_of("gone-away@students.example")).await, Err(Problem::NotFound)));
    assert_eq!(status::again(&mut tx, &director, &world.district, uid_of("gone-away@students.example")).await.unwrap(), 1);
    assert_eq!(status::again(&mut tx, &director, &world.district, uid_of("una@students.example")).await.unwrap(), 0);
    let twice = status::again(&mut tx, &director, &world.district, uid_of("una@students.example")).await;
    assert!(matches!(twice, Err(Problem::NotFound)), "it was taken up");
    tx.commit().await.unwrap();
    world.postman(server.port).round().await.unwrap();
    let mails = server.to("rex@students.example");
    assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Please answer: Responsible use"));
    let mut tx = world.read().await;
    let left = status::amiss(&mut tx, &director, Page::number(None)).await.unwrap();
    assert_eq!((left.total, left.rows[0].address.as_str()), (1, "bo@students.example"));
});

/// The pages for somebody, on a server with mail.
async fn signed_in(world: &World, account: assent::kernel::AccountId) -> Client {
    let client = world.client_with_mail().await;
    client.sign_in_as(world, account).await;
    client
}

story!(the_director_sees_how_the_mail_is_doing_and_says_when_it_goes_out, |world| {
    let Some(server) = MailServer::start() else { return };
    town(world, &server).await;
    let director = world.granted("Dora Director", Role::Director).await;
    let client = signed_in(world, director).await;
    let page = client.get("/mail").await.body;
    for part in
        ["Went amiss", "gone-away@students.example", "no such mail box", "Not known whether it went out", "Send again", "August 17, 2026"]
    {
        assert!(page.contains(part), "“{part}” is missing in\n{page}");
    }
    assert!(!page.contains("No mail server is set up"));
    let today = client.get("/").await.body;
    assert!(today.contains("3 mails went amiss in the last 7 days") && today.contains("Some people were told nothing"), "{today}");
    // The server goes down while something waits.
    asked(world, "One more", AnswersAs::Oneself, "2026-10-01").await;
    world.clock.set(at(world, "2026-08-18", 9));
    world.postman(1).round().await.unwrap();
    client.sign_in_as(world, director).await;
    let today = client.get("/").await.body;
    assert!(today.contains("The mail server can’t be reached since Tuesday, August 18"), "{today}");
    let page = client.get("/mail").await.body;
    assert!(page.contains("Since August 18, 2026, 9:00") && page.contains("What the mail server said"), "{page}");

    // When: what can't be meant comes back with words in the reader's language, and what was typed stays.
    let wrong = client.post("/mail/schedule", &[("hour", "9"), ("before", "7, soon"), ("late_every", "3"), ("leaders_after", "0")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("There is a problem") && wrong.body.contains("value=\"7, soon\""), "{}", wrong.body);
    client.post("/language", &[("language", "es"), ("next", "/mail")]).await;
    let wrong = client.post("/mail/calendar", &[("week", "7"), ("days", "Navidad")]).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("Una línea no se puede leer") && wrong.body.contains("Navidad</textarea>"),
        "{}",
        wrong.body
    );
    client.post("/language", &[("language", "en"), ("next", "/mail")]).await;
    let kept = client.post("/mail/schedule", &[("hour", "9"), ("before", "3 14"), ("late_every", "3"), ("leaders_after", "0")]).await;
    assert_eq!((kept.status, kept.location()), (303, "/mail/settings"));
    assert_eq!(client.post("/mail/calendar", &[("week", "7"), ("days", "2026-11-26 Thanksgiving")]).await.status, 303);
    assert_eq!(client.post("/mail/kinds", &[("on", "duty.due"), ("on", "view.weekly")]).await.status, 303);
    let page = client.get("/mail/settings").await.body;
    for part in [
        "value=\"14, 3\"",
        "2026-11-26 Thanksgiving</textarea>",
        "value=\"7\" checked",
        "value=\"duty.due\" checked",
        "value=\"duty.late\">",
        "Nobody is bound by",
    ] {
        assert!(page.contains(part), "“{part}” is missing in\n{page}");
    }
    assert!(!page.contains("value=\"6\" checked") && !page.contains("value=\"duty.new\""));

    // How mails read, and that a mail shown by itself can do nothing.
    let page = client.get("/mail/preview?language=es").await.body;
    assert!(page.contains("Por favor, responda: Acuerdo familiar") && page.contains("/mail/preview/duty.new/es"), "{page}");
    let mail = client.get("/mail/preview/duty.late/es").await;
    let policy = mail.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("script-src"), "{policy}");
    assert!(mail.body.starts_with("<!doctype html>\n<html lang=\"es\">"), "{}", mail.body);
    assert!(!client.get("/mail/preview").await.header("content-security-policy").unwrap().contains("unsafe"));
});

story!(a_school_prints_its_letters_on_the_pages, |world| {
    let Some(server) = MailServer::start() else { return };
    let town = town(world, &server).await;
    let client = signed_in(world, world.account(&town.lea).await).await;
    assert!(client.get("/").await.body.contains("/mail/never-told"));
    let page = client.get("/mail/never-told").await.body;
    for part in ["3 people", "Gia Archer", "Max Young", "gone-away@students.example", "Letters for all", "September 4, 2026"] {
        assert!(page.contains(part), "“{part}” is missing in\n{page}");
    }
    assert!(!page.contains("Bo Bounced") && !page.contains("Hill Elementary"), "{page}");
    let csv = client.get("/mail/never-told.csv").await;
    assert!(csv.body.contains("Gia Archer,Max Young,Harbor Elementary,Guardian,05,1,2026-09-04,No address,,"), "{}", csv.body);
    assert_eq!(csv.body.lines().count(), 4, "{}", csv.body);

    let page = client.post("/mail/letters", &[("school", &town.harbor.uid.to_string())]).await.body;
    assert!(page.contains("3 letters") && page.contains("Homeroom 5A") && page.contains("Español"), "{page}");
    let fields: Vec<(String, String)> = page
        .split("action=\"/mail/letters/told\"")
        .nth(1)
        .unwrap()
        .split("type=\"hidden\" name=\"")
        .skip(1)
        .map(|part| {
            let (name, rest) = part.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split_once('"').unwrap().0.to_owned())
        })
        .collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(fields.len(), 4);
    let pdf = client.post("/mail/letters/letters.pdf", &fields).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, Some("application/pdf")));
    assert!(pdf.body.starts_with("%PDF-"));
    assert!(client.get("/mail/never-told").await.body.contains("3 people"), "the file changes nothing");
    let told = client.post("/mail/letters/told", &fields).await;
    assert_eq!((told.status, told.location()), (303, "/mail/never-told"));
    let page = client.get("/mail/never-told").await.body;
    assert!(page.contains("3 people count as told by letter.") && page.contains("was told.") && !page.contains("Gia Archer"), "{page}");
    // Somebody of another school can't be chosen.
    let other = world.operator();
    let gia_at_hill = untold(world, &other).await.into_iter().find(|row| row.name == "Gia Archer").unwrap();
    let key = format!("{}@{}", gia_at_hill.person, gia_at_hill.school_uid);
    let page = client.post("/mail/letters", &[("chosen", &key)]).await.body;
    assert!(page.contains("Nobody was chosen") && !page.contains("Gia Archer"), "{page}");
});

story!(everybody_sees_which_mails_came_and_turns_off_what_may_be, |world| {
    let Some(server) = MailServer::start() else { return };
    let town = town(world, &server).await;
    let client = signed_in(world, world.account(&town.max).await).await;
    let page = client.get("/mail/mine").await.body;
    for part in [
        "max@students.example",
        "Something new is asked of you",
        "Once you have answered",
        "Please answer: Responsible use",
        "Your comment was answered",
    ] {
        assert!(page.contains(part), "“{part}” is missing in\n{page}");
    }
    assert!(!page.contains("A roster waits") && !page.contains("School leaders: who is late"), "{page}");
    assert_eq!(client.post("/mail/mine", &[]).await.status, 303);
    assert!(client.get("/mail/mine").await.body.contains("value=\"comment.answered\">"), "it is off");
    client.post("/mail/mine", &[("on", "comment.answered")]).await;
    assert!(client.get("/mail/mine").await.body.contains("value=\"comment.answered\" checked"));
    // Of another's mails nothing.
    let other = signed_in(world, world.account(&town.gia).await).await;
    let page = other.get("/mail/mine").await.body;
    assert!(page.contains("Todavía no ha salido ningún correo") && !page.contains("max@students.example"), "{page}");
});

story!(an_operator_scripts_letters_and_sends_again, |world| {
    let Some(server) = MailServer::start() else { return };
    town(world, &server).await;
    let run = |words: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_assent"))
            .args(["--database", &world.url])
            .args(words)
            .env_remove("ASSENT_DATABASE")
            .current_dir(env!("CARGO_TARGET_TMPDIR"))
            .output()
            .unwrap();
        (ran.status.code(), String::from_utf8(ran.stdout).unwrap(), String::from_utf8(ran.stderr).unwrap())
    };
    let json = |words: &[&str]| -> serde_json::Value {
        let (status, out, err) = run(&[&["--json"], words].concat());
        assert_eq!(status, Some(0), "{words:?}: {err}");
        serde_json::from_str(&out).unwrap()
    };
    let status = json(&["notices", "status"]);
    assert_eq!((status["status"]["amiss"].as_i64(), status["amiss"].as_array().map(Vec::len)), (Some(3), Some(3)), "{status}");
    let list = json(&["notices", "never-told"]);
    assert_eq!(list["people"].as_array().map(Vec::len), Some(5), "{list}");
    assert!(
        run(&["notices", "never-told"])
            .1
            .contains("Harbor Elementary  Gia Archer for Max Young, 1 open, first last day 2026-09-04: no_address")
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters.pdf").display().to_string();
    let made = json(&["notices", "letters", "--school", "Harbor Elementary", "-o", &path]);
    assert_eq!((made["letters"].as_i64(), made["told"].as_i64()), (Some(3), Some(0)), "{made}");
    let made =
        json(&["notices", "letters", "--school", "harbor elementary", "-o", &path, "--printed", "--url", "https://assent.example.org"]);
    assert_eq!((made["letters"].as_i64(), made["told"].as_i64()), (Some(3), Some(3)), "{made}");
    assert_eq!(pages_of(&path), Some(4), "a list, and a page for each");
    if let Some(info) = said_by("pdfinfo", &["-struct", &path]) {
        assert!(info.contains("Table") && info.contains("H2") && info.contains("Part"), "{info}");
    }
    if let Some(text) = said_by("pdftotext", &["-layout", &path, "-"]) {
        for part in [
            "Hello Rex Refused,",
            "Hola, Gia Archer:",
            "Familia de Max Young",
            "La entrega: Homeroom 5A",
            "abra https://assent.example.org",
        ] {
            assert!(text.contains(part), "“{part}” is missing in\n{text}");
        }
    }
    // When mails go out, and on which days none.
    assert_eq!(json(&["notices", "schedule", "--before", "3,0", "--hour", "6"])["before"], serde_json::json!([3, 0]));
    assert_eq!(json(&["notices", "schedule"])["hour"], 6);
    let (status, _, err) = run(&["notices", "schedule", "--hour", "23"]);
    assert!(status == Some(1) && err.contains("0 to 20"), "{err}");
    let days = folder.path().join("days.txt");
    std::fs::write(&days, "2026-11-26..2026-11-27 Thanksgiving\n").unwrap();
    assert_eq!(json(&["notices", "calendar", days.to_str().unwrap()])["days"][1]["day"], "2026-11-27");
    let (_, out, _) = run(&["notices", "calendar"]);
    assert_eq!(out.trim(), "2026-11-26..2026-11-27 Thanksgiving");
    // For whoever wants to look at it.
    std::fs::copy(&path, std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("letters.pdf")).unwrap();
    let (status, _, err) = run(&["notices", "letters", "--school", "Harbor Elementary", "-o", &path]);
    assert!(status == Some(1) && err.contains("nobody of a school"), "{err}");
    let rex = status_of(world, "gone-away@students.example").await;
    assert_eq!(json(&["notices", "again", &rex.to_string()])["notices"].as_i64(), Some(1));
});

/// What a program of poppler says, where it is there.
fn said_by(program: &str, words: &[&str]) -> Option<String> {
    let ran = Command::new(program).args(words).output().ok()?;
    Some(String::from_utf8_lossy(&ran.stdout).into_owned())
}

fn pages_of(path: &str) -> Option<usize> {
    let info = said_by("pdfinfo", &[path])?;
    info.lines().find_map(|line| line.strip_prefix("Pages:")).and_then(|number| number.trim().parse().ok())
}

story!(a_letter_is_one_page_however_much_is_asked_and_at_most_200_are_made_at_once, |world| {
    let harbor = world.school("Harbor Elementary").await;
    let mut chosen = Vec::new();
    for number in 0..=letters::MOST {
        let student = world.student(&harbor, &format!("Student{number:03} Young"), "05").await;
        chosen.push((student.uid, harbor.uid));
    }
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("DELETE FROM notification").execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    let mut tx = world.read().await;
    let operator = world.operator();
    let first = letters::prepare(&mut tx, &operator, &world.district, &Wanted::School(harbor.uid), None).await.unwrap();
    assert_eq!((first.letters.len(), first.letters[199].name.as_str()), (letters::MOST, "Student199 Young"));
    let all = letters::prepare(&mut tx, &operator, &world.district, &Wanted::Chosen(chosen.clone()), None).await;
    assert!(matches!(all, Err(Problem::Invalid(_))), "201 are too many");
    drop(tx);
    let director = world.granted("Dora Director", Role::Director).await;
    let client = signed_in(world, director).await;
    let bare = world.client().await;
    bare.sign_in_as(world, director).await;
    assert!(
        bare.get("/mail").await.body.contains("assent serve --smtp") && !client.get("/mail").await.body.contains("assent serve --smtp")
    );
    let page = client.get("/mail/never-told?page=5").await.body;
    assert!(page.contains("Page 5 of 5") && page.contains("Student200 Young") && !page.contains("Student199 Young"), "{page}");
    let page = client.post("/mail/letters", &[("school", &harbor.uid.to_string())]).await.body;
    assert!(page.contains("200 letters") && page.contains("The school has more"), "{page}");

    // As much as a family of five is asked in a year, in long words.
    let things = (0..40).map(|n| report::Asked {
        title: format!("Agreement number {n} on the responsible use of everything that the district hands out and takes back"),
        child: Some("Maximiliano Gonzalez-Montenegro de la Vega".into()),
        last: day("2026-09-18"),
        late: n % 2 == 0,
        minutes: 12,
    });
    let letter = report::Letter {
        locale: Locale::Es,
        name: "Maria Guadalupe Gonzalez-Montenegro de la Vega".into(),
        school: "Harbor Elementary School of Science and Technology".into(),
        grade: "05".into(),
        class: "Homeroom 5A".into(),
        children: ["Maximiliano", "Ana", "Luz", "Bo", "Inés"].map(|name| format!("{name} Gonzalez-Montenegro de la Vega")).into(),
        asked: things.collect(),
    };
    let document = report::letters(&world.district, &[letter], Some("https://assent.example.org"), world.clock.now(), Locale::En);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("long-letter.pdf");
    std::fs::write(&path, assent::reports::pdf::render(&document).unwrap()).unwrap();
    if let Some(pages) = pages_of(path.to_str().unwrap()) {
        assert_eq!(pages, 2, "a list and one page: {}", path.display());
    }
});

async fn status_of(world: &World, address: &str) -> uuid::Uuid {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT uid FROM mail WHERE address = $1").bind(address).fetch_one(c).await).unwrap()
}
