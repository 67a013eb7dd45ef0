//! What is asked about a person, of whom, and what was answered: for the pages of a person and of a household. Duties and answers of every
//! record of the person are the person's.

use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, OrgId, PersonId, Problem, Reach, Result};
use crate::obligations::State;

/// Something that is asked now, of the person or of somebody for the person.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Asked {
    pub title: String,
    /// `policy` or `course`.
    pub subject_kind: String,
    /// Who is to answer.
    pub person_uid: Uuid,
    pub person_name: String,
    /// The person answers for nobody else.
    pub oneself: bool,
    pub state: State,
    pub due: Day,
    pub closed: Option<Day>,
    pub reason: Option<String>,
    /// The newest answer to it.
    pub receipt: Option<Uuid>,
}

impl Asked {
    /// The state, with what is late told apart.
    pub fn standing(&self, today: Day) -> &'static str {
        if self.state == State::Open && self.due < today { "late" } else { self.state.name() }
    }
}

/// An answer that a person gave, or that was given for the person.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Given {
    pub uid: Uuid,
    pub title: String,
    pub version: i64,
    pub person_name: String,
    pub about_name: String,
    pub oneself: bool,
    /// `agreed`, `declined` or `withdrawn`.
    pub answer: String,
    pub at: Moment,
    /// Given under a record that counts as the person's other one.
    pub by_other_record: bool,
}

/// The most answers that a page shows.
const MOST: i64 = 100;

/// The orgs of whoever may see people over whole schools: a teacher sees the standing of a class, not its history.
fn orgs(actor: &Actor) -> Result<&[OrgId]> {
    match &actor.reach {
        Reach::Orgs(orgs) if actor.may_see_people() => Ok(orgs),
        _ => Err(Problem::NotFound),
    }
}

/// What is asked now about a person whom the caller has found within reach already, what is open first.
///
/// # Errors
/// `NotFound` for whoever may not see people over whole schools.
pub async fn asked_about(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<Vec<Asked>> {
    store::asked_about(tx, person, orgs(actor)?).await
}

/// The answers that a person (found within reach already) gave, or that were given for the person, newest first, at most 100; those alone
/// that counted in a school within reach: a guardian's answer for a child of another school isn't there.
///
/// # Errors
/// `NotFound` for whoever may not see people over whole schools.
pub async fn given(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<Vec<Given>> {
    store::given(tx, person, orgs(actor)?, MOST).await
}
