//! One version's whole text in one language: head, sections, clauses, consents; its printed form and its hash.
//! Knows nothing of versions' states or of the database.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::kernel::{Result, digest};

/// What sort of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    BoardPolicy,
    Agreement,
    ConsentForm,
    Procedure,
    Notice,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::BoardPolicy, Self::Agreement, Self::ConsentForm, Self::Procedure, Self::Notice];

    pub fn name(self) -> &'static str {
        match self {
            Self::BoardPolicy => "board_policy",
            Self::Agreement => "agreement",
            Self::ConsentForm => "consent_form",
            Self::Procedure => "procedure",
            Self::Notice => "notice",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text")]
pub enum Audience {
    #[sqlx(rename = "all")]
    #[serde(rename = "all")]
    All,
    #[sqlx(rename = "staff")]
    #[serde(rename = "staff")]
    Staff,
    #[sqlx(rename = "families")]
    #[serde(rename = "families")]
    Families,
    #[sqlx(rename = "students K-2")]
    #[serde(rename = "students K-2")]
    StudentsK2,
    #[sqlx(rename = "students 3-5")]
    #[serde(rename = "students 3-5")]
    Students35,
    #[sqlx(rename = "students 6-8")]
    #[serde(rename = "students 6-8")]
    Students68,
    #[sqlx(rename = "students 9-12")]
    #[serde(rename = "students 9-12")]
    Students912,
}

impl Audience {
    pub const ALL: [Self; 7] =
        [Self::All, Self::Staff, Self::Families, Self::StudentsK2, Self::Students35, Self::Students68, Self::Students912];

    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Staff => "staff",
            Self::Families => "families",
            Self::StudentsK2 => "students K-2",
            Self::Students35 => "students 3-5",
            Self::Students68 => "students 6-8",
            Self::Students912 => "students 9-12",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }
}

/// One question of a consent form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub id: String,
    pub ask: String,
    pub yes: String,
    pub no: String,
    /// What the child does instead.
    pub after_no: String,
    /// A no to this one declines the form; exactly one is principal.
    #[serde(default)]
    pub principal: bool,
}

/// One idea of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Stable through all versions and languages.
    pub id: String,
    /// The legal elements that it answers.
    pub elements: Vec<String>,
    /// Markdown, without headings.
    pub body: String,
}

impl Clause {
    /// SHA-256 of the clause: what an editor hands back as `expected`.
    pub fn hash(&self) -> String {
        digest::sha256_hex(format!("{}\n{}\n{}", self.id, self.elements.join(","), self.body))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub clauses: Vec<Clause>,
}

/// What is asked of a reader and in which words: everything that is hashed and frozen with the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    pub language: String,
    pub title: String,
    pub summary: String,
    /// What a person agrees to; empty where nobody is asked.
    pub statement: String,
    /// What happens after a no; empty where nobody is asked.
    pub if_declined: String,
    pub consents: Vec<Consent>,
    pub sections: Vec<Section>,
}

/// A document as a file holds it: the text, and what is said of the document as such.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub kind: Kind,
    pub audience: Audience,
    /// School grade (Flesch-Kincaid) under which the text should stay: a hint.
    pub reading_ceiling: Option<f64>,
    pub review_months: i64,
    pub text: Text,
}

impl Text {
    /// SHA-256 of the canonical JSON (RFC 8785) of the whole text in this language.
    pub fn hash(&self) -> Result<String> {
        digest::record_hash(self)
    }

    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.sections.iter().flat_map(|s| s.clauses.iter())
    }

    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses().find(|c| c.id == id)
    }

    pub fn clause_mut(&mut self, id: &str) -> Option<&mut Clause> {
        self.sections.iter_mut().flat_map(|s| s.clauses.iter_mut()).find(|c| c.id == id)
    }

    /// Section and clause ids in order: languages of one version must agree in it.
    pub fn outline(&self) -> Vec<(&str, &str)> {
        self.sections.iter().flat_map(|s| s.clauses.iter().map(|c| (s.id.as_str(), c.id.as_str()))).collect()
    }

    /// Takes the clause out; a section that has none left goes with it.
    pub fn remove(&mut self, id: &str) -> Option<Clause> {
        let (s, c) = self.place(id)?;
        let clause = self.sections[s].clauses.remove(c);
        if self.sections[s].clauses.is_empty() {
            self.sections.remove(s);
        }
        Some(clause)
    }

    /// Indices of section and clause.
    pub fn place(&self, id: &str) -> Option<(usize, usize)> {
        self.sections.iter().enumerate().find_map(|(s, section)| section.clauses.iter().position(|c| c.id == id).map(|c| (s, c)))
    }

    /// Every piece of wording, in reading order.
    fn wordings(&self) -> impl Iterator<Item = &str> {
        [&self.title, &self.summary, &self.statement, &self.if_declined]
            .into_iter()
            .map(String::as_str)
            .chain(self.consents.iter().flat_map(|c| [c.ask.as_str(), &c.yes, &c.no, &c.after_no]))
            .chain(self.sections.iter().flat_map(|s| std::iter::once(s.title.as_str()).chain(s.clauses.iter().map(|c| c.body.as_str()))))
    }

    fn wordings_mut(&mut self) -> impl Iterator<Item = &mut String> {
        [&mut self.title, &mut self.summary, &mut self.statement, &mut self.if_declined]
            .into_iter()
            .chain(self.consents.iter_mut().flat_map(|c| [&mut c.ask, &mut c.yes, &mut c.no, &mut c.after_no]))
            .chain(self.sections.iter_mut().flat_map(|s| std::iter::once(&mut s.title).chain(s.clauses.iter_mut().map(|c| &mut c.body))))
    }

    /// Names of the blanks that are still open, each once, in reading order.
    pub fn blanks(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for name in self.wordings().flat_map(blanks_in) {
            if seen.insert(name) {
                found.push(name.to_owned());
            }
        }
        found
    }

    /// Writes the value into every place of the blank; how many there were.
    pub fn fill(&mut self, name: &str, value: &str) -> usize {
        let mark = format!("[[{name}]]");
        let mut filled = 0;
        for words in self.wordings_mut() {
            filled += words.matches(&mark).count();
            *words = words.replace(&mark, value);
        }
        filled
    }

    /// Whole minutes to read it at 200 words a minute; at least 1.
    pub fn minutes(&self) -> i64 {
        let words: usize = self.wordings().map(|w| w.split_whitespace().count()).sum();
        i64::try_from(words.div_ceil(200)).unwrap_or(i64::MAX).max(1)
    }

    /// All running words (not titles), as reading level counts them.
    pub fn running(&self) -> String {
        let mut out = String::new();
        for words in [&self.summary, &self.statement, &self.if_declined].into_iter().chain(self.clauses().map(|c| &c.body)) {
            out.push_str(words);
            out.push_str("\n\n");
        }
        out
    }
}

