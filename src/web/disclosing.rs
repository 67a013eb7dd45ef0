//! The record of disclosures: what an outside party is shown of students is written down before it is shown. The director reads all entries, the
//! school those about a student within reach, families those about their children.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::desk::{Auditing, Desk, Director, Member};
use super::reports::File;
use super::shell::Shell;
use crate::acknowledgments::Record;
use crate::audit::disclosures::{self, Disclosure, DisclosureId, Kind};
use crate::identity::auditors;
use crate::kernel::{Actor, Page, PageOf, Problem, Result};
use crate::reports::csv::{Start, Writer};
use crate::roster::{households, people};

/// Writes down that the actor is shown records of these people, where the actor is an outside party and one of them a student. Called before the
/// page goes out: what can't be written down isn't shown.
pub(super) async fn disclose(desk: &Desk, actor: &Actor, kind: Kind, subject: &str, people: &[Uuid]) -> Result<()> {
    if !actor.is_outside() || people.is_empty() {
        return Ok(());
    }
    let mut tx = desk.write().await?;
    let to = auditors::party(&mut tx, actor).await?;
    disclosures::record(&mut tx, actor, &to, kind, subject, people).await?;
    tx.commit().await
}

/// The same for an answer.
pub(super) async fn disclose_receipt(desk: &Desk, actor: &Actor, record: &Record) -> Result<()> {
    disclose(desk, actor, Kind::Receipt, &record.policy, &[record.person, record.about]).await
}

/// Begins an entry for what is shown in parts; `None` where the actor is no outside party.
pub(super) async fn begin(desk: &Desk, actor: &Actor, kind: Kind, subject: &str) -> Result<Option<DisclosureId>> {
    if !actor.is_outside() {
        return Ok(None);
    }
    let mut tx = desk.write().await?;
    let to = auditors::party(&mut tx, actor).await?;
    let entry = disclosures::begin(&mut tx, actor, &to, kind, subject).await?;
    tx.commit().await?;
    Ok(Some(entry))
}

/// One entry as pages list it.
struct Entry {
    uid: Uuid,
    when: String,
    party: String,
    interest: String,
    /// Who looked.
    name: String,
    records: String,
    students: i64,
}

fn entry(desk: &Desk, shell: &Shell, found: Disclosure) -> Entry {
    let zone = &desk.district.zone;
    let kind = shell.t(&format!("disclosure-{}", found.kind.name().replace('_', "-")));
    Entry {
        uid: found.uid,
        when: shell.tvv("evidence-moment", "day", shell.day(&zone.day(found.at)), "time", shell.locale.time(zone.time_of_day(found.at))),
        records: if found.subject.is_empty() { kind } else { format!("{kind}: {}", found.subject) },
        party: found.to.party,
        interest: found.to.interest,
        name: found.actor_name,
        students: found.students,
    }
}

#[derive(Template)]
#[template(path = "disclosures.html")]
struct DisclosuresPage {
    shell: Shell,
    /// Where one came from: address and words.
    back: Option<(String, String)>,
    lead: String,
    none: String,
    entries: Vec<Entry>,
    /// The director, whose list leads to the students of each entry.
    all: bool,
    pages: String,
    previous: Option<String>,
    next: Option<String>,
}

struct Around {
    title: String,
    back: Option<(String, String)>,
    lead: String,
    all: bool,
    address: String,
}

fn list_page(desk: &Desk, found: PageOf<Disclosure>, around: Around) -> DisclosuresPage {
    let mut shell = desk.shell(around.title);
    let pages = if found.last() > 1 { shell.tvv("pages-of", "page", found.page.number, "last", found.last()) } else { String::new() };
    if !pages.is_empty() {
        shell.title = format!("{} – {pages}", shell.title);
    }
    let address = |number: i64| format!("{}?page={number}", around.address);
    DisclosuresPage {
        previous: found.previous().map(address),
        next: found.next().map(address),
        entries: found.rows.into_iter().map(|row| entry(desk, &shell, row)).collect(),
        back: around.back,
        lead: around.lead,
        none: shell.t("disclosures-none"),
        all: around.all,
        pages,
        shell,
    }
}

#[get("/disclosures?<page>")]
async fn all(desk: Director<'_>, page: Option<i64>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let found = disclosures::list(&mut tx, desk.actor(), Page::number(page)).await?;
    drop(tx);
    let around = Around {
        title: desk.t("disclosures-title"),
        back: Some(("/audit".into(), desk.t("audit-title"))),
        lead: desk.t("disclosures-lead"),
        all: true,
        address: "/disclosures".into(),
    };
    self::page(&list_page(&desk, found, around))
}

/// So many entries are read for one part of the file.
const PART: i64 = 1_000;

