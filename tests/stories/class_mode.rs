//! Class mode: a teacher reads a policy aloud, each child of the class answers on one device, and the device opens nothing else meanwhile.

use std::process::Command;

use assent::acknowledgments::class::{self, Child, Room};
use assent::acknowledgments::{self, verify};
use assent::identity::accounts::{self, NewAccount};
use assent::kernel::{AccountId, Actor, Locale, Problem, Role, SectionId};
use assent::obligations::{AnswersAs, Closing, NewRequirement, Subject, verify as ledger};
use assent::on;
use assent::policies::{self, Version};
use assent::reports::receipt;
use assent::web::desk::SESSION_COOKIE;
use uuid::Uuid;

use crate::obligations::{closes, for_students, issued};
use crate::policies::{fill, published};
use crate::world::client::{Client, PASSWORD};
use crate::world::people::{Person, School};
use crate::world::{World, day};

pub const TASK: &str = "My technology promise";

/// The agreement of the youngest, in force.
pub async fn promise(world: &World) -> Version {
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &world.operator(), "responsible-use-k-2").await.unwrap();
    fill(&mut tx, world, &version).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    tx.commit().await.unwrap();
    version
}

/// All students are asked to answer it themselves.
pub fn of_all(version: &Version) -> NewRequirement {
    NewRequirement { title: TASK.into(), subject: Subject::Policy { version: version.id.0, root: version.policy_id.0 }, ..for_students() }
}

/// The person's account, with [`PASSWORD`].
pub async fn may_sign_in(world: &World, person: &Person, login: &str) -> AccountId {
    let mut tx = world.write().await;
    let new = NewAccount {
        login: login.into(),
        name: person.name.clone(),
        person: Some(person.id),
        password: Some(PASSWORD.into()),
        ..NewAccount::default()
    };
    let account = accounts::add(&mut tx, &world.operator(), new).await.unwrap();
    tx.commit().await.unwrap();
    account
}

pub async fn uid_of(world: &World, section: SectionId) -> Uuid {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT uid FROM section WHERE id = $1").bind(section).fetch_one(c).await).unwrap()
}

/// Pine Elementary: Rosa Diaz teaches four first-graders and Ken of kindergarten.
struct Pine {
    school: School,
    rosa: Person,
    account: AccountId,
    children: Vec<Person>,
    section_id: SectionId,
    section: Uuid,
    version: Version,
    requirement: Uuid,
}

impl Pine {
    fn path(&self) -> String {
        format!("/classes/{}/{}", self.section, self.requirement)
    }

    fn child(&self, number: usize) -> String {
        format!("/class/children/{}", self.children[number].uid)
    }
}

async fn settle(world: &World) -> Pine {
    let pine = world.school("Pine Elementary").await;
    let rosa = world.teacher(&pine, "Rosa Diaz").await;
    let mut children = Vec::new();
    for (name, grade) in [("Ana Diaz", "01"), ("Ana Frost", "01"), ("Ben Cole", "01"), ("Mia Hall", "01"), ("Ken Park", "KG")] {
        children.push(world.student(&pine, name, grade).await);
    }
    let section_id = world.section(&pine, "Homeroom 1A", &rosa, &children.iter().collect::<Vec<_>>()).await;
    let account = may_sign_in(world, &rosa, "rosa").await;
    let version = promise(world).await;
    let requirement = issued(world, of_all(&version)).await;
    Pine { section: uid_of(world, section_id).await, section_id, school: pine, rosa, account, children, version, requirement }
}

/// The class as that account may take it, and its children.
async fn opens(world: &World, account: AccountId, section: Uuid, requirement: Uuid) -> Result<(Room, Vec<Child>), Problem> {
    let actor = world.actor(account).await;
    let mut tx = world.read().await;
    let room = class::room(&mut tx, &actor, &world.district, section, requirement).await?;
    let children = class::children(&mut tx, &actor, &world.district, &room).await?;
    assert_eq!(children.len(), usize::try_from(room.asked).unwrap());
    Ok((room, children))
}

