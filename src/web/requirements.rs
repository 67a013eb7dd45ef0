//! Requirements: who must do what by when. For directors: the list, the form with its count of people before anybody is asked, and each
//! requirement's page.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::audit::{self, standing};
use super::desk::{Desk, Director};
use super::requirement_form::{Except, Filled, Group, MOST, ROLES};
use super::shell::Shell;
use super::words;
use crate::db::Tx;
use crate::kernel::{FieldError, Locale, Problem, Result};
use crate::obligations::figures;
use crate::obligations::requirements::{self, Preview, Requirement, RequirementState};
use crate::obligations::{AnswersAs, Subject};
use crate::policies;
use crate::roster::audience::{self, Choices, Rule};

/// Something that people can be asked to do: a published policy version or course.
#[derive(Debug, Clone)]
pub struct SubjectChoice {
    /// `policy` or `course`.
    pub kind: &'static str,
    pub version: i64,
    pub root: i64,
    pub title: String,
    /// How long it takes, about.
    pub minutes: i64,
}

impl SubjectChoice {
    /// As the form sends it.
    pub fn value(&self) -> String {
        format!("{}-{}", self.kind, self.version)
    }

    pub fn subject(&self) -> Result<Subject> {
        match self.kind {
            "policy" => Ok(Subject::Policy { version: self.version, root: self.root }),
            "course" => Ok(Subject::Course { version: self.version, root: self.root }),
            other => Err(Problem::internal("a subject of an unknown kind", other.to_owned())),
        }
    }
}

/// What can be asked for today: published policies and courses.
pub async fn subjects(tx: &mut Tx, desk: &Desk) -> Result<Vec<SubjectChoice>> {
    let mut choices = Vec::new();
    for listed in policies::list_public(tx, desk.today(), Some(desk.locale.tag())).await? {
        let Some(version) = listed.current else { continue };
        let reading = policies::read(tx, &version, Some(desk.locale.tag())).await?;
        // A board policy binds without an answer; only what has something to agree to can be asked.
        if !reading.statement.is_empty() || !reading.consents.is_empty() {
            choices.push(SubjectChoice {
                kind: "policy",
                version: version.id.0,
                root: version.policy_id.0,
                title: format!("{} ({})", reading.title, version.number),
                minutes: reading.minutes.max(1),
            });
        }
    }
    choices.extend(super::courses::subjects(tx, desk.locale).await?);
    Ok(choices)
}

struct RowView {
    href: String,
    title: String,
    share: String,
    fraction: String,
    due: String,
    state: &'static str,
    state_text: String,
}

#[derive(Template)]
#[template(path = "requirements.html")]
struct ListPage {
    shell: Shell,
    in_force: Vec<RowView>,
    saved: Vec<RowView>,
    past: Vec<RowView>,
}

struct OptionView {
    value: String,
    text: String,
    chosen: bool,
}

struct GroupView {
    number: usize,
    roles: Vec<OptionView>,
    schools: Vec<OptionView>,
    grades: Vec<OptionView>,
    languages: Vec<OptionView>,
    joined: String,
}

struct ExceptView {
    number: usize,
    roles: Vec<OptionView>,
    schools: Vec<OptionView>,
}

/// What a requirement would reach, in words.
struct PreviewView {
    total: String,
    number: i64,
    by_school: Vec<(String, String)>,
    other_schools: Option<(String, String)>,
    without_email: i64,
    without_guardian: i64,
    ask: String,
}

#[derive(Template)]
#[template(path = "requirement_new.html")]
struct FormPage {
    shell: Shell,
    subjects: Vec<OptionView>,
    filled: Filled,
    groups: Vec<GroupView>,
    excepts: Vec<ExceptView>,
    more_groups: bool,
    more_excepts: bool,
    sentence: Option<String>,
    preview: Option<PreviewView>,
    counted: String,
    earliest: String,
}

