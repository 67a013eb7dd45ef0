//! Reports to take along: the audit as PDF and workbook, a policy version, a receipt, the board's report. Who may see the page may have
//! the file; a file's name says nothing of a person.

use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Header};
use rocket::tokio::task::spawn_blocking;
use rocket::{Responder, get, routes};
use uuid::Uuid;

use super::answer::Answer;
use super::audit::as_of;
use super::desk::{Auditing, Desk, Member, Standards};
use super::disclosing::disclose_receipt;
use super::policies::readable;
use crate::acknowledgments;
use crate::kernel::{Problem, Result};
use crate::reports::document::Document;
use crate::reports::pdf::Attachment;
use crate::reports::{self, pdf, xlsx};

/// A file that the browser keeps rather than shows.
#[derive(Responder)]
pub(super) struct File {
    bytes: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
}

impl File {
    /// `name` must be plain ASCII without quotes: ours are slugs, numbers, dates.
    pub(super) fn of(bytes: Vec<u8>, kind: ContentType, name: &str) -> Self {
        let disposition = Header::new("Content-Disposition", format!("attachment; filename=\"{name}\""));
        Self { bytes, kind, disposition }
    }
}

/// Writes a file away from the threads that answer requests: it takes a while.
async fn written(write: impl FnOnce() -> Result<Vec<u8>> + Send + 'static) -> Result<Vec<u8>> {
    spawn_blocking(write).await.map_err(|e| Problem::internal("a report's writing was broken off", e))?
}

pub(super) async fn as_pdf(document: Document, name: String) -> Answer<File> {
    let bytes = written(move || pdf::render(&document)).await?;
    Ok(File::of(bytes, ContentType::PDF, &name))
}

#[get("/audit/report.pdf?<as_of>")]
async fn audit_pdf(reader: Auditing<'_>, as_of: Option<&str>) -> Answer<File> {
    let day = self::as_of(&reader, as_of).map_err(|e| Problem::Invalid(vec![e]))?;
    let mut tx = reader.read().await?;
    let document = reports::audit::audit(&mut tx, reader.actor(), &reader.district, day, reader.locale).await?;
    drop(tx);
    as_pdf(document, format!("audit-{day}.pdf")).await
}

#[get("/audit/report.xlsx?<as_of>")]
async fn audit_xlsx(reader: Auditing<'_>, as_of: Option<&str>) -> Answer<File> {
    let day = self::as_of(&reader, as_of).map_err(|e| Problem::Invalid(vec![e]))?;
    let mut tx = reader.read().await?;
    let all = reports::audit::gather(&mut tx, reader.actor(), &reader.district, day, reader.locale).await?;
    let now = tx.now();
    drop(tx);
    let locale = reader.locale;
    let bytes = written(move || xlsx::write(&reports::audit::sheets(&all, locale), now)).await?;
    let kind = ContentType::new("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    Ok(File::of(bytes, kind, &format!("audit-{day}.xlsx")))
}

#[get("/policies/<slug>/versions/<number>/policy.pdf?<language>")]
async fn policy(desk: &Desk, slug: &str, number: i64, language: Option<&str>) -> Answer<File> {
    let mut tx = desk.read().await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    let language = language.unwrap_or(desk.locale.tag());
    let document = reports::policy::policy(&mut tx, &desk.district, &version, Some(language)).await?;
    drop(tx);
    let name = format!("{}-{}-{}.pdf", version.slug, version.number, document.lang);
    as_pdf(document, name).await
}

#[get("/receipts/<uid>/receipt.pdf")]
async fn receipt(member: Member<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = member.read().await?;
    let record = acknowledgments::standing::receipt(&mut tx, member.actor, &member.district, uid).await?;
    let scans = acknowledgments::paper::scans::of(&mut tx, member.actor, uid).await?;
    let document = reports::receipt::receipt(&mut tx, &member.district, &record, &scans, member.locale).await?;
    let proof = super::log::receipt_file(&mut tx, &record).await?;
    drop(tx);
    disclose_receipt(&member, member.actor, &record).await?;
    let attached = proof.map(|file| Attachment {
        name: format!("receipt-{uid}.json"),
        kind: "application/json",
        about: member.t("receipt-json"),
        bytes: file.into_bytes(),
    });
    let bytes = written(move || pdf::render_with(&document, attached.as_ref())).await?;
    Ok(File::of(bytes, ContentType::PDF, &format!("receipt-{uid}.pdf")))
}

#[get("/standard-5/report.pdf")]
async fn standard5(reader: Standards<'_>) -> Answer<File> {
    let mut tx = reader.read().await?;
    let day = reader.today();
    let document = reports::board::board(&mut tx, reader.actor(), &reader.district, day, reader.locale).await?;
    drop(tx);
    as_pdf(document, format!("standard-5-{day}.pdf")).await
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("reports", |rocket| async { rocket.mount("/", routes![audit_pdf, audit_xlsx, policy, receipt, standard5]) })
}
