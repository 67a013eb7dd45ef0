use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use super::{Import, Job, Origin, State};
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Actor, Moment, Page, Problem, Result};
use crate::on;
use crate::roster::oneroster::{Finding, ImportReport, Leaver, Standing, Wish};

/// Bytes of a set in one row: so many stand in memory, however large the set.
const PART: usize = 1 << 20;

/// An import as its row holds it; `counts` is the report without its findings.
#[derive(sqlx::FromRow)]
struct Kept {
    id: i64,
    uid: Uuid,
    began_at: Moment,
    ended_at: Option<Moment>,
    source: String,
    version: String,
    state: State,
    counts: String,
    origin: Origin,
    by_name: String,
    said: String,
    progress: String,
    released_by: Option<String>,
    parts: i64,
    leavers: i64,
    newer: i64,
}

impl Kept {
    fn import(self, findings: Vec<Finding>) -> Result<Import> {
        let mut report: ImportReport =
            serde_json::from_str(&self.counts).map_err(|e| Problem::internal("table roster_import, column counts: not a report", e))?;
        report.uid = Some(self.uid);
        report.began_at = self.began_at;
        report.source = self.source;
        report.version = self.version;
        report.findings = findings;
        let standing = if self.state == State::Running { written(&self.progress) } else { None };
        Ok(Import {
            uid: self.uid,
            state: self.state,
            origin: self.origin,
            by_name: self.by_name,
            said: self.said,
            began_at: self.began_at,
            ended_at: self.ended_at,
            released_by: self.released_by,
            kept: self.parts > 0,
            leavers: self.leavers,
            outdated: self.newer > 0,
            standing,
            report,
        })
    }
}

/// What the column `progress` holds: whose run it is, and how far that has come.
#[derive(serde::Serialize, serde::Deserialize)]
struct Running<S> {
    run: String,
    #[serde(flatten)]
    standing: S,
}

fn written(progress: &str) -> Option<Standing> {
    serde_json::from_str::<Running<Standing>>(progress).ok().map(|r| r.standing)
}

fn running(token: &str, standing: &Standing) -> Result<String> {
    let running = Running { run: token.to_owned(), standing };
    serde_json::to_string(&running).map_err(|e| Problem::internal("an import's progress can't be written as JSON", e))
}

/// Finds the run of that token in `progress`.
fn of_run(token: &str) -> String {
    format!("{{\"run\":\"{token}\"%")
}

macro_rules! kept {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.uid, i.began_at, i.ended_at, i.source, i.version, i.state, i.counts, i.origin, i.by_name, i.said, i.progress,
                    i.released_by,
                    (SELECT COUNT(*) FROM roster_set s WHERE s.import_id = i.id AND s.part = 0) AS parts,
                    (SELECT COUNT(*) FROM roster_import_leaver l WHERE l.import_id = i.id) AS leavers,
                    (SELECT COUNT(*) FROM roster_import n WHERE n.id > i.id AND n.state = 'applied') AS newer
             FROM roster_import i ",
            $rest
        )
    };
}

pub async fn list(tx: &mut Tx, page: Page) -> Result<(Vec<Import>, i64)> {
    let total: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM roster_import").fetch_one(c).await)?;
    let rows: Vec<Kept> =
        on!(tx, |c| sqlx::query_as(kept!("ORDER BY i.id DESC LIMIT $1 OFFSET $2")).bind(page.size).bind(page.offset()).fetch_all(c).await)?;
    Ok((rows.into_iter().map(|kept| kept.import(Vec::new())).collect::<Result<_>>()?, total))
}

pub async fn held(tx: &mut Tx) -> Result<Vec<Import>> {
    let rows: Vec<Kept> = on!(tx, |c| sqlx::query_as(kept!("WHERE i.state = 'held' ORDER BY i.id DESC")).fetch_all(c).await)?;
    rows.into_iter().map(|kept| kept.import(Vec::new())).collect()
}

