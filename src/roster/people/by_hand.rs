//! People whom no source system knows: staff who are in no export, board members, substitutes, guests. A director adds, changes and ends
//! them; imports never touch them. Whoever comes from the roster is changed in the source system alone.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, HandRow};
use super::{Person, find};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, OrgId, PersonId, Problem, Result, Role};
use crate::roster::{Changes, District};

/// What somebody is whom no source system knows; stored in `person.by_hand`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByHand {
    #[default]
    Staff,
    Teacher,
    SchoolLeader,
    Board,
    Substitute,
    Guest,
}

impl ByHand {
    pub const ALL: [Self; 6] = [Self::Staff, Self::Teacher, Self::SchoolLeader, Self::Board, Self::Substitute, Self::Guest];

    /// As it is stored and written in commands and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Teacher => "teacher",
            Self::SchoolLeader => "school_leader",
            Self::Board => "board",
            Self::Substitute => "substitute",
            Self::Guest => "guest",
        }
    }

    /// Reads a name; letter case and what joins the words don't count.
    pub fn named(text: &str) -> Option<Self> {
        let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
        match plain.as_str() {
            "board_member" => Some(Self::Board),
            "principal" => Some(Self::SchoolLeader),
            "other_staff" => Some(Self::Staff),
            _ => Self::ALL.into_iter().find(|kind| kind.name() == plain),
        }
    }

    /// The role under which audiences, figures and rights know such a person. A substitute teaches; a guest is of the community.
    pub fn role(self) -> Role {
        match self {
            Self::Staff => Role::Staff,
            Self::Teacher | Self::Substitute => Role::Teacher,
            Self::SchoolLeader => Role::SchoolLeader,
            Self::Board => Role::BoardMember,
            Self::Guest => Role::Community,
        }
    }
}

/// Somebody to be added, or as somebody is to stand after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Newcomer {
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    pub kind: ByHand,
    /// None: the district's office.
    pub school: Option<Uuid>,
    /// None: the district's own.
    pub language: Option<String>,
    /// None: today; in a change: as it was.
    pub first_day: Option<Day>,
    /// The last day on which the person belongs here, itself included; None: no end is set.
    pub last_day: Option<Day>,
}

/// What can be wrong with one of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    Empty,
    TooLong,
    NotAnAddress,
    NotALanguage,
    NoSuchSchool,
    EndsTooSoon,
}

impl Fault {
    fn said(self) -> &'static str {
        match self {
            Self::Empty => "give the person's name",
            Self::TooLong => "a name is one line of at most 200 characters",
            Self::NotAnAddress => "write it as name@example.org, or leave it empty",
            Self::NotALanguage => "write a language tag such as en or es",
            Self::NoSuchSchool => "there is no such school: choose one of the list",
            Self::EndsTooSoon => "the last day is before the first: choose a later one",
        }
    }
}

/// A newcomer whose fields have been looked at.
pub(super) struct Checked {
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    pub language: Option<String>,
    pub kind: ByHand,
    pub school: OrgId,
    pub first_day: Option<Day>,
    pub last_day: Option<Day>,
}

/// Looks at the fields; `school` is the org that the newcomer's uid means, where there is one. Gives each fault with its field.
pub(super) fn check(newcomer: &Newcomer, school: Option<OrgId>) -> std::result::Result<Checked, Vec<(&'static str, Fault)>> {
    let some = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let (given, family) = (newcomer.given.trim().to_owned(), newcomer.family.trim().to_owned());
    let (email, language) = (some(&newcomer.email), some(&newcomer.language));
    let mut faults = Vec::new();
    for (field, name) in [("given", &given), ("family", &family)] {
        if name.is_empty() {
            faults.push((field, Fault::Empty));
        } else if name.chars().count() > 200 || name.chars().any(char::is_control) {
            faults.push((field, Fault::TooLong));
        }
    }
    let address = email.as_deref().is_none_or(|e| {
        e.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
            && e.len() <= 254
            && !e.chars().any(|c| c.is_whitespace() || c.is_control())
    });
    if !address {
        faults.push(("email", Fault::NotAnAddress));
    }
    let tag = language.as_deref().is_none_or(|l| (2..=20).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    if !tag {
        faults.push(("language", Fault::NotALanguage));
    }
    if school.is_none() {
        faults.push(("school", Fault::NoSuchSchool));
    }
    if let (Some(first), Some(last)) = (newcomer.first_day, newcomer.last_day)
        && last < first
    {
        faults.push(("last_day", Fault::EndsTooSoon));
    }
    match school {
        Some(school) if faults.is_empty() => Ok(Checked {
            given,
            family,
            email,
            language,
            kind: newcomer.kind,
            school,
            first_day: newcomer.first_day,
            last_day: newcomer.last_day,
        }),
        _ => Err(faults),
    }
}

/// The fields of a form that can't be used whatever the roster holds, so that a page can name all of them at once.
pub fn faulty_fields(newcomer: &Newcomer) -> Vec<&'static str> {
    check(newcomer, Some(OrgId(0))).err().unwrap_or_default().into_iter().map(|(field, _)| field).collect()
}

