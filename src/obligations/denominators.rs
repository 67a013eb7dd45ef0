//! Where a figure's numbers come from: who was asked from the beginning, who joined, who left and why, who is exempt and why. Unlike figures it
//! is counted from the duties, so that it takes longer the more people there are.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::{people, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, Page, Problem, Reach, Result};
use crate::obligations::State;
use crate::obligations::figures::Counts;

/// One requirement's people at the end of a day, and how they came to be those. `began` and `joined` less `gone` are those that it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Denominator {
    /// Asked when it was issued.
    pub began: i64,
    /// Asked since.
    pub joined: i64,
    /// Not any more, by reason: `left`, `moved` (to where the reader doesn't see), `not_named`, …
    pub gone: BTreeMap<String, i64>,
    pub counts: Counts,
    /// Why they are exempt, in the words of whoever exempted them.
    pub exempt: BTreeMap<String, i64>,
    /// Who hasn't answered, and was never told of it by a mail or a letter until then.
    pub never_told: i64,
}

impl Denominator {
    /// Whom the figure is about on that day.
    pub fn listed(&self) -> i64 {
        self.counts.people()
    }
}

/// Where the figure of a requirement at the end of `day` comes from, in the whole reach or one school of it. `end`: the first moment after that day.
///
/// # Errors
/// `NotFound` for whoever may not see people over whole schools.
pub async fn explain(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, end: Moment, school: Option<Uuid>) -> Result<Denominator> {
    let Reach::Orgs(orgs) = &actor.reach else { return Err(Problem::NotFound) };
    if !actor.may_see_people() {
        return Err(Problem::NotFound);
    }
    let mut found = Denominator::default();
    for row in store::denominators::rows(tx, requirement, day, orgs, school).await? {
        if row.came_later {
            found.joined += row.number;
        } else {
            found.began += row.number;
        }
        if !row.here {
            *found.gone.entry(row.why).or_default() += row.number;
            continue;
        }
        found.counts.add(&row.state, row.late, row.number);
        if row.state == State::Exempt.name() {
            *found.exempt.entry(row.why).or_default() += row.number;
        }
    }
    let untold = people::Filter { school, state: Some(State::Open), untold_before: Some(end), ..people::Filter::default() };
    let page = Page { number: 1, size: 1 };
    found.never_told = people::behind(tx, actor, requirement, day, &untold, page).await?.total;
    Ok(found)
}
