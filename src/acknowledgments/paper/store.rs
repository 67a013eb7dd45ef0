use uuid::Uuid;

use super::entering::{Entry, Recent};
use super::printing::{Class, Waiting, Wanted};
use super::scans::{Kind, Scan};
use crate::acknowledgments::store::reach;
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, AcknowledgmentId, Actor, Day, Moment, PersonId, RequirementId, Result, VersionId};
use crate::on;

/// Duties (`o`) within reach: of schools ($2), and about students of sections ($3).
macro_rules! within {
    () => {
        "(o.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)))
          OR o.about_id IN (SELECT COALESCE(m.same_as, m.id) FROM enrollment e JOIN person m ON m.id = e.person_id
                            WHERE e.role = 'student' AND e.left_day IS NULL
                              AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3))))"
    };
}

/// Open duties of a requirement ($1) within reach, of a school ($4), a section ($5), who answers ($6) about whom ($7): what follows the joins.
/// A student counts to one class: the homeroom before others; a teacher's own before others.
macro_rules! open_duties {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            $select,
            ", s.name AS school, a.family AS by_family, a.given AS by_given, p.family AS then_family, o.id AS by_id,
                    COALESCE((SELECT c.title FROM enrollment e JOIN section c ON c.id = e.section_id JOIN person m ON m.id = e.person_id
                              WHERE (m.id = o.about_id OR m.same_as = o.about_id) AND e.role = 'student' AND e.left_day IS NULL
                                AND c.left_day IS NULL AND ($5 IS NULL OR c.uid = $5)
                              ORDER BY CASE WHEN e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)) THEN 0 ELSE 1 END,
                                       CASE c.kind WHEN 'homeroom' THEN 0 ELSE 1 END, c.title LIMIT 1), '') AS class
             FROM obligation o
             JOIN requirement r ON r.id = o.requirement_id
             JOIN person p ON p.id = o.person_id
             JOIN person a ON a.id = o.about_id
             JOIN org s ON s.id = o.school_id
             WHERE r.uid = $1 AND r.subject_kind = 'policy' AND o.ended IS NULL AND o.state = 'open' AND ",
            within!(),
            " AND ($4 IS NULL OR o.school_id IN (SELECT x.org_id FROM org_above x JOIN org y ON y.id = x.above_id WHERE y.uid = $4))
              AND ($5 IS NULL OR o.about_id IN (SELECT COALESCE(m.same_as, m.id) FROM enrollment e JOIN section c ON c.id = e.section_id
                                                JOIN person m ON m.id = e.person_id
                                                WHERE c.uid = $5 AND e.role = 'student' AND e.left_day IS NULL))
              AND ($6 IS NULL OR p.uid = $6) AND ($7 IS NULL OR a.uid = $7)) duty ",
            $rest,
            " ORDER BY school, class, by_family, by_given, then_family, by_id LIMIT $8"
        )
    };
}

macro_rules! bind_wanted {
    ($query:expr, $actor:expr, $requirement:expr, $wanted:expr, $most:expr) => {{
        let (orgs, sections) = reach($actor);
        $query
            .bind($requirement)
            .bind(Bulk::of(orgs))
            .bind(Bulk::of(sections))
            .bind($wanted.school)
            .bind($wanted.section)
            .bind($wanted.one.map(|(person, _)| person))
            .bind($wanted.one.map(|(_, about)| about))
            .bind(i64::try_from($most).unwrap_or(i64::MAX))
    }};
}

#[derive(Debug, sqlx::FromRow)]
pub struct OpenDuty {
    pub requirement_id: RequirementId,
    pub person: PersonId,
    pub about: PersonId,
    pub name: String,
    pub about_name: String,
    pub grade: String,
    pub school: String,
    pub class: String,
    pub due: Day,
    pub language: String,
}

pub async fn open_duties(tx: &mut Tx, actor: &Actor, requirement: Uuid, wanted: Wanted, most: usize) -> Result<Vec<OpenDuty>> {
    const SQL: &str = open_duties!(
        "o.requirement_id, o.person_id AS person, o.about_id AS about, p.given || ' ' || p.family AS name,
         a.given || ' ' || a.family AS about_name, COALESCE(a.grade, '') AS grade, o.due - r.grace_days AS due, p.language",
        ""
    );
    Ok(on!(tx, |c| bind_wanted!(sqlx::query_as(SQL), actor, requirement, wanted, most).fetch_all(c).await)?)
}

/// Of each duty the form that was printed last.
pub async fn waiting_codes(tx: &mut Tx, actor: &Actor, requirement: Uuid, wanted: Wanted, most: usize) -> Result<Vec<String>> {
    const SQL: &str = open_duties!(
        "(SELECT f.code FROM paper_form f
          WHERE f.requirement_id = o.requirement_id AND f.person_id = o.person_id AND f.about_id = o.about_id
          ORDER BY f.id DESC LIMIT 1) AS code",
        "WHERE code IS NOT NULL"
    );
    let rows: Vec<CodeRow> = on!(tx, |c| bind_wanted!(sqlx::query_as(SQL), actor, requirement, wanted, most).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}

