//! The header of a file: the standard's columns, and how a header is understood that doesn't write them as the standard does (another
//! case, another order, a slip of the pen, a column of the other version). Each habit is named once.

use super::known::Kind;
use super::report::{Findings, Place};
use super::rows::Row;
use crate::kernel::{Problem, Result};

/// The standard's columns of a file, in order, and those that it can't do without.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub file: &'static str,
    pub columns: &'static [&'static str],
    /// Columns that the other version of OneRoster knows: read all the same, with a word about it.
    pub foreign: &'static [&'static str],
    pub required: &'static [&'static str],
}

/// Where a set says what people are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolesIn {
    /// In `roles.csv`, or known from before.
    Roles,
    /// In each user's own row.
    Users,
}

impl Layout {
    pub fn of(kind: Kind, is_1_2: bool, roles_in: RolesIn) -> Self {
        let (columns, required): (&'static [_], &'static [_]) = match kind {
            Kind::Org => (&["name", "type", "identifier", "parentSourcedId"], &["name", "type"]),
            Kind::Session => {
                (&["title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"], &["title", "type", "startDate", "endDate"])
            }
            Kind::Course => {
                (&["schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"], &["title"])
            }
            Kind::Class => (CLASSES, &["title", "schoolSourcedId"]),
            Kind::User => (
                if is_1_2 { USERS_1_2 } else { USERS_1_1 },
                match roles_in {
                    RolesIn::Roles => &["givenName", "familyName"],
                    RolesIn::Users => &["orgSourcedIds", "role", "givenName", "familyName"],
                },
            ),
            Kind::Role => (
                &["userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"],
                &["userSourcedId", "role", "orgSourcedId"],
            ),
            Kind::Enrollment => (
                &["classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"],
                &["classSourcedId", "userSourcedId", "role"],
            ),
        };
        let foreign: &'static [_] = match kind {
            Kind::User if is_1_2 => &["orgSourcedIds", "role"],
            Kind::User => &[
                "userMasterIdentifier",
                "resourceSourcedIds",
                "preferredGivenName",
                "preferredMiddleName",
                "preferredFamilyName",
                "primaryOrgSourcedId",
                "pronouns",
            ],
            _ => &[],
        };
        Self { file: kind.file(), columns, foreign, required }
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

/// The columns that every file has.
const COMMON: [&str; 3] = ["sourcedId", "status", "dateLastModified"];
/// The columns beyond the standard that are read.
const METADATA: [&str; 5] = ["metadata.language", "metadata.homeLanguage", "metadata.turns18", "metadata.adult", "metadata.is18"];

/// The header in the standard's spelling; unknown columns as they stand.
///
/// # Errors
/// `Invalid` for a header that isn't UTF-8, names a column twice, or lacks one that the file can't do without.
pub fn understand(layout: Layout, header: &Row, findings: &mut Findings) -> Result<Vec<String>> {
    let file = layout.file;
    if header.unreadable {
        return Err(Problem::invalid("source", format!("the header of {file}.csv is not UTF-8: export the set as UTF-8")));
    }
    let place = Place { file, row: 1, source_id: "" };
    let standard: Vec<&'static str> = COMMON.iter().chain(layout.columns).chain(layout.foreign).copied().collect();
    let bare: Vec<&str> = header.cells.iter().map(str::trim).collect();
    let mut found: Vec<String> = Vec::new();
    let mut last = 0;
    if header.marked {
        findings.habit("bom", place, "", "", "the file begins with a byte-order mark", "nothing is lost; save it as UTF-8 without BOM");
    }
    for cell in &bare {
        let written = standard.iter().position(|name| name.eq_ignore_ascii_case(cell));
        let Some(at) = written.or_else(|| meant(cell, &standard, &bare, &found)) else {
            if !cell.to_ascii_lowercase().starts_with("metadata.") {
                let wrong = "OneRoster knows no such column; it is not read";
                findings.habit("extra", place, cell, cell, wrong, "nothing is lost; name it metadata.… or leave it out");
            }
            let known = METADATA.into_iter().find(|name| name.eq_ignore_ascii_case(cell));
            found.push(known.map_or_else(|| (*cell).to_owned(), str::to_owned));
            continue;
        };
        let name = standard[at];
        if written.is_none() {
            let wrong = format!("is no column of OneRoster; it was taken for {name}");
            findings.warning(place, "header", cell, wrong, format!("write {name}"));
        } else if name != *cell {
            findings.habit("case", place, "header", cell, "a column is written in another case", &format!("write {name}"));
        }
        if layout.foreign.contains(&name) {
            let wrong = "belongs to another version of OneRoster; it was read all the same";
            findings.habit("foreign", place, name, cell, wrong, "export the version that manifest.csv names");
        } else if at < last {
            findings.habit("order", place, "header", cell, "the columns stand in another order", "nothing is lost");
        } else {
            last = at;
        }
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

/// The column that a misspelt one clearly stands for: a slip or two away from one name that the header doesn't hold otherwise, and
/// from no other.
fn meant(cell: &str, standard: &[&'static str], header: &[&str], found: &[String]) -> Option<usize> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = plain(cell);
    // In a short word, or behind metadata., a slip makes another word.
    if wanted.len() < 4 || cell.to_ascii_lowercase().starts_with("metadata.") {
        return None;
    }
    let free = |name: &str| !header.iter().any(|h| h.eq_ignore_ascii_case(name)) && !found.iter().any(|f| f == name);
    let mut near: Vec<(usize, usize)> = standard
        .iter()
        .enumerate()
        .filter(|(_, name)| free(name))
        .map(|(at, name)| (strsim::osa_distance(&wanted, &name.to_ascii_lowercase()), at))
        .filter(|(distance, at)| *distance <= if standard[*at].len() < 8 { 1 } else { 2 })
        .collect();
    near.sort_unstable();
    match near.as_slice() {
        [(_, at)] => Some(*at),
        [(first, at), (second, _), ..] if first < second => Some(*at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(cell: &str, header: &[&str]) -> Option<&'static str> {
        let layout = Layout::of(Kind::User, false, RolesIn::Users);
        let standard: Vec<&'static str> = COMMON.iter().chain(layout.columns).copied().collect();
        meant(cell, &standard, header, &[]).map(|at| standard[at])
    }

    #[test]
    fn a_slip_is_understood_and_another_word_is_not() {
        for (cell, name) in [
            ("sourceId", "sourcedId"),
            ("given_name", "givenName"),
            ("Family Name", "familyName"),
            ("enabelduser", "enabledUser"),
            ("grade", "grades"),
            ("emial", "email"),
            ("orgSourcedId", "orgSourcedIds"),
        ] {
            assert_eq!(meaning(cell, &[]), Some(name), "{cell}");
        }
        for cell in ["shoeSize", "first", "sm", "metadata.roles", "homeroom", ""] {
            assert_eq!(meaning(cell, &[]), None, "{cell}");
        }
        assert_eq!(meaning("grade", &["grades"]), None, "the column is there already");
    }
}
