//! OneRoster 1.1 and 1.2 CSV sets: brought in within one transaction, streamed, said back row by row.
//!
//! A row that can't be used is reported and left out, what hangs on it is counted under its cause, and the rest comes in. A set that
//! can't be trusted is refused as a whole. Memory grows with the number of records by a few dozen bytes each, never with the files.
//! Knows nothing of duties: what follows from the changes is told by [`Changes`].

mod enrollments;
mod guardians;
mod known;
mod manifest;
mod orgs;
mod report;
mod roles;
mod rows;
mod sections;
mod source;
mod store;
mod users;
mod values;
mod work;

use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

pub use report::{Counts, Finding, ImportReport, Severity};
pub(super) use values::{a_year_before, date as read_date, language as read_language};

use super::{Changes, District};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Page, PageOf, PersonId, Problem, Result};
use known::Kind;
use manifest::Manifest;
use report::Findings;
use source::Files;
use work::Work;

/// How an import is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// Say what would happen, and change nothing; a reading transaction is enough.
    pub dry_run: bool,
    /// Let more than a tenth of the people or enrollments leave.
    pub allow_leaving: bool,
}

/// Fewer leavers than this are never held.
const FEW: usize = 20;

/// The files that are read; all others are skipped and named.
const READ: [&str; 8] = ["manifest", "orgs", "academicsessions", "courses", "classes", "users", "roles", "enrollments"];

/// Brings in a set of OneRoster files: a folder or a zip. For directors.
///
/// # Errors
/// `NotFound` for whoever is no director; `Invalid` for a set that can't be trusted; `Conflict` where more than a tenth (and at least
/// 20) of the people or enrollments would leave by a bulk file and `allow_leaving` isn't given. In all cases nothing is to be kept:
/// drop the transaction.
pub async fn import(tx: &mut Tx, actor: &Actor, district: &District, source: &Path, wish: Wish) -> Result<(ImportReport, Changes)> {
    director(actor)?;
    let path = source.to_owned();
    let (files, manifest, findings) = tokio::task::spawn_blocking(move || {
        let files = Files::open(&path)?;
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
    let mut work = Work::new(district, today, wish, files, manifest, findings);

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

    let held = hold(&work);
    if let Some(text) = &held
        && !wish.dry_run
    {
        return Err(Problem::conflict(text.clone()));
    }
    let mut people: Vec<PersonId> = std::mem::take(&mut work.changed).into_iter().map(PersonId).collect();
    people.sort_unstable();
    let mut report = summary(work, tx, held);
    if wish.dry_run {
        return Ok((report, Changes::default()));
    }
    store::save_report(tx, actor, &mut report).await?;
    let detail = serde_json::json!({
        "source": report.source, "version": report.version, "counts": report.counts,
        "errors": report.errors, "warnings": report.warnings, "allow_leaving": wish.allow_leaving,
    });
    let subject = report.uid.unwrap_or_default().to_string();
    audit::record(tx, actor, "roster.imported", &subject, detail).await?;
    Ok((report, Changes { people }))
}

/// Earlier imports, the newest first, without their findings. For directors.
pub async fn imports(tx: &mut Tx, actor: &Actor, page: Page) -> Result<PageOf<ImportReport>> {
    director(actor)?;
    let (rows, total) = store::reports(tx, page).await?;
    Ok(PageOf { rows, page, total })
}

/// One earlier import with its findings. For directors.
///
/// # Errors
/// `NotFound` where there is none, or for whoever is no director.
pub async fn import_report(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<ImportReport> {
    director(actor)?;
    store::report(tx, uid).await
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// A source that failed half-way looks like mass deletion: so it is held until somebody says that it is meant.
fn hold(work: &Work) -> Option<String> {
    if work.wish.allow_leaving {
        return None;
    }
    let mut said = Vec::new();
    for (kind, name) in [(Kind::User, "people"), (Kind::Enrollment, "enrollments")] {
        let Some((leaving, active)) = work.leaving.get(kind.file()).copied() else { continue };
        if leaving >= FEW && leaving * 10 > active {
            said.push(format!("{leaving} of {active} {name}"));
        }
    }
    (!said.is_empty()).then(|| {
        format!(
            "{} would leave the roster by this set. That looks like an export that broke off, so nothing was changed. \
             If they are really to leave, import again with --allow-leaving",
            said.join(" and ")
        )
    })
}

fn summary(work: Work, tx: &Tx, held: Option<String>) -> ImportReport {
    let mut skipped: Vec<String> = work.files.stems().filter(|(stem, _)| !READ.contains(stem)).map(|(_, name)| name.to_owned()).collect();
    if !work.manifest.is_1_2() && work.files.has("roles") {
        skipped.push("roles.csv".to_owned());
    }
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
        held,
        findings: work.findings.finish(),
    }
}
