//! Letters for people whom no mail reaches: one page each, in the reader's language. Each says what is asked, until when and how it is answered,
//! and blames nobody. Whether the reader may have them is for the caller to ask, and who is on them too.

use super::document::{Block, Cell, Column, Document, Part, Run, Table};
use super::words::{self, Key, fill, say};
use crate::kernel::{Day, Locale, Moment};
use crate::roster::District;

/// What is asked of somebody.
#[derive(Debug, Clone)]
pub struct Asked {
    pub title: String,
    /// The child for whom it is asked.
    pub child: Option<String>,
    /// Grace not included.
    pub last: Day,
    /// Past it, grace included.
    pub late: bool,
    pub minutes: i64,
}

/// To whom, and what stands in it.
#[derive(Debug, Clone)]
pub struct Letter {
    pub locale: Locale,
    pub name: String,
    pub school: String,
    /// As the roster has it: `05`.
    pub grade: String,
    /// Empty: the school's office hands it out.
    pub class: String,
    /// Empty: it is for a student or for staff.
    pub children: Vec<String>,
    pub asked: Vec<Asked>,
}

/// Room for what is asked, in points, where a letter is for one family's child: the rest of the page has what always stands there.
const ROOM: usize = 215;
/// Letters that stand side by side in a line of the text, of a title and of a name in the table.
const IN_TEXT: usize = 85;
const IN_TITLE: usize = 32;
const IN_NAME: usize = 16;

impl Letter {
    /// How many of the things asked are listed, so that the letter stays a page; of the others it is said how many there are.
    fn listed(&self) -> usize {
        let lines = |text: &str, in_line: usize| text.chars().count().div_ceil(in_line).max(1);
        let family = lines(&self.children.join(", "), IN_TEXT) - 1;
        let mut room = ROOM.saturating_sub(15 * family);
        let fits = |asked: &&Asked| {
            let high = lines(&asked.title, IN_TITLE).max(lines(asked.child.as_deref().unwrap_or_default(), IN_NAME));
            let needed = 14 * high + 9;
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        };
        self.asked.iter().take_while(fits).count().max(1)
    }
}

/// The letters as one document, a page each; `site` is where the pages are found, where that is known.
pub fn letters(district: &District, letters: &[Letter], site: Option<&str>, now: Moment, locale: Locale) -> Document {
    let number = letters.len().to_string();
    Document {
        title: say(locale, Key::LettersTitle).to_owned(),
        lang: locale.tag().to_owned(),
        subject: fill(locale, Key::LettersNumber, &[("number", &number)]),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, now),
        made_at: now,
        footer: say(locale, Key::PaperListFooter).to_owned(),
        blocks: list(letters, locale)
            .into_iter()
            .chain(letters.iter().map(|l| Block::Part(Box::new(page(district, l, site, now)))))
            .collect(),
    }
}

/// Whom each letter is for, class by class, for whoever hands them out.
fn list(letters: &[Letter], locale: Locale) -> Vec<Block> {
    let mut blocks = vec![Block::bullets([Key::LettersHow1, Key::LettersHow2].map(|key| say(locale, key)))];
    for group in letters.chunk_by(|a, b| a.school == b.school) {
        let column = |key, width| Column::text(say(locale, key), width);
        let rows = group.iter().map(|letter| {
            let through = if letter.class.is_empty() { say(locale, Key::LettersOffice).to_owned() } else { letter.class.clone() };
            vec![
                Cell::text(&letter.name),
                Cell::text(letter.children.join(", ")),
                Cell::text(through),
                Cell::text(words::language_name(locale, letter.locale.tag())),
            ]
        });
        blocks.push(Block::Table(Table {
            caption: group[0].school.clone(),
            columns: vec![
                column(Key::PaperForWhom, 2.0),
                column(Key::LettersChildren, 2.0),
                column(Key::LettersThrough, 1.6),
                column(Key::PaperLanguage, 1.0),
            ],
            row_headers: true,
            rows: rows.collect(),
        }));
    }
    blocks
}

