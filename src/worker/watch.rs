//! The watched folder: a OneRoster folder or zips that the student information system puts there. A set is taken when nothing in it has
//! changed since the last look, once for each state that it is in; the files themselves are never moved or deleted.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::db::Store;
use crate::kernel::{Actor, Clock, Problem, Result, digest};
use crate::roster::District;
use crate::roster::imports::{self, Origin, Submission};
use crate::roster::oneroster::Source;
use crate::roster::oneroster::packing::Folder;

#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    /// Each set's fingerprint at the last look.
    seen: HashMap<PathBuf, String>,
}

impl Watch {
    pub fn of(folder: PathBuf) -> Self {
        Self { folder, seen: HashMap::new() }
    }

    /// Takes every set that has stood still since the last look and wasn't taken before.
    ///
    /// # Errors
    /// `Internal` where the folder can't be read.
    pub async fn look(&mut self, store: &Store, clock: &Clock, district: &District) -> Result<()> {
        let folder = self.folder.clone();
        let sets = blocking(move || sets_in(&folder)).await?;
        let before = std::mem::take(&mut self.seen);
        for (path, fingerprint) in sets {
            if before.get(&path) == Some(&fingerprint) {
                let mut tx = store.read(clock).await?;
                let known = imports::knows(&mut tx, &fingerprint).await?;
                drop(tx);
                if !known {
                    take(store, clock, district, &path, &fingerprint).await?;
                }
            }
            self.seen.insert(path, fingerprint);
        }
        Ok(())
    }
}

async fn take(store: &Store, clock: &Clock, district: &District, path: &Path, fingerprint: &str) -> Result<()> {
    let actor = Actor { name: "watched folder".into(), ..Actor::operator(vec![district.root]) };
    let source = Source::at(path);
    let folder = Folder::new()?;
    let packed = folder.pack(&source).await;
    // What was written to meanwhile is looked at again next time.
    let now = {
        let path = path.to_owned();
        blocking(move || fingerprint_of(&path)).await?
    };
    if now.as_deref() != Some(fingerprint) {
        return Ok(());
    }
    let mut tx = store.write(clock).await?;
    let kept = match packed {
        Ok(set) => {
            let submission = Submission { set: &set, origin: Origin::Folder, fingerprint, look: false };
            imports::submit(&mut tx, &actor, submission).await
        }
        Err(Problem::Invalid(errors)) => {
            let said = errors.into_iter().map(|e| e.text).collect::<Vec<_>>().join(" ");
            imports::refuse(&mut tx, &actor, &source, Origin::Folder, fingerprint, &said).await
        }
        Err(problem) => return Err(problem),
    };
    match kept {
        Ok(_) => tx.commit().await,
        // Another machine that watches the same folder was quicker.
        Err(Problem::Conflict(_)) => Ok(()),
        Err(problem) => Err(problem),
    }
}

async fn blocking<T: Send + 'static>(look: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(look).await.map_err(|e| Problem::internal("looking into the watched folder broke off", e))?
}

/// The sets of the folder with their fingerprints, by name: the folder itself, folders in it, zips in it.
fn sets_in(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let unreadable = |e: std::io::Error| Problem::internal(format!("the watched folder {} can't be read", folder.display()), e);
    let mut paths = vec![folder.to_owned()];
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden {
            paths.push(entry.path());
        }
    }
    paths.sort();
    let mut sets = Vec::new();
    for path in paths {
        if let Some(fingerprint) = fingerprint_of(&path)? {
            sets.push((path, fingerprint));
        }
    }
    Ok(sets)
}

/// The names, sizes and times of a set's files; none where it is no set (any more).
fn fingerprint_of(path: &Path) -> Result<Option<String>> {
    let mut lines = Vec::new();
    let is_zip = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    if path.is_dir() {
        // A folder that goes away while it is looked at is none.
        let Ok(entries) = std::fs::read_dir(path) else { return Ok(None) };
        let mut whole = false;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_csv = name.to_ascii_lowercase().ends_with(".csv");
            whole |= name.eq_ignore_ascii_case("manifest.csv");
            if is_csv && let Some(line) = line(&entry.path(), &name) {
                lines.push(line);
            }
        }
        if !whole {
            return Ok(None);
        }
    } else if is_zip {
        lines.extend(line(path, "zip"));
    }
    if lines.is_empty() {
        return Ok(None);
    }
    lines.sort();
    Ok(Some(digest::record_hash(&(path.to_string_lossy(), lines))?))
}

fn line(path: &Path, name: &str) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    Some(format!("{name} {} {changed}", about.len()))
}