#[derive(Template)]
#[template(path = "requirement.html")]
struct OnePage {
    shell: Shell,
    uid: Uuid,
    title: String,
    sentence: String,
    state: &'static str,
    state_text: String,
    figure: Option<Figure>,
    preview: Option<PreviewView>,
    issued: Option<String>,
    ended: Option<String>,
    may_withdraw: bool,
    reason: String,
    goal: i64,
}

struct Figure {
    share: String,
    fraction: String,
    late: String,
    href: String,
}

#[get("/requirements")]
async fn list(desk: Director<'_>) -> Answer<Html> {
    let shell = desk.shell(desk.t("nav-requirements"));
    let today = desk.today();
    let mut tx = desk.read().await?;
    let (mut in_force, mut saved, mut past) = (Vec::new(), Vec::new(), Vec::new());
    for requirement in requirements::all(&mut tx, desk.actor()).await? {
        let mut row = RowView {
            href: format!("/requirements/{}", requirement.uid),
            title: requirement.title.clone(),
            share: String::new(),
            fraction: String::new(),
            due: due_text(&shell, &requirement),
            state: "open",
            state_text: String::new(),
        };
        match requirement.state {
            RequirementState::Saved => {
                row.state_text = shell.t("requirements-saved-state");
                saved.push(row);
            }
            RequirementState::Issued => {
                let counts = figures::total(&mut tx, desk.actor(), requirement.uid, today).await?;
                row.share = audit::share(shell.locale, counts);
                row.fraction = audit::fraction(&shell, counts);
                (row.state, row.state_text) = standing(&shell, &requirement, counts, today);
                in_force.push(row);
            }
            RequirementState::Superseded | RequirementState::Renewed | RequirementState::Withdrawn => {
                // As it stood on its last day.
                let last = requirement.ended_day.map_or(today, |d| d.plus(-1));
                let counts = figures::total(&mut tx, desk.actor(), requirement.uid, last).await?;
                row.share = audit::share(shell.locale, counts);
                row.fraction = audit::fraction(&shell, counts);
                row.state_text = state_text(&shell, &requirement);
                past.push(row);
            }
        }
    }
    drop(tx);
    page(&ListPage { shell, in_force, saved, past })
}

fn due_text(shell: &Shell, requirement: &Requirement) -> String {
    match requirement.due {
        Some(due) => shell.day(&due),
        None => shell.tv("requirements-days-after-joining", "days", requirement.join_days),
    }
}

fn state_text(shell: &Shell, requirement: &Requirement) -> String {
    shell.t(match requirement.state {
        RequirementState::Saved => "requirements-saved-state",
        RequirementState::Issued => "requirements-issued-state",
        RequirementState::Superseded => "requirements-superseded-state",
        RequirementState::Renewed => "requirements-renewed-state",
        RequirementState::Withdrawn => "requirements-withdrawn-state",
    })
}

/// "Students in grade 6 must agree to “…” by October 1, 2026; whoever joins later has 30 days."
#[allow(clippy::too_many_arguments)]
fn sentence(
    locale: Locale,
    who: &str,
    answers_as: AnswersAs,
    is_policy: bool,
    title: Option<&str>,
    due: Option<crate::kernel::Day>,
    join_days: i64,
) -> String {
    let who = if answers_as == AnswersAs::Guardian {
        words::say_with(locale, "requirements-guardians-of", &[("who", who.into())])
    } else {
        let mut letters = who.chars();
        letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
    };
    let what = match title {
        Some(title) => {
            words::say_with(locale, if is_policy { "requirements-agree-to" } else { "requirements-take" }, &[("title", title.into())])
        }
        None => words::say(locale, "requirements-do-this"),
    };
    let when = match due {
        Some(due) => words::say_with(locale, "requirements-by-day", &[("day", locale.day(due).into()), ("days", join_days.into())]),
        None => words::say_with(locale, "requirements-within", &[("days", join_days.into())]),
    };
    words::say_with(locale, "requirements-sentence", &[("who", who.into()), ("what", what.into()), ("when", when.into())])
}

