//! What happens by itself: a loop that makes a round every two seconds, or at once when the bell rings. A round takes what lies ready in
//! the watched folder, runs the imports that wait, one after another, seals what was answered since, and makes the audit packets that were asked for. The server starts the loop; stories make rounds themselves.

pub mod imports;
mod packets;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use crate::acknowledgments::log::{self, SecretKey};
use crate::db::Store;
use crate::kernel::{Clock, Problem, Result};
use crate::obligations;
use crate::roster::District;
use crate::roster::district;
use crate::roster::imports::Board;
use watch::Watch;

/// Between two rounds, unless the bell rings.
const PAUSE: Duration = Duration::from_secs(2);

/// Runs what is to run on this machine.
#[derive(Debug)]
pub struct Worker {
    store: Store,
    clock: Clock,
    board: Board,
    watch: Option<Watch>,
    /// Before the first round, whatever SQLite says is running was left behind by a process that is gone.
    fresh: bool,
    key: Option<SecretKey>,
}

impl Worker {
    pub fn new(store: Store, clock: Clock, board: Board) -> Self {
        Self { store, clock, board, watch: None, fresh: true, key: None }
    }

    /// Looks for rosters in that folder too.
    #[must_use]
    pub fn watching(mut self, folder: PathBuf) -> Self {
        self.watch = Some(Watch::of(folder));
        self
    }

    /// Seals the log too, with that key.
    #[must_use]
    pub fn sealing(mut self, key: SecretKey) -> Self {
        self.key = Some(key);
        self
    }

    /// One round. What goes wrong with one import is said there and doesn't keep others waiting.
    ///
    /// # Errors
    /// `Internal` where the database or the watched folder can't be read; the next round tries again.
    pub async fn round(&mut self) -> Result<()> {
        let mut tx = self.store.read(&self.clock).await?;
        let Some(district) = district::find(&mut tx).await? else { return Ok(()) };
        drop(tx);

        self.new_day(&district).await?;
        if let Some(watch) = &mut self.watch {
            watch.look(&self.store, &self.clock, &district).await?;
        }
        let fresh = std::mem::replace(&mut self.fresh, false);
        imports::run_waiting(&self.store, &self.clock, &self.board, &district, fresh).await?;
        self.seal().await?;
        packets::run_waiting(&self.store, &self.clock, &district, fresh).await
    }

    /// Most rounds only see that there is nothing new.
    async fn seal(&self) -> Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        loop {
            let mut tx = self.store.read(&self.clock).await?;
            if log::unsealed(&mut tx).await? == 0 {
                return Ok(());
            }
            drop(tx);
            let mut tx = self.store.write(&self.clock).await?;
            log::seal(&mut tx, key).await?;
            tx.commit().await?;
        }
    }

    /// Whatever dates have come by themselves is followed before the day's first import. Most rounds only look at the day.
    async fn new_day(&self, district: &District) -> Result<()> {
        let mut tx = self.store.read(&self.clock).await?;
        if !obligations::years::has_begun(&mut tx, district).await? {
            return Ok(());
        }
        drop(tx);
        let mut tx = self.store.write(&self.clock).await?;
        let brought = obligations::day_begins(&mut tx, district).await?;
        tx.commit().await?;
        for (requirement, asked) in &brought.renewed {
            tracing::info!(requirement = %requirement.uid, asked, "a school year began: asked anew");
        }
        Ok(())
    }

    /// Makes rounds for ever.
    pub async fn run(mut self) {
        let mut said: Option<String> = None;
        loop {
            if let Err(problem) = self.round().await {
                let problem = match problem {
                    Problem::Internal { what, cause } => format!("{what}: {cause}"),
                    other => other.to_string(),
                };
                // The same trouble every two seconds is said once.
                if said.as_deref() != Some(problem.as_str()) {
                    tracing::error!(problem, "a round of the worker failed; it is tried again");
                }
                said = Some(problem);
            } else {
                said = None;
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = self.board.rings() => {}
            }
        }
    }
}
