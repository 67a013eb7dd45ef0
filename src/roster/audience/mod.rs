//! Audiences: rules that say whom something is meant for. A rule is data (JSON in the database), can be read back as a
//! sentence, and is decided here in plain Rust over one [`Place`] at a time, so that a preview, an issue and a change of the
//! roster all use the same code. Knows nothing of what is asked of the audience.

mod sentence;
mod store;

pub use sentence::Names;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Day, OrgId, PersonId, Problem, Result, SectionId};

/// Whom something is meant for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// All of these hold.
    All(Vec<Rule>),
    /// At least one of these holds.
    Any(Vec<Rule>),
    /// This doesn't hold.
    Not(Box<Rule>),
    /// Everybody on the roster.
    Everybody,
    /// Teachers, school leaders and all other staff.
    AllStaff,
    /// One of these roles: `student`, `teacher`, `staff`, `school_leader`, `guardian`, `board_member`.
    Role(Vec<String>),
    /// One of these grades, as CEDS writes them: KG, 01 … 12.
    Grade(Vec<String>),
    /// At one of these orgs, or below it.
    Org(Vec<Uuid>),
    /// In one of these sections.
    Section(Vec<Uuid>),
    /// With one of these preferred languages.
    Language(Vec<String>),
    /// These people by name.
    People(Vec<Uuid>),
    /// On the roster since this day or later (days since 1970-01-01).
    JoinedSince(Day),
}

impl Rule {
    /// Reads a stored or submitted rule.
    ///
    /// # Errors
    /// `Invalid` (field `audience`) where it isn't a rule.
    pub fn parse(json: &str) -> Result<Self> {
        serde_json::from_str(json).map_err(|e| Problem::invalid("audience", format!("this is not an audience rule: {e}")))
    }

    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Problem::internal("an audience rule can't be written", e))
    }

    fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Self)) {
        look(self);
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|r| r.visit(look)),
            Self::Not(rule) => rule.visit(look),
            _ => {}
        }
    }
}

/// One position of one person, as a rule sees it. Somebody with two positions is looked at twice, the primary one first.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Place {
    pub person: PersonId,
    pub org: OrgId,
    pub role: String,
    /// '' where there is none.
    pub grade: String,
    pub language: String,
    pub joined: Day,
}

/// A rule with its uids looked up, ready to decide.
#[derive(Debug)]
pub struct Decider {
    rule: Rule,
    orgs: HashMap<Uuid, HashSet<OrgId>>,
    people: HashMap<Uuid, PersonId>,
    sections: HashMap<Uuid, HashSet<PersonId>>,
}

impl Decider {
    pub async fn prepare(tx: &mut Tx, rule: &Rule) -> Result<Self> {
        let (mut org_uids, mut person_uids, mut section_uids): (Vec<&Uuid>, Vec<&Uuid>, Vec<&Uuid>) = (Vec::new(), Vec::new(), Vec::new());
        rule.visit(&mut |part| match part {
            Rule::Org(uids) => org_uids.extend(uids),
            Rule::People(uids) => person_uids.extend(uids),
            Rule::Section(uids) => section_uids.extend(uids),
            _ => {}
        });
        let mut orgs = HashMap::new();
        for uid in org_uids {
            orgs.insert(*uid, store::orgs_below(tx, *uid).await?.into_iter().collect());
        }
        let mut people = HashMap::new();
        for uid in person_uids {
            if let Some(person) = store::person(tx, *uid).await? {
                people.insert(*uid, person);
            }
        }
        let mut sections = HashMap::new();
        for uid in section_uids {
            sections.insert(*uid, store::section_members(tx, *uid).await?.into_iter().collect());
        }
        Ok(Self { rule: rule.clone(), orgs, people, sections })
    }

    /// Whether the rule names this person in this position.
    pub fn holds(&self, place: &Place) -> bool {
        self.decide(&self.rule, place)
    }

