//! `assent account …`: who may sign in.

use clap::{Args, Subcommand};

use uuid::Uuid;

use super::Office;
use super::require::table;
use crate::identity::accounts::{self, NewAccount};
use crate::identity::auditors::{self, NewAuditor};
use crate::kernel::{Chance, Day, Problem, Result, Role};

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account; its first password is printed once
    Add(Add),
    /// Set a new password, print it once, and end all sessions
    Password { login: String },
    /// Make an auditor's account, which only reads; its first password is printed once
    AddAuditor(AddAuditor),
    /// The auditors: for whom, until when, how far
    Auditors,
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

#[derive(Debug, Args)]
pub struct AddAuditor {
    /// User name or e-mail address
    login: String,
    #[arg(long)]
    name: String,
    /// For whom the auditor works, as the record of disclosures says it: "State Auditor's Office"
    #[arg(long)]
    party: String,
    /// What the audit is for, likewise: "audit of federal programs, 34 CFR 99.35"
    #[arg(long)]
    interest: String,
    /// The last day on which the auditor may read, YYYY-MM-DD
    #[arg(long)]
    last_day: Day,
    /// A school that is read, by uid; may be given several times. Without it, the whole district
    #[arg(long, value_name = "UID")]
    school: Vec<Uuid>,
}

pub async fn run(office: &Office, args: Account) -> Result<()> {
    match args {
        Account::Add(args) => add(office, args).await,
        Account::AddAuditor(args) => add_auditor(office, args).await,
        Account::Auditors => {
            let mut tx = office.read().await?;
            let (district, operator) = office.desk(&mut tx).await?;
            let today = district.today(tx.now());
            let all = auditors::list(&mut tx, &operator, today).await?;
            office.print(&all, || {
                let rows: Vec<[String; 5]> = all
                    .iter()
                    .map(|a| {
                        let until = if a.works_on(today) { a.last_day.iso() } else { "ended".into() };
                        [a.login.clone(), a.name.clone(), a.to.party.clone(), until, a.reach.join(", ")]
                    })
                    .collect();
                if rows.is_empty() { "There is no auditor.".into() } else { table(&["Login", "Name", "For", "Until", "Reads"], &rows, 5) }
            })
        }
        Account::Password { login } => {
            let password = accounts::first_password(&mut Chance::system());
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

async fn add_auditor(office: &Office, args: AddAuditor) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let password = accounts::first_password(tx.chance());
    let new = NewAuditor {
        login: args.login.clone(),
        name: args.name,
        party: args.party,
        interest: args.interest,
        last_day: Some(args.last_day),
        schools: args.school,
    };
    auditors::add(&mut tx, &operator, district.root, today, new, password.clone()).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "login": args.login, "password": password }), || format!("{} signs in with: {password}", args.login))
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
    let password = accounts::first_password(&mut Chance::system());
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
