//! Answers, as evidence. Each is one record that is never changed: who, in what capacity, how authenticated, which version in which
//! language with which hash, the words agreed to or declined, when. Its SHA-256 is over its canonical form (RFC 8785), so that any
//! program can do it again. What E-SIGN asks to be kept (15 USC 7001(d), (e); 7006(5)) is in the record or reachable from it.
//! A minor's answer is an acknowledgment, not a contract; a guardian's consent is a record of its own.

pub mod history;
mod record;
pub mod standing;
mod store;
pub mod told;
pub mod verify;
pub mod withdrawal;

pub use record::{Choice, Manner, Record};

use std::collections::HashMap;

use uuid::Uuid;

use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, PersonId, Problem, Result, digest};
use crate::obligations::tasks::Task;
use crate::obligations::{Closing, State, duties};
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
    let record = take_down(tx, actor, district, task, reading, given, Manner::SignedIn).await?;
    if task.is_for_a_child() && task.state == State::Fulfilled && record.answer != "agreed" {
        withdrawal::ask_the_others(tx, actor, district, (task.about, task.about_uid)).await?;
    }
    Ok(record)
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
    if task.subject_kind != "policy" || task.subject_id != reading.version.id.0 {
        return Err(Problem::NotFound);
    }
    if given.text_hash != reading.hash {
        return Err(Problem::conflict("The text has changed since this page was opened. Please read it again; nothing was answered yet."));
    }
    if let Some(opens) = task.opens.filter(|_| task.is_ahead(district.today(tx.now()))) {
        return Err(Problem::conflict(format!("This can be answered from {opens} on. Please come back then; nothing was answered yet.")));
    }
    let guardian = task.is_for_a_child();
    let signs = guardian && manner == Manner::SignedIn;
    let (agreed, choices, statement) = decide(reading, &given, signs)?;
    store::lock(tx, task.obligation).await?;
    let answer = if agreed { "agreed" } else { "declined" };
    let stored_choices = digest::canonical(&choices)?;
    let previous = store::latest_that_stands(tx, task.obligation, task.person, task.about, reading.version.id).await?;
    if let Some(previous) = previous
        && previous.answer == answer
        && previous.choices == stored_choices
        && previous.language == reading.language
        && previous.reason == given.reason.trim()
    {
        return previous.into_record();
    }
    let new = store::New {
        obligation: task.obligation,
        person: task.person,
        about: task.about,
        capacity: if guardian { "guardian" } else { "self" },
        manner,
        recorded_by: (manner != Manner::SignedIn).then_some(actor.account),
        version: reading.version.id,
        language: &reading.language,
        text_hash: &reading.hash,
        statement: &statement,
        answer,
        choices: &stored_choices,
        reason: given.reason.trim(),
        signed_name: given.signed_name.trim(),
    };
    let record = store::insert(tx, &new).await?;
    told::tell(tx, task.obligation, &record).await?;
    duties::close(tx, district, task.obligation, if agreed { Closing::Fulfilled } else { Closing::Declined }).await?;
    if agreed && guardian {
        duties::one_guardian_is_enough(tx, district, task.obligation).await?;
    }
    audit::record(tx, actor, "acknowledgment.given", &record.uid.to_string(), serde_json::json!({ "answer": answer })).await?;
    Ok(record)
}

/// Whether the answer agrees, the choices, and the exact words that were answered.
fn decide(reading: &Reading, given: &Answer, signs: bool) -> Result<(bool, Vec<Choice>, String)> {
    let mut checks = Checks::default();
    checks.require(!signs || !given.signed_name.trim().is_empty(), "signed_name", "Type your name, as your signature.");
    checks.require(given.signed_name.chars().count() <= 200, "signed_name", "This name is longer than 200 characters: shorten it.");
    checks.require(
        given.reason.chars().count() <= LONGEST_REASON,
        "reason",
        &format!("This is longer than {LONGEST_REASON} characters: shorten it, or tell your school in person."),
    );
    if reading.consents.is_empty() {
        checks.require(given.agrees.is_some(), "agrees", "Choose an answer: nothing is chosen for you.");
        checks.done()?;
        return Ok((given.agrees == Some(true), Vec::new(), reading.statement.clone()));
    }
    let mut choices = Vec::new();
    let (mut words, mut agreed) = (Vec::new(), true);
    for consent in &reading.consents {
        match given.choices.iter().find(|(id, _)| *id == consent.id) {
            Some((_, yes)) => {
                words.push(format!("{} {}", consent.ask, if *yes { &consent.yes } else { &consent.no }));
                if consent.principal && !yes {
                    agreed = false;
                }
                choices.push(Choice::said(&consent.id, *yes));
            }
            None => checks.say(format!("choice-{}", consent.id), format!("Choose an answer to “{}”", consent.ask)),
        }
    }
    checks.done()?;
    Ok((agreed, choices, words.join("\n")))
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

/// The latest answer to a task, where there is one.
pub async fn latest(tx: &mut Tx, actor: &Actor, task: &Task) -> Result<Option<Record>> {
    if actor.person != Some(task.person) {
        return Err(Problem::NotFound);
    }
    store::latest(tx, task.person, task.about, crate::kernel::VersionId(task.subject_id)).await?.map(store::Row::into_record).transpose()
}
