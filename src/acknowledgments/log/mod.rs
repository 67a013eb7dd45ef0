//! The log of answers: what makes it show when an answer is changed, removed or slipped in, even by whoever keeps the database.
//!
//! Each answer takes the next position when it is kept, and nothing else. Sealing, a separate act, puts the hashes of what was answered
//! since into the tree (RFC 9162; [`tree`]), stores its tiles (C2SP tlog-tiles), and signs a checkpoint of it (C2SP tlog-checkpoint,
//! Ed25519; [`note`]). An entry is the SHA-256 of the record's canonical form: the log holds nothing about anybody, and may be read by all.
//! Who keeps a checkpoint elsewhere can tell later whether the log still begins as it did.

pub mod key;
mod layout;
pub mod note;
mod proof;
pub(super) mod store;
pub mod tree;

pub use layout::{Resource, export};
pub use note::{Checkpoint, PublicKey, SecretKey};
pub use proof::Proof;

use std::path::Path;

use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Chance, Moment, Problem, Result};
use crate::roster::District;
use tree::{Edge, Hash};

/// Answers that one sealing takes at most, so that the one writer of SQLite is free again soon.
const MOST: u64 = 131_072;
/// Answers read at once.
const PACK: u64 = 4_096;

/// What a sealing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    pub added: u64,
    pub size: u64,
}

/// How many answers aren't sealed yet.
pub async fn unsealed(tx: &mut Tx) -> Result<u64> {
    let sealed = store::newest(tx).await?.map_or(0, |(size, _)| size);
    Ok(store::head(tx).await?.saturating_sub(sealed))
}

/// Seals what was answered since the last time, up to 131,072 answers; `None` where that is nothing. The caller is the worker or the
/// operator: what is sealed follows from what is there, so that no right is asked for.
///
/// # Errors
/// `Conflict` where the key isn't the log's, where an answer is missing, or where the log isn't as it was signed: it is never carried on
/// over a break.
pub async fn seal(tx: &mut Tx, key: &SecretKey) -> Result<Option<Sealed>> {
    store::lock(tx).await?;
    let head = store::head(tx).await?;
    let newest = store::newest(tx).await?;
    let sealed = newest.as_ref().map_or(0, |(size, _)| *size);
    if head <= sealed {
        return Ok(None);
    }
    let keys = keys(tx).await?;
    if keys.last() != Some(&key.public()) {
        return Err(Problem::conflict("the log goes on with another key than the one that this program began with: start it again"));
    }
    let mut edge = match &newest {
        None => Edge::default(),
        Some((size, note)) => edge(tx, *size, note, &keys).await?,
    };
    let end = head.min(sealed + MOST);
    while edge.size() < end {
        let mut full = Vec::new();
        let pack = store::leaves(tx, edge.size(), PACK.min(end - edge.size())).await?;
        if pack.is_empty() {
            return Err(missing(edge.size()));
        }
        for (position, hash) in pack {
            if u64::try_from(position) != Ok(edge.size()) {
                return Err(missing(edge.size()));
            }
            edge.push(tree::leaf(&record_hash(position, &hash)?), |place, hashes| full.push((place, hashes)));
        }
        for (place, hashes) in full {
            store::put_tile(tx, place, &hashes).await?;
        }
    }
    for (place, hashes) in edge.partial() {
        store::put_tile(tx, place, hashes).await?;
    }
    store::add_checkpoint(tx, edge.size(), &key.sign(edge.size(), &edge.root())).await?;
    Ok(Some(Sealed { added: edge.size() - sealed, size: edge.size() }))
}

fn missing(position: u64) -> Problem {
    Problem::conflict(format!("answer number {position} is missing: nothing more is sealed. Run `assent verify`"))
}

