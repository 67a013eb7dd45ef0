use futures_util::TryStreamExt;
use uuid::Uuid;

use super::history::{Asked, Given};
use super::record::{Choice, Manner, Record};
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Actor, Moment, ObligationId, OrgId, PersonId, Problem, Reach, Result, SectionId, VersionId};
use crate::on;

#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    uid: Uuid,
    person_id: PersonId,
    person: Uuid,
    person_name: String,
    about: Uuid,
    about_name: String,
    capacity: String,
    authenticated: String,
    recorded_by: Option<Uuid>,
    recorded_by_name: Option<String>,
    paper: Option<String>,
    policy: String,
    version: VersionId,
    version_number: i64,
    pub language: String,
    text_hash: String,
    statement: String,
    pub answer: String,
    pub choices: String,
    pub reason: String,
    signed_name: String,
    at: Moment,
    hash: String,
    position: i64,
}

impl Row {
    pub fn into_record(self) -> Result<Record> {
        let choices: Vec<Choice> = serde_json::from_str(&self.choices)
            .map_err(|e| Problem::internal(format!("table acknowledgment, column choices, record {}", self.uid), e))?;
        Ok(Record {
            uid: self.uid,
            person_id: self.person_id,
            person: self.person,
            person_name: self.person_name,
            about: self.about,
            about_name: self.about_name,
            capacity: self.capacity,
            authenticated: self.authenticated,
            recorded_by: self.recorded_by,
            recorded_by_name: self.recorded_by_name,
            paper: self.paper,
            policy: self.policy,
            version: self.version,
            version_number: self.version_number,
            language: self.language,
            text_hash: self.text_hash,
            statement: self.statement,
            answer: self.answer,
            choices,
            reason: self.reason,
            signed_name: self.signed_name,
            at: self.at,
            hash: self.hash,
            position: self.position,
        })
    }
}

/// The columns and joins that every reading of a record shares.
macro_rules! records {
    ($($rest:tt)+) => {
        concat!(
            "SELECT k.uid, k.person_id, p.uid AS person, p.given || ' ' || p.family AS person_name, a.uid AS about, a.given || ' ' || a.family AS about_name,
                    k.capacity, k.authenticated, w.uid AS recorded_by, w.name AS recorded_by_name, k.paper, y.slug AS policy, k.version_id AS version, v.number AS version_number, k.language, k.text_hash,
                    k.statement, k.answer, k.choices, k.reason, k.signed_name, k.at, k.hash, k.position
             FROM acknowledgment k
             JOIN person p ON p.id = k.person_id
             JOIN person a ON a.id = k.about_id
             JOIN policy_version v ON v.id = k.version_id
             JOIN policy y ON y.id = v.policy_id
             LEFT JOIN account w ON w.id = k.recorded_by ",
            $($rest)+
        )
    };
}

/// Makes writers of the same duty wait for each other; SQLite has one writer anyway.
pub async fn lock(tx: &mut Tx, id: ObligationId) -> Result<()> {
    on!(tx, sqlite "SELECT id FROM obligation WHERE id = $1", postgres "SELECT id FROM obligation WHERE id = $1 FOR UPDATE", |c, sql| {
        sqlx::query(sql).bind(id).fetch_optional(c).await.map(drop)
    })?;
    Ok(())
}

/// Under any record of the two people.
pub async fn latest(tx: &mut Tx, person: PersonId, about: PersonId, version: VersionId) -> Result<Option<Row>> {
    Ok(on!(tx, |c| sqlx::query_as(records!(
        "WHERE k.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
           AND k.about_id IN (SELECT r.id FROM person r WHERE r.id = $2 OR r.same_as = $2)
           AND k.version_id = $3 ORDER BY k.id DESC LIMIT 1"
    ))
    .bind(person)
    .bind(about)
    .bind(version)
    .fetch_optional(c)
    .await)?)
}

