//! The SQL of this room: requirements and duties here, what is read for figures and lists in [`reading`], why duties came and went in
//! [`causes`], one person's duty in [`one`].

mod causes;
pub mod comparing;
pub mod courses;
pub mod crossing;
pub mod denominators;
mod one;
mod reading;
pub mod sample;
pub mod views;

pub use causes::*;
pub use one::*;
pub use reading::*;

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

use super::State;
use super::asked::Wanted;
use super::causes::ReportId;
use super::duties::{Duty, Variant};
use super::requirements::{AnswersAs, Example, NewRequirement, Requirement, RequirementState, Subject, Window};
use crate::db::{Bulk, Tx};
use crate::kernel::{Day, Moment, ObligationId, OrgId, PersonId, RequirementId, Result};
use crate::on;
use crate::roster::audience::Rule;

/// Rows a bulk statement carries.
const CHUNK: usize = 4_000;

#[derive(sqlx::FromRow)]
struct RequirementRow {
    id: RequirementId,
    uid: Uuid,
    title: String,
    subject_kind: String,
    subject_id: i64,
    root_id: i64,
    answers_as: AnswersAs,
    audience: String,
    due: Option<Day>,
    join_days: i64,
    goal: i64,
    minutes: i64,
    opens: Option<Day>,
    grace_days: i64,
    yearly: bool,
    refresher_id: Option<i64>,
    refresher_root: Option<i64>,
    school_year: Option<i64>,
    state: RequirementState,
    issued_at: Option<Moment>,
    issued_day: Option<Day>,
    ended_day: Option<Day>,
    end_reason: Option<String>,
}

/// A query that gives [`RequirementRow`]s: what stands before the columns, and what behind them.
macro_rules! requirement_sql {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " id, uid, title, subject_kind, subject_id, root_id, answers_as, audience, due, join_days, goal, minutes, opens, grace_days,
              yearly, refresher_id, refresher_root, school_year, state, issued_at, issued_day, ended_day, end_reason ",
            $after
        )
    };
}

impl RequirementRow {
    fn into_requirement(self) -> Result<Requirement> {
        Ok(Requirement {
            id: self.id,
            uid: self.uid,
            title: self.title,
            subject: Subject::from_row(&self.subject_kind, self.subject_id, self.root_id)?,
            answers_as: self.answers_as,
            audience: Rule::parse(&self.audience)?,
            due: self.due,
            join_days: self.join_days,
            goal: self.goal,
            minutes: self.minutes,
            window: Window {
                opens: self.opens,
                grace_days: self.grace_days,
                yearly: self.yearly,
                refresher: self.refresher_id.zip(self.refresher_root),
            },
            school_year: self.school_year,
            state: self.state,
            issued_at: self.issued_at,
            issued_day: self.issued_day,
            ended_day: self.ended_day,
            end_reason: self.end_reason,
        })
    }
}

pub async fn insert_requirement(tx: &mut Tx, new: &NewRequirement, school_year: Option<i64>) -> Result<Requirement> {
    const SQL: &str = requirement_sql!(
        "INSERT INTO requirement (uid, title, subject_kind, subject_id, root_id, answers_as, audience, due, join_days, goal, minutes, opens,
                                  grace_days, yearly, refresher_id, refresher_root, school_year, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'saved', $18) RETURNING",
        ""
    );
    let (uid, now, audience) = (tx.uid(), tx.now(), new.audience.to_json()?);
    let row: RequirementRow = on!(tx, |c| sqlx::query_as(SQL)
        .bind(uid)
        .bind(new.title.trim())
        .bind(new.subject.kind())
        .bind(new.subject.version())
        .bind(new.subject.root())
        .bind(new.answers_as)
        .bind(&audience)
        .bind(new.due)
        .bind(new.join_days)
        .bind(new.goal)
        .bind(new.minutes)
        .bind(new.window.opens)
        .bind(new.window.grace_days)
        .bind(new.window.yearly)
        .bind(new.window.refresher.map(|(version, _)| version))
        .bind(new.window.refresher.map(|(_, root)| root))
        .bind(school_year)
        .bind(now)
        .fetch_one(c)
        .await)?;
    row.into_requirement()
}

