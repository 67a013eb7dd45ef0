//! One form: whom it is for, how it stands, each time it was entered; to enter it again where that was wrong, and to attach its scan.

use askama::Template;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::http::ContentType;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post};
use std::collections::HashMap;
use uuid::Uuid;

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::answers::said;
use super::super::desk::{Clerk, Member};
use super::super::disclosing::disclose_receipt;
use super::super::reports::File;
use super::super::shell::Shell;
use super::batch::{PairView, QuestionView, pairs, questions, who};
use super::rows::{Meant, Row, filled};
use super::{chosen, fault, invalid, refused};
use crate::acknowledgments;
use crate::acknowledgments::paper::scans::{self, Kind};
use crate::acknowledgments::paper::{self, Outcome, Sheet};
use crate::kernel::{FieldError, Problem};

struct EntryView {
    href: String,
    text: String,
    why: String,
}

/// A scan as pages list it.
pub(in crate::web) struct ScanView {
    pub href: String,
    pub text: String,
}

pub(in crate::web) fn scan_view(shell: &Shell, record: Uuid, scan: &scans::Scan, day: String) -> ScanView {
    let size = shell.number(&(scan.size / 1024).max(1));
    let kind = match scan.kind {
        Kind::Pdf => "PDF",
        Kind::Jpeg => "JPEG",
        Kind::Png => "PNG",
    };
    let file = format!("{kind}, {size} KB");
    let text = shell.tvvv("paper-scan-line", "file", file, "day", day, "name", &scan.by_name);
    ScanView { href: format!("/receipts/{record}/scans/{}", scan.uid), text }
}

#[derive(Template)]
#[template(path = "paper_form.html")]
struct FormPage {
    shell: Shell,
    code: String,
    who: String,
    under: String,
    title: String,
    printed: String,
    state: &'static str,
    state_text: String,
    /// It can be entered: with the batch's page.
    ready: bool,
    /// It can be entered again.
    again: bool,
    entries: Vec<EntryView>,
    scans: Vec<ScanView>,
    /// A scan can be attached.
    attach: bool,
    questions: Vec<QuestionView>,
    pairs: Vec<PairView>,
    row: Row,
    why: String,
    placeholder: String,
    earliest: String,
    latest: String,
}

async fn form_page(desk: Clerk<'_>, code: &str, row: Row, why: String, problems: Vec<FieldError>) -> Answer<FormPage> {
    let mut tx = desk.read().await?;
    let outcome = paper::one(&mut tx, desk.actor(), &desk.district, desk.locale.tag(), code).await?;
    let shell = desk.shell(desk.shell("").tv("paper-form-title", "code", code.to_uppercase())).with_problems(problems);
    let (state, state_text) = match &outcome {
        Outcome::Ready(_) => ("open", shell.t("paper-state-open")),
        Outcome::Entered { day, .. } => ("done", shell.tv("paper-state-entered", "day", shell.day(day))),
        Outcome::Answered { day, .. } => ("done", shell.tv("paper-state-answered", "day", shell.day(day))),
        Outcome::NotNeeded { .. } => ("aside", shell.t("paper-state-not-needed")),
        Outcome::Replaced { .. } => ("wait", shell.t("paper-state-replaced")),
        Outcome::NotYet { opens, .. } => ("wait", shell.tv("paper-state-not-yet", "day", shell.day(opens))),
        _ => ("aside", shell.t("paper-state-ended")),
    };
    let ready = matches!(outcome, Outcome::Ready(_));
    let again = matches!(outcome, Outcome::Entered { .. } | Outcome::Answered { .. } | Outcome::NotNeeded { .. });
    let record = if let Outcome::Entered { record, .. } = &outcome { Some(*record) } else { None };
    let sheet: Option<Box<Sheet>> = match outcome {
        Outcome::Ready(sheet) | Outcome::Entered { sheet, .. } | Outcome::Answered { sheet, .. } | Outcome::NotNeeded { sheet, .. } => {
            Some(sheet)
        }
        Outcome::Replaced { name, title } | Outcome::Ended { name, title, .. } | Outcome::NotYet { name, title, .. } => {
            return Ok(FormPage {
                code: code.to_uppercase(),
                who: name,
                under: String::new(),
                title,
                printed: String::new(),
                state,
                state_text,
                ready,
                again,
                entries: Vec::new(),
                scans: Vec::new(),
                attach: false,
                questions: Vec::new(),
                pairs: Vec::new(),
                row,
                why,
                placeholder: String::new(),
                earliest: String::new(),
                latest: String::new(),
                shell,
            });
        }
        Outcome::Slip | Outcome::Twice | Outcome::Unknown => None,
    };
    let sheet = sheet.ok_or(Problem::NotFound)?;
    let day = |at| shell.day(&desk.district.zone.day(at));
    let mut entries = Vec::new();
    for entry in paper::entries(&mut tx, &sheet).await? {
        let said = said(&shell, &acknowledgments::receipt(&mut tx, desk.actor(), entry.record).await?);
        let text = shell.tvvv("paper-entry", "day", day(entry.at), "name", &entry.by_name, "said", said);
        entries.push(EntryView { href: format!("/receipts/{}", entry.record), text, why: entry.why });
    }
    let mut listed = Vec::new();
    if let Some(record) = record {
        for scan in scans::of(&mut tx, desk.actor(), record).await? {
            listed.push(scan_view(&shell, record, &scan, day(scan.at)));
        }
    }
    let (who, under) = who(&shell, &sheet);
    Ok(FormPage {
        who,
        under,
        title: shell.tvv("paper-of-version", "title", &sheet.title, "number", sheet.text.version.number),
        printed: shell.tvv("paper-printed", "day", shell.day(&sheet.printed), "name", &sheet.printed_by),
        questions: questions(&sheet),
        pairs: pairs(&sheet, &row, ""),
        placeholder: sheet.name.clone(),
        earliest: sheet.printed.iso(),
        latest: desk.today().iso(),
        code: sheet.code.clone(),
        attach: record.is_some(),
        scans: listed,
        state,
        state_text,
        ready,
        again,
        entries,
        row,
        why,
        shell,
    })
}

