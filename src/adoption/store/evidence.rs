use uuid::Uuid;

use super::account;
use crate::adoption::evidence::{AboutKind, File, Kind};
use crate::db::Tx;
use crate::kernel::{Actor, Day, PolicyId, Result, VersionId};
use crate::on;

/// Bytes of one part.
const PART: usize = 1 << 20;

macro_rules! file_columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, uid, about_kind, about, policy_id, funding_year, item, name, note, kind, size, sha256, by_name, at, keep_until,
                    released_day
             FROM evidence_file ",
            $rest
        )
    };
}

/// What a new file is, and of what.
pub struct NewRow<'a> {
    pub uid: Uuid,
    pub about_kind: AboutKind,
    pub about: Option<Uuid>,
    pub policy: Option<PolicyId>,
    pub funding_year: Option<i64>,
    pub item: &'a str,
    pub name: &'a str,
    pub note: &'a str,
    pub kind: Kind,
    pub sha256: &'a str,
    pub keep_until: Option<Day>,
}

pub async fn insert(tx: &mut Tx, actor: &Actor, row: &NewRow<'_>, bytes: &[u8]) -> Result<()> {
    let now = tx.now();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let id: i64 = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO evidence_file (uid, about_kind, about, policy_id, funding_year, item, name, note, kind, size, sha256, account_id,
                                    by_name, at, keep_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id"
    )
    .bind(row.uid)
    .bind(row.about_kind)
    .bind(row.about)
    .bind(row.policy)
    .bind(row.funding_year)
    .bind(row.item)
    .bind(row.name)
    .bind(row.note)
    .bind(row.kind)
    .bind(size)
    .bind(row.sha256)
    .bind(account(actor))
    .bind(&actor.name)
    .bind(now)
    .bind(row.keep_until)
    .fetch_one(c)
    .await)?;
    for (number, part) in (0_i64..).zip(bytes.chunks(PART)) {
        on!(tx, |c| sqlx::query("INSERT INTO evidence_part (file_id, part, bytes) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(number)
            .bind(part)
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}

pub async fn file(tx: &mut Tx, uid: Uuid) -> Result<Option<File>> {
    Ok(on!(tx, |c| sqlx::query_as(file_columns!("WHERE uid = $1")).bind(uid).fetch_optional(c).await)?)
}

/// Of a notice, a meeting, a vote or a review, oldest first.
pub async fn about(tx: &mut Tx, about: Uuid) -> Result<Vec<File>> {
    Ok(on!(tx, |c| sqlx::query_as(file_columns!("WHERE about = $1 ORDER BY id")).bind(about).fetch_all(c).await)?)
}

/// Of a funding year's list, by entry, oldest first.
pub async fn of_year(tx: &mut Tx, year: i64) -> Result<Vec<File>> {
    Ok(on!(tx, |c| sqlx::query_as(file_columns!("WHERE funding_year = $1 ORDER BY item, id")).bind(year).fetch_all(c).await)?)
}

/// The funding years of which there are files.
pub async fn years(tx: &mut Tx) -> Result<Vec<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT DISTINCT funding_year FROM evidence_file WHERE funding_year IS NOT NULL ORDER BY 1")
        .fetch_all(c)
        .await)?)
}

pub async fn bytes(tx: &mut Tx, file: i64) -> Result<Vec<u8>> {
    let parts: Vec<Vec<u8>> =
        on!(tx, |c| sqlx::query_scalar("SELECT bytes FROM evidence_part WHERE file_id = $1 ORDER BY part").bind(file).fetch_all(c).await)?;
    Ok(parts.concat())
}

/// Lets the bytes go; the row and its hash stay. False where they have gone already.
pub async fn release(tx: &mut Tx, file: i64, day: Day) -> Result<bool> {
    let released = on!(tx, |c| sqlx::query("UPDATE evidence_file SET released_day = $2 WHERE id = $1 AND released_day IS NULL")
        .bind(file)
        .bind(day)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    if released == 1 {
        on!(tx, |c| sqlx::query("DELETE FROM evidence_part WHERE file_id = $1").bind(file).execute(c).await.map(drop))?;
    }
    Ok(released == 1)
}

/// The policy of the notice, meeting, vote (by its version) or review of that uid.
pub async fn policy_of(tx: &mut Tx, kind: AboutKind, uid: Uuid) -> Result<Option<(PolicyId, Option<VersionId>)>> {
    let sql = match kind {
        AboutKind::Notice => "SELECT v.policy_id, v.id FROM notice n JOIN policy_version v ON v.id = n.version_id WHERE n.uid = $1",
        AboutKind::Meeting => "SELECT v.policy_id, v.id FROM meeting m JOIN policy_version v ON v.id = m.version_id WHERE m.uid = $1",
        AboutKind::Vote => "SELECT v.policy_id, v.id FROM policy_version v JOIN adoption a ON a.version_id = v.id WHERE v.uid = $1",
        AboutKind::Review => "SELECT policy_id, version_id FROM policy_review WHERE uid = $1",
        AboutKind::Year => return Ok(None),
    };
    Ok(on!(tx, |c| sqlx::query_as(sql).bind(uid).fetch_optional(c).await)?)
}
