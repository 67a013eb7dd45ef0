//! What is filled in by hand: letters within a document, their heads with a code, questions with boxes, lines to write on.

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use pdf_writer::Rect;
use pdf_writer::types::{ArtifactType, ListNumbering, StructRole};

use super::flow::{BODY, Bookmark, Flow, LEFT, SMALL, TOP, WIDTH, baseline, leading};
use super::sheets::{BRAND, INK, QUIET, Style, count};
use super::tags::ROOT;
use crate::reports::document::{Block, Masthead, Part, Run, Tick};

/// The code's picture with the empty edge that a scanner needs: an inch and a bit.
const PICTURE: f32 = 80.0;
/// So much higher begins a part's first page, which has no header: what is signed shall stand on one page.
const HIGHER: f32 = 34.0;
const SMALL_PRINT: Style = Style { size: 9.6, colour: INK };

impl Flow {
    pub(super) fn part(&mut self, part: &Part) {
        if !self.full_page() {
            self.turn();
        }
        if part.own_sheet && !self.sheets.page().is_multiple_of(2) {
            self.blank.push(self.sheets.page());
            self.turn();
        }
        let first = self.sheets.page();
        self.y = TOP + HIGHER;
        self.parent = self.sheets.tree.add(StructRole::Part, ROOT);
        self.sheets.tree.node(self.parent).lang = Some(part.lang.clone());
        self.level = 1;
        self.run(&part.blocks);
        if !part.small.is_empty() {
            if !self.full_page() {
                self.turn();
            }
            self.body = SMALL_PRINT;
            self.run(&part.small);
            self.body = BODY;
        }
        self.sheets.close();
        self.parent = ROOT;
        self.level = 1;
        // What comes after a part begins on a page of its own; at the end of the document nothing does.
        let mut bare = part.clone();
        (bare.blocks, bare.small) = (Vec::new(), Vec::new());
        self.parts.push((first..self.sheets.page() + 1, bare));
    }

    fn run(&mut self, blocks: &[Block]) {
        for (at, block) in blocks.iter().enumerate() {
            self.block(block, blocks.get(at + 1));
        }
    }

    pub(super) fn masthead(&mut self, head: &Masthead) {
        let (top, room) = (self.y, WIDTH - PICTURE - 24.0);
        let author = Style { size: 11.0, colour: INK };
        self.sheets.artifact(ArtifactType::Layout);
        self.sheets.emblem(LEFT, self.y - 13.0);
        let node = self.sheets.tree.add(StructRole::P, self.parent);
        let lines = self.wrap(&[Run::plain(&head.author)], true, author, room - 18.0);
        self.lines(node, &lines, LEFT + 18.0, room - 18.0, author);
        self.y -= 10.0;
        let big = Style { size: 19.0, colour: INK };
        self.bookmarks.push(Bookmark { level: 2, text: format!("{} – {}", head.code, head.title), page: self.sheets.page(), top });
        self.level = 2;
        let node = self.sheets.tree.add(StructRole::H2, self.parent);
        for line in &self.wrap(&[Run::plain(&head.title)], true, big, room) {
            self.sheets.line(node, line, LEFT, self.y - 17.5, big);
            self.y -= 23.0;
        }
        self.y -= 2.0;
        let node = self.sheets.tree.add(StructRole::P, self.parent);
        let quiet = Style { size: 11.0, colour: QUIET };
        let lines = self.wrap(&[Run::plain(&head.subject)], false, quiet, room);
        self.lines(node, &lines, LEFT, room, quiet);
        let under = self.y;
        self.picture(head, top);
        self.y = under.min(top - PICTURE - 20.0) - 6.0;
        self.sheets.artifact(ArtifactType::Layout);
        self.sheets.rule((LEFT, self.y), (LEFT + WIDTH, self.y), BRAND, 2.0, None);
        self.sheets.close();
        self.y -= 12.0;
    }

    /// The code as a picture in the upper right corner, and its letters below.
    fn picture(&mut self, head: &Masthead, top: f32) {
        let letters = Style { size: 15.5, colour: INK };
        let width = self.sheets.fonts.bold.width(&head.code) * letters.size;
        let middle = LEFT + WIDTH - width.max(PICTURE) / 2.0;
        let left = middle - PICTURE / 2.0;
        // A code is far shorter than what the smallest picture holds: it can't fail, and the letters stand there in any case.
        if let Ok(picture) = QRBuilder::new(head.code.as_str()).ecl(ECL::H).build() {
            let edge = 4;
            let step = PICTURE / count(picture.size + 2 * edge);
            let node = self.sheets.tree.add(StructRole::Figure, self.parent);
            let figure = self.sheets.tree.node(node);
            figure.alt = Some(head.alt.clone());
            figure.bbox = Some(Rect::new(left, top - PICTURE, left + PICTURE, top));
            let mut boxes = Vec::new();
            for row in 0..picture.size {
                let dark = |column: usize| picture[row][column].value();
                let mut column = 0;
                while column < picture.size {
                    let from = column;
                    while column < picture.size && dark(column) {
                        column += 1;
                    }
                    if column > from {
                        let y = top - step * count(row + edge);
                        boxes.push(Rect::new(left + step * count(from + edge), y - step, left + step * count(column + edge), y));
                    }
                    column += 1;
                }
            }
            self.sheets.belongs(node);
            self.sheets.blacken(&boxes);
            self.sheets.close();
        }
        let node = self.sheets.tree.add(StructRole::P, self.parent);
        self.sheets.belongs(node);
        self.sheets.text(middle - width / 2.0, top - PICTURE - 12.0, letters, true, &head.code);
        self.sheets.close();
    }

