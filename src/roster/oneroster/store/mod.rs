//! The SQL of an import.

mod packs;

pub use packs::{guardianships, load};

use std::collections::HashMap;

use serde::Serialize;

use super::enrollments::EnrollmentRow;
use super::guardians::PairRow;
use super::known::{Kind, key};
use super::orgs::OrgRow;
use super::report::Leaver;
use super::roles::{Held, RoleSourceRow};
use super::rows::BATCH;
use super::sections::{ClassRow, CourseRow, SessionRow};
use super::users::{MoveRow, PersonRow, PositionRow};
use super::values::a_year_before;
use super::work::Title;
use crate::db::{Bulk, Conn, Tx};
use crate::kernel::{Day, Result};
use crate::on;

pub struct SourceRow {
    pub source_id: String,
    pub row: i64,
    pub hash: i64,
}

/// One statement with a list as `$1` and, where given, one value as `$2`. What there is much of is bound as the cells in their order,
/// without names, which takes the engines less time.
macro_rules! bulk {
    ($tx:expr, $rows:expr, |$row:ident| $cells:expr, $sql:expr $(, $more:expr)*) => {
        for some in $rows.chunks(BATCH) {
            let list = Bulk::of(some.iter().map(|$row| $cells));
            on!($tx, |c| sqlx::query($sql).bind(&list)$(.bind($more))*.execute(c).await.map(drop))?;
        }
    };
    ($tx:expr, $rows:expr, $sql:expr $(, $more:expr)*) => {
        bulk!($tx, $rows, |row| row, $sql $(, $more)*);
    };
}

