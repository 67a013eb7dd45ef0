//! The receipt of one answer on paper: who answered what, for whom, when, in which words, and the hashes by which it is checked.
//! It says nothing else of a person. Whether the reader may see the record is for the caller to ask.

use super::document::{Block, Document, Run};
use super::words::{self, Key, fill, language_name, say};
use crate::acknowledgments::Record;
use crate::db::Tx;
use crate::kernel::{Locale, Result};
use crate::policies;
use crate::roster::District;

/// The record as a document in the reader's language; the words that were answered stay in theirs.
pub async fn receipt(tx: &mut Tx, district: &District, record: &Record, locale: Locale) -> Result<Document> {
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
    if !record.signed_name.is_empty() {
        facts.push((Key::SignedAs, vec![Run::plain(&record.signed_name)]));
    }
    if !record.reason.is_empty() {
        facts.push((Key::ReasonGiven, vec![Run::plain(&record.reason)]));
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
