//! What a user is and where, however the set says it: in `roles.csv`, or in the user's own row.

use super::header::RolesIn;
use super::known::Kind;
use super::roles::{Held, Roles};
use super::rows::Row;
use super::users::Columns;
use super::values::{list, role};
use super::work::{Admitted, Missing, Title, Work};
use crate::kernel::Day;

const KIND: Kind = Kind::User;

/// What somebody is at one org, since when.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    pub org: i64,
    pub role: &'static str,
    pub title: Title,
    pub began: Option<Day>,
}

/// What a user is and where, however the version says it.
pub struct Station {
    pub role: &'static str,
    pub school: Option<i64>,
    pub began: Option<Day>,
    /// The primary one first.
    pub positions: Vec<Holding>,
    /// Not all roles have ended.
    pub current: bool,
}

impl Station {
    pub fn is_guardian(&self) -> bool {
        self.role == "guardian" || self.positions.iter().any(|held| held.role == "guardian")
    }
}

/// What the user is, by `roles.csv` where the set has one, else by the user's own row; where the first says nothing, by the other.
pub fn station(work: &mut Work<'_>, roles: &Roles, columns: &Columns, row: &Row, admitted: Admitted) -> Option<Station> {
    let says_itself = !row.get(columns.role).is_empty();
    match work.roles_in() {
        RolesIn::Users => station_1_1(work, columns, row, admitted),
        RolesIn::Roles if says_itself && roles.of(admitted.key).is_empty() && work.findings.cause_of(KIND, admitted.key).is_none() => {
            let wrong = "stands in users.csv and not in roles.csv; it was read all the same";
            work.findings.habit("role here", admitted.place, "role", row.get(columns.role), wrong, "write every role in roles.csv");
            station_1_1(work, columns, row, admitted)
        }
        RolesIn::Roles => station_1_2(work, roles, columns, row, admitted),
    }
}

/// 1.1: one role, at the orgs that the user's own row names, the first of them the primary one.
fn station_1_1(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> Option<Station> {
    let cell = row.get(columns.role);
    let Some(what) = role(cell) else {
        let remedy = "write student, teacher, administrator, aide, proctor, guardian, parent or relative";
        work.reject(KIND, admitted, "role", cell, "is no role", remedy);
        return None;
    };
    if !what.strict {
        work.findings.habit("case", admitted.place, "role", cell, "is written in another case", "write it as OneRoster does");
    }
    let (role, title) = (what.value.role, work.title(what.value.title));
    let mut positions: Vec<Holding> = Vec::new();
    let mut missing: Option<Missing> = None;
    for org in list(row.get(columns.orgs)) {
        match work.refer(Kind::Org, org, admitted.place, "orgSourcedIds") {
            Ok(org) if !positions.iter().any(|held| held.org == org) => positions.push(Holding { org, role, title, began: None }),
            Ok(_) => {}
            Err(one) => missing = missing.or(Some(one)),
        }
    }
    if positions.is_empty() && role != "guardian" {
        let missing = match missing {
            Some(missing) => missing,
            None => work.refer(Kind::Org, "", admitted.place, "orgSourcedIds").err()?,
        };
        work.reject_for(KIND, admitted, missing);
        return None;
    }
    let school = if role == "guardian" { None } else { positions.first().map(|held| held.org) };
    Some(Station { role, school, began: None, positions, current: true })
}

/// 1.2: the roles of `roles.csv`; where several are primary, the one at the user's primary org.
fn station_1_2(work: &mut Work<'_>, roles: &Roles, columns: &Columns, row: &Row, admitted: Admitted) -> Option<Station> {
    let wanted = row.get(columns.primary_org);
    let wanted = if wanted.is_empty() { None } else { work.refer_if_there(Kind::Org, wanted, admitted.place, "primaryOrgSourcedId") };
    if let Some(station) = station_of(roles.of(admitted.key), wanted, work.today) {
        return Some(station);
    }
    if let Some(cause) = work.findings.cause_of(KIND, admitted.key) {
        work.reject_for(KIND, admitted, Missing::because(cause));
    } else {
        let remedy = "give the user a role at an org in roles.csv";
        work.reject(KIND, admitted, "role", "", "roles.csv holds no role of this user that can be used", remedy);
    }
    None
}

pub fn station_of(held: &[Held], wanted: Option<i64>, today: Day) -> Option<Station> {
    let running: Vec<&Held> = held.iter().filter(|r| r.ended.is_none_or(|end| end > today)).collect();
    let current = !running.is_empty();
    let mut chosen: Vec<&Held> = if current { running } else { held.iter().collect() };
    chosen.sort_by_key(|r| (!r.primary, wanted.is_some() && Some(r.org) != wanted));
    let main = *chosen.first()?;
    let mut positions: Vec<Holding> = Vec::new();
    for one in &chosen {
        if !positions.iter().any(|held| held.org == one.org && held.role == one.role) {
            positions.push(Holding { org: one.org, role: one.role, title: one.title, began: one.began });
        }
    }
    let school = if main.role == "guardian" { None } else { wanted.or(Some(main.org)) };
    Some(Station { role: main.role, school, began: main.began, positions, current })
}