    fn decide(&self, rule: &Rule, place: &Place) -> bool {
        match rule {
            Rule::All(rules) => rules.iter().all(|r| self.decide(r, place)),
            Rule::Any(rules) => rules.iter().any(|r| self.decide(r, place)),
            Rule::Not(rule) => !self.decide(rule, place),
            Rule::Everybody => true,
            Rule::AllStaff => matches!(place.role.as_str(), "teacher" | "staff" | "school_leader"),
            Rule::Role(roles) => roles.contains(&place.role),
            Rule::Grade(grades) => grades.contains(&place.grade),
            Rule::Org(uids) => uids.iter().any(|uid| self.orgs.get(uid).is_some_and(|orgs| orgs.contains(&place.org))),
            Rule::Section(uids) => uids.iter().any(|uid| self.sections.get(uid).is_some_and(|people| people.contains(&place.person))),
            Rule::Language(languages) => languages.contains(&place.language),
            Rule::People(uids) => uids.iter().any(|uid| self.people.get(uid) == Some(&place.person)),
            Rule::JoinedSince(day) => place.joined >= *day,
        }
    }
}

/// The people whom the rule names on that day, each with the position for which it named them, in the order of their keys.
/// `only` limits the search to these people; `None` looks at everybody.
pub async fn named(tx: &mut Tx, rule: &Rule, day: Day, only: Option<&[PersonId]>) -> Result<Vec<Place>> {
    let decider = Decider::prepare(tx, rule).await?;
    let mut found: Vec<Place> = Vec::new();
    store::each_place(tx, day, only, |place| {
        if found.last().is_none_or(|last| last.person != place.person) && decider.holds(&place) {
            found.push(place);
        }
    })
    .await?;
    Ok(found)
}

/// The sections that a rule mentions, by uid, resolved; used to say the rule as a sentence.
pub async fn names(tx: &mut Tx, rule: &Rule) -> Result<Names> {
    let mut wanted = Vec::new();
    rule.visit(&mut |part| {
        if let Rule::Org(uids) | Rule::Section(uids) | Rule::People(uids) = part {
            wanted.extend(uids.iter().copied());
        }
    });
    let mut names = HashMap::new();
    for uid in wanted {
        if let Some(name) = store::name_of(tx, uid).await? {
            names.insert(uid, name);
        }
    }
    Ok(Names(names))
}

/// What a rule can be built from: what the roster holds today.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Schools and offices by name.
    pub orgs: Vec<(Uuid, String)>,
    /// Preferred languages, by tag.
    pub languages: Vec<String>,
    /// Grades in the order of the years.
    pub grades: Vec<String>,
}

/// The orgs, languages and grades that a rule can name.
pub async fn choices(tx: &mut Tx) -> Result<Choices> {
    let mut grades = store::grades(tx).await?;
    // What comes before the first year is written in letters and stands before the numbers.
    grades.sort_by_key(|grade| (grade.starts_with(|c: char| c.is_ascii_digit()), grade == "KG", grade.clone()));
    Ok(Choices { orgs: store::orgs(tx).await?, languages: store::languages(tx).await?, grades })
}

/// The section's key, for rules built from a page.
pub async fn section(tx: &mut Tx, uid: Uuid) -> Result<Option<SectionId>> {
    store::section(tx, uid).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(role: &str, grade: &str) -> Place {
        Place { person: PersonId(1), org: OrgId(7), role: role.into(), grade: grade.into(), language: "en".into(), joined: Day(100) }
    }

    fn decider(rule: Rule) -> Decider {
        let orgs = HashMap::from([(Uuid::nil(), HashSet::from([OrgId(7)]))]);
        Decider { rule, orgs, people: HashMap::new(), sections: HashMap::new() }
    }

    #[test]
    fn staff_of_one_school_and_new_teachers_anywhere_but_no_leaders() {
        let rule = Rule::All(vec![
            Rule::Any(vec![
                Rule::All(vec![Rule::AllStaff, Rule::Org(vec![Uuid::nil()])]),
                Rule::All(vec![Rule::Role(vec!["teacher".into()]), Rule::JoinedSince(Day(90))]),
            ]),
            Rule::Not(Box::new(Rule::Role(vec!["school_leader".into()]))),
        ]);
        let d = decider(rule.clone());
        assert!(d.holds(&place("staff", "")));
        assert!(!d.holds(&place("school_leader", "")));
        assert!(!d.holds(&Place { org: OrgId(8), ..place("staff", "") }));
        assert!(d.holds(&Place { org: OrgId(8), ..place("teacher", "") }));
        assert!(!d.holds(&Place { org: OrgId(8), joined: Day(80), ..place("teacher", "") }));
        assert_eq!(Rule::parse(&rule.to_json().unwrap()).unwrap(), rule);
    }

    #[test]
    fn a_rule_with_a_misspelt_part_is_refused() {
        assert!(Rule::parse(r#"{"rol":["student"]}"#).is_err());
    }
}
