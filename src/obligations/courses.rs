//! Duties to take a course, as lessons that are given to a class touch them.

use std::collections::HashMap;

use super::State;
use super::duties::{self, Duty};
use super::store::courses as store;
use crate::db::Tx;
use crate::kernel::{PersonId, Result};
use crate::roster::District;

/// How each of these people stands with that version today; who isn't asked for it is left out. Whoever still owes it under one requirement
/// counts as owing it.
pub async fn standing(tx: &mut Tx, course_version: i64, people: &[PersonId]) -> Result<HashMap<PersonId, State>> {
    let mut standing = HashMap::new();
    for (person, state) in store::standing(tx, course_version, people).await? {
        standing
            .entry(person)
            .and_modify(|known| {
                if state == State::Open {
                    *known = state;
                }
            })
            .or_insert(state);
    }
    Ok(standing)
}

/// Somebody hasn't completed a course after all: what was fulfilled by it is asked again.
pub async fn ask_again(tx: &mut Tx, district: &District, person: PersonId, course_version: i64) -> Result<()> {
    let today = district.today(tx.now());
    let ids = store::fulfilled(tx, person, course_version).await?;
    for old in duties::live_all(tx, &ids).await? {
        let open = Duty { state: State::Open, closed: None, reason: None, granted_by: None, ..old.clone() };
        duties::replace(tx, today, &old, "changed", open).await?;
    }
    Ok(())
}
