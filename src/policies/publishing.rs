//! The steps of a version from draft to publication and out of force again. `open_feedback` and `close_feedback` are called by
//! `feedback`, `mark_adopted` by `adoption`, which know what must come first.

use jiff::ToSpan;

use super::drafting::get;
use super::{Kind, Policy, State, Version, author, director, elements, line, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Result, VersionId};
use crate::roster::district;

/// Opens a draft (again) for feedback; its text is frozen but for [`super::revise_clause`] and blanks.
pub async fn open_feedback(tx: &mut Tx, actor: &Actor, version: VersionId) -> Result<Version> {
    author(actor)?;
    let found = get(tx, version).await?;
    if store::texts(tx, version).await?.values().all(|t| t.clauses().next().is_none()) {
        return Err(Problem::conflict(format!("version {} of “{}” has no clause yet: write one first", found.number, found.slug)));
    }
    let opened = store::step(tx, version, State::Draft, State::Open).await? || store::step(tx, version, State::Closed, State::Open).await?;
    if !opened {
        return Err(cannot(&found, "opened for feedback", "a draft, or a version whose feedback is closed, can be opened"));
    }
    audit::record(tx, actor, "policy.feedback_opened", &found.slug, serde_json::json!({ "version": found.number })).await?;
    get(tx, version).await
}

/// Ends the time for comments; they are answered next.
pub async fn close_feedback(tx: &mut Tx, actor: &Actor, version: VersionId) -> Result<Version> {
    author(actor)?;
    let found = get(tx, version).await?;
    if !store::step(tx, version, State::Open, State::Closed).await? {
        return Err(cannot(&found, "closed for feedback", "its feedback isn't open"));
    }
    audit::record(tx, actor, "policy.feedback_closed", &found.slug, serde_json::json!({ "version": found.number })).await?;
    get(tx, version).await
}

/// What keeps a version's text from being adopted, each thing in words: open blanks, required elements without a clause,
/// languages that differ in clauses, nothing to agree to. Empty when nothing does.
pub async fn gaps(tx: &mut Tx, version: VersionId) -> Result<Vec<String>> {
    let found = get(tx, version).await?;
    let policy = super::find(tx, &found.slug).await?;
    let texts = store::texts(tx, version).await?;
    let mut gaps = Vec::new();
    for (language, text) in &texts {
        for blank in text.blanks() {
            gaps.push(format!("the blank [[{blank}]] is open ({language})"));
        }
        if text.clauses().next().is_none() {
            gaps.push(format!("the text has no clause ({language})"));
        }
        for element in elements::required_of(&found.slug) {
            if !text.clauses().any(|c| c.elements.contains(&element.id)) {
                gaps.push(format!("no clause answers {}: {} ({language})", element.id, element.text));
            }
        }
        if policy.kind == Kind::Agreement && text.statement.is_empty() {
            gaps.push(format!("the agreement has no statement to agree to ({language})"));
        }
        if policy.kind == Kind::ConsentForm && text.consents.iter().filter(|c| c.principal).count() != 1 {
            gaps.push(format!("the form needs exactly one principal consent ({language})"));
        }
    }
    let mut outlines = texts.iter().map(|(language, text)| (language, text.outline(), text));
    if let Some((first, outline, model)) = outlines.next() {
        for (language, other, text) in outlines {
            let consents = |t: &super::Text| t.consents.iter().map(|c| (c.id.clone(), c.principal)).collect::<Vec<_>>();
            if other != outline || consents(text) != consents(model) {
                gaps.push(format!("the texts in {first} and {language} differ in their clauses, their order or their consents"));
            }
        }
    }
    Ok(gaps)
}

/// Locks the version, so that nobody changes its text while it is checked and adopted.
pub(crate) async fn hold(tx: &mut Tx, version: VersionId) -> Result<bool> {
    store::take(tx, version, true).await
}

/// Freezes the text for good. Called by `adoption::adopt`, which has checked everything.
pub(crate) async fn mark_adopted(tx: &mut Tx, version: VersionId, day: Day) -> Result<()> {
    let found = get(tx, version).await?;
    if store::adopt(tx, version, day).await? {
        Ok(())
    } else {
        Err(cannot(&found, "adopted", "it must be a draft, or its feedback closed"))
    }
}

