//! The receipt of one answer on paper: who answered what, for whom, when, in which words, and the hashes by which it is checked.
//! It says nothing else of a person. Whether the reader may see the record is for the caller to ask.

use super::document::{Block, Document, Run};
use super::words::{self, Key, fill, language_name, say};
use crate::acknowledgments::Record;
use crate::acknowledgments::log::{self, Checkpoint};
use crate::acknowledgments::paper::scans::{Kind, Scan};
use crate::db::Tx;
use crate::kernel::{Locale, Result};
use crate::policies;
use crate::roster::District;

/// The record as a document in the reader's language; the words that were answered stay in theirs. `scans` are those that the reader may
/// have.
pub async fn receipt(tx: &mut Tx, district: &District, record: &Record, scans: &[Scan], locale: Locale) -> Result<Document> {
    let version = policies::reading::version_by_id(tx, record.version).await?;
    let reading = policies::read(tx, &version, Some(&record.language)).await?;
    let zone = &district.zone;
    let title = fill(locale, Key::VersionOf, &[("title", &reading.title), ("number", &record.version_number.to_string())]);
    let guardian = record.capacity == "guardian";
    let answer = match record.yes_and_no() {
        Some((yes, no)) => fill(locale, Key::ReceiptAnswered, &[("yes", &yes.to_string()), ("no", &no.to_string())]),
        None => say(
            locale,
            match record.answer.as_str() {
                "agreed" => Key::ReceiptAgreed,
                "withdrawn" => Key::ReceiptWithdrawn,
                _ => Key::ReceiptDeclined,
            },
        )
        .to_owned(),
    };

    let mut facts = vec![
        (Key::Answer, vec![Run::bold(answer)]),
        (Key::Document, vec![Run::plain(&title)]),
        (Key::AnsweredBy, vec![Run::plain(&record.person_name)]),
    ];
    if guardian {
        facts.push((Key::ForWhom, vec![Run::plain(&record.about_name)]));
    }
    let capacity = say(locale, if guardian { Key::AsGuardian } else { Key::AsOneself });
    facts.push((Key::Capacity, vec![Run::plain(capacity)]));
    if record.authenticated == "witnessed"
        && let Some(name) = &record.recorded_by_name
    {
        facts.push((Key::How, vec![Run::plain(fill(locale, Key::Witnessed, &[("name", name)]))]));
    }
    if record.authenticated == "link" {
        facts.push((Key::How, vec![Run::plain(say(locale, Key::ByLink))]));
    }
    if !record.signed_name.is_empty() {
        facts.push((Key::SignedAs, vec![Run::plain(&record.signed_name)]));
    }
    if !record.reason.is_empty() {
        facts.push((Key::ReasonGiven, vec![Run::plain(&record.reason)]));
    }
    if let Some(code) = &record.paper {
        let by = record.recorded_by_name.as_deref().unwrap_or_default();
        facts.push((Key::OnPaper, vec![Run::plain(fill(locale, Key::OnPaperBy, &[("name", by), ("code", code)]))]));
    }
    if let Some(day) = record.signed_day {
        facts.push((Key::SignedOn, vec![Run::plain(locale.day(day))]));
    }
    for scan in scans {
        facts.push((Key::Scan, vec![Run::plain(scan_words(district, locale, scan))]));
    }
    facts.push((Key::ReadIn, vec![Run::plain(language_name(locale, &record.language))]));
    let mut facts: Vec<(String, Vec<Run>)> = facts.into_iter().map(|(key, runs)| (say(locale, key).to_owned(), runs)).collect();
    let local = format!("{}, {}", locale.day(zone.day(record.at)), locale.time(zone.time_of_day(record.at)));
    facts.push((fill(locale, Key::TimeLocal, &[("zone", zone.name())]), vec![Run::plain(local)]));
    facts.push((say(locale, Key::TimeUtc).to_owned(), vec![Run::plain(record.at.rfc3339())]));
    let mut blocks = vec![Block::Summary(facts)];

    let choices: Vec<(String, String)> = reading
        .consents
        .iter()
        .filter_map(|consent| {
            let choice = record.choices.iter().find(|choice| choice.id == consent.id)?;
            let said = if choice.yes { &consent.yes } else { &consent.no };
            let back = if choice.withdrawn { format!(" ({})", say(locale, Key::ChoiceTakenBack)) } else { String::new() };
            Some((consent.ask.clone(), format!("{said}{back}")))
        })
        .collect();
    if choices.is_empty() {
        blocks.push(Block::heading(2, say(locale, Key::WordsAnswered)));
        blocks.push(Block::text(&record.statement));
    } else {
        blocks.push(Block::heading(2, say(locale, Key::Choices)));
        blocks.push(Block::summary(choices));
    }

    blocks.push(Block::heading(2, say(locale, Key::Proof)));
    let proof =
        [(Key::ReceiptNumber, record.uid.to_string()), (Key::TextHash, record.text_hash.clone()), (Key::RecordHash, record.hash.clone())];
    blocks.push(Block::summary(proof.map(|(key, text)| (say(locale, key), text))));
    blocks.extend(place_in_the_log(tx, record, locale).await?);
    let path = format!("/receipts/{}", record.uid);
    blocks.push(Block::bullets([fill(locale, Key::CheckPage, &[("path", &path)]), say(locale, Key::CheckVerify).to_owned()]));
    Ok(Document {
        title: say(locale, Key::ReceiptTitle).to_owned(),
        lang: locale.tag().to_owned(),
        subject: title,
        author: district.name.clone(),
        made_on: words::made_on(locale, district, tx.now()),
        made_at: tx.now(),
        footer: path,
        blocks,
    })
}

/// Where the record stands in the log, and under which checkpoint.
async fn place_in_the_log(tx: &mut Tx, record: &Record, locale: Locale) -> Result<Vec<Block>> {
    let newest = log::checkpoint(tx).await?.and_then(|note| Checkpoint::parse(&note).ok());
    let sealed = newest.filter(|checkpoint| i64::try_from(checkpoint.size).is_ok_and(|size| record.position < size));
    let mut place = vec![(say(locale, Key::LogIndex), record.position.to_string())];
    match &sealed {
        Some(checkpoint) => {
            place.push((say(locale, Key::LogSize), checkpoint.size.to_string()));
            place.push((say(locale, Key::LogRoot), log::note::base64(&checkpoint.root)));
        }
        None => place.push((say(locale, Key::LogSize), say(locale, Key::LogNotYet).to_owned())),
    }
    let mut blocks = vec![Block::summary(place)];
    if sealed.is_some() {
        blocks.push(Block::bullets([fill(locale, Key::CheckFile, &[("path", "/log")])]));
    }
    Ok(blocks)
}

fn scan_words(district: &District, locale: Locale, scan: &Scan) -> String {
    let kind = match scan.kind {
        Kind::Pdf => "PDF",
        Kind::Jpeg => "JPEG",
        Kind::Png => "PNG",
    };
    let day = locale.day(district.zone.day(scan.at));
    let key = if scan.with_entry { Key::ScanWithEntry } else { Key::ScanLater };
    fill(locale, key, &[("kind", kind), ("hash", &scan.sha256), ("day", &day), ("name", &scan.by_name)])
}
