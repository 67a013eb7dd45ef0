//! A rule read back as a sentence, in the reader's language. What a person is comes first, then where and in which grade, then who they
//! are otherwise, then whom it leaves out: "teachers at Harbor Middle whose language is Spanish, but not Tom Lee". Where a comma or an
//! "or" could be read in two ways, there are brackets.

use std::collections::HashMap;

use uuid::Uuid;

use super::Rule;
use crate::kernel::Locale;

/// The names of the orgs, sections, people and saved audiences that a rule mentions.
#[derive(Debug, Default)]
pub struct Names(pub HashMap<Uuid, String>);

impl Rule {
    /// "all staff at Harbor Middle, or teachers who joined on or after August 1, 2026, but in no case substitutes".
    pub fn sentence(&self, names: &Names, locale: Locale) -> String {
        Speech { names, locale, es: locale == Locale::Es }.said(self, Head::Stated)
    }

    /// Whether the sentence ends with somebody left out, so that a comma closes it where more words follow.
    pub fn leaves_somebody_out(&self) -> bool {
        let parts = self.flat();
        let groups = in_groups(&parts);
        parts.iter().any(|(part, not)| *not && (groups || part.is_noun()))
    }

    /// Whether Spanish speaks of it as of one: "el personal", not "los docentes".
    pub fn is_one_body(&self) -> bool {
        let first = self.flat().into_iter().find(|(part, not)| !not && part.is_noun());
        match first {
            Some((Self::AllStaff, _)) => true,
            Some((Self::Role(roles), _)) => roles.len() == 1 && roles[0] == "staff",
            Some((Self::People(people), _)) => people.len() == 1,
            _ => false,
        }
    }

    /// The parts that must all hold, those of parts within parts too, and for each whether it must not: "not (A or B)" is "not A" and
    /// "not B".
    fn flat(&self) -> Vec<(&Self, bool)> {
        match self {
            Self::All(rules) => rules.iter().flat_map(Self::flat).collect(),
            Self::Not(inner) => match inner.as_ref() {
                Self::Any(rules) if !rules.is_empty() => {
                    rules.iter().flat_map(|r| if let Self::Not(twice) = r { twice.flat() } else { vec![(r, true)] }).collect()
                }
                Self::Not(twice) => twice.flat(),
                other => vec![(other, true)],
            },
            other => vec![(other, false)],
        }
    }

    /// Whether it says what somebody is, rather than where, which or since when.
    fn is_noun(&self) -> bool {
        matches!(self, Self::Everybody | Self::AllStaff | Self::Role(_) | Self::People(_) | Self::Any(_) | Self::All(_) | Self::Not(_))
    }

    /// Whether its sentence has several parts, so that one beside it could be read as belonging to it.
    fn is_compound(&self) -> bool {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.len() > 1 || rules.iter().any(Self::is_compound),
            Self::Not(_) => true,
            Self::Role(list) => list.len() > 1,
            Self::People(list) => list.len() > 1,
            other => !other.is_noun(),
        }
    }
}

/// Whether what holds is one list of groups, so that what is left out is left out of each of them.
fn in_groups(parts: &[(&Rule, bool)]) -> bool {
    let mut kept = parts.iter().filter(|(_, not)| !not).map(|(part, _)| part);
    matches!((kept.next(), kept.next()), (Some(Rule::Any(rules)), None) if rules.len() > 1)
}

/// How everybody is called where a rule says only where or which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// "everybody at Harbor Middle"
    Stated,
    /// "but not anybody at Harbor Middle"
    Denied,
}

/// A part of the sentence.
enum Phrase {
    /// "teachers"
    Noun(String),
    /// "at Harbor Middle"
    Where(String),
    /// "not at Harbor Middle"
    NotWhere(String),
    /// "who joined on or after …"
    Who(String),
}

struct Speech<'a> {
    names: &'a Names,
    locale: Locale,
    es: bool,
}

