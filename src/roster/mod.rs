//! Who belongs to the district, where, as what, since when: orgs, people, positions, sections, enrollments, guardians.
//! Knows nothing of policies or duties; what a change to it means for them follows from [`Changes`].

pub mod audience;
pub mod district;
pub mod generate;
pub mod households;
pub mod oneroster;
pub mod people;
mod store;

pub use district::District;
pub use oneroster::{import_report, imports};

use crate::kernel::PersonId;

/// The people whose place on the roster has changed (came, left, moved, changed role, grade, language, sections or guardians).
/// Hand it to `obligations::follow` in the same transaction: duties follow the roster.
#[must_use = "duties follow the roster: hand this to obligations::follow in the same transaction"]
#[derive(Debug, Default)]
pub struct Changes {
    pub people: Vec<PersonId>,
}
