//! Recounts the ledger from the obligations and names each cell that differs. Part of `assent verify`.

use serde::Serialize;

use super::store;
use crate::db::Tx;
use crate::kernel::Result;

/// A cell of the ledger that doesn't agree with the obligations.
#[derive(Debug, Clone, Serialize, sqlx::FromRow, PartialEq, Eq)]
pub struct Difference {
    pub requirement: String,
    pub school: String,
    pub role: String,
    pub grade: String,
    pub state: String,
    pub day: i64,
    pub in_ledger: i64,
    pub in_obligations: i64,
}

/// Every cell of every day in which ledger and obligations differ; empty when they agree.
pub async fn ledger(tx: &mut Tx) -> Result<Vec<Difference>> {
    store::ledger_differences(tx).await
}
