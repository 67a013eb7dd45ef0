//! `roles.csv` of OneRoster 1.2: what a user is, where. It is gathered before `users.csv` is read, because a person's role and school are
//! written with the person, and settled after it, when every person has a row.

use std::collections::HashSet;

use super::header::{Layout, RolesIn};
use super::known::{ByKey, Content, Kind, key};
use super::manifest::Mode;
use super::rows::{Column, Row, Table};
use super::store;
use super::values::{date, role};
use super::work::{Admitted, Common, Settled, Title, Work};
use crate::db::Tx;
use crate::kernel::{Day, Result};

const KIND: Kind = Kind::Role;

/// One role of one user, in few bytes: there are as many as users.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    pub user: u64,
    pub org: i64,
    pub role: &'static str,
    pub title: Title,
    pub primary: bool,
    pub began: Option<Day>,
    pub ended: Option<Day>,
    order: i64,
}

impl Held {
    /// A role that is held already.
    pub fn known(user: u64, org: i64, name: &str, title: Title, primary: bool, began: Day) -> Self {
        // The column holds our own names, which `role` gave; a name it doesn't know is another staff role.
        let role = ["student", "teacher", "school_leader", "guardian"].into_iter().find(|r| *r == name).unwrap_or("staff");
        Self { user, org, role, title, primary, began: Some(began), ended: None, order: 0 }
    }
}

/// The roles of all users, sorted by user, the primary one first.
#[derive(Debug, Default)]
pub struct Roles {
    all: Vec<Held>,
    /// Users whose roles the file changes.
    pub touched: HashSet<u64>,
}

impl Roles {
    pub fn of(&self, user: u64) -> &[Held] {
        let from = self.all.partition_point(|r| r.user < user);
        let to = self.all.partition_point(|r| r.user <= user);
        self.all.get(from..to).unwrap_or_default()
    }
}

#[derive(serde::Serialize)]
pub struct RoleSourceRow {
    pub source_id: String,
    pub person: i64,
    pub org: i64,
    pub role: &'static str,
    pub hash: i64,
}

struct Columns {
    user: Column,
    kind: Column,
    role: Column,
    org: Column,
    began: Column,
    ended: Column,
}

impl Columns {
    fn of(table: &Table) -> Self {
        Self {
            user: table.column("userSourcedId"),
            kind: table.column("roleType"),
            role: table.column("role"),
            org: table.column("orgSourcedId"),
            began: table.column("beginDate"),
            ended: table.column("endDate"),
        }
    }

    fn hash(&self, row: &Row) -> i64 {
        [self.user, self.kind, self.role, self.org, self.began, self.ended]
            .into_iter()
            .fold(Content::default(), |content, column| content.text(row.get(column)))
            .hash()
    }
}

/// First pass: who is what, where.
pub async fn gather(work: &mut Work<'_>, tx: &mut Tx) -> Result<Roles> {
    let mut roles = Roles::default();
    let mode = work.manifest.mode(KIND);
    if !work.manifest.is_1_2() && mode == Mode::Absent {
        return Ok(roles);
    }
    let mut held: ByKey<Held> = ByKey::default();
    if mode != Mode::Bulk {
        for known in store::roles_held(tx).await? {
            let title = work.title(&known.title);
            held.insert(key(&known.source_id), known.held(title));
        }
    }
    if mode != Mode::Absent {
        store::load(tx, KIND, work.known(KIND)).await?;
    }
    if let Some(mut table) = work.open(KIND).await? {
        let (common, columns) = (Common::of(&table), Columns::of(&table));
        while let Some(rows) = table.next().await? {
            for row in &rows {
                let user = key(row.get(columns.user));
                let Some(admitted) = work.admit(KIND, common, row) else {
                    // Deleted, or unusable: in a delta file a deletion takes the role away.
                    let id = key(row.get(table.column("sourcedId")));
                    if row.get(table.column("status")).eq_ignore_ascii_case("tobedeleted") && held.remove(&id).is_some() {
                        roles.touched.insert(user);
                    }
                    continue;
                };
                if let Some(one) = read(work, admitted, row, &columns) {
                    if work.settle(KIND, admitted.key, columns.hash(row), true, one.org) != Settled::Same {
                        roles.touched.insert(user);
                    }
                    held.insert(admitted.key, one);
                }
            }
        }
    }
    roles.all = held.into_values().collect();
    roles.all.sort_unstable_by_key(|r| (r.user, !r.primary, r.order));
    Ok(roles)
}

