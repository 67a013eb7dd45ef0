//! Translations: what each follows of the original, and where the original has moved on since. The original is the text in the district's
//! language, or where there is none the first by tag. A translation that is behind is shown as such; it is never changed by itself.

use std::collections::HashMap;

use serde::Serialize;

use super::drafting;
use super::store::{self, Checked, Follows};
use super::text::{Clause, Text};
use super::{Version, author};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Problem, Result, VersionId};
use crate::roster::district;

/// How a clause of a translation stands to the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The original has the words that its translator had in view.
    Follows,
    /// The original has other words since.
    Behind,
    /// It isn't translated yet.
    Missing,
}

impl Standing {
    pub fn name(self) -> &'static str {
        match self {
            Self::Follows => "follows",
            Self::Behind => "behind",
            Self::Missing => "missing",
        }
    }
}

/// A clause of the original beside its translation.
#[derive(Debug, Clone, Serialize)]
pub struct Pair {
    pub clause: String,
    /// `3.2`, as the original counts.
    pub number: String,
    pub section: String,
    pub original: String,
    pub translation: String,
    pub standing: Standing,
    /// The original's words that the translation follows, where it is behind.
    pub followed: Option<String>,
    /// The version whose words those were.
    pub followed_number: Option<i64>,
}

/// What a translation as a whole is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The original has moved on, or clauses are missing.
    Behind,
    /// It follows, and nobody has read it against the original as it stands.
    Unread,
    /// Somebody has read it against the original as it stands.
    Read,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::Unread => "unread",
            Self::Read => "read",
        }
    }
}

/// One translation of a version.
#[derive(Debug, Clone, Serialize)]
pub struct Translation {
    pub language: String,
    pub state: State,
    /// Clauses that are behind or missing.
    pub behind: usize,
    /// The highest version whose words it follows.
    pub follows: Option<i64>,
    pub read_by: Option<Checked>,
    pub pairs: Vec<Pair>,
}

/// The language of the original.
///
/// # Errors
/// `NotFound` for a version without any text.
pub async fn original(tx: &mut Tx, version: VersionId) -> Result<String> {
    let own = district::get(tx).await?.language;
    let languages = store::languages(tx, version).await?;
    if languages.contains(&own) { Ok(own) } else { languages.into_iter().next().ok_or(Problem::NotFound) }
}

/// Every translation of the version, by language.
pub async fn translations(tx: &mut Tx, version: &Version) -> Result<Vec<Translation>> {
    let source = original(tx, version.id).await?;
    let mut all = Vec::new();
    for language in store::languages(tx, version.id).await? {
        if language != source {
            all.push(translation(tx, version, &source, &language).await?);
        }
    }
    Ok(all)
}

/// The translation in that language, clause by clause in the original's order.
///
/// # Errors
/// `NotFound` where there is none, and for the original itself.
pub async fn one(tx: &mut Tx, version: &Version, language: &str) -> Result<Translation> {
    let source = original(tx, version.id).await?;
    if source == language {
        return Err(Problem::NotFound);
    }
    translation(tx, version, &source, language).await
}

/// How many clauses of the text in that language are behind the original or missing; 0 for the original itself.
pub async fn behind(tx: &mut Tx, version: &Version, language: &str) -> Result<usize> {
    match one(tx, version, language).await {
        Ok(found) => Ok(found.behind),
        Err(Problem::NotFound) => Ok(0),
        Err(problem) => Err(problem),
    }
}

async fn translation(tx: &mut Tx, version: &Version, source: &str, language: &str) -> Result<Translation> {
    let original = store::text(tx, version.id, source).await?.ok_or(Problem::NotFound)?;
    let text = store::text(tx, version.id, language).await?.ok_or(Problem::NotFound)?;
    let followed: HashMap<String, store::Followed> =
        store::followed(tx, version.id, language).await?.into_iter().map(|row| (row.clause_id.clone(), row)).collect();
    let there: HashMap<&str, &Clause> = text.clauses().map(|clause| (clause.id.as_str(), clause)).collect();
    let mut pairs = Vec::new();
    for (s, section) in (1..).zip(&original.sections) {
        for (c, clause) in (1..).zip(&section.clauses) {
            let held = there.get(clause.id.as_str());
            let row = followed.get(&clause.id);
            let standing = match (held, row) {
                (None, _) => Standing::Missing,
                (Some(_), Some(row)) if row.source_body == clause.body => Standing::Follows,
                (Some(_), _) => Standing::Behind,
            };
            pairs.push(Pair {
                clause: clause.id.clone(),
                number: format!("{s}.{c}"),
                section: section.title.clone(),
                original: clause.body.clone(),
                translation: held.map(|held| held.body.clone()).unwrap_or_default(),
                followed: row.filter(|_| standing == Standing::Behind).map(|row| row.source_body.clone()),
                followed_number: row.map(|row| row.source_number),
                standing,
            });
        }
    }
    let behind = pairs.iter().filter(|pair| pair.standing != Standing::Follows).count();
    let read_by = store::last_check(tx, version.id, language).await?;
    let hash = pinned(&original, &text)?;
    let state = match &read_by {
        _ if behind > 0 => State::Behind,
        Some(check) if check.hash == hash => State::Read,
        _ => State::Unread,
    };
    let follows = followed.values().map(|row| row.source_number).max();
    Ok(Translation { language: language.to_owned(), state, behind, follows, read_by, pairs })
}

