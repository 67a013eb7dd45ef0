//! The record of disclosures (34 CFR 99.32): whenever a party from outside the school sees student records, or is given them, one entry says
//! which party, with what interest, which records, of which students. It is written before they are shown. The families may read the entries
//! about their children, the director all of them.

use serde::Serialize;
use uuid::Uuid;

use super::store::disclosures as store;
use crate::db::Tx;
use crate::kernel::{Actor, Moment, Page, PageOf, PersonId, Problem, Reach, Result};

/// Which records somebody saw or was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A list of people: of a figure, of the roster.
    List,
    /// The same as a file.
    File,
    /// How one duty stands, and what happened to it.
    Duty,
    /// All the evidence about one duty.
    Evidence,
    /// One answer: receipt, text, scan.
    Receipt,
    /// The roster's record of a person, or of a household.
    Record,
    /// Who said no or took something back.
    SaidNo,
    /// A sample of people.
    Sample,
    /// An audit packet.
    Packet,
}

impl Kind {
    /// As it is stored, and as the words are called.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::File => "file",
            Self::Duty => "duty",
            Self::Evidence => "evidence",
            Self::Receipt => "receipt",
            Self::Record => "record",
            Self::SaidNo => "said_no",
            Self::Sample => "sample",
            Self::Packet => "packet",
        }
    }
}

/// To whom, and why: the words of the law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, sqlx::FromRow)]
pub struct Party {
    /// Who receives the records: “State Auditor’s Office”.
    pub party: String,
    /// The legitimate interest: “audit of federal programs, 34 CFR 99.35”.
    pub interest: String,
}

/// One entry.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Disclosure {
    pub uid: Uuid,
    pub at: Moment,
    pub actor_name: String,
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub to: Party,
    pub kind: Kind,
    /// Of what: a requirement's title, a document's.
    pub subject: String,
    /// Of how many students.
    pub students: i64,
}

/// A student whose records an entry speaks of.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Student {
    pub uid: Uuid,
    pub name: String,
    pub school: Option<String>,
}

/// The key of an entry to which more students are added while a file is written.
#[derive(Debug, Clone, Copy)]
pub struct DisclosureId(pub(super) i64);

/// Writes down that the actor sees records of these people, as far as they are students; nothing where none is.
pub async fn record(tx: &mut Tx, actor: &Actor, to: &Party, kind: Kind, subject: &str, people: &[Uuid]) -> Result<()> {
    let students = store::students_among(tx, people).await?;
    if students.is_empty() {
        return Ok(());
    }
    let id = begin(tx, actor, to, kind, subject).await?;
    store::add_students(tx, id, &students).await
}

/// Begins an entry: for what is disclosed in parts, and for packets, of which each is written down.
pub async fn begin(tx: &mut Tx, actor: &Actor, to: &Party, kind: Kind, subject: &str) -> Result<DisclosureId> {
    store::insert(tx, actor, to, kind, subject).await
}

/// These people too, as far as they are students.
pub async fn also(tx: &mut Tx, id: DisclosureId, people: &[Uuid]) -> Result<()> {
    let students = store::students_among(tx, people).await?;
    store::add_students(tx, id, &students).await
}

/// Every entry, the newest first. For directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn list(tx: &mut Tx, actor: &Actor, page: Page) -> Result<PageOf<Disclosure>> {
    director(actor)?;
    let (rows, total) = store::list(tx, page).await?;
    Ok(PageOf { rows, page, total })
}

/// One entry and a page of its students. For directors.
///
/// # Errors
/// `NotFound` for others, and where there is none.
pub async fn one(tx: &mut Tx, actor: &Actor, uid: Uuid, page: Page) -> Result<(Disclosure, PageOf<Student>)> {
    director(actor)?;
    let found = store::one(tx, uid).await?.ok_or(Problem::NotFound)?;
    let rows = store::students(tx, uid, page).await?;
    let total = found.students;
    Ok((found, PageOf { rows, page, total }))
}

/// The entries about one student whom the caller has found within reach, or as the student's own guardian; the newest first.
pub async fn about(tx: &mut Tx, student: PersonId, page: Page) -> Result<PageOf<Disclosure>> {
    let (rows, total) = store::about(tx, student, page).await?;
    Ok(PageOf { rows, page, total })
}

/// Whether somebody of the school may read the entries about a student within reach: whoever is responsible for the records (99.32(c)(2)), and
/// whoever audits how they are kept (99.32(c)(3)).
pub fn may_read_about(actor: &Actor) -> bool {
    matches!(actor.reach, Reach::Orgs(_)) && actor.may_see_people()
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}
