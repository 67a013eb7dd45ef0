//! Imports as the district keeps them, from their files to their report. A set that waits, runs or is held is kept in the database, so
//! that any machine can bring it in; a person sees who would leave by a held one and releases it or lets it go. Knows nothing of when
//! and where they run.

mod board;
mod store;

use serde::Serialize;
use uuid::Uuid;

pub use board::Board;

use super::{ImportReport, Leaver, Source, Standing, Wish, director};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Moment, OrgId, Page, PageOf, Problem, Reach, Result, Role};
use crate::queue;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum State {
    Waiting,
    Running,
    /// It is in.
    Applied,
    /// So much would leave or change that a person decides.
    Held,
    /// The set can't be trusted; nothing of it came in.
    Refused,
    /// It broke off; nothing of it came in. A person may let it run again.
    Failed,
    /// A person let it go.
    Dropped,
    /// A dry run: it says what would happen.
    Looked,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Applied => "applied",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Looked => "looked",
        }
    }

    /// Somebody who looks again will see more.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

/// How a set came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    Upload,
    /// The watched folder.
    Folder,
    Command,
}

/// One import.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    pub uid: Uuid,
    pub state: State,
    pub origin: Origin,
    pub by_name: String,
    /// Why it is held, refused or failed.
    pub said: String,
    pub began_at: Moment,
    pub ended_at: Option<Moment>,
    pub released_by: Option<String>,
    /// Its files are here, so that it can be brought in.
    pub kept: bool,
    /// Length of the list of who would leave (or left by it).
    pub leavers: i64,
    /// Another set has been brought in since.
    pub outdated: bool,
    /// While it runs on a machine that writes it down.
    pub standing: Option<Standing>,
    /// Before it has run: blank, but for its source and whether it is a dry run.
    pub report: ImportReport,
}

/// All imports, the newest first, without their findings. For directors.
pub async fn list(tx: &mut Tx, actor: &Actor, page: Page) -> Result<PageOf<Import>> {
    director(actor)?;
    let (rows, total) = store::list(tx, page).await?;
    Ok(PageOf { rows, page, total })
}

/// Those that wait for a person to decide, the newest first. For directors.
pub async fn held(tx: &mut Tx, actor: &Actor) -> Result<Vec<Import>> {
    director(actor)?;
    store::held(tx).await
}

/// One import with its findings. For directors.
///
/// # Errors
/// `NotFound` where there is none, or for whoever is no director.
pub async fn find(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Import> {
    director(actor)?;
    store::find(tx, uid).await?.ok_or(Problem::NotFound)
}

/// Who and what would leave by an import that is held (or left by one that was released). For directors.
pub async fn leavers(tx: &mut Tx, actor: &Actor, uid: Uuid, page: Page) -> Result<PageOf<Leaver>> {
    director(actor)?;
    let (rows, total) = store::leavers(tx, uid, page).await?;
    Ok(PageOf { rows, page, total })
}

/// A set that is handed in.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// As [`super::packing::pack`] wrote it, under the name by which people know it.
    pub set: &'a Source,
    pub origin: Origin,
    /// Of a watched folder's set; '' otherwise.
    pub fingerprint: &'a str,
    /// Only say what would happen.
    pub look: bool,
}

/// Keeps a set, to be brought in soon. For directors.
///
/// # Errors
/// `Conflict` for a fingerprint that was handed in before.
pub async fn submit(tx: &mut Tx, actor: &Actor, submission: Submission<'_>) -> Result<Uuid> {
    director(actor)?;
    // Two machines that watch one folder make the same uid of the same set: only one of them can keep it.
    let uid = if submission.fingerprint.is_empty() { tx.uid() } else { uid_of(submission.fingerprint) };
    let report = ImportReport::blank(&submission.set.name, submission.look, tx.now());
    let id = store::insert(tx, actor, uid, State::Waiting, submission.origin, submission.fingerprint, &report).await?;
    store::keep_set(tx, id, &submission.set.path).await?;
    let detail = serde_json::json!({ "source": report.source, "origin": submission.origin, "look": submission.look });
    audit::record(tx, actor, "roster.handed_in", &uid.to_string(), detail).await?;
    Ok(uid)
}

