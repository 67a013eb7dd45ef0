//! How a version becomes the district's policy: public notice, hearing or meeting, the board's vote. Refuses an adoption for which
//! something is missing, and names all of it. Keeps the record; never says that a law is met.

pub mod dossier;
pub mod evidence;
mod store;

use serde::Serialize;
use uuid::Uuid;

use crate::audit;
use crate::db::Tx;
use crate::feedback;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Moment, Problem, Result, VersionId};
use crate::policies::{self, State, Version, publishing};
use crate::roster::district;

/// The policy that CIPA asks for, by its slug: it needs notice and a hearing or meeting before its first adoption
/// (47 USC 254(h)(5)(A)(iii), (l)(1)(B)).
pub const INTERNET_SAFETY: &str = "internet-safety";

/// Public notice of a proposed version.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Notice {
    pub uid: Uuid,
    /// Where: the district's website, the board's notice board …
    pub posted: String,
    pub from_day: Day,
    pub body: String,
    pub at: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    Hearing,
    Meeting,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Meeting {
    pub uid: Uuid,
    pub kind: MeetingKind,
    pub day: Day,
    pub place: String,
    pub agenda: String,
    /// Empty until they are written.
    pub minutes: String,
    /// Who was there; empty until it is written.
    pub attendance: String,
    pub at: Moment,
}

/// The board's vote.
#[derive(Debug, Clone, Serialize)]
pub struct Adoption {
    pub votes_for: i64,
    pub against: i64,
    pub abstained: i64,
    /// Its number in the board's record.
    pub resolution: String,
    pub day: Day,
}

#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Vote {
    pub votes_for: i64,
    pub against: i64,
    pub abstained: i64,
    pub resolution: String,
    pub day: Day,
    /// Who wrote it down here.
    pub by_name: String,
    pub at: Moment,
}

/// Everything on record about a version's way to adoption, for the public page and the auditor.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    pub notices: Vec<Notice>,
    pub meetings: Vec<Meeting>,
    pub vote: Option<Vote>,
    /// The groups that commented, and how often.
    pub heard: Vec<(feedback::Stakeholder, i64)>,
    /// The hash of the adopted text by language.
    pub hashes: Vec<(String, String)>,
}

fn author(actor: &Actor) -> Result<()> {
    if actor.may_author() { Ok(()) } else { Err(Problem::NotFound) }
}

/// Records where and from when the public was told of a version.
///
/// # Errors
/// `Invalid` for missing words; `Conflict` once the version is adopted: a notice comes before.
pub async fn give_notice(tx: &mut Tx, actor: &Actor, version: VersionId, posted: &str, from_day: Day, body: &str) -> Result<Notice> {
    author(actor)?;
    let mut checks = Checks::default();
    checks.require(words(posted, 500), "posted", "say where the notice was posted, in at most 500 characters");
    checks.require(words(body, 10_000), "body", "write the words of the notice, in at most 10,000 characters");
    checks.done()?;
    let found = before_adoption(tx, version, "notice").await?;
    let notice = Notice { uid: tx.uid(), posted: posted.trim().into(), from_day, body: body.trim().into(), at: tx.now() };
    store::insert_notice(tx, actor, version, &notice).await?;
    let detail = serde_json::json!({ "version": found.number, "notice": notice.uid, "from": from_day.iso() });
    audit::record(tx, actor, "adoption.notice_given", &found.slug, detail).await?;
    Ok(notice)
}

/// Records a hearing or meeting that addresses a version, held or to come. Minutes may follow: [`write_minutes`].
pub async fn hold_meeting(
    tx: &mut Tx,
    actor: &Actor,
    version: VersionId,
    (kind, day): (MeetingKind, Day),
    place: &str,
    agenda: &str,
    (minutes, attendance): (&str, &str),
) -> Result<Meeting> {
    author(actor)?;
    let mut checks = Checks::default();
    checks.require(words(place, 500), "place", "say where it was held, in at most 500 characters");
    checks.require(words(agenda, 2_000), "agenda", "name the agenda item under which the policy was called, in at most 2,000 characters");
    checks.require(minutes.trim().is_empty() || words(minutes, 50_000), "minutes", "write at most 50,000 characters");
    checks.require(attendance.trim().is_empty() || words(attendance, 5_000), "attendance", "write at most 5,000 characters");
    checks.done()?;
    let found = before_adoption(tx, version, "meeting").await?;
    let (uid, at) = (tx.uid(), tx.now());
    let meeting = Meeting {
        uid,
        kind,
        day,
        place: place.trim().into(),
        agenda: agenda.trim().into(),
        minutes: minutes.trim().into(),
        attendance: attendance.trim().into(),
        at,
    };
    store::insert_meeting(tx, actor, version, &meeting).await?;
    let detail = serde_json::json!({ "version": found.number, "meeting": uid, "kind": kind, "day": day.iso() });
    audit::record(tx, actor, "adoption.meeting_recorded", &found.slug, detail).await?;
    Ok(meeting)
}

/// Writes the minutes of a meeting, once; boards approve them later, so this is allowed after adoption.
///
/// # Errors
/// `Conflict` when they are written already.
pub async fn write_minutes(tx: &mut Tx, actor: &Actor, meeting: Uuid, minutes: &str, attendance: &str) -> Result<()> {
    author(actor)?;
    if !attendance.trim().is_empty() && !words(attendance, 5_000) {
        return Err(Problem::invalid("attendance", "write who was there, in at most 5,000 characters"));
    }
    if !words(minutes, 50_000) {
        return Err(Problem::invalid("minutes", "write the minutes, in at most 50,000 characters"));
    }
    if store::meeting_version(tx, meeting).await?.is_none() {
        return Err(Problem::NotFound);
    }
    if !store::set_minutes(tx, meeting, minutes.trim()).await? {
        return Err(Problem::conflict("this meeting has its minutes already: they are written once"));
    }
    if !attendance.trim().is_empty() {
        store::set_attendance(tx, meeting, attendance.trim()).await?;
    }
    audit::record(tx, actor, "adoption.minutes_written", &meeting.to_string(), serde_json::json!({})).await
}

