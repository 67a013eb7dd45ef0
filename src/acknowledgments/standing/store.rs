use uuid::Uuid;

use super::Word;
use crate::acknowledgments::record::Choice;
use crate::db::{Bulk, Tx};
use crate::kernel::{Moment, ObligationId, PersonId, PolicyId, Problem, Result, VersionId};
use crate::on;

#[derive(sqlx::FromRow)]
struct Row {
    uid: Uuid,
    person: PersonId,
    person_name: String,
    about: PersonId,
    about_uid: Uuid,
    about_name: String,
    school: String,
    capacity: String,
    obligation: ObligationId,
    policy: PolicyId,
    slug: String,
    version: VersionId,
    number: i64,
    language: String,
    answer: String,
    choices: String,
    at: Moment,
}

impl Row {
    fn into_word(self) -> Result<Word> {
        let choices: Vec<Choice> = serde_json::from_str(&self.choices)
            .map_err(|e| Problem::internal(format!("table acknowledgment, column choices, record {}", self.uid), e))?;
        Ok(Word {
            uid: self.uid,
            person: self.person,
            person_name: self.person_name,
            about: self.about,
            about_uid: self.about_uid,
            about_name: self.about_name,
            school: self.school,
            guardian: self.capacity == "guardian",
            obligation: self.obligation,
            policy: self.policy,
            slug: self.slug,
            version: self.version,
            number: self.number,
            language: self.language,
            answer: self.answer,
            choices,
            at: self.at,
        })
    }
}

/// Every answer about these people (under the records by which they count), newest first; people under the records that were kept.
pub async fn about(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<Word>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT k.uid, p.id AS person, p.given || ' ' || p.family AS person_name, a.id AS about, a.uid AS about_uid,
                a.given || ' ' || a.family AS about_name, s.name AS school, k.capacity, k.obligation_id AS obligation, v.policy_id AS policy,
                y.slug, k.version_id AS version, v.number, k.language, k.answer, k.choices, k.at
         FROM person r
         JOIN acknowledgment k ON k.about_id = r.id
         JOIN person a ON a.id = COALESCE(r.same_as, r.id)
         JOIN person w ON w.id = k.person_id
         JOIN person p ON p.id = COALESCE(w.same_as, w.id)
         JOIN obligation o ON o.id = k.obligation_id
         JOIN org s ON s.id = o.school_id
         JOIN policy_version v ON v.id = k.version_id
         JOIN policy y ON y.id = v.policy_id
         WHERE r.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
            OR r.same_as IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
         ORDER BY k.id DESC"
    )
    .bind(Bulk::of(people))
    .fetch_all(c)
    .await
    })?;
    rows.into_iter().map(Row::into_word).collect()
}

/// Those about whom somebody has answered, by name.
pub async fn answered_for(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    let rows: Vec<(PersonId, String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT a.id, a.given, a.family
         FROM acknowledgment k JOIN person w ON w.id = k.about_id JOIN person a ON a.id = COALESCE(w.same_as, w.id)
         WHERE k.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
         ORDER BY a.given, a.family, a.id"
    )
    .bind(person)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, ..)| id).collect())
}

/// About whom the answer with that receipt is.
pub async fn about_of(tx: &mut Tx, receipt: Uuid) -> Result<Option<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT COALESCE(w.same_as, w.id) FROM acknowledgment k JOIN person w ON w.id = k.about_id WHERE k.uid = $1"
    )
    .bind(receipt)
    .fetch_optional(c)
    .await)?)
}
