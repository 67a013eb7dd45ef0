//! People added by hand, many at a time: a CSV file as a spreadsheet writes it. Every row is looked at before anything is changed, and one
//! row that can't be used leaves all of it undone. A row is somebody who is there already by the e-mail address, or, where the row has
//! none or nobody has it, by name, kind and school; so the same file twice changes nothing. Nobody leaves because a row is missing.

mod file;

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

pub use file::COLUMNS;
use file::Cells;

use super::by_hand::{self, ByHand, Fault, Newcomer};
use super::store::{self, HandRow};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, OrgId, PersonId, Problem, Result};
use crate::roster::oneroster::{read_date, read_language};
use crate::roster::{Changes, District};

/// Why a cell can't be used; pages and commands word it and say how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The file itself: no CSV in UTF-8, too large, or a column without which nothing can be read.
    Unreadable,
    TooLarge,
    NoColumn,
    TwoColumns,
    NoRows,
    Empty,
    TooLong,
    NotAnAddress,
    NoSuchKind,
    NoSuchSchool,
    SeveralSchools,
    NotALanguage,
    NotADate,
    EndsTooSoon,
    /// Another row is the same person.
    Twice,
    /// Several people fit a row without an address.
    SeveralFit,
}

impl Wrong {
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::NoColumn => "no-column",
            Self::TwoColumns => "two-columns",
            Self::NoRows => "no-rows",
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::NotAnAddress => "not-an-address",
            Self::NoSuchKind => "no-such-kind",
            Self::NoSuchSchool => "no-such-school",
            Self::SeveralSchools => "several-schools",
            Self::NotALanguage => "not-a-language",
            Self::NotADate => "not-a-date",
            Self::EndsTooSoon => "ends-too-soon",
            Self::Twice => "twice",
            Self::SeveralFit => "several-fit",
        }
    }

    fn of(fault: Fault) -> Self {
        match fault {
            Fault::Empty => Self::Empty,
            Fault::TooLong => Self::TooLong,
            Fault::NotAnAddress => Self::NotAnAddress,
            Fault::NotALanguage => Self::NotALanguage,
            Fault::NoSuchSchool => Self::NoSuchSchool,
            Fault::EndsTooSoon => Self::EndsTooSoon,
        }
    }
}

/// A cell that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetError {
    /// As a spreadsheet counts: the header is row 1.
    pub row: i64,
    pub column: String,
    pub value: String,
    pub wrong: Wrong,
}

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Added,
    Changed,
    Unchanged,
}

/// One field of one person, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// A row that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SheetRow {
    pub row: i64,
    pub name: String,
    pub kind: &'static str,
    pub school: String,
    pub outcome: Outcome,
    /// `email` or `name`, by which somebody who is there was found; none for a newcomer.
    pub found_by: Option<&'static str>,
    pub differences: Vec<Difference>,
    /// Somebody of the roster has the same e-mail address: perhaps the same person.
    pub also_on_roster: bool,
}

/// What a file does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub dry_run: bool,
    pub added: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub rows: Vec<SheetRow>,
    /// Where there is one, nothing was changed.
    pub errors: Vec<SheetError>,
    /// Columns that are not read.
    pub ignored: Vec<String>,
}

impl Sheet {
    /// Whether it could be brought in.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }

    fn wrong(&mut self, row: i64, column: impl Into<String>, value: impl Into<String>, wrong: Wrong) {
        self.errors.push(SheetError { row, column: column.into(), value: value.into(), wrong });
    }
}

/// Schools and offices, by name and number in lower case; the uid is none for the district itself.
struct Schools {
    by_text: HashMap<String, Vec<(OrgId, String)>>,
    names: HashMap<OrgId, String>,
}

impl Schools {
    async fn load(tx: &mut Tx) -> Result<Self> {
        let (mut by_text, mut names) = (HashMap::new(), HashMap::new());
        for (_, id, name, identifier) in store::places(tx).await? {
            for text in [Some(name.clone()), identifier].into_iter().flatten() {
                let same: &mut Vec<(OrgId, String)> = by_text.entry(text.trim().to_lowercase()).or_default();
                if !same.iter().any(|(org, _)| *org == id) {
                    same.push((id, name.clone()));
                }
            }
            names.insert(id, name);
        }
        Ok(Self { by_text, names })
    }

    fn find(&self, text: &str) -> std::result::Result<OrgId, Wrong> {
        match self.by_text.get(&text.to_lowercase()).map(Vec::as_slice) {
            Some([(org, _)]) => Ok(*org),
            Some([_, _, ..]) => Err(Wrong::SeveralSchools),
            _ => Err(Wrong::NoSuchSchool),
        }
    }

    fn name(&self, org: OrgId) -> String {
        self.names.get(&org).cloned().unwrap_or_default()
    }
}

