use std::collections::BTreeMap;

use uuid::Uuid;

use super::{json, text};
use crate::db::Tx;
use crate::kernel::{Actor, CourseId, CourseVersionId, Day, Result};
use crate::on;
use crate::training::content::{Audience, Content, Kind, Lesson, Question, Text, Topic};
use crate::training::{Change, Course, State, Version};

macro_rules! course_columns {
    ($rest:literal) => {
        concat!("SELECT id, uid, slug, topic, audience, review_months, last_review FROM course ", $rest)
    };
}

macro_rules! version_columns {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.uid, v.course_id, c.slug, v.number, v.state, v.material, v.change_reason, v.hash, v.pass_mark, v.minutes,
                    v.author_name, v.created_at, v.published_at
             FROM course_version v JOIN course c ON c.id = v.course_id ",
            $rest
        )
    };
}

pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Course>> {
    Ok(on!(tx, |c| sqlx::query_as(course_columns!("WHERE slug = $1")).bind(slug).fetch_optional(c).await)?)
}

pub async fn insert(tx: &mut Tx, slug: &str, content: &Content) -> Result<CourseId> {
    let (uid, now) = (tx.uid(), tx.now());
    Ok(on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO course (uid, slug, topic, audience, review_months, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"
    )
    .bind(uid)
    .bind(slug)
    .bind(content.topic)
    .bind(content.audience)
    .bind(content.review_months)
    .bind(now)
    .fetch_one(c)
    .await)?)
}

pub async fn versions(tx: &mut Tx, course: CourseId) -> Result<Vec<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.course_id = $1 ORDER BY v.number")).bind(course).fetch_all(c).await)?)
}

pub async fn version(tx: &mut Tx, id: CourseVersionId) -> Result<Option<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.id = $1")).bind(id).fetch_optional(c).await)?)
}

pub async fn version_by_uid(tx: &mut Tx, uid: Uuid) -> Result<Option<Version>> {
    Ok(on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.uid = $1")).bind(uid).fetch_optional(c).await)?)
}

pub async fn insert_version(
    tx: &mut Tx,
    actor: &Actor,
    course: CourseId,
    number: i64,
    content: &Content,
    change: &Change,
) -> Result<CourseVersionId> {
    let (uid, now) = (tx.uid(), tx.now());
    let account = (actor.account.0 != 0).then_some(actor.account);
    let id: CourseVersionId = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO course_version (uid, course_id, number, state, material, change_reason, hash, pass_mark, minutes, elements,
                                     cipa_topics, objectives, sources, account_id, author_name, created_at)
         VALUES ($1, $2, $3, 'draft', $4, $5, '', 0, 0, '[]', '[]', '[]', '[]', $6, $7, $8) RETURNING id"
    )
    .bind(uid)
    .bind(course)
    .bind(number)
    .bind(change.material)
    .bind(&change.reason)
    .bind(account)
    .bind(&actor.name)
    .bind(now)
    .fetch_one(c)
    .await)?;
    replace_draft(tx, id, content, change).await?;
    Ok(id)
}

/// Puts the content into a draft; false where the version is none.
pub async fn replace_draft(tx: &mut Tx, id: CourseVersionId, content: &Content, change: &Change) -> Result<bool> {
    let (elements, topics) = (text(&content.elements)?, text(&content.cipa_topics)?);
    let (objectives, sources, hash) = (text(&content.objectives)?, text(&content.sources)?, content.hash()?);
    let changed = on!(tx, |c| sqlx::query(
        "UPDATE course_version SET material = $2, change_reason = $3, hash = $4, pass_mark = $5, minutes = $6, reading_ceiling = $7,
                                   elements = $8, cipa_topics = $9, objectives = $10, sources = $11
         WHERE id = $1 AND state = 'draft'"
    )
    .bind(id)
    .bind(change.material)
    .bind(&change.reason)
    .bind(&hash)
    .bind(content.pass_mark)
    .bind(content.minutes())
    .bind(content.reading_ceiling)
    .bind(&elements)
    .bind(&topics)
    .bind(&objectives)
    .bind(&sources)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    if changed == 0 {
        return Ok(false);
    }
    on!(tx, |c| sqlx::query("UPDATE course SET review_months = $2 WHERE id = (SELECT course_id FROM course_version WHERE id = $1)")
        .bind(id)
        .bind(content.review_months)
        .execute(c)
        .await
        .map(drop))?;
    for delete in [
        "DELETE FROM question WHERE version_id = $1",
        "DELETE FROM lesson WHERE version_id = $1",
        "DELETE FROM course_text WHERE version_id = $1",
    ] {
        on!(tx, |c| sqlx::query(delete).bind(id).execute(c).await.map(drop))?;
    }
    for (language, said) in &content.texts {
        insert_text(tx, id, language, said).await?;
    }
    Ok(true)
}

async fn insert_text(tx: &mut Tx, id: CourseVersionId, language: &str, said: &Text) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO course_text (version_id, language, title, summary, activity, guide) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(id)
    .bind(language)
    .bind(&said.title)
    .bind(&said.summary)
    .bind(&said.activity)
    .bind(&said.guide)
    .execute(c)
    .await
    .map(drop))?;
    for (number, lesson) in (1_i64..).zip(&said.lessons) {
        on!(tx, |c| sqlx::query(
            "INSERT INTO lesson (version_id, language, number, title, minutes, body) VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id)
        .bind(language)
        .bind(number)
        .bind(&lesson.title)
        .bind(lesson.minutes)
        .bind(&lesson.body)
        .execute(c)
        .await
        .map(drop))?;
    }
    for (position, question) in (1_i64..).zip(&said.questions) {
        let choices = text(&question.choices)?;
        on!(tx, |c| sqlx::query(
            "INSERT INTO question (version_id, language, question_id, position, kind, ask, choices) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(id)
        .bind(language)
        .bind(&question.id)
        .bind(position)
        .bind(question.kind)
        .bind(&question.ask)
        .bind(&choices)
        .execute(c)
        .await
        .map(drop))?;
    }
    Ok(())
}

/// Supersedes what is published and publishes the draft; false where it is a draft no more.
pub async fn publish(tx: &mut Tx, course: CourseId, draft: CourseVersionId) -> Result<bool> {
    on!(tx, |c| sqlx::query("UPDATE course_version SET state = 'superseded' WHERE course_id = $1 AND state = 'published' AND id <> $2")
        .bind(course)
        .bind(draft)
        .execute(c)
        .await
        .map(drop))?;
    let now = tx.now();
    let changed =
        on!(tx, |c| sqlx::query("UPDATE course_version SET state = 'published', published_at = $2 WHERE id = $1 AND state = 'draft'")
            .bind(draft)
            .bind(now)
            .execute(c)
            .await
            .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}

pub async fn set_review(tx: &mut Tx, course: CourseId, day: Day) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE course SET last_review = $2 WHERE id = $1").bind(course).bind(day).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn languages(tx: &mut Tx, version: CourseVersionId) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT language FROM course_text WHERE version_id = $1 ORDER BY language")
        .bind(version)
        .fetch_all(c)
        .await)?)
}

