//! Accounts: made by a director or at the command line.

use uuid::Uuid;

use super::{password, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Day, OrgId, PersonId, Problem, Result, Role};

/// A new account.
#[derive(Debug, Clone, Default)]
pub struct NewAccount {
    /// User name or e-mail address; letter case doesn't count.
    pub login: String,
    pub name: String,
    /// The roster's record of the person, where there is one.
    pub person: Option<PersonId>,
    /// `None`: can't sign in with a password yet.
    pub password: Option<String>,
    /// Roles beside those of the roster, each with the org over which it reaches.
    pub roles: Vec<(Role, OrgId)>,
    /// The account's last day; auditors must have one.
    pub last_day: Option<Day>,
}

/// Makes an account. For directors.
///
/// # Errors
/// `Invalid` naming each field; `Conflict` when the login is taken.
pub async fn add(tx: &mut Tx, actor: &Actor, new: NewAccount) -> Result<AccountId> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let login = new.login.trim().to_lowercase();
    let mut checks = Checks::default();
    checks.require(
        !login.is_empty() && login.len() <= 200 && !login.contains(char::is_control),
        "login",
        "Give a user name or e-mail address of at most 200 characters.",
    );
    checks.require(!new.name.trim().is_empty(), "name", "Give the person's name.");
    let auditor = new.roles.iter().any(|(role, _)| *role == Role::Auditor);
    checks.require(!auditor || new.last_day.is_some(), "last_day", "An auditor's account needs a last day.");
    checks.done()?;
    let hash = match &new.password {
        Some(password) => Some(password::hash(password, tx.chance()).await?),
        None => None,
    };
    let (account, uid) = store::insert_account(tx, &login, new.name.trim(), new.person, hash.as_deref(), new.last_day).await?;
    for (role, org) in &new.roles {
        store::grant(tx, account, *role, *org).await?;
    }
    let roles: Vec<&str> = new.roles.iter().map(|(role, _)| role.name()).collect();
    audit::record(tx, actor, "account.added", &uid.to_string(), serde_json::json!({ "roles": roles })).await?;
    Ok(account)
}

/// Sets a new password and ends every session of the account. For directors, or at the command line.
pub async fn set_password(tx: &mut Tx, actor: &Actor, login: &str, new: &str) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let Some((account, uid)) = store::account_by_login(tx, &login.trim().to_lowercase()).await? else { return Err(Problem::NotFound) };
    let hash = password::hash(new, tx.chance()).await?;
    store::set_password(tx, account, &hash).await?;
    store::end_sessions(tx, account).await?;
    audit::record(tx, actor, "account.password_set", &uid.to_string(), serde_json::json!({})).await
}

/// Ends an account at once, its sessions included.
pub async fn disable(tx: &mut Tx, actor: &Actor, login: &str) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let Some((account, uid)) = store::account_by_login(tx, &login.trim().to_lowercase()).await? else { return Err(Problem::NotFound) };
    store::disable(tx, account).await?;
    store::end_sessions(tx, account).await?;
    audit::record(tx, actor, "account.disabled", &uid.to_string(), serde_json::json!({})).await
}

/// The language that somebody chose on a page.
pub async fn choose_language(tx: &mut Tx, actor: &Actor, tag: &str) -> Result<()> {
    store::set_language(tx, actor.account, tag).await
}

/// The roster person with that user name today, or somebody added by hand with that e-mail address, for an account of theirs.
pub async fn person_named(tx: &mut Tx, username: &str, today: Day) -> Result<Option<(PersonId, Uuid, String)>> {
    store::person_by_username(tx, username, today).await
}

/// The name on an account; `None` where there is none of that login.
pub async fn name_of(tx: &mut Tx, login: &str) -> Result<Option<String>> {
    store::account_name(tx, login).await
}
