//! From blocks to pages, from top to bottom: where each block stands, what stays together, when a page is full. Tables and
//! charts have files of their own. Sizes are points.

use std::ops::Range;

use pdf_writer::Rect;
use pdf_writer::types::{ArtifactType, ListNumbering, StructRole};

use super::lines::{Line, wrap};
use super::sheets::{BRAND, BRAND_BG, INK, LINE, PAGE, QUIET, Sheets, Style, count};
use super::tags::{NodeId, ROOT};
use crate::kernel::Result;
use crate::reports::document::{Align, Block, Document, Part, Run};

pub(super) const LEFT: f32 = 72.0;
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * LEFT;
pub(super) const TOP: f32 = PAGE.1 - 76.0;
pub(super) const BOTTOM: f32 = 84.0;

pub(super) const BODY: Style = Style { size: 10.5, colour: INK };
pub(super) const SMALL: Style = Style { size: 9.0, colour: QUIET };
/// From baseline to baseline, as a multiple of the size.
const LEADING: f32 = 1.42;

/// A heading for the bookmarks: its level, text, page, and where its top is.
pub(super) struct Bookmark {
    pub level: u8,
    pub text: String,
    pub page: usize,
    pub top: f32,
}

pub(super) struct Flow {
    pub sheets: Sheets,
    /// The top of what comes next.
    pub y: f32,
    pub bookmarks: Vec<Bookmark>,
    pub level: u8,
    pub tables: usize,
    /// Below which node blocks stand.
    pub parent: NodeId,
    /// How running text is set.
    pub body: Style,
    /// Parts with their pages, and pages that are left blank.
    pub parts: Vec<(Range<usize>, Part)>,
    pub blank: Vec<usize>,
}

/// A document on its pages, without its headers and footers.
pub(super) fn lay(document: &Document) -> Result<Flow> {
    let mut flow = Flow {
        sheets: Sheets::new()?,
        y: TOP,
        bookmarks: Vec::new(),
        level: 1,
        tables: 0,
        parent: ROOT,
        body: BODY,
        parts: Vec::new(),
        blank: Vec::new(),
    };
    flow.title(document);
    for (at, block) in document.blocks.iter().enumerate() {
        flow.block(block, document.blocks.get(at + 1));
    }
    flow.furniture(document);
    Ok(flow)
}

/// A line's height at that size.
pub(super) fn leading(style: Style) -> f32 {
    style.size * LEADING
}

/// How far below a line's top its baseline is.
pub(super) fn baseline(style: Style) -> f32 {
    style.size * (LEADING + 0.68) / 2.0
}

impl Flow {
    pub(super) fn wrap(&self, runs: &[Run], bold: bool, style: Style, width: f32) -> Vec<Line> {
        wrap(&self.sheets.fonts, runs, bold, style.size, width)
    }

    pub(super) fn full_page(&self) -> bool {
        self.y >= TOP - 0.01
    }

    pub(super) fn turn(&mut self) {
        self.sheets.new_page();
        self.y = TOP;
    }

    /// Turns the page when less than `height` is left on it.
    pub(super) fn need(&mut self, height: f32) {
        if self.y - height < BOTTOM && !self.full_page() {
            self.turn();
        }
    }

    pub(super) fn gap(&mut self, height: f32) {
        if !self.full_page() {
            self.y -= height;
        }
    }

    /// Sets lines from the place where the flow stands; they may run over pages. Never leaves one line alone on either page.
    pub(super) fn lines(&mut self, node: NodeId, lines: &[Line], x: f32, width: f32, style: Style) {
        let high = leading(style);
        for (at, line) in lines.iter().enumerate() {
            let left = lines.len() - at;
            let together = if at == 0 {
                left.min(2)
            } else if left == 2 {
                2
            } else {
                1
            };
            self.need(high * count(together));
            self.sheets.line(node, line, line.start(x, width, Align::Start), self.y - baseline(style), style);
            self.y -= high;
        }
        self.sheets.close();
    }

