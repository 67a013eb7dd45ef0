//! The whole chain as people walk it, in a real browser: a roster comes in, policies are drafted, talked about, adopted and published,
//! people are asked, answer and learn, and an auditor finds every figure with the people behind it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use assent::identity::accounts::{self, NewAccount};
use assent::kernel::{PersonId, Role};
use assent::on;
use assent::roster::generate;
use assent::training::library;

use crate::browser::Browser;
use crate::world::World;
use crate::world::client::PASSWORD;

const SAFETY: &str = "internet-safety";
const AGREEMENT: &str = "responsible-use-6-8";
const COURSE: &str = "netiquette-6-8";
const TASK: &str = "Agreement for everybody";
const FAMILY_TASK: &str = "Agreement of families";
const COURSE_TASK: &str = "Lessons on netiquette";

/// Looks at pages as they come, and remembers what is wrong with them.
struct Looking<'a> {
    browser: &'a Browser,
    /// Pages look the same on either database: once is enough.
    wanted: bool,
    faults: Mutex<Vec<String>>,
}

impl Looking<'_> {
    async fn at(&self, name: &str) {
        if self.wanted {
            let found = self.browser.faults(&format!("chain-{name}")).await;
            self.faults.lock().unwrap().extend(found);
            self.browser.resize(1280, 900).await;
        }
    }
}

/// A guardian of two students, and the first of these.
#[derive(sqlx::FromRow)]
struct Family {
    guardian: PersonId,
    guardian_name: String,
    child: PersonId,
    child_name: String,
}

async fn family(world: &World) -> Family {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_as(
        "SELECT g.id AS guardian, g.given || ' ' || g.family AS guardian_name, s.id AS child, s.given || ' ' || s.family AS child_name
         FROM person g JOIN guardianship w ON w.guardian_id = g.id JOIN person s ON s.id = w.child_id
         WHERE g.language = 'en' AND s.language = 'en'
           AND (SELECT COUNT(*) FROM guardianship x WHERE x.guardian_id = g.id) = 2
         ORDER BY g.id, s.id LIMIT 1"
    )
    .fetch_one(c)
    .await)
    .unwrap()
}

async fn may_sign_in(world: &World, login: &str, name: &str, person: PersonId) {
    let mut tx = world.write().await;
    let new = NewAccount {
        login: login.into(),
        name: name.into(),
        person: Some(person),
        password: Some(PASSWORD.into()),
        ..NewAccount::default()
    };
    accounts::add(&mut tx, &world.operator(), new).await.unwrap();
    tx.commit().await.unwrap();
}

/// Takes a policy from the library, fills its blanks, opens it for feedback.
async fn draft(browser: &Browser, look: &Looking<'_>, slug: &str) {
    browser.open_path("/policies/library").await;
    look.at("library").await;
    browser.click(&format!("form:has(input[value=\"{slug}\"]) button")).await;
    browser.shows("It is a draft now.").await;
    look.at(&format!("draft-{slug}")).await;
    browser.follow("Fill in the blanks").await;
    look.at(&format!("blanks-{slug}")).await;
    for n in 0..browser.words("main form input").await.len() {
        browser.type_in(&format!("#blank-{n}"), "none, ask 555-0100").await;
    }
    browser.press("Fill them in").await;
    browser.shows("The blanks are filled in, in every language.").await;
    browser.set_day("#closes", "2026-08-24").await;
    browser.press("Open for feedback").await;
    browser.shows("People can comment now.").await;
}