fn blanks_in(words: &str) -> impl Iterator<Item = &str> {
    words.split("[[").skip(1).filter_map(|rest| rest.split_once("]]").map(|(name, _)| name)).filter(|name| !name.is_empty())
}

impl Document {
    /// The file's text. Reading it again gives the same document; the shipped files come out byte for byte.
    pub fn print(&self) -> String {
        let text = &self.text;
        let mut out = String::from("+++\n");
        let mut field = |name: &str, value: &str| {
            let _ = writeln!(out, "{name} = {}", quoted(value));
        };
        field("title", &text.title);
        field("kind", self.kind.name());
        field("audience", self.audience.name());
        field("language", &text.language);
        if let Some(ceiling) = self.reading_ceiling {
            let _ = writeln!(out, "reading_ceiling = {ceiling}");
        }
        let _ = writeln!(out, "review_months = {}", self.review_months);
        let _ = writeln!(out, "summary = {}", quoted(&text.summary));
        for (name, value) in [("statement", &text.statement), ("if_declined", &text.if_declined)] {
            if !value.is_empty() {
                let _ = writeln!(out, "{name} = {}", quoted(value));
            }
        }
        for consent in &text.consents {
            out.push_str("\n[[consent]]\n");
            for (name, value) in
                [("id", &consent.id), ("ask", &consent.ask), ("yes", &consent.yes), ("no", &consent.no), ("after_no", &consent.after_no)]
            {
                let _ = writeln!(out, "{name} = {}", quoted(value));
            }
            if consent.principal {
                out.push_str("principal = true\n");
            }
        }
        out.push_str("+++\n");
        for section in &text.sections {
            let _ = write!(out, "\n## {} {{#{}}}\n", section.title, section.id);
            for clause in &section.clauses {
                let _ = write!(out, "\n### {}\n", clause.id);
                if !clause.elements.is_empty() {
                    let _ = writeln!(out, "elements: {}", clause.elements.join(", "));
                }
                out.push_str(&clause.body);
                out.push('\n');
            }
        }
        out
    }
}

/// A TOML basic string.
fn quoted(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether an id of a section, clause, consent or slug is well formed: 1 to 60 of a-z, 0-9 and hyphen, beginning with a letter.
pub fn is_id(id: &str) -> bool {
    id.len() <= 60
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Longest Markdown of one clause, in characters.
pub const LONGEST_CLAUSE: usize = 20_000;

/// Trims a clause's Markdown and says what is wrong with it: empty, too long, or with a line that would read as a heading.
pub fn clean_body(body: &str) -> Result<String, String> {
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    let body = body.trim_matches('\n').trim_end().to_owned();
    if body.trim().is_empty() {
        return Err("write the words of the clause, or remove the clause".into());
    }
    if body.chars().count() > LONGEST_CLAUSE {
        return Err(format!("a clause holds at most {LONGEST_CLAUSE} characters: split it, a clause is one idea"));
    }
    if body.lines().any(|l| ["# ", "## ", "### "].iter().any(|h| l.starts_with(h)) || l == "+++") {
        return Err("a clause holds no heading: a heading starts a section of its own".into());
    }
    if body.starts_with("elements:") {
        return Err("a clause's words can't begin with “elements:”: the elements are set beside the words".into());
    }
    if body.contains('\0') {
        return Err("the words hold a character that can't be stored (NUL)".into());
    }
    Ok(body)
}
