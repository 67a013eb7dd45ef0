//! The receipt as its holder has it: the page, the files, and the program that checks them without us.

use std::path::Path;
use std::process::Command;

use assent::acknowledgments::log;
use assent::kernel::AccountId;

use super::{Given, given, many};
use crate::world::World;
use crate::world::client::{Client, Reply};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/check-receipt");

/// What the program says, and its status; `None` without Python.
fn check(folder: &Path, arguments: &[&str]) -> Option<(i32, String)> {
    let Ok(done) = Command::new("python3").arg(PROGRAM).args(arguments).current_dir(folder).output() else {
        eprintln!("left out: python3 is not installed");
        return None;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    Some((done.status.code().unwrap_or(-1), said))
}

async fn signed_in(world: &World, account: AccountId) -> Client {
    let client = world.client().await;
    client.sign_in_as(world, account).await;
    client
}

/// Mary's account: she has one since she answered.
async fn marys(world: &World) -> AccountId {
    let mut tx = world.read().await;
    assent::on!(tx, |c| sqlx::query_scalar("SELECT id FROM account WHERE name = 'Mary Archer'").fetch_one(c).await).unwrap()
}

#[track_caller]
fn attached(reply: &Reply, name: &str) {
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("content-disposition"), Some(format!("attachment; filename=\"{name}\"").as_str()));
}

story!(a_receipt_says_where_it_stands_and_is_checked_without_us, |world| {
    let Given { agreed, mut records, mary } = given(world).await;
    let account = marys(world).await;
    let client = signed_in(world, account).await;
    let at = format!("/receipts/{}", agreed.uid);
    let page = client.get(&at).await.body;
    assert!(page.contains("Not sealed yet") && page.contains("number 1 in the district") && !page.contains("receipt.json"), "{page}");
    let early = client.get(&format!("{at}/receipt.json")).await;
    assert!(early.status == 409 && early.body.contains("sealed within seconds"), "{} {}", early.status, early.body);
    assert_eq!(client.get(&format!("{at}/receipt.pdf")).await.status, 200);

    world.seal().await;
    let page = client.get(&at).await.body;
    for words in ["Sealed", "This answer is number 1 in the district", "How a receipt is checked", "receipt.json", "text.json"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let receipt = client.get(&format!("{at}/receipt.json")).await;
    attached(&receipt, &format!("receipt-{}.json", agreed.uid));
    let text = client.get(&format!("{at}/text.json")).await;
    attached(&text, &format!("text-{}.json", agreed.uid));
    let key = client.get("/log/key").await.body.trim().to_owned();

    let mut more = Given { agreed: agreed.clone(), records: std::mem::take(&mut records), mary };
    many(world, &mut more, 300).await;
    world.seal().await;
    let since = client.get("/log/since/4").await;
    assert_eq!(since.status, 200);
    let later = client.get(&format!("{at}/receipt.json")).await.body;
    assert_ne!(later, receipt.body, "against the newest checkpoint");

    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (name, body) in [("receipt.json", &receipt.body), ("text.json", &text.body), ("since.txt", &since.body), ("later.json", &later)] {
        std::fs::write(folder.join(name), body).unwrap();
    }
    std::fs::write(folder.join("key"), format!("{key}\n")).unwrap();
    let whole = ["receipt.json", "--key", "key", "--text", "text.json", "--later", "since.txt"];
    let Some((status, said)) = check(folder, &whole) else { return };
    assert_eq!(status, 0, "{said}");
    for words in ["It holds.", "answer number 1 of them", "of 304 answers, still begins", "Answer: agreed", "the one that was answered"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let (status, said) = check(folder, &["later.json", "--key", &key]).unwrap();
    assert!(status == 0 && said.contains("at 304 answers"), "{said}");
    let (status, said) = check(folder, &["receipt.json"]).unwrap();
    assert!(status == 0 && said.contains("Compare it") && said.contains(&key), "{said}");

    // What doesn't fit is said.
    let other = log::SecretKey::new(key.split('+').next().unwrap(), [7; 32]).public().to_string();
    let (status, said) = check(folder, &["receipt.json", "--key", &other]).unwrap();
    assert!(status == 1 && said.contains("isn't signed by the key that you gave"), "{said}");
    std::fs::write(folder.join("text.json"), text.body.replacen('e', "a", 1)).unwrap();
    let (status, said) = check(folder, &whole).unwrap();
    assert!(status == 1 && said.contains("isn't the text that was answered"), "{said}");
    std::fs::write(folder.join("since.txt"), since.body.replace("old 4", "old 3")).unwrap();
    let (status, said) = check(folder, &["receipt.json", "--later", "since.txt"]).unwrap();
    assert!(status == 1 && said.contains("/log/since/4"), "{said}");
    std::fs::write(folder.join("receipt.json"), receipt.body.replace("agreed", "argued")).unwrap();
    let (status, said) = check(folder, &["receipt.json"]).unwrap();
    assert!(status == 1 && said.contains("doesn't stand in what was signed"), "{said}");
    let (status, said) = check(folder, &["absent.json"]).unwrap();
    assert!(status == 2 && said.contains("can't be checked"), "{said}");
});

story!(no_byte_of_a_receipt_can_be_changed_unseen, |world| {
    let mut given = given(world).await;
    many(world, &mut given, 9).await;
    world.seal().await;
    let client = signed_in(world, marys(world).await).await;
    let receipt = client.get(&format!("/receipts/{}/receipt.json", given.agreed.uid)).await.body;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receipt.json");
    std::fs::write(&file, receipt).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/independent/every_byte.py");
    let Ok(done) = Command::new("python3").args([script, PROGRAM]).arg(&file).output() else {
        eprintln!("left out: python3 is not installed");
        return;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success() && said.contains("changes, each found"), "{said}");
});

story!(the_pdf_carries_the_receipt_inside, |world| {
    let given = given(world).await;
    world.seal().await;
    let mut tx = world.read().await;
    let proof = log::prove(&mut tx, 0, &given.agreed.hash).await.unwrap().unwrap();
    let inside = proof.receipt(&given.agreed.canonical().unwrap()).unwrap();
    let document =
        assent::reports::receipt::receipt(&mut tx, &world.district, &given.agreed, &[], assent::kernel::Locale::En).await.unwrap();
    drop(tx);
    let told = format!("{document:?}");
    assert!(told.contains("Index in the log") && told.contains("check-receipt"), "{told}");
    let attachment = assent::reports::pdf::Attachment {
        name: "receipt.json".into(),
        kind: "application/json",
        about: "Receipt for a checking program".into(),
        bytes: inside.clone().into_bytes(),
    };
    let bytes = assent::reports::pdf::render_with(&document, Some(&attachment)).unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("receipt-with-proof.pdf");
    let own = path.with_file_name(format!("receipt-{}.pdf", assent::kernel::Chance::system().token()));
    std::fs::write(&own, bytes).unwrap();
    let qpdf = |arguments: &[&str]| Command::new("qpdf").args(arguments).arg(&own).output();
    match qpdf(&["--check"]) {
        Err(_) => eprintln!("left out: qpdf is not installed"),
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stdout).into_owned();
            assert!(done.status.success() && said.contains("No syntax or stream encoding errors"), "{said}");
            let taken = qpdf(&["--show-attachment=receipt.json"]).unwrap();
            assert_eq!(String::from_utf8_lossy(&taken.stdout), inside);
        }
    }
    std::fs::rename(own, path).unwrap();
});

