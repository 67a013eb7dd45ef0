//! What stands on every page: the district's name, the way around, the reader's language. A page's template holds a `shell` and
//! extends `base.html`.

use crate::kernel::{Actor, Day, FieldError, Locale, Reach, Role};

use super::words::{self, Value};

/// One entry of the bar.
#[derive(Debug, Clone)]
pub struct NavItem {
    pub href: &'static str,
    pub key: &'static str,
    pub current: bool,
}

/// What every page shows around its own matter.
#[derive(Debug, Clone)]
pub struct Shell {
    pub title: String,
    pub locale: Locale,
    pub district: String,
    /// The reader's name; `None` for a visitor.
    pub name: Option<String>,
    pub nav: Vec<NavItem>,
    /// The device is in children's hands: nothing leads elsewhere.
    pub in_class: bool,
    /// The reader came by a link in a mail: only what is needed to answer opens.
    pub only_answers: bool,
    /// A page for whoever holds a link in a mail and isn't in yet: the frame names nobody and leads nowhere.
    pub at_the_door: bool,
    /// The page's own path and query, to come back to.
    pub path: String,
    /// One line about what was just done, before the heading.
    pub notice: Option<String>,
    /// What is wrong with the form on the page.
    pub problems: Vec<FieldError>,
    pub today: Day,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // templates hand references over
impl Shell {
    /// A frame without a district, for the page that says that nothing works.
    pub fn bare(title: String) -> Self {
        Self {
            title,
            locale: Locale::En,
            district: "Assent".into(),
            name: None,
            nav: Vec::new(),
            in_class: false,
            only_answers: false,
            at_the_door: false,
            path: "/".into(),
            notice: None,
            problems: Vec::new(),
            today: Day(0),
        }
    }

    /// The frame of a page at the door, in that language. The page's path holds a token, and is shown nowhere.
    #[must_use]
    pub fn at_the_door(self, locale: Locale) -> Self {
        Self { locale, name: None, nav: Vec::new(), path: String::new(), at_the_door: true, ..self }
    }

    /// The message of that key in the reader's language.
    pub fn t(&self, key: &str) -> String {
        words::say(self.locale, key)
    }

    /// The message with one value.
    pub fn tv(&self, key: &str, name: &str, value: impl Into<Value>) -> String {
        words::say_with(self.locale, key, &[(name, value.into())])
    }

    /// The message with two values.
    pub fn tvv(&self, key: &str, name: &str, value: impl Into<Value>, other: &str, second: impl Into<Value>) -> String {
        words::say_with(self.locale, key, &[(name, value.into()), (other, second.into())])
    }

    /// The message with three values.
    #[allow(clippy::too_many_arguments)]
    pub fn tvvv(
        &self,
        key: &str,
        a: &str,
        first: impl Into<Value>,
        b: &str,
        second: impl Into<Value>,
        c: &str,
        third: impl Into<Value>,
    ) -> String {
        words::say_with(self.locale, key, &[(a, first.into()), (b, second.into()), (c, third.into())])
    }

    pub fn other_locale(&self) -> Locale {
        match self.locale {
            Locale::En => Locale::Es,
            Locale::Es => Locale::En,
        }
    }

    /// `September 18, 2026`.
    pub fn day(&self, day: &Day) -> String {
        self.locale.day(*day)
    }

    /// `Friday, September 18`.
    pub fn weekday(&self, day: &Day) -> String {
        self.locale.weekday_and_day(*day)
    }

    /// `Thursday, October 1, 2026` or `jueves 1 de octubre de 2026`.
    pub fn weekday_year(&self, day: Day) -> String {
        match self.locale {
            Locale::En => format!("{}, {}", self.locale.weekday_and_day(day), day.year()),
            Locale::Es => format!("{} de {}", self.locale.weekday_and_day(day), day.year()),
        }
    }

    /// What people of a role are called.
    pub fn role(&self, role: &str) -> String {
        self.t(&format!("role-{}", if role.is_empty() { "none" } else { role }))
    }

    /// What a kind of document is called.
    pub fn kind(&self, kind: &str) -> String {
        self.t(&format!("policy-kind-{kind}"))
    }

