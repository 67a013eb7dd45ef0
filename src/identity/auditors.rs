//! Auditors from outside: accounts that only read, with a last day and a reach, and for whom they work. The director makes them and ends them.

use serde::Serialize;
use uuid::Uuid;

use super::accounts::{self, NewAccount};
use super::store::auditors as store;
use crate::audit;
use crate::audit::disclosures::Party;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Day, OrgId, Problem, Result, Role};

/// The longest name of a party or an interest, in characters.
const LONGEST: usize = 200;

/// An auditor's account to be made.
#[derive(Debug, Clone, Default)]
pub struct NewAuditor {
    /// User name or e-mail address.
    pub login: String,
    pub name: String,
    pub party: String,
    pub interest: String,
    /// Reads up to the end of this day.
    pub last_day: Option<Day>,
    /// The schools that are read; empty: the whole district.
    pub schools: Vec<Uuid>,
}

/// An auditor's account.
#[derive(Debug, Clone, Serialize)]
pub struct Auditor {
    pub uid: Uuid,
    pub login: String,
    pub name: String,
    #[serde(flatten)]
    pub to: Party,
    pub last_day: Day,
    /// The names of what is read: schools, or the district.
    pub reach: Vec<String>,
    /// Ended before its last day.
    pub disabled: bool,
}

impl Auditor {
    /// May still read on that day.
    pub fn works_on(&self, today: Day) -> bool {
        !self.disabled && self.last_day >= today
    }
}

/// Makes an auditor's account with that first password. `root` is the district's org. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` naming each field; `Conflict` when the login is taken.
pub async fn add(tx: &mut Tx, actor: &Actor, root: OrgId, today: Day, new: NewAuditor, password: String) -> Result<AccountId> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let short = |text: &str| !text.trim().is_empty() && text.chars().count() <= LONGEST;
    let mut checks = Checks::default();
    checks.require(!new.login.trim().is_empty(), "login", "Give a user name or e-mail address.");
    checks.require(!new.name.trim().is_empty(), "name", "Give the auditor's name.");
    checks.require(short(&new.party), "party", "Say for whom the auditor works, in at most 200 characters: the law asks for the party.");
    checks.require(
        short(&new.interest),
        "interest",
        "Say what the audit is for, in at most 200 characters: the law asks for the interest.",
    );
    match new.last_day {
        None => checks.say("last_day", "Give the last day on which the auditor may read."),
        Some(day) if day < today => checks.say("last_day", "This day is past: give today or a later one."),
        Some(_) => {}
    }
    let orgs = if new.schools.is_empty() { vec![root] } else { store::orgs(tx, &new.schools).await? };
    checks.require(new.schools.is_empty() || orgs.len() == new.schools.len(), "schools", "One of these schools isn't there.");
    checks.done()?;
    let account = NewAccount {
        login: new.login,
        name: new.name,
        person: None,
        password: Some(password),
        roles: orgs.into_iter().map(|org| (Role::Auditor, org)).collect(),
        last_day: new.last_day,
    };
    let account = accounts::add(tx, actor, account).await?;
    store::insert(tx, account, new.party.trim(), new.interest.trim()).await?;
    Ok(account)
}

/// All auditors, those who may still read first. For directors.
///
/// # Errors
/// `NotFound` for others.
pub async fn list(tx: &mut Tx, actor: &Actor, today: Day) -> Result<Vec<Auditor>> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let mut all = store::list(tx).await?;
    all.sort_by_key(|auditor| (!auditor.works_on(today), auditor.last_day));
    Ok(all)
}

/// Gives another last day; one that is past ends the account. For directors.
///
/// # Errors
/// `NotFound` for others, and where no auditor has that uid.
pub async fn set_last_day(tx: &mut Tx, actor: &Actor, uid: Uuid, day: Day) -> Result<()> {
    if !actor.is_director() || !store::set_last_day(tx, uid, day).await? {
        return Err(Problem::NotFound);
    }
    audit::record(tx, actor, "account.last_day", &uid.to_string(), serde_json::json!({ "last_day": day.iso() })).await
}

/// Ends an auditor's account at once. For directors.
///
/// # Errors
/// `NotFound` for others, and where no auditor has that uid.
pub async fn end(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let login = store::login(tx, uid).await?.ok_or(Problem::NotFound)?;
    accounts::disable(tx, actor, &login).await
}

/// For whom the actor works, and why, as the record of disclosures says it. An auditor whose account says neither is named alone.
pub async fn party(tx: &mut Tx, actor: &Actor) -> Result<Party> {
    let known = store::party(tx, actor.account).await?;
    Ok(known.unwrap_or_else(|| Party { party: actor.name.clone(), interest: "audit (34 CFR 99.31(a)(3), 99.35)".into() }))
}