async fn checked(tx: &mut Tx, district: &District, newcomer: &Newcomer, but: PersonId) -> Result<Checked> {
    let school = match newcomer.school {
        None => Some(district.root),
        Some(uid) => store::org(tx, uid).await?,
    };
    let mut checks = Checks::default();
    let checked = check(newcomer, school);
    if let Err(faults) = &checked {
        for (field, fault) in faults {
            checks.say(*field, fault.said());
        }
    }
    if let Some(email) = newcomer.email.as_deref().map(str::trim).filter(|e| !e.is_empty())
        && let Some(name) = store::hand_with_email(tx, email, but).await?
    {
        checks.say("email", format!("{name}, who was added by hand too, has this address: give another, or change that person"));
    }
    checks.done()?;
    // Without a fault there is a checked newcomer.
    checked.map_err(|_| Problem::NotFound)
}

impl Checked {
    /// The row as it is to be, from nothing or from the one that is there.
    pub(super) fn row(self, uid: Uuid, district: &District, before: Option<&HandRow>, today: Day) -> HandRow {
        let left_day = self.last_day.map(|last| last.plus(1));
        let mut joined = self.first_day.or(before.map(|b| b.joined)).unwrap_or(today);
        // Who comes back begins another stay.
        if let Some(before) = before
            && before.left_day.is_some_and(|left| left <= today)
            && left_day.is_none_or(|left| left > today)
            && joined == before.joined
        {
            joined = today;
        }
        HandRow {
            id: before.map_or(PersonId(0), |b| b.id),
            uid,
            given: self.given,
            family: self.family,
            email: self.email,
            language: self.language.or_else(|| before.map(|b| b.language.clone())).unwrap_or_else(|| district.language.clone()),
            role: self.kind.role().name().to_owned(),
            by_hand: self.kind.name().to_owned(),
            school_id: self.school,
            joined,
            left_day,
        }
    }
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// Adds a person by hand; imports never touch the record. For directors.
///
/// # Errors
/// `NotFound` for whoever is no director; `Invalid` naming each field that can't be used, the e-mail address of somebody else added by
/// hand among them.
pub async fn add(tx: &mut Tx, actor: &Actor, district: &District, newcomer: Newcomer) -> Result<(Person, Changes)> {
    director(actor)?;
    store::lock_hand(tx).await?;
    let today = district.today(tx.now());
    let row = checked(tx, district, &newcomer, PersonId(0)).await?.row(tx.uid(), district, None, today);
    let (uid, id) = (row.uid, insert(tx, actor, &row).await?);
    Ok((find(tx, &Actor::operator(vec![district.root]), uid).await?, Changes { people: vec![id] }))
}

pub(super) async fn insert(tx: &mut Tx, actor: &Actor, row: &HandRow) -> Result<PersonId> {
    let id = store::hand_add(tx, row).await?;
    let detail = serde_json::json!({ "kind": row.by_hand, "role": row.role, "first_day": row.joined, "left_day": row.left_day });
    audit::record(tx, actor, "person.added", &row.uid.to_string(), detail).await?;
    Ok(id)
}

pub(super) async fn update(tx: &mut Tx, actor: &Actor, before: &HandRow, row: &HandRow, today: Day) -> Result<()> {
    store::hand_change(tx, row, today).await?;
    let detail = serde_json::json!({
        "fields": differences(before, row).iter().map(|(field, _, _)| *field).collect::<Vec<_>>(),
        "kind": row.by_hand, "first_day": row.joined, "left_day": row.left_day,
    });
    audit::record(tx, actor, "person.changed", &row.uid.to_string(), detail).await
}

/// What differs between two rows: field, before, after; schools by their key.
pub(super) fn differences(before: &HandRow, after: &HandRow) -> Vec<(&'static str, String, String)> {
    let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
    let last = |row: &HandRow| day(row.left_day.map(|left| left.plus(-1)));
    let email = |row: &HandRow| row.email.clone().unwrap_or_default();
    [
        ("given", before.given.clone(), after.given.clone()),
        ("family", before.family.clone(), after.family.clone()),
        ("email", email(before), email(after)),
        ("kind", before.by_hand.clone(), after.by_hand.clone()),
        ("school", before.school_id.0.to_string(), after.school_id.0.to_string()),
        ("language", before.language.clone(), after.language.clone()),
        ("first_day", before.joined.iso(), after.joined.iso()),
        ("last_day", last(before), last(after)),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .collect()
}

/// The record of a person who was added by hand.
///
/// # Errors
/// `NotFound` where there is nobody; `Conflict` where the person comes from the roster.
async fn hand_row(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<HandRow> {
    let person = find(tx, actor, uid).await?;
    store::hand_row(tx, person.id).await?.ok_or_else(|| {
        Problem::conflict(format!(
            "{} comes from the roster: change the record in your student information system, and the next import brings the change",
            person.name()
        ))
    })
}

/// Changes a person who was added by hand: afterwards everything is as `newcomer` says. For directors. The same again changes nothing.
///
/// # Errors
/// `NotFound` for whoever is no director, or where there is nobody; `Conflict` for a person of the roster; `Invalid` as [`add`].
pub async fn change(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid, newcomer: Newcomer) -> Result<Changes> {
    director(actor)?;
    store::lock_hand(tx).await?;
    let before = hand_row(tx, actor, uid).await?;
    let today = district.today(tx.now());
    let newcomer = Newcomer { first_day: newcomer.first_day.or(Some(before.joined)), ..newcomer };
    let row = checked(tx, district, &newcomer, before.id).await?.row(before.uid, district, Some(&before), today);
    if row == before {
        return Ok(Changes::default());
    }
    update(tx, actor, &before, &row, today).await?;
    Ok(Changes { people: vec![row.id] })
}

/// Sets the last day of a person who was added by hand, itself included; it may lie ahead, and the day before today ends the stay at once.
/// For directors.
///
/// # Errors
/// As [`change`].
pub async fn end(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid, last_day: Day) -> Result<Changes> {
    director(actor)?;
    store::lock_hand(tx).await?;
    let before = hand_row(tx, actor, uid).await?;
    if last_day < before.joined.plus(-1) {
        return Err(Problem::invalid("last_day", Fault::EndsTooSoon.said()));
    }
    let row = HandRow { left_day: Some(last_day.plus(1)), ..before.clone() };
    if row == before {
        return Ok(Changes::default());
    }
    update(tx, actor, &before, &row, district.today(tx.now())).await?;
    Ok(Changes { people: vec![row.id] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_that_cannot_be_used_is_named() {
        let newcomer = Newcomer {
            given: " ".into(),
            family: "x".repeat(201),
            email: Some("bo".into()),
            language: Some("?".into()),
            first_day: Some(Day(10)),
            last_day: Some(Day(9)),
            ..Newcomer::default()
        };
        let faults = check(&newcomer, None).err().unwrap_or_default();
        let fields: Vec<&str> = faults.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["given", "family", "email", "language", "school", "last_day"]);
    }

    #[test]
    fn kinds_are_read_as_people_write_them() {
        assert_eq!(ByHand::named("School leader"), Some(ByHand::SchoolLeader));
        assert_eq!(ByHand::named("BOARD-MEMBER"), Some(ByHand::Board));
        assert_eq!(ByHand::named("student"), None);
    }
}
