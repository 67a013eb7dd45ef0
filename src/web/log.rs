//! The log of answers, open to everybody (it names nobody), and what a receipt's holder takes along: the receipt and the exact text as files.

use std::path::PathBuf;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Header};
use rocket::{Responder, get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::desk::{Desk, Member};
use super::disclosing::disclose_receipt;
use super::reports::File;
use super::shell::Shell;
use crate::acknowledgments::log::{self, Checkpoint, Resource};
use crate::acknowledgments::{self, Record};
use crate::db::Tx;
use crate::kernel::{Problem, Result, digest};
use crate::policies;

/// The program by which a receipt is checked without us.
const PROGRAM: &str = include_str!("../../tools/check-receipt");

/// Where an answer stands in the log, as its receipt says it.
pub struct Place {
    /// Counted from 1, as people count.
    pub number: i64,
    /// How many answers the newest checkpoint covers, and the root over them; `None` as long as the answer isn't sealed.
    pub sealed: Option<(u64, String)>,
}

impl Place {
    pub async fn of(tx: &mut Tx, record: &Record) -> Result<Self> {
        let newest = log::checkpoint(tx).await?.and_then(|note| Checkpoint::parse(&note).ok());
        let covers = newest.filter(|checkpoint| i64::try_from(checkpoint.size).is_ok_and(|size| record.position < size));
        Ok(Self { number: record.position + 1, sealed: covers.map(|checkpoint| (checkpoint.size, log::note::base64(&checkpoint.root))) })
    }
}

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    shell: Shell,
    /// How many answers are sealed.
    size: Option<i64>,
    key: Option<String>,
}

#[get("/log")]
async fn about(desk: &Desk) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let newest = log::checkpoint(&mut tx).await?.and_then(|note| Checkpoint::parse(&note).ok());
    let key = log::keys(&mut tx).await?.last().map(ToString::to_string);
    page(&LogPage { size: newest.and_then(|checkpoint| i64::try_from(checkpoint.size).ok()), key, shell: desk.shell(desk.t("log-title")) })
}

/// A file of the log. Anybody's page may read it.
#[derive(Responder)]
struct Open<T> {
    body: T,
    kind: ContentType,
    allow: Header<'static>,
}

impl<T> Open<T> {
    fn of(body: T, kind: ContentType) -> Self {
        Self { body, kind, allow: Header::new("Access-Control-Allow-Origin", "*") }
    }

    fn text(body: T) -> Self {
        Self::of(body, ContentType::Plain)
    }
}

#[get("/log/checkpoint")]
async fn checkpoint(desk: &Desk) -> Answer<Open<String>> {
    Ok(Open::text(log::checkpoint(&mut desk.read().await?).await?.ok_or(Problem::NotFound)?))
}

/// Every key there was, the one that signs now first.
#[get("/log/key")]
async fn key(desk: &Desk) -> Answer<Open<String>> {
    let keys = log::keys(&mut desk.read().await?).await?;
    if keys.is_empty() {
        return Err(Problem::NotFound.into());
    }
    Ok(Open::text(keys.iter().rev().fold(String::new(), |all, key| all + key.to_string().as_str() + "\n")))
}

#[get("/log/since/<size>")]
async fn since(desk: &Desk, size: u64) -> Answer<Open<String>> {
    Ok(Open::text(log::since(&mut desk.read().await?, size).await?.ok_or(Problem::NotFound)?))
}

#[get("/log/tile/<path..>")]
async fn tile(desk: &Desk, path: PathBuf) -> Answer<Open<Vec<u8>>> {
    let resource = path.to_str().and_then(|path| Resource::parse(&format!("tile/{path}"))).ok_or(Problem::NotFound)?;
    let bytes = resource.bytes(&mut desk.read().await?).await?.ok_or(Problem::NotFound)?;
    Ok(Open::of(bytes, ContentType::Binary))
}

#[get("/log/check-receipt.py")]
fn program(_desk: &Desk) -> File {
    File::of(PROGRAM.as_bytes().to_vec(), ContentType::new("text", "x-python").with_params(("charset", "utf-8")), "check-receipt.py")
}

/// The receipt with its proof; `None` as long as the answer isn't sealed.
pub async fn receipt_file(tx: &mut Tx, record: &Record) -> Result<Option<String>> {
    match log::prove(tx, record.position, &record.hash).await? {
        Some(proof) => proof.receipt(&record.canonical()?).map(Some),
        None => Ok(None),
    }
}

#[get("/receipts/<uid>/receipt.json")]
async fn receipt_json(member: Member<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = member.read().await?;
    let record = acknowledgments::receipt(&mut tx, member.actor, uid).await?;
    disclose_receipt(&member, member.actor, &record).await?;
    let file = receipt_file(&mut tx, &record).await?.ok_or_else(|| Problem::conflict(member.t("receipt-not-sealed")))?;
    Ok(File::of(file.into_bytes(), ContentType::JSON, &format!("receipt-{uid}.json")))
}

/// The text that was answered, in the form over which its hash is made.
#[get("/receipts/<uid>/text.json")]
async fn text_json(member: Member<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = member.read().await?;
    let record = acknowledgments::receipt(&mut tx, member.actor, uid).await?;
    disclose_receipt(&member, member.actor, &record).await?;
    let text = policies::reading::text(&mut tx, record.version, &record.language).await?;
    Ok(File::of(digest::canonical(&text)?.into_bytes(), ContentType::JSON, &format!("text-{uid}.json")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("log", |rocket| async {
        rocket.mount("/", routes![about, checkpoint, key, since, tile, program, receipt_json, text_json])
    })
}
