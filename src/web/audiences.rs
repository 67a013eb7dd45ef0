//! Saved audiences, for directors: the list, the form for a new one, and each one's page, where a change shows whom it brings and lets go
//! before it is kept.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::audience_form::{self, Group};
use super::audience_view::{self, BuilderView, ReachView, reach_view};
use super::desk::Director;
use super::shell::Shell;
use super::words;
use crate::db::Tx;
use crate::kernel::{FieldError, Problem, Result};
use crate::obligations::AnswersAs;
use crate::obligations::requirements::{self, Change, Requirement, RequirementState};
use crate::roster::audience::saved::{self, SavedAudience};
use crate::roster::audience::{self, Rule};

/// The form, as text.
#[derive(Debug, Clone, Default, FromForm)]
pub struct Filled {
    #[field(default = String::new())]
    pub name: String,
    pub groups: Vec<Group>,
    pub excepts: Vec<Group>,
    /// What the reader saw counted: nothing is changed that wasn't counted before.
    #[field(default = String::new())]
    pub counted: String,
    /// Which button was pressed.
    #[field(default = String::new())]
    pub act: String,
}

struct RowView {
    href: String,
    name: String,
    sentence: String,
    number: String,
    used_by: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "audiences.html")]
struct ListPage {
    shell: Shell,
    offered: Vec<RowView>,
    retired: Vec<RowView>,
}

/// A requirement for which a change means something.
pub struct EffectView {
    pub href: String,
    pub title: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "audience_form.html")]
struct FormPage {
    shell: Shell,
    /// Of a new one none.
    uid: Option<Uuid>,
    name: String,
    filled: Filled,
    builder: BuilderView,
    /// Whether there is anything to keep.
    changes: bool,
    /// The rule has parts that the form doesn't have: it reads so.
    beyond: Option<String>,
    sentence: Option<String>,
    preview: Option<ReachView>,
    effects: Vec<EffectView>,
    used_by: Vec<(String, String)>,
    counted: String,
}

#[derive(Template)]
#[template(path = "audience_retired.html")]
struct RetiredPage {
    shell: Shell,
    name: String,
    sentence: String,
    used_by: Vec<(String, String)>,
}

/// The requirements, saved or in force, that name the audience.
fn used_by(all: &[Requirement], audience: Uuid) -> Vec<(String, String)> {
    all.iter()
        .filter(|r| matches!(r.state, RequirementState::Saved | RequirementState::Issued) && r.audience.saved().contains(&audience))
        .map(|r| (format!("/requirements/{}", r.uid), r.title.clone()))
        .collect()
}

#[get("/audiences")]
async fn list(desk: Director<'_>) -> Answer<Html> {
    let shell = desk.shell(desk.t("audiences-title"));
    let mut tx = desk.read().await?;
    let all = saved::list(&mut tx, desk.actor()).await?;
    let requirements = requirements::all(&mut tx, desk.actor()).await?;
    let rules: Vec<&Rule> = all.iter().filter(|a| a.retired_at.is_none()).map(|a| &a.rule).collect();
    let numbers = audience::count(&mut tx, &rules, desk.today()).await?;
    let mut numbers = numbers.into_iter();
    let (mut offered, mut retired) = (Vec::new(), Vec::new());
    for audience in all {
        let mut row = RowView {
            href: format!("/audiences/{}", audience.uid),
            sentence: capital(&audience_view::said(&mut tx, &audience.rule, desk.locale).await?.sentence),
            number: String::new(),
            used_by: used_by(&requirements, audience.uid),
            name: audience.name,
        };
        if audience.retired_at.is_none() {
            let number = numbers.next().unwrap_or_default();
            let values = [("number", number.into()), ("said", shell.number(&number).into())];
            row.number = words::say_with(desk.locale, "audiences-people-today", &values);
            offered.push(row);
        } else {
            retired.push(row);
        }
    }
    drop(tx);
    page(&ListPage { shell, offered, retired })
}

/// What is wrong with the name of an audience that is to be saved, in the reader's language.
pub async fn wrong_name(desk: &Director<'_>, tx: &mut Tx, name: &str, rule: &Rule, own: Option<Uuid>) -> Result<Option<String>> {
    let name = name.trim();
    let taken = |a: &SavedAudience| a.retired_at.is_none() && Some(a.uid) != own && a.name.to_lowercase() == name.to_lowercase();
    let key = if name.is_empty() {
        "audiences-no-name"
    } else if name.chars().count() > 100 || name.chars().any(char::is_control) {
        "audiences-long-name"
    } else if !rule.saved().is_empty() {
        "audiences-nested"
    } else if saved::list(tx, desk.actor()).await?.iter().any(taken) {
        "audiences-taken-name"
    } else {
        return Ok(None);
    };
    Ok(Some(desk.t(key)))
}

