//! Class mode as the children have it, on a device that opens nothing else: the text read together part by part, the class in pictures,
//! one child's answer, and the way out for the teacher. No page says what a child has answered.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use rocket::form::Form;
use rocket::http::{Cookie, CookieJar};
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, Route, State, get, post, routes};
use uuid::Uuid;

use super::pictures::{self, PICTURES, Picture};
use crate::acknowledgments::class::{self, Child, Room};
use crate::db::Tx;
use crate::identity::{class as sessions_of_class, sessions};
use crate::kernel::{FieldError, Problem, Result};
use crate::policies::{Reading, Shelf};
use crate::web::answer::{Answer, Html, done, form_again, page};
use crate::web::desk::{InClass, SESSION_COOKIE};
use crate::web::sessions::{SecureCookies, session_cookie};
use crate::web::shell::Shell;

async fn room(tx: &mut Tx, desk: InClass<'_>) -> Result<Room> {
    class::room(tx, desk.actor, &desk.district, desk.class.section, desk.class.requirement).await
}

/// A part of the text: what is read aloud in one breath.
struct Part {
    heading: String,
    /// Safe HTML; or plain text, where there is no clause.
    html: String,
    text: String,
}

/// Title and summary, each clause, and last the words that the children will answer.
fn parts(shell: &Shell, reading: &Reading) -> Vec<Part> {
    let plain = |heading: String, text: &str| Part { heading, html: String::new(), text: text.to_owned() };
    let clauses = reading.sections.iter().flat_map(|s| s.clauses.iter().map(move |c| (s, c)));
    std::iter::once(plain(reading.title.clone(), &reading.summary))
        .chain(clauses.map(|(section, clause)| Part { heading: section.title.clone(), html: clause.html(), text: String::new() }))
        .chain([plain(shell.t("class-promise"), &format!("{}\n{}", reading.statement, reading.if_declined))])
        .collect()
}

#[derive(Template)]
#[template(path = "class_read.html")]
struct ReadPage {
    shell: Shell,
    language: String,
    part: Part,
    number: usize,
    last: usize,
}

#[get("/class/read/<number>")]
async fn read(desk: InClass<'_>, texts: &State<Arc<Shelf>>, number: usize) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let room = room(&mut tx, desk).await?;
    let reading = texts.read(&mut tx, room.version, &desk.class.language).await?;
    let shell = desk.shell(reading.title.clone());
    let mut parts = parts(&shell, &reading);
    let last = parts.len();
    if number == 0 || number > last {
        return Err(Problem::NotFound.into());
    }
    let part = parts.swap_remove(number - 1);
    page(&ReadPage { language: reading.language.clone(), part, number, last, shell })
}

/// A child's tile.
struct Tile {
    uid: Uuid,
    name: String,
    picture: Picture,
    answered: bool,
}

async fn tiles(tx: &mut Tx, desk: InClass<'_>, room: &Room) -> Result<Vec<Tile>> {
    let children = class::children(tx, desk.actor, &desk.district, room).await?;
    let pictures = pictures::assign(class::members(tx, &desk.district, room).await?, PICTURES.len());
    let names = class::called(&children);
    Ok(children.iter().zip(names).map(|(child, name)| tile(child, name, pictures.get(&child.uid).copied())).collect())
}

fn tile(child: &Child, name: String, picture: Option<usize>) -> Tile {
    Tile { uid: child.uid, name, picture: PICTURES[picture.unwrap_or_default()], answered: child.has_answered() }
}

#[derive(Template)]
#[template(path = "class.html")]
struct ClassPage {
    shell: Shell,
    tiles: Vec<Tile>,
    answered: usize,
}

#[get("/class")]
async fn class_page(desk: InClass<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let room = room(&mut tx, desk).await?;
    let tiles = tiles(&mut tx, desk, &room).await?;
    let answered = tiles.iter().filter(|t| t.answered).count();
    page(&ClassPage { shell: desk.shell(desk.t("class-find")), tiles, answered })
}

/// What a child is about to say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Yes,
    No,
}

impl Says {
    fn is_yes(self) -> bool {
        self == Self::Yes
    }

