//! Certificates: one's own as PDF, and the public page on which anybody who holds one checks its code.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::desk::{Desk, Member};
use super::mail::letters::Site;
use super::reports::{File, as_pdf};
use super::shell::Shell;
use crate::reports;
use crate::training::certificates::{self, Checked};

#[get("/attempts/<uid>/certificate.pdf")]
async fn pdf(member: Member<'_>, site: Site, uid: Uuid) -> Answer<File> {
    let mut tx = member.write().await?;
    let certificate = certificates::of(&mut tx, member.actor, uid).await?;
    let now = tx.now();
    tx.commit().await?;
    let document = reports::certificate::certificate(&member.district, &certificate, site.0.as_deref(), now);
    as_pdf(document, format!("certificate-{}.pdf", certificate.code)).await
}

#[derive(Template)]
#[template(path = "certificates.html")]
struct CheckPage {
    shell: Shell,
    typed: String,
    found: Option<Checked>,
    day: String,
}

#[get("/certificates?<code>")]
async fn check(desk: &Desk, code: Option<&str>) -> Answer<Html> {
    let typed = code.unwrap_or_default().trim().chars().take(40).collect::<String>();
    let mut tx = desk.read().await?;
    let found = if typed.is_empty() { None } else { certificates::check(&mut tx, &typed).await? };
    drop(tx);
    let shell = desk.shell(desk.t("certificate-check"));
    let day = found.as_ref().map(|f| shell.day(&desk.district.zone.day(f.passed_at))).unwrap_or_default();
    page(&CheckPage { shell, typed, found, day })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("certificates", |rocket| async { rocket.mount("/", routes![pdf, check]) })
}
