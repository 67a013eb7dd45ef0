//! Rows as comma-separated text (RFC 4180, UTF-8), written as they come. It must not know what the rows mean.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula, and runs it. So a text
//! that begins that way gets an apostrophe in front. A text that begins with apostrophes before such a sign gets one more, so
//! that the rule can be undone without loss: [`original`] takes back exactly what [`Writer`] added. Numbers that the product
//! itself counts are written with [`Writer::row`] like any text: a negative number is one of those texts.

use std::io::Write;

use crate::kernel::{Problem, Result};

/// What `Writer::new` puts before the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// U+FEFF, by which Excel knows that the file is UTF-8: for files that people open.
    ByteOrderMark,
    /// Nothing: for files that programs read.
    Plain,
}

/// Writes rows to `W` without keeping them.
pub struct Writer<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    pub fn new(mut to: W, start: Start) -> Result<Self> {
        if start == Start::ByteOrderMark {
            to.write_all("\u{feff}".as_bytes())?;
        }
        let rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(to);
        Ok(Self { rows })
    }

    /// Writes one row; the first is the header.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<()> {
        let cells: Vec<String> = cells.into_iter().map(|cell| harmless(cell.as_ref())).collect();
        self.rows.write_record(&cells).map_err(|e| Problem::internal("a row could not be written", e))
    }

    /// Writes out what is still held back, and gives the target back.
    pub fn finish(self) -> Result<W> {
        self.rows.into_inner().map_err(|e| Problem::internal("rows could not be written", e.to_string()))
    }
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The cell as it may be written: what a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
pub fn harmless(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// A cell as it was before it was written: for reading back a file of ours.
pub fn original(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_written_as_text() {
        let mut writer = Writer::new(Vec::new(), Start::ByteOrderMark).unwrap();
        writer.row(["School", "Remark"]).unwrap();
        writer.row(["Cedar Ridge, High", "=HYPERLINK(\"http://x\")"]).unwrap();
        writer.row(["Harbor", "two\nlines"]).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}School,Remark\r\n\"Cedar Ridge, High\",\"'=HYPERLINK(\"\"http://x\"\")\"\r\nHarbor,\"two\nlines\"\r\n");
    }

    #[test]
    fn every_cell_comes_back_as_it_was() {
        for text in ["", "plain", "=1+1", "+1", "-5", "@x", "\tx", "\rx", "'quoted'", "'=x", "''-x", "'", "it's", "ñ; \"x\""] {
            let mut writer = Writer::new(Vec::new(), Start::Plain).unwrap();
            writer.row([text, "end"]).unwrap();
            let bytes = writer.finish().unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let row = reader.records().next().unwrap().unwrap();
            assert_eq!(original(&row[0]), text, "{:?}", String::from_utf8_lossy(&bytes));
            assert!(!row[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
