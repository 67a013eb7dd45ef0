//! What somebody took, as an auditor asks for it. Whether the reader may see the person's record is the caller's to know.

use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::db::Tx;
use crate::kernel::{Day, Moment, Result};

/// One go at a course.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Taken {
    /// Of the course.
    pub slug: String,
    /// As it was read.
    pub title: String,
    pub number: i64,
    /// Of the version's whole content.
    pub hash: String,
    pub language: String,
    pub started_at: Moment,
    pub finished_at: Option<Moment>,
    /// Percent of the questions.
    pub score: Option<i64>,
    pub pass_mark: i64,
    pub passed: Option<bool>,
}

/// The latest attempts of a person at any course, under any record of theirs, the newest first, at most 50.
pub async fn of_person(tx: &mut Tx, person: Uuid) -> Result<Vec<Taken>> {
    store::attempts::taken(tx, person, 50).await
}

/// A lesson that was given to a class, with whether the person was there.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Taught {
    /// Of the course.
    pub slug: String,
    pub title: String,
    pub number: i64,
    /// Of the version's whole content.
    pub hash: String,
    pub section: String,
    pub held: Day,
    /// Who attests it.
    pub teacher_name: String,
    /// `here`, `absent` or `excused`.
    pub presence: String,
}

/// The latest lessons that were given to classes of a person, under any record of theirs, the newest first, at most 50; titles in that language.
pub async fn taught(tx: &mut Tx, person: Uuid, language: &str) -> Result<Vec<Taught>> {
    store::attestations::taught(tx, person, language, 50).await
}