#[get("/paper/forms/<code>")]
pub(super) async fn show(desk: Clerk<'_>, code: &str) -> Answer<Html> {
    page(&form_page(desk, code, Row::default(), String::new(), Vec::new()).await?)
}

/// A form entered once more.
#[derive(FromForm)]
pub(super) struct Again<'r> {
    #[field(default = String::new())]
    agrees: String,
    #[field(default = HashMap::new())]
    choice: HashMap<String, String>,
    #[field(default = String::new())]
    reason: String,
    #[field(default = String::new())]
    signed_name: String,
    #[field(default = String::new())]
    signed_day: String,
    #[field(default = String::new())]
    why: String,
    scan: Option<TempFile<'r>>,
}

#[post("/paper/forms/<code>", data = "<form>")]
pub(super) async fn again(desk: Clerk<'_>, code: &str, form: Form<Again<'_>>) -> Answer<std::result::Result<Flash<Redirect>, Html>> {
    let Again { agrees, choice, reason, signed_name, signed_day, why, scan } = form.into_inner();
    let row = Row { agrees, choice, reason, signed_name, signed_day, skip: false };
    let scan = chosen(scan.as_ref()).await?;
    let shell = desk.shell("");
    let mut tx = desk.write().await?;
    let outcome = paper::one(&mut tx, desk.actor(), &desk.district, desk.locale.tag(), code).await?;
    let (Outcome::Entered { sheet, .. } | Outcome::Answered { sheet, .. } | Outcome::NotNeeded { sheet, .. }) = outcome else {
        return Err(Problem::NotFound.into());
    };
    let mut problems = Vec::new();
    if why.trim().is_empty() {
        problems.push(FieldError { field: "why".into(), text: shell.t("paper-say-why") });
    }
    if let Some(Err(refusal)) = scan.as_deref().map(scans::kind) {
        problems.push(refused(&shell, refusal));
    }
    match filled(&sheet, &row, false, "", desk.today()) {
        Meant::Taken(filled) => {
            for found in paper::faults(&sheet, &filled, desk.today()) {
                let number = if let paper::Fault::NotTicked(number) = found { number } else { 1 };
                problems.push(FieldError { field: format!("q-{}-{number}", sheet.code), text: fault(&shell, &found) });
            }
            if problems.is_empty() {
                match paper::enter_again(&mut tx, desk.actor(), &desk.district, &filled, &why, scan.as_deref()).await {
                    Ok(record) => {
                        tx.commit().await?;
                        return Ok(Ok(done(format!("/receipts/{}", record.uid), desk.t("paper-kept-again"))));
                    }
                    Err(problem) => problems.extend(invalid(problem)?.into_iter().map(|error| match error.field.as_str() {
                        "same" => FieldError { field: format!("q-{}-1", sheet.code), text: shell.t("paper-same") },
                        "why" => FieldError { field: error.field, text: shell.t("paper-say-why") },
                        _ => error,
                    })),
                }
            }
        }
        _ => problems.push(FieldError { field: "signed_day".into(), text: shell.t("paper-fault-day") }),
    }
    drop(tx);
    Ok(Err(form_again(&form_page(desk, code, row, why, problems).await?)?))
}

#[derive(FromForm)]
pub(super) struct Attaching<'r> {
    scan: Option<TempFile<'r>>,
}

#[post("/paper/forms/<code>/scans", data = "<form>")]
pub(super) async fn attach(desk: Clerk<'_>, code: &str, form: Form<Attaching<'_>>) -> Answer<std::result::Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    let outcome = paper::one(&mut tx, desk.actor(), &desk.district, desk.locale.tag(), code).await?;
    let Outcome::Entered { record, .. } = outcome else { return Err(Problem::NotFound.into()) };
    let shell = desk.shell("");
    let bytes = chosen(form.scan.as_ref()).await?.unwrap_or_default();
    let problem = match scans::kind(&bytes) {
        Err(why) => refused(&shell, why),
        Ok(_) => match scans::attach(&mut tx, desk.actor(), record, &bytes).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(Ok(done(format!("/paper/forms/{code}"), desk.t("paper-scan-attached"))));
            }
            Err(Problem::Conflict(_)) => FieldError { field: "scan".into(), text: shell.t("paper-scan-there") },
            Err(problem) => return Err(problem.into()),
        },
    };
    drop(tx);
    Ok(Err(form_again(&form_page(desk, code, Row::default(), String::new(), vec![problem]).await?)?))
}

#[get("/receipts/<uid>/scans/<scan>")]
pub(super) async fn scan(member: Member<'_>, uid: Uuid, scan: Uuid) -> Answer<File> {
    let mut tx = member.read().await?;
    let (kind, bytes) = scans::read(&mut tx, member.actor, uid, scan).await?;
    let record = acknowledgments::receipt(&mut tx, member.actor, uid).await?;
    drop(tx);
    disclose_receipt(&member, member.actor, &record).await?;
    let content = match kind {
        Kind::Pdf => ContentType::PDF,
        Kind::Jpeg => ContentType::JPEG,
        Kind::Png => ContentType::PNG,
    };
    Ok(File::of(bytes, content, &format!("scan-{scan}.{}", kind.ending())))
}
