//! The doors: signing in and out, sessions, and what every route does alike. Requests go through the whole server.

use std::io::Write;
use std::sync::{Arc, Mutex};

use assent::identity::{accounts, links};
use assent::kernel::{Locale, Role};
use assent::on;
use assent::web::Listen;
use assent::web::desk::{LANGUAGE_COOKIE, SESSION_COOKIE};

use crate::world::World;
use crate::world::client::{PASSWORD, Reply};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;

/// Whether the answer is the sign-in page's address: nobody is signed in.
fn asks_to_sign_in(reply: &Reply) -> bool {
    reply.status == 303 && reply.location().starts_with("/sign-in?next=")
}

fn later(world: &World, seconds: i64) {
    world.clock.set(world.clock.now().plus_seconds(seconds));
}

async fn count(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

story!(the_right_password_opens_the_task_list_and_a_wrong_one_keeps_the_name, |world| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    assert!(asks_to_sign_in(&client.get("/").await));
    let wrong = client.sign_in("rosa", "seven loud otters").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("There is a problem") && wrong.body.contains("value=\"rosa\""));
    assert!(!wrong.body.contains("seven loud otters"), "a password is never sent back");
    let unknown = client.sign_in("nobody", "seven loud otters").await;
    assert_eq!(unknown.body.replace("nobody", "rosa"), wrong.body, "known and unknown names are answered alike");
    let right = client.sign_in("  ROSA ", PASSWORD).await;
    assert_eq!((right.status, right.location()), (303, "/"));
    assert!(client.get("/").await.body.contains("Hello Rosa"));
});

story!(ten_wrong_tries_slow_one_address_while_the_owner_still_gets_in_from_another, |world| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    let mut client = world.client().await;
    for _ in 0..10 {
        assert!(client.sign_in("rosa", "a guess at it").await.body.contains("go together"));
    }
    let eleventh = client.sign_in("rosa", PASSWORD).await;
    assert_eq!(eleventh.status, 422);
    assert!(eleventh.body.contains("There were too many tries. Wait a minute"));
    assert_eq!(client.cookie(SESSION_COOKIE), None);

    client.come_from("198.51.100.20");
    assert_eq!(client.sign_in("rosa", PASSWORD).await.status, 303);

    client.come_from("203.0.113.7");
    later(world, MINUTE);
    assert_eq!(client.sign_in("rosa", PASSWORD).await.status, 303, "one try a minute comes back");
});

story!(a_session_ends_two_hours_after_its_last_use, |world| {
    let account = world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    later(world, 2 * HOUR - 1);
    assert_eq!(client.get("/").await.status, 200);
    later(world, 2 * HOUR - 1);
    assert_eq!(client.get("/").await.status, 200, "use carries it on");
    later(world, 2 * HOUR);
    assert!(asks_to_sign_in(&client.get("/").await));
});

story!(a_session_ends_twelve_hours_after_it_began_however_much_it_is_used, |world| {
    let account = world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    for hour in 1..12 {
        later(world, HOUR);
        assert_eq!(client.get("/").await.status, 200, "after {hour} hours");
    }
    later(world, HOUR);
    assert!(asks_to_sign_in(&client.get("/").await));
});

story!(signing_out_ends_the_session_itself_not_only_the_cookie, |world| {
    let account = world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    let token = client.cookie(SESSION_COOKIE).unwrap();
    let out = client.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.location()), (303, "/sign-in"));
    assert_eq!(client.cookie(SESSION_COOKIE), None);
    client.set_cookie(SESSION_COOKIE, &token);
    assert!(asks_to_sign_in(&client.get("/").await), "the old token opens nothing");
    assert_eq!(count(world, "SELECT COUNT(*) FROM session").await, 0);
});

