//! Forms on paper: a list for whoever hands them out, then a letter for each family in its own language, with the page to sign and hand in
//! first and the whole text after it. Whether the reader may have them is for the caller to ask.

use super::document::{Block, Cell, Column, Document, Masthead, Part, Run, Table, Tick};
use super::policy::text;
use super::words::{self, Key, fill, language_name, say};
use crate::acknowledgments::paper::{Form, Printed};
use crate::kernel::{Locale, Moment};
use crate::policies::Reading;
use crate::roster::District;

/// The forms as one document; its list in the reader's language. With `own_sheets` each form begins on a sheet of its own where both sides
/// are printed.
pub fn forms(district: &District, printed: &Printed, now: Moment, locale: Locale, own_sheets: bool) -> Document {
    let mut blocks = list(printed, locale);
    for form in &printed.forms {
        let Some(reading) = printed.texts.get(&form.language) else { continue };
        blocks.push(Block::Part(Box::new(letter(district, form, reading, own_sheets))));
    }
    Document {
        title: fill(locale, Key::PaperTitle, &[("title", &printed.title)]),
        lang: locale.tag().to_owned(),
        subject: fill(locale, Key::PaperNumber, &[("number", &printed.forms.len().to_string())]),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, now),
        made_at: now,
        footer: say(locale, Key::PaperListFooter).to_owned(),
        blocks,
    }
}

/// Whom each form is for, class by class, with room for a mark when it is back.
fn list(printed: &Printed, locale: Locale) -> Vec<Block> {
    let mut blocks = vec![Block::bullets([Key::PaperHow1, Key::PaperHow2, Key::PaperHow3].map(|key| say(locale, key)))];
    for group in printed.forms.chunk_by(|a, b| (&a.school, &a.class) == (&b.school, &b.class)) {
        let place = if group[0].class.is_empty() { group[0].school.clone() } else { format!("{}, {}", group[0].school, group[0].class) };
        let children = group.iter().any(|form| !form.oneself);
        let mut columns = vec![Column::text(say(locale, Key::PaperForWhom), 2.2)];
        if children {
            columns.push(Column::text(say(locale, Key::AnsweredBy), 2.2));
        }
        columns.push(Column::text(say(locale, Key::PaperLanguage), 1.1));
        columns.push(Column::text(say(locale, Key::PaperCode), 1.3));
        columns.push(Column::text(say(locale, Key::PaperBack), 0.9));
        let rows = group.iter().map(|form| {
            let mut row = vec![Cell::text(&form.about_name)];
            if children {
                row.push(Cell::text(if form.oneself { "" } else { &form.name }));
            }
            row.extend([Cell::text(language_name(locale, &form.language)), Cell::bold(&form.code), Cell::text("")]);
            row
        });
        blocks.push(Block::Table(Table { caption: place, columns, row_headers: true, rows: rows.collect() }));
    }
    blocks
}

fn letter(district: &District, form: &Form, reading: &Reading, own_sheet: bool) -> Part {
    let locale = Locale::from_tag(&form.language).unwrap_or_else(|| district.locale());
    let code = [("code", form.code.as_str())];
    let version = fill(locale, Key::Version, &[("number", &reading.version.number.to_string())]);
    let mut blocks = vec![
        Block::Masthead(Masthead {
            author: district.name.clone(),
            title: reading.title.clone(),
            subject: version.clone(),
            code: form.code.clone(),
            alt: fill(locale, Key::PaperPicture, &code),
        }),
        Block::Paragraph(whom(locale, form)),
        Block::text(say(locale, if form.oneself { Key::PaperAskSelf } else { Key::PaperAsk })),
    ];
    if reading.consents.is_empty() {
        blocks.push(Block::Tick(Tick {
            number: String::new(),
            ask: reading.statement.clone(),
            boxes: vec![say(locale, Key::PaperAgree).into(), say(locale, Key::PaperDisagree).into()],
            note: if reading.if_declined.is_empty() {
                String::new()
            } else {
                fill(locale, Key::PaperIfNo, &[("text", &reading.if_declined)])
            },
        }));
    }
    for (number, consent) in (1..).zip(&reading.consents) {
        blocks.push(Block::Tick(Tick {
            number: format!("{number}."),
            ask: consent.ask.clone(),
            boxes: vec![consent.yes.clone(), consent.no.clone()],
            note: if consent.after_no.is_empty() { String::new() } else { fill(locale, Key::PaperIfNo, &[("text", &consent.after_no)]) },
        }));
    }
    blocks.push(Block::Write { label: say(locale, Key::PaperWhy).into(), lines: 1 });
    let signature = if form.oneself { Key::PaperSignature } else { Key::PaperSignatureGuardian };
    blocks.push(Block::Sign(vec![(fill(locale, signature, &[("name", &form.name)]), 3.0), (say(locale, Key::PaperDate).to_owned(), 1.2)]));
    let place = if form.class.is_empty() { form.school.clone() } else { format!("{}, {}", form.school, form.class) };
    blocks.push(Block::Paragraph(vec![Run::bold(fill(locale, Key::PaperHandIn, &[("place", &place), ("day", &locale.day(form.due))]))]));
    let mut small = vec![Block::heading(2, say(locale, Key::PaperWhole)), Block::text(say(locale, Key::PaperWholeText))];
    if !reading.summary.is_empty() {
        small.push(Block::heading(3, say(locale, Key::InShort)));
        small.push(Block::text(&reading.summary));
    }
    for section in &reading.sections {
        text(section, 3, &mut small);
    }
    Part {
        lang: reading.language.clone(),
        header: (reading.title.clone(), form.code.clone()),
        footer: format!("{}, {version}, {}", district.name, fill(locale, Key::PaperFormCode, &code)),
        own_sheet,
        blocks,
        small,
    }
}

/// Who is asked, and for whom, as a sentence.
fn whom(locale: Locale, form: &Form) -> Vec<Run> {
    let grade = words::grade_in(locale, &form.grade);
    let place = [grade, form.class.clone(), form.school.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let about = Run::bold(format!("{} ", form.about_name));
    if form.oneself {
        return vec![Run::plain(say(locale, Key::PaperFor)), Run::plain(" "), about, Run::plain(format!("({place})."))];
    }
    vec![
        Run::plain(say(locale, Key::PaperTo)),
        Run::plain(" "),
        Run::bold(&form.name),
        Run::plain(format!(", {} ", say(locale, Key::PaperAsGuardian))),
        about,
        Run::plain(format!("({place}).")),
    ]
}
