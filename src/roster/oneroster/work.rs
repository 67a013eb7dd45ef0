//! The state of one import while its files are read: what is known, what was found, what changed. The rules that hold for every kind of
//! record stand here: who is let in, what is the same as before, what refers to what, what leaves.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::header::{Layout, RolesIn};
use super::known::{INACTIVE, Kind, Known, LEFT, SEEN, key};
use super::manifest::{Manifest, Mode};
use super::moves::{LEAVERS, Move, Moves};
use super::progress::Progress;
use super::report::{Cause, Counts, Findings, Place};
use super::rows::{Column, Row, Table};
use super::source::Files;
use super::{Wish, store};
use crate::db::Tx;
use crate::kernel::{Day, Result};
use crate::roster::District;

/// No source system has longer ones, and an index takes no longer ones.
const LONGEST_ID: usize = 255;

pub struct Work<'a> {
    pub district: &'a District,
    pub today: Day,
    pub wish: Wish,
    pub files: Arc<Files>,
    pub manifest: Manifest,
    pub findings: Findings,
    pub counts: BTreeMap<&'static str, Counts>,
    known: [Known; 7],
    /// Rows of each kind that leave, by `tobedeleted` or because a bulk file no longer holds them.
    gone: [Vec<i64>; 7],
    /// People whose place changed.
    pub changed: HashSet<i64>,
    /// People who were active and whose record says now that they aren't.
    pub deactivated: Vec<i64>,
    /// Of each type that came as a bulk file: how many leave by it.
    pub leaving: BTreeMap<&'static str, usize>,
    /// Of each type: which rows leave by it, as many as a list shows.
    pub leavers: HashMap<Kind, Vec<i64>>,
    /// The difference by type and place.
    pub moves: Moves,
    /// Names of the orgs of this set that are new or changed.
    pub new_orgs: HashMap<i64, String>,
    /// Schools of the classes of this set that are new or changed.
    pub new_sections: HashMap<i64, i64>,
    titles: Vec<String>,
    pub progress: Progress,
    invented: i64,
}

/// A position's title, as a number: there are as many positions as people, and a handful of titles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title(u16);

impl Title {
    pub const NONE: Self = Self(0);
}

/// What to do about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    New,
    /// The row that is to say something else from now on.
    Changed(i64),
    Same,
}

/// A reference that leads nowhere.
#[derive(Debug, Clone, Copy)]
pub struct Missing {
    cause: Cause,
    /// The cause was found at this very row.
    fresh: bool,
}

impl Missing {
    /// What was found before keeps this row out too.
    pub fn because(cause: Cause) -> Self {
        Self { cause, fresh: false }
    }
}

/// A row that is let in.
#[derive(Debug, Clone, Copy)]
pub struct Admitted<'r> {
    pub key: u64,
    pub place: Place<'r>,
}

impl<'r> Admitted<'r> {
    /// A row that was let in before.
    pub fn at(kind: Kind, row: i64, source_id: &'r str) -> Self {
        Self { key: key(source_id), place: Place { file: kind.file(), row, source_id } }
    }
}

/// The columns that every file has.
#[derive(Debug, Clone, Copy)]
pub struct Common {
    source_id: Column,
    status: Column,
    width: usize,
}

impl Common {
    pub fn of(table: &Table) -> Self {
        Self { source_id: table.column("sourcedId"), status: table.column("status"), width: table.width() }
    }
}

impl<'a> Work<'a> {
    pub fn new(
        district: &'a District,
        today: Day,
        wish: Wish,
        files: Arc<Files>,
        manifest: Manifest,
        findings: Findings,
        progress: Progress,
    ) -> Self {
        Self {
            district,
            today,
            wish,
            files,
            manifest,
            findings,
            counts: BTreeMap::new(),
            known: Default::default(),
            gone: Default::default(),
            changed: HashSet::new(),
            deactivated: Vec::new(),
            leaving: BTreeMap::new(),
            leavers: HashMap::new(),
            moves: Moves::default(),
            new_orgs: HashMap::new(),
            new_sections: HashMap::new(),
            titles: vec![String::new()],
            progress,
            invented: 1 << 40,
        }
    }

