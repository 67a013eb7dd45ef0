//! The same chain by the command line, as an administrator would script it: the program itself is run, JSON is read from its standard
//! output, and what goes wrong stands on standard error with a status other than 0.

use std::path::Path;
use std::process::Command;

use assent::db::Store;
use assent::kernel::{Clock, Day};
use assent::on;
use serde_json::Value;

use crate::world::Empty;

/// The program, on one database.
struct Assent<'a> {
    url: &'a str,
}

/// What a run left behind.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Assent<'_> {
    fn run(&self, words: &[&str]) -> Ran {
        let ran = Command::new(env!("CARGO_BIN_EXE_assent"))
            // Where the log's key of a PostgreSQL database lies.
            .args(["--data", env!("CARGO_TARGET_TMPDIR"), "--database", self.url])
            .args(words)
            .env_remove("ASSENT_DATABASE")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { status: ran.status.code().unwrap_or(-1), out: text(ran.stdout), err: text(ran.stderr) }
    }

    /// Runs what must succeed, with `--json`.
    #[track_caller]
    fn json(&self, words: &[&str]) -> Value {
        let ran = self.run(&[&["--json"], words].concat());
        assert_eq!(ran.status, 0, "assent {} said: {}", words.join(" "), ran.err);
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("assent {} printed no JSON ({e}): {}", words.join(" "), ran.out))
    }

    /// Runs what must be refused; its words on standard error.
    #[track_caller]
    fn refused(&self, words: &[&str], status: i32) -> String {
        let ran = self.run(words);
        assert_eq!(ran.status, status, "assent {}: {}{}", words.join(" "), ran.out, ran.err);
        assert!(!ran.err.trim().is_empty(), "assent {} failed without a word", words.join(" "));
        ran.err
    }
}

/// Makes `name::on_sqlite` and `name::on_postgres` of a story that begins without a district.
macro_rules! command_story {
    ($name:ident, |$assent:ident, $folder:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[allow(clippy::too_many_lines)] // a story is told in one go
            async fn story($assent: &Assent<'_>, $folder: &Path) $body

            #[tokio::test]
            async fn on_sqlite() {
                let empty = Empty::on_sqlite();
                story(&Assent { url: &empty.url }, empty.folder()).await;
                empty.close().await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(empty) = Empty::on_postgres().await {
                    story(&Assent { url: &empty.url }, empty.folder()).await;
                    empty.close().await;
                }
            }
        }
    };
}

/// Today in Chicago, as the program sees it.
async fn today(assent: &Assent<'_>) -> Day {
    let store = Store::open(assent.url).await.unwrap();
    let mut tx = store.read(&Clock::system()).await.unwrap();
    let district = assent::roster::district::get(&mut tx).await.unwrap();
    let today = district.today(tx.now());
    drop(tx);
    store.close().await;
    today
}

/// Adopts a draft whose blanks are filled: feedback, notice, hearing, vote, publication.
#[track_caller]
fn adopt(a: &Assent<'_>, slug: &str, today: &str, later: &str) {
    a.json(&["policy", "open-feedback", slug, "--until", later]);
    let closed = a.json(&["policy", "close-feedback", slug]);
    assert_eq!(closed["unanswered"], 0);
    a.json(&["policy", "notice", slug, "--posted", "District website", "--from", today, "--text", "The board hears the public."]);
    a.json(&["policy", "meeting", slug, "--on", today, "--place", "Board room", "--agenda", "Item 4", "--hearing"]);
    let adopted = a.json(&["policy", "adopt", slug, "--for", "6", "--against", "1", "--resolution", "2026-41", "--on", today]);
    assert_eq!(adopted["state"], "adopted");
    let published = a.json(&["policy", "publish", slug, "--effective", today]);
    assert_eq!(published["state"], "published");
}

