//! Who did what, when: append-only. A verb that changes something writes one entry in the same transaction.

mod store;

use serde::Serialize;

use crate::db::Tx;
use crate::kernel::{Actor, Result};

/// Writes down one deed. `action` is `noun.verb` (`policy.adopted`); `subject` the uid or slug it was done to; `detail` what
/// an auditor would ask next. Never a password, a token, or more of a person than the uid.
pub async fn record(tx: &mut Tx, actor: &Actor, action: &str, subject: &str, detail: impl Serialize + Send) -> Result<()> {
    let detail = crate::kernel::digest::canonical(&detail)?;
    store::insert(tx, actor, action, subject, &detail).await
}
