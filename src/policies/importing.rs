//! Texts that were written elsewhere, made into sections and clauses: the product's own files, plain Markdown, Word. A heading begins a
//! section, a paragraph with the list under it is a clause. Nothing is guessed about the law: elements are set by people, afterwards.

use super::docx::{self, Paragraph, Style};
use super::text::{Clause, Section, Text, clean_body};
use crate::kernel::{Problem, Result};

/// Largest file that is read: 10 MiB.
pub const LARGEST: usize = 10 << 20;

/// Reads a file that was handed in; what it is, its bytes say. `language` is that of its words, `fallback` the title where it has none.
///
/// # Errors
/// `Invalid` under `file`, with words that say what is wrong and how to mend it.
pub fn read(bytes: &[u8], language: &str, fallback: &str) -> Result<Text> {
    let wrong = |text: &str| Problem::invalid("file", text);
    if bytes.is_empty() {
        return Err(wrong("This file is empty: choose it again."));
    }
    if bytes.len() > LARGEST {
        return Err(wrong("This file is larger than 10 MB: hand in the words without the pictures."));
    }
    let paragraphs = if bytes.starts_with(b"PK\x03\x04") {
        docx::read(bytes).map_err(wrong)?
    } else {
        let source = std::str::from_utf8(bytes)
            .map_err(|_| wrong("This is neither a Word document (.docx) nor text in UTF-8: save it as one of these."))?;
        let source = source.trim_start_matches('\u{feff}');
        if source.contains('\0') {
            return Err(wrong("This is neither a Word document (.docx) nor text in UTF-8: save it as one of these."));
        }
        if source.starts_with("+++\n") || source.starts_with("+++\r\n") {
            let parsed = super::parse("file", source);
            let errors: Vec<String> = parsed.findings.iter().map(|f| format!("line {}: {}", f.line, f.text)).collect();
            return match parsed.document {
                Some(document) if errors.is_empty() => Ok(document.text),
                _ => Err(wrong(&errors.join("\n"))),
            };
        }
        markdown(source)
    };
    text(paragraphs, language, fallback)
}

/// Plain Markdown by its blocks: headings, list items with what hangs on them, everything else.
fn markdown(source: &str) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    let mut fenced = false;
    let close = |block: &mut Vec<&str>, out: &mut Vec<Paragraph>| {
        let text = block.join("\n");
        block.clear();
        if text.trim().is_empty() {
            return;
        }
        let style = if is_item(&text) { Style::Item } else { Style::Plain };
        out.push(Paragraph { style, text });
    };
    for line in source.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let level = line.bytes().take_while(|b| *b == b'#').count();
        if !fenced && (1..=6).contains(&level) && line[level..].starts_with([' ', '\t']) {
            close(&mut block, &mut out);
            let title = line[level..].trim().trim_end_matches('#').trim();
            let title = title.rsplit_once("{#").filter(|(_, id)| id.ends_with('}')).map_or(title, |(title, _)| title.trim());
            out.push(Paragraph { style: Style::Heading(u8::try_from(level).unwrap_or(6)), text: title.to_owned() });
        } else if line.trim().is_empty() && !fenced {
            close(&mut block, &mut out);
        } else {
            block.push(line);
        }
    }
    close(&mut block, &mut out);
    out
}

fn is_item(text: &str) -> bool {
    let first = text.trim_start();
    let digits = first.chars().take_while(char::is_ascii_digit).count();
    ["- ", "* ", "+ "].iter().any(|mark| first.starts_with(mark))
        || (digits > 0 && first[digits..].starts_with(". "))
        || text.starts_with("  ")
}

