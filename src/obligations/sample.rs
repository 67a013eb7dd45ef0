//! A random sample of the people behind a figure that anybody can draw again. The rule: each person's rank is the SHA-256 of
//! `seed/person/about` (the two uids, lower case, as the list has them; the same twice where somebody answers for nobody else), written in
//! hexadecimal; of each stratum those with the lowest ranks are drawn. So the same seed gives the same people, in whatever order the list
//! comes, and who chooses the seed before looking can't choose the people.

use std::collections::{BTreeMap, BinaryHeap};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::people::Row;
use super::requirements::RequirementState;
use super::store::sample as store;
use super::{requirements, store as rows};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Day, Moment, ObligationId, Problem, Reach, RequirementId, Result, digest};

/// By what the people are parted before any are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stratum {
    /// Everybody is one.
    All,
    School,
    Role,
    Grade,
    /// `open`, `late`, `fulfilled`, `declined`, `exempt`.
    State,
}

impl Stratum {
    pub const ALL: [Self; 5] = [Self::All, Self::School, Self::Role, Self::Grade, Self::State];

    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::School => "school",
            Self::Role => "role",
            Self::Grade => "grade",
            Self::State => "state",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// What is to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The end of this day.
    pub day: Day,
    pub by: Stratum,
    /// Of each stratum at most so many.
    pub each: i64,
    /// Empty: taken from chance.
    pub seed: String,
}

/// The most that may be drawn of each stratum.
pub const MOST_EACH: i64 = 200;
/// The most people of one sample.
pub const MOST: usize = 5_000;
/// The longest seed, in characters.
pub const LONGEST_SEED: usize = 64;

/// One stratum of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// A school's name, a role, a grade, a state; empty for everybody.
    pub stratum: String,
    /// How many people it holds.
    pub holds: i64,
    pub drawn: i64,
}

/// A sample as it is kept.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    #[serde(skip)]
    pub(super) id: i64,
    pub uid: Uuid,
    pub requirement: Uuid,
    pub title: String,
    #[serde(flatten)]
    pub plan: Plan,
    pub parts: Vec<Part>,
    #[serde(skip)]
    pub account: Option<AccountId>,
    pub by_name: String,
    pub at: Moment,
}

/// Somebody who was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draw {
    /// From 1.
    pub number: i64,
    pub stratum: String,
    /// The hash by which it was drawn.
    pub rank: String,
    #[serde(skip)]
    pub duty: ObligationId,
}

/// Somebody who was drawn, as the reader may see them.
#[derive(Debug, Clone, Serialize)]
pub struct Member {
    #[serde(flatten)]
    pub draw: Draw,
    /// As of the sample's day.
    #[serde(flatten)]
    pub row: Row,
}

/// A sample that was drawn and isn't kept yet.
#[derive(Debug, Clone)]
pub struct Drawn {
    requirement: RequirementId,
    pub plan: Plan,
    pub parts: Vec<Part>,
    pub people: Vec<Draw>,
}

/// Where somebody stands in the order of their stratum: the lower, the sooner drawn.
pub fn rank(seed: &str, person: Uuid, about: Uuid) -> String {
    digest::sha256_hex(format!("{seed}/{person}/{about}"))
}

/// Whoever may draw: those who may see people over whole schools.
pub fn may(actor: &Actor) -> bool {
    matches!(actor.reach, Reach::Orgs(_)) && actor.may_see_people()
}

