//! Being told: what is asked reaches people by mail, in their language, on school days, once; whom it doesn't reach stands on a list.

use assent::kernel::{Moment, Role};
use assent::notices::{Post, bounces, rules, schedule};
use assent::obligations::Closing;
use assent::obligations::requirements::{AnswersAs, NewRequirement};
use assent::on;
use assent::queue::Kind;
use assent::roster::{Calendar, calendar};
use uuid::Uuid;

use crate::obligations::{agrees, closes, for_students, issued};
use crate::world::mail::{Mail, MailServer};
use crate::world::people::Person;
use crate::world::{World, day};

/// Gives somebody an address and a language, as a roster would.
pub async fn reachable(world: &World, person: &Person, address: &str, language: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET email = $2, language = $3 WHERE id = $1")
        .bind(person.id)
        .bind(address)
        .bind(language)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

pub async fn asked(world: &World, title: &str, answers_as: AnswersAs, due: &str) -> Uuid {
    let pattern = for_students();
    issued(world, NewRequirement { title: title.into(), answers_as, due: Some(day(due)), minutes: 4, ..pattern }).await
}

/// The moment of that day and hour on the district's clock.
pub fn at(world: &World, date: &str, hour: i8) -> Moment {
    world.district.zone.at(day(date), hour, 0)
}

fn subjects(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

story!(a_new_duty_is_told_once_in_each_reader_s_language, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let (ana, max) = (world.student(&school, "Ana Lopez", "04").await, world.student(&school, "Max Young", "05").await);
    let nina = world.student(&school, "Nina Quiet", "05").await;
    reachable(world, &ana, "ana@students.example", "es").await;
    reachable(world, &max, "max@students.example", "en").await;
    reachable(world, &nina, "", "en").await;
    asked(world, "Responsible use, 2026", AnswersAs::Oneself, "2026-09-18").await;
    let mut postman = world.postman(server.port);
    assert_eq!(postman.round().await.unwrap().sent, 2);
    let (to_ana, to_max) = (server.to("ana@students.example"), server.to("max@students.example"));
    assert_eq!(subjects(&to_ana), ["Por favor, responda: Responsible use, 2026"]);
    assert_eq!(subjects(&to_max), ["Please answer: Responsible use, 2026"]);
    let mail = &to_ana[0];
    for part in ["Hola, Ana:", "Último día: viernes 18 de septiembre. Toma unos 4 minutos."] {
        assert!(mail.text.contains(part) && mail.html.contains(part), "“{part}” is missing in\n{}", mail.text);
    }
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("From").contains("assent@test.example") && mail.id.ends_with("@test.example>"), "{:?}", mail.headers);
    assert!(!mail.text.contains("Lopez") && !mail.text.contains("Harbor"), "no more of a child than the given name: {}", mail.text);

    // Nothing again, however often the postman comes.
    postman.round().await.unwrap();
    world.postman(server.port).round().await.unwrap();
    assert_eq!(server.mails().len(), 2);
    let mut tx = world.read().await;
    let states: Vec<(String, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT state, COUNT(*) FROM notification GROUP BY state ORDER BY state").fetch_all(c).await).unwrap();
    assert_eq!(states, [("mailed".into(), 2), ("no_address".into(), 1)]);
    drop(tx);

    // An address that comes later is told after all, the next school morning.
    reachable(world, &nina, "nina@students.example", "en").await;
    world.clock.set(at(world, "2026-08-18", 7));
    postman.round().await.unwrap();
    assert_eq!(subjects(&server.to("nina@students.example")), ["Please answer: Responsible use, 2026"]);
});

story!(nobody_is_disturbed_on_a_weekend_a_holiday_or_at_night, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let max = world.student(&school, "Max Young", "05").await;
    reachable(world, &max, "max@students.example", "en").await;
    let mut tx = world.write().await;
    let days = Calendar::read_days("2026-08-17..2026-08-18 Staff days").unwrap();
    calendar::set(&mut tx, &world.operator(), Calendar { days, ..Calendar::default() }).await.unwrap();
    tx.commit().await.unwrap();
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    let mut postman = world.postman(server.port);
    for (date, hour) in [("2026-08-17", 9), ("2026-08-18", 12), ("2026-08-19", 6)] {
        world.clock.set(at(world, date, hour));
        assert_eq!(postman.round().await.unwrap().sent, 0, "{date} {hour}");
    }
    world.clock.set(at(world, "2026-08-19", 7));
    assert_eq!(postman.round().await.unwrap().sent, 1);
});