    fn title(&mut self, document: &Document) {
        self.sheets.artifact(ArtifactType::Layout);
        self.sheets.emblem(LEFT, self.y - 13.0);
        let author = Style { size: 11.0, colour: INK };
        if document.author.is_empty() {
            self.y -= 36.0;
        } else {
            let node = self.sheets.tree.add(StructRole::P, ROOT);
            let lines = self.wrap(&[Run::plain(&document.author)], true, author, WIDTH - 20.0);
            self.lines(node, &lines, LEFT + 18.0, WIDTH - 20.0, author);
            self.y -= 20.0;
        }
        let big = Style { size: 25.0, colour: INK };
        let node = self.sheets.tree.add(StructRole::H1, ROOT);
        for line in &self.wrap(&[Run::plain(&document.title)], true, big, WIDTH) {
            self.sheets.line(node, line, LEFT, self.y - 23.0, big);
            self.y -= 30.0;
        }
        self.y -= 4.0;
        for (text, style) in
            [(&document.subject, Style { size: 12.5, colour: QUIET }), (&document.made_on, Style { size: 10.0, colour: QUIET })]
        {
            if !text.is_empty() {
                let node = self.sheets.tree.add(StructRole::P, ROOT);
                let lines = self.wrap(&[Run::plain(text)], false, style, WIDTH);
                self.lines(node, &lines, LEFT, WIDTH, style);
                self.y -= 2.0;
            }
        }
        self.y -= 8.0;
        self.sheets.artifact(ArtifactType::Layout);
        self.sheets.rule((LEFT, self.y), (LEFT + WIDTH, self.y), BRAND, 2.0, None);
        self.sheets.close();
        self.y -= 18.0;
    }

