use std::collections::HashMap;

use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::filtering::requests::{Decision, Figures, NewDecision, NewRequest, Request, Sight};
use crate::filtering::{AskerRole, RuleChange, Scope, State, Urgency};
use crate::kernel::{AccountId, Actor, Day, Moment, OrgId, Page, PageOf, Result};
use crate::on;

/// Where somebody who asks belongs.
#[derive(Debug, Default, sqlx::FromRow)]
pub struct Place {
    pub grade: Option<String>,
    pub school: Option<OrgId>,
}

pub async fn place(tx: &mut Tx, actor: &Actor) -> Result<Place> {
    let found: Option<Place> = on!(tx, |c| sqlx::query_as("SELECT grade, school_id AS school FROM person WHERE id = $1")
        .bind(actor.person)
        .fetch_optional(c)
        .await)?;
    Ok(found.unwrap_or_default())
}

pub struct NewRow<'a> {
    pub account: AccountId,
    pub role: AskerRole,
    pub band: &'a str,
    pub school: OrgId,
    pub address: &'a str,
    pub rule: Option<&'a str>,
    pub new: &'a NewRequest,
    pub due: Moment,
}

pub async fn insert(tx: &mut Tx, row: &NewRow<'_>) -> Result<Uuid> {
    let (uid, now) = (tx.uid(), tx.now());
    on!(tx, |c| sqlx::query(
        "INSERT INTO filter_request (uid, account_id, role, band, school_id, address, category, rule_id, purpose, urgency, scope, until,
                                     asked_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT id FROM filter_rule WHERE code = $8), $9, $10, $11, $12, $13, $14)"
    )
    .bind(uid)
    .bind(row.account)
    .bind(row.role)
    .bind(row.band)
    .bind(row.school)
    .bind(row.address)
    .bind(row.new.category.trim())
    .bind(row.rule)
    .bind(row.new.purpose.trim())
    .bind(row.new.urgency)
    .bind(row.new.scope)
    .bind(row.new.until)
    .bind(now)
    .bind(row.due)
    .execute(c)
    .await
    .map(drop))?;
    Ok(uid)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: Uuid,
    account_id: AccountId,
    role: AskerRole,
    band: String,
    school: String,
    address: String,
    category: String,
    rule: Option<String>,
    purpose: String,
    urgency: Urgency,
    scope: Scope,
    until: Option<Day>,
    asked_at: Moment,
    due_at: Moment,
    appeal_due: Option<Moment>,
    state: State,
    appeal: String,
}

impl Row {
    fn request(self, reader: AccountId, decisions: Vec<Decision>) -> Request {
        Request {
            uid: self.uid,
            own: self.account_id == reader,
            role: self.role,
            band: self.band,
            school: if self.urgency == Urgency::CrisisHealth { String::new() } else { self.school },
            address: self.address,
            category: self.category,
            rule: self.rule,
            purpose: self.purpose,
            urgency: self.urgency,
            scope: self.scope,
            until: self.until,
            asked_at: self.asked_at,
            due_at: self.appeal_due.unwrap_or(self.due_at),
            state: self.state,
            appeal: self.appeal,
            decisions,
        }
    }
}

macro_rules! requests {
    ($($rest:literal),*) => {
        concat!(
            "SELECT q.id, q.uid, q.account_id, q.role, q.band, s.name AS school, q.address, q.category, r.code AS rule, q.purpose, q.urgency,
                    q.scope, q.until, q.asked_at, q.due_at, q.appeal_due, q.state, q.appeal
             FROM filter_request q JOIN org s ON s.id = q.school_id LEFT JOIN filter_rule r ON r.id = q.rule_id ",
            $($rest),*
        )
    };
}

/// What $1 (orgs) and $2 (also what is confidential) let see of other people's requests.
macro_rules! seen {
    () => {
        "CASE WHEN q.urgency = 'crisis_health' THEN $2
              ELSE q.school_id IN (SELECT x.org_id FROM org_above x
                                   WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))) END "
    };
}

