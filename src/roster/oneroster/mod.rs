//! OneRoster 1.1 and 1.2 CSV sets: brought in within one transaction, streamed, said back row by row.
//!
//! A row that can't be used is reported and left out, what hangs on it is counted under its cause, and the rest comes in. A set that
//! can't be trusted is refused as a whole. Memory grows with the number of records by a few dozen bytes each, never with the files.
//! Knows nothing of duties: what follows from the changes is told by [`Changes`].

mod enrollments;
mod guardians;
mod header;
pub mod imports;
mod known;
mod manifest;
mod moves;
mod orgs;
pub mod packing;
mod progress;
mod report;
mod roles;
mod rows;
mod sections;
mod source;
mod stations;
mod store;
mod users;
mod values;
mod work;

use std::path::Path;
use std::sync::Arc;

pub use progress::{Progress, Standing};
pub use report::{Alarm, Counts, Finding, Hold, ImportReport, Leaver, Moved, SchoolDifference, Severity};
pub use source::Source;
pub(super) use values::{a_year_before, date as read_date, language as read_language};

use super::{Changes, District};
use crate::db::Tx;
use crate::kernel::{Actor, PersonId, Problem, Result};
use manifest::Manifest;
use report::Findings;
use source::Files;
use work::Work;

/// How an import is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// Say what would happen, and change nothing; a reading transaction is enough.
    pub dry_run: bool,
    /// Somebody has seen who would leave and what would change, and means it: nothing is held.
    pub allow_leaving: bool,
}

/// The files that are read; all others are skipped and named.
const READ: [&str; 8] = ["manifest", "orgs", "academicsessions", "courses", "classes", "users", "roles", "enrollments"];

/// What came of reading a set.
#[derive(Debug)]
#[must_use = "what is held is not to be committed, and duties follow the changes"]
pub struct Outcome {
    pub report: ImportReport,
    /// Nothing after a dry run.
    pub changes: Changes,
    /// Of a set that is or would be held: who and what would leave, the first 5,000.
    pub leavers: Vec<Leaver>,
}

impl Outcome {
    /// The transaction is to be dropped: a person decides first.
    pub fn is_held(&self) -> bool {
        self.report.held.is_some() && !self.report.dry_run
    }
}

/// Brings in a set of OneRoster files, a folder or a zip, and keeps its report. For directors.
///
/// # Errors
/// As [`read`]; `Conflict` for a set that is held. In all cases nothing is to be kept: drop the transaction.
pub async fn import(tx: &mut Tx, actor: &Actor, district: &District, source: &Path, wish: Wish) -> Result<(ImportReport, Changes)> {
    let mut outcome = read(tx, actor, district, &Source::at(source), wish, &Progress::default()).await?;
    if outcome.is_held() {
        return Err(Problem::conflict(outcome.report.held.unwrap_or_default()));
    }
    if !wish.dry_run {
        imports::keep_applied(tx, actor, &mut outcome.report, wish).await?;
    }
    Ok((outcome.report, outcome.changes))
}

/// Reads a set of OneRoster files into the roster, without keeping a report. For directors. Where the outcome [is held](Outcome::is_held),
/// the transaction is to be dropped.
///
/// # Errors
/// `NotFound` for whoever is no director; `Invalid` for a set that can't be trusted. Nothing is to be kept then: drop the transaction.
pub async fn read(tx: &mut Tx, actor: &Actor, district: &District, source: &Source, wish: Wish, progress: &Progress) -> Result<Outcome> {
    director(actor)?;
    let source = source.clone();
    let (files, manifest, findings) = tokio::task::spawn_blocking(move || {
        let files = Files::open(&source)?;
        let mut findings = Findings::default();
        let manifest = Manifest::read(&files, &mut findings)?;
        Ok::<_, Problem>((Arc::new(files), manifest, findings))
    })
    .await
    .map_err(|e| Problem::internal("reading the manifest broke off", e))??;
    if !wish.dry_run {
        store::lock(tx).await?;
    }
    let today = district.today(tx.now());
    let mut work = Work::new(district, today, wish, files, manifest, findings, progress.clone());

    orgs::import(&mut work, tx).await?;
    sections::import_sessions(&mut work, tx).await?;
    sections::import_courses(&mut work, tx).await?;
    sections::import_classes(&mut work, tx).await?;
    let held = roles::gather(&mut work, tx).await?;
    let pairs = users::import(&mut work, tx, &held).await?;
    drop(held);
    roles::settle(&mut work, tx).await?;
    guardians::import(&mut work, tx, pairs).await?;
    enrollments::import(&mut work, tx).await?;

    let mut holds = moves::holds(&mut work);
    let schools = moves::by_school(&mut work, tx).await?;
    holds.extend(moves::school_holds(&work, tx, &schools).await?);
    let leavers = if holds.is_empty() { Vec::new() } else { moves::leavers(&mut work, tx).await? };
    let mut people: Vec<PersonId> = std::mem::take(&mut work.changed).into_iter().map(PersonId).collect();
    people.sort_unstable();
    if !wish.dry_run {
        tx.look_over(people.len(), "ANALYZE person, position, guardianship, enrollment, section").await?;
    }
    let report = summary(work, tx, holds, schools);
    let changes = if wish.dry_run { Changes::default() } else { Changes { people } };
    Ok(Outcome { report, changes, leavers })
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

fn summary(work: Work, tx: &Tx, holds: Vec<Hold>, schools: Vec<SchoolDifference>) -> ImportReport {
    let mut skipped: Vec<String> = work.files.stems().filter(|(stem, _)| !READ.contains(stem)).map(|(_, name)| name.to_owned()).collect();
    skipped.extend(work.files.others.iter().cloned());
    ImportReport {
        uid: None,
        source: work.files.name.clone(),
        version: work.manifest.version.to_owned(),
        dry_run: work.wish.dry_run,
        began_at: tx.now(),
        counts: work.counts.iter().map(|(kind, counts)| ((*kind).to_owned(), *counts)).collect(),
        errors: work.findings.error_count,
        warnings: work.findings.warning_count,
        skipped,
        held: moves::told(&holds),
        holds,
        schools,
        findings: work.findings.finish(),
    }
}
