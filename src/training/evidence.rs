//! What somebody took, as an auditor asks for it. Whether the reader may see the person's record is the caller's to know.

use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::db::Tx;
use crate::kernel::{Moment, Result};

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
