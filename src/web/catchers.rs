//! The pages for what no handler answered.

use rocket::fairing::AdHoc;
use rocket::http::Status;
use rocket::request::Request;
use rocket::response::Redirect;
use rocket::{catch, catchers};

use super::answer::{ONLY_ANSWERS, TroubleOf, sign_in_for, sign_in_to};
use super::desk::{Desk, is_class_page, is_to_answer};
use super::guarding::REFUSED;
use crate::kernel::Chance;

/// A visitor is asked to sign in, and comes back to where they wanted to go. A device in children's hands comes back to its class.
#[catch(401)]
fn sign_in_first(request: &Request<'_>) -> Redirect {
    let desk: &Option<Desk> = request.local_cache(|| None);
    if desk.as_ref().is_some_and(|desk| desk.class.is_some()) {
        return Redirect::to("/class");
    }
    // Class mode has ended: the teacher comes back to the classes.
    Redirect::to(if is_class_page(request) { sign_in_to("/classes") } else { sign_in_for(request) })
}

#[catch(404)]
async fn not_found(request: &Request<'_>) -> TroubleOf {
    known(request).await;
    TroubleOf::plain(Status::NotFound, "trouble-not-found")
}

#[catch(403)]
async fn forbidden(request: &Request<'_>) -> TroubleOf {
    known(request).await;
    let desk: &Option<Desk> = request.local_cache(|| None);
    let refused = desk.as_ref().is_some_and(Desk::only_answers) && !is_to_answer(request) && request.uri().path() != REFUSED;
    TroubleOf::plain(Status::Forbidden, if refused { ONLY_ANSWERS } else { "trouble-forbidden" })
}

#[catch(413)]
async fn too_large(request: &Request<'_>) -> TroubleOf {
    known(request).await;
    TroubleOf::plain(Status::PayloadTooLarge, "trouble-too-large")
}

#[catch(503)]
fn unavailable() -> TroubleOf {
    TroubleOf::plain(Status::ServiceUnavailable, "trouble-unavailable")
}

#[catch(500)]
fn internal(request: &Request<'_>) -> TroubleOf {
    let reference = Chance::system().token()[..12].to_owned();
    // The route alone: an address may hold a sign-in link's token.
    let route = request.route().map(|route| route.uri.path()).unwrap_or_default();
    tracing::error!(reference, route, "a handler panicked");
    TroubleOf { status: Status::InternalServerError, key: "trouble-internal", lines: Vec::new(), reference: Some(reference) }
}

#[catch(default)]
async fn anything(status: Status, request: &Request<'_>) -> TroubleOf {
    known(request).await;
    TroubleOf::plain(status, "trouble-unreadable")
}

/// Looks the reader up, so that the page speaks their language.
async fn known(request: &Request<'_>) {
    let _ = request.guard::<&Desk>().await;
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("catchers", |rocket| async {
        rocket.register("/", catchers![sign_in_first, not_found, forbidden, too_large, unavailable, internal, anything])
    })
}
