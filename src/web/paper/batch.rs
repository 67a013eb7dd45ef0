//! Entering forms that came back: by their codes, typed or scanned, or by ticking the list of those that are out. Three pages, each with all
//! that was filled in: the codes, the forms, and what would be kept. Only the last one keeps anything, all of it or nothing.

use askama::Template;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post};
use uuid::Uuid;

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::Clerk;
use super::super::duty::end_reason;
use super::super::shell::Shell;
use super::rows::{Batch, Meant};
use super::{chosen, fault, invalid, refused};
use crate::acknowledgments::paper::{self, Filled, Outcome, Sheet, Wanted, scans};
use crate::kernel::{FieldError, Problem, Result};

/// A requirement whose forms are out.
struct OutView {
    text: String,
    list: String,
    classes: String,
}

struct RecentView {
    href: String,
    who: String,
    what: String,
}

#[derive(Template)]
#[template(path = "paper_start.html")]
struct StartPage {
    shell: Shell,
    out: Vec<OutView>,
    recent: Vec<RecentView>,
    codes: String,
}

#[get("/paper")]
pub(super) async fn start(desk: Clerk<'_>) -> Answer<Html> {
    page(&start_page(desk, String::new(), Vec::new()).await?)
}

async fn start_page(desk: Clerk<'_>, codes: String, problems: Vec<FieldError>) -> Result<StartPage> {
    let mut tx = desk.read().await?;
    let waiting = paper::waiting(&mut tx, desk.actor()).await?;
    let recent = paper::recent(&mut tx, desk.actor()).await?;
    drop(tx);
    let shell = desk.shell(desk.t("paper-title")).with_problems(problems);
    let most = i64::try_from(paper::MOST).unwrap_or(i64::MAX);
    let out = waiting.into_iter().map(|w| OutView {
        text: shell.tvv("paper-out-of", "number", w.number, "title", w.title),
        list: if w.number <= most { format!("/paper/list?requirement={}", w.requirement) } else { String::new() },
        classes: format!("/audit/{}/paper", w.requirement),
    });
    let recent = recent.into_iter().map(|r| RecentView {
        href: format!("/receipts/{}", r.record),
        who: if r.oneself { r.name } else { shell.tvv("duty-for-child", "name", r.name, "child", r.about_name) },
        what: format!("{}, {}, {}", r.title, r.code, shell.day(&desk.district.zone.day(r.at))),
    });
    Ok(StartPage { out: out.collect(), recent: recent.collect(), codes, shell })
}

/// One question as it stands above the forms that ask it.
pub(super) struct QuestionView {
    pub ask: String,
    pub lang: String,
}

/// A yes or no to be ticked.
pub(super) struct PairView {
    pub number: usize,
    pub name: String,
    pub id: String,
    pub ask: String,
    pub yes: bool,
    pub no: bool,
}

pub(super) struct SheetView {
    pub code: String,
    pub id: String,
    pub who: String,
    pub under: String,
    pub pairs: Vec<PairView>,
    pub reason: String,
    pub signed_name: String,
    pub placeholder: String,
    pub signed_day: String,
    pub earliest: String,
    pub skip: bool,
    pub problems: Vec<String>,
    /// Something beside the ticks is filled in.
    pub opened: bool,
}

/// Forms of one version.
struct GroupView {
    title: String,
    questions: Vec<QuestionView>,
    sheets: Vec<SheetView>,
}

/// A line that could not be taken.
struct RefusedView {
    typed: String,
    wrong: String,
    remedy: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "paper_batch.html")]
struct BatchPage {
    shell: Shell,
    batch: Batch,
    groups: Vec<GroupView>,
    refused: Vec<RefusedView>,
    number: usize,
    latest: String,
}

struct KeptView {
    who: String,
    code: String,
    says: String,
    no: bool,
    signed: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "paper_preview.html")]
struct PreviewPage {
    shell: Shell,
    lead: String,
    carried: String,
    kept: Vec<KeptView>,
    left_out: Vec<String>,
    refused: Vec<RefusedView>,
}

