//! What stands in a cell, understood: dates, booleans, grades, languages, roles. Each answer says whether the cell was written as the
//! standard has it, so that a habit can be named. Pure rules.

use crate::kernel::Day;

/// A cell that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read<T> {
    pub value: T,
    /// Written as the standard has it.
    pub strict: bool,
}

#[allow(clippy::unnecessary_wraps)] // what could not be read is None beside it
fn read<T>(value: T, strict: bool) -> Option<Read<T>> {
    Some(Read { value, strict })
}

/// `true` and `false`; `TRUE`, `1`, `yes`, `Y`, … as habits.
pub fn boolean(cell: &str) -> Option<Read<bool>> {
    match cell {
        "true" => read(true, true),
        "false" => read(false, true),
        _ => match cell.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "y" | "t" => read(true, false),
            "false" | "0" | "no" | "n" | "f" => read(false, false),
            _ => None,
        },
    }
}

/// `2026-08-17`; with a time after it, with slashes, as 8/17/2026 (month first, as the country writes) or 20260817 as habits.
pub fn date(cell: &str) -> Option<Read<Day>> {
    if let Some(day) = Day::parse_iso(cell) {
        return read(day, true);
    }
    if let Some((before, _)) = cell.split_once(['T', ' '])
        && let Some(day) = date(before)
    {
        return read(day.value, false);
    }
    let numbers: Vec<&str> = cell.split(['/', '-', '.']).collect();
    let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() <= 4);
    let small = |text: &str| number(text).and_then(|n| i8::try_from(n).ok());
    let day = match numbers.as_slice() {
        [year, month, day] if year.len() == 4 => Day::of(number(year)?, small(month)?, small(day)?),
        [month, day, year] if year.len() == 4 => Day::of(number(year)?, small(month)?, small(day)?),
        [month, day, year] if year.len() == 2 => Day::of(2000 + number(year)?, small(month)?, small(day)?),
        [all] if all.len() == 8 && all.is_ascii() => Day::of(number(&all[..4])?, small(&all[4..6])?, small(&all[6..])?),
        _ => None,
    }?;
    read(day, false)
}

const GRADES: [&str; 21] =
    ["IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "PS", "UG", "Other"];

/// A CEDS grade; `9`, `K`, `kg` as habits.
pub fn grade(cell: &str) -> Option<Read<&'static str>> {
    if let Some(grade) = GRADES.into_iter().find(|g| *g == cell) {
        return read(grade, true);
    }
    let upper = cell.to_ascii_uppercase();
    let bare = match upper.as_str() {
        "K" | "KINDERGARTEN" | "KDG" | "0" | "00" => "KG".to_owned(),
        "P" | "PREK" | "PRE-K" => "PK".to_owned(),
        one if one.len() == 1 => format!("0{one}"),
        other => other.to_owned(),
    };
    GRADES.into_iter().find(|g| g.eq_ignore_ascii_case(&bare)).map(|value| Read { value, strict: false })
}

/// The first of a list in one cell.
pub fn first(cell: &str) -> &str {
    cell.split(',').map(str::trim).find(|part| !part.is_empty()).unwrap_or_default()
}

/// All of a list in one cell.
pub fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// A language tag; the languages' names and three-letter codes as habits.
pub fn language(cell: &str) -> Option<Read<String>> {
    let lower = cell.to_ascii_lowercase().replace('_', "-");
    match lower.as_str() {
        "english" | "eng" => return read("en".into(), false),
        "spanish" | "spa" | "español" | "espanol" => return read("es".into(), false),
        _ => {}
    }
    let mut parts = lower.split('-');
    let is_tag = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()))
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_tag && lower.len() <= 35).then(|| Read { strict: lower == cell.to_ascii_lowercase(), value: lower })
}

/// A role as the source has it, and what it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceRole<'a> {
    /// The role of a person here.
    pub role: &'static str,
    /// The source's own word, where it says more than that: counselor, principal, aide, ext:nurse; '' otherwise.
    pub title: &'a str,
}