async fn names(world: &World, p: &Pine) -> Vec<String> {
    let (_, children) = opens(world, p.account, p.section, p.requirement).await.unwrap();
    children.into_iter().map(|c| format!("{} {}", c.given, c.family)).collect()
}

async fn closed(world: &World, account: AccountId, p: &Pine) -> bool {
    matches!(opens(world, account, p.section, p.requirement).await, Err(Problem::NotFound))
}

const TEACHER: &str = "UPDATE enrollment SET ended = $2 WHERE section_id = $1 AND role = 'teacher'";

async fn change(world: &World, sql: &'static str, section: SectionId, date: &str) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query(sql).bind(section).bind(day(date)).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

story!(a_class_is_taken_by_its_teacher_or_the_school_s_leader_and_by_nobody_else, |world| {
    let p = settle(world).await;
    let tom = world.teacher(&p.school, "Tom Tutor").await;
    let other = world.student(&p.school, "Olga Stone", "01").await;
    let toms = uid_of(world, world.section(&p.school, "Homeroom 1B", &tom, &[&other]).await).await;
    world.follow(&[&other]).await;
    let cedar = world.school("Cedar Elementary").await;
    let leader = world.account(&world.school_leader(&p.school, "Lea Leader").await).await;
    let stranger = world.account(&world.school_leader(&cedar, "Lou Lead").await).await;
    let guardian = world.account(&world.guardian("Gia Frost", &[&p.children[1]]).await).await;
    let child = world.account(&p.children[0]).await;
    let tom = world.account(&tom).await;
    // A board member who teaches here keeps what a teacher has; the board alone has nothing.
    let both = world.teacher(&p.school, "Bo Both").await;
    let duo = uid_of(world, world.section(&p.school, "Music", &both, &[&p.children[2]]).await).await;
    let both = world.account_with(&both, Role::BoardMember).await;

    for account in [p.account, leader] {
        assert_eq!(opens(world, account, p.section, p.requirement).await.unwrap().1.len(), 5);
    }
    assert!(opens(world, leader, toms, p.requirement).await.is_ok() && opens(world, tom, toms, p.requirement).await.is_ok());
    assert_eq!(opens(world, both, duo, p.requirement).await.unwrap().1.len(), 1);
    assert!(matches!(opens(world, p.account, toms, p.requirement).await, Err(Problem::NotFound)));
    for (who, account) in
        [("Tom", tom), ("another leader", stranger), ("guardian", guardian), ("child", child), ("teacher of the board", both)]
    {
        assert!(closed(world, account, &p).await, "{who}");
    }
    for role in [Role::Director, Role::Auditor, Role::BoardMember, Role::Author] {
        let account = world.granted(&format!("Some {}", role.name()), role).await;
        assert!(closed(world, account, &p).await, "{role:?}");
    }

    // Teaching has its days.
    change(world, TEACHER, p.section_id, "2026-08-18").await;
    assert!(!closed(world, p.account, &p).await, "the last day is today");
    change(world, TEACHER, p.section_id, "2026-08-17").await;
    assert!(closed(world, p.account, &p).await);
    change(world, TEACHER, p.section_id, "2030-01-01").await;
    change(world, "UPDATE enrollment SET began = $2 WHERE section_id = $1 AND role = 'teacher'", p.section_id, "2026-09-01").await;
    assert!(closed(world, p.account, &p).await, "not yet");
    world.go_to("2026-09-01");
    assert!(!closed(world, p.account, &p).await);
    world.leaves(&p.rosa).await;
    assert!(!closed(world, leader, &p).await, "who stands in isn't Rosa");
});

story!(only_the_youngest_and_only_what_is_asked_of_themselves, |world| {
    let p = settle(world).await;
    let fifth = world.student(&p.school, "Fay Fifth", "05").await;
    let gone = world.student(&p.school, "Gus Gone", "01").await;
    let mut tx = world.write().await;
    for person in [&fifth, &gone] {
        on!(tx, |c| sqlx::query("INSERT INTO enrollment (section_id, person_id, role) VALUES ($1, $2, 'student')")
            .bind(p.section_id)
            .bind(person.id)
            .execute(c)
            .await
            .map(drop))
        .unwrap();
    }
    tx.commit().await.unwrap();
    world.follow(&[&fifth, &gone]).await;
    world.leaves(&gone).await;
    closes(world, p.requirement, &p.children[4], &p.children[4], Closing::Exempt("speaks with the counselor".into())).await;
    assert_eq!(names(world, &p).await, ["Ana Diaz", "Ana Frost", "Ben Cole", "Mia Hall"]);

    // What guardians answer, and a form that asks several things, is no matter of a class.
    let mut tx = world.write().await;
    let form = policies::take(&mut tx, &world.operator(), "family-agreement").await.unwrap();
    fill(&mut tx, world, &form).await;
    let form = published(&mut tx, world, &form, "2026-08-17").await;
    tx.commit().await.unwrap();
    world.guardian("Gia Frost", &[&p.children[1]]).await;
    let families = issued(world, NewRequirement { answers_as: AnswersAs::Guardian, ..of_all(&p.version) }).await;
    let several = issued(world, of_all(&form)).await;
    for requirement in [families, several] {
        assert!(matches!(opens(world, p.account, p.section, requirement).await, Err(Problem::NotFound)));
    }
    let rosa = world.actor(p.account).await;
    let mut tx = world.read().await;
    let rooms = class::rooms(&mut tx, &rosa, &world.district).await.unwrap();
    assert_eq!(rooms.iter().map(|r| (r.requirement, r.open)).collect::<Vec<_>>(), [(p.requirement, 4)]);
    drop(tx);

    // Up to which grade, the district says: the director does, and it is on record.
    let director = world.actor(world.granted("Dora Director", Role::Director).await).await;
    let mut tx = world.write().await;
    assert!(matches!(class::set_through(&mut tx, &rosa, "05").await, Err(Problem::NotFound)));
    assert!(matches!(class::set_through(&mut tx, &director, "5").await, Err(Problem::Invalid(_))));
    class::set_through(&mut tx, &director, "05").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(world, &p).await, ["Ana Diaz", "Ana Frost", "Ben Cole", "Fay Fifth", "Mia Hall"]);
    let mut tx = world.write().await;
    class::set_through(&mut tx, &director, "").await.unwrap();
    tx.commit().await.unwrap();
    assert!(closed(world, p.account, &p).await);
    let mut tx = world.read().await;
    let set: Vec<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT detail FROM audit_entry WHERE action = 'class.grades_set' ORDER BY id").fetch_all(c).await)
            .unwrap();
    assert!(set.len() == 2 && set[0].contains("05"), "{set:?}");
});