#[derive(sqlx::FromRow)]
struct CodeRow {
    code: String,
}

pub async fn waiting(tx: &mut Tx, actor: &Actor) -> Result<Vec<Waiting>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "SELECT r.uid AS requirement, r.title, COUNT(*) AS number
         FROM obligation o JOIN requirement r ON r.id = o.requirement_id
         WHERE o.state = $1 AND o.ended IS NULL AND ",
        within!(),
        " AND EXISTS (SELECT 1 FROM paper_form f
                      WHERE f.requirement_id = o.requirement_id AND f.person_id = o.person_id AND f.about_id = o.about_id)
         GROUP BY r.id, r.uid, r.title ORDER BY r.title, r.id"
    ))
    .bind("open")
    .bind(Bulk::of(orgs))
    .bind(Bulk::of(sections))
    .fetch_all(c)
    .await)?)
}

pub async fn classes(tx: &mut Tx, actor: &Actor, requirement: Uuid, school: Option<Uuid>) -> Result<Vec<Class>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "SELECT c.uid, c.title, h.name AS school, COUNT(DISTINCT o.id) AS open,
                COUNT(DISTINCT CASE WHEN f.id IS NOT NULL THEN o.id END) AS printed
         FROM obligation o
         JOIN requirement r ON r.id = o.requirement_id
         JOIN person m ON m.id = o.about_id OR m.same_as = o.about_id
         JOIN enrollment n ON n.person_id = m.id AND n.role = 'student' AND n.left_day IS NULL
         JOIN section c ON c.id = n.section_id AND c.left_day IS NULL
         JOIN org h ON h.id = c.school_id
         LEFT JOIN paper_form f ON f.requirement_id = o.requirement_id AND f.person_id = o.person_id AND f.about_id = o.about_id
         WHERE r.uid = $1 AND o.ended IS NULL AND o.state = 'open' AND ",
        within!(),
        " AND (c.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3))
               OR c.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
          AND ($4 IS NULL OR h.uid = $4)
         GROUP BY c.id, c.uid, c.title, h.name ORDER BY h.name, c.title, c.id LIMIT 400"
    ))
    .bind(requirement)
    .bind(Bulk::of(orgs))
    .bind(Bulk::of(sections))
    .bind(school)
    .fetch_all(c)
    .await)?)
}

// Forms

pub async fn code_of(tx: &mut Tx, duty: &OpenDuty, version: VersionId, language: &str) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT code FROM paper_form
         WHERE requirement_id = $1 AND person_id = $2 AND about_id = $3 AND version_id = $4 AND language = $5"
    )
    .bind(duty.requirement_id)
    .bind(duty.person)
    .bind(duty.about)
    .bind(version)
    .bind(language)
    .fetch_optional(c)
    .await)?)
}

pub async fn is_taken(tx: &mut Tx, code: &str) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM paper_form WHERE code = $1)").bind(code).fetch_one(c).await)?)
}

pub async fn keep_form(tx: &mut Tx, actor: &Actor, code: &str, duty: &OpenDuty, version: VersionId, language: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO paper_form (code, requirement_id, person_id, about_id, version_id, language, account_id, by_name, printed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(code)
    .bind(duty.requirement_id)
    .bind(duty.person)
    .bind(duty.about)
    .bind(version)
    .bind(language)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// None for a command on the server's machine.
fn account(actor: &Actor) -> Option<AccountId> {
    (actor.account.0 != 0).then_some(actor.account)
}

/// A form with its duty as it stands, or as it last stood, where that is within reach.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Found {
    pub form: i64,
    pub version: VersionId,
    pub language: String,
    pub printed_at: Moment,
    pub printed_by: String,
    pub requirement: Uuid,
    pub title: String,
    /// The person under the record that is kept.
    pub person: PersonId,
    pub name: String,
    pub about: PersonId,
    pub about_uid: Uuid,
    pub about_name: String,
    pub grade: String,
    pub school: String,
    pub ended: Option<Day>,
    pub end_reason: Option<String>,
}

pub async fn find(tx: &mut Tx, actor: &Actor, code: &str) -> Result<Option<Found>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| {
        sqlx::query_as(concat!(
        "SELECT f.id AS form, f.version_id AS version, f.language, f.printed_at, f.by_name AS printed_by, r.uid AS requirement, r.title,
                p.id AS person, p.given || ' ' || p.family AS name, a.id AS about, a.uid AS about_uid,
                a.given || ' ' || a.family AS about_name, COALESCE(a.grade, '') AS grade, s.name AS school, o.ended, o.end_reason
         FROM paper_form f
         JOIN requirement r ON r.id = f.requirement_id
         JOIN person fp ON fp.id = f.person_id
         JOIN person p ON p.id = COALESCE(fp.same_as, fp.id)
         JOIN person fa ON fa.id = f.about_id
         JOIN person a ON a.id = COALESCE(fa.same_as, fa.id)
         JOIN obligation o ON o.id = (SELECT y.id FROM obligation y
                                      WHERE y.requirement_id = f.requirement_id AND y.person_id IN (fp.id, p.id) AND y.about_id IN (fa.id, a.id)
                                      ORDER BY CASE WHEN y.ended IS NULL THEN 0 ELSE 1 END, y.id DESC LIMIT 1)
         JOIN org s ON s.id = o.school_id
         WHERE f.code = $1 AND ",
        within!()
    ))
    .bind(code)
    .bind(Bulk::of(orgs))
    .bind(Bulk::of(sections))
    .fetch_optional(c)
    .await
    })?)
}

