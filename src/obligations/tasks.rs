//! A person's task list: what is theirs to do, late first, and what is done.

use std::collections::HashMap;

use uuid::Uuid;

use super::{AnswersAs, State, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, ObligationId, PersonId, Problem, Result};

/// One row of a person's task list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Task {
    pub obligation: ObligationId,
    /// The requirement's uid: with `about_uid` the task's address.
    pub requirement: Uuid,
    pub title: String,
    /// `policy` or `course`.
    pub subject_kind: String,
    /// The policy's or course's version.
    pub subject_id: i64,
    pub root_id: i64,
    pub answers_as: AnswersAs,
    pub person: PersonId,
    pub about: PersonId,
    pub about_uid: Uuid,
    pub about_name: String,
    pub about_grade: String,
    pub school: String,
    /// The last day, grace not included.
    pub due: Day,
    pub grace_days: i64,
    /// First day on which it can be answered; `None`: at once.
    pub opens: Option<Day>,
    pub state: State,
    pub closed: Option<Day>,
    pub reason: Option<String>,
    /// The last day before there was more time.
    pub extended_from: Option<Day>,
    /// `first` or `refresher`.
    pub variant: String,
    pub minutes: i64,
}

impl Task {
    /// Past its last day, grace included, and still open.
    pub fn is_late(&self, today: Day) -> bool {
        self.state == State::Open && self.due.plus(self.grace_days) < today
    }

    /// Can't be answered yet.
    pub fn is_ahead(&self, today: Day) -> bool {
        self.state == State::Open && self.opens.is_some_and(|opens| today < opens)
    }

    pub fn is_for_a_child(&self) -> bool {
        self.person != self.about
    }
}

/// The actor's own tasks: open ones first, the one due first on top; then what is done, latest first.
pub async fn of(tx: &mut Tx, actor: &Actor) -> Result<Vec<Task>> {
    match actor.person {
        Some(person) => store::tasks(tx, person).await,
        None => Ok(Vec::new()),
    }
}

/// One of the actor's own tasks, by requirement and the person it is about.
///
/// # Errors
/// `NotFound` for anybody else's.
pub async fn one(tx: &mut Tx, actor: &Actor, requirement: Uuid, about: Uuid) -> Result<Task> {
    several(tx, &[(actor, requirement, about)]).await?.remove(0).ok_or(Problem::NotFound)
}

/// As [`one`], for many people at once: each one's own task, where there is one.
pub async fn several(tx: &mut Tx, asked: &[(&Actor, Uuid, Uuid)]) -> Result<Vec<Option<Task>>> {
    let keys: Vec<Option<(PersonId, Uuid, Uuid)>> =
        asked.iter().map(|(actor, requirement, about)| Some((actor.person?, *requirement, *about))).collect();
    let known: Vec<(PersonId, Uuid, Uuid)> = keys.iter().flatten().copied().collect();
    let tasks = store::tasks_of_several(tx, &known).await?;
    let tasks: HashMap<(PersonId, Uuid, Uuid), Task> = tasks.into_iter().map(|t| ((t.person, t.requirement, t.about_uid), t)).collect();
    Ok(keys.into_iter().map(|key| tasks.get(&key?).cloned()).collect())
}

/// A task of somebody, where it is asked now: for a caller who has made sure that the actor may bring that person's answer.
pub async fn of_person(tx: &mut Tx, person: PersonId, requirement: Uuid, about: Uuid) -> Result<Option<Task>> {
    Ok(store::tasks_of_several(tx, &[(person, requirement, about)]).await?.pop())
}