fn read(work: &mut Work<'_>, row: Admitted, cells: &Row, columns: &Columns) -> Option<Held> {
    let place = row.place;
    let cell = cells.get(columns.role);
    let Some(what) = role(cell) else {
        work.reject(KIND, row, "role", cell, "is no role", "write student, teacher, principal, guardian, … or ext:…");
        return None;
    };
    if !what.strict {
        work.findings.habit("case", place, "role", cell, "is written in another case", "write it as OneRoster does");
    }
    let org = match work.refer(Kind::Org, cells.get(columns.org), place, "orgSourcedId") {
        Ok(org) => org,
        Err(missing) => {
            work.reject_for(KIND, row, missing);
            // Whoever has no other role hangs on the same cause.
            work.blame_too(Kind::Role, row.key, Kind::User, key(cells.get(columns.user)));
            return None;
        }
    };
    let mut day = |column: Column| {
        let cell = cells.get(column);
        let read = date(cell);
        if !cell.is_empty() && read.is_none_or(|r| !r.strict) {
            let wrong = "is not written as YYYY-MM-DD";
            work.findings.habit("date", place, column.name, cell, wrong, "write YYYY-MM-DD");
        }
        read.map(|r| r.value)
    };
    let (began, ended) = (day(columns.began), day(columns.ended));
    let primary = !cells.get(columns.kind).eq_ignore_ascii_case("secondary");
    let (role, title) = (what.value.role, work.title(what.value.title));
    Some(Held { user: key(cells.get(columns.user)), org, role, title, primary, began, ended, order: cells.number })
}

/// Second pass, when people have rows: says whose user isn't there, and writes down which role record stands behind which position.
pub async fn settle(work: &mut Work<'_>, tx: &mut Tx) -> Result<()> {
    if work.manifest.mode(KIND) == Mode::Absent {
        return Ok(());
    }
    let layout = Layout::of(KIND, true, RolesIn::Roles);
    // The habits were named in the first pass.
    let mut quiet = super::report::Findings::default();
    let mut table = Table::open(&work.files, layout, &mut quiet).await?;
    let (columns, source_id) = (Columns::of(&table), table.column("sourcedId"));
    while let Some(rows) = table.next().await? {
        let mut sources = Vec::new();
        for row in &rows {
            let id = row.get(source_id);
            let admitted = Admitted::at(KIND, row.number, id);
            let Some(settled) = work.known(KIND).get(admitted.key).filter(|e| e.hash == columns.hash(row)) else { continue };
            if settled.is(super::known::LEFT) {
                continue;
            }
            let org = work.known(Kind::Org).row(key(row.get(columns.org)));
            match work.refer(Kind::User, row.get(columns.user), admitted.place, "userSourcedId") {
                Ok(person) => {
                    if let (Some(org), Some(read)) = (org, role(row.get(columns.role))) {
                        sources.push(RoleSourceRow { source_id: id.to_owned(), person, org, role: read.value.role, hash: settled.hash });
                    }
                }
                Err(missing) => work.take_back(KIND, admitted, missing, org.unwrap_or(0)),
            }
        }
        if !work.wish.dry_run {
            store::save_role_sources(tx, &sources).await?;
        }
    }
    let gone = work.close(tx, KIND).await?;
    if !work.wish.dry_run {
        store::leave_sources(tx, KIND, &gone, work.today).await?;
    }
    Ok(())
}