async fn with_decisions(tx: &mut Tx, reader: AccountId, rows: Vec<Row>) -> Result<Vec<(i64, Request)>> {
    let mut decisions = decisions(tx, &rows.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (id, own) = (row.id, decisions.remove(&row.id).unwrap_or_default());
            (id, row.request(reader, own))
        })
        .collect())
}

#[derive(sqlx::FromRow)]
struct DecisionRow {
    request_id: i64,
    on_appeal: bool,
    granted: bool,
    reason: String,
    until: Option<Day>,
    change: RuleChange,
    rule: Option<String>,
    by_name: String,
    at: Moment,
}

async fn decisions(tx: &mut Tx, requests: &[i64]) -> Result<HashMap<i64, Vec<Decision>>> {
    let rows: Vec<DecisionRow> = on!(tx, |c| sqlx::query_as(
        "SELECT d.request_id, d.on_appeal, d.granted, d.reason, d.until, d.change, r.code AS rule, d.by_name, d.at
         FROM filter_decision d LEFT JOIN filter_rule r ON r.id = d.rule_id
         WHERE d.request_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY d.id"
    )
    .bind(Bulk::of(requests))
    .fetch_all(c)
    .await)?;
    let mut all: HashMap<i64, Vec<Decision>> = HashMap::new();
    for row in rows {
        all.entry(row.request_id).or_default().push(Decision {
            on_appeal: row.on_appeal,
            granted: row.granted,
            reason: row.reason,
            until: row.until,
            change: row.change,
            rule: row.rule,
            by_name: row.by_name,
            at: row.at,
        });
    }
    Ok(all)
}

pub async fn list(tx: &mut Tx, sight: &Sight, decided: bool, page: Page) -> Result<PageOf<Request>> {
    const COUNT: &str = concat!("SELECT COUNT(*) FROM filter_request q WHERE ($3 OR q.state IN ('open', 'appealed')) AND ", seen!());
    const ROWS: &str = concat!(
        requests!("WHERE ($3 OR q.state IN ('open', 'appealed')) AND "),
        seen!(),
        "ORDER BY CASE WHEN q.state IN ('open', 'appealed') THEN COALESCE(q.appeal_due, q.due_at) END NULLS LAST, q.id DESC LIMIT $4 OFFSET $5"
    );
    let orgs = Bulk::of(&sight.orgs);
    let total = on!(tx, |c| sqlx::query_scalar(COUNT).bind(&orgs).bind(sight.confidential).bind(decided).fetch_one(c).await)?;
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(ROWS)
        .bind(&orgs)
        .bind(sight.confidential)
        .bind(decided)
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(c)
        .await)?;
    let rows = with_decisions(tx, sight.account, rows).await?.into_iter().map(|(_, request)| request).collect();
    Ok(PageOf { rows, page, total })
}

pub async fn own(tx: &mut Tx, account: AccountId) -> Result<Vec<Request>> {
    let rows: Vec<Row> =
        on!(tx, |c| sqlx::query_as(requests!("WHERE q.account_id = $1 ORDER BY q.id DESC")).bind(account).fetch_all(c).await)?;
    Ok(with_decisions(tx, account, rows).await?.into_iter().map(|(_, request)| request).collect())
}

pub async fn find(tx: &mut Tx, sight: &Sight, uid: Uuid) -> Result<Option<(i64, Request)>> {
    const ONE: &str = concat!(requests!("WHERE q.uid = $3 AND (q.account_id = $4 OR "), seen!(), ")");
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(ONE)
        .bind(Bulk::of(&sight.orgs))
        .bind(sight.confidential)
        .bind(uid)
        .bind(sight.account)
        .fetch_optional(c)
        .await)?;
    Ok(with_decisions(tx, sight.account, row.into_iter().collect()).await?.pop())
}

/// Until the transaction ends nobody else decides this request.
pub async fn hold(tx: &mut Tx, uid: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE filter_request SET state = state WHERE uid = $1").bind(uid).execute(c).await.map(drop))?;
    Ok(())
}