    /// For whom a document or course is.
    pub fn audience(&self, audience: &str) -> String {
        self.t(&format!("audience-{}", audience.replace(' ', "-").to_lowercase()))
    }

    /// How a comment was answered.
    pub fn outcome(&self, outcome: &str) -> String {
        self.t(&format!("policy-outcome-{outcome}"))
    }

    /// What became of a clause between two versions.
    pub fn change(&self, status: &crate::policies::compare::Status) -> String {
        use crate::policies::compare::Status;
        self.t(match status {
            Status::Same => "policy-change-same",
            Status::Changed => "policy-change-changed",
            Status::Added => "policy-change-added",
            Status::Removed => "policy-change-removed",
            Status::Moved => "policy-change-moved",
        })
    }

    /// A grade as people say it: `Grade 7`, `Kindergarten`.
    pub fn grade(&self, grade: &str) -> String {
        match grade {
            "" => self.t("grade-none"),
            "KG" => self.t("grade-kindergarten"),
            "PK" | "PR" | "TK" | "IT" => self.t("grade-pre"),
            number => self.tv("grade-name", "grade", number.trim_start_matches('0')),
        }
    }

    /// A title whose ranges (`9–12`, `K–2`) don't break after their dash, where a line is narrow.
    #[allow(clippy::unused_self)] // templates have the shell at hand, and no other function
    pub fn joined(&self, text: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let mut out = String::with_capacity(text.len() + 6);
        for (at, letter) in letters.iter().enumerate() {
            let beside = |n: Option<usize>| n.and_then(|n| letters.get(n)).is_some_and(|c| c.is_alphanumeric());
            if *letter == '–' && beside(at.checked_sub(1)) && beside(Some(at + 1)) {
                out.push_str("\u{2060}–\u{2060}");
            } else {
                out.push(*letter);
            }
        }
        out
    }

    pub fn number(&self, number: &i64) -> String {
        self.locale.number(*number)
    }

    /// What is wrong with that field, for the words beside it.
    pub fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|p| p.field == field).map(|p| p.text.as_str())
    }

    #[must_use]
    pub fn with_problems(mut self, problems: Vec<FieldError>) -> Self {
        self.problems = problems;
        self
    }
}

/// The bar's entries for somebody; `path` decides which is the current one.
pub fn nav(actor: Option<&Actor>, path: &str) -> Vec<NavItem> {
    let mut items: Vec<(&'static str, &'static str)> = Vec::new();
    match actor {
        None => items.extend([("/policies", "nav-policies"), ("/filter", "nav-filter")]),
        Some(actor) => {
            items.push(("/", if matches!(actor.reach, Reach::Orgs(_)) { "nav-today" } else { "nav-tasks" }));
            if actor.person.is_some() && !matches!(actor.reach, Reach::Orgs(_)) {
                items.push(("/answers", "nav-answers"));
            }
            if !actor.by_link {
                items.push(("/policies", "nav-policies"));
            }
            if !actor.by_link && !actor.has(Role::Auditor) {
                items.push(("/courses", "nav-training"));
            }
            if !actor.by_link {
                items.push(("/filter", "nav-filter"));
            }
            if actor.is_director() {
                items.push(("/requirements", "nav-requirements"));
                items.push(("/roster", "nav-roster"));
                items.push(("/mail", "nav-mail"));
            }
            if actor.may_audit() {
                items.push(("/audit", "nav-audit"));
            }
            if actor.is_director() || actor.has(Role::Auditor) || actor.has(Role::BoardMember) || actor.has(Role::SchoolLeader) {
                items.push(("/standard-5", "nav-standard5"));
            }
        }
    }
    items
        .into_iter()
        .map(|(href, key)| NavItem {
            href,
            key,
            current: if href == "/" {
                path == "/" || path.starts_with("/tasks") || (path.starts_with("/classes") && path != "/classes/grades")
            } else {
                path == href
                    || (href == "/audit"
                        && ["/auditors", "/samples", "/disclosures", "/packets"].iter().any(|beside| path.starts_with(beside)))
                    || (href == "/requirements" && (path.starts_with("/audiences") || path == "/classes/grades"))
                    || path.starts_with(&format!("{href}/"))
                    || path.starts_with(&format!("{href}?"))
            },
        })
        .collect()
}
