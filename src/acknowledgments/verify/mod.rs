//! Holds every answer against its hash and its place in the log, the log against what was signed, and every answered duty against its
//! answer: part of `assent verify`. What it finds it names. Reading and reckoning go on at the same time, a pack of records at once, so that
//! a million take seconds and little memory.

mod reckoning;
mod sealed;
mod store;

use std::collections::HashMap;

use serde::Serialize;
use tokio::sync::mpsc;

use super::log::note::{Checkpoint, PublicKey};
use crate::db::Tx;
use crate::kernel::{Problem, Result};
use reckoning::Reckoning;
use sealed::Signed;

/// Something that isn't as it was, or a duty without its answer.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Broken {
    /// The record's or person's uid, or the part of the log.
    pub subject: String,
    /// The place in the log, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    pub what: String,
}

/// What the check looked at, and what it found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Checked {
    pub records: u64,
    /// How many of them a signed checkpoint covers.
    pub sealed: u64,
    pub checkpoints: u64,
    /// At most [`MOST`]; `differ` counts them all.
    pub broken: Vec<Broken>,
    pub differ: u64,
}

/// So many are named.
const MOST: usize = 1_000;
/// Records read at once.
const PACK: i64 = 4_096;
/// Packs that wait to be reckoned.
const WAITING: usize = 3;

impl Checked {
    fn say(&mut self, subject: impl Into<String>, position: Option<u64>, what: impl Into<String>) {
        self.differ += 1;
        if self.broken.len() < MOST {
            self.broken.push(Broken { subject: subject.into(), position, what: what.into() });
        }
    }
}

/// What the log is held against besides what the database says of itself.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Believe these keys alone; empty: those that the database names.
    pub keys: Vec<PublicKey>,
    /// Signed checkpoints that somebody kept elsewhere, each with the name of its file.
    pub kept: Vec<(String, String)>,
}

/// Checks everything against what the database says of itself: see [`against`].
pub async fn records(tx: &mut Tx) -> Result<Checked> {
    against(tx, &Trust::default()).await
}

/// Recomputes every record's hash from its columns, its leaf, the tiles above, the root of each checkpoint and its signature; finds gaps,
/// records that stand where another was sealed, and answered duties whose answer is missing or says otherwise.
pub async fn against(tx: &mut Tx, trust: &Trust) -> Result<Checked> {
    let mut checked = Checked::default();
    let head = store::head(tx).await?;
    let signed = signed(tx, trust, head, &mut checked).await?;
    let known = store::known(tx).await?;
    let tiles_at_most = store::count_tiles(tx).await?;
    for (uid, position) in store::nowhere(tx).await? {
        checked.say(
            uid.to_string(),
            None,
            match position {
                None => "the record has no place in the log".to_owned(),
                Some(position) => format!("the record stands at {position}, which is no place in the log"),
            },
        );
    }
    let upper = store::upper_tiles(tx).await?;
    let reckoning = Reckoning::new(checked, known, signed, upper, tiles_at_most, head);

    let (send, mut packs) = mpsc::channel(WAITING);
    let work = tokio::task::spawn_blocking(move || {
        let mut reckoning = reckoning;
        while let Some(pack) = packs.blocking_recv() {
            match pack {
                Pack::Tiles(tiles) => reckoning.tiles(tiles),
                Pack::Rows(rows) => rows.into_iter().for_each(|row| reckoning.row(row)),
            }
        }
        reckoning.finish()
    });
    let read = read(tx, &send).await;
    drop(send);
    let mut checked = work.await.map_err(|e| Problem::internal("checking the records broke off", e))?;
    read?;
    for (person, title) in super::store::answered_without_record(tx).await? {
        checked.say(person.to_string(), None, format!("“{title}” counts as answered, but no such answer is on record"));
    }
    Ok(checked)
}

enum Pack {
    Tiles(Vec<(i64, Vec<u8>)>),
    Rows(Vec<store::Row>),
}

