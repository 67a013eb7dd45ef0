//! Where the database and the log's signing key are, and how the server listens: command line first, then the environment (`ASSENT_DATABASE`).

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

/// The file of the log's signing key: the one that was named, or else beside the SQLite file (`assent.log-key`), or for PostgreSQL in the
/// data folder under the database's name.
pub fn log_key_file(data: &Path, database: &str, named: Option<&Path>) -> PathBuf {
    if let Some(path) = named {
        return path.to_owned();
    }
    let plain = database.split('?').next().unwrap_or(database);
    match plain.strip_prefix("sqlite:") {
        Some(path) => Path::new(path.strip_prefix("//").unwrap_or(path)).with_extension("log-key"),
        None => data.join(format!("{}.log-key", plain.rsplit('/').next().unwrap_or("assent"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_lies_beside_the_database_unless_it_is_named() {
        let file = |database, named: Option<&str>| log_key_file(Path::new("data"), database, named.map(Path::new));
        assert_eq!(file("sqlite:data/assent.db", None), Path::new("data/assent.log-key"));
        assert_eq!(file("sqlite:///srv/a/b.db?mode=rwc", None), Path::new("/srv/a/b.log-key"));
        assert_eq!(file("postgres://ann:x@db/district?sslmode=require", None), Path::new("data/district.log-key"));
        assert_eq!(file("postgres://db/district", Some("/etc/assent/key")), Path::new("/etc/assent/key"));
    }
}