pub async fn requirement(tx: &mut Tx, uid: Uuid) -> Result<Option<Requirement>> {
    const SQL: &str = requirement_sql!("SELECT", "FROM requirement WHERE uid = $1");
    let row: Option<RequirementRow> = on!(tx, |c| sqlx::query_as(SQL).bind(uid).fetch_optional(c).await)?;
    row.map(RequirementRow::into_requirement).transpose()
}

pub async fn requirements(tx: &mut Tx) -> Result<Vec<Requirement>> {
    const SQL: &str =
        requirement_sql!("SELECT", "FROM requirement ORDER BY CASE state WHEN 'issued' THEN 0 WHEN 'saved' THEN 1 ELSE 2 END, id DESC");
    let rows: Vec<RequirementRow> = on!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await)?;
    rows.into_iter().map(RequirementRow::into_requirement).collect()
}

pub async fn issued(tx: &mut Tx) -> Result<Vec<Requirement>> {
    const SQL: &str = requirement_sql!("SELECT", "FROM requirement WHERE state = 'issued' ORDER BY id");
    let rows: Vec<RequirementRow> = on!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await)?;
    rows.into_iter().map(RequirementRow::into_requirement).collect()
}

/// The requirements in force on the same policy or course.
pub async fn issued_on_root(tx: &mut Tx, subject: Subject) -> Result<Vec<Requirement>> {
    const SQL: &str =
        requirement_sql!("SELECT", "FROM requirement WHERE state = 'issued' AND subject_kind = $1 AND root_id = $2 ORDER BY id");
    let rows: Vec<RequirementRow> = on!(tx, |c| sqlx::query_as(SQL).bind(subject.kind()).bind(subject.root()).fetch_all(c).await)?;
    rows.into_iter().map(RequirementRow::into_requirement).collect()
}

/// The requirements in force that are asked anew each school year, of an earlier school year than this.
pub async fn of_an_earlier_year(tx: &mut Tx, school_year: i64) -> Result<Vec<Requirement>> {
    const SQL: &str = requirement_sql!("SELECT", "FROM requirement WHERE state = 'issued' AND yearly AND school_year < $1 ORDER BY id");
    let rows: Vec<RequirementRow> = on!(tx, |c| sqlx::query_as(SQL).bind(school_year).fetch_all(c).await)?;
    rows.into_iter().map(RequirementRow::into_requirement).collect()
}

/// Which requirement it is asked anew of: the first of the series.
pub async fn set_series(tx: &mut Tx, id: RequirementId, earlier: RequirementId) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "UPDATE requirement SET series_id = (SELECT COALESCE(e.series_id, e.id) FROM requirement e WHERE e.id = $2) WHERE id = $1"
    )
    .bind(id)
    .bind(earlier)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether this call issued it: false where it was issued before.
pub async fn mark_issued(tx: &mut Tx, id: RequirementId, today: Day) -> Result<bool> {
    let now = tx.now();
    let changed = on!(tx, |c| sqlx::query(
        "UPDATE requirement SET state = 'issued', issued_at = $2, issued_day = $3 WHERE id = $1 AND state = 'saved'"
    )
    .bind(id)
    .bind(now)
    .bind(today)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}

/// Whether this call took it out of force: false where it was in force no more.
pub async fn mark_ended(tx: &mut Tx, id: RequirementId, state: RequirementState, today: Day, reason: Option<&str>) -> Result<bool> {
    let changed =
        on!(tx, |c| sqlx::query("UPDATE requirement SET state = $2, ended_day = $3, end_reason = $4 WHERE id = $1 AND state = 'issued'")
            .bind(id)
            .bind(state)
            .bind(today)
            .bind(reason)
            .execute(c)
            .await
            .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}

/// The requirements in force at the end of that day, newest first.
pub async fn in_force(tx: &mut Tx, day: Day) -> Result<Vec<Requirement>> {
    const SQL: &str =
        requirement_sql!("SELECT", "FROM requirement WHERE issued_day <= $1 AND (ended_day IS NULL OR ended_day > $1) ORDER BY id DESC");
    let rows: Vec<RequirementRow> = on!(tx, |c| sqlx::query_as(SQL).bind(day).fetch_all(c).await)?;
    rows.into_iter().map(RequirementRow::into_requirement).collect()
}

/// People for whom a date of the roster has come after `since`, until `today`.
pub async fn dates_come(tx: &mut Tx, since: Day, today: Day) -> Result<Vec<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT id FROM person WHERE joined > $1 AND joined <= $2
         UNION SELECT id FROM person WHERE left_day > $1 AND left_day <= $2
         UNION SELECT id FROM person WHERE turns_18 > $1 AND turns_18 <= $2
         UNION SELECT person_id FROM position WHERE began > $1 AND began <= $2
         UNION SELECT person_id FROM position WHERE ended > $1 AND ended <= $2
         UNION SELECT child_id FROM guardianship WHERE ended > $1 AND ended <= $2"
    )
    .bind(since)
    .bind(today)
    .fetch_all(c)
    .await)?)
}

