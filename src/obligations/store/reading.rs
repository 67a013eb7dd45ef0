use futures_util::TryStreamExt;
use uuid::Uuid;

use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, Day, ObligationId, OrgId, Page, PersonId, Reach, Result};
use crate::obligations::State;
use crate::obligations::figures::By;
use crate::obligations::people::{Filter, Row};
use crate::obligations::tasks::Task;
use crate::obligations::verify::Difference;
use crate::on;

/// A query that gives [`Task`]s: what follows the joins.
macro_rules! task_sql {
    ($rest:literal) => {
        concat!(
            "SELECT o.id AS obligation, r.uid AS requirement, r.title, r.subject_kind,
                    CASE WHEN o.variant = 'refresher' THEN COALESCE(r.refresher_id, r.subject_id) ELSE r.subject_id END AS subject_id,
                    CASE WHEN o.variant = 'refresher' THEN COALESCE(r.refresher_root, r.root_id) ELSE r.root_id END AS root_id,
                    r.answers_as, o.person_id AS person, o.about_id AS about, a.uid AS about_uid,
                    a.given || ' ' || a.family AS about_name, COALESCE(a.grade, '') AS about_grade, s.name AS school,
                    o.due - r.grace_days AS due, r.grace_days, r.opens, o.state, o.closed, o.reason, o.extended_from, o.variant, r.minutes
             FROM obligation o
             JOIN requirement r ON r.id = o.requirement_id
             JOIN person a ON a.id = o.about_id
             JOIN org s ON s.id = o.school_id ",
            $rest
        )
    };
}

pub async fn tasks(tx: &mut Tx, person: PersonId) -> Result<Vec<Task>> {
    const SQL: &str = task_sql!(
        "WHERE o.person_id = $1 AND o.ended IS NULL
         ORDER BY CASE o.state WHEN 'open' THEN 0 ELSE 1 END, CASE o.state WHEN 'open' THEN o.due ELSE -o.closed END, a.given, o.id"
    );
    Ok(on!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_all(c).await)?)
}

/// The live tasks among those asked for, by person, requirement and the person they are about.
pub async fn tasks_of_several(tx: &mut Tx, asked: &[(PersonId, Uuid, Uuid)]) -> Result<Vec<Task>> {
    let list =
        Bulk::of(asked.iter().map(|(person, requirement, about)| (person, requirement.simple().to_string(), about.simple().to_string())));
    let sqlite: &str = task_sql!(
        "WHERE o.id IN (SELECT x.id FROM jsonb_each($1) AS asked
                        CROSS JOIN requirement q CROSS JOIN person w CROSS JOIN obligation x
                        WHERE q.uid = unhex(asked.value->>1) AND w.uid = unhex(asked.value->>2)
                          AND x.requirement_id = q.id AND x.person_id = asked.value->>0 AND x.about_id = w.id AND x.ended IS NULL)"
    );
    let postgres: &str = task_sql!(
        "WHERE o.id IN (SELECT x.id FROM jsonb_each($1) AS asked
                        JOIN requirement q ON q.uid = CAST(asked.value->>1 AS UUID)
                        JOIN person w ON w.uid = CAST(asked.value->>2 AS UUID)
                        JOIN obligation x ON x.requirement_id = q.id AND x.person_id = CAST(asked.value->>0 AS BIGINT)
                                         AND x.about_id = w.id AND x.ended IS NULL)"
    );
    Ok(on!(tx, sqlite sqlite, postgres postgres, |c, sql| sqlx::query_as(sql).bind(&list).fetch_all(c).await)?)
}

#[derive(sqlx::FromRow)]
pub struct FigureRow {
    pub key: String,
    pub label: String,
    pub state: String,
    pub late: bool,
    pub number: i64,
}

