//! A figure beside that of a year before, and each school beside all of them together.

use serde::Serialize;
use uuid::Uuid;

use super::figures::{self, By, Counts, Line};
use super::requirements::Requirement;
use super::{requirements, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Result};

/// What a figure is compared with.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    pub requirement: Uuid,
    pub title: String,
    pub day: Day,
}

/// One school, or all together.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// A school's uid; empty for all together.
    pub key: String,
    pub label: String,
    /// `None` where too few people stand behind it for this reader.
    pub now: Option<Counts>,
    /// `None` also where there was nothing to compare with.
    pub before: Option<Counts>,
}

impl Compared {
    /// How much more the share is than a year before, in tenths of a percent.
    pub fn gained(&self) -> Option<i64> {
        Some(self.now?.per_mille()? - self.before?.per_mille()?)
    }

    /// How much more than that of all together, likewise.
    pub fn above(&self, all: &Self) -> Option<i64> {
        Some(self.now?.per_mille()? - all.now?.per_mille()?)
    }
}

/// The same date a year before: 29 February becomes the 28th.
pub fn a_year_before(day: Day) -> Day {
    let date = day.date();
    Day::of(date.year() - 1, date.month(), date.day()).or_else(|| Day::of(date.year() - 1, date.month(), 28)).unwrap_or(day.plus(-365))
}

/// What was asked a year before in the place of this requirement: the one before it in its yearly series, itself where it was issued by then,
/// or else another of the same policy or course and of the same people's answers that was in force on that day.
pub async fn before(tx: &mut Tx, requirement: &Requirement, day: Day) -> Result<Option<Before>> {
    let then = a_year_before(day);
    let found = store::comparing::before(tx, requirement.id, then).await?;
    Ok(found.map(|(requirement, title)| Before { requirement, title, day: then }))
}

/// Each school's figure at the end of `day` beside the one of a year before, the lowest share first; and all together.
///
/// # Errors
/// `NotFound` for an actor without reach over orgs, or where the requirement isn't within reach.
pub async fn compare(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day) -> Result<(Option<Before>, Vec<Compared>, Compared)> {
    let found = requirements::get(tx, actor, requirement).await?;
    let before = before(tx, &found, day).await?;
    let now = shown(actor, figures::lines(tx, actor, requirement, day, By::School).await?);
    let then = match &before {
        Some(before) => shown(actor, figures::lines(tx, actor, before.requirement, before.day, By::School).await?),
        None => Vec::new(),
    };
    let lines = now
        .iter()
        .map(|(line, counts)| Compared {
            key: line.key.clone(),
            label: line.label.clone(),
            now: *counts,
            before: then.iter().find(|(other, _)| other.key == line.key).and_then(|(_, counts)| *counts),
        })
        .collect();
    let all = Compared { key: String::new(), label: String::new(), now: sum(actor, &now), before: sum(actor, &then) };
    Ok((before, lines, all))
}

/// Each line with its counts, as far as this reader may see them.
fn shown(actor: &Actor, lines: Vec<Line>) -> Vec<(Line, Option<Counts>)> {
    let hide = if actor.may_see_people() { vec![false; lines.len()] } else { figures::withheld(&lines) };
    lines.into_iter().zip(hide).map(|(line, hidden)| (line.clone(), (!hidden).then_some(line.counts))).collect()
}

fn sum(actor: &Actor, lines: &[(Line, Option<Counts>)]) -> Option<Counts> {
    let sum = lines.iter().fold(Counts::default(), |sum, (line, _)| sum.plus(line.counts));
    (!lines.is_empty() && (actor.may_see_people() || sum.people() >= figures::SMALLEST_SHOWN)).then_some(sum)
}

#[cfg(test)]
mod tests {
    use crate::kernel::Day;

    #[test]
    fn a_year_before_a_leap_day_is_the_last_of_february() {
        let day = |text| Day::parse_iso(text).unwrap();
        assert_eq!(super::a_year_before(day("2028-02-29")), day("2027-02-28"));
        assert_eq!(super::a_year_before(day("2026-10-01")), day("2025-10-01"));
    }
}
