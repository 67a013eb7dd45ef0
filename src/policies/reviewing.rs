//! The review cycle: who looks after a policy, how often it is looked at again, and each review with what came of it.

use super::publishing::mark_reviewed;
pub use super::store::ReviewRow;
use super::{Policy, Version, author, drafting, line, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Result};
use crate::roster::district;

/// What a review came to.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The text stands.
    NoChange,
    /// It has to change: a draft is begun.
    Draft { material: bool, reason: String, summary: String },
}

/// Records a review held on that day; `note` says what was looked at and what was found. The next one is due after the policy's months.
///
/// # Errors
/// `Invalid` without a note or for a day to come; `Conflict` where a draft is wanted while another version is in the making, and for a
/// policy that has never been published.
pub async fn review(tx: &mut Tx, actor: &Actor, slug: &str, day: Day, note: &str, outcome: Outcome) -> Result<Option<Version>> {
    author(actor)?;
    let note = note.trim();
    if note.is_empty() || note.chars().count() > 5_000 || note.contains('\0') {
        return Err(Problem::invalid("note", "say what was looked at and what was found, in at most 5,000 characters"));
    }
    let policy = super::find(tx, slug).await?;
    if !store::versions(tx, policy.id).await?.iter().any(|v| v.published_at.is_some()) {
        return Err(Problem::conflict("this policy has never been published: a review looks at what is in force"));
    }
    let today = district::get(tx).await?.today(tx.now());
    if day > today {
        return Err(Problem::invalid("day", "the day of a review can't lie in the future"));
    }
    let version = match outcome {
        Outcome::NoChange => None,
        Outcome::Draft { material, reason, summary } => Some(drafting::new_version(tx, actor, slug, material, &reason, &summary).await?),
    };
    let uid = tx.uid();
    store::insert_review(tx, actor, policy.id, (uid, day), version.as_ref().map(|v| v.id), note).await?;
    let short: String = note.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(900).collect();
    mark_reviewed(tx, actor, slug, day, &short).await?;
    Ok(version)
}

/// The reviews of a policy, newest first.
pub async fn reviews(tx: &mut Tx, policy: &Policy) -> Result<Vec<ReviewRow>> {
    store::reviews(tx, policy.id).await
}

/// Sets who looks after a policy (a title; may be empty), and after how many months it is looked at again.
pub async fn set_owner(tx: &mut Tx, actor: &Actor, slug: &str, owner: &str, months: i64) -> Result<()> {
    author(actor)?;
    let owner = if owner.trim().is_empty() { String::new() } else { line("owner", owner, 200)? };
    if !(1..=120).contains(&months) {
        return Err(Problem::invalid("months", "write a whole number of months from 1 to 120"));
    }
    let mut policy = super::find(tx, slug).await?;
    policy.review_months = months;
    let today = district::get(tx).await?.today(tx.now());
    let current = super::current(tx, policy.id, today).await?;
    let since = policy.last_review.max(current.and_then(|v| v.effective));
    let next = since.map(|day| super::publishing::review_after(&policy, day));
    store::set_owner(tx, policy.id, &owner, months, next).await?;
    audit::record(tx, actor, "policy.owner_set", slug, serde_json::json!({ "owner": owner, "months": months })).await
}