async fn sentence_of(tx: &mut Tx, locale: Locale, requirement: &Requirement) -> Result<String> {
    let names = audience::names(tx, &requirement.audience).await?;
    let who = requirement.audience.sentence(&names, locale);
    let is_policy = matches!(requirement.subject, Subject::Policy { .. });
    Ok(sentence(locale, &who, requirement.answers_as, is_policy, Some(&requirement.title), requirement.due, requirement.join_days))
}

fn preview_view(shell: &Shell, preview: &Preview, answers_as: AnswersAs) -> PreviewView {
    let rest = preview.by_school.get(8..).unwrap_or_default();
    let key = if answers_as == AnswersAs::Guardian { "requirements-ask-families" } else { "requirements-ask" };
    PreviewView {
        total: shell.number(&preview.total),
        number: preview.total,
        by_school: preview.by_school.iter().take(8).map(|(name, number)| (name.clone(), shell.number(number))).collect(),
        other_schools: (!rest.is_empty())
            .then(|| (shell.tv("requirements-other-schools", "number", rest.len()), shell.number(&rest.iter().map(|(_, n)| n).sum()))),
        without_email: preview.without_email,
        without_guardian: preview.without_guardian,
        ask: words::say_with(shell.locale, key, &[("number", preview.total.into()), ("said", shell.number(&preview.total).into())]),
    }
}

fn role_text(shell: &Shell, role: &str) -> String {
    match role {
        "all_staff" => shell.t("requirements-all-staff"),
        "everybody" => shell.t("requirements-everybody"),
        role => audit::role_name(shell, role),
    }
}

fn group_view(shell: &Shell, choices: &Choices, number: usize, group: &Group) -> GroupView {
    let option = |value: &str, text: String, chosen: bool| OptionView { value: value.to_owned(), text, chosen };
    GroupView {
        number,
        roles: ROLES.iter().map(|r| option(r, role_text(shell, r), *r == group.role)).collect(),
        schools: school_options(choices, &group.school),
        grades: choices.grades.iter().map(|g| option(g, audit::grade_name(shell, g), group.grades.contains(g))).collect(),
        languages: choices.languages.iter().map(|l| option(l, language_name(shell, l), *l == group.language)).collect(),
        joined: group.joined.clone(),
    }
}

fn language_name(shell: &Shell, tag: &str) -> String {
    Locale::from_tag(tag).map_or_else(|| shell.tv("requirements-language-tag", "tag", tag), |known| known.own_name().to_owned())
}

fn school_options(choices: &Choices, chosen: &str) -> Vec<OptionView> {
    choices
        .orgs
        .iter()
        .map(|(uid, name)| OptionView { value: uid.to_string(), text: name.clone(), chosen: uid.to_string() == chosen })
        .collect()
}

fn except_view(shell: &Shell, choices: &Choices, number: usize, except: &Except) -> ExceptView {
    ExceptView {
        number,
        roles: ROLES
            .iter()
            .filter(|r| **r != "everybody")
            .map(|r| OptionView { value: (*r).to_owned(), text: role_text(shell, r), chosen: *r == except.role })
            .collect(),
        schools: school_options(choices, &except.school),
    }
}

