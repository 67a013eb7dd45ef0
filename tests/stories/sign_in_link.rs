//! The link in a mail: it works once, for an hour, for one person, and opens only what that person is asked to answer.

use std::collections::HashMap;

use assent::identity::accounts::{self, NewAccount};
use assent::identity::links;
use assent::kernel::{AccountId, PersonId, Role};
use assent::obligations::{NewRequirement, Subject};
use assent::on;
use assent::roster::people;
use assent::training;
use assent::web::desk::SESSION_COOKIE;
use uuid::Uuid;

use crate::family::{Family, assert_evidence_is_whole, family, family_form, holds, records};
use crate::obligations::{for_students, issued};
use crate::policies::{agreement, published};
use crate::world::World;
use crate::world::client::{Client, PASSWORD};
use crate::world::people::Person;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const ENDED: &str = "This link has ended";
const REFUSED: &str = "This link is for answering only";

fn later(world: &World, seconds: i64) {
    world.clock.set(world.clock.now().plus_seconds(seconds));
}

async fn made(world: &World, people: &[&Person]) -> HashMap<PersonId, String> {
    let ids: Vec<PersonId> = people.iter().map(|p| p.id).collect();
    let mut tx = world.write().await;
    let tokens = links::make(&mut tx, &ids).await.unwrap();
    tx.commit().await.unwrap();
    tokens
}

/// The path of a fresh link.
pub async fn link(world: &World, person: &Person) -> String {
    format!("/link/{}", made(world, &[person]).await[&person.id])
}

/// Whoever has followed a fresh link of that person.
async fn by_link(world: &World, person: &Person) -> Client {
    let client = world.client().await;
    let reply = client.post(&link(world, person).await, &[]).await;
    assert_eq!((reply.status, reply.location()), (303, "/tasks"), "{}", reply.body);
    client
}

async fn count(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

/// Id, login and whether it has a password of the accounts of somebody.
async fn accounts_of(world: &World, person: &Person) -> Vec<(AccountId, String, bool)> {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_as("SELECT id, login, password_hash IS NOT NULL FROM account WHERE person_id = $1")
        .bind(person.id)
        .fetch_all(c)
        .await)
    .unwrap()
}

async fn ended(client: &Client, path: &str) {
    for reply in [client.get(path).await, client.post(path, &[]).await] {
        assert!(reply.status == 410 && reply.body.contains(ENDED), "{path}: {} {}", reply.status, reply.body);
        assert_eq!(reply.cookie(SESSION_COOKIE), None);
    }
}

story!(a_link_greets_as_often_as_it_is_opened_and_signs_in_once, |world| {
    let f = family(world).await;
    let path = link(world, &f.gia).await;
    let client = world.client().await;
    for _ in 0..3 {
        let page = client.get(&path).await;
        assert!(page.status == 200 && page.body.contains("Hello Gia") && page.body.contains("Continue to your tasks"), "{}", page.body);
        assert_eq!((page.header("cache-control"), page.header("referrer-policy")), (Some("no-store"), Some("same-origin")));
        // Nothing of the district for whoever only holds a mail, nothing of the family, and the token in the form's address alone.
        for elsewhere in ["<nav", "/policies", "href=\"/\"", "/sign-in", "Archer", "Mary"] {
            assert!(!page.body.contains(elsewhere), "{elsewhere}: {}", page.body);
        }
        assert_eq!(page.body.matches(path.trim_start_matches("/link/")).count(), 1, "{}", page.body);
    }
    assert_eq!(count(world, "SELECT COUNT(*) FROM session").await + count(world, "SELECT COUNT(used_at) FROM sign_in_link").await, 0);

    let reply = client.post(&path, &[]).await;
    assert_eq!((reply.status, reply.location()), (303, "/tasks"));
    let cookie = reply.cookie(SESSION_COOKIE).unwrap();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
    let tasks = client.get("/tasks").await;
    assert!(tasks.body.contains("Hello Gia, 3 things to do") && tasks.body.contains("Mary Archer"), "{}", tasks.body);
    assert!(client.get("/").await.body.contains("Hello Gia, 3 things to do"));

    // Used: for whoever finds the mail later, and for Gia herself, who is led on.
    ended(&world.client().await, &path).await;
    let again = client.get(&path).await;
    assert!(again.status == 410 && again.body.contains("You are signed in here as Gia Archer"), "{}", again.body);
    // A token that never was looks the same.
    let stranger = world.client().await;
    let (used, unknown) = (stranger.get(&path).await, stranger.get("/link/0123456789abcdef0123456789abcdef").await);
    assert_eq!(used.body.replace(&path, "/link/0123456789abcdef0123456789abcdef"), unknown.body);
    for odd in ["/link/x", "/link/%2e%2e", "/link/%3Cscript%3E", "/link/a%20b", "/link/%F0%9F%98%80"] {
        let page = stranger.get(odd).await;
        assert!(page.status == 410 && !page.body.contains("<script>"), "{odd}: {} {}", page.status, page.body);
        assert_eq!(stranger.post(&format!("{odd}/again"), &[]).await.status, 303, "{odd}");
    }

    // The database holds no token, the trail tells who came how.
    let mut tx = world.read().await;
    let kept: Vec<String> = on!(tx, |c| sqlx::query_scalar("SELECT token_hash FROM sign_in_link").fetch_all(c).await).unwrap();
    assert!(kept.len() == 1 && !path.contains(&kept[0]));
    let trail: Vec<(String, String, String)> =
        on!(tx, |c| sqlx::query_as("SELECT actor_name, subject, detail FROM audit_entry WHERE action = 'link.followed'")
            .fetch_all(c)
            .await)
        .unwrap();
    assert_eq!(trail, [("Gia Archer".to_owned(), f.gia.uid.to_string(), "{}".to_owned())]);
});

