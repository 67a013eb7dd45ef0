//! `academicSessions.csv`, `courses.csv` and `classes.csv`: terms, courses, and classes as they are taught.

use super::known::{Content, Kind};
use super::report::Place;
use super::store::{self, SourceRow};
use super::values::{clean, date, first, grade, is_extension};
use super::work::{Common, Settled, Work};
use crate::db::Tx;
use crate::kernel::{Day, Result};

#[derive(serde::Serialize)]
pub struct SessionRow {
    pub id: i64,
    pub title: String,
    pub kind: String,
    pub starts: Day,
    pub ends: Day,
    pub school_year: i64,
}

#[derive(serde::Serialize)]
pub struct CourseRow {
    pub id: i64,
    pub title: String,
    pub code: Option<String>,
    pub org: Option<i64>,
}

#[derive(serde::Serialize)]
pub struct ClassRow {
    pub id: i64,
    pub uid: String,
    pub title: String,
    pub code: Option<String>,
    pub kind: String,
    pub grade: Option<&'static str>,
    pub course: Option<i64>,
    pub school: i64,
}

/// A batch of rows of one kind that have something to be written.
struct Batch<R> {
    rows: Vec<(u64, Settled, R)>,
    sources: Vec<SourceRow>,
}

impl<R> Batch<R> {
    fn new() -> Self {
        Self { rows: Vec::new(), sources: Vec::new() }
    }

    /// Gives the new rows their ids.
    async fn number(&mut self, work: &mut Work<'_>, tx: &mut Tx, kind: Kind, set: impl Fn(&mut R, i64)) -> Result<()> {
        let new = self.rows.iter().filter(|(_, s, _)| *s == Settled::New).count();
        let mut ids = work.reserve(tx, kind, new).await?.into_iter();
        for ((key, settled, row), source) in self.rows.iter_mut().zip(&mut self.sources) {
            let id = match settled {
                Settled::Changed(id) => *id,
                _ => ids.next().unwrap_or_default(),
            };
            if let Some(entry) = work.known(kind).get_mut(*key) {
                entry.set_row(id);
            }
            set(row, id);
            source.row = id;
        }
        Ok(())
    }

    fn into_rows(self) -> (Vec<R>, Vec<SourceRow>) {
        (self.rows.into_iter().map(|(_, _, row)| row).collect(), self.sources)
    }
}

fn some(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| clean(cell))
}

pub async fn import_sessions(work: &mut Work<'_>, tx: &mut Tx) -> Result<()> {
    const KIND: Kind = Kind::Session;
    let Some(mut table) = work.open(KIND).await? else { return Ok(()) };
    store::load(tx, KIND, work.known(KIND)).await?;
    let common = Common::of(&table);
    let (title, kind, starts, ends, year) =
        (table.column("title"), table.column("type"), table.column("startDate"), table.column("endDate"), table.column("schoolYear"));
    while let Some(rows) = table.next().await? {
        let mut batch = Batch::new();
        for row in &rows {
            let Some(admitted) = work.admit(KIND, common, row) else { continue };
            let days: Vec<Option<Day>> = [starts, ends]
                .into_iter()
                .map(|column| {
                    let read = date(row.get(column));
                    if read.is_some_and(|r| !r.strict) {
                        let wrong = "is not written as YYYY-MM-DD; it was read month first";
                        work.findings.habit("date", admitted.place, column.name, row.get(column), wrong, "write YYYY-MM-DD");
                    }
                    read.map(|r| r.value)
                })
                .collect();
            let [Some(first_day), Some(last_day)] = days.as_slice() else {
                let column = if days.first().is_some_and(Option::is_none) { starts } else { ends };
                work.reject(KIND, admitted, column.name, row.get(column), "is no date", "write it as YYYY-MM-DD");
                continue;
            };
            let (first_day, last_day) = (*first_day, *last_day);
            let school_year = row.get(year).parse().unwrap_or_else(|_| i64::from(last_day.plus(-1).school_year()));
            let session = SessionRow {
                id: 0,
                title: clean(row.get(title)),
                kind: session_kind(work, row.get(kind), admitted.place),
                starts: first_day,
                ends: last_day,
                school_year,
            };
            let content = Content::default().text(&session.title).text(&session.kind);
            let hash = content.number(first_day.0).number(last_day.0).number(school_year).hash();
            let settled = work.settle(KIND, admitted.key, hash, true, 0);
            if settled != Settled::Same {
                batch.rows.push((admitted.key, settled, session));
                batch.sources.push(SourceRow { source_id: admitted.place.source_id.to_owned(), row: 0, hash });
            }
        }
        batch.number(work, tx, KIND, |row, id| row.id = id).await?;
        if !work.wish.dry_run {
            let (rows, sources) = batch.into_rows();
            store::save_sessions(tx, &rows).await?;
            store::save_sources(tx, KIND, &sources).await?;
        }
    }
    leave(work, tx, KIND).await
}

