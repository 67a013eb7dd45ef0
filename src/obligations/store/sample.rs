use std::collections::HashMap;

use uuid::Uuid;

use super::reach;
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Actor, Day, Moment, ObligationId, Problem, RequirementId, Result};
use crate::obligations::people::Row;
use crate::obligations::sample::{Draw, Member, Part, Plan, Sample, Stratum};
use crate::on;

pub async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    uid: Uuid,
    requirement: RequirementId,
    plan: &Plan,
    parts: &[Part],
    people: &[Draw],
) -> Result<()> {
    let now = tx.now();
    let strata = serde_json::to_string(parts).map_err(|e| Problem::internal("the strata of a sample can't be written", e))?;
    let account = (actor.account.0 != 0).then_some(actor.account);
    let id: i64 = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO sample (uid, requirement_id, day, stratum, each, seed, strata, account_id, actor_name, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id"
    )
    .bind(uid)
    .bind(requirement)
    .bind(plan.day)
    .bind(plan.by.name())
    .bind(plan.each)
    .bind(&plan.seed)
    .bind(&strata)
    .bind(account)
    .bind(&actor.name)
    .bind(now)
    .fetch_one(c)
    .await)?;
    let rows = Bulk::of(people.iter().map(|draw| (draw.number, &draw.stratum, &draw.rank, draw.duty)));
    on!(tx, |c| sqlx::query(
        "INSERT INTO sample_member (sample_id, number, stratum, rank, obligation_id)
         SELECT $2, CAST(value->>0 AS BIGINT), value->>1, value->>2, CAST(value->>3 AS BIGINT) FROM jsonb_each($1)"
    )
    .bind(&rows)
    .bind(id)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SampleRow {
    id: i64,
    uid: Uuid,
    requirement: Uuid,
    title: String,
    day: Day,
    stratum: String,
    each: i64,
    seed: String,
    strata: String,
    account_id: Option<AccountId>,
    actor_name: String,
    made_at: Moment,
}

impl SampleRow {
    fn sample(self) -> Result<Sample> {
        let by = Stratum::named(&self.stratum)
            .ok_or_else(|| Problem::internal("table sample, column stratum: not a stratum", self.stratum.clone()))?;
        let parts =
            serde_json::from_str(&self.strata).map_err(|e| Problem::internal(format!("table sample, column strata, {}", self.uid), e))?;
        Ok(Sample {
            id: self.id,
            uid: self.uid,
            requirement: self.requirement,
            title: self.title,
            plan: Plan { day: self.day, by, each: self.each, seed: self.seed },
            parts,
            account: self.account_id,
            by_name: self.actor_name,
            at: self.made_at,
        })
    }
}

macro_rules! samples {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.uid, r.uid AS requirement, r.title, s.day, s.stratum, s.each, s.seed, s.strata, s.account_id, s.actor_name, s.made_at
             FROM sample s JOIN requirement r ON r.id = s.requirement_id ",
            $rest
        )
    };
}

/// The newest first: of that account, or all.
pub async fn list(tx: &mut Tx, account: Option<AccountId>, most: i64) -> Result<Vec<Sample>> {
    let rows: Vec<SampleRow> =
        on!(tx, |c| sqlx::query_as(samples!("WHERE CAST($1 AS BIGINT) IS NULL OR s.account_id = $1 ORDER BY s.id DESC LIMIT $2"))
            .bind(account)
            .bind(most)
            .fetch_all(c)
            .await)?;
    rows.into_iter().map(SampleRow::sample).collect()
}

pub async fn get(tx: &mut Tx, uid: Uuid) -> Result<Option<Sample>> {
    let row: Option<SampleRow> = on!(tx, |c| sqlx::query_as(samples!("WHERE s.uid = $1")).bind(uid).fetch_optional(c).await)?;
    row.map(SampleRow::sample).transpose()
}

/// The columns of a [`Row`] as of day $1, within the orgs $2. What follows names the duties `o`.
macro_rules! as_of {
    ($select:literal, $from:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " o.id AS duty, r.uid AS requirement, p.uid AS person_uid, p.given || ' ' || p.family AS name, a.given || ' ' || a.family AS about_name,
                s.name AS school, o.role, o.grade, o.due - r.grace_days AS due, o.due AS late_after, a.uid AS about_uid,
                CASE WHEN o.closed IS NULL OR o.closed > $1 THEN 'open' ELSE o.state END AS state,
                CASE WHEN o.closed <= $1 THEN o.closed END AS closed, CASE WHEN o.closed <= $1 THEN o.reason END AS reason ",
            $from,
            " JOIN requirement r ON r.id = o.requirement_id
              JOIN person p ON p.id = o.person_id
              JOIN person a ON a.id = o.about_id
              JOIN org s ON s.id = o.school_id
              WHERE o.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))) ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    number: i64,
    stratum: String,
    rank: String,
    duty: ObligationId,
    #[sqlx(flatten)]
    row: Row,
}

pub async fn members(tx: &mut Tx, actor: &Actor, sample: i64, day: Day) -> Result<Vec<Member>> {
    let (orgs, _) = reach(actor);
    let rows: Vec<MemberRow> = on!(tx, |c| sqlx::query_as(as_of!(
        "m.number, m.stratum, m.rank, ",
        "FROM sample_member m JOIN obligation o ON o.id = m.obligation_id",
        "AND m.sample_id = $3 ORDER BY m.number"
    ))
    .bind(day)
    .bind(Bulk::of(&orgs))
    .bind(sample)
    .fetch_all(c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|m| Member { draw: Draw { number: m.number, stratum: m.stratum, rank: m.rank, duty: m.duty }, row: m.row })
        .collect())
}

#[derive(sqlx::FromRow)]
struct DutyRow {
    duty: ObligationId,
    #[sqlx(flatten)]
    row: Row,
}

pub async fn rows(tx: &mut Tx, actor: &Actor, duties: &[ObligationId], day: Day) -> Result<HashMap<ObligationId, Row>> {
    let (orgs, _) = reach(actor);
    let rows: Vec<DutyRow> =
        on!(tx, |c| sqlx::query_as(as_of!("", "FROM obligation o", "AND o.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3))"))
            .bind(day)
            .bind(Bulk::of(&orgs))
            .bind(Bulk::of(duties))
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|row| (row.duty, row.row)).collect())
}