/// Takes a policy and fills every blank that the command names.
#[track_caller]
fn take(a: &Assent<'_>, slug: &str) {
    let taken = a.json(&["policy", "take", slug]);
    let blanks: Vec<String> = taken["blanks"].as_array().unwrap().iter().map(|b| format!("{}=555-0100", b.as_str().unwrap())).collect();
    let mut words = vec!["policy", "fill", slug];
    words.extend(blanks.iter().map(String::as_str));
    assert_eq!(a.json(&words)["blanks"], serde_json::json!([]));
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

command_story!(an_administrator_scripts_the_whole_chain, |a, folder| {
    let said = a.refused(&["policy", "list"], 1);
    assert!(said.contains("assent init"), "{said}");
    assert_eq!(a.json(&["init", "--name", "Cedar Valley ISD"])["district"], "Cedar Valley ISD");
    assert!(a.refused(&["init", "--name", "Another"], 1).starts_with("error: "));
    let day = today(a).await;
    let (today, later, yesterday, tomorrow) = (day.iso(), day.plus(20).iso(), day.plus(-1).iso(), day.plus(1).iso());

    // The roster: looked at, brought in, and the same again changes nothing.
    let zip = folder.join("roster.zip");
    let zip = zip.to_str().unwrap();
    let made = a.json(&["generate-roster", "--people", "300", "--seed", "3", "--guardians", "--out", zip]);
    let looked = a.json(&["roster", "import", zip, "--dry-run"]);
    assert_eq!(looked["dry_run"], true);
    assert_eq!(a.json(&["roster", "people"])["total"], 0);
    let first = a.json(&["roster", "import", zip]);
    assert_eq!((&first["counts"]["users"]["added"], &first["errors"]), (&serde_json::json!(300), &serde_json::json!(0)), "{first}");
    assert_eq!(a.json(&["roster", "people"])["total"], 300);
    assert_eq!(a.json(&["roster", "people", "--role", "student"])["total"], made["students"]);
    let again = a.json(&["roster", "import", zip]);
    for (kind, counts) in again["counts"].as_object().unwrap() {
        for moved in ["added", "changed", "left", "returned", "rejected"] {
            assert_eq!(counts[moved], 0, "{kind} {moved} by the same file");
        }
    }
    assert_eq!(a.json(&["roster", "imports"])["total"], 2);
    let said = a.refused(&["roster", "import", folder.join("absent.zip").to_str().unwrap()], 1);
    assert!(said.contains("absent.zip"), "{said}");

    // Policies: what is missing is named, then the whole way.
    take(a, "internet-safety");
    let said = a.refused(&["policy", "adopt", "internet-safety", "--for", "6", "--against", "1", "--resolution", "x", "--on", &today], 1);
    assert!(said.contains("CIPA-NOTICE") && said.contains("CIPA-HEARING"), "{said}");
    adopt(a, "internet-safety", &today, &later);
    take(a, "responsible-use-6-8");
    adopt(a, "responsible-use-6-8", &today, &later);
    assert!(a.refused(&["policy", "take", "no-such-policy"], 1).contains("no-such-policy"));
    assert!(a.refused(&["policy", "open-feedback", "internet-safety", "--until", "someday"], 2).contains("someday"));

    // A course, and who is asked for what.
    a.json(&["course", "take", "netiquette-6-8"]);
    a.json(&["course", "publish", "netiquette-6-8"]);
    let students = made["students"].as_i64().unwrap();
    let asked =
        a.json(&["require", "add", "--policy", "responsible-use-6-8", "--title", "Agreement", "--role", "student", "--due", &later]);
    assert_eq!(asked["asked"], students);
    let lessons = a.json(&["require", "add", "--course", "netiquette-6-8", "--title", "Lessons", "--role", "all_staff"]);
    assert!(lessons["asked"].as_i64().unwrap() > 0, "{lessons}");
    let said = a.refused(&["require", "add", "--policy", "internet-safety", "--title", "x", "--role", "student"], 1);
    assert!(said.contains("asks for no answer"), "{said}");
    assert_eq!(a.json(&["require", "list"]).as_array().map(Vec::len), Some(2));

    // One student has more time, one is exempt; each with its reason.
    let asked = asked["requirement"].as_str().unwrap();
    let people = a.json(&["roster", "people", "--role", "student"]);
    let [one, other] = [0, 1].map(|n| people["people"][n]["uid"].as_str().unwrap());
    let much_later = Day::parse_iso(&later).unwrap().plus(30).iso();
    let extended = a.json(&["require", "extend", asked, one, "--until", &much_later, "--reason", "was ill"]);
    assert_eq!((&extended["reason"], &extended["granted_by"]), (&"was ill".into(), &"operator".into()));
    assert_eq!(a.json(&["require", "exempt", asked, other, "--reason", "abroad"])["state"], "exempt");
    assert_eq!(a.json(&["require", "ask-after-all", asked, other, "--reason", "is back"])["state"], "open");
    assert!(a.refused(&["require", "extend", asked, one, "--until", &today, "--reason", "x"], 1).contains("Choose a day after"));
    assert!(a.refused(&["require", "exempt", asked, asked, "--reason", "x"], 1).contains("has no duty"));
    assert_eq!(a.json(&["require", "day"])["renewed"], serde_json::json!([]));
    assert_eq!(a.json(&["require", "changes"])["total"], 0);

    // Figures and reports.
    let figures = a.json(&["audit"]);
    assert_eq!(figures["as_of"], today.as_str());
    let all = figures["figures"].as_array().unwrap();
    let agreement = all.iter().find(|f| f["title"] == "Agreement").unwrap();
    assert_eq!((&agreement["asked"], &agreement["done"]), (&serde_json::json!(students), &serde_json::json!(0)));
    assert_eq!(a.json(&["audit", "--as-of", &yesterday])["figures"], serde_json::json!([]));
    assert!(a.refused(&["audit", "--as-of", &tomorrow], 1).contains("has not come yet"));
    let by_school = a.json(&["audit", "--by", "school"]);
    let sum: i64 =
        by_school["figures"].as_array().unwrap().iter().filter(|f| f["title"] == "Agreement").map(|f| f["asked"].as_i64().unwrap()).sum();
    assert_eq!(sum, students);
    let criteria = a.json(&["indicators"]);
    assert!(criteria.as_array().unwrap().iter().any(|c| c["level"].is_number()), "{criteria}");
    for (name, words) in [
        ("audit.pdf", &["report", "audit"][..]),
        ("audit.xlsx", &["report", "audit"]),
        ("audit.csv", &["report", "audit"]),
        ("policy.pdf", &["report", "policy", "internet-safety"]),
        ("standard-5.pdf", &["report", "indicators"]),
    ] {
        let file = folder.join(name);
        a.json(&[words, &["--out", file.to_str().unwrap()]].concat());
        let begins: &[u8] = match name.rsplit_once('.').unwrap().1 {
            "pdf" => b"%PDF-",
            "xlsx" => b"PK",
            _ => "\u{feff}".as_bytes(),
        };
        assert!(bytes(&file).starts_with(begins), "{name}");
    }
    let said = a.refused(&["report", "audit", "--out", folder.join("audit.doc").to_str().unwrap()], 1);
    assert!(said.contains(".pdf, .xlsx, .csv"), "{said}");

    // A material revision: whoever must answer is asked again, as on the page.
    a.json(&["policy", "revise", "responsible-use-6-8", "--material", "--reason", "It says more now"]);
    let vote = ["policy", "adopt", "responsible-use-6-8", "--for", "7", "--against", "0", "--resolution", "2026-42", "--on", &today];
    a.json(&vote);
    let published = a.run(&["policy", "publish", "responsible-use-6-8", "--effective", &today]);
    assert_eq!(published.status, 0, "{}", published.err);
    assert!(published.out.contains(&format!("{students} answers are asked for again")), "{}", published.out);
    let standing: Vec<String> =
        a.json(&["require", "list"]).as_array().unwrap().iter().map(|r| r["state"].as_str().unwrap_or_default().to_owned()).collect();
    assert!(standing.iter().filter(|s| *s == "issued").count() == 2 && standing.iter().any(|s| s == "superseded"), "{standing:?}");

    // What watches over it.
    let checked = a.json(&["verify"]);
    assert_eq!(checked["ledger"], serde_json::json!([]));
    let content = a.json(&["content", "check"]);
    assert_eq!(content["findings"], serde_json::json!([]), "nothing amiss, no text above its reading level");
    assert_eq!((content["policies"].as_array().unwrap().len(), content["courses"].as_array().unwrap().len()), (16, 42));
    let shown = a.run(&["content", "check"]).out;
    for words in ["CIPA-EDU", "netiquette-6-8", "0 errors, 0 hints"] {
        assert!(shown.contains(words), "“{words}” is missing in\n{shown}");
    }
    let copy = folder.join("copy").join("assent.db");
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    if a.url.starts_with("sqlite:") {
        a.json(&["backup", copy.to_str().unwrap()]);
        let copied = format!("sqlite:{}", copy.display());
        assert_eq!(Assent { url: &copied }.json(&["roster", "people"])["total"], 300);
        a.refused(&["backup", copy.to_str().unwrap()], 1);
    } else {
        assert!(a.refused(&["backup", copy.to_str().unwrap()], 1).contains("pg_dump"));
    }
});

command_story!(what_is_held_is_listed_released_or_let_go_by_command, |a, folder| {
    a.json(&["init", "--name", "Cedar Valley ISD"]);
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (whole, half) = (path("whole.zip"), path("half.zip"));
    a.json(&["generate-roster", "--people", "300", "--seed", "3", "--out", &whole]);
    a.json(&["generate-roster", "--people", "150", "--seed", "3", "--out", &half]);
    a.json(&["roster", "import", &whole]);
    assert!(a.run(&["roster", "held"]).out.contains("Nothing is held"));

    let looked = a.json(&["roster", "import", &half, "--dry-run"]);
    assert!(looked["held"].as_str().unwrap().contains("of 300 people would leave"), "{looked}");
    let ran = a.run(&["roster", "import", &half]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("By school"), "{}", ran.out);
    assert!(ran.err.contains("assent roster release"), "{}", ran.err);
    assert_eq!(a.json(&["roster", "people"])["total"], 300);
    let held = a.json(&["roster", "held"]);
    let uid = held[0]["uid"].as_str().unwrap();
    assert!(ran.err.contains(uid), "{}", ran.err);
    let list = a.json(&["roster", "held", uid]);
    assert_eq!((&list["import"]["state"], &list["import"]["origin"]), (&serde_json::json!("held"), &serde_json::json!("command")));
    assert!(list["total"].as_i64() > Some(150) && list["leavers"][0]["name"].is_string(), "{list}");

    let released = a.json(&["roster", "release", uid]);
    assert!(released["counts"]["users"]["left"].as_i64() >= Some(150), "{released}");
    assert_eq!(a.json(&["roster", "people"])["total"], 150);
    assert!(a.refused(&["roster", "release", uid], 1).contains("isn't held"));
    assert!(a.refused(&["roster", "drop", uid], 1).contains("can't be let go"));

    // The other way: let go, and nobody left.
    let quarter = path("quarter.zip");
    a.json(&["generate-roster", "--people", "60", "--seed", "3", "--out", &quarter]);
    a.refused(&["roster", "import", &quarter], 1);
    let held = a.json(&["roster", "held"]);
    a.json(&["roster", "drop", held[0]["uid"].as_str().unwrap()]);
    assert_eq!(a.json(&["roster", "held"]), serde_json::json!([]));
    assert_eq!(a.json(&["roster", "people"])["total"], 150);
    let states: Vec<String> =
        a.json(&["roster", "imports"])["imports"].as_array().unwrap().iter().map(|i| i["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["dropped", "applied", "applied"]);
    assert!(a.refused(&["serve", "--watch-roster", &whole], 1).contains("is no folder"));
});

command_story!(the_demo_is_made_once_and_a_record_that_somebody_changed_is_found, |a, folder| {
    let _ = folder;
    let made = a.run(&["demo", "--no-serve", "--people", "200"]);
    assert_eq!(made.status, 0, "{}", made.err);
    assert!(made.out.contains("Making a district of 200 people") && made.out.contains("director"), "{}", made.out);
    let figures = a.json(&["audit"]);
    assert!(figures["figures"].as_array().unwrap().iter().any(|f| f["done"].as_i64() > Some(0)), "{figures}");
    let again = a.run(&["demo", "--no-serve", "--people", "200"]);
    assert_eq!(again.status, 0, "{}", again.err);
    assert!(again.out.contains("Going on with the district that is there."), "{}", again.out);
    assert_eq!(a.json(&["audit"]), figures);

    let whole = a.json(&["verify"]);
    assert!(whole["acknowledgments"]["records"].as_i64() > Some(0), "{whole}");
    let store = Store::open(a.url).await.unwrap();
    let mut tx = store.write(&Clock::system()).await.unwrap();
    on!(
        tx,
        sqlite "DROP TRIGGER acknowledgment_stays",
        postgres "ALTER TABLE acknowledgment DISABLE TRIGGER acknowledgment_stays",
        |c, sql| sqlx::query(sql).execute(c).await.map(drop)
    )
    .unwrap();
    on!(tx, |c| sqlx::query(
        "UPDATE acknowledgment SET statement = 'I agree to something else' WHERE id = (SELECT MIN(id) FROM acknowledgment)"
    )
    .execute(c)
    .await
    .map(drop))
    .unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let ran = a.run(&["--json", "verify"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.starts_with("error: 1 difference was found"), "{}", ran.err);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["acknowledgments"]["broken"].as_array().map(Vec::len), Some(1), "{found}");
});

command_story!(an_administrator_saves_an_audience_and_sees_what_a_change_would_do, |a, folder| {
    a.json(&["init", "--name", "Cedar Valley ISD"]);
    let said = a.json(&["audience", "list"]);
    assert_eq!(said, serde_json::json!([]));
    let zip = folder.join("roster.zip");
    let zip = zip.to_str().unwrap();
    a.json(&["generate-roster", "--people", "300", "--seed", "3", "--out", zip]);
    a.json(&["roster", "import", zip]);

    // Wrong rules are refused with what is wrong and how to mend it; nothing is saved.
    let said = a.refused(&["audience", "save", "Staff", "--rule", "{\"rol\":[\"teacher\"]}"], 1);
    assert!(said.contains("this is not an audience rule"), "{said}");
    let said = a.refused(&["audience", "preview", "--rule", "{\"role\":[\"king\"]}"], 1);
    assert!(said.contains("there is no role “king”"), "{said}");
    let said = a.refused(&["audience", "retire", "Staff"], 1);
    assert!(said.contains("no saved audience is called “Staff”"), "{said}");

    let seen = a.json(&["audience", "preview", "--rule", "\"all_staff\""]);
    assert_eq!(seen["sentence"], "all staff");
    let staff = seen["reach"]["total"].as_i64().unwrap();
    let teachers = a.json(&["audience", "preview", "--rule", "{\"role\":[\"teacher\"]}"])["reach"]["total"].as_i64().unwrap();
    assert!(0 < teachers && teachers < staff, "{teachers} of {staff}");
    let saved = a.json(&["audience", "save", "Our staff", "--rule", "{\"role\":[\"teacher\"]}"]);
    let uid = saved["audience"].as_str().unwrap();

    // A requirement names it, and follows.
    take(a, "responsible-use-6-8");
    let day = today(a).await;
    adopt(a, "responsible-use-6-8", &day.iso(), &day.plus(20).iso());
    let rule = folder.join("rule.json");
    std::fs::write(&rule, format!("{{\"saved\":\"{uid}\"}}")).unwrap();
    let add =
        ["require", "add", "--policy", "responsible-use-6-8", "--title", "Staff agreement", "--audience-file", rule.to_str().unwrap()];
    assert_eq!(a.json(&add)["asked"], teachers);
    let listed = a.json(&["audience", "list"]);
    assert_eq!((&listed[0]["people"], &listed[0]["used_by"][0]), (&serde_json::json!(teachers), &serde_json::json!("Staff agreement")));
    let shown = a.json(&["audience", "preview", "--rule", "\"all_staff\"", "--saved", "our staff"]);
    assert_eq!(shown["changes"], serde_json::json!([{ "requirement": "Staff agreement", "come": staff - teachers, "go": 0 }]));
    let changed = a.json(&["audience", "save", "Our staff", "--rule", "\"all_staff\""]);
    assert_eq!((&changed["audience"], &changed["asked"]), (&saved["audience"], &serde_json::json!(staff - teachers)));
    assert_eq!(a.json(&["require", "list"])[0]["counts"]["open"], staff);
    a.json(&["audience", "retire", "Our staff"]);
    assert!(a.json(&["audience", "list"])[0]["retired_at"].is_number());
    assert_eq!(a.json(&["verify"])["ledger"], serde_json::json!([]));
});

command_story!(an_operator_takes_the_log_along_and_holds_it_against_what_was_kept, |a, folder| {
    a.json(&["init", "--name", "Cedar Valley ISD"]);
    let key = a.json(&["log", "key"])["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("cedar-valley-isd-"), "{key}");
    assert_eq!(a.json(&["log", "key"])["key"], key.as_str());
    let named = a.json(&["log", "new-key", "--origin", "cedar.example.org/acknowledgments"]);
    let key = named["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("cedar.example.org/acknowledgments+"), "{key}");
    assert!(a.refused(&["log", "new-key", "--origin", "with space"], 1).contains("without spaces"));
    assert!(a.refused(&["log", "checkpoint"], 1).contains("nothing is sealed yet"));
    assert!(a.refused(&["log", "export", folder.join("none").to_str().unwrap()], 1).contains("nothing is sealed yet"));
    assert_eq!(a.json(&["log", "seal"])["sealed"], 0);
    assert_eq!(a.run(&["log", "key"]).out.trim(), key);
});

command_story!(a_demo_is_sealed_and_its_log_is_checked_from_outside, |a, folder| {
    let made = a.run(&["demo", "--no-serve", "--people", "200"]);
    assert_eq!(made.status, 0, "{}", made.err);
    let whole = a.json(&["verify"]);
    let records = whole["acknowledgments"]["records"].as_u64().unwrap();
    assert!(records > 0 && whole["acknowledgments"]["sealed"] == records, "{whole}");
    let key = a.run(&["log", "key"]).out;
    let kept = folder.join("kept");
    std::fs::write(&kept, a.run(&["log", "checkpoint"]).out).unwrap();
    let kept = kept.to_str().unwrap();
    let dir = folder.join("log");
    let files = a.json(&["log", "export", dir.to_str().unwrap()])["files"].as_u64().unwrap();
    assert_eq!(bytes(&dir.join("checkpoint")), bytes(Path::new(kept)));
    assert!(files >= 3 && dir.join("tile/0").is_dir() && dir.join("tile/entries").is_dir());
    assert_eq!(a.json(&["verify", "--key", key.trim(), "--checkpoint", kept])["acknowledgments"]["differ"], 0);
    assert!(a.run(&["log", "since", "1"]).out.starts_with("old 1\n"));
    assert!(a.refused(&["log", "since", "99999999"], 1).contains("isn't sealed"));
    assert!(a.refused(&["verify", "--key", "no key"], 1).contains("isn't a public key"));
    assert!(a.refused(&["verify", "--checkpoint", dir.to_str().unwrap()], 1).contains("can't be read"));

    // Another key: what was signed is still good, and the old one alone knows nothing of what comes.
    let new = a.json(&["log", "new-key"]);
    assert_ne!(new["key"], key.trim());
    assert_eq!(a.json(&["verify", "--checkpoint", kept])["acknowledgments"]["differ"], 0);
    // A server without its key doesn't begin.
    let elsewhere = folder.join("elsewhere");
    let said = a.refused(&["--log-key", elsewhere.to_str().unwrap(), "serve"], 1);
    assert!(said.contains("isn't there") && said.contains(new["key"].as_str().unwrap()), "{said}");
});
