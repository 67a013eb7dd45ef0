//! One night's changes: of a roster that was made up, so many people are at another school this morning, as a OneRoster delta set.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use assent::kernel::{Problem, Result};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Writes `users.csv` with `number` students of the set, spread over it, each at the school of the one before.
pub fn write(roster: &Path, number: u64, to: &Path) -> Result<PathBuf> {
    let wrong = |e: &dyn std::fmt::Display| Problem::internal("the night's changes could not be made", e.to_string());
    let read = |take: &mut dyn FnMut(&csv::StringRecord) -> Result<()>| -> Result<csv::StringRecord> {
        let mut archive = ZipArchive::new(File::open(roster)?).map_err(|e| wrong(&e))?;
        let users = archive.by_name("users.csv").map_err(|e| wrong(&e))?;
        let mut rows = csv::Reader::from_reader(users);
        let header = rows.headers().map_err(|e| wrong(&e))?.clone();
        for row in rows.records() {
            take(&row.map_err(|e| wrong(&e))?)?;
        }
        Ok(header)
    };
    let mut students = 0;
    let at = |header: &csv::StringRecord, name: &str| header.iter().position(|h| h == name).unwrap_or_default();
    let header = read(&mut |_| Ok(()))?;
    let (role, org, status, changed) =
        (at(&header, "role"), at(&header, "orgSourcedIds"), at(&header, "status"), at(&header, "dateLastModified"));
    read(&mut |row| {
        students += u64::from(row.get(role) == Some("student"));
        Ok(())
    })?;
    let every = (students / number).max(1);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&header).map_err(|e| wrong(&e))?;
    let (mut seen, mut written, mut before) = (0, 0, String::new());
    read(&mut |row| {
        if row.get(role) == Some("student") {
            // The school of a student some way before is another one.
            if seen % every == 0 && written < number && !before.is_empty() && Some(before.as_str()) != row.get(org) {
                let cells = row.iter().enumerate().map(|(column, cell)| match column {
                    c if c == org => before.as_str(),
                    c if c == status => "active",
                    c if c == changed => "2026-10-01T00:00:00Z",
                    _ => cell,
                });
                out.write_record(cells).map_err(|e| wrong(&e))?;
                written += 1;
            }
            if Some(before.as_str()) != row.get(org) && seen % every == every / 2 {
                row.get(org).unwrap_or_default().clone_into(&mut before);
            }
            seen += 1;
        }
        Ok(())
    })?;
    let path = to.join("night.zip");
    let mut zip = ZipWriter::new(File::create(&path)?);
    zip.start_file("manifest.csv", SimpleFileOptions::default()).map_err(|e| wrong(&e))?;
    zip.write_all(b"propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.users,delta\n")?;
    zip.start_file("users.csv", SimpleFileOptions::default()).map_err(|e| wrong(&e))?;
    zip.write_all(&out.into_inner().map_err(|e| wrong(&e))?)?;
    zip.finish().map_err(|e| wrong(&e))?;
    Ok(path)
}
