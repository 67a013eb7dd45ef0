//! The people behind a figure: page by page, as of the figure's day, within the reader's reach, which is applied in SQL.

use serde::Serialize;
use uuid::Uuid;

use super::{State, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, ObligationId, Page, PageOf, Problem, Result};

/// Which people of a figure are wanted; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub school: Option<Uuid>,
    pub role: Option<String>,
    pub grade: Option<String>,
    pub state: Option<State>,
    /// Only those whose last day is past and who haven't answered.
    pub late: bool,
    /// Only those who were never told of it by a mail or a letter before this moment.
    pub untold_before: Option<Moment>,
}

/// One person behind a figure.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Row {
    pub requirement: Uuid,
    pub person_uid: Uuid,
    /// The child's where a guardian answers; the same as `person_uid` otherwise.
    pub about_uid: Uuid,
    pub name: String,
    /// The child's name where a guardian answers; the same as `name` otherwise.
    pub about_name: String,
    pub school: String,
    pub role: String,
    pub grade: String,
    /// Grace not included.
    pub due: Day,
    /// The last day, grace included: from the day after it an open duty counts as late.
    pub late_after: Day,
    /// As of the day asked for.
    pub state: String,
    pub closed: Option<Day>,
    pub reason: Option<String>,
}

/// One page of the people behind a figure at the end of `day`, by family name.
///
/// # Errors
/// `NotFound` for an actor who may not see people's records.
pub async fn behind(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, filter: &Filter, page: Page) -> Result<PageOf<Row>> {
    if !actor.may_see_people() {
        return Err(Problem::NotFound);
    }
    let rows = store::people(tx, actor, requirement, day, filter, page).await?;
    let total = store::people_count(tx, actor, requirement, day, filter).await?;
    Ok(PageOf { rows, page, total })
}

/// The next people behind a figure in the order of their duties' keys, at most `limit`, each with its key; begin with `ObligationId(0)`. For
/// lists that are written while they are read.
pub async fn after(
    tx: &mut Tx,
    actor: &Actor,
    requirement: Uuid,
    day: Day,
    filter: &Filter,
    after: ObligationId,
    limit: i64,
) -> Result<Vec<(ObligationId, Row)>> {
    if !actor.may_see_people() {
        return Err(Problem::NotFound);
    }
    store::people_after(tx, actor, requirement, day, filter, after, limit).await
}

/// Everybody behind a figure, handed over one by one in the order of their keys: the CSV of a large district never stands in memory.
pub async fn each(
    tx: &mut Tx,
    actor: &Actor,
    requirement: Uuid,
    day: Day,
    filter: &Filter,
    take: impl FnMut(Row) -> Result<()>,
) -> Result<()> {
    if !actor.may_see_people() {
        return Err(Problem::NotFound);
    }
    store::each_person(tx, actor, requirement, day, filter, take).await
}