/// One row a group and state, groups together.
pub async fn figures(tx: &mut Tx, requirement: Uuid, day: Day, orgs: &[OrgId], by: By) -> Result<Vec<FigureRow>> {
    #[derive(sqlx::FromRow)]
    struct SchoolRow {
        uid: Uuid,
        name: String,
        state: String,
        late: bool,
        number: i64,
    }
    let orgs = Bulk::of(orgs);
    Ok(match by {
        By::School => {
            let rows: Vec<SchoolRow> = on!(tx, |c| sqlx::query_as(
                "SELECT s.uid, s.name, g.state, g.late, g.number
                 FROM (SELECT t.school_id, t.state, (t.state = 'open' AND t.due < $2) AS late, CAST(SUM(t.change) AS BIGINT) AS number
                       FROM tally t
                       WHERE t.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND t.day <= $2
                         AND t.school_id IN (SELECT a.org_id FROM org_above a
                                             WHERE a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
                       GROUP BY t.school_id, t.state, (t.state = 'open' AND t.due < $2)) g
                 JOIN org s ON s.id = g.school_id
                 ORDER BY s.id"
            )
            .bind(requirement)
            .bind(day)
            .bind(orgs)
            .fetch_all(c)
            .await)?;
            rows.into_iter()
                .map(|r| FigureRow { key: r.uid.to_string(), label: r.name, state: r.state, late: r.late, number: r.number })
                .collect()
        }
        By::Role => on!(tx, |c| {
            sqlx::query_as(
            "SELECT t.role AS key, t.role AS label, t.state, (t.state = 'open' AND t.due < $2) AS late, CAST(SUM(t.change) AS BIGINT) AS number
             FROM tally t
             WHERE t.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND t.day <= $2
               AND t.school_id IN (SELECT a.org_id FROM org_above a WHERE a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
             GROUP BY t.role, t.state, (t.state = 'open' AND t.due < $2)
             ORDER BY t.role"
        )
        .bind(requirement)
        .bind(day)
        .bind(orgs)
        .fetch_all(c)
        .await
        })?,
        By::Grade => on!(tx, |c| {
            sqlx::query_as(
            "SELECT t.grade AS key, t.grade AS label, t.state, (t.state = 'open' AND t.due < $2) AS late, CAST(SUM(t.change) AS BIGINT) AS number
             FROM tally t
             WHERE t.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND t.day <= $2
               AND t.school_id IN (SELECT a.org_id FROM org_above a WHERE a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
             GROUP BY t.grade, t.state, (t.state = 'open' AND t.due < $2)
             ORDER BY t.grade"
        )
        .bind(requirement)
        .bind(day)
        .bind(orgs)
        .fetch_all(c)
        .await
        })?,
    })
}

/// Day, change of fulfilled, change of asked; days without a change are left out.
pub async fn trend(tx: &mut Tx, requirement: Uuid, until: Day, orgs: &[OrgId]) -> Result<Vec<(Day, i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT t.day, CAST(SUM(CASE WHEN t.state = 'fulfilled' THEN t.change ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN t.state <> 'exempt' THEN t.change ELSE 0 END) AS BIGINT)
         FROM tally t
         WHERE t.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND t.day <= $2
           AND t.school_id IN (SELECT a.org_id FROM org_above a WHERE a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
         GROUP BY t.day ORDER BY t.day"
    )
    .bind(requirement)
    .bind(until)
    .bind(Bulk::of(orgs))
    .fetch_all(c)
    .await)?)
}

/// The actor's reach as two lists; one of them is empty.
pub(super) fn reach(actor: &Actor) -> (Vec<i64>, Vec<i64>) {
    match &actor.reach {
        Reach::Orgs(orgs) => (orgs.iter().map(|o| o.0).collect(), Vec::new()),
        Reach::Sections(sections) => (Vec::new(), sections.iter().map(|s| s.0).collect()),
        Reach::Own => (Vec::new(), Vec::new()),
    }
}

/// The people behind a figure: the text that the page, the count and the CSV share. $1 requirement, $2 day, $3 orgs, $4 sections,
/// $5 school, $6 role, $7 grade, $8 state, $9 late only, $10 never told before.
macro_rules! people {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM obligation o
              JOIN requirement r ON r.id = o.requirement_id
              JOIN person p ON p.id = o.person_id
              JOIN person a ON a.id = o.about_id
              JOIN org s ON s.id = o.school_id
              WHERE o.requirement_id = (SELECT id FROM requirement WHERE uid = $1)
                AND o.opened <= $2 AND (o.ended IS NULL OR o.ended > $2)
                AND (o.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
                     OR o.about_id IN (SELECT COALESCE(m.same_as, m.id) FROM enrollment e JOIN person m ON m.id = e.person_id
                                       WHERE e.role = 'student' AND e.left_day IS NULL
                                         AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($4))))
                AND ($5 IS NULL OR s.uid = $5)
                AND ($6 IS NULL OR o.role = $6)
                AND ($7 IS NULL OR o.grade = $7)
                AND ($8 IS NULL OR $8 = CASE WHEN o.closed IS NULL OR o.closed > $2 THEN 'open' ELSE o.state END)
                AND (NOT $9 OR (o.due < $2 AND (o.closed IS NULL OR o.closed > $2)))
                AND (CAST($10 AS BIGINT) IS NULL OR NOT EXISTS (
                     SELECT 1 FROM obligation e JOIN notification n ON n.obligation_id = e.id
                     LEFT JOIN mail m ON m.id = n.mail_id AND m.state IN ('sent', 'unsure')
                     LEFT JOIN letter l ON l.id = n.letter_id
                     WHERE e.person_id = o.person_id AND e.requirement_id = o.requirement_id AND e.about_id = o.about_id
                       AND (m.ended_at < $10 OR l.made_at < $10)))
            ",
            $rest
        )
    };
}

