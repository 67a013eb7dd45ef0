//! Whom nothing reaches, worked out from the duties as they stand, the notices about them and what became of their mails.

use serde::Serialize;
use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, Day, Moment, ObligationId, OrgId, PersonId, Reach, Result};
use crate::on;

/// Open duties in force of which nobody was told, under any row of the same duty. $1: the orgs within reach; a notice or mail that waits counts
/// as one that may still come where it is of the day $2 or later, or was made at $3 or later. `$which` narrows the duties (`o`).
macro_rules! untold {
    ($which:literal, $rest:expr) => {
        concat!(
            "WITH untold AS (
                 SELECT o.id AS duty, o.requirement_id, o.person_id, o.about_id, o.school_id, o.role, o.grade, o.due, o.due - r.grace_days AS last_day,
                        (SELECT MAX(n.id) FROM obligation e JOIN notification n ON n.obligation_id = e.id
                         WHERE e.person_id = o.person_id AND e.requirement_id = o.requirement_id AND e.about_id = o.about_id
                           AND n.state IN ('no_address', 'mailed', 'waiting')) AS last_notice
                 FROM requirement r JOIN obligation o ON o.requirement_id = r.id
                 WHERE r.state = 'issued' AND o.state = 'open' AND o.ended IS NULL
                   AND o.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))) ",
            $which,
            " AND NOT EXISTS (SELECT 1 FROM obligation e JOIN notification n ON n.obligation_id = e.id LEFT JOIN mail m ON m.id = n.mail_id
                                WHERE e.person_id = o.person_id AND e.requirement_id = o.requirement_id AND e.about_id = o.about_id
                                  AND (n.state = 'lettered' OR m.state IN ('sent', 'unsure')
                                       OR ((n.state = 'waiting' OR m.state IN ('waiting', 'sending')) AND (n.from_day >= $2 OR n.made_at >= $3))))) ",
            $rest
        )
    };
}

/// The same, one row a person and school, with why: by the last notice that was made.
macro_rules! listed {
    ($which:literal, $rest:expr) => {
        untold!(
            $which,
            concat!(
                ", listed AS (
                     SELECT g.person_id, g.school_id, g.role, g.grade, g.number, g.first_day,
                            CASE WHEN m.state = 'failed' THEN 'refused' WHEN m.state = 'bounced' THEN 'bounced'
                                 WHEN n.state = 'no_address' THEN 'no_address'
                                 WHEN n.state = 'waiting' OR m.state IN ('waiting', 'sending') THEN 'waits' ELSE 'no_notice' END AS why,
                            COALESCE(m.said, '') AS said, COALESCE(m.address, '') AS address
                     FROM (SELECT u.person_id, u.school_id, MIN(u.role) AS role, MIN(u.grade) AS grade, COUNT(*) AS number,
                                  MIN(u.last_day) AS first_day, MAX(u.last_notice) AS last_notice
                           FROM untold u GROUP BY u.person_id, u.school_id) g
                     LEFT JOIN notification n ON n.id = g.last_notice
                     LEFT JOIN mail m ON m.id = n.mail_id) ",
                $rest
            )
        )
    };
}

/// What of `listed` a row of the list has.
macro_rules! rows {
    ($which:literal, $rest:literal) => {
        listed!(
            $which,
            concat!(
                "SELECT p.id AS person, p.uid AS person_uid, p.given, p.family,
                        COALESCE((SELECT b.language FROM account b WHERE b.person_id = p.id LIMIT 1), p.language) AS language,
                        l.school_id, s.uid AS school_uid, s.name AS school, l.role, l.grade, l.number, l.first_day, l.why, l.said, l.address
                 FROM listed l JOIN person p ON p.id = l.person_id JOIN org s ON s.id = l.school_id ",
                $rest
            )
        )
    };
}

/// Since when what waits may still come.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    pub day: Day,
    pub moment: Moment,
}

/// The orgs that the actor reaches; none for a reach of another kind.
fn orgs(actor: &Actor) -> Vec<i64> {
    match &actor.reach {
        Reach::Orgs(orgs) => orgs.iter().map(|org| org.0).collect(),
        Reach::Sections(_) | Reach::Own => Vec::new(),
    }
}

/// How many of a school, and why.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct CountRow {
    pub school: Uuid,
    pub name: String,
    pub why: String,
    pub number: i64,
}

