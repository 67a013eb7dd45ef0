//! Auditors from outside, for directors: who reads, for whom, how far, until when; making an account, another last day, ending it.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::Director;
use super::shell::Shell;
use crate::identity::accounts;
use crate::identity::auditors::{self, NewAuditor};
use crate::kernel::{Day, FieldError, Problem, Result};
use crate::roster::people;

struct AuditorView {
    uid: Uuid,
    name: String,
    login: String,
    party: String,
    interest: String,
    reach: String,
    until: String,
    last_day: String,
    works: bool,
    /// What is wrong with the last day that was sent for it.
    wrong: Option<String>,
}

struct SchoolChoice {
    uid: Uuid,
    name: String,
    chosen: bool,
}

#[derive(Debug, Clone, Default, FromForm)]
struct Filled {
    #[field(default = String::new())]
    login: String,
    #[field(default = String::new())]
    name: String,
    #[field(default = String::new())]
    party: String,
    #[field(default = String::new())]
    interest: String,
    #[field(default = String::new())]
    last_day: String,
    school: Vec<Uuid>,
}

#[derive(Template)]
#[template(path = "auditors.html")]
struct AuditorsPage {
    shell: Shell,
    auditors: Vec<AuditorView>,
    schools: Vec<SchoolChoice>,
    filled: Filled,
    earliest: String,
    /// The account that was just made, and its first password: shown once.
    made: Option<(String, String)>,
}

async fn auditors_page(
    desk: Director<'_>,
    filled: Filled,
    problems: Vec<FieldError>,
    made: Option<(String, String)>,
) -> Result<AuditorsPage> {
    let today = desk.today();
    let mut tx = desk.read().await?;
    let found = auditors::list(&mut tx, desk.actor(), today).await?;
    let schools = people::schools(&mut tx, desk.actor()).await?;
    drop(tx);
    let shell = desk.shell(desk.t("auditors-title")).with_problems(problems);
    let view = |auditor: auditors::Auditor| AuditorView {
        works: auditor.works_on(today),
        wrong: shell.problem(&format!("last-day-{}", auditor.uid)).map(str::to_owned),
        until: if auditor.disabled { shell.t("auditor-ended") } else { shell.tv("auditor-until", "day", shell.day(&auditor.last_day)) },
        last_day: auditor.last_day.iso(),
        uid: auditor.uid,
        name: auditor.name,
        login: auditor.login,
        party: auditor.to.party,
        interest: auditor.to.interest,
        reach: auditor.reach.join(", "),
    };
    Ok(AuditorsPage {
        auditors: found.into_iter().map(view).collect(),
        schools: schools
            .into_iter()
            .map(|school| SchoolChoice { chosen: filled.school.contains(&school.uid), uid: school.uid, name: school.name })
            .collect(),
        filled,
        earliest: today.iso(),
        made,
        shell,
    })
}

#[get("/auditors")]
async fn list(desk: Director<'_>) -> Answer<Html> {
    page(&auditors_page(desk, Filled::default(), Vec::new(), None).await?)
}

fn worded(desk: Director<'_>, fields: impl IntoIterator<Item = String>) -> Vec<FieldError> {
    fields.into_iter().map(|field| FieldError { text: desk.t(&format!("auditor-{}-wrong", field.replace('_', "-"))), field }).collect()
}

#[post("/auditors", data = "<form>")]
async fn add(desk: Director<'_>, form: Form<Filled>) -> Answer<Html> {
    let filled = form.into_inner();
    let mut tx = desk.write().await?;
    let password = accounts::first_password(tx.chance());
    let new = NewAuditor {
        login: filled.login.clone(),
        name: filled.name.clone(),
        party: filled.party.clone(),
        interest: filled.interest.clone(),
        last_day: Day::parse_iso(&filled.last_day),
        schools: filled.school.clone(),
    };
    let (root, today) = (desk.district.root, desk.today());
    match auditors::add(&mut tx, desk.actor(), root, today, new, password.clone()).await {
        Ok(_) => {
            tx.commit().await?;
            let login = filled.login.trim().to_lowercase();
            page(&auditors_page(desk, Filled::default(), Vec::new(), Some((login, password))).await?)
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let problems = worded(desk, errors.into_iter().map(|error| error.field));
            form_again(&auditors_page(desk, filled, problems, None).await?)
        }
        Err(Problem::Conflict(_)) => {
            drop(tx);
            let problem = FieldError { field: "login".into(), text: desk.t("auditor-login-taken") };
            form_again(&auditors_page(desk, filled, vec![problem], None).await?)
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
struct Last {
    #[field(default = String::new())]
    last_day: String,
}

#[post("/auditors/<uid>/last-day", data = "<form>")]
async fn last_day(desk: Director<'_>, uid: Uuid, form: Form<Last>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    let Some(day) = Day::parse_iso(&form.last_day) else {
        auditors::list(&mut tx, desk.actor(), desk.today()).await?.iter().find(|a| a.uid == uid).ok_or(Problem::NotFound)?;
        drop(tx);
        let problem = FieldError { field: format!("last-day-{uid}"), text: desk.t("auditor-last-day-wrong") };
        return Ok(Err(form_again(&auditors_page(desk, Filled::default(), vec![problem], None).await?)?));
    };
    auditors::set_last_day(&mut tx, desk.actor(), uid, day).await?;
    tx.commit().await?;
    Ok(Ok(done("/auditors", desk.t("auditor-last-day-set"))))
}

#[post("/auditors/<uid>/end")]
async fn end(desk: Director<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    auditors::end(&mut tx, desk.actor(), uid).await?;
    tx.commit().await?;
    Ok(done("/auditors", desk.t("auditor-ended-notice")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("auditors", |rocket| async { rocket.mount("/", routes![list, add, last_day, end]) })
}
