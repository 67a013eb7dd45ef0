//! Duties: made when a requirement is issued, kept in step with the roster, closed by an answer. Nothing is ever deleted: a duty
//! whose cell or answer changes ends, and another row carries on, so that every past day can be counted again.

use std::collections::{HashMap, HashSet};

use super::requirements::{AnswersAs, Change, Requirement};
use super::tally::{Cell, Tally};
use super::{State, store};
use crate::db::Tx;
use crate::kernel::{Day, ObligationId, OrgId, PersonId, Problem, RequirementId, Result};
use crate::roster::audience::{self, Place};
use crate::roster::{Changes, District};

/// A duty that a requirement wants to exist.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub person: PersonId,
    pub about: PersonId,
    pub school: OrgId,
    pub role: String,
    pub grade: String,
    pub joined: Day,
}

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
    pub due: Day,
    pub opened: Day,
    pub state: State,
    pub closed: Option<Day>,
    pub reason: Option<String>,
}

impl Duty {
    pub fn cell(&self) -> Cell {
        Cell { school: self.school_id, role: self.role.clone(), grade: self.grade.clone(), due: self.due }
    }
}

/// Why a guardian is not asked any more; pages say it in the reader's language.
pub const ANOTHER_GUARDIAN: &str = "another guardian has answered";

/// How a duty closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    Fulfilled,
    Declined,
    /// With the reason, which is shown wherever the figure is explained.
    Exempt(String),
}

impl Closing {
    fn state(&self) -> State {
        match self {
            Self::Fulfilled => State::Fulfilled,
            Self::Declined => State::Declined,
            Self::Exempt(_) => State::Exempt,
        }
    }
}

/// Who answers, for the people whom an audience names: they themselves, or each guardian of each of them. A student who is 18
/// answers alone.
pub(super) async fn wanted(tx: &mut Tx, answers_as: AnswersAs, places: &[Place], today: Day) -> Result<Vec<Wanted>> {
    match answers_as {
        AnswersAs::Oneself => Ok(places
            .iter()
            .map(|p| Wanted {
                person: p.person,
                about: p.person,
                school: p.org,
                role: p.role.clone(),
                grade: p.grade.clone(),
                joined: p.joined,
            })
            .collect()),
        AnswersAs::Guardian => {
            let children: HashMap<PersonId, &Place> = places.iter().filter(|p| p.role == "student").map(|p| (p.person, p)).collect();
            let mut keys: Vec<PersonId> = children.keys().copied().collect();
            keys.sort_unstable();
            let mut all = Vec::new();
            for (guardian, child) in store::guardians_of(tx, &keys, today).await? {
                if let Some(place) = children.get(&child) {
                    all.push(Wanted {
                        person: guardian,
                        about: child,
                        school: place.org,
                        role: "guardian".into(),
                        grade: place.grade.clone(),
                        joined: place.joined,
                    });
                }
            }
            Ok(all)
        }
    }
}

