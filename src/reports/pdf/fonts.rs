//! The typeface: how wide a text is, which glyphs stand for it, and the part of the font that goes into the file. It holds the
//! promise that no character is ever shown as an empty box. It must not know where on the page a text stands.

use std::collections::BTreeMap;

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::{GlyphMetrics, Metrics};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use subsetter::GlyphRemapper;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

use crate::kernel::{Problem, Result};

const REGULAR: &[u8] = include_bytes!("fonts/AtkinsonHyperlegibleNext_400Regular.ttf");
const BOLD: &[u8] = include_bytes!("fonts/AtkinsonHyperlegibleNext_700Bold.ttf");

/// One weight, and what the document used of it so far.
pub(super) struct Weight {
    pub name: &'static str,
    pub data: &'static [u8],
    characters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    /// In the font's own units.
    pub metrics: Metrics,
    pub used: GlyphRemapper,
    /// New glyph number → the character that it stands for when text is copied, and its width in thousandths.
    pub glyphs: BTreeMap<u16, (char, f32)>,
    pub stem: f32,
}

pub(super) struct Fonts {
    pub regular: Weight,
    pub bold: Weight,
}

/// Glyphs for a stretch of text. `meant` holds what the text says where the glyphs alone would say something else.
pub(super) struct Shown {
    pub codes: Vec<u8>,
    pub meant: Option<String>,
}

impl Weight {
    fn new(name: &'static str, data: &'static [u8], stem: f32) -> Result<Self> {
        let font = FontRef::new(data).map_err(|e| Problem::internal("the typeface can't be read", e))?;
        let (size, location) = (Size::unscaled(), LocationRef::default());
        let (characters, widths, metrics) = (font.charmap(), font.glyph_metrics(size, location), font.metrics(size, location));
        Ok(Self { name, data, characters, widths, metrics, used: GlyphRemapper::new(), glyphs: BTreeMap::new(), stem })
    }

    fn has(&self, c: char) -> bool {
        self.glyph(c) != GlyphId::NOTDEF
    }

    fn glyph(&self, c: char) -> GlyphId {
        self.characters.map(c).unwrap_or(GlyphId::NOTDEF)
    }

    fn advance(&self, c: char) -> f32 {
        self.widths.advance_width(self.glyph(c)).unwrap_or(0.0) / f32::from(self.metrics.units_per_em)
    }

    /// The characters that are drawn for `c`: itself; a spelling that the font has; the letter without its mark; else `?`.
    fn stand_in(&self, c: char) -> Vec<char> {
        if c == '\u{a0}' || c.is_whitespace() {
            return vec![' '];
        }
        if self.has(c) {
            return vec![c];
        }
        let spelled = match c {
            '\u{2010}' | '\u{2011}' => "-",
            '\u{2012}' | '\u{2015}' => "–",
            '→' | '⇒' => "->",
            '←' => "<-",
            '✓' | '✔' | '☑' | '✅' => "[x]",
            '☐' | '□' => "[ ]",
            '●' | '◦' | '▪' => "•",
            '″' => "\"",
            '′' => "'",
            _ => "",
        };
        if !spelled.is_empty() {
            return spelled.chars().collect();
        }
        let mut parts = Vec::new();
        decompose_canonical(c, |part| parts.push(part));
        // Vietnamese carries two marks: keep as many as the font knows.
        (1..parts.len())
            .rev()
            .find_map(|kept| {
                let composed: Vec<char> = parts[..kept].iter().copied().nfc().collect();
                (composed.len() == 1 && self.has(composed[0])).then_some(composed)
            })
            .unwrap_or_else(|| vec!['?'])
    }

    pub(super) fn width(&self, text: &str) -> f32 {
        text.chars().flat_map(|c| self.stand_in(c)).map(|c| self.advance(c)).sum()
    }

    /// Notes the glyphs as used, and cuts the text where what is drawn isn't what is meant.
    pub(super) fn show(&mut self, text: &str) -> Vec<Shown> {
        let mut out: Vec<Shown> = Vec::new();
        for c in text.chars() {
            let drawn = self.stand_in(c);
            let mut same = drawn == [c] || c == '\u{a0}' || c.is_whitespace();
            let mut codes = Vec::new();
            for d in drawn {
                // A font has at most 65,535 glyphs.
                let code = self.used.remap(u16::try_from(self.glyph(d).to_u32()).unwrap_or(0));
                let width = self.advance(d) * 1000.0;
                // Two characters may share a glyph (Δ and ∆); only the first is what copying gives.
                same &= self.glyphs.entry(code).or_insert((d, width)).0 == d;
                codes.extend(code.to_be_bytes());
            }
            match out.last_mut() {
                Some(last) if same && last.meant.is_none() => last.codes.extend(codes),
                Some(Shown { codes: before, meant: Some(meant) }) if !same => {
                    before.extend(codes);
                    meant.push(c);
                }
                _ => out.push(Shown { codes, meant: (!same).then(|| c.to_string()) }),
            }
        }
        out
    }
}

impl Fonts {
    pub(super) fn load() -> Result<Self> {
        Ok(Self {
            regular: Weight::new("AtkinsonHyperlegibleNext-Regular", REGULAR, 84.0)?,
            bold: Weight::new("AtkinsonHyperlegibleNext-Bold", BOLD, 140.0)?,
        })
    }

    pub(super) fn of(&self, bold: bool) -> &Weight {
        if bold { &self.bold } else { &self.regular }
    }

    pub(super) fn of_mut(&mut self, bold: bool) -> &mut Weight {
        if bold { &mut self.bold } else { &mut self.regular }
    }
}

/// Text as it is laid: composed letters, and nothing that has no shape of its own (control and format characters).
pub(super) fn clean(text: &str) -> String {
    text.nfc()
        .filter(|&c| {
            c == '\n'
                || c == '\t'
                || !(c.is_control()
                    || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> String {
        let fonts = Fonts::load().unwrap();
        clean(text).chars().flat_map(|c| fonts.regular.stand_in(c)).collect()
    }

    #[test]
    fn a_character_that_the_font_lacks_is_spelled_or_stripped_or_asked_for() {
        assert_eq!(drawn("Nguyễn"), "Nguyên");
        assert_eq!(drawn("n\u{0303}ino"), "ñino");
        assert_eq!(drawn("A → B ✓"), "A -> B [x]");
        assert_eq!(drawn("李"), "?");
    }

    #[test]
    fn what_is_meant_stays_in_the_file_where_a_stand_in_is_drawn() {
        let mut fonts = Fonts::load().unwrap();
        let parts: Vec<_> = fonts.bold.show("Nguyễn 李").into_iter().map(|s| (s.codes.len() / 2, s.meant)).collect();
        assert_eq!(parts, [(4, None), (1, Some("ễ".into())), (2, None), (1, Some("李".into()))]);
    }
}
