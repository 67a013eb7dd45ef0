//! The pages while they are drawn: text, rules and boxes at a place, each either belonging to a node of the structure or marked
//! as an artifact (what a screen reader passes over). It must not know what a heading or a table is.

use pdf_writer::types::{ArtifactType, StructRole};
use pdf_writer::{Content, Name, Rect, Str, TextStr};

use super::fonts::Fonts;
use super::lines::{BOX, BOX_STEP, Line, Piece};
use super::tags::{NodeId, Tree, tag};
use crate::kernel::Result;
use crate::reports::document::Align;

/// US Letter, in points.
pub(super) const PAGE: (f32, f32) = (612.0, 792.0);

/// A colour of the visual language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour(u8, u8, u8);

pub(super) const INK: Colour = Colour(0x1b, 0x24, 0x36);
pub(super) const BRAND: Colour = Colour(0x17, 0x45, 0x7f);
pub(super) const BRAND_BG: Colour = Colour(0xe8, 0xef, 0xf8);
pub(super) const QUIET: Colour = Colour(0x4d, 0x57, 0x68);
pub(super) const LINE: Colour = Colour(0xd8, 0xd3, 0xc6);
/// For pictures that machines read.
const BLACK: Colour = Colour(0, 0, 0);
pub(super) const SUN: Colour = Colour(0xf2, 0xb7, 0x05);

/// How a text is set: size in points, colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size: f32,
    pub colour: Colour,
}

pub(super) struct Page {
    pub content: Content,
    /// The node of each marked stretch, by its number, and the text in it.
    pub marks: Vec<(NodeId, String)>,
}

pub(super) struct Sheets {
    pub pages: Vec<Page>,
    pub fonts: Fonts,
    pub tree: Tree,
    /// Which page is drawn on.
    current: usize,
    open: Option<Open>,
}

/// Whose the marked stretch is that is being drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Node(NodeId),
    Artifact,
}

impl Sheets {
    pub(super) fn new() -> Result<Self> {
        let mut sheets = Self { pages: Vec::new(), fonts: Fonts::load()?, tree: Tree::new(), current: 0, open: None };
        sheets.new_page();
        Ok(sheets)
    }

    pub(super) fn new_page(&mut self) {
        self.close();
        self.pages.push(Page { content: Content::new(), marks: Vec::new() });
        self.current = self.pages.len() - 1;
    }

    pub(super) fn page(&self) -> usize {
        self.current
    }

    pub(super) fn turn_to(&mut self, page: usize) {
        self.close();
        self.current = page.min(self.pages.len() - 1);
    }

    fn content(&mut self) -> &mut Content {
        &mut self.pages[self.current].content
    }

    /// What is drawn from now on belongs to that node.
    pub(super) fn belongs(&mut self, node: NodeId) {
        if self.open == Some(Open::Node(node)) {
            return;
        }
        self.close();
        let (page, role) = (self.current, self.tree.role(node));
        let id = i32::try_from(self.pages[page].marks.len()).unwrap_or(i32::MAX);
        self.pages[page].marks.push((node, String::new()));
        self.tree.mark(node, page, id);
        self.content().begin_marked_content_with_properties(tag(role)).properties().identify(id);
        self.open = Some(Open::Node(node));
    }

    /// What is drawn from now on is decoration, or belongs to the page and not to the text.
    pub(super) fn artifact(&mut self, kind: ArtifactType) {
        if self.open == Some(Open::Artifact) {
            return;
        }
        self.close();
        self.content().begin_marked_content_with_properties(Name(b"Artifact")).properties().artifact().kind(kind);
        self.open = Some(Open::Artifact);
    }

    pub(super) fn close(&mut self) {
        if self.open.take().is_some() {
            self.content().end_marked_content();
        }
    }

    /// Sets a text with its baseline's start at (x, y).
    pub(super) fn text(&mut self, x: f32, y: f32, style: Style, bold: bool, text: &str) {
        let parts = self.fonts.of_mut(bold).show(text);
        let page = &mut self.pages[self.current];
        if matches!(self.open, Some(Open::Node(_)))
            && let Some((_, told)) = page.marks.last_mut()
        {
            told.push_str(text);
        }
        let content = &mut page.content;
        let [red, green, blue] = style.colour.parts();
        content.begin_text().set_font(Name(if bold { b"B" } else { b"R" }), style.size).set_fill_rgb(red, green, blue).next_line(x, y);
        for part in parts {
            if let Some(meant) = &part.meant {
                content.begin_marked_content_with_properties(Name(b"Span")).properties().actual_text(TextStr(meant));
                content.show(Str(&part.codes)).end_marked_content();
            } else {
                content.show(Str(&part.codes));
            }
        }
        content.end_text();
    }

    /// Sets one line for a node. Small pictures in it become figures of their own below the node.
    pub(super) fn line(&mut self, node: NodeId, line: &Line, x: f32, y: f32, style: Style) {
        let last = line.pieces.len().saturating_sub(1);
        for (at, (dx, piece)) in line.pieces.iter().enumerate() {
            match piece {
                Piece::Text { text, bold } => {
                    self.belongs(node);
                    if at == last && line.goes_on {
                        self.text(x + dx, y, style, *bold, &format!("{text} "));
                    } else {
                        self.text(x + dx, y, style, *bold, text);
                    }
                }
                Piece::Level { level, of, alt } => self.level(node, (*level, *of), alt, x + dx, y, style.size),
            }
        }
    }

