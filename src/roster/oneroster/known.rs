//! What is known of the records behind the files, in as little memory as does: 16 bytes a record beside its key, so that seven
//! million enrollments fit. Knows nothing of rows or SQL.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use sha2::{Digest, Sha256};

/// The kinds of records, under the names that `roster_source.kind` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Org,
    Session,
    Course,
    Class,
    User,
    Role,
    Enrollment,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Org => "org",
            Self::Session => "session",
            Self::Course => "course",
            Self::Class => "class",
            Self::User => "user",
            Self::Role => "role",
            Self::Enrollment => "enrollment",
        }
    }

    /// The file without its ending, which is also the name under which the report counts it.
    pub fn file(self) -> &'static str {
        match self {
            Self::Org => "orgs",
            Self::Session => "academicSessions",
            Self::Course => "courses",
            Self::Class => "classes",
            Self::User => "users",
            Self::Role => "roles",
            Self::Enrollment => "enrollments",
        }
    }
}

/// The source record is gone from the roster.
pub const LEFT: u64 = 1 << 56;
/// The files at hand hold it.
pub const SEEN: u64 = 1 << 57;
/// A person who is a student.
pub const STUDENT: u64 = 1 << 58;
/// A person who is a guardian, first of all or besides.
pub const GUARDIAN: u64 = 1 << 59;
/// A person whose record is there but who isn't active (`enabledUser` false, or all roles ended).
pub const INACTIVE: u64 = 1 << 60;
const ROW: u64 = LEFT - 1;

/// One source record: the row that it stands behind, marks, and the hash of what it said.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    packed: u64,
    pub hash: i64,
}

impl Entry {
    pub fn row(self) -> i64 {
        (self.packed & ROW).cast_signed()
    }

    pub fn set_row(&mut self, row: i64) {
        self.packed = (self.packed & !ROW) | (row.cast_unsigned() & ROW);
    }

    pub fn is(self, mark: u64) -> bool {
        self.packed & mark != 0
    }

    pub fn mark(&mut self, mark: u64, on: bool) {
        if on { self.packed |= mark } else { self.packed &= !mark }
    }
}

/// Keys are parts of SHA-256 already: hashing them again would only cost time.
#[derive(Debug, Default)]
pub struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = n;
    }
}

pub type ByKey<T> = HashMap<u64, T, BuildHasherDefault<AsIs>>;

/// All source records of one kind, by key.
#[derive(Debug, Default)]
pub struct Known {
    entries: ByKey<Entry>,
    /// How many were active when the import began.
    pub active: usize,
}

impl Known {
    pub fn load(&mut self, source_id: &str, row: i64, hash: i64, marks: u64) {
        let mut entry = Entry { packed: marks, hash };
        entry.set_row(row);
        if marks & (LEFT | INACTIVE) == 0 {
            self.active += 1;
        }
        self.entries.insert(key(source_id), entry);
    }

    pub fn get(&self, key: u64) -> Option<Entry> {
        self.entries.get(&key).copied()
    }

    pub fn get_mut(&mut self, key: u64) -> Option<&mut Entry> {
        self.entries.get_mut(&key)
    }

    pub fn insert(&mut self, key: u64, row: i64, hash: i64, marks: u64) {
        let mut entry = Entry { packed: marks, hash };
        entry.set_row(row);
        self.entries.insert(key, entry);
    }

    /// The row behind a record that can be referred to: it is on the roster.
    pub fn row(&self, key: u64) -> Option<i64> {
        self.get(key).filter(|e| !e.is(LEFT)).map(Entry::row)
    }

    /// Marks as left what the files no longer hold; the rows of those.
    pub fn leave_unseen(&mut self) -> Vec<i64> {
        let mut rows = Vec::new();
        for entry in self.entries.values_mut() {
            if !entry.is(SEEN) && !entry.is(LEFT) {
                entry.mark(LEFT, true);
                rows.push(entry.row());
            }
        }
        rows.sort_unstable();
        rows
    }

    /// Gives the memory back.
    pub fn forget(&mut self) {
        self.entries = ByKey::default();
    }

    pub fn iter(&self) -> impl Iterator<Item = (u64, Entry)> + '_ {
        self.entries.iter().map(|(k, e)| (*k, *e))
    }
}

/// The key of a sourcedId: 64 bits of its SHA-256. Among ten million records two meet with a chance of one in 400,000.
pub fn key(source_id: &str) -> u64 {
    first_eight(Sha256::digest(source_id.as_bytes()).as_slice())
}

fn first_eight(digest: &[u8]) -> u64 {
    digest.iter().take(8).fold(0, |n, byte| (n << 8) | u64::from(*byte))
}

/// Hashes what a record says, field by field.
#[derive(Debug, Default)]
pub struct Content(Sha256);

impl Content {
    #[must_use]
    pub fn text(mut self, field: &str) -> Self {
        self.0.update((field.len() as u64).to_be_bytes());
        self.0.update(field.as_bytes());
        self
    }

    #[must_use]
    pub fn maybe(self, field: Option<&str>) -> Self {
        match field {
            Some(field) => self.number(1).text(field),
            None => self.number(0),
        }
    }

    #[must_use]
    pub fn number(mut self, field: i64) -> Self {
        self.0.update(field.to_be_bytes());
        self
    }

    pub fn hash(self) -> i64 {
        first_eight(self.0.finalize().as_slice()).cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_its_row_through_every_mark() {
        let mut known = Known::default();
        known.load("a", 7_000_000, -3, 0);
        let entry = known.get_mut(key("a")).unwrap();
        entry.mark(SEEN | STUDENT, true);
        entry.mark(STUDENT, false);
        assert_eq!((entry.row(), entry.is(SEEN), entry.is(STUDENT), entry.hash), (7_000_000, true, false, -3));
        assert!(known.leave_unseen().is_empty());
    }

    #[test]
    fn fields_that_run_together_do_not_hash_alike() {
        assert_ne!(Content::default().text("ab").text("c").hash(), Content::default().text("a").text("bc").hash());
        assert_ne!(Content::default().maybe(None).hash(), Content::default().maybe(Some("")).hash());
    }
}
