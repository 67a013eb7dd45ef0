//! The classes that somebody stands before, and who sits in them on a day. A teacher's by enrollment; a school leader's are all of the school,
//! for whoever stands in. Everybody else has none.

mod store;

pub use store::Asker;
pub(crate) use store::theirs;

use serde::Serialize;
use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Actor, Day, PersonId, Problem, Result, SectionId};

/// A class.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Section {
    #[serde(skip)]
    pub id: SectionId,
    pub uid: Uuid,
    pub title: String,
    pub school: String,
}

/// A student of a class.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Pupil {
    #[serde(skip)]
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
}

impl Pupil {
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// The class with that uid, if the actor may stand before it on that day.
///
/// # Errors
/// `NotFound` for any other.
pub async fn section(tx: &mut Tx, actor: &Actor, day: Day, uid: Uuid) -> Result<Section> {
    store::section(tx, &Asker::of(actor, true), day, uid).await?.ok_or(Problem::NotFound)
}

/// Who sat in the class on that day, each under the record that was kept, by name.
pub async fn pupils(tx: &mut Tx, section: SectionId, day: Day) -> Result<Vec<Pupil>> {
    store::pupils(tx, section, day).await
}
