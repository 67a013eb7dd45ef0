//! A figure divided twice, from the ledger alone: schools by grade, schools by role, roles by grade.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use uuid::Uuid;

use super::figures::{By, Counts, orgs};
use super::store;
use super::suppression::{self, Withheld};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Result};

/// What stands at an edge of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// What opens the people behind it: a school's uid, a role, a grade.
    pub key: String,
    /// A school's name; for a role or grade the same as the key.
    pub label: String,
}

/// One requirement's counts at the end of a day, divided twice.
#[derive(Debug, Clone, Serialize)]
pub struct Crossed {
    pub rows: Vec<Head>,
    pub columns: Vec<Head>,
    /// By row and column.
    pub cells: Vec<Vec<Counts>>,
}

impl Crossed {
    pub fn row_sum(&self, row: usize) -> Counts {
        self.cells[row].iter().fold(Counts::default(), |sum, counts| sum.plus(*counts))
    }

    pub fn column_sum(&self, column: usize) -> Counts {
        self.cells.iter().fold(Counts::default(), |sum, row| sum.plus(row[column]))
    }

    pub fn total(&self) -> Counts {
        (0..self.rows.len()).fold(Counts::default(), |sum, row| sum.plus(self.row_sum(row)))
    }

    /// What must be withheld from this reader: nothing from whoever may see the people themselves.
    pub fn withheld(&self, actor: &Actor) -> Withheld {
        if actor.may_see_people() {
            return Withheld::nothing(self.rows.len(), self.columns.len());
        }
        let sizes: Vec<Vec<i64>> = self.cells.iter().map(|row| row.iter().map(|counts| counts.people()).collect()).collect();
        suppression::withheld(&sizes)
    }
}

/// Which two divisions can be crossed: rows and columns.
pub const PAIRS: [(By, By); 3] = [(By::School, By::Grade), (By::School, By::Role), (By::Role, By::Grade)];

/// One requirement's counts at the end of `day`, divided by both, within the actor's reach. Schools stand by name, grades from the youngest on.
///
/// # Errors
/// `NotFound` for an actor without reach over orgs, and for two divisions that aren't one of [`PAIRS`].
pub async fn crossed(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, rows: By, columns: By) -> Result<Crossed> {
    let orgs = orgs(actor)?;
    if !PAIRS.contains(&(rows, columns)) {
        return Err(Problem::NotFound);
    }
    let found = store::crossing::counts(tx, requirement, day, orgs, rows, columns).await?;
    let schools: HashMap<String, Head> = if rows == By::School {
        let ids: Vec<i64> = found.iter().filter_map(|row| row.first.parse().ok()).collect();
        let named = store::crossing::schools(tx, &ids).await?;
        named.into_iter().map(|(id, uid, name)| (id.to_string(), Head { key: uid.to_string(), label: name })).collect()
    } else {
        HashMap::new()
    };
    let head = |key: &str| schools.get(key).cloned().unwrap_or_else(|| Head { key: key.to_owned(), label: key.to_owned() });
    let mut counts: BTreeMap<(String, String), Counts> = BTreeMap::new();
    for row in &found {
        counts.entry((row.first.clone(), row.second.clone())).or_default().add(&row.state, row.late, row.number);
    }
    counts.retain(|_, counts| *counts != Counts::default());
    let mut row_keys: Vec<String> = counts.keys().map(|(first, _)| first.clone()).collect();
    let mut column_keys: Vec<String> = counts.keys().map(|(_, second)| second.clone()).collect();
    row_keys.sort_by_cached_key(|key| (order(rows, &head(key).label), key.clone()));
    column_keys.sort_by_cached_key(|key| order(columns, key));
    row_keys.dedup();
    column_keys.dedup();
    let cell = |row: &String, column: &String| counts.get(&(row.clone(), column.clone())).copied().unwrap_or_default();
    Ok(Crossed {
        cells: row_keys.iter().map(|row| column_keys.iter().map(|column| cell(row, column)).collect()).collect(),
        rows: row_keys.iter().map(|key| head(key)).collect(),
        columns: column_keys.iter().map(|key| Head { key: key.clone(), label: key.clone() }).collect(),
    })
}

/// Grades stand from the youngest on, those without a grade last; everything else by name.
fn order(by: By, label: &str) -> (u8, String) {
    let place = match (by, label) {
        (By::Grade, "") => 3,
        (By::Grade, "KG") => 1,
        (By::Grade, other) if other.chars().all(|c| c.is_ascii_digit()) => 2,
        _ => 0,
    };
    (place, label.to_owned())
}