pub async fn counts(tx: &mut Tx, actor: &Actor, since: Since) -> Result<Vec<CountRow>> {
    Ok(on!(tx, |c| sqlx::query_as(listed!(
        "",
        "SELECT s.uid AS school, s.name, l.why, COUNT(*) AS number FROM listed l JOIN org s ON s.id = l.school_id
         GROUP BY s.uid, s.name, l.why ORDER BY s.name, s.uid, l.why"
    ))
    .bind(Bulk::of(orgs(actor)))
    .bind(since.day)
    .bind(since.moment)
    .fetch_all(c)
    .await)?)
}

/// A person at a school.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct UntoldRow {
    pub person: PersonId,
    pub person_uid: Uuid,
    pub given: String,
    pub family: String,
    pub language: Option<String>,
    pub school_id: OrgId,
    pub school_uid: Uuid,
    pub school: String,
    pub role: String,
    pub grade: String,
    /// Duties of which nobody told them.
    pub number: i64,
    /// The first last day of these, grace not included.
    pub first_day: Day,
    pub why: String,
    /// The mail server's words, and the address that it spoke of.
    pub said: String,
    pub address: String,
}

/// Which of them, and why: nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub school: Option<Uuid>,
    pub why: Option<&'static str>,
}

/// So many by school, grade and name, after so many.
pub async fn list(tx: &mut Tx, actor: &Actor, since: Since, filter: &Filter, most: i64, offset: i64) -> Result<Vec<UntoldRow>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(rows!(
        "",
        "WHERE ($4 IS NULL OR s.uid = $4) AND ($5 IS NULL OR l.why = $5)
         ORDER BY s.name, s.id, CASE WHEN l.grade = '' THEN 3 WHEN l.grade = 'KG' THEN 1 WHEN l.grade BETWEEN '00' AND '99' THEN 2 ELSE 0 END, l.grade,
                  p.family, p.given, p.id
         LIMIT $6 OFFSET $7"
    ))
    .bind(Bulk::of(orgs(actor)))
    .bind(since.day)
    .bind(since.moment)
    .bind(filter.school)
    .bind(filter.why)
    .bind(most)
    .bind(offset)
    .fetch_all(c)
    .await
    })?)
}

/// Those among these people.
pub async fn of(tx: &mut Tx, actor: &Actor, since: Since, people: &[PersonId]) -> Result<Vec<UntoldRow>> {
    Ok(on!(tx, |c| sqlx::query_as(rows!(
        " AND o.person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($4)) ",
        "ORDER BY p.id, s.id"
    ))
    .bind(Bulk::of(orgs(actor)))
    .bind(since.day)
    .bind(since.moment)
    .bind(Bulk::of(people))
    .fetch_all(c)
    .await)?)
}

/// A duty of which somebody wasn't told.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DutyRow {
    pub duty: ObligationId,
    pub person: PersonId,
    pub school_id: OrgId,
    pub title: String,
    /// The child for whom it is asked; null where it is for oneself.
    pub child: Option<String>,
    pub about: PersonId,
    /// Grace included.
    pub due: Day,
    pub last_day: Day,
    pub minutes: i64,
}

/// The duties of these people of which they weren't told, the first last day first.
pub async fn duties(tx: &mut Tx, actor: &Actor, since: Since, people: &[PersonId]) -> Result<Vec<DutyRow>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(untold!(
        " AND o.person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($4)) ",
        "SELECT u.duty, u.person_id AS person, u.school_id, r.title, CASE WHEN u.about_id <> u.person_id THEN a.given || ' ' || a.family END AS child,
                u.about_id AS about, u.due, u.last_day, r.minutes
         FROM untold u JOIN requirement r ON r.id = u.requirement_id JOIN person a ON a.id = u.about_id
         ORDER BY u.person_id, u.last_day, r.title, a.given, u.duty"
    ))
    .bind(Bulk::of(orgs(actor)))
    .bind(since.day)
    .bind(since.moment)
    .bind(Bulk::of(people))
    .fetch_all(c)
    .await
    })?)
}

/// Whether there is anybody without an address, or whose mail was refused or came back: looked up from these, however many duties there are.
pub async fn any(tx: &mut Tx, actor: &Actor, since: Since) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| {
        sqlx::query_scalar(untold!(
        " AND o.person_id IN (SELECT n.person_id FROM notification n WHERE n.state = 'no_address'
                              UNION ALL SELECT m.person_id FROM mail m WHERE m.state IN ('failed', 'unsure', 'bounced') AND m.again_at IS NULL) ",
        "SELECT u.duty FROM untold u LIMIT 1"
    ))
    .bind(Bulk::of(orgs(actor)))
    .bind(since.day)
    .bind(since.moment)
    .fetch_optional(c)
    .await
    })?;
    Ok(found.is_some())
}