story!(each_sign_in_begins_a_session_of_its_own_and_the_database_holds_no_token, |world| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    client.set_cookie(SESSION_COOKIE, "planted-by-somebody-else");
    client.sign_in("rosa", PASSWORD).await;
    let first = client.cookie(SESSION_COOKIE).unwrap();
    client.sign_in("rosa", PASSWORD).await;
    let second = client.cookie(SESSION_COOKIE).unwrap();
    assert!(first.len() >= 32 && first != second && first != "planted-by-somebody-else");
    let mut tx = world.read().await;
    let kept: Vec<String> = on!(tx, |c| sqlx::query_scalar("SELECT token_hash FROM session").fetch_all(c).await).unwrap();
    assert_eq!(kept.len(), 2);
    assert!(!kept.contains(&first) && !kept.contains(&second));
});

story!(a_disabled_account_is_out_at_once, |world| {
    let account = world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    assert_eq!(client.get("/").await.status, 200);
    let mut tx = world.write().await;
    accounts::disable(&mut tx, &world.operator(), "rosa").await.unwrap();
    tx.commit().await.unwrap();
    assert!(asks_to_sign_in(&client.get("/").await));
    assert_eq!(client.sign_in("rosa", PASSWORD).await.status, 422);
});

story!(an_auditor_s_session_ends_with_the_account_s_last_day, |world| {
    let account = world.account_named("audit", "Ann Auditor", &[Role::Auditor]).await;
    let client = world.client().await;
    world.go_to("2027-06-30");
    client.sign_in_as(world, account).await;
    assert_eq!(client.get("/").await.status, 200);
    world.go_to("2027-07-01");
    client.sign_in_as(world, account).await;
    assert!(asks_to_sign_in(&client.get("/").await));
});

story!(a_form_sent_from_another_site_is_refused_and_changes_nothing, |world| {
    let account = world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    let (evil, own) = (("Origin", "https://evil.example"), ("Host", "assent.example"));
    let strange: [&[(&str, &str)]; 6] = [
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "none")],
        &[evil, own],
        &[("Origin", "null"), own],
        &[own],
    ];
    for headers in strange {
        for (path, fields) in [("/sign-out", &[][..]), ("/language", &[("language", "es"), ("next", "/")][..])] {
            let reply = client.post_with(path, fields, headers).await;
            assert_eq!(reply.status, 403, "{path} {headers:?}");
            assert!(reply.body.contains("nothing was changed"));
            assert_eq!(reply.header("set-cookie"), None, "{path} {headers:?}");
        }
    }
    assert_eq!(count(world, "SELECT COUNT(*) FROM session").await, 1);
    assert_eq!(count(world, "SELECT COUNT(*) FROM account WHERE language IS NOT NULL").await, 0);
    assert_eq!(client.get("/").await.status, 200);
    let older = client.post_with("/sign-out", &[], &[("Origin", "https://assent.example"), own]).await;
    assert_eq!(older.status, 303, "an older browser says where it comes from in Origin");
});

story!(every_kind_of_answer_carries_the_security_headers, |world| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    for secure in [false, true] {
        let client = world.client_of(&Listen { secure, ..Listen::locally(world.url.clone(), 0) }).await;
        let answers = [
            (200, client.get("/sign-in").await),
            (303, client.get("/").await),
            (404, client.get("/nowhere").await),
            (404, client.get("/assets/nowhere.css").await),
            (403, client.post_with("/sign-in", &[], &[]).await),
            (422, client.post("/sign-in", &[("login", "rosa")]).await),
            (200, client.get("/assets/look.css").await),
        ];
        for (status, reply) in &answers {
            assert_eq!(reply.status, *status);
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(reply.header(name), Some(value), "{status} {name}");
            }
            let policy = reply.header("content-security-policy").unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
            assert_eq!(reply.header("strict-transport-security").is_some(), secure, "{status}: HSTS over TLS alone");
        }
        for (_, page) in &answers[..3] {
            assert_eq!(page.header("cache-control"), Some("no-store"), "no shared computer keeps a page");
        }
        assert_eq!(answers[6].1.header("cache-control"), Some("public, max-age=3600"));
    }
});

