//! The dossier of a funding year: entry by entry what is on file, or the words “no evidence on file”; as a document, and as a zip with the
//! document, the policy's versions, every file and an index by which each is checked. It never says that a law is met.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::document::{Block, Cell, Column, Document, Run, Table};
use super::words::{self, Key, fill, say};
use super::{csv, pdf, policy};
use crate::adoption::MeetingKind;
use crate::adoption::dossier::{Dossier, Item, items};
use crate::adoption::evidence::{self, File, FundingYear};
use crate::db::Tx;
use crate::kernel::{Actor, Locale, Problem, Result, digest};
use crate::policies::reading::Coverage;
use crate::roster::District;

/// What is on file for one entry of the list.
#[derive(Debug, Clone)]
pub struct Entry {
    pub item: &'static Item,
    /// What the records say, each in a sentence.
    pub lines: Vec<String>,
    pub files: Vec<File>,
    /// Of each version in force: its number, and the elements with their clauses.
    pub coverage: Vec<(i64, Vec<Coverage>)>,
}

impl Entry {
    /// Nothing is on file.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.files.is_empty()
    }
}

/// The list, entry by entry.
pub fn entries(dossier: &Dossier, locale: Locale) -> Vec<Entry> {
    items().iter().map(|item| entry(dossier, locale, item)).collect()
}

fn entry(dossier: &Dossier, locale: Locale, item: &'static Item) -> Entry {
    let mut found = Entry { item, lines: Vec::new(), files: Vec::new(), coverage: Vec::new() };
    match item.id.as_str() {
        "AUD-1" => in_force(dossier, locale, &mut found),
        "AUD-2" => {
            for adopted in &dossier.adopted {
                for (notice, files) in &adopted.notices {
                    let number = adopted.version.number.to_string();
                    let blanks = [("number", number.as_str()), ("day", &locale.day(notice.from_day)), ("place", &notice.posted)];
                    found.lines.push(fill(locale, Key::DossierPosted, &blanks));
                    found.files.extend(files.iter().cloned());
                }
            }
        }
        "AUD-3" => decided(dossier, locale, &mut found),
        "AUD-6" => {
            for version in &dossier.in_force {
                let clauses: Vec<&str> =
                    version.coverage.iter().filter(|c| c.element.id == "CIPA-EDU").flat_map(|c| &c.clauses).map(String::as_str).collect();
                if !clauses.is_empty() {
                    let blanks = [("number", version.version.number.to_string()), ("clauses", clauses.join(", "))];
                    let blanks = blanks.each_ref().map(|(name, value)| (*name, value.as_str()));
                    found.lines.push(fill(locale, Key::DossierEducation, &blanks));
                }
            }
            for taught in &dossier.taught {
                let (people, students) = (locale.number(taught.people), locale.number(taught.students));
                let blanks = [("course", taught.course.as_str()), ("people", &people), ("students", &students)];
                found.lines.push(fill(locale, Key::DossierTaught, &blanks));
            }
        }
        _ => {}
    }
    found.files.extend(dossier.files_of(&item.id).cloned());
    found
}

fn in_force(dossier: &Dossier, locale: Locale, found: &mut Entry) {
    for one in &dossier.in_force {
        let Some(from) = one.version.effective else { continue };
        let (number, from) = (one.version.number.to_string(), locale.day(from));
        let end = one.ends.map(|day| locale.day(day)).unwrap_or_default();
        let key = if one.ends.is_some() { Key::DossierInForceUntil } else { Key::DossierInForce };
        let blanks = [("number", number.as_str()), ("title", &one.title), ("day", &from), ("end", &end)];
        found.lines.push(fill(locale, key, &blanks));
        found.coverage.push((one.version.number, one.coverage.clone()));
    }
}

