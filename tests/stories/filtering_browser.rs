//! The filter in a browser: a student asks on a small telephone, is refused with a reason, appeals, is granted, and the rule changes.

use assent::kernel::Role;

use crate::browser::Browser;
use crate::class_mode::may_sign_in;
use crate::filtering::with_games;
use crate::world::client::PASSWORD;

async fn look(browser: &Browser, name: &str, faults: &mut Vec<String>) {
    faults.extend(browser.faults(&format!("filter-{name}")).await);
    browser.resize(1280, 900).await;
}

async fn go_on_as(browser: &Browser, login: &str) {
    browser.open_path("/filter").await;
    if browser.words("header button").await.iter().any(|b| b == "Sign out") {
        browser.press("Sign out").await;
    }
    browser.sign_in(login, PASSWORD).await;
}

browser_story!(a_student_asks_is_refused_appeals_and_the_rule_changes, |world, browser| {
    with_games(world).await;
    let school = world.school("Harbor Middle").await;
    let sam = world.student(&school, "Sam Student", "07").await;
    let leader = world.school_leader(&school, "Lea Leader").await;
    may_sign_in(world, &sam, "sam").await;
    may_sign_in(world, &leader, "lea").await;
    world.account_named("dora", "Dora Director", &[Role::Director]).await;
    let mut faults = Vec::new();

    // What is blocked, for whom and why, is there for anybody.
    browser.open_path("/filter").await;
    browser.shows("Games take the lesson").await;
    look(browser, "register", &mut faults).await;

    go_on_as(browser, "sam").await;
    // As the page that the filter shows links to it.
    browser.open_path("/filter/ask?category=Games").await;
    look(browser, "ask", &mut faults).await;
    browser.fill("Address of the page", "https://chess.example.org/play").await;
    browser.press("Send").await;
    browser.shows("Your request is sent.").await;
    browser.shows("chess.example.org/play").await;
    look(browser, "mine", &mut faults).await;

    go_on_as(browser, "lea").await;
    browser.open_path("/filter/requests").await;
    browser.follow("chess.example.org/play").await;
    let page = browser.text().await;
    assert!(!page.contains("Sam"), "whoever decides sees no name:\n{page}");
    look(browser, "decide", &mut faults).await;
    browser.press("Decide").await;
    browser.shows("Choose one.").await;
    browser.click("input[name=granted][value=no]").await;
    browser.fill("Reason", "Games are blocked in lessons.").await;
    browser.press("Decide").await;
    browser.shows("Your decision is kept, and whoever asked is told.").await;

    go_on_as(browser, "sam").await;
    browser.open_path("/filter/mine").await;
    browser.follow("chess.example.org/play").await;
    browser.shows("Games are blocked in lessons.").await;
    look(browser, "refused", &mut faults).await;
    browser.fill("Why should it be open?", "It is a school club.").await;
    browser.press("Send the appeal").await;
    browser.shows("Your appeal is sent.").await;

    go_on_as(browser, "dora").await;
    browser.open_path("/filter/requests").await;
    browser.follow("chess.example.org/play").await;
    browser.shows("It is a school club.").await;
    look(browser, "appeal", &mut faults).await;
    browser.click("input[name=granted][value=yes]").await;
    browser.fill("Reason", "Older students may play chess.").await;
    browser.click("input[name=change][value=bands]").await;
    for band in ["K-2", "3-5"] {
        browser.click(&format!("input[name=band][value='{band}']")).await;
    }
    browser.press("Decide").await;
    browser.shows("Granted on appeal").await;
    look(browser, "granted", &mut faults).await;

    // The public sees what has changed, and why.
    browser.open_path("/filter/rules/games").await;
    browser.shows("Older students may play chess.").await;
    browser.shows("Because somebody asked.").await;
    look(browser, "rule", &mut faults).await;
    assert_eq!(faults, [""; 0]);
});