/// Signed in as Rosa, who hands the device over.
async fn begun(world: &World, p: &Pine, language: &str) -> Client {
    let client = world.client().await;
    assert_eq!(client.sign_in("rosa", PASSWORD).await.status, 303);
    let reply = client.post(&format!("{}/beginning", p.path()), &[("language", language)]).await;
    assert_eq!((reply.status, reply.location()), (303, "/class/read/1"), "{}", reply.body);
    client
}

/// What stands on the way to an answer: the child's page, the question whether it is right, and the hash of the text.
async fn says(client: &Client, child: &str, says: &str) -> String {
    let asked = client.get(&format!("{child}?says={says}&again=true")).await;
    assert_eq!(asked.status, 200);
    let hash = asked.body.split("name=\"text_hash\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let reply = client.post(child, &[("says", says), ("text_hash", &hash)]).await;
    assert_eq!((reply.status, reply.location()), (303, "/class"), "{}", reply.body);
    hash
}

async fn records(world: &World) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM acknowledgment").fetch_one(c).await).unwrap()
}

async fn newest(world: &World, actor: &Actor) -> acknowledgments::Record {
    let mut tx = world.read().await;
    let uid: Uuid = on!(tx, |c| sqlx::query_scalar("SELECT uid FROM acknowledgment ORDER BY id DESC LIMIT 1").fetch_one(c).await).unwrap();
    acknowledgments::receipt(&mut tx, actor, uid).await.unwrap()
}