/// A guardian who may be asked for a child, and what the school has said about consent for the child.
#[derive(sqlx::FromRow)]
pub struct GuardianRow {
    pub guardian: PersonId,
    pub child: PersonId,
    /// any, all, one, none; `None`: the school has said nothing.
    pub rule: Option<String>,
    /// Of `one`: who.
    pub named: Option<PersonId>,
}

/// Each guardian with each of these children, on that day, under the records by which people count. Whoever is 18 answers alone: the
/// rights pass from the parents to the student (FERPA, 34 CFR 99.5(a)).
pub async fn guardians_of(tx: &mut Tx, children: &[PersonId], today: Day) -> Result<Vec<GuardianRow>> {
    let mut pairs = Vec::new();
    for part in children.chunks(CHUNK) {
        let found: Vec<GuardianRow> = on!(tx, |c| sqlx::query_as(
            "SELECT COALESCE(p.same_as, p.id) AS guardian, w.kept AS child, rule.rule, COALESCE(n.same_as, n.id) AS named
             FROM (SELECT id, id AS kept FROM person WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
                   UNION ALL
                   SELECT id, same_as FROM person WHERE same_as IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))) w
             JOIN person child ON child.id = w.kept
             JOIN guardianship g ON g.child_id = w.id
             JOIN person p ON p.id = g.guardian_id
             LEFT JOIN consent_rule rule ON rule.child_id = w.kept
             LEFT JOIN person n ON n.id = rule.guardian_id
             WHERE (g.ended IS NULL OR g.ended > $2) AND (p.left_day IS NULL OR p.left_day > $2)
               AND (child.turns_18 IS NULL OR child.turns_18 > $2)
             ORDER BY w.kept, guardian"
        )
        .bind(Bulk::of(part))
        .bind(today)
        .fetch_all(c)
        .await)?;
        pairs.extend(found);
    }
    Ok(pairs)
}

/// Records that are another record of the same person: other and kept.
pub async fn same_as(tx: &mut Tx) -> Result<Vec<(PersonId, PersonId)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, same_as FROM person WHERE same_as IS NOT NULL").fetch_all(c).await)?)
}

/// What explains why somebody is asked no more.
#[derive(sqlx::FromRow)]
pub struct Fact {
    id: PersonId,
    /// On the roster, by this record or another of the same person.
    pub is_there: bool,
    pub is_18: bool,
}

pub async fn facts(tx: &mut Tx, people: &[PersonId], today: Day) -> Result<HashMap<PersonId, Fact>> {
    let mut all = HashMap::new();
    for part in people.chunks(CHUNK) {
        let rows: Vec<Fact> = on!(tx, |c| {
            sqlx::query_as(
            "SELECT p.id, ((p.left_day IS NULL OR p.left_day > $2)
                           OR EXISTS (SELECT 1 FROM person o WHERE o.same_as = p.id AND (o.left_day IS NULL OR o.left_day > $2))) AS is_there,
                    (p.turns_18 IS NOT NULL AND p.turns_18 <= $2) AS is_18
             FROM person p WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
        )
        .bind(Bulk::of(part))
        .bind(today)
        .fetch_all(c)
        .await
        })?;
        all.extend(rows.into_iter().map(|fact| (fact.id, fact)));
    }
    Ok(all)
}

