//! A report as its reader meets it: headings, paragraphs, tables, figures. It says what is on the page and what each thing is,
//! so that one renderer can give it a look and the structure that a screen reader needs. It must not know where its content
//! comes from, nor how a PDF is written.

use serde::Serialize;

use crate::kernel::{Moment, Problem, Result};

/// One report. Everything that a reader sees is handed in, in the report's language; the renderer adds only page numbers.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    /// The one heading of level 1, and the title of the window.
    pub title: String,
    /// Language tag: `en`, `es`, `es-MX`.
    pub lang: String,
    /// A line under the title: what or whom the report is about. May be empty.
    pub subject: String,
    /// Who gives the report out: the district's name, also on top of each page.
    pub author: String,
    /// When it was made, in words for the reader: “Made on October 1, 2026”. May be empty.
    pub made_on: String,
    /// The same for programs (the file's metadata).
    pub made_at: Moment,
    /// At the foot of each page, left of the page number: an address or a receipt's number, for example.
    pub footer: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, Serialize)]
pub enum Block {
    /// Levels as in HTML: 2 to 6, for the title is 1. A level that skips one is drawn and tagged as the next allowed.
    Heading(u8, String),
    Paragraph(Vec<Run>),
    List {
        ordered: bool,
        items: Vec<Vec<Run>>,
    },
    /// Names and what they stand for, side by side: the key facts on top of a report, or definitions.
    Summary(Vec<(String, Vec<Run>)>),
    Table(Table),
    Figure(Figure),
    /// A box that must not be overlooked.
    Notice {
        title: String,
        text: Vec<Run>,
    },
    /// A numbered clause of a policy; each text is one paragraph.
    Clause {
        number: String,
        text: Vec<Vec<Run>>,
    },
    PageBreak,
    /// A letter within the document: pages of its own, with their own numbers and language.
    Part(Box<Part>),
    /// The head of a part, with the code by which it is known again: as a picture for machines, and in large letters.
    Masthead(Masthead),
    /// A question with boxes to tick.
    Tick(Tick),
    /// Empty lines to write on.
    Write {
        label: String,
        lines: u8,
    },
    /// Places to write in, side by side, each with its name below and its share of the width.
    Sign(Vec<(String, f32)>),
}

/// A letter within a document.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Language tag.
    pub lang: String,
    /// On top of each page but the first: left and right.
    pub header: (String, String),
    /// At the foot of each page, left of the page number.
    pub footer: String,
    /// It begins on a sheet of its own, also where both sides are printed.
    pub own_sheet: bool,
    pub blocks: Vec<Block>,
    /// On further pages, in smaller letters.
    pub small: Vec<Block>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Masthead {
    /// Who gives it out.
    pub author: String,
    pub title: String,
    pub subject: String,
    pub code: String,
    /// The picture in words.
    pub alt: String,
}

/// A question that is answered by ticking one of its boxes.
#[derive(Debug, Clone, Serialize)]
pub struct Tick {
    /// `1.`; may be empty.
    pub number: String,
    pub ask: String,
    /// What stands beside each box.
    pub boxes: Vec<String>,
    /// What follows from which answer; may be empty.
    pub note: String,
}

/// A stretch of text in one weight, or a small picture in the line. `\n` in a text begins a new line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Run {
    Text {
        text: String,
        bold: bool,
    },
    /// A level as filled and empty boxes; `alt` says it in words (“level 3 of 4, systematic”).
    Level {
        level: u8,
        of: u8,
        alt: String,
    },
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), bold: false }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), bold: true }
    }

    pub fn level(level: u8, of: u8, alt: impl Into<String>) -> Self {
        Self::Level { level, of, alt: alt.into() }
    }
}

impl Block {
    /// The block, and those within it.
    fn with_inner(&self) -> Vec<&Self> {
        match self {
            Self::Part(part) => part.blocks.iter().chain(&part.small).collect(),
            block => vec![block],
        }
    }

    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading(level, text.into())
    }

    /// A paragraph in one weight.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Run::plain(text)])
    }

    pub fn notice(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Notice { title: title.into(), text: vec![Run::plain(text)] }
    }

    /// A clause of one paragraph.
    pub fn clause(number: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Clause { number: number.into(), text: vec![vec![Run::plain(text)]] }
    }

    pub fn bullets<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List { ordered: false, items: items.into_iter().map(|i| vec![Run::plain(i)]).collect() }
    }

    pub fn steps<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List { ordered: true, items: items.into_iter().map(|i| vec![Run::plain(i)]).collect() }
    }

    pub fn summary<K: Into<String>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Summary(entries.into_iter().map(|(k, v)| (k.into(), vec![Run::plain(v)])).collect())
    }
}

