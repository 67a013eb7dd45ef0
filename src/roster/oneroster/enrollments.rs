//! `enrollments.csv`: who sits in or teaches which class. The largest file: seven million rows, never held together.

use std::borrow::Cow;

use futures_util::future::join;
use tokio::task::yield_now;

use super::Wish;
use super::known::{Content, Kind};
use super::rows::{AT_ONCE, Column, Row, Table};
use super::store::{self, SourceRow};
use super::values::{date, is_extension};
use super::work::{Admitted, Common, Settled, Work};
use crate::db::Tx;
use crate::kernel::{Day, Result};

const KIND: Kind = Kind::Enrollment;
const ROLES: [&str; 4] = ["student", "teacher", "administrator", "proctor"];

pub struct EnrollmentRow {
    pub id: i64,
    pub section: i64,
    pub person: i64,
    pub role: Cow<'static, str>,
    pub began: Option<Day>,
    pub ended: Option<Day>,
}

struct Columns {
    class: Column,
    user: Column,
    role: Column,
    began: Column,
    ended: Column,
}

pub async fn import(work: &mut Work<'_>, tx: &mut Tx) -> Result<()> {
    let Some(mut table) = work.open(KIND).await? else { return Ok(()) };
    store::load(tx, KIND, work.known(KIND)).await?;
    let common = Common::of(&table);
    let columns = Columns {
        class: table.column("classSourcedId"),
        user: table.column("userSourcedId"),
        role: table.column("role"),
        began: table.column("beginDate"),
        ended: table.column("endDate"),
    };
    let unsorted = !work.wish.dry_run && store::enrollments_unsorted(tx).await?;
    let mut batch = next(work, &mut table, common, &columns).await?;
    while let Some(found) = batch {
        let rows = number(work, tx, found).await?;
        let (written, following) = join(write(work.wish, tx, rows), next(work, &mut table, common, &columns)).await;
        written?;
        batch = following?;
    }
    let gone = work.close(tx, KIND).await?;
    if !work.wish.dry_run {
        work.changed.extend(store::enrolled(tx, &gone).await?);
        store::leave(tx, KIND, &gone, work.today).await?;
        store::leave_sources(tx, KIND, &gone, work.today).await?;
    }
    if unsorted {
        // Sorting takes as much memory as what is known of the records, which nobody asks for again.
        work.known(KIND).forget();
        store::enrollments_sorted(tx).await?;
    }
    Ok(())
}

/// What one batch has to write.
#[derive(Default)]
struct Batch {
    rows: Vec<(u64, Settled, EnrollmentRow)>,
    sources: Vec<SourceRow>,
}

/// Judges the next rows of the file; none at its end.
async fn next(work: &mut Work<'_>, table: &mut Table, common: Common, columns: &Columns) -> Result<Option<Batch>> {
    let Some(rows) = table.next().await? else { return Ok(None) };
    let mut batch = Batch::default();
    for some in rows.chunks(AT_ONCE) {
        for row in some {
            let Some(admitted) = work.admit(KIND, common, row) else { continue };
            let Some(enrollment) = read(work, columns, row, admitted) else { continue };
            let hash = Content::default()
                .number(enrollment.section)
                .number(enrollment.person)
                .text(&enrollment.role)
                .number(enrollment.began.map_or(0, |d| d.0))
                .number(enrollment.ended.map_or(0, |d| d.0))
                .hash();
            let settled = work.settle(KIND, admitted.key, hash, true, enrollment.section);
            if settled != Settled::Same {
                work.changed.insert(enrollment.person);
                batch.rows.push((admitted.key, settled, enrollment));
                batch.sources.push(SourceRow { source_id: admitted.place.source_id.to_owned(), row: 0, hash });
            }
        }
        // The database's answer may be there: it gets the next statement.
        yield_now().await;
    }
    Ok(Some(batch))
}

fn read(work: &mut Work<'_>, columns: &Columns, row: &Row, admitted: Admitted) -> Option<EnrollmentRow> {
    let place = admitted.place;
    let cell = row.get(columns.role);
    let role = match ROLES.into_iter().find(|r| r.eq_ignore_ascii_case(cell)) {
        Some(role) => {
            work.case(place, "role", cell, role);
            Cow::Borrowed(role)
        }
        None if work.manifest.is_1_2() && is_extension(cell) => Cow::Owned(cell.to_owned()),
        None => {
            let remedy = "write student, teacher, administrator or proctor";
            work.reject(KIND, admitted, "role", cell, "is no role in a class", remedy);
            return None;
        }
    };
    let mut refer = |kind, column: Column| match work.refer(kind, row.get(column), place, column.name) {
        Ok(id) => Some(id),
        Err(missing) => {
            work.reject_for(KIND, admitted, missing);
            None
        }
    };
    let section = refer(Kind::Class, columns.class)?;
    let person = refer(Kind::User, columns.user)?;
    let mut day = |column: Column| {
        let cell = row.get(column);
        let read = date(cell);
        if !cell.is_empty() && read.is_none_or(|r| !r.strict) {
            let wrong =
                if read.is_some() { "is not written as YYYY-MM-DD; it was read month first" } else { "is no date; it was left out" };
            work.findings.habit(if read.is_some() { "date" } else { "no date" }, place, column.name, cell, wrong, "write YYYY-MM-DD");
        }
        read.map(|r| r.value)
    };
    let (began, ended) = (day(columns.began), day(columns.ended));
    Some(EnrollmentRow { id: 0, section, person, role, began, ended })
}

/// What is written of a batch.
struct Numbered {
    added: Vec<EnrollmentRow>,
    changed: Vec<EnrollmentRow>,
    sources: Vec<SourceRow>,
}

/// Gives each row its id.
async fn number(work: &mut Work<'_>, tx: &mut Tx, batch: Batch) -> Result<Numbered> {
    let new = batch.rows.iter().filter(|(_, settled, _)| *settled == Settled::New).count();
    let mut ids = work.reserve(tx, KIND, new).await?.into_iter();
    let mut numbered = Numbered { added: Vec::with_capacity(new), changed: Vec::new(), sources: batch.sources };
    for ((key, settled, mut row), source) in batch.rows.into_iter().zip(&mut numbered.sources) {
        row.id = match settled {
            Settled::Changed(id) => id,
            _ => ids.next().unwrap_or_default(),
        };
        source.row = row.id;
        if let Some(entry) = work.known(KIND).get_mut(key) {
            entry.set_row(row.id);
        }
        if settled == Settled::New { numbered.added.push(row) } else { numbered.changed.push(row) }
    }
    Ok(numbered)
}

async fn write(wish: Wish, tx: &mut Tx, rows: Numbered) -> Result<()> {
    if wish.dry_run {
        return Ok(());
    }
    store::enrollments_add(tx, &rows.added).await?;
    store::enrollments_change(tx, &rows.changed).await?;
    store::save_sources(tx, KIND, &rows.sources).await
}
