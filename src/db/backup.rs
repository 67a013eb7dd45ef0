//! A copy of the whole database while it is in use.

use std::path::Path;

use super::Store;
use crate::kernel::{Problem, Result};

/// Writes a complete, consistent copy to `target`, which must not exist. SQLite copies itself (`VACUUM INTO`); PostgreSQL has
/// `pg_dump`, which knows more than we do, so there the error says how to call it.
pub async fn backup(store: &Store, target: &Path) -> Result<()> {
    if target.exists() {
        return Err(Problem::invalid("out", format!("{} exists already: name a file that doesn't", target.display())));
    }
    match store {
        Store::Sqlite { readers, .. } => {
            let path = target.to_str().ok_or_else(|| Problem::invalid("out", "the path is not valid Unicode: choose another"))?;
            sqlx::query("VACUUM INTO $1").bind(path).execute(readers).await?;
            Ok(())
        }
        Store::Postgres(_) => Err(Problem::invalid(
            "database",
            "PostgreSQL is backed up with its own tool: pg_dump --format=custom --file=FILE DATABASE-URL (and pg_restore to bring it back)",
        )),
    }
}
