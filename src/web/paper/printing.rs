//! Printing: whose forms, as a page; the forms, as one PDF. Printing makes codes, so it is a form that is sent.

use askama::Template;
use rocket::form::Form;
use rocket::{FromForm, get, post};
use uuid::Uuid;

use super::super::answer::{Answer, Html, page};
use super::super::desk::Clerk;
use super::super::reports::{File, as_pdf};
use super::super::shell::Shell;
use crate::acknowledgments::paper::{self, MOST, Wanted};
use crate::kernel::{Problem, Reach, Result};
use crate::obligations::figures::{self, By};
use crate::obligations::requirements::{self, Requirement, RequirementState};
use crate::obligations::{AnswersAs, Subject};
use crate::reports;

/// A class or a school, with what is open and what is out.
struct Place {
    /// `section` or `school`.
    field: &'static str,
    uid: String,
    title: String,
    under: String,
    open: String,
    /// Printed and not back; empty: none.
    printed_text: String,
    /// A school's classes.
    href: Option<String>,
    enter: String,
    too_many: bool,
}

#[derive(Template)]
#[template(path = "paper_print.html")]
struct PrintPage {
    shell: Shell,
    requirement: Requirement,
    lead: String,
    heading: String,
    places: Vec<Place>,
    /// The school whose classes are listed: uid, name, and whether it is one of several.
    school: Option<(String, String)>,
    several: bool,
    total: i64,
    too_many: bool,
    back: String,
}

/// A requirement in force that asks for an answer.
async fn asked(tx: &mut crate::db::Tx, desk: Clerk<'_>, uid: Uuid) -> Result<Requirement> {
    let found = requirements::get(tx, desk.actor(), uid).await?;
    let is_asked = found.state == RequirementState::Issued && matches!(found.subject, Subject::Policy { .. });
    if is_asked { Ok(found) } else { Err(Problem::NotFound) }
}

#[get("/audit/<requirement>/paper?<school>")]
pub(super) async fn choose(desk: Clerk<'_>, requirement: Uuid, school: Option<&str>) -> Answer<Html> {
    let actor = desk.actor();
    let school = school.filter(|s| !s.is_empty()).map(|s| Uuid::parse_str(s).map_err(|_| Problem::NotFound)).transpose()?;
    let mut tx = desk.read().await?;
    let found = asked(&mut tx, desk, requirement).await?;
    let shell = desk.shell(desk.shell("").tv("paper-print-title", "title", &found.title));
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let out = |number: i64| if number > 0 { shell.tv("paper-out", "number", number) } else { String::new() };
    let mut schools = match actor.reach {
        Reach::Orgs(_) => figures::lines(&mut tx, actor, requirement, desk.today(), By::School).await?,
        _ => Vec::new(),
    };
    schools.retain(|line| line.counts.open > 0);
    schools.sort_by(|a, b| a.label.cmp(&b.label));
    let several = schools.len() > 1;
    let chosen = match school {
        Some(uid) => Some(schools.iter().find(|line| line.key == uid.to_string()).ok_or(Problem::NotFound)?),
        None if several => None,
        None => schools.first(),
    };
    let classes_of = chosen.and_then(|line| Uuid::parse_str(&line.key).ok());
    let mut total = chosen.map_or_else(|| schools.iter().map(|line| line.counts.open).sum(), |line| line.counts.open);
    let places: Vec<Place> = if several && chosen.is_none() {
        schools
            .iter()
            .map(|line| Place {
                field: "school",
                uid: line.key.clone(),
                title: line.label.clone(),
                under: String::new(),
                open: shell.tv("paper-open", "number", line.counts.open),
                printed_text: String::new(),
                href: Some(format!("/audit/{requirement}/paper?school={}", line.key)),
                enter: String::new(),
                too_many: line.counts.open > most,
            })
            .collect()
    } else {
        let classes = paper::classes(&mut tx, actor, requirement, classes_of).await?;
        if chosen.is_none() {
            // Of a teacher's classes: a student of two of them is asked once.
            let open = paper_total(&mut tx, desk, requirement).await?;
            total = open;
        }
        classes
            .into_iter()
            .map(|class| Place {
                field: "section",
                uid: class.uid.to_string(),
                title: class.title,
                under: if chosen.is_some() { String::new() } else { class.school },
                open: shell.tv("paper-open", "number", class.open),
                printed_text: out(class.printed),
                href: None,
                enter: format!("/paper/list?requirement={requirement}&section={}", class.uid),
                too_many: class.open > most,
            })
            .collect()
    };
    drop(tx);
    let by = if several && chosen.is_none() { "paper-by-school" } else { "paper-by-class" };
    page(&PrintPage {
        lead: shell.t(if found.answers_as == AnswersAs::Guardian { "paper-print-lead-families" } else { "paper-print-lead" }),
        heading: shell.t(by),
        school: chosen.map(|line| (line.key.clone(), line.label.clone())),
        too_many: total > most,
        back: format!("/audit/{requirement}/people?state=open"),
        requirement: found,
        places,
        several,
        total,
        shell,
    })
}

/// How many duties are open within reach.
async fn paper_total(tx: &mut crate::db::Tx, desk: Clerk<'_>, requirement: Uuid) -> Result<i64> {
    use crate::kernel::Page;
    use crate::obligations::State;
    use crate::obligations::people::{Filter, behind};
    let open = Filter { state: Some(State::Open), ..Filter::default() };
    Ok(behind(tx, desk.actor(), requirement, desk.today(), &open, Page { number: 1, size: 1 }).await?.total)
}

#[derive(FromForm)]
pub(super) struct Asked<'r> {
    #[field(default = "")]
    section: &'r str,
    #[field(default = "")]
    school: &'r str,
    #[field(default = "")]
    person: &'r str,
    #[field(default = "")]
    about: &'r str,
    /// Both sides are printed: each form begins on a sheet of its own.
    #[field(default = false)]
    two_sided: bool,
}

#[post("/audit/<requirement>/paper", data = "<form>")]
pub(super) async fn print(desk: Clerk<'_>, requirement: Uuid, form: Form<Asked<'_>>) -> Answer<File> {
    let given = |text: &str| match text {
        "" => Ok(None),
        text => Uuid::parse_str(text).map(Some).map_err(|_| Problem::NotFound),
    };
    let one = given(form.person)?.zip(given(form.about)?);
    let wanted = Wanted { section: given(form.section)?, school: given(form.school)?, one };
    let mut tx = desk.write().await?;
    let printed = paper::print(&mut tx, desk.actor(), requirement, wanted).await?;
    if printed.forms.is_empty() {
        return Err(Problem::NotFound.into());
    }
    let now = tx.now();
    tx.commit().await?;
    let document = reports::paper::forms(&desk.district, &printed, now, desk.locale, form.two_sided);
    as_pdf(document, format!("paper-forms-{}.pdf", desk.today())).await
}
