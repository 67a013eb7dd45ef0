//! The record of an answer and its canonical form.

use serde::Serialize;
use uuid::Uuid;

use crate::kernel::{Actor, Day, Moment, PersonId, Result, VersionId, digest};

/// One consent's answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Choice {
    pub id: String,
    pub yes: bool,
    /// It was yes before, and was taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

impl Choice {
    /// A yes or no as somebody chose it.
    pub fn said(id: impl Into<String>, yes: bool) -> Self {
        Self { id: id.into(), yes, withdrawn: false }
    }

    /// A yes that is no more.
    pub fn taken_back(id: impl Into<String>) -> Self {
        Self { id: id.into(), yes: false, withdrawn: true }
    }
}

/// One answer that somebody gave.
#[derive(Debug, Clone)]
pub struct Record {
    pub uid: Uuid,
    pub person_id: PersonId,
    pub person: Uuid,
    pub person_name: String,
    pub about: Uuid,
    pub about_name: String,
    /// `self` or `guardian`.
    pub capacity: String,
    /// How the person proved who they are: `password`, `link` (one in a mail to the person's address), `witnessed` (somebody of the school
    /// stood by) or `paper`.
    pub authenticated: String,
    /// The account of whoever stood by, or entered the paper.
    pub recorded_by: Option<Uuid>,
    pub recorded_by_name: Option<String>,
    /// The code on the paper form.
    pub paper: Option<String>,
    /// The day written beside the signature on the paper form.
    pub signed_day: Option<Day>,
    /// Of the scan with which the paper form was entered.
    pub scan_sha256: Option<String>,
    pub policy: String,
    pub version: VersionId,
    pub version_number: i64,
    pub language: String,
    pub text_hash: String,
    pub statement: String,
    /// `agreed`, `declined` or `withdrawn`.
    pub answer: String,
    pub choices: Vec<Choice>,
    pub reason: String,
    pub signed_name: String,
    pub at: Moment,
    pub hash: String,
    /// The place in the log, from 0.
    pub position: i64,
}

/// How an answer came in, where it wasn't given by the person on a device of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner<'a> {
    /// Signed in, by oneself.
    #[default]
    SignedIn,
    /// The actor, of the school, stood by and took it down: a teacher in class mode.
    Witnessed,
    /// The actor entered it from a paper form.
    Paper(OnPaper<'a>),
}

/// What a paper form says beside the answer itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPaper<'a> {
    /// The code that it bears.
    pub code: &'a str,
    pub signed_day: Option<Day>,
    /// Of the scan that comes with it.
    pub scan_sha256: Option<&'a str>,
}

impl<'a> Manner<'a> {
    /// As the record says how the person proved who they are; the actor: whoever brings the answer.
    pub fn authenticated(self, actor: &Actor) -> &'static str {
        match self {
            Self::SignedIn if actor.by_link => "link",
            Self::SignedIn => "password",
            Self::Witnessed => "witnessed",
            Self::Paper(_) => "paper",
        }
    }

    pub(super) fn on_paper(self) -> Option<OnPaper<'a>> {
        if let Self::Paper(paper) = self { Some(paper) } else { None }
    }
}

/// What is hashed: every fact of the record, people by uid (a name may change), the policy by its slug and version number.
#[derive(Serialize)]
pub struct Form<'a> {
    pub record: &'static str,
    pub id: Uuid,
    pub person: Uuid,
    pub about: Uuid,
    pub capacity: &'a str,
    pub authenticated: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<&'a str>,
    /// `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_sha256: Option<&'a str>,
    pub policy: &'a str,
    pub version: i64,
    pub language: &'a str,
    pub text_sha256: &'a str,
    pub statement: &'a str,
    pub answer: &'a str,
    pub choices: &'a [Choice],
    pub reason: &'a str,
    pub signed_name: &'a str,
    /// RFC 3339, UTC, with microseconds.
    pub at: String,
}

impl Form<'_> {
    /// What the form is of, and in which edition.
    pub const KIND: &'static str = "assent-acknowledgment/1";
}

/// How many times yes and no.
pub(super) fn count(choices: &[Choice]) -> (i64, i64) {
    choices.iter().fold((0, 0), |(yes, no), choice| if choice.yes { (yes + 1, no) } else { (yes, no + 1) })
}

impl Record {
    /// For a consent form: how many of its questions were answered yes and no. `agreed` alone tells only the principal one. `None`
    /// for a document without consents.
    pub fn yes_and_no(&self) -> Option<(i64, i64)> {
        (!self.choices.is_empty()).then(|| count(&self.choices))
    }

    /// How many of the noes are a yes that was taken back.
    pub fn taken_back(&self) -> i64 {
        self.choices.iter().map(|choice| i64::from(choice.withdrawn)).sum()
    }

    fn form(&self) -> Form<'_> {
        Form {
            record: Form::KIND,
            id: self.uid,
            person: self.person,
            about: self.about,
            capacity: &self.capacity,
            authenticated: &self.authenticated,
            recorded_by: self.recorded_by,
            paper: self.paper.as_deref(),
            signed_day: self.signed_day.map(Day::iso),
            scan_sha256: self.scan_sha256.as_deref(),
            policy: &self.policy,
            version: self.version_number,
            language: &self.language,
            text_sha256: &self.text_hash,
            statement: &self.statement,
            answer: &self.answer,
            choices: &self.choices,
            reason: &self.reason,
            signed_name: &self.signed_name,
            at: self.at.rfc3339(),
        }
    }

    /// The canonical text (RFC 8785) over which the hash is made.
    pub fn canonical(&self) -> Result<String> {
        digest::canonical(&self.form())
    }

    /// The hash as it must be.
    pub fn computed_hash(&self) -> Result<String> {
        Ok(digest::sha256_hex(self.canonical()?))
    }
}
