//! Accounts: made by a director or at the command line, and for whoever comes by a link in a mail and has none.

use uuid::Uuid;

use super::store::links::{self as by_link, LinkRow};
use super::{password, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{AccountId, Actor, Chance, Day, OrgId, PersonId, Problem, Reach, Result, Role};

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

/// Makes an account. For directors. Where the person has one that a link in a mail brought about, it is that one from now on, with this
/// login and password.
///
/// # Errors
/// `Invalid` naming each field; `Conflict` when the login is taken, or the person has an account that somebody made.
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
    let other = tx.uid().to_string();
    by_link::give_way(tx, &login, new.person, &other).await?;
    let known = match new.person {
        Some(person) => by_link::account_of(tx, person).await?.filter(|own| own.by_link && own.account.disabled_at.is_none()),
        None => None,
    };
    let (account, uid) = match known {
        Some(own) => {
            by_link::take_over(tx, own.account.id, &login, new.name.trim(), hash.as_deref(), new.last_day).await?;
            (own.account.id, own.uid)
        }
        None => store::insert_account(tx, &login, new.name.trim(), new.person, hash.as_deref(), new.last_day).await?,
    };
    for (role, org) in &new.roles {
        store::grant(tx, account, *role, *org).await?;
    }
    let roles: Vec<&str> = new.roles.iter().map(|(role, _)| role.name()).collect();
    audit::record(tx, actor, "account.added", &uid.to_string(), serde_json::json!({ "roles": roles })).await?;
    Ok(account)
}

/// An account without a password, for somebody who came by a link and has none. Its login is the roster's user name, else the e-mail
/// address, else nothing that anybody could type: nobody has chosen it, so it gives way where somebody else is given that login.
pub(super) async fn add_by_link(tx: &mut Tx, link: &LinkRow) -> Result<AccountId> {
    let usable = |login: &String| !login.is_empty() && login.len() <= 200 && !login.contains(char::is_control);
    let known = [&link.username, &link.email].into_iter().flatten().map(|login| login.trim().to_lowercase()).filter(usable);
    let logins: Vec<String> = known.chain([tx.uid().to_string()]).collect();
    let name = format!("{} {}", link.given, link.family);
    for login in logins {
        if let Some((account, uid)) = by_link::insert_account(tx, &login, &name, link.person).await? {
            let actor = Actor { account, person: Some(link.person), name, roles: Vec::new(), reach: Reach::Own, by_link: true };
            let detail = serde_json::json!({ "roles": [], "by_link": true });
            audit::record(tx, &actor, "account.added", &uid.to_string(), detail).await?;
            return Ok(account);
        }
        // Another link of theirs was faster by a moment.
        if let Some(own) = by_link::account_of(tx, link.person).await? {
            return Ok(own.account.id);
        }
    }
    Err(Problem::internal("an account could not be made for whoever followed a link", "every login is taken"))
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

/// Ends an account at once, its sessions and the links to it included.
pub async fn disable(tx: &mut Tx, actor: &Actor, login: &str) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let Some((account, uid)) = store::account_by_login(tx, &login.trim().to_lowercase()).await? else { return Err(Problem::NotFound) };
    store::disable(tx, account).await?;
    store::end_sessions(tx, account).await?;
    by_link::end_of_account(tx, account).await?;
    audit::record(tx, actor, "account.disabled", &uid.to_string(), serde_json::json!({})).await
}

/// A first password: 96 bits of chance in groups that can be read out over the telephone.
pub fn first_password(chance: &mut Chance) -> String {
    let token = chance.token();
    token.as_bytes()[..24].chunks(6).map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join("-")
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
