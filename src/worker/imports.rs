//! Bringing rosters in: kept ones that wait, and one that a command names at once. What an import changes, what follows from it for duties,
//! and its report are one transaction; what is held or refused leaves nothing but the record that says so, in a second one.

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;

use crate::db::{Store, Tx};
use crate::kernel::{Actor, Chance, Clock, Problem, Result};
use crate::obligations::{self, Cause, CauseKind};
use crate::roster::imports::{self, Board, Ending, Job};
use crate::roster::oneroster::packing::Folder;
use crate::roster::oneroster::{self, ImportReport, Outcome, Progress, Source, Wish};
use crate::roster::{Changes, District};

/// How often a machine says that it is alive, and how far it has come.
const BEAT: Duration = Duration::from_secs(1);
/// So many seconds without a word, and a machine counts as gone.
const SILENCE: i64 = 90;

/// Duties follow an import, in its own transaction. `import` is the cause that a report on them names.
pub async fn follow(tx: &mut Tx, actor: &Actor, district: &District, import: Uuid, changes: Changes) -> Result<()> {
    obligations::follow(tx, actor, district, changes, Cause::of(CauseKind::Import, import)).await.map(drop)
}

/// Runs every import that waits, the oldest first. `fresh`: this process has just begun, and is the only one on an embedded database.
pub async fn run_waiting(store: &Store, clock: &Clock, board: &Board, district: &District, fresh: bool) -> Result<()> {
    let alone = fresh && matches!(store, Store::Sqlite { .. });
    loop {
        let mut tx = store.read(clock).await?;
        if !imports::any_under_way(&mut tx).await? {
            return Ok(());
        }
        drop(tx);
        let mut tx = store.write(clock).await?;
        let dead = if alone { tx.now() } else { tx.now().plus_seconds(-SILENCE) };
        let Some(job) = imports::take(&mut tx, dead).await? else { return Ok(()) };
        tx.commit().await?;
        one(store, clock, board, district, &job).await?;
    }
}

/// Runs one import that was taken on.
async fn one(store: &Store, clock: &Clock, board: &Board, district: &District, job: &Job) -> Result<()> {
    let running = board.begins(job.uid);
    let actor = job.actor(district.root);
    let ran = tokio::select! {
        ran = bring_in(store, clock, district, &actor, job, &running.progress) => ran,
        never = beat(store, clock, job, &running.progress) => match never {},
    };
    let ending = match ran {
        Ok(None) => return Ok(()),
        Ok(Some(ending)) => ending,
        Err(Problem::Invalid(errors)) => Ending::Refused(errors.into_iter().map(|e| e.text).collect::<Vec<_>>().join(" ")),
        Err(problem) => {
            let reference = Chance::system().token()[..12].to_owned();
            tracing::error!(reference, %problem, "an import broke off");
            Ending::Failed(format!(
                "It broke off, and nothing of it came in. Try again; if it happens again, the server's log says why under {reference}"
            ))
        }
    };
    let mut tx = store.write(clock).await?;
    match imports::finish(&mut tx, &actor, job, ending).await {
        Ok(()) => tx.commit().await,
        // Another machine has it now, and says there how it ends.
        Err(Problem::Conflict(_)) => Ok(()),
        Err(problem) => Err(problem),
    }
}

enum Never {}

/// Says every second that this machine lives. On SQLite the import itself holds the one writer: the board says it to this process.
async fn beat(store: &Store, clock: &Clock, job: &Job, progress: &Progress) -> Never {
    if matches!(store, Store::Sqlite { .. }) {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(BEAT).await;
        let said = async {
            let mut tx = store.write(clock).await?;
            imports::heard(&mut tx, job, &progress.now()).await?;
            tx.commit().await
        };
        if let Err(problem) = said.await {
            tracing::warn!(%problem, "the progress of an import could not be written down");
        }
    }
}

/// Reads the job's set into the roster. What is in already needs no ending: that is in too.
async fn bring_in(
    store: &Store,
    clock: &Clock,
    district: &District,
    actor: &Actor,
    job: &Job,
    progress: &Progress,
) -> Result<Option<Ending>> {
    let folder = Folder::new()?;
    let path = folder.path("roster.zip");
    let mut tx = store.read(clock).await?;
    imports::unpack(&mut tx, job, &path).await?;
    drop(tx);
    let source = Source::named(&path, &job.source);
    if job.wish.dry_run {
        let mut tx = store.read(clock).await?;
        let Outcome { report, changes: _, leavers } = oneroster::read(&mut tx, actor, district, &source, job.wish, progress).await?;
        return Ok(Some(Ending::Looked(report, leavers)));
    }
    let mut tx = store.write(clock).await?;
    if !imports::is_ours(&mut tx, job).await? {
        return Ok(None);
    }
    let outcome = oneroster::read(&mut tx, actor, district, &source, job.wish, progress).await?;
    if outcome.is_held() {
        return Ok(Some(Ending::Held(outcome.report, outcome.leavers)));
    }
    follow(&mut tx, actor, district, job.uid, outcome.changes).await?;
    imports::finish(&mut tx, actor, job, Ending::Applied(outcome.report)).await?;
    tx.commit().await?;
    Ok(None)
}

/// What came of an import that a command ran at once.
#[derive(Debug)]
pub enum AtOnce {
    /// Also what a dry run says.
    Done(ImportReport),
    /// Kept under this uid, for a person to decide.
    Held(Uuid, ImportReport),
}

/// Brings in a folder or zip at once. A set that is held is kept.
///
/// # Errors
/// As `oneroster::read`.
pub async fn at_once(store: &Store, clock: &Clock, actor: &Actor, district: &District, path: &Path, wish: Wish) -> Result<AtOnce> {
    if wish.dry_run {
        let mut tx = store.read(clock).await?;
        return Ok(AtOnce::Done(oneroster::import(&mut tx, actor, district, path, wish).await?.0));
    }
    let mut tx = store.write(clock).await?;
    let source = Source::at(path);
    let Outcome { mut report, changes, leavers } = oneroster::read(&mut tx, actor, district, &source, wish, &Progress::default()).await?;
    if report.held.is_none() {
        imports::keep_applied(&mut tx, actor, &mut report, wish).await?;
        follow(&mut tx, actor, district, report.uid.unwrap_or_default(), changes).await?;
        tx.commit().await?;
        return Ok(AtOnce::Done(report));
    }
    drop((tx, changes));
    let folder = Folder::new()?;
    let packed = folder.pack(&source).await?;
    let mut tx = store.write(clock).await?;
    let uid = imports::keep_held(&mut tx, actor, &packed, report.clone(), leavers).await?;
    tx.commit().await?;
    Ok(AtOnce::Held(uid, report))
}
