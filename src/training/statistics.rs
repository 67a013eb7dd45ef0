//! How the questions of a course do: how many got each right at the first try, whether it tells those who know from those who don't, and which
//! wrong choices draw people. A question that misleads shows up by itself. Figures count people and name none; under ten there are none.

use serde::Serialize;

use super::content::{Choice, Kind};
use super::publishing::pick;
use super::store::{courses, statistics as store};
use super::version;
use crate::db::Tx;
use crate::kernel::{Actor, CourseVersionId, Problem, Result};

/// Under so many first tries nothing is said of a question: a few people could be told apart.
pub const FEWEST: i64 = 10;
/// Under this a question hardly tells those who know from those who don't (Ebel and Frisbie, 1991: under 0.2 poor).
const POOR: f64 = 0.2;
/// A wrong choice that this share of people took draws too many, in percent.
const DRAWS: i64 = 40;

/// What is wrong with a question, by its figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Whoever does well on the others gets this one wrong: its key or its words may be wrong.
    Backwards,
    /// A wrong choice draws more people than the right one, or two fifths of all.
    Misleads,
    /// It tells those who know hardly from those who don't.
    Flat,
}

/// A choice, and how many took it at their first try.
#[derive(Debug, Clone, Serialize)]
pub struct Taken {
    pub text: String,
    pub right: bool,
    pub people: i64,
}

/// A question with its figures.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    pub id: String,
    pub kind: Kind,
    pub ask: String,
    /// People whose first finished attempt has an answer to it.
    pub people: i64,
    /// `None` under [`FEWEST`] people.
    pub figures: Option<Figures>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// Percent of the people, rounded down.
    pub right: i64,
    /// Correlation of this question with the rest of the course, −1 to 1; `None` where everybody did alike.
    pub discrimination: Option<f64>,
    pub choices: Vec<Taken>,
    pub warning: Option<Warning>,
}

/// Sums over the first tries at one question; `rest` is how many others of the same attempt were right.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Sums {
    pub question_id: String,
    pub people: i64,
    pub right: i64,
    pub rest: i64,
    pub rest_squared: i64,
    pub rest_of_right: i64,
}

impl Sums {
    /// The point-biserial correlation, corrected for the question's own part in the total.
    #[allow(clippy::cast_precision_loss)] // counts of people
    fn discrimination(&self) -> Option<f64> {
        let (n, x, y) = (self.people as f64, self.right as f64, self.rest as f64);
        let (vary_x, vary_y) = (n * x - x * x, n * self.rest_squared as f64 - y * y);
        let spread = (vary_x * vary_y).sqrt();
        (spread > 0.0).then(|| ((n * self.rest_of_right as f64 - x * y) / spread * 100.0).round() / 100.0)
    }
}

fn warning(right: i64, discrimination: Option<f64>, choices: &[Taken], people: i64, kind: Kind) -> Option<Warning> {
    let most = |of_right: bool| choices.iter().filter(|c| c.right == of_right).map(|c| c.people).max().unwrap_or(0);
    if discrimination.is_some_and(|d| d < 0.0) {
        Some(Warning::Backwards)
    } else if most(false) * 100 >= DRAWS * people || (kind == Kind::One && most(false) > most(true)) {
        Some(Warning::Misleads)
    } else if right < 95 && discrimination.is_some_and(|d| d < POOR) {
        Some(Warning::Flat)
    } else {
        None
    }
}

/// The questions of a version in the order in which they were written, each with its figures. For authors and directors; first tries of all
/// languages count together.
///
/// # Errors
/// `NotFound` for others, and for an unknown version.
pub async fn items(tx: &mut Tx, actor: &Actor, course_version: CourseVersionId, language: &str) -> Result<Vec<Item>> {
    if !actor.may_author() {
        return Err(Problem::NotFound);
    }
    let version = version(tx, course_version).await?;
    let languages = courses::languages(tx, version.id).await?;
    let language = pick(languages.iter(), language).ok_or(Problem::NotFound)?;
    let sums = store::sums(tx, version.id).await?;
    let chosen = store::chosen(tx, version.id).await?;
    let mut items = Vec::new();
    for question in courses::questions(tx, version.id, &language).await? {
        let own = sums.iter().find(|s| s.question_id == question.id);
        let people = own.map_or(0, |s| s.people);
        let figures = own.filter(|s| s.people >= FEWEST).map(|s| {
            let taken = |(place, choice): (usize, &Choice)| Taken {
                text: choice.text.clone(),
                right: choice.right,
                people: chosen.iter().filter(|(id, places, _)| *id == question.id && places.contains(&place)).map(|(.., n)| n).sum(),
            };
            let choices: Vec<Taken> = question.choices.iter().enumerate().map(taken).collect();
            let (right, discrimination) = (s.right * 100 / s.people, s.discrimination());
            Figures { warning: warning(right, discrimination, &choices, s.people, question.kind), right, discrimination, choices }
        });
        items.push(Item { id: question.id, kind: question.kind, ask: question.ask, people, figures });
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(rows: &[(i64, i64)]) -> Sums {
        let sum = |of: &dyn Fn(&(i64, i64)) -> i64| rows.iter().map(of).sum();
        Sums {
            question_id: "q".into(),
            people: i64::try_from(rows.len()).unwrap(),
            right: sum(&|r| r.0),
            rest: sum(&|r| r.1),
            rest_squared: sum(&|r| r.1 * r.1),
            rest_of_right: sum(&|r| r.0 * r.1),
        }
    }

    #[test]
    fn a_question_that_goes_with_the_others_tells_people_apart() {
        // Right with 7 and 6 others right, wrong with 2 and 1: r = 0.98 by hand (means 4, deviations 3, 2, -2, -3 and ±0.5).
        assert_eq!(sums(&[(1, 7), (1, 6), (0, 2), (0, 1)]).discrimination(), Some(0.98));
        assert_eq!(sums(&[(0, 7), (0, 6), (1, 2), (1, 1)]).discrimination(), Some(-0.98));
        assert_eq!(sums(&[(1, 7), (1, 2)]).discrimination(), None, "everybody was right");
    }
}
