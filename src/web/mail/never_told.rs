//! Whom nothing reaches: how many by school and reason, who, and the same as a file.

use askama::Template;
use rocket::futures::stream;
use rocket::get;
use uuid::Uuid;

use super::super::answer::{Answer, Html, page};
use super::super::audit_people::{Bytes, File};
use super::super::desk::{Desk, Telling};
use super::super::shell::Shell;
use super::MailSetUp;
use crate::kernel::{Actor, Page, PersonId, Problem, Result};
use crate::notices::letters::MOST;
use crate::notices::never_told::{self, Count, Filter, Untold, Why};
use crate::reports::csv::{Start, Writer};

/// A school with how many there are, by reason.
struct SchoolView {
    uid: Uuid,
    name: String,
    href: String,
    total: i64,
    /// Number and the list that it counts, in the order of the reasons.
    numbers: Vec<(i64, String)>,
    letters: String,
}

struct PersonView {
    /// `person@school`, as the form sends it.
    key: String,
    name: String,
    href: String,
    children: String,
    school: String,
    role: String,
    grade: String,
    duties: i64,
    first_day: String,
    why: String,
    said: String,
    address: String,
}

#[derive(Template)]
#[template(path = "mail_never_told.html")]
struct NeverToldPage {
    shell: Shell,
    set_up: bool,
    director: bool,
    sentence: String,
    reasons: Vec<String>,
    schools: Vec<SchoolView>,
    rows: Vec<PersonView>,
    filtered: bool,
    csv: String,
    pages: String,
    previous: Option<String>,
    next: Option<String>,
}

fn filter(school: Option<&str>, why: Option<&str>) -> Result<Filter> {
    let given = |text: Option<&str>| text.map(str::to_owned).filter(|text| !text.is_empty());
    Ok(Filter {
        school: given(school).map(|uid| Uuid::parse_str(&uid).map_err(|_| Problem::NotFound)).transpose()?,
        why: given(why).map(|name| Why::named(&name).ok_or(Problem::NotFound)).transpose()?,
    })
}

fn query(filter: Filter) -> String {
    let school = filter.school.map(|uid| uid.to_string()).unwrap_or_default();
    format!("school={school}&why={}", filter.why.map_or("", Why::name))
}

fn why_text(shell: &Shell, why: Why) -> String {
    shell.t(&format!("mail-why-{}", why.name().replace('_', "-")))
}

fn schools(shell: &Shell, counts: &[Count]) -> Vec<SchoolView> {
    let group = |counts: &[Count]| {
        let (uid, total) = (counts[0].school, counts.iter().map(|count| count.number).sum());
        let number = |why: Why| {
            let number = counts.iter().find(|count| count.why == why).map_or(0, |count| count.number);
            (number, format!("/mail/never-told?{}", query(Filter { school: Some(uid), why: Some(why) })))
        };
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        SchoolView {
            uid,
            name: counts[0].name.clone(),
            href: format!("/mail/never-told?{}", query(Filter { school: Some(uid), why: None })),
            total,
            numbers: Why::ALL.into_iter().map(number).collect(),
            letters: if total > most { shell.tv("mail-letters-first", "number", most) } else { shell.t("mail-letters-all") },
        }
    };
    counts.chunk_by(|a, b| a.school == b.school).map(group).collect()
}

fn person(shell: &Shell, row: Untold) -> PersonView {
    PersonView {
        key: format!("{}@{}", row.person, row.school_uid),
        name: row.name,
        href: format!("/roster/people/{}", row.person),
        children: row.children.join(", "),
        school: row.school,
        role: shell.t(&format!("role-one-{}", row.role)),
        grade: if row.grade.is_empty() { String::new() } else { shell.grade(&row.grade) },
        duties: row.duties,
        first_day: shell.day(&row.first_day),
        why: why_text(shell, row.why),
        said: row.said,
        address: row.address,
    }
}

