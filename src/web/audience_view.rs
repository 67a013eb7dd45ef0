//! What the pages show of an audience: the groups with their conditions as fields, and whom a rule reaches today.

use std::collections::HashMap;

use super::audience_form::{BY_NAME, Group, Known, MOST, ROLES};
use super::audit;
use super::desk::Director;
use super::shell::Shell;
use super::words;
use crate::db::Tx;
use crate::kernel::{Locale, Result};
use crate::obligations::AnswersAs;
use crate::obligations::requirements::Preview;
use crate::roster::audience::{self, Class, Found, Named, Rule, language_name, position_name};

/// Something that can be chosen.
pub struct OptionView {
    pub value: String,
    pub text: String,
    pub chosen: bool,
}

/// One condition of a group: boxes to tick, days, or a search with boxes.
pub struct Condition {
    pub name: &'static str,
    pub legend: String,
    /// What is chosen, in a few words.
    pub said: String,
    pub used: bool,
    pub open: bool,
    pub options: Vec<OptionView>,
    /// The words of the box that turns the condition around; none where it has none.
    pub turn: Option<String>,
    pub turned: bool,
    pub days: Option<(String, String)>,
    pub search: Option<SearchView>,
}

pub struct SearchView {
    pub label: String,
    pub text: String,
    /// The letters for which something is shown now.
    pub shown: String,
    pub said: Option<String>,
    pub results: Vec<OptionView>,
}

pub struct GroupView {
    /// `groups[0]`, `excepts[1]`: what its fields begin with.
    pub field: String,
    pub label: String,
    pub title: String,
    pub none: String,
    pub roles: Vec<OptionView>,
    pub saved: Vec<OptionView>,
    /// What always stands there, and what is used.
    pub shown: Vec<Condition>,
    /// What isn't used: folded away.
    pub folded: Vec<Condition>,
    /// Which these are, in words.
    pub more: String,
    pub remove: Option<(String, String)>,
}

/// The groups of a form; the template `audience_parts.html` shows them.
pub struct BuilderView {
    pub groups: Vec<GroupView>,
    pub more_groups: bool,
    pub more_excepts: bool,
    /// Where the form goes for another round.
    pub here: String,
}

/// What was found for the letters in the search fields, by the group's field.
#[derive(Default)]
struct Searched {
    classes: HashMap<String, Found<Class>>,
    people: HashMap<String, Found<Named>>,
}

/// The groups as fields, with what was looked for.
pub async fn builder(
    desk: &Director<'_>,
    tx: &mut Tx,
    shell: &Shell,
    (groups, excepts): (&[Group], &[Group]),
    known: &Known,
    here: impl Into<String>,
) -> Result<BuilderView> {
    let numbered = |name: &'static str, list: &[Group]| -> Vec<(String, Group)> {
        list.iter().enumerate().map(|(number, group)| (format!("{name}[{number}]"), group.clone())).collect()
    };
    let all = [numbered("groups", groups), numbered("excepts", excepts)].concat();
    let mut searched = Searched::default();
    for (field, group) in &all {
        if !group.classes_search.trim().is_empty() {
            let schools: Vec<_> = if group.schools_not {
                Vec::new()
            } else {
                group.schools.iter().filter_map(|uid| uuid::Uuid::parse_str(uid).ok()).collect()
            };
            let found = audience::find_classes(tx, desk.actor(), &group.classes_search, &schools).await?;
            searched.classes.insert(field.clone(), found);
        }
        if !group.people_search.trim().is_empty() {
            let found = audience::find_people(tx, desk.actor(), &group.people_search, desk.today()).await?;
            searched.people.insert(field.clone(), found);
        }
    }
    let mut views = Vec::new();
    for (number, (field, group)) in all.iter().enumerate() {
        let drawing = Drawing { shell, known, searched: &searched, field, group };
        let place = if number < groups.len() { (number, false) } else { (number - groups.len(), true) };
        views.push(drawing.group(place, groups.len()));
    }
    Ok(BuilderView { groups: views, more_groups: groups.len() < MOST, more_excepts: excepts.len() < MOST, here: here.into() })
}

