//! Audit packets, made in the background. A packet is gathered in one view of the database and kept, disclosed and told of in one transaction, so
//! that a machine that is stopped in between leaves nothing but a packet that is made again.

use crate::db::Store;
use crate::kernel::{Chance, Clock, Problem, Result};
use crate::reports::packets::{self, Job, Packed};
use crate::roster::District;

/// So many seconds after it was taken on, a packet that isn't there was left behind.
const SILENCE: i64 = 600;

/// What came of a try.
enum Ending {
    Made(Packed),
    /// What was answered in the period isn't sealed yet.
    NotSealed,
    /// Whoever asked may not have it any more.
    NotAllowed,
}

/// Makes every packet that waits, the oldest first, and forgets those that were kept long enough. `fresh`: this process has just begun, and is
/// the only one on an embedded database.
pub async fn run_waiting(store: &Store, clock: &Clock, district: &District, fresh: bool) -> Result<()> {
    let mut tx = store.read(clock).await?;
    let outdated = packets::any_outdated(&mut tx).await?;
    drop(tx);
    if outdated {
        let mut tx = store.write(clock).await?;
        packets::forget_outdated(&mut tx).await?;
        tx.commit().await?;
    }
    let alone = fresh && matches!(store, Store::Sqlite { .. });
    loop {
        let mut tx = store.read(clock).await?;
        let dead = if alone { tx.now() } else { tx.now().plus_seconds(-SILENCE) };
        if !packets::any_under_way(&mut tx, dead).await? {
            return Ok(());
        }
        drop(tx);
        let mut tx = store.write(clock).await?;
        let Some(job) = packets::take(&mut tx, dead).await? else { return Ok(()) };
        tx.commit().await?;
        if !one(store, clock, district, &job).await? {
            return Ok(());
        }
    }
}

/// Makes one packet that was taken on; false where it has to wait for the next round.
async fn one(store: &Store, clock: &Clock, district: &District, job: &Job) -> Result<bool> {
    let said = if packets::is_given_up(job) {
        "It broke off several times. Ask for it again, or for a shorter period.".to_owned()
    } else {
        match try_once(store, clock, district, job).await {
            Ok(Ending::Made(packed)) => {
                let mut tx = store.write(clock).await?;
                if let Some(actor) = packets::asker(&mut tx, district, job).await? {
                    packets::finish(&mut tx, &actor, job, &packed).await?;
                    tx.commit().await?;
                    return Ok(true);
                }
                drop(tx);
                not_allowed()
            }
            Ok(Ending::NotSealed) => {
                let mut tx = store.write(clock).await?;
                packets::put_back(&mut tx, job).await?;
                tx.commit().await?;
                return Ok(false);
            }
            Ok(Ending::NotAllowed) => not_allowed(),
            Err(problem) => {
                let reference = Chance::system().token()[..12].to_owned();
                tracing::error!(reference, %problem, "a packet could not be made");
                format!("It broke off. Ask for it again; if it happens again, the server's log says why under {reference}.")
            }
        }
    };
    let mut tx = store.write(clock).await?;
    packets::fail(&mut tx, job, &said).await?;
    tx.commit().await?;
    Ok(true)
}

fn not_allowed() -> String {
    "Your account reaches other schools now than it did when you asked. Ask for it again.".to_owned()
}

async fn try_once(store: &Store, clock: &Clock, district: &District, job: &Job) -> Result<Ending> {
    let mut tx = store.read(clock).await?;
    if packets::asker(&mut tx, district, job).await?.is_none() {
        return Ok(Ending::NotAllowed);
    }
    let Some(made) = packets::make(&mut tx, district, &job.question).await? else { return Ok(Ending::NotSealed) };
    drop(tx);
    let packed =
        tokio::task::spawn_blocking(move || made.pack()).await.map_err(|e| Problem::internal("a packet's writing was broken off", e))??;
    Ok(Ending::Made(packed))
}
