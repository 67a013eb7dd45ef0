//! Writing a draft: from the library, from nothing, or as the next version of what is in force; then clause by clause.
//! Authors and directors; for everybody else nothing is there. An editor hands back the hash of what it had read
//! (`expected`); when somebody else has changed it meanwhile the verb refuses, and the caller still holds its own words.

use std::collections::BTreeMap;

pub use super::store::Wording;
use super::text::{Audience, Clause, Consent, Kind, Section, Text, clean_body, is_id};
use super::{Policy, Version, author, elements, library, line, store, translating};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Moment, PolicyId, Problem, Result, VersionId};
use crate::roster::district;

/// What a new policy begins with.
#[derive(Debug, Clone)]
pub struct NewPolicy {
    pub slug: String,
    pub kind: Kind,
    pub audience: Audience,
    /// Who looks after it, as a title; may be empty.
    pub owner: String,
    pub reading_ceiling: Option<f64>,
    /// 1 to 120.
    pub review_months: i64,
    /// In one or more languages; may have no clauses yet.
    pub texts: Vec<Text>,
}

/// Takes a policy of the shipped library as a draft, in all its languages; `[[district name]]` is filled in.
///
/// # Errors
/// `Invalid` for a slug that the library doesn't hold; `Conflict` when the district has it already.
pub async fn take(tx: &mut Tx, actor: &Actor, slug: &str) -> Result<Version> {
    author(actor)?;
    let shipped = library::find(slug)?;
    let district = district::get(tx).await?;
    let Some(document) = shipped.documents.get(&district.language).or_else(|| shipped.documents.values().next()) else {
        return Err(Problem::NotFound);
    };
    let new = NewPolicy {
        slug: slug.to_owned(),
        kind: document.kind,
        audience: document.audience,
        owner: String::new(),
        reading_ceiling: document.reading_ceiling,
        review_months: document.review_months,
        texts: shipped.documents.values().map(|d| d.text.clone()).collect(),
    };
    create(tx, actor, new).await
}

/// Begins a policy of the district's own: version 1, a draft.
///
/// # Errors
/// `Invalid` for a malformed slug, title or text; `Conflict` when the slug is taken.
pub async fn create(tx: &mut Tx, actor: &Actor, new: NewPolicy) -> Result<Version> {
    author(actor)?;
    let mut checks = Checks::default();
    checks.require(is_id(&new.slug), "slug", "use lower-case letters, digits and hyphens, such as internet-safety");
    checks.require((1..=120).contains(&new.review_months), "review_months", "write a whole number of months from 1 to 120");
    checks.require(!new.texts.is_empty(), "texts", "give the text in at least one language");
    checks.done()?;
    if store::policy(tx, &new.slug).await?.is_some() {
        return Err(Problem::conflict(format!(
            "the district has a policy “{}” already: revise it (`assent policy revise {}`), or choose another slug",
            new.slug, new.slug
        )));
    }
    let mut policy = Policy {
        id: PolicyId(0),
        uid: tx.uid(),
        slug: new.slug,
        kind: new.kind,
        audience: new.audience,
        owner: new.owner.trim().to_owned(),
        reading_ceiling: new.reading_ceiling,
        review_months: new.review_months,
        last_review: None,
        next_review: None,
    };
    policy.id = store::insert_policy(tx, &policy).await?;
    let version = store::insert_version(tx, actor, policy.id, 1, true, "the first version", "").await?;
    for text in &new.texts {
        let text = checked(named(tx, text.clone()).await?)?;
        store::save_text(tx, version, &text).await?;
    }
    for text in &new.texts {
        translating::follows_now(tx, version, &text.language, None).await?;
    }
    audit::record(tx, actor, "policy.begun", &policy.slug, serde_json::json!({ "version": 1 })).await?;
    get(tx, version).await
}

