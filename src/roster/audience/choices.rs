//! What a rule can be built from: what the roster holds today, and what is found by a few letters where there is too much for a list.

use serde::Serialize;
use uuid::Uuid;

use super::{Names, Rule, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Result};

/// How many classes or people are offered at once.
const OFFERED: usize = 20;

/// What a rule can be built from: what the roster holds today.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Schools and offices by name.
    pub orgs: Vec<(Uuid, String)>,
    /// Preferred languages, by tag.
    pub languages: Vec<String>,
    /// Grades in the order of the years.
    pub grades: Vec<String>,
    /// The source's own words for positions.
    pub positions: Vec<String>,
    /// Saved audiences by name, without those that were retired.
    pub saved: Vec<(Uuid, String)>,
}

impl Choices {
    /// Adds what a rule names and the roster holds no more, so that the rule can be changed without losing it.
    pub fn admit(&mut self, rule: &Rule, names: &Names) {
        fn add(list: &mut Vec<(Uuid, String)>, uid: Uuid, names: &Names) {
            if !list.iter().any(|(known, _)| *known == uid)
                && let Some(name) = names.0.get(&uid)
            {
                list.push((uid, name.clone()));
            }
        }
        fn add_words(list: &mut Vec<String>, words: &[String]) {
            for word in words {
                if !list.contains(word) {
                    list.push(word.clone());
                }
            }
        }
        rule.visit(&mut |part| match part {
            Rule::Org(uids) => uids.iter().for_each(|uid| add(&mut self.orgs, *uid, names)),
            Rule::Saved(uid) => add(&mut self.saved, *uid, names),
            Rule::Grade(words) => add_words(&mut self.grades, words),
            Rule::Language(words) => add_words(&mut self.languages, words),
            Rule::Position(words) => add_words(&mut self.positions, words),
            _ => {}
        });
    }
}

/// The orgs, languages, grades, positions and saved audiences that a rule can name.
pub async fn choices(tx: &mut Tx) -> Result<Choices> {
    let mut grades = store::grades(tx).await?;
    // What comes before the first year is written in letters and stands before the numbers.
    grades.sort_by_key(|grade| (grade.starts_with(|c: char| c.is_ascii_digit()), grade == "KG", grade.clone()));
    let saved = store::all_saved(tx).await?;
    Ok(Choices {
        orgs: store::orgs(tx).await?,
        languages: store::languages(tx).await?,
        grades,
        positions: store::positions(tx).await?,
        saved: saved.into_iter().filter(|row| row.retired_at.is_none()).map(|row| (row.uid, row.name)).collect(),
    })
}

/// A class, as it is told from others of the same title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Class {
    pub uid: Uuid,
    pub title: String,
    pub code: Option<String>,
    pub school: String,
    /// One of its teachers, by family name.
    pub teacher: Option<String>,
}

/// A person, as told from others of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Named {
    pub uid: Uuid,
    pub name: String,
    pub role: String,
    pub school: Option<String>,
}

/// What was found by a few letters.
#[derive(Debug, Clone, Default)]
pub struct Found<T> {
    pub rows: Vec<T>,
    /// There are more: more letters are needed.
    pub more: bool,
}

impl<T> Found<T> {
    fn of(mut rows: Vec<T>) -> Self {
        let more = rows.len() > OFFERED;
        rows.truncate(OFFERED);
        Self { rows, more }
    }
}

/// Classes whose title or code holds these letters, at these schools or at any. For directors.
pub async fn find_classes(tx: &mut Tx, actor: &Actor, text: &str, schools: &[Uuid]) -> Result<Found<Class>> {
    director(actor)?;
    Ok(Found::of(store::find_classes(tx, &pattern(text), schools, OFFERED + 1).await?))
}

/// People on the roster that day whose name holds these letters, each once, without guardians (who are reached through their children).
/// For directors.
pub async fn find_people(tx: &mut Tx, actor: &Actor, text: &str, day: Day) -> Result<Found<Named>> {
    director(actor)?;
    Ok(Found::of(store::find_people(tx, &pattern(text), day, OFFERED + 1).await?))
}

/// Those of these classes that are there, also such as are taught no more.
pub async fn known_classes(tx: &mut Tx, uids: &[Uuid]) -> Result<Vec<Class>> {
    let mut known = Vec::new();
    for uid in uids {
        known.extend(store::class(tx, *uid).await?);
    }
    Ok(known)
}

/// Those of these people who are known, also such as have left.
pub async fn known_people(tx: &mut Tx, uids: &[Uuid]) -> Result<Vec<Named>> {
    let mut known = Vec::new();
    for uid in uids {
        known.extend(store::named_person(tx, *uid).await?);
    }
    Ok(known)
}

fn pattern(text: &str) -> String {
    format!("%{}%", text.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}