story!(a_link_and_what_it_began_last_an_hour_each, |world| {
    let f = family(world).await;
    let (path, late) = (link(world, &f.gia).await, link(world, &f.gil).await);
    let client = world.client().await;
    later(world, HOUR - 1);
    assert_eq!(client.post(&path, &[]).await.status, 303, "just in time");
    later(world, 1);
    ended(&world.client().await, &late).await;
    // However much it is used.
    for _ in 0..5 {
        later(world, 11 * MINUTE);
        assert_eq!(client.get("/tasks").await.status, 200);
    }
    later(world, 5 * MINUTE);
    assert_eq!(client.get("/tasks").await.location(), "/sign-in?next=%2Ftasks");
    assert!(client.get("/sign-in").await.body.contains("Did you come by a link in a mail?"));

    // Ended links are known for a while, so that another can be asked for; then they are forgotten.
    assert_eq!(count(world, "SELECT COUNT(*) FROM sign_in_link").await, 2);
    later(world, 91 * 24 * HOUR);
    let fresh = link(world, &f.gil).await;
    assert_eq!(count(world, "SELECT COUNT(*) FROM sign_in_link").await, 1);
    assert_eq!(client.get(&fresh).await.status, 200);
});

story!(a_link_is_for_its_person_whoever_else_sits_there, |world| {
    let f = family(world).await;
    let tokens = made(world, &[&f.gia, &f.gil, &f.gia]).await;
    assert_eq!(tokens.len(), 2, "one for each");
    // Gil uses the telephone on which Gia is signed in: from then on it is Gil's.
    let client = by_link(world, &f.gia).await;
    let gias = client.cookie(SESSION_COOKIE).unwrap();
    let path = format!("/link/{}", tokens[&f.gil.id]);
    let page = client.get(&path).await;
    assert!(page.body.contains("Hello Gil") && !page.body.contains("Gia"), "{}", page.body);
    assert_eq!(client.post(&path, &[]).await.status, 303);
    let tasks = client.get("/tasks").await.body;
    assert!(tasks.contains("Hello Gil, 1 thing to do") && !tasks.contains("Max Archer"), "{tasks}");
    for foreign in [&f.max, &f.nina] {
        assert_eq!(client.get(&format!("/tasks/{}/{}", f.form, foreign.uid)).await.status, 404);
    }
    client.set_cookie(SESSION_COOKIE, &gias);
    assert!(client.get("/tasks").await.location().starts_with("/sign-in"), "hers is over in this browser");

    // Whoever is signed in fully keeps that, and the link is not used up.
    let client = world.client().await;
    client.sign_in_as(world, f.as_gia).await;
    let path = format!("/link/{}", tokens[&f.gia.id]);
    let page = client.get(&path).await.body;
    assert!(page.contains("You are signed in: you don&#39;t need this link.") && page.contains("href=\"/tasks\""), "{page}");
    let full = client.cookie(SESSION_COOKIE);
    assert_eq!((client.post(&path, &[]).await.location(), client.cookie(SESSION_COOKIE)), ("/tasks", full));
    assert!(client.get("/policies").await.status == 200 && world.client().await.get(&path).await.status == 200);
});