/// Puts an adopted version in force from a day on, not earlier than its vote nor than the version before it. A day in the
/// future is fine: until then the version before stays in force. Directors only.
pub async fn publish(tx: &mut Tx, actor: &Actor, version: VersionId, effective: Day) -> Result<Version> {
    director(actor)?;
    let found = get(tx, version).await?;
    if let Some(adopted) = found.adopted_day
        && effective < adopted
    {
        return Err(Problem::invalid("effective", format!("it was adopted on {adopted}: it takes effect on that day or later")));
    }
    let versions = store::versions(tx, found.policy_id).await?;
    let before = versions.iter().filter(|v| v.state == State::Published || v.state == State::Superseded).filter_map(|v| v.effective).max();
    if let Some(before) = before.filter(|day| effective < *day) {
        return Err(Problem::invalid(
            "effective",
            format!("the version before it takes effect on {before}: choose that day or a later one"),
        ));
    }
    if !store::publish(tx, version, effective).await? {
        return Err(cannot(&found, "published", "adopt it first: a version is published once, after its adoption"));
    }
    let today = district::get(tx).await?.today(tx.now());
    settle(tx, today).await?;
    let policy = super::find(tx, &found.slug).await?;
    store::set_review(tx, policy.id, None, review_after(&policy, effective)).await?;
    let detail = serde_json::json!({ "version": found.number, "effective": effective.iso(), "material": found.material });
    audit::record(tx, actor, "policy.published", &found.slug, detail).await?;
    get(tx, version).await
}

/// Marks the versions that others have overtaken by that day; gives their ids. For the daily job, and part of publishing.
/// What is in force never waits for it: [`super::current`] reads the days.
pub async fn settle(tx: &mut Tx, today: Day) -> Result<Vec<VersionId>> {
    store::supersede(tx, today).await
}

/// Takes a version back: a draft (authors), or one that was adopted or published (directors). The version before it does not
/// come back into force, unless this one never was.
pub async fn withdraw(tx: &mut Tx, actor: &Actor, version: VersionId, reason: &str) -> Result<Version> {
    author(actor)?;
    let reason = line("reason", reason, 1_000)?;
    let found = get(tx, version).await?;
    if matches!(found.state, State::Adopted | State::Published) {
        director(actor)?;
    }
    let today = district::get(tx).await?.today(tx.now());
    let ends = matches!(found.state, State::Superseded | State::Withdrawn);
    if ends || !store::withdraw(tx, version, found.state, today).await? {
        return Err(cannot(&found, "withdrawn", "it is in force no more"));
    }
    let detail = serde_json::json!({ "version": found.number, "was": found.state.name(), "reason": reason });
    audit::record(tx, actor, "policy.withdrawn", &found.slug, detail).await?;
    get(tx, version).await
}

/// Notes that the policy was looked at again and stands; the next review is due after its months.
pub async fn mark_reviewed(tx: &mut Tx, actor: &Actor, slug: &str, day: Day, note: &str) -> Result<Policy> {
    author(actor)?;
    let note = line("note", note, 1_000)?;
    let policy = super::find(tx, slug).await?;
    if day > district::get(tx).await?.today(tx.now()) {
        return Err(Problem::invalid("day", "the day of a review can't lie in the future"));
    }
    store::set_review(tx, policy.id, Some(day), review_after(&policy, day)).await?;
    audit::record(tx, actor, "policy.reviewed", slug, serde_json::json!({ "day": day.iso(), "note": note })).await?;
    super::find(tx, slug).await
}

pub(super) fn review_after(policy: &Policy, day: Day) -> Day {
    let next = day.date().checked_add(policy.review_months.months()).ok();
    next.and_then(|d| Day::of(d.year(), d.month(), d.day())).unwrap_or_else(|| day.plus(policy.review_months * 30))
}

fn cannot(version: &Version, what: &str, remedy: &str) -> Problem {
    Problem::conflict(format!("version {} of “{}” is {} and can't be {what}: {remedy}", version.number, version.slug, version.state.name()))
}