/// Begins the next version as a copy of the latest. `material`: it changes what people agreed to, so that they are asked again;
/// `reason` says why it is material or why it isn't, `summary` what changes, in plain words for readers.
///
/// # Errors
/// `Conflict` while another version is in the making.
pub async fn new_version(tx: &mut Tx, actor: &Actor, slug: &str, material: bool, reason: &str, summary: &str) -> Result<Version> {
    author(actor)?;
    let reason = line("reason", reason, 1_000)?;
    let summary = if summary.trim().is_empty() { String::new() } else { line("summary", summary, 1_000)? };
    let policy = super::find(tx, slug).await?;
    let versions = store::versions(tx, policy.id).await?;
    if let Some(open) = versions.iter().find(|v| v.published_at.is_none() && v.withdrawn_day.is_none()) {
        return Err(Problem::conflict(format!(
            "version {} of “{slug}” is in the making ({}): work on that one, or withdraw it first",
            open.number,
            open.state.name()
        )));
    }
    // What was published last, not a withdrawn draft that came after it.
    let model = versions.iter().rev().find(|v| v.published_at.is_some()).or(versions.last()).ok_or(Problem::NotFound)?;
    let number = versions.last().map_or(1, |v| v.number + 1);
    let version = store::insert_version(tx, actor, policy.id, number, material, &reason, &summary).await?;
    for text in store::texts(tx, model.id).await?.values() {
        store::save_text(tx, version, text).await?;
    }
    store::copy_followed(tx, model.id, version).await?;
    let detail = serde_json::json!({ "version": number, "from": model.number, "material": material, "reason": reason });
    audit::record(tx, actor, "policy.revision_begun", slug, detail).await?;
    get(tx, version).await
}

/// Sets title, summary, statement and what follows a no. `expected` is the hash of the text in this language.
pub async fn set_head(tx: &mut Tx, actor: &Actor, version: VersionId, expected: &str, text: &Text) -> Result<Text> {
    edit(tx, actor, version, (&text.language, Some(expected)), "policy.head_set", "", |draft| {
        draft.title.clone_from(&text.title);
        draft.summary.clone_from(&text.summary);
        draft.statement.clone_from(&text.statement);
        draft.if_declined.clone_from(&text.if_declined);
        draft.consents.clone_from(&text.consents);
        Ok(())
    })
    .await
}

/// Puts a whole text in one language into a draft: a translation, or a file that was edited elsewhere. `expected` is the hash of
/// the text that it replaces; `None` only where the version has none in that language.
pub async fn set_text(tx: &mut Tx, actor: &Actor, version: VersionId, expected: Option<&str>, text: Text) -> Result<Text> {
    let found = draft(tx, actor, version).await?;
    let text = checked(named(tx, text).await?)?;
    let before = store::text(tx, version, &text.language).await?;
    let hash = before.as_ref().map(Text::hash).transpose()?;
    if hash.as_deref() != expected {
        return Err(changed_meanwhile("the text"));
    }
    if let Some(before) = &before {
        keep_words(tx, actor, version, before, &text).await?;
    }
    store::save_text(tx, version, &text).await?;
    translating::follows_now(tx, version, &text.language, None).await?;
    let detail = serde_json::json!({ "version": found.number, "language": text.language, "hash": text.hash()? });
    audit::record(tx, actor, "policy.text_set", &found.slug, detail).await?;
    Ok(text)
}

/// Changes the words and elements of one clause of a draft. `expected` is [`Clause::hash`] of the clause as the editor read it.
///
/// # Errors
/// `Conflict` when somebody else has changed it since, or when the version is no draft; `Invalid` for words that can't be a clause.
pub async fn set_clause(tx: &mut Tx, actor: &Actor, version: VersionId, language: &str, expected: &str, clause: Clause) -> Result<Text> {
    let clause = checked_clause(clause)?;
    let id = clause.id.clone();
    let text = edit(tx, actor, version, (language, None), "policy.clause_set", &id, |draft| {
        let held = draft.clause_mut(&clause.id).ok_or(Problem::NotFound)?;
        if held.hash() != expected {
            return Err(changed_meanwhile("the clause"));
        }
        *held = clause;
        Ok(())
    })
    .await?;
    translating::follows_now(tx, version, language, Some(&id)).await?;
    Ok(text)
}

