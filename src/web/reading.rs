//! A policy's text as pages show it: numbered, rendered, with its contents.

use super::shell::Shell;
use crate::policies::Reading;
use crate::policies::reading::ReadSection;

/// The text of one version in one language.
pub struct ReadingView {
    pub title: String,
    pub summary: String,
    pub changes: String,
    /// The author's one summary of the changes is in the district's language.
    pub changes_language: String,
    pub changes_language_name: String,
    pub number: i64,
    pub language: String,
    /// The other languages that there are: tag and name.
    pub others: Vec<(String, String)>,
    /// The reader's language isn't among them.
    pub not_in_yours: bool,
    pub minutes: i64,
    pub sections: Vec<ReadSection>,
}

impl ReadingView {
    /// `written_in`: the district's language.
    pub fn of(shell: &Shell, reading: Reading, written_in: &str) -> Self {
        Self {
            changes_language: written_in.to_owned(),
            changes_language_name: language_name(shell, written_in),
            changes: reading.version.change_summary,
            number: reading.version.number,
            others: reading.languages.iter().filter(|l| **l != reading.language).map(|l| (l.clone(), language_name(shell, l))).collect(),
            not_in_yours: !reading.languages.iter().any(|l| l == shell.locale.tag()),
            title: reading.title,
            summary: reading.summary,
            language: reading.language,
            minutes: reading.minutes,
            sections: reading.sections,
        }
    }
}

/// A language's name in the reader's language.
pub fn language_name(shell: &Shell, tag: &str) -> String {
    match tag {
        "en" => shell.t("language-en"),
        "es" => shell.t("language-es"),
        other => other.to_owned(),
    }
}