/// What opens; everything else there is doesn't.
const OPENS: [&str; 36] = [
    "GET /",
    "GET /tasks",
    "GET /tasks/<requirement>/<about>",
    "GET /tasks/<requirement>/<about>/answer",
    "POST /tasks/<requirement>/<about>/answer",
    "GET /tasks/<requirement>/<about>/course",
    "GET /answers",
    "GET /receipts/<uid>",
    "GET /receipts/<uid>/text",
    "GET /receipts/<uid>/text.json",
    "GET /receipts/<uid>/receipt.json",
    "GET /receipts/<uid>/receipt.pdf",
    "GET /receipts/<uid>/scans/<scan>",
    "GET /receipts/<uid>/take-back",
    "POST /receipts/<uid>/take-back",
    "GET /receipts/<uid>/give",
    "POST /receipts/<uid>/give",
    "GET /receipts/<uid>/same",
    "POST /receipts/<uid>/same",
    "GET /courses/<slug>",
    "POST /courses/<slug>/attempts",
    "GET /attempts/<uid>",
    "GET /attempts/<uid>/lessons/<n>",
    "POST /attempts/<uid>/lessons/<n>",
    "GET /attempts/<uid>/questions/<n>",
    "POST /attempts/<uid>/questions/<n>",
    "GET /attempts/<uid>/result",
    "POST /attempts/<uid>/result",
    "POST /language",
    "POST /sign-out",
    "GET /sign-in",
    "POST /sign-in",
    "GET /link/<token>",
    "POST /link/<token>",
    "GET /link/<token>/again",
    "POST /link/<token>/again",
];

/// Whether a session by a link opens that route.
pub fn opens(method: &str, uri: &str) -> bool {
    let path = uri.split('?').next().unwrap();
    OPENS.contains(&format!("{method} {path}").as_str())
}

story!(every_other_route_is_refused_also_to_a_director_who_came_by_a_link, |world| {
    let f = family(world).await;
    // A teacher with children here, who directs the district's technology.
    let dora = world.teacher(&f.harbor, "Dora Director").await;
    world.section(&f.harbor, "Science", &dora, &[&f.max]).await;
    let account = world.account_with(&dora, Role::Director).await;
    let full = world.client().await;
    full.sign_in_as(world, account).await;
    assert_eq!((full.get("/roster").await.status, full.get("/classes").await.status), (200, 200));

    let client = by_link(world, &dora).await;
    let page = client.get("/").await.body;
    assert!(page.contains("Hello Dora") && page.contains("href=\"/answers\"") && page.contains("/sign-out"), "{page}");
    for elsewhere in ["/policies", "/courses", "/requirements", "/roster", "/audit", "/standard-5", "/classes", "/paper", "/log"] {
        assert!(!page.contains(&format!("\"{elsewhere}")), "{elsewhere}: {page}");
    }
    let (mut refused, mut open) = (0, 0);
    for (method, uri) in client.routes() {
        let path: String =
            uri.split('?').next().unwrap().split('/').map(|s| if s.starts_with('<') { "1" } else { s }).collect::<Vec<_>>().join("/");
        if path.starts_with("/assets/") || path == "/refused" || path == "/sign-out" || path.starts_with("/link/") {
            continue;
        }
        let reply = if method == "GET" { client.get(&path).await } else { client.post(&path, &[("language", "en"), ("next", "/")]).await };
        if opens(&method, &uri) {
            assert_ne!(reply.status, 403, "{method} {path}");
            open += 1;
        } else {
            assert!(reply.status == 403 && reply.body.contains(REFUSED), "{method} {path}: {} {}", reply.status, reply.body);
            let back = if method == "GET" { format!("/sign-in?next={}", path.replace('/', "%2F")) } else { "/sign-in?next=%2F".into() };
            assert!(reply.body.contains(&format!("href=\"{back}\"")), "{method} {path}: {}", reply.body);
            refused += 1;
        }
    }
    assert!(refused > 100 && open > 25, "{refused} {open}");
    // Another site's form is refused for that reason, and an address that isn't there isn't there.
    assert!(client.post_with("/language", &[("language", "es"), ("next", "/")], &[]).await.body.contains("come from a page of this site"));
    assert_eq!(client.get("/nowhere").await.status, 404);
    // No director's reach through a mail's link, wherever she looks.
    let gias = crate::family::answers(world, f.as_gia, &f, &f.max, &[], "").await;
    assert_eq!(full.get(&format!("/receipts/{}", gias.uid)).await.status, 200);
    for tail in ["", "/text", "/text.json", "/receipt.json", "/receipt.pdf", "/take-back", "/same"] {
        assert_eq!(client.get(&format!("/receipts/{}{tail}", gias.uid)).await.status, 404, "{tail}");
    }

    // The way to sign in fully: what came by the link is over then.
    let mut tx = world.write().await;
    accounts::set_password(&mut tx, &world.operator(), "dora.director", PASSWORD).await.unwrap();
    tx.commit().await.unwrap();
    let client = by_link(world, &dora).await;
    let narrow = client.cookie(SESSION_COOKIE).unwrap();
    assert_eq!(client.sign_in("dora.director", "seven loud otters").await.status, 422);
    assert_eq!(client.get("/tasks").await.status, 200, "a wrong password changes nothing");
    let form = [("login", "dora.director"), ("password", PASSWORD), ("next", "/roster")];
    assert_eq!(client.post("/sign-in", &form).await.location(), "/roster");
    assert_eq!(client.get("/roster").await.status, 200);
    client.set_cookie(SESSION_COOKIE, &narrow);
    assert!(client.get("/tasks").await.location().starts_with("/sign-in"));
});