/// The words that a clause of a draft had before, newest first, at most 20: nobody's are lost.
pub async fn earlier_words(tx: &mut Tx, actor: &Actor, version: VersionId, language: &str, clause: &str) -> Result<Vec<Wording>> {
    author(actor)?;
    store::wordings(tx, version, language, clause).await
}

/// Minutes for which somebody who changed a draft counts as still at work on it.
const AT_WORK_MINUTES: i64 = 30;

/// Who else has changed words of this version within the last half hour, and when last.
pub async fn others_at_work(tx: &mut Tx, actor: &Actor, version: VersionId) -> Result<Vec<(String, Moment)>> {
    author(actor)?;
    let since = tx.now().plus_seconds(-AT_WORK_MINUTES * 60);
    store::at_work(tx, actor, version, since).await
}

/// Keeps the words of clauses that the new text changes or leaves out.
async fn keep_words(tx: &mut Tx, actor: &Actor, version: VersionId, before: &Text, after: &Text) -> Result<()> {
    let now: std::collections::HashMap<&str, &str> = after.clauses().map(|c| (c.id.as_str(), c.body.as_str())).collect();
    for clause in before.clauses() {
        if now.get(clause.id.as_str()) != Some(&clause.body.as_str()) {
            store::keep_wording(tx, actor, version, (&before.language, &clause.id), &clause.body).await?;
        }
    }
    Ok(())
}

/// Puts sections and clauses into the order in which another text has them.
pub(super) async fn order_as(tx: &mut Tx, version: VersionId, language: &str, model: &Text) -> Result<()> {
    let Some(mut text) = store::text(tx, version, language).await? else { return Ok(()) };
    let place = |id: &str| model.sections.iter().position(|s| s.id == id).unwrap_or(usize::MAX);
    text.sections.sort_by_key(|section| place(&section.id));
    store::save_text(tx, version, &text).await
}

/// Adds a clause to a draft: after the clause `after`, or first in the section; a section that isn't there is made at the end,
/// with `section_title`. `expected` is the hash of the text in this language.
pub async fn add_clause(
    tx: &mut Tx,
    actor: &Actor,
    version: VersionId,
    (language, expected): (&str, &str),
    (section, section_title): (&str, &str),
    after: Option<&str>,
    clause: Clause,
) -> Result<Text> {
    let clause = checked_clause(clause)?;
    if !is_id(&clause.id) || !is_id(section) {
        return Err(Problem::invalid("id", "use lower-case letters, digits and hyphens, such as why-purpose"));
    }
    let id = clause.id.clone();
    let text = edit(tx, actor, version, (language, Some(expected)), "policy.clause_added", &id, |draft| {
        if draft.clause(&clause.id).is_some() {
            return Err(Problem::invalid("id", format!("there is a clause “{}” already: choose another id", clause.id)));
        }
        insert(draft, section, section_title, after, clause)
    })
    .await?;
    translating::follows_now(tx, version, language, Some(&id)).await?;
    Ok(text)
}

/// Moves a clause of a draft, in every language: after the clause `after`, or first in the section, which must be there.
/// `expected` is the hash of the text in the language that the editor saw.
pub async fn move_clause(
    tx: &mut Tx,
    actor: &Actor,
    version: VersionId,
    (language, expected): (&str, &str),
    id: &str,
    section: &str,
    after: Option<&str>,
) -> Result<()> {
    let titles: BTreeMap<String, String> = store::texts(tx, version)
        .await?
        .into_iter()
        .filter_map(|(language, text)| text.sections.into_iter().find(|s| s.id == section).map(|s| (language, s.title)))
        .collect();
    every_language(tx, actor, version, (language, expected), "policy.clause_moved", id, |draft| {
        if after == Some(id) {
            return Err(Problem::invalid("after", "a clause can't stand after itself"));
        }
        let Some(clause) = draft.remove(id) else { return Ok(()) };
        let title = titles.get(&draft.language).cloned().unwrap_or_default();
        insert(draft, section, &title, after, clause)
    })
    .await
}

