pub mod auditors;
pub mod links;

use uuid::Uuid;

use super::class::Class;
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Day, Moment, OrgId, PersonId, Result, Role, SectionId};
use crate::on;

/// A session that opens whatever its account may.
pub const ALL: &str = "all";
/// One that opens only the person's own tasks.
pub const ANSWER: &str = "answer";

#[derive(Clone, sqlx::FromRow)]
pub struct AccountRow {
    pub id: AccountId,
    pub name: String,
    /// The record that was kept, where the person has several.
    pub person_id: Option<PersonId>,
    pub last_day: Option<Day>,
    pub disabled_at: Option<Moment>,
}

impl AccountRow {
    /// Neither disabled nor past its last day.
    pub fn works_on(&self, today: Day) -> bool {
        self.disabled_at.is_none() && self.last_day.is_none_or(|last| last >= today)
    }
}

#[derive(sqlx::FromRow)]
pub struct SessionRow {
    pub token_hash: String,
    #[sqlx(flatten)]
    pub account: AccountRow,
    pub seen_at: Moment,
    pub ends_at: Moment,
    pub language: Option<String>,
    /// [`ALL`], `class` or [`ANSWER`]; of `class` also the three that follow.
    pub scope: String,
    pub class_section: Option<Uuid>,
    pub class_requirement: Option<Uuid>,
    pub class_language: Option<String>,
}

pub async fn accounts(tx: &mut Tx, ids: &[AccountId]) -> Result<Vec<AccountRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT a.id, a.name, COALESCE(p.same_as, a.person_id) AS person_id, a.last_day, a.disabled_at
         FROM account a LEFT JOIN person p ON p.id = a.person_id
         WHERE a.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(Bulk::of(ids))
    .fetch_all(c)
    .await)?)
}

/// A role of an account, and where.
#[derive(sqlx::FromRow)]
pub struct RoleRow {
    pub account_id: AccountId,
    pub role: String,
    /// A guardian has none.
    pub org_id: Option<OrgId>,
    /// Given to the account, not known from the roster.
    pub granted: bool,
}

/// What these accounts were granted, and what the roster says of all records of the people behind them.
pub async fn roles(tx: &mut Tx, accounts: &[AccountId], today: Day) -> Result<Vec<RoleRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "WITH who (account_id, person_id) AS (
             SELECT a.id, COALESCE(p.same_as, a.person_id) FROM account a LEFT JOIN person p ON p.id = a.person_id
             WHERE a.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))),
         record (account_id, id) AS (
             SELECT account_id, person_id FROM who WHERE person_id IS NOT NULL
             UNION ALL
             SELECT who.account_id, r.id FROM who CROSS JOIN person r WHERE r.same_as = who.person_id)
         SELECT g.account_id, g.role, g.org_id, TRUE AS granted FROM who CROSS JOIN account_role g WHERE g.account_id = who.account_id
         UNION ALL
         SELECT record.account_id, o.role, o.org_id, FALSE FROM record CROSS JOIN person p CROSS JOIN position o
         WHERE p.id = record.id AND o.person_id = record.id
           AND (o.ended IS NULL OR o.ended > $2) AND (p.left_day IS NULL OR p.left_day > $2)
         UNION ALL
         SELECT record.account_id, 'guardian', NULL, FALSE FROM record
         WHERE EXISTS (SELECT 1 FROM guardianship w WHERE w.guardian_id = record.id AND w.ended IS NULL)"
    )
    .bind(Bulk::of(accounts))
    .bind(today)
    .fetch_all(c)
    .await)?)
}

/// The sections that these people teach today, under any record of theirs.
pub async fn sections_taught(tx: &mut Tx, people: &[PersonId], today: Day) -> Result<Vec<(PersonId, SectionId)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "WITH who (id) AS (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)),
              record (id, kept) AS (SELECT id, id FROM who
                                    UNION ALL SELECT r.id, r.same_as FROM who CROSS JOIN person r WHERE r.same_as = who.id)
         SELECT DISTINCT record.kept, e.section_id
         FROM record CROSS JOIN person r CROSS JOIN enrollment e CROSS JOIN section s
         WHERE r.id = record.id AND (r.left_day IS NULL OR r.left_day > $2)
           AND e.person_id = record.id AND e.role = 'teacher' AND e.left_day IS NULL AND s.id = e.section_id AND s.left_day IS NULL"
    )
    .bind(Bulk::of(people))
    .bind(today)
    .fetch_all(c)
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
    on!(tx, |c| sqlx::query("UPDATE account SET password_hash = $2, by_link = FALSE WHERE id = $1")
        .bind(account)
        .bind(hash)
        .execute(c)
        .await
        .map(drop))?;
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

/// `scope`: [`ALL`] or [`ANSWER`].
pub async fn insert_session(tx: &mut Tx, token_hash: &str, account: AccountId, ends: Moment, scope: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO session (token_hash, account_id, began_at, seen_at, ends_at, scope) VALUES ($1, $2, $3, $3, $4, $5)"
    )
    .bind(token_hash)
    .bind(account)
    .bind(now)
    .bind(ends)
    .bind(scope)
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

pub async fn sessions(tx: &mut Tx, token_hashes: &[String]) -> Result<Vec<SessionRow>> {
    Ok(on!(tx,
        sqlite "SELECT s.token_hash, a.id, a.name, COALESCE(p.same_as, a.person_id) AS person_id, a.last_day, a.disabled_at,
                       s.seen_at, s.ends_at, s.scope, s.class_section, s.class_requirement, s.class_language,
                       COALESCE(a.language, CASE WHEN p.language <> d.language THEN p.language END) AS language
                FROM jsonb_each($1) AS asked
                CROSS JOIN session s ON s.token_hash = asked.value
                JOIN account a ON a.id = s.account_id
                LEFT JOIN person p ON p.id = a.person_id
                LEFT JOIN district d ON d.id = 1",
        postgres "SELECT s.token_hash, a.id, a.name, COALESCE(p.same_as, a.person_id) AS person_id, a.last_day, a.disabled_at,
                       s.seen_at, s.ends_at, s.scope, s.class_section, s.class_requirement, s.class_language,
                         COALESCE(a.language, CASE WHEN p.language <> d.language THEN p.language END) AS language
                  FROM session s
                  JOIN account a ON a.id = s.account_id
                  LEFT JOIN person p ON p.id = a.person_id
                  LEFT JOIN district d ON d.id = 1
                  WHERE s.token_hash IN (SELECT value #>> '{}' FROM jsonb_each($1))",
        |c, sql| sqlx::query_as(sql).bind(Bulk::of(token_hashes)).fetch_all(c).await)?)
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
