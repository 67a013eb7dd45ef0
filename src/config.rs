//! Where the database is, and how the server listens: command line first, then the environment (`ASSENT_DATABASE`).

use std::path::{Path, PathBuf};

use crate::kernel::{Problem, Result};

/// The database's URL from what a command was given: `--database URL`, or else a SQLite file in `--data DIR`, which is made.
pub fn database_url(data: &Path, database: Option<&str>) -> Result<String> {
    if let Some(url) = database {
        return Ok(url.to_owned());
    }
    std::fs::create_dir_all(data)
        .map_err(|e| Problem::invalid("data", format!("the folder {} can't be made: {e}. Choose another with --data", data.display())))?;
    Ok(format!("sqlite:{}", file_in(data).display()))
}

/// The SQLite file of a data folder.
pub fn file_in(data: &Path) -> PathBuf {
    data.join("assent.db")
}
