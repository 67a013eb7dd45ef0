use uuid::Uuid;

use super::{Answer, Comment, Outcome, Round, Showing, Stakeholder};
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, CommentId, Day, Moment, Result, VersionId};
use crate::on;

fn account(actor: &Actor) -> Option<AccountId> {
    (actor.account.0 != 0).then_some(actor.account)
}

pub async fn insert_round(tx: &mut Tx, actor: &Actor, version: VersionId, closes: Day, public: bool) -> Result<()> {
    let (uid, now) = (tx.uid(), tx.now());
    on!(tx, |c| sqlx::query(
        "INSERT INTO feedback_round (uid, version_id, public, closes, opened_at, account_id) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(uid)
    .bind(version)
    .bind(public)
    .bind(closes)
    .bind(now)
    .bind(account(actor))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn close_rounds(tx: &mut Tx, version: VersionId) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("UPDATE feedback_round SET closed_at = $2 WHERE version_id = $1 AND closed_at IS NULL")
        .bind(version)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn rounds(tx: &mut Tx, version: VersionId) -> Result<Vec<Round>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT id, uid, version_id, public, closes, opened_at, closed_at FROM feedback_round WHERE version_id = $1 ORDER BY id"
    )
    .bind(version)
    .fetch_all(c)
    .await)?)
}

pub async fn unclosed(tx: &mut Tx) -> Result<Vec<Round>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT id, uid, version_id, public, closes, opened_at, closed_at FROM feedback_round WHERE closed_at IS NULL ORDER BY closes, id"
    )
    .fetch_all(c)
    .await)?)
}

pub async fn insert_comment(tx: &mut Tx, actor: Option<&Actor>, round: &Round, comment: &Comment) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO feedback_comment
             (uid, round_id, version_id, language, clause_id, quote, body, account_id, display_name, stakeholder, from_minor, state, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    )
    .bind(comment.uid)
    .bind(round.id)
    .bind(round.version_id)
    .bind(&comment.language)
    .bind(&comment.clause_id)
    .bind(&comment.quote)
    .bind(&comment.body)
    .bind(actor.and_then(account))
    .bind(&comment.display_name)
    .bind(comment.stakeholder)
    .bind(comment.from_minor)
    .bind(comment.state)
    .bind(comment.at)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Where a comment belongs.
#[derive(sqlx::FromRow)]
pub struct Held {
    pub id: CommentId,
    pub version_id: VersionId,
    /// `None`: from the public page.
    pub account_id: Option<AccountId>,
}

pub async fn comment_at(tx: &mut Tx, uid: Uuid) -> Result<Option<Held>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, version_id, account_id FROM feedback_comment WHERE uid = $1")
        .bind(uid)
        .fetch_optional(c)
        .await)?)
}

#[derive(sqlx::FromRow)]
struct CommentRow {
    uid: Uuid,
    language: String,
    clause_id: Option<String>,
    quote: String,
    body: String,
    display_name: String,
    stakeholder: Stakeholder,
    signed_in: bool,
    from_minor: bool,
    state: Showing,
    at: Moment,
    outcome: Option<Outcome>,
    reason: Option<String>,
    by_name: Option<String>,
    answered_at: Option<Moment>,
}

pub async fn comments(tx: &mut Tx, version: VersionId) -> Result<Vec<Comment>> {
    let rows: Vec<CommentRow> = on!(tx, |c| sqlx::query_as(
        "SELECT f.uid, f.language, f.clause_id, f.quote, f.body, f.display_name, f.stakeholder,
                f.account_id IS NOT NULL AS signed_in, f.from_minor, f.state, f.at,
                d.outcome, d.reason, d.by_name, d.at AS answered_at
         FROM feedback_comment f
         LEFT JOIN disposition d ON d.id = (SELECT MAX(id) FROM disposition WHERE comment_id = f.id)
         WHERE f.version_id = $1
         ORDER BY f.id"
    )
    .bind(version)
    .fetch_all(c)
    .await)?;
    let comments = rows.into_iter().map(|r| Comment {
        answer: match (r.outcome, r.reason, r.by_name, r.answered_at) {
            (Some(outcome), Some(reason), Some(by_name), Some(at)) => Some(Answer { outcome, reason, by_name, at }),
            _ => None,
        },
        uid: r.uid,
        language: r.language,
        clause_id: r.clause_id,
        quote: r.quote,
        body: r.body,
        display_name: r.display_name,
        stakeholder: r.stakeholder,
        signed_in: r.signed_in,
        from_minor: r.from_minor,
        state: r.state,
        at: r.at,
    });
    Ok(comments.collect())
}

pub async fn unanswered(tx: &mut Tx, version: VersionId) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM feedback_comment f
         WHERE f.version_id = $1 AND NOT EXISTS (SELECT 1 FROM disposition d WHERE d.comment_id = f.id)"
    )
    .bind(version)
    .fetch_one(c)
    .await)?)
}

pub async fn heard(tx: &mut Tx, version: VersionId) -> Result<Vec<(Stakeholder, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT stakeholder, COUNT(*) FROM feedback_comment
         WHERE version_id = $1 AND (account_id IS NOT NULL OR stakeholder = 'community')
         GROUP BY stakeholder ORDER BY stakeholder"
    )
    .bind(version)
    .fetch_all(c)
    .await)?)
}

pub async fn heard_unsigned(tx: &mut Tx, version: VersionId) -> Result<Vec<Stakeholder>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT stakeholder FROM feedback_comment WHERE version_id = $1 AND account_id IS NULL ORDER BY stakeholder"
    )
    .bind(version)
    .fetch_all(c)
    .await)?)
}

pub async fn held(tx: &mut Tx, version: VersionId) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM feedback_comment WHERE version_id = $1 AND state = 'held'")
        .bind(version)
        .fetch_one(c)
        .await)?)
}

pub async fn show(tx: &mut Tx, comment: CommentId, state: Showing) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE feedback_comment SET state = $2 WHERE id = $1").bind(comment).bind(state).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn insert_disposition(tx: &mut Tx, actor: &Actor, comment: CommentId, outcome: Outcome, reason: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO disposition (comment_id, outcome, reason, account_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(comment)
    .bind(outcome)
    .bind(reason)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
