//! Texts that have been read. What was adopted never changes, so that each node reads and hashes it once.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::reading::{self, Reading};
use crate::db::Tx;
use crate::kernel::{Result, VersionId};

/// More texts than a district has; beyond it the shelf is cleared.
const SHELF: usize = 400;
/// A language tag that somebody wrote into an address takes no place on the shelf when it is longer.
const LONGEST_TAG: usize = 12;

#[derive(Debug, Default)]
pub struct Shelf(RwLock<HashMap<(VersionId, String), Arc<Reading>>>);

impl Shelf {
    /// The text of a version in that language, or the one that stands in for it.
    pub async fn read(&self, tx: &mut Tx, version: VersionId, language: &str) -> Result<Arc<Reading>> {
        let key = (version, language.to_owned());
        if let Some(known) = self.0.read().ok().and_then(|shelf| shelf.get(&key).cloned()) {
            return Ok(known);
        }
        let found = reading::version_by_id(tx, version).await?;
        let text = Arc::new(reading::read(tx, &found, Some(language)).await?);
        if found.adopted_day.is_some()
            && language.len() <= LONGEST_TAG
            && let Ok(mut shelf) = self.0.write()
        {
            if shelf.len() >= SHELF {
                shelf.clear();
            }
            shelf.insert(key, Arc::clone(&text));
        }
        Ok(text)
    }
}
