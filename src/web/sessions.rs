//! Signing in and out, and the choice of language.

use std::net::IpAddr;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::response::Redirect;
use rocket::{FromForm, State, get, post, routes};

use super::answer::{Answer, Html, form_again, page};
use super::desk::{Desk, LANGUAGE_COOKIE, Member, SESSION_COOKIE};
use super::shell::Shell;
use crate::identity::{Token, accounts, sessions};
use crate::kernel::{Locale, Problem};

/// Whether cookies are for TLS alone; false only on a loopback address.
#[derive(Debug, Clone, Copy)]
pub struct SecureCookies(pub bool);

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    login: String,
    next: String,
}

#[get("/sign-in?<next>")]
fn sign_in_page(desk: &Desk, next: Option<&str>) -> Answer<Html> {
    page(&SignInPage { shell: desk.shell(desk.t("sign-in")), login: String::new(), next: own_path(next.unwrap_or("/")).to_owned() })
}

#[derive(FromForm)]
struct SignIn<'r> {
    login: &'r str,
    password: &'r str,
    #[field(default = "/")]
    next: &'r str,
}

#[post("/sign-in", data = "<form>")]
async fn sign_in(
    desk: &Desk,
    jar: &CookieJar<'_>,
    secure: &State<SecureCookies>,
    address: Option<IpAddr>,
    form: Form<SignIn<'_>>,
) -> Answer<Result<Redirect, Html>> {
    let address = address.map(|a| a.to_string()).unwrap_or_default();
    let next = own_path(form.next);
    match sessions::sign_in(&desk.store, &desk.clock, form.login, form.password, &address).await {
        Ok(token) => {
            // Whoever came by a link in a mail is in fully now.
            if let Some(before) = desk.token.as_ref().filter(|_| desk.only_answers()) {
                let mut tx = desk.write().await?;
                sessions::sign_out(&mut tx, before).await?;
                tx.commit().await?;
            }
            jar.add(session_cookie(&token, secure.0));
            Ok(Ok(Redirect::to(next.to_owned())))
        }
        Err(Problem::Invalid(_)) => sign_in_again(desk, form.login, next, desk.t("sign-in-wrong")),
        Err(Problem::Conflict(_)) => sign_in_again(desk, form.login, next, desk.t("sign-in-too-often")),
        Err(problem) => Err(problem.into()),
    }
}

/// The cookie in which the browser keeps a session.
pub(super) fn session_cookie(token: &Token, secure: bool) -> Cookie<'static> {
    Cookie::build((SESSION_COOKIE, token.for_cookie().to_owned())).http_only(true).secure(secure).same_site(SameSite::Lax).path("/").build()
}

fn sign_in_again(desk: &Desk, login: &str, next: &str, text: String) -> Answer<Result<Redirect, Html>> {
    let problems = vec![crate::kernel::FieldError { field: "login".into(), text }];
    let shell = desk.shell(desk.t("sign-in")).with_problems(problems);
    Ok(Err(form_again(&SignInPage { shell, login: login.to_owned(), next: next.to_owned() })?))
}

#[post("/sign-out")]
async fn sign_out(member: Member<'_>, jar: &CookieJar<'_>) -> Answer<Redirect> {
    if let Some(token) = &member.token {
        let mut tx = member.write().await?;
        sessions::sign_out(&mut tx, token).await?;
        tx.commit().await?;
    }
    jar.remove(Cookie::build(SESSION_COOKIE).path("/"));
    Ok(Redirect::to("/sign-in"))
}

#[derive(FromForm)]
struct Choice<'r> {
    language: &'r str,
    next: &'r str,
}

#[post("/language", data = "<form>")]
async fn language(desk: &Desk, jar: &CookieJar<'_>, secure: &State<SecureCookies>, form: Form<Choice<'_>>) -> Answer<Redirect> {
    let Some(locale) = Locale::from_tag(form.language) else {
        return Err(Problem::invalid("language", "Choose English or Spanish.").into());
    };
    if let Some(actor) = &desk.actor {
        let mut tx = desk.write().await?;
        accounts::choose_language(&mut tx, actor, locale.tag()).await?;
        tx.commit().await?;
    }
    jar.add(Cookie::build((LANGUAGE_COOKIE, locale.tag())).http_only(true).secure(secure.0).same_site(SameSite::Lax).path("/").permanent());
    Ok(Redirect::to(own_path(form.next).to_owned()))
}

/// The path if it is one of our own, else the first page: no sign-in leads to a stranger's site.
pub fn own_path(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\t', '\n', '\r'])
        && rocket::http::uri::Origin::parse(next).is_ok();
    if own { next } else { "/" }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("sessions", |rocket| async { rocket.mount("/", routes![sign_in_page, sign_in, sign_out, language]) })
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_never_leads_to_a_stranger_s_site() {
        for strange in ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "javascript:alert(1)", ""] {
            assert_eq!(own_path(strange), "/", "{strange:?}");
        }
        assert_eq!(own_path("/audit?by=school"), "/audit?by=school");
    }
}
