//! Tables over as many pages as they need. The header row is drawn anew on each page and read once; every cell names the headers
//! that it stands under, so that a screen reader can say them.

use pdf_writer::Rect;
use pdf_writer::types::{ArtifactType, StructRole, TableHeaderScope};

use super::flow::{BODY, BOTTOM, Flow, LEFT, TOP, WIDTH, baseline, leading};
use super::lines::Line;
use super::sheets::{BRAND, INK, LINE, QUIET, Style, count};
use super::tags::NodeId;
use crate::reports::document::{Align, Cell, Column, Run, Table};

const CELL: Style = Style { size: 9.5, colour: INK };
const HEAD: Style = Style { size: 8.8, colour: QUIET };
const PAD: f32 = 6.0;
const ABOVE: f32 = 4.5;

/// A column's place, and the room that its bars leave for their words.
struct Place {
    x: f32,
    width: f32,
    align: Align,
    words: f32,
}

impl Place {
    fn inner(&self) -> f32 {
        self.width - 2.0 * PAD
    }
}

impl Flow {
    pub(super) fn table(&mut self, table: &Table) {
        self.tables += 1;
        let id = self.tables;
        let places = self.places(table);
        let head: Vec<Vec<Line>> =
            table.columns.iter().zip(&places).map(|(c, p)| self.wrap(&[Run::plain(&c.title)], true, HEAD, p.inner())).collect();
        let head_height = leading(HEAD) * count(head.iter().map(Vec::len).max().unwrap_or(1)) + 2.0 * ABOVE;
        let caption = self.wrap(&[Run::plain(&table.caption)], true, BODY, WIDTH);
        self.gap(4.0);
        self.need(leading(BODY) * count(caption.len()) + 4.0 + head_height + leading(CELL) * 2.0 + 2.0 * ABOVE);

        let whole = self.sheets.tree.add(StructRole::Table, self.parent);
        if !caption.is_empty() {
            let node = self.sheets.tree.add(StructRole::Caption, whole);
            self.lines(node, &caption, LEFT, WIDTH, BODY);
            self.y -= 4.0;
        }
        let group = self.sheets.tree.add(StructRole::THead, whole);
        let row = self.sheets.tree.add(StructRole::TR, group);
        let heads: Vec<NodeId> = (0..table.columns.len())
            .map(|column| {
                let node = self.sheets.tree.add(StructRole::TH, row);
                let cell = self.sheets.tree.node(node);
                cell.scope = Some(TableHeaderScope::Column);
                cell.name = Some(column_name(id, column));
                node
            })
            .collect();
        self.head(&head, &places, head_height, Some(&heads));
        let body = self.sheets.tree.add(StructRole::TBody, whole);
        for (number, cells) in table.rows.iter().enumerate() {
            let row = self.sheets.tree.add(StructRole::TR, body);
            let nodes = self.row_nodes(table, row, (id, number));
            let set: Vec<Vec<Line>> = cells
                .iter()
                .zip(&places)
                .enumerate()
                .map(|(at, (cell, place))| {
                    let width = if cell.share.is_some() { place.words } else { place.inner() };
                    self.wrap(&cell.text, table.row_headers && at == 0, CELL, width)
                })
                .collect();
            self.row(cells, &set, &nodes, &places, |flow| flow.head(&head, &places, head_height, None));
        }
        self.sheets.close();
        self.gap(16.0);
    }

    fn row_nodes(&mut self, table: &Table, row: NodeId, (id, number): (usize, usize)) -> Vec<NodeId> {
        let row_name = table.row_headers.then(|| format!("t{id:04}r{number:07}"));
        (0..table.columns.len())
            .map(|column| {
                let names_row = table.row_headers && column == 0;
                let node = self.sheets.tree.add(if names_row { StructRole::TH } else { StructRole::TD }, row);
                let cell = self.sheets.tree.node(node);
                cell.headers = vec![column_name(id, column)];
                if names_row {
                    cell.scope = Some(TableHeaderScope::Row);
                    cell.name.clone_from(&row_name);
                } else {
                    cell.headers.extend(row_name.clone());
                }
                node
            })
            .collect()
    }