/// A batch with what its codes stand for.
struct Read {
    batch: Batch,
    sheets: Vec<Sheet>,
    refused: Vec<(String, Outcome)>,
}

async fn read(desk: Clerk<'_>, mut batch: Batch) -> Result<Read> {
    let mut tx = desk.read().await?;
    let looked = paper::look(&mut tx, desk.actor(), &desk.district, desk.locale.tag(), &batch.lines()).await?;
    drop(tx);
    let (mut sheets, mut refused) = (Vec::new(), Vec::new());
    for looked in looked {
        match looked.outcome {
            Outcome::Ready(sheet) => sheets.push(*sheet),
            // A code that is scanned twice lies on the desk once.
            Outcome::Twice => {}
            outcome => refused.push((looked.typed, outcome)),
        }
    }
    batch.order = sheets.iter().map(|sheet| sheet.code.clone()).collect();
    batch.codes = refused.iter().map(|(typed, _)| typed.as_str()).collect::<Vec<_>>().join("\n");
    Ok(Read { batch, sheets, refused })
}

pub(super) fn who(shell: &Shell, sheet: &Sheet) -> (String, String) {
    let grade = if sheet.grade.is_empty() { String::new() } else { format!("{}, ", shell.grade(&sheet.grade)) };
    if sheet.oneself {
        (sheet.name.clone(), format!("{grade}{}", sheet.school))
    } else {
        (sheet.about_name.clone(), shell.tvv("paper-answers", "name", &sheet.name, "place", format!("{grade}{}", sheet.school)))
    }
}

/// The questions of a form, in the clerk's language where they are there in it.
pub(super) fn questions(sheet: &Sheet) -> Vec<QuestionView> {
    let lang = &sheet.shown.language;
    if !sheet.asks_several() {
        return vec![QuestionView { ask: sheet.shown.statement.clone(), lang: lang.clone() }];
    }
    sheet.shown.consents.iter().map(|c| QuestionView { ask: c.ask.clone(), lang: lang.clone() }).collect()
}

pub(super) fn pairs(sheet: &Sheet, row: &super::rows::Row, prefix: &str) -> Vec<PairView> {
    let id = |number: usize| format!("q-{}-{number}", sheet.code);
    let inside = |field: &str| if prefix.is_empty() { field.to_owned() } else { format!("{prefix}.{field}") };
    if !sheet.asks_several() {
        let ask = sheet.shown.statement.clone();
        let name = inside("agrees");
        return vec![PairView { number: 1, name, id: id(1), ask, yes: row.agrees == "yes", no: row.agrees == "no" }];
    }
    let pair = |(number, consent): (usize, &crate::policies::Consent)| {
        let said = row.choice.get(&consent.id).map_or("", String::as_str);
        let name = inside(&format!("choice[{}]", consent.id));
        PairView { number, name, id: id(number), ask: consent.ask.clone(), yes: said == "yes", no: said == "no" }
    };
    (1..).zip(&sheet.shown.consents).map(pair).collect()
}