/// Draws a sample within the actor's reach. It only reads; [`keep`] writes it down.
///
/// # Errors
/// `NotFound` for whoever may not see people over whole schools, or where the requirement isn't there or was never issued; `Invalid` (`each`, `seed`)
/// for a plan that can't be followed.
pub async fn draw(tx: &mut Tx, actor: &Actor, requirement: Uuid, plan: Plan) -> Result<Drawn> {
    if !may(actor) {
        return Err(Problem::NotFound);
    }
    let found = requirements::get(tx, actor, requirement).await?;
    if found.state == RequirementState::Saved {
        return Err(Problem::NotFound);
    }
    let seed = plan.seed.trim().to_owned();
    let mut checks = Checks::default();
    checks.require((1..=MOST_EACH).contains(&plan.each), "each", "Draw between 1 and 200 people of each group.");
    checks.require(
        seed.chars().count() <= LONGEST_SEED && !seed.contains(char::is_control),
        "seed",
        "Give a seed of at most 64 letters and digits, or none.",
    );
    checks.done()?;
    let plan = Plan { seed: if seed.is_empty() { tx.chance().token()[..12].to_owned() } else { seed }, ..plan };
    let most = usize::try_from(plan.each).unwrap_or(0);
    // Of each stratum the lowest ranks so far; the highest of them on top.
    let mut strata: BTreeMap<String, (i64, BinaryHeap<(String, ObligationId)>)> = BTreeMap::new();
    rows::each_candidate(tx, actor, requirement, plan.day, |one| {
        let stratum = match plan.by {
            Stratum::All => String::new(),
            Stratum::School => one.school,
            Stratum::Role => one.role,
            Stratum::Grade => one.grade,
            Stratum::State if one.late => "late".into(),
            Stratum::State => one.state,
        };
        let (holds, lowest) = strata.entry(stratum).or_default();
        *holds += 1;
        let rank = rank(&plan.seed, one.person, one.about);
        if lowest.len() < most {
            lowest.push((rank, one.id));
        } else if lowest.peek().is_some_and(|(highest, _)| rank < *highest) {
            lowest.pop();
            lowest.push((rank, one.id));
        }
    })
    .await?;
    let (mut parts, mut people) = (Vec::new(), Vec::new());
    for (stratum, (holds, lowest)) in strata {
        let lowest = lowest.into_sorted_vec();
        parts.push(Part { stratum: stratum.clone(), holds, drawn: count(lowest.len()) });
        for (rank, duty) in lowest {
            people.push(Draw { number: count(people.len()) + 1, stratum: stratum.clone(), rank, duty });
        }
    }
    if people.len() > MOST {
        let text = format!("This would draw {} people: draw fewer of each group, at most {MOST} in all.", people.len());
        return Err(Problem::invalid("each", text));
    }
    Ok(Drawn { requirement: found.id, plan, parts, people })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Keeps a sample that the same actor drew; its uid.
pub async fn keep(tx: &mut Tx, actor: &Actor, drawn: &Drawn) -> Result<Uuid> {
    let uid = tx.uid();
    store::insert(tx, actor, uid, drawn.requirement, &drawn.plan, &drawn.parts, &drawn.people).await?;
    let detail = serde_json::json!({ "seed": drawn.plan.seed, "people": drawn.people.len() });
    audit::record(tx, actor, "sample.drawn", &uid.to_string(), detail).await?;
    Ok(uid)
}

/// One's own samples, the newest first, at most 20; for directors all there are.
///
/// # Errors
/// `NotFound` for whoever may not see people over whole schools.
pub async fn list(tx: &mut Tx, actor: &Actor) -> Result<Vec<Sample>> {
    if !may(actor) {
        return Err(Problem::NotFound);
    }
    store::list(tx, (!actor.is_director()).then_some(actor.account), 20).await
}

/// A sample: for whoever drew it, and for directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn get(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Sample> {
    if !may(actor) {
        return Err(Problem::NotFound);
    }
    let found = store::get(tx, uid).await?.ok_or(Problem::NotFound)?;
    let own = found.account == (actor.account.0 != 0).then_some(actor.account);
    if own || actor.is_director() { Ok(found) } else { Err(Problem::NotFound) }
}

/// The people of a sample that the caller has got, as they stood on its day, as far as the actor reaches them.
pub async fn members(tx: &mut Tx, actor: &Actor, sample: &Sample) -> Result<Vec<Member>> {
    store::members(tx, actor, sample.id, sample.plan.day).await
}

/// The same for one that isn't kept.
pub async fn people(tx: &mut Tx, actor: &Actor, drawn: &Drawn) -> Result<Vec<Member>> {
    let duties: Vec<ObligationId> = drawn.people.iter().map(|draw| draw.duty).collect();
    let mut rows = store::rows(tx, actor, &duties, drawn.plan.day).await?;
    Ok(drawn.people.iter().filter_map(|draw| Some(Member { draw: draw.clone(), row: rows.remove(&draw.duty)? })).collect())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    #[test]
    fn a_rank_can_be_worked_out_with_any_program() {
        // printf 'spring/00000000-0000-4000-8000-000000000001/00000000-0000-4000-8000-000000000001' | sha256sum
        let mary = Uuid::parse_str("00000000-0000-4000-8000-000000000001").unwrap();
        assert_eq!(super::rank("spring", mary, mary), "38abb5f69a76ba04ecc29bddeb4e32fafa3de38e90ca5123b7225494827c4877");
    }
}