/// Two imports never run at once: the second waits. (SQLite has one writer anyway.)
pub async fn lock(tx: &mut Tx) -> Result<()> {
    on!(tx, sqlite "SELECT id FROM district WHERE id = 1", postgres "SELECT id FROM district WHERE id = 1 FOR UPDATE", |c, sql| {
        sqlx::query(sql).execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Ids for new rows: on SQLite the next ones (nobody else writes meanwhile), on PostgreSQL from the table's own sequence.
pub async fn reserve(tx: &mut Tx, kind: Kind, wanted: usize) -> Result<Vec<i64>> {
    let wanted = i64::try_from(wanted).unwrap_or(0);
    let (sqlite, postgres) = match kind {
        Kind::Org => ("SELECT COALESCE(MAX(id), 0) FROM org", "SELECT nextval('org_id_seq') FROM generate_series(1, $1)"),
        Kind::Session => {
            ("SELECT COALESCE(MAX(id), 0) FROM academic_session", "SELECT nextval('academic_session_id_seq') FROM generate_series(1, $1)")
        }
        Kind::Course => {
            ("SELECT COALESCE(MAX(id), 0) FROM roster_course", "SELECT nextval('roster_course_id_seq') FROM generate_series(1, $1)")
        }
        Kind::Class => ("SELECT COALESCE(MAX(id), 0) FROM section", "SELECT nextval('section_id_seq') FROM generate_series(1, $1)"),
        Kind::User => ("SELECT COALESCE(MAX(id), 0) FROM person", "SELECT nextval('person_id_seq') FROM generate_series(1, $1)"),
        Kind::Role => ("SELECT COALESCE(MAX(id), 0) FROM position", "SELECT nextval('position_id_seq') FROM generate_series(1, $1)"),
        Kind::Enrollment => {
            ("SELECT COALESCE(MAX(id), 0) FROM enrollment", "SELECT nextval('enrollment_id_seq') FROM generate_series(1, $1)")
        }
    };
    match &mut tx.conn {
        Conn::Sqlite(open) => {
            let last: i64 = sqlx::query_scalar(sqlite).fetch_one(&mut **open).await?;
            Ok((last + 1..=last + wanted).collect())
        }
        Conn::Postgres(open) => Ok(sqlx::query_scalar(postgres).bind(wanted).fetch_all(&mut **open).await?),
    }
}

pub async fn save_sources(tx: &mut Tx, kind: Kind, rows: &[SourceRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        |r| (&r.source_id, r.row, r.hash),
        "INSERT INTO roster_source (kind, source_id, row_id, content_hash)
         SELECT $2, value->>0, CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT) FROM jsonb_each($1) WHERE TRUE
         ON CONFLICT (kind, source_id) DO UPDATE
         SET row_id = excluded.row_id, content_hash = excluded.content_hash, left_day = NULL",
        kind.name()
    );
    Ok(())
}

/// The source records behind these rows are gone. Each statement walks the kind's records, so the lists are long.
pub async fn leave_sources(tx: &mut Tx, kind: Kind, rows: &[i64], today: Day) -> Result<()> {
    for some in rows.chunks(250_000) {
        let list = Bulk::of(some.iter());
        on!(tx, |c| sqlx::query(
            "UPDATE roster_source SET left_day = $2
             WHERE kind = $3 AND left_day IS NULL AND row_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
        )
        .bind(&list)
        .bind(today)
        .bind(kind.name())
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

pub async fn leave(tx: &mut Tx, kind: Kind, rows: &[i64], today: Day) -> Result<()> {
    let sql = match kind {
        Kind::Session => "UPDATE academic_session SET left_day = $2 WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        Kind::Course => "UPDATE roster_course SET left_day = $2 WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        Kind::Class => "UPDATE section SET left_day = $2 WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        Kind::Enrollment => "UPDATE enrollment SET left_day = $2 WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        Kind::Org | Kind::User | Kind::Role => return Ok(()),
    };
    bulk!(tx, rows, sql, today);
    Ok(())
}

// Orgs

pub async fn parents(tx: &mut Tx) -> Result<HashMap<i64, Option<i64>>> {
    let rows: Vec<(i64, Option<i64>)> = on!(tx, |c| sqlx::query_as("SELECT id, parent_id FROM org").fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

pub async fn orgs_add(tx: &mut Tx, rows: &[OrgRow]) -> Result<()> {
    for some in rows.chunks(BATCH) {
        let list = Bulk::of(some);
        on!(tx,
            sqlite "INSERT INTO org (id, uid, kind, name, identifier)
                    SELECT value->>'id', unhex(value->>'uid'), value->>'kind', value->>'name', value->>'identifier' FROM jsonb_each($1)",
            postgres "INSERT INTO org (id, uid, kind, name, identifier)
                      SELECT CAST(value->>'id' AS BIGINT), CAST(value->>'uid' AS UUID), value->>'kind', value->>'name', value->>'identifier'
                      FROM jsonb_each($1)",
            |c, sql| sqlx::query(sql).bind(&list).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// The district's own name and kind stay as `init` set them.
pub async fn orgs_change(tx: &mut Tx, rows: &[OrgRow], root: i64) -> Result<()> {
    bulk!(
        tx,
        rows,
        "UPDATE org SET kind = CASE WHEN org.id = $2 THEN org.kind ELSE v.kind END,
                        name = CASE WHEN org.id = $2 THEN org.name ELSE v.name END,
                        identifier = v.identifier, left_day = NULL
         FROM (SELECT CAST(value->>'id' AS BIGINT) AS id, value->>'kind' AS kind, value->>'name' AS name,
                      value->>'identifier' AS identifier FROM jsonb_each($1)) AS v
         WHERE org.id = v.id",
        root
    );
    Ok(())
}

pub async fn set_parents(tx: &mut Tx, rows: impl Iterator<Item = &OrgRow>) -> Result<()> {
    let rows: Vec<&OrgRow> = rows.collect();
    bulk!(
        tx,
        rows,
        "UPDATE org SET parent_id = v.parent
         FROM (SELECT CAST(value->>'id' AS BIGINT) AS id, CAST(value->>'parent' AS BIGINT) AS parent FROM jsonb_each($1)) AS v
         WHERE org.id = v.id"
    );
    Ok(())
}

pub async fn orgs_leave(tx: &mut Tx, rows: &[i64], today: Day) -> Result<()> {
    bulk!(tx, rows, "UPDATE org SET left_day = $2 WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))", today);
    Ok(())
}

pub async fn rebuild_org_above(tx: &mut Tx) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM org_above").execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query(
        "WITH RECURSIVE up (org_id, above_id) AS (
             SELECT id, id FROM org
             UNION ALL
             SELECT up.org_id, org.parent_id FROM up JOIN org ON org.id = up.above_id WHERE org.parent_id IS NOT NULL)
         INSERT INTO org_above (org_id, above_id) SELECT org_id, above_id FROM up"
    )
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whoever has a place at these orgs or below.
pub async fn people_at(tx: &mut Tx, orgs: &[i64]) -> Result<Vec<i64>> {
    let list = Bulk::of(orgs);
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT p.person_id FROM position p JOIN org_above a ON a.org_id = p.org_id
         WHERE p.ended IS NULL AND a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(&list)
    .fetch_all(c)
    .await)?)
}

// Terms, courses, classes

pub async fn save_sessions(tx: &mut Tx, rows: &[SessionRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        "INSERT INTO academic_session (id, title, kind, starts, ends, school_year)
         SELECT CAST(value->>'id' AS BIGINT), value->>'title', value->>'kind', CAST(value->>'starts' AS BIGINT),
                CAST(value->>'ends' AS BIGINT), CAST(value->>'school_year' AS BIGINT) FROM jsonb_each($1) WHERE TRUE
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, kind = excluded.kind, starts = excluded.starts, ends = excluded.ends,
                                        school_year = excluded.school_year, left_day = NULL"
    );
    Ok(())
}

pub async fn save_courses(tx: &mut Tx, rows: &[CourseRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        "INSERT INTO roster_course (id, title, code, org_id)
         SELECT CAST(value->>'id' AS BIGINT), value->>'title', value->>'code', CAST(value->>'org' AS BIGINT)
         FROM jsonb_each($1) WHERE TRUE
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, code = excluded.code, org_id = excluded.org_id, left_day = NULL"
    );
    Ok(())
}

pub async fn save_classes(tx: &mut Tx, rows: &[ClassRow]) -> Result<()> {
    for some in rows.chunks(BATCH) {
        let list = Bulk::of(some);
        on!(tx,
            sqlite "INSERT INTO section (id, uid, title, code, kind, grade, course_id, school_id)
                    SELECT value->>'id', unhex(value->>'uid'), value->>'title', value->>'code', value->>'kind', value->>'grade',
                           value->>'course', value->>'school' FROM jsonb_each($1) WHERE TRUE
                    ON CONFLICT (id) DO UPDATE SET title = excluded.title, code = excluded.code, kind = excluded.kind,
                        grade = excluded.grade, course_id = excluded.course_id, school_id = excluded.school_id, left_day = NULL",
            postgres "INSERT INTO section (id, uid, title, code, kind, grade, course_id, school_id)
                    SELECT CAST(value->>'id' AS BIGINT), CAST(value->>'uid' AS UUID), value->>'title', value->>'code', value->>'kind',
                           value->>'grade', CAST(value->>'course' AS BIGINT), CAST(value->>'school' AS BIGINT) FROM jsonb_each($1)
                    ON CONFLICT (id) DO UPDATE SET title = excluded.title, code = excluded.code, kind = excluded.kind,
                        grade = excluded.grade, course_id = excluded.course_id, school_id = excluded.school_id, left_day = NULL",
            |c, sql| sqlx::query(sql).bind(&list).execute(c).await.map(drop))?;
    }
    Ok(())
}

// People

pub async fn people_add(tx: &mut Tx, rows: &[PersonRow], today: Day) -> Result<()> {
    for some in rows.chunks(BATCH) {
        let list = Bulk::of(some.iter().map(cells));
        on!(tx,
            sqlite "INSERT INTO person (id, uid, given, family, email, username, language, role, grade, school_id, joined, left_day,
                                        turns_18, turns_17)
                    SELECT value->>0, unhex(value->>14), value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7,
                           value->>8, value->>9, CASE WHEN value->>10 = 1 THEN NULL ELSE $2 END,
                           COALESCE(value->>11, CASE WHEN value->>13 = 1 THEN $2 END),
                           COALESCE(value->>12, CASE WHEN value->>13 = 1 THEN $3 END)
                    FROM jsonb_each($1)",
            postgres "INSERT INTO person (id, uid, given, family, email, username, language, role, grade, school_id, joined, left_day,
                                          turns_18, turns_17)
                    SELECT CAST(value->>0 AS BIGINT), CAST(value->>14 AS UUID), value->>1, value->>2, value->>3, value->>4, value->>5,
                           value->>6, value->>7, CAST(value->>8 AS BIGINT), CAST(value->>9 AS BIGINT),
                           CASE WHEN value->>10 = '1' THEN NULL ELSE CAST($2 AS BIGINT) END,
                           COALESCE(CAST(value->>11 AS BIGINT), CASE WHEN value->>13 = '1' THEN CAST($2 AS BIGINT) END),
                           COALESCE(CAST(value->>12 AS BIGINT), CASE WHEN value->>13 = '1' THEN CAST($3 AS BIGINT) END)
                    FROM jsonb_each($1)",
            |c, sql| sqlx::query(sql).bind(&list).bind(today).bind(a_year_before(today)).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// A person's cells, in the order in which [`people_add`] and [`people_change`] take them out.
fn cells(p: &PersonRow) -> impl Serialize + '_ {
    let PersonRow { id, uid, given, family, email, username, language, role, grade, school, .. } = p;
    let PersonRow { joined, active, turns_18, turns_17, adult, .. } = p;
    (id, given, family, email, username, language, role, grade, school, joined, active, turns_18, turns_17, adult, uid)
}

/// Who comes back begins another stay; who stays keeps the day of joining. A birthday that the school stored stays where the source
/// says nothing of it.
pub async fn people_change(tx: &mut Tx, rows: &[PersonRow], today: Day) -> Result<()> {
    bulk!(
        tx,
        rows,
        |row| cells(row),
        "UPDATE person SET given = v.given, family = v.family, email = v.email, username = v.username, language = v.language,
                role = v.role, grade = v.grade, school_id = v.school,
                turns_18 = COALESCE(v.turns_18, person.turns_18, CASE WHEN v.adult = 1 THEN CAST($2 AS BIGINT) END),
                turns_17 = COALESCE(v.turns_17, person.turns_17, CASE WHEN v.adult = 1 THEN CAST($3 AS BIGINT) END),
                joined = CASE WHEN person.left_day IS NOT NULL AND v.active = 1 THEN v.joined ELSE person.joined END,
                left_day = CASE WHEN v.active = 1 THEN NULL ELSE COALESCE(person.left_day, CAST($2 AS BIGINT)) END
         FROM (SELECT CAST(value->>0 AS BIGINT) AS id, value->>1 AS given, value->>2 AS family, value->>3 AS email,
                      value->>4 AS username, value->>5 AS language, value->>6 AS role, value->>7 AS grade,
                      CAST(value->>8 AS BIGINT) AS school, CAST(value->>9 AS BIGINT) AS joined, CAST(value->>10 AS BIGINT) AS active,
                      CAST(value->>11 AS BIGINT) AS turns_18, CAST(value->>12 AS BIGINT) AS turns_17,
                      CAST(value->>13 AS BIGINT) AS adult
               FROM jsonb_each($1)) AS v
         WHERE person.id = v.id",
        today,
        a_year_before(today)
    );
    Ok(())
}

/// An empty role leaves role and school as they were: the person only stops being active.
pub async fn people_move(tx: &mut Tx, rows: &[MoveRow], today: Day) -> Result<()> {
    bulk!(
        tx,
        rows,
        "UPDATE person SET role = CASE WHEN v.role = '' THEN person.role ELSE v.role END,
                school_id = CASE WHEN v.role = '' THEN person.school_id ELSE v.school END,
                joined = CASE WHEN person.left_day IS NOT NULL AND v.active = 1 THEN CAST($2 AS BIGINT) ELSE person.joined END,
                left_day = CASE WHEN v.active = 1 THEN NULL ELSE COALESCE(person.left_day, CAST($2 AS BIGINT)) END
         FROM (SELECT CAST(value->>'id' AS BIGINT) AS id, value->>'role' AS role, CAST(value->>'school' AS BIGINT) AS school,
                      CAST(value->>'active' AS BIGINT) AS active FROM jsonb_each($1)) AS v
         WHERE person.id = v.id",
        today
    );
    Ok(())
}

pub async fn people_leave(tx: &mut Tx, rows: &[i64], today: Day) -> Result<()> {
    bulk!(
        tx,
        rows,
        "UPDATE person SET left_day = COALESCE(left_day, CAST($2 AS BIGINT))
         WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        today
    );
    end_positions(tx, rows, today).await?;
    for side in [
        "UPDATE guardianship SET ended = $2 WHERE ended IS NULL AND guardian_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        "UPDATE guardianship SET ended = $2 WHERE ended IS NULL AND child_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
    ] {
        bulk!(tx, rows, side, today);
    }
    Ok(())
}

async fn end_positions(tx: &mut Tx, people: &[i64], today: Day) -> Result<()> {
    bulk!(
        tx,
        people,
        "UPDATE position SET ended = $2 WHERE ended IS NULL AND person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))",
        today
    );
    Ok(())
}

/// The positions of people: those of `known` people that aren't named end; a position that goes on keeps its first day.
pub async fn set_positions(tx: &mut Tx, known: &[i64], rows: &[PositionRow], today: Day) -> Result<()> {
    end_positions(tx, known, today).await?;
    bulk!(
        tx,
        rows,
        |r| (r.person, r.org, r.role, &r.title, r.primary, r.began),
        "INSERT INTO position (person_id, org_id, role, title, is_primary, began)
         SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), value->>2, value->>3, CAST(value->>4 AS BIGINT) = 1,
                CAST(value->>5 AS BIGINT) FROM jsonb_each($1) WHERE TRUE
         ON CONFLICT (person_id, org_id, role) DO UPDATE
         SET is_primary = excluded.is_primary, title = excluded.title, ended = NULL,
             began = CASE WHEN COALESCE(position.ended, $2) = $2 THEN position.began ELSE excluded.began END",
        today
    );
    Ok(())
}

// Roles of 1.2

#[derive(sqlx::FromRow)]
pub struct RoleHeld {
    pub source_id: String,
    user_source_id: String,
    org_id: i64,
    role: String,
    pub title: String,
    is_primary: bool,
    began: Day,
}

impl RoleHeld {
    pub fn held(&self, title: Title) -> Held {
        Held::known(key(&self.user_source_id), self.org_id, &self.role, title, self.is_primary, self.began)
    }
}

/// Which role records stand behind positions that are held, for a delta set that names only some.
pub async fn roles_held(tx: &mut Tx) -> Result<Vec<RoleHeld>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT r.source_id, u.source_id AS user_source_id, p.org_id, p.role, p.title, p.is_primary, p.began
         FROM roster_source r
         JOIN position p ON p.id = r.row_id
         JOIN roster_source u ON u.kind = 'user' AND u.row_id = p.person_id
         WHERE r.kind = 'role' AND r.left_day IS NULL AND p.ended IS NULL"
    )
    .fetch_all(c)
    .await)?)
}

pub async fn save_role_sources(tx: &mut Tx, rows: &[RoleSourceRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        "INSERT INTO roster_source (kind, source_id, row_id, content_hash)
         SELECT 'role', v.source_id, p.id, v.hash
         FROM (SELECT value->>'source_id' AS source_id, CAST(value->>'person' AS BIGINT) AS person,
                      CAST(value->>'org' AS BIGINT) AS org, value->>'role' AS role, CAST(value->>'hash' AS BIGINT) AS hash
               FROM jsonb_each($1)) AS v
         JOIN position p ON p.person_id = v.person AND p.org_id = v.org AND p.role = v.role
         WHERE TRUE
         ON CONFLICT (kind, source_id) DO UPDATE
         SET row_id = excluded.row_id, content_hash = excluded.content_hash, left_day = NULL"
    );
    Ok(())
}

// Guardians

pub async fn guardianships_begin(tx: &mut Tx, rows: &[PairRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        "INSERT INTO guardianship (guardian_id, child_id)
         SELECT CAST(value->>'guardian' AS BIGINT), CAST(value->>'child' AS BIGINT) FROM jsonb_each($1) WHERE TRUE
         ON CONFLICT (guardian_id, child_id) DO UPDATE SET ended = NULL"
    );
    Ok(())
}

pub async fn guardianships_end(tx: &mut Tx, rows: &[PairRow], today: Day) -> Result<()> {
    bulk!(
        tx,
        rows,
        "UPDATE guardianship SET ended = $2
         FROM (SELECT CAST(value->>'guardian' AS BIGINT) AS guardian, CAST(value->>'child' AS BIGINT) AS child FROM jsonb_each($1)) AS v
         WHERE guardian_id = v.guardian AND child_id = v.child",
        today
    );
    Ok(())
}

// Enrollments

/// Where there are no enrollments yet, takes away the index by class, in whose order they don't come: on SQLite all of them are sorted at
/// once in a quarter of the time. (On PostgreSQL readers would have to wait.) Whether it did.
pub async fn enrollments_unsorted(tx: &mut Tx) -> Result<bool> {
    let Conn::Sqlite(open) = &mut tx.conn else { return Ok(false) };
    let none: bool = sqlx::query_scalar("SELECT NOT EXISTS (SELECT 1 FROM enrollment)").fetch_one(&mut **open).await?;
    if none {
        sqlx::query("DROP INDEX enrollment_by_section").execute(&mut **open).await?;
    }
    Ok(none)
}

/// Puts the index by class back, as the schema has it.
pub async fn enrollments_sorted(tx: &mut Tx) -> Result<()> {
    let sql = "CREATE INDEX enrollment_by_section ON enrollment (section_id, role)";
    on!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn enrollments_add(tx: &mut Tx, rows: &[EnrollmentRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        |r| (r.id, r.section, r.person, &r.role, r.began, r.ended),
        "INSERT INTO enrollment (id, section_id, person_id, role, began, ended)
         SELECT CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), CAST(value->>2 AS BIGINT), value->>3, CAST(value->>4 AS BIGINT),
                CAST(value->>5 AS BIGINT) FROM jsonb_each($1)"
    );
    Ok(())
}

pub async fn enrollments_change(tx: &mut Tx, rows: &[EnrollmentRow]) -> Result<()> {
    bulk!(
        tx,
        rows,
        |r| (r.id, r.section, r.person, &r.role, r.began, r.ended),
        "UPDATE enrollment SET section_id = v.section, person_id = v.person, role = v.role, began = v.began, ended = v.ended, left_day = NULL
         FROM (SELECT CAST(value->>0 AS BIGINT) AS id, CAST(value->>1 AS BIGINT) AS section, CAST(value->>2 AS BIGINT) AS person,
                      value->>3 AS role, CAST(value->>4 AS BIGINT) AS began, CAST(value->>5 AS BIGINT) AS ended FROM jsonb_each($1)) AS v
         WHERE enrollment.id = v.id"
    );
    Ok(())
}

/// Whose these enrollments are.
pub async fn enrolled(tx: &mut Tx, rows: &[i64]) -> Result<Vec<i64>> {
    let mut people = Vec::new();
    for some in rows.chunks(BATCH) {
        let list = Bulk::of(some.iter());
        let found: Vec<i64> = on!(tx, |c| sqlx::query_scalar(
            "SELECT DISTINCT person_id FROM enrollment WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
        )
        .bind(&list)
        .fetch_all(c)
        .await)?;
        people.extend(found);
    }
    Ok(people)
}

// The difference by school, and who leaves

/// At which places these rows stand, and how many at each: orgs, or of enrollments their classes.
pub async fn places_of(tx: &mut Tx, kind: Kind, rows: &[i64]) -> Result<Vec<(i64, i64)>> {
    let sql = match kind {
        Kind::Course => {
            "SELECT COALESCE(org_id, 0), COUNT(*) FROM roster_course
             WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) GROUP BY 1"
        }
        Kind::Class => "SELECT school_id, COUNT(*) FROM section WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) GROUP BY 1",
        Kind::User => {
            "SELECT COALESCE(school_id, 0), COUNT(*) FROM person
             WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) GROUP BY 1"
        }
        Kind::Role => "SELECT org_id, COUNT(*) FROM position WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) GROUP BY 1",
        Kind::Enrollment => {
            "SELECT section_id, COUNT(*) FROM enrollment WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) GROUP BY 1"
        }
        Kind::Session => return Ok(if rows.is_empty() { Vec::new() } else { vec![(0, i64::try_from(rows.len()).unwrap_or(i64::MAX))] }),
        Kind::Org => return Ok(Vec::new()),
    };
    let mut places = Vec::new();
    for some in rows.chunks(BATCH) {
        let list = Bulk::of(some.iter());
        let found: Vec<(i64, i64)> = on!(tx, |c| sqlx::query_as(sql).bind(&list).fetch_all(c).await)?;
        places.extend(found);
    }
    Ok(places)
}

