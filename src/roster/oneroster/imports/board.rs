//! What this process knows of imports under way. On SQLite an import holds the one writer, so that nothing can be written down beside it:
//! how far it has come stands here. On PostgreSQL other machines read it in the database.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use uuid::Uuid;

use super::Import;
use crate::roster::oneroster::{Progress, Standing};

/// The imports that run in this process, and a bell that calls whoever runs them; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Board {
    running: Arc<Mutex<BTreeMap<Uuid, Progress>>>,
    bell: Arc<Notify>,
}

impl Board {
    fn running(&self) -> MutexGuard<'_, BTreeMap<Uuid, Progress>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An import begins to run here; it stands on the board until the answer is dropped.
    pub fn begins(&self, uid: Uuid) -> Running {
        let progress = Progress::default();
        self.running().insert(uid, progress.clone());
        Running { board: self.clone(), uid, progress }
    }

    /// How far an import has come, wherever it runs.
    pub fn standing(&self, import: &Import) -> Option<Standing> {
        self.running().get(&import.uid).map(Progress::now).or_else(|| import.standing.clone())
    }

    /// Something waits: whoever runs imports need not wait for the next round.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    pub async fn rings(&self) {
        self.bell.notified().await;
    }
}

/// An import while it runs.
#[derive(Debug)]
pub struct Running {
    board: Board,
    uid: Uuid,
    pub progress: Progress,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.board.running().remove(&self.uid);
    }
}
