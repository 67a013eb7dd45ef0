//! Another audience for a requirement that people have been asked for: the same form as for a new one, with whom the change would bring
//! and let go before it is done. For directors.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::audience_form::{self, Group};
use super::audience_view::{self, BuilderView, ReachView, SaidView, reach_view};
use super::audiences::{capital, change_text};
use super::desk::Director;
use super::shell::Shell;
use super::words;
use crate::db::Tx;
use crate::kernel::{FieldError, Problem, Result};
use crate::obligations::requirements::{self, Requirement, RequirementState};
use crate::roster::audience::Rule;

#[derive(Debug, Clone, Default, FromForm)]
struct Filled {
    groups: Vec<Group>,
    excepts: Vec<Group>,
    /// What the reader saw counted: nothing is changed that wasn't counted before.
    #[field(default = String::new())]
    counted: String,
    #[field(default = String::new())]
    act: String,
}

#[derive(Template)]
#[template(path = "requirement_audience.html")]
struct FormPage {
    shell: Shell,
    uid: Uuid,
    title: String,
    /// Whom it names now.
    before: SaidView,
    /// Whether the present rule has parts that the form doesn't have.
    beyond: bool,
    builder: BuilderView,
    said: Option<SaidView>,
    preview: Option<ReachView>,
    /// What the change would do; none while nothing is counted.
    effect: Option<String>,
    /// The button that does it: nothing to press where nothing changes.
    changes: bool,
    counted: String,
}

fn counted_as(rule: &Rule) -> Result<String> {
    Ok(crate::kernel::digest::sha256_hex(format!("{}|audience", rule.to_json()?)))
}

async fn changeable(desk: &Director<'_>, tx: &mut Tx, uid: Uuid) -> Result<Requirement> {
    let requirement = requirements::get(tx, desk.actor(), uid).await?;
    if matches!(requirement.state, RequirementState::Saved | RequirementState::Issued) {
        Ok(requirement)
    } else {
        Err(Problem::conflict(desk.t("audiences-not-in-force")))
    }
}

async fn form_page(
    desk: &Director<'_>,
    tx: &mut Tx,
    requirement: &Requirement,
    filled: Filled,
    mut problems: Vec<FieldError>,
    count: bool,
) -> Result<FormPage> {
    let mut shell = desk.shell(desk.t("audiences-change-who"));
    let known = audience_form::known(tx, &filled.groups, &filled.excepts, Some(&requirement.audience)).await?;
    let (mut said, mut preview, mut effect, mut changes, mut counted) = (None, None, None, false, String::new());
    match audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale) {
        Ok(rule) => {
            let words = audience_view::said(tx, &rule, desk.locale).await?;
            said = Some(SaidView { sentence: capital(&words.sentence), ..words });
            changes = rule != requirement.audience;
            if count {
                let reach = requirements::preview(tx, desk.actor(), &desk.district, &rule, requirement.answers_as).await?;
                preview = Some(reach_view(&shell, &reach, requirement.answers_as));
                counted = counted_as(&rule)?;
                effect = Some(if requirement.state == RequirementState::Issued {
                    let change = requirements::preview_change(tx, desk.actor(), &desk.district, requirement.uid, &rule).await?;
                    change_text(&shell, change)
                } else {
                    shell.t("audiences-nobody-asked-yet")
                });
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
    shell = shell.with_problems(problems);
    let before = audience_view::said(tx, &requirement.audience, desk.locale).await?;
    let here = format!("/requirements/{}/audience/preview", requirement.uid);
    Ok(FormPage {
        uid: requirement.uid,
        title: requirement.title.clone(),
        before: SaidView { sentence: capital(&before.sentence), ..before },
        beyond: audience_form::groups_of(&requirement.audience).is_none(),
        builder: audience_view::builder(desk, tx, &shell, (&filled.groups, &filled.excepts), &known, here).await?,
        said,
        preview,
        effect,
        changes,
        counted,
        shell,
    })
}

fn arranged(form: Form<Filled>) -> Filled {
    let mut filled = form.into_inner();
    audience_form::arrange(&mut filled.groups, &mut filled.excepts, &filled.act);
    filled
}

#[get("/requirements/<uid>/audience")]
async fn one(desk: Director<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let requirement = changeable(&desk, &mut tx, uid).await?;
    let (groups, excepts) = audience_form::groups_of(&requirement.audience).unwrap_or_else(|| (vec![Group::default()], Vec::new()));
    let filled = Filled { groups, excepts, ..Filled::default() };
    page(&form_page(&desk, &mut tx, &requirement, filled, Vec::new(), false).await?)
}

#[post("/requirements/<uid>/audience/preview", data = "<form>")]
async fn preview(desk: Director<'_>, uid: Uuid, form: Form<Filled>) -> Answer<Html> {
    let filled = arranged(form);
    let count = filled.act == "preview";
    let mut tx = desk.read().await?;
    let requirement = changeable(&desk, &mut tx, uid).await?;
    let form = form_page(&desk, &mut tx, &requirement, filled, Vec::new(), count).await?;
    if form.shell.problems.is_empty() { page(&form) } else { form_again(&form) }
}

#[post("/requirements/<uid>/audience", data = "<form>")]
async fn change(desk: Director<'_>, uid: Uuid, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let filled = arranged(form);
    let mut tx = desk.write().await?;
    let requirement = changeable(&desk, &mut tx, uid).await?;
    match keep(&desk, &mut tx, &requirement, &filled).await {
        Ok(asked) => {
            tx.commit().await?;
            let values = [("number", asked.into()), ("said", desk.locale.number(asked).into())];
            Ok(Ok(done(format!("/requirements/{uid}"), words::say_with(desk.locale, "audiences-who-changed-notice", &values))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let mut tx = desk.read().await?;
            Ok(Err(form_again(&form_page(&desk, &mut tx, &requirement, filled, errors, true).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn keep(desk: &Director<'_>, tx: &mut Tx, requirement: &Requirement, filled: &Filled) -> Result<i64> {
    let known = audience_form::known(tx, &filled.groups, &filled.excepts, Some(&requirement.audience)).await?;
    let rule = audience_form::rule(&filled.groups, &filled.excepts, &known, desk.locale)?;
    if filled.counted != counted_as(&rule)? {
        return Err(Problem::invalid("keep", desk.t("audiences-count-first")));
    }
    requirements::change_audience(tx, desk.actor(), &desk.district, requirement.uid, &rule).await
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("requirement audience", |rocket| async { rocket.mount("/", routes![one, preview, change]) })
}
