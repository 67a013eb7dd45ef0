//! Class mode, for children who can't read yet: somebody of the school reads a policy aloud, and each child of the class answers on one
//! device. A child's answer is the child's own; the record says that it was witnessed, and by whom. A guardian's consent is never taken
//! here, nor a form that asks several things.

mod store;

use std::collections::HashMap;

use uuid::Uuid;

use self::store::Wanted;
use super::{Answer, Manner, Record, take_down};
use crate::audit;
use crate::db::Tx;
use crate::identity::Token;
use crate::identity::class::{self, Class};
use crate::kernel::{Actor, Day, PersonId, Problem, Result, SectionId, VersionId};
use crate::obligations::{State, tasks};
use crate::policies::{self, Reading};
use crate::roster::District;

/// The grades up to which a district can let children answer in class, in the order of the years.
pub const GRADES: [&str; 14] = ["PK", "KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
/// Before kindergarten the roster knows several words.
const BEFORE: [&str; 4] = ["IT", "PR", "PK", "TK"];

/// A class, and what its children are asked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Room {
    pub section_id: SectionId,
    pub section: Uuid,
    pub section_title: String,
    pub school: String,
    pub requirement: Uuid,
    /// What the task is called.
    pub title: String,
    pub version: VersionId,
    /// Children who haven't answered.
    pub open: i64,
    pub asked: i64,
}

impl Room {
    /// The address of its page, for whoever may take the class.
    pub fn path(&self) -> String {
        format!("/classes/{}/{}", self.section, self.requirement)
    }
}

/// A child of the class, and how it stands with the answer.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Child {
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub state: State,
    /// The day of the answer.
    pub closed: Option<Day>,
    /// The newest answer.
    pub receipt: Option<Uuid>,
}

impl Child {
    pub fn has_answered(&self) -> bool {
        self.state != State::Open
    }
}

/// Up to which grade children may answer in class; empty: none.
pub async fn through(tx: &mut Tx) -> Result<String> {
    store::through(tx).await
}

/// Sets up to which grade children may answer in class; empty: none. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` (field `grade`) for a grade that isn't one of [`GRADES`].
pub async fn set_through(tx: &mut Tx, actor: &Actor, grade: &str) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    if !grade.is_empty() && !GRADES.contains(&grade) {
        return Err(Problem::invalid("grade", format!("choose one of {}, or none", GRADES.join(", "))));
    }
    let before = store::through(tx).await?;
    if before != grade {
        store::set_through(tx, grade).await?;
        audit::record(tx, actor, "class.grades_set", "district", serde_json::json!({ "before": before, "through": grade })).await?;
    }
    Ok(())
}

/// Every grade up to that one.
fn grades_through(last: &str) -> Vec<&'static str> {
    let Some(place) = GRADES.iter().position(|g| *g == last) else { return Vec::new() };
    BEFORE.into_iter().chain(GRADES[1..=place].iter().copied()).collect()
}