    pub fn known(&mut self, kind: Kind) -> &mut Known {
        &mut self.known[kind as usize]
    }

    pub fn gone(&mut self, kind: Kind) -> &mut Vec<i64> {
        &mut self.gone[kind as usize]
    }

    pub fn count(&mut self, kind: Kind) -> &mut Counts {
        self.counts.entry(kind.file()).or_default()
    }

    /// Opens the file of a kind, where the set has one.
    pub async fn open(&mut self, kind: Kind) -> Result<Option<Table>> {
        if self.manifest.mode(kind) == Mode::Absent {
            return Ok(None);
        }
        self.count(kind);
        self.progress.begin(kind);
        let layout = Layout::of(kind, self.manifest.is_1_2(), self.roles_in());
        Table::open(&self.files, layout, &mut self.findings).await.map(Some)
    }

    /// Where this set says what people are. A 1.2 delta set may say it nowhere: then it is known from before.
    pub fn roles_in(&self) -> RolesIn {
        let roles = self.manifest.mode(Kind::Role) != Mode::Absent;
        let changes_only = self.manifest.is_1_2() && self.manifest.mode(Kind::User) == Mode::Delta;
        if roles || changes_only { RolesIn::Roles } else { RolesIn::Users }
    }

    /// The number of a title.
    pub fn title(&mut self, word: &str) -> Title {
        let at = self.titles.iter().position(|t| t == word).unwrap_or_else(|| {
            self.titles.push(word.to_owned());
            self.titles.len() - 1
        });
        // More titles than fit would be a source that writes sentences there: they go without.
        u16::try_from(at).map_or(Title::NONE, Title)
    }

    pub fn title_text(&self, title: Title) -> &str {
        self.titles.get(usize::from(title.0)).map_or("", String::as_str)
    }

