use uuid::Uuid;

use super::reach;
use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, ObligationId, Result};
use crate::obligations::dispensations::{Standing, Step};
use crate::on;

/// One duty as it stands or last stood, where the actor reaches the person it is about.
pub async fn standing(tx: &mut Tx, actor: &Actor, requirement: Uuid, person: Uuid, about: Uuid) -> Result<Option<Standing>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT o.id, r.uid AS requirement, r.title, p.uid AS person_uid, p.given || ' ' || p.family AS name, a.uid AS about_uid,
                a.given || ' ' || a.family AS about_name, s.name AS school, o.role, o.grade, o.due - r.grace_days AS due, r.grace_days,
                o.state, o.closed, o.reason, o.granted_by, o.extended_from - r.grace_days AS extended_from, o.variant,
                o.ended
         FROM obligation o
         JOIN requirement r ON r.id = o.requirement_id
         JOIN person p ON p.id = o.person_id
         JOIN person a ON a.id = o.about_id
         JOIN org s ON s.id = o.school_id
         WHERE r.uid = $1 AND p.uid = $2 AND a.uid = $3
           AND (o.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($4)))
                OR o.about_id IN (SELECT e.person_id FROM enrollment e
                                  WHERE e.role = 'student' AND e.left_day IS NULL
                                    AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($5))))
         ORDER BY CASE WHEN o.ended IS NULL THEN 0 ELSE 1 END, o.id DESC LIMIT 1"
    )
    .bind(requirement)
    .bind(person)
    .bind(about)
    .bind(Bulk::of(orgs))
    .bind(Bulk::of(sections))
    .fetch_optional(c)
    .await)?)
}

/// All rows of the same duty, the latest first.
pub async fn history(tx: &mut Tx, id: ObligationId) -> Result<Vec<Step>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT o.opened, o.state, s.name AS school, o.grade, o.due - r.grace_days AS due, o.closed, o.reason, o.granted_by, o.ended,
                o.end_reason, made.uid AS opened_by, ended.uid AS ended_by
         FROM obligation this
         JOIN obligation o ON o.requirement_id = this.requirement_id AND o.person_id = this.person_id AND o.about_id = this.about_id
         JOIN requirement r ON r.id = o.requirement_id
         JOIN org s ON s.id = o.school_id
         LEFT JOIN duty_report made ON made.id = o.opened_by
         LEFT JOIN duty_report ended ON ended.id = o.ended_by
         WHERE this.id = $1 ORDER BY o.id DESC"
    )
    .bind(id)
    .fetch_all(c)
    .await)?)
}
