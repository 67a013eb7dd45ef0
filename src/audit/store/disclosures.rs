use uuid::Uuid;

use crate::audit::disclosures::{Disclosure, DisclosureId, Kind, Party, Student};
use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, Page, PersonId, Result};
use crate::on;

/// Those of these people who are students, under the records by which they count.
pub async fn students_among(tx: &mut Tx, people: &[Uuid]) -> Result<Vec<PersonId>> {
    let list = Bulk::of(people.iter().map(|uid| uid.simple().to_string()));
    Ok(on!(tx,
        sqlite "SELECT DISTINCT COALESCE(p.same_as, p.id) FROM jsonb_each($1) j CROSS JOIN person p WHERE p.uid = unhex(j.value) AND p.role = 'student'",
        postgres "SELECT DISTINCT COALESCE(p.same_as, p.id) FROM jsonb_each_text($1) j JOIN person p ON p.uid = CAST(j.value AS UUID) WHERE p.role = 'student'",
        |c, sql| sqlx::query_scalar(sql).bind(&list).fetch_all(c).await)?)
}

pub async fn insert(tx: &mut Tx, actor: &Actor, to: &Party, kind: Kind, subject: &str) -> Result<DisclosureId> {
    let (uid, now) = (tx.uid(), tx.now());
    let account = (actor.account.0 != 0).then_some(actor.account);
    let id: i64 = on!(tx, |c| {
        sqlx::query_scalar(
        "INSERT INTO disclosure (uid, at, account_id, actor_name, party, interest, kind, subject) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         RETURNING id"
    )
    .bind(uid)
    .bind(now)
    .bind(account)
    .bind(&actor.name)
    .bind(&to.party)
    .bind(&to.interest)
    .bind(kind)
    .bind(subject)
    .fetch_one(c)
    .await
    })?;
    Ok(DisclosureId(id))
}

pub async fn add_students(tx: &mut Tx, id: DisclosureId, students: &[PersonId]) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO disclosure_student (disclosure_id, person_id)
         SELECT $2, CAST(value AS BIGINT) FROM jsonb_each($1) WHERE TRUE ON CONFLICT (disclosure_id, person_id) DO NOTHING"
    )
    .bind(Bulk::of(students))
    .bind(id.0)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

macro_rules! disclosures {
    ($rest:literal) => {
        concat!(
            "SELECT d.uid, d.at, d.actor_name, d.party, d.interest, d.kind, d.subject,
                    (SELECT COUNT(*) FROM disclosure_student s WHERE s.disclosure_id = d.id) AS students
             FROM disclosure d ",
            $rest
        )
    };
}

pub async fn list(tx: &mut Tx, page: Page) -> Result<(Vec<Disclosure>, i64)> {
    let rows = on!(tx, |c| sqlx::query_as(disclosures!("ORDER BY d.id DESC LIMIT $1 OFFSET $2"))
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(c)
        .await)?;
    let total = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM disclosure").fetch_one(c).await)?;
    Ok((rows, total))
}

pub async fn one(tx: &mut Tx, uid: Uuid) -> Result<Option<Disclosure>> {
    Ok(on!(tx, |c| sqlx::query_as(disclosures!("WHERE d.uid = $1")).bind(uid).fetch_optional(c).await)?)
}

pub async fn students(tx: &mut Tx, uid: Uuid, page: Page) -> Result<Vec<Student>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.uid, p.given || ' ' || p.family AS name, o.name AS school
         FROM disclosure d JOIN disclosure_student s ON s.disclosure_id = d.id
         JOIN person p ON p.id = s.person_id LEFT JOIN org o ON o.id = p.school_id
         WHERE d.uid = $1 ORDER BY p.family, p.given, p.id LIMIT $2 OFFSET $3"
    )
    .bind(uid)
    .bind(page.size)
    .bind(page.offset())
    .fetch_all(c)
    .await)?)
}

/// Under any record of the student.
pub async fn about(tx: &mut Tx, student: PersonId, page: Page) -> Result<(Vec<Disclosure>, i64)> {
    let rows = on!(tx, |c| sqlx::query_as(disclosures!(
        "WHERE d.id IN (SELECT s.disclosure_id FROM disclosure_student s
                        WHERE s.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1))
         ORDER BY d.id DESC LIMIT $2 OFFSET $3"
    ))
    .bind(student)
    .bind(page.size)
    .bind(page.offset())
    .fetch_all(c)
    .await)?;
    let total = on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(DISTINCT s.disclosure_id) FROM disclosure_student s
         WHERE s.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)"
    )
    .bind(student)
    .fetch_one(c)
    .await)?;
    Ok((rows, total))
}
