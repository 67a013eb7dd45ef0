//! The dossier of a funding year: what is on file, entry by entry; files to hand in and to take along, as one PDF or one zip.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::http::ContentType;
use rocket::response::{Flash, Redirect};
use rocket::tokio::io::AsyncReadExt;
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::{Author, Desk, Director, Records};
use super::reports::{self, File as Sent};
use super::shell::Shell;
use crate::adoption::dossier;
use crate::adoption::evidence::{self, About, AboutKind, File, FundingYear, Kind, LARGEST};
use crate::kernel::{FieldError, Problem, Result};
use crate::policies;
use crate::reports::dossier as report;

/// The bytes and the name of a chosen file; empty where none was chosen. One byte more than is taken, so that what is too large is said to be.
pub(super) async fn chosen(file: &TempFile<'_>) -> Result<(Vec<u8>, String)> {
    let name = file.raw_name().map(|name| name.dangerous_unsafe_unsanitized_raw().as_str().to_owned()).unwrap_or_default();
    let mut bytes = Vec::new();
    if file.len() > 0 {
        let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        file.open().await?.take(most + 1).read_to_end(&mut bytes).await?;
    }
    Ok((bytes, name))
}

/// What is wrong with a file, in the reader's language; `None` where it can be taken.
pub(super) fn refused(desk: &Desk, bytes: &[u8]) -> Option<FieldError> {
    let why = evidence::kind(bytes).err()?;
    Some(FieldError { field: "file".into(), text: desk.t(&format!("evidence-{}", why.name())) })
}

/// A file as pages list it.
pub struct FileView {
    pub href: String,
    pub text: String,
    pub note: String,
    pub sha256: String,
    /// How long it is kept, or that it is gone.
    pub kept: String,
    pub gone: bool,
    pub uid: Uuid,
    /// Its retention is over.
    pub may_go: bool,
}

pub(super) fn file_view(shell: &Shell, file: File) -> FileView {
    let kilobytes = shell.number(&(file.size / 1024).max(1));
    FileView {
        href: format!("/evidence/{}", file.uid),
        text: format!("{} ({}, {kilobytes} KB)", file.name, file.kind.ending().to_uppercase()),
        kept: report::kept(shell.locale, &file),
        gone: file.released_day.is_some(),
        may_go: file.released_day.is_none() && file.keep_until.is_some_and(|until| until < shell.today),
        note: file.note,
        sha256: file.sha256,
        uid: file.uid,
    }
}

struct EntryView {
    id: String,
    text: String,
    source: String,
    lines: Vec<String>,
    files: Vec<FileView>,
    nothing: bool,
    coverage: Vec<(i64, Vec<policies::reading::Coverage>)>,
}

#[derive(Template)]
#[template(path = "dossier.html")]
struct DossierPage {
    shell: Shell,
    year: i64,
    span: String,
    kept: String,
    years: Vec<i64>,
    entries: Vec<EntryView>,
    missing: usize,
    author: bool,
    director: bool,
    /// The entry whose form has a problem.
    wrong: String,
}

async fn show(desk: &Desk, year: i64, wrong: &str, problems: Vec<FieldError>) -> Answer<DossierPage> {
    let actor = desk.actor.as_ref().ok_or(Problem::NotFound)?;
    let year = FundingYear::named(year).ok_or(Problem::NotFound)?;
    let mut tx = desk.read().await?;
    let found = dossier::gather(&mut tx, actor, year).await?;
    let years = evidence::years(&mut tx, actor, desk.today()).await?.into_iter().map(FundingYear::year).collect();
    drop(tx);
    let title = crate::web::words::say_with(desk.locale, "dossier-title", &[("year", year.year().to_string().into())]);
    let shell = desk.shell(title).with_problems(problems);
    let entries: Vec<EntryView> = report::entries(&found, desk.locale)
        .into_iter()
        .map(|entry| EntryView {
            nothing: entry.is_empty(),
            id: entry.item.id.clone(),
            text: entry.item.text(desk.locale).to_owned(),
            source: entry.item.source.clone(),
            files: entry.files.into_iter().map(|file| file_view(&shell, file)).collect(),
            lines: entry.lines,
            coverage: entry.coverage,
        })
        .collect();
    Ok(DossierPage {
        year: year.year(),
        span: shell.tvv("dossier-span", "from", shell.day(&year.first()), "to", shell.day(&year.last())),
        kept: shell.tv("dossier-kept", "day", shell.day(&year.kept_until())),
        years,
        missing: entries.iter().filter(|e| e.nothing).count(),
        entries,
        author: actor.may_author(),
        director: actor.is_director(),
        wrong: wrong.to_owned(),
        shell,
    })
}

#[get("/dossier")]
fn present(records: Records<'_>) -> Redirect {
    Redirect::to(format!("/dossier/{}", FundingYear::of(records.today()).year()))
}

