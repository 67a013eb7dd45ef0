//! What was said to somebody about one duty: every notice, when it was put down, and what became of it.

use serde::Serialize;

use super::store::evidence as store;
use crate::db::Tx;
use crate::kernel::{Moment, ObligationId, Result};
use crate::queue::Kind;

/// One notice about a duty.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Notice {
    pub kind: Kind,
    /// When it was put down to be told.
    pub made_at: Moment,
    /// `sent`, `unsure`, `bounced`, `failed`, `letter`, `no_address`, `off`, `waiting`, `dropped`.
    pub became: String,
    /// When that was.
    pub at: Option<Moment>,
    /// Of a mail.
    pub address: Option<String>,
    pub language: Option<String>,
}

/// The notices about a duty that the caller has found within reach, under any of its rows, in the order in which they were made.
pub async fn of_duty(tx: &mut Tx, duty: ObligationId) -> Result<Vec<Notice>> {
    store::of_duty(tx, duty).await
}