/// Reads the records in the order of the log; before each pack the tiles that it is held against, and at the end the tiles that are left.
async fn read(tx: &mut Tx, send: &mpsc::Sender<Pack>) -> Result<()> {
    let gone = |_| Problem::internal("checking the records broke off", "nobody reckons any more");
    let (mut position, mut tile) = (-1, -1);
    loop {
        let rows = store::rows(tx, position, PACK).await?;
        let last = rows.last().map(|row| row.position);
        loop {
            let tiles = store::tiles(tx, tile, last.map_or(i64::MAX, |last| last / 256)).await?;
            let Some((number, _)) = tiles.last() else { break };
            tile = *number;
            send.send(Pack::Tiles(tiles)).await.map_err(gone)?;
        }
        let Some(last) = last else { return Ok(()) };
        position = last;
        send.send(Pack::Rows(rows)).await.map_err(gone)?;
    }
}

/// The checkpoints, each read and its signature checked.
async fn signed(tx: &mut Tx, trust: &Trust, head: i64, checked: &mut Checked) -> Result<Vec<Signed>> {
    let mut keys = Vec::new();
    for (vkey, since) in store::keys(tx).await? {
        match PublicKey::parse(&vkey) {
            Ok(key) => keys.push((key, since)),
            Err(why) => checked.say(format!("key {vkey}"), None, format!("the log's public key can't be used: {why}")),
        }
    }
    let checkpoints = store::checkpoints(tx).await?;
    for (at, (key, since)) in keys.iter().enumerate() {
        // A key begins with the log, or at a checkpoint.
        if !(*since == 0 || at > 0 && checkpoints.iter().any(|(size, _)| size == since)) {
            checked.say(format!("key {key}"), None, format!("nothing was sealed at {since}, since when it is said to sign"));
        }
    }
    // The key that was in force when so many answers were sealed.
    let by_size = |size: u64| keys.iter().rfind(|(_, since)| u64::try_from(*since).is_ok_and(|since| since < size));
    let mut signed = Vec::new();
    for (size, note) in checkpoints {
        checked.checkpoints += 1;
        let subject = format!("checkpoint of {size}");
        let opened = match by_size(u64::try_from(size).unwrap_or(0)) {
            _ if !trust.keys.is_empty() => Checkpoint::open(&note, &trust.keys),
            Some((key, _)) => Checkpoint::open(&note, std::slice::from_ref(key)),
            None => Err("the log had no key then"),
        };
        match opened {
            Ok(checkpoint) if i64::try_from(checkpoint.size) == Ok(size) => signed.push(Signed::stored(subject, &checkpoint)),
            Ok(checkpoint) => {
                checked.say(&subject, None, format!("it was signed for {} answers", checkpoint.size));
                signed.push(Signed::stored(subject, &checkpoint));
            }
            Err(why) => {
                checked.say(&subject, None, format!("it isn't as it was signed: {why}"));
                // Whoever signed: how much it covers is still looked at, so that one fault isn't told as many.
                if let Ok(checkpoint) = Checkpoint::parse(&note)
                    && i64::try_from(checkpoint.size).is_ok_and(|own| own == size && own <= head)
                {
                    signed.push(Signed::stored(subject, &checkpoint));
                }
            }
        }
    }
    let all: Vec<PublicKey> = if trust.keys.is_empty() { keys.into_iter().map(|(key, _)| key).collect() } else { trust.keys.clone() };
    for (name, note) in &trust.kept {
        let checkpoint = Checkpoint::open(note, &all)
            .map_err(|why| Problem::invalid("checkpoint", format!("{name} can't be held against this log: {why}")))?;
        signed.push(Signed::kept(name.clone(), &checkpoint));
    }
    signed.sort_by_key(|signed| signed.size);
    Ok(signed)
}

/// What records refer to by number, read once: people stand in each row.
#[derive(Debug, Default)]
struct Known {
    /// Slug and number of each policy version.
    versions: HashMap<i64, (String, i64)>,
    accounts: HashMap<i64, uuid::Uuid>,
    /// The policy version that each requirement asks for.
    asked: HashMap<i64, i64>,
}
