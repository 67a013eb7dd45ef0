//! Audiences: rules that say whom something is meant for. A rule is data (JSON in the database), can be read back as a
//! sentence, and is decided here in plain Rust over one [`Place`] at a time, so that a preview, an issue and a change of the
//! roster all use the same code. Knows nothing of what is asked of the audience.

mod choices;
pub mod saved;
mod sentence;
mod store;

pub use choices::{Choices, Class, Found, Named, choices, find_classes, find_people, known_classes, known_people};
pub use sentence::{Names, language_name, position_name};

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Day, Locale, OrgId, PersonId, Problem, Result};

/// The roles that a rule can name.
pub const ROLES: [&str; 7] = ["student", "teacher", "staff", "school_leader", "guardian", "board_member", "community"];

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
    /// In one of these positions, in the source's own word: `counselor`, `aide`, `ext:nurse`.
    Position(Vec<String>),
    /// With one of these preferred languages.
    Language(Vec<String>),
    /// These people by name.
    People(Vec<Uuid>),
    /// On the roster since this day or later (days since 1970-01-01).
    JoinedSince(Day),
    /// On the roster since before this day.
    JoinedBefore(Day),
    /// A saved audience, whatever its rule is at the time. Its own rule names no other one.
    Saved(Uuid),
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

    /// Calls `look` with this rule and every part of it.
    pub fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Self)) {
        look(self);
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().for_each(|r| r.visit(look)),
            Self::Not(rule) => rule.visit(look),
            _ => {}
        }
    }

    /// The saved audiences that this rule names.
    pub fn saved(&self) -> BTreeSet<Uuid> {
        let mut uids = BTreeSet::new();
        self.visit(&mut |part| {
            if let Self::Saved(uid) = part {
                uids.insert(*uid);
            }
        });
        uids
    }

    /// This rule with the rules of saved audiences written out in their place.
    #[must_use]
    pub fn written_out(&self, rules: &HashMap<Uuid, Self>) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.iter().map(|r| r.written_out(rules)).collect()),
            Self::Any(parts) => Self::Any(parts.iter().map(|r| r.written_out(rules)).collect()),
            Self::Not(part) => Self::Not(Box::new(part.written_out(rules))),
            Self::Saved(uid) => rules.get(uid).unwrap_or(self).clone(),
            other => other.clone(),
        }
    }
}

/// One position of one person, as a rule sees it. Somebody with two positions is looked at twice, the primary one first. Positions of
/// another record of the same person come after those of the record that was kept.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Place {
    pub person: PersonId,
    pub org: OrgId,
    pub role: String,
    /// The source's own word for the position; '' where it says no more than the role.
    pub position: String,
    /// '' where there is none.
    pub grade: String,
    pub language: String,
    /// The first day on the roster; of several records of one person the earliest.
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
        let mut saved = HashMap::new();
        for uid in rule.saved() {
            let Some(row) = store::saved(tx, uid).await? else {
                return Err(Problem::internal("a rule names a saved audience that isn't there", uid.to_string()));
            };
            saved.insert(uid, row.rule()?);
        }
        let rule = rule.written_out(&saved);
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
        Ok(Self { rule, orgs, people, sections })
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
            Rule::Position(words) => words.contains(&place.position),
            Rule::Language(languages) => languages.contains(&place.language),
            Rule::People(uids) => uids.iter().any(|uid| self.people.get(uid) == Some(&place.person)),
            Rule::JoinedSince(day) => place.joined >= *day,
            Rule::JoinedBefore(day) => place.joined < *day,
            // Written out when the decider was prepared.
            Rule::Saved(_) => false,
        }
    }
}

/// The people whom the rule names on that day, each with the position for which it named them, in the order of their keys.
/// `only` limits the search to these people; `None` looks at everybody. Whoever is on the roster with two records is found once, under
/// the record that was kept.
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

/// How many people each of these rules names on that day: everybody is read once for all of them.
pub async fn count(tx: &mut Tx, rules: &[&Rule], day: Day) -> Result<Vec<i64>> {
    let mut deciders = Vec::new();
    for rule in rules {
        deciders.push((Decider::prepare(tx, rule).await?, None, 0));
    }
    if !deciders.is_empty() {
        store::each_place(tx, day, None, |place| {
            for (decider, last, number) in &mut deciders {
                if *last != Some(place.person) && decider.holds(&place) {
                    *last = Some(place.person);
                    *number += 1;
                }
            }
        })
        .await?;
    }
    Ok(deciders.into_iter().map(|(.., number)| number).collect())
}

