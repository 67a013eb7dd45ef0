use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, Page, Problem, Result};
use crate::obligations::causes::{Cause, CauseKind, DutyReport, Line, ReportId, Touched};
use crate::on;

pub async fn insert_report(tx: &mut Tx, actor: &Actor, today: Day, cause: &Cause) -> Result<ReportId> {
    let (uid, now) = (tx.uid(), tx.now());
    let account = (actor.account.0 != 0).then_some(actor.account);
    let id: i64 = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO duty_report (uid, at, day, cause, subject, counts, account_id, by_name)
         VALUES ($1, $2, $3, $4, $5, '[]', $6, $7) RETURNING id"
    )
    .bind(uid)
    .bind(now)
    .bind(today)
    .bind(cause.kind)
    .bind(&cause.subject)
    .bind(account)
    .bind(&actor.name)
    .fetch_one(c)
    .await)?;
    Ok(ReportId(id))
}

pub async fn forget_report(tx: &mut Tx, id: ReportId) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM duty_report WHERE id = $1").bind(id.0).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn finish_report(tx: &mut Tx, id: ReportId, lines: &[Line]) -> Result<DutyReport> {
    let counts = serde_json::to_string(lines).map_err(|e| Problem::internal("a report of duties can't be written as JSON", e))?;
    let row: Row = on!(tx, |c| sqlx::query_as(
        "UPDATE duty_report SET counts = $2 WHERE id = $1 RETURNING uid, at, day, cause, subject, counts, by_name"
    )
    .bind(id.0)
    .bind(&counts)
    .fetch_one(c)
    .await)?;
    row.report()
}

#[derive(sqlx::FromRow)]
struct Row {
    uid: Uuid,
    at: Moment,
    day: Day,
    cause: CauseKind,
    subject: String,
    counts: String,
    by_name: String,
}

impl Row {
    fn report(self) -> Result<DutyReport> {
        let lines =
            serde_json::from_str(&self.counts).map_err(|e| Problem::internal("table duty_report, column counts: not a report", e))?;
        Ok(DutyReport { uid: self.uid, at: self.at, day: self.day, cause: self.cause, subject: self.subject, by_name: self.by_name, lines })
    }
}

pub async fn reports(tx: &mut Tx, page: Page) -> Result<(Vec<DutyReport>, i64)> {
    let total: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM duty_report").fetch_one(c).await)?;
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT uid, at, day, cause, subject, counts, by_name FROM duty_report ORDER BY id DESC LIMIT $1 OFFSET $2"
    )
    .bind(page.size)
    .bind(page.offset())
    .fetch_all(c)
    .await)?;
    Ok((rows.into_iter().map(Row::report).collect::<Result<_>>()?, total))
}

pub async fn report(tx: &mut Tx, uid: Uuid) -> Result<Option<DutyReport>> {
    let row: Option<Row> =
        on!(tx, |c| sqlx::query_as("SELECT uid, at, day, cause, subject, counts, by_name FROM duty_report WHERE uid = $1")
            .bind(uid)
            .fetch_optional(c)
            .await)?;
    row.map(Row::report).transpose()
}

pub async fn reports_about(tx: &mut Tx, subject: &str) -> Result<Vec<DutyReport>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT uid, at, day, cause, subject, counts, by_name FROM duty_report WHERE subject = $1 ORDER BY id DESC"
    )
    .bind(subject)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(Row::report).collect()
}

/// The rows that a report ended, and those it made where it ended none of the same duty. $1: the report.
macro_rules! touched {
    ($select:literal, $rest:literal) => {
        concat!(
            "WITH report AS (SELECT id FROM duty_report WHERE uid = $1),
             row AS (
                SELECT o.id, o.requirement_id, o.person_id, o.about_id, o.school_id, o.end_reason AS what, o.due - r.grace_days AS due
                FROM obligation o JOIN requirement r ON r.id = o.requirement_id WHERE o.ended_by = (SELECT id FROM report)
                UNION ALL
                SELECT o.id, o.requirement_id, o.person_id, o.about_id, o.school_id, 'asked', o.due - r.grace_days
                FROM obligation o JOIN requirement r ON r.id = o.requirement_id WHERE o.opened_by = (SELECT id FROM report)
                  AND NOT EXISTS (SELECT 1 FROM obligation e
                                  WHERE e.requirement_id = o.requirement_id AND e.person_id = o.person_id AND e.about_id = o.about_id
                                    AND e.ended_by = (SELECT id FROM report))) ",
            $select,
            " FROM row JOIN requirement q ON q.id = row.requirement_id ",
            $rest
        )
    };
}

pub async fn touched(tx: &mut Tx, uid: Uuid, page: Page) -> Result<(Vec<Touched>, i64)> {
    const COUNT: &str = touched!("SELECT COUNT(*)", "");
    const LIST: &str = touched!(
        "SELECT q.title AS requirement, p.uid AS person_uid, p.given || ' ' || p.family AS name, a.uid AS about_uid,
                a.given || ' ' || a.family AS about_name,
                s.name AS school, row.what, row.due",
        "JOIN person p ON p.id = row.person_id JOIN person a ON a.id = row.about_id JOIN org s ON s.id = row.school_id
         ORDER BY q.id, p.family, p.given, row.id LIMIT $2 OFFSET $3"
    );
    let total: i64 = on!(tx, |c| sqlx::query_scalar(COUNT).bind(uid).fetch_one(c).await)?;
    let rows = on!(tx, |c| sqlx::query_as(LIST).bind(uid).bind(page.size).bind(page.offset()).fetch_all(c).await)?;
    Ok((rows, total))
}
