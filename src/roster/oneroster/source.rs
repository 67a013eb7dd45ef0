//! The set of files: a folder or a zip. Refuses what could do harm (paths that lead out, links, passwords, bombs, duplicates) before
//! anything is read, and hands out each file as a stream. Knows nothing of what stands in the files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::kernel::{Problem, Result};

/// No file of the largest district comes near this.
const LARGEST: u64 = 8 << 30;
/// Real exports shrink to a tenth or a thirtieth; beyond this a zip is made to fill a disk.
const DENSEST: u64 = 200;
/// Below this size density proves nothing.
const SMALL: u64 = 16 << 20;
const MOST_ENTRIES: usize = 500;
const LONGEST_NAME: usize = 120;

/// Where a set lies, and how it is called in reports.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: PathBuf,
    /// Of the folder or zip, without its path.
    pub name: String,
}

impl Source {
    /// A folder or zip under its own name.
    pub fn at(path: &Path) -> Self {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        Self::named(path, &name)
    }

    /// The same under another name: fit to be shown, and never a path.
    pub fn named(path: &Path, name: &str) -> Self {
        let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        Self { path: path.to_owned(), name }
    }
}

/// The files of a set, by their lower-case name without ending.
#[derive(Debug)]
pub struct Files {
    pub path: PathBuf,
    pub zipped: bool,
    /// Name of the folder or zip without its path.
    pub name: String,
    /// Lower-case stem → name within the set.
    pub entries: BTreeMap<String, String>,
    /// Whatever else lies there.
    pub others: Vec<String>,
}

fn refuse(text: impl Into<String>) -> Problem {
    Problem::invalid("source", text)
}

impl Files {
    /// Looks at the set without reading any of its files.
    ///
    /// # Errors
    /// `Invalid` for a path that isn't there, is no zip, or is a zip that can't be trusted.
    pub fn open(source: &Source) -> Result<Self> {
        let path = source.path.as_path();
        let name = source.name.clone();
        let about = std::fs::metadata(path)
            .map_err(|e| refuse(format!("{} can't be opened: {e}. Name a OneRoster folder or zip file", path.display())))?;
        let zipped = !about.is_dir();
        let names = if zipped { zip_names(path)? } else { folder_names(path)? };
        let mut entries = BTreeMap::new();
        let mut others = Vec::new();
        for inside in names {
            let base = inside.rsplit('/').next().unwrap_or(&inside).to_owned();
            match base.to_ascii_lowercase().strip_suffix(".csv") {
                Some(stem) => {
                    if entries.insert(stem.to_owned(), inside).is_some() {
                        return Err(refuse(format!("{name} holds {base} twice: export the set again")));
                    }
                }
                None => others.push(base),
            }
        }
        Ok(Self { path: path.to_owned(), zipped, name, entries, others })
    }

    pub fn has(&self, stem: &str) -> bool {
        self.entries.contains_key(&stem.to_ascii_lowercase())
    }

    /// The names, as they stand in the set, of all files that end in `.csv`.
    pub fn stems(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(stem, name)| (stem.as_str(), name.rsplit('/').next().unwrap_or(name)))
    }

    /// Hands the file's bytes to `read` as a stream. Blocks: call it where that may be.
    ///
    /// # Errors
    /// `Invalid` where the file isn't there or can't be unpacked.
    pub fn with<T>(&self, stem: &str, read: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
        let Some(inside) = self.entries.get(&stem.to_ascii_lowercase()) else {
            return Err(refuse(format!("{} holds no {stem}.csv: export the whole set again", self.name)));
        };
        let broken = |e: String| refuse(format!("{inside} can't be read: {e}. Export the set again"));
        if self.zipped {
            let mut archive = open_zip(&self.path)?;
            let file = archive.by_name(inside).map_err(|e| broken(e.to_string()))?;
            let promised = file.size();
            read(&mut Promised { inner: file, left: promised })
        } else {
            let file = File::open(self.path.join(inside)).map_err(|e| broken(e.to_string()))?;
            read(&mut BufReader::with_capacity(1 << 16, file))
        }
    }
}

/// A stream that fails when it yields more than the zip's directory promised: the mark of a bomb.
struct Promised<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Promised<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.left = self
            .left
            .checked_sub(n as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it unpacks to more than the zip says"))?;
        Ok(n)
    }
}

fn folder_names(path: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let closed = |e: io::Error| refuse(format!("the folder {} can't be read: {e}. May this user read there?", path.display()));
    for entry in std::fs::read_dir(path).map_err(closed)? {
        let entry = entry.map_err(closed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(if entry.file_type().map_err(closed)?.is_file() { name } else { format!("{name} (not a file)") });
        }
    }
    names.sort();
    Ok(names)
}

pub fn open_zip(path: &Path) -> Result<ZipArchive<BufReader<File>>> {
    let file =
        File::open(path).map_err(|e| refuse(format!("{} can't be opened: {e}. Name a OneRoster folder or zip file", path.display())))?;
    ZipArchive::new(BufReader::new(file))
        .map_err(|e| refuse(format!("{} is no zip that can be read ({e}): name a OneRoster folder or zip file", path.display())))
}

fn zip_names(path: &Path) -> Result<Vec<String>> {
    let mut archive = open_zip(path)?;
    if archive.has_duplicate_names() {
        return Err(refuse("the zip holds two files of one name: export the set again"));
    }
    if archive.len() > MOST_ENTRIES {
        return Err(refuse(format!("the zip holds {} files; a OneRoster set has about 20: pack those alone", archive.len())));
    }
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|e| refuse(format!("the zip can't be read: {e}. Export the set again")))?;
        let name =
            entry.name().map_err(|e| refuse(format!("the zip holds a name that can't be read: {e}. Export the set again")))?.into_owned();
        check_name(&name)?;
        if entry.is_symlink() {
            return Err(refuse(format!("the zip holds a link, {name}: pack the files themselves")));
        }
        if entry.encrypted() {
            return Err(refuse(format!("{name} is locked with a password: pack the set without one")));
        }
        if entry.size() > LARGEST || (entry.size() > SMALL && entry.size() / entry.compressed_size().max(1) > DENSEST) {
            return Err(refuse(format!("{name} would unpack to {} bytes: that is no OneRoster file. Export the set again", entry.size())));
        }
        let hidden = name.starts_with("__MACOSX/") || name.rsplit('/').next().is_some_and(|n| n.starts_with('.'));
        if !entry.is_dir() && !hidden {
            names.push(name);
        }
    }
    Ok(names)
}

/// A name within a zip stays within the folder it is unpacked to.
fn check_name(name: &str) -> Result<()> {
    let leads_out = name.starts_with('/') || name.contains(['\\', '\0', ':']) || name.split('/').any(|part| part == "..");
    if leads_out {
        return Err(refuse(format!("the zip holds a path that leads out of it, {name:?}: pack the CSV files by themselves")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_that_leads_out_of_the_zip_is_refused() {
        for name in ["../users.csv", "/etc/passwd", "a/../../b.csv", "a\\b.csv", "C:users.csv"] {
            assert!(super::check_name(name).is_err(), "{name}");
        }
        assert!(super::check_name("export/users.csv").is_ok());
    }
}