/// The classes that the actor may take today, each with each policy that its children answer for themselves: a teacher's by enrollment, a
/// school leader's all of the school (when somebody stands in). Everybody else has none.
pub async fn rooms(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Room>> {
    those(tx, actor, district, true).await
}

/// Of these the ones in which the actor teaches.
pub async fn taught(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Room>> {
    those(tx, actor, district, false).await
}

async fn those(tx: &mut Tx, actor: &Actor, district: &District, led_too: bool) -> Result<Vec<Room>> {
    let through = grades_through(&store::through(tx).await?);
    let mut known: HashMap<VersionId, bool> = HashMap::new();
    let mut rooms = Vec::new();
    for room in store::rooms(tx, actor, district.today(tx.now()), &through, Wanted { led_too, one: None }).await? {
        let form = match known.get(&room.version) {
            Some(form) => *form,
            None => policies::reading::asks_consents(tx, room.version).await?,
        };
        known.insert(room.version, form);
        if !form {
            rooms.push(room);
        }
    }
    Ok(rooms)
}

/// One of these.
///
/// # Errors
/// `NotFound` for any other.
pub async fn room(tx: &mut Tx, actor: &Actor, district: &District, section: Uuid, requirement: Uuid) -> Result<Room> {
    let through = grades_through(&store::through(tx).await?);
    let wanted = Wanted { led_too: true, one: Some((section, requirement)) };
    let found = store::rooms(tx, actor, district.today(tx.now()), &through, wanted).await?;
    let room = found.into_iter().next().ok_or(Problem::NotFound)?;
    if policies::reading::asks_consents(tx, room.version).await? {
        return Err(Problem::NotFound);
    }
    Ok(room)
}

/// The children of the class who are asked, by given name.
pub async fn children(tx: &mut Tx, actor: &Actor, district: &District, room: &Room) -> Result<Vec<Child>> {
    let through = grades_through(&store::through(tx).await?);
    store::children(tx, actor, district.today(tx.now()), &through, room).await
}

/// Every student who is or was in the section, in the order in which they came, and whether they are there today: what stays with a child
/// while others come and go (a picture, a place) is given out along this list.
pub async fn members(tx: &mut Tx, district: &District, room: &Room) -> Result<Vec<(Uuid, bool)>> {
    let today = district.today(tx.now());
    Ok(store::ever_in(tx, room, today).await?.into_iter().map(|m| (m.uid, m.here)).collect())
}

/// Hands the device to the class: the actor's session ends, and one begins that opens the pages of this class alone.
///
/// # Errors
/// `NotFound` for a class that the actor may not take; `Invalid` (field `language`) for a language in which there is no text.
pub async fn begin(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    token: &Token,
    (section, requirement): (Uuid, Uuid),
    language: &str,
) -> Result<Token> {
    let room = room(tx, actor, district, section, requirement).await?;
    if !policies::reading::languages(tx, room.version).await?.iter().any(|l| l == language) {
        return Err(Problem::invalid("language", "Choose the language in which you read."));
    }
    class::begin(tx, actor, token, &Class { section, requirement, language: language.to_owned() }).await
}

/// Takes down a child's answer, with the actor standing by. A second, other answer is a record of its own and stands from then on; the
/// same answer again is the same record.
///
/// # Errors
/// `NotFound` for a class that the actor may not take today, or a child who isn't asked there; otherwise as [`take_down`].
pub async fn answer(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    room: &Room,
    reading: &Reading,
    (child, agrees): (Uuid, bool),
    text_hash: &str,
) -> Result<Record> {
    let child = children(tx, actor, district, room).await?.into_iter().find(|c| c.uid == child).ok_or(Problem::NotFound)?;
    let task = tasks::of_person(tx, child.id, room.requirement, child.uid).await?.ok_or(Problem::NotFound)?;
    let given = Answer { text_hash: text_hash.to_owned(), agrees: Some(agrees), ..Answer::default() };
    take_down(tx, actor, district, &task, reading, given, Manner::Witnessed).await
}

/// What the children of a class are called so that each knows who is meant: the given name; with the first letter of the family name where
/// two share it, with the whole family name where they share that too. In the order given.
pub fn called(children: &[Child]) -> Vec<String> {
    let letter = |c: &Child| c.family.chars().next().map(|l| l.to_uppercase().to_string()).unwrap_or_default();
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    children
        .iter()
        .map(|child| {
            let namesakes = || children.iter().filter(|c| c.uid != child.uid && same(&c.given, &child.given));
            if namesakes().next().is_none() {
                child.given.clone()
            } else if namesakes().all(|c| letter(c) != letter(child)) {
                format!("{} {}.", child.given, letter(child))
            } else {
                format!("{} {}", child.given, child.family)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(number: u128, given: &str, family: &str) -> Child {
        Child {
            id: PersonId(1),
            uid: Uuid::from_u128(number),
            given: given.into(),
            family: family.into(),
            state: State::Open,
            closed: None,
            receipt: None,
        }
    }

    #[test]
    fn two_of_one_name_are_told_apart_by_a_letter_and_only_then_by_the_family_name() {
        let class =
            [child(1, "Ana", "Diaz"), child(2, "Bo", "Cole"), child(3, "Ana", "Frost"), child(4, "Mia", "Hall"), child(5, "mia", "Hunt")];
        assert_eq!(called(&class), ["Ana D.", "Bo", "Ana F.", "Mia Hall", "mia Hunt"]);
    }

    #[test]
    fn a_grade_holds_all_that_come_before_it() {
        assert_eq!(grades_through("02"), ["IT", "PR", "PK", "TK", "KG", "01", "02"]);
        assert_eq!(grades_through("PK"), BEFORE);
        assert!(grades_through("").is_empty() && grades_through("Other").is_empty());
    }
}
