//! Asking to have something opened, deciding with a reason, appealing to somebody else. Nobody who decides learns a name: a request says role,
//! grades and school. One about a crisis, health or legal help is opened by the confidants alone, and says no school either.

use uuid::Uuid;

use super::rules::{self, Rule};
use super::{Action, AskerRole, Audience, RuleChange, Scope, State, TargetKind, Urgency, band, clock, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Day, Moment, Page, PageOf, Problem, Reach, Result, Role};
use crate::queue::{self, Kind};
use crate::roster::{calendar, district};

const LONGEST_ADDRESS: usize = 2_000;
const LONGEST_TEXT: usize = 2_000;

/// What somebody asks.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// The address, with or without `https://`.
    pub address: String,
    /// As the page that blocked it said; may be empty.
    pub category: String,
    /// What it is for; nobody has to say.
    pub purpose: String,
    pub urgency: Urgency,
    pub scope: Scope,
    /// The last day for which it is wanted; `None`: for good.
    pub until: Option<Day>,
}

/// A request, without anybody's name.
#[derive(Debug, Clone)]
pub struct Request {
    pub uid: Uuid,
    pub role: AskerRole,
    /// Of students; empty otherwise.
    pub band: String,
    /// Empty where it is about a crisis, health or legal help.
    pub school: String,
    pub address: String,
    pub category: String,
    /// The rule that stopped it, where that is known.
    pub rule: Option<String>,
    pub purpose: String,
    pub urgency: Urgency,
    pub scope: Scope,
    pub until: Option<Day>,
    pub asked_at: Moment,
    /// Until when it is to be decided: the appeal, once there is one.
    pub due_at: Moment,
    pub state: State,
    /// Why the first decision shouldn't stand; empty without an appeal.
    pub appeal: String,
    pub decisions: Vec<Decision>,
    /// The reader asked for it.
    pub own: bool,
}

/// A decision, as whoever asked reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub on_appeal: bool,
    pub granted: bool,
    pub reason: String,
    pub until: Option<Day>,
    pub change: RuleChange,
    /// The rule that was changed or added.
    pub rule: Option<String>,
    pub by_name: String,
    pub at: Moment,
}

/// What somebody decides.
#[derive(Debug, Clone)]
pub struct NewDecision {
    pub granted: bool,
    /// Whoever asked reads it.
    pub reason: String,
    /// The last day on which it stays open; `None`: for good.
    pub until: Option<Day>,
    pub change: RuleChange,
    /// For [`RuleChange::Bands`]: the grades for which the rule still holds.
    pub bands: Vec<String>,
}

/// As what somebody may ask: students and staff. A student asks as a student, whatever else.
pub fn asks_as(actor: &Actor) -> Option<AskerRole> {
    let staff = [Role::Teacher, Role::Staff, Role::SchoolLeader, Role::Director, Role::Author];
    if actor.by_link || actor.account.0 == 0 {
        None
    } else if actor.has(Role::Student) {
        Some(AskerRole::Student)
    } else {
        staff.into_iter().any(|role| actor.has(role)).then_some(AskerRole::Staff)
    }
}

/// The address without its scheme and fragment, and its host. What follows a `?` can tell of a person, and is left out in a crisis.
fn tidy(address: &str, urgency: Urgency) -> Option<(String, String)> {
    let bare = address.trim();
    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let bare = bare.split('#').next().unwrap_or_default();
    let bare = if urgency == Urgency::CrisisHealth { bare.split('?').next().unwrap_or_default() } else { bare };
    let host = bare.split(['/', '?', ':']).next().unwrap_or_default().to_lowercase();
    let good = host.contains('.')
        && host.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
        && !bare.contains(|c: char| c.is_whitespace() || c.is_control());
    good.then(|| (bare.to_owned(), host.trim_start_matches("www.").to_owned()))
}

/// Whoever acts, as the audit trail may know them: no student's name, and in a crisis nobody's.
fn shown(actor: &Actor, urgency: Urgency) -> Actor {
    match urgency {
        Urgency::CrisisHealth => Actor { account: AccountId(0), name: "somebody".into(), ..actor.clone() },
        _ if actor.has(Role::Student) => Actor { name: "a student".into(), ..actor.clone() },
        _ => actor.clone(),
    }
}

