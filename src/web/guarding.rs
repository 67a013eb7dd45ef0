//! What protects every route alike: headers on each answer, and the refusal of posts from other sites.

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::{Header, Method, Status, uri::Origin};
use rocket::{Data, Request, Response};

/// Sets the security headers explicitly on every answer.
pub struct Headers {
    /// Whether browsers reach the server over TLS (through a proxy): adds HSTS.
    pub secure: bool,
}

const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A mail shown as mail programs show it: its own style attributes, and nothing else; it can't run, send or load anything.
const MAIL_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";

#[rocket::async_trait]
impl Fairing for Headers {
    fn info(&self) -> Info {
        Info { name: "security headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let policy = if request.uri().path().starts_with(super::mail::AS_SENT) { MAIL_POLICY } else { POLICY };
        response.set_header(Header::new("Content-Security-Policy", policy));
        response.set_header(Header::new("X-Content-Type-Options", "nosniff"));
        response.set_header(Header::new("X-Frame-Options", "DENY"));
        response.set_header(Header::new("Referrer-Policy", "same-origin"));
        response.set_header(Header::new("Cross-Origin-Opener-Policy", "same-origin"));
        response.set_header(Header::new("Cross-Origin-Resource-Policy", "same-origin"));
        response.set_header(Header::new("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()"));
        if !request.uri().path().starts_with("/assets/") {
            // Pages show records: no shared computer keeps them.
            response.set_header(Header::new("Cache-Control", "no-store"));
        }
        if self.secure {
            response.set_header(Header::new("Strict-Transport-Security", "max-age=63072000; includeSubDomains"));
        }
    }
}

/// Where a refused request is sent.
pub(super) const REFUSED: &str = "/refused";

/// Refuses whatever changes something unless the request comes from our own pages. Browsers say so in `Sec-Fetch-Site`, older ones in
/// `Origin`; a request that says neither is refused too.
pub struct OwnPagesOnly;

#[rocket::async_trait]
impl Fairing for OwnPagesOnly {
    fn info(&self) -> Info {
        Info { name: "own pages only", kind: Kind::Request }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        if matches!(request.method(), Method::Get | Method::Head | Method::Options) || from_own_page(request) {
            return;
        }
        request.set_method(Method::Get);
        request.set_uri(Origin::const_new(REFUSED, None));
    }
}

fn from_own_page(request: &Request<'_>) -> bool {
    let headers = request.headers();
    if let Some(site) = headers.get_one("Sec-Fetch-Site") {
        return site == "same-origin";
    }
    match (headers.get_one("Origin"), headers.get_one("Host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        _ => false,
    }
}

#[rocket::get("/refused")]
fn refused() -> Status {
    Status::Forbidden
}

pub fn stage() -> rocket::fairing::AdHoc {
    rocket::fairing::AdHoc::on_ignite("own pages only", |rocket| async { rocket.mount("/", rocket::routes![refused]).attach(OwnPagesOnly) })
}