fn counted_as(rule: &Rule) -> Result<String> {
    Ok(crate::kernel::digest::sha256_hex(rule.to_json()?))
}

/// "12 will be asked, 3 will no longer be asked."
pub fn change_text(shell: &Shell, change: Change) -> String {
    let say =
        |key: &str, number: i64| words::say_with(shell.locale, key, &[("number", number.into()), ("said", shell.number(&number).into())]);
    if change.come == 0 && change.go == 0 {
        return shell.t("audiences-nothing-changes");
    }
    let mut parts = vec![say("audiences-will-be-asked", change.come - change.answered), say("audiences-no-longer-asked", change.go)];
    if change.answered > 0 {
        parts.push(say("audiences-answered-before", change.answered));
    }
    parts.join(" ")
}

/// The form with what was filled in and what is wrong with it; counted too, with what a change would do, where that was asked for.
async fn form_page(
    desk: &Director<'_>,
    tx: &mut Tx,
    audience: Option<&SavedAudience>,
    filled: Filled,
    mut problems: Vec<FieldError>,
    count: bool,
) -> Result<FormPage> {
    let mut shell = desk.shell(audience.map_or_else(|| desk.t("audiences-new"), |a| a.name.clone()));
    let uid = audience.map(|a| a.uid);
    let known = audience_form::known(tx, &filled.groups, &filled.excepts, audience.map(|a| &a.rule)).await?;
    let (mut sentence, mut preview, mut effects, mut counted) = (None, None, Vec::new(), String::new());
    let mut changes = audience.is_none_or(|a| a.name != filled.name.trim());
    match audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale) {
        Ok(rule) => {
            changes |= audience.is_some_and(|a| a.rule != rule);
            sentence = Some(capital(&audience_view::said(tx, &rule, desk.locale).await?.sentence));
            if count && !rule.saved().is_empty() {
                problems.push(FieldError { field: "groups[0].role".into(), text: desk.t("audiences-nested") });
            } else if count {
                let reach = requirements::preview(tx, desk.actor(), &desk.district, &rule, AnswersAs::Oneself).await?;
                preview = Some(reach_view(&shell, &reach, AnswersAs::Oneself));
                counted = counted_as(&rule)?;
                if let Some(uid) = uid.filter(|_| changes) {
                    for (requirement, change) in requirements::preview_audience_change(tx, desk.actor(), &desk.district, uid, &rule).await?
                    {
                        effects.push(EffectView {
                            href: format!("/requirements/{}", requirement.uid),
                            title: requirement.title,
                            text: change_text(&shell, change),
                        });
                    }
                }
            }
        }
        Err(Problem::Invalid(errors)) if count && !audience_form::is_looking(&filled.groups, &filled.excepts) => {
            for error in errors {
                if !problems.contains(&error) {
                    problems.push(error);
                }
            }
        }
        Err(Problem::Invalid(_)) => {}
        Err(problem) => return Err(problem),
    }
    let used_by = match uid {
        Some(uid) => used_by(&requirements::all(tx, desk.actor()).await?, uid),
        None => Vec::new(),
    };
    shell = shell.with_problems(problems);
    let here = uid.map_or_else(|| "/audiences/preview".to_owned(), |uid| format!("/audiences/{uid}/preview"));
    Ok(FormPage {
        builder: audience_view::builder(desk, tx, &shell, (&filled.groups, &filled.excepts), &known, here).await?,
        name: audience.map(|a| a.name.clone()).unwrap_or_default(),
        uid,
        filled,
        changes,
        beyond: None,
        sentence,
        preview,
        effects,
        used_by,
        counted,
        shell,
    })
}

pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

#[get("/audiences/new")]
async fn new(desk: Director<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let filled = Filled { groups: vec![Group::default()], ..Filled::default() };
    page(&form_page(&desk, &mut tx, None, filled, Vec::new(), false).await?)
}

fn arranged(form: Form<Filled>) -> Filled {
    let mut filled = form.into_inner();
    audience_form::arrange(&mut filled.groups, &mut filled.excepts, &filled.act);
    filled
}

#[post("/audiences/preview", data = "<form>")]
async fn preview(desk: Director<'_>, form: Form<Filled>) -> Answer<Html> {
    let filled = arranged(form);
    let count = filled.act == "preview";
    let mut tx = desk.read().await?;
    let form = form_page(&desk, &mut tx, None, filled, Vec::new(), count).await?;
    if form.shell.problems.is_empty() { page(&form) } else { form_again(&form) }
}

