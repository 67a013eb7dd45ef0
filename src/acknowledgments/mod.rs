//! Answers, as evidence. Each is one record that is never changed: who, in what capacity, how authenticated, which version in which
//! language with which hash, the words agreed to or declined, when. Its SHA-256 is over its canonical form (RFC 8785), so that any
//! program can do it again. What E-SIGN asks to be kept (15 USC 7001(d), (e); 7006(5)) is in the record or reachable from it.
//! A minor's answer is an acknowledgment, not a contract; a guardian's consent is a record of its own.

pub mod class;
pub mod history;
mod keeping;
pub mod log;
pub mod paper;
mod record;
pub mod standing;
mod store;
pub mod told;
pub mod verify;
pub mod withdrawal;

pub use keeping::{Giving, Ready, Sent, answer_all, keep, look_up};
pub use record::{Choice, Manner, OnPaper, Record};

use std::collections::HashMap;

use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Actor, PersonId, Problem, Result};
use crate::obligations::tasks::Task;
use crate::policies::Reading;
use crate::roster::District;

/// What a person sends from the answer page.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The hash of the text that was on the page.
    pub text_hash: String,
    /// For a document without consents: agreed or not.
    pub agrees: Option<bool>,
    /// For a consent form: each consent's id and its yes or no.
    pub choices: Vec<(String, bool)>,
    /// Why, where the person wants to say; kept whatever the answer is.
    pub reason: String,
    /// Typed as a signature; asked of guardians and staff.
    pub signed_name: String,
}

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 2_000;

/// Gives one's answer to a task of one's own, in one's own name or for one's child. The same answer sent twice is one record.
///
/// # Errors
/// `Invalid` naming each question without an answer; `Conflict` where the text on the page is not the text that is asked for, or the duty
/// has ended.
pub async fn answer(tx: &mut Tx, actor: &Actor, district: &District, task: &Task, reading: &Reading, given: Answer) -> Result<Record> {
    if actor.person != Some(task.person) {
        return Err(Problem::NotFound);
    }
    take_down(tx, actor, district, task, reading, given, Manner::SignedIn).await
}

/// Keeps an answer that came in that manner. Whether the actor may bring it is the caller's to know; [`answer`] does for one's own.
///
/// # Errors
/// As [`answer`].
pub async fn take_down(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    task: &Task,
    reading: &Reading,
    given: Answer,
    manner: Manner<'_>,
) -> Result<Record> {
    keep(tx, district, vec![Giving { actor, task, reading, given, manner }]).await?.remove(0)
}

/// The record behind a receipt: for the person who answered, and for whoever may see the records of the person it is about.
///
/// # Errors
/// `NotFound` for anybody else.
pub async fn receipt(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Record> {
    store::record(tx, actor, uid).await?.ok_or(Problem::NotFound)?.into_record()
}

/// The answers to one duty, the latest first: for whoever may see the records of the person they are about.
///
/// # Errors
/// `NotFound` for an actor who may not see people's records.
pub async fn of_duty(tx: &mut Tx, actor: &Actor, requirement: Uuid, person: Uuid, about: Uuid) -> Result<Vec<Record>> {
    if !actor.may_see_people() {
        return Err(Problem::NotFound);
    }
    store::of_duty(tx, actor, requirement, person, about).await?.into_iter().map(store::Row::into_record).collect()
}

/// What the actor has last answered to each consent form: `(policy version, child)` with how many times yes and no.
pub async fn choices(tx: &mut Tx, actor: &Actor) -> Result<HashMap<(i64, PersonId), (i64, i64)>> {
    let Some(person) = actor.person else { return Ok(HashMap::new()) };
    let mut counted = HashMap::new();
    // The latest comes last, and stays.
    for row in store::choices(tx, person).await? {
        counted.insert((row.version, row.about), record::count(&row.read()?));
    }
    Ok(counted)
}

/// The latest answer to a task that the caller has found within reach.
async fn latest_of(tx: &mut Tx, task: &Task) -> Result<Option<Record>> {
    store::latest(tx, task.person, task.about, crate::kernel::VersionId(task.subject_id)).await?.map(store::Row::into_record).transpose()
}

/// The latest answer to a task, where there is one.
pub async fn latest(tx: &mut Tx, actor: &Actor, task: &Task) -> Result<Option<Record>> {
    if actor.person != Some(task.person) {
        return Err(Problem::NotFound);
    }
    latest_of(tx, task).await
}
