//! Many people added by hand at a time: the template, the file, what it would change, and the change.

use askama::Template;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::{self, Flash, Redirect, Responder, Response};
use rocket::tokio::io::AsyncReadExt;
use rocket::{FromForm, get, post};

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::Director;
use super::super::shell::Shell;
use super::super::words;
use crate::kernel::{FieldError, Locale, Problem, Result};
use crate::obligations::{self, Cause, CauseKind};
use crate::reports::csv::{Start, Writer};
use crate::roster::people::sheet::{self, COLUMNS, Outcome, Sheet};

/// The file to be filled in: the columns, and remarks that are not read.
pub fn template(locale: Locale) -> Result<String> {
    let mut file = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    file.row(COLUMNS)?;
    let remark = format!("# {}", words::say(locale, "sheet-remark"));
    file.row([remark])?;
    let example = ["# Bo", "Beck", "bo.beck@example.org", "substitute", "", "en", "2026-08-17", "2026-12-18"];
    file.row(example)?;
    String::from_utf8(file.finish()?).map_err(|e| Problem::internal("the template isn't UTF-8", e))
}

/// The template as a download.
pub(super) struct Download(String);

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Response::build_from(self.0.respond_to(request)?)
            .header(ContentType::new("text", "csv").with_params(("charset", "utf-8")))
            .header(Header::new("Content-Disposition", "attachment; filename=\"people.csv\""))
            .ok()
    }
}

#[get("/roster/people/template.csv")]
pub(super) fn file(desk: Director<'_>) -> Answer<Download> {
    Ok(Download(template(desk.locale)?))
}

/// A file that was looked at. Up to this size the page carries it, so that it needn't be chosen again.
const CARRIED: usize = 100 * 1024;
/// How many rows of a file a page shows.
const SHOWN: usize = 200;

struct RowView {
    row: i64,
    name: String,
    what: String,
    added: bool,
    /// What changes, in words; whoever is also on the roster.
    notes: Vec<String>,
}

struct ErrorView {
    row: i64,
    column: String,
    value: String,
    wrong: String,
    mend: String,
}

struct Look {
    rows: Vec<RowView>,
    more: i64,
    errors: Vec<ErrorView>,
    more_errors: i64,
    ignored: String,
    summary: String,
    /// There is something to do, and nothing against it.
    ready: bool,
    /// The file itself, where the page carries it.
    text: Option<String>,
}

#[derive(Template)]
#[template(path = "people_sheet.html")]
struct SheetPage {
    shell: Shell,
    look: Option<Look>,
}

fn looked(shell: &Shell, found: &Sheet, text: Option<String>) -> Look {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let moving: Vec<_> = found.rows.iter().filter(|row| row.outcome != Outcome::Unchanged || row.also_on_roster).collect();
    let rows = moving.iter().take(SHOWN).map(|row| {
        let mut notes: Vec<String> = row
            .differences
            .iter()
            .map(|d| {
                let value = |text: &str| if text.is_empty() { shell.t("sheet-nothing") } else { field_value(shell, d.field, text) };
                let field = shell.t(&format!("person-field-{}", d.field.replace('_', "-")));
                shell.tvvv("sheet-difference", "field", field, "before", value(&d.before), "after", value(&d.after))
            })
            .collect();
        if row.found_by == Some("name") && !row.differences.is_empty() {
            notes.push(shell.t("sheet-found-by-name"));
        }
        if row.also_on_roster {
            notes.push(shell.t("sheet-also-on-roster"));
        }
        RowView {
            row: row.row,
            name: row.name.clone(),
            what: format!("{}, {}", shell.t(&format!("person-kind-{}", row.kind)), row.school),
            added: row.outcome == Outcome::Added,
            notes,
        }
    });
    let errors = found.errors.iter().take(SHOWN).map(|e| ErrorView {
        row: e.row,
        column: e.column.clone(),
        value: e.value.clone(),
        wrong: shell.t(&format!("sheet-wrong-{}", e.wrong.name())),
        mend: shell.t(&format!("sheet-mend-{}", e.wrong.name())),
    });
    Look {
        rows: rows.collect(),
        more: number(moving.len().saturating_sub(SHOWN)),
        errors: errors.collect(),
        more_errors: number(found.errors.len().saturating_sub(SHOWN)),
        ignored: found.ignored.join(", "),
        summary: shell.tvvv(
            "sheet-summary",
            "added",
            number(found.added),
            "changed",
            number(found.changed),
            "unchanged",
            number(found.unchanged),
        ),
        ready: found.is_good() && found.added + found.changed > 0,
        text: text.filter(|t| t.len() <= CARRIED),
    }
}