/// Answers the family form on its page: yes to all but these.
async fn answers_on_the_page(client: &Client, f: &Family, child: &Person, no: &str) -> Uuid {
    let path = format!("/tasks/{}/{}", f.form, child.uid);
    assert_eq!(client.get(&path).await.status, 200);
    let page = client.get(&format!("{path}/answer")).await.body;
    let hash = page.split("name=\"text_hash\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut fields = vec![("text_hash", hash), ("language", "en"), ("signed_name", "Gia Archer")];
    let names: Vec<String> = ["account", "tools", "image", "ai"].iter().map(|c| format!("choice[{c}]")).collect();
    for name in &names {
        fields.push((name, if name.contains(no) { "no" } else { "yes" }));
    }
    let reply = client.post(&format!("{path}/answer"), &fields).await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    reply.location().strip_prefix("/receipts/").unwrap().parse().unwrap()
}

story!(a_guardian_answers_for_three_children_takes_one_back_and_has_the_receipts, |world| {
    let f = family(world).await;
    let client = by_link(world, &f.gia).await;
    let receipt = answers_on_the_page(&client, &f, &f.mary, "image").await;
    let page = client.get(&format!("/receipts/{receipt}")).await.body;
    assert!(page.contains("Came by a link that was mailed to the address that the school has"), "{page}");
    assert!(!page.contains("\"/log\"") && page.contains("receipt.pdf"), "{page}");
    world.seal().await;
    for (file, kind) in [("receipt.pdf", "application/pdf"), ("receipt.json", "application/json"), ("text.json", "application/json")] {
        let reply = client.get(&format!("/receipts/{receipt}/{file}")).await;
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{file}");
    }
    assert_eq!(client.get(&format!("/receipts/{receipt}/text")).await.status, 200);

    // The same for the others, from the receipt.
    let same = format!("/receipts/{receipt}/same");
    assert_eq!(client.get(&same).await.status, 200);
    let (max, nina) = (f.max.uid.to_string(), f.nina.uid.to_string());
    let reply = client.post(&same, &[("child", &max), ("child", &nina), ("signed_name", "Gia Archer")]).await;
    assert_eq!(reply.location(), "/answers", "{}", reply.body);
    let list = client.get("/answers").await.body;
    assert!(list.contains("Nina Archer") && !list.contains("\"/policies"), "{list}");

    // Taken back, and it says so itself.
    let back = format!("/receipts/{receipt}/take-back");
    assert_eq!(client.get(&format!("{back}?consent=ai")).await.status, 200);
    assert_eq!(client.post(&back, &[("consent", "ai"), ("reason", "Not yet")]).await.status, 303);
    assert_eq!(holds(world, f.as_gia, &f.mary, "ai").await, Some(false));
    assert_eq!(holds(world, f.as_gia, &f.max, "ai").await, Some(true));
    assert_eq!(records(world).await, 4);
    assert_eq!(count(world, "SELECT COUNT(*) FROM acknowledgment WHERE authenticated = 'link'").await, 4);
    assert_evidence_is_whole(world).await;
    // Whoever signs in with a password is known by that.
    crate::family::answers(world, f.as_gil, &f, &f.mary, &[], "").await;
    assert_eq!(count(world, "SELECT COUNT(*) FROM acknowledgment WHERE authenticated = 'password'").await, 1);

    assert_eq!(client.post("/language", &[("language", "es"), ("next", "/tasks")]).await.location(), "/tasks");
    assert!(client.get("/tasks").await.body.contains("Hola, Gia"));
    let refused = client.get("/policies").await;
    assert!(refused.status == 403 && refused.body.contains("Este enlace es solo para responder"), "{}", refused.body);
    assert_eq!(client.post("/sign-out", &[]).await.location(), "/sign-in");
    assert_eq!(count(world, "SELECT COUNT(*) FROM session").await, 0);
});

story!(a_student_answers_and_takes_the_course_that_is_asked_and_no_other, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "06").await;
    let operator = world.operator();
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    for slug in ["netiquette-6-8", "cyberbullying-6-8"] {
        training::take_from_library(&mut tx, &operator, slug).await.unwrap();
    }
    let course = training::publish(&mut tx, &operator, "netiquette-6-8").await.unwrap().version;
    let other = training::publish(&mut tx, &operator, "cyberbullying-6-8").await.unwrap().version;
    tx.commit().await.unwrap();
    let policy = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let lessons = Subject::Course { version: course.id.0, root: course.course_id.0 };
    let asked = issued(world, NewRequirement { subject: policy, ..for_students() }).await;
    let lessons = issued(world, NewRequirement { title: "Lessons".into(), subject: lessons, ..for_students() }).await;

    let client = by_link(world, &mary).await;
    let path = format!("/tasks/{asked}/{}", mary.uid);
    let page = client.get(&format!("{path}/answer")).await.body;
    let hash = page.split("name=\"text_hash\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let reply = client.post(&format!("{path}/answer"), &[("text_hash", hash), ("language", "en"), ("agrees", "yes")]).await;
    assert!(reply.location().starts_with("/receipts/"), "{}", reply.body);

    let to = client.get(&format!("/tasks/{lessons}/{}/course", mary.uid)).await;
    let page = client.get(to.location()).await;
    assert!(page.status == 200 && !page.body.contains("href=\"/courses\""), "{}", page.body);
    let started = client.post("/courses/netiquette-6-8/attempts", &[("version", &course.uid.to_string())]).await;
    let attempt: Uuid = started.location().strip_prefix("/attempts/").unwrap().parse().unwrap();
    let (account, ..) = accounts_of(world, &mary).await.remove(0);
    let actor = world.actor(account).await;
    let content = training::library::find("netiquette-6-8").unwrap();
    for n in 1..=content.texts["en"].lessons.len() {
        assert_eq!(client.get(&format!("/attempts/{attempt}/lessons/{n}")).await.status, 200);
        assert_eq!(client.post(&format!("/attempts/{attempt}/lessons/{n}"), &[]).await.status, 303);
    }
    for (number, _) in (1..).zip(&content.texts["en"].questions) {
        let question = format!("/attempts/{attempt}/questions/{number}");
        assert_eq!(client.get(&question).await.status, 200);
        let asked = training::question(&mut world.read().await, &actor, attempt, number).await.unwrap();
        let key = content.texts["en"].questions.iter().find(|q| q.id == asked.id).unwrap();
        let right = |text: &str| key.choices.iter().any(|c| c.text == text && c.right);
        let chosen: Vec<String> =
            (1..).zip(&asked.choices).filter(|(_, text)| right(text)).map(|(place, _): (u32, _)| place.to_string()).collect();
        let fields: Vec<(&str, &str)> = chosen.iter().map(|place| ("choice", place.as_str())).collect();
        assert_eq!(client.post(&question, &fields).await.status, 303);
    }
    assert_eq!(client.post(&format!("/attempts/{attempt}/result"), &[]).await.status, 303);
    assert!(client.get(&format!("/attempts/{attempt}/result")).await.body.contains("100%"));
    assert!(client.get("/tasks").await.body.contains("nothing to do"));

    // Another course, also one that was begun otherwise.
    assert_eq!(client.get("/courses/cyberbullying-6-8").await.status, 404);
    assert_eq!(client.post("/courses/cyberbullying-6-8/attempts", &[("version", &other.uid.to_string())]).await.status, 404);
    let mut tx = world.write().await;
    let begun = training::start_or_resume(&mut tx, &actor, mary.id, other.id, "en").await.unwrap().uid;
    tx.commit().await.unwrap();
    for tail in ["", "/lessons/1", "/questions/1", "/result"] {
        assert_eq!(client.get(&format!("/attempts/{begun}{tail}")).await.status, 404, "{tail}");
        assert_eq!(client.post(&format!("/attempts/{begun}{tail}"), &[("choice", "1")]).await.status, 404, "{tail}");
    }
    let full = world.client().await;
    full.sign_in_as(world, account).await;
    assert_eq!(full.get(&format!("/attempts/{begun}/lessons/1")).await.status, 200);
});

