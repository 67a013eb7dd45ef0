//! What readers see: which version is in force on a day, its text in their language with numbers, and what differs from another.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::compare::{self, Comparison};
use super::elements::{self, Element};
use super::text::{Consent, Text};
use super::{Policy, State, Version, render, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, PolicyId, Problem, Result, Role, VersionId};
use crate::roster::district;

/// A version's text as it is read in one language.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    pub version: Version,
    pub title: String,
    pub summary: String,
    pub language: String,
    /// The language that was asked for, where the text isn't there in it and the district's language stands in.
    pub instead_of: Option<String>,
    /// In which the version can be read.
    pub languages: Vec<String>,
    pub sections: Vec<ReadSection>,
    pub statement: String,
    pub if_declined: String,
    pub consents: Vec<Consent>,
    /// SHA-256 of the canonical JSON of the whole text in this language.
    pub hash: String,
    /// At 200 words a minute.
    pub minutes: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct ReadSection {
    /// `3`
    pub number: String,
    pub id: String,
    pub title: String,
    pub clauses: Vec<ReadClause>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ReadClause {
    /// `3.2`
    pub number: String,
    pub id: String,
    /// Markdown.
    pub body: String,
    pub elements: Vec<String>,
    /// What an editor hands back as `expected`.
    pub hash: String,
}

impl ReadClause {
    /// Safe HTML.
    pub fn html(&self) -> String {
        render::html(&self.body)
    }
}

impl Reading {
    /// The clause with that id.
    pub fn clause(&self, id: &str) -> Option<&ReadClause> {
        self.sections.iter().flat_map(|s| &s.clauses).find(|c| c.id == id)
    }
}

/// Who may see a version: what was adopted is public (also when it was withdrawn after publication); while people are asked, all
/// who are signed in (the public as well, where `feedback` says so); drafts those who write, decide or audit.
pub fn may_read(actor: Option<&Actor>, version: &Version) -> bool {
    let insider = actor.is_some_and(|a| a.may_author() || a.has(Role::BoardMember) || a.has(Role::Auditor));
    match version.state {
        State::Adopted | State::Published | State::Superseded => true,
        State::Withdrawn => insider || version.published_at.is_some(),
        State::Open | State::Closed => actor.is_some(),
        State::Draft => insider,
    }
}

/// The version with that uid.
///
/// # Errors
/// `NotFound`.
pub async fn version_by_uid(tx: &mut Tx, uid: Uuid) -> Result<Version> {
    store::version_by_uid(tx, uid).await?.ok_or(Problem::NotFound)
}

/// The version with that key.
///
/// # Errors
/// `NotFound`.
pub async fn version_by_id(tx: &mut Tx, id: VersionId) -> Result<Version> {
    store::version(tx, id).await?.ok_or(Problem::NotFound)
}

/// All versions, oldest first.
pub async fn versions(tx: &mut Tx, policy: PolicyId) -> Result<Vec<Version>> {
    store::versions(tx, policy).await
}

/// The version in force on a day, also on one in the past or future; `None` before the first and after a withdrawal.
pub async fn current(tx: &mut Tx, policy: PolicyId, day: Day) -> Result<Option<Version>> {
    Ok(in_force(&store::versions(tx, policy).await?, day).cloned())
}

/// Of one policy's versions, the one in force on the day. A version that was withdrawn before its day never came into force.
fn in_force(versions: &[Version], day: Day) -> Option<&Version> {
    versions
        .iter()
        .filter_map(|v| v.published_at.and(v.effective).map(|effective| (effective, v)))
        .filter(|(effective, v)| *effective <= day && v.withdrawn_day.is_none_or(|end| end > *effective))
        .max_by_key(|(effective, v)| (*effective, v.number))
        .map(|(_, v)| v)
        .filter(|v| v.withdrawn_day.is_none_or(|end| end > day))
}

/// Every version that was in force on some day from `from` to `until`, with the day since which it was, by slug and day.
pub async fn in_force_during(tx: &mut Tx, from: Day, until: Day) -> Result<Vec<(Version, Day)>> {
    let mut by_policy: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for version in store::published(tx).await? {
        by_policy.entry(version.slug.clone()).or_default().push(version);
    }
    let mut found: Vec<(Version, Day)> = Vec::new();
    for versions in by_policy.values() {
        let mut days: Vec<Day> = versions.iter().filter_map(|v| v.effective).filter(|day| *day > from && *day <= until).collect();
        days.push(from);
        days.sort_unstable();
        let mut last = None;
        for day in days {
            if let Some(version) = in_force(versions, day)
                && last != Some(version.id)
            {
                last = Some(version.id);
                found.push((version.clone(), version.effective.unwrap_or(day)));
            }
        }
    }
    Ok(found)
}

/// A line of the public list.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    pub policy: Policy,
    pub title: String,
    pub summary: String,
    /// The language of title and summary.
    pub language: String,
    pub current: Option<Version>,
    /// Published, in force from a later day on.
    pub coming: Option<Version>,
}

