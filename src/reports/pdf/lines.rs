//! From runs of text to lines of a given width. Lines break after spaces; a word that is longer than a line is cut. It must not
//! know of pages.

use super::fonts::{Fonts, clean};
use crate::reports::document::{Align, Run};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text { text: String, bold: bool },
    Level { level: u8, of: u8, alt: String },
}

/// A line's pieces, each with its distance from the line's start, and how wide they are together (points).
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Line {
    pub pieces: Vec<(f32, Piece)>,
    pub width: f32,
    /// Whether the text goes on after a space, which the file keeps so that copied words don't run together.
    pub goes_on: bool,
}

impl Line {
    /// How far the line moves to the right to stand as asked in `width`.
    pub(super) fn shift(&self, align: Align, width: f32) -> f32 {
        match align {
            Align::Start => 0.0,
            Align::End => (width - self.width).max(0.0),
        }
    }
}

#[derive(Default)]
struct Word {
    pieces: Vec<Piece>,
    /// How the space after it is set; `None` when it ends the text.
    space: Option<bool>,
    breaks: bool,
}

/// Cuts runs into words. All of it is set bold when `bold` asks for it.
fn words(runs: &[Run], bold: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    for run in runs {
        match run {
            Run::Level { level, of, alt } => word.pieces.push(Piece::Level { level: *level, of: *of, alt: clean(alt) }),
            Run::Text { text, bold: own } => {
                let weight = bold || *own;
                for c in clean(text).chars() {
                    if c == '\n' || (c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}') {
                        if word.pieces.is_empty() && c != '\n' {
                            continue;
                        }
                        word.space = Some(weight);
                        word.breaks = c == '\n';
                        words.push(std::mem::take(&mut word));
                    } else if let Some(Piece::Text { text, bold }) = word.pieces.last_mut()
                        && *bold == weight
                    {
                        text.push(c);
                    } else {
                        word.pieces.push(Piece::Text { text: c.to_string(), bold: weight });
                    }
                }
            }
        }
    }
    if !word.pieces.is_empty() {
        words.push(word);
    }
    words
}

pub(super) const BOX: f32 = 0.72;
pub(super) const BOX_STEP: f32 = 0.92;

fn piece_width(fonts: &Fonts, piece: &Piece, size: f32) -> f32 {
    match piece {
        Piece::Text { text, bold } => fonts.of(*bold).width(text) * size,
        Piece::Level { of, .. } => (f32::from(*of) * BOX_STEP - (BOX_STEP - BOX)).max(0.0) * size,
    }
}

fn add(line: &mut Line, piece: Piece, width: f32) {
    let at = line.width;
    line.width += width;
    if let (Some((_, Piece::Text { text, bold })), Piece::Text { text: more, bold: weight }) = (line.pieces.last_mut(), &piece)
        && bold == weight
    {
        text.push_str(more);
    } else {
        line.pieces.push((at, piece));
    }
}

/// A text in lines no wider than `width` at `size` (both in points). A text of nothing has no lines.
pub(super) fn wrap(fonts: &Fonts, runs: &[Run], bold: bool, size: f32, width: f32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    let mut space: Option<bool> = None;
    for word in words(runs, bold) {
        let long: f32 = word.pieces.iter().map(|p| piece_width(fonts, p, size)).sum();
        let gap = space.map_or(0.0, |b| fonts.of(b).width(" ") * size);
        if !line.pieces.is_empty() && line.width + gap + long > width + 0.01 {
            line.goes_on = true;
            lines.push(std::mem::take(&mut line));
        } else if let Some(b) = space
            && !line.pieces.is_empty()
        {
            add(&mut line, Piece::Text { text: " ".into(), bold: b }, gap);
        }
        for piece in word.pieces {
            let wide = piece_width(fonts, &piece, size);
            if line.width + wide <= width + 0.01 {
                add(&mut line, piece, wide);
                continue;
            }
            match piece {
                Piece::Text { text, bold } => cut(fonts, &text, bold, size, width, &mut line, &mut lines),
                Piece::Level { .. } => {
                    if !line.pieces.is_empty() {
                        lines.push(std::mem::take(&mut line));
                    }
                    add(&mut line, piece, wide);
                }
            }
        }
        space = word.space;
        if word.breaks {
            line.goes_on = true;
            lines.push(std::mem::take(&mut line));
            space = None;
        }
    }
    if !line.pieces.is_empty() {
        lines.push(line);
    }
    if let Some(last) = lines.last_mut() {
        last.goes_on = false;
    }
    lines
}

/// Sets a word that is longer than a line letter by letter.
fn cut(fonts: &Fonts, text: &str, bold: bool, size: f32, width: f32, line: &mut Line, lines: &mut Vec<Line>) {
    for c in text.chars() {
        let mut buffer = [0; 4];
        let letter = c.encode_utf8(&mut buffer);
        let wide = fonts.of(bold).width(letter) * size;
        if line.width + wide > width && !line.pieces.is_empty() {
            lines.push(std::mem::take(line));
        }
        add(line, Piece::Text { text: letter.to_owned(), bold }, wide);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[Line]) -> Vec<String> {
        lines
            .iter()
            .map(|line| {
                line.pieces
                    .iter()
                    .map(|(_, p)| match p {
                        Piece::Text { text, bold: true } => format!("*{text}*"),
                        Piece::Text { text, .. } => text.clone(),
                        Piece::Level { level, of, .. } => format!("[{level}/{of}]"),
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn lines_break_after_spaces_and_weights_meet_within_a_word() {
        let fonts = Fonts::load().unwrap();
        let runs = [Run::plain("Answer by "), Run::bold("October 1"), Run::plain(", please. "), Run::level(3, 4, "level 3 of 4")];
        let lines = wrap(&fonts, &runs, false, 10.0, 80.0);
        assert_eq!(told(&lines), ["Answer by", "*October 1*,", "please. [3/4]"]);
        assert!(lines.iter().all(|l| l.width <= 80.01));
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut_and_loses_no_letter() {
        let fonts = Fonts::load().unwrap();
        let word = "Donaudampfschifffahrtsgesellschaft".repeat(3);
        let lines = wrap(&fonts, &[Run::plain(format!("see {word}"))], false, 10.0, 90.0);
        assert!(lines.len() > 3 && lines.iter().all(|l| l.width <= 90.01));
        assert_eq!(told(&lines).concat(), format!("see{word}"));
    }

    #[test]
    fn a_new_line_in_the_text_is_one_on_the_page() {
        let fonts = Fonts::load().unwrap();
        assert_eq!(told(&wrap(&fonts, &[Run::plain("one\n\ntwo")], true, 10.0, 90.0)), ["*one*", "", "*two*"]);
    }
}
