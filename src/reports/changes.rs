//! What differs between two versions of a policy, on paper: by clause and word. What came stands in bold between brackets that say so, what
//! went between others: nothing hangs on a color.

use super::document::{Block, Document, Run};
use super::words::{self, Key, fill, say};
use crate::db::Tx;
use crate::kernel::{Locale, Result};
use crate::policies::compare::{Mark, Segment, Status};
use crate::policies::{self, Version, reading};
use crate::roster::District;

/// The comparison in that language, in which both have a text.
///
/// # Errors
/// `NotFound` where one of them has none.
pub async fn changes(tx: &mut Tx, district: &District, before: &Version, after: &Version, language: &str) -> Result<Document> {
    let comparison = reading::changes(tx, before.id, after.id, language).await?;
    let title = policies::read(tx, after, Some(language)).await?.title;
    let locale = Locale::from_tag(language).unwrap_or_else(|| district.locale());
    let mut blocks = Vec::new();
    if !after.change_summary.is_empty() && before.number + 1 == after.number {
        blocks.push(Block::heading(2, say(locale, Key::WhatChanged)));
        blocks.push(Block::text(&after.change_summary));
    }
    blocks.push(Block::notice(say(locale, Key::ChangesHowTitle), say(locale, Key::ChangesHow)));
    let differ: Vec<_> = comparison.clauses.iter().filter(|c| c.status != Status::Same).collect();
    if differ.is_empty() && comparison.pieces.is_empty() {
        blocks.push(Block::text(say(locale, Key::ChangesNone)));
    }
    for piece in &comparison.pieces {
        let (kind, id) = piece.piece.split_once(':').unwrap_or((piece.piece.as_str(), ""));
        let name = match kind {
            "title" => say(locale, Key::PieceTitle),
            "summary" => say(locale, Key::InShort),
            "statement" => say(locale, Key::Statement),
            "if_declined" => say(locale, Key::PieceDeclined),
            "consent" => say(locale, Key::Consents),
            _ => say(locale, Key::PieceSection),
        };
        blocks.push(Block::heading(2, format!("{name} {id}").trim()));
        blocks.push(Block::Paragraph(runs(locale, &piece.segments)));
    }
    for clause in differ {
        let number = clause.after.as_ref().or(clause.before.as_ref()).cloned().unwrap_or_default();
        let status = match clause.status {
            Status::Added => Key::ClauseAdded,
            Status::Removed => Key::ClauseRemoved,
            Status::Moved => Key::ClauseMoved,
            Status::Changed | Status::Same => Key::ClauseChanged,
        };
        blocks.push(Block::heading(2, format!("{number} {}: {}", clause.section, say(locale, status))));
        blocks.push(Block::Paragraph(runs(locale, &clause.segments)));
    }
    let numbers = [("before", before.number.to_string()), ("after", after.number.to_string())];
    let numbers = numbers.each_ref().map(|(name, value)| (*name, value.as_str()));
    Ok(Document {
        title,
        lang: language.to_owned(),
        subject: fill(locale, Key::ChangesSubject, &numbers),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, tx.now()),
        made_at: tx.now(),
        footer: format!("/policies/{}/changes/{}/{}", after.slug, before.number, after.number),
        blocks,
    })
}

fn runs(locale: Locale, segments: &[Segment]) -> Vec<Run> {
    segments
        .iter()
        .map(|segment| match segment.mark {
            Mark::Equal => Run::plain(&segment.text),
            Mark::Insert => Run::bold(format!("[{} {}]", say(locale, Key::Inserted), segment.text.trim_end())),
            Mark::Delete => Run::plain(format!("[{} {}]", say(locale, Key::Deleted), segment.text.trim_end())),
        })
        .flat_map(|run| [run, Run::plain(" ")])
        .collect()
}
