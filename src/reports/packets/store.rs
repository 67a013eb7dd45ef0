use uuid::Uuid;

use super::{Packet, Question, State};
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Moment, Problem, Result};
use crate::on;

/// Bytes of one part.
const PART: usize = 1 << 20;

fn text(question: &Question) -> Result<String> {
    crate::kernel::digest::canonical(question)
}

fn read_question(uid: Uuid, text: &str) -> Result<Question> {
    serde_json::from_str(text).map_err(|e| Problem::internal(format!("table packet, column question, {uid}"), e))
}

/// A packet that was taken on.
#[derive(Debug, Clone)]
pub struct Job {
    pub uid: Uuid,
    pub question: Question,
    pub account: AccountId,
    pub by_name: String,
    pub(super) tries: i64,
    run: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    uid: Uuid,
    question: String,
    account_id: AccountId,
    actor_name: String,
    made_at: Moment,
    state: State,
    ended_at: Option<Moment>,
    bytes: i64,
    sha256: String,
    said: String,
}

impl Row {
    fn packet(self) -> Result<Packet> {
        Ok(Packet {
            uid: self.uid,
            question: read_question(self.uid, &self.question)?,
            account: self.account_id,
            by_name: self.actor_name,
            asked_at: self.made_at,
            state: self.state,
            ended_at: self.ended_at,
            bytes: self.bytes,
            sha256: self.sha256,
            said: self.said,
        })
    }
}

macro_rules! packets {
    ($rest:literal) => {
        concat!("SELECT uid, question, account_id, actor_name, made_at, state, ended_at, bytes, sha256, said FROM packet ", $rest)
    };
}

/// The account's packet of the same question that is there or under way.
pub async fn same(tx: &mut Tx, account: AccountId, question: &Question) -> Result<Option<Uuid>> {
    let question = text(question)?;
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT uid FROM packet WHERE account_id = $1 AND question = $2 AND state <> 'failed' ORDER BY id DESC LIMIT 1"
    )
    .bind(account)
    .bind(&question)
    .fetch_optional(c)
    .await)?)
}

pub async fn insert(tx: &mut Tx, actor: &Actor, uid: Uuid, question: &Question) -> Result<()> {
    let (now, question) = (tx.now(), text(question)?);
    on!(tx, |c| sqlx::query(
        "INSERT INTO packet (uid, question, account_id, actor_name, made_at, state) VALUES ($1, $2, $3, $4, $5, 'waiting')"
    )
    .bind(uid)
    .bind(&question)
    .bind(actor.account)
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn list(tx: &mut Tx, account: AccountId) -> Result<Vec<Packet>> {
    let rows: Vec<Row> =
        on!(tx, |c| sqlx::query_as(packets!("WHERE account_id = $1 ORDER BY id DESC LIMIT 50")).bind(account).fetch_all(c).await)?;
    rows.into_iter().map(Row::packet).collect()
}

pub async fn get(tx: &mut Tx, uid: Uuid) -> Result<Option<Packet>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(packets!("WHERE uid = $1")).bind(uid).fetch_optional(c).await)?;
    row.map(Row::packet).transpose()
}

pub async fn read(tx: &mut Tx, uid: Uuid) -> Result<Vec<u8>> {
    let parts: Vec<Vec<u8>> = on!(tx, |c| sqlx::query_scalar(
        "SELECT b.bytes FROM packet p JOIN packet_part b ON b.packet_id = p.id WHERE p.uid = $1 ORDER BY b.part"
    )
    .bind(uid)
    .fetch_all(c)
    .await)?;
    Ok(parts.concat())
}

