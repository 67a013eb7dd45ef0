//! The part of a form that says who is meant: groups, each with its conditions, and whom to leave out. What is sent becomes a rule, or
//! words beside each field that is wrong; a rule becomes the form again. Groups are added and taken away, classes and people are found,
//! by buttons that send the form, so that no script is needed.

use std::collections::HashMap;

use rocket::FromForm;
use uuid::Uuid;

use super::words;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Day, Locale, Result};
use crate::roster::audience::{self, Choices, Class, Named, Rule};

/// The most groups, and the most that leave somebody out.
pub const MOST: usize = 6;

/// What a group can be, beside people by name and saved audiences.
pub const ROLES: [&str; 7] = ["student", "all_staff", "teacher", "staff", "school_leader", "board_member", "everybody"];

/// A group of people by name.
pub const BY_NAME: &str = "named";

/// One "anybody who is …", or one "but not …". All conditions hold together; each list with `…_not` means all but these.
#[allow(clippy::struct_excessive_bools)] // each is a box on the page
#[derive(Debug, Clone, Default, PartialEq, Eq, FromForm)]
pub struct Group {
    /// One of [`ROLES`], [`BY_NAME`], or `saved-` and a uid; '' where nothing was chosen.
    #[field(default = String::new())]
    pub role: String,
    pub schools: Vec<String>,
    pub schools_not: bool,
    pub grades: Vec<String>,
    pub grades_not: bool,
    pub positions: Vec<String>,
    pub positions_not: bool,
    pub languages: Vec<String>,
    pub languages_not: bool,
    #[field(default = String::new())]
    pub joined: String,
    #[field(default = String::new())]
    pub joined_before: String,
    pub classes: Vec<String>,
    pub classes_not: bool,
    /// Letters of the classes that are looked for, and those for which the page has shown what was found.
    #[field(default = String::new())]
    pub classes_search: String,
    #[field(default = String::new())]
    pub classes_shown: String,
    pub people: Vec<String>,
    pub people_not: bool,
    #[field(default = String::new())]
    pub people_search: String,
    #[field(default = String::new())]
    pub people_shown: String,
}

/// Does what the buttons "add", "remove" and "find" ask for. One group always stays.
pub fn arrange(groups: &mut Vec<Group>, excepts: &mut Vec<Group>, act: &str) {
    let index = |name: &str| act.strip_prefix(name).and_then(|n| n.parse::<usize>().ok());
    if let Some(number) = index("remove-group-").filter(|n| *n < groups.len() && groups.len() > 1) {
        groups.remove(number);
    }
    if let Some(number) = index("remove-except-").filter(|n| *n < excepts.len()) {
        excepts.remove(number);
    }
    match act {
        "add-group" => groups.push(Group::default()),
        "add-except" => excepts.push(Group::default()),
        _ => {}
    }
    if groups.is_empty() {
        groups.push(Group::default());
    }
    groups.truncate(MOST);
    excepts.truncate(MOST);
    if act != "find" {
        for group in groups.iter_mut().chain(excepts) {
            // What was found has been looked at: whoever types other letters and presses Enter still gets an answer.
            if group.classes_search == group.classes_shown {
                group.classes_search.clear();
            }
            if group.people_search == group.people_shown {
                group.people_search.clear();
            }
        }
    }
}

/// Whether somebody has typed letters that nothing was looked for yet: they are answered before anything is called wrong.
pub fn is_looking(groups: &[Group], excepts: &[Group]) -> bool {
    groups.iter().chain(excepts).any(|group| !group.classes_search.trim().is_empty() || !group.people_search.trim().is_empty())
}

/// What the form can name: the choices, and the classes and people chosen so far.
#[derive(Debug, Default)]
pub struct Known {
    pub choices: Choices,
    pub classes: HashMap<Uuid, Class>,
    pub people: HashMap<Uuid, Named>,
}

