use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::text::{Clause, Consent, Section, Text};
use super::{Policy, State, Version};
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Actor, Day, Moment, PolicyId, Problem, Result, VersionId};
use crate::on;

/// The account that acts; `None` for the operator at the command line.
fn account(actor: &Actor) -> Option<AccountId> {
    (actor.account.0 != 0).then_some(actor.account)
}

macro_rules! policy_columns {
    ($rest:literal) => {
        concat!("SELECT id, uid, slug, kind, audience, owner, reading_ceiling, review_months, last_review, next_review FROM policy ", $rest)
    };
}

macro_rules! version_columns {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.uid, v.policy_id, p.slug, v.number, v.state, v.material, v.change_reason, v.change_summary, v.author_name,
                    v.created_at, v.adopted_day, v.adopted_at, v.published_at, v.effective, v.withdrawn_day
             FROM policy_version v JOIN policy p ON p.id = v.policy_id ",
            $rest
        )
    };
}

pub async fn policy(tx: &mut Tx, slug: &str) -> Result<Option<Policy>> {
    Ok(on!(tx, |c| sqlx::query_as(policy_columns!("WHERE slug = $1")).bind(slug).fetch_optional(c).await)?)
}

pub async fn policies(tx: &mut Tx) -> Result<Vec<Policy>> {
    Ok(on!(tx, |c| sqlx::query_as(policy_columns!("ORDER BY slug")).fetch_all(c).await)?)
}

pub async fn insert_policy(tx: &mut Tx, policy: &Policy) -> Result<PolicyId> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO policy (uid, slug, kind, audience, owner, reading_ceiling, review_months, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"
    )
    .bind(policy.uid)
    .bind(&policy.slug)
    .bind(policy.kind)
    .bind(policy.audience)
    .bind(&policy.owner)
    .bind(policy.reading_ceiling)
    .bind(policy.review_months)
    .bind(now)
    .fetch_one(c)
    .await)?)
}

pub async fn set_review(tx: &mut Tx, policy: PolicyId, last: Option<Day>, next: Day) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE policy SET last_review = COALESCE($2, last_review), next_review = $3 WHERE id = $1")
        .bind(policy)
        .bind(last)
        .bind(next)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn insert_version(
    tx: &mut Tx,
    actor: &Actor,
    policy: PolicyId,
    number: i64,
    material: bool,
    reason: &str,
    summary: &str,
) -> Result<VersionId> {
    let (uid, now) = (tx.uid(), tx.now());
    Ok(on!(tx, |c| {
        sqlx::query_scalar(
        "INSERT INTO policy_version (uid, policy_id, number, state, material, change_reason, change_summary, account_id, author_name, created_at, edits)
         VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, 0) RETURNING id"
    )
    .bind(uid)
    .bind(policy)
    .bind(number)
    .bind(material)
    .bind(reason)
    .bind(summary)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .fetch_one(c)
    .await
    })?)
}

pub async fn version(tx: &mut Tx, id: VersionId) -> Result<Option<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.id = $1")).bind(id).fetch_optional(c).await)?)
}

pub async fn version_by_uid(tx: &mut Tx, uid: Uuid) -> Result<Option<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.uid = $1")).bind(uid).fetch_optional(c).await)?)
}

/// By number, oldest first.
pub async fn versions(tx: &mut Tx, policy: PolicyId) -> Result<Vec<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.policy_id = $1 ORDER BY v.number")).bind(policy).fetch_all(c).await)?)
}

/// All versions that were ever published, oldest first.
pub async fn published(tx: &mut Tx) -> Result<Vec<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.published_at IS NOT NULL ORDER BY p.slug, v.number")).fetch_all(c).await)?)
}

/// Version, language, title and summary of all that was ever published.
pub async fn published_titles(tx: &mut Tx) -> Result<Vec<(VersionId, String, String, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT t.version_id, t.language, t.title, t.summary
         FROM version_text t JOIN policy_version v ON v.id = t.version_id
         WHERE v.published_at IS NOT NULL
         ORDER BY t.version_id, t.language"
    )
    .fetch_all(c)
    .await)?)
}

/// Locks the version for this transaction and counts an edit. False when its text may not change in this way any more.
pub async fn take(tx: &mut Tx, version: VersionId, during_feedback: bool) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE policy_version SET edits = edits + 1
         WHERE id = $1 AND (state = 'draft' OR ($2 AND state IN ('open', 'closed')))"
    )
    .bind(version)
    .bind(during_feedback)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?
        == 1)
}

