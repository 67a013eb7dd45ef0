use uuid::Uuid;

use super::Known;
use crate::acknowledgments::log::tree::{Place, Tiles, hashes};
use crate::db::Tx;
use crate::kernel::{Day, Moment, Result};
use crate::on;

/// A record as it is hashed, with what it refers to. Whoever isn't there any more is `None`.
#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub position: i64,
    pub uid: Uuid,
    pub person: Option<Uuid>,
    pub about: Option<Uuid>,
    pub capacity: String,
    pub authenticated: String,
    pub recorded_by: Option<i64>,
    pub paper: Option<String>,
    pub signed_day: Option<Day>,
    pub scan_sha256: Option<String>,
    pub version_id: i64,
    pub language: String,
    pub text_hash: String,
    pub statement: String,
    pub answer: String,
    pub choices: String,
    pub reason: String,
    pub signed_name: String,
    pub at: Moment,
    pub hash: String,
    /// The requirement of its duty; `None` where the duty is another person's. What guardians are asked for a child may be taken back by
    /// another guardian, and by the child at 18.
    pub requirement_id: Option<i64>,
}

/// Records behind that position, so many. What they refer to is looked up for each by its key: joined, PostgreSQL would read whole tables
/// for each pack.
pub async fn rows(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<Row>> {
    Ok(on!(tx, |c| {
        sqlx::query_as(
            "SELECT k.position, k.uid, (SELECT p.uid FROM person p WHERE p.id = k.person_id) AS person,
                (SELECT a.uid FROM person a WHERE a.id = k.about_id) AS about, k.capacity, k.authenticated, k.recorded_by, k.paper, k.signed_day,
                k.scan_sha256, k.version_id, k.language,
                k.text_hash, k.statement, k.answer, k.choices, k.reason, k.signed_name, k.at, k.hash,
                (SELECT o.requirement_id FROM obligation o
                 WHERE o.id = k.obligation_id AND o.about_id = k.about_id
                   AND (o.person_id = k.person_id OR o.person_id <> o.about_id)) AS requirement_id
         FROM acknowledgment k
         WHERE k.position > $1
         ORDER BY k.position LIMIT $2",
        )
        .bind(after)
        .bind(most)
        .fetch_all(c)
        .await
    })?)
}

/// Records without a place that can be one.
pub async fn nowhere(tx: &mut Tx) -> Result<Vec<(Uuid, Option<i64>)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT uid, position FROM acknowledgment WHERE position IS NULL
         UNION ALL
         SELECT uid, position FROM acknowledgment WHERE position < 0"
    )
    .fetch_all(c)
    .await)?)
}

pub async fn known(tx: &mut Tx) -> Result<Known> {
    let versions: Vec<(i64, String, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT v.id, y.slug, v.number FROM policy_version v JOIN policy y ON y.id = v.policy_id")
            .fetch_all(c)
            .await)?;
    let accounts: Vec<(i64, Uuid)> = on!(tx, |c| sqlx::query_as(
        "SELECT w.id, w.uid FROM account w
         WHERE w.id IN (SELECT k.recorded_by FROM acknowledgment k WHERE k.recorded_by IS NOT NULL)"
    )
    .fetch_all(c)
    .await)?;
    let asked: Vec<(i64, i64)> =
        on!(tx, |c| sqlx::query_as("SELECT id, subject_id FROM requirement WHERE subject_kind = 'policy'").fetch_all(c).await)?;
    Ok(Known {
        versions: versions.into_iter().map(|(id, slug, number)| (id, (slug, number))).collect(),
        accounts: accounts.into_iter().collect(),
        asked: asked.into_iter().collect(),
    })
}

/// How many answers the head says there are.
pub async fn head(tx: &mut Tx) -> Result<i64> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT size FROM log_head WHERE id = 1").fetch_optional(c).await)?;
    Ok(found.unwrap_or(0))
}

pub async fn keys(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT vkey, since_size FROM log_key ORDER BY id").fetch_all(c).await)?)
}

pub async fn checkpoints(tx: &mut Tx) -> Result<Vec<(i64, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT size, note FROM log_checkpoint ORDER BY size").fetch_all(c).await)?)
}

/// How many tiles of leaves there are.
pub async fn count_tiles(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT COUNT(*) FROM log_tile WHERE level = 0").fetch_one(c).await)?)
}

/// Tiles of leaves behind that number, up to another, some at once.
pub async fn tiles(tx: &mut Tx, after: i64, to: i64) -> Result<Vec<(i64, Vec<u8>)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT number, hashes FROM log_tile WHERE level = 0 AND number > $1 AND number <= $2 ORDER BY number LIMIT 64"
    )
    .bind(after)
    .bind(to)
    .fetch_all(c)
    .await)?)
}

/// The tiles above those of leaves: one hash for 256 answers. Places that no tile can have come first, as they are.
pub async fn upper_tiles(tx: &mut Tx) -> Result<(Vec<(i64, i64)>, Tiles)> {
    let found: Vec<(i64, i64, Vec<u8>)> =
        on!(tx, |c| sqlx::query_as("SELECT level, number, hashes FROM log_tile WHERE level <> 0 OR number < 0").fetch_all(c).await)?;
    let (mut strays, mut tiles) = (Vec::new(), Tiles::default());
    for (level, number, bytes) in found {
        match (u32::try_from(level), u64::try_from(number)) {
            (Ok(of), Ok(n)) if bytes.len() % 32 == 0 => drop(tiles.0.insert(Place::from((of, n)), hashes(&bytes))),
            _ => strays.push((level, number)),
        }
    }
    Ok((strays, tiles))
}