/// Looks up what the form can name. `rule` is the one that is being changed: what it names stays in the choices.
pub async fn known(tx: &mut Tx, groups: &[Group], excepts: &[Group], rule: Option<&Rule>) -> Result<Known> {
    let mut choices = audience::choices(tx).await?;
    if let Some(rule) = rule {
        let names = audience::names(tx, rule).await?;
        choices.admit(rule, &names);
    }
    let all = || groups.iter().chain(excepts);
    let uids = |texts: Vec<&String>| texts.into_iter().filter_map(|t| Uuid::parse_str(t).ok()).collect::<Vec<_>>();
    let classes = audience::known_classes(tx, &uids(all().flat_map(|g| &g.classes).collect())).await?;
    let people = audience::known_people(tx, &uids(all().flat_map(|g| &g.people).collect())).await?;
    Ok(Known {
        choices,
        classes: classes.into_iter().map(|c| (c.uid, c)).collect(),
        people: people.into_iter().map(|p| (p.uid, p)).collect(),
    })
}

/// The audience as a rule.
///
/// # Errors
/// `Invalid` with the fields `groups[n].…` and `excepts[n].…`.
pub fn rule(groups: &[Group], excepts: &[Group], known: &Known, locale: Locale) -> Result<Rule> {
    let mut reader = Reader { known, locale, checks: Checks::default() };
    let mut any = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let field = format!("groups[{number}]");
        if group.role.is_empty() {
            reader.wrong(&field, "role", "audiences-choose-who");
        }
        any.push(together(reader.parts(&field, group)));
    }
    let mut without = Vec::new();
    for (number, except) in excepts.iter().enumerate() {
        let mut parts = reader.parts(&format!("excepts[{number}]"), except);
        if parts.is_empty() {
            continue;
        }
        if except.role.is_empty() {
            parts.insert(0, Rule::Everybody);
        }
        without.push(Rule::Not(Box::new(together(parts))));
    }
    reader.checks.done()?;
    let named = if any.len() == 1 { any.remove(0) } else { Rule::Any(any) };
    if without.is_empty() {
        return Ok(named);
    }
    without.insert(0, named);
    Ok(Rule::All(without))
}

struct Reader<'a> {
    known: &'a Known,
    locale: Locale,
    checks: Checks,
}

impl Reader<'_> {
    fn wrong(&mut self, field: &str, name: &str, key: &str) {
        self.checks.say(format!("{field}.{name}"), words::say(self.locale, key));
    }

    fn parts(&mut self, field: &str, group: &Group) -> Vec<Rule> {
        let choices = &self.known.choices;
        let mut parts = Vec::new();
        let saved = group.role.strip_prefix("saved-");
        match group.role.as_str() {
            "" => {}
            BY_NAME if group.people.is_empty() => self.wrong(field, "people", "audiences-choose-people"),
            BY_NAME => {}
            "everybody" => parts.push(Rule::Everybody),
            "all_staff" => parts.push(Rule::AllStaff),
            role if ROLES.contains(&role) => parts.push(Rule::Role(vec![role.to_owned()])),
            _ => match saved.and_then(|uid| choices.saved.iter().find(|(known, _)| known.to_string() == uid)) {
                Some((uid, _)) => parts.push(Rule::Saved(*uid)),
                None => self.wrong(field, "role", "requirements-unknown-role"),
            },
        }
        let people = self.uids(field, "people", &group.people, |uid| self.known.people.contains_key(&uid));
        let by_name = group.role == BY_NAME;
        turned(&mut parts, people.map(Rule::People), group.people_not && !by_name);
        let grades = self.listed(field, "grades", &group.grades, &choices.grades);
        turned(&mut parts, grades.map(Rule::Grade), group.grades_not);
        let classes = self.uids(field, "classes", &group.classes, |uid| self.known.classes.contains_key(&uid));
        turned(&mut parts, classes.map(Rule::Section), group.classes_not);
        let schools = self.uids(field, "schools", &group.schools, |uid| choices.orgs.iter().any(|(known, _)| *known == uid));
        turned(&mut parts, schools.map(Rule::Org), group.schools_not);
        let positions = self.listed(field, "positions", &group.positions, &choices.positions);
        turned(&mut parts, positions.map(Rule::Position), group.positions_not);
        let languages = self.listed(field, "languages", &group.languages, &choices.languages);
        turned(&mut parts, languages.map(Rule::Language), group.languages_not);
        parts.extend(self.day(field, "joined", &group.joined).map(Rule::JoinedSince));
        parts.extend(self.day(field, "joined_before", &group.joined_before).map(Rule::JoinedBefore));
        parts
    }

    fn listed(&mut self, field: &str, name: &str, chosen: &[String], known: &[String]) -> Option<Vec<String>> {
        if chosen.iter().any(|word| !known.contains(word)) {
            self.wrong(field, name, &format!("audiences-unknown-{name}"));
        }
        (!chosen.is_empty()).then(|| chosen.to_vec())
    }

    fn uids(&mut self, field: &str, name: &str, chosen: &[String], known: impl Fn(Uuid) -> bool) -> Option<Vec<Uuid>> {
        let mut uids: Vec<Uuid> = chosen.iter().filter_map(|text| Uuid::parse_str(text).ok()).filter(|uid| known(*uid)).collect();
        if uids.len() < chosen.len() {
            self.wrong(field, name, &format!("audiences-unknown-{name}"));
        }
        let mut seen = std::collections::HashSet::new();
        uids.retain(|uid| seen.insert(*uid));
        (!uids.is_empty()).then_some(uids)
    }

    fn day(&mut self, field: &str, name: &str, text: &str) -> Option<Day> {
        let text = text.trim();
        let day = Day::parse_iso(text);
        if day.is_none() && !text.is_empty() {
            self.wrong(field, name, "requirements-date-unreadable");
        }
        day
    }
}

