use uuid::Uuid;

use super::json;
use crate::db::{Bulk, Tx};
use crate::kernel::{CourseVersionId, Day, Moment, PersonId, Result};
use crate::on;
use crate::training::content::{Audience, Topic};
use crate::training::figures::CipaCourse;

pub async fn reviewed_cells(tx: &mut Tx, since: Day) -> Result<Vec<(Topic, Audience)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT c.topic, c.audience FROM course c JOIN course_version v ON v.course_id = c.id AND v.state = 'published'
         WHERE c.last_review >= $1 ORDER BY c.topic, c.audience"
    )
    .bind(since)
    .fetch_all(c)
    .await)?)
}

/// How many people reached the score on each course, and how many finished one.
pub async fn well_learned(tx: &mut Tx, from: Moment, until: Moment, at_least: i64) -> Result<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(
        "WITH finished AS (
             SELECT a.person_id, a.score,
                    row_number() OVER (PARTITION BY a.person_id, v.course_id ORDER BY a.finished_at DESC, a.id DESC) AS back
             FROM attempt a JOIN course_version v ON v.id = a.version_id
             WHERE a.finished_at >= $1 AND a.finished_at < $2
         ), person AS (
             SELECT person_id, min(score) AS lowest FROM finished WHERE back = 1 GROUP BY person_id
         )
         SELECT count(CASE WHEN lowest >= $3 THEN 1 END), count(*) FROM person"
    )
    .bind(from)
    .bind(until)
    .bind(at_least)
    .fetch_one(c)
    .await)?)
}

pub async fn cipa_courses(tx: &mut Tx) -> Result<Vec<CipaCourse>> {
    let rows: Vec<(CourseVersionId, Uuid, String, Audience, String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT v.id, v.uid, c.slug, c.audience, v.elements, v.cipa_topics
         FROM course_version v JOIN course c ON c.id = v.course_id WHERE v.state <> 'draft' ORDER BY c.slug, v.number"
    )
    .fetch_all(c)
    .await)?;
    let mut courses = Vec::new();
    for (version, uid, slug, audience, elements, topics) in rows {
        let elements: Vec<String> = json("course_version.elements", &elements)?;
        if elements.iter().any(|e| e == "CIPA-EDU") {
            courses.push(CipaCourse { version, uid, slug, audience, topics: json("course_version.cipa_topics", &topics)? });
        }
    }
    Ok(courses)
}

pub async fn completers(tx: &mut Tx, versions: &[CourseVersionId], from: Moment, until: Moment) -> Result<i64> {
    let versions = Bulk::of(versions);
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT count(DISTINCT person_id) FROM course_completed
         WHERE at >= $2 AND at < $3
           AND version_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(&versions)
    .bind(from)
    .bind(until)
    .fetch_one(c)
    .await)?)
}

pub async fn completers_among(tx: &mut Tx, versions: &[CourseVersionId], from: Moment, until: Moment, people: &[PersonId]) -> Result<i64> {
    let (versions, people) = (Bulk::of(versions), Bulk::of(people));
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT count(DISTINCT person_id) FROM course_completed
         WHERE at >= $2 AND at < $3
           AND version_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))
           AND person_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($4))"
    )
    .bind(&versions)
    .bind(from)
    .bind(until)
    .bind(&people)
    .fetch_one(c)
    .await)?)
}

pub async fn completers_with_role(tx: &mut Tx, versions: &[CourseVersionId], from: Moment, until: Moment, role: &str) -> Result<i64> {
    let versions = Bulk::of(versions);
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT count(DISTINCT a.person_id) FROM course_completed a JOIN person p ON p.id = a.person_id
         WHERE a.at >= $2 AND a.at < $3 AND p.role = $4
           AND a.version_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))"
    )
    .bind(&versions)
    .bind(from)
    .bind(until)
    .bind(role)
    .fetch_one(c)
    .await)?)
}
