//! Who is guardian of whom: `agentSourcedIds` may stand on either side of the relation, so both directions are read and united. A
//! delta file only adds: it can't say what the other side still holds; the next bulk file settles that.

use std::collections::HashSet;

use super::known::{GUARDIAN, Kind, LEFT, STUDENT};
use super::manifest::Mode;
use super::report::Place;
use super::store;
use super::work::Work;
use crate::db::Tx;
use crate::kernel::Result;

/// Who names whom, by key.
#[derive(Debug, Default)]
pub struct Pairs(Vec<(u64, u64, i64)>);

impl Pairs {
    pub fn add(&mut self, user: u64, row: i64, agents: impl Iterator<Item = u64>) {
        self.0.extend(agents.map(|agent| (user, agent, row)));
    }
}

#[derive(serde::Serialize)]
pub struct PairRow {
    pub guardian: i64,
    pub child: i64,
}

pub async fn import(work: &mut Work<'_>, tx: &mut Tx, pairs: Pairs) -> Result<()> {
    let mode = work.manifest.mode(Kind::User);
    if mode == Mode::Absent {
        return Ok(());
    }
    let (mut unknown, mut unclear) = ((0, 0), (0, 0));
    let mut wanted: HashSet<(i64, i64)> = HashSet::new();
    for (user, agent, row) in pairs.0 {
        let here = work.known(Kind::User).get(user).filter(|e| !e.is(LEFT));
        let Some(here) = here else { continue };
        let Some(there) = work.known(Kind::User).get(agent).filter(|e| !e.is(LEFT)) else {
            // A guardian whose own row was rejected is explained there.
            if work.findings.cause_of(Kind::User, agent).is_none() {
                note(&mut unknown, row);
            }
            continue;
        };
        if here.row() == there.row() {
            note(&mut unclear, row);
        } else if here.is(STUDENT) && there.is(GUARDIAN) {
            wanted.insert((there.row(), here.row()));
        } else if here.is(GUARDIAN) && there.is(STUDENT) {
            wanted.insert((here.row(), there.row()));
        } else {
            note(&mut unclear, row);
        }
    }
    say(work, unknown, "name people who are not in users.csv", "add them to users.csv, or take their sourcedIds away");
    say(
        work,
        unclear,
        "don't join a student and a guardian; nobody became a guardian by them",
        "give the guardian the role guardian, parent or relative",
    );

    let held: HashSet<(i64, i64)> = store::guardianships(tx).await?.into_iter().collect();
    let rows = |pairs: Vec<(i64, i64)>| pairs.into_iter().map(|(guardian, child)| PairRow { guardian, child }).collect::<Vec<_>>();
    let mut added: Vec<(i64, i64)> = wanted.difference(&held).copied().collect();
    let mut ended: Vec<(i64, i64)> = if mode == Mode::Bulk { held.difference(&wanted).copied().collect() } else { Vec::new() };
    added.sort_unstable();
    ended.sort_unstable();
    let counts = work.counts.entry("guardianships").or_default();
    counts.read = wanted.len() as u64;
    counts.added = added.len() as u64;
    counts.left = ended.len() as u64;
    counts.unchanged = (wanted.len() - added.len()) as u64;
    work.changed.extend(added.iter().chain(&ended).flat_map(|(guardian, child)| [*guardian, *child]));
    if !work.wish.dry_run {
        store::guardianships_end(tx, &rows(ended), work.today).await?;
        store::guardianships_begin(tx, &rows(added)).await?;
    }
    Ok(())
}

fn note(so_far: &mut (u64, i64), row: i64) {
    so_far.0 += 1;
    if so_far.1 == 0 {
        so_far.1 = row;
    }
}

fn say(work: &mut Work<'_>, (count, row): (u64, i64), wrong: &str, remedy: &str) {
    if count > 0 {
        let place = Place { file: "users", row, source_id: "" };
        let wrong = format!("{count} entries of this column {wrong}; the first is in this row");
        work.findings.warning(place, "agentSourcedIds", "", wrong, remedy);
    }
}
