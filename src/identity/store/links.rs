use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::AccountRow;
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Day, Moment, PersonId, Result};
use crate::on;

/// Keeps the links of these people by their tokens' hashes.
pub async fn insert(tx: &mut Tx, hashes: &HashMap<PersonId, String>, ends: Moment) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        person: PersonId,
        hash: &'a str,
    }
    let now = tx.now();
    let rows = hashes.iter().map(|(person, hash)| Row { person: *person, hash });
    on!(tx, |c| sqlx::query(
        "INSERT INTO sign_in_link (token_hash, person_id, made_at, ends_at)
         SELECT value->>'hash', CAST(value->>'person' AS BIGINT), $2, $3 FROM jsonb_each($1)"
    )
    .bind(Bulk::of(rows))
    .bind(now)
    .bind(ends)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Forgets links that ended before that moment.
pub async fn forget(tx: &mut Tx, ended_before: Moment) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM sign_in_link WHERE ends_at < $1").bind(ended_before).execute(c).await.map(drop))?;
    Ok(())
}

/// A link, and whose it is: the record that was kept.
#[derive(sqlx::FromRow)]
pub struct LinkRow {
    pub person: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub username: Option<String>,
    pub email: Option<String>,
    /// Where it isn't the district's own.
    pub language: Option<String>,
    /// On the roster today, under any record.
    pub here: bool,
    pub ends_at: Moment,
    pub used_at: Option<Moment>,
}

pub async fn by_hash(tx: &mut Tx, hash: &str, today: Day) -> Result<Option<LinkRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.id AS person, k.uid, k.given, k.family, k.username, k.email,
                CASE WHEN k.language <> d.language THEN k.language END AS language,
                EXISTS (SELECT 1 FROM person r WHERE (r.id = k.id OR r.same_as = k.id) AND (r.left_day IS NULL OR r.left_day > $2)) AS here,
                l.ends_at, l.used_at
         FROM sign_in_link l
         JOIN person p ON p.id = l.person_id
         JOIN person k ON k.id = COALESCE(p.same_as, p.id)
         LEFT JOIN district d ON d.id = 1
         WHERE l.token_hash = $1"
    )
    .bind(hash)
    .bind(today)
    .fetch_optional(c)
    .await)?)
}

/// Uses the link up. Of several that come at the same moment one alone hears `true`: PostgreSQL makes the others wait for the row, and then
/// finds it used.
pub async fn use_up(tx: &mut Tx, hash: &str) -> Result<bool> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query("UPDATE sign_in_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND ends_at > $2")
        .bind(hash)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected() == 1))?)
}

/// Ends the links of the account's person, whichever record they were made for.
pub async fn end_of_account(tx: &mut Tx, account: AccountId) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "UPDATE sign_in_link SET ends_at = $2
         WHERE used_at IS NULL AND ends_at > $2 AND person_id IN (
             SELECT COALESCE(p.same_as, p.id) FROM account a JOIN person p ON p.id = a.person_id WHERE a.id = $1
             UNION ALL
             SELECT r.id FROM account a JOIN person p ON p.id = a.person_id JOIN person r ON r.same_as = COALESCE(p.same_as, p.id)
             WHERE a.id = $1)"
    )
    .bind(account)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A person's account.
#[derive(sqlx::FromRow)]
pub struct OwnAccount {
    #[sqlx(flatten)]
    pub account: AccountRow,
    pub uid: Uuid,
    /// Chosen on a page.
    pub language: Option<String>,
    /// Made for somebody who came by a link: nobody has chosen its login yet.
    pub by_link: bool,
}

/// The account of a person: the kept record's own, else that of another record of theirs, one that works before one that doesn't.
pub async fn account_of(tx: &mut Tx, person: PersonId) -> Result<Option<OwnAccount>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT a.id, a.name, COALESCE(p.same_as, a.person_id) AS person_id, a.last_day, a.disabled_at, a.uid, a.language, a.by_link
         FROM account a JOIN person p ON p.id = a.person_id
         WHERE p.id = $1 OR p.same_as = $1
         ORDER BY CASE WHEN p.id = $1 THEN 0 ELSE 1 END, CASE WHEN a.disabled_at IS NULL THEN 0 ELSE 1 END, a.id LIMIT 1"
    )
    .bind(person)
    .fetch_optional(c)
    .await)?)
}

/// An account without a password that nobody asked for; `None` where the login is taken, or the person has one already.
pub async fn insert_account(tx: &mut Tx, login: &str, name: &str, person: PersonId) -> Result<Option<(AccountId, Uuid)>> {
    let (uid, now) = (tx.uid(), tx.now());
    let id: Option<AccountId> = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO account (uid, login, name, person_id, created_at, by_link) VALUES ($1, $2, $3, $4, $5, TRUE)
         ON CONFLICT DO NOTHING RETURNING id"
    )
    .bind(uid)
    .bind(login)
    .bind(name)
    .bind(person)
    .bind(now)
    .fetch_optional(c)
    .await)?;
    Ok(id.map(|id| (id, uid)))
}

/// Whoever has that login without anybody having chosen it, other than that person, is given another one.
pub async fn give_way(tx: &mut Tx, login: &str, person: Option<PersonId>, other: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET login = $3 WHERE login = $1 AND by_link = TRUE AND ($2 IS NULL OR person_id <> $2)")
        .bind(login)
        .bind(person)
        .bind(other)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The account is chosen now: its login, name and password.
pub async fn take_over(
    tx: &mut Tx,
    account: AccountId,
    login: &str,
    name: &str,
    password_hash: Option<&str>,
    last_day: Option<Day>,
) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET login = $2, name = $3, password_hash = $4, last_day = $5, by_link = FALSE WHERE id = $1")
        .bind(account)
        .bind(login)
        .bind(name)
        .bind(password_hash)
        .bind(last_day)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Writes down that the person wants another link, unless that was within the hour before; whether it was written.
pub async fn want(tx: &mut Tx, person: PersonId, not_since: Moment) -> Result<bool> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query(
        "INSERT INTO sign_in_link_wanted (person_id, at) VALUES ($1, $2)
         ON CONFLICT (person_id) DO UPDATE SET at = excluded.at WHERE sign_in_link_wanted.at <= $3"
    )
    .bind(person)
    .bind(now)
    .bind(not_since)
    .execute(c)
    .await
    .map(|done| done.rows_affected() == 1))?)
}
