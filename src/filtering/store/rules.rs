use std::collections::BTreeMap;

use crate::db::Tx;
use crate::filtering::rules::{Change, Difference, Rule, Wanted};
use crate::filtering::{Action, Audience, Basis, Device, TargetKind};
use crate::kernel::{Actor, Day, Moment, Page, PageOf, Problem, Result};
use crate::on;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    code: String,
    target_kind: TargetKind,
    target: String,
    action: Action,
    audience: Audience,
    bands: String,
    site: String,
    device: Device,
    from_minute: Option<i64>,
    to_minute: Option<i64>,
    basis: Option<Basis>,
    citation: String,
    rationale: String,
    evidence: String,
    alternatives: String,
    neutrality: String,
    access: String,
    owner: String,
    approver: String,
    decided_on: Option<Day>,
    effective_on: Option<Day>,
    review_on: Option<Day>,
    vendor_version: String,
    ended_on: Option<Day>,
}

fn unreadable(column: &str, e: serde_json::Error) -> Problem {
    Problem::internal(format!("column {column} of the filter's register: not the JSON that it should be"), e)
}

impl Row {
    fn rule(self) -> Result<(i64, Rule)> {
        let alternatives: BTreeMap<String, String> = serde_json::from_str(&self.alternatives).map_err(|e| unreadable("alternatives", e))?;
        let rule = Rule {
            code: self.code,
            target_kind: self.target_kind,
            target: self.target,
            action: self.action,
            audience: self.audience,
            bands: self.bands.split(',').filter(|band| !band.is_empty()).map(str::to_owned).collect(),
            site: self.site,
            device: self.device,
            hours: self.from_minute.zip(self.to_minute),
            basis: self.basis,
            citation: self.citation,
            rationale: self.rationale,
            evidence: self.evidence,
            alternatives,
            neutrality: self.neutrality,
            access: self.access,
            owner: self.owner,
            approver: self.approver,
            decided_on: self.decided_on,
            effective_on: self.effective_on,
            review_on: self.review_on,
            vendor_version: self.vendor_version,
            ended_on: self.ended_on,
        };
        Ok((self.id, rule))
    }
}

macro_rules! rules {
    ($($rest:literal)?) => {
        concat!(
            "SELECT r.id, r.code, r.target_kind, r.target, r.action, r.audience, r.bands, r.site, r.device, r.from_minute, r.to_minute, r.basis,
                    r.citation, r.rationale, r.evidence, r.alternatives, r.neutrality, r.access, r.owner, r.approver, r.decided_on,
                    r.effective_on, r.review_on, r.vendor_version, r.ended_on
             FROM filter_rule r ",
            $($rest)?
        )
    };
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Rule>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(rules!("ORDER BY r.code")).fetch_all(c).await)?;
    rows.into_iter().map(|row| row.rule().map(|(_, rule)| rule)).collect()
}

pub async fn find(tx: &mut Tx, code: &str) -> Result<Option<(i64, Rule)>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(rules!("WHERE r.code = $1")).bind(code).fetch_optional(c).await)?;
    row.map(Row::rule).transpose()
}

/// $1: letters for LIKE; $2: basis; $3: action; $4: a band; $5: today, or NULL for ended ones too.
macro_rules! wanted {
    () => {
        "WHERE (LOWER(r.target) LIKE $1 OR LOWER(r.code) LIKE $1) AND ($2 = '' OR r.basis = $2) AND ($3 = '' OR r.action = $3)
           AND ($4 = '' OR (r.audience <> 'staff' AND ',' || r.bands || ',' LIKE '%,' || $4 || ',%'))
           AND (CAST($5 AS BIGINT) IS NULL OR r.ended_on IS NULL OR r.ended_on > CAST($5 AS BIGINT)) "
    };
}

pub async fn list(tx: &mut Tx, wanted: &Wanted, today: Day, page: Page) -> Result<PageOf<Rule>> {
    const COUNT: &str = concat!("SELECT COUNT(*) FROM filter_rule r ", wanted!());
    const ROWS: &str = concat!(rules!(), wanted!(), "ORDER BY r.code LIMIT $6 OFFSET $7");
    // What LIKE reads as a sign is left out of what is looked for.
    let words = wanted.words.trim().to_lowercase().replace(['%', '_'], "");
    let like = format!("%{words}%");
    let (basis, action) = (wanted.basis.map_or("", Basis::name), wanted.action.map_or("", Action::name));
    let (band, day) = (wanted.band.as_str(), (!wanted.ended).then_some(today));
    let total: i64 = on!(tx, |c| sqlx::query_scalar(COUNT).bind(&like).bind(basis).bind(action).bind(band).bind(day).fetch_one(c).await)?;
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(ROWS)
        .bind(&like)
        .bind(basis)
        .bind(action)
        .bind(band)
        .bind(day)
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(c)
        .await)?;
    let rows = rows.into_iter().map(|row| row.rule().map(|(_, rule)| rule)).collect::<Result<Vec<_>>>()?;
    Ok(PageOf { rows, page, total })
}