type NameKey = (String, String, String, OrgId);

fn name_key(row: &HandRow) -> NameKey {
    (row.given.to_lowercase(), row.family.to_lowercase(), row.by_hand.clone(), row.school_id)
}

/// Who is there, by address and by name, kind and school.
struct There {
    rows: Vec<HandRow>,
    by_email: HashMap<String, usize>,
    by_name: HashMap<NameKey, Vec<usize>>,
}

impl There {
    async fn load(tx: &mut Tx) -> Result<Self> {
        let rows = store::hand_all(tx).await?;
        let (mut by_email, mut by_name) = (HashMap::new(), HashMap::<NameKey, Vec<usize>>::new());
        for (at, row) in rows.iter().enumerate() {
            if let Some(email) = &row.email {
                by_email.entry(email.to_lowercase()).or_insert(at);
            }
            by_name.entry(name_key(row)).or_default().push(at);
        }
        Ok(Self { rows, by_email, by_name })
    }

    /// By what the row is somebody who is there, and who.
    fn find(&self, row: &HandRow) -> std::result::Result<Option<(&'static str, &HandRow)>, Wrong> {
        if let Some(at) = row.email.as_ref().and_then(|e| self.by_email.get(&e.to_lowercase())) {
            return Ok(Some(("email", &self.rows[*at])));
        }
        // A row with an address that nobody has yet can only be somebody without one.
        let same: Vec<&HandRow> = self
            .by_name
            .get(&name_key(row))
            .map(Vec::as_slice)
            .unwrap_or_default()
            .iter()
            .map(|at| &self.rows[*at])
            .filter(|there| row.email.is_none() || there.email.is_none())
            .collect();
        match same.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(("name", one))),
            _ => Err(Wrong::SeveralFit),
        }
    }
}

/// One row as a newcomer; what can't be read is said in `sheet`.
fn understood(cells: &Cells, schools: &Schools, root: OrgId, sheet: &mut Sheet) -> Option<(by_hand::Checked, bool)> {
    let before = sheet.errors.len();
    let kind = match cells.filled("kind") {
        None => {
            sheet.wrong(cells.row, "kind", "", Wrong::Empty);
            None
        }
        Some(cell) => {
            let kind = ByHand::named(cell);
            if kind.is_none() {
                sheet.wrong(cells.row, "kind", cell, Wrong::NoSuchKind);
            }
            kind
        }
    };
    let school = match cells.filled("school") {
        None => root,
        Some(cell) => schools.find(cell).unwrap_or_else(|wrong| {
            sheet.wrong(cells.row, "school", cell, wrong);
            root
        }),
    };
    let mut day = |column: &'static str| -> Option<Day> {
        let cell = cells.filled(column)?;
        let read = read_date(cell);
        if read.is_none() {
            sheet.wrong(cells.row, column, cell, Wrong::NotADate);
        }
        read.map(|read| read.value)
    };
    let (first_day, last_day) = (day("first_day"), day("last_day"));
    let language = cells.filled("language").map(|cell| read_language(cell).map_or_else(|| cell.to_owned(), |read| read.value));
    let newcomer = Newcomer {
        given: cells.get("given_name").unwrap_or_default().to_owned(),
        family: cells.get("family_name").unwrap_or_default().to_owned(),
        email: cells.filled("email").map(str::to_owned),
        kind: kind.unwrap_or_default(),
        school: None,
        language,
        first_day,
        last_day,
    };
    match by_hand::check(&newcomer, Some(school)) {
        Ok(checked) if sheet.errors.len() == before => Some((checked, cells.get("last_day").is_some())),
        Ok(_) => None,
        Err(faults) => {
            for (field, fault) in faults {
                let column = match field {
                    "given" => "given_name",
                    "family" => "family_name",
                    other => other,
                };
                sheet.wrong(cells.row, column, cells.get(column).unwrap_or_default(), Wrong::of(fault));
            }
            None
        }
    }
}