fn turned(parts: &mut Vec<Rule>, rule: Option<Rule>, not: bool) {
    if let Some(rule) = rule {
        parts.push(if not { Rule::Not(Box::new(rule)) } else { rule });
    }
}

fn together(mut parts: Vec<Rule>) -> Rule {
    if parts.len() == 1 { parts.remove(0) } else { Rule::All(parts) }
}

/// The groups and exceptions that give this rule; none where it has parts that this form doesn't have.
pub fn groups_of(rule: &Rule) -> Option<(Vec<Group>, Vec<Group>)> {
    let (mut named, mut excepts) = (Vec::new(), Vec::new());
    match rule {
        Rule::All(parts) => {
            for part in parts {
                match part {
                    Rule::Not(inner) if is_group(inner) => excepts.extend(group_of(&[inner.as_ref()], true)?),
                    other => named.push(other),
                }
            }
        }
        other => named.push(other),
    }
    let groups = match named.as_slice() {
        [] => return None,
        [Rule::Any(rules)] => {
            let mut groups = Vec::new();
            for rule in rules {
                groups.extend(group_of(&[rule], false)?);
            }
            groups
        }
        parts => group_of(parts, false)?,
    };
    ((1..=MOST).contains(&groups.len()) && excepts.len() <= MOST).then_some((groups, excepts))
}

/// Whether a denied rule is a group that is left out, rather than a condition that is turned.
fn is_group(rule: &Rule) -> bool {
    matches!(rule, Rule::All(_) | Rule::Everybody | Rule::AllStaff | Rule::Role(_) | Rule::Saved(_) | Rule::People(_))
}

