//! Why duties came and went. A change of the roster, of a rule or of the calendar is followed in one go, and leaves one report: what
//! changed, who changed it, and how many duties were made, moved and ended under which requirement, each with its reason. Every row of a
//! duty names the report that made it and the one that ended it, so that the report opens to its people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Requirement, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, Page, PageOf, Problem, Result};

/// What kind of change was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    /// A roster came in.
    Import,
    /// Somebody was added, changed or ended by hand, or turned 18 by hand.
    Person,
    /// The school said who may consent for a child, or a guardian took a yes back.
    Consent,
    /// Two records became one person, or were parted.
    Merge,
    /// A saved audience changed.
    Audience,
    /// A requirement was issued, or its own audience changed.
    Requirement,
    /// A date of the roster came by itself.
    Day,
    /// A school year began.
    Year,
    /// One person was given more time, or was exempted.
    Extension,
}

impl CauseKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Person => "person",
            Self::Consent => "consent",
            Self::Merge => "merge",
            Self::Audience => "audience",
            Self::Requirement => "requirement",
            Self::Day => "day",
            Self::Year => "year",
            Self::Extension => "extension",
        }
    }
}

/// What changed, by uid ('' for a new day).
#[derive(Debug, Clone)]
pub struct Cause {
    pub kind: CauseKind,
    pub subject: String,
}

impl Cause {
    pub fn of(kind: CauseKind, subject: impl ToString) -> Self {
        Self { kind, subject: subject.to_string() }
    }
}

/// What following a change did to the duties under one requirement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Asked who weren't asked before, or not any more.
    pub made: i64,
    /// The part of `made` that had answered before, and needn't again.
    pub returned: i64,
    /// Counted at another school, in another role or grade from now on.
    pub moved: i64,
    /// Asked again after all: every guardian has to answer now.
    pub reopened: i64,
    /// Needn't answer any more: another guardian's answer is enough now.
    pub released: i64,
    /// Asked no more, by reason: `left`, `not_named`, `turned_18`, `consent`, `no_guardian`, `merged`, `superseded`, `withdrawn`, `year`.
    pub ended: BTreeMap<String, i64>,
}

impl Outcome {
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// How many are asked no more.
    pub fn ended_in_all(&self) -> i64 {
        self.ended.values().sum()
    }
}

/// One requirement's line of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub requirement: Uuid,
    pub title: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Line {
    pub(super) fn of(requirement: &Requirement, outcome: Outcome) -> Self {
        Self { requirement: requirement.uid, title: requirement.title.clone(), outcome }
    }
}

/// What a change did to duties.
#[derive(Debug, Clone, Serialize)]
pub struct DutyReport {
    pub uid: Uuid,
    pub at: Moment,
    pub day: Day,
    pub cause: CauseKind,
    pub subject: String,
    pub by_name: String,
    pub lines: Vec<Line>,
}

impl DutyReport {
    /// Duties made, under all requirements.
    pub fn made(&self) -> i64 {
        self.lines.iter().map(|l| l.outcome.made).sum()
    }
}

/// A person in a report.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Touched {
    pub requirement: String,
    pub person_uid: Uuid,
    pub name: String,
    /// The child's where a guardian answers; the same as `person_uid` otherwise.
    pub about_uid: Uuid,
    /// The child's name where a guardian answers; the same as `name` otherwise.
    pub about_name: String,
    pub school: String,
    /// `asked`, or the reason for which the duty ended or changed.
    pub what: String,
    pub due: Day,
}

/// The key of a report that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct ReportId(pub i64);

/// Begins a report: duties can name it from now on.
pub(super) async fn begin(tx: &mut Tx, actor: &Actor, today: Day, cause: &Cause) -> Result<ReportId> {
    store::insert_report(tx, actor, today, cause).await
}

/// Keeps a report, or forgets it where nothing changed.
pub(super) async fn finish(tx: &mut Tx, id: ReportId, lines: Vec<Line>) -> Result<Option<DutyReport>> {
    let lines: Vec<Line> = lines.into_iter().filter(|line| !line.outcome.is_nothing()).collect();
    if lines.is_empty() {
        store::forget_report(tx, id).await?;
        return Ok(None);
    }
    store::finish_report(tx, id, &lines).await.map(Some)
}

/// Reports, the newest first. For directors.
///
/// # Errors
/// `NotFound` for whoever is no director.
pub async fn list(tx: &mut Tx, actor: &Actor, page: Page) -> Result<PageOf<DutyReport>> {
    director(actor)?;
    let (rows, total) = store::reports(tx, page).await?;
    Ok(PageOf { rows, page, total })
}

/// One report. For directors.
///
/// # Errors
/// `NotFound` where there is none, or for whoever is no director.
pub async fn get(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<DutyReport> {
    director(actor)?;
    store::report(tx, uid).await?.ok_or(Problem::NotFound)
}

/// The reports about one subject (an import, a person, a saved audience), the newest first. For directors.
pub async fn about(tx: &mut Tx, actor: &Actor, subject: &str) -> Result<Vec<DutyReport>> {
    director(actor)?;
    store::reports_about(tx, subject).await
}

/// The people in a report, by requirement and name. For directors.
pub async fn people(tx: &mut Tx, actor: &Actor, uid: Uuid, page: Page) -> Result<PageOf<Touched>> {
    director(actor)?;
    let (rows, total) = store::touched(tx, uid, page).await?;
    Ok(PageOf { rows, page, total })
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}
