//! A policy's text as pages show it: numbered, rendered, with its contents.

use super::shell::Shell;
use crate::policies::{Reading, render};

pub struct ClauseView {
    pub id: String,
    pub number: String,
    /// Safe HTML.
    pub html: String,
}

pub struct SectionView {
    pub id: String,
    pub number: usize,
    pub title: String,
    pub clauses: Vec<ClauseView>,
}

/// The text of one version in one language.
pub struct ReadingView {
    pub title: String,
    pub summary: String,
    pub changes: String,
    pub number: i64,
    pub language: String,
    /// The other languages that there are: tag and name.
    pub others: Vec<(String, String)>,
    /// The reader's language isn't among them.
    pub not_in_yours: bool,
    pub minutes: i64,
    pub sections: Vec<SectionView>,
}

impl ReadingView {
    pub fn of(shell: &Shell, reading: &Reading) -> Self {
        let sections = reading
            .text
            .sections
            .iter()
            .enumerate()
            .map(|(s, section)| SectionView {
                id: section.id.clone(),
                number: s + 1,
                title: section.title.clone(),
                clauses: section
                    .clauses
                    .iter()
                    .enumerate()
                    .map(|(c, clause)| ClauseView {
                        id: clause.id.clone(),
                        number: format!("{}.{}", s + 1, c + 1),
                        html: render::html(&clause.body),
                    })
                    .collect(),
            })
            .collect();
        Self {
            title: reading.text.title.clone(),
            summary: reading.text.summary.clone(),
            changes: reading.change_summary.clone(),
            number: reading.number,
            language: reading.text.language.clone(),
            others: reading.languages.iter().filter(|l| **l != reading.text.language).map(|l| (l.clone(), language_name(shell, l))).collect(),
            not_in_yours: reading.text.language != shell.locale.tag() && !reading.languages.iter().any(|l| l == shell.locale.tag()),
            minutes: reading.minutes,
            sections,
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