/// The form with what was filled in, what it would reach, and what is wrong with it.
async fn form_page(desk: &Director<'_>, tx: &mut Tx, filled: Filled, mut problems: Vec<FieldError>, count: bool) -> Result<FormPage> {
    let mut shell = desk.shell(desk.t("requirements-new"));
    let choices = audience::choices(tx).await?;
    let subjects = subjects(tx, desk).await?;
    let (mut said, mut preview, mut counted) = (None, None, String::new());
    if count {
        match filled.rule(&choices, desk.locale) {
            Ok(rule) => {
                let names = audience::names(tx, &rule).await?;
                let chosen = subjects.iter().find(|s| s.value() == filled.subject);
                said = Some(sentence(
                    desk.locale,
                    &rule.sentence(&names, desk.locale),
                    filled.answers_as(),
                    chosen.is_none_or(|s| s.kind == "policy"),
                    chosen.map(|s| s.title.as_str()),
                    crate::kernel::Day::parse_iso(&filled.due),
                    filled.join_days.trim().parse().unwrap_or(30),
                ));
                let reach = requirements::preview(tx, desk.actor(), &desk.district, &rule, filled.answers_as()).await?;
                preview = Some(preview_view(&shell, &reach, filled.answers_as()));
                counted = counted_as(&rule, &filled)?;
            }
            Err(Problem::Invalid(errors)) => {
                for error in errors {
                    if !problems.contains(&error) {
                        problems.push(error);
                    }
                }
            }
            Err(problem) => return Err(problem),
        }
    }
    shell = shell.with_problems(problems);
    Ok(FormPage {
        subjects: subjects
            .iter()
            .map(|s| OptionView { value: s.value(), text: s.title.clone(), chosen: s.value() == filled.subject })
            .collect(),
        groups: filled.groups.iter().enumerate().map(|(n, g)| group_view(&shell, &choices, n, g)).collect(),
        excepts: filled.excepts.iter().enumerate().map(|(n, e)| except_view(&shell, &choices, n, e)).collect(),
        more_groups: filled.groups.len() < MOST,
        more_excepts: filled.excepts.len() < MOST,
        sentence: said,
        preview,
        counted,
        earliest: desk.today().iso(),
        filled,
        shell,
    })
}

/// What a count was made of: when the form says something else later, it is counted again before anybody is asked.
fn counted_as(rule: &Rule, filled: &Filled) -> Result<String> {
    Ok(crate::kernel::digest::sha256_hex(format!("{}|{:?}", rule.to_json()?, filled.answers_as())))
}

#[get("/requirements/new")]
async fn new(desk: Director<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let form = form_page(&desk, &mut tx, Filled::default(), Vec::new(), false).await?;
    drop(tx);
    page(&form)
}

#[post("/requirements/preview", data = "<form>")]
async fn preview(desk: Director<'_>, form: Form<Filled>) -> Answer<Html> {
    let mut filled = form.into_inner();
    filled.arrange();
    let mut tx = desk.read().await?;
    let form = form_page(&desk, &mut tx, filled, Vec::new(), true).await?;
    drop(tx);
    if form.shell.problems.is_empty() { page(&form) } else { form_again(&form) }
}

