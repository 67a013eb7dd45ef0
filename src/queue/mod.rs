//! What is to be said to whom: rows that the room `notices`, at the top, reads and words. Whatever changes something that somebody has to
//! hear of puts a row here, in the same transaction: both are there or neither is. Knows no wording, no addresses and no mails.

mod store;

use crate::db::Tx;
use crate::kernel::{AccountId, Day, Moment, ObligationId, OrgId, PersonId, RequirementId, Result};

/// What a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "text")]
pub enum Kind {
    /// Something new is asked of somebody.
    #[sqlx(rename = "duty.new")]
    #[serde(rename = "duty.new")]
    DutyNew,
    /// Its last day is near.
    #[sqlx(rename = "duty.due")]
    #[serde(rename = "duty.due")]
    DutyDue,
    /// Its last day has passed.
    #[sqlx(rename = "duty.late")]
    #[serde(rename = "duty.late")]
    DutyLate,
    /// How many of a school are late: to its leaders.
    #[sqlx(rename = "duty.leaders")]
    #[serde(rename = "duty.leaders")]
    DutyLeaders,
    /// A comment of somebody was answered.
    #[sqlx(rename = "comment.answered")]
    #[serde(rename = "comment.answered")]
    CommentAnswered,
    /// Somebody said no, or took something back: to those who have to see to it.
    #[sqlx(rename = "answer.no")]
    #[serde(rename = "answer.no")]
    AnswerNo,
    /// A policy is to be looked at again.
    #[sqlx(rename = "review.due")]
    #[serde(rename = "review.due")]
    ReviewDue,
    /// A roster waits for somebody to decide.
    #[sqlx(rename = "import.held")]
    #[serde(rename = "import.held")]
    ImportHeld,
    /// The week's figures of a view that somebody saved.
    #[sqlx(rename = "view.weekly")]
    #[serde(rename = "view.weekly")]
    ViewWeekly,
    /// A new sign-in link, for whoever asked for one.
    #[sqlx(rename = "link.wanted")]
    #[serde(rename = "link.wanted")]
    LinkWanted,
    /// A request to open what the filter stops was decided: to whoever asked.
    #[sqlx(rename = "request.decided")]
    #[serde(rename = "request.decided")]
    RequestDecided,
    /// Such a request waits: to those who decide it.
    #[sqlx(rename = "request.waiting")]
    #[serde(rename = "request.waiting")]
    RequestWaiting,
    /// A file that somebody asked for is made, or can't be.
    #[sqlx(rename = "export.ready")]
    #[serde(rename = "export.ready")]
    ExportReady,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::DutyNew,
        Self::DutyDue,
        Self::DutyLate,
        Self::DutyLeaders,
        Self::CommentAnswered,
        Self::AnswerNo,
        Self::ReviewDue,
        Self::ImportHeld,
        Self::ViewWeekly,
        Self::LinkWanted,
        Self::RequestDecided,
        Self::RequestWaiting,
        Self::ExportReady,
    ];

    /// As it is stored and written in addresses: `duty.new`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DutyNew => "duty.new",
            Self::DutyDue => "duty.due",
            Self::DutyLate => "duty.late",
            Self::DutyLeaders => "duty.leaders",
            Self::CommentAnswered => "comment.answered",
            Self::AnswerNo => "answer.no",
            Self::ReviewDue => "review.due",
            Self::ImportHeld => "import.held",
            Self::ViewWeekly => "view.weekly",
            Self::LinkWanted => "link.wanted",
            Self::RequestDecided => "request.decided",
            Self::RequestWaiting => "request.waiting",
            Self::ExportReady => "export.ready",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum To {
    Person(PersonId),
    /// An account without a record on the roster.
    Account(AccountId),
}

/// Tells each of these of something that is no duty. `subject` says of what, as JSON that the wording of that kind reads.
pub async fn put(tx: &mut Tx, kind: Kind, to: &[To], subject: &serde_json::Value, from: Day) -> Result<()> {
    if to.is_empty() { Ok(()) } else { store::insert(tx, kind, to, &subject.to_string(), from).await }
}

/// Tells the person behind an account. An account that isn't there any more is told nothing.
pub async fn put_to_account(tx: &mut Tx, kind: Kind, account: AccountId, subject: &serde_json::Value, from: Day) -> Result<()> {
    let to = match store::person_of(tx, account).await? {
        Some(person) => To::Person(person),
        None if store::is_account(tx, account).await? => To::Account(account),
        None => return Ok(()),
    };
    put(tx, kind, &[to], subject, from).await
}

/// How many notices about a duty, under any of its rows, were put down before that moment.
pub async fn put_down(tx: &mut Tx, duty: ObligationId, before: Moment) -> Result<i64> {
    store::put_down(tx, duty, before).await
}

/// From the next mail on.
pub const AT_ONCE: Day = Day(0);

/// Tells the leaders of the school where that duty counts, and of the orgs above it; where there is none, the district's directors. Whoever
/// has the same waiting hears of it once.
pub async fn put_to_leaders(tx: &mut Tx, kind: Kind, duty: ObligationId, subject: &serde_json::Value) -> Result<()> {
    match store::school_of(tx, duty).await? {
        Some(school) => put_to_leaders_of(tx, kind, school, subject).await,
        None => Ok(()),
    }
}

/// As [`put_to_leaders`], of a school.
pub async fn put_to_leaders_of(tx: &mut Tx, kind: Kind, school: OrgId, subject: &serde_json::Value) -> Result<()> {
    if store::any_in_role(tx, "school_leader", school).await? {
        store::insert_for_role(tx, kind, "school_leader", school, &subject.to_string()).await
    } else {
        store::insert_for_role(tx, kind, "director", school, &subject.to_string()).await
    }
}

/// Tells the district's directors. Whoever has the same waiting hears of it once.
pub async fn put_to_directors(tx: &mut Tx, kind: Kind, subject: &serde_json::Value) -> Result<()> {
    let Some(root) = store::root(tx).await? else { return Ok(()) };
    store::insert_for_role(tx, kind, "director", root, &subject.to_string()).await
}

/// The highest key that a duty has now: [`duties_made`] tells of those behind it.
pub async fn last_duty(tx: &mut Tx) -> Result<ObligationId> {
    store::last_duty(tx).await
}

/// Tells everybody who has an open duty of this requirement behind `last`, and had none before: who only moved was told already. Not before
/// the day `from`.
pub async fn duties_made(tx: &mut Tx, requirement: RequirementId, last: ObligationId, from: Day) -> Result<()> {
    store::insert_new_duties(tx, requirement, last, from).await
}
