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
    #[field(default = String::new())]
    pub opens: String,
    #[field(default = "0".to_owned())]
    pub grace_days: String,
    #[field(default = false)]
    pub yearly: bool,
    /// The course for whoever did this one before: `course-3`.
    #[field(default = String::new())]
    pub refresher: String,
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
            opens: String::new(),
            grace_days: "0".into(),
            yearly: false,
            refresher: String::new(),
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

    /// Whether more is said of the days than the last one.
    pub fn has_window(&self) -> bool {
        !self.opens.trim().is_empty() || self.grace_days.trim() != "0" || self.yearly || !self.refresher.is_empty()
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
        let mut day = |field: &str, text: &str| {
            let read = Day::parse_iso(text);
            if read.is_none() && !text.trim().is_empty() {
                checks.say(field, say("requirements-date-unreadable"));
            }
            read
        };
        let (due, opens) = (day("due", &self.due), day("opens", &self.opens));
        let refresher = subjects.iter().find(|s| s.kind == "course" && s.value() == self.refresher);
        if refresher.is_none() && !self.refresher.is_empty() {
            checks.say("refresher", say("requirements-no-refresher"));
        }
        let mut number = |field: &str, text: &str| {
            let read = text.trim().parse::<i64>();
            if read.is_err() {
                checks.say(field, say("requirements-not-a-number"));
            }
            read.unwrap_or_default()
        };
        let (join_days, goal) = (number("join_days", &self.join_days), number("goal", &self.goal));
        let grace_days = number("grace_days", &self.grace_days);
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
            window: Window { opens, grace_days, yearly: self.yearly, refresher: refresher.map(|course| (course.version, course.root)) },
        })
    }
}