/// Who completed the requirement's course, or its refresher, under an earlier requirement, before this one was issued.
pub async fn completed_before(
    tx: &mut Tx,
    requirement: &Requirement,
    (_, refresher_root): (i64, i64),
    only: Option<&[PersonId]>,
) -> Result<HashSet<PersonId>> {
    const ALL: &str = "SELECT DISTINCT o.person_id FROM obligation o JOIN requirement r ON r.id = o.requirement_id
        WHERE r.subject_kind = 'course' AND r.root_id IN ($1, $2) AND r.id <> $3 AND o.state = 'fulfilled' AND o.closed < $4";
    const SOME: &str = "SELECT DISTINCT o.person_id FROM obligation o JOIN requirement r ON r.id = o.requirement_id
        WHERE r.subject_kind = 'course' AND r.root_id IN ($1, $2) AND r.id <> $3 AND o.state = 'fulfilled' AND o.closed < $4
          AND o.person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($5))";
    let before = requirement.issued_day.unwrap_or(Day(i64::MAX));
    let mut found: HashSet<PersonId> = HashSet::new();
    match only {
        None => {
            let rows: Vec<PersonId> = on!(tx, |c| sqlx::query_scalar(ALL)
                .bind(requirement.subject.root())
                .bind(refresher_root)
                .bind(requirement.id)
                .bind(before)
                .fetch_all(c)
                .await)?;
            found.extend(rows);
        }
        Some(people) => {
            for part in people.chunks(CHUNK) {
                let rows: Vec<PersonId> = on!(tx, |c| sqlx::query_scalar(SOME)
                    .bind(requirement.subject.root())
                    .bind(refresher_root)
                    .bind(requirement.id)
                    .bind(before)
                    .bind(Bulk::of(part))
                    .fetch_all(c)
                    .await)?;
                found.extend(rows);
            }
        }
    }
    Ok(found)
}

pub async fn children_of(tx: &mut Tx, guardians: &[PersonId]) -> Result<Vec<PersonId>> {
    let mut children = Vec::new();
    for part in guardians.chunks(CHUNK) {
        let found: Vec<PersonId> = on!(tx, |c| sqlx::query_scalar(
            "SELECT DISTINCT child_id FROM guardianship WHERE guardian_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
        )
        .bind(Bulk::of(part))
        .fetch_all(c)
        .await)?;
        children.extend(found);
    }
    Ok(children)
}

/// A query that gives [`Duty`] rows: what stands before the columns, and what behind them.
macro_rules! duty_sql {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " id, requirement_id, person_id, about_id, school_id, role, grade, due, opened, state, closed, reason, variant, granted_by,
              extended_from ",
            $after
        )
    };
}

/// The duties under a requirement, those about certain people or all, the newest row of each duty last; whether it has ended beside it.
pub async fn duties_about(tx: &mut Tx, requirement: RequirementId, only: Option<&[PersonId]>) -> Result<Vec<(Duty, bool)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        duty: Duty,
        is_ended: bool,
    }
    const ALL: &str = duty_sql!("SELECT ended IS NOT NULL AS is_ended,", "FROM obligation WHERE requirement_id = $1 ORDER BY id");
    const SOME: &str = duty_sql!(
        "SELECT ended IS NOT NULL AS is_ended,",
        "FROM obligation WHERE requirement_id = $1 AND about_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)) ORDER BY about_id, id"
    );
    let mut all: Vec<Row> = Vec::new();
    match only {
        None => all = on!(tx, |c| sqlx::query_as(ALL).bind(requirement).fetch_all(c).await)?,
        Some(people) => {
            for part in people.chunks(CHUNK) {
                let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(SOME).bind(requirement).bind(Bulk::of(part)).fetch_all(c).await)?;
                all.extend(rows);
            }
        }
    }
    Ok(all.into_iter().map(|row| (row.duty, row.is_ended)).collect())
}

