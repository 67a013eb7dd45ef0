//! A set made ready to be kept until it is brought in: one zip that holds the files that are read, of the others the names alone, and of
//! users no password. So nothing is stored that the product promises never to read.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::READ;
use super::manifest::Manifest;
use super::report::Findings;
use super::rows::{Records, unmarked};
use super::source::{Files, Source, open_zip};
use crate::kernel::{Chance, Problem, Result};

/// A temporary folder that only this user may read, and that goes when it is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("assent-{}", Chance::system().token()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }

    /// A file in it. `name` is ours, never a user's.
    pub fn path(&self, name: &'static str) -> PathBuf {
        self.0.join(name)
    }

    /// Packs a set, a folder or a zip, into this folder, fit to be kept.
    ///
    /// # Errors
    /// `Invalid` for a set that can't be trusted, as far as its outside, its manifest and its users show it.
    pub async fn pack(&self, source: &Source) -> Result<Source> {
        let (from, target) = (source.clone(), self.path("packed.zip"));
        let packed = Source::named(&target, &source.name);
        tokio::task::spawn_blocking(move || pack(&from, &target))
            .await
            .map_err(|e| Problem::internal("packing a roster broke off", e))??;
        Ok(packed)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Writes the set, a folder or a zip, to `target`.
///
/// # Errors
/// `Invalid` for a set that can't be trusted, as far as its outside and its manifest show it.
fn pack(source: &Source, target: &Path) -> Result<()> {
    let files = Files::open(source)?;
    Manifest::read(&files, &mut Findings::default())?;
    let mut zip = ZipWriter::new(BufWriter::new(File::create(target)?));
    let plain = SimpleFileOptions::default().large_file(true);
    let mut names: HashSet<String> = HashSet::new();
    let mut others: Vec<String> = files.others.iter().map(|name| shown(name)).collect();
    for (stem, inside) in &files.entries {
        if !READ.contains(&stem.as_str()) {
            others.push(shown(inside));
            continue;
        }
        let name = format!("{stem}.csv");
        names.insert(name.clone());
        let written = if files.zipped && stem != "users" {
            let mut archive = open_zip(&files.path)?;
            let entry = archive.by_name(inside).map_err(|e| broken(inside, &e.to_string()))?;
            zip.raw_copy_file_rename(entry, name).map_err(full)
        } else {
            zip.start_file(name, plain).map_err(full)?;
            files.with(stem, |bytes| if stem == "users" { without_passwords(bytes, &mut zip) } else { copy(inside, bytes, &mut zip) })
        };
        written?;
    }
    for other in others {
        if !other.is_empty() && names.insert(other.clone()) {
            zip.start_file(other, plain).map_err(full)?;
        }
    }
    let mut file = zip.finish().map_err(full)?;
    file.flush()?;
    Ok(())
}

fn shown(name: &str) -> String {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.chars().filter(|c| !c.is_control() && *c != '\\' && *c != ':').collect()
}

fn broken(name: &str, e: &str) -> Problem {
    Problem::invalid("source", format!("{name} can't be read: {e}. Export the set again"))
}

fn full(e: zip::result::ZipError) -> Problem {
    Problem::internal("a roster could not be packed", e)
}

fn copy(name: &str, bytes: &mut dyn Read, to: &mut impl Write) -> Result<()> {
    let mut part = vec![0; 1 << 16];
    loop {
        let n = match bytes.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(broken(name, &e.to_string())),
        };
        to.write_all(part.get(..n).unwrap_or_default())?;
    }
}

/// Copies `users.csv` with the cells of its column `password` emptied; all else, also what is wrong with it, stays.
fn without_passwords(bytes: &mut dyn Read, to: &mut impl Write) -> Result<()> {
    let (marked, bytes) = unmarked("users", bytes)?;
    if marked {
        to.write_all("\u{feff}".as_bytes())?;
    }
    let mut records = Records::of("users", bytes);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(to);
    let (mut record, mut secret) = (ByteRecord::new(), Vec::new());
    while let Some(number) = records.next(&mut record)? {
        if number == 1 {
            let is_secret = |cell: &[u8]| String::from_utf8_lossy(cell).to_ascii_lowercase().contains("passw");
            secret = record.iter().enumerate().filter(|(_, cell)| is_secret(cell)).map(|(at, _)| at).collect();
        }
        let written = if number == 1 || secret.is_empty() {
            writer.write_byte_record(&record)
        } else {
            writer.write_record(record.iter().enumerate().map(|(at, cell)| if secret.contains(&at) { &b""[..] } else { cell }))
        };
        written.map_err(|e| Problem::internal("a roster could not be packed", e))?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_set_holds_no_password_and_every_other_cell() {
        let text = "\u{feff}sourcedId,Password,givenName\n1,hunter2,\"Ann, \"\"A\"\"\"\n2,x\n3,y,z,more\n";
        let mut out = Vec::new();
        without_passwords(&mut text.as_bytes(), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\u{feff}sourcedId,Password,givenName\n1,,\"Ann, \"\"A\"\"\"\n2,\n3,,z,more\n");
    }
}
