//! What handlers answer with: a page, or a [`Trouble`] made from a problem. The error policy of `kernel/problem.rs` becomes HTTP here,
//! and only here.

use askama::Template;
use rocket::http::{ContentType, Method, RawStr, Status};
use rocket::request::Request;
use rocket::response::{self, Flash, Redirect, Responder, Response};

use super::desk::Desk;
use super::shell::Shell;
use crate::kernel::{Chance, Problem};

/// A page or a redirect; problems become their pages by `?`.
pub type Answer<T, E = Trouble> = std::result::Result<T, E>;

/// A page from its template, with status 200 or another.
pub struct Html {
    status: Status,
    body: String,
}

/// Renders a page.
pub fn page(template: &impl Template) -> Answer<Html> {
    Ok(Html { status: Status::Ok, body: render(template)? })
}

/// Renders a form again, with what is wrong: 422.
pub fn form_again(template: &impl Template) -> Answer<Html> {
    Ok(Html { status: Status::UnprocessableEntity, body: render(template)? })
}

/// Renders a page about what was there and is no more: 410.
pub fn gone(template: &impl Template) -> Answer<Html> {
    Ok(Html { status: Status::Gone, body: render(template)? })
}

fn render(template: &impl Template) -> Answer<String> {
    template.render().map_err(|e| Trouble(Problem::internal("a page could not be rendered", e)))
}

/// Goes on to another page, which says what was done.
pub fn done(to: impl Into<String>, notice: impl Into<String>) -> Flash<Redirect> {
    Flash::success(Redirect::to(to.into()), notice.into())
}

impl<'r> Responder<'r, 'static> for Html {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Response::build_from((ContentType::HTML, self.body).respond_to(request)?).status(self.status).ok()
    }
}

/// A problem on its way to the reader.
#[derive(Debug)]
pub struct Trouble(pub Problem);

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    shell: Shell,
    heading: String,
    text: String,
    lines: Vec<String>,
    reference: Option<String>,
    /// Where to sign in, for whoever might see more then.
    sign_in: Option<String>,
}

impl<'r> Responder<'r, 'static> for Trouble {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let (status, key, lines, reference) = match self.0 {
            Problem::NotFound => (Status::NotFound, "trouble-not-found", Vec::new(), None),
            Problem::Conflict(text) => (Status::Conflict, "trouble-conflict", vec![text], None),
            Problem::Invalid(errors) => (
                Status::UnprocessableEntity,
                "trouble-invalid",
                errors.into_iter().map(|e| format!("{}: {}", e.field, e.text)).collect(),
                None,
            ),
            Problem::Internal { what, cause } => {
                let reference = Chance::system().token()[..12].to_owned();
                tracing::error!(reference, what, cause = %cause, "an answer failed");
                (Status::InternalServerError, "trouble-internal", Vec::new(), Some(reference))
            }
        };
        TroubleOf { status, key, lines, reference }.respond_to(request)
    }
}

/// The page of a status, for the catchers too.
pub struct TroubleOf {
    pub status: Status,
    pub key: &'static str,
    pub lines: Vec<String>,
    pub reference: Option<String>,
}

impl TroubleOf {
    pub fn plain(status: Status, key: &'static str) -> Self {
        Self { status, key, lines: Vec::new(), reference: None }
    }
}

impl<'r> Responder<'r, 'static> for TroubleOf {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        trouble(request, self.status, self.key, self.lines, self.reference)
    }
}

/// The words for somebody who came by a link in a mail and wants more than to answer.
pub const ONLY_ANSWERS: &str = "trouble-only-answers";

/// The sign-in page, which leads on to the page that was asked for.
pub fn sign_in_for(request: &Request<'_>) -> String {
    let wanted = if request.method() == Method::Get { request.uri().to_string() } else { "/".to_owned() };
    sign_in_to(&wanted)
}

/// The sign-in page, which leads on to that path.
pub fn sign_in_to(wanted: &str) -> String {
    format!("/sign-in?next={}", RawStr::new(wanted).percent_encode())
}

/// The page of a status, in the reader's language where a desk was found.
fn trouble(request: &Request<'_>, status: Status, key: &str, lines: Vec<String>, reference: Option<String>) -> response::Result<'static> {
    let desk: &Option<Desk> = request.local_cache(|| None);
    let shell = match desk {
        Some(desk) => desk.shell(super::words::say(desk.locale, key)),
        None => Shell::bare(super::words::say(crate::kernel::Locale::En, key)),
    };
    let text = shell.t(&format!("{key}-text"));
    let sign_in = if key == ONLY_ANSWERS {
        Some(sign_in_for(request))
    } else {
        (shell.name.is_none() && !shell.in_class && status == Status::NotFound).then(|| "/sign-in".to_owned())
    };
    let page = TroublePage { heading: shell.title.clone(), text, lines, reference, sign_in, shell };
    let body = page.render().map_err(|_| Status::InternalServerError)?;
    Response::build_from((ContentType::HTML, body).respond_to(request)?).status(status).ok()
}