/// On which days somebody got which mail.
async fn days_of_mails(world: &World, server: &MailServer, address: &str, from: &str, to: &str) -> Vec<(String, String)> {
    let mut postman = world.postman(server.port);
    let mut got = Vec::new();
    let mut today = day(from);
    while today <= day(to) {
        for hour in [5, 7, 15] {
            let before = server.to(address).len();
            world.clock.set(world.district.zone.at(today, hour, 0));
            postman.round().await.unwrap();
            for mail in &server.to(address)[before..] {
                got.push((format!("{} {hour}", today.iso()), mail.subject.clone()));
            }
        }
        today = today.plus(1);
    }
    got
}

story!(reminders_come_before_the_last_day_and_while_it_is_late_and_stop_with_the_answer, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let (max, mia) = (world.student(&school, "Max Young", "05").await, world.student(&school, "Mia Early", "05").await);
    reachable(world, &max, "max@students.example", "en").await;
    reachable(world, &mia, "mia@students.example", "en").await;
    let mut tx = world.write().await;
    // Labor Day. The clocks go back on 1 November.
    let days = Calendar::read_days("2026-09-07 Labor Day\n2026-10-30 Conferences").unwrap();
    calendar::set(&mut tx, &world.operator(), Calendar { days, ..Calendar::default() }).await.unwrap();
    tx.commit().await.unwrap();
    world.clock.set(at(world, "2026-08-28", 10));
    // The last day is Labor Day's next: its eve is the Friday before.
    let uid = asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-08").await;
    agrees(world, uid, &mia).await;

    let got = days_of_mails(world, &server, "max@students.example", "2026-08-28", "2026-11-06").await;
    let (due, late) = ("Soon due: Responsible use", "Still waiting for your answer: Responsible use");
    let expected = [
        ("2026-08-28 7", "Please answer: Responsible use"),
        // Seven days before: 1 September.
        ("2026-09-01 7", due),
        // One day before would be Labor Day: said on Friday.
        ("2026-09-04 7", due),
        ("2026-09-08 7", due),
        ("2026-09-09 7", late),
        ("2026-09-16 7", late),
        ("2026-09-23 7", late),
        ("2026-09-30 7", late),
        ("2026-10-07 7", late),
        ("2026-10-14 7", late),
        ("2026-10-21 7", late),
        ("2026-10-28 7", late),
    ];
    assert_eq!(got, expected.map(|(day, subject)| (day.to_owned(), subject.to_owned())), "eight times late, then no more");
    assert!(server.to("mia@students.example").is_empty(), "who has answered hears nothing");
});

story!(what_was_answered_before_the_mail_goes_out_is_left_out, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let (max, mia) = (world.student(&school, "Max Young", "05").await, world.student(&school, "Mia Early", "05").await);
    let gia = world.guardian("Gia Archer", &[&max, &mia]).await;
    reachable(world, &gia, "gia@families.example", "en").await;
    world.clock.set(at(world, "2026-08-15", 10));
    asked(world, "Family agreement", AnswersAs::Guardian, "2026-09-18").await;
    let photo = asked(world, "Photo consent", AnswersAs::Guardian, "2026-09-01").await;
    closes(world, photo, &gia, &mia, Closing::Fulfilled).await;
    world.clock.set(at(world, "2026-08-17", 8));
    world.postman(server.port).round().await.unwrap();
    let mails = server.to("gia@families.example");
    assert_eq!(subjects(&mails), ["3 things wait for your answer"], "one mail for all of it");
    let text = &mails[0].text;
    assert!(text.contains("- Photo consent, for Max\n  Last day: Tuesday, September 1."), "{text}");
    assert!(text.contains("- Family agreement, for Max") && text.contains("- Family agreement, for Mia"), "{text}");
    assert!(!text.contains("Photo consent, for Mia"), "{text}");
    assert!(text.find("Photo consent") < text.find("Family agreement"), "what is due first stands first: {text}");
});