/// A table. Its header row stands on every page that it runs over.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    pub caption: String,
    pub columns: Vec<Column>,
    /// Whether the first cell of a row names the row.
    pub row_headers: bool,
    /// Each row has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Align {
    Start,
    /// For numbers.
    End,
}

#[derive(Debug, Clone, Serialize)]
pub struct Column {
    pub title: String,
    pub align: Align,
    /// Its part of the table's width, relative to the other columns: 2.0 is twice as wide as 1.0.
    pub width: f32,
}

impl Column {
    pub fn text(title: impl Into<String>, width: f32) -> Self {
        Self { title: title.into(), align: Align::Start, width }
    }

    pub fn number(title: impl Into<String>, width: f32) -> Self {
        Self { title: title.into(), align: Align::End, width }
    }
}

/// What stands in a cell: text, and before it a bar when it tells a share.
#[derive(Debug, Clone, Serialize)]
pub struct Cell {
    pub text: Vec<Run>,
    /// From 0 to 1; values outside are drawn as the nearest end.
    pub share: Option<f32>,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: vec![Run::plain(text)], share: None }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: vec![Run::bold(text)], share: None }
    }

    pub fn runs(text: Vec<Run>) -> Self {
        Self { text, share: None }
    }

    /// A bar from 0 to 1, with the words that say the same (“71.4%”).
    pub fn share(share: f32, text: impl Into<String>) -> Self {
        Self { text: vec![Run::plain(text)], share: Some(share) }
    }

    pub fn level(level: u8, of: u8, alt: impl Into<String>) -> Self {
        Self { text: vec![Run::level(level, of, alt)], share: None }
    }
}

/// A picture of figures. Put a table with the same figures beside it.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    pub title: String,
    /// The picture in words, with its most important figures.
    pub alt: String,
    pub chart: Chart,
}

#[derive(Debug, Clone, Serialize)]
pub enum Chart {
    /// One bar below the other.
    Bars { bars: Vec<Bar>, goal: Option<Goal> },
    /// A share over time: it holds its value until the next point, as a count of answers does.
    Trend {
        /// The day (as `Day.0`) and the share from 0 to 1, in order of time.
        points: Vec<(i64, f32)>,
        /// What stands under the first and under the last point.
        from: String,
        to: String,
        /// What stands at the last point: “91.2%”.
        last: String,
        goal: Option<Goal>,
    },
}

#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    pub label: String,
    /// From 0 to 1.
    pub share: f32,
    /// The value in words: “71.4%”.
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Goal {
    /// From 0 to 1.
    pub share: f32,
    /// “goal 95%”.
    pub text: String,
}

impl Document {
    /// What no renderer could make good: a report without title or language, a row with too few cells, a figure without words.
    /// It is the report's author (our code) who is at fault, so it is an internal problem and says where.
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |text: String| Err(Problem::internal(format!("the report “{}” can't be drawn", self.title), text));
        if self.title.trim().is_empty() {
            return wrong("it has no title".into());
        }
        if self.lang.trim().is_empty() {
            return wrong("it has no language".into());
        }
        for block in self.blocks.iter().flat_map(Block::with_inner) {
            match block {
                Block::Table(table) => {
                    if table.columns.is_empty() || table.columns.iter().any(|c| !(c.width > 0.0 && c.width.is_finite())) {
                        return wrong(format!("table “{}” needs columns, each with a width above 0", table.caption));
                    }
                    if let Some((at, row)) = table.rows.iter().enumerate().find(|(_, row)| row.len() != table.columns.len()) {
                        return wrong(format!(
                            "table “{}”, row {}: {} cells for {} columns",
                            table.caption,
                            at + 1,
                            row.len(),
                            table.columns.len()
                        ));
                    }
                }
                Block::Figure(figure) if figure.alt.trim().is_empty() => {
                    return wrong(format!("figure “{}” has no words that say what it shows", figure.title));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