fn decided(dossier: &Dossier, locale: Locale, found: &mut Entry) {
    for adopted in &dossier.adopted {
        let number = adopted.version.number.to_string();
        for (meeting, files) in &adopted.meetings {
            let key = if meeting.kind == MeetingKind::Hearing { Key::DossierHearing } else { Key::DossierMeeting };
            let day = locale.day(meeting.day);
            let blanks = [("number", number.as_str()), ("day", &day), ("place", &meeting.place), ("agenda", &meeting.agenda)];
            found.lines.push(fill(locale, key, &blanks));
            if !meeting.attendance.is_empty() {
                found.lines.push(fill(locale, Key::DossierAttendance, &[("text", &meeting.attendance)]));
            }
            found.lines.push(if meeting.minutes.is_empty() {
                say(locale, Key::DossierNoMinutes).to_owned()
            } else {
                fill(locale, Key::DossierMinutes, &[("text", &meeting.minutes)])
            });
            found.files.extend(files.iter().cloned());
        }
        if let Some((vote, files)) = &adopted.vote {
            let blanks = [
                ("number", number.clone()),
                ("day", locale.day(vote.day)),
                ("for", vote.votes_for.to_string()),
                ("against", vote.against.to_string()),
                ("abstained", vote.abstained.to_string()),
                ("resolution", vote.resolution.clone()),
            ];
            let blanks = blanks.each_ref().map(|(name, value)| (*name, value.as_str()));
            found.lines.push(fill(locale, Key::DossierVote, &blanks));
            found.files.extend(files.iter().cloned());
        }
    }
}

/// How long a file is kept, in words.
pub fn kept(locale: Locale, file: &File) -> String {
    match (file.released_day, file.keep_until) {
        (Some(day), _) => fill(locale, Key::DossierGone, &[("day", &locale.day(day))]),
        (None, Some(until)) => locale.day(until),
        (None, None) => say(locale, Key::DossierWithRecord).to_owned(),
    }
}

/// The dossier as a document.
pub fn document(dossier: &Dossier, tx: &Tx, district: &District, locale: Locale) -> Document {
    let year = dossier.year;
    let mut blocks = vec![
        Block::notice(say(locale, Key::DossierNoticeTitle), say(locale, Key::DossierNotice)),
        Block::text(fill(locale, Key::DossierKept, &[("day", &locale.day(year.kept_until()))])),
    ];
    for entry in entries(dossier, locale) {
        blocks.push(Block::heading(2, format!("{} {}", entry.item.id, entry.item.text(locale))));
        blocks.push(Block::text(fill(locale, Key::DossierSource, &[("source", &entry.item.source)])));
        if entry.is_empty() {
            blocks.push(Block::Paragraph(vec![Run::bold(say(locale, Key::NoEvidence))]));
            continue;
        }
        if !entry.lines.is_empty() {
            blocks.push(Block::bullets(entry.lines.clone()));
        }
        for (number, coverage) in &entry.coverage {
            blocks.push(Block::Table(elements(locale, *number, coverage)));
        }
        if !entry.files.is_empty() {
            blocks.push(Block::Table(files(locale, district, &entry)));
        }
    }
    let span = [("from", locale.day(year.first())), ("to", locale.day(year.last()))];
    let span = span.each_ref().map(|(name, value)| (*name, value.as_str()));
    Document {
        title: fill(locale, Key::DossierTitle, &[("year", &year.year().to_string())]),
        lang: locale.tag().to_owned(),
        subject: fill(locale, Key::DossierSpan, &span),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, tx.now()),
        made_at: tx.now(),
        footer: format!("/dossier/{}", year.year()),
        blocks,
    }
}

fn elements(locale: Locale, number: i64, coverage: &[Coverage]) -> Table {
    Table {
        caption: fill(locale, Key::DossierElements, &[("number", &number.to_string())]),
        columns: vec![Column::text(say(locale, Key::DossierElement), 3.0), Column::text(say(locale, Key::DossierClauses), 2.0)],
        row_headers: true,
        rows: coverage
            .iter()
            .map(|c| {
                let clauses = if c.clauses.is_empty() { say(locale, Key::DossierNoClause).to_owned() } else { c.clauses.join(", ") };
                vec![Cell::text(format!("{}: {} ({})", c.element.id, c.element.text, c.element.citation)), Cell::text(clauses)]
            })
            .collect(),
    }
}