/// Who decided first.
pub async fn decided_by(tx: &mut Tx, request: i64) -> Result<Option<AccountId>> {
    let found: Option<Option<AccountId>> =
        on!(tx, |c| sqlx::query_scalar("SELECT account_id FROM filter_decision WHERE request_id = $1 AND on_appeal = FALSE")
            .bind(request)
            .fetch_optional(c)
            .await)?;
    // The operator counts as one person like any other.
    Ok(found.map(|account| account.unwrap_or(AccountId(0))))
}

pub async fn asked_by(tx: &mut Tx, request: i64) -> Result<AccountId> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT account_id FROM filter_request WHERE id = $1").bind(request).fetch_one(c).await)?)
}

#[allow(clippy::too_many_arguments)]
pub async fn insert_decision(
    tx: &mut Tx,
    actor: &Actor,
    request: i64,
    on_appeal: bool,
    new: &NewDecision,
    rule: Option<i64>,
) -> Result<()> {
    let now = tx.now();
    let account = (actor.account.0 != 0).then_some(actor.account);
    on!(tx, |c| sqlx::query(
        "INSERT INTO filter_decision (request_id, on_appeal, granted, reason, until, change, rule_id, account_id, by_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    )
    .bind(request)
    .bind(on_appeal)
    .bind(new.granted)
    .bind(new.reason.trim())
    .bind(new.until)
    .bind(new.change)
    .bind(rule)
    .bind(account)
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    let state = if new.granted { State::Granted } else { State::Refused };
    let sql = if on_appeal {
        "UPDATE filter_request SET state = $2, settled_at = $3 WHERE id = $1"
    } else {
        "UPDATE filter_request SET state = $2, decided_at = $3 WHERE id = $1"
    };
    on!(tx, |c| sqlx::query(sql).bind(request).bind(state).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Whether it was refused and is appealed now.
pub async fn appeal(tx: &mut Tx, uid: Uuid, why: &str, due: Moment) -> Result<bool> {
    let now = tx.now();
    let rows = on!(tx, |c| sqlx::query(
        "UPDATE filter_request SET state = 'appealed', appeal = $2, appeal_due = $3, appealed_at = $4
         WHERE uid = $1 AND state = 'refused' AND appealed_at IS NULL"
    )
    .bind(uid)
    .bind(why)
    .bind(due)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

pub async fn confidants(tx: &mut Tx) -> Result<Vec<AccountId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT account_id FROM filter_confidant ORDER BY account_id").fetch_all(c).await)?)
}

pub async fn set_confidants(tx: &mut Tx, accounts: &[AccountId]) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM filter_confidant").execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query("INSERT INTO filter_confidant (account_id) SELECT CAST(value AS BIGINT) FROM jsonb_each($1)")
        .bind(Bulk::of(accounts))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn figures(tx: &mut Tx, from: Moment, before: Moment) -> Result<Figures> {
    let now = tx.now();
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT COUNT(CASE WHEN q.decided_at IS NOT NULL OR q.due_at < $3 THEN 1 END) AS counted,
                COUNT(CASE WHEN q.decided_at <= q.due_at THEN 1 END) AS in_time,
                COUNT(CASE WHEN q.state = 'granted' THEN 1 END) AS granted,
                COUNT(CASE WHEN q.state = 'refused' THEN 1 END) AS refused,
                COUNT(q.appealed_at) AS appealed,
                COUNT(CASE WHEN q.settled_at IS NOT NULL AND q.state = 'granted' THEN 1 END) AS overturned
         FROM filter_request q WHERE q.asked_at >= $1 AND q.asked_at < $2"
    )
    .bind(from)
    .bind(before)
    .bind(now)
    .fetch_one(c)
    .await)?)
}

pub async fn by_rule(tx: &mut Tx) -> Result<Vec<(String, i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT r.code, COUNT(*), COUNT(CASE WHEN q.state = 'granted' THEN 1 END)
         FROM filter_request q JOIN filter_rule r ON r.id = q.rule_id WHERE q.decided_at IS NOT NULL
         GROUP BY r.code ORDER BY 3 DESC, 2 DESC, r.code"
    )
    .fetch_all(c)
    .await)?)
}
