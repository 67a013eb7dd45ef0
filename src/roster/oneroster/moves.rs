//! What an import changes, seen from outside: the difference by school, who would leave, and whether that is so much that a person must
//! look at it first. Knows nothing of how records are read.

use std::collections::{BTreeMap, HashMap};

use super::known::Kind;
use super::manifest::Mode;
use super::report::{Alarm, Hold, Leaver, Moved, SchoolDifference};
use super::store;
use super::work::Work;
use crate::db::Tx;
use crate::kernel::Result;

/// So few are never held.
const FEW: usize = 20;
/// Of the list of who would leave, so many are kept; the full number is said.
pub const LEAVERS: usize = 5_000;
/// In the order in which a person wants to see them.
const KINDS: [Kind; 7] = [Kind::Org, Kind::User, Kind::Class, Kind::Course, Kind::Role, Kind::Session, Kind::Enrollment];

/// In which way a record differs from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Added,
    Changed,
    Left,
    Returned,
}

/// Differences by type and place. A place is an org's row; of an org itself, whose row may not be known yet, its key; of an enrollment
/// its class, which is turned into a school at the end.
#[derive(Debug, Default)]
pub struct Moves(HashMap<(Kind, i64), Moved>);

impl Moves {
    pub fn add(&mut self, kind: Kind, place: i64, how: Move, number: u64) {
        let moved = self.0.entry((kind, place)).or_default();
        match how {
            Move::Added => moved.added += number,
            Move::Changed => moved.changed += number,
            Move::Left => moved.left += number,
            Move::Returned => moved.returned += number,
        }
    }

    pub fn take_back(&mut self, kind: Kind, place: i64) {
        if let Some(moved) = self.0.get_mut(&(kind, place)) {
            moved.added = moved.added.saturating_sub(1);
        }
    }
}

/// The difference by school, by name. What belongs to no school (guardians, terms) stands under the district.
pub async fn by_school(work: &mut Work<'_>, tx: &mut Tx) -> Result<Vec<SchoolDifference>> {
    let moves = std::mem::take(&mut work.moves).0;
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    let mut names: HashMap<i64, String> = store::org_names(tx).await?.into_iter().collect();
    names.extend(std::mem::take(&mut work.new_orgs));
    let mut schools: HashMap<i64, i64> = HashMap::new();
    if moves.keys().any(|(kind, place)| *kind == Kind::Enrollment && *place != 0) {
        schools = store::section_schools(tx).await?.into_iter().collect();
        schools.extend(std::mem::take(&mut work.new_sections));
    }
    let root = work.district.root.0;
    let mut all: BTreeMap<String, BTreeMap<String, Moved>> = BTreeMap::new();
    for ((kind, place), moved) in moves {
        if moved == Moved::default() {
            continue;
        }
        let org = match kind {
            Kind::Org => work.known(Kind::Org).get(place.cast_unsigned()).map(super::known::Entry::row),
            Kind::Enrollment => schools.get(&place).copied(),
            _ => Some(place),
        };
        let org = org.filter(|org| names.contains_key(org)).unwrap_or(root);
        let name = names.get(&org).unwrap_or(&work.district.name).clone();
        let sum = all.entry(name).or_default().entry(kind.file().to_owned()).or_default();
        sum.added += moved.added;
        sum.changed += moved.changed;
        sum.left += moved.left;
        sum.returned += moved.returned;
    }
    Ok(all.into_iter().map(|(school, moved)| SchoolDifference { school, moved }).collect())
}

/// A source that failed half-way looks like mass deletion, one that was set up anew looks like mass change: types of which more than a
/// tenth would leave by a bulk file, or more than three quarters change (Clever's limits).
pub fn holds(work: &mut Work<'_>) -> Vec<Hold> {
    let mut holds = Vec::new();
    if work.wish.allow_leaving {
        return holds;
    }
    for kind in KINDS {
        let of = work.known(kind).active;
        let mut hold = |alarm, number: usize| {
            holds.push(Hold { kind: kind.file().to_owned(), alarm, number: number as u64, of: of as u64, school: None });
        };
        let leaving = work.leaving.get(kind.file()).copied().unwrap_or_default();
        if leaving >= FEW && leaving * 10 > of {
            hold(Alarm::Leaving, leaving);
        }
        let changing = usize::try_from(work.counts.get(kind.file()).map_or(0, |c| c.changed)).unwrap_or(usize::MAX);
        if changing >= FEW && changing.saturating_mul(4) > of.saturating_mul(3) {
            hold(Alarm::Changing, changing);
        }
    }
    holds
}

/// An export that broke off within one school is small beside a large district: schools of which more than a quarter of the people (and
/// at least 20) would leave by a bulk file.
pub async fn school_holds(work: &Work<'_>, tx: &mut Tx, schools: &[SchoolDifference]) -> Result<Vec<Hold>> {
    let left = |school: &SchoolDifference| school.moved.get(Kind::User.file()).copied().unwrap_or_default();
    if work.wish.allow_leaving || work.manifest.mode(Kind::User) != Mode::Bulk || schools.iter().all(|s| left(s).left < FEW as u64) {
        return Ok(Vec::new());
    }
    let now: HashMap<String, i64> = store::people_by_school(tx).await?.into_iter().collect();
    let mut holds = Vec::new();
    for school in schools {
        let (moved, Some(now)) = (left(school), now.get(&school.school)) else { continue };
        let now = u64::try_from(*now).unwrap_or(0);
        // A dry run has written nothing: the people are those of before.
        let of = if work.wish.dry_run { now } else { (now + moved.left).saturating_sub(moved.added + moved.returned) };
        if moved.left >= FEW as u64 && moved.left * 4 > of {
            let kind = Kind::User.file().to_owned();
            holds.push(Hold { kind, alarm: Alarm::School, number: moved.left, of, school: Some(school.school.clone()) });
        }
    }
    Ok(holds)
}

/// The holds in words, for commands and the log; pages word them in the reader's language.
pub fn told(holds: &[Hold]) -> Option<String> {
    if holds.is_empty() {
        return None;
    }
    let said: Vec<String> = holds
        .iter()
        .map(|hold| {
            let kind = match hold.kind.as_str() {
                "users" => "people",
                "orgs" => "schools and other bodies",
                "academicSessions" => "terms",
                "roles" => "positions",
                other => other,
            };
            let what = if hold.alarm == Alarm::Changing { "change" } else { "leave the roster" };
            let place = hold.school.as_ref().map(|school| format!(" of {school}")).unwrap_or_default();
            format!("{} of {} {kind}{place} would {what}", hold.number, hold.of)
        })
        .collect();
    Some(format!(
        "{}. That looks like an export that broke off or was set up anew, so nothing was changed. Look at who would leave, and release \
         the import if it is meant",
        said.join(", ")
    ))
}

/// Who and what would leave, the first [`LEAVERS`], in the order of [`KINDS`].
pub async fn leavers(work: &mut Work<'_>, tx: &mut Tx) -> Result<Vec<Leaver>> {
    let mut list = Vec::new();
    for kind in KINDS {
        let mut rows = work.leavers.remove(&kind).unwrap_or_default();
        rows.truncate(LEAVERS - list.len());
        if !rows.is_empty() {
            list.extend(store::leavers(tx, kind, &rows).await?);
        }
    }
    Ok(list)
}
