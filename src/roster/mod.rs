//! Who belongs to the district, where, as what, since when: orgs, people, positions, sections, enrollments, guardians.
//! Knows nothing of policies or duties; what a change to it means for them follows from [`Changes`].

pub mod audience;
pub mod calendar;
pub mod district;
pub mod generate;
pub mod households;
pub mod oneroster;
pub mod people;
pub mod sections;
mod store;

pub use calendar::Calendar;
pub use district::District;
pub use oneroster::imports;

use crate::db::Tx;
use crate::kernel::{Day, PersonId, Result};

/// The people whose place on the roster has changed (came, left, moved, changed role, grade, language, sections or guardians).
/// Hand it to `obligations::follow` in the same transaction: duties follow the roster.
#[must_use = "duties follow the roster: hand this to obligations::follow in the same transaction"]
#[derive(Debug, Default)]
pub struct Changes {
    pub people: Vec<PersonId>,
}

/// The school year in which a day lies, by the year in which it ends: as the roster's own school years say; where none holds the day,
/// from the district's first day of a school year (1 July unless set).
pub async fn school_year(tx: &mut Tx, day: Day) -> Result<i64> {
    if let Some(year) = store::school_year_of(tx, day).await? {
        return Ok(year);
    }
    let begins = store::year_begins(tx).await?;
    let date = day.date();
    let here = i64::from(date.month()) * 100 + i64::from(date.day());
    Ok(i64::from(date.year()) + i64::from(here >= begins))
}