/// Brings in a file of people who are in no roster; with `dry_run` it is only said what would change, for which a reading transaction is
/// enough. Where the sheet has errors nothing was changed. For directors.
///
/// # Errors
/// `NotFound` for whoever is no director.
pub async fn bring_in(tx: &mut Tx, actor: &Actor, district: &District, bytes: &[u8], dry_run: bool) -> Result<(Sheet, Changes)> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let mut sheet = Sheet { dry_run, ..Sheet::default() };
    let today = district.today(tx.now());
    let rows = file::read(bytes, &mut sheet);
    if !dry_run {
        store::lock_hand(tx).await?;
    }
    let (schools, there) = (Schools::load(tx).await?, There::load(tx).await?);
    let mut deeds: Vec<(HandRow, Option<&HandRow>)> = Vec::new();
    let (mut taken, mut emails, mut names): (HashSet<PersonId>, HashSet<String>, HashSet<NameKey>) = Default::default();
    for cells in &rows {
        let Some((checked, says_end)) = understood(cells, &schools, district.root, &mut sheet) else { continue };
        let first = checked.first_day;
        let mut row = checked.row(Uuid::nil(), district, None, today);
        let found = match there.find(&row) {
            Ok(found) => found,
            Err(wrong) => {
                sheet.wrong(cells.row, "email", row.email.clone().unwrap_or_default(), wrong);
                continue;
            }
        };
        let mut twice = row.email.as_ref().is_some_and(|email| !emails.insert(email.to_lowercase()));
        twice |= match found {
            Some((_, before)) => !taken.insert(before.id),
            None => row.email.is_none() && !names.insert(name_key(&row)),
        };
        if twice {
            sheet.wrong(cells.row, "email", row.email.clone().unwrap_or_else(|| format!("{} {}", row.given, row.family)), Wrong::Twice);
            continue;
        }
        if let Some((_, before)) = found {
            row = as_it_stands(row, before, cells, says_end, first, today);
            if row.left_day.is_some_and(|left| left < row.joined) {
                sheet.wrong(cells.row, "last_day", cells.get("last_day").unwrap_or_default(), Wrong::EndsTooSoon);
                continue;
            }
        }
        let differences = found.map(|(_, before)| by_hand::differences(before, &row)).unwrap_or_default();
        let outcome = match found {
            None => Outcome::Added,
            Some(_) if differences.is_empty() => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
        };
        let said = |field: &str, value: String| {
            if field == "school" { value.parse().map_or(value, |org| schools.name(OrgId(org))) } else { value }
        };
        sheet.rows.push(SheetRow {
            row: cells.row,
            name: format!("{} {}", row.given, row.family),
            kind: ByHand::named(&row.by_hand).unwrap_or_default().name(),
            school: schools.name(row.school_id),
            outcome,
            found_by: found.map(|(by, _)| by),
            differences: differences
                .into_iter()
                .map(|(field, before, after)| Difference { field, before: said(field, before), after: said(field, after) })
                .collect(),
            also_on_roster: false,
        });
        deeds.push((row, found.map(|(_, before)| before)));
    }
    let count = |outcome| sheet.rows.iter().filter(|row| row.outcome == outcome).count();
    (sheet.added, sheet.changed, sheet.unchanged) = (count(Outcome::Added), count(Outcome::Changed), count(Outcome::Unchanged));
    say_who_is_on_the_roster(tx, &mut sheet, &deeds).await?;
    if dry_run || !sheet.is_good() {
        return Ok((sheet, Changes::default()));
    }
    let mut people = Vec::new();
    for (mut row, before) in deeds {
        match before {
            None => {
                row.uid = tx.uid();
                people.push(by_hand::insert(tx, actor, &row).await?);
            }
            Some(before) if *before != row => {
                by_hand::update(tx, actor, before, &row, today).await?;
                people.push(row.id);
            }
            Some(_) => {}
        }
    }
    if !people.is_empty() {
        let detail = serde_json::json!({ "added": sheet.added, "changed": sheet.changed, "unchanged": sheet.unchanged });
        audit::record(tx, actor, "people.brought_in", "by_hand", detail).await?;
    }
    Ok((sheet, Changes { people }))
}

/// The row over what is there: what the file leaves open stays as it is, and a last day is taken away where its cell is empty.
fn as_it_stands(row: HandRow, before: &HandRow, cells: &Cells, says_end: bool, first: Option<Day>, today: Day) -> HandRow {
    let left_day = if says_end { row.left_day } else { before.left_day };
    let comes_back = before.left_day.is_some_and(|left| left <= today) && left_day.is_none_or(|left| left > today);
    let joined = match first {
        Some(first) if first != before.joined => first,
        _ if comes_back => today,
        _ => before.joined,
    };
    HandRow {
        id: before.id,
        uid: before.uid,
        email: row.email.or_else(|| before.email.clone()),
        language: if cells.filled("language").is_some() { row.language } else { before.language.clone() },
        joined,
        left_day,
        ..row
    }
}

async fn say_who_is_on_the_roster(tx: &mut Tx, sheet: &mut Sheet, deeds: &[(HandRow, Option<&HandRow>)]) -> Result<()> {
    let emails: Vec<String> = deeds.iter().filter_map(|(row, _)| row.email.as_ref().map(|e| e.to_lowercase())).collect();
    if emails.is_empty() {
        return Ok(());
    }
    let known = store::roster_emails(tx, &emails).await?;
    for (said, (row, _)) in sheet.rows.iter_mut().zip(deeds) {
        said.also_on_roster = row.email.as_ref().is_some_and(|e| known.contains(&e.to_lowercase()));
    }
    Ok(())
}