async fn named(world: &World, person: &Person, username: Option<&str>, email: Option<&str>) {
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET username = $2, email = $3 WHERE id = $1")
        .bind(person.id)
        .bind(username)
        .bind(email)
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
}

story!(whoever_has_no_account_gets_one_and_signs_in_to_the_same_later, |world| {
    let harbor = world.school("Harbor Middle").await;
    let child = world.student(&harbor, "Mary Archer", "06").await;
    let [gia, ray, noel] = ["Gia Archer", "Ray Archer", "Noel Archer"].map(|name| world.guardian(name, &[]));
    let (gia, ray, noel) = (gia.await, ray.await, noel.await);
    let (_, _) = family_form(world).await;
    named(world, &gia, Some("GIA@Home.example"), Some("work@gia.example")).await;
    // Two who share an address, as households do.
    named(world, &ray, None, Some("gia@home.example")).await;
    named(world, &noel, None, None).await;
    named(world, &child, Some("mary"), None).await;
    for person in [&gia, &ray, &noel, &child] {
        by_link(world, person).await;
    }
    let [of_gia, of_twin, of_noel, of_mary] = [&gia, &ray, &noel, &child].map(|person| accounts_of(world, person));
    let (of_gia, of_twin, of_noel, of_mary) = (of_gia.await, of_twin.await, of_noel.await, of_mary.await);
    assert_eq!(of_gia.iter().map(|(_, login, password)| (login.as_str(), *password)).collect::<Vec<_>>(), [("gia@home.example", false)]);
    assert_eq!(of_mary[0].1, "mary");
    assert!(of_twin.len() == 1 && of_twin[0].1.parse::<Uuid>().is_ok() && of_noel[0].1.parse::<Uuid>().is_ok(), "{of_twin:?} {of_noel:?}");
    // Another mail, the same account.
    by_link(world, &gia).await;
    assert_eq!(accounts_of(world, &gia).await, of_gia);
    // No password opens an account that has none.
    assert_eq!(world.client().await.sign_in("gia@home.example", "").await.status, 422);

    // The office makes her account: it is the one that there is. Ray gets the shared address, which nobody had chosen.
    let new = |login: &str, name: &str, person: &Person| NewAccount {
        login: login.into(),
        name: name.into(),
        person: Some(person.id),
        password: Some(PASSWORD.into()),
        ..NewAccount::default()
    };
    let mut tx = world.write().await;
    let made = accounts::add(&mut tx, &world.operator(), new("gia@home.example", "Gia A. Archer", &gia)).await.unwrap();
    assert_eq!(made, of_gia[0].0);
    let taken = accounts::add(&mut tx, &world.operator(), new("mary", "Ray Archer", &ray)).await.unwrap();
    assert_eq!(taken, of_twin[0].0);
    tx.commit().await.unwrap();
    assert_ne!(accounts_of(world, &child).await[0].1, "mary", "nobody had chosen it");
    let client = world.client().await;
    assert_eq!(client.sign_in("Gia@home.example", PASSWORD).await.status, 303);
    assert!(client.get("/policies").await.body.contains("Gia A. Archer"));
    assert_eq!(accounts_of(world, &gia).await, [(made, "gia@home.example".to_owned(), true)]);
    // And from now on it is one like any other.
    let mut tx = world.write().await;
    assert!(accounts::add(&mut tx, &world.operator(), new("gia", "Gia Archer", &gia)).await.is_err());
    drop(tx);
    let mut tx = world.write().await;
    assert!(accounts::add(&mut tx, &world.operator(), new("gia@home.example", "Noel Archer", &noel)).await.is_err());
    drop(tx);
    by_link(world, &gia).await;
    assert_eq!(count(world, "SELECT COUNT(*) FROM account").await, 4);
});

