//! Views of the audit that somebody saves for themselves: they stand beside the figures, and come by mail each week where that is wanted.

use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again};
use super::audit;
use super::desk::Auditing;
use crate::kernel::{FieldError, Problem};
use crate::obligations::figures::By;
use crate::obligations::views::{self, View};

#[derive(FromForm)]
struct Wanted {
    name: String,
    requirement: String,
    by: String,
    #[field(default = false)]
    weekly: bool,
}

#[post("/audit/views", data = "<form>")]
async fn save(desk: Auditing<'_>, form: Form<Wanted>) -> Answer<std::result::Result<Flash<Redirect>, Html>> {
    let requirement = Uuid::parse_str(&form.requirement).map_err(|_| Problem::NotFound)?;
    let by = By::named(&form.by).ok_or(Problem::NotFound)?;
    let mut tx = desk.write().await?;
    match views::save(&mut tx, desk.actor(), &form.name, requirement, by, form.weekly).await {
        Ok(view) => {
            tx.commit().await?;
            Ok(Ok(done(view.path(), desk.t(if view.weekly { "audit-view-saved-weekly" } else { "audit-view-saved" }))))
        }
        Err(Problem::Invalid(_)) => {
            drop(tx);
            let error = FieldError { field: "name".into(), text: desk.t("audit-view-name-wrong") };
            let asked = audit::Wish { as_of: None, requirement: Some(&form.requirement), by: Some(by) };
            let template = audit::page_of(desk, asked, Some((error, form.name.clone()))).await?;
            Ok(Err(form_again(&template)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[post("/audit/views/<uid>/removal")]
async fn remove(desk: Auditing<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    views::remove(&mut tx, desk.actor(), uid).await?;
    tx.commit().await?;
    Ok(done("/audit", desk.t("audit-view-removed")))
}

/// A saved view as the page lists it.
pub(super) struct ViewView {
    pub uid: Uuid,
    pub href: String,
    pub name: String,
    pub weekly: bool,
}

impl From<View> for ViewView {
    fn from(view: View) -> Self {
        Self { uid: view.uid, href: view.path(), weekly: view.weekly, name: view.name }
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("saved views of the audit", |rocket| async { rocket.mount("/", routes![save, remove]) })
}
