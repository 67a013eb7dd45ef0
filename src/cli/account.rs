//! `assent account …`: who may sign in.

use clap::{Args, Subcommand};

use super::Office;
use crate::identity::accounts::{self, NewAccount};
use crate::kernel::{Chance, Day, Problem, Result, Role};

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account; its first password is printed once
    Add(Add),
    /// Set a new password, print it once, and end all sessions
    Password { login: String },
    /// End an account at once
    Disable { login: String },
}

#[derive(Debug, Args)]
pub struct Add {
    /// User name or e-mail address
    login: String,
    /// The person's name; not needed with --roster
    #[arg(long)]
    name: Option<String>,
    /// The account of the roster's person with that user name (or, if added by hand, e-mail address), who has the roles of the roster
    #[arg(long, value_name = "USERNAME")]
    roster: Option<String>,
    /// A role over the whole district: director, author, `board_member`, auditor, community
    #[arg(long)]
    role: Vec<String>,
    /// The last day of the account, YYYY-MM-DD; auditors need one
    #[arg(long)]
    last_day: Option<Day>,
}

pub async fn run(office: &Office, args: Account) -> Result<()> {
    match args {
        Account::Add(args) => add(office, args).await,
        Account::Password { login } => {
            let password = first_password();
            let mut tx = office.write().await?;
            let (_, operator) = office.desk(&mut tx).await?;
            accounts::set_password(&mut tx, &operator, &login, &password).await?;
            tx.commit().await?;
            office.print(&serde_json::json!({ "login": login, "password": password }), || format!("{login} signs in with: {password}"))
        }
        Account::Disable { login } => {
            let mut tx = office.write().await?;
            let (_, operator) = office.desk(&mut tx).await?;
            accounts::disable(&mut tx, &operator, &login).await?;
            tx.commit().await?;
            office.print(&serde_json::json!({ "disabled": login }), || format!("{login} can't sign in any more"))
        }
    }
}

async fn add(office: &Office, args: Add) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let mut roles = Vec::new();
    for name in &args.role {
        let role = Role::named(name).ok_or_else(|| {
            Problem::invalid("role", format!("“{name}” is no role: choose director, author, board_member, auditor or community"))
        })?;
        roles.push((role, district.root));
    }
    let today = district.today(tx.now());
    let person = match &args.roster {
        Some(username) => Some(
            accounts::person_named(&mut tx, username, today)
                .await?
                .ok_or_else(|| Problem::invalid("roster", format!("nobody on the roster has the user name “{username}”")))?,
        ),
        None => None,
    };
    let name = args.name.or_else(|| person.as_ref().map(|(_, _, name)| name.clone())).unwrap_or_default();
    let password = first_password();
    let new = NewAccount {
        login: args.login.clone(),
        name,
        person: person.map(|(id, _, _)| id),
        password: Some(password.clone()),
        roles,
        last_day: args.last_day,
    };
    accounts::add(&mut tx, &operator, new).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "login": args.login, "password": password }), || format!("{} signs in with: {password}", args.login))
}

/// 96 bits of chance in groups that can be read out over the telephone.
fn first_password() -> String {
    let token = Chance::system().token();
    token.as_bytes()[..24].chunks(6).map(|part| String::from_utf8_lossy(part).into_owned()).collect::<Vec<_>>().join("-")
}