story!(whoever_has_left_or_whose_account_has_ended_comes_in_by_no_link, |world| {
    let f = family(world).await;
    let ended_everywhere = async |path: &str| {
        let client = world.client().await;
        ended(&client, path).await;
        assert_eq!(client.post(&format!("{path}/again"), &[]).await.status, 303);
        assert_eq!(count(world, "SELECT COUNT(*) FROM sign_in_link_wanted").await, 0);
    };
    let path = link(world, &f.gia).await;
    world.leaves(&f.gia).await;
    ended_everywhere(&path).await;
    world.returns(&f.gia).await;
    assert_eq!(world.client().await.get(&path).await.status, 200);

    // Disabled: the account, its session and its links are over, and they stay so should it work again.
    let client = by_link(world, &f.gia).await;
    let mut tx = world.write().await;
    accounts::disable(&mut tx, &world.operator(), "gia.archer").await.unwrap();
    tx.commit().await.unwrap();
    assert!(client.get("/tasks").await.location().starts_with("/sign-in"));
    ended_everywhere(&path).await;
    let after = link(world, &f.gia).await;
    ended_everywhere(&after).await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE account SET disabled_at = NULL WHERE login = 'gia.archer'").execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    ended(&world.client().await, &path).await;
    assert_eq!(world.client().await.get(&after).await.status, 200);

    // The account's last day is its last.
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE account SET last_day = $1 WHERE login = 'gil.cole'")
        .bind(crate::world::day("2026-08-17"))
        .execute(c)
        .await
        .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.client().await.get(&link(world, &f.gil).await).await.status, 200);
    world.go_to("2026-08-18");
    ended_everywhere(&link(world, &f.gil).await).await;
    assert_eq!(count(world, "SELECT COUNT(*) FROM audit_entry WHERE action = 'link.asked_again'").await, 0);
});

