//! Word files (.docx), read as plain XML inside a zip: paragraphs with their style, bold words, list items, tables by row. It follows no
//! link, expands no entity, reads no more than it says, and knows nothing of policies.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;

/// Largest text of a part, unpacked: 16 MiB.
const LARGEST_PART: u64 = 16 << 20;
/// More parts than a document of words has.
const MOST_PARTS: usize = 2_000;
/// Elements within elements.
const DEEPEST: usize = 200;
const MOST_PARAGRAPHS: usize = 20_000;

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Title,
    /// 1 to 6.
    Heading(u8),
    Item,
    Plain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    pub style: Style,
    /// Markdown: what would be a mark is escaped, bold words stand in `**`.
    pub text: String,
}

/// Why a file can't be read, in words for whoever handed it in.
pub type Refused = &'static str;

const NO_DOCUMENT: Refused = "This is no Word document (.docx): save it in Word as “Word document”, and hand in that file.";
const TOO_LARGE: Refused = "The text inside is larger than 16 MB: split the document.";
const BROKEN: Refused = "The document can't be read: it is damaged. Open it in Word, save it again, and hand in that file.";
const ENTITIES: Refused = "The document defines entities of its own, which no Word document does: it isn't read.";

/// Whether the bytes are a Word document: a zip with its table of contents and its body, no path that leads outside, nothing twice.
pub fn is_document(bytes: &[u8]) -> bool {
    open(bytes).is_ok()
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Refused> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NO_DOCUMENT)?;
    if archive.len() > MOST_PARTS {
        return Err(NO_DOCUMENT);
    }
    let names = archive.file_names().collect::<Result<Vec<_>, _>>().map_err(|_| NO_DOCUMENT)?;
    let safe =
        names.iter().all(|name| !name.starts_with('/') && !name.contains(['\\', ':', '\0']) && name.split('/').all(|part| part != ".."));
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let whole = has("[Content_Types].xml") && has("word/document.xml");
    drop(names);
    if safe && whole { Ok(archive) } else { Err(NO_DOCUMENT) }
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, Refused> {
    let Ok(file) = archive.by_name(name) else { return Ok(None) };
    let mut text = Vec::new();
    file.take(LARGEST_PART + 1).read_to_end(&mut text).map_err(|_| BROKEN)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > LARGEST_PART {
        return Err(TOO_LARGE);
    }
    String::from_utf8(text).map(Some).map_err(|_| BROKEN)
}

/// The paragraphs of a document, in order; empty ones are left out.
///
/// # Errors
/// Words that say why it isn't read.
pub fn read(bytes: &[u8]) -> Result<Vec<Paragraph>, Refused> {
    let mut archive = open(bytes)?;
    let styles = match part(&mut archive, "word/styles.xml")? {
        Some(xml) => styles(&xml)?,
        None => HashMap::new(),
    };
    let body = part(&mut archive, "word/document.xml")?.ok_or(NO_DOCUMENT)?;
    paragraphs(&body, &styles)
}

fn value(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let attribute = element.try_get_attribute(key).ok()??;
    attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Reads on, and refuses what would make the reading grow beyond the file.
fn next<'a>(reader: &mut Reader<&'a [u8]>, depth: &mut usize) -> Result<Event<'a>, Refused> {
    let event = reader.read_event().map_err(|_| BROKEN)?;
    match &event {
        Event::DocType(_) => return Err(ENTITIES),
        Event::Start(_) => *depth += 1,
        Event::End(_) => *depth = depth.saturating_sub(1),
        _ => {}
    }
    if *depth > DEEPEST { Err(BROKEN) } else { Ok(event) }
}