macro_rules! bind_people {
    ($query:expr, $requirement:expr, $day:expr, $actor:expr, $filter:expr) => {{
        let (orgs, sections) = reach($actor);
        $query
            .bind($requirement)
            .bind($day)
            .bind(Bulk::of(orgs))
            .bind(Bulk::of(sections))
            .bind($filter.school)
            .bind($filter.role.clone())
            .bind($filter.grade.clone())
            .bind($filter.state.map(State::name))
            .bind($filter.late)
            .bind($filter.untold_before)
    }};
}

pub async fn people(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, filter: &Filter, page: Page) -> Result<Vec<Row>> {
    const SQL: &str = people!(
        "SELECT r.uid AS requirement, p.uid AS person_uid, p.given || ' ' || p.family AS name, a.given || ' ' || a.family AS about_name, s.name AS school,
                o.role, o.grade, o.due - r.grace_days AS due, o.due AS late_after, a.uid AS about_uid, CASE WHEN o.closed IS NULL OR o.closed > $2 THEN 'open' ELSE o.state END AS state,
                CASE WHEN o.closed <= $2 THEN o.closed END AS closed, CASE WHEN o.closed <= $2 THEN o.reason END AS reason",
        "ORDER BY p.family, p.given, o.id LIMIT $11 OFFSET $12"
    );
    Ok(on!(tx, |c| bind_people!(sqlx::query_as(SQL), requirement, day, actor, filter)
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(c)
        .await)?)
}

/// How many people `people` would list on all its pages.
pub async fn people_count(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, filter: &Filter) -> Result<i64> {
    const SQL: &str = people!("SELECT COUNT(*)", "");
    if let (Reach::Orgs(orgs), None) = (&actor.reach, filter.untold_before) {
        // The ledger knows, however many they are.
        return Ok(on!(tx, |c| sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(t.change), 0) AS BIGINT) FROM tally t
             WHERE t.requirement_id = (SELECT id FROM requirement WHERE uid = $1) AND t.day <= $2
               AND t.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
               AND ($4 IS NULL OR t.school_id = (SELECT id FROM org WHERE uid = $4))
               AND ($5 IS NULL OR t.role = $5)
               AND ($6 IS NULL OR t.grade = $6)
               AND ($7 IS NULL OR t.state = $7)
               AND (NOT $8 OR (t.state = 'open' AND t.due < $2))"
        )
        .bind(requirement)
        .bind(day)
        .bind(Bulk::of(orgs))
        .bind(filter.school)
        .bind(filter.role.clone())
        .bind(filter.grade.clone())
        .bind(filter.state.map(State::name))
        .bind(filter.late)
        .fetch_one(c)
        .await)?);
    }
    Ok(on!(tx, |c| bind_people!(sqlx::query_scalar(SQL), requirement, day, actor, filter).fetch_one(c).await)?)
}

#[derive(sqlx::FromRow)]
struct Keyed {
    id: ObligationId,
    #[sqlx(flatten)]
    row: Row,
}

/// At most `limit` people in the order of their duties' keys, after that key.
pub async fn people_after(
    tx: &mut Tx,
    actor: &Actor,
    requirement: Uuid,
    day: Day,
    filter: &Filter,
    after: ObligationId,
    limit: i64,
) -> Result<Vec<(ObligationId, Row)>> {
    const SQL: &str = people!(
        "SELECT o.id, r.uid AS requirement, p.uid AS person_uid, p.given || ' ' || p.family AS name, a.given || ' ' || a.family AS about_name, s.name AS school,
                o.role, o.grade, o.due - r.grace_days AS due, o.due AS late_after, a.uid AS about_uid, CASE WHEN o.closed IS NULL OR o.closed > $2 THEN 'open' ELSE o.state END AS state,
                CASE WHEN o.closed <= $2 THEN o.closed END AS closed, CASE WHEN o.closed <= $2 THEN o.reason END AS reason",
        "AND o.id > $11 ORDER BY o.id LIMIT $12"
    );
    let rows: Vec<Keyed> =
        on!(tx, |c| bind_people!(sqlx::query_as(SQL), requirement, day, actor, filter).bind(after).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|keyed| (keyed.id, keyed.row)).collect())
}

