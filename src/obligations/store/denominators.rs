use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::kernel::{Day, OrgId, Result};
use crate::on;

#[derive(sqlx::FromRow)]
pub struct CameRow {
    /// After the requirement was issued.
    pub came_later: bool,
    /// Still counted at the end of the day.
    pub here: bool,
    /// Why not any more, or why exempt; '' otherwise.
    pub why: String,
    pub state: String,
    pub late: bool,
    pub number: i64,
}

/// People by how they came and whether they are still there, as of the end of the day.
pub async fn rows(tx: &mut Tx, requirement: Uuid, day: Day, orgs: &[OrgId], school: Option<Uuid>) -> Result<Vec<CameRow>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
            "WITH duty (first, last) AS (
             SELECT MIN(o.opened), MAX(o.id) FROM obligation o
             WHERE o.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND o.opened <= $2
               AND o.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
               AND ($4 IS NULL OR o.school_id = (SELECT id FROM org WHERE uid = $4))
             GROUP BY o.person_id, o.about_id),
         stood (came_later, here, why, state, late) AS (
             SELECT d.first > COALESCE(r.issued_day, d.first), (l.ended IS NULL OR l.ended > $2),
                    CASE WHEN l.ended <= $2 THEN COALESCE(l.end_reason, '')
                         WHEN l.closed <= $2 AND l.state = 'exempt' THEN COALESCE(l.reason, '') ELSE '' END,
                    CASE WHEN l.closed IS NULL OR l.closed > $2 THEN 'open' ELSE l.state END,
                    ((l.closed IS NULL OR l.closed > $2) AND l.due < $2)
             FROM duty d JOIN obligation l ON l.id = d.last JOIN requirement r ON r.id = l.requirement_id)
         SELECT came_later, here, why, state, late, COUNT(*) AS number FROM stood GROUP BY came_later, here, why, state, late",
        )
        .bind(requirement)
        .bind(day)
        .bind(Bulk::of(orgs))
        .bind(school)
        .fetch_all(c)
        .await
    })?)
}
