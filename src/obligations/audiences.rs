//! What a change of an audience means for requirements: whom it would bring and let go, before it is done, and the doing. For
//! directors; anybody else learns nothing.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::causes::{self, Cause, CauseKind, Line};
use super::requirements::{Requirement, RequirementState};
use super::{duties, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Problem, Result};
use crate::roster::District;
use crate::roster::audience::{self, Rule};

/// What another audience would do to the duties under one requirement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Duties that would be made.
    pub come: i64,
    /// How many of these are answered already, by an earlier answer or by another guardian: nobody is asked for them again.
    pub answered: i64,
    /// Duties that would end.
    pub go: i64,
    /// Duties that stay.
    pub stay: i64,
}

/// What another audience would do to a requirement in force, today. Changes nothing.
///
/// # Errors
/// `NotFound` where there is no such requirement; `Conflict` when it is not in force.
pub async fn preview_change(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid, rule: &Rule) -> Result<Change> {
    let requirement = find(tx, actor, uid).await?;
    if requirement.state != RequirementState::Issued {
        return Err(not_in_force());
    }
    let today = district.today(tx.now());
    duties::difference(tx, &requirement, rule, today).await
}

/// Gives a requirement another audience: whoever comes to it is asked today, the duties of whoever it names no more end, answers stay.
/// One that nobody has been asked for yet only changes its rule. Returns how many duties were made.
///
/// # Errors
/// `NotFound` where there is no such requirement; `Invalid` for a rule that names what isn't there; `Conflict` when it is in force no
/// more.
pub async fn change_audience(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid, rule: &Rule) -> Result<i64> {
    let mut requirement = find(tx, actor, uid).await?;
    if !matches!(requirement.state, RequirementState::Saved | RequirementState::Issued) {
        return Err(not_in_force());
    }
    audience::check(tx, rule).await?;
    store::set_audience(tx, requirement.id, rule).await?;
    let before = std::mem::replace(&mut requirement.audience, rule.clone());
    let today = district.today(tx.now());
    let made = match requirement.state {
        RequirementState::Issued => {
            let report = causes::begin(tx, actor, today, &Cause::of(CauseKind::Requirement, uid)).await?;
            let outcome = duties::settle(tx, &requirement, today, None, Some(report)).await?;
            causes::finish(tx, report, vec![Line::of(&requirement, outcome)]).await?.map_or(0, |told| told.made())
        }
        _ => 0,
    };
    let detail = serde_json::json!({ "before": before, "after": rule, "asked": made });
    audit::record(tx, actor, "requirement.audience_changed", &uid.to_string(), detail).await?;
    Ok(made)
}

/// What another rule of a saved audience would do to each requirement in force that names it. Changes nothing.
pub async fn preview_audience_change(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    audience: Uuid,
    rule: &Rule,
) -> Result<Vec<(Requirement, Change)>> {
    director(actor)?;
    let today = district.today(tx.now());
    let written = HashMap::from([(audience, rule.clone())]);
    let mut changes = Vec::new();
    for requirement in naming(tx, audience).await? {
        let change = duties::difference(tx, &requirement, &requirement.audience.written_out(&written), today).await?;
        changes.push((requirement, change));
    }
    Ok(changes)
}

/// A saved audience has another rule: the duties of every requirement in force that names it follow. Returns how many were made.
pub async fn audience_changed(tx: &mut Tx, actor: &Actor, district: &District, audience: Uuid) -> Result<i64> {
    director(actor)?;
    let today = district.today(tx.now());
    let report = causes::begin(tx, actor, today, &Cause::of(CauseKind::Audience, audience)).await?;
    let mut lines = Vec::new();
    for requirement in naming(tx, audience).await? {
        let outcome = duties::settle(tx, &requirement, today, None, Some(report)).await?;
        lines.push(Line::of(&requirement, outcome));
    }
    Ok(causes::finish(tx, report, lines).await?.map_or(0, |told| told.made()))
}

async fn naming(tx: &mut Tx, audience: Uuid) -> Result<Vec<Requirement>> {
    Ok(store::issued(tx).await?.into_iter().filter(|r| r.audience.saved().contains(&audience)).collect())
}

async fn find(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Requirement> {
    director(actor)?;
    store::requirement(tx, uid).await?.ok_or(Problem::NotFound)
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

fn not_in_force() -> Problem {
    Problem::conflict("this requirement is in force no more: ask for it anew")
}
