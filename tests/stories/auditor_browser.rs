//! The auditor's work in a real browser, large and small: an account, a sample, the evidence, the tables, a packet, the record of disclosures.

use assent::kernel::Role;

use crate::auditor::{agrees, asked, auditor};
use crate::browser::Browser;

async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("auditor-{name}")).await);
}

browser_story!(an_auditor_is_let_in_draws_a_sample_and_leaves_a_trace, |world, browser| {
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    world.student(&harbor, "Noah Baker", "08").await;
    world.student(&cedar, "Olga Cole", "08").await;
    let (version, requirement) = asked(world).await;
    agrees(world, &version, requirement, &mary).await;
    world.seal().await;
    auditor(world, &[]).await;
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let mut faults = Vec::new();
    browser.sign_in("dora", crate::world::client::PASSWORD).await;
    browser.open_path("/auditors").await;
    browser.shows("Until September 30, 2026").await;
    look(browser, "accounts", &mut faults).await;
    browser.press("Make the account").await;
    browser.shows("Give the auditor’s name.").await;
    look(browser, "account-wrong", &mut faults).await;
    for (path, text) in [
        (format!("/audit/{requirement}/sample"), "Draw a random sample"),
        (format!("/audit/{requirement}/crossed"), "Divided twice"),
        (format!("/audit/{requirement}/compared"), "Compared with last year"),
        (format!("/audit/{requirement}/counted"), "Where these numbers come from"),
        (format!("/audit/{requirement}/people/{0}/{0}/evidence", mary.uid), "Courses taken"),
        ("/packets".into(), "Audit packets"),
    ] {
        browser.open_path(&path).await;
        browser.shows(text).await;
        look(browser, path.rsplit('/').next().unwrap(), &mut faults).await;
    }
    browser.press("Make this packet").await;
    browser.shows("The packet is being made.").await;
    look(browser, "packet", &mut faults).await;
    browser.press("Español").await;
    browser.shows("Paquete de auditoría").await;
    look(browser, "packet-es", &mut faults).await;
    browser.press("English").await;

    browser.open_path(&format!("/audit/{requirement}/sample")).await;
    browser.fill("Seed", "spring").await;
    browser.press("Draw the sample").await;
    browser.shows("The sample is drawn and kept.").await;
    look(browser, "sample-drawn", &mut faults).await;
    browser.press("Sign out").await;

    browser.sign_in("ann0", "correct horse battery").await;
    browser.open_path(&format!("/audit/{requirement}/people/{0}/{0}/evidence", mary.uid)).await;
    browser.shows("Agreed").await;
    browser.press("Sign out").await;
    browser.sign_in("dora", crate::world::client::PASSWORD).await;
    browser.open_path(&format!("/roster/people/{}/disclosures", mary.uid)).await;
    browser.shows("State Auditor’s Office").await;
    look(browser, "disclosures-of", &mut faults).await;
    browser.open_path("/disclosures").await;
    browser.shows("All evidence about one thing that was asked").await;
    look(browser, "disclosures", &mut faults).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
});
