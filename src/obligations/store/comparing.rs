use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Day, RequirementId, Result};
use crate::on;

/// Uid and title of what was asked on that day in the place of this requirement: one of its series first, then itself, then another of the same
/// subject and answers.
pub async fn before(tx: &mut Tx, requirement: RequirementId, day: Day) -> Result<Option<(Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT b.uid, b.title FROM requirement r
         JOIN requirement b ON b.subject_kind = r.subject_kind AND b.answers_as = r.answers_as
                           AND (b.id = r.id OR b.root_id = r.root_id OR COALESCE(b.series_id, b.id) = COALESCE(r.series_id, r.id))
         WHERE r.id = $1 AND b.issued_day <= $2 AND (b.ended_day IS NULL OR b.ended_day > $2)
         ORDER BY CASE WHEN COALESCE(b.series_id, b.id) = COALESCE(r.series_id, r.id) THEN 0 ELSE 1 END,
                  CASE WHEN b.audience = r.audience THEN 0 ELSE 1 END, b.id DESC LIMIT 1"
    )
    .bind(requirement)
    .bind(day)
    .fetch_optional(c)
    .await)?)
}
