use uuid::Uuid;

use super::class::Class;
use crate::db::Tx;
use crate::kernel::{AccountId, Day, Moment, OrgId, PersonId, Result, Role, SectionId};
use crate::on;

#[derive(sqlx::FromRow)]
pub struct AccountRow {
    pub name: String,
    /// The record that was kept, where the person has several.
    pub person_id: Option<PersonId>,
    pub last_day: Option<Day>,
    pub disabled_at: Option<Moment>,
}

#[derive(sqlx::FromRow)]
pub struct SessionRow {
    pub account_id: AccountId,
    pub seen_at: Moment,
    pub ends_at: Moment,
    pub language: Option<String>,
    /// `all` or `class`; of `class` also the three that follow.
    pub scope: String,
    pub class_section: Option<Uuid>,
    pub class_requirement: Option<Uuid>,
    pub class_language: Option<String>,
}

pub async fn account(tx: &mut Tx, id: AccountId) -> Result<Option<AccountRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT a.name, COALESCE(p.same_as, a.person_id) AS person_id, a.last_day, a.disabled_at
         FROM account a LEFT JOIN person p ON p.id = a.person_id WHERE a.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)?)
}

pub async fn granted(tx: &mut Tx, account: AccountId) -> Result<Vec<(Role, OrgId)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT role, org_id FROM account_role WHERE account_id = $1").bind(account).fetch_all(c).await)?)
}

/// Of all of the person's records.
pub async fn positions(tx: &mut Tx, person: PersonId, today: Day) -> Result<Vec<(String, OrgId)>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT po.role, po.org_id FROM position po JOIN person p ON p.id = po.person_id
         WHERE po.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND (po.ended IS NULL OR po.ended > $2) AND (p.left_day IS NULL OR p.left_day > $2)"
    )
    .bind(person)
    .bind(today)
    .fetch_all(c)
    .await
    })?)
}

pub async fn sections_taught(tx: &mut Tx, person: PersonId, today: Day) -> Result<Vec<SectionId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT e.section_id FROM enrollment e JOIN section s ON s.id = e.section_id
         WHERE e.person_id IN (SELECT r.id FROM person r
                               WHERE (r.id = $1 OR r.same_as = $1) AND (r.left_day IS NULL OR r.left_day > $2))
           AND e.role = 'teacher' AND e.left_day IS NULL AND s.left_day IS NULL"
    )
    .bind(person)
    .bind(today)
    .fetch_all(c)
    .await)?)
}

pub async fn has_children(tx: &mut Tx, person: PersonId) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM guardianship
                        WHERE guardian_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND ended IS NULL)"
    )
    .bind(person)
    .fetch_one(c)
    .await)?)
}

pub async fn insert_account(
    tx: &mut Tx,
    login: &str,
    name: &str,
    person: Option<PersonId>,
    password_hash: Option<&str>,
    last_day: Option<Day>,
) -> Result<(AccountId, Uuid)> {
    let (uid, now) = (tx.uid(), tx.now());
    let id = on!(tx, |c| {
        sqlx::query_scalar(
        "INSERT INTO account (uid, login, name, person_id, password_hash, last_day, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"
    )
    .bind(uid)
    .bind(login)
    .bind(name)
    .bind(person)
    .bind(password_hash)
    .bind(last_day)
    .bind(now)
    .fetch_one(c)
    .await
    })?;
    Ok((id, uid))
}

pub async fn grant(tx: &mut Tx, account: AccountId, role: Role, org: OrgId) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO account_role (account_id, role, org_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(account)
        .bind(role)
        .bind(org)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn account_by_login(tx: &mut Tx, login: &str) -> Result<Option<(AccountId, Uuid)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, uid FROM account WHERE login = $1").bind(login).fetch_optional(c).await)?)
}

pub async fn credentials(tx: &mut Tx, login: &str) -> Result<Option<(AccountId, Option<String>)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, password_hash FROM account WHERE login = $1 AND disabled_at IS NULL")
        .bind(login)
        .fetch_optional(c)
        .await)?)
}

