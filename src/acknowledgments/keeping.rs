//! How answers are kept. Answers that come at the same moment are kept together: each statement carries all of them, and all of them wait for
//! one sync of the disk. One answer is a list of one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::record::{Choice, Manner, Record};
use super::{Answer, LONGEST_REASON, store, told, withdrawal};
use crate::audit::{self, Deed};
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, ObligationId, PersonId, Problem, Result, VersionId, digest};
use crate::obligations::duties::{self, Duty};
use crate::obligations::tasks::{self, Task};
use crate::obligations::{Closing, State};
use crate::policies::{Reading, Shelf};
use crate::roster::District;

/// An answer that is to be kept.
#[derive(Debug)]
pub struct Giving<'a> {
    /// Who brings it: the person, or somebody of the school.
    pub actor: &'a Actor,
    pub task: &'a Task,
    pub reading: &'a Reading,
    pub given: Answer,
    pub manner: Manner<'a>,
}

/// What somebody sends who is signed in: which task of their own, and the answer to it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub actor: Actor,
    pub requirement: Uuid,
    pub about: Uuid,
    /// In which the text was read.
    pub language: String,
    pub given: Answer,
}

/// What an answer is about: the task of whoever sends it, and its text.
#[derive(Debug)]
pub struct Ready {
    task: Task,
    text: Arc<Reading>,
}

/// Looks up what each of these answers is about; `None`: no such task of theirs. A reading transaction is enough, so that no writer waits.
pub async fn look_up(tx: &mut Tx, shelf: &Shelf, sent: &[Sent]) -> Result<Vec<Option<Ready>>> {
    let asked: Vec<(&Actor, Uuid, Uuid)> = sent.iter().map(|s| (&s.actor, s.requirement, s.about)).collect();
    let tasks = tasks::several(tx, &asked).await?;
    let mut ready = Vec::with_capacity(sent.len());
    for (sent, task) in sent.iter().zip(tasks) {
        ready.push(match task.filter(|t| t.subject_kind == "policy") {
            Some(task) => {
                let text = shelf.read(tx, VersionId(task.subject_id), &sent.language).await?;
                Some(Ready { task, text })
            }
            None => None,
        });
    }
    Ok(ready)
}

/// Keeps answers that were [looked up](look_up) a moment ago; each has its own outcome, as [`super::answer`] would give it. Whether a duty is
/// still asked is seen here.
///
/// # Errors
/// `Internal` where the database refuses; nothing is kept then.
pub async fn answer_all(tx: &mut Tx, district: &District, sent: &[Sent], ready: &[Option<Ready>]) -> Result<Vec<Result<Record>>> {
    let mut outcomes: Vec<Option<Result<Record>>> = Vec::with_capacity(sent.len());
    let mut giving = Vec::new();
    for (sent, ready) in sent.iter().zip(ready) {
        if let Some(Ready { task, text }) = ready {
            giving.push(Giving { actor: &sent.actor, task, reading: text, given: sent.given.clone(), manner: Manner::SignedIn });
            outcomes.push(None);
        } else {
            outcomes.push(Some(Err(Problem::NotFound)));
        }
    }
    let mut kept = keep(tx, district, giving).await?.into_iter();
    Ok(outcomes.into_iter().map(|o| o.or_else(|| kept.next()).unwrap_or(Err(Problem::NotFound))).collect())
}

/// Keeps answers, whether or not the actors may bring them; each has its own outcome. Of several answers to one duty the later ones follow
/// the earlier, as if they had come one after the other.
///
/// # Errors
/// `Internal` where the database refuses; nothing is kept then.
pub async fn keep(tx: &mut Tx, district: &District, giving: Vec<Giving<'_>>) -> Result<Vec<Result<Record>>> {
    let mut outcomes: Vec<Option<Result<Record>>> = giving.iter().map(|_| None).collect();
    let mut waiting: Vec<(usize, Giving<'_>)> = giving.into_iter().enumerate().collect();
    while !waiting.is_empty() {
        let mut duties = HashSet::new();
        let (now, later) = waiting.into_iter().partition(|(_, g)| duties.insert(g.task.obligation));
        for (place, outcome) in round(tx, district, now).await? {
            outcomes[place] = Some(outcome);
        }
        waiting = later;
    }
    Ok(outcomes.into_iter().map(|o| o.unwrap_or(Err(Problem::NotFound))).collect())
}

/// An answer that is about to be kept.
struct Kept<'a> {
    place: usize,
    giving: Giving<'a>,
    agreed: bool,
    choices: Vec<Choice>,
    statement: String,
    duty: Duty,
}