/// The tree's edge at the newest checkpoint, held against what was signed.
async fn edge(tx: &mut Tx, size: u64, note: &str, keys: &[PublicKey]) -> Result<Edge> {
    let broken = |why: &str| Problem::conflict(format!("the log isn't as it was signed at {size} answers ({why}): run `assent verify`"));
    let checkpoint = Checkpoint::open(note, keys).map_err(broken)?;
    let places: Vec<_> = Edge::places(size).into_iter().map(|(place, _)| place).collect();
    let edge = Edge::load(size, &store::tiles(tx, &places).await?).ok_or_else(|| broken("a tile is missing"))?;
    if checkpoint.size == size && edge.root() == checkpoint.root { Ok(edge) } else { Err(broken("its root differs")) }
}

/// A record's hash as 32 bytes.
fn record_hash(position: i64, hash: &str) -> Result<Hash> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(hash, &mut bytes)
        .map_err(|_| Problem::conflict(format!("the hash of answer number {position} isn't one: run `assent verify`")))?;
    Ok(bytes)
}

/// The log's public keys, the newest last.
pub async fn keys(tx: &mut Tx) -> Result<Vec<PublicKey>> {
    let readable = |(vkey, _): (String, i64)| PublicKey::parse(&vkey).map_err(|why| Problem::internal("table log_key, column vkey", why));
    store::keys(tx).await?.into_iter().map(readable).collect()
}

/// How many answers were kept before that moment.
pub async fn kept_before(tx: &mut Tx, moment: Moment) -> Result<u64> {
    store::kept_before(tx, moment).await
}

/// The first checkpoint that covers so many answers: its size and note; `None` where they aren't sealed yet.
pub async fn covering(tx: &mut Tx, answers: u64) -> Result<Option<(u64, String)>> {
    store::covering(tx, answers).await
}

/// The public keys by which checkpoints up to that size are signed, the newest last.
pub async fn keys_until(tx: &mut Tx, size: u64) -> Result<Vec<String>> {
    let keys = store::keys(tx).await?;
    Ok(keys.into_iter().filter(|(_, since)| u64::try_from(*since).is_ok_and(|since| since < size)).map(|(key, _)| key).collect())
}

/// The newest signed checkpoint, as it is given out.
pub async fn checkpoint(tx: &mut Tx) -> Result<Option<String>> {
    Ok(store::newest(tx).await?.map(|(_, note)| note))
}

/// The proof of the answer at that position against the newest checkpoint; `None` where it isn't sealed yet. Whether the caller may see the
/// record is the caller's to know.
///
/// # Errors
/// `Conflict` where the log doesn't hold this record, so that nobody is handed a proof that proves nothing.
pub async fn prove(tx: &mut Tx, position: i64, hash: &str) -> Result<Option<Proof>> {
    let Some((size, note)) = store::newest(tx).await? else { return Ok(None) };
    let Some(index) = u64::try_from(position).ok().filter(|index| *index < size) else { return Ok(None) };
    let unlike =
        || Problem::conflict("The log doesn't hold this record as it stands here. Please tell the district's technology director.");
    let keys = keys(tx).await?;
    let (checkpoint, key) =
        keys.into_iter().find_map(|key| Some((Checkpoint::open(&note, std::slice::from_ref(&key)).ok()?, key))).ok_or_else(unlike)?;
    let tiles = store::tiles(tx, &tree::tiles_for(index, size)).await?;
    let path = tiles.inclusion(index, size).ok_or_else(unlike)?;
    let proof = Proof { position: index, size, root: checkpoint.root, path, note, key };
    let leaf = tree::leaf(&record_hash(position, hash)?);
    if tree::root_by(&leaf, index, size, &proof.path) == Some(proof.root) { Ok(Some(proof)) } else { Err(unlike()) }
}

/// That the log at the newest checkpoint begins as it did at `old` answers: in the form in which C2SP tlog-witness is told of a checkpoint
/// (`old N`, the proof's hashes, an empty line, the checkpoint). `None` where nothing is sealed, or not so much.
pub async fn since(tx: &mut Tx, old: u64) -> Result<Option<String>> {
    let Some((size, note)) = store::newest(tx).await?.filter(|(size, _)| old <= *size) else { return Ok(None) };
    let tiles = store::tiles(tx, &tree::tiles_for(old.saturating_sub(1), size)).await?;
    let Some(path) = tiles.consistency(old, size) else { return Ok(None) };
    Ok(Some(format!("old {old}\n{}\n{note}", layout::lines(&path))))
}

