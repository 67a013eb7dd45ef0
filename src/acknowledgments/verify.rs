//! Checks every record against its hash and every answered duty against its record. Part of `assent verify`.

use serde::Serialize;

use super::store;
use crate::db::Tx;
use crate::kernel::Result;

/// A record that isn't as it was, or a duty without its record.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Broken {
    /// The record's or person's uid.
    pub subject: String,
    pub what: String,
}

/// What the check looked at, and what it found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Checked {
    pub records: u64,
    pub broken: Vec<Broken>,
}

/// Recomputes every record's hash; finds answered duties whose record is missing or says otherwise.
pub async fn records(tx: &mut Tx) -> Result<Checked> {
    let mut checked = Checked::default();
    store::each_record(tx, |row| {
        checked.records += 1;
        let record = row.into_record()?;
        if record.computed_hash()? != record.hash {
            checked.broken.push(Broken { subject: record.uid.to_string(), what: "the record is not as it was when it was given".into() });
        }
        Ok(())
    })
    .await?;
    for (person, title) in store::answered_without_record(tx).await? {
        checked
            .broken
            .push(Broken {
                subject: person.to_string(), what: format!("“{title}” counts as answered, but no such answer is on record")
            });
    }
    Ok(checked)
}