/// False when it wasn't in the state `from`.
pub async fn step(tx: &mut Tx, version: VersionId, from: State, to: State) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query("UPDATE policy_version SET state = $3 WHERE id = $1 AND state = $2")
        .bind(version)
        .bind(from)
        .bind(to)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?
        == 1)
}

pub async fn adopt(tx: &mut Tx, version: VersionId, day: Day) -> Result<bool> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE policy_version SET state = 'adopted', adopted_day = $2, adopted_at = $3 WHERE id = $1 AND state IN ('draft', 'closed')"
    )
    .bind(version)
    .bind(day)
    .bind(now)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?
        == 1)
}

pub async fn publish(tx: &mut Tx, version: VersionId, effective: Day) -> Result<bool> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE policy_version SET state = 'published', published_at = $2, effective = $3 WHERE id = $1 AND state = 'adopted'"
    )
    .bind(version)
    .bind(now)
    .bind(effective)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?
        == 1)
}

pub async fn withdraw(tx: &mut Tx, version: VersionId, from: State, day: Day) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query("UPDATE policy_version SET state = 'withdrawn', withdrawn_day = $3 WHERE id = $1 AND state = $2")
        .bind(version)
        .bind(from)
        .bind(day)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?
        == 1)
}

/// Marks what a later version has overtaken by that day.
pub async fn supersede(tx: &mut Tx, day: Day) -> Result<Vec<VersionId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "UPDATE policy_version SET state = 'superseded'
         WHERE state = 'published' AND EXISTS (
             SELECT 1 FROM policy_version later
             WHERE later.policy_id = policy_version.policy_id AND later.state = 'published'
               AND later.number > policy_version.number AND later.effective <= $1)
         RETURNING id"
    )
    .bind(day)
    .fetch_all(c)
    .await)?)
}

pub async fn languages(tx: &mut Tx, version: VersionId) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT language FROM version_text WHERE version_id = $1 ORDER BY language")
        .bind(version)
        .fetch_all(c)
        .await)?)
}

/// All texts of a version, by language.
pub async fn texts(tx: &mut Tx, version: VersionId) -> Result<BTreeMap<String, Text>> {
    let mut texts = BTreeMap::new();
    for language in languages(tx, version).await? {
        if let Some(text) = text(tx, version, &language).await? {
            texts.insert(language, text);
        }
    }
    Ok(texts)
}

#[derive(sqlx::FromRow)]
struct ClauseRow {
    clause_id: String,
    section_id: String,
    section_title: String,
    body: String,
    elements: String,
}

#[derive(sqlx::FromRow)]
struct ConsentRow {
    consent_id: String,
    ask: String,
    yes: String,
    no: String,
    after_no: String,
    principal: bool,
}

pub async fn text(tx: &mut Tx, version: VersionId, language: &str) -> Result<Option<Text>> {
    let head: Option<(String, String, String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT title, summary, statement, if_declined FROM version_text WHERE version_id = $1 AND language = $2"
    )
    .bind(version)
    .bind(language)
    .fetch_optional(c)
    .await)?;
    let Some((title, summary, statement, if_declined)) = head else { return Ok(None) };
    let clauses: Vec<ClauseRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT clause_id, section_id, section_title, body, elements FROM clause WHERE version_id = $1 AND language = $2 ORDER BY position"
    )
    .bind(version)
    .bind(language)
    .fetch_all(c)
    .await
    })?;
    let consents: Vec<ConsentRow> = on!(tx, |c| sqlx::query_as(
        "SELECT consent_id, ask, yes, no, after_no, principal FROM consent WHERE version_id = $1 AND language = $2 ORDER BY position"
    )
    .bind(version)
    .bind(language)
    .fetch_all(c)
    .await)?;
    let mut sections: Vec<Section> = Vec::new();
    for row in clauses {
        let elements = serde_json::from_str(&row.elements)
            .map_err(|e| Problem::internal(format!("table clause, column elements, clause {}: no list", row.clause_id), e))?;
        if sections.last().is_none_or(|s| s.id != row.section_id) {
            sections.push(Section { id: row.section_id, title: row.section_title, clauses: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.clauses.push(Clause { id: row.clause_id, elements, body: row.body });
        }
    }
    let consents = consents
        .into_iter()
        .map(|r| Consent { id: r.consent_id, ask: r.ask, yes: r.yes, no: r.no, after_no: r.after_no, principal: r.principal })
        .collect();
    Ok(Some(Text { language: language.to_owned(), title, summary, statement, if_declined, consents, sections }))
}

#[derive(Serialize)]
struct NewClause<'a> {
    id: &'a str,
    position: usize,
    section: &'a str,
    section_title: &'a str,
    body: &'a str,
    elements: String,
}