/// The person's latest answer, where the same answer again would say nothing new: the duty isn't open, and nobody else has said something
/// else about the same person since. Under any record of the two people.
pub async fn latest_that_stands(
    tx: &mut Tx,
    obligation: ObligationId,
    person: PersonId,
    about: PersonId,
    version: VersionId,
) -> Result<Option<Row>> {
    Ok(on!(tx, |c| sqlx::query_as(records!(
        "WHERE k.id = (SELECT MAX(m.id) FROM acknowledgment m
                       WHERE m.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
                         AND m.about_id IN (SELECT r.id FROM person r WHERE r.id = $2 OR r.same_as = $2) AND m.version_id = $3)
           AND NOT EXISTS (SELECT 1 FROM obligation o WHERE o.id = $4 AND o.state = 'open')
           AND NOT EXISTS (SELECT 1 FROM acknowledgment j
                           WHERE j.about_id IN (SELECT r.id FROM person r WHERE r.id = $2 OR r.same_as = $2) AND j.id > k.id
                             AND j.version_id = $3 AND j.capacity = k.capacity AND (j.answer <> k.answer OR j.choices <> k.choices))"
    ))
    .bind(person)
    .bind(about)
    .bind(version)
    .bind(obligation)
    .fetch_optional(c)
    .await)?)
}

pub struct New<'a> {
    pub obligation: ObligationId,
    pub person: PersonId,
    pub about: PersonId,
    pub capacity: &'a str,
    pub manner: Manner<'a>,
    /// Who stood by, or entered the paper.
    pub recorded_by: Option<AccountId>,
    pub version: VersionId,
    pub language: &'a str,
    pub text_hash: &'a str,
    pub statement: &'a str,
    pub answer: &'a str,
    /// JSON.
    pub choices: &'a str,
    pub reason: &'a str,
    pub signed_name: &'a str,
}

#[derive(sqlx::FromRow)]
struct Names {
    person: Uuid,
    person_name: String,
    about: Uuid,
    about_name: String,
    policy: String,
    version_number: i64,
    recorded_by: Option<Uuid>,
    recorded_by_name: Option<String>,
}

pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<Record> {
    let (uid, at) = (tx.uid(), tx.now());
    let names: Names = on!(tx, |c| sqlx::query_as(
        "SELECT p.uid AS person, p.given || ' ' || p.family AS person_name, a.uid AS about, a.given || ' ' || a.family AS about_name,
                y.slug AS policy, v.number AS version_number, w.uid AS recorded_by, w.name AS recorded_by_name
         FROM person p
         JOIN person a ON a.id = $2
         JOIN policy_version v ON v.id = $3
         JOIN policy y ON y.id = v.policy_id
         LEFT JOIN account w ON w.id = $4
         WHERE p.id = $1"
    )
    .bind(new.person)
    .bind(new.about)
    .bind(new.version)
    .bind(new.recorded_by)
    .fetch_one(c)
    .await)?;
    let mut record = Record {
        uid,
        person_id: new.person,
        person: names.person,
        person_name: names.person_name,
        about: names.about,
        about_name: names.about_name,
        capacity: new.capacity.into(),
        authenticated: new.manner.authenticated().into(),
        recorded_by: names.recorded_by,
        recorded_by_name: names.recorded_by_name,
        paper: if let Manner::Paper(code) = new.manner { Some(code.into()) } else { None },
        policy: names.policy,
        version: new.version,
        version_number: names.version_number,
        language: new.language.into(),
        text_hash: new.text_hash.into(),
        statement: new.statement.into(),
        answer: new.answer.into(),
        choices: serde_json::from_str(new.choices).map_err(|e| Problem::internal("choices can't be read back", e))?,
        reason: new.reason.into(),
        signed_name: new.signed_name.into(),
        at,
        hash: String::new(),
        position: next_position(tx).await?,
    };
    record.hash = record.computed_hash()?;
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO acknowledgment (uid, obligation_id, person_id, about_id, capacity, authenticated, recorded_by, paper, version_id, language,
                                     text_hash, statement, answer, choices, reason, signed_name, at, hash, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
    )
    .bind(uid)
    .bind(new.obligation)
    .bind(new.person)
    .bind(new.about)
    .bind(new.capacity)
    .bind(&record.authenticated)
    .bind(new.recorded_by)
    .bind(&record.paper)
    .bind(new.version)
    .bind(new.language)
    .bind(new.text_hash)
    .bind(new.statement)
    .bind(new.answer)
    .bind(new.choices)
    .bind(new.reason)
    .bind(new.signed_name)
    .bind(at)
    .bind(&record.hash)
    .bind(record.position)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(record)
}

/// The next place in the log. Whoever has it holds the head until the transaction ends, so that places are given in the order of commits.
async fn next_position(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar("UPDATE log_head SET size = size + 1 WHERE id = 1 RETURNING size - 1").fetch_one(c).await)?)
}

