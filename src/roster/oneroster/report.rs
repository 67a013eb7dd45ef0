//! What an import did and what it met: counts by type, and findings a person can act on, root causes first.
//! Knows nothing of files or the database.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::known::Kind;
use crate::kernel::Moment;

/// Findings that a report holds at most; all are counted.
pub const KEPT: usize = 1_000;

/// What came of the records of one type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows in the file.
    pub read: u64,
    pub added: u64,
    pub changed: u64,
    /// No longer there, marked `tobedeleted`, or no longer active.
    pub left: u64,
    /// Had left, and are there again with their history.
    pub returned: u64,
    pub unchanged: u64,
    /// Rows that could not be used; what was known of them stays as it was.
    pub rejected: u64,
}

impl Counts {
    /// How many records differ from before.
    pub fn moved(&self) -> u64 {
        self.added + self.changed + self.left + self.returned
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row was left out.
    Error,
    /// It came in.
    Warning,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing to mend in the source system, or to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Finding {
    pub severity: Severity,
    /// Such as `users.csv`.
    pub file: String,
    /// As a spreadsheet counts: the header is row 1.
    pub row: i64,
    pub source_id: String,
    pub field: String,
    pub value: String,
    pub wrong: String,
    pub remedy: String,
}

/// How many records of one type differ from before, at one school.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub added: u64,
    pub changed: u64,
    pub left: u64,
    pub returned: u64,
}

/// The difference at one school or office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolDifference {
    pub school: String,
    /// By type, as the counts; types without a difference are left out.
    pub moved: BTreeMap<String, Moved>,
}

/// What made an import be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Alarm {
    /// More than a tenth of a type would leave.
    Leaving,
    /// More than three quarters of a type would change.
    Changing,
    /// More than a quarter of one school's people would leave.
    School,
}

/// Why an import is held: so many of so many records of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// As the counts name the type.
    pub kind: String,
    pub alarm: Alarm,
    pub number: u64,
    /// How many there were before.
    pub of: u64,
    /// Of one school's people: the school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
}

/// Somebody or something that would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Leaver {
    /// As the counts name the type.
    pub kind: String,
    pub name: String,
    pub school: String,
}

/// What an import did; for a dry run or one that is held, what it would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Under which it can be read again; none after a dry run.
    pub uid: Option<Uuid>,
    /// The folder or zip, without its path.
    pub source: String,
    /// OneRoster 1.1 or 1.2.
    pub version: String,
    pub dry_run: bool,
    pub began_at: Moment,
    /// By type: orgs, academicSessions, courses, classes, users, roles, enrollments, guardianships.
    pub counts: BTreeMap<String, Counts>,
    pub errors: u64,
    pub warnings: u64,
    /// Files of the set that were not read.
    pub skipped: Vec<String>,
    /// Why the import is held until a person releases it; of a dry run, why it would be.
    pub held: Option<String>,
    /// The same by type.
    #[serde(default)]
    pub holds: Vec<Hold>,
    /// The difference by school or office, by name; those without one are left out.
    #[serde(default)]
    pub schools: Vec<SchoolDifference>,
    /// The first thousand, errors before warnings.
    pub findings: Vec<Finding>,
}

