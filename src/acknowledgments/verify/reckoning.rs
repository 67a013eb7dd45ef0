//! The records' side of the check: each one's hash is worked out anew from its columns and held against the stored hash and against the
//! leaf that was sealed at its position. Where they differ, what was kept above tells which of the two was changed.

use std::collections::VecDeque;

use serde_json::from_str;

use super::sealed::{Rebuilt, Signed, tile_name};
use super::store::Row;
use super::{Checked, Known};
use crate::acknowledgments::log::tree::{self, Hash, Tiles, WIDTH};
use crate::acknowledgments::record::{Choice, Form};
use crate::kernel::digest;

/// A record of the tile at hand.
struct Seen {
    uid: uuid::Uuid,
    /// The leaf as the record is now.
    leaf: Hash,
    /// What is wrong with the record by itself, without the log.
    wrong: Option<String>,
}

pub struct Reckoning {
    checked: Checked,
    known: Known,
    rebuilt: Rebuilt,
    /// No more tiles than these are looked for, whatever a checkpoint claims.
    end_of_tiles: u64,
    head: i64,
    tiles: VecDeque<(u64, Vec<u8>)>,
    /// The tile at hand, and its records by entry.
    number: u64,
    seen: Vec<(usize, Seen)>,
    /// The position that comes next.
    next: u64,
}

impl Reckoning {
    pub fn new(mut checked: Checked, known: Known, signed: Vec<Signed>, upper: (Vec<(i64, i64)>, Tiles), tiles: i64, head: i64) -> Self {
        for (level, number) in upper.0 {
            checked.say(format!("tile {level}/{number}"), None, "this is no tile of the log");
        }
        let rebuilt = Rebuilt::new(signed, upper.1);
        let end_of_tiles = u64::try_from(tiles).unwrap_or(0);
        Self { checked, known, rebuilt, end_of_tiles, head, tiles: VecDeque::new(), number: 0, seen: Vec::new(), next: 0 }
    }

    pub fn tiles(&mut self, tiles: Vec<(i64, Vec<u8>)>) {
        self.tiles.extend(tiles.into_iter().filter_map(|(number, bytes)| Some((u64::try_from(number).ok()?, bytes))));
    }

    /// How many tiles of leaves the log must have.
    fn tiles_due(&self) -> u64 {
        self.rebuilt.sealed().div_ceil(WIDTH).min(self.end_of_tiles)
    }

    pub fn row(&mut self, row: Row) {
        let Ok(position) = u64::try_from(row.position) else { return };
        self.checked.records += 1;
        while self.number < position / WIDTH {
            self.close_tile();
            self.number = if self.number + 1 < self.tiles_due() { self.number + 1 } else { position / WIDTH };
        }
        if position > self.next && self.next >= self.rebuilt.sealed() {
            self.gap(position);
        }
        if position < self.next {
            self.checked.say(row.uid.to_string(), Some(position), "a second record at this place");
        }
        self.next = position + 1;
        let entry = usize::try_from(position % WIDTH).unwrap_or(0);
        if row.position >= self.head {
            let why = format!(
                "the record stands behind the end of the log, whose head counts {}: it was slipped in, or the head was changed",
                self.head
            );
            self.checked.say(row.uid.to_string(), Some(position), why);
        }
        let seen = self.look(&row);
        self.seen.push((entry, seen));
    }

    /// Nothing between the next position and that one, beyond what is sealed.
    fn gap(&mut self, to: u64) {
        let (from, last) = (self.next.max(self.rebuilt.sealed()), to.saturating_sub(1));
        let which = if from == last { format!("the answer at {from}") } else { format!("the answers from {from} to {last}") };
        self.checked.say("log", Some(from), format!("{which}: missing"));
    }

    fn look(&self, row: &Row) -> Seen {
        let made = self.hash(row);
        let leaf = made.as_ref().map_or([0; 32], tree::leaf);
        let wrong = match made {
            Err(why) => Some(why),
            Ok(made) if hex::encode(made) != row.hash => {
                Some("the record is not as it was when it was given, or its hash was changed".to_owned())
            }
            Ok(_) => match row.requirement_id.map(|id| self.known.asked.get(&id)) {
                Some(Some(version)) if *version == row.version_id => None,
                _ => Some("the duty that the record names asks this person for no such answer".to_owned()),
            },
        };
        Seen { uid: row.uid, leaf, wrong }
    }

