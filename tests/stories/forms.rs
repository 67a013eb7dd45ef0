//! A form that asks several things: what its receipt, its task and the audit say of it, and the way from a figure to the answer.

use assent::acknowledgments;
use assent::kernel::{Locale, Role};
use assent::obligations::{NewRequirement, Subject};
use assent::reports::receipt;
use assent::{on, policies};
use uuid::Uuid;

use crate::audit::Browser;
use crate::obligations::{for_guardians, issued};
use crate::policies::{fill, published};
use crate::world::World;
use crate::world::people::Person;

/// The family agreement in force, asked of the guardians.
pub async fn family_form(world: &World) -> (Uuid, policies::Reading) {
    let mut tx = world.write().await;
    let version = policies::take(&mut tx, &world.operator(), "family-agreement").await.unwrap();
    fill(&mut tx, world, &version).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
    tx.commit().await.unwrap();
    let subject = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    (issued(world, NewRequirement { subject, ..for_guardians() }).await, reading)
}

/// Answers on the page; where the receipt is.
async fn answers(browser: &Browser, form: Uuid, child: &Person, reading: &policies::Reading, yes: &[&str], reason: &str) -> String {
    let choices: Vec<(String, &str)> =
        reading.consents.iter().map(|c| (format!("choice[{}]", c.id), if yes.contains(&c.id.as_str()) { "yes" } else { "no" })).collect();
    let mut fields = vec![("text_hash", reading.hash.as_str()), ("language", "en"), ("reason", reason), ("signed_name", "Mary Archer")];
    fields.extend(choices.iter().map(|(name, value)| (name.as_str(), *value)));
    let sent = browser.post(&format!("/tasks/{form}/{}/answer", child.uid), &fields).await;
    sent.to.unwrap_or_else(|| panic!("no receipt: {}", sent.text))
}

story!(a_form_with_one_yes_and_three_no_says_so_everywhere, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let noah = world.student(&harbor, "Noah Archer", "08").await;
    // Mother and daughter share a name.
    let mother = world.guardian("Mary Archer", &[&mary, &noah]).await;
    world.guardian("Ben Archer", &[&mary]).await;
    let (form, reading) = family_form(world).await;
    let account = world.account(&mother).await;
    let browser = Browser::of(world, account).await;
    let at = answers(&browser, form, &mary, &reading, &["account"], "We read on paper.").await;
    let page = browser.get(&at).await;
    page.says("Answered: 1 yes, 3 no");
    page.says("We read on paper.");
    page.says("Parent or guardian");
    page.says_nothing_of(">Agreed<");
    // The other child is asked for next.
    page.says(&format!("href=\"/tasks/{form}/{}\">Answer for Noah Archer next", noah.uid));
    let tasks = browser.get("/tasks").await;
    tasks.says("Answered August 17: 1 yes, 3 no");
    tasks.says("<small>for Mary Archer</small>");
    // The reason stands on paper too, and belongs to what is hashed.
    let uid: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = world.read().await;
    let actor = world.actor(account).await;
    let record = acknowledgments::receipt(&mut tx, &actor, uid).await.unwrap();
    assert_eq!((record.answer.as_str(), record.reason.as_str(), record.yes_and_no()), ("agreed", "We read on paper.", Some((1, 3))));
    assert_eq!(record.computed_hash().unwrap(), record.hash);
    let paper = format!("{:?}", receipt::receipt(&mut tx, &world.district, &record, &[], Locale::Es).await.unwrap());
    for words in ["Respondió: 1 sí, 3 no", "Motivo que dio", "We read on paper."] {
        assert!(paper.contains(words), "{words}: {paper}");
    }
    assert_eq!(acknowledgments::verify::records(&mut tx).await.unwrap().broken, []);
    // A record of the time when a yes kept no reason still fits its hash.
    let old = acknowledgments::Record { reason: String::new(), ..record.clone() };
    assert_ne!(old.computed_hash().unwrap(), record.hash);
    drop(tx);
    // Another reason with the same answers is another record.
    let again = answers(&browser, form, &mary, &reading, &["account"], "We still do.").await;
    assert_ne!(again, at);
    assert_eq!(answers(&browser, form, &mary, &reading, &["account"], "We still do.").await, again);
    browser.close().await;
});

story!(an_auditor_goes_from_the_figure_to_the_receipt, |world| {
    let harbor = world.school("Harbor Middle").await;
    let mary = world.student(&harbor, "Mary Archer", "07").await;
    let mother = world.guardian("Mary Archer", &[&mary]).await;
    let ben = world.guardian("Ben Archer", &[&mary]).await;
    let (form, reading) = family_form(world).await;
    let account = world.account(&mother).await;
    let browser = Browser::of(world, account).await;
    let at = answers(&browser, form, &mary, &reading, &["account", "tools"], "").await;
    browser.close().await;

    let auditor = world.granted("Al Auditor", Role::Auditor).await;
    let browser = Browser::of(world, auditor).await;
    let figures = browser.get("/audit").await;
    // One school: the figures begin by role or grade.
    figures.says("Said yes to the main question");
    figures.says("aria-current=\"true\">By grade</a>");
    let list = browser.get(&format!("/audit/{form}/people")).await;
    list.says("2 answers of families (1 asked, 1 not needed)");
    list.says("<span class=\"state done\">Answered</span>");
    list.says("<span class=\"state aside\">Not needed: another guardian answered</span>");
    // Guardian and child share a name, and the child is named all the same: in both rows.
    assert_eq!(list.text.matches("data-label=\"Child\">Mary Archer</td>").count(), 2, "{}", list.text);
    // Only the answer has a day: whoever wasn't needed has answered nothing.
    assert_eq!(list.text.matches("data-label=\"Answered on\">August 17, 2026</td>").count(), 1, "{}", list.text);
    let csv = browser.get(&format!("/audit/{form}/people.csv")).await;
    csv.says("Mary Archer,Mary Archer,Harbor Middle,Guardian,07,Answered,2026-09-01,2026-08-17,");
    csv.says("Ben Archer,Mary Archer,Harbor Middle,Guardian,07,Not needed: another guardian answered,2026-09-01,,");
    let duty = format!("/audit/{form}/people/{}/{}", mother.uid, mary.uid);
    list.says(&format!("href=\"{duty}\""));
    let duty = browser.get(&duty).await;
    duty.says(&format!("<a href=\"{at}\">Receipt of August 17, 2026: Answered: 2 yes, 2 no</a>"));
    duty.says(&format!("<a href=\"/roster/people/{}\">The record of Mary Archer</a>", mary.uid));
    let receipt = browser.get(&at).await;
    receipt.says("<h1>Receipt</h1>");
    receipt.says_nothing_of("Back to your tasks");
    let other = browser.get(&format!("/audit/{form}/people/{}/{}", ben.uid, mary.uid)).await;
    other.says("Not needed: another guardian answered");
    other.says_nothing_of("/receipts/");
    browser.close().await;
    // Nobody's records are shown to the board, receipts neither.
    let board = world.actor(world.granted("Bea Board", Role::BoardMember).await).await;
    let mut tx = world.read().await;
    assert!(acknowledgments::of_duty(&mut tx, &board, form, mother.uid, mary.uid).await.is_err());
    let rows: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM acknowledgment").fetch_one(c).await).unwrap();
    assert_eq!(rows, 1);
});