fn refused_view(shell: &Shell, typed: String, outcome: Outcome) -> RefusedView {
    let named = |name: String, title: String| format!("{name}: {title}");
    let of = |sheet: &Sheet| named(who(shell, sheet).0, sheet.title.clone());
    let plain = |wrong: &str, remedy: &str| (shell.t(wrong), shell.t(remedy), None);
    let (wrong, remedy, href) = match outcome {
        Outcome::Ready(_) | Outcome::Twice => (String::new(), String::new(), None),
        Outcome::Slip => plain("paper-wrong-slip", "paper-mend-slip"),
        Outcome::Unknown => plain("paper-wrong-unknown", "paper-mend-unknown"),
        Outcome::Entered { sheet, day, .. } => (
            shell.tvv("paper-wrong-entered", "what", of(&sheet), "day", shell.day(&day)),
            shell.t("paper-mend-entered"),
            Some(format!("/paper/forms/{}", sheet.code)),
        ),
        Outcome::Answered { sheet, day, .. } => (
            shell.tvv("paper-wrong-answered", "what", of(&sheet), "day", shell.day(&day)),
            shell.t("paper-mend-answered"),
            Some(format!("/paper/forms/{}", sheet.code)),
        ),
        Outcome::NotNeeded { sheet, reason } => (
            shell.tvv("paper-wrong-not-needed", "what", of(&sheet), "reason", super::super::audit::reason(shell, &reason)),
            shell.t("paper-mend-not-needed"),
            Some(format!("/paper/forms/{}", sheet.code)),
        ),
        Outcome::Replaced { name, title } => {
            (shell.tv("paper-wrong-replaced", "what", named(name, title)), shell.t("paper-mend-replaced"), None)
        }
        Outcome::Ended { name, title, why } => {
            let why = end_reason(shell, &why);
            (shell.tvv("paper-wrong-ended", "what", named(name, title), "why", why), shell.t("paper-mend-ended"), None)
        }
        Outcome::NotYet { name, title, opens } => {
            let what = named(name, title);
            (shell.tvv("paper-wrong-not-yet", "what", what, "day", shell.day(&opens)), shell.t("paper-mend-not-yet"), None)
        }
    };
    RefusedView { typed, wrong, remedy, href }
}

/// The batch with its forms to be ticked; `problems` beside those of the lines that could not be taken.
fn batch_page(desk: Clerk<'_>, read: Read, problems: Vec<FieldError>) -> BatchPage {
    let Read { mut batch, sheets, refused } = read;
    let shell = desk.shell(desk.t(if batch.list { "paper-list-title" } else { "paper-batch-title" }));
    let refused: Vec<RefusedView> = refused.into_iter().map(|(typed, outcome)| refused_view(&shell, typed, outcome)).collect();
    let mut all: Vec<FieldError> =
        refused.iter().map(|r| FieldError { field: "codes".into(), text: format!("{}: {}", r.typed, r.wrong) }).collect();
    if batch.signed_day.is_empty() {
        batch.signed_day = desk.today().iso();
    }
    let mut groups: Vec<(i64, String, GroupView)> = Vec::new();
    for sheet in &sheets {
        let row = batch.row(&sheet.code);
        let (who, under) = who(&shell, sheet);
        let mine = |p: &&FieldError| p.field.strip_prefix("q-").is_some_and(|rest| rest.starts_with(&sheet.code));
        let view = SheetView {
            id: format!("row-{}", sheet.code),
            pairs: pairs(sheet, &row, &format!("rows[{}]", sheet.code)),
            problems: problems.iter().filter(mine).map(|p| p.text.clone()).collect(),
            opened: !row.reason.is_empty() || !row.signed_name.is_empty() || !row.signed_day.is_empty() || row.skip,
            placeholder: sheet.name.clone(),
            earliest: sheet.printed.iso(),
            code: sheet.code.clone(),
            reason: row.reason,
            signed_name: row.signed_name,
            signed_day: row.signed_day,
            skip: row.skip,
            who,
            under,
        };
        let version = sheet.text.version.id.0;
        if let Some((_, _, group)) = groups.iter_mut().find(|(known, title, _)| *known == version && *title == sheet.title) {
            group.sheets.push(view);
        } else {
            let title = shell.tvv("paper-of-version", "title", &sheet.title, "number", sheet.text.version.number);
            groups.push((version, sheet.title.clone(), GroupView { title, questions: questions(sheet), sheets: vec![view] }));
        }
    }
    all.extend(problems);
    BatchPage {
        number: sheets.len(),
        groups: groups.into_iter().map(|(_, _, group)| group).collect(),
        latest: desk.today().iso(),
        shell: shell.with_problems(all),
        refused,
        batch,
    }
}

fn answered(page: &BatchPage) -> Answer<Html> {
    if page.shell.problems.is_empty() { self::page(page) } else { form_again(page) }
}

