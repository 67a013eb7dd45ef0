//! People, as an actor may see them: one, lists, their classes, their children and guardians; and adding one by hand. Reach is applied
//! in SQL: whoever lies outside it isn't there.

mod store;

use serde::Serialize;
use uuid::Uuid;

use super::{Changes, District};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
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

/// One person.
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

/// The children of a guardian who are on the roster.
pub async fn children_of(tx: &mut Tx, guardian: PersonId) -> Result<Vec<PersonRow>> {
    store::children_of(tx, guardian).await
}

/// The guardians of a child who are on the roster.
pub async fn guardians_of(tx: &mut Tx, child: PersonId) -> Result<Vec<PersonRow>> {
    store::guardians_of(tx, child).await
}

/// Somebody whom no source system knows: a board member, a new colleague, a guest.
#[derive(Debug, Clone)]
pub struct Newcomer {
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    /// `BoardMember`, `Staff`, `Teacher`, `SchoolLeader`, or `Community` for a guest.
    pub role: Role,
    /// None: the district's office.
    pub school: Option<Uuid>,
    /// None: the district's own.
    pub language: Option<String>,
}

/// Adds a person by hand; imports never touch the record. For directors.
///
/// # Errors
/// `NotFound` for whoever is no director; `Invalid` for an empty name, a role that only the roster gives, an unknown school, or an
/// e-mail address or language that can't be one.
pub async fn add(tx: &mut Tx, actor: &Actor, district: &District, newcomer: Newcomer) -> Result<(Person, Changes)> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let (given, family) = (newcomer.given.trim(), newcomer.family.trim());
    let email = newcomer.email.as_deref().map(str::trim).filter(|e| !e.is_empty());
    let language = newcomer.language.as_deref().map_or(district.language.as_str(), str::trim);
    let by_hand = matches!(newcomer.role, Role::BoardMember | Role::Staff | Role::Teacher | Role::SchoolLeader | Role::Community);
    let mut checks = Checks::default();
    for (field, name) in [("given", given), ("family", family)] {
        checks.require(!name.is_empty(), field, "give the person's name");
        let plain = name.chars().count() <= 200 && !name.chars().any(char::is_control);
        checks.require(plain, field, "a name is one line of at most 200 characters");
    }
    checks.require(
        by_hand,
        "role",
        "choose board_member, staff, teacher, school_leader or community: students and guardians come from the roster",
    );
    let address = email.is_none_or(|e| {
        e.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
            && !e.chars().any(|c| c.is_whitespace() || c.is_control())
    });
    checks.require(address, "email", "write it as name@example.org, or leave it empty");
    let tag = (2..=20).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    checks.require(tag, "language", "write a language tag such as en or es");
    let school = match newcomer.school {
        None => Some(district.root),
        Some(uid) => store::org(tx, uid).await?,
    };
    checks.require(school.is_some(), "school", "there is no such school: choose one of the list");
    checks.done()?;
    let Some(school) = school else { return Err(Problem::NotFound) };
    let today = district.today(tx.now());
    let uid = tx.uid();
    let id = store::add(tx, uid, [given, family, language, newcomer.role.name()], email, school, today).await?;
    audit::record(tx, actor, "person.added", &uid.to_string(), serde_json::json!({ "role": newcomer.role })).await?;
    let person = store::find(tx, &Actor::operator(vec![district.root]), uid).await?.ok_or(Problem::NotFound)?;
    Ok((person, Changes { people: vec![id] }))
}
