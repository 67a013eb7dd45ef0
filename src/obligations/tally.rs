//! The ledger of counts. Figures never scan obligations: each change of state writes -1 for the cell it leaves and +1 for the cell
//! it enters, on its day, and a bulk change writes one row a cell. The figure as of a day is the sum up to it.

use std::collections::HashMap;

use serde::Serialize;

use super::{State, store};
use crate::db::Tx;
use crate::kernel::{Day, OrgId, RequirementId, Result};

/// Where a duty counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Cell {
    pub school: OrgId,
    pub role: String,
    /// '' where there is none.
    pub grade: String,
    pub due: Day,
}

/// Changes gathered in memory, written with one row a cell.
#[derive(Debug, Default)]
pub struct Tally(HashMap<(RequirementId, Cell, State), i64>);

/// How many rows one cell may have on one day, so that writers who meet in it needn't wait for each other.
const SLOTS: i64 = 8;

impl Tally {
    pub fn add(&mut self, requirement: RequirementId, cell: Cell, state: State, change: i64) {
        *self.0.entry((requirement, cell, state)).or_default() += change;
    }

    /// Writes what was gathered, on that day. `spread` is any number that differs between writers, such as the person's key.
    pub async fn write(self, tx: &mut Tx, day: Day, spread: i64) -> Result<()> {
        let mut rows: Vec<store::TallyRow> = self
            .0
            .into_iter()
            .filter(|(_, change)| *change != 0)
            .map(|((requirement, cell, state), change)| store::TallyRow {
                requirement,
                school: cell.school,
                role: cell.role,
                grade: cell.grade,
                due: cell.due,
                state: state.name(),
                change,
            })
            .collect();
        // The same order in every writer, so that two on PostgreSQL never wait for each other in a circle.
        rows.sort_by(|a, b| {
            (a.requirement, a.school, &a.role, &a.grade, a.due, a.state).cmp(&(b.requirement, b.school, &b.role, &b.grade, b.due, b.state))
        });
        store::add_tally(tx, day, spread.rem_euclid(SLOTS), &rows).await
    }
}
