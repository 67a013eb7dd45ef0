//! How far an import has come: the file that is being read, and rows of it so far. Counted by the import, looked at by whoever waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::known::Kind;

const KINDS: [Kind; 7] = [Kind::Org, Kind::Session, Kind::Course, Kind::Class, Kind::Role, Kind::User, Kind::Enrollment];

/// Where an import stands; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counted>);

#[derive(Debug, Default)]
struct Counted {
    /// 0: no file yet.
    file: AtomicUsize,
    rows: AtomicU64,
}

/// As it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Such as `users.csv`; '' before the first.
    pub file: String,
    pub rows: u64,
}

impl Progress {
    pub(super) fn begin(&self, kind: Kind) {
        let at = KINDS.iter().position(|k| *k == kind).map_or(0, |at| at + 1);
        self.0.rows.store(0, Ordering::Relaxed);
        self.0.file.store(at, Ordering::Relaxed);
    }

    pub(super) fn row(&self) {
        self.0.rows.fetch_add(1, Ordering::Relaxed);
    }

    pub fn now(&self) -> Standing {
        let at = self.0.file.load(Ordering::Relaxed);
        let file = at.checked_sub(1).and_then(|at| KINDS.get(at)).map_or_else(String::new, |kind| format!("{}.csv", kind.file()));
        Standing { file, rows: self.0.rows.load(Ordering::Relaxed) }
    }
}