story!(a_visitor_reads_about_the_log_in_two_languages, |world| {
    let client = world.client().await;
    let empty = client.get("/log").await;
    assert!(empty.status == 200 && empty.body.contains("Nothing is sealed yet"), "{}", empty.body);
    assert_eq!(client.get("/log/checkpoint").await.status, 404);
    assert_eq!(client.get("/log/key").await.status, 404);
    let mut given = given(world).await;
    many(world, &mut given, 300).await;
    world.seal().await;
    let page = client.get("/log").await.body;
    assert!(page.contains("The log holds 304 sealed answers.") && page.contains("/acknowledgments+"), "{page}");
    client.post("/language", &[("language", "es"), ("next", "/log")]).await;
    client.set_cookie("assent-language", "es");
    let page = client.get("/log").await.body;
    assert!(page.contains("El registro contiene 304 respuestas selladas."), "{page}");
    // Nothing there names anybody.
    for path in ["/log", "/log/checkpoint", "/log/key", "/log/since/9", "/log/tile/0/000", "/log/tile/entries/001.p/48"] {
        let reply = client.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        for name in ["Mary", "Archer", "Harbor", &given.agreed.uid.to_string()] {
            assert!(!reply.body.contains(name), "{path} says {name}");
        }
    }
    for path in ["/log/tile/0/001", "/log/tile/0/001.p/49", "/log/tile/2/000", "/log/tile/0/000.p/0", "/log/since/305"] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
    assert!(client.get("/log/tile/..%2fcheckpoint").await.status >= 400);
    let program = client.get("/log/check-receipt.py").await.body;
    assert_eq!(program, std::fs::read_to_string(PROGRAM).unwrap());
});
