//! Audit packets: one zip for a period, made in the background. The same question gives the same bytes: nothing in a packet says when or by
//! whom it was made, and its last day must be over. Student data stays out unless it is asked for, with the party and the interest that the law
//! wants to be written down; without it every group of fewer than ten is left out too, whoever asks. What stands in a packet says [`making`].

pub mod making;
mod store;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use making::{Made, Packed, make};
pub use store::Job;

use crate::audit::disclosures::{self, Party};
use crate::audit::{self};
use crate::db::Tx;
use crate::identity::{self, auditors};
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Day, Locale, Moment, OrgId, Problem, Reach, Result, Role};
use crate::obligations::sample::{self, Stratum};
use crate::queue::{self, Kind};
use crate::roster::District;

/// The longest period, in days: two school years.
pub const LONGEST: i64 = 731;
/// So many days a packet is kept.
pub const KEPT: i64 = 30;
/// So often a packet is tried that breaks off.
const TRIES: i64 = 3;

/// Of each requirement's people a random sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampling {
    pub by: Stratum,
    /// Of each stratum.
    pub each: i64,
    pub seed: String,
}

/// What a packet is asked for. Two that are equal give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub from: Day,
    /// The figures are as of the end of this day.
    pub until: Day,
    /// What is read, as the asker reached it then.
    pub orgs: Vec<OrgId>,
    pub language: Locale,
    pub sample: Option<Sampling>,
    /// With student data.
    pub records: bool,
    /// For whom, and why.
    pub to: Party,
}

/// What somebody asks for; the rest follows from who asks.
#[derive(Debug, Clone)]
pub struct Wish {
    pub from: Day,
    pub until: Day,
    pub language: Locale,
    pub sample: Option<Sampling>,
    pub records: bool,
    /// May be empty for a packet without student data, and for an auditor, whose account says it.
    pub party: String,
    pub interest: String,
}

/// How far a packet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    Running,
    Ready,
    Failed,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}

/// A packet that somebody asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Packet {
    pub uid: Uuid,
    pub question: Question,
    #[serde(skip)]
    pub account: AccountId,
    pub by_name: String,
    pub asked_at: Moment,
    pub state: State,
    pub ended_at: Option<Moment>,
    pub bytes: i64,
    pub sha256: String,
    /// Why it failed.
    pub said: String,
}

/// Whoever may ask for packets: those who see figures of whole schools.
pub fn may(actor: &Actor) -> bool {
    matches!(actor.reach, Reach::Orgs(_))
}

/// The question that this wish is, asked by this actor.
///
/// # Errors
/// `NotFound` for whoever sees no figures of whole schools, and for student data or a sample asked for by whoever may see no people; `Invalid`
/// naming each field.
pub async fn question(tx: &mut Tx, actor: &Actor, district: &District, wish: Wish) -> Result<Question> {
    let Reach::Orgs(orgs) = &actor.reach else { return Err(Problem::NotFound) };
    if !actor.may_see_people() && (wish.records || wish.sample.is_some()) {
        return Err(Problem::NotFound);
    }
    let today = district.today(tx.now());
    let (party, interest) = (wish.party.trim(), wish.interest.trim());
    let outside = actor.is_outside();
    let mut checks = Checks::default();
    checks.require(wish.from <= wish.until, "from", "The first day lies behind the last: change one of them.");
    checks.require(wish.until < today, "until", "The last day must be over: choose yesterday or an earlier day.");
    checks.require(wish.from.until(wish.until) <= LONGEST, "from", "A packet covers at most two years: choose a later first day.");
    checks.require(!wish.records || outside || !party.is_empty(), "party", "Say to whom the student data goes: it is written down.");
    checks.require(!wish.records || outside || !interest.is_empty(), "interest", "Say for what the student data is: it is written down.");
    checks.require(party.chars().count() <= 200, "party", "This is longer than 200 characters: shorten it.");
    checks.require(interest.chars().count() <= 200, "interest", "This is longer than 200 characters: shorten it.");
    checks.require(!wish.records || wish.sample.is_some(), "each", "Student data is that of a sample: say how many people are drawn.");
    if let Some(sampling) = &wish.sample {
        checks.require((1..=sample::MOST_EACH).contains(&sampling.each), "each", "Draw between 1 and 200 people of each group.");
        let seed = sampling.seed.trim();
        checks.require(
            seed.chars().count() <= sample::LONGEST_SEED && !seed.contains(char::is_control),
            "seed",
            "Give a seed of at most 64 letters and digits, or none.",
        );
    }
    checks.done()?;
    let to = if outside {
        auditors::party(tx, actor).await?
    } else {
        let given = |text: &str, otherwise: &str| if text.is_empty() { otherwise.to_owned() } else { text.to_owned() };
        Party { party: given(party, &district.name), interest: given(interest, "figures without student data") }
    };
    let sample = wish.sample.map(|sampling| {
        let seed = sampling.seed.trim().to_owned();
        Sampling { seed: if seed.is_empty() { tx.chance().token()[..12].to_owned() } else { seed }, ..sampling }
    });
    let mut orgs = orgs.clone();
    orgs.sort_unstable();
    Ok(Question { from: wish.from, until: wish.until, orgs, language: wish.language, sample, records: wish.records, to })
}

/// Asks for a packet, which the worker makes; its uid. The same question again gives the packet that is there or under way.
///
/// # Errors
/// As [`question`]; `NotFound` at the command line, where packets are made at once.
pub async fn ask(tx: &mut Tx, actor: &Actor, district: &District, wish: Wish) -> Result<Uuid> {
    if actor.account.0 == 0 {
        return Err(Problem::NotFound);
    }
    let question = question(tx, actor, district, wish).await?;
    if let Some(known) = store::same(tx, actor.account, &question).await? {
        return Ok(known);
    }
    let uid = tx.uid();
    store::insert(tx, actor, uid, &question).await?;
    audit::record(tx, actor, "packet.asked", &uid.to_string(), &question).await?;
    Ok(uid)
}

