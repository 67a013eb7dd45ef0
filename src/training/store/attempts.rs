use std::collections::BTreeMap;

use uuid::Uuid;

use super::{json, text};
use crate::db::Tx;
use crate::kernel::{AttemptId, CourseVersionId, Moment, PersonId, Result};
use crate::on;
use crate::training::attempts::Attempt;
use crate::training::content::Lesson;
use crate::training::evidence::Taken;

// A person can have several records: an attempt belongs to the one that was kept, whichever began it.
macro_rules! attempt_columns {
    ($rest:literal) => {
        concat!("SELECT id, uid, (SELECT COALESCE(w.same_as, w.id) FROM person w WHERE w.id = attempt.person_id) AS person_id, version_id, language, seed, started_at, finished_at, score, passed FROM attempt ", $rest)
    };
}

pub async fn by_uid(tx: &mut Tx, uid: Uuid) -> Result<Option<Attempt>> {
    Ok(on!(tx, |c| sqlx::query_as(attempt_columns!("WHERE uid = $1")).bind(uid).fetch_optional(c).await)?)
}

pub async fn open(tx: &mut Tx, person: PersonId, version: CourseVersionId) -> Result<Option<Attempt>> {
    Ok(on!(tx, |c| sqlx::query_as(attempt_columns!(
        "WHERE person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND version_id = $2 AND finished_at IS NULL
         ORDER BY CASE WHEN person_id = $1 THEN 0 ELSE 1 END, id LIMIT 1"
    ))
    .bind(person)
    .bind(version)
    .fetch_optional(c)
    .await)?)
}

pub async fn last_finished(tx: &mut Tx, person: PersonId, version: CourseVersionId) -> Result<Option<Attempt>> {
    Ok(on!(tx, |c| sqlx::query_as(attempt_columns!(
        "WHERE person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND version_id = $2 AND finished_at IS NOT NULL
         ORDER BY finished_at DESC, id DESC LIMIT 1"
    ))
    .bind(person)
    .bind(version)
    .fetch_optional(c)
    .await)?)
}

pub async fn of_person(tx: &mut Tx, person: PersonId, version: CourseVersionId) -> Result<Vec<Attempt>> {
    Ok(on!(tx, |c| sqlx::query_as(attempt_columns!(
        "WHERE person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND version_id = $2 ORDER BY id DESC"
    ))
    .bind(person)
    .bind(version)
    .fetch_all(c)
    .await)?)
}

pub async fn passed_at(tx: &mut Tx, person: PersonId, version: CourseVersionId) -> Result<Option<Moment>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT max(at) FROM course_completed
         WHERE person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND version_id = $2"
    )
    .bind(person)
    .bind(version)
    .fetch_one(c)
    .await)?)
}

/// False where the person has an open one already.
pub async fn insert(tx: &mut Tx, person: PersonId, version: CourseVersionId, language: &str, seed: i64) -> Result<bool> {
    let (uid, now) = (tx.uid(), tx.now());
    let made = on!(tx, |c| sqlx::query(
        "INSERT INTO attempt (uid, person_id, version_id, language, seed, started_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (person_id, version_id) WHERE finished_at IS NULL DO NOTHING"
    )
    .bind(uid)
    .bind(person)
    .bind(version)
    .bind(language)
    .bind(seed)
    .bind(now)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(made == 1)
}

/// Locks an open attempt until the transaction ends; false where it is finished.
pub async fn hold(tx: &mut Tx, attempt: AttemptId) -> Result<bool> {
    let held = on!(tx, |c| sqlx::query("UPDATE attempt SET language = language WHERE id = $1 AND finished_at IS NULL")
        .bind(attempt)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(held == 1)
}

pub async fn set_language(tx: &mut Tx, attempt: AttemptId, language: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE attempt SET language = $2 WHERE id = $1 AND finished_at IS NULL")
        .bind(attempt)
        .bind(language)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn finish(tx: &mut Tx, attempt: AttemptId, score: i64, passed: bool) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("UPDATE attempt SET finished_at = $2, score = $3, passed = $4 WHERE id = $1 AND finished_at IS NULL")
        .bind(attempt)
        .bind(now)
        .bind(score)
        .bind(passed)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn lesson(tx: &mut Tx, version: CourseVersionId, language: &str, number: i64) -> Result<Option<Lesson>> {
    let found: Option<(String, i64, String)> =
        on!(tx, |c| sqlx::query_as("SELECT title, minutes, body FROM lesson WHERE version_id = $1 AND language = $2 AND number = $3")
            .bind(version)
            .bind(language)
            .bind(number)
            .fetch_optional(c)
            .await)?;
    Ok(found.map(|(title, minutes, body)| Lesson { title, minutes, body }))
}

/// Of each lesson, in order.
pub async fn lesson_minutes(tx: &mut Tx, version: CourseVersionId, language: &str) -> Result<Vec<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT minutes FROM lesson WHERE version_id = $1 AND language = $2 ORDER BY number")
        .bind(version)
        .bind(language)
        .fetch_all(c)
        .await)?)
}

