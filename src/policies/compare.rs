//! What differs between two texts, by clause and by word. Clauses are found again by their ids, never by guess.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffTag, capture_diff_slices, utils::diff_unicode_words};

use super::text::{Clause, Text};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Same,
    Changed,
    Added,
    Removed,
    /// The same words in another place.
    Moved,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    Equal,
    Insert,
    Delete,
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    pub mark: Mark,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseChange {
    pub id: String,
    pub status: Status,
    /// Also true of a changed clause that stands in another place.
    pub moved: bool,
    /// Numbers such as 3.2; `None` where the clause isn't there.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The title of its section: the new one, or of a removed clause the old one.
    pub section: String,
    pub segments: Vec<Segment>,
}

/// A piece outside the clauses: title, summary, statement, what follows a no, a section's title, a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PieceChange {
    /// `title`, `summary`, `statement`, `if_declined`, `section:ID`, `consent:ID`.
    pub piece: String,
    pub status: Status,
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Only pieces that differ.
    pub pieces: Vec<PieceChange>,
    /// Every clause in the new order; a removed one stands where it stood.
    pub clauses: Vec<ClauseChange>,
}

impl Comparison {
    /// How many clauses and pieces differ.
    pub fn changes(&self) -> usize {
        self.pieces.len() + self.clauses.iter().filter(|c| c.status != Status::Same).count()
    }
}

/// Compares two texts of one language.
pub fn compare(before: &Text, after: &Text) -> Comparison {
    Comparison { pieces: pieces(before, after), clauses: clauses(before, after) }
}

/// Word by word; neighbouring words of one mark are joined.
pub fn words(before: &str, after: &str) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (tag, text) in diff_unicode_words(Algorithm::Patience, before, after) {
        let mark = match tag {
            ChangeTag::Equal => Mark::Equal,
            ChangeTag::Insert => Mark::Insert,
            ChangeTag::Delete => Mark::Delete,
        };
        match segments.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(text),
            _ => segments.push(Segment { mark, text: text.to_owned() }),
        }
    }
    segments
}

struct Placed<'a> {
    clause: &'a Clause,
    section: &'a str,
    number: String,
}

fn placed(text: &Text) -> Vec<Placed<'_>> {
    let mut out = Vec::new();
    for (s, section) in text.sections.iter().enumerate() {
        for (c, clause) in section.clauses.iter().enumerate() {
            out.push(Placed { clause, section: &section.title, number: format!("{}.{}", s + 1, c + 1) });
        }
    }
    out
}

fn clauses(before: &Text, after: &Text) -> Vec<ClauseChange> {
    let (old, new) = (placed(before), placed(after));
    let old_by_id: HashMap<&str, &Placed<'_>> = old.iter().map(|p| (p.clause.id.as_str(), p)).collect();
    let new_ids: HashSet<&str> = new.iter().map(|p| p.clause.id.as_str()).collect();
    // Order is compared among the clauses that both have, each with its section: what the longest common run leaves out has moved.
    let shared = |text: &Text, keep: &dyn Fn(&str) -> bool| -> Vec<(String, String)> {
        text.outline().into_iter().filter(|(_, id)| keep(id)).map(|(s, id)| (s.to_owned(), id.to_owned())).collect()
    };
    let old_order = shared(before, &|id| new_ids.contains(id));
    let new_order = shared(after, &|id| old_by_id.contains_key(id));
    let mut stayed = HashSet::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_order, &new_order) {
        if op.tag() == DiffTag::Equal {
            stayed.extend(new_order[op.new_range()].iter().map(|(_, id)| id.as_str()));
        }
    }
    let mut out: Vec<ClauseChange> = new
        .iter()
        .map(|p| {
            let id = p.clause.id.as_str();
            let was = old_by_id.get(id);
            let moved = was.is_some() && !stayed.contains(id);
            let status = match was {
                None => Status::Added,
                Some(was) if was.clause.body != p.clause.body || was.clause.elements != p.clause.elements => Status::Changed,
                Some(_) if moved => Status::Moved,
                Some(_) => Status::Same,
            };
            ClauseChange {
                id: id.to_owned(),
                status,
                moved,
                before: was.map(|w| w.number.clone()),
                after: Some(p.number.clone()),
                section: p.section.to_owned(),
                segments: words(was.map_or("", |w| w.clause.body.as_str()), &p.clause.body),
            }
        })
        .collect();
    for (n, gone) in old.iter().enumerate().filter(|(_, p)| !new_ids.contains(p.clause.id.as_str())) {
        // After the nearest clause before it that is still listed.
        let at = old[..n].iter().rev().find_map(|p| out.iter().position(|c| c.id == p.clause.id)).map_or(0, |at| at + 1);
        out.insert(
            at,
            ClauseChange {
                id: gone.clause.id.clone(),
                status: Status::Removed,
                moved: false,
                before: Some(gone.number.clone()),
                after: None,
                section: gone.section.to_owned(),
                segments: words(&gone.clause.body, ""),
            },
        );
    }
    out
}