#[post("/audiences", data = "<form>")]
async fn create(desk: Director<'_>, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let filled = arranged(form);
    let mut tx = desk.write().await?;
    let created = match read(&desk, &mut tx, &filled, None).await {
        Ok(rule) => saved::create(&mut tx, desk.actor(), &filled.name, &rule).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok(audience) => {
            tx.commit().await?;
            Ok(Ok(done("/audiences", words::say_with(desk.locale, "audiences-saved-notice", &[("name", audience.name.into())]))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let mut tx = desk.read().await?;
            Ok(Err(form_again(&form_page(&desk, &mut tx, None, filled, errors, true).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The rule of the form, with a name that can be kept.
async fn read(desk: &Director<'_>, tx: &mut Tx, filled: &Filled, own: Option<&SavedAudience>) -> Result<Rule> {
    let known = audience_form::known(tx, &filled.groups, &filled.excepts, own.map(|a| &a.rule)).await?;
    let rule = audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale)?;
    match wrong_name(desk, tx, &filled.name, &rule, own.map(|a| a.uid)).await? {
        Some(text) => Err(Problem::invalid("name", text)),
        None => Ok(rule),
    }
}

#[get("/audiences/<uid>", rank = 2)]
async fn one(desk: Director<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let audience = saved::get(&mut tx, desk.actor(), uid).await?;
    let sentence = audience_view::said(&mut tx, &audience.rule, desk.locale).await?.sentence;
    if audience.retired_at.is_some() {
        let used_by = used_by(&requirements::all(&mut tx, desk.actor()).await?, uid);
        let shell = desk.shell(audience.name.clone());
        return page(&RetiredPage { shell, name: audience.name, sentence: capital(&sentence), used_by });
    }
    let shown = audience_form::groups_of(&audience.rule);
    let beyond = shown.is_none().then_some(sentence);
    let (groups, excepts) = shown.unwrap_or_else(|| (vec![Group::default()], Vec::new()));
    let filled = Filled { name: audience.name.clone(), groups, excepts, ..Filled::default() };
    let count = beyond.is_none();
    let form = form_page(&desk, &mut tx, Some(&audience), filled, Vec::new(), count).await?;
    page(&FormPage { beyond, ..form })
}

#[post("/audiences/<uid>/preview", data = "<form>")]
async fn preview_one(desk: Director<'_>, uid: Uuid, form: Form<Filled>) -> Answer<Html> {
    let filled = arranged(form);
    let count = filled.act == "preview";
    let mut tx = desk.read().await?;
    let audience = saved::get(&mut tx, desk.actor(), uid).await?;
    let form = form_page(&desk, &mut tx, Some(&audience), filled, Vec::new(), count).await?;
    if form.shell.problems.is_empty() { page(&form) } else { form_again(&form) }
}

#[post("/audiences/<uid>", data = "<form>")]
async fn change(desk: Director<'_>, uid: Uuid, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let filled = arranged(form);
    let mut tx = desk.write().await?;
    let audience = saved::get(&mut tx, desk.actor(), uid).await?;
    match keep(&desk, &mut tx, &audience, &filled).await {
        Ok(asked) => {
            tx.commit().await?;
            let values = [("name", filled.name.trim().into()), ("number", asked.into()), ("said", desk.locale.number(asked).into())];
            Ok(Ok(done("/audiences", words::say_with(desk.locale, "audiences-changed-notice", &values))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let mut tx = desk.read().await?;
            Ok(Err(form_again(&form_page(&desk, &mut tx, Some(&audience), filled, errors, true).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Changes the audience, and the duties that follow it. Nothing is kept that the reader hasn't seen counted.
async fn keep(desk: &Director<'_>, tx: &mut Tx, audience: &SavedAudience, filled: &Filled) -> Result<i64> {
    let rule = read(desk, tx, filled, Some(audience)).await?;
    if filled.counted != counted_as(&rule)? {
        return Err(Problem::invalid("keep", desk.t("audiences-count-first")));
    }
    let changed = saved::change(tx, desk.actor(), audience.uid, &filled.name, &rule).await?;
    requirements::audience_changed(tx, desk.actor(), &desk.district, changed.uid).await
}

#[post("/audiences/<uid>/retirement")]
async fn retire(desk: Director<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    let audience = saved::get(&mut tx, desk.actor(), uid).await?;
    saved::retire(&mut tx, desk.actor(), uid).await?;
    tx.commit().await?;
    Ok(done("/audiences", words::say_with(desk.locale, "audiences-retired-notice", &[("name", audience.name.into())])))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("audiences", |rocket| async {
        rocket.mount("/", routes![list, new, preview, create, one, preview_one, change, retire])
    })
}