/// What a style's id stands for, whatever language Word speaks: its built-in name, or its level in the outline.
fn styles(xml: &str) -> Result<HashMap<String, Style>, Refused> {
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut found, mut id) = (0, HashMap::new(), None);
    loop {
        match next(&mut reader, &mut depth)? {
            Event::Start(e) if e.name().as_ref() == "w:style" => id = value(&e, "w:styleId"),
            Event::Empty(e) | Event::Start(e) => {
                let style = match (e.name().as_ref(), value(&e, "w:val")) {
                    ("w:name", Some(name)) => named(&name),
                    ("w:outlineLvl", Some(level)) => level.parse::<u8>().ok().filter(|l| *l < 6).map(|l| Style::Heading(l + 1)),
                    _ => None,
                };
                if let (Some(style), Some(id)) = (style, &id) {
                    found.insert(id.clone(), style);
                }
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn named(name: &str) -> Option<Style> {
    let name = name.to_lowercase().replace(' ', "");
    match name.as_str() {
        "title" => Some(Style::Title),
        "listparagraph" => None,
        _ => name.strip_prefix("heading").and_then(|n| n.parse().ok()).filter(|n| (1..=6).contains(n)).map(Style::Heading),
    }
}

#[derive(Default)]
struct Open {
    style: Option<Style>,
    item: bool,
    runs: Vec<(bool, String)>,
}

fn paragraphs(xml: &str, styles: &HashMap<String, Style>) -> Result<Vec<Paragraph>, Refused> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0;
    let mut out: Vec<Paragraph> = Vec::new();
    let mut paragraph: Option<Open> = None;
    let (mut bold, mut in_text, mut in_run) = (false, false, false);
    // Cells of the row that is open, where a table is.
    let mut row: Option<Vec<String>> = None;
    loop {
        let event = next(&mut reader, &mut depth)?;
        match &event {
            Event::Start(e) | Event::Empty(e) => {
                let empty = matches!(event, Event::Empty(_));
                match (e.name().as_ref(), &mut paragraph) {
                    ("w:p", _) if !empty => paragraph = Some(Open::default()),
                    ("w:pStyle", Some(open)) => {
                        open.style = value(e, "w:val").and_then(|id| styles.get(&id).copied().or_else(|| named(&id)));
                    }
                    ("w:numPr", Some(open)) => open.item = true,
                    ("w:r", _) if !empty => (bold, in_run) = (false, true),
                    ("w:b", Some(_)) if in_run => bold = !matches!(value(e, "w:val").as_deref(), Some("0" | "false" | "none")),
                    ("w:t", _) => in_text = !empty,
                    ("w:tab", Some(open)) if in_run => open.runs.push((bold, " ".into())),
                    ("w:br" | "w:cr", Some(open)) if in_run => open.runs.push((bold, "\n".into())),
                    ("w:noBreakHyphen", Some(open)) => open.runs.push((bold, "-".into())),
                    ("w:tr", _) if !empty => row = Some(Vec::new()),
                    ("w:tc", _) => row.iter_mut().for_each(|cells| cells.push(String::new())),
                    _ => {}
                }
            }
            Event::End(e) => match e.name().as_ref() {
                "w:t" => in_text = false,
                "w:r" => in_run = false,
                "w:p" => {
                    if let Some(done) = paragraph.take() {
                        let text = markdown(&done.runs);
                        match row.as_mut().and_then(|cells| cells.last_mut()) {
                            Some(cell) if !text.is_empty() => {
                                cell.push_str(if cell.is_empty() { "" } else { " " });
                                cell.push_str(&text.replace('\n', " "));
                            }
                            Some(_) => {}
                            None => {
                                let style = done.style.unwrap_or(if done.item { Style::Item } else { Style::Plain });
                                push(&mut out, style, text)?;
                            }
                        }
                    }
                }
                "w:tr" => {
                    if let Some(cells) = row.take() {
                        let cells: Vec<String> = cells.into_iter().filter(|c| !c.is_empty()).collect();
                        push(&mut out, Style::Plain, cells.join(" — "))?;
                    }
                }
                _ => {}
            },
            Event::Text(text) if in_text => {
                if let Some(open) = &mut paragraph {
                    open.runs.push((bold, text.xml10_content().into_owned()));
                }
            }
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().map_err(|_| BROKEN)? {
                    Some(character) => character,
                    None => match reference.xml10_content().as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return Err(ENTITIES),
                    },
                };
                if in_text && let Some(open) = &mut paragraph {
                    open.runs.push((bold, character.to_string()));
                }
            }
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}

fn push(out: &mut Vec<Paragraph>, style: Style, text: String) -> Result<(), Refused> {
    if text.trim().is_empty() {
        return Ok(());
    }
    if out.len() >= MOST_PARAGRAPHS {
        return Err(TOO_LARGE);
    }
    out.push(Paragraph { style, text });
    Ok(())
}

/// Runs of words as Markdown. Neighbours of one weight are joined; blanks stay outside the marks.
fn markdown(runs: &[(bool, String)]) -> String {
    let mut joined: Vec<(bool, String)> = Vec::new();
    for (bold, text) in runs {
        match joined.last_mut() {
            Some((same, last)) if same == bold => last.push_str(text),
            _ => joined.push((*bold, text.clone())),
        }
    }
    let mut out = String::new();
    for (bold, text) in joined {
        let clean: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let core = clean.trim();
        if bold && !core.is_empty() {
            let before = &clean[..clean.len() - clean.trim_start().len()];
            let after = &clean[clean.trim_end().len()..];
            out.push_str(before);
            out.push_str("**");
            out.push_str(&escaped(core));
            out.push_str("**");
            out.push_str(after);
        } else {
            out.push_str(&escaped(&clean));
        }
    }
    let lines: Vec<String> = out.lines().map(|line| harmless(line.trim())).filter(|line| !line.is_empty()).collect();
    lines.join("\\\n")
}

/// Without what Markdown would take for a mark.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '<' | '~' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line that begins neither a heading nor a list nor a quotation, whatever its first character.
fn harmless(line: &str) -> String {
    let marks = line.starts_with(['#', '-', '+', '>', '=']);
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    if marks {
        format!("\\{line}")
    } else if digits > 0 && line[digits..].starts_with(['.', ')']) {
        format!("{}\\{}", &line[..digits], &line[digits..])
    } else {
        line.to_owned()
    }
}
