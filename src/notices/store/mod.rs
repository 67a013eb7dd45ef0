//! What a district has decided: schedule, calendar, what is off; and how the mail server is doing.

pub mod evidence;
pub mod mails;
pub mod morning;
pub mod pages;
pub mod reaching;
pub mod untold;

use super::Schedule;
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Day, Moment, Problem, Result};
use crate::on;
use crate::queue::Kind;

#[derive(sqlx::FromRow)]
pub struct SettingRow {
    hour: i64,
    before: String,
    late_every: i64,
    leaders_after: i64,
    pub before_through: Option<Day>,
    pub late_through: Option<Day>,
}

fn numbers(column: &str, text: &str) -> Result<Vec<i64>> {
    serde_json::from_str(text).map_err(|e| Problem::internal(format!("table notice_setting, column {column}: no list of numbers"), e))
}

impl SettingRow {
    pub fn schedule(&self) -> Result<Schedule> {
        let before = numbers("before", &self.before)?;
        Ok(Schedule { hour: self.hour, before, late_every: self.late_every, leaders_after: self.leaders_after })
    }
}

pub async fn setting(tx: &mut Tx) -> Result<Option<SettingRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT hour, before, late_every, leaders_after, before_through, late_through FROM notice_setting WHERE id = 1"
    )
    .fetch_optional(c)
    .await)?)
}

/// Makes the row, with what held so far, so that a part of it can be changed.
async fn ensure(tx: &mut Tx) -> Result<()> {
    let Schedule { hour, before, late_every, leaders_after } = Schedule::default();
    on!(tx, |c| sqlx::query(
        "INSERT INTO notice_setting (id, hour, before, late_every, leaders_after) VALUES (1, $1, $2, $3, $4)
         ON CONFLICT (id) DO NOTHING"
    )
    .bind(hour)
    .bind(serde_json::json!(before).to_string())
    .bind(late_every)
    .bind(leaders_after)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whoever has it makes the morning's reminders; others wait.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    ensure(tx).await?;
    on!(tx, |c| sqlx::query("UPDATE notice_setting SET id = 1 WHERE id = 1").execute(c).await.map(drop))?;
    Ok(())
}

pub async fn set_schedule(tx: &mut Tx, schedule: &Schedule) -> Result<()> {
    ensure(tx).await?;
    on!(tx, |c| sqlx::query("UPDATE notice_setting SET hour = $1, before = $2, late_every = $3, leaders_after = $4 WHERE id = 1")
        .bind(schedule.hour)
        .bind(serde_json::json!(schedule.before).to_string())
        .bind(schedule.late_every)
        .bind(schedule.leaders_after)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Up to which days reminders are made.
pub async fn set_through(tx: &mut Tx, before: Day, late: Day) -> Result<()> {
    ensure(tx).await?;
    on!(tx, |c| sqlx::query("UPDATE notice_setting SET before_through = $1, late_through = $2 WHERE id = 1")
        .bind(before)
        .bind(late)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Account 0 stands for the whole district.
pub async fn off(tx: &mut Tx, account: AccountId) -> Result<Vec<Kind>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT kind FROM notice_off WHERE account_id = $1 ORDER BY kind").bind(account).fetch_all(c).await)?)
}

pub async fn set_off(tx: &mut Tx, account: AccountId, kinds: &[Kind]) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM notice_off WHERE account_id = $1").bind(account).execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query("INSERT INTO notice_off (kind, account_id) SELECT value->>0, $2 FROM jsonb_each($1)")
        .bind(Bulk::of(kinds.iter().map(|kind| [kind])))
        .bind(account)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// How the mail server is doing.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ServerRow {
    pub sent_at: Option<Moment>,
    pub down_since: Option<Moment>,
    pub said: String,
}

pub async fn server(tx: &mut Tx) -> Result<ServerRow> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT sent_at, down_since, said FROM mail_server WHERE id = 1").fetch_one(c).await)?)
}

/// It doesn't answer; since when, where that isn't known yet, is now.
pub async fn server_down(tx: &mut Tx, said: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("UPDATE mail_server SET down_since = COALESCE(down_since, $1), said = $2 WHERE id = 1")
        .bind(now)
        .bind(said)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn server_up(tx: &mut Tx, sent: bool) -> Result<()> {
    let now = tx.now();
    let at = sent.then_some(now);
    on!(tx, |c| sqlx::query(
        "UPDATE mail_server SET down_since = NULL, said = '', sent_at = COALESCE(CAST($1 AS BIGINT), sent_at) WHERE id = 1"
    )
    .bind(at)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
