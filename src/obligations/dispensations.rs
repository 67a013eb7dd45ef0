//! What is granted to one person: more time, or an exemption; and what is taken back. Each with its reason and with who granted it, which
//! stand beside the figure for ever.

use serde::Serialize;
use uuid::Uuid;

use super::duties::{self, Closing, Duty};
use super::{State, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, ObligationId, Problem, Reach, Result, Role};
use crate::roster::District;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// One duty as it stands today, for whoever may see the person's record.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Standing {
    #[serde(skip)]
    pub id: ObligationId,
    pub requirement: Uuid,
    pub title: String,
    pub person_uid: Uuid,
    pub name: String,
    pub about_uid: Uuid,
    pub about_name: String,
    pub school: String,
    pub role: String,
    pub grade: String,
    /// The last day, grace not included.
    pub due: Day,
    pub grace_days: i64,
    pub state: State,
    pub closed: Option<Day>,
    pub reason: Option<String>,
    pub granted_by: Option<String>,
    pub extended_from: Option<Day>,
    pub variant: String,
    /// The day since which it is asked no more.
    pub ended: Option<Day>,
}

impl Standing {
    /// Past its last day, grace included, and still open.
    pub fn is_late(&self, today: Day) -> bool {
        self.ended.is_none() && self.state == State::Open && self.due.plus(self.grace_days) < today
    }
}

/// One row of a duty's history.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Step {
    pub opened: Day,
    pub state: State,
    pub school: String,
    pub grade: String,
    /// Grace not included.
    pub due: Day,
    pub closed: Option<Day>,
    pub reason: Option<String>,
    pub granted_by: Option<String>,
    pub ended: Option<Day>,
    pub end_reason: Option<String>,
    /// What made the row, where a change did.
    pub opened_by: Option<Uuid>,
    /// What ended it.
    pub ended_by: Option<Uuid>,
}

/// A duty of somebody within the actor's reach, as it stands today or last stood.
///
/// # Errors
/// `NotFound` where there is none, or outside the actor's reach, or for an actor who may not see people's records.
pub async fn standing(tx: &mut Tx, actor: &Actor, requirement: Uuid, person: Uuid, about: Uuid) -> Result<Standing> {
    if !actor.may_see_people() {
        return Err(Problem::NotFound);
    }
    store::standing(tx, actor, requirement, person, about).await?.ok_or(Problem::NotFound)
}

/// Everything that happened to a duty that the caller has found within reach, the latest first.
pub async fn history(tx: &mut Tx, duty: &Standing) -> Result<Vec<Step>> {
    store::history(tx, duty.id).await
}

/// Whether the actor may grant something to people within reach: directors, and leaders of their schools.
pub fn may_grant(actor: &Actor) -> bool {
    actor.is_director() || (actor.has(Role::SchoolLeader) && matches!(actor.reach, Reach::Orgs(_)))
}

/// Not asked of this person, for a reason that is shown wherever the figure is explained.
///
/// # Errors
/// `NotFound` for whoever may not grant it; `Invalid` without a reason; `Conflict` when the duty has ended.
pub async fn exempt(tx: &mut Tx, actor: &Actor, district: &District, duty: &Standing, reason: &str) -> Result<()> {
    let reason = granted(actor, reason, "Say why this person is exempt: it stands beside the figure.")?;
    duties::close_as(tx, district, duty.id, Closing::Exempt(reason.clone()), Some(&actor.name)).await?;
    record(tx, actor, "obligation.exempted", duty, serde_json::json!({ "reason": reason })).await
}

/// More time for one person: until that day, grace not included.
///
/// # Errors
/// `NotFound` for whoever may not grant it; `Invalid` without a reason, or for a day that is past or not later than the last day there is;
/// `Conflict` when it has been answered or has ended.
pub async fn extend(tx: &mut Tx, actor: &Actor, district: &District, duty: &Standing, until: Day, reason: &str) -> Result<()> {
    let reason = granted(actor, reason, "Say why there is more time: it stands beside the duty.")?;
    let today = district.today(tx.now());
    if until < today || until <= duty.due {
        let text = format!("Choose a day after {}, and not a past one.", duty.due.max(today.plus(-1)));
        return Err(Problem::invalid("until", text));
    }
    let current = duties::live(tx, duty.id).await?;
    if current.state != State::Open {
        return Err(Problem::conflict("this has been answered: there is nothing to extend"));
    }
    let new = Duty {
        due: until.plus(duty.grace_days),
        reason: Some(reason.clone()),
        granted_by: Some(actor.name.clone()),
        extended_from: Some(current.extended_from.unwrap_or(current.due)),
        ..current.clone()
    };
    duties::replace(tx, today, &current, "extended", new).await?;
    record(tx, actor, "obligation.extended", duty, serde_json::json!({ "until": until, "reason": reason })).await
}

/// Takes an exemption back: the person is asked again, with at least the days of a newcomer from today.
///
/// # Errors
/// `NotFound` for whoever may not grant it; `Invalid` without a reason; `Conflict` when the duty isn't exempt, or has ended.
pub async fn ask_after_all(tx: &mut Tx, actor: &Actor, district: &District, duty: &Standing, reason: &str) -> Result<()> {
    let reason = granted(actor, reason, "Say why this person is asked after all.")?;
    let today = district.today(tx.now());
    let current = duties::live(tx, duty.id).await?;
    if current.state != State::Exempt {
        return Err(Problem::conflict("this person isn't exempt: load the page again to see how it stands"));
    }
    let days = store::join_days(tx, current.requirement_id).await?;
    let new = Duty {
        state: State::Open,
        closed: None,
        due: current.due.max(today.plus(days + duty.grace_days)),
        reason: Some(reason.clone()),
        granted_by: Some(actor.name.clone()),
        ..current.clone()
    };
    duties::replace(tx, today, &current, "changed", new).await?;
    record(tx, actor, "obligation.asked_after_all", duty, serde_json::json!({ "reason": reason })).await
}

fn granted(actor: &Actor, reason: &str, empty: &str) -> Result<String> {
    if !may_grant(actor) {
        return Err(Problem::NotFound);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Problem::invalid("reason", empty));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Err(Problem::invalid("reason", format!("This is longer than {LONGEST_REASON} characters: shorten it.")));
    }
    Ok(reason.to_owned())
}

async fn record(tx: &mut Tx, actor: &Actor, action: &str, duty: &Standing, detail: serde_json::Value) -> Result<()> {
    let subject = format!("{}/{}/{}", duty.requirement, duty.person_uid, duty.about_uid);
    audit::record(tx, actor, action, &subject, detail).await
}
