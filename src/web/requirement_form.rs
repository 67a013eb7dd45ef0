//! The form that says who must do what by when. What is sent becomes a rule and a new requirement, or words beside each field that is
//! wrong. Groups are added and taken away by buttons that send the form, so that no script is needed.

use super::requirements::SubjectChoice;
use super::words;
use crate::kernel::problem::Checks;
use crate::kernel::{Day, Locale, Result};
use crate::obligations::{AnswersAs, NewRequirement, Window};
use crate::roster::audience::{Choices, Rule};
use rocket::FromForm;

/// The most groups, and the most lines that leave somebody out.
pub const MOST: usize = 4;

/// What a group can be, beside single roles.
pub const ROLES: [&str; 7] = ["student", "all_staff", "teacher", "staff", "school_leader", "board_member", "everybody"];

/// One "anybody who is …".
#[derive(Debug, Clone, Default, FromForm)]
pub struct Group {
    #[field(default = "student".to_owned())]
    pub role: String,
    #[field(default = String::new())]
    pub school: String,
    pub grades: Vec<String>,
    #[field(default = String::new())]
    pub language: String,
    #[field(default = String::new())]
    pub joined: String,
}

/// One "but not …".
#[derive(Debug, Clone, Default, FromForm)]
pub struct Except {
    #[field(default = String::new())]
    pub role: String,
    #[field(default = String::new())]
    pub school: String,
}

/// The whole form, as text.
#[derive(Debug, Clone, FromForm)]
pub struct Filled {
    /// `policy-12`, `course-3`.
    #[field(default = String::new())]
    pub subject: String,
    #[field(default = String::new())]
    pub title: String,
    #[field(default = "oneself".to_owned())]
    pub answers_as: String,
    pub groups: Vec<Group>,
    pub excepts: Vec<Except>,
    #[field(default = String::new())]
    pub due: String,
    #[field(default = "30".to_owned())]
    pub join_days: String,
    #[field(default = "95".to_owned())]
    pub goal: String,
    /// What the reader saw counted: the audience and who answers. Nobody is asked who wasn't counted before.
    #[field(default = String::new())]
    pub counted: String,
    /// Which button was pressed.
    #[field(default = String::new())]
    pub act: String,
}

impl Default for Filled {
    fn default() -> Self {
        Self {
            subject: String::new(),
            title: String::new(),
            answers_as: "oneself".into(),
            groups: vec![Group { role: "student".into(), ..Group::default() }],
            excepts: Vec::new(),
            due: String::new(),
            join_days: "30".into(),
            goal: "95".into(),
            counted: String::new(),
            act: String::new(),
        }
    }
}

impl Filled {
    /// Does what the buttons "add" and "remove" ask for.
    pub fn arrange(&mut self) {
        let index = |name: &str| self.act.strip_prefix(name).and_then(|n| n.parse::<usize>().ok());
        let (group, except) = (index("remove-group-"), index("remove-except-"));
        if let Some(number) = group.filter(|n| *n < self.groups.len() && self.groups.len() > 1) {
            self.groups.remove(number);
        }
        if let Some(number) = except.filter(|n| *n < self.excepts.len()) {
            self.excepts.remove(number);
        }
        match self.act.as_str() {
            "add-group" => self.groups.push(Group { role: "student".into(), ..Group::default() }),
            "add-except" => self.excepts.push(Except::default()),
            _ => {}
        }
        if self.groups.is_empty() {
            self.groups.push(Group { role: "student".into(), ..Group::default() });
        }
        self.groups.truncate(MOST);
        self.excepts.truncate(MOST);
    }

    pub fn answers_as(&self) -> AnswersAs {
        if self.answers_as == "guardian" { AnswersAs::Guardian } else { AnswersAs::Oneself }
    }