story!(a_class_reads_and_answers_and_the_records_say_who_stood_by, |world| {
    let p = settle(world).await;
    let client = world.client().await;
    client.sign_in("rosa", PASSWORD).await;
    let first = client.get("/").await;
    for words in ["Read it with your class", "5 children still to answer", "Homeroom 1A", &p.path()] {
        assert!(first.body.contains(words), "{words}: {}", first.body);
    }
    assert!(client.get("/classes").await.body.contains("Homeroom 1A"));
    let start = client.get(&p.path()).await;
    assert!(start.body.contains("0 of 5 have answered") && start.body.contains("Not yet"), "{}", start.body);
    // In no language that there isn't.
    assert_eq!(client.post(&format!("{}/beginning", p.path()), &[("language", "vi")]).await.status, 422);

    // The text: title and summary, each clause, the words that are answered.
    let client = begun(world, &p, "en").await;
    let one = client.get("/class/read/1").await;
    assert!(one.body.contains("This is how we use screens at school.") && one.body.contains("Part 1 of 17"), "{}", one.body);
    assert!(client.get("/class/read/3").await.body.contains("I hold it with two hands."));
    let last = client.get("/class/read/17").await;
    assert!(last.body.contains("I promise to do my best.") && last.body.contains("It is okay to say no."), "{}", last.body);
    assert_eq!((client.get("/class/read/18").await.status, client.get("/class/read/0").await.status), (404, 404));

    // The class: two of one name are told apart, nothing leads elsewhere.
    let class = client.get("/class").await.body;
    for words in ["<b>Ana D.</b>", "<b>Ana F.</b>", "<b>Ben</b>", "<b>Mia</b>", "<b>Ken</b>", "0 of 5 have answered"] {
        assert!(class.contains(words), "{words}: {class}");
    }
    for elsewhere in ["<nav", "/sign-out", "href=\"/\"", "/language", "Rosa", "Cole"] {
        assert!(!class.contains(elsewhere), "{elsewhere}: {class}");
    }
    let ben = client.get(&p.child(2)).await.body;
    assert!(ben.contains("Hello Ben") && ben.contains("Did you hear the rules? Will you keep them?"), "{ben}");
    assert!(client.get(&format!("{}?says=yes", p.child(2))).await.body.contains("Ben, you say yes."));
    says(&client, &p.child(2), "yes").await;
    let class = client.get("/class").await.body;
    assert!(class.contains("Thank you. Who is next?") && class.contains("1 of 5 have answered"), "{class}");
    let after_yes = class.split("<b>Ben</b>").nth(1).unwrap().split("</li>").next().unwrap().to_owned();
    let rosa = world.actor(p.account).await;
    let record = newest(world, &rosa).await;
    assert_eq!(
        (record.person_name.as_str(), record.capacity.as_str(), record.authenticated.as_str(), record.answer.as_str()),
        ("Ben Cole", "self", "witnessed", "agreed")
    );
    assert_eq!(
        (record.recorded_by_name.as_deref(), record.statement.as_str()),
        (Some("Rosa Diaz"), "I heard the rules. I promise to do my best.")
    );
    assert_eq!(record.computed_hash().unwrap(), record.hash);

    // No is an answer, and the class sees no difference.
    says(&client, &p.child(3), "no").await;
    let class = client.get("/class").await.body;
    assert!(class.contains("Thank you. Who is next?"));
    assert_eq!(class.split("<b>Mia</b>").nth(1).unwrap().split("</li>").next().unwrap(), after_yes);
    let again = client.get(&p.child(3)).await.body;
    assert!(again.contains("You have answered.") && !again.contains("says=yes"), "{again}");
    for (page, body) in [("class", &class), ("child", &again)] {
        assert!(!body.contains("say no") && !body.contains("said no") && !body.contains("Said no"), "{page}: {body}");
    }

    // Rosa takes the device back: who has answered, who not, who said no.
    let back = client.post("/class/teacher", &[("password", PASSWORD)]).await;
    assert_eq!((back.status, back.location()), (303, p.path().as_str()));
    let start = client.get(&p.path()).await.body;
    for words in
        ["2 of 5 have answered", "Mia said no. That is a real answer", "Said yes", "Said no", "Not yet", "3 children still to answer"]
    {
        assert!(start.contains(words), "{words}: {start}");
    }
    let paper = client.get(&format!("{}/list.pdf", p.path())).await;
    assert_eq!((paper.status, paper.header("content-type")), (200, Some("application/pdf")));
    let receipt_page = client.get(&format!("/receipts/{}", record.uid)).await.body;
    assert!(receipt_page.contains("Answered in class, with Rosa Diaz present"), "{receipt_page}");
    let mut tx = world.read().await;
    let paper = format!("{:?}", receipt::receipt(&mut tx, &world.district, &record, &[], Locale::Es).await.unwrap());
    assert!(paper.contains("Respondió en clase, en presencia de Rosa Diaz"), "{paper}");
    drop(tx);

    // Another day: those who weren't there, in Spanish, and Mia with her teacher.
    world.go_to("2026-08-20");
    let client = begun(world, &p, "es").await;
    let class = client.get("/class").await.body;
    assert!(class.contains("<html lang=\"es\">") && class.contains("Han respondido 2 de 5"), "{class}");
    says(&client, &p.child(4), "yes").await;
    let record = newest(world, &rosa).await;
    assert!(record.language == "es" && record.statement.starts_with("Escuché las reglas."), "{}", record.statement);
    assert!(client.get(&format!("{}?again=true", p.child(3))).await.body.contains("says=yes"));
    says(&client, &p.child(3), "yes").await;
    client.post("/class/teacher", &[("password", PASSWORD)]).await;
    let start = client.get(&p.path()).await.body;
    assert!(start.contains("3 of 5 have answered") && !start.contains("said no. That"), "{start}");
    assert_eq!(records(world).await, 4, "her no stays");

    let mut tx = world.read().await;
    let checked = verify::records(&mut tx).await.unwrap();
    assert!(checked.records == 4 && checked.broken.is_empty(), "{checked:?}");
    assert!(ledger::ledger(&mut tx).await.unwrap().is_empty());
    let trail: Vec<(String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT action, actor_name FROM audit_entry WHERE action LIKE 'class.%' OR action = 'acknowledgment.given' ORDER BY id"
    )
    .fetch_all(c)
    .await)
    .unwrap();
    assert!(trail.iter().all(|(_, name)| name == "Rosa Diaz"), "{trail:?}");
    let actions: Vec<&str> = trail.iter().map(|(action, _)| action.as_str()).collect();
    let given = "acknowledgment.given";
    assert_eq!(actions, ["class.begun", given, given, "class.left", "class.begun", given, given, "class.left"]);
});