/// Records within reach: one's own answers ($1), those about people of schools ($2) and of sections ($3), and what else is asked.
macro_rules! reachable {
    ($and:literal) => {
        records!(concat!(
            "WHERE (
                 k.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
                 OR EXISTS (SELECT 1 FROM obligation o JOIN org_above x ON x.org_id = o.school_id
                            WHERE o.id = k.obligation_id AND x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)))
                 OR (SELECT COALESCE(w.same_as, w.id) FROM person w WHERE w.id = k.about_id)
                    IN (SELECT COALESCE(m.same_as, m.id) FROM enrollment e JOIN person m ON m.id = e.person_id
                        WHERE e.role = 'student' AND e.left_day IS NULL
                          AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))) ",
            $and
        ))
    };
}

/// Whose records an actor may see: schools and sections.
fn reach(actor: &Actor) -> (Vec<OrgId>, Vec<SectionId>) {
    match &actor.reach {
        _ if !actor.may_see_people() => (Vec::new(), Vec::new()),
        Reach::Orgs(orgs) => (orgs.clone(), Vec::new()),
        Reach::Sections(sections) => (Vec::new(), sections.clone()),
        Reach::Own => (Vec::new(), Vec::new()),
    }
}

/// The answers of a person about a person to what a requirement asks, within reach, the latest first.
pub async fn of_duty(tx: &mut Tx, actor: &Actor, requirement: Uuid, person: Uuid, about: Uuid) -> Result<Vec<Row>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(reachable!(
        "AND k.person_id IN (SELECT x.id FROM person x WHERE x.uid = $4 OR x.same_as = (SELECT y.id FROM person y WHERE y.uid = $4))
         AND k.about_id IN (SELECT x.id FROM person x WHERE x.uid = $5 OR x.same_as = (SELECT y.id FROM person y WHERE y.uid = $5))
         AND k.version_id = (SELECT r.subject_id FROM requirement r WHERE r.uid = $6 AND r.subject_kind = 'policy')
         ORDER BY k.id DESC"
    ))
    .bind(actor.person)
    .bind(Bulk::of(orgs))
    .bind(Bulk::of(sections))
    .bind(person)
    .bind(about)
    .bind(requirement)
    .fetch_all(c)
    .await)?)
}

/// What is asked now about a person, of whom, and how it stands; with the newest answer of each within these orgs. The person under any
/// record.
pub async fn asked_about(tx: &mut Tx, person: PersonId, orgs: &[OrgId]) -> Result<Vec<Asked>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT r.title, r.subject_kind, w.uid AS person_uid, w.given || ' ' || w.family AS person_name, o.person_id = o.about_id AS oneself,
                o.state, o.due - r.grace_days AS due, o.closed, o.reason,
                (SELECT k.uid FROM acknowledgment k
                 WHERE k.person_id IN (SELECT x.id FROM person x WHERE x.id = w.id OR x.same_as = w.id)
                   AND k.about_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1)
                   AND r.subject_kind = 'policy' AND k.version_id = r.subject_id
                   AND EXISTS (SELECT 1 FROM obligation d JOIN org_above x ON x.org_id = d.school_id
                               WHERE d.id = k.obligation_id AND x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)))
                 ORDER BY k.id DESC LIMIT 1) AS receipt
         FROM obligation o
         JOIN requirement r ON r.id = o.requirement_id
         JOIN person p ON p.id = o.person_id
         JOIN person w ON w.id = COALESCE(p.same_as, p.id)
         WHERE o.about_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1) AND o.ended IS NULL
         ORDER BY CASE o.state WHEN 'open' THEN 0 ELSE 1 END, o.due, r.title, w.family, w.given, o.id"
    )
    .bind(person)
    .bind(Bulk::of(orgs))
    .fetch_all(c)
    .await
    })?)
}