/// Writes down that a set was refused before it could be kept. For directors.
pub async fn refuse(tx: &mut Tx, actor: &Actor, source: &Source, origin: Origin, fingerprint: &str, said: &str) -> Result<Uuid> {
    director(actor)?;
    let uid = if fingerprint.is_empty() { tx.uid() } else { uid_of(fingerprint) };
    let report = ImportReport::blank(&source.name, false, tx.now());
    let id = store::insert(tx, actor, uid, State::Refused, origin, fingerprint, &report).await?;
    store::say(tx, id, said).await?;
    audit::record(tx, actor, "roster.refused", &uid.to_string(), serde_json::json!({ "source": source.name })).await?;
    Ok(uid)
}

/// Whether a set with that fingerprint was handed in before.
pub async fn knows(tx: &mut Tx, fingerprint: &str) -> Result<bool> {
    store::knows(tx, fingerprint).await
}

fn uid_of(fingerprint: &str) -> Uuid {
    let mut bytes = [0; 16];
    let digest = crate::kernel::digest::sha256_hex(fingerprint);
    let _ = hex::decode_to_slice(digest.get(..32).unwrap_or_default(), &mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Keeps the report of an import that is in already, within its own transaction.
pub async fn keep_applied(tx: &mut Tx, actor: &Actor, report: &mut ImportReport, wish: Wish) -> Result<()> {
    let uid = tx.uid();
    report.uid = Some(uid);
    let id = store::insert(tx, actor, uid, State::Applied, Origin::Command, "", report).await?;
    store::save_findings(tx, id, &report.findings).await?;
    store::forget_looks(tx, id).await?;
    record_applied(tx, actor, report, wish, None).await
}

async fn record_applied(tx: &mut Tx, actor: &Actor, report: &ImportReport, wish: Wish, released_by: Option<&str>) -> Result<()> {
    let mut detail = serde_json::json!({
        "source": report.source, "version": report.version, "counts": report.counts,
        "errors": report.errors, "warnings": report.warnings, "allow_leaving": wish.allow_leaving,
    });
    if let (Some(name), Some(detail)) = (released_by, detail.as_object_mut()) {
        detail.insert("released_by".to_owned(), name.into());
    }
    audit::record(tx, actor, "roster.imported", &report.uid.unwrap_or_default().to_string(), detail).await
}

/// Releases an import that is held: it runs again, and whoever leaves by it leaves. For directors, who have seen the list.
///
/// # Errors
/// `NotFound` where there is none; `Conflict` where it isn't held.
pub async fn release(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    let import = find(tx, actor, uid).await?;
    if import.state != State::Held || !store::release(tx, uid, &actor.name).await? {
        return Err(Problem::conflict("this import isn't held: only one that is held can be released. Load its page again to see it."));
    }
    audit::record(tx, actor, "roster.released", &uid.to_string(), serde_json::json!({ "holds": import.report.holds })).await
}

/// Brings in what was looked at, or tries again what broke off. For directors.
///
/// # Errors
/// `NotFound` where there is none; `Conflict` where it is neither, or its files are gone.
pub async fn run_again(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    let import = find(tx, actor, uid).await?;
    let can = matches!(import.state, State::Looked | State::Failed);
    if can && !import.kept {
        return Err(Problem::conflict(
            "the files of this import aren't kept any more, because another set came after it: choose them again.",
        ));
    }
    if !can || !store::run_again(tx, uid).await? {
        return Err(Problem::conflict("this import doesn't wait for that: load its page again to see where it stands."));
    }
    audit::record(tx, actor, "roster.handed_in", &uid.to_string(), serde_json::json!({ "again": import.state.name() })).await
}

/// Lets an import go that hasn't come in: its files are deleted, its report stays. For directors.
///
/// # Errors
/// `NotFound` where there is none; `Conflict` where it is in, runs, or was refused or let go already.
pub async fn let_go(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    let import = find(tx, actor, uid).await?;
    let can = matches!(import.state, State::Held | State::Failed | State::Waiting | State::Looked);
    if !can || !store::let_go(tx, uid, import.state).await? {
        return Err(Problem::conflict("this import can't be let go in its present state: load its page again to see where it stands."));
    }
    audit::record(tx, actor, "roster.dropped", &uid.to_string(), serde_json::json!({ "was": import.state.name() })).await
}

/// An import that this process has taken on.
#[derive(Debug, Clone)]
pub struct Job {
    id: i64,
    pub uid: Uuid,
    pub source: String,
    pub wish: Wish,
    /// Tells this run from any other of the same import.
    token: String,
    account: AccountId,
    by_name: String,
    released_by: Option<String>,
}

impl Job {
    /// For whom it runs: whoever handed it in, as the director whom that took.
    pub fn actor(&self, root: OrgId) -> Actor {
        Actor {
            account: self.account,
            person: None,
            name: self.by_name.clone(),
            roles: vec![Role::Director],
            reach: Reach::Orgs(vec![root]),
            by_link: false,
        }
    }
}

/// Whether there is anything to take on or to look after.
pub async fn any_under_way(tx: &mut Tx) -> Result<bool> {
    store::any_under_way(tx).await
}

/// Takes on the next import that waits. They run one after another, in the order in which they were handed in: there is none while
/// another runs. One that was last heard of before `dead` waits again: its machine is gone.
pub async fn take(tx: &mut Tx, dead: Moment) -> Result<Option<Job>> {
    store::alone(tx).await?;
    store::wake(tx, dead).await?;
    let token = tx.chance().token();
    store::take(tx, &token).await
}

/// Whether this run still is the one that counts: another machine may have taken it for dead.
pub async fn is_ours(tx: &mut Tx, job: &Job) -> Result<bool> {
    store::is_ours(tx, job.id, &job.token).await
}

/// Writes the job's files to a zip of that path.
pub async fn unpack(tx: &mut Tx, job: &Job, target: &std::path::Path) -> Result<()> {
    store::unpack(tx, job.id, target).await
}

/// Says that the job is alive, and how far it has come.
pub async fn heard(tx: &mut Tx, job: &Job, standing: &Standing) -> Result<()> {
    store::heard(tx, job.id, &job.token, standing).await
}

/// How a run ended.
#[derive(Debug)]
pub enum Ending {
    /// Within the transaction that brought it in.
    Applied(ImportReport),
    Looked(ImportReport, Vec<Leaver>),
    Held(ImportReport, Vec<Leaver>),
    Refused(String),
    Failed(String),
}

/// Writes down how a run ended. All but [`Ending::Applied`] in a transaction of its own, after the import's was dropped.
///
/// # Errors
/// `Conflict` where another machine has taken the import on meanwhile: nothing is to be kept.
pub async fn finish(tx: &mut Tx, actor: &Actor, job: &Job, ending: Ending) -> Result<()> {
    let (state, said, report, leavers) = match ending {
        Ending::Applied(report) => (State::Applied, String::new(), Some(report), None),
        Ending::Looked(report, leavers) => (State::Looked, String::new(), Some(report), Some(leavers)),
        Ending::Held(report, leavers) => (State::Held, report.held.clone().unwrap_or_default(), Some(report), Some(leavers)),
        Ending::Refused(said) => (State::Refused, said, None, None),
        Ending::Failed(said) => (State::Failed, said, None, None),
    };
    if !store::finish(tx, job.id, &job.token, state, &said, report.as_ref()).await? {
        return Err(Problem::conflict("another machine has taken this import on; look at it there"));
    }
    if let Some(report) = &report {
        store::save_findings(tx, job.id, &report.findings).await?;
    }
    if let Some(leavers) = &leavers {
        store::save_leavers(tx, job.id, leavers).await?;
    }
    if matches!(state, State::Applied | State::Refused) {
        store::drop_set(tx, job.id).await?;
    }
    if matches!(state, State::Applied | State::Looked) {
        store::forget_looks(tx, job.id).await?;
    }
    let subject = job.uid.to_string();
    match (state, report) {
        (State::Applied, Some(mut report)) => {
            report.uid = Some(job.uid);
            record_applied(tx, actor, &report, job.wish, job.released_by.as_deref()).await
        }
        (State::Held, Some(report)) => {
            queue::put_to_directors(tx, queue::Kind::ImportHeld, &serde_json::json!({ "import": job.uid })).await?;
            audit::record(tx, actor, "roster.held", &subject, serde_json::json!({ "source": job.source, "holds": report.holds })).await
        }
        (State::Refused, _) => audit::record(tx, actor, "roster.refused", &subject, serde_json::json!({ "source": job.source })).await,
        _ => Ok(()),
    }
}

/// Keeps a set that was held when it was brought in at once, with its list, for a person to decide. For directors.
pub async fn keep_held(tx: &mut Tx, actor: &Actor, set: &Source, report: ImportReport, leavers: Vec<Leaver>) -> Result<Uuid> {
    let uid = submit(tx, actor, Submission { set, origin: Origin::Command, fingerprint: "", look: false }).await?;
    let token = tx.chance().token();
    let Some(job) = store::take_one(tx, uid, &token).await? else { return Err(Problem::NotFound) };
    finish(tx, actor, &job, Ending::Held(report, leavers)).await?;
    Ok(uid)
}