#[get("/disclosures/disclosures.csv")]
async fn file(desk: Director<'_>) -> Answer<File> {
    let shell = desk.shell("");
    let mut rows = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    let heading =
        ["disclosure-when", "disclosure-party", "disclosure-interest", "disclosure-name", "disclosure-records", "disclosure-students"];
    rows.row(heading.map(|key| shell.t(key)))?;
    let mut tx = desk.read().await?;
    let mut part = Page { number: 1, size: PART };
    loop {
        let found = disclosures::list(&mut tx, desk.actor(), part).await?;
        for row in &found.rows {
            let kind = shell.t(&format!("disclosure-{}", row.kind.name().replace('_', "-")));
            let records = if row.subject.is_empty() { kind } else { format!("{kind}: {}", row.subject) };
            rows.row([&row.at.rfc3339(), &row.to.party, &row.to.interest, &row.actor_name, &records, &row.students.to_string()])?;
        }
        if found.next().is_none() {
            break;
        }
        part.number += 1;
    }
    drop(tx);
    let csv = rocket::http::ContentType::new("text", "csv").with_params(("charset", "utf-8"));
    Ok(File::of(rows.finish()?, csv, "disclosures.csv"))
}

struct StudentView {
    href: String,
    name: String,
    school: String,
}

#[derive(Template)]
#[template(path = "disclosure.html")]
struct DisclosurePage {
    shell: Shell,
    entry: Entry,
    students: Vec<StudentView>,
    pages: String,
    previous: Option<String>,
    next: Option<String>,
}

#[get("/disclosures/<uid>?<page>")]
async fn one(desk: Director<'_>, uid: Uuid, page: Option<i64>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let (found, students) = disclosures::one(&mut tx, desk.actor(), uid, Page::number(page)).await?;
    drop(tx);
    let shell = desk.shell(desk.t("disclosure-title"));
    let address = |number: i64| format!("/disclosures/{uid}?page={number}");
    let pages =
        if students.last() > 1 { shell.tvv("pages-of", "page", students.page.number, "last", students.last()) } else { String::new() };
    self::page(&DisclosurePage {
        entry: entry(&desk, &shell, found),
        previous: students.previous().map(address),
        next: students.next().map(address),
        students: students
            .rows
            .into_iter()
            .map(|s| StudentView { href: format!("/roster/people/{}", s.uid), name: s.name, school: s.school.unwrap_or_default() })
            .collect(),
        pages,
        shell,
    })
}

/// On the student's record: for the school, and for whoever audits how records are kept.
#[get("/roster/people/<uid>/disclosures?<page>")]
async fn of_student(desk: Auditing<'_>, uid: Uuid, page: Option<i64>) -> Answer<Html> {
    if !disclosures::may_read_about(desk.actor()) {
        return Err(Problem::NotFound.into());
    }
    let mut tx = desk.read().await?;
    let person = people::find(&mut tx, desk.actor(), uid).await?;
    if person.role != "student" {
        return Err(Problem::NotFound.into());
    }
    let found = disclosures::about(&mut tx, person.id, Page::number(page)).await?;
    drop(tx);
    disclose(&desk, desk.actor(), Kind::Record, "", &[person.uid]).await?;
    let shell = desk.shell("");
    let around = Around {
        title: shell.tv("disclosures-of", "name", person.name()),
        back: Some((format!("/roster/people/{}", person.uid), person.name())),
        lead: shell.t("disclosures-of-lead"),
        all: false,
        address: format!("/roster/people/{}/disclosures", person.uid),
    };
    self::page(&list_page(&desk, found, around))
}

#[derive(Template)]
#[template(path = "disclosures_own.html")]
struct OwnPage {
    shell: Shell,
    /// Each student with the newest entries.
    students: Vec<(String, Vec<Entry>)>,
}

/// For the student, and for the parents until the student is 18 (34 CFR 99.5, 99.32(c)(1)).
#[get("/answers/disclosures")]
async fn own(member: Member<'_>) -> Answer<Html> {
    let shell = member.shell(member.t("disclosures-own"));
    let mut students = Vec::new();
    let mut tx = member.read().await?;
    if let Some(person) = member.actor.person {
        let newest = Page { number: 1, size: 100 };
        let own = disclosures::about(&mut tx, person, newest).await?.rows;
        if !own.is_empty() {
            students.push((member.actor.name.clone(), own));
        }
        for child in people::children_of(&mut tx, person).await? {
            if households::speakers(&mut tx, child.id, member.today()).await?.of_age {
                continue;
            }
            students.push((format!("{} {}", child.given, child.family), disclosures::about(&mut tx, child.id, newest).await?.rows));
        }
    }
    drop(tx);
    let students =
        students.into_iter().map(|(name, rows)| (name, rows.into_iter().map(|row| entry(&member, &shell, row)).collect())).collect();
    page(&OwnPage { shell, students })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("the record of disclosures", |rocket| async { rocket.mount("/", routes![all, file, one, of_student, own]) })
}