/// What a reading holds for: both texts as they stand.
fn pinned(original: &Text, translation: &Text) -> Result<String> {
    Ok(crate::kernel::digest::sha256_hex(format!("{}\n{}", original.hash()?, translation.hash()?)))
}

/// Notes that somebody has read the translation against the original, both as they stand.
///
/// # Errors
/// `Conflict` while it is behind.
pub async fn mark_read(tx: &mut Tx, actor: &Actor, version: &Version, language: &str) -> Result<()> {
    author(actor)?;
    let source = original(tx, version.id).await?;
    let found = one(tx, version, language).await?;
    if found.behind > 0 {
        return Err(Problem::conflict(format!("{} clauses are behind the original: bring them up to date first", found.behind)));
    }
    let original = store::text(tx, version.id, &source).await?.ok_or(Problem::NotFound)?;
    let text = store::text(tx, version.id, language).await?.ok_or(Problem::NotFound)?;
    store::insert_check(tx, actor, version.id, language, &pinned(&original, &text)?).await?;
    let detail = serde_json::json!({ "version": version.number, "language": language });
    audit::record(tx, actor, "policy.translation_read", &version.slug, detail).await
}

/// Begins a translation of a draft: the original's title, head and questions to be put into the other language, no clause yet.
///
/// # Errors
/// `Invalid` for what is no language tag; `Conflict` where there is one, and when the version is no draft.
pub async fn begin(tx: &mut Tx, actor: &Actor, version: &Version, language: &str) -> Result<()> {
    let language = language.trim();
    if store::languages(tx, version.id).await?.iter().any(|there| there == language) {
        return Err(Problem::conflict("there is a text in this language already: open it"));
    }
    let source = original(tx, version.id).await?;
    let mut text = store::text(tx, version.id, &source).await?.ok_or(Problem::NotFound)?;
    language.clone_into(&mut text.language);
    text.sections.clear();
    drafting::set_text(tx, actor, version.id, None, text).await.map(drop)
}

/// Writes the translation of a clause that has none yet, at the place where the original has it. `section_title` names its section where
/// the translation has no other clause of it; the elements are the original's.
///
/// # Errors
/// `Conflict` when somebody else has written it meanwhile, or when the version is no draft.
pub async fn write(
    tx: &mut Tx,
    actor: &Actor,
    version: &Version,
    (language, id): (&str, &str),
    section_title: &str,
    body: &str,
) -> Result<()> {
    let source = original(tx, version.id).await?;
    let original = store::text(tx, version.id, &source).await?.ok_or(Problem::NotFound)?;
    let text = store::text(tx, version.id, language).await?.ok_or(Problem::NotFound)?;
    if text.clause(id).is_some() {
        return Err(drafting::changed_meanwhile("the clause"));
    }
    let (s, c) = original.place(id).ok_or(Problem::NotFound)?;
    let section = &original.sections[s];
    let after = section.clauses[..c].iter().rev().find(|clause| text.clause(&clause.id).is_some()).map(|clause| clause.id.clone());
    let clause = Clause { id: id.to_owned(), elements: section.clauses[c].elements.clone(), body: body.to_owned() };
    let hash = text.hash()?;
    let title = if section_title.trim().is_empty() { &section.title } else { section_title };
    drafting::add_clause(tx, actor, version.id, (language, &hash), (&section.id, title), after.as_deref(), clause).await?;
    drafting::order_as(tx, version.id, language, &original).await
}

/// From now on these clauses of the translation (or all) follow the original as it stands. Nothing happens for the original itself.
pub(super) async fn follows_now(tx: &mut Tx, version: VersionId, language: &str, only: Option<&str>) -> Result<()> {
    let source = original(tx, version).await?;
    if source == language {
        return Ok(());
    }
    let (Some(original), Some(text)) = (store::text(tx, version, &source).await?, store::text(tx, version, language).await?) else {
        return Ok(());
    };
    let there: std::collections::HashSet<&str> = text.clauses().map(|clause| clause.id.as_str()).collect();
    let rows = original
        .clauses()
        .filter(|clause| there.contains(clause.id.as_str()) && only.is_none_or(|only| only == clause.id))
        .map(|clause| Follows { clause: &clause.id, version: version.0, body: &clause.body });
    store::follow(tx, version, language, rows).await
}

/// A blank was filled in every language: what was followed is followed on.
pub(super) async fn fill_followed(tx: &mut Tx, version: VersionId, language: &str, values: &[(String, String)]) -> Result<()> {
    let mut rows = store::followed(tx, version, language).await?;
    for row in &mut rows {
        for (name, value) in values {
            row.source_body = row.source_body.replace(&format!("[[{name}]]"), value);
        }
    }
    let rows: Vec<_> =
        rows.iter().map(|row| Follows { clause: &row.clause_id, version: row.source_version.0, body: &row.source_body }).collect();
    store::follow(tx, version, language, rows).await
}