#[post("/requirements", data = "<form>")]
async fn save(desk: Director<'_>, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut filled = form.into_inner();
    filled.arrange();
    match save_and_issue(&desk, &filled).await {
        Ok((uid, notice)) => Ok(Ok(done(format!("/requirements/{uid}"), notice))),
        Err(Problem::Invalid(errors)) => {
            let mut tx = desk.read().await?;
            let form = form_page(&desk, &mut tx, filled, errors, true).await?;
            drop(tx);
            Ok(Err(form_again(&form)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn save_and_issue(desk: &Director<'_>, filled: &Filled) -> Result<(Uuid, String)> {
    let mut tx = desk.read().await?;
    let choices = audience::choices(&mut tx).await?;
    let subjects = subjects(&mut tx, desk).await?;
    drop(tx);
    let rule = filled.rule(&choices, desk.locale);
    let counted = match &rule {
        Ok(rule) => counted_as(rule, filled)?,
        Err(_) => String::new(),
    };
    let requirement = filled.requirement(rule?, &subjects, desk.locale)?;
    let issue = filled.act == "issue";
    if issue && filled.counted != counted {
        return Err(Problem::invalid("ask", desk.t("requirements-count-first")));
    }
    let mut tx = desk.write().await?;
    let saved = requirements::save(&mut tx, desk.actor(), &desk.district, requirement).await?;
    let notice = if issue {
        let asked = requirements::issue(&mut tx, desk.actor(), &desk.district, saved.uid).await?;
        asked_notice(desk.locale, asked)
    } else {
        desk.t("requirements-saved-notice")
    };
    tx.commit().await?;
    Ok((saved.uid, notice))
}

fn asked_notice(locale: Locale, asked: i64) -> String {
    words::say_with(locale, "requirements-asked-notice", &[("number", asked.into()), ("said", locale.number(asked).into())])
}

async fn one_page(desk: &Director<'_>, uid: Uuid, reason: String) -> Result<OnePage> {
    let today = desk.today();
    let mut tx = desk.read().await?;
    let requirement = requirements::get(&mut tx, desk.actor(), uid).await?;
    let shell = desk.shell(requirement.title.clone());
    let sentence = sentence_of(&mut tx, desk.locale, &requirement).await?;
    let (mut state, mut state_text) = ("open", state_text(&shell, &requirement));
    let (mut figure, mut preview) = (None, None);
    if requirement.state == RequirementState::Saved {
        let reach = requirements::preview(&mut tx, desk.actor(), &desk.district, &requirement.audience, requirement.answers_as).await?;
        preview = Some(preview_view(&shell, &reach, requirement.answers_as));
    } else {
        let day = requirement.ended_day.map_or(today, |d| d.plus(-1));
        let counts = figures::total(&mut tx, desk.actor(), uid, day).await?;
        if requirement.state == RequirementState::Issued {
            (state, state_text) = standing(&shell, &requirement, counts, day);
        }
        figure = Some(Figure {
            share: audit::share(shell.locale, counts),
            fraction: audit::fraction(&shell, counts),
            late: words::say_with(
                shell.locale,
                "audit-late",
                &[("number", counts.late.into()), ("said", shell.number(&counts.late).into())],
            ),
            href: format!("/audit?as_of={day}&requirement={uid}"),
        });
    }
    drop(tx);
    let ended = requirement.ended_day.map(|day| match &requirement.end_reason {
        Some(reason) => shell.tvv("requirements-withdrawn-on", "day", shell.day(&day), "reason", reason),
        None if requirement.state == RequirementState::Renewed => shell.tv("requirements-renewed-on", "day", shell.day(&day)),
        None => shell.tv("requirements-superseded-on", "day", shell.day(&day)),
    });
    Ok(OnePage {
        uid,
        title: requirement.title,
        sentence,
        state,
        state_text,
        figure,
        preview,
        issued: requirement.issued_day.map(|day| shell.tv("requirements-issued-on", "day", shell.day(&day))),
        ended,
        may_withdraw: requirement.state == RequirementState::Issued,
        reason,
        goal: requirement.goal,
        shell,
    })
}

#[get("/requirements/<uid>", rank = 2)]
async fn one(desk: Director<'_>, uid: Uuid) -> Answer<Html> {
    page(&one_page(&desk, uid, String::new()).await?)
}

#[post("/requirements/<uid>/issue")]
async fn issue(desk: Director<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    let asked = requirements::issue(&mut tx, desk.actor(), &desk.district, uid).await?;
    tx.commit().await?;
    Ok(done(format!("/requirements/{uid}"), asked_notice(desk.locale, asked)))
}

#[derive(FromForm)]
struct Withdrawal {
    #[field(default = String::new())]
    reason: String,
}

#[post("/requirements/<uid>/withdrawal", data = "<form>")]
async fn withdraw(desk: Director<'_>, uid: Uuid, form: Form<Withdrawal>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    let withdrawn = requirements::withdraw(&mut tx, desk.actor(), &desk.district, uid, &form.reason).await;
    match withdrawn {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/requirements/{uid}"), desk.t("requirements-withdrawn-notice"))))
        }
        Err(Problem::Invalid(_)) => {
            drop(tx);
            let mut again = one_page(&desk, uid, form.reason.clone()).await?;
            let problem = FieldError { field: "reason".into(), text: desk.t("requirements-say-why") };
            again.shell = again.shell.with_problems(vec![problem]);
            Ok(Err(form_again(&again)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("requirements", |rocket| async { rocket.mount("/", routes![list, new, preview, save, one, issue, withdraw]) })
}