pub async fn find(tx: &mut Tx, uid: Uuid) -> Result<Option<Import>> {
    let kept: Option<Kept> = on!(tx, |c| sqlx::query_as(kept!("WHERE i.uid = $1")).bind(uid).fetch_optional(c).await)?;
    let Some(kept) = kept else { return Ok(None) };
    let id = kept.id;
    let findings: Vec<Finding> = on!(tx, |c| sqlx::query_as(
        "SELECT severity, file, row, source_id, field, value, wrong, remedy FROM roster_import_finding
         WHERE import_id = $1 ORDER BY number"
    )
    .bind(id)
    .fetch_all(c)
    .await)?;
    kept.import(findings).map(Some)
}

pub async fn leavers(tx: &mut Tx, uid: Uuid, page: Page) -> Result<(Vec<Leaver>, i64)> {
    let total: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM roster_import_leaver l JOIN roster_import i ON i.id = l.import_id WHERE i.uid = $1"
    )
    .bind(uid)
    .fetch_one(c)
    .await)?;
    let rows = on!(tx, |c| sqlx::query_as(
        "SELECT l.kind, l.name, l.school FROM roster_import_leaver l JOIN roster_import i ON i.id = l.import_id
         WHERE i.uid = $1 ORDER BY l.number LIMIT $2 OFFSET $3"
    )
    .bind(uid)
    .bind(page.size)
    .bind(page.offset())
    .fetch_all(c)
    .await)?;
    Ok((rows, total))
}

pub async fn knows(tx: &mut Tx, fingerprint: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM roster_import WHERE fingerprint = $1 LIMIT 1")
        .bind(fingerprint)
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

fn without_findings(report: &ImportReport) -> Result<String> {
    let bare = ImportReport { findings: Vec::new(), ..report.clone() };
    serde_json::to_string(&bare).map_err(|e| Problem::internal("a report can't be written as JSON", e))
}

/// A new row; its id. What is over at once ends at once.
pub async fn insert(
    tx: &mut Tx,
    actor: &Actor,
    uid: Uuid,
    state: State,
    origin: Origin,
    fingerprint: &str,
    report: &ImportReport,
) -> Result<i64> {
    let now = tx.now();
    let counts = without_findings(report)?;
    let account = (actor.account.0 != 0).then_some(actor.account);
    let ended = (!state.is_under_way()).then_some(now);
    Ok(on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO roster_import (uid, began_at, ended_at, source, version, state, counts, account_id, origin, by_name, fingerprint)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
    )
    .bind(uid)
    .bind(now)
    .bind(ended)
    .bind(&report.source)
    .bind(&report.version)
    .bind(state)
    .bind(&counts)
    .bind(account)
    .bind(origin)
    .bind(&actor.name)
    .bind(fingerprint)
    .fetch_one(c)
    .await)?)
}

pub async fn say(tx: &mut Tx, id: i64, said: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE roster_import SET said = $2 WHERE id = $1").bind(id).bind(said).execute(c).await.map(drop))?;
    Ok(())
}

// The files