/// What the public sees: policies in force on the day, or about to be, by title in that language (else in the district's).
pub async fn list_public(tx: &mut Tx, day: Day, language: Option<&str>) -> Result<Vec<Listed>> {
    let own = district::get(tx).await?.language;
    let mut by_policy: BTreeMap<PolicyId, Vec<Version>> = BTreeMap::new();
    for version in store::published(tx).await? {
        by_policy.entry(version.policy_id).or_default().push(version);
    }
    let mut titles: BTreeMap<VersionId, BTreeMap<String, (String, String)>> = BTreeMap::new();
    for (version, language, title, summary) in store::published_titles(tx).await? {
        titles.entry(version).or_default().insert(language, (title, summary));
    }
    let mut listed = Vec::new();
    for policy in store::policies(tx).await? {
        let versions = by_policy.remove(&policy.id).unwrap_or_default();
        let current = in_force(&versions, day).cloned();
        let coming = versions.iter().find(|v| v.state == State::Published && v.effective.is_some_and(|e| e > day)).cloned();
        let Some(shown) = current.as_ref().or(coming.as_ref()) else { continue };
        let Some(words) = titles.remove(&shown.id) else { continue };
        let Some(language) = choose(words.keys(), language, &own) else { continue };
        let (title, summary) = words.get(&language).cloned().unwrap_or_default();
        listed.push(Listed { policy, title, summary, language, current, coming });
    }
    listed.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(listed)
}

/// The wanted language if there is one (`es` also for `es-MX`), else the district's, else the first.
fn choose<'a>(there: impl Iterator<Item = &'a String> + Clone, wanted: Option<&str>, own: &str) -> Option<String> {
    let has = |tag: &str| there.clone().find(|l| l.eq_ignore_ascii_case(tag)).cloned();
    wanted
        .and_then(|w| has(w).or_else(|| has(w.split(['-', '_']).next().unwrap_or(w))))
        .or_else(|| has(own))
        .or_else(|| there.clone().next().cloned())
}

/// The version's text in the wanted language; where it has none, in the district's, and the reading says so.
/// Whether the reader may see it is for the caller to ask: [`may_read`].
///
/// # Errors
/// `NotFound` for a version without any text.
pub async fn read(tx: &mut Tx, version: &Version, wanted: Option<&str>) -> Result<Reading> {
    let own = district::get(tx).await?.language;
    let languages = store::languages(tx, version.id).await?;
    let language = choose(languages.iter(), wanted, &own).ok_or(Problem::NotFound)?;
    let text = store::text(tx, version.id, &language).await?.ok_or(Problem::NotFound)?;
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
    let instead_of = wanted.filter(|w| primary(w) != primary(&language)).map(ToOwned::to_owned);
    let (hash, minutes) = (text.hash()?, text.minutes());
    let sections = numbered(&text);
    Ok(Reading {
        version: version.clone(),
        title: text.title,
        summary: text.summary,
        language,
        instead_of,
        languages,
        sections,
        statement: text.statement,
        if_declined: text.if_declined,
        consents: text.consents,
        hash,
        minutes,
    })
}

fn numbered(text: &Text) -> Vec<ReadSection> {
    let mut sections = Vec::new();
    for (s, section) in (1..).zip(&text.sections) {
        let clauses = (1..).zip(&section.clauses).map(|(c, clause)| ReadClause {
            number: format!("{s}.{c}"),
            id: clause.id.clone(),
            body: clause.body.clone(),
            elements: clause.elements.clone(),
            hash: clause.hash(),
        });
        let clauses = clauses.collect();
        sections.push(ReadSection { number: s.to_string(), id: section.id.clone(), title: section.title.clone(), clauses });
    }
    sections
}

/// The raw text in exactly that language, for editors and files.
///
/// # Errors
/// `NotFound` where the version has none.
pub async fn text(tx: &mut Tx, version: VersionId, language: &str) -> Result<Text> {
    store::text(tx, version, language).await?.ok_or(Problem::NotFound)
}

/// The blanks that are still open, each once, over all languages.
pub async fn open_blanks(tx: &mut Tx, version: VersionId) -> Result<Vec<String>> {
    let mut blanks: Vec<String> = Vec::new();
    for text in store::texts(tx, version).await?.values() {
        for blank in text.blanks() {
            if !blanks.contains(&blank) {
                blanks.push(blank);
            }
        }
    }
    Ok(blanks)
}

/// One element and the clauses that answer it.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    pub element: &'static Element,
    /// Whether this policy must answer it before adoption.
    pub required: bool,
    /// Ids of the clauses that name it.
    pub clauses: Vec<String>,
}

/// Whether the version asks several things, each with its own yes or no.
pub async fn asks_consents(tx: &mut Tx, version: VersionId) -> Result<bool> {
    store::asks_consents(tx, version).await
}

/// Which elements a version must answer or answers, and where; elements that it neither must nor does are left out.
pub async fn coverage(tx: &mut Tx, version: &Version) -> Result<Vec<Coverage>> {
    let reading = read(tx, version, None).await?;
    let all = elements::all().iter().map(|element| Coverage {
        element,
        required: element.required.contains(&version.slug),
        clauses: reading
            .sections
            .iter()
            .flat_map(|s| &s.clauses)
            .filter(|c| c.elements.contains(&element.id))
            .map(|c| c.id.clone())
            .collect(),
    });
    Ok(all.filter(|c| c.required || !c.clauses.is_empty()).collect())
}

/// What differs between two versions in one language.
///
/// # Errors
/// `NotFound` where one of them has no text in that language.
pub async fn changes(tx: &mut Tx, before: VersionId, after: VersionId, language: &str) -> Result<Comparison> {
    let (before, after) = (text(tx, before, language).await?, text(tx, after, language).await?);
    Ok(compare::compare(&before, &after))
}

/// The languages in which a version can be read.
pub async fn languages(tx: &mut Tx, version: VersionId) -> Result<Vec<String>> {
    store::languages(tx, version).await
}
