//! Duties: made when a requirement is issued, kept in step with the roster, closed by an answer. Nothing is ever deleted: a duty
//! whose cell, last day or answer changes ends, and another row carries on, so that every past day can be counted again.

use std::collections::{HashMap, HashSet};

use super::asked::{self, Asked, Wanted};
use super::audiences::Change;
use super::causes::{self, Cause, DutyReport, Line, Outcome, ReportId};
use super::requirements::{AnswersAs, Requirement};
use super::tally::{Cell, Tally};
use super::{State, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, ObligationId, OrgId, PersonId, Problem, RequirementId, Result};
use crate::queue;
use crate::roster::audience;
use crate::roster::{Changes, District};

/// A row of the table, as far as rules need it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Duty {
    pub id: ObligationId,
    pub requirement_id: RequirementId,
    pub person_id: PersonId,
    pub about_id: PersonId,
    pub school_id: OrgId,
    pub role: String,
    pub grade: String,
    /// The last day, grace and extension included: from the day after it an open duty counts as late.
    pub due: Day,
    pub opened: Day,
    pub state: State,
    pub closed: Option<Day>,
    pub reason: Option<String>,
    pub variant: Variant,
    /// Who granted the exemption or the extension.
    pub granted_by: Option<String>,
    /// The last day before it was extended.
    pub extended_from: Option<Day>,
}

impl Duty {
    pub fn cell(&self) -> Cell {
        Cell { school: self.school_id, role: self.role.clone(), grade: self.grade.clone(), due: self.due }
    }

    /// Another guardian's answer was enough.
    fn is_released(&self) -> bool {
        self.state == State::Exempt && self.reason.as_deref() == Some(ANOTHER_GUARDIAN)
    }

    /// Takes over how another row of the same duty stands.
    fn stand_as(&mut self, other: &Duty) {
        self.state = other.state;
        self.closed = other.closed;
        self.reason.clone_from(&other.reason);
        self.granted_by.clone_from(&other.granted_by);
    }
}

/// Why a guardian is not asked any more; pages say it in the reader's language.
pub const ANOTHER_GUARDIAN: &str = "another guardian has answered";

/// Why a duty is answered that this record never answered; pages say it in the reader's language.
pub const OTHER_RECORD: &str = "answered under another record of the same person";

/// Why a duty counts as declined that was answered with yes before; pages say it in the reader's language.
pub const TAKEN_BACK: &str = "the yes was taken back";

/// What a duty asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The requirement's subject.
    First,
    /// Its refresher, of whoever did it in an earlier school year.
    Refresher,
}

/// How a duty closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    Fulfilled,
    Declined,
    /// A yes that was taken back: declined from then on.
    TakenBack,
    /// With the reason, which is shown wherever the figure is explained.
    Exempt(String),
}

impl Closing {
    fn state(&self) -> State {
        match self {
            Self::Fulfilled => State::Fulfilled,
            Self::Declined | Self::TakenBack => State::Declined,
            Self::Exempt(_) => State::Exempt,
        }
    }
}

/// Person who answers, and person it is about.
type Key = (PersonId, PersonId);

/// The rows of one requirement that are to be held against what is wanted.
#[derive(Default)]
struct Standing {
    live: HashMap<Key, Duty>,
    /// The last row of duties that have ended.
    past: HashMap<Key, Duty>,
    /// Answers given under another record of the same person.
    carried: HashMap<Key, Duty>,
    /// People who have another record.
    with_others: HashSet<PersonId>,
}

impl Standing {
    /// Whether there is a yes, also one given before a duty ended or under another record.
    fn is_fulfilled(&self, key: Key) -> bool {
        let rows = [self.live.get(&key), self.carried.get(&key), self.past.get(&key).filter(|_| !self.live.contains_key(&key))];
        rows.into_iter().flatten().any(|duty| duty.state == State::Fulfilled)
    }
}

/// What is to be written.
#[derive(Default)]
struct Writing {
    tally: Tally,
    ending: Vec<(ObligationId, &'static str)>,
    making: Vec<Duty>,
    outcome: Outcome,
    /// How many duties are wanted in all.
    wanted: i64,
    /// How many of those made need no answer: it was given before, or by another guardian.
    answered: i64,
}

impl Writing {
    fn end(&mut self, duty: &Duty, why: &'static str) {
        self.tally.add(duty.requirement_id, duty.cell(), duty.state, -1);
        self.ending.push((duty.id, why));
    }