    pub(super) fn tick(&mut self, tick: &Tick) {
        let indent = if tick.number.is_empty() { 0.0 } else { 20.0 };
        let (room, high) = (WIDTH - indent, leading(BODY));
        let ask = self.wrap(&[Run::plain(&tick.ask)], true, BODY, room);
        let side_by_side = tick.boxes.len() > 1;
        let column = if side_by_side { room / count(tick.boxes.len()) } else { room };
        let boxes: Vec<_> = tick.boxes.iter().map(|text| self.wrap(&[Run::plain(text)], false, BODY, column - 26.0)).collect();
        let after = self.wrap(&[Run::plain(&tick.note)], false, SMALL, room);
        let rows = boxes.iter().map(Vec::len).max().unwrap_or(1);
        let height = high * count(ask.len() + rows) + leading(SMALL) * count(after.len()) + 12.0;
        self.need(height.min(TOP - super::flow::BOTTOM));
        let node = self.sheets.tree.add(StructRole::P, self.parent);
        if !tick.number.is_empty() {
            self.sheets.belongs(node);
            let y = self.y - baseline(BODY);
            self.sheets.text(LEFT, y, Style { colour: BRAND, ..BODY }, true, &format!("{} ", tick.number));
        }
        self.lines(node, &ask, LEFT + indent, room, BODY);
        self.y -= 3.0;
        let list = self.sheets.tree.add(StructRole::L, self.parent);
        self.sheets.tree.node(list).numbering = Some(ListNumbering::None);
        let top = self.y;
        for (at, lines) in boxes.iter().enumerate() {
            let x = LEFT + indent + column * count(at);
            self.y = top;
            self.sheets.artifact(ArtifactType::Layout);
            self.sheets.frame(Rect::new(x + 0.5, top - 13.5, x + 13.5, top - 0.5), 1.5, None, Some(INK), 1.1);
            self.sheets.close();
            let item = self.sheets.tree.add(StructRole::LI, list);
            let body = self.sheets.tree.add(StructRole::LBody, item);
            self.lines(body, lines, x + 20.0, column - 26.0, BODY);
        }
        self.y = top - (high * count(rows)).max(15.0);
        if !after.is_empty() {
            self.y -= 1.0;
            let node = self.sheets.tree.add(StructRole::P, self.parent);
            self.lines(node, &after, LEFT + indent, room, SMALL);
        }
        self.gap(8.0);
    }

    pub(super) fn write(&mut self, label: &str, lines: u8) {
        const LINE: f32 = 21.0;
        let label = self.wrap(&[Run::plain(label)], false, BODY, WIDTH);
        self.need(leading(BODY) * count(label.len()) + LINE * f32::from(lines) + 6.0);
        let node = self.sheets.tree.add(StructRole::P, self.parent);
        self.lines(node, &label, LEFT, WIDTH, BODY);
        self.sheets.artifact(ArtifactType::Layout);
        for _ in 0..lines {
            self.y -= LINE;
            self.sheets.rule((LEFT, self.y), (LEFT + WIDTH, self.y), QUIET, 0.7, None);
        }
        self.sheets.close();
        self.gap(8.0);
    }

    pub(super) fn sign(&mut self, places: &[(String, f32)]) {
        const ROOM: f32 = 26.0;
        let whole: f32 = places.iter().map(|(_, width)| width).sum();
        self.need(ROOM + leading(SMALL) * 2.0 + 8.0);
        self.y -= ROOM;
        let (line, mut x, mut lowest) = (self.y, LEFT, self.y);
        for (label, width) in places {
            let wide = WIDTH * width / whole;
            self.sheets.artifact(ArtifactType::Layout);
            self.sheets.rule((x, line), (x + wide - 14.0, line), INK, 0.9, None);
            self.sheets.close();
            self.y = line - 2.0;
            let node = self.sheets.tree.add(StructRole::P, self.parent);
            let words = self.wrap(&[Run::plain(label)], false, SMALL, wide - 14.0);
            self.lines(node, &words, x, wide - 14.0, SMALL);
            lowest = lowest.min(self.y);
            x += wide;
        }
        self.y = lowest;
        self.gap(8.0);
    }
}
