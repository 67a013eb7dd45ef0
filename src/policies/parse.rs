//! Reads the files of the library: a head in TOML between `+++` lines, then `## Title {#id}` and `### clause-id` with Markdown
//! under it. Says what is wrong by line, all of it at once; what could be read is given all the same.

use std::collections::HashMap;

use serde::Deserialize;

use super::text::{Audience, Clause, Consent, Document, Kind, Section, Text, clean_body, is_id};
use crate::kernel::{Finding, Severity};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: Option<String>,
    kind: Option<String>,
    audience: Option<String>,
    language: Option<String>,
    reading_ceiling: Option<f64>,
    review_months: Option<i64>,
    summary: Option<String>,
    statement: Option<String>,
    if_declined: Option<String>,
    #[serde(default)]
    consent: Vec<Consent>,
}

/// What a file holds.
#[derive(Debug)]
pub struct Parsed {
    /// `None` when the head is too broken to say what the document is.
    pub document: Option<Document>,
    pub findings: Vec<Finding>,
    /// The line of each clause and (as `#id`) each section.
    pub lines: HashMap<String, usize>,
}

impl Parsed {
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }

    /// The line of a clause, or of the head where there is none.
    pub fn line_of(&self, id: &str) -> usize {
        self.lines.get(id).copied().unwrap_or(1)
    }
}

/// Reads one file; `file` is the name that findings carry.
pub fn parse(file: &str, source: &str) -> Parsed {
    let source = source.replace("\r\n", "\n");
    let mut reader = Reader { file, findings: Vec::new(), lines: HashMap::new() };
    let lines: Vec<&str> = source.lines().collect();
    let end = (lines.first() == Some(&"+++")).then(|| lines.iter().skip(1).position(|l| *l == "+++")).flatten().map(|n| n + 1);
    let Some(end) = end else {
        reader.error(1, "the file must begin with a head in TOML between two lines `+++`");
        return Parsed { document: None, findings: reader.findings, lines: reader.lines };
    };
    let head = reader.head(&lines[1..end]);
    let sections = reader.body(&lines[end + 1..], end + 2);
    let document = head.and_then(|head| document(&mut reader, head, sections, &lines[1..end]));
    Parsed { document, findings: reader.findings, lines: reader.lines }
}

struct Reader<'a> {
    file: &'a str,
    findings: Vec<Finding>,
    lines: HashMap<String, usize>,
}

