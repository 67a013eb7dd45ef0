//! Which kinds of notices there are for whom, and who may turn which off. What the law or somebody's safety needs can't be turned off.

use super::store;
use crate::audit;
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Problem, Result};
use crate::queue::Kind;

/// What can be decided about a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub kind: Kind,
    /// The district may turn it off.
    pub district: bool,
    /// Each person may, for themselves.
    pub oneself: bool,
    /// Also on quiet days and at any hour: somebody waits for it.
    pub at_once: bool,
}

impl Rule {
    #[allow(clippy::match_same_arms)] // each kind stands with its own reason
    pub fn of(kind: Kind) -> Self {
        let rule = |district, oneself, at_once| Self { kind, district, oneself, at_once };
        match kind {
            // Nobody is bound by what they were never told of.
            Kind::DutyNew => rule(false, false, false),
            Kind::DutyDue | Kind::DutyLate | Kind::DutyLeaders => rule(true, false, false),
            Kind::CommentAnswered | Kind::ReviewDue | Kind::ViewWeekly => rule(true, true, false),
            // A child must not be given what the family has said no to.
            Kind::AnswerNo => rule(false, false, false),
            // A wrong roster binds the wrong people.
            Kind::ImportHeld => rule(false, true, true),
            Kind::LinkWanted => rule(false, false, true),
            // Whoever asked has a right to the reason, and waits for it.
            Kind::RequestDecided => rule(false, false, true),
            // It may be about a crisis.
            Kind::RequestWaiting => rule(false, false, true),
            // Whoever asked for a file waits for it; nobody else is told.
            Kind::ExportReady => rule(false, true, true),
        }
    }

    pub fn all() -> [Self; Kind::ALL.len()] {
        Kind::ALL.map(Self::of)
    }
}

/// The kinds that the whole district has turned off.
pub async fn off(tx: &mut Tx) -> Result<Vec<Kind>> {
    store::off(tx, AccountId(0)).await
}

/// The kinds that somebody has turned off for themselves.
pub async fn off_for(tx: &mut Tx, actor: &Actor) -> Result<Vec<Kind>> {
    store::off(tx, actor.account).await
}

/// Turns these kinds off in the whole district, and all others on. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` for a kind that can't be turned off.
pub async fn turn_off(tx: &mut Tx, actor: &Actor, kinds: &[Kind]) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    may(kinds, |rule| rule.district)?;
    store::set_off(tx, AccountId(0), kinds).await?;
    audit::record(tx, actor, "notices.off", "", kinds).await
}

/// Turns these kinds off for oneself, and all others on.
///
/// # Errors
/// `Invalid` for a kind that can't be turned off; `NotFound` for whoever has no account.
pub async fn turn_off_for_oneself(tx: &mut Tx, actor: &Actor, kinds: &[Kind]) -> Result<()> {
    if actor.account.0 == 0 {
        return Err(Problem::NotFound);
    }
    may(kinds, |rule| rule.oneself)?;
    store::set_off(tx, actor.account, kinds).await
}

fn may(kinds: &[Kind], rule: impl Fn(Rule) -> bool) -> Result<()> {
    match kinds.iter().find(|kind| !rule(Rule::of(**kind))) {
        None => Ok(()),
        Some(kind) => Err(Problem::invalid("off", format!("“{}” can't be turned off: people have to hear of it", kind.name()))),
    }
}
