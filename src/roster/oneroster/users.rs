//! `users.csv`: people, with what they are and where. Passwords are never looked at.

use futures_util::future::join;
use tokio::task::yield_now;

use super::Wish;
use super::guardians::Pairs;
use super::header::RolesIn;
use super::known::{Content, GUARDIAN, Kind, SEEN, STUDENT, key};
use super::manifest::Mode;
use super::moves::Move;
use super::roles::Roles;
use super::rows::{AT_ONCE, Column, Row, Table};
use super::stations::{Holding, Station, station, station_of};
use super::store::{self, SourceRow};
use super::values::{a_year_before, boolean, clean, date, first, grade, language, list};
use super::work::{Admitted, Common, Settled, Title, Work};
use crate::db::Tx;
use crate::kernel::{Day, Problem, Result};

const KIND: Kind = Kind::User;
/// Nobody's name is longer; a cell that is has swallowed others.
const LONGEST_NAME: usize = 200;
/// RFC 5321.
const LONGEST_EMAIL: usize = 254;

pub struct PersonRow {
    pub id: i64,
    /// Of somebody new.
    pub uid: String,
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    pub username: Option<String>,
    pub language: String,
    pub role: &'static str,
    pub grade: Option<&'static str>,
    pub school: Option<i64>,
    pub joined: Day,
    /// 1 or 0: the engines write JSON's booleans differently.
    pub active: i64,
    pub turns_18: Option<Day>,
    pub turns_17: Option<Day>,
    /// 1: the source says that the person is 18, and not since when.
    pub adult: i64,
}

pub struct PositionRow {
    pub person: i64,
    pub org: i64,
    pub role: &'static str,
    pub title: String,
    pub primary: i64,
    pub began: Day,
}

pub struct Columns {
    enabled: Column,
    pub orgs: Column,
    pub role: Column,
    username: Column,
    given: Column,
    family: Column,
    email: Column,
    agents: Column,
    grades: Column,
    preferred_given: Column,
    preferred_family: Column,
    pub primary_org: Column,
    language: Column,
    home_language: Column,
    turns_18: Column,
    adult: [Column; 2],
}

impl Columns {
    fn of(table: &Table) -> Self {
        Self {
            enabled: table.column("enabledUser"),
            orgs: table.column("orgSourcedIds"),
            role: table.column("role"),
            username: table.column("username"),
            given: table.column("givenName"),
            family: table.column("familyName"),
            email: table.column("email"),
            agents: table.column("agentSourcedIds"),
            grades: table.column("grades"),
            preferred_given: table.column("preferredGivenName"),
            preferred_family: table.column("preferredFamilyName"),
            primary_org: table.column("primaryOrgSourcedId"),
            language: table.column("metadata.language"),
            home_language: table.column("metadata.homeLanguage"),
            turns_18: table.column("metadata.turns18"),
            adult: [table.column("metadata.adult"), table.column("metadata.is18")],
        }
    }
}

/// What one batch has to write.
#[derive(Default)]
struct Batch {
    people: Vec<(u64, Settled, PersonRow, Vec<Holding>)>,
    sources: Vec<SourceRow>,
}

pub async fn import(work: &mut Work<'_>, tx: &mut Tx, roles: &Roles) -> Result<Pairs> {
    store::load(tx, KIND, work.known(KIND)).await?;
    let mut pairs = Pairs::default();
    if let Some(mut table) = work.open(KIND).await? {
        if work.roles_in() == RolesIn::Users && work.manifest.is_1_2() {
            let name = &work.files.name;
            if !(table.has("role") && table.has("orgSourcedIds")) {
                let text = format!("{name} holds no roles.csv, which a bulk set needs: export the whole set again");
                return Err(Problem::invalid("source", text));
            }
        }
        let (common, columns) = (Common::of(&table), Columns::of(&table));
        let mut batch = next(work, &mut table, roles, common, &columns, &mut pairs).await?;
        while let Some(found) = batch {
            let rows = number(work, tx, found).await?;
            let writing = write(work.wish, work.today, tx, rows);
            let (written, following) = join(writing, next(work, &mut table, roles, common, &columns, &mut pairs)).await;
            written?;
            batch = following?;
        }
    }
    if work.manifest.mode(Kind::Role) == Mode::Delta {
        move_the_rest(work, tx, roles).await?;
    }
    let gone = work.close(tx, KIND).await?;
    work.changed.extend(&gone);
    if !work.wish.dry_run {
        store::people_leave(tx, &gone, work.today).await?;
        store::leave_sources(tx, KIND, &gone, work.today).await?;
    }
    Ok(pairs)
}