/// One group for each role named.
fn group_of(parts: &[&Rule], left_out: bool) -> Option<Vec<Group>> {
    fn set(list: &mut Vec<String>, turned: &mut bool, values: Vec<String>, not: bool) -> Option<()> {
        if !list.is_empty() || values.is_empty() {
            return None;
        }
        (*list, *turned) = (values, not);
        Some(())
    }
    fn texts(uids: &[Uuid]) -> Vec<String> {
        uids.iter().map(Uuid::to_string).collect()
    }
    let parts: Vec<&Rule> = match parts {
        [Rule::All(parts)] => parts.iter().collect(),
        parts => parts.to_vec(),
    };
    let (mut group, mut roles) = (Group::default(), Vec::new());
    for part in parts {
        let (part, not) = if let Rule::Not(inner) = part { (inner.as_ref(), true) } else { (part, false) };
        match part {
            Rule::Everybody | Rule::AllStaff | Rule::Role(_) | Rule::Saved(_) if not || !roles.is_empty() => return None,
            Rule::Everybody => roles.push(if left_out { String::new() } else { "everybody".into() }),
            Rule::AllStaff => roles.push("all_staff".into()),
            Rule::Role(names) if names.iter().all(|n| ROLES.contains(&n.as_str())) => roles.extend(names.iter().cloned()),
            Rule::Saved(uid) => roles.push(format!("saved-{uid}")),
            Rule::People(uids) => set(&mut group.people, &mut group.people_not, texts(uids), not)?,
            Rule::Grade(words) => set(&mut group.grades, &mut group.grades_not, words.clone(), not)?,
            Rule::Section(uids) => set(&mut group.classes, &mut group.classes_not, texts(uids), not)?,
            Rule::Org(uids) => set(&mut group.schools, &mut group.schools_not, texts(uids), not)?,
            Rule::Position(words) => set(&mut group.positions, &mut group.positions_not, words.clone(), not)?,
            Rule::Language(words) => set(&mut group.languages, &mut group.languages_not, words.clone(), not)?,
            Rule::JoinedSince(day) if !not && group.joined.is_empty() => group.joined = day.iso(),
            Rule::JoinedBefore(day) if !not && group.joined_before.is_empty() => group.joined_before = day.iso(),
            _ => return None,
        }
    }
    if roles.is_empty() {
        let by_name = !group.people.is_empty() && !group.people_not;
        roles.push(if by_name {
            BY_NAME.into()
        } else if left_out {
            String::new()
        } else {
            "everybody".into()
        });
    }
    Some(roles.into_iter().map(|role| Group { role, ..group.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::audience::Names;

    const HARBOR: Uuid = Uuid::from_u128(1);
    const CEDAR: Uuid = Uuid::from_u128(2);
    const SCIENCE: Uuid = Uuid::from_u128(3);
    const TOM: Uuid = Uuid::from_u128(4);
    const OFFICE: Uuid = Uuid::from_u128(5);

    fn world() -> Known {
        Known {
            choices: Choices {
                orgs: vec![(HARBOR, "Harbor Middle".into()), (CEDAR, "Cedar Ridge Middle".into())],
                languages: vec!["en".into(), "es".into()],
                grades: vec!["06".into(), "07".into()],
                positions: vec!["counselor".into()],
                saved: vec![(OFFICE, "Office staff".into())],
            },
            classes: HashMap::from([(
                SCIENCE,
                Class { uid: SCIENCE, title: "Science 6".into(), code: None, school: "Harbor Middle".into(), teacher: None },
            )]),
            people: HashMap::from([(TOM, Named { uid: TOM, name: "Tom Lee".into(), role: "teacher".into(), school: None })]),
        }
    }

    fn group(role: &str) -> Group {
        Group { role: role.into(), ..Group::default() }
    }

    fn texts(uids: &[Uuid]) -> Vec<String> {
        uids.iter().map(Uuid::to_string).collect()
    }

    /// Each condition once, straight and turned.
    fn everything() -> (Vec<Group>, Vec<Group>) {
        let groups = vec![
            Group {
                grades: vec!["06".into(), "07".into()],
                classes: texts(&[SCIENCE]),
                schools: texts(&[HARBOR, CEDAR]),
                languages: vec!["es".into(), "en".into()],
                ..group("student")
            },
            Group {
                schools: texts(&[CEDAR]),
                schools_not: true,
                positions: vec!["counselor".into()],
                positions_not: true,
                languages: vec!["es".into()],
                languages_not: true,
                joined: "2026-08-17".into(),
                joined_before: "2026-10-01".into(),
                ..group("all_staff")
            },
            Group { people: texts(&[TOM]), ..group(BY_NAME) },
            group(&format!("saved-{OFFICE}")),
        ];
        let excepts = vec![
            group("school_leader"),
            Group { schools: texts(&[HARBOR]), grades: vec!["07".into()], grades_not: true, ..group("") },
            Group { people: texts(&[TOM]), ..group(BY_NAME) },
        ];
        (groups, excepts)
    }

    #[test]
    fn groups_and_what_is_left_out_become_a_rule_that_reads_as_it_was_filled_in() {
        let groups = [
            Group { schools: texts(&[HARBOR]), grades: vec!["06".into(), "07".into()], ..group("student") },
            Group { joined: "2026-08-01".into(), ..group("teacher") },
        ];
        let rule = rule(&groups, &[group("school_leader"), Group::default()], &world(), Locale::En).unwrap();
        let names = Names(HashMap::from([(HARBOR, "Harbor Middle".to_owned())]));
        assert_eq!(
            rule.sentence(&names, Locale::En),
            "students in grades 6 and 7 at Harbor Middle, or teachers who joined on or after August 1, 2026, but in no case school leaders"
        );
    }

    #[test]
    fn a_rule_becomes_the_form_that_gives_it() {
        let (groups, excepts) = everything();
        let all = rule(&groups, &excepts, &world(), Locale::En).unwrap();
        assert_eq!(groups_of(&all), Some((groups.clone(), excepts.clone())));
        for group in groups {
            let one = rule(std::slice::from_ref(&group), &[], &world(), Locale::En).unwrap();
            assert_eq!(groups_of(&one), Some((vec![group.clone()], Vec::new())));
            let less = rule(std::slice::from_ref(&group), &excepts, &world(), Locale::En).unwrap();
            assert_eq!(groups_of(&less), Some((vec![group], excepts.clone())));
        }
    }

    #[test]
    fn a_rule_from_the_command_line_becomes_a_form_where_the_form_has_its_parts() {
        let roles = Rule::All(vec![Rule::Role(vec!["teacher".into(), "staff".into()]), Rule::Org(vec![HARBOR])]);
        let (groups, excepts) = groups_of(&roles).unwrap();
        assert_eq!(groups.iter().map(|g| g.role.as_str()).collect::<Vec<_>>(), ["teacher", "staff"]);
        assert!(groups.iter().all(|g| g.schools == texts(&[HARBOR])) && excepts.is_empty());
        let nested = Rule::All(vec![Rule::Any(vec![Rule::AllStaff, Rule::Everybody]), Rule::Any(vec![Rule::AllStaff, Rule::Everybody])]);
        assert_eq!(groups_of(&nested), None);
        assert_eq!(groups_of(&Rule::Not(Box::new(Rule::AllStaff))), None);
    }

    #[test]
    fn buttons_add_and_take_away_but_one_group_stays() {
        let (mut groups, mut excepts) = (Vec::new(), Vec::new());
        arrange(&mut groups, &mut excepts, "remove-group-0");
        assert_eq!(groups.len(), 1);
        for _ in 0..9 {
            arrange(&mut groups, &mut excepts, "add-group");
        }
        assert_eq!(groups.len(), MOST);
        groups[1].role = "teacher".into();
        arrange(&mut groups, &mut excepts, "remove-group-0");
        assert_eq!((groups.len(), groups[0].role.as_str()), (MOST - 1, "teacher"));
    }

    #[test]
    fn what_was_found_goes_away_once_it_was_shown_and_other_letters_are_looked_for() {
        let mut groups = vec![Group { people_search: "lee".into(), ..group(BY_NAME) }];
        arrange(&mut groups, &mut Vec::new(), "preview");
        assert_eq!(groups[0].people_search, "lee", "Enter looks for people too");
        groups[0].people_shown = "lee".into();
        arrange(&mut groups, &mut Vec::new(), "find");
        assert_eq!(groups[0].people_search, "lee");
        arrange(&mut groups, &mut Vec::new(), "preview");
        assert_eq!(groups[0].people_search, "");
    }

    #[test]
    fn what_is_not_there_is_named_beside_its_field() {
        let wrong = [
            Group { schools: vec!["x".into()], joined: "soon".into(), ..group("student") },
            Group { people: vec![HARBOR.to_string()], ..group("king") },
            group(BY_NAME),
            group(""),
        ];
        let said = rule(&wrong, &[Group { languages: vec!["xx".into()], ..group("") }], &world(), Locale::En).unwrap_err().to_string();
        let fields: Vec<&str> = said.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(
            fields,
            [
                "groups[0].schools",
                "groups[0].joined",
                "groups[1].role",
                "groups[1].people",
                "groups[2].people",
                "groups[3].role",
                "excepts[0].languages"
            ]
        );
    }
}