pub async fn each_person(
    tx: &mut Tx,
    actor: &Actor,
    requirement: Uuid,
    day: Day,
    filter: &Filter,
    mut take: impl FnMut(Row) -> Result<()>,
) -> Result<()> {
    const SQL: &str = people!(
        "SELECT r.uid AS requirement, p.uid AS person_uid, p.given || ' ' || p.family AS name, a.given || ' ' || a.family AS about_name, s.name AS school,
                o.role, o.grade, o.due - r.grace_days AS due, o.due AS late_after, a.uid AS about_uid, CASE WHEN o.closed IS NULL OR o.closed > $2 THEN 'open' ELSE o.state END AS state,
                CASE WHEN o.closed <= $2 THEN o.closed END AS closed, CASE WHEN o.closed <= $2 THEN o.reason END AS reason",
        "ORDER BY o.id"
    );
    on!(tx, |c| {
        let mut rows = bind_people!(sqlx::query_as::<_, Row>(SQL), requirement, day, actor, filter).fetch(c);
        while let Some(row) = rows.try_next().await? {
            take(row)?;
        }
    });
    Ok(())
}

/// What a sample is drawn by.
#[derive(Debug, sqlx::FromRow)]
pub struct Candidate {
    pub id: ObligationId,
    pub person: Uuid,
    pub about: Uuid,
    pub school: String,
    pub role: String,
    pub grade: String,
    pub state: String,
    pub late: bool,
}

/// Everybody behind a figure, with what a sample is drawn by, handed over one by one.
pub async fn each_candidate(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, mut take: impl FnMut(Candidate)) -> Result<()> {
    const SQL: &str = people!(
        "SELECT o.id, p.uid AS person, a.uid AS about, s.name AS school, o.role, o.grade,
                CASE WHEN o.closed IS NULL OR o.closed > $2 THEN 'open' ELSE o.state END AS state,
                (o.due < $2 AND (o.closed IS NULL OR o.closed > $2)) AS late",
        ""
    );
    let everybody = Filter::default();
    on!(tx, |c| {
        let mut rows = bind_people!(sqlx::query_as::<_, Candidate>(SQL), requirement, day, actor, everybody).fetch(c);
        while let Some(row) = rows.try_next().await? {
            take(row);
        }
    });
    Ok(())
}

pub async fn ledger_differences(tx: &mut Tx) -> Result<Vec<Difference>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT r.title AS requirement, COALESCE(s.name, '(no such school)') AS school, x.role, x.grade, x.state, x.day,
                CAST(SUM(x.l) AS BIGINT) AS in_ledger, CAST(SUM(x.o) AS BIGINT) AS in_obligations
         FROM (
            SELECT requirement_id, school_id, role, grade, due, state, day, change AS l, 0 AS o FROM tally
            UNION ALL
            SELECT requirement_id, school_id, role, grade, due, CASE WHEN closed <= opened THEN state ELSE 'open' END, opened, 0, 1 FROM obligation
            UNION ALL
            SELECT requirement_id, school_id, role, grade, due, 'open', closed, 0, -1 FROM obligation WHERE closed > opened
            UNION ALL
            SELECT requirement_id, school_id, role, grade, due, state, closed, 0, 1 FROM obligation WHERE closed > opened
            UNION ALL
            SELECT requirement_id, school_id, role, grade, due, state, ended, 0, -1 FROM obligation WHERE ended IS NOT NULL
         ) x
         JOIN requirement r ON r.id = x.requirement_id
         LEFT JOIN org s ON s.id = x.school_id
         GROUP BY r.title, s.name, x.requirement_id, x.school_id, x.role, x.grade, x.due, x.state, x.day
         HAVING SUM(x.l) <> SUM(x.o)
         ORDER BY r.title, s.name, x.day"
    )
    .fetch_all(c)
    .await
    })?)
}