    fn level(&mut self, node: NodeId, (level, of): (u8, u8), alt: &str, x: f32, y: f32, size: f32) {
        let figure = self.tree.add(StructRole::Figure, node);
        let (edge, step) = (BOX * size, BOX_STEP * size);
        let all = Rect::new(x - 0.5, y - 0.5, x + step * f32::from(of), y + edge + 0.5);
        let described = self.tree.node(figure);
        described.alt = Some(alt.to_owned());
        described.bbox = Some(all);
        self.belongs(figure);
        for n in 0..of {
            let left = x + step * f32::from(n);
            self.frame(
                Rect::new(left + 0.4, y + 0.4, left + edge - 0.4, y + edge - 0.4),
                1.2,
                (n < level).then_some(BRAND),
                Some(BRAND),
                0.8,
            );
        }
        self.close();
    }

    /// Sets a line that no reader is told: in a header, a footer, a repeated table header.
    pub(super) fn unread(&mut self, line: &Line, x: f32, y: f32, style: Style) {
        self.artifact(ArtifactType::Pagination);
        for (dx, piece) in &line.pieces {
            if let Piece::Text { text, bold } = piece {
                self.text(x + dx, y, style, *bold, text);
            }
        }
    }

    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), colour: Colour, width: f32, dash: Option<f32>) {
        let [r, g, b] = colour.parts();
        let content = self.content();
        content.save_state().set_stroke_rgb(r, g, b).set_line_width(width);
        if let Some(dash) = dash {
            content.set_dash_pattern([dash, dash], 0.0);
        }
        content.move_to(from.0, from.1).line_to(to.0, to.1).stroke().restore_state();
    }

    pub(super) fn path(&mut self, points: &[(f32, f32)], colour: Colour, width: f32) {
        let [r, g, b] = colour.parts();
        let content = self.content();
        content.save_state().set_stroke_rgb(r, g, b).set_line_width(width);
        content.set_line_join(pdf_writer::types::LineJoinStyle::RoundJoin);
        for (at, (x, y)) in points.iter().enumerate() {
            if at == 0 {
                content.move_to(*x, *y)
            } else {
                content.line_to(*x, *y)
            };
        }
        content.stroke().restore_state();
    }

    /// A box with round corners, filled, framed or both.
    pub(super) fn frame(&mut self, rect: Rect, radius: f32, fill: Option<Colour>, stroke: Option<Colour>, width: f32) {
        let Rect { x1, y1, x2, y2 } = rect;
        if x2 <= x1 || y2 <= y1 || (fill.is_none() && stroke.is_none()) {
            return;
        }
        let r = radius.min((x2 - x1) / 2.0).min((y2 - y1) / 2.0);
        let k = r * 0.448;
        let content = self.content();
        content.save_state().set_line_width(width);
        if let Some(colour) = fill {
            let [r, g, b] = colour.parts();
            content.set_fill_rgb(r, g, b);
        }
        if let Some(colour) = stroke {
            let [r, g, b] = colour.parts();
            content.set_stroke_rgb(r, g, b);
        }
        content.move_to(x1 + r, y1).line_to(x2 - r, y1).cubic_to(x2 - k, y1, x2, y1 + k, x2, y1 + r);
        content.line_to(x2, y2 - r).cubic_to(x2, y2 - k, x2 - k, y2, x2 - r, y2);
        content.line_to(x1 + r, y2).cubic_to(x1 + k, y2, x1, y2 - k, x1, y2 - r);
        content.line_to(x1, y1 + r).cubic_to(x1, y1 + k, x1 + k, y1, x1 + r, y1).close_path();
        match (fill, stroke) {
            (Some(_), Some(_)) => content.fill_nonzero_and_stroke(),
            (Some(_), None) => content.fill_nonzero(),
            _ => content.stroke(),
        };
        content.restore_state();
    }

    /// Boxes in black, filled in one go, so that no fine line stands between neighbours.
    pub(super) fn blacken(&mut self, boxes: &[Rect]) {
        let [r, g, b] = BLACK.parts();
        let content = self.content();
        content.save_state().set_fill_rgb(r, g, b);
        for one in boxes {
            content.rect(one.x1, one.y1, one.x2 - one.x1, one.y2 - one.y1);
        }
        content.fill_nonzero().restore_state();
    }

    /// The mark of the product, 13 points high: a sheet with a tick.
    pub(super) fn emblem(&mut self, x: f32, y: f32) {
        self.frame(Rect::new(x, y, x + 10.5, y + 13.0), 1.6, None, Some(BRAND), 1.2);
        self.path(&[(x + 2.6, y + 6.4), (x + 4.5, y + 4.5), (x + 8.0, y + 8.8)], SUN, 1.8);
    }
}

impl Colour {
    fn parts(self) -> [f32; 3] {
        [self.0, self.1, self.2].map(|part| f32::from(part) / 255.0)
    }
}

impl Line {
    /// Where the line starts so that it stands as asked between `x` and `x + width`.
    pub(super) fn start(&self, x: f32, width: f32, align: Align) -> f32 {
        x + self.shift(align, width)
    }
}

/// A count as a measure.
pub(super) fn count(n: usize) -> f32 {
    f32::from(u16::try_from(n).unwrap_or(u16::MAX))
}
