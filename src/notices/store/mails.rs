//! Mails: gathered from what waits, claimed, and what became of them.

use serde::Serialize;
use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Day, Moment, PersonId, Result};
use crate::on;
use crate::queue::Kind;

/// Somebody for whom something waits.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingRow {
    pub id: i64,
    /// As the roster has it, or an account's user name where that is an address.
    pub address: Option<String>,
    /// No longer of the district, or the account is disabled.
    pub gone: bool,
}

/// People behind that key for whom something of these kinds waits until `today`, so many.
pub async fn people_waiting(tx: &mut Tx, after: i64, today: Day, kinds: &[Kind], most: i64) -> Result<Vec<WaitingRow>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT p.id, COALESCE(NULLIF(p.email, ''), (SELECT r.email FROM person r WHERE r.same_as = p.id AND r.email <> '' ORDER BY r.id LIMIT 1))
                AS address, p.left_day IS NOT NULL AND p.left_day <= $2 AS gone
         FROM (SELECT n.person_id FROM notification n
               WHERE n.state = 'waiting' AND n.person_id > $1 AND n.from_day <= $2
                 AND n.kind IN (SELECT value->>0 FROM jsonb_each($3))
               GROUP BY n.person_id ORDER BY n.person_id LIMIT $4) w
         JOIN person p ON p.id = w.person_id ORDER BY p.id"
    )
    .bind(after)
    .bind(today)
    .bind(of_kinds(kinds))
    .bind(most)
    .fetch_all(c)
    .await
    })?)
}

/// The same, of accounts without a record on the roster.
pub async fn accounts_waiting(tx: &mut Tx, after: i64, today: Day, kinds: &[Kind], most: i64) -> Result<Vec<WaitingRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT a.id, CASE WHEN a.login LIKE '%@%' THEN a.login END AS address,
                a.disabled_at IS NOT NULL OR COALESCE(a.last_day < $2, FALSE) AS gone
         FROM (SELECT n.account_id FROM notification n
               WHERE n.state = 'waiting' AND n.account_id > $1 AND n.from_day <= $2
                 AND n.kind IN (SELECT value->>0 FROM jsonb_each($3))
               GROUP BY n.account_id ORDER BY n.account_id LIMIT $4) w
         JOIN account a ON a.id = w.account_id ORDER BY a.id"
    )
    .bind(after)
    .bind(today)
    .bind(of_kinds(kinds))
    .bind(most)
    .fetch_all(c)
    .await)?)
}

fn of_kinds(kinds: &[Kind]) -> sqlx::types::Json<crate::db::Numbered<[Kind; 1]>> {
    Bulk::of(kinds.iter().map(|kind| [*kind]))
}

/// Those of these addresses to which a mail is under way.
pub async fn busy(tx: &mut Tx, addresses: &[&str]) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT address FROM mail WHERE state IN ('waiting', 'sending') AND address IN (SELECT value->>0 FROM jsonb_each($1))"
    )
    .bind(Bulk::of(addresses.iter().map(|address| [address])))
    .fetch_all(c)
    .await)?)
}

/// Which column names the receivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    People,
    Accounts,
}

macro_rules! whose {
    ($whose:expr, $before:literal, $after:literal) => {
        match $whose {
            Whose::People => concat!($before, "person_id", $after),
            Whose::Accounts => concat!($before, "account_id", $after),
        }
    };
}

/// What waits for these and was turned off, by the district or by themselves, doesn't wait any more.
pub async fn turn_off(tx: &mut Tx, whose: Whose, ids: &[i64]) -> Result<()> {
    let sql: &'static str = match whose {
        Whose::People => {
            "UPDATE notification SET state = 'off'
             WHERE state = 'waiting' AND person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
               AND EXISTS (SELECT 1 FROM notice_off f WHERE f.kind = notification.kind
                             AND (f.account_id = 0
                                  OR f.account_id IN (SELECT a.id FROM account a JOIN person r ON r.id = a.person_id
                                                      WHERE r.id = notification.person_id OR r.same_as = notification.person_id)))"
        }
        Whose::Accounts => {
            "UPDATE notification SET state = 'off'
             WHERE state = 'waiting' AND account_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
               AND EXISTS (SELECT 1 FROM notice_off f WHERE f.kind = notification.kind AND f.account_id IN (0, notification.account_id))"
        }
    };
    on!(tx, |c| sqlx::query(sql).bind(Bulk::of(ids)).execute(c).await.map(drop))?;
    Ok(())
}

/// What waits for these until `today` ends as `state`: nobody can be told.
pub async fn end_waiting(tx: &mut Tx, whose: Whose, ids: &[i64], today: Day, state: &str) -> Result<()> {
    let sql: &'static str = whose!(
        whose,
        "UPDATE notification SET state = $2 WHERE state = 'waiting' AND from_day <= $3 AND ",
        " IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    );
    on!(tx, |c| sqlx::query(sql).bind(Bulk::of(ids)).bind(state).bind(today).execute(c).await.map(drop))?;
    Ok(())
}