// Entries

pub async fn keep_entry(tx: &mut Tx, actor: &Actor, form: i64, record: AcknowledgmentId, why: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO paper_entry (form_id, acknowledgment_id, at, account_id, by_name, why) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(form)
    .bind(record)
    .bind(now)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(why)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn record_id(tx: &mut Tx, uid: Uuid) -> Result<Option<AcknowledgmentId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT id FROM acknowledgment WHERE uid = $1").bind(uid).fetch_optional(c).await)?)
}

/// The entries of a form, the latest first.
pub async fn entries(tx: &mut Tx, form: i64) -> Result<Vec<Entry>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.uid AS record, n.at, n.by_name, n.why
         FROM paper_entry n JOIN acknowledgment k ON k.id = n.acknowledgment_id
         WHERE n.form_id = $1 ORDER BY n.id DESC"
    )
    .bind(form)
    .fetch_all(c)
    .await)?)
}

/// What an account has entered, the latest first, as far as it is within reach.
pub async fn recent(tx: &mut Tx, actor: &Actor, most: i64) -> Result<Vec<Recent>> {
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "SELECT k.uid AS record, f.code, r.title, p.given || ' ' || p.family AS name, a.given || ' ' || a.family AS about_name,
                p.id = a.id AS oneself, n.at
         FROM paper_entry n
         JOIN paper_form f ON f.id = n.form_id
         JOIN requirement r ON r.id = f.requirement_id
         JOIN acknowledgment k ON k.id = n.acknowledgment_id
         JOIN obligation o ON o.id = k.obligation_id
         JOIN person p ON p.id = k.person_id
         JOIN person a ON a.id = k.about_id
         WHERE n.account_id = $1 AND ",
        within!(),
        " ORDER BY n.id DESC LIMIT $4"
    ))
    .bind(actor.account)
    .bind(Bulk::of(orgs))
    .bind(Bulk::of(sections))
    .bind(most)
    .fetch_all(c)
    .await)?)
}

// Scans

/// How much of a scan one row holds.
const PART: usize = 1 << 20;

pub async fn keep_scan(tx: &mut Tx, actor: &Actor, kind: Kind, sha256: &str, bytes: &[u8]) -> Result<i64> {
    let (uid, now) = (tx.uid(), tx.now());
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let id: i64 = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO paper_scan (uid, kind, size, sha256, at, account_id, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"
    )
    .bind(uid)
    .bind(kind)
    .bind(size)
    .bind(sha256)
    .bind(now)
    .bind(account(actor))
    .bind(&actor.name)
    .fetch_one(c)
    .await)?;
    for (number, part) in (0_i64..).zip(bytes.chunks(PART)) {
        on!(tx, |c| sqlx::query("INSERT INTO paper_scan_part (scan_id, part, bytes) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(number)
            .bind(part)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(id)
}

pub async fn link_scan(tx: &mut Tx, record: AcknowledgmentId, scan: i64, with_entry: bool) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO paper_scan_of (acknowledgment_id, scan_id, with_entry) VALUES ($1, $2, $3)")
        .bind(record)
        .bind(scan)
        .bind(with_entry)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The scans of a record, oldest first.
pub async fn scans_of(tx: &mut Tx, record: Uuid) -> Result<Vec<Scan>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT s.id, s.uid, s.kind, s.size, s.sha256, s.at, s.by_name, l.with_entry
         FROM acknowledgment k JOIN paper_scan_of l ON l.acknowledgment_id = k.id JOIN paper_scan s ON s.id = l.scan_id
         WHERE k.uid = $1 ORDER BY s.id"
    )
    .bind(record)
    .fetch_all(c)
    .await)?)
}

/// Every record that a scan shows.
pub async fn records_on(tx: &mut Tx, scan: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT k.uid FROM paper_scan_of l JOIN acknowledgment k ON k.id = l.acknowledgment_id WHERE l.scan_id = $1 ORDER BY k.id"
    )
    .bind(scan)
    .fetch_all(c)
    .await)?)
}

pub async fn scan_bytes(tx: &mut Tx, scan: i64) -> Result<Vec<u8>> {
    let parts: Vec<Vec<u8>> = on!(tx, |c| sqlx::query_scalar("SELECT bytes FROM paper_scan_part WHERE scan_id = $1 ORDER BY part")
        .bind(scan)
        .fetch_all(c)
        .await)?;
    Ok(parts.concat())
}
