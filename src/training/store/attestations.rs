use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, AttestationId, CourseVersionId, Day, Moment, PersonId, Result, SectionId};
use crate::on;
use crate::roster::sections::{Asker, theirs};
use crate::training::attestations::{Attestation, Lesson, Presence, Student};
use crate::training::evidence::Taught;

/// Each class with each course that its children are asked to take, by class.
pub async fn lessons(tx: &mut Tx, asker: &Asker, today: Day) -> Result<Vec<Lesson>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(concat!(
        "SELECT s.uid AS section, s.title AS section_title, g.name AS school, k.slug, v.uid AS version, v.id AS version_id, MIN(r.title) AS title,
                COUNT(DISTINCT CASE WHEN o.state = 'open' THEN p.id END) AS open, COUNT(DISTINCT p.id) AS asked
         FROM section s
         JOIN org g ON g.id = s.school_id
         JOIN enrollment e ON e.section_id = s.id AND e.role = 'student' AND e.left_day IS NULL
                           AND (e.began IS NULL OR e.began <= $4) AND (e.ended IS NULL OR e.ended > $4)
         JOIN person m ON m.id = e.person_id
         JOIN person p ON p.id = COALESCE(m.same_as, m.id) AND (p.left_day IS NULL OR p.left_day > $4)
         JOIN obligation o ON o.person_id = p.id AND o.about_id = p.id AND o.ended IS NULL AND o.state <> 'exempt'
         JOIN requirement r ON r.id = o.requirement_id AND r.state = 'issued' AND r.subject_kind = 'course' AND (r.opens IS NULL OR r.opens <= $4)
         JOIN course_version v ON v.id = CASE WHEN o.variant = 'refresher' THEN r.refresher_id ELSE r.subject_id END
         JOIN course k ON k.id = v.course_id
         WHERE s.left_day IS NULL AND s.id IN (",
        theirs!(),
        ") GROUP BY s.id, s.uid, s.title, g.name, k.slug, v.id, v.uid
           ORDER BY g.name, s.title, s.id, k.slug, v.id"
    ))
    .bind(asker.teacher)
    .bind(asker.leader)
    .bind(asker.account)
    .bind(today)
    .fetch_all(c)
    .await
    })?)
}

/// The last hundred lessons of these classes.
pub async fn given(tx: &mut Tx, asker: &Asker, today: Day) -> Result<Vec<Attestation>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(concat!(
        "SELECT a.id, a.uid, a.version_id, s.uid AS section, s.title AS section_title, g.name AS school, a.held, a.teacher_name, a.note, a.at
         FROM attestation a JOIN section s ON s.id = a.section_id JOIN org g ON g.id = s.school_id
         WHERE a.section_id IN (",
        theirs!(),
        ") ORDER BY a.held DESC, a.id DESC LIMIT 100"
    ))
    .bind(asker.teacher)
    .bind(asker.leader)
    .bind(asker.account)
    .bind(today)
    .fetch_all(c)
    .await
    })?)
}

/// Which of these people have completed that version, alone or in class.
pub async fn completed(tx: &mut Tx, version: CourseVersionId, people: &[PersonId]) -> Result<Vec<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT COALESCE(w.same_as, w.id) FROM course_completed d JOIN person w ON w.id = d.person_id
         WHERE d.version_id = $1 AND COALESCE(w.same_as, w.id) IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))"
    )
    .bind(version)
    .bind(Bulk::of(people))
    .fetch_all(c)
    .await)?)
}

/// What was said last of each child in a lesson of that class.
pub async fn last(tx: &mut Tx, version: CourseVersionId, section: SectionId) -> Result<Vec<(PersonId, Presence)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT s.person_id, s.presence FROM attestation_student s JOIN attestation a ON a.id = s.attestation_id
         WHERE a.version_id = $1 AND a.section_id = $2 ORDER BY a.held, a.id"
    )
    .bind(version)
    .bind(section)
    .fetch_all(c)
    .await)?)
}

/// Its key and uid.
pub async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    (version, section): (CourseVersionId, SectionId),
    (held, held_at): (Day, Moment),
    note: &str,
) -> Result<(AttestationId, Uuid)> {
    let (uid, now) = (tx.uid(), tx.now());
    let id = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO attestation (uid, version_id, section_id, held, held_at, account_id, teacher_name, note, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id"
    )
    .bind(uid)
    .bind(version)
    .bind(section)
    .bind(held)
    .bind(held_at)
    .bind(actor.account)
    .bind(&actor.name)
    .bind(note)
    .bind(now)
    .fetch_one(c)
    .await)?;
    Ok((id, uid))
}

pub async fn insert_students(tx: &mut Tx, attestation: AttestationId, students: &[(PersonId, Presence)]) -> Result<()> {
    let rows = Bulk::of(students.iter().map(|(person, presence)| serde_json::json!({ "person": person, "presence": presence })));
    on!(tx, |c| sqlx::query(
        "INSERT INTO attestation_student (attestation_id, person_id, presence)
         SELECT $1, CAST(value->>'person' AS BIGINT), value->>'presence' FROM jsonb_each($2)"
    )
    .bind(attestation)
    .bind(&rows)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn one(tx: &mut Tx, uid: Uuid) -> Result<Option<Attestation>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT a.id, a.uid, a.version_id, s.uid AS section, s.title AS section_title, g.name AS school, a.held, a.teacher_name, a.note, a.at
         FROM attestation a JOIN section s ON s.id = a.section_id JOIN org g ON g.id = s.school_id WHERE a.uid = $1"
    )
    .bind(uid)
    .fetch_optional(c)
    .await
    })?)
}

pub async fn students(tx: &mut Tx, attestation: AttestationId) -> Result<Vec<Student>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.id, p.uid, p.given, p.family, s.presence FROM attestation_student s JOIN person p ON p.id = s.person_id
         WHERE s.attestation_id = $1 ORDER BY p.given, p.family, p.id"
    )
    .bind(attestation)
    .fetch_all(c)
    .await)?)
}

pub async fn set_presence(tx: &mut Tx, attestation: AttestationId, person: PersonId, presence: Presence) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE attestation_student SET presence = $3 WHERE attestation_id = $1 AND person_id = $2")
        .bind(attestation)
        .bind(person)
        .bind(presence)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn taught(tx: &mut Tx, person: Uuid, language: &str, most: i64) -> Result<Vec<Taught>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT c.slug, COALESCE(t.title, c.slug) AS title, v.number, v.hash, s.title AS section, a.held, a.teacher_name, g.presence
         FROM person w
         JOIN person r ON r.id = COALESCE(w.same_as, w.id) OR r.same_as = COALESCE(w.same_as, w.id)
         JOIN attestation_student g ON g.person_id = r.id
         JOIN attestation a ON a.id = g.attestation_id
         JOIN section s ON s.id = a.section_id
         JOIN course_version v ON v.id = a.version_id
         JOIN course c ON c.id = v.course_id
         LEFT JOIN course_text t ON t.version_id = v.id AND t.language = $2
         WHERE w.uid = $1 ORDER BY a.held DESC, a.id DESC LIMIT $3"
    )
    .bind(person)
    .bind(language)
    .bind(most)
    .fetch_all(c)
    .await)?)
}
