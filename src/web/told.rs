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

use super::desk::Auditing;
use super::disclosing::disclose;
use super::shell::Shell;
use crate::acknowledgments::told::{self, Told, Wanted};
use crate::audit::disclosures::Kind;
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

/// What several have said alike, as a filter.
struct KindView {
    href: String,
    text: String,
    language: String,
    number: i64,
    chosen: bool,
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
    kinds: Vec<KindView>,
    /// One kind alone is shown.
    like: Option<Uuid>,
    /// What was written for all on the page and can't be kept, and why.
    written: String,
    wrong: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    pages: String,
}

async fn view(tx: &mut Tx, texts: &crate::policies::Shelf, desk: &Auditing<'_>, shell: &Shell, told: Told) -> Result<ToldView> {
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

/// What the page shows: also those seen to, one kind alone, which part of the list.
#[derive(Clone, Copy, Default)]
struct Shown {
    all: bool,
    like: Option<Uuid>,
    page: Option<i64>,
}

/// A form that is to be put right: of one notice, or of all on the page; with what was written.
struct Again {
    notice: Option<Uuid>,
    written: String,
}

async fn told_page(desk: &Auditing<'_>, texts: &crate::policies::Shelf, shown: Shown, again: Option<Again>) -> Result<ToldPage> {
    let Shown { all, like, page: number } = shown;
    let field = again.as_ref().map(|again| again.notice.map_or_else(|| "note".to_owned(), |uid| format!("note-{uid}")));
    let problems = field.map(|field| FieldError { field, text: desk.t("told-note-wrong") });
    let settles = told::may_settle(desk.actor());
    // Whoever can't write down what was done has no list of what waits.
    let all = all || !settles;
    let wanted = if all { Wanted::All } else { Wanted::Waiting };
    let mut tx = desk.read().await?;
    let PageOf { rows: found, page, total } = told::list(&mut tx, desk.actor(), wanted, like, Page::number(number)).await?;
    let shell = desk.shell(desk.t("told-title")).with_problems(problems.into_iter().collect());
    let shown: Vec<Uuid> = found.iter().map(|told| told.about_uid).collect();
    let kinds = kind_views(&mut tx, texts, desk, &shell, wanted, like).await?;
    let mut rows = Vec::new();
    for told in found {
        let mut row = view(&mut tx, texts, desk, &shell, told).await?;
        row.wrong = shell.problem(&format!("note-{}", row.uid)).map(str::to_owned);
        if let Some(again) = again.as_ref().filter(|again| again.notice == Some(row.uid)) {
            row.written.clone_from(&again.written);
        }
        rows.push(row);
    }
    drop(tx);
    disclose(desk, desk.actor(), Kind::SaidNo, "", &shown).await?;
    let list: PageOf<()> = PageOf { rows: Vec::new(), page, total };
    let address = |number: i64| format!("{}&page={number}", address(all, like));
    Ok(ToldPage {
        pages: if list.last() > 1 { shell.tvv("pages-of", "page", page.number, "last", list.last()) } else { String::new() },
        previous: list.previous().map(address),
        next: list.next().map(address),
        rows,
        total,
        all,
        settles,
        kinds,
        like,
        wrong: shell.problem("note").map(str::to_owned),
        written: again.filter(|again| again.notice.is_none()).map(|again| again.written).unwrap_or_default(),
        shell,
    })
}

fn address(all: bool, like: Option<Uuid>) -> String {
    format!("/said-no?all={all}{}", like.map(|uid| format!("&like={uid}")).unwrap_or_default())
}

/// Each kind of no there is; none where there is one alone.
async fn kind_views(
    tx: &mut Tx,
    texts: &crate::policies::Shelf,
    desk: &Auditing<'_>,
    shell: &Shell,
    wanted: Wanted,
    like: Option<Uuid>,
) -> Result<Vec<KindView>> {
    let kinds = told::kinds(tx, desk.actor(), wanted).await?;
    let chosen = match like {
        Some(uid) => told::kind_of(tx, desk.actor(), uid).await?,
        None => None,
    };
    let mut views = Vec::new();
    for kind in kinds {
        let reading = texts.read(tx, kind.version, shell.locale.tag()).await?;
        let what = |withdrawn: bool| shell.t(if withdrawn { "told-taken-back" } else { "told-no" });
        let text = if kind.matters.is_empty() {
            format!("{}: {}", what(kind.withdrawn), reading.title)
        } else {
            let found = kind.matters.iter().filter_map(|m| Some((m, reading.consents.iter().find(|c| c.id == m.id)?)));
            found.map(|(m, c)| format!("{}: {}", what(m.withdrawn), c.ask)).collect::<Vec<_>>().join(" · ")
        };
        views.push(KindView {
            href: address(wanted == Wanted::All, Some(kind.example)),
            text,
            language: reading.language.clone(),
            number: kind.number,
            chosen: chosen.as_ref().is_some_and(|(version, matters, withdrawn)| {
                (*version, matters, *withdrawn) == (kind.version, &kind.matters, kind.withdrawn)
            }),
        });
    }
    Ok(if views.len() > 1 || like.is_some() { views } else { Vec::new() })
}

#[get("/said-no?<all>&<like>&<page>")]
async fn list(
    desk: Auditing<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    all: Option<bool>,
    like: Option<Uuid>,
    page: Option<i64>,
) -> Answer<Html> {
    let shown = Shown { all: all.unwrap_or(false), like, page };
    self::page(&told_page(&desk, texts, shown, None).await?)
}

#[derive(FromForm)]
struct Done {
    #[field(default = String::new())]
    note: String,
}

#[post("/said-no/<uid>", data = "<form>")]
async fn seen(
    desk: Auditing<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    uid: Uuid,
    form: Form<Done>,
) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    match told::seen(&mut tx, desk.actor(), uid, &form.note).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(done("/said-no", desk.t("told-done"))))
        }
        Err(Problem::Invalid(_)) => {
            drop(tx);
            let again = Again { notice: Some(uid), written: form.note.clone() };
            Ok(Err(form_again(&told_page(&desk, texts, Shown::default(), Some(again)).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
struct AllDone {
    /// Those that were on the page.
    #[field(name = "notice")]
    notices: Vec<String>,
    like: Option<String>,
    #[field(default = String::new())]
    note: String,
}

#[post("/said-no", data = "<form>")]
async fn all_seen(
    desk: Auditing<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    form: Form<AllDone>,
) -> Answer<Result<Flash<Redirect>, Html>> {
    let uids: Vec<Uuid> = form.notices.iter().filter_map(|uid| uid.parse().ok()).collect();
    let like = form.like.as_deref().and_then(|uid| uid.parse().ok());
    let mut tx = desk.write().await?;
    match told::all_seen(&mut tx, desk.actor(), &uids, &form.note).await {
        Ok(number) => {
            tx.commit().await?;
            Ok(Ok(done("/said-no", desk.shell("").tv("told-all-done", "number", number))))
        }
        Err(Problem::Invalid(_)) => {
            drop(tx);
            let shown = Shown { like, ..Shown::default() };
            let again = Again { notice: None, written: form.note.clone() };
            Ok(Err(form_again(&told_page(&desk, texts, shown, Some(again)).await?)?))
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
async fn file(desk: Auditing<'_>, texts: &Managed<std::sync::Arc<crate::policies::Shelf>>) -> Answer<File> {
    let mut tx = desk.read().await?;
    let shell = desk.shell("");
    let mut rows = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    let heads = ["when", "who", "school", "document", "question", "what", "after", "reason", "since", "seen-head", "note-head"];
    rows.row(heads.map(|head| shell.t(&format!("told-{head}"))))?;
    let mut number = 1;
    loop {
        let found = told::list(&mut tx, desk.actor(), Wanted::All, None, Page { number, size: 500 }).await?;
        let is_last = number >= found.last();
        let shown: Vec<Uuid> = found.rows.iter().map(|told| told.about_uid).collect();
        disclose(&desk, desk.actor(), Kind::SaidNo, "", &shown).await?;
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
    AdHoc::on_ignite("told", |rocket| async { rocket.mount("/", routes![list, seen, all_seen, file]) })
}