impl Reader<'_> {
    fn error(&mut self, line: usize, text: impl Into<String>) {
        self.findings.push(Finding { file: self.file.to_owned(), line, severity: Severity::Error, text: text.into() });
    }

    fn head(&mut self, lines: &[&str]) -> Option<Head> {
        let toml = lines.join("\n");
        match toml::from_str::<Head>(&toml) {
            Ok(head) => Some(head),
            Err(problem) => {
                let start = problem.span().map_or(0, |span| span.start.min(toml.len()));
                let line = toml.get(..start).unwrap_or_default().matches('\n').count() + 2;
                self.error(line, format!("the head can't be read: {}", problem.message()));
                None
            }
        }
    }

    /// `first` is the number of the first of the lines in the file.
    fn body(&mut self, lines: &[&str], first: usize) -> Vec<Section> {
        let mut sections: Vec<Section> = Vec::new();
        let mut clause: Option<(String, usize, Vec<&str>)> = None;
        for (n, line) in lines.iter().enumerate() {
            let number = first + n;
            if let Some(heading) = line.strip_prefix("## ") {
                self.close(&mut sections, clause.take());
                let (title, id) = self.section_heading(heading, number);
                self.note(format!("#{id}"), number, "section");
                sections.push(Section { id, title, clauses: Vec::new() });
            } else if let Some(id) = line.strip_prefix("### ") {
                self.close(&mut sections, clause.take());
                let id = id.trim().to_owned();
                if !is_id(&id) {
                    self.error(number, format!("“{id}” is no clause id: use lower-case letters, digits and hyphens, such as why-purpose"));
                }
                if sections.is_empty() {
                    self.error(number, "a clause stands under a section: write `## Title {#section-id}` above it");
                    sections.push(Section { id: String::new(), title: String::new(), clauses: Vec::new() });
                }
                self.note(id.clone(), number, "clause");
                clause = Some((id, number, Vec::new()));
            } else if let Some((_, _, body)) = &mut clause {
                body.push(line);
            } else if !line.trim().is_empty() {
                self.error(number, "these words belong to no clause: write `### clause-id` above them");
            }
        }
        self.close(&mut sections, clause.take());
        for section in &sections {
            if section.clauses.is_empty() {
                let line = self.lines.get(&format!("#{}", section.id)).copied().unwrap_or(1);
                self.error(line, format!("the section “{}” has no clause: write `### clause-id` and its words under it", section.title));
            }
        }
        sections
    }

    fn section_heading(&mut self, heading: &str, line: usize) -> (String, String) {
        let parts = heading.trim_end().strip_suffix('}').and_then(|h| h.rsplit_once("{#"));
        let Some((title, id)) = parts else {
            self.error(line, "a section's heading ends with its id: `## Title {#section-id}`");
            return (heading.trim().to_owned(), String::new());
        };
        if !is_id(id) {
            self.error(line, format!("“{id}” is no section id: use lower-case letters, digits and hyphens"));
        }
        if title.trim().is_empty() {
            self.error(line, "give the section a title");
        }
        (title.trim().to_owned(), id.to_owned())
    }

    fn note(&mut self, id: String, line: usize, what: &str) {
        if let Some(before) = self.lines.get(&id).copied() {
            let shown = id.trim_start_matches('#').to_owned();
            self.error(line, format!("the {what} id “{shown}” is used twice, first in line {before}: each id names one {what}"));
        } else {
            self.lines.insert(id, line);
        }
    }

    fn close(&mut self, sections: &mut [Section], clause: Option<(String, usize, Vec<&str>)>) {
        let Some((id, line, body)) = clause else { return };
        let mut body = body.as_slice();
        let mut elements = Vec::new();
        if let Some(list) = body.first().and_then(|l| l.strip_prefix("elements:")) {
            elements = list.split(',').map(|e| e.trim().to_owned()).filter(|e| !e.is_empty()).collect();
            body = &body[1..];
            for element in &elements {
                if super::elements::find(element).is_none() {
                    self.error(line + 1, format!("“{element}” is no known legal element: `assent policy elements` lists them"));
                }
            }
        }
        let body = clean_body(&body.join("\n")).unwrap_or_else(|wrong| {
            self.error(line, format!("clause {id}: {wrong}"));
            String::new()
        });
        if let Some(section) = sections.last_mut() {
            section.clauses.push(Clause { id, elements, body });
        }
    }
}

fn document(reader: &mut Reader<'_>, head: Head, sections: Vec<Section>, lines: &[&str]) -> Option<Document> {
    let line_of = |field: &str| {
        lines.iter().position(|l| l.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with('='))).map_or(1, |n| n + 2)
    };
    let mut needed = |field: &str, value: Option<String>| {
        let value = value.unwrap_or_default().trim().to_owned();
        if value.is_empty() {
            reader.error(line_of(field), format!("the head lacks `{field}`: write `{field} = \"…\"`"));
        }
        value
    };
    let title = needed("title", head.title);
    let kind = needed("kind", head.kind);
    let audience = needed("audience", head.audience);
    let language = needed("language", head.language);
    let summary = needed("summary", head.summary);
    let known_kind = Kind::named(&kind);
    if known_kind.is_none() && !kind.is_empty() {
        let names: Vec<_> = Kind::ALL.iter().map(|k| k.name()).collect();
        reader.error(line_of("kind"), format!("“{kind}” is no kind of document: choose one of {}", names.join(", ")));
    }
    let known_audience = Audience::named(&audience);
    if known_audience.is_none() && !audience.is_empty() {
        let names: Vec<_> = Audience::ALL.iter().map(|a| a.name()).collect();
        reader.error(line_of("audience"), format!("“{audience}” is no audience: choose one of {}", names.join(", ")));
    }
    if !head.review_months.is_some_and(|m| (1..=120).contains(&m)) {
        reader.error(line_of("review_months"), "the head lacks `review_months`, a whole number of months from 1 to 120");
    }
    if head.reading_ceiling.is_some_and(|c| !(0.0..=20.0).contains(&c)) {
        reader.error(line_of("reading_ceiling"), "`reading_ceiling` is a school grade from 0 to 20");
    }
    let statement = head.statement.unwrap_or_default();
    let if_declined = head.if_declined.unwrap_or_default();
    for (field, value) in [("statement", &statement), ("if_declined", &if_declined)] {
        if known_kind == Some(Kind::Agreement) && value.trim().is_empty() {
            reader.error(line_of(field), format!("an agreement needs `{field}` in its head"));
        }
    }
    consents(reader, known_kind, &head.consent, lines);
    Some(Document {
        kind: known_kind?,
        audience: known_audience?,
        reading_ceiling: head.reading_ceiling,
        review_months: head.review_months?,
        text: Text { language, title, summary, statement, if_declined, consents: head.consent, sections },
    })
}