/// The key to seal with, from its file. A log without any key begins here: with the file's, or with a new one that is written there.
///
/// # Errors
/// `Conflict` where the log goes on with a key that isn't in the file: it says what to do.
pub async fn use_key(tx: &mut Tx, actor: &Actor, district: &District, path: &Path) -> Result<SecretKey> {
    let in_file = key::read(path)?;
    let Some(current) = keys(tx).await?.pop() else {
        store::lock(tx).await?;
        let (key, fresh) = match in_file {
            Some(key) => (key, false),
            None => (SecretKey::new(origin(district, tx.chance()), tx.chance().bytes()), true),
        };
        begin(tx, actor, &key, 0).await?;
        if fresh {
            key::write(path, &key)?;
        }
        return Ok(key);
    };
    let remedy = "If it is lost, `assent log new-key` begins another one; what was sealed stays as it is";
    match in_file {
        Some(key) if key.public() == current => Ok(key),
        Some(key) => Err(Problem::conflict(format!(
            "{} holds the key {}, but this district's log goes on with {current}. Put that key's file there, or name it with --log-key. {remedy}",
            path.display(),
            key.public()
        ))),
        None => Err(Problem::conflict(format!(
            "{} isn't there: it holds the key by which this district's log is signed ({current}). Put it back from your backup, or name it \
             with --log-key. {remedy}",
            path.display()
        ))),
    }
}

async fn begin(tx: &mut Tx, actor: &Actor, key: &SecretKey, since: u64) -> Result<()> {
    let vkey = key.public().to_string();
    store::add_key(tx, &vkey, since).await?;
    audit::record(tx, actor, "log.key", &key.public().name, serde_json::json!({ "vkey": vkey, "since": since })).await
}

/// Begins a new key from here on, in that file; an old file there is kept beside it. Checkpoints until now stay good under the old key.
/// `origin` renames the log, while nothing is sealed: `schools.example.org/acknowledgments`, say.
///
/// # Errors
/// `Invalid` for an origin that can't be one; `Conflict` for another one once something is sealed.
pub async fn new_key(tx: &mut Tx, actor: &Actor, district: &District, path: &Path, wanted: Option<&str>) -> Result<SecretKey> {
    store::lock(tx).await?;
    let before = keys(tx).await?;
    let sealed = store::newest(tx).await?.map_or(0, |(size, _)| size);
    let name = match (wanted, before.last()) {
        (Some(name), _) if !note::is_name(name) => {
            return Err(Problem::invalid("origin", "write it without spaces and plus signs, like schools.example.org/acknowledgments"));
        }
        (Some(name), Some(key)) if sealed > 0 && key.name != name => {
            return Err(Problem::conflict(format!("the log is known as {} since its first checkpoint, and stays it", key.name)));
        }
        (Some(name), _) => name.to_owned(),
        (None, Some(key)) => key.name.clone(),
        (None, None) => origin(district, tx.chance()),
    };
    let key = SecretKey::new(name, tx.chance().bytes());
    begin(tx, actor, &key, sealed).await?;
    if path.exists() {
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".until-{}", before.len()));
        std::fs::rename(path, &aside)?;
    }
    key::write(path, &key)?;
    Ok(key)
}

/// A log's name in the world: the district's name in plain letters, eight digits of chance (two districts may be called alike), and what
/// it is a log of. No address is in it, for the district's address may change; `assent log new-key --origin` gives another one.
fn origin(district: &District, chance: &mut Chance) -> String {
    let mut slug = String::new();
    for letter in district.name.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    format!("{}-{}/acknowledgments", slug.trim_end_matches('-'), hex::encode(chance.bytes::<4>())).trim_start_matches('-').to_owned()
}