pub async fn import_courses(work: &mut Work<'_>, tx: &mut Tx) -> Result<()> {
    const KIND: Kind = Kind::Course;
    store::load(tx, KIND, work.known(KIND)).await?;
    let Some(mut table) = work.open(KIND).await? else { return Ok(()) };
    let common = Common::of(&table);
    let (title, code, org) = (table.column("title"), table.column("courseCode"), table.column("orgSourcedId"));
    while let Some(rows) = table.next().await? {
        let mut batch = Batch::new();
        for row in &rows {
            let Some(admitted) = work.admit(KIND, common, row) else { continue };
            if row.get(title).is_empty() {
                work.reject(KIND, admitted, "title", "", "is empty", "give the course a title in the source system");
                continue;
            }
            let owner = work.refer_if_there(Kind::Org, row.get(org), admitted.place, "orgSourcedId");
            let course = CourseRow { id: 0, title: clean(row.get(title)), code: some(row.get(code)), org: owner };
            let hash = Content::default().text(&course.title).maybe(course.code.as_deref()).number(owner.unwrap_or(0)).hash();
            let settled = work.settle(KIND, admitted.key, hash, true, owner.unwrap_or(0));
            if settled != Settled::Same {
                batch.rows.push((admitted.key, settled, course));
                batch.sources.push(SourceRow { source_id: admitted.place.source_id.to_owned(), row: 0, hash });
            }
        }
        batch.number(work, tx, KIND, |row, id| row.id = id).await?;
        if !work.wish.dry_run {
            let (rows, sources) = batch.into_rows();
            store::save_courses(tx, &rows).await?;
            store::save_sources(tx, KIND, &sources).await?;
        }
    }
    leave(work, tx, KIND).await
}

pub async fn import_classes(work: &mut Work<'_>, tx: &mut Tx) -> Result<()> {
    const KIND: Kind = Kind::Class;
    store::load(tx, KIND, work.known(KIND)).await?;
    let Some(mut table) = work.open(KIND).await? else { return Ok(()) };
    let common = Common::of(&table);
    let (title, code, kind) = (table.column("title"), table.column("classCode"), table.column("classType"));
    let (grades, course, school) = (table.column("grades"), table.column("courseSourcedId"), table.column("schoolSourcedId"));
    while let Some(rows) = table.next().await? {
        let mut batch = Batch::new();
        for row in &rows {
            let Some(admitted) = work.admit(KIND, common, row) else { continue };
            let place = admitted.place;
            if row.get(title).is_empty() {
                work.reject(KIND, admitted, "title", "", "is empty", "give the class a title in the source system");
                continue;
            }
            let at = match work.refer(Kind::Org, row.get(school), place, "schoolSourcedId") {
                Ok(at) => at,
                Err(missing) => {
                    work.reject_for(KIND, admitted, missing);
                    continue;
                }
            };
            let class = ClassRow {
                id: 0,
                uid: tx.uid().simple().to_string(),
                title: clean(row.get(title)),
                code: some(row.get(code)),
                kind: class_kind(work, row.get(kind), place),
                grade: class_grade(work, first(row.get(grades)), place),
                course: work.refer_if_there(Kind::Course, row.get(course), place, "courseSourcedId"),
                school: at,
            };
            let content = Content::default().text(&class.title).maybe(class.code.as_deref()).text(&class.kind).maybe(class.grade);
            let hash = content.number(class.course.unwrap_or(0)).number(at).hash();
            let settled = work.settle(KIND, admitted.key, hash, true, at);
            if settled != Settled::Same {
                batch.rows.push((admitted.key, settled, class));
                batch.sources.push(SourceRow { source_id: place.source_id.to_owned(), row: 0, hash });
            }
        }
        batch.number(work, tx, KIND, |row, id| row.id = id).await?;
        let (rows, sources) = batch.into_rows();
        work.new_sections.extend(rows.iter().map(|class| (class.id, class.school)));
        if !work.wish.dry_run {
            store::save_classes(tx, &rows).await?;
            store::save_sources(tx, KIND, &sources).await?;
        }
    }
    leave(work, tx, KIND).await
}

fn class_kind(work: &mut Work<'_>, cell: &str, place: Place) -> String {
    if is_extension(cell) {
        return cell.to_owned();
    }
    if let Some(kind) = ["homeroom", "scheduled"].into_iter().find(|k| k.eq_ignore_ascii_case(cell)) {
        work.case(place, "classType", cell, kind);
        return kind.to_owned();
    }
    let wrong = "is no type of class; it was read as scheduled";
    work.findings.habit("type", place, "classType", cell, wrong, "write homeroom or scheduled");
    "scheduled".to_owned()
}

fn class_grade(work: &mut Work<'_>, cell: &str, place: Place) -> Option<&'static str> {
    let read = grade(cell);
    if !cell.is_empty() && read.is_none_or(|r| !r.strict) {
        let wrong = if read.is_some() { "is not written as a CEDS grade" } else { "is no grade; the class came in without one" };
        work.findings.habit(if read.is_some() { "grade" } else { "no grade" }, place, "grades", cell, wrong, "write KG, 01, … 12");
    }
    read.map(|r| r.value)
}

fn session_kind(work: &mut Work<'_>, cell: &str, place: Place) -> String {
    if is_extension(cell) {
        return cell.to_owned();
    }
    if let Some(kind) = ["gradingPeriod", "semester", "schoolYear", "term"].into_iter().find(|k| k.eq_ignore_ascii_case(cell)) {
        work.case(place, "type", cell, kind);
        return kind.to_owned();
    }
    let wrong = "is no type of session; it was read as a term";
    work.findings.habit("type", place, "type", cell, wrong, "write schoolYear, semester, term or gradingPeriod");
    "term".to_owned()
}

async fn leave(work: &mut Work<'_>, tx: &mut Tx, kind: Kind) -> Result<()> {
    let gone = work.close(tx, kind).await?;
    if !work.wish.dry_run {
        store::leave(tx, kind, &gone, work.today).await?;
        store::leave_sources(tx, kind, &gone, work.today).await?;
    }
    Ok(())
}
