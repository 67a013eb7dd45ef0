//! A file as a stream of rows, read on a thread of its own while the database works, a batch at a time. Forgives the habits of real
//! exports (BOM, header in another case or order, cells left out at the end), and says so once.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, StringRecord};
use tokio::sync::mpsc;

use super::known::Kind;
use super::report::{Findings, Place};
use super::source::Files;
use crate::kernel::{Problem, Result};

/// Rows handed over at a time, and rows written in one statement.
pub const BATCH: usize = 2_000;
/// A row longer than this is a quote that was never closed.
const LONGEST_ROW: u64 = 4 << 20;
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The standard's columns of a file, in order, and those that it can't do without.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub file: &'static str,
    pub columns: &'static [&'static str],
    pub required: &'static [&'static str],
}

impl Layout {
    pub fn of(kind: Kind, is_1_2: bool) -> Self {
        let (columns, required): (&'static [_], &'static [_]) = match kind {
            Kind::Org => (&["name", "type", "identifier", "parentSourcedId"], &["name", "type"]),
            Kind::Session => {
                (&["title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"], &["title", "type", "startDate", "endDate"])
            }
            Kind::Course => {
                (&["schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"], &["title"])
            }
            Kind::Class => (CLASSES, &["title", "schoolSourcedId"]),
            Kind::User if is_1_2 => (USERS_1_2, &["givenName", "familyName"]),
            Kind::User => (USERS_1_1, &["orgSourcedIds", "role", "givenName", "familyName"]),
            Kind::Role => (
                &["userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"],
                &["userSourcedId", "role", "orgSourcedId"],
            ),
            Kind::Enrollment => (
                &["classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"],
                &["classSourcedId", "userSourcedId", "role"],
            ),
        };
        Self { file: kind.file(), columns, required }
    }
}

const CLASSES: &[&str] = &[
    "title",
    "grades",
    "courseSourcedId",
    "classCode",
    "classType",
    "location",
    "schoolSourcedId",
    "termSourcedIds",
    "subjects",
    "subjectCodes",
    "periods",
];
const USERS_1_1: &[&str] = &[
    "enabledUser",
    "orgSourcedIds",
    "role",
    "username",
    "userIds",
    "givenName",
    "familyName",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agentSourcedIds",
    "grades",
    "password",
];
const USERS_1_2: &[&str] = &[
    "enabledUser",
    "username",
    "userIds",
    "givenName",
    "familyName",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agentSourcedIds",
    "grades",
    "password",
    "userMasterIdentifier",
    "resourceSourcedIds",
    "preferredGivenName",
    "preferredMiddleName",
    "preferredFamilyName",
    "primaryOrgSourcedId",
    "pronouns",
];

/// A column's place in this file; a column that isn't there reads as empty.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    at: Option<usize>,
}

/// One row, and what keeps it from being read.
#[derive(Debug)]
pub struct Row {
    pub number: i64,
    cells: StringRecord,
    pub unreadable: bool,
    /// The file begins with a byte-order mark (the header alone says so).
    marked: bool,
}

impl Row {
    /// The cell without the blanks around it.
    pub fn get(&self, column: Column) -> &str {
        column.at.and_then(|at| self.cells.get(at)).unwrap_or_default().trim()
    }

    pub fn is_longer_than(&self, width: usize) -> bool {
        self.cells.iter().skip(width).any(|cell| !cell.trim().is_empty())
    }

    pub fn cells(&self) -> usize {
        self.cells.len()
    }
}

/// An open file: its header is understood, its rows follow.
#[derive(Debug)]
pub struct Table {
    header: Vec<String>,
    batches: mpsc::Receiver<Result<Vec<Row>>>,
}

impl Table {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// `Invalid` where the header can't be read or lacks a required column.
    pub async fn open(files: &Arc<Files>, layout: Layout, findings: &mut Findings) -> Result<Self> {
        let (send, mut batches) = mpsc::channel(3);
        let (source, file) = (files.clone(), layout.file);
        tokio::task::spawn_blocking(move || {
            if let Err(problem) = source.with(file, |bytes| pump(file, bytes, &send)) {
                // Nobody listens any longer when the import has been refused already.
                let _ = send.blocking_send(Err(problem));
            }
        });
        let header = match batches.recv().await {
            Some(first) => first?.into_iter().next(),
            None => None,
        };
        let Some(header) = header else {
            return Err(Problem::invalid("source", format!("{file}.csv is empty, without even a header: export the set again")));
        };
        let header = understand(layout, &header, findings)?;
        Ok(Self { header, batches })
    }

