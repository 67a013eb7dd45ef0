use super::tree::{Hash, Place, Tiles, hashes};
use crate::db::{Bulk, Tx};
use crate::kernel::{Moment, Problem, Result};
use crate::on;

/// Nodes seal one after another; nobody who answers waits for it.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    on!(tx, sqlite "SELECT 1", postgres "SELECT pg_advisory_xact_lock(2801)", |c, sql| sqlx::query(sql).execute(c).await.map(drop))?;
    Ok(())
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How many answers there are.
pub async fn head(tx: &mut Tx) -> Result<u64> {
    let size: i64 = on!(tx, |c| sqlx::query_scalar("SELECT size FROM log_head WHERE id = 1").fetch_one(c).await)?;
    u64::try_from(size).map_err(|e| Problem::internal("table log_head, column size", e))
}

/// The newest checkpoint: its size and note.
pub async fn newest(tx: &mut Tx) -> Result<Option<(u64, String)>> {
    let found: Option<(i64, String)> =
        on!(tx, |c| sqlx::query_as("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1").fetch_optional(c).await)?;
    found
        .map(|(size, note)| Ok((u64::try_from(size).map_err(|e| Problem::internal("table log_checkpoint, column size", e))?, note)))
        .transpose()
}

/// The newest answer before that moment tells how many there were: the log's order is that of time.
pub async fn kept_before(tx: &mut Tx, moment: Moment) -> Result<u64> {
    let newest: Option<i64> =
        on!(tx, |c| sqlx::query_scalar("SELECT position FROM acknowledgment WHERE at < $1 ORDER BY position DESC LIMIT 1")
            .bind(moment)
            .fetch_optional(c)
            .await)?;
    Ok(newest.and_then(|position| u64::try_from(position).ok()).map_or(0, |position| position + 1))
}

pub async fn covering(tx: &mut Tx, answers: u64) -> Result<Option<(u64, String)>> {
    let found: Option<(i64, String)> =
        on!(tx, |c| sqlx::query_as("SELECT size, note FROM log_checkpoint WHERE size >= $1 ORDER BY size LIMIT 1")
            .bind(number(answers))
            .fetch_optional(c)
            .await)?;
    Ok(found.and_then(|(size, note)| Some((u64::try_from(size).ok()?, note))))
}

/// Public keys with the size since which each signs, the newest last.
pub async fn keys(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT vkey, since_size FROM log_key ORDER BY id").fetch_all(c).await)?)
}

pub async fn add_key(tx: &mut Tx, vkey: &str, since: u64) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO log_key (vkey, since_size) VALUES ($1, $2)")
        .bind(vkey)
        .bind(number(since))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn add_checkpoint(tx: &mut Tx, size: u64, note: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("INSERT INTO log_checkpoint (size, note) VALUES ($1, $2)")
        .bind(number(size))
        .bind(note)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Hashes of records by position from that one on, at most so many, with their positions.
pub async fn leaves(tx: &mut Tx, from: u64, most: u64) -> Result<Vec<(i64, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT position, hash FROM acknowledgment WHERE position >= $1 ORDER BY position LIMIT $2")
        .bind(number(from))
        .bind(number(most))
        .fetch_all(c)
        .await)?)
}

/// The tiles of these places, as far as they are there.
pub async fn tiles(tx: &mut Tx, places: &[Place]) -> Result<Tiles> {
    let found: Vec<(i64, i64, Vec<u8>)> = on!(tx, |c| sqlx::query_as(
        "SELECT t.level, t.number, t.hashes
         FROM jsonb_each($1) j
         JOIN log_tile t ON t.level = CAST(j.value->>0 AS BIGINT) AND t.number = CAST(j.value->>1 AS BIGINT)"
    )
    .bind(Bulk::of(places))
    .fetch_all(c)
    .await)?;
    Ok(Tiles(
        found
            .into_iter()
            .filter_map(|(level, n, bytes)| Some(((u32::try_from(level).ok()?, u64::try_from(n).ok()?), hashes(&bytes))))
            .collect(),
    ))
}

/// Puts a tile there, or the longer form of one that grew.
pub async fn put_tile(tx: &mut Tx, place: Place, hashes: &[Hash]) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "INSERT INTO log_tile (level, number, hashes) VALUES ($1, $2, $3)
         ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes"
    )
    .bind(i64::from(place.0))
    .bind(number(place.1))
    .bind(hashes.as_flattened())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