#[get("/paper/list?<requirement>&<section>&<school>")]
pub(super) async fn list(desk: Clerk<'_>, requirement: &str, section: Option<&str>, school: Option<&str>) -> Answer<Html> {
    let uid = |text: &str| Uuid::parse_str(text).map_err(|_| Problem::NotFound);
    let wanted = Wanted { section: section.map(uid).transpose()?, school: school.map(uid).transpose()?, one: None };
    let mut tx = desk.read().await?;
    let codes = paper::waiting_codes(&mut tx, desk.actor(), uid(requirement)?, wanted).await?;
    drop(tx);
    let batch = Batch { order: codes, list: true, ..Batch::default() };
    page(&batch_page(desk, read(desk, batch).await?, Vec::new()))
}

#[post("/paper/batch", data = "<form>")]
pub(super) async fn look(desk: Clerk<'_>, form: Form<Batch>) -> Answer<Html> {
    let mut batch = form.into_inner();
    let preview = batch.act == "preview";
    if !batch.carried.is_empty() {
        batch = Batch::read(&batch.carried).ok_or(Problem::NotFound)?;
    }
    if batch.lines().iter().all(|line| line.trim().is_empty()) {
        let problem = FieldError { field: "codes".into(), text: desk.t("paper-no-codes") };
        return form_again(&start_page(desk, String::new(), vec![problem]).await?);
    }
    let typed = batch.codes.clone();
    let read = match read(desk, batch).await {
        Ok(read) => read,
        Err(problem) => {
            invalid(problem)?;
            let problem = FieldError { field: "codes".into(), text: desk.shell("").tv("paper-too-many", "number", paper::MOST) };
            return form_again(&start_page(desk, typed, vec![problem]).await?);
        }
    };
    if !preview {
        return answered(&batch_page(desk, read, Vec::new()));
    }
    match taken(desk, &read) {
        Ok((taken, left_out)) => page(&preview_page(desk, read, &taken, left_out, Vec::new())),
        Err(problems) => form_again(&batch_page(desk, read, problems)),
    }
}

