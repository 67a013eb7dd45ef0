//! Certificates of courses that somebody passed: for the one who passed, with a code by which anybody who holds the paper can check it. It says
//! that a course was completed, and no more. Whoever checks sees the course, the day and initials, never a whole name.

use serde::Serialize;
use uuid::Uuid;

use super::attempts::own;
use super::{store, version};
use crate::db::Tx;
use crate::kernel::{Actor, Moment, Problem, Result, code};

/// A certificate as its holder has it.
#[derive(Debug, Clone, Serialize)]
pub struct Certificate {
    /// `7HKX-29PD`.
    pub code: String,
    /// Of whoever passed.
    pub name: String,
    /// The course's title in the language in which it was taken.
    pub course: String,
    pub language: String,
    /// Of the course.
    pub version: i64,
    pub minutes: i64,
    /// Percent of the questions.
    pub score: i64,
    pub passed_at: Moment,
}

/// What whoever checks a code is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Checked {
    pub code: String,
    /// Such as `M. A.`.
    pub initials: String,
    pub course: String,
    /// Of the course's title.
    pub language: String,
    pub version: i64,
    pub passed_at: Moment,
}

/// The certificate of the actor's own attempt; the first time one asks, it gets its code.
///
/// # Errors
/// `NotFound` for somebody else's attempt, and for one that isn't passed.
pub async fn of(tx: &mut Tx, actor: &Actor, attempt: Uuid) -> Result<Certificate> {
    let attempt = own(tx, actor, attempt).await?;
    let (Some(true), Some(score), Some(passed_at)) = (attempt.passed, attempt.score, attempt.finished_at) else {
        return Err(Problem::NotFound);
    };
    let version = version(tx, attempt.version_id).await?;
    let title = store::certificates::title_of(tx, version.id, &attempt.language).await?;
    let known = store::certificates::code_of(tx, attempt.id).await?;
    let code = if let Some(code) = known {
        code
    } else {
        let fresh = code::fresh(tx.chance());
        store::certificates::insert(tx, attempt.id, &fresh).await?;
        // Another device may have been faster: its code is the one.
        store::certificates::code_of(tx, attempt.id).await?.ok_or_else(|| Problem::conflict("please try again"))?
    };
    Ok(Certificate {
        code,
        name: store::certificates::name_of(tx, attempt.person_id).await?,
        course: title,
        language: attempt.language,
        version: version.number,
        minutes: version.minutes,
        score,
        passed_at,
    })
}

/// What stands behind a code that somebody typed; `None` where nothing does. For anybody.
pub async fn check(tx: &mut Tx, typed: &str) -> Result<Option<Checked>> {
    match code::read(typed) {
        Ok(code) => store::certificates::checked(tx, &code).await,
        Err(code::Slip) => Ok(None),
    }
}
