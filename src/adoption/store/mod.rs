pub mod evidence;

use uuid::Uuid;

use super::{Adoption, Meeting, Notice, Vote};
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Result, VersionId};
use crate::on;

fn account(actor: &Actor) -> Option<AccountId> {
    (actor.account.0 != 0).then_some(actor.account)
}

pub async fn insert_notice(tx: &mut Tx, actor: &Actor, version: VersionId, notice: &Notice) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO notice (uid, version_id, posted, from_day, body, account_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(notice.uid)
    .bind(version)
    .bind(&notice.posted)
    .bind(notice.from_day)
    .bind(&notice.body)
    .bind(account(actor))
    .bind(notice.at)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn notices(tx: &mut Tx, version: VersionId) -> Result<Vec<Notice>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT uid, posted, from_day, body, at FROM notice WHERE version_id = $1 ORDER BY from_day, id")
        .bind(version)
        .fetch_all(c)
        .await)?)
}

pub async fn insert_meeting(tx: &mut Tx, actor: &Actor, version: VersionId, meeting: &Meeting) -> Result<()> {
    on!(tx, |c| {
        sqlx::query(
            "INSERT INTO meeting (uid, version_id, kind, day, place, agenda, minutes, account_id, at, attendance)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(meeting.uid)
        .bind(version)
        .bind(meeting.kind)
        .bind(meeting.day)
        .bind(&meeting.place)
        .bind(&meeting.agenda)
        .bind(&meeting.minutes)
        .bind(account(actor))
        .bind(meeting.at)
        .bind(&meeting.attendance)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

pub async fn meetings(tx: &mut Tx, version: VersionId) -> Result<Vec<Meeting>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT uid, kind, day, place, agenda, minutes, attendance, at FROM meeting WHERE version_id = $1 ORDER BY day, id"
    )
    .bind(version)
    .fetch_all(c)
    .await)?)
}

pub async fn meeting_version(tx: &mut Tx, uid: Uuid) -> Result<Option<VersionId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT version_id FROM meeting WHERE uid = $1").bind(uid).fetch_optional(c).await)?)
}

/// Writes who was there where nobody has yet.
pub async fn set_attendance(tx: &mut Tx, uid: Uuid, attendance: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE meeting SET attendance = $2 WHERE uid = $1 AND attendance = ''")
        .bind(uid)
        .bind(attendance)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// False when they are written already.
pub async fn set_minutes(tx: &mut Tx, uid: Uuid, minutes: &str) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query("UPDATE meeting SET minutes = $2 WHERE uid = $1 AND minutes = ''")
        .bind(uid)
        .bind(minutes)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?
        == 1)
}

pub async fn insert_vote(tx: &mut Tx, actor: &Actor, version: VersionId, adoption: &Adoption) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO adoption (version_id, votes_for, against, abstained, resolution, day, account_id, by_name, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(version)
    .bind(adoption.votes_for)
    .bind(adoption.against)
    .bind(adoption.abstained)
    .bind(adoption.resolution.trim())
    .bind(adoption.day)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn vote(tx: &mut Tx, version: VersionId) -> Result<Option<Vote>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT votes_for, against, abstained, resolution, day, by_name, at FROM adoption WHERE version_id = $1"
    )
    .bind(version)
    .fetch_optional(c)
    .await)?)
}
