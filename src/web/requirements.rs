//! Requirements: who must do what by when. For directors: the list, the form with its count of people before anybody is asked, and each
//! requirement's page.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::audience_form;
use super::audience_view::{self, BuilderView, OptionView, ReachView, reach_view};
use super::audiences;
use super::audit::{self, standing};
use super::desk::{Desk, Director};
use super::requirement_form::Filled;
use super::shell::Shell;
use super::words;
use crate::db::Tx;
use crate::kernel::{FieldError, Locale, Problem, Result};
use crate::obligations::figures;
use crate::obligations::requirements::{self, Requirement, RequirementState};
use crate::obligations::{AnswersAs, Subject};
use crate::policies;
use crate::roster::audience::{Rule, saved};

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

#[derive(Template)]
#[template(path = "requirement_new.html")]
struct FormPage {
    shell: Shell,
    subjects: Vec<OptionView>,
    /// Courses that can be given to whoever did the chosen one before.
    refreshers: Vec<OptionView>,
    filled: Filled,
    builder: BuilderView,
    sentence: Option<String>,
    meanings: Vec<(String, String)>,
    preview: Option<ReachView>,
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
    /// What the sentence doesn't say of the days.
    window: Vec<String>,
    meanings: Vec<(String, String)>,
    may_change: bool,
    state: &'static str,
    state_text: String,
    figure: Option<Figure>,
    preview: Option<ReachView>,
    issued: Option<String>,
    ended: Option<String>,
    may_withdraw: bool,
    reason: String,
    goal: i64,
    /// It can be printed as forms.
    paper: bool,
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

/// What a requirement says of its days beside the last one.
async fn window_lines(tx: &mut Tx, desk: &Desk, shell: &Shell, requirement: &Requirement) -> Result<Vec<String>> {
    let window = &requirement.window;
    let mut lines = Vec::new();
    if let Some(opens) = window.opens {
        lines.push(shell.tv("requirements-says-opens", "day", shell.day(&opens)));
    }
    if window.grace_days > 0 {
        lines.push(shell.tv("duty-grace", "days", window.grace_days));
    }
    if window.yearly {
        lines.push(shell.t("requirements-says-yearly"));
    }
    if let Some((version, root)) = window.refresher {
        let known = subjects(tx, desk).await?;
        let title = known.iter().find(|s| s.kind == "course" && (s.version == version || s.root == root)).map(|s| s.title.clone());
        lines.push(shell.tv("requirements-says-refresher", "title", title.unwrap_or_else(|| shell.t("requirements-another-course"))));
    }
    Ok(lines)
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
    rule: &Rule,
    who: &str,
    answers_as: AnswersAs,
    is_policy: bool,
    title: Option<&str>,
    due: Option<crate::kernel::Day>,
    join_days: i64,
) -> String {
    let mut one = rule.is_one_body();
    let mut who = if answers_as == AnswersAs::Guardian {
        one = false;
        words::say_with(locale, "requirements-guardians-of", &[("who", who.into())])
    } else {
        // The first letter, which may stand behind a bracket.
        let first = who.find(char::is_alphanumeric).unwrap_or(0);
        let (before, rest) = who.split_at(first);
        let mut letters = rest.chars();
        letters.next().map_or_else(String::new, |first| format!("{before}{}{}", first.to_uppercase(), letters.as_str()))
    };
    // English closes the year of a date with a comma.
    let mut ends_in_day = false;
    rule.visit(&mut |part| {
        if let Rule::JoinedSince(day) | Rule::JoinedBefore(day) = part {
            ends_in_day |= locale == Locale::En && who.ends_with(&locale.day(*day));
        }
    });
    if rule.leaves_somebody_out() || ends_in_day {
        who.push(',');
    }
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
    let key = if one { "audiences-sentence-one" } else { "requirements-sentence" };
    words::say_with(locale, key, &[("who", who.into()), ("what", what.into()), ("when", when.into())])
}

async fn sentence_of(tx: &mut Tx, locale: Locale, requirement: &Requirement) -> Result<(String, Vec<(String, String)>)> {
    let said = audience_view::said(tx, &requirement.audience, locale).await?;
    let is_policy = matches!(requirement.subject, Subject::Policy { .. });
    let sentence = sentence(
        locale,
        &requirement.audience,
        &said.sentence,
        requirement.answers_as,
        is_policy,
        Some(&requirement.title),
        requirement.due,
        requirement.join_days,
    );
    Ok((sentence, said.meanings))
}

/// Where the form goes for another round.
const HERE: &str = "/requirements/preview";

/// The form with what was filled in and what is wrong with it; counted too where that was asked for.
async fn form_page(desk: &Director<'_>, tx: &mut Tx, filled: Filled, mut problems: Vec<FieldError>, count: bool) -> Result<FormPage> {
    let mut shell = desk.shell(desk.t("requirements-new"));
    let known = audience_form::known(tx, &filled.groups, &filled.excepts, None).await?;
    let subjects = subjects(tx, desk).await?;
    let (mut said, mut meanings, mut preview, mut counted) = (None, Vec::new(), None, String::new());
    match audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale) {
        Ok(rule) => {
            let who = audience_view::said(tx, &rule, desk.locale).await?;
            let chosen = subjects.iter().find(|s| s.value() == filled.subject);
            said = Some(sentence(
                desk.locale,
                &rule,
                &who.sentence,
                filled.answers_as(),
                chosen.is_none_or(|s| s.kind == "policy"),
                chosen.map(|s| s.title.as_str()),
                crate::kernel::Day::parse_iso(&filled.due),
                filled.join_days.trim().parse().unwrap_or(30),
            ));
            meanings = who.meanings;
            if count {
                let reach = requirements::preview(tx, desk.actor(), &desk.district, &rule, filled.answers_as()).await?;
                preview = Some(reach_view(&shell, &reach, filled.answers_as()));
                counted = counted_as(&rule, &filled)?;
            }
        }
        Err(Problem::Invalid(errors)) if count && !audience_form::is_looking(&filled.groups, &filled.excepts) => {
            for error in errors {
                if !problems.contains(&error) {
                    problems.push(error);
                }
            }
        }
        // Whoever adds a group or looks for somebody isn't told what is still missing.
        Err(Problem::Invalid(_)) => {}
        Err(problem) => return Err(problem),
    }
    shell = shell.with_problems(problems);
    Ok(FormPage {
        subjects: subjects
            .iter()
            .map(|s| OptionView { value: s.value(), text: s.title.clone(), chosen: s.value() == filled.subject })
            .collect(),
        refreshers: subjects
            .iter()
            .filter(|s| s.kind == "course")
            .map(|s| OptionView { value: s.value(), text: s.title.clone(), chosen: s.value() == filled.refresher })
            .collect(),
        builder: audience_view::builder(desk, tx, &shell, (&filled.groups, &filled.excepts), &known, HERE).await?,
        sentence: said,
        meanings,
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
    let count = filled.act == "preview";
    let form = form_page(&desk, &mut tx, filled, Vec::new(), count).await?;
    drop(tx);
    if form.shell.problems.is_empty() { page(&form) } else { form_again(&form) }
}

/// Saves who is meant under a name, and goes on with the form, which names the saved audience from now on.
#[post("/requirements/audience", data = "<form>")]
async fn save_audience(desk: Director<'_>, form: Form<Filled>) -> Answer<Html> {
    let mut filled = form.into_inner();
    filled.arrange();
    let mut tx = desk.write().await?;
    let known = audience_form::known(&mut tx, &filled.groups, &filled.excepts, None).await?;
    let saved = match audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale) {
        Ok(rule) => match audiences::wrong_name(&desk, &mut tx, &filled.save_name, &rule, None).await? {
            Some(text) => Err(Problem::invalid("save_name", text)),
            None => saved::create(&mut tx, desk.actor(), &filled.save_name, &rule).await,
        },
        Err(problem) => Err(problem),
    };
    match saved {
        Ok(saved) => {
            tx.commit().await?;
            filled.groups = vec![audience_form::Group { role: format!("saved-{}", saved.uid), ..audience_form::Group::default() }];
            filled.excepts = Vec::new();
            filled.save_name = String::new();
            let mut tx = desk.read().await?;
            let mut form = form_page(&desk, &mut tx, filled, Vec::new(), true).await?;
            form.shell.notice = Some(form.shell.tv("audiences-saved-notice", "name", saved.name));
            page(&form)
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let mut tx = desk.read().await?;
            form_again(&form_page(&desk, &mut tx, filled, errors, false).await?)
        }
        Err(problem) => Err(problem.into()),
    }
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
    let known = audience_form::known(&mut tx, &filled.groups, &filled.excepts, None).await?;
    let subjects = subjects(&mut tx, desk).await?;
    drop(tx);
    let rule = audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale);
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
    let window = window_lines(&mut tx, desk, &shell, &requirement).await?;
    let (sentence, meanings) = sentence_of(&mut tx, desk.locale, &requirement).await?;
    let (mut state, mut state_text) = ("open", state_text(&shell, &requirement));
    let (mut figure, mut preview) = (None, None);
    if requirement.state == RequirementState::Saved {
        let reach = requirements::preview(&mut tx, desk.actor(), &desk.district, &requirement.audience, requirement.answers_as).await?;
        preview = Some(reach_view(&shell, &reach, requirement.answers_as));
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
        window,
        meanings,
        may_change: matches!(requirement.state, RequirementState::Saved | RequirementState::Issued),
        state,
        state_text,
        figure,
        preview,
        issued: requirement.issued_day.map(|day| shell.tv("requirements-issued-on", "day", shell.day(&day))),
        ended,
        may_withdraw: requirement.state == RequirementState::Issued,
        reason,
        paper: matches!(requirement.subject, Subject::Policy { .. }) && requirement.state == RequirementState::Issued,
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
    AdHoc::on_ignite("requirements", |rocket| async {
        rocket.mount("/", routes![list, new, preview, save_audience, save, one, issue, withdraw])
    })
}
