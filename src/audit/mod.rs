//! Who did what, when: append-only. A verb that changes something writes one entry in the same transaction.

pub mod disclosures;
mod store;

use serde::Serialize;

use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Result};

/// Writes down one deed. `action` is `noun.verb` (`policy.adopted`); `subject` the uid or slug it was done to; `detail` what
/// an auditor would ask next. Never a password, a token, or more of a person than the uid.
pub async fn record(tx: &mut Tx, actor: &Actor, action: &str, subject: &str, detail: impl Serialize + Send) -> Result<()> {
    record_all(tx, &[Deed::of(actor, action, subject, detail)?]).await
}

/// One deed, to be written down with others.
#[derive(Debug, Serialize)]
pub struct Deed<'a> {
    /// `None`: the operator, on the server's own machine.
    account: Option<AccountId>,
    name: &'a str,
    action: &'a str,
    subject: String,
    detail: String,
}

impl<'a> Deed<'a> {
    /// See [`record`].
    pub fn of(actor: &'a Actor, action: &'a str, subject: impl Into<String>, detail: impl Serialize) -> Result<Self> {
        let account = (actor.account.0 != 0).then_some(actor.account);
        let detail = crate::kernel::digest::canonical(&detail)?;
        Ok(Self { account, name: &actor.name, action, subject: subject.into(), detail })
    }
}

/// Writes down several deeds.
pub async fn record_all(tx: &mut Tx, deeds: &[Deed<'_>]) -> Result<()> {
    store::insert(tx, deeds).await
}
