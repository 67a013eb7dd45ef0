//! What people see of the mail: how it is doing and what went amiss, when it goes out and what is said, whom nothing reaches, letters for
//! these, and what oneself gets.

pub(super) mod letters;
mod mine;
mod never_told;
mod preview;
mod settings;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::request::{FromRequest, Outcome, Request};
use rocket::response::{Flash, Redirect};
use rocket::{get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, page};
use super::desk::{Desk, Director};
use super::shell::Shell;
use crate::kernel::{Moment, Page, PageOf};
use crate::notices::status::{self, Amiss, Status};
use crate::queue::Kind;

/// Below this address stand mails as they are sent, under a policy of their own.
pub(super) const AS_SENT: &str = "/mail/preview/";

/// Whether a mail server is set up: managed by whoever starts the server with one. Where nobody manages it, none is.
#[derive(Debug, Clone, Copy, Default)]
pub struct MailSetUp(pub bool);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for MailSetUp {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(request.rocket().state::<Self>().copied().unwrap_or_default())
    }
}

/// `September 18, 2026, 7:05 a.m.`, on the district's clock.
pub(super) fn when(desk: &Desk, shell: &Shell, at: Moment) -> String {
    let zone = &desk.district.zone;
    format!("{}, {}", shell.day(&zone.day(at)), shell.locale.time(zone.time_of_day(at)))
}

/// What a kind of notice is called.
fn kind_name(shell: &Shell, kind: Kind) -> String {
    shell.t(&format!("notice-kind-{}", kind.name().replace('.', "-")))
}

struct AmissView {
    uid: Uuid,
    name: String,
    address: String,
    subject: String,
    state: String,
    when: String,
    said: String,
}

#[derive(Template)]
#[template(path = "mail_index.html")]
struct MailPage {
    shell: Shell,
    set_up: bool,
    status: Status,
    sent_at: Option<String>,
    down_since: Option<String>,
    amiss: Vec<AmissView>,
    pages: String,
    previous: Option<String>,
    next: Option<String>,
}

#[get("/mail?<page>")]
async fn index(desk: Director<'_>, set_up: MailSetUp, page: Option<i64>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let status = status::status(&mut tx, desk.actor()).await?;
    let found: PageOf<Amiss> = status::amiss(&mut tx, desk.actor(), Page::number(page)).await?;
    drop(tx);
    let mut shell = desk.shell(desk.t("mail-title"));
    let pages = if found.last() > 1 { shell.tvv("pages-of", "page", found.page.number, "last", found.last()) } else { String::new() };
    if !pages.is_empty() {
        shell.title = format!("{} – {pages}", shell.title);
    }
    let address = |number: i64| format!("/mail?page={number}");
    self::page(&MailPage {
        // Another machine of the district may be the one that sends.
        set_up: set_up.0 || status.sent > 0,
        sent_at: status.sent_at.map(|at| when(&desk, &shell, at)),
        down_since: status.down_since.map(|at| when(&desk, &shell, at)),
        previous: found.previous().map(address),
        next: found.next().map(address),
        amiss: found
            .rows
            .into_iter()
            .map(|mail| AmissView {
                when: when(&desk, &shell, mail.at),
                state: shell.t(&format!("mail-state-{}", mail.state)),
                uid: mail.uid,
                name: mail.name,
                address: mail.address,
                subject: mail.subject,
                said: mail.said,
            })
            .collect(),
        pages,
        status,
        shell,
    })
}

#[post("/mail/again/<uid>")]
async fn again(desk: Director<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    let notices = status::again(&mut tx, desk.actor(), &desk.district, uid).await?;
    tx.commit().await?;
    Ok(done("/mail", desk.t(if notices > 0 { "mail-again-done" } else { "mail-again-nothing" })))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("mail", |rocket| async {
        rocket.mount(
            "/",
            routes![
                index,
                again,
                settings::settings,
                settings::keep_schedule,
                settings::keep_calendar,
                settings::keep_kinds,
                preview::preview,
                preview::as_sent,
                never_told::list,
                never_told::file,
                letters::choose,
                letters::print,
                letters::told,
                mine::mine,
                mine::turn_off
            ],
        )
    })
}