story!(another_link_is_asked_for_once_an_hour_and_handed_on_once, |world| {
    let f = family(world).await;
    let path = link(world, &f.gia).await;
    later(world, 2 * HOUR);
    let client = world.client().await;
    let page = client.get(&path).await.body;
    assert!(page.contains("Send me a new link") && page.contains(&format!("action=\"{path}/again\"")), "{page}");
    let ask = async |path: &str| {
        let reply = client.post(&format!("{path}/again"), &[("language", "en")]).await;
        assert_eq!(reply.location(), format!("{path}/again?language=en"), "{}", reply.body);
        let page = client.get(reply.location()).await;
        assert!(page.status == 200 && page.body.contains("Look in your mail") && !page.body.contains("<nav"), "{}", page.body);
        page.body
    };
    let taken = async || {
        let mut tx = world.write().await;
        let taken = handed_on(&mut tx).await;
        tx.commit().await.unwrap();
        taken
    };
    let asked = ask(&path).await;
    let unknown = ask("/link/0123456789abcdef0123456789abcdef").await;
    assert_eq!(asked, unknown, "the same to the eye");
    assert_eq!(count(world, "SELECT COUNT(*) FROM sign_in_link_wanted").await, 1, "and nothing in the database");
    ask(&path).await;
    assert_eq!(taken().await, [f.gia.id]);
    // Within the hour it changes nothing, also after the mail is on its way; then it does.
    later(world, 59 * MINUTE);
    ask(&path).await;
    assert_eq!(taken().await, []);
    later(world, MINUTE);
    for reply in futures_util::future::join_all((0..8).map(|_| client.post("/link/x/again", &[]))).await {
        assert_eq!(reply.status, 303);
    }
    let again = format!("{path}/again");
    futures_util::future::join_all((0..8).map(|_| client.post(&again, &[]))).await;
    assert_eq!(taken().await, [f.gia.id]);
    assert_eq!(taken().await, []);
    let mut tx = world.read().await;
    let trail: Vec<(Option<i64>, String, String)> =
        on!(tx, |c| sqlx::query_as("SELECT account_id, actor_name, subject FROM audit_entry WHERE action = 'link.asked_again'")
            .fetch_all(c)
            .await)
        .unwrap();
    let holder = (None, "holder of a sign-in link".to_owned(), f.gia.uid.to_string());
    assert_eq!(trail, [holder.clone(), holder]);
});

