use crate::db::Tx;
use crate::kernel::{AttemptId, CourseVersionId, PersonId, Result};
use crate::on;
use crate::training::certificates::Checked;

pub async fn code_of(tx: &mut Tx, attempt: AttemptId) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT code FROM certificate WHERE attempt_id = $1").bind(attempt).fetch_optional(c).await)?)
}

/// Does nothing where the attempt has one, or the code is taken.
pub async fn insert(tx: &mut Tx, attempt: AttemptId, code: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("INSERT INTO certificate (code, attempt_id, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(code)
        .bind(attempt)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn name_of(tx: &mut Tx, person: PersonId) -> Result<String> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT given || ' ' || family FROM person WHERE id = $1").bind(person).fetch_one(c).await)?)
}

pub async fn title_of(tx: &mut Tx, version: CourseVersionId, language: &str) -> Result<String> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT title FROM course_text WHERE version_id = $1 AND language = $2")
        .bind(version)
        .bind(language)
        .fetch_one(c)
        .await)?)
}

pub async fn checked(tx: &mut Tx, code: &str) -> Result<Option<Checked>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT k.code, substr(p.given, 1, 1) || '. ' || substr(p.family, 1, 1) || '.' AS initials, t.title AS course, a.language,
                v.number AS version, a.finished_at AS passed_at
         FROM certificate k JOIN attempt a ON a.id = k.attempt_id JOIN person p ON p.id = a.person_id
         JOIN course_version v ON v.id = a.version_id JOIN course_text t ON t.version_id = v.id AND t.language = a.language
         WHERE k.code = $1"
    )
    .bind(code)
    .fetch_optional(c)
    .await)?)
}