/// Every answer within these orgs that a person gave, for whomever, or that was given for them, newest first; under any record.
pub async fn given(tx: &mut Tx, person: PersonId, orgs: &[OrgId], most: i64) -> Result<Vec<Given>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.uid, r.title, v.number AS version, p.given || ' ' || p.family AS person_name, a.given || ' ' || a.family AS about_name,
                k.person_id = k.about_id AS oneself, k.answer, k.at,
                CASE WHEN k.person_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1) THEN p.same_as IS NOT NULL
                     ELSE a.same_as IS NOT NULL END AS by_other_record
         FROM acknowledgment k
         JOIN person p ON p.id = k.person_id
         JOIN person a ON a.id = k.about_id
         JOIN policy_version v ON v.id = k.version_id
         JOIN obligation d ON d.id = k.obligation_id
         JOIN requirement r ON r.id = d.requirement_id
         WHERE k.id IN (SELECT k1.id FROM acknowledgment k1
                        WHERE k1.person_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1)
                        UNION
                        SELECT k2.id FROM obligation o JOIN acknowledgment k2 ON k2.obligation_id = o.id
                        WHERE o.about_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1))
           AND EXISTS (SELECT 1 FROM org_above x
                       WHERE x.org_id = d.school_id AND x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)))
         ORDER BY k.id DESC LIMIT $3"
    )
    .bind(person)
    .bind(Bulk::of(orgs))
    .bind(most)
    .fetch_all(c)
    .await)?)
}

#[derive(sqlx::FromRow)]
pub struct Chosen {
    uid: Uuid,
    pub version: i64,
    pub about: PersonId,
    choices: String,
}

impl Chosen {
    pub fn read(&self) -> Result<Vec<Choice>> {
        serde_json::from_str(&self.choices)
            .map_err(|e| Problem::internal(format!("table acknowledgment, column choices, record {}", self.uid), e))
    }
}

/// What somebody has answered to consent forms, the latest last.
pub async fn choices(tx: &mut Tx, person: PersonId) -> Result<Vec<Chosen>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.uid, k.version_id AS version, k.about_id AS about, k.choices
         FROM acknowledgment k
         WHERE k.person_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1) AND k.choices <> '[]' ORDER BY k.id"
    )
    .bind(person)
    .fetch_all(c)
    .await)?)
}

/// One record, within reach: one's own answer, or one about somebody whose records one may see.
pub async fn record(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Option<Row>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(reachable!("AND k.uid = $4"))
        .bind(actor.person)
        .bind(Bulk::of(orgs))
        .bind(Bulk::of(sections))
        .bind(uid)
        .fetch_optional(c)
        .await)?)
}

/// One record, whoever asks: the caller knows that they may.
pub async fn record_of(tx: &mut Tx, uid: Uuid) -> Result<Option<Row>> {
    Ok(on!(tx, |c| sqlx::query_as(records!("WHERE k.uid = $1")).bind(uid).fetch_optional(c).await)?)
}

pub async fn each_record(tx: &mut Tx, mut take: impl FnMut(Row) -> Result<()>) -> Result<()> {
    on!(tx, |c| {
        let mut rows = sqlx::query_as::<_, Row>(records!("ORDER BY k.id")).fetch(c);
        while let Some(row) = rows.try_next().await? {
            take(row)?;
        }
    });
    Ok(())
}

/// Duties on policies that count as fulfilled or declined without an answer of that kind, under whichever record of the people.
pub async fn answered_without_record(tx: &mut Tx) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.uid, r.title
         FROM obligation o
         JOIN requirement r ON r.id = o.requirement_id
         JOIN person p ON p.id = o.person_id
         WHERE r.subject_kind = 'policy' AND o.state IN ('fulfilled', 'declined')
           AND NOT EXISTS (SELECT 1 FROM acknowledgment k
                           WHERE k.person_id = o.person_id AND k.about_id = o.about_id AND k.version_id = r.subject_id
                             AND CASE k.answer WHEN 'withdrawn' THEN 'declined' ELSE k.answer END
                                 = CASE o.state WHEN 'fulfilled' THEN 'agreed' ELSE 'declined' END)
           AND NOT EXISTS (SELECT 1 FROM person who
                           JOIN acknowledgment k ON k.person_id = who.id
                           JOIN person whom ON whom.id = k.about_id
                           JOIN person about ON about.id = o.about_id
                           WHERE (who.id = COALESCE(p.same_as, p.id) OR who.same_as = COALESCE(p.same_as, p.id))
                             AND COALESCE(whom.same_as, whom.id) = COALESCE(about.same_as, about.id)
                             AND k.version_id = r.subject_id
                             AND CASE k.answer WHEN 'withdrawn' THEN 'declined' ELSE k.answer END
                                 = CASE o.state WHEN 'fulfilled' THEN 'agreed' ELSE 'declined' END)
         ORDER BY o.id"
    )
    .fetch_all(c)
    .await)?)
}