    fn make(&mut self, duty: Duty) {
        self.tally.add(duty.requirement_id, duty.cell(), duty.state, 1);
        self.making.push(duty);
    }
}

/// Brings one requirement's duties in step with the roster: all of them, or those about the people named. The rows name the report.
pub(super) async fn settle(
    tx: &mut Tx,
    requirement: &Requirement,
    today: Day,
    only: Option<&[PersonId]>,
    report: Option<ReportId>,
) -> Result<Outcome> {
    let writing = decide(tx, requirement, today, only).await?;
    store::end(tx, today, &writing.ending, report).await?;
    if !writing.making.is_empty() {
        let last = queue::last_duty(tx).await?;
        store::insert_duties(tx, &writing.making, report).await?;
        // What can't be answered yet isn't told of yet.
        let from = requirement.window.opens.map_or(today, |opens| opens.max(today));
        queue::duties_made(tx, requirement.id, last, from).await?;
    }
    writing.tally.write(tx, today, 0).await?;
    tx.look_over(writing.making.len(), "ANALYZE obligation").await?;
    Ok(writing.outcome)
}

/// What [`settle`] would do with another audience, without doing it.
pub(super) async fn difference(tx: &mut Tx, requirement: &Requirement, audience: &audience::Rule, today: Day) -> Result<Change> {
    let other = Requirement { audience: audience.clone(), ..requirement.clone() };
    let writing = decide(tx, &other, today, None).await?;
    let Outcome { made: come, .. } = writing.outcome;
    Ok(Change { come, answered: writing.answered, go: writing.outcome.ended_in_all(), stay: writing.wanted - come })
}

/// What is to be written so that the duties are in step with the roster. Writes nothing.
async fn decide(tx: &mut Tx, requirement: &Requirement, today: Day, only: Option<&[PersonId]>) -> Result<Writing> {
    let places = audience::named(tx, &requirement.audience, today, only).await?;
    let mut asked = asked::wanted(tx, requirement.answers_as, places, today).await?;
    let mut writing = Writing::default();
    let mut standing = standing(tx, requirement, only, &mut writing).await?;
    let done_before = match requirement.window.refresher {
        Some(refresher) => store::completed_before(tx, requirement, refresher, only).await?,
        None => HashSet::new(),
    };
    // One guardian's yes is enough where the school says no other, also for a guardian who comes later: that of a guardian who is asked.
    let answered: HashSet<PersonId> = match requirement.answers_as {
        AnswersAs::Oneself => HashSet::new(),
        AnswersAs::Guardian => {
            let asked_of = asked.duties.iter().filter(|want| asked.one_is_enough(want.about));
            asked_of.filter(|want| standing.is_fulfilled((want.person, want.about))).map(|want| want.about).collect()
        }
    };
    for want in std::mem::take(&mut asked.duties) {
        writing.wanted += 1;
        one(requirement, today, want, &answered, &done_before, &mut standing, &mut writing);
    }
    gone(tx, requirement, today, &asked, standing.live, &mut writing).await?;
    Ok(writing)
}

/// The rows there are. Those of a record that is another record of the same person end, and count for that person.
async fn standing(tx: &mut Tx, requirement: &Requirement, only: Option<&[PersonId]>, writing: &mut Writing) -> Result<Standing> {
    let mut standing = Standing::default();
    for (duty, ended) in store::duties_about(tx, requirement.id, only).await? {
        let rows = if ended { &mut standing.past } else { &mut standing.live };
        rows.insert((duty.person_id, duty.about_id), duty);
    }
    if standing.live.is_empty() && standing.past.is_empty() {
        return Ok(standing);
    }
    let same_as: HashMap<PersonId, PersonId> = store::same_as(tx).await?.into_iter().collect();
    if same_as.is_empty() {
        return Ok(standing);
    }
    standing.with_others = same_as.values().copied().collect();
    let kept = |id: PersonId| same_as.get(&id).copied().unwrap_or(id);
    let others =
        |rows: &HashMap<Key, Duty>| -> Vec<Key> { rows.keys().filter(|(p, a)| kept(*p) != *p || kept(*a) != *a).copied().collect() };
    for key in others(&standing.live) {
        let Some(duty) = standing.live.remove(&key) else { continue };
        writing.end(&duty, "merged");
        *writing.outcome.ended.entry("merged".into()).or_default() += 1;
        if duty.state != State::Open {
            let key = (kept(key.0), kept(key.1));
            let about_id = key.1;
            standing.carried.entry(key).or_insert(Duty { about_id, ..duty });
        }
    }
    for key in others(&standing.past) {
        let Some(duty) = standing.past.remove(&key) else { continue };
        standing.past.entry((kept(key.0), kept(key.1))).or_insert(duty);
    }
    Ok(standing)
}

/// One duty that is wanted, held against the row there is.
fn one(
    requirement: &Requirement,
    today: Day,
    want: Wanted,
    answered: &HashSet<PersonId>,
    done_before: &HashSet<PersonId>,
    standing: &mut Standing,
    writing: &mut Writing,
) {
    let key = (want.person, want.about);
    let carried = standing.carried.remove(&key);
    let enough = answered.contains(&want.about);
    let Some(current) = standing.live.remove(&key) else {
        let mut duty = fresh(requirement, today, want, done_before);
        writing.outcome.made += 1;
        // Somebody who comes back keeps the answer given before.
        let carried = carried.map(|d| Duty { reason: d.reason.clone().or_else(|| Some(OTHER_RECORD.into())), ..d });
        let before = carried.or_else(|| standing.past.remove(&key).filter(|d| d.state != State::Open && (!d.is_released() || enough)));
        if let Some(before) = before {
            duty.due = before.due;
            duty.variant = before.variant;
            duty.stand_as(&before);
            writing.outcome.returned += 1;
        } else if enough {
            release(&mut duty, today);
        }
        writing.answered += i64::from(duty.state != State::Open);
        writing.make(duty);
        return;
    };
    let moved = current.school_id != want.school || current.role != want.role || current.grade != want.grade;
    let mut duty = Duty { school_id: want.school, role: want.role, grade: want.grade, opened: today, ..current.clone() };
    let why = if let Some(carried) = carried.filter(|_| current.state == State::Open || current.is_released()) {
        duty.stand_as(&carried);
        duty.reason = duty.reason.or_else(|| Some(OTHER_RECORD.into()));
        "changed"
    } else if current.reason.as_deref() == Some(OTHER_RECORD)
        && !standing.with_others.contains(&key.0)
        && !standing.with_others.contains(&key.1)
    {
        // Parted: the answer went back with the record that gave it.
        duty.due = duty.due.max(requirement.due_for(today).plus(requirement.window.grace_days));
        (duty.state, duty.closed, duty.reason) = (State::Open, None, None);
        writing.outcome.reopened += 1;
        "parted"
    } else if current.is_released() && !enough {
        duty.due = duty.due.max(requirement.due_for(today).plus(requirement.window.grace_days));
        (duty.state, duty.closed, duty.reason) = (State::Open, None, None);
        writing.outcome.reopened += 1;
        "reopened"
    } else if current.state == State::Open && enough {
        release(&mut duty, today);
        writing.outcome.released += 1;
        "released"
    } else if moved {
        "moved"
    } else {
        return;
    };
    if moved {
        writing.outcome.moved += 1;
    }
    writing.end(&current, why);
    writing.make(duty);
}

fn release(duty: &mut Duty, today: Day) {
    (duty.state, duty.closed, duty.reason) = (State::Exempt, Some(today), Some(ANOTHER_GUARDIAN.into()));
}

fn fresh(requirement: &Requirement, today: Day, want: Wanted, done_before: &HashSet<PersonId>) -> Duty {
    let issued = requirement.issued_day.unwrap_or(today);
    Duty {
        id: ObligationId(0),
        requirement_id: requirement.id,
        person_id: want.person,
        about_id: want.about,
        school_id: want.school,
        role: want.role,
        grade: want.grade,
        due: last_day(requirement, today, want.joined, issued),
        opened: today,
        state: State::Open,
        closed: None,
        reason: None,
        variant: if done_before.contains(&want.person) { Variant::Refresher } else { Variant::First },
        granted_by: None,
        extended_from: None,
    }
}

/// The last day, grace included. Whoever was there at issue but is asked only later (a move, a changed audience) has the days of a
/// newcomer from then on: nobody is late on the day of being asked.
fn last_day(requirement: &Requirement, today: Day, joined: Day, issued: Day) -> Day {
    let asked_since = if today > issued && joined <= issued { today } else { joined };
    requirement.due_for(asked_since).plus(requirement.window.grace_days)
}

/// Duties that nobody wants any more end, each with its reason.
async fn gone(
    tx: &mut Tx,
    requirement: &Requirement,
    today: Day,
    asked: &Asked,
    left_over: HashMap<Key, Duty>,
    writing: &mut Writing,
) -> Result<()> {
    if left_over.is_empty() {
        return Ok(());
    }
    let mut people: Vec<PersonId> = left_over.keys().flat_map(|(person, about)| [*person, *about]).collect();
    people.sort_unstable();
    people.dedup();
    let facts = store::facts(tx, &people, today).await?;
    let is_there = |id: PersonId| facts.get(&id).is_some_and(|fact| fact.is_there);
    for ((person, about), duty) in left_over {
        let why = if !is_there(person) || !is_there(about) {
            "left"
        } else if requirement.answers_as == AnswersAs::Oneself {
            "not_named"
        } else if facts.get(&about).is_some_and(|fact| fact.is_18) {
            "turned_18"
        } else if asked.is_held_back(person, about) {
            "consent"
        } else if asked.names(about) {
            "no_guardian"
        } else {
            "not_named"
        };
        writing.end(&duty, why);
        *writing.outcome.ended.entry(why.into()).or_default() += 1;
    }
    Ok(())
}

/// Ends the duties of a requirement that counts no more: the open ones only, or all. Returns how many.
pub(super) async fn end_all(
    tx: &mut Tx,
    requirement: &Requirement,
    today: Day,
    why: &'static str,
    open_only: bool,
    report: Option<ReportId>,
) -> Result<i64> {
    let mut writing = Writing::default();
    for (duty, ended) in store::duties_about(tx, requirement.id, None).await? {
        if !ended && (!open_only || duty.state == State::Open) {
            writing.end(&duty, why);
        }
    }
    store::end(tx, today, &writing.ending, report).await?;
    writing.tally.write(tx, today, 0).await?;
    Ok(i64::try_from(writing.ending.len()).unwrap_or(i64::MAX))
}

/// Duties follow the roster: whoever came, left, moved or changed is looked at again under every requirement in force, in the caller's
/// transaction. The report says what it did; none where it did nothing.
pub async fn follow(tx: &mut Tx, actor: &Actor, district: &District, changes: Changes, cause: Cause) -> Result<Option<DutyReport>> {
    if changes.people.is_empty() {
        return Ok(None);
    }
    let requirements = store::issued(tx).await?;
    if requirements.is_empty() {
        return Ok(None);
    }
    let today = district.today(tx.now());
    let about = concerned(tx, &changes).await?;
    let report = causes::begin(tx, actor, today, &cause).await?;
    let mut lines = Vec::new();
    for requirement in requirements {
        let outcome = settle(tx, &requirement, today, Some(&about), Some(report)).await?;
        lines.push(Line::of(&requirement, outcome));
    }
    causes::finish(tx, report, lines).await
}

/// The people about whom duties may change: those who changed, all records of the same people, and the children of all these.
async fn concerned(tx: &mut Tx, changes: &Changes) -> Result<Vec<PersonId>> {
    let mut about: HashSet<PersonId> = changes.people.iter().copied().collect();
    for (other, kept) in store::same_as(tx).await? {
        if about.contains(&other) || about.contains(&kept) {
            about.extend([other, kept]);
        }
    }
    let guardians: Vec<PersonId> = about.iter().copied().collect();
    let children = store::children_of(tx, &guardians).await?;
    about.extend(children);
    let mut about: Vec<PersonId> = about.into_iter().collect();
    about.sort_unstable();
    Ok(about)
}

/// Closes a duty, or closes it in another way than it was: the row ends then, and another carries on.
///
/// # Errors
/// `Conflict` where it is no longer asked.
pub async fn close(tx: &mut Tx, district: &District, id: ObligationId, how: Closing) -> Result<()> {
    close_as(tx, district, id, how, None).await
}

/// As [`close`]; an exemption with who granted it.
pub(super) async fn close_as(tx: &mut Tx, district: &District, id: ObligationId, how: Closing, granted_by: Option<&str>) -> Result<()> {
    let duty = live(tx, id).await?;
    close_all(tx, district, &[(duty, how)], granted_by).await
}

/// As [`close`], for duties that [`live_all`] has locked.
///
/// # Errors
/// `Conflict` where one was closed since.
pub async fn close_all(tx: &mut Tx, district: &District, closing: &[(Duty, Closing)], granted_by: Option<&str>) -> Result<()> {
    let today = district.today(tx.now());
    let changing: Vec<&(Duty, Closing)> = closing.iter().filter(|(duty, how)| duty.state != how.state()).collect();
    let Some((first, _)) = changing.first() else { return Ok(()) };
    let spread = first.person_id.0;
    let mut tally = Tally::default();
    let (mut closed, mut ended, mut carrying_on) = (Vec::new(), Vec::new(), Vec::new());
    for (duty, how) in changing {
        let (state, cell) = (how.state(), duty.cell());
        let reason = match how {
            Closing::Exempt(reason) => Some(reason.as_str()),
            Closing::TakenBack => Some(TAKEN_BACK),
            Closing::Fulfilled | Closing::Declined => None,
        };
        tally.add(duty.requirement_id, cell.clone(), duty.state, -1);
        tally.add(duty.requirement_id, cell, state, 1);
        if duty.state == State::Open {
            closed.push(store::ClosedRow { id: duty.id, state, reason, granted_by });
        } else {
            ended.push((duty.id, "changed"));
            let (reason, granted_by) = (reason.map(str::to_owned), granted_by.map(str::to_owned));
            carrying_on.push(Duty { state, opened: today, closed: Some(today), reason, granted_by, ..duty.clone() });
        }
    }
    if store::close(tx, today, &closed).await? != closed.len() {
        return Err(Problem::conflict("somebody answered this a moment ago: load the page again to see it"));
    }
    store::end(tx, today, &ended, None).await?;
    store::insert_duties(tx, &carrying_on, None).await?;
    tally.write(tx, today, spread).await
}

/// A duty that is asked today, locked.
pub(super) async fn live(tx: &mut Tx, id: ObligationId) -> Result<Duty> {
    live_all(tx, &[id]).await?.pop().ok_or_else(no_longer_asked)
}

/// Of these duties, those that are asked today, locked.
pub async fn live_all(tx: &mut Tx, ids: &[ObligationId]) -> Result<Vec<Duty>> {
    store::live_duties(tx, ids).await
}

/// What whoever answers a duty that has ended is told.
pub fn no_longer_asked() -> Problem {
    Problem::conflict("this is no longer asked: a newer version may have taken its place. Your task list shows what is open.")
}

/// Puts another row in the place of a live one, which ends for that reason.
pub(super) async fn replace(tx: &mut Tx, today: Day, old: &Duty, why: &'static str, new: Duty) -> Result<()> {
    let mut writing = Writing::default();
    writing.end(old, why);
    writing.make(Duty { opened: today, ..new });
    store::end(tx, today, &writing.ending, None).await?;
    store::insert_duties(tx, &writing.making, None).await?;
    writing.tally.write(tx, today, old.person_id.0).await
}

/// Somebody completed a course: every open duty of theirs for that version, or for which it is the refresher, is fulfilled.
pub async fn complete(tx: &mut Tx, district: &District, person: PersonId, course_version: i64) -> Result<()> {
    for id in store::open_course_duties(tx, person, course_version).await? {
        close(tx, district, id, Closing::Fulfilled).await?;
    }
    Ok(())
}

/// Guardians have agreed, each for a child, by these duties. Unless the school wants every guardian's answer, a child needs no second one:
/// the other guardians' open duties for the same child and requirement are closed as exempt.
pub async fn one_guardian_is_enough(tx: &mut Tx, district: &District, ids: &[ObligationId]) -> Result<()> {
    let others = store::other_guardians_open(tx, ids).await?;
    if others.is_empty() {
        return Ok(());
    }
    let closing: Vec<(Duty, Closing)> = live_all(tx, &others)
        .await?
        .into_iter()
        .filter(|d| d.state == State::Open)
        .map(|d| (d, Closing::Exempt(ANOTHER_GUARDIAN.into())))
        .collect();
    close_all(tx, district, &closing, None).await
}