/// Records what the law asks for and the board's vote, then publishes.
async fn adopt(browser: &Browser, look: &Looking<'_>, slug: &str) {
    let version = format!("/policies/{slug}/versions/1");
    browser.open_path(&version).await;
    browser.press("Close the feedback now").await;
    browser.shows("Feedback is closed.").await;
    browser.follow("Notice, hearing and vote").await;
    look.at(&format!("adoption-{slug}")).await;
    browser.type_in("#posted", "District website and front doors").await;
    browser.set_day("#from_day", "2026-08-18").await;
    browser.type_in("#body", "The board hears the public on the Internet Safety Policy.").await;
    browser.press("Record the notice").await;
    browser.shows("The notice is on record.").await;
    browser.set_day("#meeting-day", "2026-08-25").await;
    browser.type_in("#place", "Board room").await;
    browser.type_in("#agenda", "Item 4").await;
    browser.press("Record it").await;
    browser.shows("Public hearing on").await;
    browser.type_in("#votes_for", "6").await;
    browser.type_in("#resolution", "2026-41").await;
    browser.set_day("#vote-day", "2026-08-25").await;
    browser.press("Record the adoption").await;
    browser.shows("The vote is recorded").await;
    browser.open_path(&version).await;
    look.at(&format!("adopted-{slug}")).await;
    browser.press("Publish").await;
    browser.shows("It is published").await;
    look.at(&format!("published-{slug}")).await;
}

/// Asks all students, or their guardians, for what has that name in the list.
async fn require(browser: &Browser, look: &Looking<'_>, subject: &str, title: &str, guardians: bool) {
    browser.open_path("/requirements/new").await;
    look.at("requirement-new").await;
    browser.click(&format!("#subject option[value=\"{subject}\"]")).await;
    browser.fill("What the task is called", title).await;
    browser.select("[name=\"groups[0].role\"]", "student").await;
    if guardians {
        browser.click("input[name=answers_as][value=guardian]").await;
    }
    browser.set_day("#due", "2026-09-30").await;
    browser.click("aside button[value=preview]").await;
    browser.shows(if guardians { "The guardians of" } else { "Students must" }).await;
    look.at(if guardians { "requirement-families" } else { "requirement-counted" }).await;
    browser.click("button[value=issue]").await;
    browser.shows("answers are asked for.").await;
    look.at("requirement-asked").await;
}

/// The value of the subject with these words in the list of what can be asked.
async fn subject(browser: &Browser, title: &str) -> String {
    browser.open_path("/requirements/new").await;
    let find = format!("[...document.querySelectorAll('#subject option')].find(o => o.textContent.includes('{title}'))?.value ?? ''");
    let value = browser.evaluate(&find).await.as_str().unwrap_or_default().to_owned();
    assert!(!value.is_empty(), "“{title}” can't be asked for; there are {:?}", browser.words("#subject option").await);
    value
}

/// From the task to the receipt.
async fn agrees(browser: &Browser, look: &Looking<'_>, signed: Option<&str>) {
    let who = if signed.is_some() { "guardian" } else { "student" };
    look.at(&format!("text-{who}")).await;
    browser.follow("Give your answer").await;
    // Nothing is chosen for anybody.
    browser.press("Give my answer to version 1").await;
    browser.shows("Choose an answer: nothing is chosen for you.").await;
    look.at(&format!("answer-{who}")).await;
    browser.click("#agrees").await;
    if let Some(name) = signed {
        browser.type_in("#signed_name", name).await;
    }
    browser.press("Give my answer to version 1").await;
    browser.shows("Your answer is kept. This is your receipt.").await;
    browser.shows("Agreed").await;
    look.at(&format!("receipt-{who}")).await;
}

/// Reads every lesson and answers every question, the first one wrong.
async fn take_course(browser: &Browser, look: &Looking<'_>) {
    let content = library::find(COURSE).unwrap();
    let text = &content.texts["en"];
    let right: BTreeMap<&str, Vec<&str>> =
        text.questions.iter().map(|q| (q.ask.as_str(), q.choices.iter().filter(|c| c.right).map(|c| c.text.as_str()).collect())).collect();
    look.at("course").await;
    browser.press("Start the course").await;
    look.at("lesson").await;
    while browser.path().await.contains("/lessons/") {
        browser.press("I have read this: go on").await;
    }
    let mut number = 0;
    while browser.path().await.contains("/questions/") {
        number += 1;
        let ask = browser.words("legend").await.remove(0);
        let known = &right[ask.as_str()];
        let choices = browser.words("label.choice").await;
        for (place, words) in (1..).zip(&choices) {
            if known.contains(&words.as_str()) == (number != 1) {
                browser.click(&format!("#choice-{place}")).await;
                if number == 1 {
                    break;
                }
            }
        }
        if number <= 2 {
            look.at(&format!("question-{number}")).await;
        }
        browser.press("Answer").await;
        browser.shows(if number == 1 { "Not quite" } else { "Right" }).await;
        if number <= 2 {
            look.at(&format!("feedback-{number}")).await;
        }
        browser.follow("Go on").await;
    }
    assert_eq!(number, text.questions.len());
    browser.press("See the result").await;
    browser.shows("Completed").await;
    look.at("course-result").await;
}