/// Version, language, title, summary of all.
pub async fn titles(tx: &mut Tx) -> Result<Vec<(CourseVersionId, String, String, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT version_id, language, title, summary FROM course_text").fetch_all(c).await)?)
}

/// Each course with its published version, or where there is none with its draft.
pub async fn all_with_version(tx: &mut Tx) -> Result<Vec<(Course, Version)>> {
    let courses: Vec<Course> = on!(tx, |c| sqlx::query_as(course_columns!("ORDER BY slug")).fetch_all(c).await)?;
    let mut versions: BTreeMap<CourseId, Version> = BTreeMap::new();
    let found: Vec<Version> =
        on!(tx, |c| sqlx::query_as(version_columns!("WHERE v.state <> 'superseded' ORDER BY v.number DESC")).fetch_all(c).await)?;
    for version in found {
        // The published one is older than the draft, and comes later.
        if version.state == State::Published || !versions.contains_key(&version.course_id) {
            versions.insert(version.course_id, version);
        }
    }
    Ok(courses.into_iter().filter_map(|course| versions.remove(&course.id).map(|version| (course, version))).collect())
}

pub async fn questions(tx: &mut Tx, version: CourseVersionId, language: &str) -> Result<Vec<Question>> {
    let rows: Vec<(String, Kind, String, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT question_id, kind, ask, choices FROM question WHERE version_id = $1 AND language = $2 ORDER BY position"
    )
    .bind(version)
    .bind(language)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(|(id, kind, ask, choices)| Ok(Question { id, kind, ask, choices: json("question.choices", &choices)? })).collect()
}

type Head = (Topic, Audience, i64, Option<f64>, i64, String, String, String, String);

pub async fn content(tx: &mut Tx, version: CourseVersionId) -> Result<Option<Content>> {
    let head: Option<Head> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT c.topic, c.audience, v.pass_mark, v.reading_ceiling, c.review_months, v.elements, v.cipa_topics, v.objectives, v.sources
         FROM course_version v JOIN course c ON c.id = v.course_id WHERE v.id = $1"
    )
    .bind(version)
    .fetch_optional(c)
    .await
    })?;
    let Some((topic, audience, pass_mark, reading_ceiling, review_months, elements, topics, objectives, sources)) = head else {
        return Ok(None);
    };
    let rows: Vec<(String, String, String, String, Option<String>)> =
        on!(tx, |c| sqlx::query_as("SELECT language, title, summary, activity, guide FROM course_text WHERE version_id = $1")
            .bind(version)
            .fetch_all(c)
            .await)?;
    let mut texts = BTreeMap::new();
    for (language, title, summary, activity, guide) in rows {
        let lessons: Vec<(String, i64, String)> =
            on!(tx, |c| sqlx::query_as("SELECT title, minutes, body FROM lesson WHERE version_id = $1 AND language = $2 ORDER BY number")
                .bind(version)
                .bind(&language)
                .fetch_all(c)
                .await)?;
        let lessons = lessons.into_iter().map(|(title, minutes, body)| Lesson { title, minutes, body }).collect();
        let questions = questions(tx, version, &language).await?;
        texts.insert(language, Text { title, summary, lessons, questions, activity, guide });
    }
    Ok(Some(Content {
        topic,
        audience,
        pass_mark,
        reading_ceiling,
        review_months,
        elements: json("course_version.elements", &elements)?,
        cipa_topics: json("course_version.cipa_topics", &topics)?,
        objectives: json("course_version.objectives", &objectives)?,
        sources: json("course_version.sources", &sources)?,
        texts,
    }))
}