/// Makes a mail for each receiver and address to which none is under way (another machine may gather at the same moment), and puts into it what waits of these kinds until `today`.
pub async fn make(tx: &mut Tx, whose: Whose, rows: &[(i64, String)], today: Day, kinds: &[Kind]) -> Result<()> {
    let now = tx.now();
    let with_uid: Vec<(i64, &str, String)> =
        rows.iter().map(|(id, address)| (*id, address.as_str(), tx.uid().simple().to_string())).collect();
    macro_rules! insert {
        ($column:literal, $uid:literal) => {
            concat!(
                "INSERT INTO mail (uid, ",
                $column,
                ", address, next_at, made_at)
                 SELECT ",
                $uid,
                ", CAST(value->>0 AS BIGINT), value->>1, $2, $2 FROM jsonb_each($1) WHERE TRUE
                 ON CONFLICT (address) WHERE state IN ('waiting', 'sending') DO NOTHING"
            )
        };
    }
    let before: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM mail").fetch_one(c).await)?;
    let (sqlite, postgres): (&'static str, &'static str) = match whose {
        Whose::People => (insert!("person_id", "unhex(value->>2)"), insert!("person_id", "CAST(value->>2 AS UUID)")),
        Whose::Accounts => (insert!("account_id", "unhex(value->>2)"), insert!("account_id", "CAST(value->>2 AS UUID)")),
    };
    on!(tx, sqlite sqlite, postgres postgres, |c, sql| {
        sqlx::query(sql).bind(Bulk::of(&with_uid)).bind(now).execute(c).await.map(drop)
    })?;
    let fill: &'static str = match whose {
        Whose::People => {
            "UPDATE notification SET state = 'mailed', mail_id = m.id FROM mail m
             WHERE m.id > $1 AND m.state = 'waiting' AND m.person_id = notification.person_id AND notification.state = 'waiting' AND notification.from_day <= $2
               AND notification.kind IN (SELECT value->>0 FROM jsonb_each($3))"
        }
        Whose::Accounts => {
            "UPDATE notification SET state = 'mailed', mail_id = m.id FROM mail m
             WHERE m.id > $1 AND m.state = 'waiting' AND m.account_id = notification.account_id AND notification.state = 'waiting' AND notification.from_day <= $2
               AND notification.kind IN (SELECT value->>0 FROM jsonb_each($3))"
        }
    };
    on!(tx, |c| sqlx::query(fill).bind(before).bind(today).bind(of_kinds(kinds)).execute(c).await.map(drop))?;
    Ok(())
}

/// A mail on its way to the server.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MailRow {
    pub id: i64,
    pub uid: Uuid,
    pub person_id: Option<PersonId>,
    pub account_id: Option<AccountId>,
    pub address: String,
    pub attempts: i64,
}

