//! What the indicators of standard 5 ask of training. Days are the district's; both ends count. Figures count people and name
//! none.

use serde::Serialize;
use uuid::Uuid;

use super::content::CipaTopic;
use super::{Audience, Topic, store};
use crate::db::Tx;
use crate::kernel::{CourseVersionId, Day, Moment, PersonId, Result};
use crate::roster::district;

/// A part of a whole, to be said in words: "412 of 530".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Share {
    pub reached: i64,
    pub of: i64,
}

/// A published version (or one that was) tagged CIPA-EDU.
#[derive(Debug, Clone, Serialize)]
pub struct CipaCourse {
    #[serde(skip)]
    pub version: CourseVersionId,
    pub uid: Uuid,
    pub slug: String,
    pub audience: Audience,
    /// Which of the three named behaviours it teaches.
    pub topics: Vec<CipaTopic>,
}

/// The cells (topic and audience) that hold a published course reviewed on that day or later.
pub async fn reviewed_cells(tx: &mut Tx, since: Day) -> Result<Vec<(Topic, Audience)>> {
    store::figures::reviewed_cells(tx, since).await
}

/// Of the people who finished an attempt between two days, how many scored `at_least` percent in their last finished one, on
/// each course that they finished then.
pub async fn well_learned(tx: &mut Tx, from: Day, to: Day, at_least: i64) -> Result<Share> {
    let (from, until) = span(tx, from, to).await?;
    let (reached, of) = store::figures::well_learned(tx, from, until, at_least).await?;
    Ok(Share { reached, of })
}

/// The versions tagged CIPA-EDU that are or were given.
pub async fn cipa_courses(tx: &mut Tx) -> Result<Vec<CipaCourse>> {
    store::figures::cipa_courses(tx).await
}

/// How many different people passed one of these versions between two days. `people`: these alone; `None`: everybody.
pub async fn completers(tx: &mut Tx, versions: &[CourseVersionId], from: Day, to: Day, people: Option<&[PersonId]>) -> Result<i64> {
    let (from, until) = span(tx, from, to).await?;
    match people {
        None => store::figures::completers(tx, versions, from, until).await,
        Some(people) => {
            let mut count = 0;
            for some in people.chunks(5_000) {
                count += store::figures::completers_among(tx, versions, from, until, some).await?;
            }
            Ok(count)
        }
    }
}

/// The same, of the people who have that primary role on the roster today, such as `student`.
pub async fn completers_with_role(tx: &mut Tx, versions: &[CourseVersionId], from: Day, to: Day, role: &str) -> Result<i64> {
    let (from, until) = span(tx, from, to).await?;
    store::figures::completers_with_role(tx, versions, from, until, role).await
}

/// From the first instant of one day to the last of another.
async fn span(tx: &mut Tx, from: Day, to: Day) -> Result<(Moment, Moment)> {
    let zone = district::get(tx).await?.zone;
    Ok((zone.start_of(from), zone.start_of(to.plus(1))))
}