/// A role of users.csv or roles.csv; the standard's spelling first, another case as a habit.
pub fn role(cell: &str) -> Option<Read<SourceRole<'_>>> {
    const ROLES: [(&str, &str); 14] = [
        ("student", "student"),
        ("teacher", "teacher"),
        ("principal", "school_leader"),
        ("siteAdministrator", "school_leader"),
        ("guardian", "guardian"),
        ("parent", "guardian"),
        ("relative", "guardian"),
        ("administrator", "staff"),
        ("aide", "staff"),
        ("proctor", "staff"),
        ("counselor", "staff"),
        ("districtAdministrator", "staff"),
        ("systemAdministrator", "staff"),
        ("staff", "staff"),
    ];
    if is_extension(cell) && cell.len() <= LONGEST_WORD {
        return read(SourceRole { role: "staff", title: cell }, true);
    }
    let (name, role) = ROLES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(cell))?;
    read(SourceRole { role, title: if name == role { "" } else { name } }, name == cell)
}

/// No vocabulary has longer words.
const LONGEST_WORD: usize = 100;

/// `ext:…`, which 1.2 permits in its vocabularies.
pub fn is_extension(cell: &str) -> bool {
    cell.strip_prefix("ext:").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)))
}

/// Text fit to be kept: line breaks and other control characters, which have no place in a name, become blanks.
pub fn clean(cell: &str) -> String {
    if cell.chars().any(char::is_control) {
        cell.split(|c: char| c.is_control()).map(str::trim).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
    } else {
        cell.to_owned()
    }
}

/// The same date a year earlier; 29 February becomes 1 March.
pub fn a_year_before(day: Day) -> Day {
    let date = day.date();
    Day::of(date.year() - 1, date.month(), date.day()).or_else(|| Day::of(date.year() - 1, 3, 1)).unwrap_or(day.plus(-365))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_real_exports_write_them() {
        let wanted = Day::of(2026, 8, 7).unwrap();
        for cell in
            ["2026-08-07", "8/7/2026", "08/07/2026", "2026/08/07", "20260807", "2026-08-07T00:00:00.000Z", "8/7/26", "8/7/2026 0:00"]
        {
            assert_eq!(date(cell).map(|r| r.value), Some(wanted), "{cell}");
        }
        for cell in ["", "soon", "2026-13-01", "31/12/2026", "2026080", "é/é/2026", "ééé1"] {
            assert_eq!(date(cell), None, "{cell}");
        }
    }

    #[test]
    fn the_word_false_is_never_true() {
        for cell in ["false", "FALSE", "False", "0", "no"] {
            assert_eq!(boolean(cell).map(|r| r.value), Some(false), "{cell}");
        }
        assert_eq!(boolean("TRUE"), Some(Read { value: true, strict: false }));
        assert_eq!(boolean("maybe"), None);
    }

    #[test]
    fn grades_and_roles_are_understood_in_other_spellings() {
        assert_eq!(grade("9").map(|r| r.value), Some("09"));
        assert_eq!(grade("K").map(|r| r.value), Some("KG"));
        assert_eq!(grade("10"), Some(Read { value: "10", strict: true }));
        assert_eq!(grade("tenth"), None);
        let known = |cell: &'static str| role(cell).map(|r| (r.value.role, r.value.title, r.strict));
        assert_eq!(known("Student"), Some(("student", "", false)));
        assert_eq!(known("siteAdministrator"), Some(("school_leader", "siteAdministrator", true)));
        assert_eq!(known("Parent"), Some(("guardian", "parent", false)));
        assert_eq!(known("ext:nurse"), Some(("staff", "ext:nurse", true)));
        assert_eq!(role("wizard"), None);
    }

    #[test]
    fn a_leap_day_s_child_turns_17_on_the_first_of_march() {
        assert_eq!(a_year_before(Day::of(2028, 2, 29).unwrap()), Day::of(2027, 3, 1).unwrap());
    }

    #[test]
    fn a_line_break_never_stays_in_a_name() {
        assert_eq!(clean("Ann\r\nBcc: all"), "Ann Bcc: all");
    }

    #[test]
    fn languages_are_tags() {
        assert_eq!(language("Spanish").map(|r| r.value), Some("es".into()));
        assert_eq!(language("es-MX").map(|r| r.value), Some("es-mx".into()));
        assert_eq!(language("?"), None);
    }
}