/// Judges the next rows of the file; none at its end.
async fn next(
    work: &mut Work<'_>,
    table: &mut Table,
    roles: &Roles,
    common: Common,
    columns: &Columns,
    pairs: &mut Pairs,
) -> Result<Option<Batch>> {
    let Some(rows) = table.next().await? else { return Ok(None) };
    let mut batch = Batch::default();
    for some in rows.chunks(AT_ONCE) {
        for row in some {
            let Some(admitted) = work.admit(KIND, common, row) else { continue };
            pairs.add(admitted.key, row.number, list(row.get(columns.agents)).map(key));
            one(work, roles, columns, row, admitted, &mut batch);
        }
        // The database's answer may be there: it gets the next statement.
        yield_now().await;
    }
    Ok(Some(batch))
}

fn one(work: &mut Work<'_>, roles: &Roles, columns: &Columns, row: &Row, admitted: Admitted, batch: &mut Batch) {
    let place = admitted.place;
    let named = |preferred: Column, plain: Column| {
        let preferred = row.get(preferred);
        clean(if preferred.is_empty() { row.get(plain) } else { preferred })
    };
    let given = named(columns.preferred_given, columns.given);
    let family = named(columns.preferred_family, columns.family);
    for (field, name) in [("givenName", &given), ("familyName", &family)] {
        if name.is_empty() {
            return work.reject(KIND, admitted, field, "", "is empty", "give the person's name in the source system");
        }
        if name.chars().count() > LONGEST_NAME {
            return work.reject(KIND, admitted, field, name, "is longer than any name", "look for a quotation mark that is not closed");
        }
    }
    let Some(station) = station(work, roles, columns, row, admitted) else { return };
    let enabled = enabled(work, columns, row, admitted);
    let Some(enabled) = enabled else { return };
    let active = enabled && station.current;

    let grade = if station.role == "student" { grade_of(work, columns, row, admitted) } else { None };
    let turns_18 = a_date(work, row, columns.turns_18, admitted);
    let adult = is_adult(work, columns, row, admitted);
    let person = PersonRow {
        id: 0,
        uid: String::new(),
        given,
        family,
        email: email_of(work, columns, row, admitted),
        username: username_of(work, columns, row, admitted),
        language: language_of(work, columns, row, admitted),
        role: station.role,
        grade,
        school: station.school,
        joined: station.began.map_or(work.today, |began| began.min(work.today)),
        active: i64::from(active),
        turns_18,
        turns_17: turns_18.map(a_year_before),
        adult: i64::from(adult),
    };
    let hash = content(work, &person, &station);
    let settled = work.settle(KIND, admitted.key, hash, active, station.school.unwrap_or(0));
    if let Some(entry) = work.known(KIND).get_mut(admitted.key) {
        entry.mark(STUDENT, station.role == "student");
        entry.mark(GUARDIAN, station.is_guardian());
    }
    if settled != Settled::Same {
        batch.people.push((admitted.key, settled, person, station.positions));
        batch.sources.push(SourceRow { source_id: place.source_id.to_owned(), row: 0, hash });
    }
}

fn content(work: &Work<'_>, person: &PersonRow, station: &Station) -> i64 {
    let mut content = Content::default()
        .text(&person.given)
        .text(&person.family)
        .maybe(person.email.as_deref())
        .maybe(person.username.as_deref())
        .text(&person.language)
        .text(person.role)
        .maybe(person.grade)
        .number(person.school.unwrap_or(0))
        .number(person.active)
        .number(person.turns_18.map_or(0, |d| d.0));
    // What a source doesn't say leaves the hash as it was before that could be said.
    if person.adult == 1 {
        content = content.text("adult");
    }
    for held in &station.positions {
        content = content.number(held.org).text(held.role).number(held.began.map_or(0, |d| d.0));
        if held.title != Title::NONE {
            content = content.text(work.title_text(held.title));
        }
    }
    content.hash()
}