pub async fn lessons_read(tx: &mut Tx, attempt: AttemptId) -> Result<Vec<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT number FROM attempt_lesson WHERE attempt_id = $1").bind(attempt).fetch_all(c).await)?)
}

pub async fn mark_read(tx: &mut Tx, attempt: AttemptId, number: i64) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("INSERT INTO attempt_lesson (attempt_id, number, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(attempt)
        .bind(number)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn carry_lessons(tx: &mut Tx, from: AttemptId, to: AttemptId) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO attempt_lesson (attempt_id, number, at) SELECT $2, number, at FROM attempt_lesson WHERE attempt_id = $1"
    )
    .bind(from)
    .bind(to)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// By question: the written numbers of the chosen choices, from 0.
pub async fn answers(tx: &mut Tx, attempt: AttemptId) -> Result<BTreeMap<String, Vec<usize>>> {
    let rows: Vec<(String, String)> = on!(tx, |c| sqlx::query_as("SELECT question_id, choices FROM attempt_answer WHERE attempt_id = $1")
        .bind(attempt)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(|(question, chosen)| Ok((question, json("attempt_answer.choices", &chosen)?))).collect()
}

/// How many there are, and how many of them are right.
pub async fn count_answers(tx: &mut Tx, attempt: AttemptId) -> Result<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT count(*), count(CASE WHEN is_right THEN 1 END) FROM attempt_answer WHERE attempt_id = $1")
        .bind(attempt)
        .fetch_one(c)
        .await)?)
}

/// False where it was answered before.
pub async fn insert_answer(tx: &mut Tx, attempt: AttemptId, question: &str, chosen: &[usize], right: bool) -> Result<bool> {
    let (now, chosen) = (tx.now(), text(chosen)?);
    let made = on!(tx, |c| sqlx::query(
        "INSERT INTO attempt_answer (attempt_id, question_id, choices, is_right, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
    )
    .bind(attempt)
    .bind(question)
    .bind(&chosen)
    .bind(right)
    .bind(now)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(made == 1)
}

/// The questions that were not answered right.
pub async fn wrong(tx: &mut Tx, attempt: AttemptId) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT question_id FROM attempt_answer WHERE attempt_id = $1 AND NOT is_right")
        .bind(attempt)
        .fetch_all(c)
        .await)?)
}

pub async fn lesson_titles(tx: &mut Tx, version: CourseVersionId, language: &str) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT title FROM lesson WHERE version_id = $1 AND language = $2 ORDER BY number")
        .bind(version)
        .bind(language)
        .fetch_all(c)
        .await)?)
}

pub async fn taken(tx: &mut Tx, person: Uuid, most: i64) -> Result<Vec<Taken>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
        "SELECT c.slug, COALESCE(t.title, c.slug) AS title, v.number, v.hash, a.language, a.started_at, a.finished_at, a.score, v.pass_mark, a.passed
         FROM person w
         JOIN person r ON r.id = COALESCE(w.same_as, w.id) OR r.same_as = COALESCE(w.same_as, w.id)
         JOIN attempt a ON a.person_id = r.id
         JOIN course_version v ON v.id = a.version_id
         JOIN course c ON c.id = v.course_id
         LEFT JOIN course_text t ON t.version_id = v.id AND t.language = a.language
         WHERE w.uid = $1 ORDER BY a.id DESC LIMIT $2"
    )
    .bind(person)
    .bind(most)
    .fetch_all(c)
    .await
    })?)
}
