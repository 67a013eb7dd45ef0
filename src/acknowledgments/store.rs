use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::history::{Asked, Given};
use super::keeping::Giving;
use super::record::{Choice, Record};
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Actor, Day, Moment, ObligationId, OrgId, PersonId, Problem, Reach, Result, SectionId, VersionId, digest};
use crate::on;

#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    id: i64,
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
    signed_day: Option<Day>,
    scan_sha256: Option<String>,
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
    /// Whether this is the same answer, given again.
    pub fn says(&self, giving: &Giving<'_>, agreed: bool, choices: &str) -> bool {
        self.answer == if agreed { "agreed" } else { "declined" }
            && self.choices == choices
            && self.language == giving.reading.language
            && self.reason == giving.given.reason.trim()
    }

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
            signed_day: self.signed_day,
            scan_sha256: self.scan_sha256,
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
            "SELECT k.id, k.uid, k.person_id, p.uid AS person, p.given || ' ' || p.family AS person_name, a.uid AS about, a.given || ' ' || a.family AS about_name,
                    k.capacity, k.authenticated, w.uid AS recorded_by, w.name AS recorded_by_name, k.paper, k.signed_day, k.scan_sha256, y.slug AS policy, k.version_id AS version, v.number AS version_number, k.language, k.text_hash,
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

/// The people's latest answers, where the same answer again would say nothing new: nobody else has said something else about the same
/// person since. Under any record of the people; each with the place in the list that asked for it.
pub async fn latest_of(tx: &mut Tx, asked: &[(PersonId, PersonId, VersionId)]) -> Result<HashMap<usize, Row>> {
    const SQL: &str = records!(
        "WHERE k.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
           AND NOT EXISTS (SELECT 1 FROM acknowledgment j
                           WHERE j.about_id IN (SELECT r.id FROM person r WHERE r.id = COALESCE(a.same_as, a.id) OR r.same_as = COALESCE(a.same_as, a.id))
                             AND j.id > k.id AND j.version_id = k.version_id AND j.capacity = k.capacity
                             AND (j.answer <> k.answer OR j.choices <> k.choices))"
    );
    // Most people answer once: whether there is an answer at all is asked first. As a subquery of each row, so that PostgreSQL follows the
    // index also where it planned while the table was empty.
    let found: Vec<(i64, i64)> = on!(tx, |c| {
        sqlx::query_as(
        "WITH asked (number, person_id, about_id, version_id) AS (
             SELECT CAST(key AS BIGINT), CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT) FROM jsonb_each($1)),
         record (number, id, about_id, version_id) AS (
             SELECT number, person_id, about_id, version_id FROM asked
             UNION ALL
             SELECT number, r.id, asked.about_id, version_id FROM asked CROSS JOIN person r WHERE r.same_as = asked.person_id),
         answer (number, id) AS (
             SELECT record.number,
                    (SELECT k.id FROM acknowledgment k
                     WHERE k.person_id = record.id AND k.version_id = record.version_id
                       AND (k.about_id = record.about_id OR k.about_id IN (SELECT x.id FROM person x WHERE x.same_as = record.about_id))
                     ORDER BY k.id DESC LIMIT 1)
             FROM record)
         SELECT number, MAX(id) FROM answer WHERE id IS NOT NULL GROUP BY number"
    )
    .bind(Bulk::of(asked))
    .fetch_all(c)
    .await
    })?;
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = found.iter().map(|(_, id)| id);
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(SQL).bind(Bulk::of(ids)).fetch_all(c).await)?;
    let mut rows: HashMap<i64, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(found.iter().filter_map(|(number, id)| Some((usize::try_from(*number).ok()?, rows.remove(id)?))).collect())
}

/// Uid and name of each of these people.
pub async fn people(tx: &mut Tx, ids: &[PersonId]) -> Result<HashMap<PersonId, (Uuid, String)>> {
    let rows: Vec<(PersonId, Uuid, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT id, uid, given || ' ' || family FROM person WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(Bulk::of(ids))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(id, uid, name)| (id, (uid, name))).collect())
}

/// Uid and name of each of these accounts.
pub async fn accounts(tx: &mut Tx, ids: &[AccountId]) -> Result<HashMap<AccountId, (Uuid, String)>> {
    let rows: Vec<(AccountId, Uuid, String)> =
        on!(tx, |c| sqlx::query_as("SELECT id, uid, name FROM account WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))")
            .bind(Bulk::of(ids))
            .fetch_all(c)
            .await)?;
    Ok(rows.into_iter().map(|(id, uid, name)| (id, (uid, name))).collect())
}