story!(of_several_who_follow_a_link_at_the_same_moment_one_comes_in, |world| {
    let f = family(world).await;
    let nia = world.guardian("Nia New", &[&f.nina]).await;
    for person in [&f.gia, &nia] {
        let path = link(world, person).await;
        let clients = futures_util::future::join_all((0..8).map(|_| world.client())).await;
        let replies = futures_util::future::join_all(clients.iter().map(|client| client.post(&path, &[]))).await;
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
    }
    assert_eq!(count(world, "SELECT COUNT(*) FROM session").await, 2);

    // Two mails of somebody who has no account yet: two sessions of one account.
    let max = &f.max;
    let paths = [link(world, max).await, link(world, max).await];
    let clients = [world.client().await, world.client().await];
    let replies = futures_util::future::join_all(clients.iter().zip(&paths).map(|(client, path)| client.post(path, &[]))).await;
    assert!(replies.iter().all(|reply| reply.status == 303), "{replies:?}");
    assert_eq!(accounts_of(world, max).await.len(), 1);
});

story!(a_link_for_either_record_of_a_person_leads_to_the_one_that_was_kept, |world| {
    let f = family(world).await;
    let twin = world.guardian("Gia Archer-Cole", &[]).await;
    let before = link(world, &twin).await;
    let mut tx = world.write().await;
    let changes = people::merge(&mut tx, &world.operator(), &world.district, f.gia.uid, twin.uid, true).await.unwrap();
    let cause = assent::obligations::Cause::of(assent::obligations::CauseKind::Merge, "");
    assent::obligations::follow(&mut tx, &world.operator(), &world.district, changes, cause).await.unwrap();
    tx.commit().await.unwrap();
    let client = world.client().await;
    assert!(client.get(&before).await.body.contains("Hello Gia"));
    assert_eq!(client.post(&before, &[]).await.status, 303);
    assert!(client.get("/tasks").await.body.contains("3 things to do"));
    assert_eq!(accounts_of(world, &twin).await, []);
    // Here under one record is here; and another link is the kept one's.
    world.leaves(&f.gia).await;
    client.post(&format!("{before}/again"), &[]).await;
    let mut tx = world.write().await;
    assert_eq!(handed_on(&mut tx).await, [f.gia.id]);
    tx.commit().await.unwrap();
    let (open, closing) = (link(world, &twin).await, link(world, &twin).await);
    by_link(world, &f.gia).await;
    assert_eq!(client.post(&open, &[]).await.status, 303);
    let mut tx = world.write().await;
    accounts::disable(&mut tx, &world.operator(), "gia.archer").await.unwrap();
    tx.commit().await.unwrap();
    ended(&world.client().await, &closing).await;
});

/// To whom another link is to be sent; as if it was.
async fn handed_on(tx: &mut assent::db::Tx) -> Vec<PersonId> {
    on!(tx, |c| sqlx::query_scalar(
        "UPDATE notification SET state = 'mailed' WHERE kind = 'link.wanted' AND state = 'waiting' RETURNING person_id"
    )
    .fetch_all(c)
    .await)
    .unwrap()
}

story!(the_page_speaks_the_language_of_its_person_or_the_one_chosen_there, |world| {
    let f = family(world).await;
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("UPDATE person SET language = 'es' WHERE id = $1").bind(f.gia.id).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    let (path, other) = (link(world, &f.gia).await, link(world, &f.gia).await);
    let client = world.client().await;
    let page = client.get(&path).await.body;
    assert!(page.contains("<html lang=\"es\">") && page.contains("Hola, Gia") && page.contains("Ir a mis tareas"), "{page}");
    assert!(page.contains("href=\"?language=en\""), "{page}");
    client.post(&path, &[]).await;
    assert!(client.get("/tasks").await.body.contains("Hola, Gia"));
    let page = world.client().await.get(&path).await.body;
    assert!(page.contains("<html lang=\"es\">") && page.contains("Este enlace ya no sirve"), "{page}");
    assert!(world.client().await.get(&format!("{path}/again")).await.body.contains("Revise su correo"));

    // What is chosen here is kept.
    let client = world.client().await;
    let page = client.get(&format!("{other}?language=en")).await.body;
    assert!(page.contains("Hello Gia") && page.contains("name=\"language\" value=\"en\""), "{page}");
    assert_eq!(client.post(&other, &[("language", "en")]).await.status, 303);
    assert!(client.get("/tasks").await.body.contains("Hello Gia"));
    assert!(world.client().await.get(&path).await.body.contains(ENDED));
});
