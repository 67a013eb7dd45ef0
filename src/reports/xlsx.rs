//! Rows as an Excel workbook: numbers are numbers, text is never a formula, the header stays in sight. The same sheets give the
//! same bytes. It must not know what the rows mean.

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::kernel::{Day, Moment, Problem, Result};

/// One sheet of the workbook.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What stands on its tab. Excel allows 31 characters and none of `[]:*?/\`: what is beyond is cut, what is forbidden replaced.
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Whole(i64),
    Number(f64),
    /// From 0 to 1, shown as a percentage with one decimal.
    Share(f64),
    Date(Day),
    Empty,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Self {
        Self::Date(day)
    }
}

/// Excel's own limit on the characters in a cell.
const LONGEST: usize = 32_767;
/// Whole numbers beyond 2^53 don't survive Excel's arithmetic: they are written as text.
const EXACT: i64 = 1 << 53;

/// The workbook's bytes. `made_at` is what the file says about itself.
/// Errors: two sheets of one name, or more rows than a sheet holds (1,048,575 under the header).
pub fn write(sheets: &[Sheet], made_at: Moment) -> Result<Vec<u8>> {
    workbook(sheets, made_at).map_err(|e| Problem::internal("the workbook can't be written", e))
}

struct Formats {
    head: Format,
    text: Format,
    whole: Format,
    number: Format,
    share: Format,
    date: Format,
}

fn workbook(sheets: &[Sheet], made_at: Moment) -> Result<Vec<u8>, XlsxError> {
    let ink = Color::RGB(0x001b_2436);
    let base = || Format::new().set_align(FormatAlign::Top);
    let formats = Formats {
        head: Format::new()
            .set_bold()
            .set_font_color(ink)
            .set_background_color(Color::RGB(0x00e8_eff8))
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(Color::RGB(0x0017_457f)),
        text: base(),
        whole: base().set_num_format("#,##0"),
        number: base().set_num_format("#,##0.##"),
        share: base().set_num_format("0.0%"),
        date: base().set_num_format("yyyy-mm-dd"),
    };
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_timestamp(made_at.0.div_euclid(1_000_000))?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet, &formats)?;
    }
    if sheets.is_empty() {
        workbook.add_worksheet();
    }
    workbook.save_to_buffer()
}

fn fill(page: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    let name: String = sheet.name.chars().map(|c| if "[]:*?/\\".contains(c) { '-' } else { c }).take(31).collect();
    let name = name.trim_matches('\'');
    if !name.is_empty() {
        page.set_name(name)?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    for (column, title) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(0, column, cut(title), &formats.head)?;
        page.set_column_width(column, width(sheet, usize::from(column)))?;
    }
    for (row, values) in (1..).zip(&sheet.rows) {
        for (column, value) in (0..).zip(values) {
            put(page, (row, column), value, formats)?;
        }
    }
    if let Some(last) = u16::try_from(sheet.columns.len()).ok().and_then(|n| n.checked_sub(1)) {
        page.autofilter(0, 0, u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX), last)?;
    }
    Ok(())
}

fn put(page: &mut Worksheet, (row, column): (u32, u16), value: &Value, formats: &Formats) -> Result<(), XlsxError> {
    match value {
        Value::Text(text) => page.write_string_with_format(row, column, cut(text), &formats.text)?,
        #[allow(clippy::cast_precision_loss)] // exact in this range
        Value::Whole(n) if n.abs() <= EXACT => page.write_number_with_format(row, column, *n as f64, &formats.whole)?,
        Value::Whole(n) => page.write_string_with_format(row, column, n.to_string(), &formats.text)?,
        Value::Number(n) if n.is_finite() => page.write_number_with_format(row, column, *n, &formats.number)?,
        Value::Share(n) if n.is_finite() => page.write_number_with_format(row, column, *n, &formats.share)?,
        Value::Date(day) => match ExcelDateTime::from_timestamp(day.0.saturating_mul(86_400)) {
            Ok(date) => page.write_datetime_with_format(row, column, &date, &formats.date)?,
            Err(_) => page.write_string_with_format(row, column, day.iso(), &formats.text)?,
        },
        Value::Number(_) | Value::Share(_) | Value::Empty => page,
    };
    Ok(())
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// A width at which most of the column can be read: from its title and its first rows.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let longest = sheet
        .rows
        .iter()
        .take(200)
        .filter_map(|row| row.get(column))
        .map(|value| if let Value::Text(text) = value { text.chars().count() } else { 11 })
        .chain(sheet.columns.get(column).map(|title| title.chars().count() + 3))
        .max()
        .unwrap_or(10);
    f64::from(u8::try_from(longest.clamp(8, 60)).unwrap_or(60)) + 1.0
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    fn sheet() -> Sheet {
        Sheet {
            name: "By school: 2026/27".into(),
            columns: vec!["School".into(), "Agreed".into(), "Share".into(), "Due".into()],
            rows: vec![vec!["=1+1".into(), 512.into(), Value::Share(0.714), Day::of(2026, 10, 1).unwrap().into()]],
        }
    }

    #[test]
    fn text_is_never_a_formula_and_numbers_are_numbers() {
        let bytes = write(&[sheet()], Moment(1_790_000_000_000_000)).unwrap();
        let page = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(!page.contains("<f>"), "{page}");
        assert!(page.contains("<v>512</v>") && page.contains("<v>0.714</v>"), "{page}");
        assert!(page.contains("state=\"frozen\""), "{page}");
        assert!(part(&bytes, "xl/sharedStrings.xml").contains("=1+1"));
        assert!(part(&bytes, "xl/workbook.xml").contains("By school- 2026-27"));
    }

    #[test]
    fn the_same_sheets_give_the_same_bytes() {
        let made = Moment(1_790_000_000_000_000);
        assert_eq!(write(&[sheet()], made).unwrap(), write(&[sheet()], made).unwrap());
    }
}