/// A file of the site as this browser gets it: status, kind, text.
async fn file(browser: &Browser, path: &str) -> (u64, String, String) {
    let got =
        browser.evaluate(&format!("fetch('{path}').then(async r => [r.status, r.headers.get('content-type'), await r.text()])")).await;
    let text = |n: usize| got[n].as_str().unwrap_or_default().to_owned();
    (got[0].as_u64().unwrap_or_default(), text(1), text(2))
}

async fn go_on_as(browser: &Browser, login: &str) {
    browser.open_path("/policies").await;
    if browser.words("header button").await.iter().any(|b| b == "Sign out") {
        browser.press("Sign out").await;
    }
    browser.sign_in(login, PASSWORD).await;
}

browser_story!(a_policy_goes_from_the_library_to_everybody_s_answer_and_to_the_auditor, on_both, |world, browser| {
    let look = Looking { browser, wanted: world.url.starts_with("sqlite:"), faults: Mutex::default() };
    world.account_named("director", "Kelley Christian", &[Role::Director]).await;
    let folder = tempfile::tempdir().unwrap();
    let roster = folder.path().join("district.zip");
    generate::write(
        generate::Plan { people: 300, seed: 5, guardians: 42, ..generate::Plan::default() },
        std::fs::File::create(&roster).unwrap(),
    )
    .unwrap();

    // The roster.
    go_on_as(browser, "director").await;
    look.at("today-empty").await;
    browser.open_path("/roster").await;
    look.at("roster-empty").await;
    browser.type_in("#file", roster.to_str().unwrap()).await;
    browser.press("Show what would change").await;
    browser.shows("Nothing was changed.").await;
    look.at("roster-look").await;
    browser.press("Bring it in").await;
    browser.shows("The roster is in, and everybody's duties follow it.").await;
    look.at("roster-import").await;
    browser.open_path("/roster").await;
    look.at("roster-index").await;
    browser.open_path("/roster/people").await;
    look.at("roster-people").await;

    // Drafts, and what a visitor without JavaScript says to them.
    draft(browser, &look, SAFETY).await;
    draft(browser, &look, AGREEMENT).await;
    browser.press("Sign out").await;
    browser.open_path(&format!("/policies/{SAFETY}/versions/1")).await;
    look.at("visitor-text").await;
    browser.follow("Comment on 1.1").await;
    look.at("visitor-comment").await;
    browser.scripts(false).await;
    browser.open_path(&format!("/policies/{SAFETY}/versions/1")).await;
    browser.follow("Comment on 1.1").await;
    browser.fill("Your comment", "Please say who answers when a page is blocked.").await;
    browser.select("#group", "families").await;
    browser.press("Send the comment").await;
    browser.shows("Thank you. Your comment").await;
    browser.scripts(true).await;

    // The answer, the hearing, the vote.
    world.go_to("2026-08-25");
    go_on_as(browser, "director").await;
    browser.open_path(&format!("/policies/{SAFETY}/versions/1/comments")).await;
    browser.shows("Please say who answers when a page is blocked.").await;
    look.at("comments").await;
    browser.select("main details select", "partly").await;
    browser.type_in("main details textarea", "The help desk answers; its number is in the text now.").await;
    browser.press("Give this answer").await;
    browser.shows("The answer is kept").await;
    browser.shows("Partly accepted").await;
    adopt(browser, &look, SAFETY).await;
    adopt(browser, &look, AGREEMENT).await;
    browser.open_path("/policies").await;
    browser.shows("In force").await;
    look.at("policies").await;

    // The course, and who is asked for what.
    browser.open_path("/courses/library").await;
    look.at("course-library").await;
    browser.click(&format!("form:has(input[value=\"{COURSE}\"]) button")).await;
    browser.shows("It is a draft now.").await;
    look.at("course-draft").await;
    browser.press("Publish").await;
    browser.shows("The course is published.").await;
    browser.open_path("/courses").await;
    look.at("courses").await;
    let agreement = subject(browser, "Responsible Use").await;
    let course = subject(browser, &library::find(COURSE).unwrap().texts["en"].title).await;
    require(browser, &look, &agreement, TASK, false).await;
    require(browser, &look, &agreement, FAMILY_TASK, true).await;
    require(browser, &look, &course, COURSE_TASK, false).await;
    browser.open_path("/requirements").await;
    look.at("requirements").await;

    // A student answers and learns; a guardian answers for each child.
    let family = family(world).await;
    may_sign_in(world, "student", &family.child_name, family.child).await;
    may_sign_in(world, "guardian", &family.guardian_name, family.guardian).await;
    go_on_as(browser, "student").await;
    browser.shows("2 things to do").await;
    look.at("tasks-student").await;
    browser.follow(TASK).await;
    agrees(browser, &look, None).await;
    browser.follow("Back to your tasks").await;
    browser.follow(COURSE_TASK).await;
    take_course(browser, &look).await;
    browser.open_path("/tasks").await;
    browser.shows("nothing to do").await;
    look.at("tasks-student-done").await;
    go_on_as(browser, "guardian").await;
    browser.shows("2 things to do").await;
    look.at("tasks-guardian").await;
    for left in ["1 thing to do", "nothing to do"] {
        browser.click("ul.tasks li:not(.done) h3 a").await;
        agrees(browser, &look, Some(&family.guardian_name)).await;
        browser.follow("Back to your tasks").await;
        browser.shows(left).await;
    }

    // The figures, the people behind them, the reports.
    world.go_to("2026-10-02");
    go_on_as(browser, "director").await;
    look.at("today").await;
    browser.open_path("/audit").await;
    for title in [TASK, FAMILY_TASK, COURSE_TASK] {
        browser.shows(title).await;
    }
    look.at("audit").await;
    browser.follow(TASK).await;
    look.at("audit-by-school").await;
    browser.follow("See the people behind these figures").await;
    look.at("audit-people").await;
    browser.select("#state", "fulfilled").await;
    browser.press("Show").await;
    browser.shows("1 person").await;
    let table = browser.words("tbody tr").await;
    let (given, last) = family.child_name.split_once(' ').unwrap();
    assert!(table.len() == 1 && table[0].contains(given) && table[0].contains(last), "{table:?}");
    let csv = browser.evaluate("document.querySelector('a[download]').getAttribute('href')").await;
    let (status, kind, text) = file(browser, csv.as_str().unwrap()).await;
    assert!(status == 200 && kind.starts_with("text/csv"), "{status} {kind}");
    assert!(text.lines().count() == 2 && text.contains(last), "{text}");
    for report in ["/audit/report.pdf", "/standard-5/report.pdf", "/policies/internet-safety/versions/1/policy.pdf"] {
        let (status, kind, text) = file(browser, report).await;
        assert!(status == 200 && kind == "application/pdf" && text.starts_with("%PDF-"), "{report}: {status} {kind}");
    }
    browser.open_path("/standard-5").await;
    let levels = browser.words("table.criteria td").await;
    assert!(levels.iter().any(|cell| cell.contains("Level ") || cell.contains('%')), "nothing is measured: {levels:?}");
    look.at("standard-5").await;
    browser.click("table.criteria th a").await;
    look.at("standard-5-criterion").await;

    let faults = look.faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
});