/// Answers to different duties.
async fn round(tx: &mut Tx, district: &District, giving: Vec<(usize, Giving<'_>)>) -> Result<Vec<(usize, Result<Record>)>> {
    let ids: Vec<ObligationId> = giving.iter().map(|(_, g)| g.task.obligation).collect();
    let mut live: HashMap<ObligationId, Duty> = duties::live_all(tx, &ids).await?.into_iter().map(|d| (d.id, d)).collect();
    let mut outcomes = Vec::with_capacity(giving.len());
    let mut keeping = Vec::with_capacity(giving.len());
    for (place, giving) in giving {
        match decide(tx, district, &giving) {
            Ok((agreed, choices, statement)) => match live.remove(&giving.task.obligation) {
                Some(duty) => keeping.push(Kept { place, giving, agreed, choices, statement, duty }),
                None => outcomes.push((place, Err(duties::no_longer_asked()))),
            },
            Err(problem) => outcomes.push((place, Err(problem))),
        }
    }
    // Where a duty is open, the same answer again says something new.
    let (mut new, answered): (Vec<Kept<'_>>, Vec<Kept<'_>>) = keeping.into_iter().partition(|k| k.duty.state == State::Open);
    if !answered.is_empty() {
        let asked: Vec<(PersonId, PersonId, VersionId)> =
            answered.iter().map(|k| (k.giving.task.person, k.giving.task.about, k.giving.reading.version.id)).collect();
        let mut latest = store::latest_of(tx, &asked).await?;
        for (number, kept) in answered.into_iter().enumerate() {
            match latest.remove(&number) {
                Some(before) if before.says(&kept.giving, kept.agreed, &digest::canonical(&kept.choices)?) => {
                    outcomes.push((kept.place, before.into_record()));
                }
                _ => new.push(kept),
            }
        }
    }
    if !new.is_empty() {
        write(tx, district, new, &mut outcomes).await?;
    }
    Ok(outcomes)
}

/// What follows from the answers is written first, the answers last: the log's head is held as shortly as can be.
async fn write(tx: &mut Tx, district: &District, keeping: Vec<Kept<'_>>, outcomes: &mut Vec<(usize, Result<Record>)>) -> Result<()> {
    let mut closing = Vec::with_capacity(keeping.len());
    let mut enough = Vec::new();
    for kept in &keeping {
        closing.push((kept.duty.clone(), if kept.agreed { Closing::Fulfilled } else { Closing::Declined }));
        if kept.agreed && kept.giving.task.is_for_a_child() {
            enough.push(kept.duty.id);
        }
    }
    duties::close_all(tx, district, &closing, None).await?;
    if !enough.is_empty() {
        duties::one_guardian_is_enough(tx, district, &enough).await?;
    }
    for kept in keeping.iter().filter(|k| k.duty.state == State::Fulfilled && !k.agreed && k.giving.task.is_for_a_child()) {
        let task = kept.giving.task;
        withdrawal::ask_the_others(tx, kept.giving.actor, district, (task.about, task.about_uid)).await?;
    }

    let names = Names::of(tx, &keeping).await?;
    let mut new = Vec::with_capacity(keeping.len());
    for kept in &keeping {
        let uid = tx.uid();
        let recorded_by = recorded_by(&kept.giving);
        let record = names.record(uid, tx.now(), kept, recorded_by)?;
        new.push(store::New { obligation: kept.duty.id, about: kept.giving.task.about, recorded_by, record });
    }
    let mut deeds = Vec::with_capacity(keeping.len());
    for (kept, new) in keeping.iter().zip(&new) {
        let detail = serde_json::json!({ "answer": new.record.answer });
        deeds.push(Deed::of(kept.giving.actor, "acknowledgment.given", new.record.uid.to_string(), detail)?);
    }
    audit::record_all(tx, &deeds).await?;

    let first = store::next_positions(tx, i64::try_from(new.len()).unwrap_or(i64::MAX)).await?;
    for (position, new) in (first..).zip(&mut new) {
        new.record.position = position;
    }
    store::insert(tx, &new).await?;
    for new in &new {
        told::tell(tx, new.obligation, &new.record).await?;
    }
    outcomes.extend(keeping.iter().zip(new).map(|(kept, new)| (kept.place, Ok(new.record))));
    Ok(())
}

/// Keeps one record of somebody who is signed in; uid, moment, hash and place are given here.
pub(super) async fn keep_record(tx: &mut Tx, obligation: ObligationId, about: PersonId, mut record: Record) -> Result<Record> {
    record.uid = tx.uid();
    record.at = tx.now();
    record.hash = record.computed_hash()?;
    record.position = store::next_positions(tx, 1).await?;
    let new = [store::New { obligation, about, recorded_by: None, record }];
    store::insert(tx, &new).await?;
    told::tell(tx, obligation, &new[0].record).await?;
    let [store::New { record, .. }] = new;
    Ok(record)
}

fn recorded_by(giving: &Giving<'_>) -> Option<AccountId> {
    (giving.manner != Manner::SignedIn).then_some(giving.actor.account)
}

/// The names that records bear.
struct Names {
    people: HashMap<PersonId, (Uuid, String)>,
    accounts: HashMap<AccountId, (Uuid, String)>,
}

impl Names {
    async fn of(tx: &mut Tx, keeping: &[Kept<'_>]) -> Result<Self> {
        let people: Vec<PersonId> =
            keeping.iter().map(|k| k.giving.task).filter(|task| task.is_for_a_child()).map(|task| task.person).collect();
        let accounts: Vec<AccountId> = keeping.iter().filter_map(|k| recorded_by(&k.giving)).collect();
        Ok(Self {
            people: if people.is_empty() { HashMap::new() } else { store::people(tx, &people).await? },
            accounts: if accounts.is_empty() { HashMap::new() } else { store::accounts(tx, &accounts).await? },
        })
    }

    fn record(&self, uid: Uuid, at: crate::kernel::Moment, kept: &Kept<'_>, recorded_by: Option<AccountId>) -> Result<Record> {
        let Giving { actor, task, reading, given, manner } = &kept.giving;
        let about = (task.about_uid, task.about_name.clone());
        let unknown = || Problem::internal("table person: a person who answers isn't there", task.person.0.to_string());
        let (person, person_name) =
            if task.is_for_a_child() { self.people.get(&task.person).cloned().ok_or_else(unknown)? } else { about.clone() };
        let paper = manner.on_paper();
        let by = recorded_by.and_then(|account| self.accounts.get(&account).cloned());
        let mut record = Record {
            uid,
            person_id: task.person,
            person,
            person_name,
            about: about.0,
            about_name: about.1,
            capacity: if task.is_for_a_child() { "guardian" } else { "self" }.into(),
            authenticated: manner.authenticated(actor).into(),
            recorded_by: by.as_ref().map(|(uid, _)| *uid),
            recorded_by_name: by.map(|(_, name)| name),
            paper: paper.map(|p| p.code.into()),
            signed_day: paper.and_then(|p| p.signed_day),
            scan_sha256: paper.and_then(|p| p.scan_sha256).map(Into::into),
            policy: reading.version.slug.clone(),
            version: reading.version.id,
            version_number: reading.version.number,
            language: reading.language.clone(),
            text_hash: reading.hash.clone(),
            statement: kept.statement.clone(),
            answer: if kept.agreed { "agreed" } else { "declined" }.into(),
            choices: kept.choices.clone(),
            reason: given.reason.trim().into(),
            signed_name: given.signed_name.trim().into(),
            at,
            hash: String::new(),
            position: 0,
        };
        record.hash = record.computed_hash()?;
        Ok(record)
    }
}

/// Whether the answer can be taken; then whether it agrees, the choices, and the exact words that were answered.
fn decide(tx: &Tx, district: &District, giving: &Giving<'_>) -> Result<(bool, Vec<Choice>, String)> {
    let Giving { task, reading, given, manner, .. } = giving;
    if task.subject_kind != "policy" || task.subject_id != reading.version.id.0 {
        return Err(Problem::NotFound);
    }
    if given.text_hash != reading.hash {
        return Err(Problem::conflict("The text has changed since this page was opened. Please read it again; nothing was answered yet."));
    }
    if let Some(opens) = task.opens.filter(|_| task.is_ahead(district.today(tx.now()))) {
        return Err(Problem::conflict(format!("This can be answered from {opens} on. Please come back then; nothing was answered yet.")));
    }
    choose(reading, given, task.is_for_a_child() && *manner == Manner::SignedIn)
}

/// Whether the answer agrees, the choices, and the exact words; a guardian on a device of their own signs by typing a name.
fn choose(reading: &Reading, given: &Answer, signs: bool) -> Result<(bool, Vec<Choice>, String)> {
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
