//! Taking back a yes, one consent by itself or a whole document, at any time after it was given. The record that gave it stays; another
//! one says what is so from now on. Who may is what [`standing`] calls heard: whoever answered, another guardian whose word counts for the
//! child, and a student who is 18 for what was consented for them; that student, whom nobody asks for it, can say yes as well.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::record::{Choice, Manner, Record};
use super::standing::{self, Paper, WHOLE, Word};
use super::{LONGEST_REASON, keeping, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, ObligationId, PersonId, Problem, Result};
use crate::obligations::{self, Cause, CauseKind, Closing, duties, tasks};
use crate::policies::Reading;
use crate::roster::{Changes, District};

/// What is taken back or given, by the receipt of an answer to the same document for the same person.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    pub receipt: Uuid,
    /// The consent's id; [`WHOLE`] for a document without consents.
    pub consent: &'a str,
    /// Why, where the person wants to say.
    pub reason: &'a str,
}

/// The document behind a receipt, where the actor can take that consent back.
///
/// # Errors
/// `NotFound` for whoever has no say in it and for a consent that isn't there; `Conflict` where there is no yes to take back.
pub async fn find(tx: &mut Tx, actor: &Actor, district: &District, receipt: Uuid, consent: &str) -> Result<Paper> {
    let person = actor.person.ok_or(Problem::NotFound)?;
    let paper = standing::behind(tx, actor, district, receipt).await?;
    if !paper.is_heard || paper.words_on(consent).is_empty() {
        return Err(Problem::NotFound);
    }
    if !paper.can_be_taken_back_by(person, consent) {
        return Err(Problem::conflict("There is no yes to take back: your list of answers shows what counts now."));
    }
    Ok(paper)
}

/// The document behind a receipt, where the actor is the student it is about, 18 now, and the consent is not given.
///
/// # Errors
/// `NotFound` for anybody else; `Conflict` where it is given.
pub async fn find_to_give(tx: &mut Tx, actor: &Actor, district: &District, receipt: Uuid, consent: &str) -> Result<Paper> {
    let paper = standing::behind(tx, actor, district, receipt).await?;
    if !paper.is_for_the_student_at_18(actor.person) || paper.words_on(consent).is_empty() {
        return Err(Problem::NotFound);
    }
    if paper.holds(consent) {
        return Err(Problem::conflict("This is given already: your list of answers shows what counts now."));
    }
    Ok(paper)
}

/// Takes a yes back. `reading` is the version that was answered, in the language in which the person reads what happens then. The same sent
/// twice is one record.
///
/// # Errors
/// As [`find`]; `Invalid` (`reason`) for a reason that is too long.
pub async fn take_back(tx: &mut Tx, actor: &Actor, district: &District, reading: &Reading, turn: Turn<'_>) -> Result<Record> {
    let person = actor.person.ok_or(Problem::NotFound)?;
    check_reason(turn.reason)?;
    lock(tx, actor, district, turn.receipt).await?;
    let paper = standing::behind(tx, actor, district, turn.receipt).await?;
    if let Some((word, choice)) = paper.word_of(person, turn.consent)
        && paper.is_heard
        && choice.withdrawn
        && !paper.holds(turn.consent)
    {
        return super::receipt(tx, actor, word.uid).await;
    }
    let paper = find(tx, actor, district, turn.receipt, turn.consent).await?;
    let had_said_yes = paper.words.iter().find(|word| word.person == person).is_some_and(|word| word.answer == "agreed");
    let (record, duties) = keep(tx, actor, reading, &paper, turn, false).await?;
    if is_principal(reading, turn.consent)? {
        for duty in duties {
            duties::close(tx, district, duty, Closing::TakenBack).await?;
        }
        if !paper.own && person != paper.speakers.about && had_said_yes {
            ask_the_others(tx, actor, district, (paper.speakers.about, paper.words[0].about_uid)).await?;
        }
    }
    let detail = serde_json::json!({ "consent": turn.consent });
    audit::record(tx, actor, "acknowledgment.taken_back", &record.uid.to_string(), detail).await?;
    Ok(record)
}

/// A student who is 18 says yes to what guardians were asked. The same sent twice is one record.
///
/// # Errors
/// As [`find_to_give`]; `Invalid` (`reason`) for a reason that is too long.
pub async fn give(tx: &mut Tx, actor: &Actor, district: &District, reading: &Reading, turn: Turn<'_>) -> Result<Record> {
    let person = actor.person.ok_or(Problem::NotFound)?;
    check_reason(turn.reason)?;
    lock(tx, actor, district, turn.receipt).await?;
    let paper = standing::behind(tx, actor, district, turn.receipt).await?;
    if let Some((word, choice)) = paper.word_of(person, turn.consent)
        && paper.is_for_the_student_at_18(actor.person)
        && choice.yes
    {
        return super::receipt(tx, actor, word.uid).await;
    }
    let paper = find_to_give(tx, actor, district, turn.receipt, turn.consent).await?;
    let (record, _) = keep(tx, actor, reading, &paper, turn, true).await?;
    audit::record(tx, actor, "acknowledgment.given", &record.uid.to_string(), serde_json::json!({ "consent": turn.consent })).await?;
    Ok(record)
}