    pub fn column(&self, name: &'static str) -> Column {
        Column { name, at: self.header.iter().position(|h| h == name) }
    }

    pub fn width(&self) -> usize {
        self.header.len()
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>> {
        self.batches.recv().await.transpose()
    }
}

/// Fails when one row swallows more than [`LONGEST_ROW`].
struct Bounded<'a> {
    inner: &'a mut dyn Read,
    since_row: Arc<AtomicU64>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        if self.since_row.fetch_add(n as u64, Ordering::Relaxed) > LONGEST_ROW {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a quotation mark is opened and never closed"));
        }
        Ok(n)
    }
}

fn pump(file: &str, bytes: &mut dyn Read, send: &mpsc::Sender<Result<Vec<Row>>>) -> Result<()> {
    // The reader of CSV would swallow a byte-order mark without a word.
    let mut start = Vec::new();
    (&mut *bytes).take(BOM.len() as u64).read_to_end(&mut start)?;
    let marked = start == BOM;
    let mut whole = io::Cursor::new(if marked { Vec::new() } else { start }).chain(bytes);
    let since_row = Arc::new(AtomicU64::new(0));
    let bounded = Bounded { inner: &mut whole, since_row: since_row.clone() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(bounded);
    let mut record = ByteRecord::new();
    let mut batch = Vec::new();
    let mut number = 0;
    loop {
        let more = reader.read_byte_record(&mut record).map_err(|e| {
            let after = number + 1;
            Problem::invalid("source", format!("{file}.csv can't be read at row {after}: {e}. Mend that row, or export the set again"))
        })?;
        if !more {
            break;
        }
        number += 1;
        since_row.store(0, Ordering::Relaxed);
        let (cells, unreadable) = match StringRecord::from_byte_record(record.clone()) {
            Ok(cells) => (cells, false),
            Err(_) => (StringRecord::from_byte_record_lossy(record.clone()), true),
        };
        batch.push(Row { number, cells, unreadable, marked: number == 1 && marked });
        // The header goes first, by itself.
        if (number == 1 || batch.len() == BATCH) && send.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
            return Ok(());
        }
    }
    if !batch.is_empty() {
        // Refused meanwhile: nobody listens.
        let _ = send.blocking_send(Ok(batch));
    }
    Ok(())
}

/// The header in the standard's spelling; unknown columns as they stand.
fn understand(layout: Layout, header: &Row, findings: &mut Findings) -> Result<Vec<String>> {
    let file = layout.file;
    if header.unreadable {
        return Err(Problem::invalid("source", format!("the header of {file}.csv is not UTF-8: export the set as UTF-8")));
    }
    let place = Place { file, row: 1, source_id: "" };
    let common = ["sourcedId", "status", "dateLastModified"];
    let standard: Vec<&str> = common.iter().chain(layout.columns).copied().collect();
    let mut found: Vec<String> = Vec::new();
    let mut last = 0;
    if header.marked {
        findings.habit("bom", place, "", "", "the file begins with a byte-order mark", "nothing is lost; save it as UTF-8 without BOM");
    }
    for cell in &header.cells {
        let bare = cell.trim();
        let Some(at) = standard.iter().position(|name| name.eq_ignore_ascii_case(bare)) else {
            if !bare.to_ascii_lowercase().starts_with("metadata.") {
                let wrong = "OneRoster knows no such column; it is not read";
                findings.habit("extra", place, bare, bare, wrong, "nothing is lost; name it metadata.… or leave it out");
            }
            found.push(metadata_name(bare));
            continue;
        };
        let name = standard[at];
        if name != bare {
            findings.habit("case", place, "header", bare, "a column is written in another case", &format!("write {name}"));
        }
        if at < last {
            findings.habit("order", place, "header", bare, "the columns stand in another order", "nothing is lost");
        }
        last = at;
        if found.iter().any(|f| f == name) {
            return Err(Problem::invalid("source", format!("{file}.csv has the column {name} twice: export the set again")));
        }
        found.push(name.to_owned());
    }
    let missing: Vec<&str> =
        ["sourcedId"].iter().chain(layout.required).filter(|name| !found.iter().any(|f| f == *name)).copied().collect();
    if !missing.is_empty() {
        let text =
            format!("{file}.csv lacks {}: is it a OneRoster file with commas between its cells? Export the set again", missing.join(", "));
        return Err(Problem::invalid("source", text));
    }
    Ok(found)
}

/// The columns beyond the standard that are read, in one spelling.
fn metadata_name(bare: &str) -> String {
    ["metadata.language", "metadata.homeLanguage", "metadata.turns18"]
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(bare))
        .unwrap_or(bare)
        .to_owned()
}