story!(a_server_that_is_down_is_tried_again_and_loses_nothing, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let addresses = ["max@students.example", "gone-away@students.example", "full@students.example", "never@students.example"];
    for (number, address) in addresses.iter().enumerate() {
        let student = world.student(&school, &format!("Student{number} Young"), "05").await;
        reachable(world, &student, address, "en").await;
    }
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    // Nobody listens on that port.
    let mut lost = world.postman(1);
    assert_eq!(lost.round().await.unwrap().sent, 0);
    let mut tx = world.read().await;
    let down: Option<Moment> = on!(tx, |c| sqlx::query_scalar("SELECT down_since FROM mail_server").fetch_one(c).await).unwrap();
    assert_eq!(down, Some(world.clock.now()));
    drop(tx);

    let mut postman = world.postman(server.port);
    let round = postman.round().await.unwrap();
    assert_eq!((round.sent, round.failed, round.put_off), (1, 1, 2));
    for hour in 9..24 {
        world.clock.set(at(world, "2026-08-17", hour));
        postman.round().await.unwrap();
    }
    for date in ["2026-08-18", "2026-08-19"] {
        for hour in 0..24 {
            world.clock.set(at(world, date, hour));
            postman.round().await.unwrap();
        }
    }
    assert_eq!(server.to("full@students.example").len(), 1);
    let mut tx = world.read().await;
    let mails: Vec<(String, String, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT address, state, attempts FROM mail ORDER BY address").fetch_all(c).await).unwrap();
    let seen: Vec<(&str, &str)> = mails.iter().map(|(address, state, _)| (address.as_str(), state.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("full@students.example", "sent"),
            ("gone-away@students.example", "failed"),
            ("max@students.example", "sent"),
            ("never@students.example", "failed"),
        ]
    );
    let said: String = on!(tx, |c| sqlx::query_scalar("SELECT said FROM mail WHERE address LIKE 'gone%'").fetch_one(c).await).unwrap();
    assert!(said.contains("no such mail box"), "{said}");
    let down: Option<Moment> = on!(tx, |c| sqlx::query_scalar("SELECT down_since FROM mail_server").fetch_one(c).await).unwrap();
    assert_eq!(down, None);
});

story!(what_was_under_way_when_a_machine_stopped_is_unsure_and_never_sent_again, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let max = world.student(&school, "Max Young", "05").await;
    reachable(world, &max, "max@students.example", "en").await;
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    let mut lost = world.postman(1);
    lost.round().await.unwrap();
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE mail SET state = 'sending', taken_at = next_at").execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    world.clock.set(at(world, "2026-08-17", 12));
    let mut postman = world.postman(server.port);
    postman.round().await.unwrap();
    postman.round().await.unwrap();
    assert!(server.mails().is_empty());
    let mut tx = world.read().await;
    let (state, said): (String, String) = on!(tx, |c| sqlx::query_as("SELECT state, said FROM mail").fetch_one(c).await).unwrap();
    assert!(state == "unsure" && said.contains("stopped"), "{state} {said}");
});

story!(two_postmen_at_once_send_everything_once, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    for number in 0..150 {
        let student = world.student(&school, &format!("Student{number} Young"), "05").await;
        reachable(world, &student, &format!("s{number}@students.example"), "en").await;
    }
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    let (mut one, mut other) = (world.postman(server.port), world.postman(server.port));
    // On an embedded database only a first round may call mails left behind: both have made theirs.
    world.clock.set(at(world, "2026-08-17", 6));
    one.round().await.unwrap();
    other.round().await.unwrap();
    world.clock.set(at(world, "2026-08-17", 8));
    let (first, second) = tokio::join!(one.round(), other.round());
    assert_eq!(first.unwrap().sent + second.unwrap().sent, 150);
    let mut all: Vec<String> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    all.sort();
    all.dedup();
    assert_eq!((server.mails().len(), all.len()), (150, 150));
});

story!(leaders_are_told_once_a_week_who_of_their_school_is_late, |world| {
    let Some(server) = MailServer::start() else { return };
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    for (school, name) in [(&harbor, "Max Young"), (&harbor, "Mia Early"), (&hill, "Nina Far")] {
        world.student(school, name, "05").await;
    }
    let lea = world.school_leader(&harbor, "Lea Leader").await;
    reachable(world, &lea, "lea@staff.example", "en").await;
    let uid = asked(world, "Responsible use", AnswersAs::Oneself, "2026-08-20").await;
    let got = days_of_mails(world, &server, "lea@staff.example", "2026-08-18", "2026-09-09").await;
    let line = "Responsible use: 2 people at Harbor Elementary more than 7 days late";
    assert_eq!(got, [("2026-08-31 7".to_owned(), line.to_owned()), ("2026-09-07 7".to_owned(), line.to_owned())]);
    let mail = &server.to("lea@staff.example")[0];
    assert!(!mail.text.contains("Max") && !mail.text.contains("Hill"), "no names of children, nothing of other schools: {}", mail.text);
    let path = mail.text.lines().find_map(|line| line.trim().strip_prefix("https://assent.test.example")).unwrap().to_owned();
    assert!(path.starts_with(&format!("/audit/{uid}/people?school=")), "{path}");
    let account = world.account(&lea).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    let page = client.get(&path).await.body;
    assert!(page.contains("Max Young") && page.contains("Mia Early") && !page.contains("Nina Far"), "{page}");
});