    /// The hash of the record's canonical form, from its columns.
    fn hash(&self, row: &Row) -> Result<Hash, String> {
        let (Some(person), Some(about)) = (row.person, row.about) else { return Err("the record names a person who isn't there".into()) };
        let Some((policy, version)) = self.known.versions.get(&row.version_id) else {
            return Err("the record names a policy version that isn't there".into());
        };
        let recorded_by = match row.recorded_by.map(|id| self.known.accounts.get(&id)) {
            None => None,
            Some(Some(uid)) => Some(*uid),
            Some(None) => return Err("the record names an account that isn't there".into()),
        };
        let mut choices: Vec<Choice> = Vec::new();
        if row.choices != "[]" {
            choices = from_str(&row.choices).map_err(|_| "the record's choices can't be read")?;
            if digest::canonical(&choices).ok().as_ref() != Some(&row.choices) {
                return Err("the record's choices aren't written as they were".into());
            }
        }
        let form = Form {
            record: Form::KIND,
            id: row.uid,
            person,
            about,
            capacity: &row.capacity,
            authenticated: &row.authenticated,
            recorded_by,
            paper: row.paper.as_deref(),
            signed_day: row.signed_day.map(crate::kernel::Day::iso),
            scan_sha256: row.scan_sha256.as_deref(),
            policy,
            version: *version,
            language: &row.language,
            text_sha256: &row.text_hash,
            statement: &row.statement,
            answer: &row.answer,
            choices: &choices,
            reason: &row.reason,
            signed_name: &row.signed_name,
            at: row.at.rfc3339(),
        };
        digest::canonical_sha256(&form).map_err(|problem| problem.to_string())
    }

    /// Holds the records of the tile at hand against it.
    fn close_tile(&mut self) {
        let number = self.number;
        let seen = std::mem::take(&mut self.seen);
        let stored = loop {
            match self.tiles.front().map(|(front, _)| *front) {
                Some(front) if front < number => self.stray(),
                Some(front) if front == number => break self.tiles.pop_front().map(|(_, bytes)| bytes),
                _ => break None,
            }
        };
        let start = number.saturating_mul(WIDTH);
        let sealed = usize::try_from(self.rebuilt.sealed().saturating_sub(start).min(WIDTH)).unwrap_or(0);
        let name = tile_name(0, number);
        let bytes = stored.unwrap_or_default();
        let in_tile = tree::hashes(&bytes);
        if in_tile.len() != sealed || bytes.len() % 32 != 0 {
            let here = in_tile.len();
            self.checked.say(&name, None, format!("the tile holds {here} hashes, where {sealed} were sealed"));
        }

        let mut of_records: Vec<Option<&Seen>> = vec![None; sealed];
        for (entry, record) in &seen {
            match of_records.get_mut(*entry) {
                Some(place) => *place = Some(record),
                None => self.own_fault(record, start + *entry as u64),
            }
        }
        // A leaf as the tile has it, and as the record has it; where one is missing, the other stands for it.
        let leaf = |at: usize| of_records[at].map(|record| record.leaf);
        let log: Vec<Hash> = (0..sealed).map(|at| in_tile.get(at).copied().or(leaf(at)).unwrap_or_default()).collect();
        let own: Vec<Hash> = (0..sealed).map(|at| leaf(at).or(in_tile.get(at).copied()).unwrap_or_default()).collect();
        let tile_changed = log != own && !self.rebuilt.fits(number, &log) && self.rebuilt.fits(number, &own);
        for at in 0..sealed {
            let position = Some(start + at as u64);
            match of_records[at] {
                None => self.checked.say("log", position, "the answer that was sealed here is missing"),
                Some(record) if record.wrong.is_some() => self.own_fault(record, start + at as u64),
                Some(record) if log[at] != own[at] && !tile_changed => {
                    self.checked.say(record.uid.to_string(), position, "another answer was sealed here than this record");
                }
                Some(record) if log[at] != own[at] => {
                    self.checked.say(&name, position, format!("entry {at} was changed: it isn't the hash of record {}", record.uid));
                }
                Some(_) => {}
            }
        }
        for leaf in if tile_changed { own } else { log } {
            self.rebuilt.push(leaf, &mut self.checked);
        }
    }

    fn own_fault(&mut self, record: &Seen, position: u64) {
        if let Some(wrong) = &record.wrong {
            self.checked.say(record.uid.to_string(), Some(position), wrong);
        }
    }

    fn stray(&mut self) {
        if let Some((number, _)) = self.tiles.pop_front() {
            self.checked.say(tile_name(0, number), None, "this tile stands where the log has none");
        }
    }

    pub fn finish(mut self) -> Checked {
        self.close_tile();
        while self.number + 1 < self.tiles_due() {
            self.number += 1;
            self.close_tile();
        }
        while !self.tiles.is_empty() {
            self.stray();
        }
        self.checked.sealed = self.rebuilt.sealed();
        let next = self.next.max(self.rebuilt.sealed());
        if i64::try_from(next).is_ok_and(|next| next < self.head) {
            let why =
                format!("the log's head counts {} answers and there are {next}: the last are missing, or the head was changed", self.head);
            self.checked.say("log", Some(next), why);
        } else if i64::try_from(self.next).is_ok_and(|next| next <= self.head) && i64::try_from(next) != Ok(self.head) {
            self.checked.say("log", None, format!("the log's head counts {} answers, but {next} were sealed", self.head));
        }
        let Self { rebuilt, mut checked, .. } = self;
        rebuilt.finish(&mut checked);
        checked
    }
}