    fn named(text: &str) -> Option<Self> {
        match text {
            "yes" => Some(Self::Yes),
            "no" => Some(Self::No),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "class_child.html")]
struct ChildPage {
    shell: Shell,
    tile: Tile,
    /// Asked again, with the teacher.
    again: bool,
    says: Option<Says>,
    language: String,
    statement: String,
    if_declined: String,
    hash: String,
}

#[get("/class/children/<child>?<says>&<again>")]
async fn one(desk: InClass<'_>, texts: &State<Arc<Shelf>>, child: Uuid, says: Option<&str>, again: Option<bool>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let room = room(&mut tx, desk).await?;
    let tile = tiles(&mut tx, desk, &room).await?.into_iter().find(|t| t.uid == child).ok_or(Problem::NotFound)?;
    let reading = texts.read(&mut tx, room.version, &desk.class.language).await?;
    page(&ChildPage {
        shell: desk.shell(crate::web::words::say_with(desk.locale, "class-hello", &[("name", (&tile.name).into())])),
        again: again == Some(true),
        says: says.and_then(Says::named),
        language: reading.language.clone(),
        statement: reading.statement.clone(),
        if_declined: reading.if_declined.clone(),
        hash: reading.hash.clone(),
        tile,
    })
}

#[derive(FromForm)]
struct Given<'r> {
    says: &'r str,
    text_hash: &'r str,
}

#[post("/class/children/<child>", data = "<form>")]
async fn answer(desk: InClass<'_>, texts: &State<Arc<Shelf>>, child: Uuid, form: Form<Given<'_>>) -> Answer<Flash<Redirect>> {
    let says = Says::named(form.says).ok_or_else(|| Problem::invalid("says", desk.t("class-choose")))?;
    let mut tx = desk.write().await?;
    let room = room(&mut tx, desk).await?;
    let reading = texts.read(&mut tx, room.version, &desk.class.language).await?;
    class::answer(&mut tx, desk.actor, &desk.district, &room, &reading, (child, says.is_yes()), form.text_hash).await?;
    tx.commit().await?;
    // The same words whatever was said: the next child reads them too.
    Ok(done("/class", desk.t("class-thanks")))
}

#[derive(Template)]
#[template(path = "class_teacher.html")]
struct TeacherPage {
    shell: Shell,
    name: String,
}

fn teacher_page(desk: InClass<'_>) -> TeacherPage {
    TeacherPage { shell: desk.shell(desk.t("class-teacher")), name: desk.actor.name.clone() }
}

#[get("/class/teacher")]
fn teacher(desk: InClass<'_>) -> Answer<Html> {
    page(&teacher_page(desk))
}

#[derive(FromForm)]
struct Password<'r> {
    password: &'r str,
}

/// The teacher takes the device back.
#[post("/class/teacher", data = "<form>")]
async fn leave(
    desk: InClass<'_>,
    jar: &CookieJar<'_>,
    secure: &State<SecureCookies>,
    address: Option<IpAddr>,
    form: Form<Password<'_>>,
) -> Answer<std::result::Result<Redirect, Html>> {
    let address = address.map(|a| a.to_string()).unwrap_or_default();
    let token = desk.token.as_ref().ok_or(Problem::NotFound)?;
    let text = match sessions_of_class::leave(&desk.store, &desk.clock, desk.actor, token, desk.class, form.password, &address).await {
        Ok(full) => {
            jar.add(session_cookie(&full, secure.0));
            return Ok(Ok(Redirect::to(format!("/classes/{}/{}", desk.class.section, desk.class.requirement))));
        }
        Err(Problem::Invalid(_)) => desk.t("class-teacher-wrong"),
        Err(Problem::Conflict(_)) => desk.t("sign-in-too-often"),
        Err(problem) => return Err(problem.into()),
    };
    let mut again = teacher_page(desk);
    again.shell = again.shell.with_problems(vec![FieldError { field: "password".into(), text }]);
    Ok(Err(form_again(&again)?))
}

/// Ends class mode without a password: nobody is signed in on the device then.
#[post("/class/end")]
async fn end(desk: InClass<'_>, jar: &CookieJar<'_>) -> Answer<Redirect> {
    if let Some(token) = &desk.token {
        let mut tx = desk.write().await?;
        sessions::sign_out(&mut tx, token).await?;
        tx.commit().await?;
    }
    jar.remove(Cookie::build(SESSION_COOKIE).path("/"));
    Ok(Redirect::to("/sign-in"))
}

pub fn routes() -> Vec<Route> {
    routes![read, class_page, one, answer, teacher, leave, end]
}
