//! Courses: the shipped library, versions, the catalogue, each person's attempts, lessons given to a class, and the figures over them.
//! Whoever finishes a course alone is handed on as a [`Completion`], and `obligations` closes what is due.
//!
//! A version goes draft → published → superseded. What somebody has taken never changes: the database itself refuses.

pub mod attempts;
pub mod attestations;
pub mod certificates;
pub mod content;
pub mod evidence;
pub mod figures;
pub mod library;
mod order;
mod parse;
pub mod publishing;
pub mod statistics;
mod store;

pub use attempts::{Attempt, Completion, Finished, Graded, Progress, answer, finish, progress, question, read_lesson, start_or_resume};
pub use content::{Audience, Choice, CipaTopic, Content, Kind, Lesson, Question, Text, Topic};
pub use publishing::{Change, Published, catalogue, mark_reviewed, overview, publish, revise, take_from_library};

use serde::Serialize;
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{CourseId, CourseVersionId, Day, Moment, Problem, Result};

/// A course through all its versions.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Course {
    #[serde(skip)]
    pub id: CourseId,
    pub uid: Uuid,
    /// In addresses: `netiquette-6-8`.
    pub slug: String,
    pub topic: Topic,
    pub audience: Audience,
    pub review_months: i64,
    /// The day it was last published, or looked at and found good.
    pub last_review: Option<Day>,
}

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Published,
    /// Another was published since. Whoever still owes this one can take it.
    Superseded,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Superseded => "superseded",
        }
    }
}

/// One version of a course, without its text.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Version {
    #[serde(skip)]
    pub id: CourseVersionId,
    pub uid: Uuid,
    #[serde(skip)]
    pub course_id: CourseId,
    pub slug: String,
    pub number: i64,
    pub state: State,
    /// Changes what is taught, so that whoever passed the version before is asked again.
    pub material: bool,
    pub change_reason: String,
    /// SHA-256 of the whole content.
    pub hash: String,
    /// Percent of the questions.
    pub pass_mark: i64,
    /// How long it takes, about.
    pub minutes: i64,
    pub author_name: String,
    pub created_at: Moment,
    pub published_at: Option<Moment>,
}

/// The course of that slug.
///
/// # Errors
/// `NotFound`.
pub async fn find(tx: &mut Tx, slug: &str) -> Result<Course> {
    store::courses::by_slug(tx, slug).await?.ok_or(Problem::NotFound)
}

/// All versions of a course, the oldest first.
pub async fn versions(tx: &mut Tx, course: CourseId) -> Result<Vec<Version>> {
    store::courses::versions(tx, course).await
}

/// The version that is given now.
///
/// # Errors
/// `NotFound` for an unknown slug and for a course that was never published.
pub async fn current(tx: &mut Tx, slug: &str) -> Result<Version> {
    let course = find(tx, slug).await?;
    versions(tx, course.id).await?.into_iter().find(|v| v.state == State::Published).ok_or(Problem::NotFound)
}

/// # Errors
/// `NotFound`.
pub async fn version(tx: &mut Tx, id: CourseVersionId) -> Result<Version> {
    store::courses::version(tx, id).await?.ok_or(Problem::NotFound)
}

/// The version with that uid, as addresses carry it.
///
/// # Errors
/// `NotFound`.
pub async fn version_by_uid(tx: &mut Tx, uid: Uuid) -> Result<Version> {
    store::courses::version_by_uid(tx, uid).await?.ok_or(Problem::NotFound)
}
