//! How the mail is doing, what went amiss, and what came to oneself.

use serde::Serialize;
use uuid::Uuid;

use super::rules::Rule;
use super::store::{self, pages};
use crate::audit;
use crate::db::Tx;
use crate::filtering;
use crate::kernel::{Actor, Moment, Page, PageOf, Problem, Reach, Result, Role};
use crate::queue::Kind;
use crate::roster::District;

pub use pages::{AmissRow as Amiss, OwnRow as Own};

/// “Lately” is a week.
const LATELY: i64 = 7 * 86_400;

/// How the mail is doing.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// When the mail server last took a mail.
    pub sent_at: Option<Moment>,
    /// It can't be reached since then.
    pub down_since: Option<Moment>,
    /// What it said then.
    pub said: String,
    /// People and accounts for whom something waits.
    pub waiting: i64,
    /// Mails sent in the last 7 days.
    pub sent: i64,
    /// Mails that went amiss, and that nobody has taken up.
    pub amiss: i64,
    /// Of these, in the last 7 days.
    pub amiss_lately: i64,
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// For directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn status(tx: &mut Tx, actor: &Actor) -> Result<Status> {
    director(actor)?;
    let server = store::server(tx).await?;
    let since = tx.now().plus_seconds(-LATELY);
    let pages::NumbersRow { waiting, sent, amiss, amiss_lately } = pages::numbers(tx, since).await?;
    Ok(Status { sent_at: server.sent_at, down_since: server.down_since, said: server.said, waiting, sent, amiss, amiss_lately })
}

/// Since when the mail server can't be reached, and how many mails went amiss in the last 7 days that nobody has taken up: what a first page
/// says. For directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn in_short(tx: &mut Tx, actor: &Actor) -> Result<(Option<Moment>, i64)> {
    director(actor)?;
    let since = tx.now().plus_seconds(-LATELY);
    Ok((store::server(tx).await?.down_since, pages::amiss_since(tx, since).await?))
}

/// Mails that were refused, that came back, or of which nobody knows; the newest first. For directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn amiss(tx: &mut Tx, actor: &Actor, page: Page) -> Result<PageOf<Amiss>> {
    director(actor)?;
    let rows = pages::amiss(tx, page).await?;
    let since = tx.now().plus_seconds(-LATELY);
    let total = pages::numbers(tx, since).await?.amiss;
    Ok(PageOf { rows, page, total })
}

/// Takes up a mail that went amiss: what in it is still open waits for a new mail, to the address as the roster has it now. How many notices:
/// none where nothing is open any more. For directors.
///
/// # Errors
/// `NotFound` for others, and where no such mail went amiss or somebody has taken it up already.
pub async fn again(tx: &mut Tx, actor: &Actor, district: &District, mail: Uuid) -> Result<u64> {
    director(actor)?;
    let Some(id) = pages::take_up(tx, mail).await? else { return Err(Problem::NotFound) };
    let today = district.today(tx.now());
    let notices = pages::wait_again(tx, id, today).await?;
    audit::record(tx, actor, "notices.again", &mail.to_string(), serde_json::json!({ "notices": notices })).await?;
    Ok(notices)
}

/// The latest ten mails to oneself, the newest first.
pub async fn own(tx: &mut Tx, actor: &Actor) -> Result<Vec<Own>> {
    pages::own(tx, actor, 10).await
}

/// Where one's own mails go; `None`: nowhere.
pub async fn own_address(tx: &mut Tx, actor: &Actor) -> Result<Option<String>> {
    pages::address(tx, actor).await
}

/// The kinds of notices that somebody may get.
pub fn own_kinds(actor: &Actor) -> Vec<Rule> {
    let gets = |kind: Kind| match kind {
        Kind::DutyNew | Kind::DutyDue | Kind::DutyLate | Kind::LinkWanted => actor.person.is_some(),
        Kind::DutyLeaders | Kind::AnswerNo => actor.has(Role::SchoolLeader) || actor.is_director(),
        Kind::CommentAnswered => true,
        Kind::RequestDecided => filtering::requests::asks_as(actor).is_some(),
        Kind::ReviewDue | Kind::ImportHeld | Kind::RequestWaiting => actor.is_director(),
        Kind::ViewWeekly | Kind::ExportReady => matches!(actor.reach, Reach::Orgs(_)),
    };
    Rule::all().into_iter().filter(|rule| gets(rule.kind)).collect()
}
