//! The roster: who is on it, within the reader's reach.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::desk::Auditing;
use super::shell::Shell;
use crate::kernel::{Page, PageOf, Problem};
use crate::roster::people::{self, Filter, Person, PersonRow, School, SectionOf};

#[derive(Template)]
#[template(path = "roster_people.html")]
struct PeoplePage {
    shell: Shell,
    schools: Vec<School>,
    people: PageOf<PersonRow>,
    school: String,
    role: String,
    text: String,
}

#[get("/roster/people?<school>&<role>&<text>&<page>")]
async fn list(
    auditing: Auditing<'_>,
    school: Option<String>,
    role: Option<String>,
    text: Option<String>,
    page: Option<i64>,
) -> Answer<Html> {
    if !auditing.actor().may_see_people() {
        return Err(Problem::NotFound.into());
    }
    let some = |value: &Option<String>| value.clone().filter(|v| !v.trim().is_empty());
    let filter =
        Filter { school: some(&school).and_then(|s| s.parse().ok()), role: some(&role), grade: None, text: some(&text), with_left: false };
    let mut tx = auditing.read().await?;
    let schools = people::schools(&mut tx, auditing.actor()).await?;
    let found = people::list(&mut tx, auditing.actor(), &filter, Page::number(page)).await?;
    super::answer::page(&PeoplePage {
        shell: auditing.shell(auditing.t("roster-people")),
        schools,
        people: found,
        school: school.unwrap_or_default(),
        role: role.unwrap_or_default(),
        text: text.unwrap_or_default(),
    })
}

#[derive(Template)]
#[template(path = "roster_person.html")]
struct PersonPage {
    shell: Shell,
    person: Person,
    sections: Vec<SectionOf>,
    children: Vec<PersonRow>,
    guardians: Vec<PersonRow>,
}

#[get("/roster/people/<uid>")]
async fn one_person(auditing: Auditing<'_>, uid: Uuid) -> Answer<Html> {
    if !auditing.actor().may_see_people() {
        return Err(Problem::NotFound.into());
    }
    let mut tx = auditing.read().await?;
    let person = people::find(&mut tx, auditing.actor(), uid).await?;
    let sections = people::sections_of(&mut tx, person.id).await?;
    let children = people::children_of(&mut tx, person.id).await?;
    let guardians = people::guardians_of(&mut tx, person.id).await?;
    page(&PersonPage { shell: auditing.shell(person.name()), person, sections, children, guardians })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("roster", |rocket| async { rocket.mount("/", routes![list, one_person]) })
}
