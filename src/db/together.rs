//! What is asked at the same moment is done together, in one transaction: a hundred answers then wait for one sync of the disk instead of
//! a hundred. Nobody waits for others to come: whoever comes while a batch is at work makes up the next one.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::kernel::{Problem, Result};

/// The most that is done in one batch, so that its transaction stays short.
const MOST: usize = 128;

type Waiting<Ask, Reply> = (Ask, oneshot::Sender<Reply>);

/// A door at which requests gather.
#[derive(Debug)]
pub struct Together<Ask, Reply>(mpsc::UnboundedSender<Waiting<Ask, Reply>>);

impl<Ask: Send + 'static, Reply: Send + 'static> Together<Ask, Reply> {
    /// `work` is handed what is asked and gives a reply to each, in the same order. As many batches as there are `lanes` are at work at the
    /// same time. Must be called within the runtime; ends with the last handle.
    pub fn new<Doing>(lanes: usize, work: impl Fn(Vec<Ask>) -> Doing + Clone + Send + Sync + 'static) -> Self
    where
        Doing: Future<Output = Vec<Reply>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::unbounded_channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..lanes {
            tokio::spawn(lane(Arc::clone(&receiver), work.clone()));
        }
        Self(sender)
    }

    /// Waits for the reply.
    ///
    /// # Errors
    /// `Internal` where the work broke off; the database then kept nothing of the batch.
    pub async fn ask(&self, ask: Ask) -> Result<Reply> {
        let (tell, told) = oneshot::channel();
        let broke_off = || Problem::internal("work that was done together broke off", "no reply came");
        self.0.send((ask, tell)).map_err(|_| broke_off())?;
        told.await.map_err(|_| broke_off())
    }
}

async fn lane<Ask, Reply, Doing>(receiver: Arc<Mutex<mpsc::UnboundedReceiver<Waiting<Ask, Reply>>>>, work: impl Fn(Vec<Ask>) -> Doing)
where
    Ask: Send + 'static,
    Reply: Send + 'static,
    Doing: Future<Output = Vec<Reply>> + Send + 'static,
{
    loop {
        let mut batch = Vec::new();
        if receiver.lock().await.recv_many(&mut batch, MOST).await == 0 {
            return;
        }
        let (asks, waiting): (Vec<Ask>, Vec<_>) = batch.into_iter().unzip();
        // A task of its own: a panic ends it, and those who wait hear of it; the lane goes on.
        let Ok(replies) = tokio::spawn(work(asks)).await else { continue };
        for (reply, tell) in replies.into_iter().zip(waiting) {
            // Whoever asked may have gone.
            let _ = tell.send(reply);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex as Sync;

    use super::*;

    #[tokio::test]
    async fn whoever_comes_while_a_batch_is_at_work_makes_up_the_next_one() {
        let (sizes, gate) = (Arc::new(Sync::new(Vec::new())), Arc::new(tokio::sync::Semaphore::new(0)));
        let (seen, opens) = (Arc::clone(&sizes), Arc::clone(&gate));
        let door = Arc::new(Together::new(1, move |asks: Vec<u32>| {
            let (seen, opens) = (Arc::clone(&seen), Arc::clone(&opens));
            async move {
                if let Ok(mut seen) = seen.lock() {
                    seen.push(asks.len());
                }
                let Ok(permit) = opens.acquire().await else { return Vec::new() };
                permit.forget();
                asks.into_iter().map(|n| n * 2).collect()
            }
        }));
        let ask = |n| {
            let door = Arc::clone(&door);
            tokio::spawn(async move { door.ask(n).await })
        };
        let first = ask(1);
        while sizes.lock().is_ok_and(|s| s.is_empty()) {
            tokio::task::yield_now().await;
        }
        let others: Vec<_> = (2..=5).map(ask).collect();
        // All four stand at the door.
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(2);
        assert_eq!(first.await.unwrap().unwrap(), 2);
        for (n, other) in (2..=5).zip(others) {
            assert_eq!(other.await.unwrap().unwrap(), n * 2);
        }
        assert_eq!(*sizes.lock().unwrap(), [1, 4]);
    }

    #[tokio::test]
    async fn a_panic_reaches_those_of_its_batch_alone() {
        let door = Together::new(1, |asks: Vec<u32>| async move {
            assert!(!asks.contains(&13), "unlucky");
            asks
        });
        assert!(door.ask(13).await.is_err());
        assert_eq!(door.ask(7).await.unwrap(), 7);
    }
}
