//! One version of a policy on paper: its text by section and clause, what is asked, the record of its adoption, the hash by which the
//! text is checked. In the text's own language throughout. Whether the reader may see the version is for the caller to ask.

use super::document::{Block, Document, Run};
use super::markdown;
use super::words::{self, Key, fill, language_name, say};
use crate::adoption::{self, MeetingKind};
use crate::db::Tx;
use crate::kernel::{Locale, Result};
use crate::policies::reading::ReadSection;
use crate::policies::{self, Reading, State, Version};
use crate::roster::District;

/// The version as a document, in the wanted language where it has a text in it, else in the district's.
///
/// # Errors
/// `NotFound` for a version without any text.
pub async fn policy(tx: &mut Tx, district: &District, version: &Version, wanted: Option<&str>) -> Result<Document> {
    let reading = policies::read(tx, version, wanted).await?;
    let locale = Locale::from_tag(&reading.language).unwrap_or_else(|| district.locale());
    let record = adoption::record_of(tx, version).await?;
    let day = district.today(tx.now());
    let number = fill(locale, Key::Version, &[("number", &version.number.to_string())]);
    let mut blocks = Vec::new();
    let ended = version.withdrawn_day.filter(|end| *end <= day);
    let standing = match (version.published_at.and(version.effective), ended) {
        (_, Some(end)) => fill(locale, Key::WithdrawnOn, &[("day", &locale.day(end))]),
        (Some(from), None) => fill(locale, Key::InForce, &[("day", &locale.day(from))]),
        (None, None) => say(locale, Key::NotInForce).to_owned(),
    };
    match version.state {
        State::Draft | State::Open | State::Closed => {
            blocks.push(Block::notice(say(locale, Key::DraftTitle), say(locale, Key::DraftText)));
        }
        State::Withdrawn | State::Superseded => blocks.push(Block::notice(say(locale, Key::OldTitle), say(locale, Key::OldText))),
        State::Adopted | State::Published => {}
    }
    if !reading.summary.is_empty() {
        blocks.push(Block::heading(2, say(locale, Key::InShort)));
        blocks.push(Block::text(&reading.summary));
    }
    if !version.change_summary.is_empty() {
        blocks.push(Block::heading(2, say(locale, Key::WhatChanged)));
        blocks.push(Block::text(&version.change_summary));
    }
    for section in &reading.sections {
        text(section, 2, &mut blocks);
    }
    asked(locale, &reading, &mut blocks);
    adopted(locale, &record, &mut blocks);
    blocks.push(Block::heading(2, say(locale, Key::HashTitle)));
    blocks.push(Block::text(say(locale, Key::HashText)));
    let hash = |(language, hash): &(String, String)| {
        (fill(locale, Key::HashName, &[("language", &language_name(locale, language))]), hash.clone())
    };
    blocks.push(Block::summary(record.hashes.iter().map(hash)));
    Ok(Document {
        title: reading.title,
        lang: reading.language,
        subject: format!("{number}, {standing}"),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, tx.now()),
        made_at: tx.now(),
        footer: format!("/policies/{}/versions/{}", version.slug, version.number),
        blocks,
    })
}

/// A section with its clauses, its heading of that level.
pub(super) fn text(section: &ReadSection, level: u8, blocks: &mut Vec<Block>) {
    blocks.push(Block::heading(level, format!("{} {}", section.number, section.title)));
    for clause in &section.clauses {
        let mut body = markdown::blocks(&clause.body, &clause.number).into_iter().peekable();
        let mut paragraphs = Vec::new();
        // The number stands beside the paragraphs up to the first list or table.
        while let Some(Block::Paragraph(runs)) = body.next_if(|block| matches!(block, Block::Paragraph(_))) {
            paragraphs.push(runs);
        }
        if paragraphs.is_empty() {
            // A clause that begins with a list has its number on a line of its own.
            paragraphs.push(vec![Run::plain("\u{a0}")]);
        }
        blocks.push(Block::Clause { number: clause.number.clone(), text: paragraphs });
        blocks.extend(body);
    }
}

fn asked(locale: Locale, reading: &Reading, blocks: &mut Vec<Block>) {
    if !reading.statement.is_empty() {
        blocks.push(Block::heading(2, say(locale, Key::Statement)));
        blocks.push(Block::Paragraph(vec![Run::bold(&reading.statement)]));
    }
    if !reading.if_declined.is_empty() {
        blocks.push(Block::text(fill(locale, Key::IfDeclined, &[("text", &reading.if_declined)])));
    }
    if reading.consents.is_empty() {
        return;
    }
    blocks.push(Block::heading(2, say(locale, Key::Consents)));
    for consent in &reading.consents {
        blocks.push(Block::heading(3, &consent.ask));
        let answers = [(Key::Yes, &consent.yes), (Key::No, &consent.no), (Key::AfterNo, &consent.after_no)];
        let answers = answers.into_iter().filter(|(_, text)| !text.is_empty());
        blocks.push(Block::summary(answers.map(|(key, text)| (say(locale, key), text.clone()))));
    }
}

/// Notice, meetings and vote, in the order in which they happen; nothing where there is no record yet.
fn adopted(locale: Locale, record: &adoption::Record, blocks: &mut Vec<Block>) {
    let mut lines = Vec::new();
    let heard = record.heard.iter().filter(|(_, comments)| *comments > 0).count();
    if heard > 0 {
        lines.push(fill(locale, Key::HeardLine, &[("number", &heard.to_string())]));
    }
    for notice in &record.notices {
        lines.push(fill(locale, Key::NoticeLine, &[("day", &locale.day(notice.from_day)), ("place", &notice.posted)]));
    }
    for meeting in &record.meetings {
        let key = if meeting.kind == MeetingKind::Hearing { Key::HearingLine } else { Key::MeetingLine };
        let line = fill(locale, key, &[("day", &locale.day(meeting.day)), ("place", &meeting.place), ("agenda", &meeting.agenda)]);
        lines.push(if meeting.minutes.is_empty() { line } else { format!("{line}\n{}", meeting.minutes) });
    }
    if let Some(vote) = &record.vote {
        let votes = [vote.votes_for, vote.against, vote.abstained].map(|n| n.to_string());
        lines.push(fill(
            locale,
            Key::VoteLine,
            &[
                ("day", &locale.day(vote.day)),
                ("for", &votes[0]),
                ("against", &votes[1]),
                ("abstained", &votes[2]),
                ("resolution", &vote.resolution),
            ],
        ));
    }
    if !lines.is_empty() {
        blocks.push(Block::heading(2, say(locale, Key::Record)));
        blocks.push(Block::bullets(lines));
    }
}
