use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::kernel::{Day, OrgId, Result};
use crate::obligations::figures::By;
use crate::on;

#[derive(sqlx::FromRow)]
pub struct CrossedRow {
    /// A school's key as text, a role or a grade.
    pub first: String,
    pub second: String,
    pub state: String,
    pub late: bool,
    pub number: i64,
}

macro_rules! crossed {
    ($first:literal, $second:literal) => {
        concat!(
            "SELECT CAST(", $first, " AS TEXT) AS first, ", $second, " AS second, t.state, (t.state = 'open' AND t.due < $2) AS late,
                    CAST(SUM(t.change) AS BIGINT) AS number
             FROM tally t
             WHERE t.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND t.day <= $2
               AND t.school_id IN (SELECT a.org_id FROM org_above a WHERE a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
             GROUP BY ", $first, ", ", $second, ", t.state, (t.state = 'open' AND t.due < $2)"
        )
    };
}

/// One row a pair and state.
pub async fn counts(tx: &mut Tx, requirement: Uuid, day: Day, orgs: &[OrgId], rows: By, columns: By) -> Result<Vec<CrossedRow>> {
    let sql: &'static str = match (rows, columns) {
        (By::School, By::Role) => crossed!("t.school_id", "t.role"),
        (By::Role, _) => crossed!("t.role", "t.grade"),
        _ => crossed!("t.school_id", "t.grade"),
    };
    Ok(on!(tx, |c| sqlx::query_as(sql).bind(requirement).bind(day).bind(Bulk::of(orgs)).fetch_all(c).await)?)
}

/// Key, uid and name.
pub async fn schools(tx: &mut Tx, ids: &[i64]) -> Result<Vec<(i64, Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, uid, name FROM org WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))")
        .bind(Bulk::of(ids))
        .fetch_all(c)
        .await)?)
}
