//! What differs between two versions, by clause and word.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};

use super::super::answer::{Answer, Html, page};
use super::super::desk::Desk;
use super::super::shell::Shell;
use super::readable;
use crate::policies::compare::{ClauseChange, Mark, PieceChange, Status};
use crate::policies::{self, reading};

#[derive(Template)]
#[template(path = "policies_changes.html")]
struct ChangesPage {
    shell: Shell,
    slug: String,
    before: i64,
    after: i64,
    pieces: Vec<PieceChange>,
    clauses: Vec<ClauseChange>,
    unchanged: usize,
    language: String,
}

#[get("/policies/<slug>/changes/<before>/<after>")]
async fn changes(desk: &Desk, slug: &str, before: i64, after: i64) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let first = readable(&mut tx, desk, slug, before).await?;
    let second = readable(&mut tx, desk, slug, after).await?;
    // In the reader's language where both versions have it, else in the district's.
    let one = policies::read(&mut tx, &first, Some(desk.locale.tag())).await?;
    let two = policies::read(&mut tx, &second, Some(desk.locale.tag())).await?;
    let language = if one.language == two.language { one.language.clone() } else { desk.district.language.clone() };
    let comparison = reading::changes(&mut tx, first.id, second.id, &language).await?;
    let (same, differ): (Vec<_>, Vec<_>) = comparison.clauses.into_iter().partition(|c| c.status == Status::Same);
    let shell = desk.shell(crate::web::words::say_with(desk.locale, "policy-changes-title", &[("title", two.title.into())]));
    page(&ChangesPage {
        slug: slug.to_owned(),
        before,
        after,
        pieces: comparison.pieces.into_iter().filter(|p| p.status != Status::Same).collect(),
        clauses: differ,
        unchanged: same.len(),
        language,
        shell,
    })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("changes", |rocket| async { rocket.mount("/", routes![changes]) })
}