/// Whether the record is active; none where the row was rejected.
fn enabled(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> Option<bool> {
    let cell = row.get(columns.enabled);
    if cell.is_empty() {
        return Some(true);
    }
    let Some(read) = boolean(cell) else {
        work.reject(KIND, admitted, "enabledUser", cell, "is neither true nor false", "write true or false");
        return None;
    };
    if !read.strict {
        let wrong = "is not written as true or false";
        work.findings.habit("boolean", admitted.place, "enabledUser", cell, wrong, "write true or false in lower case");
    }
    Some(read.value)
}

/// Whether the source marks the person as an adult.
fn is_adult(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> bool {
    columns.adult.into_iter().any(|column| {
        let cell = row.get(column);
        let read = boolean(cell);
        if !cell.is_empty() && read.is_none_or(|r| !r.strict) {
            let wrong = if read.is_some() { "is not written as true or false" } else { "is neither true nor false; it was left out" };
            work.findings.habit(
                if read.is_some() { "boolean" } else { "unclear" },
                admitted.place,
                column.name,
                cell,
                wrong,
                "write true or false",
            );
        }
        read.is_some_and(|r| r.value)
    })
}

fn username_of(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> Option<String> {
    let name = clean(row.get(columns.username));
    if name.chars().count() > LONGEST_NAME {
        let wrong = "is longer than any user name; the person came in without one";
        work.findings.warning(admitted.place, "username", &name, wrong, "look for a quotation mark that is not closed");
        return None;
    }
    Some(name).filter(|name| !name.is_empty())
}

fn grade_of(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> Option<&'static str> {
    let cell = first(row.get(columns.grades));
    if cell.is_empty() {
        return None;
    }
    let read = grade(cell);
    match read {
        Some(read) if read.strict => {}
        Some(_) => {
            let wrong = "is not written as a CEDS grade";
            work.findings.habit("grade", admitted.place, "grades", cell, wrong, "write KG, 01, … 12");
        }
        None => work.findings.warning(admitted.place, "grades", cell, "is no grade; the student came in without one", "write KG, 01, … 12"),
    }
    read.map(|r| r.value)
}

fn a_date(work: &mut Work<'_>, row: &Row, column: Column, admitted: Admitted) -> Option<Day> {
    let cell = row.get(column);
    if cell.is_empty() {
        return None;
    }
    let read = date(cell);
    match read {
        Some(read) if read.strict => {}
        Some(_) => {
            let wrong = "is not written as YYYY-MM-DD; it was read month first";
            work.findings.habit("date", admitted.place, column.name, cell, wrong, "write YYYY-MM-DD");
        }
        None => work.findings.warning(admitted.place, column.name, cell, "is no date; it was left out", "write it as YYYY-MM-DD"),
    }
    read.map(|r| r.value)
}

fn email_of(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> Option<String> {
    let cell = row.get(columns.email);
    if cell.is_empty() {
        return None;
    }
    let usable = cell.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && !cell.chars().any(|c| c.is_whitespace() || c.is_control())
        && cell.len() <= LONGEST_EMAIL;
    if !usable {
        let wrong = "is no e-mail address; the person came in without one";
        work.findings.warning(admitted.place, "email", cell, wrong, "write it as name@example.org, or leave it empty");
    }
    usable.then(|| cell.to_owned())
}

fn language_of(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> String {
    for column in [columns.language, columns.home_language] {
        let cell = row.get(column);
        if cell.is_empty() {
            continue;
        }
        let remedy = "write a tag such as en or es";
        if let Some(read) = language(cell) {
            if !read.strict {
                work.findings.habit("language", admitted.place, column.name, cell, "is not a language tag", remedy);
            }
            return read.value;
        }
        let wrong = "is no language that can be read; the district's own was taken";
        work.findings.warning(admitted.place, column.name, cell, wrong, remedy);
    }
    work.district.language.clone()
}

/// What is written of a batch.
#[derive(Default)]
struct Numbered {
    added: Vec<PersonRow>,
    changed: Vec<PersonRow>,
    positions: Vec<PositionRow>,
    sources: Vec<SourceRow>,
}

/// Gives each row its id, and who is new a uid.
async fn number(work: &mut Work<'_>, tx: &mut Tx, batch: Batch) -> Result<Numbered> {
    let new = batch.people.iter().filter(|(_, settled, _, _)| *settled == Settled::New).count();
    let mut ids = work.reserve(tx, KIND, new).await?.into_iter();
    let mut numbered = Numbered { sources: batch.sources, ..Numbered::default() };
    for ((key, settled, mut person, held), source) in batch.people.into_iter().zip(&mut numbered.sources) {
        let id = match settled {
            Settled::Changed(id) => id,
            _ => ids.next().unwrap_or_default(),
        };
        if let Some(entry) = work.known(KIND).get_mut(key) {
            entry.set_row(id);
        }
        person.id = id;
        source.row = id;
        work.changed.insert(id);
        // Whoever is no longer active holds no position.
        if person.active == 1 {
            numbered.positions.extend(rows_of(work, id, &held));
        }
        if settled == Settled::New {
            person.uid = tx.uid().simple().to_string();
            numbered.added.push(person);
        } else {
            numbered.changed.push(person);
        }
    }
    Ok(numbered)
}

async fn write(wish: Wish, today: Day, tx: &mut Tx, rows: Numbered) -> Result<()> {
    if wish.dry_run {
        return Ok(());
    }
    store::people_add(tx, &rows.added, today).await?;
    store::people_change(tx, &rows.changed, today).await?;
    let moved: Vec<i64> = rows.changed.iter().map(|p| p.id).collect();
    store::set_positions(tx, &moved, &rows.positions, today).await?;
    store::save_sources(tx, KIND, &rows.sources).await
}

fn rows_of(work: &Work<'_>, person: i64, held: &[Holding]) -> Vec<PositionRow> {
    held.iter()
        .enumerate()
        .map(|(n, held)| PositionRow {
            person,
            org: held.org,
            role: held.role,
            title: work.title_text(held.title).to_owned(),
            primary: i64::from(n == 0),
            began: held.began.unwrap_or(work.today),
        })
        .collect()
}

#[derive(serde::Serialize)]
pub struct MoveRow {
    pub id: i64,
    pub role: &'static str,
    pub school: Option<i64>,
    pub active: i64,
}

/// People whose roles a delta set changes without speaking of the people themselves.
async fn move_the_rest(work: &mut Work<'_>, tx: &mut Tx, roles: &Roles) -> Result<()> {
    let mut moves = Vec::new();
    let mut positions = Vec::new();
    for user in &roles.touched {
        let Some(entry) = work.known(KIND).get(*user).filter(|e| !e.is(SEEN) && !e.is(super::known::LEFT)) else { continue };
        let station = station_of(roles.of(*user), None, work.today);
        let active = station.as_ref().is_some_and(|s| s.current);
        let id = entry.row();
        let counts = work.count(KIND);
        if active {
            counts.changed += 1;
        } else {
            counts.left += 1;
        }
        let school = station.as_ref().and_then(|s| s.school).unwrap_or(0);
        work.moves.add(KIND, school, if active { Move::Changed } else { Move::Left }, 1);
        if let Some(station) = station {
            if active {
                positions.extend(rows_of(work, id, &station.positions));
            }
            moves.push(MoveRow { id, role: station.role, school: station.school, active: i64::from(active) });
        } else {
            moves.push(MoveRow { id, role: "", school: None, active: 0 });
        }
        work.changed.insert(id);
    }
    if work.wish.dry_run {
        return Ok(());
    }
    store::people_move(tx, &moves, work.today).await?;
    let ids: Vec<i64> = moves.iter().map(|m| m.id).collect();
    store::set_positions(tx, &ids, &positions, work.today).await
}