/// Binds all of a rule but its code, in the order of [`insert`] and [`update`]: $2 to $24.
macro_rules! bind_rule {
    ($query:expr, $rule:expr, $bands:expr, $alternatives:expr) => {
        $query
            .bind($rule.target_kind)
            .bind(&$rule.target)
            .bind($rule.action)
            .bind($rule.audience)
            .bind($bands)
            .bind(&$rule.site)
            .bind($rule.device)
            .bind($rule.hours.map(|(from, _)| from))
            .bind($rule.hours.map(|(_, to)| to))
            .bind($rule.basis)
            .bind(&$rule.citation)
            .bind(&$rule.rationale)
            .bind(&$rule.evidence)
            .bind($alternatives)
            .bind(&$rule.neutrality)
            .bind(&$rule.access)
            .bind(&$rule.owner)
            .bind(&$rule.approver)
            .bind($rule.decided_on)
            .bind($rule.effective_on)
            .bind($rule.review_on)
            .bind(&$rule.vendor_version)
            .bind($rule.ended_on)
    };
}

pub async fn insert(tx: &mut Tx, rule: &Rule) -> Result<i64> {
    let now = tx.now();
    let (bands, alternatives) = (rule.bands.join(","), serde_json::json!(rule.alternatives).to_string());
    Ok(on!(tx, |c| {
        bind_rule!(
        sqlx::query_scalar(
            "INSERT INTO filter_rule (code, target_kind, target, action, audience, bands, site, device, from_minute, to_minute, basis, citation,
                                      rationale, evidence, alternatives, neutrality, access, owner, approver, decided_on, effective_on, review_on,
                                      vendor_version, ended_on, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)
             RETURNING id"
        )
        .bind(&rule.code),
        rule,
        &bands,
        &alternatives
    )
    .bind(now)
    .fetch_one(c)
    .await
    })?)
}

pub async fn update(tx: &mut Tx, id: i64, rule: &Rule) -> Result<()> {
    let (bands, alternatives) = (rule.bands.join(","), serde_json::json!(rule.alternatives).to_string());
    on!(tx, |c| bind_rule!(
        sqlx::query(
            "UPDATE filter_rule SET target_kind = $2, target = $3, action = $4, audience = $5, bands = $6, site = $7, device = $8,
                    from_minute = $9, to_minute = $10, basis = $11, citation = $12, rationale = $13, evidence = $14, alternatives = $15,
                    neutrality = $16, access = $17, owner = $18, approver = $19, decided_on = $20, effective_on = $21, review_on = $22,
                    vendor_version = $23, ended_on = $24
             WHERE id = $1"
        )
        .bind(id),
        rule,
        &bands,
        &alternatives
    )
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

#[allow(clippy::too_many_arguments)]
pub async fn insert_change(
    tx: &mut Tx,
    actor: &Actor,
    rule: i64,
    what: &str,
    differences: &[Difference],
    why: &str,
    on_request: bool,
) -> Result<()> {
    let now = tx.now();
    let account = (actor.account.0 != 0).then_some(actor.account);
    let fields = serde_json::json!(differences).to_string();
    on!(tx, |c| sqlx::query(
        "INSERT INTO filter_rule_change (rule_id, what, fields, why, on_request, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(rule)
    .bind(what)
    .bind(&fields)
    .bind(why)
    .bind(on_request)
    .bind(account)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    code: String,
    what: String,
    fields: String,
    why: String,
    on_request: bool,
    at: Moment,
}

pub async fn changes(tx: &mut Tx, code: Option<&str>, most: i64) -> Result<Vec<Change>> {
    let rows: Vec<ChangeRow> = on!(tx, |c| sqlx::query_as(
        "SELECT r.code, h.what, h.fields, h.why, h.on_request, h.at FROM filter_rule_change h JOIN filter_rule r ON r.id = h.rule_id
         WHERE $1 = '' OR r.code = $1 ORDER BY h.id DESC LIMIT $2"
    )
    .bind(code.unwrap_or_default())
    .bind(most)
    .fetch_all(c)
    .await)?;
    let change = |row: ChangeRow| {
        let differences = serde_json::from_str(&row.fields).map_err(|e| unreadable("fields", e))?;
        Ok(Change { code: row.code, what: row.what, differences, why: row.why, on_request: row.on_request, at: row.at })
    };
    rows.into_iter().map(change).collect()
}
