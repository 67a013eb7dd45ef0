use uuid::Uuid;

use super::{Kind, Told, Wanted};
use crate::acknowledgments::record::{Choice, Record};
use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, Moment, ObligationId, Page, Problem, Reach, Result, VersionId};
use crate::on;

/// Answer, choices and reason of the person's answer to the same before this one, under any record.
pub async fn before(tx: &mut Tx, record: &Record) -> Result<Option<(String, Vec<Choice>, String)>> {
    let found: Option<(String, String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT k.answer, k.choices, k.reason
         FROM acknowledgment this
         JOIN person w ON w.id = this.person_id
         JOIN person a ON a.id = this.about_id
         JOIN acknowledgment k ON k.version_id = this.version_id AND k.id < this.id AND k.capacity = this.capacity
         WHERE this.uid = $1
           AND k.person_id IN (SELECT r.id FROM person r WHERE r.id = COALESCE(w.same_as, w.id) OR r.same_as = COALESCE(w.same_as, w.id))
           AND k.about_id IN (SELECT r.id FROM person r WHERE r.id = COALESCE(a.same_as, a.id) OR r.same_as = COALESCE(a.same_as, a.id))
         ORDER BY k.id DESC LIMIT 1"
    )
    .bind(record.uid)
    .fetch_optional(c)
    .await)?;
    found.map(|(answer, choices, reason)| Ok((answer, read(&choices)?, reason))).transpose()
}

fn read(choices: &str) -> Result<Vec<Choice>> {
    serde_json::from_str(choices).map_err(|e| Problem::internal("choices can't be read back", e))
}

pub async fn insert(tx: &mut Tx, obligation: ObligationId, record: &Record, matters: &str) -> Result<()> {
    let (uid, at) = (tx.uid(), tx.now());
    on!(tx, |c| sqlx::query(
        "INSERT INTO answer_notice (uid, acknowledgment_id, about_id, school_id, matters, at)
         SELECT $1, k.id, k.about_id, o.school_id, $2, $3 FROM acknowledgment k JOIN obligation o ON o.id = $4 WHERE k.uid = $5"
    )
    .bind(uid)
    .bind(matters)
    .bind(at)
    .bind(obligation)
    .bind(record.uid)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notices within reach: of the schools ($1) where the answer counted or where the person is now, and about students of sections ($2).
/// $3: those alone that wait. $4: those alone that say the same of the same version as that one. More joins stand in the second place.
macro_rules! within {
    ($select:literal, $joins:literal, $rest:literal) => {
        concat!(
            $select,
            " FROM answer_notice n
              JOIN acknowledgment k ON k.id = n.acknowledgment_id
              JOIN person a1 ON a1.id = n.about_id
              JOIN person a ON a.id = COALESCE(a1.same_as, a1.id) ",
            $joins,
            " LEFT JOIN answer_notice_seen z ON z.notice_id = n.id
              WHERE (n.school_id IN (SELECT x.org_id FROM org_above x WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)))
                     OR a.school_id IN (SELECT x.org_id FROM org_above x
                                        WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)))
                     OR a.id IN (SELECT COALESCE(m.same_as, m.id) FROM enrollment e JOIN person m ON m.id = e.person_id
                                 WHERE e.role = 'student' AND e.left_day IS NULL
                                   AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
                AND (NOT $3 OR z.notice_id IS NULL)
                AND ($4 IS NULL OR EXISTS (SELECT 1 FROM answer_notice m JOIN acknowledgment j ON j.id = m.acknowledgment_id
                                           WHERE m.uid = $4 AND m.matters = n.matters AND j.version_id = k.version_id
                                             AND (n.matters <> '[]' OR j.answer = k.answer))) ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    uid: Uuid,
    at: Moment,
    receipt: Option<Uuid>,
    version: VersionId,
    number: i64,
    person_name: String,
    about_uid: Uuid,
    about_name: String,
    oneself: bool,
    school: String,
    matters: String,
    whole: String,
    reason: String,
    answered_since: bool,
    seen_by: Option<String>,
    seen_note: Option<String>,
    seen_at: Option<Moment>,
}

fn reach(actor: &Actor) -> (Vec<i64>, Vec<i64>) {
    match &actor.reach {
        _ if !actor.may_see_people() => (Vec::new(), Vec::new()),
        Reach::Orgs(orgs) => (orgs.iter().map(|o| o.0).collect(), Vec::new()),
        Reach::Sections(sections) => (Vec::new(), sections.iter().map(|s| s.0).collect()),
        Reach::Own => (Vec::new(), Vec::new()),
    }
}

pub async fn count(tx: &mut Tx, actor: &Actor, wanted: Wanted, like: Option<Uuid>) -> Result<i64> {
    const SQL: &str = within!("SELECT COUNT(*)", "", "");
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_scalar(SQL)
        .bind(Bulk::of(orgs))
        .bind(Bulk::of(sections))
        .bind(wanted == Wanted::Waiting)
        .bind(like)
        .fetch_one(c)
        .await)?)
}

#[derive(sqlx::FromRow)]
struct KindRow {
    version: VersionId,
    matters: String,
    withdrawn: bool,
    number: i64,
    example: i64,
}