/// Writes the whole text of a language anew, with its hash. The caller has taken the version.
pub async fn save_text(tx: &mut Tx, version: VersionId, text: &Text) -> Result<()> {
    let hash = text.hash()?;
    on!(tx, |c| sqlx::query(
        "INSERT INTO version_text (version_id, language, title, summary, statement, if_declined, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (version_id, language) DO UPDATE SET title = excluded.title, summary = excluded.summary,
             statement = excluded.statement, if_declined = excluded.if_declined, hash = excluded.hash"
    )
    .bind(version)
    .bind(&text.language)
    .bind(&text.title)
    .bind(&text.summary)
    .bind(&text.statement)
    .bind(&text.if_declined)
    .bind(hash)
    .execute(c)
    .await
    .map(drop))?;
    for sql in ["DELETE FROM clause WHERE version_id = $1 AND language = $2", "DELETE FROM consent WHERE version_id = $1 AND language = $2"]
    {
        on!(tx, |c| sqlx::query(sql).bind(version).bind(&text.language).execute(c).await.map(drop))?;
    }
    let rows = Bulk::of(text.sections.iter().flat_map(|s| s.clauses.iter().map(move |c| (s, c))).enumerate().map(|(position, (s, c))| {
        NewClause {
            id: &c.id,
            position,
            section: &s.id,
            section_title: &s.title,
            body: &c.body,
            elements: serde_json::json!(c.elements).to_string(),
        }
    }));
    on!(tx, |c| sqlx::query(
        "INSERT INTO clause (version_id, language, clause_id, position, section_id, section_title, body, elements)
         SELECT CAST($2 AS BIGINT), CAST($3 AS TEXT), value->>'id', CAST(value->>'position' AS BIGINT), value->>'section',
                value->>'section_title', value->>'body', value->>'elements'
         FROM jsonb_each($1)"
    )
    .bind(&rows)
    .bind(version)
    .bind(&text.language)
    .execute(c)
    .await
    .map(drop))?;
    for (position, consent) in (0_i64..).zip(&text.consents) {
        on!(tx, |c| sqlx::query(
            "INSERT INTO consent (version_id, language, consent_id, position, ask, yes, no, after_no, principal)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        )
        .bind(version)
        .bind(&text.language)
        .bind(&consent.id)
        .bind(position)
        .bind(&consent.ask)
        .bind(&consent.yes)
        .bind(&consent.no)
        .bind(&consent.after_no)
        .bind(consent.principal)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// A change made after feedback had begun.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct RevisionRow {
    pub language: String,
    pub clause_id: String,
    pub before_body: String,
    pub after_body: String,
    /// The comment that caused it.
    pub comment_uid: Option<Uuid>,
    pub reason: String,
    pub author_name: String,
    pub at: Moment,
}

pub async fn insert_revision(tx: &mut Tx, actor: &Actor, version: VersionId, row: &RevisionRow) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO clause_revision (version_id, language, clause_id, before_body, after_body, comment_uid, reason, account_id, author_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(version)
    .bind(&row.language)
    .bind(&row.clause_id)
    .bind(&row.before_body)
    .bind(&row.after_body)
    .bind(row.comment_uid)
    .bind(&row.reason)
    .bind(account(actor))
    .bind(&row.author_name)
    .bind(row.at)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

pub async fn revisions(tx: &mut Tx, version: VersionId) -> Result<Vec<RevisionRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT language, clause_id, before_body, after_body, comment_uid, reason, author_name, at
         FROM clause_revision WHERE version_id = $1 ORDER BY id"
    )
    .bind(version)
    .fetch_all(c)
    .await)?)
}

pub async fn asks_consents(tx: &mut Tx, version: VersionId) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM consent WHERE version_id = $1").bind(version).fetch_one(c).await)?
        > 0)
}

/// Words of a clause that stood in a draft until somebody changed them.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Wording {
    pub body: String,
    /// Who replaced them, or took the clause out.
    pub by_name: String,
    pub at: Moment,
}

pub async fn keep_wording(tx: &mut Tx, actor: &Actor, version: VersionId, (language, clause): (&str, &str), body: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO clause_wording (version_id, language, clause_id, body, account_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(version)
    .bind(language)
    .bind(clause)
    .bind(body)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Newest first, at most 20.
pub async fn wordings(tx: &mut Tx, version: VersionId, language: &str, clause: &str) -> Result<Vec<Wording>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT body, by_name, at FROM clause_wording
         WHERE version_id = $1 AND language = $2 AND clause_id = $3 ORDER BY id DESC LIMIT 20"
    )
    .bind(version)
    .bind(language)
    .bind(clause)
    .fetch_all(c)
    .await)?)
}