/// What keeps a version from being adopted by a vote on that day, each thing in words; empty when nothing does.
pub async fn missing(tx: &mut Tx, version: &Version, vote_day: Day) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    if feedback::open_now(tx, version).await?.is_some() {
        missing.push("its feedback is still open: close it first".to_owned());
    }
    match feedback::unanswered(tx, version.id).await? {
        0 => {}
        1 => missing.push("1 comment has no answer".to_owned()),
        n => missing.push(format!("{n} comments have no answer")),
    }
    missing.extend(policies::gaps(tx, version.id).await?);
    if version.slug == INTERNET_SAFETY {
        missing.extend(unheard(tx, version, vote_day).await?);
    }
    Ok(missing)
}

/// Notice, and a hearing or meeting on or after it and not after the vote: on this version or an earlier one. CIPA asks for them
/// once; an amendment needs others only where state law or the district's own rules say so.
async fn unheard(tx: &mut Tx, version: &Version, vote_day: Day) -> Result<Vec<String>> {
    let mut any_notice = false;
    for earlier in policies::versions(tx, version.policy_id).await? {
        // A version that was withdrawn before its adoption proves nothing for this one.
        let counts = earlier.id == version.id || earlier.adopted_day.is_some();
        if !counts {
            continue;
        }
        let notices = store::notices(tx, earlier.id).await?;
        let meetings = store::meetings(tx, earlier.id).await?;
        any_notice |= !notices.is_empty();
        if notices.iter().any(|n| meetings.iter().any(|m| n.from_day <= m.day && m.day <= vote_day)) {
            return Ok(Vec::new());
        }
    }
    let notice = (!any_notice).then(|| "no public notice is on record (CIPA-NOTICE)".to_owned());
    let meeting = "no public hearing or meeting on or after the notice, and not after the vote, is on record (CIPA-HEARING)".to_owned();
    Ok(notice.into_iter().chain([meeting]).collect())
}

/// Records the board's vote and freezes the version's text for good. Directors only.
///
/// # Errors
/// `Invalid` for impossible numbers or a day in the future; `Conflict` naming each thing that is missing: a vote that didn't
/// carry, open feedback, unanswered comments, open blanks, and for the Internet Safety Policy missing elements, notice, meeting.
pub async fn adopt(tx: &mut Tx, actor: &Actor, version: VersionId, adoption: Adoption) -> Result<Version> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let today = district::get(tx).await?.today(tx.now());
    let mut checks = Checks::default();
    for (field, votes) in [("for", adoption.votes_for), ("against", adoption.against), ("abstained", adoption.abstained)] {
        checks.require((0..=1_000).contains(&votes), field, "write how many votes there were, from 0 to 1000");
    }
    checks.require(words(&adoption.resolution, 100), "resolution", "write the resolution's number, in at most 100 characters");
    checks.require(adoption.day <= today, "day", "a vote can't be recorded before its day");
    checks.done()?;
    let found = before_adoption(tx, version, "vote").await?;
    // Nobody changes the text or answers a comment between the check and the vote.
    publishing::hold(tx, version).await?;
    let mut missing = missing(tx, &found, adoption.day).await?;
    if adoption.votes_for <= adoption.against {
        missing.push(format!("the vote didn't carry ({} for, {} against)", adoption.votes_for, adoption.against));
    }
    if !missing.is_empty() {
        return Err(Problem::conflict(format!(
            "version {} of “{}” can't be adopted yet:\n- {}",
            found.number,
            found.slug,
            missing.join("\n- ")
        )));
    }
    // A round whose last day has passed ends here.
    if found.state == State::Open {
        feedback::close_round(tx, actor, version).await?;
    }
    publishing::mark_adopted(tx, version, adoption.day).await?;
    store::insert_vote(tx, actor, version, &adoption).await?;
    let detail = serde_json::json!({
        "version": found.number, "for": adoption.votes_for, "against": adoption.against, "abstained": adoption.abstained,
        "resolution": adoption.resolution, "day": adoption.day.iso(),
    });
    audit::record(tx, actor, "policy.adopted", &found.slug, detail).await?;
    policies::reading::version_by_id(tx, version).await
}

/// The record of a version's adoption, as far as there is one.
pub async fn record_of(tx: &mut Tx, version: &Version) -> Result<Record> {
    let mut hashes = Vec::new();
    for language in policies::reading::languages(tx, version.id).await? {
        let text = policies::reading::text(tx, version.id, &language).await?;
        hashes.push((language, text.hash()?));
    }
    Ok(Record {
        notices: store::notices(tx, version.id).await?,
        meetings: store::meetings(tx, version.id).await?,
        vote: store::vote(tx, version.id).await?,
        heard: feedback::heard_groups(tx, version.id).await?,
        hashes,
    })
}

async fn before_adoption(tx: &mut Tx, version: VersionId, what: &str) -> Result<Version> {
    let found = policies::reading::version_by_id(tx, version).await?;
    if matches!(found.state, State::Draft | State::Open | State::Closed) {
        return Ok(found);
    }
    Err(Problem::conflict(format!(
        "version {} of “{}” is {}: a {what} is recorded before adoption",
        found.number,
        found.slug,
        found.state.name()
    )))
}

/// Something is written, not longer than `longest` characters and fit to be stored.
fn words(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.contains('\0')
}
