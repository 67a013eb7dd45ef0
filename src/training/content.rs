//! What a course says, in all its languages: lessons, questions with the answer key, activity, guide; and the rules that hold
//! for any such content. Knows nothing of files, versions or the database. The key in it is for authors: what a learner is
//! shown comes from [`super::attempts`].

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::kernel::{Result, digest};

/// What a course is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    Filtering,
    Netiquette,
    Cyberbullying,
    AcceptableUse,
    FairUse,
    Ai,
    Accessibility,
    Privacy,
    /// How policies are made, adopted and looked at again.
    Governance,
    /// How blocked pages are decided on.
    FilterReview,
    GlobalCollaboration,
}

impl Topic {
    /// The first five are those that indicator 5c names.
    pub const ALL: [Self; 11] = [
        Self::Filtering,
        Self::Netiquette,
        Self::Cyberbullying,
        Self::AcceptableUse,
        Self::FairUse,
        Self::Ai,
        Self::Accessibility,
        Self::Privacy,
        Self::Governance,
        Self::FilterReview,
        Self::GlobalCollaboration,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Filtering => "filtering",
            Self::Netiquette => "netiquette",
            Self::Cyberbullying => "cyberbullying",
            Self::AcceptableUse => "acceptable-use",
            Self::FairUse => "fair-use",
            Self::Ai => "ai",
            Self::Accessibility => "accessibility",
            Self::Privacy => "privacy",
            Self::Governance => "governance",
            Self::FilterReview => "filter-review",
            Self::GlobalCollaboration => "global-collaboration",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// For whom a course is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    #[sqlx(rename = "K-2")]
    #[serde(rename = "K-2")]
    GradesK2,
    #[sqlx(rename = "3-5")]
    #[serde(rename = "3-5")]
    Grades35,
    #[sqlx(rename = "6-8")]
    #[serde(rename = "6-8")]
    Grades68,
    #[sqlx(rename = "9-12")]
    #[serde(rename = "9-12")]
    Grades912,
    #[sqlx(rename = "6-12")]
    #[serde(rename = "6-12")]
    Grades612,
    Staff,
    /// Those who look after the filter: technology and library staff.
    #[sqlx(rename = "it-library")]
    #[serde(rename = "it-library")]
    ItAndLibrary,
    Families,
    Board,
}

impl Audience {
    pub const ALL: [Self; 9] = [
        Self::GradesK2,
        Self::Grades35,
        Self::Grades68,
        Self::Grades912,
        Self::Grades612,
        Self::Staff,
        Self::ItAndLibrary,
        Self::Families,
        Self::Board,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::GradesK2 => "K-2",
            Self::Grades35 => "3-5",
            Self::Grades68 => "6-8",
            Self::Grades912 => "9-12",
            Self::Grades612 => "6-12",
            Self::Staff => "staff",
            Self::ItAndLibrary => "it-library",
            Self::Families => "families",
            Self::Board => "board",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }

    /// Its courses are led by a teacher with a guide in hand: kindergarten to grade 8.
    fn needs_guide(self) -> bool {
        matches!(self, Self::GradesK2 | Self::Grades35 | Self::Grades68 | Self::Grades612)
    }
}

/// The three behaviours that 47 U.S.C. 254(h)(5)(B)(iii) says minors must be taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CipaTopic {
    SocialNetworking,
    ChatRooms,
    Cyberbullying,
}

impl CipaTopic {
    pub const ALL: [Self; 3] = [Self::SocialNetworking, Self::ChatRooms, Self::Cyberbullying];

    pub fn name(self) -> &'static str {
        match self {
            Self::SocialNetworking => "social-networking",
            Self::ChatRooms => "chat-rooms",
            Self::Cyberbullying => "cyberbullying",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One choice is right.
    One,
    /// All the right choices and no other must be chosen.
    Several,
    TrueFalse,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::One, Self::Several, Self::TrueFalse];

    pub fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Several => "several",
            Self::TrueFalse => "true-false",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// One choice of a question, with its part of the answer key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub text: String,
    pub right: bool,
    /// Why: shown to whoever chose it.
    pub feedback: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// Short, the same in every language and version.
    pub id: String,
    pub kind: Kind,
    pub ask: String,
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lesson {
    pub title: String,
    /// How long it takes to read, about.
    pub minutes: i64,
    /// Markdown.
    pub body: String,
}

/// A course in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    pub title: String,
    pub summary: String,
    pub lessons: Vec<Lesson>,
    pub questions: Vec<Question>,
    /// Markdown: an activity for class and one for home.
    pub activity: String,
    /// Markdown, for teachers.
    pub guide: Option<String>,
}