fn field_value(shell: &Shell, field: &str, text: &str) -> String {
    match field {
        "kind" => shell.t(&format!("person-kind-{text}")),
        "first_day" | "last_day" => text.parse().map_or_else(|_| text.to_owned(), |day| shell.day(&day)),
        _ => text.to_owned(),
    }
}

#[get("/roster/people/csv")]
pub(super) fn form(desk: Director<'_>) -> Answer<Html> {
    page(&SheetPage { shell: desk.shell(desk.t("sheet-title")), look: None })
}

#[derive(FromForm)]
pub(super) struct Upload<'r> {
    file: TempFile<'r>,
    /// `look` or `import`.
    act: &'r str,
}

#[post("/roster/people/csv", data = "<form>")]
pub(super) async fn look(desk: Director<'_>, form: Form<Upload<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    if form.file.len() == 0 {
        let problems = vec![FieldError { field: "file".into(), text: desk.t("sheet-choose-file") }];
        return Ok(Err(form_again(&SheetPage { shell: desk.shell(desk.t("sheet-title")).with_problems(problems), look: None })?));
    }
    let mut bytes = Vec::new();
    // One byte more than is taken, so that what is too large is said to be.
    let file = form.file.open().await.map_err(Problem::from)?;
    file.take(5 * 1024 * 1024).read_to_end(&mut bytes).await.map_err(Problem::from)?;
    take(desk, &bytes, form.act != "import").await
}

#[derive(FromForm)]
pub(super) struct Carried<'r> {
    text: &'r str,
}

#[post("/roster/people/csv/import", data = "<form>")]
pub(super) async fn bring_in(desk: Director<'_>, form: Form<Carried<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    take(desk, form.text.as_bytes(), false).await
}

async fn take(desk: Director<'_>, bytes: &[u8], dry_run: bool) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = if dry_run { desk.read().await? } else { desk.write().await? };
    let (found, changes) = sheet::bring_in(&mut tx, desk.actor(), &desk.district, bytes, dry_run).await?;
    if !dry_run && found.is_good() {
        obligations::follow(&mut tx, desk.actor(), &desk.district, changes, Cause::of(CauseKind::Person, "")).await?;
        tx.commit().await?;
        let shell = desk.shell("");
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let said = shell.tvvv(
            "sheet-summary",
            "added",
            number(found.added),
            "changed",
            number(found.changed),
            "unchanged",
            number(found.unchanged),
        );
        return Ok(Ok(done("/roster/people?by_hand=true", said)));
    }
    drop(tx);
    let mut shell = desk.shell(desk.t("sheet-title"));
    let text = std::str::from_utf8(bytes).ok().map(str::to_owned);
    let look = looked(&shell, &found, text);
    if found.is_good() {
        return Ok(Err(page(&SheetPage { shell, look: Some(look) })?));
    }
    let text = shell.tv("sheet-has-errors", "number", i64::try_from(found.errors.len()).unwrap_or(i64::MAX));
    shell = shell.with_problems(vec![FieldError { field: "errors".into(), text }]);
    Ok(Err(form_again(&SheetPage { shell, look: Some(look) })?))
}
