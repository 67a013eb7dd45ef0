//! Views of the audit that somebody saved: what of, divided by what. They are the person's own; what they show is within reach on the day they
//! are looked at.

use serde::Serialize;
use uuid::Uuid;

use super::figures::{self, By, Counts};
use super::store::views as store;
use super::{requirements, store as rows};
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Day, Problem, Result};

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 80;
/// So many can be saved.
pub const MOST: usize = 30;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    pub uid: Uuid,
    pub name: String,
    /// The requirement's uid.
    pub requirement: Uuid,
    pub by: By,
    /// In the week's first mail.
    pub weekly: bool,
}

impl View {
    /// The page that shows it, as of the day it is opened.
    pub fn path(&self) -> String {
        format!("/audit?requirement={}&by={}", self.requirement, self.by.name())
    }
}

/// Saves a view for oneself. For whoever may see figures.
///
/// # Errors
/// `NotFound` for others, and where the requirement isn't within reach; `Invalid` (`name`); `Conflict` for more than 30.
pub async fn save(tx: &mut Tx, actor: &Actor, name: &str, requirement: Uuid, by: By, weekly: bool) -> Result<View> {
    let name = name.trim();
    let mut checks = Checks::default();
    checks.require(!name.is_empty(), "name", "Give the view a name, so that you find it again.");
    checks.require(name.chars().count() <= LONGEST_NAME, "name", "This name is longer than 80 characters: shorten it.");
    checks.done()?;
    if !actor.may_audit() || actor.account.0 == 0 {
        return Err(Problem::NotFound);
    }
    let requirement = requirements::get(tx, actor, requirement).await?;
    if of(tx, actor).await?.len() >= MOST {
        return Err(Problem::conflict("You have saved 30 views already: remove one that you no longer look at."));
    }
    let view = View { uid: tx.uid(), name: name.to_owned(), requirement: requirement.uid, by, weekly };
    store::insert(tx, actor.account, requirement.id, &view).await?;
    Ok(view)
}

/// One's own views, the oldest first.
pub async fn of(tx: &mut Tx, actor: &Actor) -> Result<Vec<View>> {
    store::of(tx, actor.account).await
}

/// Takes one's own view away.
///
/// # Errors
/// `NotFound` for anybody else's.
pub async fn remove(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    if store::remove(tx, actor.account, uid).await? { Ok(()) } else { Err(Problem::NotFound) }
}

/// All views that come by mail each week, with whose they are.
pub async fn weekly(tx: &mut Tx) -> Result<Vec<(Uuid, AccountId)>> {
    store::weekly(tx).await
}

/// A view and whose it is; `None` once it was removed.
pub async fn owned(tx: &mut Tx, uid: Uuid) -> Result<Option<(View, AccountId)>> {
    store::owned(tx, uid).await
}

/// What the view shows on that day; `None` where nobody is asked, or too few to be shown to this reader.
pub async fn total(tx: &mut Tx, actor: &Actor, view: &View, day: Day) -> Result<Option<Counts>> {
    if !actor.may_audit() || rows::requirement(tx, view.requirement).await?.is_none() {
        return Ok(None);
    }
    let counts = figures::total(tx, actor, view.requirement, day).await?;
    let few = counts.asked() + counts.exempt < figures::SMALLEST_SHOWN && !actor.may_see_people();
    Ok((counts.asked() > 0 && !few).then_some(counts))
}
