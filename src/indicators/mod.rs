//! Where the district stands on standard 5 of the technology director profile: each criterion measured from the records of that
//! day, with its exact numbers, its level, and what would raise it. It reads everything and changes nothing; a level is a fact
//! about the evidence and never a verdict on the law.

mod measures;
mod rules;
pub mod standard;
mod store;

pub use measures::Record;
pub use rules::{FEWEST, Part, Raise, Share, Standing};
pub use standard::{Criterion, Indicator, Standard, Threshold, Unit, standard};

use serde::Serialize;

use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Reach, Result, Role};
use crate::roster::District;

/// One criterion as the records show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measurement {
    /// `5b-4`; its words and thresholds are in [`standard()`].
    pub criterion: String,
    pub indicator: String,
    /// The version of the formula that was used.
    pub formula: i64,
    pub unit: Unit,
    pub standing: Standing,
    /// The exact value; of a criterion with parts, that of the part which decides the level. `None` unless measured.
    pub value: Option<Share>,
    /// 1 to 4; `None` where there is no data or too few people, which is never level 1.
    pub level: Option<u8>,
    /// The one value, or the groups that are measured apart.
    pub parts: Vec<Part>,
    /// What would raise it to the next level; `None` at level 4 and where there is no level.
    pub raise: Option<Raise>,
    /// The page with the records behind it.
    pub path: Option<String>,
    /// The records behind it, one by one: versions, policies, requirements, topics.
    pub records: Vec<Record>,
}

impl Measurement {
    /// Its words and thresholds.
    pub fn words(&self) -> Result<&'static Criterion> {
        standard()?.criterion(&self.criterion).ok_or(Problem::NotFound)
    }
}

/// Measures all 24 criteria at the end of `day`, in the standard's order.
///
/// # Errors
/// `NotFound` for whoever reaches neither the whole district (director, board member, auditor) nor leads a school; a school leader
/// sees the district's figures, which name nobody.
pub async fn measure(tx: &mut Tx, actor: &Actor, district: &District, day: Day) -> Result<Vec<Measurement>> {
    may_see(actor, district)?;
    let mut all = Vec::new();
    for criterion in &standard()?.criteria {
        all.push(measures::of(tx, actor, district, day, criterion).await?);
    }
    Ok(all)
}

/// Measures one criterion.
///
/// # Errors
/// As [`measure`]; `NotFound` too for a criterion that the standard doesn't have.
pub async fn measure_one(tx: &mut Tx, actor: &Actor, district: &District, day: Day, id: &str) -> Result<Measurement> {
    may_see(actor, district)?;
    let criterion = standard()?.criterion(id).ok_or(Problem::NotFound)?;
    measures::of(tx, actor, district, day, criterion).await
}

/// An indicator's level: the lowest of its measured criteria; `None` until at least half of its criteria are measured, for one of six says
/// little of the whole.
pub fn level_of(measurements: &[Measurement], indicator: &str) -> Option<u8> {
    rules::of_indicator(measurements.iter().filter(|m| m.indicator == indicator).map(|m| m.level))
}

fn may_see(actor: &Actor, district: &District) -> Result<()> {
    let Reach::Orgs(orgs) = &actor.reach else { return Err(Problem::NotFound) };
    let whole = orgs.contains(&district.root) && [Role::Director, Role::BoardMember, Role::Auditor].into_iter().any(|r| actor.has(r));
    if whole || actor.has(Role::SchoolLeader) { Ok(()) } else { Err(Problem::NotFound) }
}
