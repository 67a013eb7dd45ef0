//! The standard as data: profile, indicators, criteria, formulas in words, thresholds. It stands in `standard5.toml`, versioned, so
//! that a changed standard is a changed file; nothing here knows how a criterion is measured.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::kernel::{Locale, Problem, Result};

/// A text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub en: String,
    pub es: String,
}

impl Words {
    pub fn of(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Es => &self.es,
        }
    }
}

/// Whose standard it is, in which version.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    pub publisher: String,
    pub version: Words,
    pub source: String,
    /// The version of the criteria, which are this product's own.
    pub criteria_version: String,
    pub name: Words,
    pub note: Words,
}

/// One indicator of the standard: 5a to 5d, paraphrased.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub id: String,
    pub name: Words,
    pub text: Words,
}

/// What a criterion's number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    Percent,
    /// Stakeholder groups, of [`Criterion::of`].
    Groups,
    /// Percentage points.
    Points,
    Count,
    Ratio,
}

/// Whether more or less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Up,
    Down,
}

/// A threshold as an exact decimal number in the criterion's unit, kept in thousandths: `99.5` is 99,500.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Threshold(pub i64);

impl TryFrom<String> for Threshold {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let read = || Some((whole.parse::<i64>().ok()?, format!("{part:0<3}").parse::<i64>().ok().filter(|_| part.len() <= 3)?));
        read().map(|(whole, part)| Self(whole * 1000 + part)).ok_or_else(|| format!("“{text}” is not a decimal number such as 99.5"))
    }
}

impl From<Threshold> for String {
    fn from(threshold: Threshold) -> Self {
        threshold.to_string()
    }
}

impl std::fmt::Display for Threshold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = format!("{:03}", self.0 % 1000);
        let part = part.trim_end_matches('0');
        if part.is_empty() { write!(f, "{}", self.0 / 1000) } else { write!(f, "{}.{part}", self.0 / 1000) }
    }
}

/// The thresholds of levels 4, 3 and 2, in this order.
pub type Levels = [Threshold; 3];

/// One criterion: what it divides, and from where on a level is reached.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// `5b-4`.
    pub id: String,
    pub indicator: String,
    /// Of the formula; a formula that changes gets a new one.
    pub version: i64,
    /// Whether the product's records hold what it takes.
    pub measured: bool,
    /// Whether it counts people: then fewer than ten are not shown.
    #[serde(default)]
    pub people: bool,
    pub unit: Unit,
    /// For groups: out of how many.
    #[serde(default)]
    pub of: i64,
    pub direction: Direction,
    pub levels: Levels,
    /// The thresholds of the second part, where they differ from the first's.
    #[serde(default)]
    pub second: Option<Levels>,
    /// Groups that are measured apart; the lowest counts.
    #[serde(default)]
    pub parts: Vec<String>,
    /// The page with the records behind it.
    #[serde(default)]
    pub records: Option<String>,
    pub name: Words,
    pub formula: Words,
    /// What would fill it where there is no data.
    pub fill: Words,
}

impl Criterion {
    /// The thresholds of the part with that number (from 0).
    pub fn levels_of(&self, part: usize) -> &Levels {
        match &self.second {
            Some(second) if part == 1 => second,
            _ => &self.levels,
        }
    }
}

/// The whole file.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    pub profile: Profile,
    #[serde(rename = "indicator")]
    pub indicators: Vec<Indicator>,
    #[serde(rename = "criterion")]
    pub criteria: Vec<Criterion>,
}

impl Standard {
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| c.id == id)
    }
}

static STANDARD: LazyLock<Result<Standard, String>> =
    LazyLock::new(|| toml::from_str(include_str!("standard5.toml")).map_err(|e| e.to_string()));

/// The standard that this version of the product measures.
///
/// # Errors
/// `Internal` where the compiled-in file can't be read; a test sees that it can.
pub fn standard() -> Result<&'static Standard> {
    STANDARD.as_ref().map_err(|cause| Problem::internal("standard5.toml can't be read", cause.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_four_indicators_and_twenty_four_criteria_ten_of_them_measured() {
        let standard = standard().unwrap();
        assert_eq!(standard.indicators.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["5a", "5b", "5c", "5d"]);
        assert_eq!(standard.criteria.len(), 24);
        let measured: Vec<_> = standard.criteria.iter().filter(|c| c.measured).map(|c| c.id.as_str()).collect();
        assert_eq!(measured, ["5a-3", "5b-1", "5b-2", "5b-3", "5b-4", "5c-1", "5c-2", "5c-3", "5c-4", "5c-5"]);
        for criterion in &standard.criteria {
            assert!(criterion.id.starts_with(&criterion.indicator), "{} stands under {}", criterion.id, criterion.indicator);
            let sorted = criterion.levels.is_sorted_by(|a, b| if criterion.direction == Direction::Up { a > b } else { a < b });
            assert!(sorted, "the levels of {} go from 4 down", criterion.id);
        }
    }

    #[test]
    fn a_threshold_is_exact() {
        assert_eq!(Threshold::try_from("99.5".to_owned()), Ok(Threshold(99_500)));
        assert_eq!(Threshold(99_500).to_string(), "99.5");
        assert_eq!(Threshold(100_000).to_string(), "100");
        assert!(Threshold::try_from("99.5555".to_owned()).is_err());
    }
}