fn consents(reader: &mut Reader<'_>, kind: Option<Kind>, consents: &[Consent], lines: &[&str]) {
    let starts: Vec<usize> = lines.iter().enumerate().filter(|(_, l)| l.trim() == "[[consent]]").map(|(n, _)| n + 2).collect();
    let line = |n: usize| starts.get(n).copied().unwrap_or(1);
    match (kind, consents.is_empty()) {
        (Some(Kind::ConsentForm), true) => reader.error(1, "a consent form asks at least one consent: add [[consent]] to its head"),
        (Some(Kind::ConsentForm), false) => {
            let principal = consents.iter().filter(|c| c.principal).count();
            if principal != 1 {
                reader.error(line(0), format!("exactly one consent is principal, here {principal} are: write `principal = true` in one"));
            }
        }
        (Some(_), false) => reader.error(line(0), "only a consent form asks consents: make it kind = \"consent_form\" or take them out"),
        _ => {}
    }
    for (n, consent) in consents.iter().enumerate() {
        if !is_id(&consent.id) {
            reader.error(line(n), format!("“{}” is no consent id: use lower-case letters, digits and hyphens", consent.id));
        }
        if consents[..n].iter().any(|c| c.id == consent.id) {
            reader.error(line(n), format!("the consent id “{}” is used twice", consent.id));
        }
        if [&consent.ask, &consent.yes, &consent.no, &consent.after_no].iter().any(|w| w.trim().is_empty()) {
            reader.error(line(n), format!("consent {}: write ask, yes, no and after_no", consent.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "+++\ntitle = \"T\"\nkind = \"procedure\"\naudience = \"staff\"\nlanguage = \"en\"\nreading_ceiling = 6.5\n\
                         review_months = 12\nsummary = \"S \\\"quoted\\\".\"\n+++\n\n## Why {#why}\n\n### why-one\nelements: CIPA-EDU\n\
                         First.\n\n- a\n- b\n\n### why-two\nSecond.\n";

    #[test]
    fn a_printed_document_reads_back_the_same() {
        let parsed = parse("x.md", SMALL);
        assert_eq!(parsed.findings, []);
        let document = parsed.document.unwrap();
        assert_eq!(document.print(), SMALL);
        assert_eq!(document.text.clause("why-one").unwrap().body, "First.\n\n- a\n- b");
        assert_eq!(parse("x.md", &document.print()).document.unwrap(), document);
    }

    #[test]
    fn each_mistake_is_named_by_its_line() {
        let broken = SMALL.replace("kind = \"procedure\"", "kind = \"law\"").replace("CIPA-EDU", "CIPA-NEW").replace("why-two", "why-one");
        let found: Vec<(usize, String)> = parse("x.md", &broken).findings.into_iter().map(|f| (f.line, f.text)).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().any(|(line, text)| *line == 20 && text.contains("used twice, first in line 13")), "{found:?}");
        assert!(found.iter().any(|(line, text)| *line == 14 && text.contains("CIPA-NEW")), "{found:?}");
        assert!(found.iter().any(|(line, text)| *line == 3 && text.contains("“law” is no kind")), "{found:?}");
    }

    #[test]
    fn a_head_that_is_no_toml_names_its_line() {
        let parsed = parse("x.md", &SMALL.replace("language = \"en\"", "language = en"));
        assert!(parsed.document.is_none());
        assert_eq!(parsed.findings[0].line, 5);
        let unknown = parse("x.md", &SMALL.replace("language", "sprache"));
        assert_eq!(unknown.findings[0].line, 5);
    }
}