impl ImportReport {
    /// Of an import that has not been read yet.
    pub fn blank(source: &str, dry_run: bool, began_at: Moment) -> Self {
        Self {
            uid: None,
            source: source.to_owned(),
            version: String::new(),
            dry_run,
            began_at,
            counts: BTreeMap::new(),
            errors: 0,
            warnings: 0,
            skipped: Vec::new(),
            held: None,
            holds: Vec::new(),
            schools: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// How many records of all types differ from before.
    pub fn moved(&self) -> u64 {
        self.counts.values().map(Counts::moved).sum()
    }

    pub fn of(&self, kind: &str) -> Counts {
        self.counts.get(kind).copied().unwrap_or_default()
    }
}

/// The finding that explains why a record can't be used, and all that hang on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause(usize);

/// Where a finding was made: file (without ending), row, sourcedId.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub file: &'a str,
    pub row: i64,
    pub source_id: &'a str,
}

/// Gathers findings while files are read.
#[derive(Debug, Default)]
pub struct Findings {
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
    pub error_count: u64,
    pub warning_count: u64,
    habits: HashSet<(String, String)>,
    blamed: HashMap<(Kind, u64), Cause>,
    /// Of each cause: how many rows of which file were left out because of it.
    dependants: Vec<BTreeMap<String, u64>>,
}

impl Findings {
    pub fn error(&mut self, at: Place, field: &str, value: &str, wrong: impl Into<String>, remedy: impl Into<String>) -> Cause {
        self.error_count += 1;
        if self.errors.len() < KEPT {
            self.errors.push(finding(Severity::Error, at, field, value, wrong.into(), remedy.into()));
        }
        self.dependants.push(BTreeMap::new());
        Cause(self.dependants.len() - 1)
    }

    pub fn warning(&mut self, at: Place, field: &str, value: &str, wrong: impl Into<String>, remedy: impl Into<String>) {
        self.warning_count += 1;
        if self.warnings.len() < KEPT {
            self.warnings.push(finding(Severity::Warning, at, field, value, wrong.into(), remedy.into()));
        }
    }

    /// A habit of the source system that is understood all the same: said once a file.
    pub fn habit(&mut self, habit: &str, at: Place, field: &str, value: &str, wrong: &str, remedy: &str) {
        if self.habits.insert((at.file.to_owned(), format!("{habit} {field}"))) {
            self.warning(at, field, value, format!("{wrong} (said once for this file)"), remedy);
        }
    }

    /// From now on, whatever refers to this record hangs on that cause.
    pub fn blame(&mut self, kind: Kind, key: u64, cause: Cause) {
        self.blamed.insert((kind, key), cause);
    }

    pub fn cause_of(&self, kind: Kind, key: u64) -> Option<Cause> {
        self.blamed.get(&(kind, key)).copied()
    }

    /// One more row left out because of the cause; it gets no finding of its own.
    pub fn hangs_on(&mut self, cause: Cause, file: &str) {
        if let Some(files) = self.dependants.get_mut(cause.0) {
            *files.entry(file.to_owned()).or_default() += 1;
        }
    }

    /// All that is kept, root causes with what hung on them.
    pub fn finish(mut self) -> Vec<Finding> {
        for (finding, files) in self.errors.iter_mut().zip(&self.dependants) {
            if !files.is_empty() {
                let hung: Vec<String> = files.iter().map(|(file, n)| format!("{n} of {file}.csv")).collect();
                finding.wrong = format!("{}; rows left out because of it: {}", finding.wrong, hung.join(", "));
            }
        }
        self.errors.extend(self.warnings);
        self.errors.truncate(KEPT);
        self.errors
    }
}

fn finding(severity: Severity, at: Place, field: &str, value: &str, wrong: String, remedy: String) -> Finding {
    // A cell can be as long as a file whose quote was never closed, and can hold what no database or page takes.
    let shown = |text: &str| text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let file = format!("{}.csv", at.file);
    Finding { severity, file, row: at.row, source_id: shown(at.source_id), field: shown(field), value: shown(value), wrong, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once_with_what_hangs_on_it() {
        let mut findings = Findings::default();
        let at = Place { file: "orgs", row: 3, source_id: "s1" };
        let cause = findings.error(at, "name", "", "is empty", "give the school's name");
        findings.blame(Kind::Org, 9, cause);
        for _ in 0..3 {
            findings.hangs_on(findings.cause_of(Kind::Org, 9).unwrap(), "users");
        }
        let list = findings.finish();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].wrong, "is empty; rows left out because of it: 3 of users.csv");
    }

    #[test]
    fn a_habit_is_said_once_a_file() {
        let mut findings = Findings::default();
        for row in 2..9 {
            findings.habit("case", Place { file: "users", row, source_id: "" }, "enabledUser", "TRUE", "is upper case", "write true");
        }
        assert_eq!(findings.warning_count, 1);
    }
}
