//! A rule read back as a sentence, in the reader's language.

use std::collections::HashMap;

use uuid::Uuid;

use super::Rule;
use crate::kernel::Locale;

/// The names of the orgs, sections and people that a rule mentions.
#[derive(Debug, Default)]
pub struct Names(pub HashMap<Uuid, String>);

impl Rule {
    /// "all staff at Harbor Middle or teachers who joined on or after August 1, 2026, but not substitutes".
    pub fn sentence(&self, names: &Names, locale: Locale) -> String {
        let es = locale == Locale::Es;
        match self {
            Self::All(rules) => {
                // What is left out is said last, as people do.
                let (without, with): (Vec<_>, Vec<_>) = rules.iter().partition(|r| matches!(r, Self::Not(_)));
                let mut said = match with.as_slice() {
                    [only] => only.sentence(names, locale),
                    several => several.iter().map(|r| r.part(names, locale)).collect::<Vec<_>>().join(" "),
                };
                for rule in without {
                    said = format!("{said}, {}", rule.part(names, locale));
                }
                said
            }
            Self::Any(rules) => rules.iter().map(|r| r.part(names, locale)).collect::<Vec<_>>().join(if es { " o " } else { " or " }),
            Self::Not(rule) => format!("{} {}", if es { "pero no" } else { "but not" }, rule.part(names, locale)),
            Self::Everybody => (if es { "todas las personas" } else { "everybody" }).into(),
            Self::AllStaff => (if es { "todo el personal" } else { "all staff" }).into(),
            Self::Role(roles) => list(roles.iter().map(|r| role(r, es).to_owned()), es),
            Self::Grade(grades) => {
                let said = match (grades.len(), es) {
                    (1, false) => "in grade",
                    (1, true) => "del grado",
                    (_, false) => "in grades",
                    (_, true) => "de los grados",
                };
                let grades = grades.iter().map(|g| if g == "KG" { "K".to_owned() } else { g.trim_start_matches('0').to_owned() });
                format!("{said} {}", list(grades, es))
            }
            Self::Org(uids) => format!("{} {}", if es { "en" } else { "at" }, list(uids.iter().map(|u| name(names, *u)), es)),
            Self::Section(uids) => {
                format!("{} {}", if es { "de la clase" } else { "in the class" }, list(uids.iter().map(|u| name(names, *u)), es))
            }
            Self::Language(tags) => {
                let tags = tags.iter().map(|t| language(t, es));
                format!("{} {}", if es { "cuyo idioma es" } else { "whose language is" }, list(tags, es))
            }
            Self::People(uids) => list(uids.iter().map(|u| name(names, *u)), es),
            Self::JoinedSince(day) => format!("{} {}", if es { "desde el" } else { "who joined on or after" }, locale.day(*day)),
        }
    }

    fn part(&self, names: &Names, locale: Locale) -> String {
        match self {
            Self::Any(rules) if rules.len() > 1 => format!("({})", self.sentence(names, locale)),
            _ => self.sentence(names, locale),
        }
    }
}

fn list(items: impl Iterator<Item = String>, es: bool) -> String {
    let items: Vec<String> = items.collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} {} {last}", rest.join(", "), if es { "y" } else { "and" }),
    }
}

fn name(names: &Names, uid: Uuid) -> String {
    names.0.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
}

fn role(role: &str, es: bool) -> &str {
    match (role, es) {
        ("student", false) => "students",
        ("student", true) => "estudiantes",
        ("teacher", false) => "teachers",
        ("teacher", true) => "docentes",
        ("staff", false) => "other staff",
        ("staff", true) => "otro personal",
        ("school_leader", false) => "school leaders",
        ("school_leader", true) => "directivos escolares",
        ("guardian", false) => "guardians",
        ("guardian", true) => "tutores",
        ("board_member", false) => "board members",
        ("board_member", true) => "miembros de la junta",
        (other, _) => other,
    }
}

fn language(tag: &str, es: bool) -> String {
    match (tag, es) {
        ("en", false) => "English".into(),
        ("en", true) => "inglés".into(),
        ("es", false) => "Spanish".into(),
        ("es", true) => "español".into(),
        (other, _) => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_a_person_would_say_it() {
        let harbor = Uuid::nil();
        let names = Names(HashMap::from([(harbor, "Harbor Middle".to_owned())]));
        let rule = Rule::All(vec![
            Rule::Role(vec!["student".into()]),
            Rule::Grade(vec!["06".into(), "07".into(), "08".into()]),
            Rule::Not(Box::new(Rule::Language(vec!["es".into()]))),
            Rule::Org(vec![harbor]),
        ]);
        assert_eq!(rule.sentence(&names, Locale::En), "students in grades 6, 7 and 8 at Harbor Middle, but not whose language is Spanish");
        assert_eq!(
            rule.sentence(&names, Locale::Es),
            "estudiantes de los grados 6, 7 y 8 en Harbor Middle, pero no cuyo idioma es español"
        );
    }
}
