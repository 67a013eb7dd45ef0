//! Two records of one person: which they may be, what merging them would do, and the deed; and its undoing.

use askama::Template;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post};
use uuid::Uuid;

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::Director;
use super::super::shell::Shell;
use crate::kernel::{FieldError, Page, Problem};
use crate::obligations::{self, Cause, CauseKind};
use crate::roster::people::{self, Alike, Filter, MergePreview, Obstacle, Person, PersonRow};

struct Looked {
    preview: MergePreview,
    /// What stands against it, in words; names alone can be overcome.
    obstacles: Vec<String>,
    possible: bool,
    needs_sure: bool,
    account: String,
    sections: String,
    children: String,
}

#[derive(Template)]
#[template(path = "merging.html")]
struct MergePage {
    shell: Shell,
    person: Person,
    alike: Vec<Alike>,
    text: String,
    /// Found by the text; `None` where nothing was looked for.
    found: Option<Vec<PersonRow>>,
    look: Option<Looked>,
}

async fn merge_page(desk: Director<'_>, uid: Uuid, other: Option<Uuid>, text: &str, problems: Vec<FieldError>) -> Answer<MergePage> {
    let mut tx = desk.read().await?;
    let actor = desk.actor();
    let person = people::find(&mut tx, actor, uid).await?;
    let shell = desk.shell(desk.shell("").tv("merge-title", "name", person.name())).with_problems(problems);
    let look = match other {
        None => None,
        Some(other) => Some(looked(&shell, people::preview(&mut tx, actor, person.uid, other).await?)),
    };
    let (mut alike, mut found) = (Vec::new(), None);
    if look.is_none() {
        alike = people::alike(&mut tx, actor, person.uid).await?;
        if !text.trim().is_empty() {
            let filter = Filter { text: Some(text.to_owned()), with_left: true, ..Filter::default() };
            let rows = people::list(&mut tx, actor, &filter, Page { number: 1, size: 20 }).await?.rows;
            found = Some(rows.into_iter().filter(|row| row.uid != person.uid).collect());
        }
    }
    Ok(MergePage { person, alike, text: text.to_owned(), found, look, shell })
}

fn looked(shell: &Shell, preview: MergePreview) -> Looked {
    let login = preview.other.account.clone().unwrap_or_default();
    Looked {
        obstacles: preview.obstacles.iter().map(|o| shell.t(&format!("merge-obstacle-{}", o.name()))).collect(),
        possible: preview.obstacles.iter().all(|o| *o == Obstacle::Names),
        needs_sure: preview.obstacles.contains(&Obstacle::Names),
        account: shell.tv(&format!("merge-account-{}", preview.account.name()), "login", login),
        sections: shell.tv("merge-sections", "number", preview.sections),
        children: shell.tv("merge-children", "number", preview.children),
        preview,
    }
}

#[get("/roster/people/<uid>/merge?<other>&<text>")]
pub(super) async fn show(desk: Director<'_>, uid: Uuid, other: Option<Uuid>, text: Option<&str>) -> Answer<Html> {
    page(&merge_page(desk, uid, other, text.unwrap_or_default(), Vec::new()).await?)
}

#[derive(FromForm)]
pub(super) struct Merge {
    other: Uuid,
    #[field(default = false)]
    sure: bool,
}

#[post("/roster/people/<uid>/merge", data = "<form>")]
pub(super) async fn merge(desk: Director<'_>, uid: Uuid, form: Form<Merge>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = desk.write().await?;
    match people::merge(&mut tx, desk.actor(), &desk.district, uid, form.other, form.sure).await {
        Ok(changes) => {
            obligations::follow(&mut tx, desk.actor(), &desk.district, changes, Cause::of(CauseKind::Merge, uid)).await?;
            let person = people::find(&mut tx, desk.actor(), uid).await?;
            tx.commit().await?;
            Ok(Ok(done(format!("/roster/people/{}", person.uid), desk.shell("").tv("merge-was-done", "name", person.name()))))
        }
        Err(Problem::Conflict(_)) => {
            drop(tx);
            let problems = vec![FieldError { field: "obstacles".into(), text: desk.t("merge-not-done") }];
            Ok(Err(form_again(&merge_page(desk, uid, Some(form.other), "", problems).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
pub(super) struct Part {
    other: Uuid,
}

#[post("/roster/people/<uid>/part", data = "<form>")]
pub(super) async fn part(desk: Director<'_>, uid: Uuid, form: Form<Part>) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    let person = people::find(&mut tx, desk.actor(), uid).await?;
    if people::records_of(&mut tx, person.id).await?.iter().all(|record| record.uid != form.other) {
        return Err(Problem::NotFound.into());
    }
    let changes = people::part(&mut tx, desk.actor(), &desk.district, form.other).await?;
    obligations::follow(&mut tx, desk.actor(), &desk.district, changes, Cause::of(CauseKind::Merge, uid)).await?;
    tx.commit().await?;
    Ok(done(format!("/roster/people/{}", person.uid), desk.t("merge-was-parted")))
}