impl Text {
    /// The lessons' minutes, and half a minute for each question.
    pub fn minutes(&self) -> i64 {
        minutes_of(self.lessons.iter().map(|l| l.minutes).sum(), self.questions.len())
    }
}

/// What lies ahead: these minutes of lessons, and half a minute for each question.
pub(super) fn minutes_of(lessons: i64, questions: usize) -> i64 {
    lessons + i64::try_from(questions.div_ceil(2)).unwrap_or(0)
}

/// All that one version of a course says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Content {
    pub topic: Topic,
    pub audience: Audience,
    /// Percent of the questions that must be answered right.
    pub pass_mark: i64,
    /// School grade under which its text should read.
    pub reading_ceiling: Option<f64>,
    pub review_months: i64,
    /// The legal elements that it helps to meet, such as CIPA-EDU.
    pub elements: Vec<String>,
    pub cipa_topics: Vec<CipaTopic>,
    pub objectives: Vec<String>,
    pub sources: Vec<String>,
    /// By language tag.
    pub texts: BTreeMap<String, Text>,
}

/// Where in a course something is wrong; a reader of files knows the line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A key of `course.toml`.
    Head(&'static str),
    /// A language's folder.
    Language(String),
    Lesson(String, usize),
    Activity(String),
    Guide(String),
    /// All questions of a language.
    Questions(String),
    Question(String, usize),
    Choice(String, usize, usize),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Head(key) => f.write_str(key),
            Self::Language(language) => f.write_str(language),
            Self::Lesson(language, n) => write!(f, "{language}, lesson {}", n + 1),
            Self::Activity(language) => write!(f, "{language}, activity"),
            Self::Guide(language) => write!(f, "{language}, guide"),
            Self::Questions(language) => write!(f, "{language}, questions"),
            Self::Question(language, q) => write!(f, "{language}, question {}", q + 1),
            Self::Choice(language, q, c) => write!(f, "{language}, question {}, choice {}", q + 1, c + 1),
        }
    }
}

/// What is wrong, and how to mend it.
pub type Fault = (Place, String);

impl Content {
    /// The address of the course that it belongs to: `netiquette-6-8`.
    pub fn slug(&self) -> String {
        format!("{}-{}", self.topic.name(), self.audience.name().to_lowercase())
    }

    /// SHA-256 of the canonical JSON of everything, answer key included.
    pub fn hash(&self) -> Result<String> {
        digest::record_hash(self)
    }

    /// How long it takes in the language that takes longest.
    pub fn minutes(&self) -> i64 {
        self.texts.values().map(Text::minutes).max().unwrap_or(0)
    }

    /// Everything that keeps it from being given to people; empty when nothing does.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        faults.head(self);
        for (language, text) in &self.texts {
            faults.text(language, text, self.audience);
        }
        let mut texts = self.texts.iter();
        if let Some((first, model)) = texts.next() {
            for (language, text) in texts {
                faults.agree(first, model, language, text);
            }
        }
        faults.0
    }
}