story!(cookies_are_for_our_own_pages_alone, |world| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    for secure in [false, true] {
        let client = world.client_of(&Listen { secure, ..Listen::locally(world.url.clone(), 0) }).await;
        let session = client.sign_in("rosa", PASSWORD).await;
        let language = client.post("/language", &[("language", "es"), ("next", "/")]).await;
        for cookie in [session.cookie(SESSION_COOKIE).unwrap(), language.cookie(LANGUAGE_COOKIE).unwrap()] {
            assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax") && cookie.contains("; Path=/"), "{cookie}");
            assert_eq!(cookie.contains("; Secure"), secure, "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let session = session.cookie(SESSION_COOKIE).unwrap();
        assert!(!session.contains("Max-Age") && !session.contains("Expires"), "it goes with the browser: {session}");
    }
});

story!(signing_in_goes_on_to_our_own_pages_alone, |world| {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    let client = world.client().await;
    let wanted = client.get("/tasks?late=yes").await;
    assert_eq!(wanted.location(), "/sign-in?next=%2Ftasks%3Flate%3Dyes");
    assert!(client.get(wanted.location()).await.body.contains("name=\"next\" value=\"/tasks?late=yes\""));
    for (next, goes_to) in [
        ("/tasks?late=yes", "/tasks?late=yes"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ] {
        let reply = client.post("/sign-in", &[("login", "rosa"), ("password", PASSWORD), ("next", next)]).await;
        assert_eq!((reply.status, reply.location()), (303, goes_to), "{next:?}");
        let reply = client.post("/language", &[("language", "en"), ("next", next)]).await;
        assert_eq!((reply.status, reply.location()), (303, goes_to), "{next:?}");
    }
});

story!(the_language_chosen_before_signing_in_is_spoken, |world| {
    let client = world.client().await;
    client.post("/language", &[("language", Locale::Es.tag()), ("next", "/sign-in")]).await;
    assert!(client.get("/sign-in").await.body.contains("<html lang=\"es\">"));
    assert_eq!(client.post("/language", &[("language", "xx"), ("next", "/")]).await.status, 422);
});

/// A log that can be read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn nothing_secret_is_logged(world: World) {
    world.account_named("rosa", "Rosa Diaz", &[]).await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    // One thread runs the whole story, so that one thread's subscriber hears all of it.
    let heard = tracing::subscriber::set_default(subscriber);
    let client = world.client().await;
    client.sign_in("rosa", "a-planted-wrong-password").await;
    client.sign_in("rosa", PASSWORD).await;
    let token = client.cookie(SESSION_COOKIE).unwrap();
    client.get("/").await;
    client.get("/nowhere").await;
    // A link in a mail, followed by somebody else.
    let gia = world.guardian("Gia Archer", &[]).await;
    let mut tx = world.write().await;
    let link = links::make(&mut tx, &[gia.id]).await.unwrap().remove(&gia.id).unwrap();
    tx.commit().await.unwrap();
    let guest = world.client().await;
    guest.get(&format!("/link/{link}")).await;
    assert_eq!(guest.post(&format!("/link/{link}"), &[]).await.status, 303);
    guest.post(&format!("/link/{link}/again"), &[]).await;
    guest.post_with(&format!("/link/{link}"), &[], &[]).await;
    let by_link = guest.cookie(SESSION_COOKIE).unwrap();
    client.post("/sign-in", &[("login", "rosa"), ("passwort", "a-planted-wrong-password")]).await;
    // With the tables gone every page fails, and says so in the log.
    let mut tx = world.write().await;
    on!(tx, |c| sqlx::query("ALTER TABLE session RENAME TO elsewhere").execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(client.get("/").await.status, 503);
    assert_eq!(guest.get(&format!("/link/{link}")).await.status, 503);
    drop(heard);
    let said = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(said.contains("a request found no desk"), "the log was heard");
    for secret in [PASSWORD, "a-planted-wrong-password", &token, &link, &by_link] {
        assert!(!said.contains(secret), "the log holds {secret:?}");
    }
    drop(client);
    world.close().await;
}

mod the_log_never_holds_a_password_or_a_token {
    use super::*;

    #[tokio::test]
    async fn on_sqlite() {
        nothing_secret_is_logged(World::on_sqlite().await).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        if let Some(world) = World::on_postgres().await {
            nothing_secret_is_logged(world).await;
        }
    }
}
