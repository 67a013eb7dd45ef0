//! The whole of a draft at once: title and summary, the text as Markdown; and files of a version to take along.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::ContentType;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::{Author, Desk};
use super::super::reports::{File, as_pdf};
use super::super::shell::Shell;
use super::readable;
use crate::db::Tx;
use crate::kernel::{FieldError, Locale, Problem};
use crate::policies::{self, Document, Text, Version, reading, render, translating};
use crate::reports;

/// The text of the version in that language exactly, without one in the original's.
async fn text_of(tx: &mut Tx, version: &Version, language: Option<&str>) -> Answer<Text> {
    let original = translating::original(tx, version.id).await?;
    Ok(reading::text(tx, version.id, language.unwrap_or(&original)).await?)
}

/// The file of a text, as the library has them.
async fn file_of(tx: &mut Tx, version: &Version, text: Text) -> Answer<String> {
    let policy = policies::find(tx, &version.slug).await?;
    let document = Document {
        kind: policy.kind,
        audience: policy.audience,
        reading_ceiling: policy.reading_ceiling,
        review_months: policy.review_months,
        text,
    };
    Ok(document.print())
}

#[derive(Template)]
#[template(path = "policies_head.html")]
struct HeadPage {
    shell: Shell,
    version: Version,
    form: Head,
    /// What somebody else has saved meanwhile: what it is called, and its words.
    theirs: Vec<(String, String)>,
}

#[derive(FromForm, Default, Clone)]
struct Head {
    language: String,
    expected: String,
    title: String,
    #[field(default = String::new())]
    summary: String,
    #[field(default = String::new())]
    statement: String,
    #[field(default = String::new())]
    if_declined: String,
}

#[get("/policies/<slug>/versions/<number>/head?<language>")]
async fn head(author: Author<'_>, slug: &str, number: i64, language: Option<&str>) -> Answer<Html> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let text = text_of(&mut tx, &version, language).await?;
    let form = Head {
        expected: text.hash()?,
        language: text.language,
        title: text.title,
        summary: text.summary,
        statement: text.statement,
        if_declined: text.if_declined,
    };
    page(&HeadPage { shell: author.shell(author.t("policy-head")), version, form, theirs: Vec::new() })
}