pub async fn keep_set(tx: &mut Tx, id: i64, path: &Path) -> Result<()> {
    let mut file = tokio::fs::File::open(path).await?;
    let mut part = Vec::with_capacity(PART);
    for number in 0_i64.. {
        part.clear();
        (&mut file).take(PART as u64).read_to_end(&mut part).await?;
        if part.is_empty() {
            break;
        }
        on!(tx, |c| sqlx::query("INSERT INTO roster_set (import_id, part, bytes) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(number)
            .bind(part.as_slice())
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

pub async fn unpack(tx: &mut Tx, id: i64, target: &Path) -> Result<()> {
    let mut file = tokio::fs::File::create(target).await?;
    for number in 0_i64.. {
        let part: Option<Vec<u8>> = on!(tx, |c| sqlx::query_scalar("SELECT bytes FROM roster_set WHERE import_id = $1 AND part = $2")
            .bind(id)
            .bind(number)
            .fetch_optional(c)
            .await)?;
        let Some(part) = part else { break };
        file.write_all(&part).await?;
    }
    file.flush().await?;
    Ok(())
}

pub async fn drop_set(tx: &mut Tx, id: i64) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM roster_set WHERE import_id = $1").bind(id).execute(c).await.map(drop))?;
    Ok(())
}

/// The files of earlier dry runs go: what they showed isn't what would happen now.
pub async fn forget_looks(tx: &mut Tx, but: i64) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "DELETE FROM roster_set WHERE import_id <> $1 AND import_id IN (SELECT id FROM roster_import WHERE state = 'looked')"
    )
    .bind(but)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

// Findings and leavers

pub async fn save_findings(tx: &mut Tx, id: i64, findings: &[Finding]) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM roster_import_finding WHERE import_id = $1").bind(id).execute(c).await.map(drop))?;
    let list = Bulk::of(findings);
    on!(tx, |c| sqlx::query(
        "INSERT INTO roster_import_finding (import_id, number, severity, file, row, source_id, field, value, wrong, remedy)
         SELECT $2, CAST(key AS BIGINT), value->>'severity', value->>'file', CAST(value->>'row' AS BIGINT), value->>'source_id',
                value->>'field', value->>'value', value->>'wrong', value->>'remedy' FROM jsonb_each($1)"
    )
    .bind(&list)
    .bind(id)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn save_leavers(tx: &mut Tx, id: i64, leavers: &[Leaver]) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM roster_import_leaver WHERE import_id = $1").bind(id).execute(c).await.map(drop))?;
    let list = Bulk::of(leavers);
    on!(tx, |c| sqlx::query(
        "INSERT INTO roster_import_leaver (import_id, number, kind, name, school)
         SELECT $2, CAST(key AS BIGINT), value->>'kind', value->>'name', value->>'school' FROM jsonb_each($1)"
    )
    .bind(&list)
    .bind(id)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

// What people decide

pub async fn release(tx: &mut Tx, uid: Uuid, by: &str) -> Result<bool> {
    let changed = on!(tx, |c| sqlx::query(
        "UPDATE roster_import SET state = 'waiting', allow_leaving = TRUE, released_by = $2, ended_at = NULL, said = ''
         WHERE uid = $1 AND state = 'held'"
    )
    .bind(uid)
    .bind(by)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}

/// What was only looked at is brought in from now on.
pub async fn run_again(tx: &mut Tx, uid: Uuid) -> Result<bool> {
    let Some(import) = find(tx, uid).await? else { return Ok(false) };
    let counts = without_findings(&ImportReport::blank(&import.report.source, false, import.began_at))?;
    let changed = on!(tx, |c| sqlx::query(
        "UPDATE roster_import SET state = 'waiting', ended_at = NULL, said = '', counts = $2
         WHERE uid = $1 AND state IN ('looked', 'failed')"
    )
    .bind(uid)
    .bind(&counts)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}

pub async fn let_go(tx: &mut Tx, uid: Uuid, from: State) -> Result<bool> {
    let now = tx.now();
    let id: Option<i64> = on!(tx, |c| sqlx::query_scalar(
        "UPDATE roster_import SET state = 'dropped', ended_at = $3 WHERE uid = $1 AND state = $2 RETURNING id"
    )
    .bind(uid)
    .bind(from)
    .bind(now)
    .fetch_optional(c)
    .await)?;
    let Some(id) = id else { return Ok(false) };
    drop_set(tx, id).await?;
    Ok(true)
}

// Running them

pub async fn any_under_way(tx: &mut Tx) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM roster_import WHERE state IN ('waiting', 'running') LIMIT 1")
        .fetch_optional(c)
        .await)?;
    Ok(found.is_some())
}

/// Only one transaction at a time takes imports on. (SQLite has one writer anyway.)
pub async fn alone(tx: &mut Tx) -> Result<()> {
    on!(tx, sqlite "SELECT 1", postgres "SELECT 1 FROM (SELECT pg_advisory_xact_lock(734512087)) AS l", |c, sql| {
        sqlx::query(sql).execute(c).await.map(drop)
    })?;
    Ok(())
}

pub async fn wake(tx: &mut Tx, dead: Moment) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE roster_import SET state = 'waiting', progress = '' WHERE state = 'running' AND seen_at <= $1")
        .bind(dead)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Taken {
    id: i64,
    uid: Uuid,
    source: String,
    counts: String,
    allow_leaving: bool,
    account_id: Option<AccountId>,
    by_name: String,
    released_by: Option<String>,
}

impl Taken {
    fn job(self, token: &str) -> Result<Job> {
        let report: ImportReport =
            serde_json::from_str(&self.counts).map_err(|e| Problem::internal("table roster_import, column counts: not a report", e))?;
        Ok(Job {
            id: self.id,
            uid: self.uid,
            source: self.source,
            wish: Wish { dry_run: report.dry_run, allow_leaving: self.allow_leaving },
            token: token.to_owned(),
            account: self.account_id.unwrap_or(AccountId(0)),
            by_name: self.by_name,
            released_by: self.released_by,
        })
    }
}

/// The oldest that waits, unless one runs.
pub async fn take(tx: &mut Tx, token: &str) -> Result<Option<Job>> {
    let uid: Option<Uuid> = on!(tx, |c| sqlx::query_scalar(
        "SELECT uid FROM roster_import WHERE state = 'waiting'
           AND NOT EXISTS (SELECT 1 FROM roster_import r WHERE r.state = 'running')
         ORDER BY id LIMIT 1"
    )
    .fetch_optional(c)
    .await)?;
    match uid {
        Some(uid) => take_one(tx, uid, token).await,
        None => Ok(None),
    }
}

pub async fn take_one(tx: &mut Tx, uid: Uuid, token: &str) -> Result<Option<Job>> {
    let now = tx.now();
    let progress = running(token, &Standing { file: String::new(), rows: 0 })?;
    let row: Option<Taken> = on!(tx, |c| sqlx::query_as(
        "UPDATE roster_import SET state = 'running', seen_at = $2, progress = $3 WHERE uid = $1 AND state = 'waiting'
         RETURNING id, uid, source, counts, allow_leaving, account_id, by_name, released_by"
    )
    .bind(uid)
    .bind(now)
    .bind(&progress)
    .fetch_optional(c)
    .await)?;
    row.map(|row| row.job(token)).transpose()
}

pub async fn is_ours(tx: &mut Tx, id: i64, token: &str) -> Result<bool> {
    let found: Option<i64> =
        on!(tx, |c| sqlx::query_scalar("SELECT id FROM roster_import WHERE id = $1 AND state = 'running' AND progress LIKE $2")
            .bind(id)
            .bind(of_run(token))
            .fetch_optional(c)
            .await)?;
    Ok(found.is_some())
}

pub async fn heard(tx: &mut Tx, id: i64, token: &str, standing: &Standing) -> Result<()> {
    let now = tx.now();
    let progress = running(token, standing)?;
    on!(tx, |c| sqlx::query(
        "UPDATE roster_import SET seen_at = $3, progress = $4 WHERE id = $1 AND state = 'running' AND progress LIKE $2"
    )
    .bind(id)
    .bind(of_run(token))
    .bind(now)
    .bind(&progress)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// No report leaves what the row says of it as it was. False: the run counts no more.
pub async fn finish(tx: &mut Tx, id: i64, token: &str, state: State, said: &str, report: Option<&ImportReport>) -> Result<bool> {
    let now = tx.now();
    let counts = report.map(without_findings).transpose()?;
    let version = report.map(|r| r.version.as_str());
    let changed = on!(tx, |c| sqlx::query(
        "UPDATE roster_import SET state = $3, said = $4, ended_at = $5, progress = '', seen_at = NULL,
                counts = COALESCE($6, counts), version = COALESCE($7, version)
         WHERE id = $1 AND state = 'running' AND progress LIKE $2"
    )
    .bind(id)
    .bind(of_run(token))
    .bind(state)
    .bind(said)
    .bind(now)
    .bind(counts.as_deref())
    .bind(version)
    .execute(c)
    .await
    .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}
