//! People, as an actor may see them: one, lists, their classes, their children and guardians. Reach is applied in SQL: whoever lies
//! outside it isn't there. A person can have several records; whatever is asked is answered for the person, under the record that was
//! kept. Who is added by hand stands in [`by_hand`] and [`sheet`], records of one person in [`merging`], coming of age in [`eighteen`].

mod by_hand;
mod eighteen;
mod merging;
pub mod sheet;
mod store;

use serde::Serialize;
use uuid::Uuid;

pub use by_hand::{ByHand, Newcomer, add, change, end, faulty_fields};
pub use eighteen::answers_alone_since;
pub use merging::{AccountFate, Alike, MergePreview, Obstacle, Record, alike, merge, part, preview, records_of};

use crate::db::Tx;
use crate::kernel::{Actor, Day, OrgId, Page, PageOf, PersonId, Problem, Result, Role, SectionId};

/// A person of the roster, or added by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Person {
    #[serde(skip)]
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    pub username: Option<String>,
    /// Preferred language, as a tag.
    pub language: String,
    /// Primary role: student, teacher, staff, `school_leader`, guardian, `board_member`, community.
    pub role: String,
    /// CEDS; students only.
    pub grade: Option<String>,
    #[serde(skip)]
    pub school_id: Option<OrgId>,
    pub school: Option<String>,
    pub school_uid: Option<Uuid>,
    pub joined: Day,
    /// First day no longer on the roster.
    pub left_day: Option<Day>,
    pub turns_18: Option<Day>,
    /// From this day a student is no minor under CIPA.
    pub turns_17: Option<Day>,
    /// What somebody is whom no source system knows ([`ByHand`]); none: from the roster.
    pub by_hand: Option<String>,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// A person in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct PersonRow {
    #[serde(skip)]
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub role: String,
    pub grade: Option<String>,
    pub school: Option<String>,
    pub language: String,
    pub email: Option<String>,
    pub left_day: Option<Day>,
}

/// Which people are wanted; what is unset doesn't narrow the list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// This org or one below it.
    pub school: Option<Uuid>,
    pub role: Option<String>,
    pub grade: Option<String>,
    /// Part of the name, user name or e-mail address.
    pub text: Option<String>,
    /// Those too who have left.
    pub with_left: bool,
    /// Those alone who were added by hand.
    pub by_hand: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct School {
    #[serde(skip)]
    pub id: OrgId,
    pub uid: Uuid,
    pub name: String,
    pub identifier: Option<String>,
}

/// A class in which a person sits or teaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct SectionOf {
    #[serde(skip)]
    pub id: SectionId,
    pub uid: Uuid,
    pub title: String,
    pub code: Option<String>,
    pub grade: Option<String>,
    pub school: String,
    /// student, teacher, administrator, proctor.
    pub role: String,
}

/// One person. Where the uid is of a record that counts as another, it is the person of that other one.
///
/// # Errors
/// `NotFound` where there is none, or outside the actor's reach.
pub async fn find(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Person> {
    store::find(tx, actor, uid).await?.ok_or(Problem::NotFound)
}

/// The people within the actor's reach, by family name.
pub async fn list(tx: &mut Tx, actor: &Actor, filter: &Filter, page: Page) -> Result<PageOf<PersonRow>> {
    let (rows, total) = store::list(tx, actor, filter, page).await?;
    Ok(PageOf { rows, page, total })
}

/// The schools that the actor reaches, by name: those of the actor's orgs and sections, one's own, and one's children's.
pub async fn schools(tx: &mut Tx, actor: &Actor) -> Result<Vec<School>> {
    store::schools(tx, actor).await
}

/// The classes of a person whom the caller has found within reach already.
pub async fn sections_of(tx: &mut Tx, person: PersonId) -> Result<Vec<SectionOf>> {
    store::sections_of(tx, person).await
}

/// Whoever's uid, user name or e-mail address that is.
///
/// # Errors
/// `NotFound` where there is nobody within reach; `Conflict` where several people have it.
pub async fn called(tx: &mut Tx, actor: &Actor, text: &str) -> Result<Person> {
    let text = text.trim();
    let found = store::called(tx, text.parse().ok(), text).await?;
    let mut people = Vec::new();
    for uid in found {
        people.extend(store::find(tx, actor, uid).await?);
    }
    match people.len() {
        0 => Err(Problem::NotFound),
        1 => people.pop().ok_or(Problem::NotFound),
        several => Err(Problem::conflict(format!("{several} people are called “{text}”: give the uid of the one that is meant"))),
    }
}

/// Those of these people whom the actor reaches, for lists that were made without looking at reach.
pub async fn within_reach(tx: &mut Tx, actor: &Actor, rows: Vec<PersonRow>) -> Result<Vec<PersonRow>> {
    let ids: Vec<PersonId> = rows.iter().map(|row| row.id).collect();
    let reached = store::within(tx, actor, &ids).await?;
    Ok(rows.into_iter().filter(|row| reached.contains(&row.id)).collect())
}

/// May look after the children of one's schools: directors, and school leaders within their reach, which the caller sees to.
pub(super) fn may_settle(actor: &Actor) -> bool {
    actor.is_director() || (actor.has(Role::SchoolLeader) && actor.may_see_people())
}

/// The children of a guardian who are on the roster, reached by the caller or not.
pub async fn children_of(tx: &mut Tx, guardian: PersonId) -> Result<Vec<PersonRow>> {
    store::children_of(tx, guardian).await
}

/// The guardians of a child who are on the roster.
pub async fn guardians_of(tx: &mut Tx, child: PersonId) -> Result<Vec<PersonRow>> {
    store::guardians_of(tx, child).await
}