    /// Checks what every row must be: readable, of the header's width, with an id of its own, not deleted.
    pub fn admit<'r>(&mut self, kind: Kind, common: Common, row: &'r Row) -> Option<Admitted<'r>> {
        self.count(kind).read += 1;
        self.progress.row();
        let source_id = row.get(common.source_id);
        let place = Place { file: kind.file(), row: row.number, source_id };
        if source_id.is_empty() {
            self.count(kind).rejected += 1;
            self.findings.error(place, "sourcedId", "", "is empty", "give the record its sourcedId in the source system");
            return None;
        }
        if source_id.len() > LONGEST_ID || source_id.chars().any(char::is_control) {
            self.count(kind).rejected += 1;
            let remedy = "look for a quotation mark that is not closed, or give the record another id";
            self.findings.error(place, "sourcedId", source_id, "can be no sourcedId: it is too long, or holds line breaks", remedy);
            return None;
        }
        let key = key(source_id);
        if self.known(kind).get(key).is_some_and(|e| e.is(SEEN)) {
            self.count(kind).rejected += 1;
            let remedy = "keep one of the rows; the first one counts";
            self.findings.error(place, "sourcedId", source_id, "stands in this file twice", remedy);
            return None;
        }
        let admitted = Admitted { key, place };
        if row.unreadable {
            self.reject(kind, admitted, "row", "", "holds bytes that are not UTF-8", "export the set as UTF-8");
            return None;
        }
        if row.is_longer_than(common.width) {
            let remedy = "put quotation marks around cells that hold commas";
            self.reject(kind, admitted, "row", "", "has more cells than the header has columns", remedy);
            return None;
        }
        if row.cells() < common.width {
            self.findings.habit("short", place, "row", "", "has fewer cells than the header; the rest reads as empty", "write every cell");
        }
        match row.get(common.status) {
            "" => Some(admitted),
            status if status.eq_ignore_ascii_case("active") => {
                self.case(place, "status", status, "active");
                Some(admitted)
            }
            status if status.eq_ignore_ascii_case("tobedeleted") => {
                self.case(place, "status", status, "tobedeleted");
                self.delete(kind, key);
                None
            }
            status => {
                let status = status.to_owned();
                self.reject(kind, admitted, "status", &status, "is no status", "write active or tobedeleted");
                None
            }
        }
    }

    /// Names the habit of writing a word in another case than the standard does.
    pub fn case(&mut self, place: Place, field: &str, cell: &str, word: &str) {
        if cell != word {
            self.findings.habit("case", place, field, cell, "is written in another case", &format!("write {word}"));
        }
    }

    fn delete(&mut self, kind: Kind, key: u64) {
        let mut row = None;
        if let Some(entry) = self.known(kind).get_mut(key) {
            row = (!entry.is(LEFT)).then(|| entry.row());
            entry.mark(SEEN | LEFT, true);
        }
        match row {
            Some(row) => self.gone(kind).push(row),
            // Deleted here already, or never heard of.
            None => self.count(kind).unchanged += 1,
        }
    }

    /// Leaves a row out. What was known of the record stays as it was.
    pub fn reject(&mut self, kind: Kind, row: Admitted, field: &str, value: &str, wrong: &str, remedy: &str) {
        let cause = self.findings.error(row.place, field, value, wrong, remedy);
        self.left_out(kind, row, cause);
    }

    /// Leaves a row out because of what it refers to.
    pub fn reject_for(&mut self, kind: Kind, row: Admitted, missing: Missing) {
        self.mention(kind, missing);
        self.left_out(kind, row, missing.cause);
    }

    fn mention(&mut self, kind: Kind, missing: Missing) {
        if !missing.fresh {
            self.findings.hangs_on(missing.cause, kind.file());
        }
    }

    fn left_out(&mut self, kind: Kind, row: Admitted, cause: Cause) {
        self.count(kind).rejected += 1;
        match self.known(kind).get_mut(row.key) {
            Some(entry) if !entry.is(LEFT) => entry.mark(SEEN, true),
            _ => self.findings.blame(kind, row.key, cause),
        }
    }

    /// The row that a sourcedId stands for; says once what isn't there.
    pub fn refer(&mut self, kind: Kind, source_id: &str, from: Place, field: &str) -> Result<i64, Missing> {
        let key = key(source_id);
        if let Some(row) = self.known(kind).row(key) {
            return Ok(row);
        }
        if let Some(cause) = self.findings.cause_of(kind, key) {
            return Err(Missing { cause, fresh: false });
        }
        let file = kind.file();
        let (wrong, remedy) = if source_id.is_empty() {
            ("is empty".to_owned(), format!("name a sourcedId of {file}.csv"))
        } else {
            (format!("is not in {file}.csv"), format!("add it to {file}.csv, or name another there"))
        };
        let cause = self.findings.error(from, field, source_id, wrong, remedy);
        if !source_id.is_empty() {
            self.findings.blame(kind, key, cause);
        }
        Err(Missing { cause, fresh: true })
    }

    /// Like [`Work::refer`] for what may be missing: the row comes in without it, with a warning said once.
    pub fn refer_if_there(&mut self, kind: Kind, source_id: &str, from: Place, field: &str) -> Option<i64> {
        let key = key(source_id);
        let found = self.known(kind).row(key);
        if found.is_none() && !source_id.is_empty() && self.findings.cause_of(kind, key).is_none() {
            let wrong = format!("is not in {}.csv; the record came in without it (said once for this value)", kind.file());
            let remedy = format!("add it to {}.csv, or name another there", kind.file());
            self.findings.habit(&format!("missing {source_id}"), from, field, source_id, &wrong, &remedy);
        }
        found
    }

    /// Whether a record is new, says something else, or is the same as before; marks it as seen and counts it, at its place (see
    /// [`Moves`]; 0: none).
    pub fn settle(&mut self, kind: Kind, key: u64, hash: i64, active: bool, place: i64) -> Settled {
        let inactive = if active { 0 } else { INACTIVE };
        let Some(entry) = self.known(kind).get_mut(key) else {
            self.known(kind).insert(key, 0, hash, SEEN | inactive);
            self.count(kind).added += 1;
            self.moves.add(kind, place, Move::Added, 1);
            return Settled::New;
        };
        let was_away = entry.is(LEFT) || entry.is(INACTIVE);
        let same = entry.hash == hash && !entry.is(LEFT);
        let row = entry.row();
        entry.hash = hash;
        entry.mark(SEEN, true);
        entry.mark(LEFT, false);
        entry.mark(INACTIVE, !active);
        if same {
            self.count(kind).unchanged += 1;
            return Settled::Same;
        }
        let how = match (was_away, active) {
            (true, true) => {
                self.count(kind).returned += 1;
                Move::Returned
            }
            (false, false) => {
                self.deactivated.push(row);
                self.count(kind).left += 1;
                Move::Left
            }
            _ => {
                self.count(kind).changed += 1;
                Move::Changed
            }
        };
        self.moves.add(kind, place, how, 1);
        Settled::Changed(row)
    }

    /// Whatever keeps one record out keeps out what hangs on it under another name, unless that is known already.
    pub fn blame_too(&mut self, kind: Kind, key: u64, other: Kind, other_key: u64) {
        if let Some(cause) = self.findings.cause_of(kind, key)
            && self.known(other).row(other_key).is_none()
        {
            self.findings.blame(other, other_key, cause);
        }
    }

    /// Undoes the counting of a record that was let in before it was known that it refers to nothing.
    pub fn take_back(&mut self, kind: Kind, row: Admitted, missing: Missing, place: i64) {
        let counts = self.count(kind);
        if counts.added > 0 {
            counts.added -= 1;
            self.moves.take_back(kind, place);
        } else if counts.unchanged > 0 {
            counts.unchanged -= 1;
        }
        self.reject_for(kind, row, missing);
    }

    /// Ids for so many new rows. A dry run invents them.
    pub async fn reserve(&mut self, tx: &mut Tx, kind: Kind, wanted: usize) -> Result<Vec<i64>> {
        if wanted == 0 {
            return Ok(Vec::new());
        }
        if self.wish.dry_run {
            let first = self.invented;
            self.invented += i64::try_from(wanted).unwrap_or(0);
            return Ok((first..self.invented).collect());
        }
        store::reserve(tx, kind, wanted).await
    }

    /// After the last row: who is no longer there has left. Gives the rows of all who leave.
    pub async fn close(&mut self, tx: &mut Tx, kind: Kind) -> Result<Vec<i64>> {
        if self.manifest.mode(kind) == Mode::Bulk {
            let unseen = self.known(kind).leave_unseen();
            self.gone(kind).extend(unseen);
        }
        // The district's own record may change its sourcedId; the district never leaves.
        let root = self.district.root.0;
        let mut leavers: Vec<i64> = self.gone(kind).iter().copied().filter(|row| kind != Kind::Org || *row != root).collect();
        if kind == Kind::User {
            leavers.extend(&self.deactivated);
        }
        self.leaving.insert(kind.file(), leavers.len());
        leavers.truncate(LEAVERS);
        self.leavers.insert(kind, leavers);
        let gone = std::mem::take(self.gone(kind));
        self.count(kind).left += gone.len() as u64;
        if kind == Kind::Org {
            let rows: HashSet<i64> = gone.iter().copied().collect();
            let keys: Vec<u64> =
                self.known(kind).iter().filter(|(_, e)| e.is(LEFT) && rows.contains(&e.row())).map(|(key, _)| key).collect();
            for key in keys {
                self.moves.add(kind, key.cast_signed(), Move::Left, 1);
            }
            return Ok(gone);
        }
        for (place, number) in store::places_of(tx, kind, &gone).await? {
            self.moves.add(kind, place, Move::Left, u64::try_from(number).unwrap_or(0));
        }
        Ok(gone)
    }
}