/// The forms to be kept and who is left out; or what is wrong.
fn taken(desk: Clerk<'_>, read: &Read) -> std::result::Result<(Vec<Filled>, Vec<String>), Vec<FieldError>> {
    let shell = desk.shell("");
    let today = desk.today();
    let (mut taken, mut left_out, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    if !["yes", "each"].contains(&read.batch.all.as_str()) {
        problems.push(FieldError { field: "all-yes".into(), text: shell.t("paper-say-how") });
    }
    for sheet in &read.sheets {
        let name = who(&shell, sheet).0;
        let mut wrong = |number: usize, text: String| {
            problems.push(FieldError { field: format!("q-{}-{number}", sheet.code), text: format!("{name}: {text}") });
        };
        match read.batch.meant(sheet, today) {
            Meant::LeftOut => left_out.push(format!("{name} ({})", sheet.code)),
            Meant::NoDay => wrong(1, shell.t("paper-fault-day")),
            Meant::Taken(filled) => {
                for found in paper::faults(sheet, &filled, today) {
                    // Without a choice for all, the missing choice is what to mend first.
                    match found {
                        paper::Fault::NotTicked(_) if read.batch.all.is_empty() => {}
                        paper::Fault::NotTicked(number) => wrong(number, fault(&shell, &found)),
                        _ => wrong(1, fault(&shell, &found)),
                    }
                }
                taken.push(filled);
            }
        }
    }
    if taken.is_empty() && problems.is_empty() {
        problems.push(FieldError { field: "all-yes".into(), text: shell.t("paper-nothing-taken") });
    }
    if problems.is_empty() { Ok((taken, left_out)) } else { Err(problems) }
}

/// What a form says, in few words: all yes, or the answers by number.
fn says(shell: &Shell, sheet: &Sheet, filled: &Filled) -> (String, bool) {
    let word = |yes: bool| shell.t(if yes { "paper-yes" } else { "paper-no" });
    if let Some(agrees) = filled.agrees {
        return (word(agrees), !agrees);
    }
    if filled.choices.iter().all(|(_, yes)| *yes) {
        return (shell.t("paper-yes-to-all"), false);
    }
    if filled.choices.iter().all(|(_, yes)| !yes) {
        return (shell.t("paper-no-to-all"), true);
    }
    let by_number = (1..).zip(&sheet.text.consents).filter_map(|(number, consent)| {
        let (_, yes) = filled.choices.iter().find(|(id, _)| *id == consent.id)?;
        Some(format!("{number} {}", word(*yes)))
    });
    (by_number.collect::<Vec<String>>().join(" · "), true)
}

fn preview_page(desk: Clerk<'_>, read: Read, taken: &[Filled], left_out: Vec<String>, problems: Vec<FieldError>) -> PreviewPage {
    let shell = desk.shell(desk.t("paper-preview-title")).with_problems(problems);
    let kept: Vec<KeptView> = taken
        .iter()
        .filter_map(|filled| {
            let sheet = read.sheets.iter().find(|sheet| sheet.code == filled.code)?;
            let (says, no) = says(&shell, sheet, filled);
            let name = if sheet.oneself {
                sheet.name.clone()
            } else {
                shell.tvv("duty-for-child", "name", &sheet.name, "child", &sheet.about_name)
            };
            let signed = shell.tvv("paper-signed", "name", &filled.signed_name, "day", shell.day(&filled.signed_day));
            Some(KeptView { who: name, code: sheet.code.clone(), says, no, signed, reason: filled.reason.trim().to_owned() })
        })
        .collect();
    let with_no = kept.iter().filter(|k| k.no).count();
    let lead = shell.tvv("paper-preview-lead", "number", kept.len(), "no", with_no);
    let carried = read.batch.written();
    let refused = read.refused.into_iter().map(|(typed, outcome)| refused_view(&shell, typed, outcome)).collect();
    PreviewPage { shell, lead, carried, kept, left_out, refused }
}

#[derive(FromForm)]
pub(super) struct Keeping<'r> {
    carried: &'r str,
    /// The clerk has looked at each signature.
    #[field(default = false)]
    signed: bool,
    scan: Option<TempFile<'r>>,
}

#[post("/paper/entries", data = "<form>")]
pub(super) async fn keep(desk: Clerk<'_>, form: Form<Keeping<'_>>) -> Answer<std::result::Result<Flash<Redirect>, Html>> {
    let batch = Batch::read(form.carried).ok_or(Problem::NotFound)?;
    let read = read(desk, batch).await?;
    let (filled, left_out) = match taken(desk, &read) {
        Ok(taken) => taken,
        // Somebody else entered one of them meanwhile, or the day changed: the forms are shown again.
        Err(problems) => return Ok(Err(form_again(&batch_page(desk, read, problems))?)),
    };
    let shell = desk.shell("");
    let mut problems = Vec::new();
    if !form.signed {
        problems.push(FieldError { field: "signed".into(), text: shell.t("paper-look-at-signatures") });
    }
    let scan = chosen(form.scan.as_ref()).await?;
    if let Some(Err(why)) = scan.as_deref().map(scans::kind) {
        problems.push(refused(&shell, why));
    }
    if !problems.is_empty() {
        return Ok(Err(form_again(&preview_page(desk, read, &filled, left_out, problems))?));
    }
    let mut tx = desk.write().await?;
    match paper::enter(&mut tx, desk.actor(), &desk.district, &filled, scan.as_deref()).await {
        Ok(records) => {
            tx.commit().await?;
            let mut notice = shell.tv("paper-kept", "number", records.len());
            if !read.refused.is_empty() {
                notice = format!("{notice} {}", shell.tv("paper-kept-refused", "number", read.refused.len()));
            }
            Ok(Ok(done("/paper", notice)))
        }
        Err(problem) => {
            invalid(problem)?;
            drop(tx);
            let again = self::read(desk, read.batch).await?;
            Ok(Err(form_again(&batch_page(desk, again, Vec::new()))?))
        }
    }
}
