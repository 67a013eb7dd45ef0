//! What people see of the mail: how many wait, what went out, what went amiss, what came to oneself.

use serde::Serialize;
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, Page, Result};
use crate::on;

/// How many.
#[derive(Debug, Clone, Copy, Serialize, sqlx::FromRow)]
pub struct NumbersRow {
    /// People and accounts for whom something waits, or a mail is under way.
    pub waiting: i64,
    /// Mails that the server took since the moment asked for.
    pub sent: i64,
    /// Refused, unsure or come back, and taken up by nobody yet.
    pub amiss: i64,
    /// Of these, since the moment asked for.
    pub amiss_lately: i64,
}

pub async fn numbers(tx: &mut Tx, since: Moment) -> Result<NumbersRow> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM (SELECT n.person_id AS who FROM notification n WHERE n.state = 'waiting' AND n.person_id IS NOT NULL
                                       UNION SELECT m.person_id FROM mail m WHERE m.state IN ('waiting', 'sending') AND m.person_id IS NOT NULL) p)
                + (SELECT COUNT(*) FROM (SELECT n.account_id AS who FROM notification n WHERE n.state = 'waiting' AND n.account_id IS NOT NULL
                                         UNION SELECT m.account_id FROM mail m
                                         WHERE m.state IN ('waiting', 'sending') AND m.account_id IS NOT NULL) a) AS waiting,
                (SELECT COUNT(*) FROM mail m WHERE m.state = 'sent' AND m.ended_at >= $1) AS sent,
                (SELECT COUNT(*) FROM mail m WHERE m.state IN ('failed', 'unsure', 'bounced') AND m.again_at IS NULL) AS amiss,
                (SELECT COUNT(*) FROM mail m WHERE m.state IN ('failed', 'unsure', 'bounced') AND m.again_at IS NULL AND m.ended_at >= $1)
                AS amiss_lately"
    )
    .bind(since)
    .fetch_one(c)
    .await
    })?)
}

/// How many mails went amiss since then that nobody has taken up.
pub async fn amiss_since(tx: &mut Tx, since: Moment) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM mail m WHERE m.state IN ('failed', 'unsure', 'bounced') AND m.again_at IS NULL AND m.ended_at >= $1"
    )
    .bind(since)
    .fetch_one(c)
    .await)?)
}

/// A mail that went amiss.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct AmissRow {
    pub uid: Uuid,
    pub name: String,
    pub address: String,
    /// `failed`, `unsure` or `bounced`.
    pub state: String,
    pub at: Moment,
    /// The mail server's words, or a delivery report's.
    pub said: String,
    pub subject: String,
}

/// The newest first.
pub async fn amiss(tx: &mut Tx, page: Page) -> Result<Vec<AmissRow>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT m.uid, COALESCE(p.given || ' ' || p.family, a.name, '') AS name, m.address, m.state, COALESCE(m.ended_at, m.made_at) AS at, m.said,
                COALESCE(m.subject, '') AS subject
         FROM mail m LEFT JOIN person p ON p.id = m.person_id LEFT JOIN account a ON a.id = m.account_id
         WHERE m.state IN ('failed', 'unsure', 'bounced') AND m.again_at IS NULL
         ORDER BY m.id DESC LIMIT $1 OFFSET $2"
    )
    .bind(page.size)
    .bind(page.offset())
    .fetch_all(c)
    .await
    })?)
}

/// Takes a mail that went amiss off the list; its key, `None` where there is no such mail.
pub async fn take_up(tx: &mut Tx, uid: Uuid) -> Result<Option<i64>> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query_scalar(
        "UPDATE mail SET again_at = $2 WHERE uid = $1 AND state IN ('failed', 'unsure', 'bounced') AND again_at IS NULL RETURNING id"
    )
    .bind(uid)
    .bind(now)
    .fetch_optional(c)
    .await)?)
}

/// What stood in that mail and still says something waits anew; how much.
pub async fn wait_again(tx: &mut Tx, mail: i64, today: Day) -> Result<u64> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query(
        "INSERT INTO notification (kind, person_id, account_id, obligation_id, step, subject, from_day, made_at)
         SELECT n.kind, n.person_id, n.account_id, l.id, n.step, n.subject, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
         FROM notification n
         LEFT JOIN obligation o ON o.id = n.obligation_id
         LEFT JOIN obligation l ON l.requirement_id = o.requirement_id AND l.person_id = o.person_id AND l.about_id = o.about_id
                                AND l.ended IS NULL AND l.state = 'open'
         LEFT JOIN requirement r ON r.id = l.requirement_id
         WHERE n.mail_id = $1 AND n.state = 'mailed' AND (n.obligation_id IS NULL OR r.state = 'issued')
           AND NOT EXISTS (SELECT 1 FROM notification w WHERE w.obligation_id = l.id AND w.state = 'waiting')
         ORDER BY n.id"
    )
    .bind(mail)
    .bind(today)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?)
}

/// A mail to oneself.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OwnRow {
    pub at: Moment,
    pub subject: String,
    pub language: Option<String>,
    pub address: String,
}

/// The latest mails that the server took for this account or its person.
pub async fn own(tx: &mut Tx, actor: &Actor, most: i64) -> Result<Vec<OwnRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT COALESCE(m.ended_at, m.made_at) AS at, COALESCE(m.subject, '') AS subject, m.language, m.address FROM mail m
         WHERE m.state = 'sent' AND (m.account_id = $1 OR m.person_id IN (SELECT r.id FROM person r WHERE r.id = $2 OR r.same_as = $2))
         ORDER BY m.id DESC LIMIT $3"
    )
    .bind(actor.account)
    .bind(actor.person)
    .bind(most)
    .fetch_all(c)
    .await)?)
}

/// Where mails to this account go: as the roster has it, or the user name where that is an address.
pub async fn address(tx: &mut Tx, actor: &Actor) -> Result<Option<String>> {
    let found: Option<Option<String>> = match actor.person {
        Some(person) => on!(tx, |c| {
            sqlx::query_scalar(
            "SELECT COALESCE(NULLIF(p.email, ''), (SELECT r.email FROM person r WHERE r.same_as = p.id AND r.email <> '' ORDER BY r.id LIMIT 1))
             FROM person p WHERE p.id = $1"
        )
        .bind(person)
        .fetch_optional(c)
        .await
        })?,
        None => on!(tx, |c| sqlx::query_scalar("SELECT CASE WHEN a.login LIKE '%@%' THEN a.login END FROM account a WHERE a.id = $1")
            .bind(actor.account)
            .fetch_optional(c)
            .await)?,
    };
    Ok(found.flatten().filter(|address| !address.trim().is_empty()))
}