pub async fn set_password(tx: &mut Tx, account: AccountId, hash: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1").bind(account).bind(hash).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn disable(tx: &mut Tx, account: AccountId) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("UPDATE account SET disabled_at = $2 WHERE id = $1").bind(account).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn set_language(tx: &mut Tx, account: AccountId, tag: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET language = $2 WHERE id = $1").bind(account).bind(tag).execute(c).await.map(drop))?;
    Ok(())
}

/// Under the record that was kept. Whoever was added by hand has no user name, and is found by the e-mail address.
pub async fn person_by_username(tx: &mut Tx, username: &str, today: Day) -> Result<Option<(PersonId, Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.id, k.uid, k.given || ' ' || k.family FROM person p JOIN person k ON k.id = COALESCE(p.same_as, p.id)
         WHERE (p.username = $1 OR (p.by_hand IS NOT NULL AND LOWER(p.email) = LOWER($1))) AND (p.left_day IS NULL OR p.left_day > $2)
         ORDER BY CASE WHEN p.username = $1 THEN 0 ELSE 1 END, p.id LIMIT 1"
    )
    .bind(username)
    .bind(today)
    .fetch_optional(c)
    .await)?)
}

pub async fn insert_session(tx: &mut Tx, token_hash: &str, account: AccountId, ends: Moment) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("INSERT INTO session (token_hash, account_id, began_at, seen_at, ends_at) VALUES ($1, $2, $3, $3, $4)")
        .bind(token_hash)
        .bind(account)
        .bind(now)
        .bind(ends)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn insert_class_session(tx: &mut Tx, token_hash: &str, account: AccountId, ends: Moment, class: &Class) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO session (token_hash, account_id, began_at, seen_at, ends_at, scope, class_section, class_requirement, class_language)
         VALUES ($1, $2, $3, $3, $4, 'class', $5, $6, $7)"
    )
    .bind(token_hash)
    .bind(account)
    .bind(now)
    .bind(ends)
    .bind(class.section)
    .bind(class.requirement)
    .bind(&class.language)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Login and password hash of an account that may sign in.
pub async fn own_credentials(tx: &mut Tx, account: AccountId) -> Result<Option<(String, Option<String>)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT login, password_hash FROM account WHERE id = $1 AND disabled_at IS NULL")
        .bind(account)
        .fetch_optional(c)
        .await)?)
}

pub async fn session(tx: &mut Tx, token_hash: &str) -> Result<Option<SessionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT s.account_id, s.seen_at, s.ends_at, s.scope, s.class_section, s.class_requirement, s.class_language,
                COALESCE(a.language, CASE WHEN p.language <> d.language THEN p.language END) AS language
         FROM session s
         JOIN account a ON a.id = s.account_id
         LEFT JOIN person p ON p.id = a.person_id
         LEFT JOIN district d ON d.id = 1
         WHERE s.token_hash = $1"
    )
    .bind(token_hash)
    .fetch_optional(c)
    .await)?)
}

pub async fn session_seen(tx: &mut Tx, token_hash: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("UPDATE session SET seen_at = $2 WHERE token_hash = $1")
        .bind(token_hash)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx, token_hash: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn end_sessions(tx: &mut Tx, account: AccountId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM session WHERE account_id = $1").bind(account).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn bucket(tx: &mut Tx, key: &str) -> Result<Option<(f64, Moment)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT tokens, at FROM sign_in_bucket WHERE key = $1").bind(key).fetch_optional(c).await)?)
}

pub async fn set_bucket(tx: &mut Tx, key: &str, tokens: f64) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO sign_in_bucket (key, tokens, at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET tokens = excluded.tokens, at = excluded.at"
    )
    .bind(key)
    .bind(tokens)
    .bind(now)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

pub async fn account_name(tx: &mut Tx, login: &str) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT name FROM account WHERE login = $1").bind(login).fetch_optional(c).await)?)
}
