//! What changes of the roster, of rules and of the calendar did to duties, and why: the list, and each with its people. For directors.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::desk::{Desk, Director};
use super::duty::end_reason;
use super::shell::Shell;
use crate::kernel::{Page, PageOf};
use crate::obligations::causes::{self, CauseKind, DutyReport, Line};

struct ReportRow {
    uid: Uuid,
    when: String,
    what: String,
    by: String,
    sums: String,
}

struct LineView {
    title: String,
    href: String,
    made: String,
    moved: String,
    ended: String,
    why: String,
}

struct PersonView {
    requirement: String,
    name: String,
    about: String,
    school: String,
    what: String,
    due: String,
}

#[derive(Template)]
#[template(path = "duty_changes.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<ReportRow>,
    found: PageOf<DutyReport>,
}

#[derive(Template)]
#[template(path = "duty_change.html")]
struct OnePage {
    shell: Shell,
    uid: Uuid,
    when: String,
    what: String,
    /// What changed, where it has a page.
    cause: Option<String>,
    lines: Vec<LineView>,
    people: Vec<PersonView>,
    found: PageOf<causes::Touched>,
}

fn when(desk: &Desk, report: &DutyReport) -> String {
    let at = report.at;
    format!("{}, {}", desk.locale.day(desk.district.zone.day(at)), desk.locale.time(desk.district.zone.time_of_day(at)))
}

fn what(shell: &Shell, kind: CauseKind) -> String {
    shell.t(&format!("duty-cause-{}", kind.name()))
}

fn sums(shell: &Shell, report: &DutyReport) -> String {
    let sum = |part: fn(&Line) -> i64| report.lines.iter().map(part).sum::<i64>();
    shell.tvvv(
        "duty-sums",
        "made",
        sum(|l| l.outcome.made + l.outcome.reopened),
        "moved",
        sum(|l| l.outcome.moved),
        "ended",
        sum(|l| l.outcome.ended_in_all() + l.outcome.released),
    )
}

fn line_view(shell: &Shell, line: &Line) -> LineView {
    let outcome = &line.outcome;
    let mut why: Vec<String> =
        outcome.ended.iter().map(|(why, number)| format!("{} {}", shell.number(number), end_reason(shell, why))).collect();
    for (number, key) in
        [(outcome.returned, "duty-why-returned"), (outcome.reopened, "duty-why-reopened"), (outcome.released, "duty-why-released")]
    {
        if number > 0 {
            why.push(format!("{} {}", shell.number(&number), shell.t(key)));
        }
    }
    LineView {
        title: line.title.clone(),
        href: format!("/requirements/{}", line.requirement),
        made: shell.number(&(outcome.made + outcome.reopened)),
        moved: shell.number(&outcome.moved),
        ended: shell.number(&(outcome.ended_in_all() + outcome.released)),
        why: why.join(" · "),
    }
}

fn cause_href(report: &DutyReport) -> Option<String> {
    let subject = &report.subject;
    if report.cause == CauseKind::Person && subject.is_empty() {
        // A file of people added by hand.
        return Some("/roster/people?by_hand=true".into());
    }
    Uuid::parse_str(subject).ok()?;
    match report.cause {
        CauseKind::Import => Some(format!("/roster/imports/{subject}")),
        CauseKind::Person | CauseKind::Consent | CauseKind::Merge => Some(format!("/roster/people/{subject}")),
        CauseKind::Audience => Some(format!("/audiences/{subject}")),
        CauseKind::Requirement | CauseKind::Year => Some(format!("/requirements/{subject}")),
        CauseKind::Day | CauseKind::Extension => None,
    }
}

#[get("/requirements/changes?<page>")]
async fn list(desk: Director<'_>, page: Option<i64>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let found = causes::list(&mut tx, desk.actor(), Page::number(page)).await?;
    drop(tx);
    let shell = desk.shell(desk.t("duty-changes"));
    let rows = found.rows.iter().map(|r| ReportRow {
        uid: r.uid,
        when: when(&desk, r),
        what: what(&shell, r.cause),
        by: r.by_name.clone(),
        sums: sums(&shell, r),
    });
    super::answer::page(&ListPage { rows: rows.collect(), found, shell })
}

#[get("/requirements/changes/<uid>?<page>")]
async fn one(desk: Director<'_>, uid: Uuid, page: Option<i64>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let report = causes::get(&mut tx, desk.actor(), uid).await?;
    let found = causes::people(&mut tx, desk.actor(), uid, Page::number(page)).await?;
    drop(tx);
    let shell = desk.shell(what(&desk.shell(""), report.cause));
    let people = found.rows.iter().map(|p| PersonView {
        requirement: p.requirement.clone(),
        name: p.name.clone(),
        about: if p.about_uid == p.person_uid { String::new() } else { p.about_name.clone() },
        school: p.school.clone(),
        what: end_reason(&shell, &p.what),
        due: shell.day(&p.due),
    });
    self::page(&OnePage {
        uid,
        when: when(&desk, &report),
        what: shell.tv("duty-by", "name", &report.by_name),
        cause: cause_href(&report),
        lines: report.lines.iter().map(|l| line_view(&shell, l)).collect(),
        people: people.collect(),
        found,
        shell,
    })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("changes of duties", |rocket| async { rocket.mount("/", routes![list, one]) })
}