/// Asks to have an address opened; the request's uid. For students and staff.
///
/// # Errors
/// `NotFound` for everybody else; `Invalid` for what is no address, too long a text, or a day that is past.
pub async fn ask(tx: &mut Tx, actor: &Actor, new: &NewRequest) -> Result<Uuid> {
    let role = asks_as(actor).ok_or(Problem::NotFound)?;
    let district = district::get(tx).await?;
    let today = district.today(tx.now());
    let tidied = tidy(&new.address, new.urgency);
    let (category, purpose) = (new.category.trim(), new.purpose.trim());
    let mut checks = Checks::default();
    checks.require(tidied.is_some(), "address", "Copy the address of the page here, such as example.org/page.");
    checks.require(new.address.chars().count() <= LONGEST_ADDRESS, "address", "This address is too long: give its beginning.");
    let fits = |text: &str| text.chars().count() <= LONGEST_TEXT && !text.contains('\0');
    checks.require(fits(category), "category", "Write fewer words.");
    checks.require(fits(purpose), "purpose", "Write fewer words.");
    checks.require(new.until.is_none_or(|day| day >= today), "until", "This day is past: choose today or a later one.");
    checks.done()?;
    let (address, host) = tidied.ok_or(Problem::NotFound)?;
    let place = store::requests::place(tx, actor).await?;
    let band = if role == AskerRole::Student { place.grade.as_deref().and_then(band) } else { None };
    let stopped_by = rules::that_stops(tx, &host, category, band, today).await?;
    let calendar = calendar::get(tx).await?;
    let due = calendar.after_business(&district.zone, tx.now(), clock::time_for(&calendar, role, new.urgency));
    let row = store::requests::NewRow {
        account: actor.account,
        role,
        band: band.unwrap_or_default(),
        school: place.school.unwrap_or(district.root),
        address: &address,
        rule: stopped_by.as_deref(),
        new,
        due,
    };
    let uid = store::requests::insert(tx, &row).await?;
    tell_those_who_decide(tx, new.urgency).await?;
    audit::record(tx, &shown(actor, new.urgency), "filter_request.made", &uid.to_string(), serde_json::json!({ "role": role })).await?;
    Ok(uid)
}

/// A notice says that something waits, and nothing of it.
async fn tell_those_who_decide(tx: &mut Tx, urgency: Urgency) -> Result<()> {
    let subject = serde_json::json!({ "urgent": urgency != Urgency::Normal });
    let confidants = store::requests::confidants(tx).await?;
    if urgency == Urgency::CrisisHealth && !confidants.is_empty() {
        for account in confidants {
            queue::put_to_account(tx, Kind::RequestWaiting, account, &subject, queue::AT_ONCE).await?;
        }
        return Ok(());
    }
    queue::put_to_directors(tx, Kind::RequestWaiting, &subject).await
}

/// Which requests somebody may decide.
#[derive(Debug, Clone)]
pub struct Sight {
    /// Those of these orgs and below; empty: none.
    pub orgs: Vec<i64>,
    /// Those about a crisis, health or legal help.
    pub confidential: bool,
    pub account: AccountId,
}

/// What the actor sees of other people's requests: directors and school leaders within reach. Confidants see what is confidential, too; where
/// nobody is named, the directors are they.
async fn sight(tx: &mut Tx, actor: &Actor) -> Result<Sight> {
    let orgs = match &actor.reach {
        Reach::Orgs(orgs) if actor.is_director() || actor.has(Role::SchoolLeader) => orgs.iter().map(|org| org.0).collect(),
        _ => Vec::new(),
    };
    let confidants = store::requests::confidants(tx).await?;
    let confidential = if confidants.is_empty() { actor.is_director() } else { confidants.contains(&actor.account) };
    Ok(Sight { orgs, confidential, account: actor.account })
}

/// The requests that the actor may decide: those that wait, by their time; with `decided` also the others, newest first behind them.
///
/// # Errors
/// `NotFound` for whoever decides none.
pub async fn list(tx: &mut Tx, actor: &Actor, decided: bool, page: Page) -> Result<PageOf<Request>> {
    let sight = sight(tx, actor).await?;
    if sight.orgs.is_empty() && !sight.confidential {
        return Err(Problem::NotFound);
    }
    store::requests::list(tx, &sight, decided, page).await
}