#[get("/mail/never-told?<school>&<why>&<page>")]
pub(super) async fn list(desk: Telling<'_>, set_up: MailSetUp, school: Option<&str>, why: Option<&str>, page: Option<i64>) -> Answer<Html> {
    let filter = filter(school, why)?;
    let mut tx = desk.read().await?;
    let counts = never_told::counts(&mut tx, desk.actor(), &desk.district).await?;
    let found = never_told::list(&mut tx, desk.actor(), &desk.district, &counts, filter, Page::number(page)).await?;
    drop(tx);
    let mut shell = desk.shell(desk.t("mail-never-told"));
    let pages = if found.last() > 1 { shell.tvv("pages-of", "page", found.page.number, "last", found.last()) } else { String::new() };
    if !pages.is_empty() {
        shell.title = format!("{} – {pages}", shell.title);
    }
    let mut sentence = shell.tvv("mail-untold-number", "number", found.total, "said", shell.number(&found.total));
    if let Some(name) = filter.school.and_then(|uid| counts.iter().find(|count| count.school == uid)).map(|count| &count.name) {
        sentence = format!("{name}: {sentence}");
    }
    if let Some(why) = filter.why {
        sentence = format!("{sentence} ({})", why_text(&shell, why));
    }
    let address = |number: i64| format!("/mail/never-told?{}&page={number}", query(filter));
    self::page(&NeverToldPage {
        set_up: set_up.0,
        director: desk.actor().is_director(),
        sentence,
        reasons: Why::ALL.into_iter().map(|why| why_text(&shell, why)).collect(),
        schools: schools(&shell, &counts),
        filtered: filter.school.is_some() || filter.why.is_some(),
        csv: format!("/mail/never-told.csv?{}", query(filter)),
        previous: found.previous().map(address),
        next: found.next().map(address),
        rows: found.rows.into_iter().map(|row| person(&shell, row)).collect(),
        pages,
        shell,
    })
}

#[get("/mail/never-told.csv?<school>&<why>")]
pub(super) fn file(desk: Telling<'_>, school: Option<&str>, why: Option<&str>) -> Answer<File> {
    let writing =
        Writing { desk: Desk::clone(&desk), actor: desk.actor().clone(), filter: filter(school, why)?, last: None, finished: false };
    let body: Bytes = Box::pin(stream::unfold(writing, Writing::next_part));
    Ok(File::csv(body, &format!("never-told-{}.csv", desk.today())))
}

/// Where the writing of the list stands. Each part has a transaction of its own, so that a slow reader holds no connection.
struct Writing {
    desk: Desk,
    actor: Actor,
    filter: Filter,
    /// The last person looked at; `None` before the heading.
    last: Option<PersonId>,
    finished: bool,
}

impl Writing {
    async fn next_part(mut self) -> Option<(Vec<u8>, Self)> {
        if self.finished {
            return None;
        }
        let part = match self.read().await {
            Ok(part) => part,
            Err(problem) => {
                // The status has been sent: the file itself must say that it isn't whole.
                tracing::error!(%problem, "a list could not be written to its end");
                self.finished = true;
                format!("{}\n", self.desk.t("audit-csv-incomplete")).into_bytes()
            }
        };
        Some((part, self))
    }

    async fn read(&mut self) -> Result<Vec<u8>> {
        let shell = self.desk.shell("");
        let mut file = Writer::new(Vec::new(), if self.last.is_none() { Start::ByteOrderMark } else { Start::Plain })?;
        if self.last.is_none() {
            let heads = ["name", "children", "school", "role", "grade", "duties", "first-day", "why", "address", "said"];
            file.row(heads.map(|head| shell.t(&format!("mail-untold-{head}"))))?;
        }
        let mut tx = self.desk.read().await?;
        let after = self.last.unwrap_or(PersonId(0));
        let (rows, last) = never_told::after(&mut tx, &self.actor, &self.desk.district, self.filter, after).await?;
        drop(tx);
        self.finished = last.is_none();
        self.last = Some(last.unwrap_or(after));
        for row in rows {
            let (grade, day) = (row.grade.clone(), row.first_day.iso());
            let view = person(&shell, row);
            let duties = view.duties.to_string();
            file.row([&view.name, &view.children, &view.school, &view.role, &grade, &duties, &day, &view.why, &view.address, &view.said])?;
        }
        file.finish()
    }
}