story!(who_may_turn_off_what, |world| {
    let (director, teacher) = (world.granted("Dora Director", Role::Director).await, world.granted("Art Author", Role::Author).await);
    let (director, author) = (world.actor(director).await, world.actor(teacher).await);
    let mut tx = world.write().await;
    rules::turn_off(&mut tx, &director, &[Kind::DutyLate, Kind::CommentAnswered]).await.unwrap();
    assert_eq!(rules::off(&mut tx).await.unwrap(), [Kind::CommentAnswered, Kind::DutyLate]);
    for kind in [Kind::DutyNew, Kind::AnswerNo, Kind::ImportHeld] {
        assert!(rules::turn_off(&mut tx, &director, &[kind]).await.is_err(), "{kind:?}: people have to hear of it");
    }
    assert!(rules::turn_off(&mut tx, &author, &[]).await.is_err());
    rules::turn_off_for_oneself(&mut tx, &author, &[Kind::ReviewDue]).await.unwrap();
    assert!(rules::turn_off_for_oneself(&mut tx, &author, &[Kind::DutyDue]).await.is_err());
    assert_eq!(rules::off_for(&mut tx, &author).await.unwrap(), [Kind::ReviewDue]);
    let schedule = schedule::get(&mut tx).await.unwrap();
    assert_eq!((schedule.before.as_slice(), schedule.late_every, schedule.hour), (&[7, 1, 0][..], 7, 7));
    schedule::set(&mut tx, &director, schedule::Schedule { before: vec![1, 14], ..schedule }).await.unwrap();
    assert_eq!(schedule::get(&mut tx).await.unwrap().before, [14, 1]);
    tx.commit().await.unwrap();
});

story!(a_mail_that_came_back_is_kept_as_such, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let max = world.student(&school, "Max Young", "05").await;
    reachable(world, &max, "max@students.example", "en").await;
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    world.postman(server.port).round().await.unwrap();
    let id = server.mails()[0].id.clone();
    let report = |action: &str| {
        format!(
            "Subject: Undelivered\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Action: {action}\r\nStatus: 5.1.1\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n--b--\r\n"
        )
    };
    let mut tx = world.write().await;
    let (late, gone) = (bounces::read(report("delayed").as_bytes()).unwrap(), bounces::read(report("failed").as_bytes()).unwrap());
    assert!(!bounces::keep(&mut tx, &world.operator(), &late).await.unwrap());
    assert!(bounces::keep(&mut tx, &world.operator(), &gone).await.unwrap());
    assert!(!bounces::keep(&mut tx, &world.operator(), &gone).await.unwrap(), "once is enough");
    tx.commit().await.unwrap();
    let mut tx = world.read().await;
    let (state, said): (String, String) = on!(tx, |c| sqlx::query_as("SELECT state, said FROM mail").fetch_one(c).await).unwrap();
    assert_eq!((state.as_str(), said.as_str()), ("bounced", "5.1.1"));
});

story!(a_saved_view_comes_by_mail_each_week_as_its_owner_may_see_it, |world| {
    let Some(server) = MailServer::start() else { return };
    let (harbor, hill) = (world.school("Harbor Elementary").await, world.school("Hill Elementary").await);
    let max = world.student(&harbor, "Max Young", "05").await;
    world.student(&harbor, "Mia Early", "05").await;
    world.student(&hill, "Nina Far", "05").await;
    let lea = world.school_leader(&harbor, "Lea Leader").await;
    reachable(world, &lea, "lea@staff.example", "en").await;
    let uid = asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    agrees(world, uid, &max).await;
    let (client, as_lea) = (world.client().await, world.account(&lea).await);
    client.sign_in_as(world, as_lea).await;
    let fields = |name| [("name", name), ("requirement", ""), ("by", "grade"), ("weekly", "true")];
    let requirement = uid.to_string();
    let with = |name| fields(name).map(|(key, value)| (key, if key == "requirement" { requirement.as_str() } else { value }));
    let page = client.post("/audit/views", &with(" ")).await;
    assert!(page.status == 422 && page.body.contains("Give the view a name of 1 to 80 characters."), "{}", page.body);
    assert_eq!(client.post("/audit/views", &with("My grades")).await.location(), format!("/audit?requirement={uid}&by=grade"));
    let page = client.get("/audit").await.body;
    assert!(page.contains("My grades") && page.contains("by mail each week"), "{page}");

    let got = days_of_mails(world, &server, "lea@staff.example", "2026-08-18", "2026-08-26").await;
    assert_eq!(got, [("2026-08-24 7".to_owned(), "My grades".to_owned())], "on the first school day of a week");
    let text = &server.to("lea@staff.example")[0].text;
    assert!(text.contains("1 of 2 done, 0 late, as of August 24, 2026."), "nothing of the other school: {text}");
    assert!(text.contains(&format!("https://assent.test.example/audit?requirement={uid}&by=grade")), "{text}");

    let path = page.split("action=\"").find_map(|rest| rest.strip_prefix("/audit/views/")).unwrap();
    let path = format!("/audit/views/{}", path.split('"').next().unwrap());
    let other = world.client().await;
    other.sign_in_as(world, world.granted("Dora Director", Role::Director).await).await;
    assert_eq!(other.post(&path, &[]).await.status, 404, "it is hers");
    client.sign_in_as(world, as_lea).await;
    assert_eq!(client.post(&path, &[]).await.location(), "/audit");
    assert!(!client.get("/audit").await.body.contains("My grades"));
});

