//! The form that says who must do what by when. What is sent becomes a new requirement, or words beside each field that is wrong. Who is
//! meant is the part in `audience_form`.

use super::audience_form::{self, Group};
use super::requirements::SubjectChoice;
use super::words;
use crate::kernel::problem::Checks;
use crate::kernel::{Day, Locale, Result};
use crate::obligations::{AnswersAs, NewRequirement, Window};
use crate::roster::audience::Rule;
use rocket::FromForm;

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
    pub excepts: Vec<Group>,
    #[field(default = String::new())]
    pub due: String,
    #[field(default = "30".to_owned())]
    pub join_days: String,
    #[field(default = "95".to_owned())]
    pub goal: String,
    /// What the reader saw counted: the audience and who answers. Nobody is asked who wasn't counted before.
    #[field(default = String::new())]
    pub counted: String,
    /// The name under which the audience is to be saved for later.
    #[field(default = String::new())]
    pub save_name: String,
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
            groups: vec![Group::default()],
            excepts: Vec::new(),
            due: String::new(),
            join_days: "30".into(),
            goal: "95".into(),
            counted: String::new(),
            save_name: String::new(),
            act: String::new(),
        }
    }
}

impl Filled {
    /// Does what the buttons "add", "remove" and "find" ask for.
    pub fn arrange(&mut self) {
        audience_form::arrange(&mut self.groups, &mut self.excepts, &self.act);
    }

    pub fn answers_as(&self) -> AnswersAs {
        if self.answers_as == "guardian" { AnswersAs::Guardian } else { AnswersAs::Oneself }
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