/// Of these duties, those that are asked today, locked in the order of their keys, so that two writers never wait for each other in a circle.
pub async fn live_duties(tx: &mut Tx, ids: &[ObligationId]) -> Result<Vec<Duty>> {
    Ok(on!(tx,
        sqlite duty_sql!("SELECT", "FROM obligation WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) AND ended IS NULL ORDER BY id"),
        postgres duty_sql!(
            "SELECT",
            "FROM obligation WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) AND ended IS NULL ORDER BY id FOR UPDATE"
        ),
        |c, sql| sqlx::query_as(sql).bind(Bulk::of(ids)).fetch_all(c).await)?)
}

/// Writes duties. Most are new and open: these are told in few words, the others in full.
pub async fn insert_duties(tx: &mut Tx, duties: &[Duty], report: Option<ReportId>) -> Result<()> {
    let is_plain = |d: &Duty| {
        d.state == State::Open
            && d.closed.is_none()
            && d.reason.is_none()
            && d.granted_by.is_none()
            && d.extended_from.is_none()
            && d.variant == Variant::First
    };
    let (plain, told): (Vec<&Duty>, Vec<&Duty>) = duties.iter().partition(|d| is_plain(d));
    insert_plain(tx, &plain, report).await?;
    insert_in_full(tx, &told, report).await
}

/// New open duties of one requirement or several, all from one day.
async fn insert_plain(tx: &mut Tx, duties: &[&Duty], report: Option<ReportId>) -> Result<()> {
    let report = report.map(|r| r.0);
    for part in duties.chunk_by(|a, b| (a.requirement_id, a.opened) == (b.requirement_id, b.opened)).flat_map(|same| same.chunks(CHUNK)) {
        let Some(first) = part.first() else { continue };
        let rows = part.iter().map(|d| (d.person_id, d.about_id, d.school_id, d.role.as_str(), d.grade.as_str(), d.due));
        on!(tx, |c| {
            sqlx::query(
            "INSERT INTO obligation (requirement_id, person_id, about_id, school_id, role, grade, due, opened, state, opened_by)
             SELECT CAST($2 AS BIGINT), CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), value->>3, value->>4,
                    CAST(value->>5 AS BIGINT), CAST($3 AS BIGINT), 'open', CAST($4 AS BIGINT)
             FROM jsonb_each($1)"
        )
        .bind(Bulk::of(rows))
        .bind(first.requirement_id)
        .bind(first.opened)
        .bind(report)
        .execute(c)
        .await
        .map(drop)
        })?;
    }
    Ok(())
}

