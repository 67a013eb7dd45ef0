//! Who somebody is: accounts, passwords, sessions, and the [`Actor`] that a session stands for, with roles and reach. Roles come from the
//! roster (students, teachers, staff, school leaders, guardians, board members) and from grants (directors, authors, auditors).

pub mod accounts;
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
    let mut rows = store::accounts(tx, accounts).await?;
    rows.retain(|a| a.disabled_at.is_none() && a.last_day.is_none_or(|last| last >= today));
    let mut found: HashMap<AccountId, Found> = HashMap::new();
    for (account, role, org) in store::granted(tx, accounts).await? {
        let found = found.entry(account).or_default();
        found.roles.push(role);
        if matches!(role, Role::Director | Role::BoardMember | Role::SchoolLeader | Role::Auditor) {
            found.orgs.push(org);
        }
    }
    // Two records of one person may each have an account.
    let mut people: HashMap<PersonId, Vec<AccountId>> = HashMap::new();
    for row in &rows {
        if let Some(person) = row.person_id {
            people.entry(person).or_default().push(row.id);
        }
    }
    if !people.is_empty() {
        roster_says(tx, &people, today, &mut found).await?;
    }
    Ok(rows.into_iter().map(|row| (row.id, found.remove(&row.id).unwrap_or_default().into_actor(row))).collect())
}

/// What the roster says of the people behind the accounts.
async fn roster_says(
    tx: &mut Tx,
    people: &HashMap<PersonId, Vec<AccountId>>,
    today: Day,
    found: &mut HashMap<AccountId, Found>,
) -> Result<()> {
    let ids: Vec<PersonId> = people.keys().copied().collect();
    for (person, role, org) in store::positions(tx, &ids, today).await? {
        let Some(role) = Role::named(&role) else { continue };
        for account in people.get(&person).into_iter().flatten() {
            let found = found.entry(*account).or_default();
            found.roles.push(role);
            if matches!(role, Role::SchoolLeader | Role::BoardMember) {
                found.orgs.push(org);
            }
        }
    }
    let teaches = |account: &AccountId| found.get(account).is_some_and(|f| f.roles.contains(&Role::Teacher));
    let teachers: Vec<PersonId> = people.iter().filter(|(_, accounts)| accounts.iter().any(teaches)).map(|(person, _)| *person).collect();
    if !teachers.is_empty() {
        for (person, section) in store::sections_taught(tx, &teachers, today).await? {
            for account in people.get(&person).into_iter().flatten() {
                found.entry(*account).or_default().sections.push(section);
            }
        }
    }
    for person in store::guardians_among(tx, &ids).await? {
        for account in people.get(&person).into_iter().flatten() {
            found.entry(*account).or_default().roles.push(Role::Guardian);
        }
    }
    Ok(())
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
        Actor { account: row.id, person: row.person_id, name: row.name, roles: self.roles, reach }
    }
}