/// Whether the actor decides other people's requests.
pub async fn decides(tx: &mut Tx, actor: &Actor) -> Result<bool> {
    let sight = sight(tx, actor).await?;
    Ok(!sight.orgs.is_empty() || sight.confidential)
}

/// One's own requests, newest first.
pub async fn own(tx: &mut Tx, actor: &Actor) -> Result<Vec<Request>> {
    store::requests::own(tx, actor.account).await
}

/// One request: for whoever asked, and for whoever may decide it.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn get(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Request> {
    let sight = sight(tx, actor).await?;
    Ok(store::requests::find(tx, &sight, uid).await?.ok_or(Problem::NotFound)?.1)
}

/// Whether the actor may decide this request now: an appeal is for somebody else than whoever decided first, nobody decides their own.
pub async fn may_decide(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<bool> {
    let sight = sight(tx, actor).await?;
    let Some((id, request)) = store::requests::find(tx, &sight, uid).await? else { return Ok(false) };
    if request.own {
        return Ok(false);
    }
    Ok(match request.state {
        State::Open => true,
        State::Appealed => store::requests::decided_by(tx, id).await? != Some(actor.account),
        State::Granted | State::Refused => false,
    })
}

/// Decides a request, or the appeal on it. The reason is asked for whatever is decided. A change of the rules comes with granting alone.
///
/// # Errors
/// `NotFound` for whoever decides none, or doesn't see it; `Conflict` where it is decided, one's own, or an appeal against one's own decision; `Invalid` without a
/// reason, or for a change that can't be.
pub async fn decide(tx: &mut Tx, actor: &Actor, uid: Uuid, new: &NewDecision) -> Result<()> {
    let sight = sight(tx, actor).await?;
    if sight.orgs.is_empty() && !sight.confidential {
        return Err(Problem::NotFound);
    }
    store::requests::hold(tx, uid).await?;
    let (id, request) = store::requests::find(tx, &sight, uid).await?.ok_or(Problem::NotFound)?;
    if request.own {
        return Err(Problem::conflict("nobody decides a request of their own: somebody else has to"));
    }
    let on_appeal = match request.state {
        State::Open => false,
        State::Appealed if store::requests::decided_by(tx, id).await? == Some(actor.account) => {
            return Err(Problem::conflict("an appeal is decided by somebody else than whoever decided first"));
        }
        State::Appealed => true,
        State::Granted | State::Refused => return Err(Problem::conflict("this request is decided: its record stands")),
    };
    let district = district::get(tx).await?;
    let today = district.today(tx.now());
    let reason = new.reason.trim();
    let mut checks = Checks::default();
    let fits = !reason.is_empty() && reason.chars().count() <= LONGEST_TEXT && !reason.contains('\0');
    checks.require(fits, "reason", "Say why: whoever asked reads it.");
    checks.require(new.until.is_none_or(|day| day >= today), "until", "This day is past: choose today or a later one.");
    checks.require(new.granted || new.change == RuleChange::None, "change", "A rule changes only where the request is granted.");
    let needs_rule = matches!(new.change, RuleChange::Warn | RuleChange::Bands | RuleChange::End);
    checks.require(
        !needs_rule || request.rule.is_some(),
        "change",
        "No rule is known that stopped it: open the address by a rule of its own.",
    );
    checks.done()?;
    if new.change != RuleChange::None && !actor.is_director() {
        return Err(Problem::invalid("change", "The register is the director's: grant the request, and ask for the change."));
    }
    let rule = apply(tx, actor, &request, new, today).await?;
    store::requests::insert_decision(tx, actor, id, on_appeal, new, rule).await?;
    let kind = Kind::RequestDecided;
    let account = store::requests::asked_by(tx, id).await?;
    queue::put_to_account(tx, kind, account, &serde_json::json!({ "request": uid }), queue::AT_ONCE).await?;
    let detail = serde_json::json!({ "granted": new.granted, "on_appeal": on_appeal, "change": new.change });
    audit::record(tx, actor, "filter_request.decided", &uid.to_string(), detail).await
}

/// Does to the register what was decided; the key of the rule that was changed or added. That somebody had asked isn't said where it was about a
/// crisis.
async fn apply(tx: &mut Tx, actor: &Actor, request: &Request, new: &NewDecision, today: Day) -> Result<Option<i64>> {
    let stopped_by = match &request.rule {
        Some(code) => Some(rules::get(tx, code).await?),
        None => None,
    };
    let rule = match (new.change, stopped_by) {
        (RuleChange::None, _) => return Ok(None),
        (RuleChange::Allow, _) => {
            let (_, host) = tidy(&request.address, request.urgency).ok_or(Problem::NotFound)?;
            let code = format!("open-{}", &request.uid.simple().to_string()[..12]);
            let allowed = Rule::new(code, TargetKind::Domain, host, Action::Allow);
            let audience = if request.role == AskerRole::Student { Audience::Everybody } else { Audience::Staff };
            let ended_on = new.until.map(|last| last.plus(1));
            Rule {
                audience,
                rationale: new.reason.trim().to_owned(),
                decided_on: Some(today),
                effective_on: Some(today),
                ended_on,
                ..allowed
            }
        }
        (RuleChange::Warn, Some(rule)) => Rule { action: Action::Warn, ..rule },
        (RuleChange::Bands, Some(rule)) => {
            let narrower = new.bands.iter().all(|band| rule.bands.contains(band)) && new.bands.len() < rule.bands.len();
            if !narrower {
                return Err(Problem::invalid("bands", "Leave fewer grades than the rule has now."));
            }
            let bands = rule.bands.iter().filter(|band| new.bands.contains(*band)).cloned().collect();
            Rule { bands, ..rule }
        }
        (RuleChange::End, Some(rule)) => Rule { ended_on: Some(today), ..rule },
        (RuleChange::Warn | RuleChange::Bands | RuleChange::End, None) => return Err(Problem::NotFound),
    };
    let on_request = request.urgency != Urgency::CrisisHealth;
    rules::put(tx, actor, &rule, &new.reason, on_request).await.map(Some)
}

/// Appeals against a refusal, with why. For whoever asked; once.
///
/// # Errors
/// `NotFound` for others; `Conflict` unless it was refused and not appealed yet; `Invalid` without words.
pub async fn appeal(tx: &mut Tx, actor: &Actor, uid: Uuid, why: &str) -> Result<()> {
    let request = get(tx, actor, uid).await?;
    if !request.own {
        return Err(Problem::NotFound);
    }
    if request.state != State::Refused || request.decisions.iter().any(|decision| decision.on_appeal) {
        return Err(Problem::conflict("only a refusal can be appealed, and once"));
    }
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_TEXT || why.contains('\0') {
        return Err(Problem::invalid("appeal", "Say in a few words why it should be open."));
    }
    let (district, calendar) = (district::get(tx).await?, calendar::get(tx).await?);
    let due = calendar.after_business(&district.zone, tx.now(), clock::time_for_appeal(&calendar, request.urgency));
    if !store::requests::appeal(tx, uid, why, due).await? {
        return Err(Problem::conflict("only a refusal can be appealed, and once"));
    }
    tell_those_who_decide(tx, request.urgency).await?;
    audit::record(tx, &shown(actor, request.urgency), "filter_request.appealed", &uid.to_string(), serde_json::json!({})).await
}

/// Says which accounts open requests about a crisis, health or legal help; none: the directors. For directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn set_confidants(tx: &mut Tx, actor: &Actor, accounts: &[AccountId]) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    store::requests::set_confidants(tx, accounts).await?;
    audit::record(tx, actor, "filter.confidants", "", serde_json::json!({ "number": accounts.len() })).await
}

/// How requests went in a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Figures {
    /// First decisions made, and requests whose time has passed without one.
    pub counted: i64,
    /// Decided within their time.
    pub in_time: i64,
    pub granted: i64,
    pub refused: i64,
    pub appealed: i64,
    /// Refused first, granted on appeal.
    pub overturned: i64,
}

/// How the requests went that were made from `from` until before `before`, as of now.
pub async fn figures(tx: &mut Tx, from: Moment, before: Moment) -> Result<Figures> {
    store::requests::figures(tx, from, before).await
}

/// By rule: how many requests were decided, and how many granted; the most granted first.
pub async fn by_rule(tx: &mut Tx) -> Result<Vec<(String, i64, i64)>> {
    store::requests::by_rule(tx).await
}