    /// The audience as a rule.
    ///
    /// # Errors
    /// `Invalid` with the fields `groups[n].…` and `excepts[n].…`.
    pub fn rule(&self, choices: &Choices, locale: Locale) -> Result<Rule> {
        let say = |key: &str| words::say(locale, key);
        let mut checks = Checks::default();
        let school = |checks: &mut Checks, field: String, value: &str| {
            let known = choices.orgs.iter().find(|(known, _)| known.to_string() == value);
            if known.is_none() {
                checks.say(field, say("requirements-unknown-school"));
            }
            known.map(|(uid, _)| Rule::Org(vec![*uid]))
        };
        let mut any = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            let field = |name: &str| format!("groups[{number}].{name}");
            let mut parts = Vec::new();
            match role(&group.role) {
                Some(rule) => parts.push(rule),
                None => checks.say(field("role"), say("requirements-unknown-role")),
            }
            if !group.grades.is_empty() {
                if group.grades.iter().any(|g| !choices.grades.contains(g)) {
                    checks.say(field("grades"), say("requirements-unknown-grade"));
                }
                parts.push(Rule::Grade(group.grades.clone()));
            }
            if !group.school.is_empty() {
                parts.extend(school(&mut checks, field("school"), &group.school));
            }
            if !group.language.is_empty() {
                if !choices.languages.contains(&group.language) {
                    checks.say(field("language"), say("requirements-unknown-language"));
                }
                parts.push(Rule::Language(vec![group.language.clone()]));
            }
            if !group.joined.trim().is_empty() {
                match Day::parse_iso(&group.joined) {
                    Some(day) => parts.push(Rule::JoinedSince(day)),
                    None => checks.say(field("joined"), say("requirements-date-unreadable")),
                }
            }
            any.push(together(parts));
        }
        let mut without = Vec::new();
        for (number, except) in self.excepts.iter().enumerate() {
            let mut parts = Vec::new();
            if !except.role.is_empty() {
                match role(&except.role) {
                    Some(rule) if rule != Rule::Everybody => parts.push(rule),
                    _ => checks.say(format!("excepts[{number}].role"), say("requirements-unknown-role")),
                }
            }
            if !except.school.is_empty() {
                if parts.is_empty() && except.role.is_empty() {
                    parts.push(Rule::Everybody);
                }
                parts.extend(school(&mut checks, format!("excepts[{number}].school"), &except.school));
            }
            if !parts.is_empty() {
                without.push(Rule::Not(Box::new(together(parts))));
            }
        }
        checks.done()?;
        let named = if any.len() == 1 { any.remove(0) } else { Rule::Any(any) };
        if without.is_empty() {
            return Ok(named);
        }
        without.insert(0, named);
        Ok(Rule::All(without))
    }

    /// The whole requirement; what the rule can't know is checked when it is saved.
    ///
    /// # Errors
    /// `Invalid` with each field that can't be read.
    pub fn requirement(&self, rule: Rule, subjects: &[SubjectChoice], locale: Locale) -> Result<NewRequirement> {
        let say = |key: &str| words::say(locale, key);
        let mut checks = Checks::default();
        let subject = subjects.iter().find(|s| s.value() == self.subject);
        if subject.is_none() {
            checks.say("subject", say("requirements-no-subject"));
        }
        let due = if self.due.trim().is_empty() {
            None
        } else {
            let due = Day::parse_iso(&self.due);
            if due.is_none() {
                checks.say("due", say("requirements-date-unreadable"));
            }
            due
        };
        let mut number = |field: &str, text: &str| {
            let read = text.trim().parse::<i64>();
            if read.is_err() {
                checks.say(field, say("requirements-not-a-number"));
            }
            read.unwrap_or_default()
        };
        let (join_days, goal) = (number("join_days", &self.join_days), number("goal", &self.goal));
        checks.done()?;
        let subject = subject.ok_or(crate::kernel::Problem::NotFound)?;
        let title = if self.title.trim().is_empty() { subject.title.clone() } else { self.title.trim().to_owned() };
        Ok(NewRequirement {
            title,
            subject: subject.subject()?,
            answers_as: self.answers_as(),
            audience: rule,
            due,
            join_days,
            goal,
            minutes: subject.minutes,
            window: Window::default(),
        })
    }
}

fn role(name: &str) -> Option<Rule> {
    match name {
        "everybody" => Some(Rule::Everybody),
        "all_staff" => Some(Rule::AllStaff),
        role if ROLES.contains(&role) => Some(Rule::Role(vec![role.to_owned()])),
        _ => None,
    }
}

fn together(mut parts: Vec<Rule>) -> Rule {
    if parts.len() == 1 { parts.remove(0) } else { Rule::All(parts) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use uuid::Uuid;

    use super::*;
    use crate::roster::audience::Names;

    fn choices() -> Choices {
        Choices { orgs: vec![(Uuid::nil(), "Harbor Middle".into())], languages: vec!["es".into()], grades: vec!["06".into(), "07".into()] }
    }

    fn harbor() -> String {
        Uuid::nil().to_string()
    }

    #[test]
    fn groups_and_what_is_left_out_become_a_rule_that_reads_as_it_was_filled_in() {
        let filled = Filled {
            groups: vec![
                Group { role: "student".into(), school: harbor(), grades: vec!["06".into(), "07".into()], ..Group::default() },
                Group { role: "teacher".into(), joined: "2026-08-01".into(), ..Group::default() },
            ],
            excepts: vec![Except { role: "school_leader".into(), school: String::new() }, Except::default()],
            ..Filled::default()
        };
        let rule = filled.rule(&choices(), Locale::En).unwrap();
        let names = Names(HashMap::from([(Uuid::nil(), "Harbor Middle".to_owned())]));
        assert_eq!(
            rule.sentence(&names, Locale::En),
            "students in grades 6 and 7 at Harbor Middle or teachers who joined on or after August 1, 2026, but not school leaders"
        );
    }

    #[test]
    fn buttons_add_and_take_away_but_one_group_stays() {
        let mut filled = Filled { act: "remove-group-0".into(), ..Filled::default() };
        filled.arrange();
        assert_eq!(filled.groups.len(), 1);
        filled.act = "add-group".into();
        for _ in 0..9 {
            filled.arrange();
        }
        assert_eq!(filled.groups.len(), MOST);
        filled.groups[1].role = "teacher".into();
        filled.act = "remove-group-0".into();
        filled.arrange();
        assert_eq!((filled.groups.len(), filled.groups[0].role.as_str()), (MOST - 1, "teacher"));
    }

    #[test]
    fn a_school_that_is_not_there_is_named() {
        let filled = Filled { groups: vec![Group { role: "student".into(), school: "x".into(), ..Group::default() }], ..Filled::default() };
        assert!(filled.rule(&choices(), Locale::En).unwrap_err().to_string().starts_with("groups[0].school:"));
    }
}
