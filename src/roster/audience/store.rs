use futures_util::TryStreamExt;
use uuid::Uuid;

use super::Place;
use crate::db::{Bulk, Tx};
use crate::kernel::{Day, OrgId, PersonId, Result, SectionId};
use crate::on;

pub async fn orgs_below(tx: &mut Tx, uid: Uuid) -> Result<Vec<OrgId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT a.org_id FROM org_above a JOIN org o ON o.id = a.above_id WHERE o.uid = $1")
        .bind(uid)
        .fetch_all(c)
        .await)?)
}

pub async fn orgs(tx: &mut Tx) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT uid, name FROM org WHERE left_day IS NULL AND parent_id IS NOT NULL ORDER BY name, id")
        .fetch_all(c)
        .await)?)
}

pub async fn languages(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT DISTINCT language FROM person WHERE left_day IS NULL ORDER BY language").fetch_all(c).await)?)
}

pub async fn grades(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT DISTINCT grade FROM person WHERE left_day IS NULL AND grade IS NOT NULL AND grade <> ''")
        .fetch_all(c)
        .await)?)
}

pub async fn person(tx: &mut Tx, uid: Uuid) -> Result<Option<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT id FROM person WHERE uid = $1").bind(uid).fetch_optional(c).await)?)
}

pub async fn section(tx: &mut Tx, uid: Uuid) -> Result<Option<SectionId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT id FROM section WHERE uid = $1").bind(uid).fetch_optional(c).await)?)
}

pub async fn section_members(tx: &mut Tx, uid: Uuid) -> Result<Vec<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT e.person_id FROM enrollment e JOIN section s ON s.id = e.section_id WHERE s.uid = $1 AND e.left_day IS NULL"
    )
    .bind(uid)
    .fetch_all(c)
    .await)?)
}

pub async fn name_of(tx: &mut Tx, uid: Uuid) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT name FROM org WHERE uid = $1
         UNION ALL SELECT title FROM section WHERE uid = $1
         UNION ALL SELECT given || ' ' || family FROM person WHERE uid = $1"
    )
    .bind(uid)
    .fetch_optional(c)
    .await)?)
}

/// Hands over each position held on that day by somebody who is on the roster, person by person, the primary one first.
pub async fn each_place(tx: &mut Tx, day: Day, only: Option<&[PersonId]>, mut take: impl FnMut(Place)) -> Result<()> {
    const ALL: &str = "
        SELECT p.id AS person, po.org_id AS org, po.role, COALESCE(p.grade, '') AS grade, p.language, p.joined
        FROM person p JOIN position po ON po.person_id = p.id
        WHERE (p.left_day IS NULL OR p.left_day > $1) AND p.joined <= $1 AND po.began <= $1 AND (po.ended IS NULL OR po.ended > $1)
        ORDER BY p.id, po.is_primary DESC, po.id";
    const SOME: &str = "
        SELECT p.id AS person, po.org_id AS org, po.role, COALESCE(p.grade, '') AS grade, p.language, p.joined
        FROM person p JOIN position po ON po.person_id = p.id
        WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))
          AND (p.left_day IS NULL OR p.left_day > $1) AND p.joined <= $1 AND po.began <= $1 AND (po.ended IS NULL OR po.ended > $1)
        ORDER BY p.id, po.is_primary DESC, po.id";
    match only {
        None => on!(tx, |c| {
            let mut rows = sqlx::query_as::<_, Place>(ALL).bind(day).fetch(c);
            while let Some(place) = rows.try_next().await? {
                take(place);
            }
        }),
        Some(people) => {
            for part in people.chunks(5_000) {
                on!(tx, |c| {
                    let mut rows = sqlx::query_as::<_, Place>(SOME).bind(day).bind(Bulk::of(part)).fetch(c);
                    while let Some(place) = rows.try_next().await? {
                        take(place);
                    }
                });
            }
        }
    }
    Ok(())
}
