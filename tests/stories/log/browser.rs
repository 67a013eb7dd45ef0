//! The receipt and the log's page, in a real browser.

use super::{given, many};
use crate::world::client::PASSWORD;

browser_story!(a_student_sees_that_the_answer_is_sealed_and_how_it_is_checked, |world, browser| {
    let mut given = given(world).await;
    let mut tx = world.write().await;
    assent::identity::accounts::set_password(&mut tx, &world.operator(), "mary.archer", PASSWORD).await.unwrap();
    tx.commit().await.unwrap();
    browser.sign_in("mary.archer", PASSWORD).await;
    let mut faults = Vec::new();
    let at = format!("/receipts/{}", given.agreed.uid);
    browser.open_path(&at).await;
    browser.shows("It will be sealed within seconds").await;
    faults.extend(browser.faults("receipt-unsealed").await);
    many(world, &mut given, 1_234).await;
    world.seal().await;
    browser.resize(1280, 900).await;
    browser.open_path(&at).await;
    browser.shows("This answer is number 1 in the district's log.").await;
    browser.click("details summary").await;
    browser.shows("Root over them").await;
    faults.extend(browser.faults("receipt-sealed").await);
    browser.resize(1280, 900).await;
    browser.follow("How a receipt is checked").await;
    browser.shows("The log holds 1,238 sealed answers.").await;
    faults.extend(browser.faults("log").await);
    browser.resize(1280, 900).await;
    browser.press("Español").await;
    browser.shows("El registro contiene 1,238 respuestas selladas.").await;
    faults.extend(browser.faults("log-es").await);
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});
