//! Charts, drawn with lines and boxes. A chart is one figure with its words; nothing in it is read by itself.

use pdf_writer::Rect;
use pdf_writer::types::StructRole;

use super::flow::{BODY, Flow, LEFT, SMALL, WIDTH, baseline, leading};
use super::lines::Line;
use super::sheets::{BRAND, BRAND_BG, INK, LINE, QUIET, Style, count};
use crate::reports::document::{Align, Bar, Chart, Figure, Goal, Run};

const TREND: f32 = 168.0;
/// Bars that fit on a page; more are drawn as further figures.
const AT_ONCE: usize = 24;
const LABEL: Style = Style { size: 9.5, colour: INK };

fn within(share: f32) -> f32 {
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}

impl Flow {
    fn labels(&self, bars: &[Bar]) -> Vec<Vec<Line>> {
        bars.iter().map(|bar| self.wrap(&[Run::plain(&bar.label)], false, LABEL, WIDTH * 0.34)).collect()
    }

    /// How much room a heading before the figure has to leave for it.
    pub(super) fn figure_height(&self, figure: &Figure) -> f32 {
        let title = leading(BODY) + 8.0;
        title
            + match &figure.chart {
                Chart::Trend { .. } => TREND,
                Chart::Bars { bars, goal } => bars_height(&self.labels(&bars[..bars.len().min(AT_ONCE)]), goal.is_some()),
            }
    }

    pub(super) fn figure(&mut self, figure: &Figure) {
        match &figure.chart {
            Chart::Trend { points, from, to, last, goal } => {
                self.begin(&figure.title, TREND);
                let (top, bottom) = (self.y, self.y - TREND);
                self.described(&figure.alt, top, bottom);
                self.trend(points, (from, to, last), goal.as_ref(), top);
                self.y = bottom;
            }
            Chart::Bars { bars, goal } => {
                let parts = bars.len().div_ceil(AT_ONCE);
                for (at, part) in bars.chunks(AT_ONCE).enumerate() {
                    let labels = self.labels(part);
                    let height = bars_height(&labels, goal.is_some());
                    let several = |text: &str| if parts > 1 { format!("{text} ({}/{parts})", at + 1) } else { text.to_owned() };
                    self.begin(&several(&figure.title), height);
                    let (top, bottom) = (self.y, self.y - height);
                    self.described(&several(&figure.alt), top, bottom);
                    self.bars(part, &labels, goal.as_ref(), top);
                    self.y = bottom;
                    self.sheets.close();
                    self.gap(8.0);
                }
            }
        }
        self.sheets.close();
        self.gap(14.0);
    }

    /// The figure's title, on the same page as the figure.
    fn begin(&mut self, title: &str, height: f32) {
        let lines = self.wrap(&[Run::plain(title)], true, BODY, WIDTH);
        self.gap(4.0);
        self.need(leading(BODY) * count(lines.len()) + 8.0 + height);
        if !lines.is_empty() {
            let node = self.sheets.tree.add(StructRole::P, self.parent);
            self.lines(node, &lines, LEFT, WIDTH, BODY);
        }
        self.y -= 8.0;
    }

    fn described(&mut self, alt: &str, top: f32, bottom: f32) {
        let node = self.sheets.tree.add(StructRole::Figure, self.parent);
        let figure = self.sheets.tree.node(node);
        figure.alt = Some(alt.to_owned());
        figure.bbox = Some(Rect::new(LEFT, bottom, LEFT + WIDTH, top));
        self.sheets.belongs(node);
    }

    fn word(&mut self, x: f32, y: f32, align: Align, style: Style, bold: bool, text: &str) {
        let width = self.sheets.fonts.of(bold).width(text) * style.size;
        let x = if align == Align::End { x - width } else { x };
        self.sheets.text(x, y, style, bold, text);
    }