struct Drawing<'a> {
    shell: &'a Shell,
    known: &'a Known,
    searched: &'a Searched,
    field: &'a str,
    group: &'a Group,
}

impl Drawing<'_> {
    fn group(&self, (number, left_out): (usize, bool), groups: usize) -> GroupView {
        let (shell, group) = (self.shell, self.group);
        let mut roles: Vec<OptionView> = ROLES
            .iter()
            .filter(|role| !left_out || **role != "everybody")
            .map(|role| option(role, role_text(shell, role), *role == group.role))
            .collect();
        roles.push(option(BY_NAME, shell.t("audiences-by-name"), group.role == BY_NAME));
        let saved = self.known.choices.saved.iter().map(|(uid, name)| {
            let value = format!("saved-{uid}");
            OptionView { chosen: value == group.role, value, text: name.clone() }
        });
        let (name, key, remove) = match (left_out, number) {
            (true, _) => ("except", "audiences-but-not", true),
            (false, 0) => ("group", "audiences-who", groups > 1),
            (false, _) => ("group", "audiences-or-who", true),
        };
        let title = shell.tv(if left_out { "audiences-except" } else { "audiences-group" }, "number", number + 1);
        let remove_text = shell.tv(if left_out { "audiences-remove-except" } else { "audiences-remove-group" }, "number", number + 1);
        let (shown, folded): (Vec<_>, Vec<_>) = self.conditions().into_iter().partition(|c| c.used || c.open || self.always(c.name));
        let names = folded.iter().map(|c| c.legend.to_lowercase()).collect::<Vec<_>>().join(", ");
        GroupView {
            field: self.field.to_owned(),
            label: shell.t(key),
            title,
            none: shell.t(if left_out { "audiences-anybody" } else { "requirements-choose" }),
            roles,
            saved: saved.collect(),
            shown,
            folded,
            more: shell.tv("audiences-more-conditions", "names", names),
            remove: remove.then(|| (format!("remove-{name}-{number}"), remove_text)),
        }
    }

    /// What stands there even where it isn't used: the school, the grades of students, the names of people by name.
    fn always(&self, name: &str) -> bool {
        let role = self.group.role.as_str();
        match name {
            "people" => role == BY_NAME,
            "schools" => role != BY_NAME,
            "grades" => matches!(role, "" | "student" | "everybody"),
            _ => false,
        }
    }

    /// In the order in which they stand on the page.
    fn conditions(&self) -> Vec<Condition> {
        let (shell, group, choices) = (self.shell, self.group, &self.known.choices);
        let chosen = |list: &[String], value: &str| list.iter().any(|v| v == value);
        let words = |list: &[String], picked: &[String], text: &dyn Fn(&str) -> String| -> Vec<OptionView> {
            list.iter().map(|w| option(w, text(w), chosen(picked, w))).collect()
        };
        let schools =
            choices.orgs.iter().map(|(uid, name)| option(&uid.to_string(), name.clone(), chosen(&group.schools, &uid.to_string())));
        let grades = words(&choices.grades, &group.grades, &|g| audit::grade_name(shell, g));
        let positions = words(&choices.positions, &group.positions, &|w| position_name(w).to_owned());
        let languages = words(&choices.languages, &group.languages, &|t| language_name(t, shell.locale));
        let mut all = vec![
            self.ticked("schools", schools.collect(), group.schools_not),
            self.ticked("grades", grades, group.grades_not),
            self.joined(),
            self.ticked("positions", positions, group.positions_not),
            self.classes(),
            self.ticked("languages", languages, group.languages_not),
            self.people(),
        ];
        // A list with one entry or none has nothing to choose from.
        all.retain(|c| c.used || c.open || c.search.is_some() || c.days.is_some() || c.options.len() > usize::from(c.name == "languages"));
        all
    }

    fn ticked(&self, name: &'static str, options: Vec<OptionView>, turned: bool) -> Condition {
        let shell = self.shell;
        let chosen: Vec<&str> = options.iter().filter(|o| o.chosen).map(|o| o.text.as_str()).collect();
        let said = match chosen.as_slice() {
            [] => shell.t("audiences-any"),
            few if few.len() <= 3 => few.join(", "),
            many => shell.tvv("audiences-and-more", "first", many[..2].join(", "), "number", many.len() - 2),
        };
        let used = !chosen.is_empty();
        Condition {
            name,
            legend: shell.t(&format!("audiences-{name}")),
            said: if used && turned { shell.tv("audiences-all-but", "these", said) } else { said },
            used,
            open: self.wrong(name),
            options,
            turn: Some(shell.t("audiences-turn")),
            turned,
            days: None,
            search: None,
        }
    }

    fn joined(&self) -> Condition {
        let (shell, group) = (self.shell, self.group);
        let day = |text: &str| crate::kernel::Day::parse_iso(text.trim()).map(|day| shell.day(&day));
        let said = match (day(&group.joined), day(&group.joined_before)) {
            (None, None) => shell.t("audiences-any-day"),
            (Some(since), None) => shell.tv("audiences-since", "day", since),
            (None, Some(before)) => shell.tv("audiences-before", "day", before),
            (Some(since), Some(before)) => shell.tvv("audiences-between", "since", since, "before", before),
        };
        Condition {
            days: Some((group.joined.clone(), group.joined_before.clone())),
            said,
            used: !group.joined.trim().is_empty() || !group.joined_before.trim().is_empty(),
            open: self.wrong("joined") || self.wrong("joined_before"),
            turn: None,
            ..self.ticked("joined", Vec::new(), false)
        }
    }

    fn classes(&self) -> Condition {
        let group = self.group;
        let text = |class: &Class| {
            let parts = [Some(class.title.as_str()), class.code.as_deref(), class.teacher.as_deref(), Some(class.school.as_str())];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        };
        let known = group.classes.iter().filter_map(|uid| {
            let class = self.known.classes.get(&uuid::Uuid::parse_str(uid).ok()?)?;
            Some(option(uid, text(class), true))
        });
        let results = self.searched.classes.get(self.field).map(|found| {
            let rows = found.rows.iter().filter(|c| !group.classes.contains(&c.uid.to_string()));
            (rows.map(|c| option(&c.uid.to_string(), text(c), false)).collect(), found.rows.len(), found.more)
        });
        self.with_search(self.ticked("classes", known.collect(), group.classes_not), &group.classes_search, results)
    }

    fn people(&self) -> Condition {
        let (shell, group) = (self.shell, self.group);
        let text = |person: &Named| {
            let role = is_a(shell, &person.role);
            match &person.school {
                Some(school) => format!("{} · {role} · {school}", person.name),
                None => format!("{} · {role}", person.name),
            }
        };
        let known: Vec<OptionView> = group
            .people
            .iter()
            .filter_map(|uid| Some(option(uid, text(self.known.people.get(&uuid::Uuid::parse_str(uid).ok()?)?), true)))
            .collect();
        let results = self.searched.people.get(self.field).map(|found| {
            let rows = found.rows.iter().filter(|p| !group.people.contains(&p.uid.to_string()));
            (rows.map(|p| option(&p.uid.to_string(), text(p), false)).collect(), found.rows.len(), found.more)
        });
        let by_name = group.role == BY_NAME;
        let mut condition = self.with_search(self.ticked("people", known, group.people_not && !by_name), &group.people_search, results);
        if by_name {
            condition.turn = None;
            condition.open = true;
            if !condition.used {
                condition.said = shell.t("audiences-nobody-yet");
            }
        }
        condition
    }

    fn with_search(&self, condition: Condition, text: &str, found: Option<(Vec<OptionView>, usize, bool)>) -> Condition {
        let shell = self.shell;
        let name = condition.name;
        let said = found.as_ref().map(|(results, number, more)| match (number, results.len(), more) {
            (0, ..) => shell.tv("audiences-none-found", "text", text.trim()),
            (.., true) => shell.tv("audiences-found-more", "number", *number),
            (_, 0, false) => shell.t("audiences-all-chosen"),
            _ => shell.t("audiences-found"),
        });
        let shown = if found.is_some() { text.to_owned() } else { String::new() };
        // Where there is nothing to tick there is nothing to turn around.
        let anything = condition.used || found.as_ref().is_some_and(|(results, ..)| !results.is_empty());
        Condition {
            turn: condition.turn.filter(|_| anything),
            open: condition.open || found.is_some(),
            search: Some(SearchView {
                label: shell.t(&format!("audiences-find-{name}")),
                text: text.to_owned(),
                shown,
                said,
                results: found.map(|(results, ..)| results).unwrap_or_default(),
            }),
            ..condition
        }
    }

    fn wrong(&self, name: &str) -> bool {
        self.shell.problem(&format!("{}.{name}", self.field)).is_some()
    }
}