fn page(district: &District, letter: &Letter, site: Option<&str>, now: Moment) -> Part {
    let locale = letter.locale;
    let today = district.zone.day(now);
    let mut to = vec![Run::bold(&letter.name)];
    if !letter.children.is_empty() {
        to.push(Run::plain(format!("\n{}", fill(locale, Key::LetterFamilyOf, &[("child", &and(locale, &letter.children))]))));
    }
    let grade = words::grade_in(locale, &letter.grade);
    let through = if letter.class.is_empty() {
        say(locale, Key::LetterThroughOffice).to_owned()
    } else {
        fill(locale, Key::LetterThroughClass, &[("class", &letter.class)])
    };
    let through = [grade, through].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    to.push(Run::plain(format!("\n{through}")));
    let mut blocks = vec![
        Block::text(format!("{}\n{}\n{}", district.name, letter.school, locale.day(today))),
        Block::Paragraph(to),
        Block::heading(2, say(locale, Key::LetterTitle)),
        Block::text(fill(locale, Key::LetterHello, &[("name", &letter.name)])),
        Block::text(say(locale, if letter.children.is_empty() { Key::LetterIntroSelf } else { Key::LetterIntro })),
        asked(letter),
    ];
    let more = letter.asked.len().saturating_sub(letter.listed());
    if more > 0 {
        let more = more.to_string();
        blocks.push(Block::text(fill(locale, Key::LetterMore, &[("number", &more)])));
    }
    if letter.asked.iter().any(|asked| asked.late) {
        blocks.push(Block::text(say(locale, Key::LetterLate)));
    }
    let online = match site {
        Some(site) => fill(locale, Key::LetterOnline, &[("site", site)]),
        None => say(locale, Key::LetterOnlineNoSite).to_owned(),
    };
    let paper = fill(locale, Key::LetterPaper, &[("school", &letter.school)]);
    blocks.push(Block::heading(3, say(locale, Key::LetterHow)));
    blocks.push(Block::bullets([online, paper]));
    blocks.push(Block::text(say(locale, Key::LetterWhy)));
    blocks.push(Block::text(format!("{}\n{}", say(locale, Key::LetterThanks), district.name)));
    Part {
        lang: locale.tag().to_owned(),
        header: (district.name.clone(), letter.name.clone()),
        footer: fill(locale, Key::LetterFoot, &[("school", &letter.school)]),
        own_sheet: false,
        blocks,
        small: Vec::new(),
    }
}

/// What is asked and until when, as a table.
fn asked(letter: &Letter) -> Block {
    let locale = letter.locale;
    let children = !letter.children.is_empty();
    let mut columns = vec![Column::text(say(locale, Key::LetterWhat), 2.5)];
    if children {
        columns.push(Column::text(say(locale, Key::PaperForWhom), 1.5));
    }
    columns.extend([Column::text(say(locale, Key::LetterUntil), 1.9), Column::text(say(locale, Key::LetterTakes), 0.8)]);
    let rows = letter.asked.iter().take(letter.listed()).map(|asked| {
        let mut row = vec![Cell::text(&asked.title)];
        if children {
            row.push(Cell::text(asked.child.as_deref().unwrap_or(&letter.name)));
        }
        let minutes = asked.minutes.max(1).to_string();
        row.extend([Cell::text(locale.day(asked.last)), Cell::text(fill(locale, Key::LetterMinutes, &[("number", &minutes)]))]);
        row
    });
    Block::Table(Table { caption: say(locale, Key::LetterAsked).to_owned(), columns, row_headers: true, rows: rows.collect() })
}

/// `Max, Mia and Ana`. In Spanish `y` is `e` before the sound of an i.
fn and(locale: Locale, names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => {
            let before_i = locale == Locale::Es && ["I", "Í", "Hi", "Hí"].iter().any(|start| last.starts_with(start));
            format!("{} {} {last}", first.join(", "), if before_i { "e" } else { say(locale, Key::And) })
        }
    }
}