story!(whoever_has_to_see_to_it_is_told, |world| {
    let Some(server) = MailServer::start() else { return };
    let f = crate::family::family(world).await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET email = 'lea@staff.example' WHERE role = 'school_leader' AND school_id = $1")
        .bind(f.harbor.id)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    crate::family::answers(world, f.as_gia, &f, &f.mary, &["image"], "").await;
    crate::family::answers(world, f.as_gia, &f, &f.max, &["ai"], "").await;
    world.postman(server.port).round().await.unwrap();
    let mails = server.to("lea@staff.example");
    assert_eq!(mails.len(), 1, "one mail for both: {:?}", subjects(&mails));
    assert!(
        mails[0].text.contains("say no to something") && mails[0].text.contains("https://assent.test.example/said-no"),
        "{}",
        mails[0].text
    );
    assert!(!mails[0].text.contains("Mary") && !mails[0].text.contains("Gia"), "names stay behind the sign-in: {}", mails[0].text);
});

story!(the_link_in_a_mail_opens_one_s_own_tasks_once_and_another_comes_when_asked_for, |world| {
    let Some(server) = MailServer::start() else { return };
    let school = world.school("Harbor Elementary").await;
    let max = world.student(&school, "Max Young", "05").await;
    reachable(world, &max, "max@students.example", "en").await;
    asked(world, "Responsible use", AnswersAs::Oneself, "2026-09-18").await;
    let mut postman = world.postman(server.port);
    postman.round().await.unwrap();
    let link = |mail: &Mail| {
        let line = mail.text.lines().find(|line| line.starts_with("https://assent.test.example/link/")).unwrap();
        assert!(mail.html.contains(line), "{}", mail.html);
        line.strip_prefix("https://assent.test.example").unwrap().to_owned()
    };
    let first = link(&server.mails()[0]);
    let client = world.client().await;
    assert!(client.get(&first).await.body.contains("Max"), "looking uses nothing up");
    assert_eq!(client.post(&first, &[]).await.location(), "/tasks");
    assert!(client.get("/tasks").await.body.contains("Responsible use"));
    assert_eq!(world.client().await.post(&first, &[]).await.status, 410, "once");

    // At night another is asked for, and comes at once.
    world.clock.set(at(world, "2026-08-17", 23));
    world.client().await.post(&format!("{first}/again"), &[]).await;
    assert_eq!(postman.round().await.unwrap().sent, 1);
    let mails = server.to("max@students.example");
    assert_eq!(subjects(&mails)[1], "Your new link to answer");
    assert!(mails[1].text.contains("You asked for a new link") && mails[1].text.contains("If it wasn’t you"), "{}", mails[1].text);
    let second = link(&mails[1]);
    assert_ne!(first, second);
    let client = world.client().await;
    assert_eq!(client.post(&second, &[]).await.location(), "/tasks");
});

#[tokio::test]
async fn mails_never_cross_a_network_in_the_clear() {
    let from = "Test District <assent@test.example>";
    let post = |url: &str, pages: &str| Post::new(url, from, pages);
    for url in ["smtp://mail.example", "smtp://mail.example?tls=opportunistic", "smtp://localhost.example", "http://mail.example"] {
        assert!(post(url, "https://assent.test.example").is_err(), "{url}");
    }
    for url in ["smtps://name:secret@mail.example", "smtp://mail.example?tls=required", "smtp://localhost", "smtp://127.0.0.1:2525"] {
        assert!(post(url, "https://assent.test.example").is_ok(), "{url}");
    }
    let refused = post("smtp://name:secret@mail.example", "https://assent.test.example").unwrap_err().to_string();
    assert!(!refused.contains("secret"), "{refused}");
    assert!(post("smtps://mail.example", "http://assent.test.example").is_err());
}
