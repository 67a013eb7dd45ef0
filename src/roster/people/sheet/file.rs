//! The file as a spreadsheet writes it: which column is which, its rows, and what of it can't be read at all. Knows nothing of people.

use super::{Sheet, Wrong};

/// The columns, in the order of the template.
pub const COLUMNS: [&str; 8] = ["given_name", "family_name", "email", "kind", "school", "language", "first_day", "last_day"];

/// What people call the columns besides.
const ALSO: [(&str, &str); 19] = [
    ("first_name", "given_name"),
    ("given", "given_name"),
    ("nombre", "given_name"),
    ("last_name", "family_name"),
    ("surname", "family_name"),
    ("family", "family_name"),
    ("apellido", "family_name"),
    ("apellidos", "family_name"),
    ("e_mail", "email"),
    ("email_address", "email"),
    ("correo", "email"),
    ("correo_electrónico", "email"),
    ("role", "kind"),
    ("función", "kind"),
    ("escuela", "school"),
    ("idioma", "language"),
    ("start_date", "first_day"),
    ("end_date", "last_day"),
    ("último_día", "last_day"),
];

/// The most bytes and rows that a file may have.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_ROWS: usize = 20_000;

/// The cells of one row by column; a column that the file doesn't have is none.
pub struct Cells {
    /// As a spreadsheet counts: the header is row 1.
    pub row: i64,
    cells: [Option<String>; COLUMNS.len()],
}

impl Cells {
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = COLUMNS.iter().position(|c| *c == column)?;
        self.cells[place].as_deref()
    }

    /// What stands in a cell; an empty one is none.
    pub fn filled(&self, column: &str) -> Option<&str> {
        self.get(column).filter(|cell| !cell.is_empty())
    }
}

/// The rows of a file; what can't be read at all is said in `sheet`.
pub fn read(bytes: &[u8], sheet: &mut Sheet) -> Vec<Cells> {
    if bytes.len() > MOST_BYTES {
        sheet.wrong(1, "", "", Wrong::TooLarge);
        return Vec::new();
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        sheet.wrong(1, "", "", Wrong::Unreadable);
        return Vec::new();
    };
    let text = text.trim_start_matches('\u{feff}');
    // Spreadsheets in some languages separate by semicolons.
    let first_line = text.lines().next().unwrap_or_default();
    let delimiter = if first_line.matches(';').count() > first_line.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).has_headers(false).from_reader(text.as_bytes());
    let mut records = reader.records();
    let mut places: [Option<usize>; COLUMNS.len()] = [None; COLUMNS.len()];
    let Some(Ok(header)) = records.next() else {
        sheet.wrong(1, "", "", Wrong::Unreadable);
        return Vec::new();
    };
    for (at, written) in header.iter().enumerate().filter(|(_, written)| !written.is_empty()) {
        let plain = written.to_lowercase().replace([' ', '-', '.'], "_");
        let plain = ALSO.iter().find(|(other, _)| *other == plain).map_or(plain.as_str(), |(_, column)| column);
        match COLUMNS.iter().position(|column| *column == plain) {
            Some(place) if places[place].is_some() => sheet.wrong(1, written, "", Wrong::TwoColumns),
            Some(place) => places[place] = Some(at),
            None => sheet.ignored.push(written.to_owned()),
        }
    }
    for needed in [0, 1, 3] {
        if places[needed].is_none() {
            sheet.wrong(1, COLUMNS[needed], "", Wrong::NoColumn);
        }
    }
    let mut rows = Vec::new();
    let mut row = 1 + blank_lines_before(text, header.position());
    for record in records {
        let Ok(record) = record else {
            sheet.wrong(row + 1, "", "", Wrong::Unreadable);
            break;
        };
        row += 1 + blank_lines_before(text, record.position());
        let remark = record.get(0).is_some_and(|cell| cell.starts_with('#'));
        if remark || record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MOST_ROWS {
            sheet.wrong(row, "", "", Wrong::TooLarge);
            break;
        }
        let cells = places.map(|place| place.map(|at| record.get(at).unwrap_or_default().to_owned()));
        rows.push(Cells { row, cells });
    }
    if rows.is_empty() && sheet.is_good() {
        sheet.wrong(1, "", "", Wrong::NoRows);
    }
    rows
}

/// Blank lines between a row and the one before it. The reader passes over them, but a spreadsheet counts them; and it counts a cell of
/// several lines as one row, so that the reader's own line numbers would mislead.
fn blank_lines_before(text: &str, position: Option<&csv::Position>) -> i64 {
    let at = position.and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(0).min(text.len());
    let bytes = text.as_bytes();
    let breaks = bytes[at..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| **b == b'\n').count();
    // The second half of the line break that ended the row before.
    let rest = usize::from(at > 0 && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n'));
    i64::try_from(breaks - rest).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &str) -> (Vec<Cells>, Sheet) {
        let mut sheet = Sheet::default();
        (read(text.as_bytes(), &mut sheet), sheet)
    }

    #[test]
    fn a_file_is_read_as_spreadsheets_write_it() {
        let (rows, sheet) = rows_of("\u{feff}Last name;First Name;KIND;Shoe size\r\n# a remark;;;\r\nBoard;Bo;board;44\r\n;;;\r\n");
        assert_eq!(sheet.ignored, ["Shoe size"]);
        assert!(sheet.is_good(), "{:?}", sheet.errors);
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].row, rows[0].get("given_name"), rows[0].get("email")), (3, Some("Bo"), None));
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        for end in ["\n", "\r\n"] {
            let text = ["given_name,family_name,kind", "\"A\nB\",C,guest", "", "D,E,guest", "", "", "F,G,guest", ""].join(end);
            let (rows, _) = rows_of(&text);
            assert_eq!(rows.iter().map(|r| r.row).collect::<Vec<_>>(), [2, 4, 7], "{end:?}");
        }
    }

    #[test]
    fn a_file_without_its_columns_says_which() {
        let (_, sheet) = rows_of("given_name,family_name,family\nBo,Board,Board\n");
        let said: Vec<(&str, Wrong)> = sheet.errors.iter().map(|e| (e.column.as_str(), e.wrong)).collect();
        assert_eq!(said, [("family", Wrong::TwoColumns), ("kind", Wrong::NoColumn)]);
        let mut sheet = Sheet::default();
        assert!(read(&[0xff, 0xfe, 0x00], &mut sheet).is_empty());
        assert_eq!(sheet.errors[0].wrong, Wrong::Unreadable);
    }
}
