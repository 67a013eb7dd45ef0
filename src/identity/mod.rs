//! Who somebody is: accounts, passwords, sessions, and the [`Actor`] that a session stands for, with roles and reach. Roles come from the
//! roster (students, teachers, staff, school leaders, guardians, board members) and from grants (directors, authors, auditors).

pub mod accounts;
pub mod auditors;
pub mod class;
pub mod links;
mod password;
pub mod sessions;
mod store;
mod throttle;

pub use sessions::{SignedIn, Token};

use std::collections::HashMap;

use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Day, OrgId, PersonId, Reach, Result, Role, SectionId};

/// The actor that an account stands for today, with the roles and the reach of all records of its person; `None` once it is disabled or past
/// its last day.
pub async fn actor(tx: &mut Tx, account: AccountId, today: Day) -> Result<Option<Actor>> {
    Ok(actors(tx, &[account], today).await?.remove(&account))
}

/// As [`actor`], for many accounts at once.
pub async fn actors(tx: &mut Tx, accounts: &[AccountId], today: Day) -> Result<HashMap<AccountId, Actor>> {
    let rows = store::accounts(tx, accounts).await?;
    standing_for(tx, rows, today).await
}

/// The actors for which these accounts stand.
async fn standing_for(tx: &mut Tx, mut rows: Vec<store::AccountRow>, today: Day) -> Result<HashMap<AccountId, Actor>> {
    rows.retain(|a| a.works_on(today));
    let accounts: Vec<AccountId> = rows.iter().map(|row| row.id).collect();
    let mut found: HashMap<AccountId, Found> = HashMap::new();
    for row in store::roles(tx, &accounts, today).await? {
        let Some(role) = Role::named(&row.role) else { continue };
        let found = found.entry(row.account_id).or_default();
        found.roles.push(role);
        let reaches = match role {
            Role::SchoolLeader | Role::BoardMember => true,
            Role::Director | Role::Auditor => row.granted,
            _ => false,
        };
        found.orgs.extend(row.org_id.filter(|_| reaches));
    }
    // Two records of one person may each have an account.
    let mut teaching: HashMap<PersonId, Vec<AccountId>> = HashMap::new();
    for row in &rows {
        if let Some(person) = row.person_id
            && found.get(&row.id).is_some_and(|f| f.roles.contains(&Role::Teacher))
        {
            teaching.entry(person).or_default().push(row.id);
        }
    }
    if !teaching.is_empty() {
        let teachers: Vec<PersonId> = teaching.keys().copied().collect();
        for (person, section) in store::sections_taught(tx, &teachers, today).await? {
            for account in teaching.get(&person).into_iter().flatten() {
                found.entry(*account).or_default().sections.push(section);
            }
        }
    }
    Ok(rows.into_iter().map(|row| (row.id, found.remove(&row.id).unwrap_or_default().into_actor(row))).collect())
}

/// What was found of an account.
#[derive(Default)]
struct Found {
    roles: Vec<Role>,
    orgs: Vec<OrgId>,
    sections: Vec<SectionId>,
}

impl Found {
    fn into_actor(mut self, row: store::AccountRow) -> Actor {
        self.roles.sort_unstable();
        self.roles.dedup();
        self.orgs.sort_unstable();
        self.orgs.dedup();
        let reach = if !self.orgs.is_empty() {
            Reach::Orgs(self.orgs)
        } else if !self.sections.is_empty() {
            Reach::Sections(self.sections)
        } else {
            Reach::Own
        };
        Actor { account: row.id, person: row.person_id, name: row.name, roles: self.roles, reach, by_link: false }
    }
}
