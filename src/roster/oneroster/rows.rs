//! A file as a stream of rows, read on a thread of its own while the database works, a batch at a time. Forgives that cells are left out
//! at the end; what the header forgives stands in `header`.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, Reader, StringRecord};
use tokio::sync::mpsc;

use super::header::{self, Layout};
use super::report::Findings;
use super::source::Files;
use crate::kernel::{Problem, Result};

/// Rows handed over at a time, and rows written in one statement.
pub const BATCH: usize = 2_000;
/// Rows judged before the database, which writes meanwhile, is looked after again.
pub const AT_ONCE: usize = 200;
/// A row longer than this is a quote that was never closed.
const LONGEST_ROW: u64 = 4 << 20;
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

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
    pub(super) cells: StringRecord,
    pub unreadable: bool,
    /// The file begins with a byte-order mark (the header alone says so).
    pub marked: bool,
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
    file: &'static str,
    header: Vec<String>,
    /// Rows as they are read; an empty list says that the file has ended.
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
        let header = header::understand(layout, &header, findings)?;
        Ok(Self { file: layout.file, header, batches })
    }

    pub fn has(&self, name: &str) -> bool {
        self.header.iter().any(|h| h == name)
    }

    pub fn column(&self, name: &'static str) -> Column {
        Column { name, at: self.header.iter().position(|h| h == name) }
    }

    pub fn width(&self) -> usize {
        self.header.len()
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// Where the file can't be read on. A reader that breaks off is never taken for the file's end: what stood behind would leave.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>> {
        match self.batches.recv().await {
            Some(Ok(rows)) if rows.is_empty() => Ok(None),
            Some(rows) => rows.map(Some),
            None => Err(Problem::internal(format!("reading {}.csv broke off", self.file), "its reader is gone")),
        }
    }
}

/// Fails when one row swallows more than [`LONGEST_ROW`].
pub struct Bounded<R> {
    inner: R,
    since_row: Arc<AtomicU64>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        if self.since_row.fetch_add(n as u64, Ordering::Relaxed) > LONGEST_ROW {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a quotation mark is opened and never closed"));
        }
        Ok(n)
    }
}

/// A file's records, one by one, the header too; a quotation mark that is never closed doesn't swallow the rest.
pub struct Records<R> {
    file: String,
    reader: Reader<Bounded<R>>,
    since_row: Arc<AtomicU64>,
    number: i64,
}

impl<R: Read> Records<R> {
    pub fn of(file: &str, bytes: R) -> Self {
        let since_row = Arc::new(AtomicU64::new(0));
        let bounded = Bounded { inner: bytes, since_row: since_row.clone() };
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(bounded);
        Self { file: file.to_owned(), reader, since_row, number: 0 }
    }

    /// Reads the next record; its number, or none at the end.
    pub fn next(&mut self, into: &mut ByteRecord) -> Result<Option<i64>> {
        let (file, after) = (&self.file, self.number + 1);
        let more = self.reader.read_byte_record(into).map_err(|e| {
            Problem::invalid("source", format!("{file}.csv can't be read at row {after}: {e}. Mend that row, or export the set again"))
        })?;
        self.number = after;
        self.since_row.store(0, Ordering::Relaxed);
        Ok(more.then_some(after))
    }
}

/// Takes a byte-order mark away, which the reader of CSV would swallow without a word; whether there was one.
pub fn unmarked<'a>(file: &str, bytes: &'a mut dyn Read) -> Result<(bool, impl Read + use<'a>)> {
    let mut start = Vec::new();
    (&mut *bytes)
        .take(BOM.len() as u64)
        .read_to_end(&mut start)
        .map_err(|e| Problem::invalid("source", format!("{file}.csv can't be read: {e}. Export the set again")))?;
    let marked = start == BOM;
    Ok((marked, io::Cursor::new(if marked { Vec::new() } else { start }).chain(bytes)))
}

fn pump(file: &str, bytes: &mut dyn Read, send: &mpsc::Sender<Result<Vec<Row>>>) -> Result<()> {
    let (marked, whole) = unmarked(file, bytes)?;
    let mut records = Records::of(file, whole);
    let mut record = ByteRecord::new();
    let mut batch = Vec::new();
    while let Some(number) = records.next(&mut record)? {
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
    let _ = send.blocking_send(Ok(Vec::new()));
    Ok(())
}