pub async fn org_names(tx: &mut Tx) -> Result<Vec<(i64, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, name FROM org").fetch_all(c).await)?)
}

/// How many people are at each school or office, by its name.
pub async fn people_by_school(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT o.name, COUNT(*) FROM person p JOIN org o ON o.id = p.school_id WHERE p.left_day IS NULL GROUP BY o.name"
    )
    .fetch_all(c)
    .await)?)
}

pub async fn section_schools(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, school_id FROM section").fetch_all(c).await)?)
}

/// What these rows are called, by school and name.
pub async fn leavers(tx: &mut Tx, kind: Kind, rows: &[i64]) -> Result<Vec<Leaver>> {
    let sql = match kind {
        Kind::Org => {
            "SELECT CAST($2 AS TEXT) AS kind, o.name, COALESCE(a.name, '') AS school FROM org o LEFT JOIN org a ON a.id = o.parent_id
             WHERE o.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 3, 2, o.id"
        }
        Kind::Session => {
            "SELECT CAST($2 AS TEXT) AS kind, title AS name, '' AS school FROM academic_session
             WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 2, id"
        }
        Kind::Course => {
            "SELECT CAST($2 AS TEXT) AS kind, r.title AS name, COALESCE(o.name, '') AS school FROM roster_course r LEFT JOIN org o ON o.id = r.org_id
             WHERE r.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 3, 2, r.id"
        }
        Kind::Class => {
            "SELECT CAST($2 AS TEXT) AS kind, s.title AS name, o.name AS school FROM section s JOIN org o ON o.id = s.school_id
             WHERE s.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 3, 2, s.id"
        }
        Kind::User => {
            "SELECT CAST($2 AS TEXT) AS kind, p.given || ' ' || p.family AS name, COALESCE(o.name, '') AS school
             FROM person p LEFT JOIN org o ON o.id = p.school_id
             WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 3, p.family, p.given, p.id"
        }
        Kind::Role => {
            "SELECT CAST($2 AS TEXT) AS kind, p.given || ' ' || p.family || ', ' || COALESCE(NULLIF(w.title, ''), w.role) AS name, o.name AS school
             FROM position w JOIN person p ON p.id = w.person_id JOIN org o ON o.id = w.org_id
             WHERE w.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 3, p.family, p.given, w.id"
        }
        Kind::Enrollment => {
            "SELECT CAST($2 AS TEXT) AS kind, p.given || ' ' || p.family || ', ' || s.title AS name, o.name AS school
             FROM enrollment e JOIN person p ON p.id = e.person_id JOIN section s ON s.id = e.section_id JOIN org o ON o.id = s.school_id
             WHERE e.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) ORDER BY 3, s.title, p.family, p.given, e.id"
        }
    };
    let list = Bulk::of(rows.iter());
    Ok(on!(tx, |c| sqlx::query_as(sql).bind(&list).bind(kind.file()).fetch_all(c).await)?)
}
