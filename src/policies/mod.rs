//! Policies through their versions: drafting, the text by clause and language, publication, reading, comparison, the shipped
//! library. Knows nothing of comments, votes or answers: `feedback` and `adoption` stand above and call [`publishing`].
//!
//! A version goes draft → open (for feedback) → closed → adopted → published → superseded, or is withdrawn. Its text changes
//! freely while it is a draft, clause by clause with a reason while it is open or closed, and never after its adoption.

pub mod compare;
pub mod docx;
pub mod drafting;
pub mod elements;
pub mod importing;
pub mod library;
mod parse;
pub mod publishing;
pub mod readability;
pub mod reading;
pub mod render;
pub mod reviewing;
mod revising;
mod shelf;
mod store;
mod text;
pub mod translating;

pub use drafting::{
    NewPolicy, Wording, add_clause, create, earlier_words, fill_blanks, move_clause, new_version, others_at_work, remove_clause,
    set_clause, set_head, set_text, take,
};
pub use parse::{Parsed, parse};
pub use publishing::{gaps, mark_reviewed, publish, settle, withdraw};
pub use reading::{Reading, current, list_public, may_read, read, version_by_uid, versions};
pub use revising::{Revision, revise_clause, revisions};
pub use shelf::Shelf;
pub use text::{Audience, Clause, Consent, Document, Kind, Section, Text, is_id};

use serde::Serialize;
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, PolicyId, Problem, Result, VersionId};

/// A policy through all its versions.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Policy {
    #[serde(skip)]
    pub id: PolicyId,
    pub uid: Uuid,
    /// In addresses: `internet-safety`.
    pub slug: String,
    pub kind: Kind,
    pub audience: Audience,
    /// Who looks after it, as a title; may be empty.
    pub owner: String,
    pub reading_ceiling: Option<f64>,
    pub review_months: i64,
    pub last_review: Option<Day>,
    pub next_review: Option<Day>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    /// People comment.
    Open,
    /// Comments are being answered.
    Closed,
    Adopted,
    /// In force from its effective day on, until another is.
    Published,
    Superseded,
    Withdrawn,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Adopted => "adopted",
            Self::Published => "published",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// One version of a policy, without its text.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Version {
    #[serde(skip)]
    pub id: VersionId,
    pub uid: Uuid,
    #[serde(skip)]
    pub policy_id: PolicyId,
    pub slug: String,
    pub number: i64,
    pub state: State,
    /// Changes what people agreed to, so that they are asked again.
    pub material: bool,
    pub change_reason: String,
    pub change_summary: String,
    pub author_name: String,
    pub created_at: Moment,
    pub adopted_day: Option<Day>,
    pub adopted_at: Option<Moment>,
    pub published_at: Option<Moment>,
    /// In force from this day on.
    pub effective: Option<Day>,
    /// In force no more since this day.
    pub withdrawn_day: Option<Day>,
}

/// The policy of that slug.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut Tx, slug: &str) -> Result<Policy> {
    store::policy(tx, slug).await?.ok_or(Problem::NotFound)
}

/// Every policy, by slug.
pub async fn all(tx: &mut Tx) -> Result<Vec<Policy>> {
    store::policies(tx).await
}

/// The version with that number, or without one the latest.
///
/// # Errors
/// `NotFound`.
pub async fn version(tx: &mut Tx, slug: &str, number: Option<i64>) -> Result<Version> {
    let policy = find(tx, slug).await?;
    let mut versions = store::versions(tx, policy.id).await?;
    match number {
        Some(number) => versions.into_iter().find(|v| v.number == number).ok_or(Problem::NotFound),
        None => versions.pop().ok_or(Problem::NotFound),
    }
}

/// # Errors
/// `NotFound` for whoever may not write drafts: nobody learns what is there.
fn author(actor: &Actor) -> Result<()> {
    if actor.may_author() { Ok(()) } else { Err(Problem::NotFound) }
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// Trimmed, on one line, not longer than `longest` characters, free of NUL; what is wrong goes under `field`.
fn line(field: &str, value: &str, longest: usize) -> Result<String> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Problem::invalid(field, "this is empty: write it"));
    }
    if value.chars().count() > longest || value.chars().any(char::is_control) {
        return Err(Problem::invalid(field, format!("write at most {longest} characters on one line")));
    }
    Ok(value.to_owned())
}