/// Takes a clause out of a draft, in every language. `expected` is the hash of the text in the language that the editor saw.
pub async fn remove_clause(tx: &mut Tx, actor: &Actor, version: VersionId, seen: (&str, &str), id: &str) -> Result<()> {
    every_language(tx, actor, version, seen, "policy.clause_removed", id, |draft| {
        draft.remove(id);
        Ok(())
    })
    .await
}

/// Fills blanks (`[[name]]`) in every language, or in one. Allowed until adoption: a blank holds no words that people agreed on.
/// Gives how many places were filled.
///
/// # Errors
/// `Invalid` for a blank that isn't open in this version; `Conflict` after adoption.
pub async fn fill_blanks(
    tx: &mut Tx,
    actor: &Actor,
    version: VersionId,
    language: Option<&str>,
    values: &BTreeMap<String, String>,
) -> Result<usize> {
    author(actor)?;
    let found = get(tx, version).await?;
    if !store::take(tx, version, true).await? {
        return Err(frozen(&found));
    }
    let mut texts = store::texts(tx, version).await?;
    texts.retain(|tag, _| language.is_none_or(|wanted| wanted == tag));
    let mut filled = 0;
    let mut clean = Vec::new();
    for (name, value) in values {
        let value = line(name, value, 500)?;
        if value.contains("[[") || value.contains("]]") {
            return Err(Problem::invalid(name, "a value can't hold another blank: leave out [[ and ]]"));
        }
        let places: usize = texts.values_mut().map(|text| text.fill(name, &value)).sum();
        if places == 0 {
            return Err(Problem::invalid(name, format!("version {} has no open blank “{name}”", found.number)));
        }
        filled += places;
        clean.push((name.clone(), value));
    }
    let original = translating::original(tx, version).await?;
    for text in texts.values() {
        store::save_text(tx, version, text).await?;
        if language.is_none() && text.language != original {
            translating::fill_followed(tx, version, &text.language, &clean).await?;
        }
    }
    audit::record(tx, actor, "policy.blanks_filled", &found.slug, serde_json::json!({ "version": found.number, "values": values })).await?;
    Ok(filled)
}

fn insert(text: &mut Text, section: &str, title: &str, after: Option<&str>, clause: Clause) -> Result<()> {
    let at = if let Some(at) = text.sections.iter().position(|s| s.id == section) {
        at
    } else {
        let title = line("section_title", title, 200)?;
        text.sections.push(Section { id: section.to_owned(), title, clauses: Vec::new() });
        text.sections.len() - 1
    };
    let clauses = &mut text.sections[at].clauses;
    let place = match after {
        None => 0,
        Some(after) => clauses
            .iter()
            .position(|c| c.id == after)
            .map(|n| n + 1)
            .ok_or_else(|| Problem::invalid("after", format!("the section “{section}” has no clause “{after}”")))?,
    };
    clauses.insert(place, clause);
    Ok(())
}

/// One change to one language of a draft.
async fn edit(
    tx: &mut Tx,
    actor: &Actor,
    version: VersionId,
    (language, expected): (&str, Option<&str>),
    action: &str,
    clause: &str,
    change: impl FnOnce(&mut Text) -> Result<()>,
) -> Result<Text> {
    let found = draft(tx, actor, version).await?;
    let mut text = store::text(tx, version, language).await?.ok_or(Problem::NotFound)?;
    if let Some(expected) = expected
        && text.hash()? != expected
    {
        return Err(changed_meanwhile("the text"));
    }
    let before = text.clone();
    change(&mut text)?;
    let text = checked(named(tx, text).await?)?;
    keep_words(tx, actor, version, &before, &text).await?;
    store::save_text(tx, version, &text).await?;
    let detail = serde_json::json!({ "version": found.number, "language": language, "clause": clause, "hash": text.hash()? });
    audit::record(tx, actor, action, &found.slug, detail).await?;
    Ok(text)
}

