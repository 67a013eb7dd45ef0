//! Reminders, made from the duties as they stand this morning.

use crate::db::Tx;
use crate::kernel::{Day, OrgId, RequirementId, Result};
use crate::on;

/// A requirement in force, and the last days of its open duties, grace included, from the ledger of counts.
#[derive(sqlx::FromRow)]
pub struct OpenRow {
    pub requirement: RequirementId,
    pub grace_days: i64,
    pub due: Day,
}

pub async fn open_days(tx: &mut Tx) -> Result<Vec<OpenRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT r.id AS requirement, r.grace_days, t.due
         FROM requirement r JOIN tally t ON t.requirement_id = r.id
         WHERE r.state = 'issued' AND t.state = 'open'
         GROUP BY r.id, r.grace_days, t.due HAVING SUM(t.change) > 0
         ORDER BY r.id, t.due"
    )
    .fetch_all(c)
    .await)?)
}

/// Reminds everybody whose open duty of that requirement has that last day (grace included), was asked before today, and of whom nothing was
/// made this morning. `kind` is `duty.due` or `duty.late`.
pub async fn remind(tx: &mut Tx, kind: &str, requirement: RequirementId, due: Day, step: i64, today: Day) -> Result<u64> {
    let now = tx.now();
    Ok(on!(tx, |c| {
        sqlx::query(
            "INSERT INTO notification (kind, person_id, obligation_id, step, from_day, made_at)
             SELECT CAST($1 AS TEXT), o.person_id, o.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM obligation o
             WHERE o.requirement_id = $5 AND o.due = $6 AND o.state = 'open' AND o.ended IS NULL
               AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.obligation_id = o.id AND n.from_day = $3)
               AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.obligation_id = o.id AND n.state = 'waiting')",
        )
        .bind(kind)
        .bind(step)
        .bind(today)
        .bind(now)
        .bind(requirement)
        .bind(due)
        .execute(c)
        .await
        .map(|done| done.rows_affected())
    })?)
}

/// Schools in which duties in force have been late since that day or before.
pub async fn late_schools(tx: &mut Tx, since: Day) -> Result<Vec<OrgId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT t.school_id FROM requirement r JOIN tally t ON t.requirement_id = r.id
         WHERE r.state = 'issued' AND t.state = 'open' AND t.due <= $1
         GROUP BY t.school_id HAVING SUM(t.change) > 0 ORDER BY t.school_id"
    )
    .bind(since)
    .fetch_all(c)
    .await)?)
}

/// Whoever had no address and has one now is told after all.
pub async fn wake(tx: &mut Tx) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "UPDATE notification SET state = 'waiting'
         WHERE state = 'no_address' AND obligation_id IS NOT NULL
           AND EXISTS (SELECT 1 FROM person p WHERE p.id = notification.person_id AND p.email <> '')
           AND EXISTS (SELECT 1 FROM obligation o WHERE o.id = notification.obligation_id AND o.state = 'open' AND o.ended IS NULL)"
    )
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Policies that are to be looked at again by that day: address, the day.
pub async fn reviews(tx: &mut Tx, until: Day) -> Result<Vec<(String, Day)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT slug, next_review FROM policy WHERE next_review IS NOT NULL AND next_review <= $1 ORDER BY next_review, slug"
    )
    .bind(until)
    .fetch_all(c)
    .await)?)
}

/// Whether something like it was said before.
pub async fn was_said(tx: &mut Tx, kind: &str, subject: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM notification WHERE kind = $1 AND subject = $2 LIMIT 1")
        .bind(kind)
        .bind(subject)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}