async fn insert_in_full(tx: &mut Tx, duties: &[&Duty], report: Option<ReportId>) -> Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        q: RequirementId,
        p: PersonId,
        a: PersonId,
        s: OrgId,
        r: &'a str,
        g: &'a str,
        d: Day,
        o: Day,
        t: State,
        c: Option<Day>,
        w: Option<&'a str>,
        v: Variant,
        b: Option<&'a str>,
        x: Option<Day>,
    }
    let report = report.map(|r| r.0);
    for part in duties.chunks(CHUNK) {
        let rows = part.iter().map(|d| Row {
            q: d.requirement_id,
            p: d.person_id,
            a: d.about_id,
            s: d.school_id,
            r: &d.role,
            g: &d.grade,
            d: d.due,
            o: d.opened,
            t: d.state,
            c: d.closed,
            w: d.reason.as_deref(),
            v: d.variant,
            b: d.granted_by.as_deref(),
            x: d.extended_from,
        });
        on!(tx, |c| sqlx::query(
            "INSERT INTO obligation (requirement_id, person_id, about_id, school_id, role, grade, due, opened, state, closed, reason,
                                     variant, granted_by, extended_from, opened_by)
             SELECT CAST(value->>'q' AS BIGINT), CAST(value->>'p' AS BIGINT), CAST(value->>'a' AS BIGINT), CAST(value->>'s' AS BIGINT),
                    value->>'r', value->>'g', CAST(value->>'d' AS BIGINT), CAST(value->>'o' AS BIGINT), value->>'t',
                    CAST(value->>'c' AS BIGINT), value->>'w', value->>'v', value->>'b', CAST(value->>'x' AS BIGINT), CAST($2 AS BIGINT)
             FROM jsonb_each($1)"
        )
        .bind(Bulk::of(rows))
        .bind(report)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

pub async fn end(tx: &mut Tx, today: Day, ending: &[(ObligationId, &'static str)], report: Option<ReportId>) -> Result<()> {
    let report = report.map(|r| r.0);
    for part in ending.chunks(CHUNK) {
        on!(tx, |c| sqlx::query(
            "UPDATE obligation SET ended = $2, end_reason = e.why, ended_by = CAST($3 AS BIGINT)
             FROM (SELECT CAST(value->>0 AS BIGINT) AS id, value->>1 AS why FROM jsonb_each($1)) AS e
             WHERE obligation.id = e.id AND obligation.ended IS NULL"
        )
        .bind(Bulk::of(part))
        .bind(today)
        .bind(report)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// How an open duty closes.
#[derive(Serialize)]
pub struct ClosedRow<'a> {
    pub id: ObligationId,
    pub state: State,
    pub reason: Option<&'a str>,
    pub granted_by: Option<&'a str>,
}

/// How many there were, of duties that are open and locked. What was said of an extension stays with it. Found by their keys alone: with a
/// condition on their state PostgreSQL thinks few rows can match, and reads them all.
pub async fn close(tx: &mut Tx, today: Day, rows: &[ClosedRow<'_>]) -> Result<usize> {
    let mut closed = 0;
    for part in rows.chunks(CHUNK) {
        closed += on!(tx, |c| sqlx::query(
            "UPDATE obligation SET state = v.state, closed = $2, reason = COALESCE(v.reason, obligation.reason),
                                   granted_by = COALESCE(v.granted_by, obligation.granted_by)
             FROM (SELECT CAST(value->>'id' AS BIGINT) AS id, value->>'state' AS state, value->>'reason' AS reason,
                          value->>'granted_by' AS granted_by FROM jsonb_each($1)) AS v
             WHERE obligation.id = v.id"
        )
        .bind(Bulk::of(part))
        .bind(today)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    }
    Ok(usize::try_from(closed).unwrap_or(usize::MAX))
}

pub async fn open_course_duties(tx: &mut Tx, person: PersonId, course_version: i64) -> Result<Vec<ObligationId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT o.id FROM obligation o JOIN requirement r ON r.id = o.requirement_id
         WHERE o.person_id = $1 AND r.subject_kind = 'course' AND o.state = 'open' AND o.ended IS NULL
           AND (r.subject_id = $2 OR (o.variant = 'refresher' AND r.refresher_id = $2))
         ORDER BY o.id"
    )
    .bind(person)
    .bind(course_version)
    .fetch_all(c)
    .await)?)
}

/// Other guardians' open duties for the same child and requirement as these duties, but not where the school wants every guardian's answer
/// for the child, or one guardian's by name.
pub async fn other_guardians_open(tx: &mut Tx, ids: &[ObligationId]) -> Result<Vec<ObligationId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT other.id FROM obligation mine
         JOIN obligation other ON other.about_id = mine.about_id AND other.requirement_id = mine.requirement_id AND other.id <> mine.id
         WHERE mine.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
           AND mine.person_id <> mine.about_id AND other.person_id <> mine.person_id AND other.state = 'open' AND other.ended IS NULL
           AND NOT EXISTS (SELECT 1 FROM consent_rule c WHERE c.child_id = mine.about_id AND c.rule IN ('all', 'one'))
         ORDER BY other.id"
    )
    .bind(Bulk::of(ids))
    .fetch_all(c)
    .await)?)
}

/// Up to which day dates have been followed; locked, so that two nodes don't follow the same day.
pub async fn day_seen(tx: &mut Tx) -> Result<Option<Day>> {
    Ok(on!(tx,
        sqlite "SELECT day_seen FROM district WHERE id = 1",
        postgres "SELECT day_seen FROM district WHERE id = 1 FOR UPDATE",
        |c, sql| sqlx::query_scalar(sql).fetch_one(c).await)?)
}

/// The same without a lock, for whoever only looks.
pub async fn last_day_seen(tx: &mut Tx) -> Result<Option<Day>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT day_seen FROM district WHERE id = 1").fetch_one(c).await)?)
}

