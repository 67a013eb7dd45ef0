//! Changing a clause after people have begun to comment: allowed until adoption, with a reason that is kept beside both wordings.

use uuid::Uuid;

use super::drafting::{changed_meanwhile, checked_clause, frozen, get};
pub use super::store::RevisionRow;
use super::text::{Clause, Text};
use super::{State, author, line, store, translating};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Problem, Result, VersionId};

/// A change to one clause of a version that is open or closed.
#[derive(Debug, Clone)]
pub struct Revision {
    pub language: String,
    pub clause: String,
    /// The new Markdown; the elements stay.
    pub body: String,
    /// [`Clause::hash`] of the clause as the editor read it.
    pub expected: String,
    /// The comment that caused it, where one did; `feedback::revise` sees to it that there is one of that uid.
    pub comment: Option<Uuid>,
    pub reason: String,
}

/// Changes the clause and keeps both wordings with the reason.
///
/// # Errors
/// `Conflict` for a draft (which is simply edited), after adoption, and when somebody else has changed the clause meanwhile.
pub async fn revise_clause(tx: &mut Tx, actor: &Actor, version: VersionId, revision: Revision) -> Result<Text> {
    author(actor)?;
    let reason = line("reason", &revision.reason, 1_000)?;
    let found = get(tx, version).await?;
    if found.state == State::Draft {
        return Err(Problem::conflict(format!("version {} of “{}” is a draft: edit the clause itself", found.number, found.slug)));
    }
    if !store::take(tx, version, true).await? {
        return Err(frozen(&found));
    }
    let mut text = store::text(tx, version, &revision.language).await?.ok_or(Problem::NotFound)?;
    let held = text.clause_mut(&revision.clause).ok_or(Problem::NotFound)?;
    if held.hash() != revision.expected {
        return Err(changed_meanwhile("the clause"));
    }
    let new = checked_clause(Clause { id: held.id.clone(), elements: held.elements.clone(), body: revision.body })?;
    let row = RevisionRow {
        language: revision.language,
        clause_id: revision.clause,
        before_body: std::mem::replace(&mut held.body, new.body.clone()),
        after_body: new.body,
        comment_uid: revision.comment,
        reason,
        author_name: actor.name.clone(),
        at: tx.now(),
    };
    store::save_text(tx, version, &text).await?;
    store::insert_revision(tx, actor, version, &row).await?;
    translating::follows_now(tx, version, &row.language, Some(&row.clause_id)).await?;
    let detail = serde_json::json!({
        "version": found.number, "language": row.language, "clause": row.clause_id, "comment": row.comment_uid, "reason": row.reason,
    });
    audit::record(tx, actor, "policy.clause_revised", &found.slug, detail).await?;
    Ok(text)
}

/// What was changed since feedback began, oldest first.
pub async fn revisions(tx: &mut Tx, version: VersionId) -> Result<Vec<RevisionRow>> {
    store::revisions(tx, version).await
}