/// The next people of the district behind that key.
pub async fn people_after(tx: &mut Tx, after: PersonId, most: i64) -> Result<Vec<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT id FROM person WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after)
        .bind(most)
        .fetch_all(c)
        .await)?)
}

/// Keys of people by their uids.
pub async fn people(tx: &mut Tx, uids: &[Uuid]) -> Result<Vec<PersonId>> {
    let list = Bulk::of(uids.iter().map(|uid| [uid.simple().to_string()]));
    Ok(on!(tx,
        sqlite "SELECT p.id FROM person p WHERE p.uid IN (SELECT unhex(value->>0) FROM jsonb_each($1)) ORDER BY p.id",
        postgres "SELECT p.id FROM person p WHERE p.uid IN (SELECT CAST(value->>0 AS UUID) FROM jsonb_each($1)) ORDER BY p.id",
        |c, sql| sqlx::query_scalar(sql).bind(&list).fetch_all(c).await)?)
}

/// The class of each of these students at that school: the homeroom before others.
pub async fn classes(tx: &mut Tx, students: &[(PersonId, OrgId)]) -> Result<Vec<(PersonId, OrgId, String)>> {
    let rows: Vec<(PersonId, OrgId, Option<String>)> = on!(tx, |c| sqlx::query_as(
        "SELECT v.person, v.school,
                (SELECT c.title FROM enrollment e JOIN section c ON c.id = e.section_id
                 WHERE e.person_id IN (SELECT m.id FROM person m WHERE m.id = v.person OR m.same_as = v.person)
                   AND e.role = 'student' AND e.left_day IS NULL AND c.left_day IS NULL AND c.school_id = v.school
                 ORDER BY CASE c.kind WHEN 'homeroom' THEN 0 ELSE 1 END, c.title LIMIT 1) AS class
         FROM (SELECT DISTINCT CAST(value->>0 AS BIGINT) AS person, CAST(value->>1 AS BIGINT) AS school FROM jsonb_each($1)) v"
    )
    .bind(Bulk::of(students))
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().filter_map(|(person, school, class)| Some((person, school, class?))).collect())
}

/// Keeps that a letter was handed out for that person; its key.
pub async fn keep_letter(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<i64> {
    let (uid, now, account) = (tx.uid(), tx.now(), (actor.account.0 != 0).then_some(actor.account));
    Ok(on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO letter (uid, person_id, made_at, account_id, actor_name) VALUES ($1, $2, $3, $4, $5) RETURNING id"
    )
    .bind(uid)
    .bind(person)
    .bind(now)
    .bind(account)
    .bind(&actor.name)
    .fetch_one(c)
    .await)?)
}

/// These duties are told by these letters: what waited or had no address for any row of them is told by it too.
pub async fn letter(tx: &mut Tx, duties: &[(ObligationId, i64)], today: Day) -> Result<()> {
    let (list, now) = (Bulk::of(duties), tx.now());
    on!(tx, |c| sqlx::query(
        "UPDATE notification SET state = 'lettered', letter_id = v.letter
         FROM (SELECT e.id AS duty, w.letter
               FROM (SELECT CAST(value->>0 AS BIGINT) AS duty, CAST(value->>1 AS BIGINT) AS letter FROM jsonb_each($1)) w
               JOIN obligation o ON o.id = w.duty
               JOIN obligation e ON e.person_id = o.person_id AND e.requirement_id = o.requirement_id AND e.about_id = o.about_id) v
         WHERE notification.obligation_id = v.duty AND notification.state IN ('no_address', 'waiting')"
    )
    .bind(&list)
    .execute(c)
    .await
    .map(drop))?;
    on!(tx, |c| sqlx::query(
        "INSERT INTO notification (kind, person_id, obligation_id, from_day, made_at, state, letter_id)
         SELECT 'duty.new', o.person_id, o.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), 'lettered', w.letter
         FROM (SELECT CAST(value->>0 AS BIGINT) AS duty, CAST(value->>1 AS BIGINT) AS letter FROM jsonb_each($1)) w
         JOIN obligation o ON o.id = w.duty
         WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.obligation_id = o.id AND n.state = 'lettered')"
    )
    .bind(&list)
    .bind(today)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