fn text(paragraphs: Vec<Paragraph>, language: &str, fallback: &str) -> Result<Text> {
    let level = |p: &Paragraph| if let Style::Heading(level) = p.style { Some(level) } else { None };
    let titled = paragraphs.iter().find(|p| p.style == Style::Title);
    let top = paragraphs.iter().filter_map(level).min();
    // One heading above all others, at the beginning, is the title.
    let alone = top.filter(|top| {
        titled.is_none()
            && paragraphs.iter().filter(|p| level(p) == Some(*top)).count() == 1
            && paragraphs.first().and_then(level) == Some(*top)
            && paragraphs.iter().filter_map(level).any(|l| l > *top)
    });
    let title = titled.or(paragraphs.first().filter(|_| alone.is_some())).map_or(fallback, |p| p.text.as_str());
    let sections_at = paragraphs.iter().filter_map(level).filter(|l| alone.is_none_or(|alone| *l > alone)).min();
    let mut sections: Vec<Section> = Vec::new();
    let mut lead = String::new();
    let begin = |title: &str, sections: &mut Vec<Section>| {
        let id = fresh(&id_of(title), |id| sections.iter().any(|s| s.id == id));
        sections.push(Section { id, title: one_line(title), clauses: Vec::new() });
    };
    for paragraph in &paragraphs {
        match paragraph.style {
            Style::Title => {}
            Style::Heading(level) if Some(level) == alone => {}
            Style::Heading(level) if Some(level) == sections_at => begin(&paragraph.text, &mut sections),
            // A heading below a section's stands in bold at the head of the next clause.
            Style::Heading(_) => lead = format!("**{}**\n\n", one_line(&paragraph.text)),
            Style::Item | Style::Plain => {
                if sections.is_empty() {
                    begin(title, &mut sections);
                }
                let ids: Vec<String> = sections.iter().flat_map(|s| s.clauses.iter().map(|c| c.id.clone())).collect();
                let Some(section) = sections.last_mut() else { continue };
                let item = paragraph.style == Style::Item;
                let words = if item && !is_item(&paragraph.text) { format!("- {}", paragraph.text) } else { paragraph.text.clone() };
                match section.clauses.last_mut() {
                    Some(clause) if item && lead.is_empty() => {
                        let listed = clause.body.lines().last().is_some_and(is_item);
                        clause.body.push_str(if listed { "\n" } else { "\n\n" });
                        clause.body.push_str(&words);
                    }
                    _ => {
                        let id = fresh(&format!("{}-1", section.id), |id| ids.iter().any(|there| there == id));
                        section.clauses.push(Clause { id, elements: Vec::new(), body: std::mem::take(&mut lead) + &words });
                    }
                }
            }
        }
    }
    sections.retain(|section| !section.clauses.is_empty());
    if sections.is_empty() {
        return Err(Problem::invalid("file", "This file holds no words: a picture of a text can't be read."));
    }
    for clause in sections.iter_mut().flat_map(|s| s.clauses.iter_mut()) {
        clause.body = clean_body(&clause.body).map_err(|wrong| Problem::invalid("file", format!("{}: {wrong}", clause.id)))?;
    }
    Ok(Text {
        language: language.to_owned(),
        title: one_line(title),
        summary: String::new(),
        statement: String::new(),
        if_declined: String::new(),
        consents: Vec::new(),
        sections,
    })
}

/// Without marks and line breaks, at most 200 characters.
fn one_line(text: &str) -> String {
    let plain: String = text.replace("**", "").replace('\\', "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(200).collect()
}

/// An id out of a title: lower-case letters, digits and hyphens, beginning with a letter.
pub fn id_of(title: &str) -> String {
    let mut id = String::new();
    for c in title.to_lowercase().chars() {
        let plain = match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            other => other,
        };
        if plain.is_ascii_alphanumeric() && !(id.is_empty() && plain.is_ascii_digit()) {
            id.push(plain);
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    let id: String = id.trim_matches('-').chars().take(40).collect();
    let id = id.trim_end_matches('-');
    if id.is_empty() { "section".into() } else { id.to_owned() }
}

/// The id, or with the next number that nobody has.
fn fresh(id: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(id) {
        return id.to_owned();
    }
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    (2..100_000).map(|n| format!("{stem}-{n}")).find(|id| !taken(id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_sections_and_clauses() {
        let text =
            read("# Phones\n\nIntro.\n\n## Why\n\nBecause.\n\n- one\n- two\n\nMore.\n\n### When\n\nAt lunch.\n".as_bytes(), "en", "x")
                .unwrap();
        assert_eq!(text.title, "Phones");
        let titles: Vec<&str> = text.sections.iter().map(|s| s.title.as_str()).collect();
        assert_eq!(titles, ["Phones", "Why"]);
        let bodies: Vec<&str> = text.sections[1].clauses.iter().map(|c| c.body.as_str()).collect();
        assert_eq!(bodies, ["Because.\n\n- one\n- two", "More.", "**When**\n\nAt lunch."]);
        let ids: Vec<&str> = text.clauses().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["phones-1", "why-1", "why-2", "why-3"]);
    }

    #[test]
    fn what_is_no_text_is_refused_in_words() {
        for bytes in [b"".as_slice(), b"\xff\xfe\0\0", b"PK\x03\x04 no zip", b"a\0b", b"# Only a heading"] {
            assert!(matches!(read(bytes, "en", "x"), Err(Problem::Invalid(_))), "{bytes:?}");
        }
    }
}
