//! The roster: how it came in. Directors bring it in. Who is on it stands in `people`.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::Director;
use super::shell::Shell;
use crate::kernel::{FieldError, Moment, Page, Problem};
use crate::obligations;
use crate::roster::oneroster::{self, ImportReport, Wish};
use crate::roster::people::{self, School};
use crate::roster::{import_report, imports};

/// One type's counts as the page shows them.
struct CountRow {
    kind: String,
    read: i64,
    added: i64,
    changed: i64,
    left: i64,
    returned: i64,
    rejected: i64,
}

fn count_rows(shell: &Shell, report: &ImportReport) -> Vec<CountRow> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    report
        .counts
        .iter()
        .map(|(kind, c)| CountRow {
            kind: shell.t(&format!("roster-kind-{}", kind.to_lowercase())),
            read: number(c.read),
            added: number(c.added),
            changed: number(c.changed),
            left: number(c.left),
            returned: number(c.returned),
            rejected: number(c.rejected),
        })
        .collect()
}

fn when(desk: &super::desk::Desk, at: Moment) -> String {
    format!("{}, {}", desk.locale.day(desk.district.zone.day(at)), desk.locale.time(desk.district.zone.time_of_day(at)))
}

struct ImportRow {
    uid: Uuid,
    source: String,
    version: String,
    when: String,
    moved: i64,
    errors: i64,
    warnings: i64,
}

#[derive(Template)]
#[template(path = "roster_index.html")]
struct IndexPage {
    shell: Shell,
    schools: Vec<School>,
    imports: Vec<ImportRow>,
    /// What a look without changing anything found.
    look: Option<Look>,
}

struct Look {
    source: String,
    rows: Vec<CountRow>,
    findings: Vec<oneroster::Finding>,
    held: Option<String>,
}

async fn index_page(director: Director<'_>, problems: Vec<FieldError>, look: Option<ImportReport>) -> Answer<IndexPage> {
    let mut tx = director.read().await?;
    let schools = people::schools(&mut tx, director.actor()).await?;
    let shell = director.shell(director.t("nav-roster")).with_problems(problems);
    let list = imports(&mut tx, director.actor(), Page::number(None)).await?;
    let imports = list
        .rows
        .iter()
        .map(|r| ImportRow {
            uid: r.uid.unwrap_or_default(),
            source: r.source.clone(),
            version: r.version.clone(),
            when: when(&director, r.began_at),
            moved: r.counts.values().map(|c| i64::try_from(c.moved()).unwrap_or(0)).sum(),
            errors: i64::try_from(r.errors).unwrap_or(0),
            warnings: i64::try_from(r.warnings).unwrap_or(0),
        })
        .collect();
    let look = look.map(|r| Look {
        rows: count_rows(&shell, &r),
        source: r.source,
        findings: r.findings.into_iter().take(100).collect(),
        held: r.held,
    });
    Ok(IndexPage { shell, schools, imports, look })
}

#[get("/roster")]
async fn index(director: Director<'_>) -> Answer<Html> {
    page(&index_page(director, Vec::new(), None).await?)
}

#[derive(FromForm)]
struct Upload<'r> {
    file: TempFile<'r>,
    /// `look` or `import`.
    act: &'r str,
    #[field(default = false)]
    allow_leaving: bool,
}

#[post("/roster/imports", data = "<form>")]
async fn import(director: Director<'_>, mut form: Form<Upload<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    let wish = Wish { dry_run: form.act == "look", allow_leaving: form.allow_leaving };
    let again = async |text: String| -> Answer<Result<Flash<Redirect>, Html>> {
        let problems = vec![FieldError { field: "file".into(), text }];
        Ok(Err(form_again(&index_page(director, problems, None).await?)?))
    };
    if form.file.len() == 0 {
        return again(director.t("roster-choose-file")).await;
    }
    // A folder of its own, gone with the request: the file's own name never becomes a path.
    let folder = std::env::temp_dir().join(format!("assent-{}", crate::kernel::Chance::system().token()));
    std::fs::create_dir(&folder).map_err(Problem::from)?;
    let kept = Kept(folder);
    let path = kept.0.join("roster.zip");
    form.file.copy_to(&path).await.map_err(Problem::from)?;
    let mut tx = if wish.dry_run { director.read().await? } else { director.write().await? };
    match oneroster::import(&mut tx, director.actor(), &director.district, &path, wish).await {
        Ok((report, _)) if wish.dry_run => {
            drop(tx);
            Ok(Err(page(&index_page(director, Vec::new(), Some(report)).await?)?))
        }
        Ok((report, changes)) => {
            obligations::follow(&mut tx, &director.district, changes).await?;
            tx.commit().await?;
            Ok(Ok(done(format!("/roster/imports/{}", report.uid.unwrap_or_default()), director.t("roster-imported"))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            again(errors.into_iter().map(|e| e.text).collect::<Vec<_>>().join(" ")).await
        }
        Err(Problem::Conflict(text)) => {
            drop(tx);
            again(text).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// A temporary folder that goes when it is dropped.
struct Kept(std::path::PathBuf);

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[derive(Template)]
#[template(path = "roster_import.html")]
struct ImportPage {
    shell: Shell,
    report: ImportReport,
    when: String,
    rows: Vec<CountRow>,
}

#[get("/roster/imports/<uid>")]
async fn one_import(director: Director<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = director.read().await?;
    let report = import_report(&mut tx, director.actor(), uid).await?;
    let shell = director.shell(director.t("roster-import"));
    page(&ImportPage { rows: count_rows(&shell, &report), when: when(&director, report.began_at), report, shell })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("roster", |rocket| async { rocket.mount("/", routes![index, import, one_import]) })
}