#[get("/dossier/<year>")]
async fn one(records: Records<'_>, year: i64) -> Answer<Html> {
    page(&show(&records, year, "", Vec::new()).await?)
}

#[derive(FromForm)]
struct HandedIn<'r> {
    item: &'r str,
    #[field(default = "")]
    note: &'r str,
    file: TempFile<'r>,
}

#[post("/dossier/<year>/files", data = "<form>")]
async fn hand_in(author: Author<'_>, year: i64, form: Form<HandedIn<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    let named = FundingYear::named(year).ok_or(Problem::NotFound)?;
    let (bytes, name) = chosen(&form.file).await?;
    let problems = if let Some(problem) = refused(&author, &bytes) {
        vec![problem]
    } else {
        let mut tx = author.write().await?;
        let about = About::Year(named, form.item.to_owned());
        match evidence::keep(&mut tx, author.actor(), about, &name, form.note, &bytes).await {
            Ok(_) => {
                tx.commit().await?;
                return Ok(Ok(done(format!("/dossier/{year}#{}", form.item), author.t("evidence-kept"))));
            }
            Err(Problem::Conflict(_)) => vec![FieldError { field: "file".into(), text: author.t("evidence-there") }],
            Err(Problem::Invalid(problems)) => problems,
            Err(problem) => return Err(problem.into()),
        }
    };
    Ok(Err(form_again(&show(&author, year, form.item, problems).await?)?))
}

#[derive(FromForm)]
struct Attached<'r> {
    /// `notice`, `meeting`, `vote` or `review`.
    kind: &'r str,
    about: &'r str,
    #[field(default = "")]
    note: &'r str,
    file: TempFile<'r>,
    back: &'r str,
}

#[post("/evidence", data = "<form>")]
async fn attach(author: Author<'_>, form: Form<Attached<'_>>) -> Answer<Flash<Redirect>> {
    let kind = AboutKind::named(form.kind).ok_or(Problem::NotFound)?;
    let about = About::Record(kind, form.about.parse().map_err(|_| Problem::NotFound)?);
    let (bytes, name) = chosen(&form.file).await?;
    if let Some(problem) = refused(&author, &bytes) {
        return Err(Problem::Invalid(vec![problem]).into());
    }
    let mut tx = author.write().await?;
    evidence::keep(&mut tx, author.actor(), about, &name, form.note, &bytes).await?;
    tx.commit().await?;
    Ok(done(super::sessions::own_path(form.back), author.t("evidence-kept")))
}

#[get("/evidence/<uid>")]
async fn take(records: Records<'_>, uid: Uuid) -> Answer<Sent> {
    let mut tx = records.read().await?;
    let (file, bytes) = evidence::read(&mut tx, records.actor(), uid).await?;
    let kind = match file.kind {
        Kind::Pdf => ContentType::PDF,
        Kind::Png => ContentType::PNG,
        Kind::Jpeg => ContentType::JPEG,
        Kind::Docx => ContentType::new("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    };
    Ok(Sent::of(bytes, kind, &format!("evidence-{uid}.{}", file.kind.ending())))
}

#[derive(FromForm)]
struct Back<'r> {
    back: &'r str,
}

#[post("/evidence/<uid>/removal", data = "<form>")]
async fn let_go(director: Director<'_>, uid: Uuid, form: Form<Back<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = director.write().await?;
    evidence::release(&mut tx, director.actor(), uid).await?;
    tx.commit().await?;
    Ok(done(super::sessions::own_path(form.back), director.t("evidence-let-go")))
}

#[get("/dossier/<year>/dossier.pdf")]
async fn as_pdf(records: Records<'_>, year: i64) -> Answer<Sent> {
    let named = FundingYear::named(year).ok_or(Problem::NotFound)?;
    let mut tx = records.read().await?;
    let found = dossier::gather(&mut tx, records.actor(), named).await?;
    let document = report::document(&found, &tx, &records.district, records.locale);
    drop(tx);
    reports::as_pdf(document, format!("cipa-{year}.pdf")).await
}

#[get("/dossier/<year>/dossier.zip")]
async fn as_zip(records: Records<'_>, year: i64) -> Answer<Sent> {
    let named = FundingYear::named(year).ok_or(Problem::NotFound)?;
    let mut tx = records.read().await?;
    let found = dossier::gather(&mut tx, records.actor(), named).await?;
    let bytes = report::bundle(&mut tx, records.actor(), &records.district, &found, records.locale).await?;
    Ok(Sent::of(bytes, ContentType::ZIP, &format!("cipa-{year}.zip")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("dossier", |rocket| async { rocket.mount("/", routes![present, one, hand_in, attach, take, let_go, as_pdf, as_zip]) })
}