/// What is said in notices, and how often, the commonest first: each with one of them.
pub async fn kinds(tx: &mut Tx, actor: &Actor, wanted: Wanted) -> Result<Vec<Kind>> {
    const SQL: &str = within!(
        "SELECT k.version_id AS version, n.matters, n.matters = '[]' AND k.answer = 'withdrawn' AS withdrawn, COUNT(*) AS number,
                MAX(n.id) AS example",
        "",
        "GROUP BY k.version_id, n.matters, n.matters = '[]' AND k.answer = 'withdrawn' ORDER BY COUNT(*) DESC, MAX(n.id) DESC"
    );
    let (orgs, sections) = reach(actor);
    let rows: Vec<KindRow> = on!(tx, |c| sqlx::query_as(SQL)
        .bind(Bulk::of(orgs))
        .bind(Bulk::of(sections))
        .bind(wanted == Wanted::Waiting)
        .bind(None::<Uuid>)
        .fetch_all(c)
        .await)?;
    let mut kinds = Vec::new();
    for row in rows {
        let example: Uuid =
            on!(tx, |c| sqlx::query_scalar("SELECT uid FROM answer_notice WHERE id = $1").bind(row.example).fetch_one(c).await)?;
        kinds.push(Kind { example, version: row.version, matters: read(&row.matters)?, withdrawn: row.withdrawn, number: row.number });
    }
    Ok(kinds)
}

/// What waits first, then the newest first.
pub async fn list(tx: &mut Tx, actor: &Actor, wanted: Wanted, like: Option<Uuid>, page: Page) -> Result<Vec<Told>> {
    // The receipt and the reason are for whoever reaches the school where the answer counted, as the receipt's own page has it.
    const SQL: &str = within!(
        "SELECT n.uid, n.at, v.id AS version, v.number, p.given || ' ' || p.family AS person_name, a.uid AS about_uid,
                a.given || ' ' || a.family AS about_name, p.id = a.id AS oneself, s.name AS school,
                n.matters, k.answer AS whole, k.reason, z.by_name AS seen_by, z.note AS seen_note, z.at AS seen_at,
                CASE WHEN n.school_id IN (SELECT x.org_id FROM org_above x
                                          WHERE x.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)))
                       OR a.id IN (SELECT COALESCE(m.same_as, m.id) FROM enrollment e JOIN person m ON m.id = e.person_id
                                   WHERE e.role = 'student' AND e.left_day IS NULL
                                     AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)))
                     THEN k.uid END AS receipt,
                EXISTS (SELECT 1 FROM acknowledgment j WHERE j.person_id = k.person_id AND j.id > k.id AND j.about_id = k.about_id
                          AND j.version_id = k.version_id) AS answered_since",
        "JOIN person p1 ON p1.id = k.person_id
         JOIN person p ON p.id = COALESCE(p1.same_as, p1.id)
         JOIN policy_version v ON v.id = k.version_id
         JOIN org s ON s.id = n.school_id",
        "ORDER BY CASE WHEN z.notice_id IS NULL THEN 0 ELSE 1 END, n.id DESC LIMIT $5 OFFSET $6"
    );
    let (orgs, sections) = reach(actor);
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(SQL)
        .bind(Bulk::of(orgs))
        .bind(Bulk::of(sections))
        .bind(wanted == Wanted::Waiting)
        .bind(like)
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(c)
        .await)?;
    rows.into_iter()
        .map(|row| {
            Ok(Told {
                uid: row.uid,
                at: row.at,
                version: row.version,
                number: row.number,
                person_name: row.person_name,
                about_uid: row.about_uid,
                about_name: row.about_name,
                oneself: row.oneself,
                school: row.school,
                matters: read(&row.matters)?,
                withdrawn: row.whole == "withdrawn",
                reason: if row.receipt.is_some() { row.reason } else { String::new() },
                receipt: row.receipt,
                answered_since: row.answered_since,
                seen: row.seen_by.zip(row.seen_note).zip(row.seen_at).map(|((by, note), at)| super::Seen { by, note, at }),
            })
        })
        .collect()
}

/// Key of a notice within reach, and whether somebody has seen it.
pub async fn find(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Option<(i64, bool)>> {
    const SQL: &str = within!("SELECT n.id, z.notice_id IS NOT NULL", "", "AND n.uid = $5");
    let (orgs, sections) = reach(actor);
    Ok(on!(tx, |c| sqlx::query_as(SQL)
        .bind(Bulk::of(orgs))
        .bind(Bulk::of(sections))
        .bind(false)
        .bind(None::<Uuid>)
        .bind(uid)
        .fetch_optional(c)
        .await)?)
}

/// Whether this call wrote it down: false where somebody was quicker.
pub async fn insert_seen(tx: &mut Tx, actor: &Actor, notice: i64, note: &str) -> Result<bool> {
    let (at, account) = (tx.now(), (actor.account.0 != 0).then_some(actor.account));
    let made = on!(tx, |c| sqlx::query(
        "INSERT INTO answer_notice_seen (notice_id, account_id, by_name, note, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
    )
    .bind(notice)
    .bind(account)
    .bind(&actor.name)
    .bind(note)
    .bind(at)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(made == 1)
}