/// Brings one requirement's duties in step with the roster: all of them, or those about the people named. Returns how many were made.
pub(super) async fn settle(tx: &mut Tx, requirement: &Requirement, today: Day, only: Option<&[PersonId]>) -> Result<i64> {
    let places = audience::named(tx, &requirement.audience, today, only).await?;
    let wanted = wanted(tx, requirement.answers_as, &places, today).await?;
    drop(places);
    let (mut live, mut past) = (HashMap::new(), HashMap::new());
    for (duty, ended) in store::duties_about(tx, requirement.id, only).await? {
        let key = (duty.person_id, duty.about_id);
        if ended {
            past.insert(key, duty)
        } else {
            live.insert(key, duty)
        };
    }
    // One guardian's answer is enough, also for a guardian who comes later.
    let answered: HashSet<PersonId> = match requirement.answers_as {
        AnswersAs::Oneself => HashSet::new(),
        AnswersAs::Guardian => live.values().filter(|d| d.state == State::Fulfilled).map(|d| d.about_id).collect(),
    };
    let mut tally = Tally::default();
    let (mut ending, mut making) = (Vec::new(), Vec::new());
    let mut made = 0;
    for want in wanted {
        let mut duty = Duty {
            id: ObligationId(0),
            requirement_id: requirement.id,
            person_id: want.person,
            about_id: want.about,
            school_id: want.school,
            role: want.role,
            grade: want.grade,
            due: requirement.due_for(want.joined),
            opened: today,
            state: State::Open,
            closed: None,
            reason: None,
        };
        let key = (duty.person_id, duty.about_id);
        match live.remove(&key) {
            Some(current) if current.school_id == duty.school_id && current.role == duty.role && current.grade == duty.grade => continue,
            Some(current) => {
                // Moved: the new row carries state and last day on.
                tally.add(requirement.id, &current.cell(), current.state, -1);
                duty.due = current.due;
                duty.state = current.state;
                duty.closed = current.closed;
                duty.reason.clone_from(&current.reason);
                ending.push((current.id, "moved"));
            }
            None => {
                made += 1;
                // Somebody who comes back keeps the answer given before.
                if let Some(before) = past.remove(&key).filter(|d| d.state != State::Open) {
                    duty.due = before.due;
                    duty.state = before.state;
                    duty.closed = before.closed;
                    duty.reason = before.reason;
                } else if answered.contains(&duty.about_id) {
                    duty.state = State::Exempt;
                    duty.closed = Some(today);
                    duty.reason = Some(ANOTHER_GUARDIAN.into());
                }
            }
        }
        tally.add(requirement.id, &duty.cell(), duty.state, 1);
        making.push(duty);
    }
    for gone in live.into_values() {
        tally.add(requirement.id, &gone.cell(), gone.state, -1);
        ending.push((gone.id, "left"));
    }
    store::end(tx, today, &ending).await?;
    store::insert_duties(tx, &making).await?;
    tally.write(tx, today, 0).await?;
    Ok(made)
}

/// What [`settle`] would do with another audience, without doing it: which duties would be made (and how many of these with an answer that
/// was given before), and how many would end.
pub(super) async fn difference(tx: &mut Tx, requirement: &Requirement, audience: &audience::Rule, today: Day) -> Result<Change> {
    let places = audience::named(tx, audience, today, None).await?;
    let wanted = wanted(tx, requirement.answers_as, &places, today).await?;
    drop(places);
    let (mut live, mut answered_before, mut answered_about) = (HashSet::new(), HashSet::new(), HashSet::new());
    for (duty, ended) in store::duties_about(tx, requirement.id, None).await? {
        let key = (duty.person_id, duty.about_id);
        if !ended {
            live.insert(key);
            if requirement.answers_as == AnswersAs::Guardian && duty.state == State::Fulfilled {
                answered_about.insert(duty.about_id);
            }
        } else if duty.state == State::Open {
            answered_before.remove(&key);
        } else {
            answered_before.insert(key);
        }
    }
    let mut change = Change::default();
    for want in wanted {
        let key = (want.person, want.about);
        if live.remove(&key) {
            change.stay += 1;
        } else {
            change.come += 1;
            change.answered += i64::from(answered_before.contains(&key) || answered_about.contains(&want.about));
        }
    }
    change.go = i64::try_from(live.len()).unwrap_or(i64::MAX);
    Ok(change)
}

/// Ends the duties of a requirement that counts no more: the open ones only, or all.
pub(super) async fn end_all(tx: &mut Tx, requirement: &Requirement, today: Day, why: &'static str, open_only: bool) -> Result<()> {
    let mut tally = Tally::default();
    let mut ending = Vec::new();
    for (duty, ended) in store::duties_about(tx, requirement.id, None).await? {
        if !ended && (!open_only || duty.state == State::Open) {
            tally.add(requirement.id, &duty.cell(), duty.state, -1);
            ending.push((duty.id, why));
        }
    }
    store::end(tx, today, &ending).await?;
    tally.write(tx, today, 0).await
}