/// Takes mails whose time has come, the oldest first; nobody else takes them.
pub async fn take(tx: &mut Tx, most: i64) -> Result<Vec<MailRow>> {
    let now = tx.now();
    let mut rows: Vec<MailRow> = on!(tx,
        sqlite "UPDATE mail SET state = 'sending', taken_at = $1, attempts = attempts + 1
                WHERE id IN (SELECT id FROM mail WHERE state = 'waiting' AND next_at <= $1 ORDER BY id LIMIT $2)
                RETURNING id, uid, person_id, account_id, address, attempts",
        postgres "UPDATE mail SET state = 'sending', taken_at = $1, attempts = attempts + 1
                  WHERE id IN (SELECT id FROM mail WHERE state = 'waiting' AND next_at <= $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
                  RETURNING id, uid, person_id, account_id, address, attempts",
        |c, sql| sqlx::query_as(sql).bind(now).bind(most).fetch_all(c).await)?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Whether any mail's time has come.
pub async fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM mail WHERE state = 'waiting' AND next_at <= $1 LIMIT 1")
        .bind(now)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// How a mail was written.
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    pub id: i64,
    pub language: &'a str,
    pub subject: &'a str,
}

pub async fn written(tx: &mut Tx, mails: &[Written<'_>]) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
        "UPDATE mail SET language = v.language, subject = v.subject
         FROM (SELECT CAST(value->>'id' AS BIGINT) AS id, value->>'language' AS language, value->>'subject' AS subject FROM jsonb_each($1)) AS v
         WHERE mail.id = v.id"
    )
    .bind(Bulk::of(mails))
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// What became of a mail.
#[derive(Debug, Serialize)]
pub struct EndRow {
    pub id: i64,
    /// `sent`, `failed`, `unsure`, `dropped`; `waiting`: to be tried again.
    pub state: &'static str,
    pub said: String,
    pub next_at: Moment,
}

pub async fn end(tx: &mut Tx, mails: &[EndRow]) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| {
        sqlx::query(
        "UPDATE mail SET state = v.state, said = v.said, next_at = v.next_at, ended_at = CASE WHEN v.state <> 'waiting' THEN CAST($2 AS BIGINT) END
         FROM (SELECT CAST(value->>'id' AS BIGINT) AS id, value->>'state' AS state, value->>'said' AS said,
                      CAST(value->>'next_at' AS BIGINT) AS next_at FROM jsonb_each($1)) AS v
         WHERE mail.id = v.id AND mail.state = 'sending'"
    )
    .bind(Bulk::of(mails))
    .bind(now)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Whether a mail that was taken before that moment is still under way.
pub async fn any_left_behind(tx: &mut Tx, taken_before: Moment) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM mail WHERE state = 'sending' AND taken_at < $1 LIMIT 1")
        .bind(taken_before)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// What stood in mails that say nothing any more.
pub async fn drop_notices(tx: &mut Tx, mails: &[i64]) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "UPDATE notification SET state = 'dropped' WHERE mail_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(Bulk::of(mails))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Mails that a machine took and never spoke of again count as unsure: handed over before that moment. How many.
pub async fn give_up(tx: &mut Tx, taken_before: Moment, said: &str) -> Result<u64> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query("UPDATE mail SET state = 'unsure', said = $2, ended_at = $3 WHERE state = 'sending' AND taken_at < $1")
        .bind(taken_before)
        .bind(said)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?)
}

/// A notice of a mail, with the duty that it speaks of as it stands now.
#[derive(Debug, sqlx::FromRow)]
pub struct SaidRow {
    pub mail_id: i64,
    pub kind: Kind,
    pub subject: String,
    /// Of the duty as it is asked now; null where the notice speaks of none.
    pub title: Option<String>,
    pub requirement: Option<Uuid>,
    pub about: Option<Uuid>,
    /// The child's given name, where it is asked for a child.
    pub child: Option<String>,
    pub due: Option<Day>,
    pub grace_days: Option<i64>,
    pub minutes: Option<i64>,
    /// It speaks of a duty, and that is open.
    pub open: bool,
    pub is_duty: bool,
}

/// All notices of these mails.
pub async fn said(tx: &mut Tx, mails: &[i64]) -> Result<Vec<SaidRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT n.mail_id, n.kind, n.subject, r.title, r.uid AS requirement, a.uid AS about,
                CASE WHEN l.person_id <> l.about_id THEN a.given END AS child, l.due, r.grace_days, r.minutes,
                l.id IS NOT NULL AS open, n.obligation_id IS NOT NULL AS is_duty
         FROM notification n
         LEFT JOIN obligation o ON o.id = n.obligation_id
         LEFT JOIN obligation l ON l.requirement_id = o.requirement_id AND l.person_id = o.person_id AND l.about_id = o.about_id
                                AND l.ended IS NULL AND l.state = 'open'
         LEFT JOIN requirement r ON r.id = l.requirement_id
         LEFT JOIN person a ON a.id = l.about_id
         WHERE n.mail_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
         ORDER BY n.mail_id, l.due, n.id"
    )
    .bind(Bulk::of(mails))
    .fetch_all(c)
    .await)?)
}

/// Whom a mail greets, and in which language.
#[derive(Debug, sqlx::FromRow)]
pub struct ReaderRow {
    pub mail_id: i64,
    pub name: String,
    /// Chosen on a page before; else the roster's.
    pub language: Option<String>,
}

pub async fn readers(tx: &mut Tx, mails: &[i64]) -> Result<Vec<ReaderRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT m.id AS mail_id, COALESCE(p.given, a.name) AS name,
                COALESCE(a.language, (SELECT b.language FROM account b WHERE b.person_id = p.id), p.language) AS language
         FROM mail m
         LEFT JOIN person p ON p.id = m.person_id
         LEFT JOIN account a ON a.id = m.account_id
         WHERE m.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(Bulk::of(mails))
    .fetch_all(c)
    .await)?)
}

pub async fn exists(tx: &mut Tx, uid: Uuid) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM mail WHERE uid = $1").bind(uid).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Whether it was one that had gone out.
pub async fn bounced(tx: &mut Tx, uid: Uuid, said: &str) -> Result<bool> {
    let now = tx.now();
    let changed = on!(tx, |c| sqlx::query(
        "UPDATE mail SET state = 'bounced', said = $2, ended_at = $3 WHERE uid = $1 AND state IN ('sent', 'unsure')"
    )
    .bind(uid)
    .bind(said)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}