    fn bars(&mut self, bars: &[Bar], labels: &[Vec<Line>], goal: Option<&Goal>, top: f32) {
        let words = bars.iter().map(|b| self.sheets.fonts.bold.width(&b.text) * LABEL.size).fold(0.0, f32::max);
        let left = LEFT + WIDTH * 0.36;
        let right = (LEFT + WIDTH - words - 10.0).max(left + 40.0);
        let mut y = top - if goal.is_some() { 16.0 } else { 2.0 };
        let first = y;
        for (bar, label) in bars.iter().zip(labels) {
            let height = bar_height(label);
            let middle = y - height / 2.0;
            let mut line_y = middle + leading(LABEL) * count(label.len()) / 2.0 - baseline(LABEL);
            for line in label {
                for (dx, piece) in &line.pieces {
                    if let super::lines::Piece::Text { text, bold } = piece {
                        self.sheets.text(LEFT + dx, line_y, LABEL, *bold, &format!("{text} "));
                    }
                }
                line_y -= leading(LABEL);
            }
            let end = left + (right - left) * within(bar.share);
            self.sheets.frame(Rect::new(left, middle - 5.0, end, middle + 5.0), 0.0, Some(BRAND), None, 0.0);
            self.sheets.frame(Rect::new(left, middle - 5.0, right, middle + 5.0), 1.5, None, Some(QUIET), 0.6);
            self.word(LEFT + WIDTH, middle - 3.3, Align::End, LABEL, true, &format!("{} ", bar.text));
            y -= height;
        }
        if let Some(goal) = goal {
            let x = left + (right - left) * within(goal.share);
            // A light edge, so that the line is seen on a bar as well.
            self.sheets.rule((x, first + 2.0), (x, y), BRAND_BG, 3.0, None);
            self.sheets.rule((x, first + 2.0), (x, y), INK, 1.2, Some(3.0));
            let width = self.sheets.fonts.regular.width(&goal.text) * SMALL.size;
            let x = (x - width / 2.0).clamp(LEFT, LEFT + WIDTH - width);
            self.word(x, first + 6.0, Align::Start, SMALL, false, &goal.text);
        }
    }

    fn trend(&mut self, points: &[(i64, f32)], (from, to, last): (&str, &str, &str), goal: Option<&Goal>, top: f32) {
        let words = self.sheets.fonts.bold.width(last) * LABEL.size;
        let (left, right) = (LEFT + 34.0, LEFT + WIDTH - words - 10.0);
        let (high, low) = (top - 10.0, top - TREND + 20.0);
        let at = |share: f32| low + (high - low) * within(share);
        for (share, text) in [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")] {
            self.sheets.rule((left, at(share)), (right, at(share)), if share > 0.0 { LINE } else { QUIET }, 0.7, None);
            self.word(left - 6.0, at(share) - 3.0, Align::End, SMALL, false, &format!("{text} "));
        }
        if let Some(goal) = goal {
            let y = at(goal.share);
            self.sheets.rule((left, y), (right, y), INK, 1.0, Some(3.0));
            let over = if goal.share > 0.9 { y - 11.0 } else { y + 4.0 };
            self.word(left + 4.0, over, Align::Start, SMALL, false, &format!("{} ", goal.text));
        }
        if let (Some(first), Some(end)) = (points.first(), points.last()) {
            let span = days(end.0 - first.0).max(1.0);
            let place = |when: i64| left + (right - left) * (days(when - first.0) / span).clamp(0.0, 1.0);
            let mut steps = Vec::new();
            for (when, share) in points {
                if let Some((_, y)) = steps.last().copied() {
                    steps.push((place(*when), y));
                }
                steps.push((place(*when), at(*share)));
            }
            self.sheets.path(&steps, BRAND, 2.0);
            self.word(place(end.0) + 6.0, at(end.1) - 3.3, Align::Start, Style { colour: BRAND, ..LABEL }, true, &format!("{last} "));
        }
        self.word(left, low - 13.0, Align::Start, SMALL, false, &format!("{from} "));
        self.word(right, low - 13.0, Align::End, SMALL, false, to);
    }
}

/// A number of days as a measure; beyond a human lifetime it no longer matters.
fn days(n: i64) -> f32 {
    f32::from(u16::try_from(n.clamp(0, 65_535)).unwrap_or(u16::MAX))
}

fn bar_height(label: &[Line]) -> f32 {
    (leading(LABEL) * count(label.len()) + 6.0).max(19.0)
}

fn bars_height(labels: &[Vec<Line>], goal: bool) -> f32 {
    labels.iter().map(|l| bar_height(l)).sum::<f32>() + if goal { 20.0 } else { 6.0 }
}
