//! Who somebody is: accounts, passwords, sessions, and the [`Actor`] that a session stands for, with roles and reach. Roles come from the
//! roster (students, teachers, staff, school leaders, guardians, board members) and from grants (directors, authors, auditors).

pub mod accounts;
pub mod class;
mod password;
pub mod sessions;
mod store;
mod throttle;

pub use sessions::{SignedIn, Token};

use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Day, Reach, Result, Role};

/// The actor that an account stands for today, with the roles and the reach of all records of its person; `None` once it is disabled or past
/// its last day.
pub async fn actor(tx: &mut Tx, account: AccountId, today: Day) -> Result<Option<Actor>> {
    let Some(found) = store::account(tx, account).await? else { return Ok(None) };
    if found.disabled_at.is_some() || found.last_day.is_some_and(|last| last < today) {
        return Ok(None);
    }
    let mut roles = Vec::new();
    let mut orgs = Vec::new();
    for (role, org) in store::granted(tx, account).await? {
        roles.push(role);
        if matches!(role, Role::Director | Role::BoardMember | Role::SchoolLeader | Role::Auditor) {
            orgs.push(org);
        }
    }
    let mut sections = Vec::new();
    if let Some(person) = found.person_id {
        for (role, org) in store::positions(tx, person, today).await? {
            let Some(role) = Role::named(&role) else { continue };
            roles.push(role);
            match role {
                Role::SchoolLeader | Role::BoardMember => orgs.push(org),
                _ => {}
            }
        }
        if roles.contains(&Role::Teacher) {
            sections = store::sections_taught(tx, person, today).await?;
        }
        if store::has_children(tx, person).await? {
            roles.push(Role::Guardian);
        }
    }
    roles.sort_unstable();
    roles.dedup();
    orgs.sort_unstable();
    orgs.dedup();
    let reach = if !orgs.is_empty() {
        Reach::Orgs(orgs)
    } else if !sections.is_empty() {
        Reach::Sections(sections)
    } else {
        Reach::Own
    };
    Ok(Some(Actor { account, person: found.person_id, name: found.name, roles, reach }))
}