    fn places(&self, table: &Table) -> Vec<Place> {
        let whole: f32 = table.columns.iter().map(|c| c.width).sum();
        let mut x = LEFT;
        let mut places = Vec::new();
        for (at, Column { align, width, .. }) in table.columns.iter().enumerate() {
            let width = WIDTH * width / whole;
            let widest = table
                .rows
                .iter()
                .map(|row| &row[at])
                .filter(|cell| cell.share.is_some())
                .flat_map(|cell| self.wrap(&cell.text, false, CELL, f32::MAX))
                .map(|line| line.width)
                .fold(0.0, f32::max);
            let words = (widest + 0.5).min((width - 2.0 * PAD) * 0.6);
            places.push(Place { x, width, align: *align, words });
            x += width;
        }
        places
    }

    /// Draws the header row; without nodes it is the repetition on a further page, which nobody is read again.
    fn head(&mut self, head: &[Vec<Line>], places: &[Place], height: f32, nodes: Option<&[NodeId]>) {
        for (column, (lines, place)) in head.iter().zip(places).enumerate() {
            // Titles stand at the bottom of their row.
            let mut y = self.y - height + ABOVE + leading(HEAD) * count(lines.len()) - baseline(HEAD);
            for line in lines {
                let x = line.start(place.x + PAD, place.inner(), place.align);
                match nodes {
                    Some(nodes) => self.sheets.line(nodes[column], line, x, y, HEAD),
                    None => self.sheets.unread(line, x, y, HEAD),
                }
                y -= leading(HEAD);
            }
        }
        self.y -= height;
        self.sheets.artifact(ArtifactType::Layout);
        self.sheets.rule((LEFT, self.y), (LEFT + WIDTH, self.y), QUIET, 0.9, None);
        self.sheets.close();
    }

    /// Draws a row; one that is taller than a page is continued on the next.
    fn row(&mut self, cells: &[Cell], set: &[Vec<Line>], nodes: &[NodeId], places: &[Place], again: impl Fn(&mut Self)) {
        let high = leading(CELL);
        let all = set.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let mut from = 0;
        while from < all {
            let rest = high * count(all - from) + 2.0 * ABOVE;
            if self.y - rest < BOTTOM && (rest < (TOP - BOTTOM) * 0.5 || self.y - high * 3.0 < BOTTOM) {
                self.turn();
                again(self);
            }
            let mut to = all;
            while to > from + 1 && self.y - high * count(to - from) - 2.0 * ABOVE < BOTTOM {
                to -= 1;
            }
            for (((cell, lines), node), place) in cells.iter().zip(set).zip(nodes).zip(places) {
                self.cell(cell, lines.get(from.min(lines.len())..to.min(lines.len())).unwrap_or(&[]), *node, place, from == 0);
            }
            self.y -= high * count(to - from) + 2.0 * ABOVE;
            self.sheets.artifact(ArtifactType::Layout);
            self.sheets.rule((LEFT, self.y), (LEFT + WIDTH, self.y), LINE, 0.6, None);
            self.sheets.close();
            from = to;
        }
    }

    fn cell(&mut self, cell: &Cell, lines: &[Line], node: NodeId, place: &Place, first: bool) {
        let (x, width) = match cell.share {
            Some(_) => (place.x + PAD + place.inner() - place.words, place.words),
            None => (place.x + PAD, place.inner()),
        };
        let align = if cell.share.is_some() { Align::End } else { place.align };
        let mut y = self.y - ABOVE - baseline(CELL);
        if let (Some(share), true) = (cell.share, first) {
            let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
            let (left, right) = (place.x + PAD, x - 7.0);
            self.sheets.artifact(ArtifactType::Layout);
            self.sheets.frame(Rect::new(left, y - 0.3, left + (right - left) * share, y + 6.7), 0.0, Some(BRAND), None, 0.0);
            self.sheets.frame(Rect::new(left, y - 0.3, right, y + 6.7), 1.2, None, Some(QUIET), 0.6);
        }
        for line in lines {
            self.sheets.line(node, line, line.start(x, width, align), y, CELL);
            y -= leading(CELL);
        }
        self.sheets.close();
    }
}

fn column_name(table: usize, column: usize) -> String {
    format!("t{table:04}c{column:03}")
}
