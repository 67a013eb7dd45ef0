//! The arithmetic: which level a value reaches, what is missing to the next one, which numbers are too small to be shown. Exact
//! whole numbers throughout, so that 94.99 % is never taken for 95 %. Knows no database.

use serde::Serialize;

use super::standard::{Criterion, Levels, Unit};

/// Below so many people a number could point at somebody: value and level are withheld.
pub const FEWEST: i64 = 10;

/// An exact value: a share of people or records, or a mean as a sum over so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    pub numerator: i64,
    pub denominator: i64,
}

impl Share {
    pub fn of(numerator: i64, denominator: i64) -> Self {
        Self { numerator, denominator }
    }

    /// Tenths of a percent, rounded down, so that 100 % means all; `None` where nothing is divided.
    pub fn per_mille(self) -> Option<i64> {
        (self.denominator > 0).then(|| self.numerator * 1000 / self.denominator)
    }

    /// Tenths of the value itself, rounded down: 6.3 groups are 63.
    pub fn tenths(self) -> Option<i64> {
        (self.denominator > 0).then(|| self.numerator * 10 / self.denominator)
    }

    /// How much more of the numerator reaches the threshold (in thousandths of the unit); 0 or less once it is reached.
    fn missing(self, unit: Unit, threshold: i64) -> i64 {
        // A percentage is a hundredth, a threshold is in thousandths.
        let scale = if unit == Unit::Percent { 100_000 } else { 1_000 };
        let wanted = threshold * self.denominator;
        (wanted + scale - 1).div_euclid(scale) - self.numerator
    }
}

/// The level that a share reaches, from the top down; below level 2 it is level 1.
pub fn level(share: Share, unit: Unit, levels: &Levels) -> u8 {
    [4, 3, 2].into_iter().zip(levels).find(|(_, threshold)| share.missing(unit, threshold.0) <= 0).map_or(1, |(level, _)| level)
}

/// How much more would reach that level (2 to 4); 0 where it is reached.
pub fn more_for(share: Share, unit: Unit, levels: &Levels, level: u8) -> i64 {
    let index = usize::from(4_u8.saturating_sub(level)).min(2);
    share.missing(unit, levels[index].0).max(0)
}

/// How a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Measured,
    /// There is nothing to divide. Never level 1.
    NoData,
    /// Fewer than ten people: withheld.
    TooFew,
}

/// One value that a criterion is made of: the whole, or one of the groups that are measured apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// `all`, or `staff`, `students`, `board`.
    pub key: String,
    pub standing: Standing,
    /// `None` unless measured.
    pub value: Option<Share>,
    pub level: Option<u8>,
}

/// What would raise a criterion to its next level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Raise {
    /// The next level.
    pub level: u8,
    /// How much more of what the criterion counts, for each part that isn't there yet.
    pub more: Vec<(String, i64)>,
    /// For stakeholder groups: those not yet heard everywhere. For topics: the pairs without a course, as `topic/audience`.
    pub missing: Vec<String>,
}

/// What was counted of one part: the share, and how many people stand behind its denominator.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    pub key: &'static str,
    pub share: Share,
    pub people: i64,
}

impl Counted {
    pub fn all(numerator: i64, denominator: i64, people: i64) -> Self {
        Self { key: "all", share: Share::of(numerator, denominator), people }
    }
}

/// Judges one part by its thresholds.
pub fn part(criterion: &Criterion, index: usize, counted: Counted) -> Part {
    let standing = if counted.share.denominator == 0 {
        Standing::NoData
    } else if criterion.people && counted.people < FEWEST {
        Standing::TooFew
    } else {
        Standing::Measured
    };
    let value = (standing == Standing::Measured).then_some(counted.share);
    Part {
        key: counted.key.to_owned(),
        standing,
        value,
        level: value.map(|share| level(share, criterion.unit, criterion.levels_of(index))),
    }
}

/// The criterion's standing and level: the lowest of the measured parts. Parts that are withheld or empty don't count.
pub fn whole(parts: &[Part]) -> (Standing, Option<u8>) {
    let level = parts.iter().filter_map(|p| p.level).min();
    let standing = match level {
        Some(_) => Standing::Measured,
        None if parts.iter().any(|p| p.standing == Standing::TooFew) => Standing::TooFew,
        None => Standing::NoData,
    };
    (standing, level)
}

