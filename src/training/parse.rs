//! Reads the files of one course folder into a [`Content`], and says by file and line what can't be read and what breaks the
//! rules. `courses/README.md` describes the form.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::content::{Audience, Choice, CipaTopic, Content, Kind, Lesson, Place, Question, Text, Topic};
use crate::kernel::{Finding, Severity};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHead {
    topic: Option<Spanned<String>>,
    audience: Option<Spanned<String>>,
    pass_mark: Option<i64>,
    reading_ceiling: Option<f64>,
    review_months: Option<i64>,
    #[serde(default)]
    elements: Vec<String>,
    #[serde(default)]
    cipa_topics: Vec<Spanned<String>>,
    #[serde(default)]
    objectives: Vec<String>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    title: BTreeMap<String, String>,
    #[serde(default)]
    summary: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLesson {
    #[serde(default)]
    title: String,
    #[serde(default)]
    minutes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestions {
    #[serde(default)]
    question: Vec<Spanned<RawQuestion>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    #[serde(default)]
    id: String,
    kind: Option<Spanned<String>>,
    #[serde(default)]
    ask: String,
    #[serde(default)]
    choice: Vec<Spanned<RawChoice>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    #[serde(default)]
    text: String,
    #[serde(default)]
    right: bool,
    #[serde(default)]
    feedback: String,
}

/// What a course folder holds. `content` is `None` while it has errors.
#[derive(Debug)]
pub struct Parsed {
    pub content: Option<Content>,
    pub findings: Vec<Finding>,
}

/// Reads the course folder `slug`; `files` by path below it (`course.toml`, `en/questions.toml`). Findings carry `slug/path`.
pub fn parse(slug: &str, files: &BTreeMap<String, String>) -> Parsed {
    let mut reader = Reader { slug, files, findings: Vec::new(), lines: BTreeMap::new() };
    for (file, text) in files {
        if let Some(at) = text.find('\u{fffd}') {
            reader.say(file, line_at(text, at), "a character here isn't UTF-8: save the file as UTF-8");
        }
    }
    let content = reader.course();
    if let Some(content) = &content {
        for (place, text) in content.faults() {
            let (file, line) = reader.line_of(&place);
            reader.say(&file, line, text);
        }
        if content.slug() != slug {
            reader.say("course.toml", 1, format!("the folder is named “{slug}”; by its topic and audience it is “{}”", content.slug()));
        }
    }
    let mut findings = reader.findings;
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    let broken = findings.iter().any(|f| f.severity == Severity::Error);
    Parsed { content: content.filter(|_| !broken), findings }
}

struct Reader<'a> {
    slug: &'a str,
    files: &'a BTreeMap<String, String>,
    findings: Vec<Finding>,
    /// Where each place of the content stands.
    lines: BTreeMap<Place, (String, usize)>,
}

/// The line (from 1) of a byte.
fn line_at(source: &str, byte: usize) -> usize {
    source.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

impl Reader<'_> {
    fn say(&mut self, file: &str, line: usize, text: impl Into<String>) {
        self.findings.push(Finding { file: format!("{}/{file}", self.slug), line, severity: Severity::Error, text: text.into() });
    }

    /// The file's text with plain line ends; says so where it isn't there.
    fn required(&mut self, file: &str, what: &str) -> Option<String> {
        let found = self.files.get(file).map(|text| text.replace("\r\n", "\n"));
        if found.is_none() {
            self.say(file, 1, format!("the file is missing: {what}"));
        }
        found
    }

    /// `before`: lines of the file that stand before `source`.
    fn toml<T: DeserializeOwned>(&mut self, file: &str, source: &str, before: usize) -> Option<T> {
        match toml::from_str(source) {
            Ok(read) => Some(read),
            Err(problem) => {
                let line = problem.span().map_or(1, |span| line_at(source, span.start)) + before;
                self.say(file, line, format!("this can't be read: {}", problem.message()));
                None
            }
        }
    }

    fn line_of(&self, place: &Place) -> (String, usize) {
        if let Place::Head(key) = place {
            let source = self.files.get("course.toml").map_or("", String::as_str);
            let starts =
                |line: &str| line.trim_start_matches('[').strip_prefix(key).is_some_and(|r| r.trim_start().starts_with(['=', ']']));
            return ("course.toml".into(), source.lines().position(starts).map_or(1, |n| n + 1));
        }
        let language = match place {
            Place::Activity(l) => return (format!("{l}/activity.md"), 1),
            Place::Guide(l) => return (format!("{l}/guide.md"), 1),
            Place::Questions(l) => return (format!("{l}/questions.toml"), 1),
            Place::Language(l) | Place::Lesson(l, _) | Place::Question(l, _) | Place::Choice(l, ..) => l.clone(),
            Place::Head(_) => String::new(),
        };
        self.lines.get(place).cloned().unwrap_or((language, 1))
    }

    fn course(&mut self) -> Option<Content> {
        let head = self.required("course.toml", "it says what the course is");
        let source = head.unwrap_or_default();
        let raw: Option<RawHead> = if source.is_empty() { None } else { self.toml("course.toml", &source, 0) };
        let raw_was_read = raw.is_some();
        let raw = raw.unwrap_or_default();
        let topic = self.named(&source, raw.topic.as_ref(), "topic", Topic::named, &Topic::ALL.map(Topic::name), raw_was_read);
        let audience =
            self.named(&source, raw.audience.as_ref(), "audience", Audience::named, &Audience::ALL.map(Audience::name), raw_was_read);
        let mut cipa_topics = Vec::new();
        for name in &raw.cipa_topics {
            let known = self.named(&source, Some(name), "cipa_topics", CipaTopic::named, &CipaTopic::ALL.map(CipaTopic::name), true);
            cipa_topics.extend(known);
        }
        let mut texts = BTreeMap::new();
        for language in self.languages() {
            let title = raw.title.get(&language).map(|t| t.trim().to_owned()).unwrap_or_default();
            let summary = raw.summary.get(&language).map(|t| t.trim().to_owned()).unwrap_or_default();
            if let Some(text) = self.text(&language, title, summary) {
                texts.insert(language, text);
            }
        }
        if raw_was_read {
            let folders = self.languages();
            for language in raw.title.keys().chain(raw.summary.keys()).filter(|l| !folders.contains(l)) {
                let (_, line) = self.line_of(&Place::Head("title"));
                self.say("course.toml", line, format!("there is a title or summary in “{language}”, but no folder {language}/"));
            }
        }
        Some(Content {
            topic: topic?,
            audience: audience?,
            pass_mark: raw.pass_mark.unwrap_or(0),
            reading_ceiling: raw.reading_ceiling,
            review_months: raw.review_months.unwrap_or(12),
            elements: raw.elements,
            cipa_topics,
            objectives: raw.objectives,
            sources: raw.sources,
            texts,
        })
    }

    /// The value by its name, or a finding with the names that there are. `asked`: whether a missing one is worth a word.
    fn named<T>(
        &mut self,
        source: &str,
        found: Option<&Spanned<String>>,
        key: &str,
        read: impl Fn(&str) -> Option<T>,
        all: &[&str],
        asked: bool,
    ) -> Option<T> {
        let Some(found) = found else {
            if asked {
                self.say("course.toml", 1, format!("{key} is missing: write one of {}", all.join(", ")));
            }
            return None;
        };
        let value = read(found.as_ref());
        if value.is_none() {
            let text = format!("unknown {key} “{}”: write one of {}", found.as_ref(), all.join(", "));
            self.say("course.toml", line_at(source, found.span().start), text);
        }
        value
    }

    /// The language tags of the folders.
    fn languages(&self) -> Vec<String> {
        let mut tags: Vec<String> = self.files.keys().filter_map(|path| path.split_once('/')).map(|(tag, _)| tag.to_owned()).collect();
        tags.dedup();
        tags
    }

    /// `None` where a file can't be read: what follows from that isn't said as well.
    fn text(&mut self, language: &str, title: String, summary: String) -> Option<Text> {
        if language.len() < 2 || !language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            self.say(language, 1, format!("“{language}” is no language tag: name the folder en, es …"));
            return None;
        }
        let lessons = self.lessons(language);
        let questions = self.questions(language);
        let activity = self.required(&format!("{language}/activity.md"), "write an activity for class and one for home");
        let guide = self.files.get(&format!("{language}/guide.md")).map(|g| g.replace("\r\n", "\n").trim().to_owned());
        Some(Text { title, summary, lessons: lessons?, questions: questions?, activity: activity?.trim().to_owned(), guide })
    }

    fn lessons(&mut self, language: &str) -> Option<Vec<Lesson>> {
        let prefix = format!("{language}/");
        let mut numbered: Vec<(usize, &String)> = Vec::new();
        for path in self.files.keys().filter(|path| path.starts_with(&prefix)) {
            let name = &path[prefix.len()..];
            if matches!(name, "questions.toml" | "activity.md" | "guide.md") {
                continue;
            }
            if let Some(number) = name.strip_suffix(".md").and_then(|n| n.split('-').next()).and_then(|n| n.parse().ok()) {
                numbered.push((number, path));
            } else {
                self.say(path, 1, "this file has no place in a course: lessons are named by number, such as 1-first-steps.md");
            }
        }
        numbered.sort();
        let mut lessons = Vec::new();
        let mut whole = true;
        for (n, (number, path)) in numbered.into_iter().enumerate() {
            if number != n + 1 {
                self.say(path, 1, format!("lesson {} is missing, or a number stands twice: lessons count from 1 without gaps", n + 1));
            }
            self.lines.insert(Place::Lesson(language.to_owned(), n), (path.clone(), 1));
            match self.lesson(path) {
                Some(lesson) => lessons.push(lesson),
                None => whole = false,
            }
        }
        whole.then_some(lessons)
    }

    fn lesson(&mut self, path: &str) -> Option<Lesson> {
        let source = self.files.get(path)?.replace("\r\n", "\n");
        let split = source
            .strip_prefix("+++\n")
            .and_then(|rest| rest.split_once("\n+++\n").or_else(|| rest.strip_suffix("\n+++").map(|h| (h, ""))));
        let Some((head, body)) = split else {
            self.say(path, 1, "a lesson begins with a head in TOML between two lines `+++`");
            return None;
        };
        let raw: RawLesson = self.toml(path, head, 1)?;
        Some(Lesson { title: raw.title.trim().to_owned(), minutes: raw.minutes, body: body.trim().to_owned() })
    }

    fn questions(&mut self, language: &str) -> Option<Vec<Question>> {
        let path = format!("{language}/questions.toml");
        let source = self.required(&path, "write the check at the end, 6 to 10 questions")?;
        let raw: RawQuestions = self.toml(&path, &source, 0)?;
        let mut questions = Vec::new();
        let mut whole = true;
        for (q, raw) in raw.question.into_iter().enumerate() {
            let line = line_at(&source, raw.span().start);
            self.lines.insert(Place::Question(language.to_owned(), q), (path.clone(), line));
            let raw = raw.into_inner();
            let kind = raw.kind.as_ref().and_then(|k| Kind::named(k.as_ref()));
            if kind.is_none() {
                let line = raw.kind.map_or(line, |k| line_at(&source, k.span().start));
                self.say(&path, line, format!("the question needs a kind: {}", Kind::ALL.map(Kind::name).join(", ")));
            }
            let mut choices = Vec::new();
            for (c, choice) in raw.choice.into_iter().enumerate() {
                let line = line_at(&source, choice.span().start);
                self.lines.insert(Place::Choice(language.to_owned(), q, c), (path.clone(), line));
                let choice = choice.into_inner();
                choices.push(Choice { text: choice.text.trim().into(), right: choice.right, feedback: choice.feedback.trim().into() });
            }
            match kind {
                Some(kind) => questions.push(Question { id: raw.id, kind, ask: raw.ask.trim().to_owned(), choices }),
                None => whole = false,
            }
        }
        whole.then_some(questions)
    }
}