/// These people with every other record of theirs, in the order of their keys: what a change of one record may mean for a duty that
/// stands under another.
pub async fn with_other_records(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<PersonId>> {
    let merged = store::merged(tx).await?;
    let mut all: BTreeSet<PersonId> = people.iter().copied().collect();
    if !merged.is_empty() {
        let kept: HashMap<PersonId, PersonId> = merged.iter().copied().collect();
        let kept: BTreeSet<PersonId> = people.iter().map(|id| kept.get(id).copied().unwrap_or(*id)).collect();
        all.extend(merged.iter().filter(|(_, to)| kept.contains(to)).map(|(other, _)| *other));
        all.extend(kept);
    }
    Ok(all.into_iter().collect())
}

/// The names of what a rule mentions: orgs, classes, people, saved audiences; used to say the rule as a sentence.
pub async fn names(tx: &mut Tx, rule: &Rule) -> Result<Names> {
    let mut wanted = Vec::new();
    rule.visit(&mut |part| match part {
        Rule::Org(uids) | Rule::Section(uids) | Rule::People(uids) => wanted.extend(uids.iter().copied()),
        Rule::Saved(uid) => wanted.push(*uid),
        _ => {}
    });
    let mut names = HashMap::new();
    for uid in wanted {
        if let Some(name) = store::name_of(tx, uid).await? {
            names.insert(uid, name);
        }
    }
    Ok(Names(names))
}

/// The saved audiences that a rule names, each with its name and its own rule as a sentence.
pub async fn meanings(tx: &mut Tx, rule: &Rule, locale: Locale) -> Result<Vec<(String, String)>> {
    let mut meanings = Vec::new();
    for uid in rule.saved() {
        if let Some(row) = store::saved(tx, uid).await? {
            let own = row.rule()?;
            let names = names(tx, &own).await?;
            meanings.push((row.name, own.sentence(&names, locale)));
        }
    }
    Ok(meanings)
}

/// Whether everything that a rule names is there.
///
/// # Errors
/// `Invalid` (field `audience`) with each role, school, class, person and saved audience that isn't, and for a list without an entry.
pub async fn check(tx: &mut Tx, rule: &Rule) -> Result<()> {
    let mut parts = Vec::new();
    rule.visit(&mut |part| parts.push(part));
    let mut checks = Checks::default();
    for part in parts {
        let empty = match part {
            Rule::All(list) | Rule::Any(list) => list.is_empty(),
            Rule::Role(list) | Rule::Grade(list) | Rule::Position(list) | Rule::Language(list) => list.is_empty(),
            Rule::Org(list) | Rule::Section(list) | Rule::People(list) => list.is_empty(),
            _ => false,
        };
        checks.require(!empty, "audience", "a list of the rule is empty: name at least one entry, or leave the list out");
        let unknown = match part {
            Rule::Role(roles) => roles.iter().find(|r| !ROLES.contains(&r.as_str())).cloned(),
            Rule::Org(uids) => store::missing(tx, store::Kind::Org, uids).await?,
            Rule::Section(uids) => store::missing(tx, store::Kind::Section, uids).await?,
            Rule::People(uids) => store::missing(tx, store::Kind::Person, uids).await?,
            Rule::Saved(uid) => store::missing(tx, store::Kind::Saved, &[*uid]).await?,
            _ => None,
        };
        let (what, remedy) = match part {
            Rule::Role(_) => ("role", format!("choose of {}", ROLES.join(", "))),
            Rule::Org(_) => ("school or office", "name it by its uid".to_owned()),
            Rule::Section(_) => ("class", "name it by its uid".to_owned()),
            Rule::People(_) => ("person", "name the person by the uid in the address of the person's page".to_owned()),
            _ => ("saved audience", "assent audience list shows them".to_owned()),
        };
        if let Some(unknown) = unknown {
            checks.say("audience", format!("there is no {what} “{unknown}”: {remedy}"));
        }
    }
    checks.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(role: &str, grade: &str) -> Place {
        Place {
            person: PersonId(1),
            org: OrgId(7),
            role: role.into(),
            position: String::new(),
            grade: grade.into(),
            language: "en".into(),
            joined: Day(100),
        }
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
    fn a_position_is_named_in_the_source_s_own_word_and_joining_has_two_sides() {
        let counselors = decider(Rule::Position(vec!["counselor".into(), "ext:nurse".into()]));
        assert!(counselors.holds(&Place { position: "ext:nurse".into(), ..place("staff", "") }));
        assert!(!counselors.holds(&place("staff", "")));
        let before = decider(Rule::JoinedBefore(Day(100)));
        assert!(before.holds(&Place { joined: Day(99), ..place("staff", "") }));
        assert!(!before.holds(&place("staff", "")));
    }

    #[test]
    fn a_saved_audience_is_written_out_wherever_it_stands() {
        let saved = Rule::Role(vec!["teacher".into()]);
        let rule =
            Rule::All(vec![Rule::Any(vec![Rule::Saved(Uuid::nil()), Rule::AllStaff]), Rule::Not(Box::new(Rule::Saved(Uuid::nil())))]);
        assert_eq!(rule.saved(), BTreeSet::from([Uuid::nil()]));
        assert_eq!(
            rule.written_out(&HashMap::from([(Uuid::nil(), saved.clone())])),
            Rule::All(vec![Rule::Any(vec![saved.clone(), Rule::AllStaff]), Rule::Not(Box::new(saved))])
        );
    }

    #[test]
    fn a_rule_with_a_misspelt_part_is_refused_and_an_older_one_is_still_read() {
        assert!(Rule::parse(r#"{"rol":["student"]}"#).is_err());
        let old = r#"{"all":[{"role":["teacher"]},{"joined_since":20667},{"not":{"org":["00000000-0000-0000-0000-000000000000"]}}]}"#;
        assert_eq!(Rule::parse(old).unwrap().to_json().unwrap(), old);
    }
}