/// The level of an indicator whose criteria have these levels: the lowest, once at least half of them have one.
pub fn of_indicator(levels: impl Iterator<Item = Option<u8>>) -> Option<u8> {
    let levels: Vec<Option<u8>> = levels.collect();
    let measured = levels.iter().flatten().count();
    if measured * 2 < levels.len() { None } else { levels.into_iter().flatten().min() }
}

/// What would raise it to the next level; `None` at level 4, and where there is no level.
pub fn raise(criterion: &Criterion, parts: &[Part], level: Option<u8>) -> Option<Raise> {
    let next = level.filter(|level| *level < 4)? + 1;
    let more = parts
        .iter()
        .enumerate()
        .filter_map(|(index, part)| {
            let more = more_for(part.value?, criterion.unit, criterion.levels_of(index), next);
            (more > 0).then(|| (part.key.clone(), more))
        })
        .collect();
    Some(Raise { level: next, more, missing: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::super::standard::standard;
    use super::*;

    fn criterion(id: &str) -> &'static Criterion {
        standard().unwrap().criterion(id).unwrap()
    }

    #[test]
    fn a_level_is_reached_exactly_or_not_at_all() {
        let c = criterion("5b-2");
        // 95 % of 212 is 201.4: 201 are not enough, 202 are.
        assert_eq!(level(Share::of(201, 212), c.unit, &c.levels), 2);
        assert_eq!(level(Share::of(202, 212), c.unit, &c.levels), 3);
        assert_eq!(level(Share::of(212, 212), c.unit, &c.levels), 4);
        assert_eq!(more_for(Share::of(201, 212), c.unit, &c.levels, 3), 1);
        assert_eq!(level(Share::of(0, 212), c.unit, &c.levels), 1);
    }

    #[test]
    fn a_mean_of_groups_is_compared_without_rounding() {
        let c = criterion("5b-1");
        // 17 groups over 3 versions are 5.67: below 6; one more group makes 6.
        assert_eq!(level(Share::of(17, 3), c.unit, &c.levels), 2);
        assert_eq!(more_for(Share::of(17, 3), c.unit, &c.levels, 3), 1);
        assert_eq!(Share::of(17, 3).tenths(), Some(56));
    }

    #[test]
    fn the_lower_of_two_parts_counts_and_says_what_is_missing() {
        let c = criterion("5b-4");
        let parts = [
            part(c, 0, Counted { key: "staff", share: Share::of(100, 100), people: 100 }),
            part(c, 1, Counted { key: "students", share: Share::of(940, 1000), people: 1000 }),
        ];
        let (standing, level) = whole(&parts);
        assert_eq!((standing, level), (Standing::Measured, Some(2)));
        assert_eq!(raise(c, &parts, level).unwrap().more, [("students".to_owned(), 10)]);
    }

    #[test]
    fn an_indicator_has_no_level_until_half_of_its_criteria_are_measured() {
        let levels = |measured: &[u8]| (0..6).map(|n| measured.get(n).copied()).collect::<Vec<_>>().into_iter();
        assert_eq!(of_indicator(levels(&[])), None);
        assert_eq!(of_indicator(levels(&[4, 4])), None);
        assert_eq!(of_indicator(levels(&[4, 2, 4])), Some(2));
        assert_eq!(of_indicator([Some(3), None].into_iter()), Some(3));
        assert_eq!(of_indicator(std::iter::empty()), None);
    }

    #[test]
    fn nine_people_are_withheld_and_nobody_is_no_data() {
        let c = criterion("5c-3");
        let nine = part(c, 0, Counted { key: "board", share: Share::of(2, 9), people: 9 });
        assert_eq!((nine.standing, nine.value, nine.level), (Standing::TooFew, None, None));
        let nobody = part(c, 0, Counted { key: "board", share: Share::of(0, 0), people: 0 });
        assert_eq!(nobody.standing, Standing::NoData);
        assert_eq!(whole(&[nine, nobody]), (Standing::TooFew, None));
    }
}