/// One change to the order of a draft, in all its languages, so that they stay alike.
async fn every_language(
    tx: &mut Tx,
    actor: &Actor,
    version: VersionId,
    (seen, expected): (&str, &str),
    action: &str,
    clause: &str,
    change: impl Fn(&mut Text) -> Result<()>,
) -> Result<()> {
    let found = draft(tx, actor, version).await?;
    let mut texts = store::texts(tx, version).await?;
    let read = texts.get(seen).ok_or(Problem::NotFound)?;
    if read.hash()? != expected {
        return Err(changed_meanwhile("the text"));
    }
    read.clause(clause).ok_or(Problem::NotFound)?;
    for text in texts.values_mut() {
        let before = text.clone();
        change(text)?;
        keep_words(tx, actor, version, &before, text).await?;
        store::save_text(tx, version, text).await?;
    }
    audit::record(tx, actor, action, &found.slug, serde_json::json!({ "version": found.number, "clause": clause })).await
}

/// The version, locked, if the actor may write it and it is a draft.
async fn draft(tx: &mut Tx, actor: &Actor, version: VersionId) -> Result<Version> {
    author(actor)?;
    let found = get(tx, version).await?;
    if store::take(tx, version, false).await? { Ok(found) } else { Err(frozen(&found)) }
}

pub(super) async fn get(tx: &mut Tx, version: VersionId) -> Result<Version> {
    store::version(tx, version).await?.ok_or(Problem::NotFound)
}

pub(super) fn changed_meanwhile(what: &str) -> Problem {
    Problem::conflict(format!("{what} was changed by somebody else since you opened it: look at the new words, then save yours again"))
}

pub(super) fn frozen(version: &Version) -> Problem {
    let remedy = match version.state {
        super::State::Open | super::State::Closed => "people have read it: change a clause with a reason (`revise`) instead",
        super::State::Draft => "load it again",
        _ => "its text never changes again: begin a new version",
    };
    Problem::conflict(format!("version {} of “{}” is {}, no draft: {remedy}", version.number, version.slug, version.state.name()))
}

pub(super) fn checked_clause(mut clause: Clause) -> Result<Clause> {
    clause.body = clean_body(&clause.body).map_err(|wrong| Problem::invalid("body", wrong))?;
    if let Some(unknown) = clause.elements.iter().find(|e| elements::find(e).is_none()) {
        return Err(Problem::invalid("elements", format!("“{unknown}” is no known legal element: `assent policy elements` lists them")));
    }
    Ok(clause)
}

/// With `[[district name]]` filled in: that blank is never left to anybody.
async fn named(tx: &mut Tx, mut text: Text) -> Result<Text> {
    text.fill("district name", &district::get(tx).await?.name);
    Ok(text)
}

/// A text that may be stored: every piece well formed, every id once.
fn checked(mut text: Text) -> Result<Text> {
    text.title = line("title", &text.title, 200)?;
    if text.language.is_empty() || text.language.len() > 35 || !text.language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Problem::invalid("language", "write a language tag such as en or es"));
    }
    for (field, words) in [("summary", &mut text.summary), ("statement", &mut text.statement), ("if_declined", &mut text.if_declined)] {
        if !words.trim().is_empty() {
            *words = line(field, words, 2_000)?;
        }
    }
    let mut ids = std::collections::HashSet::new();
    for section in &mut text.sections {
        section.title = line("section_title", &section.title, 200)?;
        if !is_id(&section.id) || !ids.insert(format!("#{}", section.id)) {
            return Err(Problem::invalid("section", format!("the section id “{}” is malformed or used twice", section.id)));
        }
        for clause in &mut section.clauses {
            if !is_id(&clause.id) || !ids.insert(clause.id.clone()) {
                return Err(Problem::invalid("clause", format!("the clause id “{}” is malformed or used twice", clause.id)));
            }
            *clause = checked_clause(clause.clone())?;
        }
    }
    for Consent { id, ask, yes, no, after_no, .. } in &mut text.consents {
        if !is_id(id) || !ids.insert(format!("?{id}")) {
            return Err(Problem::invalid("consent", format!("the consent id “{id}” is malformed or used twice")));
        }
        for (field, words) in [("ask", ask), ("yes", yes), ("no", no), ("after_no", after_no)] {
            *words = line(field, words, 1_000)?;
        }
    }
    Ok(text)
}