pub async fn set_day_seen(tx: &mut Tx, day: Day) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE district SET day_seen = $1 WHERE id = 1").bind(day).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn set_school_year(tx: &mut Tx, id: RequirementId, year: i64) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE requirement SET school_year = $2 WHERE id = $1").bind(id).bind(year).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn join_days(tx: &mut Tx, id: RequirementId) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT join_days FROM requirement WHERE id = $1").bind(id).fetch_one(c).await)?)
}

/// Gives a requirement another audience.
pub async fn set_audience(tx: &mut Tx, id: RequirementId, audience: &Rule) -> Result<()> {
    let audience = audience.to_json()?;
    on!(tx, |c| sqlx::query("UPDATE requirement SET audience = $2 WHERE id = $1").bind(id).bind(&audience).execute(c).await.map(drop))?;
    Ok(())
}

/// The names behind these duties, in their order.
pub async fn examples(tx: &mut Tx, wanted: &[&Wanted]) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    for want in wanted {
        let found: Option<Example> = on!(tx, |c| {
            sqlx::query_as(
            "SELECT p.given || ' ' || p.family AS name,
                    CASE WHEN child.id <> p.id THEN child.given || ' ' || child.family END AS child, CAST($4 AS TEXT) AS role, o.name AS school
             FROM person p JOIN person child ON child.id = $2 JOIN org o ON o.id = $3 WHERE p.id = $1"
        )
        .bind(want.person)
        .bind(want.about)
        .bind(want.school)
        .bind(&want.role)
        .fetch_optional(c)
        .await
        })?;
        examples.extend(found);
    }
    Ok(examples)
}

#[derive(Serialize)]
pub struct TallyRow {
    pub requirement: RequirementId,
    pub school: OrgId,
    pub role: String,
    pub grade: String,
    pub due: Day,
    pub state: &'static str,
    pub change: i64,
}

pub async fn add_tally(tx: &mut Tx, day: Day, slot: i64, rows: &[TallyRow]) -> Result<()> {
    for part in rows.chunks(CHUNK) {
        on!(tx, |c| {
            sqlx::query(
            "INSERT INTO tally (requirement_id, school_id, day, role, grade, due, state, slot, change)
             SELECT CAST(value->>'requirement' AS BIGINT), CAST(value->>'school' AS BIGINT), $2, value->>'role', value->>'grade',
                    CAST(value->>'due' AS BIGINT), value->>'state', $3, CAST(value->>'change' AS BIGINT)
             FROM jsonb_each($1) WHERE TRUE
             ON CONFLICT (requirement_id, school_id, day, role, grade, due, state, slot) DO UPDATE SET change = tally.change + excluded.change"
        )
        .bind(Bulk::of(part))
        .bind(day)
        .bind(slot)
        .execute(c)
        .await
        .map(drop)
        })?;
    }
    Ok(())
}

pub async fn org_names(tx: &mut Tx, orgs: &[OrgId]) -> Result<Vec<(OrgId, String)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT id, name FROM org WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY name, id"
    )
    .bind(Bulk::of(orgs))
    .fetch_all(c)
    .await)?)
}

/// Those of these people who are minors, or of unknown age, on that day.
pub async fn not_yet_18(tx: &mut Tx, people: &[PersonId], today: Day) -> Result<Vec<PersonId>> {
    let mut minors = Vec::new();
    for part in people.chunks(CHUNK) {
        let found: Vec<PersonId> = on!(tx, |c| sqlx::query_scalar(
            "SELECT id FROM person
             WHERE (turns_18 IS NULL OR turns_18 > $2) AND id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
        )
        .bind(Bulk::of(part))
        .bind(today)
        .fetch_all(c)
        .await)?;
        minors.extend(found);
    }
    Ok(minors)
}

pub async fn without_email(tx: &mut Tx, people: &[PersonId]) -> Result<i64> {
    let mut total = 0;
    for part in people.chunks(CHUNK) {
        let number: i64 = on!(tx, |c| sqlx::query_scalar(
            "SELECT COUNT(*) FROM person WHERE COALESCE(email, '') = '' AND id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
        )
        .bind(Bulk::of(part))
        .fetch_one(c)
        .await)?;
        total += number;
    }
    Ok(total)
}
