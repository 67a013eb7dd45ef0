//! Letters for those whom nothing reaches: what stands in each, and that they were handed out. Making them changes nothing; only somebody who
//! says that they were printed and will be handed out makes them count as told.

use std::collections::HashSet;

use uuid::Uuid;

use super::never_told;
use super::store::untold::{self, DutyRow, Since, UntoldRow};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Locale, ObligationId, OrgId, PersonId, Problem, Result};
use crate::queue;
use crate::roster::District;

/// So many letters are made at once.
pub const MOST: usize = 200;

/// Whose letters.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// The first of a school, by grade and name.
    School(Uuid),
    /// These people, each with the school where they stand on the list.
    Chosen(Vec<(Uuid, Uuid)>),
}

/// What is asked of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub title: String,
    /// The child for whom it is asked.
    pub child: Option<String>,
    /// The last day, grace not included.
    pub last: Day,
    /// Past it, grace included.
    pub late: bool,
    pub minutes: i64,
}

/// One letter.
#[derive(Debug, Clone)]
pub struct Letter {
    pub person: Uuid,
    pub name: String,
    pub locale: Locale,
    pub school_uid: Uuid,
    pub school: String,
    pub grade: String,
    /// The class that hands it out; empty: the school's office does.
    pub class: String,
    pub children: Vec<String>,
    pub things: Vec<Thing>,
}

/// Letters as they stand now.
#[derive(Debug, Clone)]
pub struct Letters {
    /// By school, grade and name.
    pub letters: Vec<Letter>,
    /// The newest duty there was: what is asked later stands in none of them.
    pub until: ObligationId,
}

/// A letter that was found, with its duties.
type Found<'a> = (UntoldRow, Vec<&'a DutyRow>);

/// What stands in these letters, at most [`MOST`], as of the duties until `until` (all of today's where it is `None`).
///
/// # Errors
/// `NotFound` for whoever isn't a director or school leader; `Invalid` (`chosen`) for more than [`MOST`].
pub async fn prepare(tx: &mut Tx, actor: &Actor, district: &District, wanted: &Wanted, until: Option<ObligationId>) -> Result<Letters> {
    never_told::allowed(actor)?;
    let since = never_told::since(tx, district).await?;
    let until = match until {
        Some(until) => until,
        None => queue::last_duty(tx).await?,
    };
    let (rows, duties) = look_up(tx, actor, since, wanted, until).await?;
    let found = found(rows, &duties);
    let students: Vec<(PersonId, OrgId)> = found.iter().flat_map(|(_, duties)| duties.iter().map(|d| (d.about, d.school_id))).collect();
    let classes = untold::classes(tx, &students).await?;
    let today = district.today(tx.now());
    let letter = |(row, duties): Found<'_>| {
        let class = duties.iter().find_map(|d| classes.iter().find(|(person, school, _)| (*person, *school) == (d.about, d.school_id)));
        Letter {
            locale: never_told::locale(&row, district),
            person: row.person_uid,
            name: format!("{} {}", row.given, row.family),
            school_uid: row.school_uid,
            school: row.school,
            grade: row.grade,
            class: class.map(|(_, _, title)| title.clone()).unwrap_or_default(),
            children: never_told::children(&duties),
            things: duties.iter().map(|d| thing(d, today)).collect(),
        }
    };
    Ok(Letters { letters: found.into_iter().map(letter).collect(), until })
}

fn thing(duty: &DutyRow, today: Day) -> Thing {
    Thing { title: duty.title.clone(), child: duty.child.clone(), last: duty.last_day, late: duty.due < today, minutes: duty.minutes }
}

async fn look_up(tx: &mut Tx, actor: &Actor, since: Since, wanted: &Wanted, until: ObligationId) -> Result<(Vec<UntoldRow>, Vec<DutyRow>)> {
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let rows = match wanted {
        Wanted::School(school) => {
            let filter = untold::Filter { school: Some(*school), why: None };
            untold::list(tx, actor, since, &filter, most, 0).await?
        }
        Wanted::Chosen(chosen) => {
            let chosen: HashSet<(Uuid, Uuid)> = chosen.iter().copied().collect();
            if chosen.len() > MOST {
                return Err(Problem::invalid(
                    "chosen",
                    format!("these are more than {MOST} letters: choose fewer, they are made in several files"),
                ));
            }
            let uids: Vec<Uuid> = chosen.iter().map(|(person, _)| *person).collect();
            let people = untold::people(tx, &uids).await?;
            let mut rows = untold::of(tx, actor, since, &people).await?;
            rows.retain(|row| chosen.contains(&(row.person_uid, row.school_uid)));
            rows
        }
    };
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let mut duties = untold::duties(tx, actor, since, &people).await?;
    duties.retain(|duty| duty.duty <= until);
    Ok((rows, duties))
}

/// Each with the duties, by school, grade and name; who has none any more is left out.
fn found(rows: Vec<UntoldRow>, duties: &[DutyRow]) -> Vec<Found<'_>> {
    let mut places = never_told::by_place(duties);
    let mut found: Vec<Found<'_>> =
        rows.into_iter().filter_map(|row| places.remove(&(row.person, row.school_id)).map(|duties| (row, duties))).collect();
    found.sort_by(|(a, _), (b, _)| {
        let key = |row: &UntoldRow| {
            (row.school.clone(), row.school_id, grade_order(&row.grade), row.family.clone(), row.given.clone(), row.person)
        };
        key(a).cmp(&key(b))
    });
    found
}

/// Kindergarten and what comes before it stand before grade 1; whoever has no grade comes last.
fn grade_order(grade: &str) -> (u8, String) {
    let rank = match grade {
        "" => 3,
        "KG" => 1,
        other if other.chars().all(|c| c.is_ascii_digit()) => 2,
        _ => 0,
    };
    (rank, grade.to_owned())
}

/// These letters were printed and will be handed out: what stood in them, duties until `until`, counts as told. How many letters.
///
/// # Errors
/// As [`prepare`].
pub async fn handed_out(tx: &mut Tx, actor: &Actor, district: &District, wanted: &Wanted, until: ObligationId) -> Result<usize> {
    never_told::allowed(actor)?;
    let since = never_told::since(tx, district).await?;
    let today = district.today(tx.now());
    let (rows, duties) = look_up(tx, actor, since, wanted, until).await?;
    let found = found(rows, &duties);
    let mut told = Vec::new();
    let mut schools: Vec<Uuid> = Vec::new();
    for (row, duties) in &found {
        let letter = untold::keep_letter(tx, actor, row.person).await?;
        told.extend(duties.iter().map(|duty| (duty.duty, letter)));
        if !schools.contains(&row.school_uid) {
            schools.push(row.school_uid);
        }
    }
    if found.is_empty() {
        return Ok(0);
    }
    untold::letter(tx, &told, today).await?;
    let detail = serde_json::json!({ "letters": found.len(), "duties": told.len(), "schools": schools });
    audit::record(tx, actor, "notices.letters", "", detail).await?;
    Ok(found.len())
}