fn pieces(before: &Text, after: &Text) -> Vec<PieceChange> {
    let list = |text: &Text| -> Vec<(String, String)> {
        let head = [("title", &text.title), ("summary", &text.summary), ("statement", &text.statement), ("if_declined", &text.if_declined)];
        head.into_iter()
            .map(|(name, words)| (name.to_owned(), words.clone()))
            .chain(text.consents.iter().map(|c| {
                let principal = if c.principal { " (principal)" } else { "" };
                (format!("consent:{}", c.id), format!("{}{principal}\n{} / {}\n{}", c.ask, c.yes, c.no, c.after_no))
            }))
            .chain(text.sections.iter().map(|s| (format!("section:{}", s.id), s.title.clone())))
            .filter(|(_, words)| !words.is_empty())
            .collect()
    };
    let (old, new) = (list(before), list(after));
    let find = |list: &[(String, String)], name: &str| list.iter().find(|(n, _)| n == name).map(|(_, words)| words.clone());
    let names = new.iter().map(|(n, _)| n).chain(old.iter().map(|(n, _)| n).filter(|n| find(&new, n).is_none()));
    names
        .filter_map(|name| {
            let (was, is) = (find(&old, name), find(&new, name));
            let status = match (&was, &is) {
                (None, _) => Status::Added,
                (_, None) => Status::Removed,
                (was, is) if was == is => return None,
                _ => Status::Changed,
            };
            let segments = words(was.as_deref().unwrap_or(""), is.as_deref().unwrap_or(""));
            Some(PieceChange { piece: name.clone(), status, segments })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::text::Section;

    fn text(sections: &[(&str, &[(&str, &str)])]) -> Text {
        Text {
            language: "en".into(),
            title: "T".into(),
            summary: String::new(),
            statement: String::new(),
            if_declined: String::new(),
            consents: vec![],
            sections: sections
                .iter()
                .map(|(id, clauses)| Section {
                    id: (*id).into(),
                    title: (*id).into(),
                    clauses: clauses.iter().map(|(id, body)| Clause { id: (*id).into(), elements: vec![], body: (*body).into() }).collect(),
                })
                .collect(),
        }
    }

    #[test]
    fn clauses_are_found_again_wherever_they_went() {
        let before = text(&[("a", &[("one", "Keep it."), ("two", "Be kind."), ("three", "Old rule.")]), ("b", &[("four", "Stay.")])]);
        let after = text(&[("a", &[("two", "Be kind."), ("one", "Keep it safe."), ("new", "More.")]), ("b", &[("four", "Stay.")])]);
        let told: Vec<(String, Status, bool)> = compare(&before, &after).clauses.into_iter().map(|c| (c.id, c.status, c.moved)).collect();
        assert!(told.contains(&("three".into(), Status::Removed, false)));
        assert!(told.contains(&("new".into(), Status::Added, false)));
        assert!(told.contains(&("four".into(), Status::Same, false)));
        assert!(told.iter().any(|(id, s, _)| id == "one" && *s == Status::Changed));
        assert_eq!(told.iter().filter(|(_, _, moved)| *moved).count(), 1, "one of the two that changed places has moved: {told:?}");
    }

    #[test]
    fn words_tell_what_went_and_what_came() {
        let segments = words("Ask before you click.", "Ask an adult before you click.");
        let new: String = segments.iter().filter(|s| s.mark != Mark::Delete).map(|s| s.text.as_str()).collect();
        let old: String = segments.iter().filter(|s| s.mark != Mark::Insert).map(|s| s.text.as_str()).collect();
        assert_eq!((old.as_str(), new.as_str()), ("Ask before you click.", "Ask an adult before you click."));
        assert_eq!(segments.iter().filter(|s| s.mark == Mark::Insert).count(), 1);
    }

    #[test]
    fn a_changed_section_title_is_told() {
        let before = text(&[("a", &[("one", "Keep it.")])]);
        let mut after = before.clone();
        after.sections[0].title = "Renamed".into();
        let comparison = compare(&before, &after);
        assert_eq!((comparison.changes(), comparison.pieces[0].piece.as_str()), (1, "section:a"));
    }
}
