//! The error policy, once. A [`Problem`] is what a verb answers when it can't do what was asked.
//!
//! - `Invalid`: the input is wrong; each entry names the field, and says what is wrong and how to mend it. Nothing was changed.
//! - `NotFound`: it isn't there, or lies outside the actor's reach; the two are never told apart.
//! - `Conflict`: it can't be done in the present state; the text says why and what would have to happen first.
//! - `Internal`: our fault. The cause goes to the log; a user sees a plain page with an id, never the cause.
//!
//! Handlers turn them into 422, 404, 409 and 500 pages; commands into a line on standard error and a status other than 0.
//! A transaction that isn't committed is rolled back, so a problem leaves nothing half done.

use std::error::Error;

pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// What is wrong with one field, in words for the person who filled it in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The field's name in the form or command.
    pub field: String,
    /// What is wrong and how to mend it.
    pub text: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("{}", join(.0))]
    Invalid(Vec<FieldError>),
    #[error("there is no such record")]
    NotFound,
    #[error("{0}")]
    Conflict(String),
    #[error("{what}: {cause}")]
    Internal { what: String, cause: Box<dyn Error + Send + Sync> },
}

fn join(errors: &[FieldError]) -> String {
    errors.iter().map(|e| format!("{}: {}", e.field, e.text)).collect::<Vec<_>>().join("\n")
}

impl Problem {
    pub fn invalid(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), text: text.into() }])
    }

    pub fn conflict(text: impl Into<String>) -> Self {
        Self::Conflict(text.into())
    }

    pub fn internal(what: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal { what: what.into(), cause: cause.into() }
    }
}

impl From<std::io::Error> for Problem {
    fn from(cause: std::io::Error) -> Self {
        Self::internal("a file could not be read or written", cause)
    }
}

/// Gathers what is wrong with a form, so that a person hears of all of it at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    pub fn say(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), text: text.into() });
    }

    pub fn require(&mut self, holds: bool, field: &str, text: &str) {
        if !holds {
            self.say(field, text);
        }
    }

    pub fn done(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::Invalid(self.0)) }
    }
}