impl Speech<'_> {
    fn said(&self, rule: &Rule, head: Head) -> String {
        match rule {
            Rule::Any(rules) => match rules.as_slice() {
                [] => self.pick("nobody", "nadie").into(),
                [only] => self.said(only, head),
                several => self.either(several, head),
            },
            Rule::All(_) | Rule::Not(_) => self.both(&rule.flat(), head),
            leaf => self.both(&[(leaf, false)], head),
        }
    }

    /// "students, or teachers at Harbor Middle"
    fn either(&self, rules: &[Rule], head: Head) -> String {
        let compound = rules.iter().any(Rule::is_compound);
        let said: Vec<String> = rules
            .iter()
            .map(|rule| {
                let said = self.said(rule, head);
                // A member that leaves somebody out, or has an "or" of its own, would run into the next one.
                let runs_on =
                    rule.leaves_somebody_out() || rule.flat().iter().any(|(r, _)| matches!(r, Rule::Any(rules) if rules.len() > 1));
                if runs_on { format!("({said})") } else { said }
            })
            .collect();
        if compound { self.joined(&said, ", ", ", ", "or") } else { self.joined(&said, ", ", " ", "or") }
    }

    /// "teachers at Harbor Middle whose language is Spanish, but not Tom Lee"
    fn both(&self, parts: &[(&Rule, bool)], head: Head) -> String {
        let groups = in_groups(parts);
        let one = self.es && parts.iter().find(|(part, not)| !not && part.is_noun()).is_some_and(|(part, _)| part.is_one_body());
        let (mut nouns, mut wheres, mut nots, mut whos, mut without) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (part, not) in parts {
            match part {
                part if *not && (groups || part.is_noun()) => without.push(*part),
                Rule::Everybody => {}
                Rule::Any(rules) if rules.len() > 1 && !groups => nouns.push(format!("({})", self.either(rules, head))),
                Rule::Any(_) => nouns.push(self.said(part, head)),
                leaf => match self.phrase(leaf, *not, one) {
                    Phrase::Noun(words) => nouns.push(words),
                    Phrase::Where(words) => wheres.push(words),
                    Phrase::NotWhere(words) => nots.push(words),
                    Phrase::Who(words) => whos.push(words),
                },
            }
        }
        let mut said = if nouns.is_empty() { self.everybody(head) } else { nouns.remove(0) };
        for noun in nouns {
            let also = if one { "que también es" } else { self.pick("who are also", "que también son") };
            whos.push(format!("{also} {noun}"));
        }
        for words in wheres {
            said = format!("{said} {words}");
        }
        for list in [nots, whos] {
            if !list.is_empty() {
                said = format!("{said} {}", list.join(self.pick(" and ", " y ")));
            }
        }
        for (number, rule) in without.into_iter().enumerate() {
            said = format!("{said}, {}", self.left_out(rule, number == 0, groups));
        }
        said
    }

    /// "but not school leaders", "but in no case anybody at Harbor Middle"
    fn left_out(&self, rule: &Rule, first: bool, groups: bool) -> String {
        let said = if rule.leaves_somebody_out() { format!("({})", self.said(rule, Head::Stated)) } else { self.said(rule, Head::Denied) };
        let denies_itself = said.starts_with("nadie");
        let not = match (first, groups, self.es) {
            (true, false, false) => "but not",
            (true, true, false) => "but in no case",
            (false, _, false) => "and not",
            (true, false, true) if denies_itself => "pero",
            (true, false, true) => "pero no",
            (true, true, true) => "pero en ningún caso",
            (false, _, true) => "ni",
        };
        format!("{not} {said}")
    }

    fn phrase(&self, rule: &Rule, not: bool, one: bool) -> Phrase {
        let are_not = if one { "que no es" } else { "que no son" };
        let (en, es) = (!self.es, self.es);
        let any = if not { if en { "or" } else { "ni" } } else { "and" };
        match rule {
            Rule::AllStaff => Phrase::Noun(self.pick("all staff", "todo el personal").into()),
            Rule::Role(roles) => Phrase::Noun(self.list(roles.iter().map(|r| role(r, es).to_owned()), "and")),
            Rule::People(uids) => Phrase::Noun(self.list(uids.iter().map(|u| self.name(*u)), "and")),
            Rule::Grade(grades) => {
                let single = grades.len() == 1;
                let said = self.list(grades.iter().map(|g| grade(g, es)), any);
                match (not, es) {
                    (false, false) => Phrase::Where(format!("in {} {said}", if single { "grade" } else { "grades" })),
                    (true, false) => Phrase::NotWhere(format!("not in {} {said}", if single { "grade" } else { "grades" })),
                    (false, true) => Phrase::Where(format!("{} {said}", if single { "del grado" } else { "de los grados" })),
                    (true, true) => Phrase::Who(format!("{are_not} {} {said}", if single { "del grado" } else { "de los grados" })),
                }
            }
            Rule::Org(uids) => self.place(&self.list(uids.iter().map(|u| self.name(*u)), any), ("at", "de"), not, are_not),
            Rule::Section(uids) => {
                let kind = if uids.len() == 1 { ("in the class", "de la clase") } else { ("in the classes", "de las clases") };
                self.place(&self.list(uids.iter().map(|u| self.name(*u)), any), kind, not, are_not)
            }
            Rule::Saved(uid) => {
                let quoted = if en { format!("“{}”", self.name(*uid)) } else { format!("«{}»", self.name(*uid)) };
                self.place(&quoted, ("in", "de"), not, are_not)
            }
            Rule::Position(words) => {
                let said = self.list(words.iter().map(|w| position_name(w).to_owned()), self.or(not));
                Phrase::Who(format!("{} {said}", self.is("whose position", "cuyo puesto", not)))
            }
            Rule::Language(tags) => {
                let said = self.list(tags.iter().map(|t| language_name(t, self.locale)), self.or(not));
                Phrase::Who(format!("{} {said}", self.is("whose language", "cuyo idioma", not)))
            }
            Rule::JoinedSince(day) | Rule::JoinedBefore(day) => {
                let day = self.locale.day(*day);
                let joined = if one { "entró" } else { "entraron" };
                Phrase::Who(match (matches!(rule, Rule::JoinedSince(_)) != not, en) {
                    (true, true) => format!("who joined on or after {day}"),
                    (true, false) => format!("que {joined} el {day} o después"),
                    (false, true) => format!("who joined before {day}"),
                    (false, false) => format!("que {joined} antes del {day}"),
                })
            }
            Rule::Everybody => Phrase::Noun(self.everybody(Head::Stated)),
            Rule::All(_) | Rule::Any(_) | Rule::Not(_) => Phrase::Noun(format!("({})", self.said(rule, Head::Stated))),
        }
    }

    fn place(&self, said: &str, (at, de): (&str, &str), not: bool, are_not: &str) -> Phrase {
        match (not, self.es) {
            (false, false) => Phrase::Where(format!("{at} {said}")),
            (true, false) => Phrase::NotWhere(format!("not {at} {said}")),
            (false, true) => Phrase::Where(format!("{de} {said}")),
            (true, true) => Phrase::Who(format!("{are_not} {de} {said}")),
        }
    }

    fn is(&self, en: &str, es: &str, not: bool) -> String {
        match (self.es, not) {
            (false, false) => format!("{en} is"),
            (false, true) => format!("{en} isn't"),
            (true, false) => format!("{es} es"),
            (true, true) => format!("{es} no es"),
        }
    }

    fn or(&self, not: bool) -> &'static str {
        if not && self.es { "ni" } else { "or" }
    }

    fn everybody(&self, head: Head) -> String {
        match head {
            Head::Stated => self.pick("everybody", "todas las personas"),
            Head::Denied => self.pick("anybody", "nadie"),
        }
        .into()
    }

    fn pick(&self, en: &'static str, es: &'static str) -> &'static str {
        if self.es { es } else { en }
    }

    fn name(&self, uid: Uuid) -> String {
        self.names.0.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }

    fn list(&self, items: impl Iterator<Item = String>, word: &'static str) -> String {
        self.joined(&items.collect::<Vec<_>>(), ", ", " ", word)
    }

    /// The items with that word (`and`, `or`, `ni`) before the last one, as the language says it there: "u otro personal".
    fn joined(&self, items: &[String], comma: &str, last_comma: &str, word: &'static str) -> String {
        match items.split_last() {
            None => String::new(),
            Some((only, [])) => only.clone(),
            Some((last, rest)) => {
                let sound = last.trim_start_matches(['(', '«', '“']).to_lowercase();
                let word = match (word, self.es) {
                    ("and", true) if (sound.starts_with('i') || sound.starts_with("hi")) && !sound.starts_with("hie") => "e",
                    ("and", true) => "y",
                    ("or", true) if sound.starts_with('o') || sound.starts_with("ho") => "u",
                    ("or", true) => "o",
                    (other, _) => other,
                };
                format!("{}{last_comma}{word} {last}", rest.join(comma))
            }
        }
    }
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
        ("community", false) => "members of the community",
        ("community", true) => "miembros de la comunidad",
        (other, _) => other,
    }
}