/// Lower-case letters, digits and single hyphens, at most 60.
fn is_id(text: &str) -> bool {
    text.len() <= 60 && text.split('-').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn unless(&mut self, holds: bool, place: Place, text: impl Into<String>) {
        if !holds {
            self.0.push((place, text.into()));
        }
    }

    fn head(&mut self, content: &Content) {
        self.unless((1..=100).contains(&content.pass_mark), Place::Head("pass_mark"), "pass_mark is a percentage from 1 to 100");
        self.unless((1..=60).contains(&content.review_months), Place::Head("review_months"), "review_months is a number from 1 to 60");
        self.unless(
            !content.objectives.is_empty(),
            Place::Head("objectives"),
            "there are no objectives: say what a learner will be able to do",
        );
        self.unless(!content.sources.is_empty(), Place::Head("sources"), "there are no sources: say where the course's facts come from");
        for element in &content.elements {
            let named = !element.is_empty() && element.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
            self.unless(named, Place::Head("elements"), format!("“{element}” is no legal element: they look like CIPA-EDU"));
        }
        self.unless(!content.texts.is_empty(), Place::Head("topic"), "there is no text in any language: add a folder such as en/");
    }

    fn text(&mut self, language: &str, text: &Text, audience: Audience) {
        let here = || language.to_owned();
        self.unless(!text.title.is_empty(), Place::Head("title"), format!("there is no title in {language}: add it under [title]"));
        self.unless(!text.summary.is_empty(), Place::Head("summary"), format!("there is no summary in {language}: add it under [summary]"));
        let count = text.lessons.len();
        self.unless((3..=5).contains(&count), Place::Language(here()), format!("a course has 3 to 5 lessons; here there are {count}"));
        for (n, lesson) in text.lessons.iter().enumerate() {
            let place = || Place::Lesson(here(), n);
            self.unless(!lesson.title.is_empty(), place(), "the lesson has no title");
            self.unless((1..=60).contains(&lesson.minutes), place(), "minutes is a number from 1 to 60");
            self.unless(!lesson.body.is_empty(), place(), "the lesson has no text");
        }
        self.unless(!text.activity.is_empty(), Place::Activity(here()), "the activity is empty: write one for class and one for home");
        let guided = text.guide.is_some() || !audience.needs_guide();
        self.unless(guided, Place::Guide(here()), "a course for kindergarten to grade 8 needs a teacher's guide");
        let said = text.guide.as_ref().is_none_or(|guide| !guide.is_empty());
        self.unless(said, Place::Guide(here()), "the guide is empty: write it or remove the file");
        let count = text.questions.len();
        self.unless(
            (6..=10).contains(&count),
            Place::Questions(here()),
            format!("the check has 6 to 10 questions; here there are {count}"),
        );
        let mut seen = BTreeSet::new();
        for (q, question) in text.questions.iter().enumerate() {
            let fresh = seen.insert(question.id.as_str());
            self.unless(
                fresh,
                Place::Question(here(), q),
                format!("the id “{}” is taken by a question before: choose another", question.id),
            );
            self.question(language, q, question);
        }
    }

    fn question(&mut self, language: &str, q: usize, question: &Question) {
        let place = || Place::Question(language.to_owned(), q);
        let id = &question.id;
        self.unless(is_id(id), place(), format!("the id “{id}” must be lower-case letters, digits and single hyphens, at most 60"));
        self.unless(!question.ask.is_empty(), place(), "the question asks nothing: write `ask`");
        let right = question.choices.iter().filter(|c| c.right).count();
        self.unless(right > 0, place(), "no choice is right: mark one with right = true");
        if question.kind == Kind::TrueFalse {
            self.unless(question.choices.len() == 2, place(), "a true-false question has two choices");
        } else {
            self.unless((2..=8).contains(&question.choices.len()), place(), "a question has 2 to 8 choices");
        }
        self.unless(question.kind == Kind::Several || right < 2, place(), "more than one choice is right: that is kind = \"several\"");
        for (c, choice) in question.choices.iter().enumerate() {
            let place = || Place::Choice(language.to_owned(), q, c);
            self.unless(!choice.text.is_empty(), place(), "the choice has no text");
            self.unless(!choice.feedback.is_empty(), place(), "the choice has no feedback: say why it is right or wrong");
        }
    }

    /// A person may change the language in the middle: lessons, questions, choices and key are the same in each.
    fn agree(&mut self, first: &str, model: &Text, language: &str, text: &Text) {
        let here = || language.to_owned();
        if model.lessons.len() != text.lessons.len() {
            let said = format!("there are {} lessons in {first} and {} in {language}", model.lessons.len(), text.lessons.len());
            self.unless(false, Place::Language(here()), said);
        }
        for question in &model.questions {
            let found = text.questions.iter().any(|o| o.id == question.id);
            self.unless(found, Place::Questions(here()), format!("the question “{}” of {first} is missing in {language}", question.id));
        }
        for (q, question) in text.questions.iter().enumerate() {
            let place = || Place::Question(here(), q);
            let Some(other) = model.questions.iter().find(|o| o.id == question.id) else {
                self.unless(false, place(), format!("the question “{}” isn't in {first}", question.id));
                continue;
            };
            let same = other.kind == question.kind && other.choices.iter().map(|c| c.right).eq(question.choices.iter().map(|c| c.right));
            let said = format!("“{}” has another kind, other choices or other right ones than in {first}", question.id);
            self.unless(same, place(), said);
        }
        let order = |t: &Text| t.questions.iter().map(|q| q.id.clone()).collect::<Vec<_>>();
        let (mine, theirs) = (order(text), order(model));
        let same_set = mine.iter().collect::<BTreeSet<_>>() == theirs.iter().collect();
        self.unless(!same_set || mine == theirs, Place::Questions(here()), format!("the questions stand in another order than in {first}"));
    }
}