/// Duties follow the roster: whoever came, left, moved or changed is looked at again under every requirement in force. Returns how many
/// duties were made.
pub async fn follow(tx: &mut Tx, district: &District, changes: Changes) -> Result<i64> {
    if changes.people.is_empty() {
        return Ok(0);
    }
    let today = district.today(tx.now());
    let mut about: HashSet<PersonId> = changes.people.iter().copied().collect();
    about.extend(store::children_of(tx, &changes.people).await?);
    // A change of one record is a change of the person, whose duties stand under the record that was kept.
    let about = audience::with_other_records(tx, &about.into_iter().collect::<Vec<_>>()).await?;
    let mut made = 0;
    for requirement in store::issued(tx).await? {
        made += settle(tx, &requirement, today, Some(&about)).await?;
    }
    Ok(made)
}

/// What a new day brings by itself: whoever joins, leaves, turns 18 or changes position by a date that has come since `since` (not
/// included) is looked at again. Run once a day. Returns how many duties were made.
pub async fn day_begins(tx: &mut Tx, district: &District, since: Day) -> Result<i64> {
    let today = district.today(tx.now());
    let people = store::dates_come(tx, since, today).await?;
    follow(tx, district, Changes { people }).await
}

/// Closes an open duty, or changes how a closed one stands (a no that becomes a yes). The same answer again changes nothing.
///
/// # Errors
/// `Conflict` when the duty has ended: the person left, or a newer version asks again.
pub async fn close(tx: &mut Tx, district: &District, id: ObligationId, how: Closing) -> Result<()> {
    let today = district.today(tx.now());
    let Some(duty) = store::live_duty(tx, id).await? else {
        return Err(Problem::conflict(
            "this is no longer asked: a newer version may have taken its place. Your task list shows what is open.",
        ));
    };
    let reason = if let Closing::Exempt(reason) = &how { Some(reason.as_str()) } else { None };
    let (state, cell) = (how.state(), duty.cell());
    if duty.state == state {
        return Ok(());
    }
    let mut tally = Tally::default();
    tally.add(duty.requirement_id, &cell, duty.state, -1);
    tally.add(duty.requirement_id, &cell, state, 1);
    if duty.state == State::Open {
        if !store::close(tx, id, state, today, reason).await? {
            return Err(Problem::conflict("somebody answered this a moment ago: load the page again to see it"));
        }
    } else {
        store::end(tx, today, &[(id, "changed")]).await?;
        store::insert_duties(tx, &[Duty { state, opened: today, closed: Some(today), reason: reason.map(str::to_owned), ..duty.clone() }])
            .await?;
    }
    tally.write(tx, today, duty.person_id.0).await
}

/// Somebody completed a course: every open duty of theirs for that version is fulfilled.
pub async fn complete(tx: &mut Tx, district: &District, person: PersonId, course_version: i64) -> Result<()> {
    for id in store::open_course_duties(tx, person, course_version).await? {
        close(tx, district, id, Closing::Fulfilled).await?;
    }
    Ok(())
}

/// One guardian has agreed for a child: the school needs no second answer, so the other guardians' open duties for the same
/// child and requirement are closed as exempt.
pub async fn one_guardian_is_enough(tx: &mut Tx, district: &District, id: ObligationId) -> Result<()> {
    for other in store::other_guardians_open(tx, id).await? {
        close(tx, district, other, Closing::Exempt(ANOTHER_GUARDIAN.into())).await?;
    }
    Ok(())
}

/// Grants an exemption with its reason. For directors.
pub async fn exempt(tx: &mut Tx, actor: &crate::kernel::Actor, district: &District, id: ObligationId, reason: &str) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    if reason.trim().is_empty() {
        return Err(Problem::invalid("reason", "Say why this person is exempt: it stands beside the figure."));
    }
    close(tx, district, id, Closing::Exempt(reason.trim().to_owned())).await?;
    crate::audit::record(tx, actor, "obligation.exempted", &id.0.to_string(), serde_json::json!({ "reason": reason.trim() })).await
}
