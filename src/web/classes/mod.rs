//! Class mode as the teacher has it: which classes, who has answered, handing the device over; and the director's word on the grades. What
//! the children see stands in [`room`].

pub(super) mod pictures;
mod room;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::CookieJar;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, State as Managed, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, page};
use super::desk::{Director, Member, Teaching};
use super::reports::{File, as_pdf};
use super::sessions::{SecureCookies, session_cookie};
use super::shell::Shell;
use crate::acknowledgments::class::{self, Child, GRADES, Room};
use crate::kernel::{Problem, Result, Role};
use crate::obligations::State;
use crate::policies;

/// A class with a policy, as a line of a list.
pub(super) struct Line {
    pub href: String,
    /// What is asked.
    pub title: String,
    /// The class; with its school where the reader has several.
    pub class: String,
    pub open: i64,
    pub open_text: String,
}

fn line(shell: &Shell, room: &Room, with_school: bool) -> Line {
    Line {
        href: room.path(),
        title: room.title.clone(),
        class: if with_school { format!("{}, {}", room.section_title, room.school) } else { room.section_title.clone() },
        open: room.open,
        open_text: shell.tv("class-open", "number", room.open),
    }
}

fn lines_of(shell: &Shell, rooms: &[Room]) -> Vec<Line> {
    let one_school = rooms.iter().all(|r| r.school == rooms[0].school);
    rooms.iter().map(|room| line(shell, room, !one_school)).collect()
}

/// For a teacher's first page: the own classes in which somebody is still to answer.
pub(super) async fn waiting(tx: &mut crate::db::Tx, member: Member<'_>, shell: &Shell) -> Result<Vec<Line>> {
    if !member.actor.has(Role::Teacher) {
        return Ok(Vec::new());
    }
    let mut rooms = class::taught(tx, member.actor, &member.district).await?;
    rooms.retain(|room| room.open > 0);
    Ok(lines_of(shell, &rooms))
}

#[derive(Template)]
#[template(path = "classes.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
    /// In words, up to which grade.
    through: String,
    leader: bool,
}

#[get("/classes")]
async fn list(desk: Teaching<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let rooms = class::rooms(&mut tx, desk.actor(), &desk.district).await?;
    let shell = desk.shell(desk.t("class-title"));
    let through = through_words(&shell, &class::through(&mut tx).await?);
    page(&ListPage { lines: lines_of(&shell, &rooms), through, leader: desk.actor().has(Role::SchoolLeader), shell })
}

/// How a child stands, as the teacher sees it.
struct ChildRow {
    name: String,
    state: &'static str,
    text: String,
    day: String,
    receipt: Option<Uuid>,
}

fn child_row(shell: &Shell, child: &Child) -> ChildRow {
    let (state, key) = match child.state {
        State::Fulfilled => ("done", "class-said-yes"),
        State::Declined => ("wait", "class-said-no"),
        State::Open | State::Exempt => ("open", "class-not-yet"),
    };
    ChildRow {
        name: format!("{} {}", child.given, child.family),
        state,
        text: shell.t(key),
        day: child.closed.filter(|_| child.has_answered()).map(|day| shell.day(&day)).unwrap_or_default(),
        receipt: child.receipt.filter(|_| child.has_answered()),
    }
}

#[derive(Template)]
#[template(path = "class_start.html")]
struct StartPage {
    shell: Shell,
    room: Room,
    children: Vec<ChildRow>,
    answered: i64,
    said_no: Vec<String>,
    /// Tag, name, and whether it is the reader's.
    languages: Vec<(String, String, bool)>,
}

async fn start_page(desk: &Teaching<'_>, section: Uuid, requirement: Uuid) -> Result<StartPage> {
    let mut tx = desk.read().await?;
    let room = class::room(&mut tx, desk.actor(), &desk.district, section, requirement).await?;
    let children = class::children(&mut tx, desk.actor(), &desk.district, &room).await?;
    let languages = policies::reading::languages(&mut tx, room.version).await?;
    drop(tx);
    let shell = desk.shell(desk.t("class-read-with"));
    let own = languages.iter().find(|l| *l == shell.locale.tag()).or(languages.first()).cloned().unwrap_or_default();
    Ok(StartPage {
        answered: room.asked - room.open,
        said_no: children.iter().filter(|c| c.state == State::Declined).map(|c| c.given.clone()).collect(),
        children: children.iter().map(|child| child_row(&shell, child)).collect(),
        languages: languages.into_iter().map(|tag| (tag.clone(), super::reading::language_name(&shell, &tag), tag == own)).collect(),
        room,
        shell,
    })
}

#[get("/classes/<section>/<requirement>")]
async fn start(desk: Teaching<'_>, section: Uuid, requirement: Uuid) -> Answer<Html> {
    page(&start_page(&desk, section, requirement).await?)
}

/// The same list on paper.
#[get("/classes/<section>/<requirement>/list.pdf")]
async fn list_pdf(desk: Teaching<'_>, section: Uuid, requirement: Uuid) -> Answer<File> {
    let mut tx = desk.read().await?;
    let room = class::room(&mut tx, desk.actor(), &desk.district, section, requirement).await?;
    let children = class::children(&mut tx, desk.actor(), &desk.district, &room).await?;
    let document = crate::reports::class::class(&desk.district, &room, &children, desk.locale, tx.now());
    drop(tx);
    as_pdf(document, format!("class-{}.pdf", desk.today())).await
}

#[derive(FromForm)]
struct Beginning {
    language: String,
    /// `answers`: the text was heard before.
    #[field(default = String::new())]
    to: String,
}

/// Hands the device to the class.
#[post("/classes/<section>/<requirement>/beginning", data = "<form>")]
async fn begin(
    desk: Teaching<'_>,
    jar: &CookieJar<'_>,
    secure: &Managed<SecureCookies>,
    section: Uuid,
    requirement: Uuid,
    form: Form<Beginning>,
) -> Answer<Redirect> {
    let token = desk.token.as_ref().ok_or(Problem::NotFound)?;
    let mut tx = desk.write().await?;
    let restricted = class::begin(&mut tx, desk.actor(), &desk.district, token, (section, requirement), &form.language).await?;
    tx.commit().await?;
    jar.add(session_cookie(&restricted, secure.0));
    Ok(Redirect::to(if form.to == "answers" { "/class" } else { "/class/read/1" }))
}

#[derive(Template)]
#[template(path = "class_grades.html")]
struct GradesPage {
    shell: Shell,
    grades: Vec<(String, String, bool)>,
}

fn through_words(shell: &Shell, grade: &str) -> String {
    if grade.is_empty() { shell.t("class-grades-none") } else { shell.grade(grade) }
}

#[get("/classes/grades")]
async fn grades(desk: Director<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let now = class::through(&mut tx).await?;
    let shell = desk.shell(desk.t("class-grades-title"));
    let grades = std::iter::once("").chain(GRADES).map(|g| (g.to_owned(), through_words(&shell, g), g == now)).collect();
    page(&GradesPage { shell, grades })
}

#[derive(FromForm)]
struct Through<'r> {
    grade: &'r str,
}

#[post("/classes/grades", data = "<form>")]
async fn set_grades(desk: Director<'_>, form: Form<Through<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    class::set_through(&mut tx, desk.actor(), form.grade).await?;
    tx.commit().await?;
    Ok(done("/classes/grades", desk.t("class-grades-kept")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("classes", |rocket| async {
        rocket.mount("/", routes![list, start, list_pdf, begin, grades, set_grades]).mount("/", room::routes())
    })
}
