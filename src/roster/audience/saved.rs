//! Saved audiences: a rule with a name, to be used again. A requirement that names one follows its changes. For directors; anybody
//! else learns nothing.

use serde::Serialize;
use uuid::Uuid;

use super::{Rule, check, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Moment, Problem, Result};

/// An audience with a name.
#[derive(Debug, Clone, Serialize)]
pub struct SavedAudience {
    pub uid: Uuid,
    pub name: String,
    pub rule: Rule,
    /// Since when it is offered no more; requirements that name it keep it.
    pub retired_at: Option<Moment>,
    pub changed_at: Moment,
}

/// Which saved audience has another rule now.
#[must_use = "duties follow the audience: hand this to obligations::requirements::audience_changed in the same transaction"]
#[derive(Debug)]
pub struct Changed {
    pub uid: Uuid,
}

/// All saved audiences by name, those that were retired last.
pub async fn list(tx: &mut Tx, actor: &Actor) -> Result<Vec<SavedAudience>> {
    director(actor)?;
    store::all_saved(tx).await?.into_iter().map(store::SavedRow::into_audience).collect()
}

/// One saved audience.
///
/// # Errors
/// `NotFound` where there is none.
pub async fn get(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<SavedAudience> {
    director(actor)?;
    store::saved(tx, uid).await?.ok_or(Problem::NotFound)?.into_audience()
}

/// Saves a rule under a name.
///
/// # Errors
/// `Invalid` (fields `name`, `audience`) for a name that is empty, long or taken, a rule that names another saved audience, or one that
/// names what isn't there.
pub async fn create(tx: &mut Tx, actor: &Actor, name: &str, rule: &Rule) -> Result<SavedAudience> {
    director(actor)?;
    let name = check_both(tx, name, rule, None).await?;
    let uid = tx.uid();
    let account = Some(actor.account).filter(|a| a.0 != 0);
    store::insert_saved(tx, uid, name, &rule.to_json()?, account).await?;
    audit::record(tx, actor, "audience.saved", &uid.to_string(), serde_json::json!({ "name": name, "rule": rule })).await?;
    get(tx, actor, uid).await
}

/// Changes name or rule. The caller hands the answer to `obligations::requirements::audience_changed` in the same transaction.
///
/// # Errors
/// As [`create`]; `Conflict` for one that was retired.
pub async fn change(tx: &mut Tx, actor: &Actor, uid: Uuid, name: &str, rule: &Rule) -> Result<Changed> {
    let before = get(tx, actor, uid).await?;
    if before.retired_at.is_some() {
        return Err(Problem::conflict("this audience was retired: save a new one instead"));
    }
    let name = check_both(tx, name, rule, Some(uid)).await?;
    store::update_saved(tx, uid, name, &rule.to_json()?).await?;
    let detail = serde_json::json!({ "name": name, "rule": rule, "name_before": before.name, "rule_before": before.rule });
    audit::record(tx, actor, "audience.changed", &uid.to_string(), detail).await?;
    Ok(Changed { uid })
}

/// Offers it no more. Requirements that name it keep it, and nobody's duty changes.
///
/// # Errors
/// `Conflict` where it was retired before.
pub async fn retire(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    let audience = get(tx, actor, uid).await?;
    if !store::retire_saved(tx, uid).await? {
        return Err(Problem::conflict("this audience was retired before"));
    }
    audit::record(tx, actor, "audience.retired", &uid.to_string(), serde_json::json!({ "name": audience.name })).await
}

async fn check_both<'a>(tx: &mut Tx, name: &'a str, rule: &Rule, own: Option<Uuid>) -> Result<&'a str> {
    let name = name.trim();
    let mut checks = Checks::default();
    checks.require(!name.is_empty(), "name", "Give the audience a name, for example “Middle school staff”.");
    let plain = name.chars().count() <= 100 && !name.chars().any(char::is_control);
    checks.require(plain, "name", "A name is one line of at most 100 characters.");
    let taken = store::saved_named(tx, name).await?.is_some_and(|uid| Some(uid) != own);
    checks.require(!taken, "name", "Another saved audience has this name: choose another name.");
    let nested = !rule.saved().is_empty();
    checks.require(!nested, "audience", "A saved audience can't be made of another saved one: say who is meant instead.");
    checks.done()?;
    check(tx, rule).await?;
    Ok(name)
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}