fn check_reason(reason: &str) -> Result<()> {
    if reason.trim().chars().count() <= LONGEST_REASON {
        return Ok(());
    }
    let text = format!("This is longer than {LONGEST_REASON} characters: shorten it, or tell your school in person.");
    Err(Problem::invalid("reason", text))
}

/// Whoever changes what counts of the same document waits: always in the same order, so that two never wait for each other.
async fn lock(tx: &mut Tx, actor: &Actor, district: &District, receipt: Uuid) -> Result<()> {
    let paper = standing::behind(tx, actor, district, receipt).await?;
    for obligation in paper.words.iter().map(|word| word.obligation.0).collect::<BTreeSet<_>>() {
        store::lock(tx, ObligationId(obligation)).await?;
    }
    Ok(())
}

/// Keeps the record, tells the school, and gives the actor's own duties back that ask for the same.
async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    reading: &Reading,
    paper: &Paper,
    turn: Turn<'_>,
    yes: bool,
) -> Result<(Record, Vec<ObligationId>)> {
    let person = actor.person.ok_or(Problem::NotFound)?;
    let about = paper.speakers.about;
    if paper.words.iter().any(|word| word.version != reading.version.id) {
        return Err(Problem::NotFound);
    }
    let mine = paper.words.iter().find(|word| word.person == person);
    let duties = live_duties(tx, actor, about, reading, paper.own).await?;
    let given_for = mine.or(paper.words.first()).map(|word| word.obligation);
    let obligation = duties.first().copied().or(given_for).ok_or(Problem::NotFound)?;
    let answer = match (mine, is_principal(reading, turn.consent)?) {
        (Some(word), false) => word.answer.as_str(),
        _ if yes => "agreed",
        _ => "withdrawn",
    };
    let choices = choices(mine, turn.consent, yes);
    let statement = statement(reading, &choices);
    let names = store::people(tx, &[person, about]).await?;
    let name = |id: PersonId| names.get(&id).cloned().ok_or(Problem::NotFound);
    let ((person_uid, person_name), (about_uid, about_name)) = (name(person)?, name(about)?);
    let record = Record {
        uid: Uuid::nil(),
        person_id: person,
        person: person_uid,
        person_name,
        about: about_uid,
        about_name,
        capacity: if person == about { "self" } else { "guardian" }.into(),
        authenticated: Manner::SignedIn.authenticated(actor).into(),
        recorded_by: None,
        recorded_by_name: None,
        paper: None,
        signed_day: None,
        scan_sha256: None,
        policy: reading.version.slug.clone(),
        version: reading.version.id,
        version_number: reading.version.number,
        language: reading.language.clone(),
        text_hash: reading.hash.clone(),
        statement,
        answer: answer.into(),
        choices,
        reason: turn.reason.trim().into(),
        signed_name: String::new(),
        at: tx.now(),
        hash: String::new(),
        position: 0,
    };
    let record = keeping::keep_record(tx, obligation, about, record).await?;
    Ok((record, duties))
}

/// Whether a no to it is a no to the document.
///
/// # Errors
/// `NotFound` for what the document doesn't ask.
pub fn is_principal(reading: &Reading, consent: &str) -> Result<bool> {
    match reading.consents.iter().find(|c| c.id == consent) {
        Some(found) => Ok(found.principal),
        None if consent == WHOLE && reading.consents.is_empty() => Ok(true),
        None => Err(Problem::NotFound),
    }
}

/// The person's choices as they were, but for that one; whoever never answered the form speaks of that one alone.
fn choices(mine: Option<&Word>, consent: &str, yes: bool) -> Vec<Choice> {
    if consent == WHOLE {
        return Vec::new();
    }
    let turned = if yes { Choice::said(consent, true) } else { Choice::taken_back(consent) };
    let mut choices = mine.map(|word| word.choices.clone()).unwrap_or_default();
    match choices.iter_mut().find(|choice| choice.id == consent) {
        Some(choice) => *choice = turned,
        None => choices.push(turned),
    }
    choices
}

/// The words that are so from now on, in the language of the text.
fn statement(reading: &Reading, choices: &[Choice]) -> String {
    if reading.consents.is_empty() {
        return reading.statement.clone();
    }
    let asked = reading.consents.iter().filter_map(|c| Some((c, choices.iter().find(|choice| choice.id == c.id)?)));
    asked.map(|(c, choice)| format!("{} {}", c.ask, if choice.yes { &c.yes } else { &c.no })).collect::<Vec<_>>().join("\n")
}

/// The actor's own duties to answer that text for that person, as they are asked today.
async fn live_duties(tx: &mut Tx, actor: &Actor, about: PersonId, reading: &Reading, own: bool) -> Result<Vec<ObligationId>> {
    let of_this = |task: &tasks::Task| {
        task.subject_kind == "policy" && task.subject_id == reading.version.id.0 && task.about == about && task.is_for_a_child() != own
    };
    Ok(tasks::of(tx, actor).await?.into_iter().filter(of_this).map(|task| task.obligation).collect())
}

/// A guardian's yes is no more: where one answer was enough, the others are asked again.
pub(super) async fn ask_the_others(tx: &mut Tx, actor: &Actor, district: &District, (id, child): (PersonId, Uuid)) -> Result<()> {
    let changes = Changes { people: vec![id] };
    obligations::follow(tx, actor, district, changes, Cause::of(CauseKind::Consent, child)).await.map(drop)
}
