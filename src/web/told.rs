//! Who said no or took something back, for the people of the school: what it is about, why, what follows by the document's own words; each
//! waits until somebody writes down what was done.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::{ContentType, Header};
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, Responder, State as Managed, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::answers::Texts;
use super::desk::Auditing;
use super::shell::Shell;
use crate::acknowledgments::told::{self, Told, Wanted};
use crate::db::Tx;
use crate::kernel::{FieldError, Page, PageOf, Problem, Result};
use crate::reports::csv::{Start, Writer};

/// One thing that was said no to or taken back.
struct Matter {
    /// The consent's question; empty for the whole document.
    ask: String,
    what: String,
    after: String,
}

struct ToldView {
    uid: Uuid,
    who: String,
    school: String,
    title: String,
    language: String,
    day: String,
    matters: Vec<Matter>,
    reason: String,
    receipt: Option<Uuid>,
    person: Uuid,
    answered_since: bool,
    /// By whom, when and what was done.
    seen: Option<(String, String)>,
    /// What was written and can't be kept, and why.
    written: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "told.html")]
struct ToldPage {
    shell: Shell,
    rows: Vec<ToldView>,
    total: i64,
    all: bool,
    /// May write down what was done.
    settles: bool,
    previous: Option<String>,
    next: Option<String>,
    pages: String,
}

async fn view(tx: &mut Tx, texts: &Texts, desk: &Auditing<'_>, shell: &Shell, told: Told) -> Result<ToldView> {
    let reading = texts.read(tx, told.version, shell.locale.tag()).await?;
    let what = |withdrawn: bool| shell.t(if withdrawn { "told-taken-back" } else { "told-no" });
    let matters = if told.matters.is_empty() {
        vec![Matter { ask: String::new(), what: what(told.withdrawn), after: reading.if_declined.clone() }]
    } else {
        let found = told.matters.iter().filter_map(|m| Some((m, reading.consents.iter().find(|c| c.id == m.id)?)));
        found.map(|(m, c)| Matter { ask: c.ask.clone(), what: what(m.withdrawn), after: c.after_no.clone() }).collect()
    };
    let day = |at| shell.day(&desk.district.zone.day(at));
    Ok(ToldView {
        uid: told.uid,
        who: if told.oneself {
            told.person_name.clone()
        } else {
            shell.tvv("duty-for-child", "name", &told.person_name, "child", &told.about_name)
        },
        school: told.school,
        title: format!("{}, {}", reading.title, shell.tv("answer-version-only", "number", told.number)),
        language: reading.language.clone(),
        day: day(told.at),
        matters,
        reason: told.reason,
        receipt: told.receipt,
        person: told.about_uid,
        answered_since: told.answered_since,
        written: String::new(),
        wrong: None,
        seen: told.seen.map(|seen| (shell.tvv("told-seen", "name", &seen.by, "day", day(seen.at)), seen.note)),
    })
}

async fn told_page(
    desk: &Auditing<'_>,
    texts: &Texts,
    all: bool,
    number: Option<i64>,
    again: Option<(Uuid, String)>,
    problems: Vec<FieldError>,
) -> Result<ToldPage> {
    let settles = told::may_settle(desk.actor());
    // Whoever can't write down what was done has no list of what waits.
    let all = all || !settles;
    let wanted = if all { Wanted::All } else { Wanted::Waiting };
    let mut tx = desk.read().await?;
    let PageOf { rows: found, page, total } = told::list(&mut tx, desk.actor(), wanted, Page::number(number)).await?;
    let shell = desk.shell(desk.t("told-title")).with_problems(problems);
    let mut rows = Vec::new();
    for told in found {
        let mut row = view(&mut tx, texts, desk, &shell, told).await?;
        row.wrong = shell.problem(&format!("note-{}", row.uid)).map(str::to_owned);
        if let Some((uid, written)) = &again
            && *uid == row.uid
        {
            row.written.clone_from(written);
        }
        rows.push(row);
    }
    let list: PageOf<()> = PageOf { rows: Vec::new(), page, total };
    let address = |number: i64| format!("/said-no?{}page={number}", if all { "all=true&" } else { "" });
    Ok(ToldPage {
        pages: if list.last() > 1 { shell.tvv("pages-of", "page", page.number, "last", list.last()) } else { String::new() },
        previous: list.previous().map(address),
        next: list.next().map(address),
        rows,
        total,
        all,
        settles,
        shell,
    })
}

#[get("/said-no?<all>&<page>")]
async fn list(desk: Auditing<'_>, texts: &Managed<Texts>, all: Option<bool>, page: Option<i64>) -> Answer<Html> {
    self::page(&told_page(&desk, texts, all.unwrap_or(false), page, None, Vec::new()).await?)
}

#[derive(FromForm)]
struct Done {
    #[field(default = String::new())]
    note: String,
}

#[post("/said-no/<uid>", data = "<form>")]
async fn seen(desk: Auditing<'_>, texts: &Managed<Texts>, uid: Uuid, form: Form<Done>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    match told::seen(&mut tx, desk.actor(), uid, &form.note).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(done("/said-no", desk.t("told-done"))))
        }
        Err(Problem::Invalid(_)) => {
            drop(tx);
            let errors = vec![FieldError { field: format!("note-{uid}"), text: desk.t("told-note-wrong") }];
            Ok(Err(form_again(&told_page(&desk, texts, false, None, Some((uid, form.note.clone())), errors).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(Responder)]
struct File {
    bytes: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
}

/// One row for each thing that was said no to or taken back, whether it waits or not.
#[get("/said-no/said-no.csv")]
async fn file(desk: Auditing<'_>, texts: &Managed<Texts>) -> Answer<File> {
    let mut tx = desk.read().await?;
    let shell = desk.shell("");
    let mut rows = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    let heads = ["when", "who", "school", "document", "question", "what", "after", "reason", "since", "seen-head", "note-head"];
    rows.row(heads.map(|head| shell.t(&format!("told-{head}"))))?;
    let mut number = 1;
    loop {
        let found = told::list(&mut tx, desk.actor(), Wanted::All, Page { number, size: 500 }).await?;
        let is_last = number >= found.last();
        for told in found.rows {
            let view = view(&mut tx, texts, &desk, &shell, told).await?;
            let since = if view.answered_since { shell.t("told-answered-since") } else { String::new() };
            let (seen, note) = view.seen.unwrap_or_default();
            for matter in &view.matters {
                rows.row([
                    &view.day,
                    &view.who,
                    &view.school,
                    &view.title,
                    &matter.ask,
                    &matter.what,
                    &matter.after,
                    &view.reason,
                    &since,
                    &seen,
                    &note,
                ])?;
            }
        }
        if is_last {
            break;
        }
        number += 1;
    }
    let disposition = Header::new("Content-Disposition", "attachment; filename=\"said-no.csv\"");
    Ok(File { bytes: rows.finish()?, kind: ContentType::CSV, disposition })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("told", |rocket| async { rocket.mount("/", routes![list, seen, file]) })
}