/// Makes writers of the same duty wait for each other; SQLite has one writer anyway.
pub async fn lock(tx: &mut Tx, id: ObligationId) -> Result<()> {
    on!(tx, sqlite "SELECT id FROM obligation WHERE id = $1", postgres "SELECT id FROM obligation WHERE id = $1 FOR UPDATE", |c, sql| {
        sqlx::query(sql).bind(id).fetch_optional(c).await.map(drop)
    })?;
    Ok(())
}

/// The next places in the log: the first of so many. Whoever has them holds the head until the transaction ends, so that places are given in
/// the order of commits.
pub async fn next_positions(tx: &mut Tx, wanted: i64) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar("UPDATE log_head SET size = size + $1 WHERE id = 1 RETURNING size - $1")
        .bind(wanted)
        .fetch_one(c)
        .await)?)
}

/// A record with the keys that only the database knows.
pub struct New {
    pub obligation: ObligationId,
    pub about: PersonId,
    pub recorded_by: Option<AccountId>,
    pub record: Record,
}

pub async fn insert(tx: &mut Tx, new: &[New]) -> Result<()> {
    #[derive(Serialize)]
    struct Inserted<'a> {
        uid: String,
        obligation: ObligationId,
        person: PersonId,
        about: PersonId,
        capacity: &'a str,
        authenticated: &'a str,
        recorded_by: Option<AccountId>,
        paper: Option<&'a str>,
        signed_day: Option<Day>,
        scan_sha256: Option<&'a str>,
        version: VersionId,
        language: &'a str,
        text_hash: &'a str,
        statement: &'a str,
        answer: &'a str,
        choices: String,
        reason: &'a str,
        signed_name: &'a str,
        at: Moment,
        hash: &'a str,
        position: i64,
    }
    let mut rows = Vec::with_capacity(new.len());
    for New { obligation, about, recorded_by, record: r } in new {
        rows.push(Inserted {
            uid: r.uid.simple().to_string(),
            obligation: *obligation,
            person: r.person_id,
            about: *about,
            capacity: &r.capacity,
            authenticated: &r.authenticated,
            recorded_by: *recorded_by,
            paper: r.paper.as_deref(),
            signed_day: r.signed_day,
            scan_sha256: r.scan_sha256.as_deref(),
            version: r.version,
            language: &r.language,
            text_hash: &r.text_hash,
            statement: &r.statement,
            answer: &r.answer,
            choices: digest::canonical(&r.choices)?,
            reason: &r.reason,
            signed_name: &r.signed_name,
            at: r.at,
            hash: &r.hash,
            position: r.position,
        });
    }
    macro_rules! sql {
        ($uid:literal) => {
            concat!(
                "INSERT INTO acknowledgment (uid, obligation_id, person_id, about_id, capacity, authenticated, recorded_by, paper, version_id,
                                             language, text_hash, statement, answer, choices, reason, signed_name, at, hash, position, signed_day,
                                             scan_sha256)
                 SELECT ",
                $uid,
                ", CAST(value->>'obligation' AS BIGINT), CAST(value->>'person' AS BIGINT), CAST(value->>'about' AS BIGINT),
                        value->>'capacity', value->>'authenticated', CAST(value->>'recorded_by' AS BIGINT), value->>'paper',
                        CAST(value->>'version' AS BIGINT), value->>'language', value->>'text_hash', value->>'statement', value->>'answer',
                        value->>'choices', value->>'reason', value->>'signed_name', CAST(value->>'at' AS BIGINT), value->>'hash',
                        CAST(value->>'position' AS BIGINT), CAST(value->>'signed_day' AS BIGINT), value->>'scan_sha256'
                 FROM jsonb_each($1)"
            )
        };
    }
    on!(tx, sqlite sql!("unhex(value->>'uid')"), postgres sql!("CAST(value->>'uid' AS UUID)"), |c, sql| {
        sqlx::query(sql).bind(Bulk::of(rows)).execute(c).await.map(drop)
    })?;
    Ok(())
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
pub(super) fn reach(actor: &Actor) -> (Vec<OrgId>, Vec<SectionId>) {
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
