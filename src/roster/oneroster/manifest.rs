//! `manifest.csv`: the version of the set, and of each file whether it is the whole truth, changes only, or not there.

use std::collections::BTreeMap;
use std::io::Read;

use super::known::Kind;
use super::report::{Findings, Place};
use super::source::Files;
use crate::kernel::{Problem, Result};

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The whole truth: a record that is no longer there has left.
    Bulk,
    /// Changes only.
    Delta,
    Absent,
}

#[derive(Debug)]
pub struct Manifest {
    /// `1.1` or `1.2`.
    pub version: &'static str,
    modes: BTreeMap<&'static str, Mode>,
}

const KINDS: [Kind; 7] = [Kind::Org, Kind::Session, Kind::Course, Kind::Class, Kind::User, Kind::Role, Kind::Enrollment];

/// No manifest is longer.
const LONGEST: u64 = 1 << 20;

impl Manifest {
    pub fn is_1_2(&self) -> bool {
        self.version == "1.2"
    }

    pub fn mode(&self, kind: Kind) -> Mode {
        self.modes.get(kind.file()).copied().unwrap_or(Mode::Absent)
    }

    /// Reads the manifest and holds it against the files that are there.
    ///
    /// # Errors
    /// `Invalid` for a set without a manifest, of another version, or without a file that it promises or needs.
    pub fn read(files: &Files, findings: &mut Findings) -> Result<Self> {
        if !files.has("manifest") {
            return Err(refuse(format!("{} holds no manifest.csv: is it a OneRoster CSV export? Export the whole set again", files.name)));
        }
        let bytes = files.with("manifest", |stream| {
            let mut bytes = Vec::new();
            stream
                .take(LONGEST)
                .read_to_end(&mut bytes)
                .map_err(|e| refuse(format!("manifest.csv can't be read: {e}. Export the set again")))?;
            Ok(bytes)
        })?;
        let said = properties(&bytes)?;
        let version = match said.get("oneroster.version").map(|v| v.trim_start_matches(['v', 'V'])) {
            Some(v) if v == "1.1" || v.starts_with("1.1.") => "1.1",
            Some(v) if v == "1.2" || v.starts_with("1.2.") => "1.2",
            Some(v) => return Err(refuse(format!("manifest.csv names OneRoster {v}: export the set as OneRoster 1.1 or 1.2"))),
            None => {
                return Err(refuse("manifest.csv names no oneroster.version: is it a OneRoster CSV export? Export the whole set again"));
            }
        };
        let mut modes = BTreeMap::new();
        for kind in KINDS {
            modes.insert(kind.file(), mode_of(kind.file(), &said, files, findings)?);
        }
        if version == "1.1" && modes.get(Kind::Role.file()).is_some_and(|mode| *mode != Mode::Absent) {
            let place = Place { file: Kind::Role.file(), row: 1, source_id: "" };
            let wrong = "OneRoster 1.1 knows no such file; it was read as OneRoster 1.2 writes it";
            findings.warning(place, "", "", wrong, "nothing is lost; export the set as OneRoster 1.2, or leave the file out");
        }
        let manifest = Self { version, modes };
        manifest.check(&files.name)?;
        Ok(manifest)
    }

    /// A set that says anything whole says orgs and users too; changes may come by themselves. What users are is checked with `users.csv`.
    fn check(&self, name: &str) -> Result<()> {
        let present = |mode| self.modes.values().any(|m| *m == mode);
        if !present(Mode::Bulk) && !present(Mode::Delta) {
            return Err(refuse(format!("{name} holds no file that is read here: it needs orgs.csv and users.csv")));
        }
        for kind in [Kind::Org, Kind::User] {
            if present(Mode::Bulk) && self.mode(kind) == Mode::Absent {
                return Err(refuse(format!("{name} holds no {}.csv, which a bulk set needs: export the whole set again", kind.file())));
            }
        }
        Ok(())
    }
}

fn refuse(text: impl Into<String>) -> Problem {
    Problem::invalid("source", text)
}

fn properties(bytes: &[u8]) -> Result<BTreeMap<String, String>> {
    let text = std::str::from_utf8(bytes).map_err(|_| refuse("manifest.csv is not UTF-8: export the set as UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut said = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| refuse(format!("manifest.csv can't be read: {e}. Export the set again")))?;
        if let (Some(name), Some(value)) = (record.get(0), record.get(1)) {
            said.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    Ok(said)
}

fn mode_of(file: &'static str, said: &BTreeMap<String, String>, files: &Files, findings: &mut Findings) -> Result<Mode> {
    let place = Place { file: "manifest", row: 1, source_id: "" };
    let property = format!("file.{file}");
    let there = files.has(file);
    let mode = match said.get(&property.to_ascii_lowercase()).map(|v| v.to_ascii_lowercase()).as_deref() {
        Some("bulk") => Mode::Bulk,
        Some("delta") => Mode::Delta,
        Some("absent") => {
            if there {
                let wrong = "the manifest says that this file is absent, but it is there; it was not read";
                findings.warning(place, &property, "absent", wrong, "write bulk or delta in manifest.csv if it is to be read");
            }
            return Ok(Mode::Absent);
        }
        Some(other) => return Err(refuse(format!("manifest.csv says {property} is “{other}”: write bulk, delta or absent"))),
        None if there => {
            let wrong = "the manifest doesn't name this file; it was read as the whole truth";
            findings.warning(place, &property, "", wrong, format!("write {property} and bulk or delta in manifest.csv"));
            return Ok(Mode::Bulk);
        }
        None => return Ok(Mode::Absent),
    };
    if !there {
        return Err(refuse(format!(
            "manifest.csv promises {file}.csv, which isn't there: the export broke off. Export the whole set again"
        )));
    }
    Ok(mode)
}
