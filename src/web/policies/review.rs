//! The review of a policy: when it is due, who looks after it, what came of each; and a new policy out of a file that was written elsewhere.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::Author;
use super::super::dossier::{FileView, chosen, file_view};
use super::super::shell::Shell;
use crate::adoption::evidence;
use crate::kernel::{Day, FieldError, Problem};
use crate::policies::reviewing::{self, Outcome};
use crate::policies::{self, Audience, Kind, NewPolicy, Policy, importing};

struct Done {
    text: String,
    note: String,
    about: uuid::Uuid,
    files: Vec<FileView>,
    /// The draft that it led to.
    version: Option<i64>,
}

#[derive(Template)]
#[template(path = "policies_review.html")]
struct ReviewPage {
    shell: Shell,
    policy: Policy,
    title: String,
    next: Option<String>,
    due: bool,
    reviews: Vec<Done>,
    form: Reviewed,
    here: String,
}

#[derive(FromForm, Default, Clone)]
struct Reviewed {
    day: String,
    note: String,
    /// `same`, `material` or `editorial`.
    #[field(default = String::new())]
    outcome: String,
    #[field(default = String::new())]
    reason: String,
    #[field(default = String::new())]
    summary: String,
}

async fn review_page(author: Author<'_>, slug: &str, form: Reviewed, problems: Vec<FieldError>) -> Answer<ReviewPage> {
    let mut tx = author.read().await?;
    let policy = policies::find(&mut tx, slug).await?;
    let version = policies::version(&mut tx, slug, None).await?;
    let title = policies::read(&mut tx, &version, Some(author.locale.tag())).await?.title;
    let shell = author
        .shell(crate::web::words::say_with(author.locale, "review-title", &[("title", title.as_str().into())]))
        .with_problems(problems);
    let mut reviews = Vec::new();
    for row in reviewing::reviews(&mut tx, &policy).await? {
        let files = evidence::about(&mut tx, Some(author.actor()), row.uid).await?;
        let key = if row.version.is_some() { "review-line-draft" } else { "review-line-same" };
        reviews.push(Done {
            text: shell.tvv(key, "day", shell.day(&row.day), "name", row.by_name),
            note: row.note,
            about: row.uid,
            files: files.into_iter().map(|file| file_view(&shell, file)).collect(),
            version: row.version,
        });
    }
    Ok(ReviewPage {
        next: policy.next_review.map(|day| shell.day(&day)),
        due: policy.next_review.is_some_and(|day| day <= shell.today),
        here: format!("/policies/{slug}/review"),
        policy,
        title,
        reviews,
        form,
        shell,
    })
}

#[get("/policies/<slug>/review")]
async fn show(author: Author<'_>, slug: &str) -> Answer<Html> {
    let form = Reviewed { day: author.today().iso(), ..Reviewed::default() };
    page(&review_page(author, slug, form, Vec::new()).await?)
}

#[post("/policies/<slug>/review", data = "<form>")]
async fn review(author: Author<'_>, slug: &str, form: Form<Reviewed>) -> Answer<Result<Flash<Redirect>, Html>> {
    let form = form.into_inner();
    let mut tx = author.write().await?;
    let draft = |material| Outcome::Draft { material, reason: form.reason.clone(), summary: form.summary.clone() };
    let outcome = match form.outcome.as_str() {
        "same" => Ok(Outcome::NoChange),
        "material" => Ok(draft(true)),
        "editorial" => Ok(draft(false)),
        _ => Err(Problem::invalid("outcome", author.t("review-choose"))),
    };
    let day = form.day.parse::<Day>().map_err(|wrong| Problem::invalid("day", wrong));
    let reviewed = match (outcome, day) {
        (Ok(outcome), Ok(day)) => reviewing::review(&mut tx, author.actor(), slug, day, &form.note, outcome).await,
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match reviewed {
        Ok(Some(version)) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/policies/{slug}/versions/{}", version.number), author.t("review-kept-draft"))))
        }
        Ok(None) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/policies/{slug}/review"), author.t("review-kept"))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            Ok(Err(form_again(&review_page(author, slug, form, errors).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
struct Owned<'r> {
    owner: &'r str,
    months: i64,
}

#[post("/policies/<slug>/owner", data = "<form>")]
async fn owner(author: Author<'_>, slug: &str, form: Form<Owned<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    reviewing::set_owner(&mut tx, author.actor(), slug, form.owner, form.months).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/review"), author.t("review-owner-kept")))
}

#[derive(Template)]
#[template(path = "policies_import.html")]
struct ImportPage {
    shell: Shell,
    form: Wanted,
}

#[derive(Default)]
struct Wanted {
    slug: String,
    title: String,
    kind: String,
    audience: String,
}

#[get("/policies/import")]
fn import_page(author: Author<'_>) -> Answer<Html> {
    page(&ImportPage { shell: author.shell(author.t("import-title")), form: Wanted::default() })
}

#[derive(FromForm)]
struct Import<'r> {
    slug: String,
    #[field(default = String::new())]
    title: String,
    kind: String,
    audience: String,
    file: TempFile<'r>,
}

#[post("/policies/import", data = "<form>")]
async fn import(author: Author<'_>, form: Form<Import<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    let (bytes, name) = chosen(&form.file).await?;
    let mut tx = author.write().await?;
    let fallback = name.rsplit(['/', '\\']).next().and_then(|name| name.split('.').next()).unwrap_or_default().to_owned();
    let read = importing::read(&bytes, &author.district.language, &fallback);
    let made = match read {
        Err(problem) => Err(problem),
        Ok(mut text) => {
            if !form.title.trim().is_empty() {
                form.title.trim().clone_into(&mut text.title);
            }
            let new = NewPolicy {
                slug: form.slug.trim().to_owned(),
                kind: Kind::named(&form.kind).unwrap_or(Kind::BoardPolicy),
                audience: Audience::named(&form.audience).unwrap_or(Audience::All),
                owner: String::new(),
                reading_ceiling: None,
                review_months: 12,
                texts: vec![text],
            };
            policies::create(&mut tx, author.actor(), new).await
        }
    };
    let problems = match made {
        Ok(version) => {
            tx.commit().await?;
            return Ok(Ok(done(format!("/policies/{}/versions/{}", version.slug, version.number), author.t("import-done"))));
        }
        Err(Problem::Invalid(errors)) => errors,
        Err(Problem::Conflict(text)) => vec![FieldError { field: "slug".into(), text }],
        Err(problem) => return Err(problem.into()),
    };
    let wanted = Wanted { slug: form.slug.clone(), title: form.title.clone(), kind: form.kind.clone(), audience: form.audience.clone() };
    Ok(Err(form_again(&ImportPage { shell: author.shell(author.t("import-title")).with_problems(problems), form: wanted })?))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("review", |rocket| async { rocket.mount("/", routes![show, review, owner, import_page, import]) })
}