pub async fn remove(tx: &mut Tx, uid: Uuid) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM packet_part WHERE packet_id = (SELECT id FROM packet WHERE uid = $1)")
        .bind(uid)
        .execute(c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query("DELETE FROM packet WHERE uid = $1").bind(uid).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn any_under_way(tx: &mut Tx, dead: Moment) -> Result<bool> {
    let found: Option<i64> =
        on!(tx, |c| sqlx::query_scalar("SELECT id FROM packet WHERE state = 'waiting' OR (state = 'running' AND taken_at <= $1) LIMIT 1")
            .bind(dead)
            .fetch_optional(c)
            .await)?;
    Ok(found.is_some())
}

#[derive(sqlx::FromRow)]
struct Taken {
    uid: Uuid,
    question: String,
    account_id: AccountId,
    actor_name: String,
    tries: i64,
    run: String,
}

pub async fn take(tx: &mut Tx, dead: Moment, run: &str) -> Result<Option<Job>> {
    macro_rules! take {
        ($lock:literal) => {
            concat!(
                "UPDATE packet SET state = 'running', run = $2, taken_at = $3, tries = tries + 1
                 WHERE id = (SELECT id FROM packet WHERE state = 'waiting' OR (state = 'running' AND taken_at <= $1) ORDER BY id LIMIT 1",
                $lock,
                ") RETURNING uid, question, account_id, actor_name, tries, run"
            )
        };
    }
    let now = tx.now();
    let taken: Option<Taken> = on!(tx, sqlite take!(""), postgres take!(" FOR UPDATE SKIP LOCKED"), |c, sql| sqlx::query_as(sql)
        .bind(dead)
        .bind(run)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    taken
        .map(|t| {
            Ok(Job {
                uid: t.uid,
                question: read_question(t.uid, &t.question)?,
                account: t.account_id,
                by_name: t.actor_name,
                tries: t.tries,
                run: t.run,
            })
        })
        .transpose()
}

pub async fn put_back(tx: &mut Tx, job: &Job) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE packet SET state = 'waiting', run = '', tries = tries - 1 WHERE uid = $1 AND run = $2")
        .bind(job.uid)
        .bind(&job.run)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// False where another run has it, or somebody took it away.
pub async fn finish(tx: &mut Tx, job: &Job, bytes: &[u8], sha256: &str) -> Result<bool> {
    let (now, size) = (tx.now(), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let id: Option<i64> = on!(tx, |c| {
        sqlx::query_scalar(
        "UPDATE packet SET state = 'ready', ended_at = $3, bytes = $4, sha256 = $5, said = '' WHERE uid = $1 AND run = $2 AND state = 'running'
         RETURNING id"
    )
    .bind(job.uid)
    .bind(&job.run)
    .bind(now)
    .bind(size)
    .bind(sha256)
    .fetch_optional(c)
    .await
    })?;
    let Some(id) = id else { return Ok(false) };
    for (number, part) in (0_i64..).zip(bytes.chunks(PART)) {
        on!(tx, |c| sqlx::query("INSERT INTO packet_part (packet_id, part, bytes) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(number)
            .bind(part)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(true)
}

/// False where another run has it, or somebody took it away.
pub async fn fail(tx: &mut Tx, job: &Job, said: &str) -> Result<bool> {
    let now = tx.now();
    let id: Option<i64> = on!(tx, |c| sqlx::query_scalar(
        "UPDATE packet SET state = 'failed', ended_at = $3, said = $4 WHERE uid = $1 AND run = $2 AND state = 'running' RETURNING id"
    )
    .bind(job.uid)
    .bind(&job.run)
    .bind(now)
    .bind(said)
    .fetch_optional(c)
    .await)?;
    Ok(id.is_some())
}

pub async fn any_before(tx: &mut Tx, before: Moment) -> Result<bool> {
    let found: Option<i64> =
        on!(tx, |c| sqlx::query_scalar("SELECT id FROM packet WHERE ended_at < $1 LIMIT 1").bind(before).fetch_optional(c).await)?;
    Ok(found.is_some())
}

pub async fn forget(tx: &mut Tx, before: Moment) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM packet_part WHERE packet_id IN (SELECT id FROM packet WHERE ended_at < $1)")
        .bind(before)
        .execute(c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query("DELETE FROM packet WHERE ended_at < $1").bind(before).execute(c).await.map(drop))?;
    Ok(())
}