    pub(super) fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Heading(level, text) => self.heading(*level, text, next),
            Block::Paragraph(runs) => {
                let node = self.sheets.tree.add(StructRole::P, self.parent);
                let lines = self.wrap(runs, false, self.body, WIDTH);
                self.lines(node, &lines, LEFT, WIDTH, self.body);
                self.gap(8.0);
            }
            Block::List { ordered, items } => self.list(*ordered, items),
            Block::Summary(entries) => self.summary(entries),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
            Block::Notice { title, text } => self.notice(title, text),
            Block::Clause { number, text } => self.clause(number, text),
            Block::PageBreak => {
                if !self.full_page() {
                    self.turn();
                }
            }
            Block::Part(part) => self.part(part),
            Block::Masthead(masthead) => self.masthead(masthead),
            Block::Tick(tick) => self.tick(tick),
            Block::Write { label, lines } => self.write(label, *lines),
            Block::Sign(places) => self.sign(places),
        }
    }

    fn heading(&mut self, level: u8, text: &str, next: Option<&Block>) {
        let level = level.clamp(2, 6).min(self.level + 1);
        self.level = level;
        let (size, before, role) = match level {
            2 => (16.0, 16.0, StructRole::H2),
            3 => (12.5, 11.0, StructRole::H3),
            4 => (11.0, 9.0, StructRole::H4),
            5 => (10.5, 8.0, StructRole::H5),
            _ => (10.5, 8.0, StructRole::H6),
        };
        let style = Style { size, colour: if level == 2 { BRAND } else { INK } };
        let lines = self.wrap(&[Run::plain(text)], true, style, WIDTH);
        let own = count(lines.len()) * size * 1.25 + 5.0;
        // A heading stands with the beginning of what it heads.
        let with = match next {
            Some(Block::Table(_)) => 90.0,
            Some(Block::Figure(figure)) => self.figure_height(figure),
            Some(Block::PageBreak) | None => 0.0,
            _ => 34.0,
        };
        self.gap(before);
        self.need((own + with).min(TOP - BOTTOM));
        self.bookmarks.push(Bookmark { level, text: text.to_owned(), page: self.sheets.page(), top: self.y });
        let node = self.sheets.tree.add(role, self.parent);
        for line in &lines {
            self.sheets.line(node, line, LEFT, self.y - size, style);
            self.y -= size * 1.25;
        }
        self.sheets.close();
        self.y -= 5.0;
    }

    fn list(&mut self, ordered: bool, items: &[Vec<Run>]) {
        if items.is_empty() {
            return;
        }
        let list = self.sheets.tree.add(StructRole::L, self.parent);
        self.sheets.tree.node(list).numbering = Some(if ordered { ListNumbering::Decimal } else { ListNumbering::Disc });
        let widest = if ordered { format!("{}.", items.len()) } else { "•".to_owned() };
        let indent = (self.sheets.fonts.bold.width(&widest) * self.body.size + 8.0).max(16.0);
        for (at, runs) in items.iter().enumerate() {
            let item = self.sheets.tree.add(StructRole::LI, list);
            let lines = self.wrap(runs, false, self.body, WIDTH - indent);
            self.need(leading(self.body) * count(lines.len().min(2)));
            let label = self.sheets.tree.add(StructRole::Lbl, item);
            self.sheets.belongs(label);
            let (text, y) = (if ordered { format!("{}.", at + 1) } else { "•".to_owned() }, self.y - baseline(self.body));
            self.sheets.text(LEFT + 2.0, y, Style { colour: BRAND, ..self.body }, true, &text);
            let body = self.sheets.tree.add(StructRole::LBody, item);
            self.lines(body, &lines, LEFT + indent, WIDTH - indent, self.body);
            self.gap(3.0);
        }
        self.gap(6.0);
    }

    /// Names left, what they stand for right, a fine rule between: tagged as a list of label and body.
    fn summary(&mut self, entries: &[(String, Vec<Run>)]) {
        if entries.is_empty() {
            return;
        }
        let list = self.sheets.tree.add(StructRole::L, self.parent);
        self.sheets.tree.node(list).numbering = Some(ListNumbering::None);
        let (names, high) = (WIDTH * 0.34, leading(BODY));
        for (name, runs) in entries {
            let item = self.sheets.tree.add(StructRole::LI, list);
            let name = self.wrap(&[Run::plain(name)], false, Style { colour: QUIET, ..BODY }, names - 12.0);
            let lines = self.wrap(runs, true, BODY, WIDTH - names);
            self.need(high * count(name.len().max(lines.len().min(3))) + 9.0);
            let (top, page) = (self.y - 4.0, self.sheets.page());
            let label = self.sheets.tree.add(StructRole::Lbl, item);
            self.y = top;
            self.lines(label, &name, LEFT, names, Style { colour: QUIET, ..BODY });
            let under = self.y;
            self.y = top;
            let body = self.sheets.tree.add(StructRole::LBody, item);
            self.lines(body, &lines, LEFT + names, WIDTH - names, BODY);
            self.y = if self.sheets.page() == page { self.y.min(under) } else { self.y } - 4.0;
            self.sheets.artifact(ArtifactType::Layout);
            self.sheets.rule((LEFT, self.y), (LEFT + WIDTH, self.y), LINE, 0.6, None);
            self.sheets.close();
        }
        self.gap(14.0);
    }

    fn notice(&mut self, title: &str, text: &[Run]) {
        let (pad, high) = (12.0, leading(BODY));
        let inner = WIDTH - 2.0 * pad;
        let title = self.wrap(&[Run::plain(title)], true, BODY, inner);
        let text = self.wrap(text, false, BODY, inner);
        let height = high * count(title.len() + text.len()) + 2.0 * pad - 4.0;
        let boxed = height < TOP - BOTTOM;
        self.need(if boxed { height + 6.0 } else { high * 3.0 });
        self.gap(4.0);
        let group = self.sheets.tree.add(StructRole::Div, self.parent);
        if boxed {
            // A notice longer than a page stands without its box, so that no text is lost.
            self.sheets.artifact(ArtifactType::Layout);
            self.sheets.frame(Rect::new(LEFT, self.y - height, LEFT + WIDTH, self.y), 5.0, Some(BRAND_BG), Some(BRAND), 1.2);
            self.y -= pad - 2.0;
        }
        for lines in [title, text] {
            if !lines.is_empty() {
                let node = self.sheets.tree.add(StructRole::P, group);
                self.lines(node, &lines, LEFT + pad, inner, BODY);
            }
        }
        self.sheets.close();
        self.y -= if boxed { pad + 8.0 } else { 10.0 };
    }

    fn clause(&mut self, number: &str, text: &[Vec<Run>]) {
        let column = (self.sheets.fonts.bold.width(number) * self.body.size + 10.0).max(36.0);
        for (at, runs) in text.iter().enumerate() {
            let node = self.sheets.tree.add(StructRole::P, self.parent);
            let lines = self.wrap(runs, false, self.body, WIDTH - column);
            self.need(leading(self.body) * count(lines.len().min(2)));
            if at == 0 && !number.is_empty() {
                self.sheets.belongs(node);
                let y = self.y - baseline(self.body);
                self.sheets.text(LEFT, y, Style { colour: BRAND, ..self.body }, true, &format!("{number} "));
            }
            self.lines(node, &lines, LEFT + column, WIDTH - column, self.body);
            self.gap(6.0);
        }
        self.gap(3.0);
    }

    /// Header and footer of every page, when their number is known.
    fn furniture(&mut self, document: &Document) {
        let parts = std::mem::take(&mut self.parts);
        let of_a_part = |page: usize| parts.iter().any(|(pages, _)| pages.contains(&page));
        let own: Vec<usize> = (0..self.sheets.pages.len()).filter(|page| !of_a_part(*page) && !self.blank.contains(page)).collect();
        self.numbered(&own, &document.lang, (&document.title, &document.author), &document.footer);
        for (pages, part) in &parts {
            let pages: Vec<usize> = pages.clone().collect();
            self.numbered(&pages, &part.lang, (&part.header.0, &part.header.1), &part.footer);
        }
        self.parts = parts;
    }

    fn numbered(&mut self, pages: &[usize], lang: &str, (left, right): (&str, &str), footer: &str) {
        let spanish = lang.get(..2).is_some_and(|l| l.eq_ignore_ascii_case("es"));
        let of = pages.len();
        for (at, page) in pages.iter().enumerate() {
            self.sheets.turn_to(*page);
            self.sheets.artifact(ArtifactType::Pagination);
            if at > 0 {
                let y = PAGE.1 - 50.0;
                let right = self.one_line(right, WIDTH * 0.4);
                let left = self.one_line(left, WIDTH * 0.56);
                self.sheets.unread(&left, LEFT, y, SMALL);
                self.sheets.unread(&right, right.start(LEFT, WIDTH, Align::End), y, SMALL);
                self.sheets.rule((LEFT, y - 8.0), (LEFT + WIDTH, y - 8.0), LINE, 0.6, None);
            }
            let number = if spanish { format!("Página {} de {of}", at + 1) } else { format!("Page {} of {of}", at + 1) };
            let number = self.one_line(&number, WIDTH * 0.3);
            let footer = self.one_line(footer, WIDTH * 0.7 - 10.0);
            self.sheets.rule((LEFT, 62.0), (LEFT + WIDTH, 62.0), LINE, 0.6, None);
            self.sheets.unread(&footer, LEFT, 48.0, SMALL);
            self.sheets.unread(&number, number.start(LEFT, WIDTH, Align::End), 48.0, SMALL);
            self.sheets.close();
        }
    }

    /// The text on one line, with “…” where it is cut. Only for what the document says elsewhere in full.
    pub(super) fn one_line(&self, text: &str, width: f32) -> Line {
        let set = |text: &str, width| self.wrap(&[Run::plain(text)], false, SMALL, width);
        let mut lines = set(text, width);
        if lines.len() < 2 {
            return lines.pop().unwrap_or_default();
        }
        let mut kept: String = text.to_owned();
        while kept.pop().is_some() {
            let shorter = set(&format!("{}…", kept.trim_end()), f32::MAX).pop().unwrap_or_default();
            if shorter.width <= width {
                return shorter;
            }
        }
        Line::default()
    }
}