fn option(value: &str, text: String, chosen: bool) -> OptionView {
    OptionView { value: value.to_owned(), text, chosen }
}

fn role_text(shell: &Shell, role: &str) -> String {
    match role {
        "all_staff" => shell.t("requirements-all-staff"),
        "everybody" => shell.t("requirements-everybody"),
        role => audit::role_name(shell, role),
    }
}

/// What one person is: "teacher".
fn is_a(shell: &Shell, role: &str) -> String {
    if audience::ROLES.contains(&role) { shell.t(&format!("audiences-is-{role}")) } else { role.replace('_', " ") }
}

/// Whom a rule reaches today, in words.
pub struct ReachView {
    pub total: String,
    pub number: i64,
    pub by_school: Vec<(String, String)>,
    /// The schools with few, together.
    pub others: Option<OthersView>,
    pub without_email: i64,
    pub without_guardian: i64,
    pub examples: Vec<String>,
    /// The words of the button that asks.
    pub ask: String,
}

/// "5 other schools", their number together, and each.
pub struct OthersView {
    pub schools: String,
    pub number: String,
    pub each: Vec<(String, String)>,
}

/// How many schools stand there before the others are folded away.
const SCHOOLS: usize = 8;

pub fn reach_view(shell: &Shell, preview: &Preview, answers_as: AnswersAs) -> ReachView {
    let said = |list: &[(String, i64)]| list.iter().map(|(name, number)| (name.clone(), shell.number(number))).collect::<Vec<_>>();
    // One more line costs less than a fold.
    let shown = if preview.by_school.len() <= SCHOOLS + 1 { preview.by_school.len() } else { SCHOOLS };
    let rest = &preview.by_school[shown..];
    let key = if answers_as == AnswersAs::Guardian { "requirements-ask-families" } else { "requirements-ask" };
    ReachView {
        total: shell.number(&preview.total),
        number: preview.total,
        by_school: said(&preview.by_school[..shown]),
        others: (!rest.is_empty()).then(|| OthersView {
            schools: shell.tv("requirements-other-schools", "number", rest.len()),
            number: shell.number(&rest.iter().map(|(_, n)| n).sum()),
            each: said(rest),
        }),
        without_email: preview.without_email,
        without_guardian: preview.without_guardian,
        examples: preview
            .examples
            .iter()
            .map(|example| {
                if let Some(child) = &example.child {
                    return shell.tvv("audiences-example-for", "name", &example.name, "child", child);
                }
                format!("{} · {} · {}", example.name, is_a(shell, &example.role), example.school)
            })
            .collect(),
        ask: words::say_with(shell.locale, key, &[("number", preview.total.into()), ("said", shell.number(&preview.total).into())]),
    }
}

/// The rule as a sentence, and the saved audiences in it with theirs.
pub struct SaidView {
    pub sentence: String,
    /// Name in quotation marks, and sentence.
    pub meanings: Vec<(String, String)>,
}

pub async fn said(tx: &mut Tx, rule: &Rule, locale: Locale) -> Result<SaidView> {
    let names = audience::names(tx, rule).await?;
    let quoted = |name: String| if locale == Locale::Es { format!("«{name}»") } else { format!("“{name}”") };
    let meanings = audience::meanings(tx, rule, locale).await?.into_iter().map(|(name, said)| (quoted(name), said)).collect();
    Ok(SaidView { sentence: rule.sentence(&names, locale), meanings })
}
