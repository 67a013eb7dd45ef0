use crate::db::{Bulk, Tx};
use crate::kernel::{ObligationId, PersonId, Result};
use crate::obligations::State;
use crate::on;

pub async fn standing(tx: &mut Tx, course_version: i64, people: &[PersonId]) -> Result<Vec<(PersonId, State)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT o.person_id, o.state FROM obligation o JOIN requirement r ON r.id = o.requirement_id
         WHERE r.subject_kind = 'course' AND r.state = 'issued' AND o.ended IS NULL
           AND o.person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))
           AND $1 = CASE WHEN o.variant = 'refresher' THEN r.refresher_id ELSE r.subject_id END
         ORDER BY o.id"
    )
    .bind(course_version)
    .bind(Bulk::of(people))
    .fetch_all(c)
    .await)?)
}

pub async fn fulfilled(tx: &mut Tx, person: PersonId, course_version: i64) -> Result<Vec<ObligationId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT o.id FROM obligation o JOIN requirement r ON r.id = o.requirement_id
         WHERE o.person_id = $1 AND r.subject_kind = 'course' AND r.state = 'issued' AND o.state = 'fulfilled' AND o.ended IS NULL
           AND $2 = CASE WHEN o.variant = 'refresher' THEN r.refresher_id ELSE r.subject_id END
         ORDER BY o.id"
    )
    .bind(person)
    .bind(course_version)
    .fetch_all(c)
    .await)?)
}
