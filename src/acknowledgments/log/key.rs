//! The signing key's file. The key is never in the database: whoever can change records there can't sign what they became.

use std::io::Write as _;
use std::path::Path;

use super::note::SecretKey;
use crate::kernel::{Problem, Result};

/// The key in that file; `None` where there is no file.
///
/// # Errors
/// `Invalid` for a file that can't be read or doesn't hold a key.
pub fn read(path: &Path) -> Result<Option<SecretKey>> {
    let unusable = |why: String| Problem::invalid("log-key", format!("{}: {why}", path.display()));
    match std::fs::read_to_string(path) {
        Ok(text) => SecretKey::parse(text.trim_end_matches('\n')).map(Some).map_err(|why| unusable(why.to_owned())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(unusable(format!("the log's signing key can't be read: {e}"))),
    }
}

/// Writes a new file that only its owner may read, and waits until it is on the disk.
///
/// # Errors
/// `Invalid` where there is such a file already or none can be made: no key is ever overwritten.
pub fn write(path: &Path, key: &SecretKey) -> Result<()> {
    let refused = |e: std::io::Error| {
        Problem::invalid(
            "log-key",
            format!("the log's signing key can't be kept in {}: {e}. Name another file with --log-key", path.display()),
        )
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(refused)?;
    writeln!(file, "{}", key.spelled()).and_then(|()| file.sync_all()).map_err(refused)
}
