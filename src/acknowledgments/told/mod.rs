//! Somebody is told: an answer that says no to something, or takes something back, leaves a notice in the same transaction. It waits until
//! somebody of the school has seen it and said what was done.
//!
//! Who is told: directors, the leaders of the school where the answer counted and of the school where the person is now, auditors within
//! their reach; teachers about the students of their sections, because what a child does instead is done in their lessons. Only directors
//! and school leaders write down what was done.

mod store;

use uuid::Uuid;

use super::record::{Choice, Record};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Moment, ObligationId, Page, PageOf, Problem, Reach, Result, Role, VersionId, digest};
use crate::queue;

/// The longest note on what was done, in characters.
pub const LONGEST_NOTE: usize = 500;

/// Which notices are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that nobody has seen.
    Waiting,
    All,
}

/// Somebody said no to something, or took something back.
#[derive(Debug, Clone)]
pub struct Told {
    pub uid: Uuid,
    pub at: Moment,
    pub version: VersionId,
    pub number: i64,
    /// Who answered, and for whom.
    pub person_name: String,
    pub about_uid: Uuid,
    pub about_name: String,
    pub oneself: bool,
    /// Where the answer counted.
    pub school: String,
    /// The consents that were said no to or taken back; none: the whole document.
    pub matters: Vec<Choice>,
    /// Of a whole document: it was taken back, not said no to.
    pub withdrawn: bool,
    /// Why, where the person said and the reader may see the answer itself.
    pub reason: String,
    /// The answer itself, for whoever may see it.
    pub receipt: Option<Uuid>,
    /// The same person has given another answer since.
    pub answered_since: bool,
    pub seen: Option<Seen>,
}

/// What several people have said no to or taken back alike.
#[derive(Debug, Clone)]
pub struct Kind {
    /// One of their notices.
    pub example: Uuid,
    pub version: VersionId,
    /// As in [`Told`].
    pub matters: Vec<Choice>,
    pub withdrawn: bool,
    pub number: i64,
}

/// What was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub by: String,
    pub note: String,
    pub at: Moment,
}

/// Leaves a notice of an answer that has just been kept, where it says a no that the answer before it didn't say, or another reason.
/// Whatever keeps an answer calls this in the same transaction.
pub(super) async fn tell(tx: &mut Tx, obligation: ObligationId, record: &Record) -> Result<()> {
    if record.answer == "agreed" && record.choices.iter().all(|choice| choice.yes) {
        return Ok(());
    }
    let before = store::before(tx, record).await?;
    let same_reason = before.as_ref().is_some_and(|(_, _, reason)| *reason == record.reason) || record.reason.is_empty();
    let known = |choice: &Choice| same_reason && before.as_ref().is_some_and(|(_, choices, _)| choices.contains(choice));
    let matters: Vec<&Choice> = record.choices.iter().filter(|choice| !choice.yes && !known(choice)).collect();
    let whole_is_new = !(same_reason && before.as_ref().is_some_and(|(answer, ..)| *answer == record.answer));
    if if record.choices.is_empty() { whole_is_new } else { !matters.is_empty() } {
        store::insert(tx, obligation, record, &digest::canonical(&matters)?).await?;
        queue::put_to_leaders(tx, queue::Kind::AnswerNo, obligation, &serde_json::json!({})).await?;
    }
    Ok(())
}

/// Whether somebody may look at notices.
pub fn may_look(actor: &Actor) -> bool {
    actor.may_see_people()
}

/// Whether somebody may write down what was done.
pub fn may_settle(actor: &Actor) -> bool {
    actor.is_director() || (actor.has(Role::SchoolLeader) && matches!(actor.reach, Reach::Orgs(_)) && actor.may_see_people())
}

/// How many notices there are within reach; none for whoever may not see people.
pub async fn number(tx: &mut Tx, actor: &Actor, wanted: Wanted) -> Result<i64> {
    if may_look(actor) { store::count(tx, actor, wanted, None).await } else { Ok(0) }
}

/// The notices within reach: what waits first, then the newest; or those alone that say the same of the same text as that one.
///
/// # Errors
/// `NotFound` for whoever may not see people.
pub async fn list(tx: &mut Tx, actor: &Actor, wanted: Wanted, like: Option<Uuid>, page: Page) -> Result<PageOf<Told>> {
    if !may_look(actor) {
        return Err(Problem::NotFound);
    }
    Ok(PageOf { rows: store::list(tx, actor, wanted, like, page).await?, page, total: store::count(tx, actor, wanted, like).await? })
}

/// What is said in the notices within reach, the commonest first.
///
/// # Errors
/// `NotFound` for whoever may not see people.
pub async fn kinds(tx: &mut Tx, actor: &Actor, wanted: Wanted) -> Result<Vec<Kind>> {
    if may_look(actor) { store::kinds(tx, actor, wanted).await } else { Err(Problem::NotFound) }
}

/// What a notice within reach says, of which version, and whether a whole document was taken back; none out of reach.
pub async fn kind_of(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Option<(VersionId, Vec<Choice>, bool)>> {
    let found = store::list(tx, actor, Wanted::All, Some(uid), Page { number: 1, size: 1 }).await?;
    Ok(found.into_iter().next().map(|told| {
        let withdrawn = told.matters.is_empty() && told.withdrawn;
        (told.version, told.matters, withdrawn)
    }))
}

/// Writes down that somebody has seen it, and what was done. It waits no more.
///
/// # Errors
/// `NotFound` for whoever may not, and outside reach; `Invalid` (`note`) without words or with more than 500 characters; `Conflict` where
/// somebody has done it before.
pub async fn seen(tx: &mut Tx, actor: &Actor, uid: Uuid, note: &str) -> Result<()> {
    if all_seen(tx, actor, &[uid], note).await? == 0 {
        return Err(Problem::conflict("somebody has written down what was done a moment ago: load the list again to read it"));
    }
    Ok(())
}

/// The same for several, such as all who want no picture: those that somebody was quicker with stay as they are. How many it was.
///
/// # Errors
/// As [`seen`], but for the `Conflict`.
pub async fn all_seen(tx: &mut Tx, actor: &Actor, uids: &[Uuid], note: &str) -> Result<i64> {
    if !may_settle(actor) {
        return Err(Problem::NotFound);
    }
    let mut notices = Vec::new();
    for uid in uids {
        notices.push((*uid, store::find(tx, actor, *uid).await?.ok_or(Problem::NotFound)?));
    }
    let note = note.trim();
    let mut checks = Checks::default();
    checks.require(
        !note.is_empty() && note.chars().count() <= LONGEST_NOTE,
        "note",
        "say in at most 500 characters what was done: who talked with whom, what the child does instead",
    );
    checks.done()?;
    let mut number = 0;
    for (uid, (notice, seen)) in notices {
        if !seen && store::insert_seen(tx, actor, notice, note).await? {
            audit::record(tx, actor, "answer_notice.seen", &uid.to_string(), serde_json::json!({})).await?;
            number += 1;
        }
    }
    Ok(number)
}