fn files(locale: Locale, district: &District, entry: &Entry) -> Table {
    Table {
        caption: fill(locale, Key::DossierFiles, &[("item", &entry.item.id)]),
        columns: vec![
            Column::text(say(locale, Key::DossierFile), 2.0),
            Column::text(say(locale, Key::DossierFileNote), 2.0),
            Column::text(say(locale, Key::DossierReceived), 1.5),
            Column::text(say(locale, Key::DossierKeptUntil), 1.5),
            Column::text("SHA-256", 3.0),
        ],
        row_headers: true,
        rows: entry
            .files
            .iter()
            .map(|file| {
                let received = format!("{}, {}", locale.day(district.zone.day(file.at)), file.by_name);
                let cells = [file.name.clone(), file.note.clone(), received, kept(locale, file), file.sha256.clone()];
                cells.map(Cell::text).into()
            })
            .collect(),
    }
}

/// One line of the index.
struct Line {
    path: String,
    item: String,
    name: String,
    note: String,
    sha256: String,
    kept: String,
}

/// The dossier with everything that it names, as a zip: `dossier.pdf`, `index.csv`, the versions under `policies/`, the files under their
/// entries. Entries without evidence stand in the index in so many words.
pub async fn bundle(tx: &mut Tx, actor: &Actor, district: &District, dossier: &Dossier, locale: Locale) -> Result<Vec<u8>> {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut lines = Vec::new();
    let mut add = |path: String, bytes: Vec<u8>, (item, name, note, kept): (&str, String, String, String)| {
        let sha256 = digest::sha256_hex(&bytes);
        lines.push(Line { path: path.clone(), item: item.to_owned(), name, note, sha256, kept });
        parts.push((path, bytes));
    };
    let main = document(dossier, tx, district, locale);
    add("dossier.pdf".into(), pdf::render(&main)?, ("", main.title, String::new(), locale.day(dossier.year.kept_until())));
    for one in &dossier.in_force {
        for (language, _) in &one.hashes {
            let text = policy::policy(tx, district, &one.version, Some(language)).await?;
            let path = format!("policies/{}-{}-{language}.pdf", one.version.slug, one.version.number);
            let until = say(locale, Key::DossierWithRecord).to_owned();
            add(path, pdf::render(&text)?, ("AUD-1", text.title.clone(), text.subject.clone(), until));
        }
    }
    let mut empty = Vec::new();
    for entry in entries(dossier, locale) {
        if entry.is_empty() {
            empty.push((entry.item.id.clone(), say(locale, Key::NoEvidence)));
        }
        for (number, file) in (1..).zip(entry.files.iter().filter(|f| f.released_day.is_none())) {
            let (file, bytes) = evidence::read(tx, actor, file.uid).await?;
            let path = format!("{}/{number:03}.{}", entry.item.id, file.kind.ending());
            add(path, bytes, (&entry.item.id, file.name.clone(), file.note.clone(), kept(locale, &file)));
        }
    }
    let head = ["path", "item", "name", "note", "sha256", "kept"].map(String::from).to_vec();
    let rows = std::iter::once(head).chain(lines.into_iter().map(|l| vec![l.path, l.item, l.name, l.note, l.sha256, l.kept])).chain(
        empty.into_iter().map(|(item, words)| vec![String::new(), item, words.to_owned(), String::new(), String::new(), String::new()]),
    );
    let mut index = csv::Writer::new(Vec::new(), csv::Start::ByteOrderMark)?;
    for row in rows {
        index.row(row)?;
    }
    let index = index.finish()?;
    zipped(parts, index).map_err(|e| Problem::internal("the dossier's zip could not be written", e))
}

fn zipped(parts: Vec<(String, Vec<u8>)>, index: Vec<u8>) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in std::iter::once(("index.csv".to_owned(), index)).chain(parts) {
        archive.start_file(path, SimpleFileOptions::default())?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The document of that year, gathered and set: for commands.
pub async fn of_year(tx: &mut Tx, actor: &Actor, district: &District, year: FundingYear, locale: Locale) -> Result<Document> {
    let dossier = crate::adoption::dossier::gather(tx, actor, year).await?;
    Ok(document(&dossier, tx, district, locale))
}