#[post("/policies/<slug>/versions/<number>/head", data = "<form>")]
async fn save_head(author: Author<'_>, slug: &str, number: i64, form: Form<Head>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut form = form.into_inner();
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let held = text_of(&mut tx, &version, Some(&form.language)).await?;
    let text = Text {
        title: form.title.clone(),
        summary: form.summary.clone(),
        statement: form.statement.clone(),
        if_declined: form.if_declined.clone(),
        ..held.clone()
    };
    match policies::set_head(&mut tx, author.actor(), version.id, &form.expected, &text).await {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/policies/{slug}/versions/{number}?language={}", form.language);
            Ok(Ok(done(to, author.t("policy-head-saved"))))
        }
        Err(problem @ (Problem::Invalid(_) | Problem::Conflict(_))) => {
            drop(tx);
            let problems = match problem {
                Problem::Invalid(errors) => errors,
                other => vec![FieldError { field: "title".into(), text: other.to_string() }],
            };
            let shell = author.shell(author.t("policy-head")).with_problems(problems);
            let mut theirs = Vec::new();
            let now = held.hash()?;
            if now != form.expected {
                let pieces = [
                    ("policy-field-title", &held.title, &form.title),
                    ("policy-field-summary", &held.summary, &form.summary),
                    ("policy-field-statement", &held.statement, &form.statement),
                    ("policy-field-if-declined", &held.if_declined, &form.if_declined),
                ];
                theirs = pieces.iter().filter(|(_, a, b)| a != b).map(|(key, a, _)| (shell.t(key), (*a).clone())).collect();
                form.expected = now;
            }
            Ok(Err(form_again(&HeadPage { shell, version, form, theirs })?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(Template)]
#[template(path = "policies_whole.html")]
struct WholePage {
    shell: Shell,
    version: Version,
    language: String,
    expected: String,
    source: String,
    theirs: Option<String>,
    /// What can't be read, by line.
    findings: Vec<String>,
}

#[get("/policies/<slug>/versions/<number>/whole?<language>")]
async fn whole(author: Author<'_>, slug: &str, number: i64, language: Option<&str>) -> Answer<Html> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let text = text_of(&mut tx, &version, language).await?;
    let (language, expected) = (text.language.clone(), text.hash()?);
    let source = file_of(&mut tx, &version, text).await?;
    let shell = author.shell(author.t("policy-whole"));
    page(&WholePage { shell, version, language, expected, source, theirs: None, findings: Vec::new() })
}

#[derive(FromForm)]
struct Whole {
    language: String,
    expected: String,
    source: String,
}

#[post("/policies/<slug>/versions/<number>/whole", data = "<form>")]
async fn save_whole(author: Author<'_>, slug: &str, number: i64, form: Form<Whole>) -> Answer<Result<Flash<Redirect>, Html>> {
    let Whole { language, expected, source } = form.into_inner();
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let held = text_of(&mut tx, &version, Some(&language)).await?;
    let shell = author.shell(author.t("policy-whole"));
    let parsed = policies::parse("text", &source);
    let mut findings: Vec<String> =
        parsed.findings.iter().map(|f| format!("{} {}", shell.tv("policy-whole-line", "n", f.line), f.text)).collect();
    let mut theirs = None;
    let mut next = expected.clone();
    if let Some(document) = parsed.document.filter(|_| findings.is_empty()) {
        if document.text.language == language {
            match policies::set_text(&mut tx, author.actor(), version.id, Some(&expected), document.text).await {
                Ok(_) => {
                    tx.commit().await?;
                    let to = format!("/policies/{slug}/versions/{number}?language={language}");
                    return Ok(Ok(done(to, author.t("policy-whole-saved"))));
                }
                Err(Problem::Invalid(errors)) => findings = errors.into_iter().map(|e| e.text).collect(),
                Err(Problem::Conflict(text)) if held.hash()? == expected => return Err(Problem::Conflict(text).into()),
                Err(Problem::Conflict(text)) => {
                    findings = vec![text];
                    next = held.hash()?;
                    theirs = Some(file_of(&mut tx, &version, held).await?);
                }
                Err(problem) => return Err(problem.into()),
            }
        } else {
            findings = vec![author.t("policy-whole-language")];
        }
    }
    drop(tx);
    Ok(Err(form_again(&WholePage { shell, version, language, expected: next, source, theirs, findings })?))
}

/// A version as Markdown, in the form of the shipped library.
#[get("/policies/<slug>/versions/<number>/policy.md?<language>")]
async fn as_markdown(desk: &Desk, slug: &str, number: i64, language: Option<&str>) -> Answer<File> {
    let mut tx = desk.read().await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    let text = text_of(&mut tx, &version, language).await?;
    let name = format!("{slug}-{number}-{}.md", text.language);
    let source = file_of(&mut tx, &version, text).await?;
    Ok(File::of(source.into_bytes(), ContentType::new("text", "markdown"), &name))
}

#[derive(Template)]
#[template(path = "policies_packet.html")]
struct Packet {
    district: String,
    reading: policies::Reading,
    state: String,
    hash_name: String,
}

impl Packet {
    #[allow(clippy::unused_self)] // the template's function
    fn html(&self, body: &str) -> String {
        render::html(body)
    }
}

/// A version as one page of HTML for a board packet: nothing is loaded from elsewhere.
#[get("/policies/<slug>/versions/<number>/policy.html?<language>")]
async fn as_html(desk: &Desk, slug: &str, number: i64, language: Option<&str>) -> Answer<File> {
    let mut tx = desk.read().await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    let reading = policies::read(&mut tx, &version, Some(language.unwrap_or(desk.locale.tag()))).await?;
    let locale = Locale::from_tag(&reading.language).unwrap_or(desk.locale);
    let shell = Shell { locale, ..desk.shell("") };
    let name = format!("{slug}-{number}-{}.html", reading.language);
    let packet = Packet {
        district: desk.district.name.clone(),
        state: format!("{}, {}", shell.tv("policy-version-n", "number", number), super::state_text(&shell, version.state)),
        hash_name: "SHA-256".into(),
        reading,
    };
    let html = packet.render().map_err(|e| Problem::internal("a page could not be rendered", e))?;
    Ok(File::of(html.into_bytes(), ContentType::HTML, &name))
}

/// What differs between two versions, as a PDF.
#[get("/policies/<slug>/changes/<before>/<after>/changes.pdf")]
async fn changes_pdf(desk: &Desk, slug: &str, before: i64, after: i64) -> Answer<File> {
    let mut tx = desk.read().await?;
    let first = readable(&mut tx, desk, slug, before).await?;
    let second = readable(&mut tx, desk, slug, after).await?;
    let one = policies::read(&mut tx, &first, Some(desk.locale.tag())).await?;
    let two = policies::read(&mut tx, &second, Some(desk.locale.tag())).await?;
    let language = if one.language == two.language { one.language } else { desk.district.language.clone() };
    let document = reports::changes::changes(&mut tx, &desk.district, &first, &second, &language).await?;
    drop(tx);
    as_pdf(document, format!("{slug}-{before}-{after}-{language}.pdf")).await
}

/// Any two versions, as a form chooses them.
#[get("/policies/<slug>/changes?<before>&<after>")]
fn choose_two(_desk: &Desk, slug: &str, before: i64, after: i64) -> Redirect {
    Redirect::to(format!("/policies/{}/changes/{before}/{after}", rocket::http::RawStr::new(slug).percent_encode()))
}

#[derive(FromForm)]
struct Moved {
    language: String,
    expected: String,
    /// `clause:ID`, or `section:ID` for its beginning.
    place: String,
}

#[post("/policies/<slug>/versions/<number>/clauses/<id>/place", data = "<form>")]
async fn move_clause(author: Author<'_>, slug: &str, number: i64, id: &str, form: Form<Moved>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let text = text_of(&mut tx, &version, Some(&form.language)).await?;
    let nowhere = || Problem::invalid("place", author.t("policy-move-nowhere"));
    let (section, after) = match form.place.split_once(':') {
        Some(("section", section)) => (section.to_owned(), None),
        Some(("clause", after)) => {
            let section = text.sections.iter().find(|s| s.clauses.iter().any(|c| c.id == after)).ok_or_else(nowhere)?;
            (section.id.clone(), Some(after.to_owned()))
        }
        _ => return Err(nowhere().into()),
    };
    let seen = (form.language.as_str(), form.expected.as_str());
    policies::move_clause(&mut tx, author.actor(), version.id, seen, id, &section, after.as_deref()).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/versions/{number}#{id}"), author.t("policy-clause-moved")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("whole", |rocket| async {
        rocket.mount("/", routes![head, save_head, whole, save_whole, as_markdown, as_html, changes_pdf, choose_two, move_clause])
    })
}
