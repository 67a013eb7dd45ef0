//! A director takes the Internet Safety Policy from the library to publication, revises it twice, and downloads the dossier: in a real
//! browser, each new page looked at large and small.

use assent::kernel::Role;
use assent::obligations::requirements::{self, AnswersAs, NewRequirement, Subject, Window};
use assent::policies;
use assent::roster::audience::Rule;

use crate::browser::Browser;
use crate::world::{World, client::PASSWORD, day};

const HERE: &str = "/policies/internet-safety";

async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("policy-{name}")).await);
    browser.resize(1280, 900).await;
}

async fn at(browser: &Browser, path: &str, name: &str, faults: &mut Vec<String>) {
    browser.open_path(path).await;
    look(browser, name, faults).await;
}

/// The board's vote on that version, and its publication today.
async fn voted(browser: &Browser, version: i64, resolution: &str) {
    browser.open_path(&format!("{HERE}/versions/{version}/adoption")).await;
    browser.type_in("#votes_for", "6").await;
    browser.type_in("#resolution", resolution).await;
    browser.set_day("#vote-day", "2026-08-17").await;
    browser.press("Record the adoption").await;
    browser.shows("The vote is recorded").await;
}

/// Everybody who is a student is asked to read the version in force.
async fn required(world: &World) {
    let mut tx = world.write().await;
    let version = policies::version(&mut tx, "internet-safety", Some(1)).await.unwrap();
    let new = NewRequirement {
        title: "Read the Internet Safety Policy".into(),
        subject: Subject::Policy { version: version.id.0, root: version.policy_id.0 },
        answers_as: AnswersAs::Oneself,
        audience: Rule::Role(vec!["student".into()]),
        due: Some(day("2026-09-30")),
        join_days: 14,
        goal: 95,
        minutes: 5,
        window: Window::default(),
    };
    let requirement = requirements::save(&mut tx, &world.operator(), &world.district, new).await.unwrap();
    assert_eq!(requirements::issue(&mut tx, &world.operator(), &world.district, requirement.uid).await.unwrap(), 2);
    tx.commit().await.unwrap();
}

browser_story!(a_stranger_publishes_the_policy_revises_it_twice_and_takes_the_dossier, |world, browser| {
    let school = world.school("Harbor Elementary").await;
    for name in ["Max Young", "Mia Early"] {
        world.student(&school, name, "05").await;
    }
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let folder = tempfile::tempdir().unwrap();
    let proof = folder.path().join("web page.pdf");
    std::fs::write(&proof, b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n").unwrap();
    let mut faults = Vec::new();
    browser.sign_in("dora", PASSWORD).await;

    // From the library to publication, with notice, hearing and vote.
    browser.open_path("/policies/library").await;
    browser.click("form:has(input[value=\"internet-safety\"]) button").await;
    browser.shows("It is a draft now.").await;
    look(browser, "draft", &mut faults).await;
    browser.follow("Fill in the blanks").await;
    for n in 0..browser.words("main form input").await.len() {
        browser.type_in(&format!("#blank-{n}"), "ask 555-0100").await;
    }
    browser.press("Fill them in").await;
    at(browser, &format!("{HERE}/versions/1/head"), "head", &mut faults).await;
    at(browser, &format!("{HERE}/versions/1/whole"), "whole", &mut faults).await;
    at(browser, &format!("{HERE}/versions/1/plain-words"), "plain-words", &mut faults).await;
    at(browser, &format!("{HERE}/versions/1/translations"), "translations", &mut faults).await;
    at(browser, "/policies/import", "import", &mut faults).await;
    browser.open_path(&format!("{HERE}/versions/1/adoption")).await;
    browser.type_in("#posted", "District website and front doors").await;
    browser.set_day("#from_day", "2026-08-10").await;
    browser.type_in("#body", "The board hears the public on the Internet Safety Policy.").await;
    browser.press("Record the notice").await;
    browser.shows("The notice is on record.").await;
    browser.click("details summary").await;
    browser.type_in("input[type=file]", proof.to_str().unwrap()).await;
    browser.press_here("Attach a file as proof").await;
    browser.shows("web page.pdf").await;
    browser.set_day("#meeting-day", "2026-08-16").await;
    browser.type_in("#place", "Board room").await;
    browser.type_in("#agenda", "Item 4").await;
    browser.type_in("#attendance", "Seven members, eleven guests").await;
    browser.type_in("#minutes", "Read, discussed, carried.").await;
    browser.press("Record it").await;
    browser.shows("Public hearing on").await;
    look(browser, "adoption", &mut faults).await;
    voted(browser, 1, "2026-41").await;
    browser.press("Publish").await;
    browser.shows("It is published").await;
    required(world).await;

    // An editorial revision asks nobody.
    browser.open_path(HERE).await;
    browser.shows("would ask for 2 answers again").await;
    browser.click("input[name=material][value=false]").await;
    browser.type_in("#reason", "It reads better").await;
    browser.type_in("#summary", "The same rules in plainer words.").await;
    browser.press("Begin a new version").await;
    browser.shows("The new version is a draft.").await;
    browser.click(".clause a[href*='/clauses/']").await;
    look(browser, "clause", &mut faults).await;
    browser.type_in("#body", " In plainer words.").await;
    browser.press("Save the clause").await;
    browser.shows("The clause is saved.").await;
    voted(browser, 2, "2026-42").await;
    browser.shows("nobody is asked again").await;
    browser.press("Publish").await;
    browser.shows("It is published.").await;

    // A material one asks everybody, and says so before.
    browser.open_path(HERE).await;
    browser.click("input[name=material][value=true]").await;
    browser.type_in("#reason", "A new rule on pictures").await;
    browser.type_in("#summary", "Says when pictures may be shared. Nothing else changes.").await;
    browser.press("Begin a new version").await;
    voted(browser, 3, "2026-43").await;
    browser.shows("would ask for 2 answers again").await;
    look(browser, "before-publishing", &mut faults).await;
    browser.press("Publish").await;
    browser.shows("2 people are asked again").await;

    // The review, any two versions, and the dossier.
    at(browser, &format!("{HERE}/review"), "review", &mut faults).await;
    at(browser, &format!("{HERE}/changes/1/3"), "changes", &mut faults).await;
    at(browser, "/dossier/2026", "dossier", &mut faults).await;
    browser.shows("web page.pdf").await;
    browser.shows("No evidence on file").await;
    for path in ["/dossier/2026/dossier.pdf", "/dossier/2026/dossier.zip", &format!("{HERE}/changes/1/3/changes.pdf")] {
        let status = browser.evaluate(&format!("fetch('{path}').then(r => r.status)")).await;
        assert_eq!(status.as_u64(), Some(200), "{path}");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
});