fn grade(grade: &str, es: bool) -> String {
    match grade {
        "KG" => "K".into(),
        "PK" | "PR" | "TK" | "IT" => if es { "preescolar" } else { "pre-K" }.into(),
        number => number.trim_start_matches('0').to_owned(),
    }
}

/// A position as people say it: without the mark of a district's own word.
pub fn position_name(word: &str) -> &str {
    word.strip_prefix("ext:").unwrap_or(word)
}

/// What a language is called in the reader's language; the tag itself where the product doesn't know it.
pub fn language_name(tag: &str, locale: Locale) -> String {
    const KNOWN: [(&str, &str, &str); 20] = [
        ("en", "English", "inglés"),
        ("es", "Spanish", "español"),
        ("am", "Amharic", "amárico"),
        ("ar", "Arabic", "árabe"),
        ("de", "German", "alemán"),
        ("fa", "Persian", "persa"),
        ("fr", "French", "francés"),
        ("hi", "Hindi", "hindi"),
        ("hmn", "Hmong", "hmong"),
        ("ht", "Haitian Creole", "criollo haitiano"),
        ("ja", "Japanese", "japonés"),
        ("ko", "Korean", "coreano"),
        ("pl", "Polish", "polaco"),
        ("pt", "Portuguese", "portugués"),
        ("ru", "Russian", "ruso"),
        ("so", "Somali", "somalí"),
        ("tl", "Tagalog", "tagalo"),
        ("uk", "Ukrainian", "ucraniano"),
        ("vi", "Vietnamese", "vietnamita"),
        ("zh", "Chinese", "chino"),
    ];
    let known = KNOWN.iter().find(|(known, ..)| *known == tag);
    match locale {
        Locale::En => known.map_or(tag, |(_, en, _)| *en),
        Locale::Es => known.map_or(tag, |(.., es)| *es),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Day;

    const HARBOR: Uuid = Uuid::from_u128(1);
    const CEDAR: Uuid = Uuid::from_u128(2);
    const SCIENCE: Uuid = Uuid::from_u128(3);
    const TOM: Uuid = Uuid::from_u128(4);
    const OFFICE: Uuid = Uuid::from_u128(5);

    fn role(names: &[&str]) -> Rule {
        Rule::Role(names.iter().map(|n| (*n).to_owned()).collect())
    }

    fn not(rule: Rule) -> Rule {
        Rule::Not(Box::new(rule))
    }

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|w| (*w).to_owned()).collect()
    }

    #[track_caller]
    fn reads(rule: &Rule, en: &str, es: &str) {
        let names = Names(HashMap::from([
            (HARBOR, "Harbor Middle".to_owned()),
            (CEDAR, "Cedar Ridge Middle".to_owned()),
            (SCIENCE, "Science 6 (S-1)".to_owned()),
            (TOM, "Tom Lee".to_owned()),
            (OFFICE, "Office staff".to_owned()),
        ]));
        assert_eq!(rule.sentence(&names, Locale::En), en);
        assert_eq!(rule.sentence(&names, Locale::Es), es);
    }

    fn august() -> Day {
        Day::of(2026, 8, 17).unwrap()
    }

    #[test]
    fn a_rule_reads_as_a_person_would_say_it() {
        reads(
            &Rule::All(vec![
                role(&["student"]),
                Rule::Grade(words(&["06", "07", "08"])),
                not(Rule::Language(words(&["es"]))),
                Rule::Org(vec![HARBOR]),
            ]),
            "students in grades 6, 7 and 8 at Harbor Middle whose language isn't Spanish",
            "estudiantes de los grados 6, 7 y 8 de Harbor Middle cuyo idioma no es español",
        );
        reads(
            &Rule::All(vec![Rule::AllStaff, Rule::Position(words(&["counselor", "ext:nurse"])), Rule::JoinedSince(august())]),
            "all staff whose position is counselor or nurse and who joined on or after August 17, 2026",
            "todo el personal cuyo puesto es counselor o nurse y que entró el 17 de agosto de 2026 o después",
        );
    }

    #[test]
    fn groups_are_kept_apart_by_a_comma_and_what_is_left_out_of_all_is_said_for_all() {
        let both = Rule::Any(vec![
            Rule::All(vec![Rule::AllStaff, Rule::Org(vec![HARBOR, CEDAR])]),
            Rule::All(vec![role(&["teacher"]), Rule::JoinedSince(august())]),
        ]);
        reads(
            &both,
            "all staff at Harbor Middle and Cedar Ridge Middle, or teachers who joined on or after August 17, 2026",
            "todo el personal de Harbor Middle y Cedar Ridge Middle, o docentes que entraron el 17 de agosto de 2026 o después",
        );
        reads(
            &Rule::All(vec![both, not(role(&["school_leader"])), not(Rule::People(vec![TOM]))]),
            "all staff at Harbor Middle and Cedar Ridge Middle, or teachers who joined on or after August 17, 2026, but in no case school leaders, and not Tom Lee",
            "todo el personal de Harbor Middle y Cedar Ridge Middle, o docentes que entraron el 17 de agosto de 2026 o después, pero en ningún caso directivos escolares, ni Tom Lee",
        );
    }

    #[test]
    fn single_words_need_no_comma_and_spanish_sounds_right() {
        reads(
            &Rule::Any(vec![role(&["student"]), role(&["teacher"]), role(&["staff"])]),
            "students, teachers or other staff",
            "estudiantes, docentes u otro personal",
        );
        reads(
            &Rule::Language(words(&["es", "en"])),
            "everybody whose language is Spanish or English",
            "todas las personas cuyo idioma es español o inglés",
        );
        reads(&Rule::All(vec![Rule::People(vec![TOM])]), "Tom Lee", "Tom Lee");
    }

    #[test]
    fn a_group_that_leaves_somebody_out_stands_in_brackets_beside_another() {
        let teachers = Rule::All(vec![role(&["teacher"]), not(Rule::People(vec![TOM]))]);
        reads(&teachers, "teachers, but not Tom Lee", "docentes, pero no Tom Lee");
        reads(
            &Rule::Any(vec![teachers, role(&["school_leader"])]),
            "(teachers, but not Tom Lee), or school leaders",
            "(docentes, pero no Tom Lee), o directivos escolares",
        );
        reads(
            &Rule::All(vec![Rule::Any(vec![role(&["teacher"]), role(&["staff"])]), Rule::Grade(words(&["KG"])), Rule::Org(vec![HARBOR])]),
            "(teachers or other staff) in grade K at Harbor Middle",
            "(docentes u otro personal) del grado K de Harbor Middle",
        );
        reads(
            &Rule::All(vec![role(&["student"]), not(Rule::Any(vec![Rule::Grade(words(&["06"])), Rule::Org(vec![HARBOR])]))]),
            "students not in grade 6 and not at Harbor Middle",
            "estudiantes que no son del grado 6 y que no son de Harbor Middle",
        );
    }

    #[test]
    fn everybody_of_a_school_can_be_left_out() {
        let at_harbor = Rule::All(vec![Rule::Everybody, Rule::Org(vec![HARBOR])]);
        reads(
            &Rule::All(vec![role(&["student"]), not(at_harbor.clone())]),
            "students, but not anybody at Harbor Middle",
            "estudiantes, pero nadie de Harbor Middle",
        );
        reads(
            &Rule::All(vec![Rule::Any(vec![role(&["student"]), role(&["teacher"])]), not(at_harbor)]),
            "students or teachers, but in no case anybody at Harbor Middle",
            "estudiantes o docentes, pero en ningún caso nadie de Harbor Middle",
        );
        reads(
            &Rule::All(vec![role(&["student"]), not(Rule::Org(vec![HARBOR, CEDAR])), not(Rule::Grade(words(&["KG", "01"])))]),
            "students not at Harbor Middle or Cedar Ridge Middle and not in grades K or 1",
            "estudiantes que no son de Harbor Middle ni Cedar Ridge Middle y que no son de los grados K ni 1",
        );
    }

    #[test]
    fn a_saved_audience_is_called_by_its_name() {
        reads(&Rule::Saved(OFFICE), "everybody in “Office staff”", "todas las personas de «Office staff»");
        reads(
            &Rule::All(vec![role(&["teacher"]), Rule::Saved(OFFICE), Rule::JoinedBefore(august())]),
            "teachers in “Office staff” who joined before August 17, 2026",
            "docentes de «Office staff» que entraron antes del 17 de agosto de 2026",
        );
        reads(
            &Rule::All(vec![Rule::AllStaff, not(Rule::Saved(OFFICE))]),
            "all staff not in “Office staff”",
            "todo el personal que no es de «Office staff»",
        );
        reads(
            &Rule::All(vec![Rule::Any(vec![Rule::Saved(OFFICE), role(&["teacher"])]), not(Rule::Saved(OFFICE))]),
            "everybody in “Office staff”, or teachers, but in no case anybody in “Office staff”",
            "todas las personas de «Office staff», o docentes, pero en ningún caso nadie de «Office staff»",
        );
    }

    #[test]
    fn classes_people_and_two_roles_at_once_are_said_too() {
        reads(
            &Rule::All(vec![role(&["student"]), Rule::Section(vec![SCIENCE])]),
            "students in the class Science 6 (S-1)",
            "estudiantes de la clase Science 6 (S-1)",
        );
        reads(
            &Rule::All(vec![role(&["teacher"]), Rule::People(vec![TOM])]),
            "teachers who are also Tom Lee",
            "docentes que también son Tom Lee",
        );
        reads(&not(role(&["student"])), "everybody, but not students", "todas las personas, pero no estudiantes");
    }

    #[test]
    fn where_more_words_follow_a_comma_closes_what_is_left_out() {
        assert!(Rule::All(vec![Rule::AllStaff, not(role(&["school_leader"]))]).leaves_somebody_out());
        assert!(!Rule::All(vec![Rule::AllStaff, not(Rule::Org(vec![HARBOR]))]).leaves_somebody_out());
        assert!(!Rule::AllStaff.leaves_somebody_out());
    }
}
