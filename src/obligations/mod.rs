//! Who owes what, by when. A *requirement* names a subject (a policy's or course's version, known here only by id), an audience
//! and a window; an *obligation* is one person's duty under it. Issue, roster changes and answers all go through this room, and
//! each writes the ledger of counts ([`tally`]) in the same transaction. Knows nothing of what policies and courses say.

mod asked;
mod audiences;
pub mod causes;
pub mod comparing;
pub mod courses;
pub mod crossing;
pub mod denominators;
pub mod dispensations;
pub mod duties;
pub mod figures;
pub mod people;
pub mod requirements;
pub mod sample;
mod store;
pub mod suppression;
mod tally;
pub mod tasks;
pub mod verify;
pub mod views;
pub mod years;

pub use causes::{Cause, CauseKind, DutyReport};
pub use duties::{Closing, close, complete, follow};
pub use requirements::{AnswersAs, NewRequirement, Requirement, RequirementState, Subject, Window};
pub use tally::Cell;
pub use years::{NewDay, day_begins};

/// In which state a duty can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Fulfilled,
    Declined,
    /// Not asked of this person, with a reason; counts in no share.
    Exempt,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Fulfilled => "fulfilled",
            Self::Declined => "declined",
            Self::Exempt => "exempt",
        }
    }

    pub const ALL: [Self; 4] = [Self::Open, Self::Fulfilled, Self::Declined, Self::Exempt];

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}
