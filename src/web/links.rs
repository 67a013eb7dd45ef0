//! The page behind a link in a mail. Opening it greets and nothing more, because mail programs open links before people do; the button on
//! it signs in. A link that works no more says so kindly, and offers another. The token stands in the address alone: no page shows it, and
//! no other site is told of it (`Referrer-Policy`, set for every page).

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::{CookieJar, RawStr};
use rocket::response::Redirect;
use rocket::{FromForm, State, get, post, routes};

use super::answer::{Answer, Html, gone, page};
use super::desk::Desk;
use super::sessions::{SecureCookies, session_cookie};
use super::shell::Shell;
use super::words;
use crate::db::Tx;
use crate::identity::links::{self, Greeting};
use crate::identity::{accounts, sessions};
use crate::kernel::{Locale, Problem, Result};

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    shell: Shell,
    given: String,
    action: String,
    /// The tag of a language that was chosen on this page.
    chosen: Option<&'static str>,
    /// The reader is signed in already, as that very person.
    already: bool,
}

#[derive(Template)]
#[template(path = "link_ended.html")]
struct EndedPage {
    shell: Shell,
    action: String,
    /// Whoever is signed in.
    signed_in: Option<String>,
}

#[derive(Template)]
#[template(path = "link_sent.html")]
struct SentPage {
    shell: Shell,
}

fn address(token: &str) -> String {
    format!("/link/{}", RawStr::new(token).percent_encode())
}

/// Whether the reader is signed in as that person, and not by a link.
fn is_in(desk: &Desk, greeting: &Greeting) -> bool {
    desk.actor.as_ref().is_some_and(|actor| !actor.by_link && actor.person == Some(greeting.person))
}

/// In the language that was chosen here, else the person's, else as any page.
async fn door(tx: &mut Tx, desk: &Desk, token: &str, chosen: Option<Locale>) -> Result<Locale> {
    let known = match chosen {
        Some(locale) => Some(locale),
        None => links::language(tx, &desk.district.zone, token).await?,
    };
    Ok(known.unwrap_or(desk.locale))
}

fn shell(desk: &Desk, locale: Locale, title: &str) -> Shell {
    desk.shell(words::say(locale, title)).at_the_door(locale)
}

fn ended(desk: &Desk, locale: Locale, token: &str) -> Answer<Html> {
    gone(&EndedPage {
        shell: shell(desk, locale, "link-ended"),
        action: address(token) + "/again",
        signed_in: desk.actor.as_ref().map(|actor| actor.name.clone()),
    })
}

#[get("/link/<token>?<language>")]
async fn look(desk: &Desk, token: &str, language: Option<&str>) -> Answer<Html> {
    let chosen = language.and_then(Locale::from_tag);
    let mut tx = desk.read().await?;
    let locale = door(&mut tx, desk, token, chosen).await?;
    let Some(greeting) = links::look(&mut tx, &desk.district.zone, token).await? else { return ended(desk, locale, token) };
    let title = words::say_with(locale, "link-hello", &[("name", greeting.given.as_str().into())]);
    page(&LinkPage {
        shell: desk.shell(title).at_the_door(locale),
        already: is_in(desk, &greeting),
        given: greeting.given,
        action: address(token),
        chosen: chosen.map(Locale::tag),
    })
}

#[derive(FromForm)]
struct Chosen {
    language: Option<String>,
}

impl Chosen {
    fn locale(&self) -> Option<Locale> {
        self.language.as_deref().and_then(Locale::from_tag)
    }
}

#[post("/link/<token>", data = "<form>")]
async fn follow(
    desk: &Desk,
    jar: &CookieJar<'_>,
    secure: &State<SecureCookies>,
    token: &str,
    form: Form<Chosen>,
) -> Answer<std::result::Result<Redirect, Html>> {
    let zone = &desk.district.zone;
    let mut tx = desk.write().await?;
    let locale = door(&mut tx, desk, token, form.locale()).await?;
    if links::look(&mut tx, zone, token).await?.is_some_and(|greeting| is_in(desk, &greeting)) {
        return Ok(Ok(Redirect::to("/tasks")));
    }
    let session = match links::follow(&mut tx, zone, token).await {
        Ok(session) => session,
        Err(Problem::NotFound) => return Ok(Err(ended(desk, locale, token)?)),
        Err(problem) => return Err(problem.into()),
    };
    if let Some(chosen) = form.locale() {
        let found = sessions::find(&mut tx, std::slice::from_ref(&session), zone).await?.into_iter().flatten().next();
        if let Some(signed_in) = found {
            accounts::choose_language(&mut tx, &signed_in.actor, chosen.tag()).await?;
        }
    }
    // Whoever was signed in in this browser isn't any more.
    if let Some(before) = &desk.token {
        sessions::sign_out(&mut tx, before).await?;
    }
    tx.commit().await?;
    jar.add(session_cookie(&session, secure.0));
    Ok(Ok(Redirect::to("/tasks")))
}

#[post("/link/<token>/again", data = "<form>")]
async fn ask_again(desk: &Desk, token: &str, form: Form<Chosen>) -> Answer<Redirect> {
    let mut tx = desk.write().await?;
    links::ask_again(&mut tx, &desk.district.zone, token).await?;
    tx.commit().await?;
    let language = form.locale().map(|locale| format!("?language={}", locale.tag())).unwrap_or_default();
    Ok(Redirect::to(format!("{}/again{language}", address(token))))
}

#[get("/link/<token>/again?<language>")]
async fn asked_again(desk: &Desk, token: &str, language: Option<&str>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let locale = door(&mut tx, desk, token, language.and_then(Locale::from_tag)).await?;
    page(&SentPage { shell: shell(desk, locale, "link-sent") })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("sign-in links", |rocket| async { rocket.mount("/", routes![look, follow, ask_again, asked_again]) })
}
