//! Letters: whose, as a page; the letters, as one PDF; and that they were printed. Names stand in forms, never in addresses.

use askama::Template;
use rocket::form::Form;
use rocket::http::uri::Host;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, post};
use uuid::Uuid;

use super::super::answer::{Answer, Html, done, page};
use super::super::desk::Telling;
use super::super::reports::{File, as_pdf};
use super::super::sessions::SecureCookies;
use super::super::shell::Shell;
use crate::kernel::{Locale, Moment, ObligationId, Problem};
use crate::notices::letters::{self, Letter, MOST, Wanted};
use crate::reports::document::Document;
use crate::reports::letter as report;
use crate::roster::District;

/// Where the reader reaches these pages, as the request itself says it.
pub(in crate::web) struct Site(pub Option<String>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Site {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let secure = request.rocket().state::<SecureCookies>().is_some_and(|cookies| cookies.0);
        let scheme = if secure { "https" } else { "http" };
        Outcome::Success(Self(request.host().map(|host: &Host<'_>| format!("{scheme}://{host}"))))
    }
}

/// The letters as a document, for pages and commands.
pub fn document(district: &District, letters: &[Letter], site: Option<&str>, now: Moment, locale: Locale) -> Document {
    let letters: Vec<report::Letter> = letters
        .iter()
        .map(|letter| report::Letter {
            locale: letter.locale,
            name: letter.name.clone(),
            school: letter.school.clone(),
            grade: letter.grade.clone(),
            class: letter.class.clone(),
            children: letter.children.clone(),
            asked: letter
                .things
                .iter()
                .map(|thing| report::Asked {
                    title: thing.title.clone(),
                    child: thing.child.clone(),
                    last: thing.last,
                    late: thing.late,
                    minutes: thing.minutes,
                })
                .collect(),
        })
        .collect();
    report::letters(district, &letters, site, now, locale)
}

/// A letter on the page.
struct LetterView {
    key: String,
    name: String,
    children: String,
    place: String,
    language: String,
    number: i64,
}

#[derive(Template)]
#[template(path = "mail_letters.html")]
struct LettersPage {
    shell: Shell,
    letters: Vec<LetterView>,
    until: i64,
    /// There are more of that school than these.
    full: bool,
    too_many: bool,
}

#[derive(FromForm)]
pub(super) struct Choosing {
    #[field(default = String::new())]
    school: String,
    /// `person@school`.
    chosen: Vec<String>,
}

/// `person@school`, of each.
fn read(chosen: &[String]) -> Result<Vec<(Uuid, Uuid)>, Problem> {
    chosen
        .iter()
        .map(|key| {
            let (person, school) = key.split_once('@').ok_or(Problem::NotFound)?;
            Ok((Uuid::parse_str(person).map_err(|_| Problem::NotFound)?, Uuid::parse_str(school).map_err(|_| Problem::NotFound)?))
        })
        .collect()
}

#[post("/mail/letters", data = "<form>")]
pub(super) async fn choose(desk: Telling<'_>, form: Form<Choosing>) -> Answer<Html> {
    let wanted = if form.school.is_empty() {
        Wanted::Chosen(read(&form.chosen)?)
    } else {
        Wanted::School(Uuid::parse_str(&form.school).map_err(|_| Problem::NotFound)?)
    };
    let too_many = form.chosen.len() > MOST;
    let mut tx = desk.read().await?;
    let wanted = if too_many { Wanted::Chosen(Vec::new()) } else { wanted };
    let found = letters::prepare(&mut tx, desk.actor(), &desk.district, &wanted, None).await?;
    drop(tx);
    let shell = desk.shell(desk.t("mail-letters"));
    let view = |letter: &Letter| {
        let grade = if letter.grade.is_empty() { String::new() } else { shell.grade(&letter.grade) };
        let class = if letter.class.is_empty() { shell.t("mail-letters-office") } else { letter.class.clone() };
        LetterView {
            key: format!("{}@{}", letter.person, letter.school_uid),
            name: letter.name.clone(),
            children: letter.children.join(", "),
            place: [letter.school.clone(), grade, class].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            language: letter.locale.own_name().to_owned(),
            number: i64::try_from(letter.things.len()).unwrap_or(i64::MAX),
        }
    };
    page(&LettersPage {
        full: matches!(wanted, Wanted::School(_)) && found.letters.len() == MOST,
        too_many,
        until: found.until.0,
        letters: found.letters.iter().map(view).collect(),
        shell,
    })
}

#[derive(FromForm)]
pub(super) struct Chosen {
    chosen: Vec<String>,
    until: i64,
}

/// The letters; they change nothing.
#[post("/mail/letters/letters.pdf", data = "<form>")]
pub(super) async fn print(desk: Telling<'_>, site: Site, form: Form<Chosen>) -> Answer<File> {
    let wanted = Wanted::Chosen(read(&form.chosen)?);
    let mut tx = desk.read().await?;
    let found = letters::prepare(&mut tx, desk.actor(), &desk.district, &wanted, Some(ObligationId(form.until))).await?;
    let now = tx.now();
    drop(tx);
    if found.letters.is_empty() {
        return Err(Problem::NotFound.into());
    }
    let document = document(&desk.district, &found.letters, site.0.as_deref(), now, desk.locale);
    as_pdf(document, format!("letters-{}.pdf", desk.today())).await
}

/// They were printed and will be handed out.
#[post("/mail/letters/told", data = "<form>")]
pub(super) async fn told(desk: Telling<'_>, form: Form<Chosen>) -> Answer<Flash<Redirect>> {
    let wanted = Wanted::Chosen(read(&form.chosen)?);
    let mut tx = desk.write().await?;
    let number = letters::handed_out(&mut tx, desk.actor(), &desk.district, &wanted, ObligationId(form.until)).await?;
    tx.commit().await?;
    Ok(done("/mail/never-told", desk.shell("").tv("mail-letters-done", "number", number)))
}