story!(a_device_in_children_s_hands_opens_the_class_and_nothing_else, |world| {
    let p = settle(world).await;
    let client = world.client().await;
    client.sign_in("rosa", PASSWORD).await;
    let full = client.cookie(SESSION_COOKIE).unwrap();
    client.post(&format!("{}/beginning", p.path()), &[("language", "en")]).await;
    let restricted = client.cookie(SESSION_COOKIE).unwrap();
    assert_ne!(full, restricted);

    // Every route there is, whatever it would give to a visitor or to Rosa.
    let mut tried = 0;
    for (method, uri) in client.routes() {
        let path: String =
            uri.split('?').next().unwrap().split('/').map(|s| if s.starts_with('<') { "1" } else { s }).collect::<Vec<_>>().join("/");
        if path.starts_with("/assets/") || path == "/refused" || path == "/class" || path.starts_with("/class/") {
            continue;
        }
        let reply =
            if method == "GET" { client.get(&path).await } else { client.post(&path, &[("login", "rosa"), ("password", PASSWORD)]).await };
        // A path whose parts don't fit its route isn't found, or can't be read.
        let kept = (reply.status == 303 && reply.location() == "/class") || reply.status == 404 || reply.status == 422;
        assert!(kept, "{method} {path}: {} {}", reply.status, reply.location());
        assert!(!reply.body.contains("Rosa") && !reply.body.contains("href=\"/\""), "{method} {path}: {}", reply.body);
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
    // An answer is looked up together with whoever sends it.
    let anybody = format!("/tasks/{0}/{0}/answer", world.read().await.uid());
    for form in [&[][..], &[("text_hash", "x"), ("language", "en"), ("agrees", "yes")][..]] {
        let reply = client.post(&anybody, form).await;
        assert_eq!((reply.status, reply.location()), (303, "/class"), "{}", reply.body);
    }
    assert_eq!(client.cookie(SESSION_COOKIE).unwrap(), restricted);
    for path in ["/", "/policies", "/sign-in", "/classes", &p.path(), &format!("/roster/people/{}", p.children[0].uid)] {
        assert_eq!(client.get(path).await.location(), "/class", "{path}");
    }
    // Nor another class, nor a child of one.
    let tom = world.teacher(&p.school, "Tom Tutor").await;
    let other = world.student(&p.school, "Olga Stone", "01").await;
    world.section(&p.school, "Homeroom 1B", &tom, &[&other]).await;
    world.follow(&[&other]).await;
    let olga = format!("/class/children/{}", other.uid);
    assert_eq!(client.get(&olga).await.status, 404);
    assert_eq!(client.post(&olga, &[("says", "yes"), ("text_hash", "x")]).await.status, 404);
    // The session that Rosa had is over; only her password brings one back, and the restricted one is over then.
    client.set_cookie(SESSION_COOKIE, &full);
    assert!(client.get("/").await.location().starts_with("/sign-in"));
    client.set_cookie(SESSION_COOKIE, &restricted);
    let wrong = client.post("/class/teacher", &[("password", "seven loud otters")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("This is not your password.") && !wrong.body.contains("loud"), "{}", wrong.body);
    let right = client.post("/class/teacher", &[("password", PASSWORD)]).await;
    assert_eq!(right.location(), p.path());
    let fresh = client.cookie(SESSION_COOKIE).unwrap();
    assert!(fresh != full && fresh != restricted);
    assert_eq!(client.get("/").await.status, 200);
    assert_eq!(client.get("/class").await.status, 404, "class mode is over");
    client.set_cookie(SESSION_COOKIE, &restricted);
    assert!(client.get("/class").await.location().starts_with("/sign-in"));

    // Guessing is slowed as at the front door; ending it needs no password and signs nobody in.
    let client = begun(world, &p, "en").await;
    for _ in 0..10 {
        client.post("/class/teacher", &[("password", "a guess at it")]).await;
    }
    let late = client.post("/class/teacher", &[("password", PASSWORD)]).await;
    assert!(late.status == 422 && late.body.contains("There were too many tries."), "{}", late.body);
    let end = client.post("/class/end", &[]).await;
    assert_eq!((end.location(), client.cookie(SESSION_COOKIE)), ("/sign-in", None));

    // A lesson has its end; and whoever teaches no more has no class, even in the middle of it.
    world.clock.set(world.clock.now().plus_seconds(900));
    let client = begun(world, &p, "en").await;
    world.clock.set(world.clock.now().plus_seconds(3600));
    assert_eq!(client.get("/class").await.status, 200);
    change(world, TEACHER, p.section_id, "2026-08-17").await;
    let lost = client.get("/class").await;
    assert!(lost.status == 404 && lost.body.contains("Back to the class") && !lost.body.contains("href=\"/policies\""), "{}", lost.body);
    change(world, TEACHER, p.section_id, "2030-01-01").await;
    world.clock.set(world.clock.now().plus_seconds(3600));
    let over = client.get("/class").await;
    assert_eq!(over.location(), "/sign-in?next=%2Fclasses");
});

story!(a_child_who_taps_twice_has_answered_once, |world| {
    let p = settle(world).await;
    let client = begun(world, &p, "en").await;
    let hash = says(&client, &p.child(0), "yes").await;
    let child = p.child(1);
    let fields = [("says", "yes"), ("text_hash", hash.as_str())];
    for reply in futures_util::future::join_all((0..8).map(|_| client.post(&child, &fields))).await {
        assert_eq!((reply.status, reply.location()), (303, "/class"), "{}", reply.body);
    }
    assert_eq!(records(world).await, 2);
    // A text that was changed meanwhile isn't answered, nor is a third word taken.
    assert_eq!(client.post(&p.child(2), &[("says", "yes"), ("text_hash", "another")]).await.status, 409);
    assert_eq!(client.post(&p.child(2), &[("says", "maybe"), ("text_hash", &hash)]).await.status, 422);
    assert_eq!(records(world).await, 2);
});

story!(a_child_with_two_records_is_one_child_of_the_class, |world| {
    let p = settle(world).await;
    let twin = world.student(&p.school, "Benjamin Cole", "01").await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("INSERT INTO enrollment (section_id, person_id, role) VALUES ($1, $2, 'student')")
        .bind(p.section_id)
        .bind(twin.id)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    let changes =
        assent::roster::people::merge(&mut tx, &world.operator(), &world.district, p.children[2].uid, twin.uid, true).await.unwrap();
    let cause = assent::obligations::Cause::of(assent::obligations::CauseKind::Merge, "");
    assent::obligations::follow(&mut tx, &world.operator(), &world.district, changes, cause).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(world, &p).await, ["Ana Diaz", "Ana Frost", "Ben Cole", "Ken Park", "Mia Hall"]);
    let client = begun(world, &p, "en").await;
    says(&client, &p.child(2), "yes").await;
    assert!(client.get("/class").await.body.contains("1 of 5 have answered"));
});

story!(the_director_says_up_to_which_grade_on_a_page, |world| {
    let p = settle(world).await;
    let director = world.granted("Dora Director", Role::Director).await;
    let client = world.client().await;
    client.sign_in_as(world, director).await;
    assert!(client.get("/requirements").await.body.contains("/classes/grades"));
    let page = client.get("/classes/grades").await.body;
    assert!(page.contains("<option value=\"02\" selected>Grade 2</option>"), "{page}");
    assert_eq!(client.post("/classes/grades", &[("grade", "KG")]).await.location(), "/classes/grades");
    assert!(client.get("/classes/grades").await.body.contains("<option value=\"KG\" selected>"));
    assert_eq!(names(world, &p).await, ["Ken Park"]);
    assert_eq!(client.post("/classes/grades", &[("grade", "Q")]).await.status, 422);

    // And an operator at the command line.
    let run = |words: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_assent")).args(["--database", &world.url, "class-mode"]).args(words).output().unwrap();
        (ran.status.code(), String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap())
    };
    assert_eq!(run(&[]), (Some(0), "Children up to grade KG may answer in class, with their teacher standing by.\n".to_owned()));
    assert_eq!(run(&["--through", "none"]), (Some(0), "No child answers in class.\n".to_owned()));
    assert!(closed(world, p.account, &p).await);
    let (status, words) = run(&["--through", "K"]);
    assert!(status == Some(1) && words.contains("choose one of PK, KG, 01"), "{words}");
});