/// Who else changed words of the version since that moment, and when last.
pub async fn at_work(tx: &mut Tx, actor: &Actor, version: VersionId, since: Moment) -> Result<Vec<(String, Moment)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT by_name, MAX(at) FROM clause_wording
         WHERE version_id = $1 AND at >= $2 AND COALESCE(account_id, 0) <> $3
         GROUP BY by_name ORDER BY by_name"
    )
    .bind(version)
    .bind(since)
    .bind(actor.account)
    .fetch_all(c)
    .await)?)
}

/// The original's words that a clause's translation follows, and the number of the version that had them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Followed {
    pub clause_id: String,
    pub source_version: VersionId,
    pub source_number: i64,
    pub source_body: String,
}

pub async fn followed(tx: &mut Tx, version: VersionId, language: &str) -> Result<Vec<Followed>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT s.clause_id, s.source_version, v.number AS source_number, s.source_body
         FROM clause_source s JOIN policy_version v ON v.id = s.source_version
         WHERE s.version_id = $1 AND s.language = $2"
    )
    .bind(version)
    .bind(language)
    .fetch_all(c)
    .await)?)
}

#[derive(Serialize)]
pub struct Follows<'a> {
    pub clause: &'a str,
    pub version: i64,
    pub body: &'a str,
}

/// Notes what clauses of a translation follow from now on.
pub async fn follow(tx: &mut Tx, version: VersionId, language: &str, rows: impl IntoIterator<Item = Follows<'_>>) -> Result<()> {
    let rows = Bulk::of(rows);
    on!(tx, |c| sqlx::query(
        "INSERT INTO clause_source (version_id, language, clause_id, source_version, source_body)
         SELECT CAST($2 AS BIGINT), CAST($3 AS TEXT), value->>'clause', CAST(value->>'version' AS BIGINT), value->>'body'
         FROM jsonb_each($1) WHERE true
         ON CONFLICT (version_id, language, clause_id) DO UPDATE SET
             source_version = excluded.source_version, source_body = excluded.source_body"
    )
    .bind(&rows)
    .bind(version)
    .bind(language)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// A new version's translations follow what those of its model did.
pub async fn copy_followed(tx: &mut Tx, from: VersionId, to: VersionId) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO clause_source (version_id, language, clause_id, source_version, source_body)
         SELECT $2, language, clause_id, source_version, source_body FROM clause_source WHERE version_id = $1"
    )
    .bind(from)
    .bind(to)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Who has read a translation against its original, and which text.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Checked {
    pub hash: String,
    pub by_name: String,
    pub at: Moment,
}

pub async fn insert_check(tx: &mut Tx, actor: &Actor, version: VersionId, language: &str, hash: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO translation_check (version_id, language, hash, account_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(version)
    .bind(language)
    .bind(hash)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The last one.
pub async fn last_check(tx: &mut Tx, version: VersionId, language: &str) -> Result<Option<Checked>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT hash, by_name, at FROM translation_check WHERE version_id = $1 AND language = $2 ORDER BY id DESC LIMIT 1"
    )
    .bind(version)
    .bind(language)
    .fetch_optional(c)
    .await)?)
}

/// A policy was looked at again.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct ReviewRow {
    pub uid: Uuid,
    pub day: Day,
    /// The number of the draft that it led to; `None`: no change.
    pub version: Option<i64>,
    pub note: String,
    pub by_name: String,
    pub at: Moment,
}

pub async fn insert_review(
    tx: &mut Tx,
    actor: &Actor,
    policy: PolicyId,
    (uid, day): (Uuid, Day),
    version: Option<VersionId>,
    note: &str,
) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO policy_review (uid, policy_id, day, version_id, note, account_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
    )
    .bind(uid)
    .bind(policy)
    .bind(day)
    .bind(version)
    .bind(note)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Newest first.
pub async fn reviews(tx: &mut Tx, policy: PolicyId) -> Result<Vec<ReviewRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT r.uid, r.day, v.number AS version, r.note, r.by_name, r.at
         FROM policy_review r LEFT JOIN policy_version v ON v.id = r.version_id
         WHERE r.policy_id = $1 ORDER BY r.day DESC, r.id DESC"
    )
    .bind(policy)
    .fetch_all(c)
    .await)?)
}

pub async fn set_owner(tx: &mut Tx, policy: PolicyId, owner: &str, months: i64, next: Option<Day>) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE policy SET owner = $2, review_months = $3, next_review = COALESCE($4, next_review) WHERE id = $1")
        .bind(policy)
        .bind(owner)
        .bind(months)
        .bind(next)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