/// One's own packets, the newest first.
///
/// # Errors
/// `NotFound` for whoever may not ask for any.
pub async fn list(tx: &mut Tx, actor: &Actor) -> Result<Vec<Packet>> {
    if !may(actor) {
        return Err(Problem::NotFound);
    }
    store::list(tx, actor.account).await
}

/// One's own packet.
///
/// # Errors
/// `NotFound` for anybody else's, and once the actor reaches other schools than it was asked for.
pub async fn get(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Packet> {
    let found = store::get(tx, uid).await?.filter(|packet| packet.account == actor.account && is_within(actor, &packet.question));
    found.ok_or(Problem::NotFound)
}

/// Whether the actor still reaches and may see what the question asks for.
fn is_within(actor: &Actor, question: &Question) -> bool {
    let Reach::Orgs(orgs) = &actor.reach else { return false };
    question.orgs.iter().all(|org| orgs.contains(org)) && (actor.may_see_people() || (!question.records && question.sample.is_none()))
}

/// The zip of one's own packet that is ready.
///
/// # Errors
/// As [`get`]; `NotFound` before it is ready.
pub async fn zip(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Vec<u8>> {
    let packet = get(tx, actor, uid).await?;
    if packet.state == State::Ready { store::read(tx, uid).await } else { Err(Problem::NotFound) }
}

/// Takes away one's own packet.
///
/// # Errors
/// `NotFound` for anybody else's.
pub async fn remove(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    if store::get(tx, uid).await?.is_none_or(|packet| packet.account != actor.account) {
        return Err(Problem::NotFound);
    }
    store::remove(tx, uid).await?;
    audit::record(tx, actor, "packet.removed", &uid.to_string(), serde_json::json!({})).await
}

// What the worker does.

/// Whether a packet waits, or was left behind by a machine that took it on before `dead`.
pub async fn any_under_way(tx: &mut Tx, dead: Moment) -> Result<bool> {
    store::any_under_way(tx, dead).await
}

/// Takes on the oldest packet that waits, or that a machine took on before `dead` and never finished.
pub async fn take(tx: &mut Tx, dead: Moment) -> Result<Option<Job>> {
    let run = tx.chance().token();
    store::take(tx, dead, &run).await
}

/// Whether the job was tried too often already.
pub fn is_given_up(job: &Job) -> bool {
    job.tries > TRIES
}

/// Who asked, as far as they still may.
pub async fn asker(tx: &mut Tx, district: &District, job: &Job) -> Result<Option<Actor>> {
    let today = district.today(tx.now());
    Ok(identity::actor(tx, job.account, today).await?.filter(|actor| is_within(actor, &job.question)))
}

/// Puts a packet back: its answers aren't sealed yet.
pub async fn put_back(tx: &mut Tx, job: &Job) -> Result<()> {
    store::put_back(tx, job).await
}

/// Keeps what was made, writes it into the record of disclosures, and tells whoever asked; nothing where another machine has it by now.
pub async fn finish(tx: &mut Tx, actor: &Actor, job: &Job, packed: &Packed) -> Result<()> {
    if !store::finish(tx, job, &packed.bytes, &packed.sha256).await? {
        return Ok(());
    }
    disclosed(tx, actor, &job.question, &packed.students).await?;
    let detail = serde_json::json!({ "sha256": packed.sha256, "bytes": packed.bytes.len() });
    audit::record(tx, actor, "packet.made", &job.uid.to_string(), detail).await?;
    tell(tx, job).await
}

/// Writes a packet into the record of disclosures: each one, and the students whose records are in it.
pub async fn disclosed(tx: &mut Tx, actor: &Actor, question: &Question, students: &[Uuid]) -> Result<()> {
    let period = format!("{} – {}", question.from, question.until);
    let entry = disclosures::begin(tx, actor, &question.to, disclosures::Kind::Packet, &period).await?;
    disclosures::also(tx, entry, students).await
}

/// Says that a packet can't be made, and tells whoever asked.
pub async fn fail(tx: &mut Tx, job: &Job, said: &str) -> Result<()> {
    if store::fail(tx, job, said).await? { tell(tx, job).await } else { Ok(()) }
}

async fn tell(tx: &mut Tx, job: &Job) -> Result<()> {
    let subject = serde_json::json!({ "packet": job.uid });
    queue::put_to_account(tx, Kind::ExportReady, job.account, &subject, queue::AT_ONCE).await
}

/// Whether some packets are older than they are kept.
pub async fn any_outdated(tx: &mut Tx) -> Result<bool> {
    let before = tx.now().plus_seconds(-KEPT * 86_400);
    store::any_before(tx, before).await
}

/// Forgets packets that are older than they are kept.
pub async fn forget_outdated(tx: &mut Tx) -> Result<()> {
    let before = tx.now().plus_seconds(-KEPT * 86_400);
    store::forget(tx, before).await
}

/// The eyes with which a packet is made: the same reach, and figures alone where student data stays out.
fn eyes(question: &Question, people: bool) -> Actor {
    let seer = Actor {
        account: AccountId(0),
        person: None,
        name: String::new(),
        roles: vec![Role::Auditor],
        reach: Reach::Orgs(question.orgs.clone()),
        by_link: false,
    };
    if people { seer } else { seer.figures_alone() }
}
