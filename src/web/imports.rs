//! How the roster comes in: the upload, the imports with where they stand, and of each its report, its list of who would leave, and the
//! decision about it. All of it for directors.

use std::collections::BTreeMap;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::fs::TempFile;
use rocket::http::{ContentType, Header};
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, Responder, State, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again};
use super::desk::{Desk, Director};
use super::shell::Shell;
use super::words;
use crate::kernel::{FieldError, Moment, Page, PageOf, Problem, Result};
use crate::reports::csv::{Start, Writer};
use crate::roster::imports::{self, Board, Import, Origin, Submission};
use crate::roster::oneroster::packing::Folder;
use crate::roster::oneroster::{Alarm, Finding, Hold, ImportReport, Leaver, Source};
use crate::roster::people::{self, School};

/// Findings and rows by school on a page; the files hold all that are kept.
const SHOWN: usize = 200;

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

/// What differs at one school, of one type.
struct SchoolRow {
    school: String,
    kind: String,
    added: i64,
    changed: i64,
    left: i64,
    returned: i64,
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn kind_word(shell: &Shell, kind: &str) -> String {
    shell.t(&format!("roster-kind-{}", kind.to_lowercase()))
}

/// Types in the order in which people think of them.
fn in_order<T>(types: &BTreeMap<String, T>) -> Vec<(&String, &T)> {
    const ORDER: [&str; 8] = ["orgs", "users", "guardianships", "roles", "academicSessions", "courses", "classes", "enrollments"];
    let mut all: Vec<_> = types.iter().collect();
    all.sort_by_key(|(kind, _)| ORDER.iter().position(|o| o == kind).unwrap_or(ORDER.len()));
    all
}

fn count_rows(shell: &Shell, report: &ImportReport) -> Vec<CountRow> {
    in_order(&report.counts)
        .into_iter()
        .map(|(kind, c)| CountRow {
            kind: kind_word(shell, kind),
            read: number(c.read),
            added: number(c.added),
            changed: number(c.changed),
            left: number(c.left),
            returned: number(c.returned),
            rejected: number(c.rejected),
        })
        .collect()
}

fn school_rows(shell: &Shell, report: &ImportReport) -> Vec<SchoolRow> {
    let rows = report.schools.iter().flat_map(|s| in_order(&s.moved).into_iter().map(move |(kind, moved)| (s, kind, moved)));
    rows.map(|(s, kind, moved)| SchoolRow {
        school: s.school.clone(),
        kind: kind_word(shell, kind),
        added: number(moved.added),
        changed: number(moved.changed),
        left: number(moved.left),
        returned: number(moved.returned),
    })
    .collect()
}

fn hold_lines(shell: &Shell, holds: &[Hold]) -> Vec<String> {
    holds
        .iter()
        .map(|hold| {
            let key = match hold.alarm {
                Alarm::Leaving => "roster-hold-leaving",
                Alarm::Changing => "roster-hold-changing",
                Alarm::School => "roster-hold-school",
            };
            let values = [
                ("school", hold.school.clone().unwrap_or_default().into()),
                ("kind", kind_word(shell, &hold.kind).into()),
                ("number", shell.number(&number(hold.number)).into()),
                ("of", shell.number(&number(hold.of)).into()),
            ];
            words::say_with(shell.locale, key, &values)
        })
        .collect()
}

fn when(desk: &Desk, at: Moment) -> String {
    format!("{}, {}", desk.locale.day(desk.district.zone.day(at)), desk.locale.time(desk.district.zone.time_of_day(at)))
}

/// An import as a list shows it.
struct ImportRow {
    uid: Uuid,
    source: String,
    when: String,
    /// Of the list of states in the style sheet.
    shape: &'static str,
    state: String,
    holds: Vec<String>,
    moved: i64,
    errors: i64,
    warnings: i64,
}

fn import_row(desk: &Desk, shell: &Shell, import: &Import) -> ImportRow {
    ImportRow {
        uid: import.uid,
        source: import.report.source.clone(),
        when: when(desk, import.began_at),
        shape: shape(import.state),
        state: shell.t(&format!("roster-state-{}", import.state.name())),
        holds: hold_lines(shell, &import.report.holds),
        moved: number(import.report.moved()),
        errors: number(import.report.errors),
        warnings: number(import.report.warnings),
    }
}

fn shape(state: imports::State) -> &'static str {
    use imports::State;
    match state {
        State::Applied => "done",
        State::Waiting | State::Dropped => "wait",
        State::Running | State::Looked => "open",
        State::Held | State::Refused | State::Failed => "late",
    }
}

#[derive(Template)]
#[template(path = "roster_index.html")]
struct IndexPage {
    shell: Shell,
    schools: Vec<School>,
    held: Vec<ImportRow>,
    imports: PageOf<ImportRow>,
}

async fn index_page(director: Director<'_>, problems: Vec<FieldError>, wanted: Option<i64>) -> Answer<IndexPage> {
    let mut tx = director.read().await?;
    let schools = people::schools(&mut tx, director.actor()).await?;
    let shell = director.shell(director.t("nav-roster")).with_problems(problems);
    let row = |import: &Import| import_row(&director, &shell, import);
    let held = imports::held(&mut tx, director.actor()).await?.iter().map(row).collect();
    let list = imports::list(&mut tx, director.actor(), Page::number(wanted)).await?;
    let imports = PageOf { rows: list.rows.iter().map(row).collect(), page: list.page, total: list.total };
    Ok(IndexPage { shell, schools, held, imports })
}

#[get("/roster?<page>")]
async fn index(director: Director<'_>, page: Option<i64>) -> Answer<Html> {
    super::answer::page(&index_page(director, Vec::new(), page).await?)
}

#[derive(FromForm)]
struct Upload<'r> {
    file: TempFile<'r>,
    /// `look` or `import`.
    act: &'r str,
}

#[post("/roster/imports", data = "<form>")]
async fn hand_in(director: Director<'_>, board: &State<Board>, mut form: Form<Upload<'_>>) -> Answer<Result<Flash<Redirect>, Html>> {
    let again = async |text: String| -> Answer<Result<Flash<Redirect>, Html>> {
        let problems = vec![FieldError { field: "file".into(), text }];
        Ok(Err(form_again(&index_page(director, problems, None).await?)?))
    };
    if form.file.len() == 0 {
        return again(director.t("roster-choose-file")).await;
    }
    // The file's own name is shown, and never becomes a path.
    let name = form.file.name().map_or_else(|| "roster.zip".to_owned(), |name| format!("{name}.zip"));
    let folder = Folder::new()?;
    let path = folder.path("roster.zip");
    form.file.persist_to(&path).await.map_err(Problem::from)?;
    let packed = match folder.pack(&Source::named(&path, &name)).await {
        Ok(packed) => packed,
        Err(Problem::Invalid(errors)) => return again(errors.into_iter().map(|e| e.text).collect::<Vec<_>>().join(" ")).await,
        Err(problem) => return Err(problem.into()),
    };
    let mut tx = director.write().await?;
    let submission = Submission { set: &packed, origin: Origin::Upload, fingerprint: "", look: form.act == "look" };
    let uid = imports::submit(&mut tx, director.actor(), submission).await?;
    tx.commit().await?;
    board.ring();
    Ok(Ok(done(format!("/roster/imports/{uid}"), director.t("roster-handed-in"))))
}

#[derive(Template)]
#[template(path = "roster_import.html")]
struct ImportPage {
    shell: Shell,
    kept: Import,
    when: String,
    shape: &'static str,
    state: String,
    errors: i64,
    warnings: i64,
    /// While it runs: what is read.
    standing: String,
    holds: Vec<String>,
    rows: Vec<CountRow>,
    schools: Vec<SchoolRow>,
    /// Rows by school that the page leaves to the file.
    more_schools: i64,
    findings: Vec<Finding>,
    leavers: PageOf<LeaverRow>,
    /// How many would leave in all.
    leaving: i64,
}

struct LeaverRow {
    kind: String,
    name: String,
    school: String,
}

impl ImportPage {
    fn is(&self, state: &str) -> bool {
        self.kept.state.name() == state
    }
}

#[get("/roster/imports/<uid>?<page>")]
async fn one(director: Director<'_>, board: &State<Board>, uid: Uuid, page: Option<i64>) -> Answer<Html> {
    let mut tx = director.read().await?;
    let import = imports::find(&mut tx, director.actor(), uid).await?;
    let found = imports::leavers(&mut tx, director.actor(), uid, Page::number(page)).await?;
    drop(tx);
    let shell = director.shell(director.t("roster-import"));
    let standing = match board.standing(&import) {
        _ if import.state == imports::State::Waiting => shell.t("roster-waits"),
        Some(at) if !at.file.is_empty() => shell.tvv("roster-reads", "file", at.file, "rows", shell.number(&number(at.rows))),
        _ => shell.t("roster-begins"),
    };
    let kinds = |row: Leaver| LeaverRow { kind: kind_word(&shell, &row.kind), name: row.name, school: row.school };
    let leavers = PageOf { page: found.page, total: found.total, rows: found.rows.into_iter().map(kinds).collect() };
    let mut schools = school_rows(&shell, &import.report);
    let more_schools = i64::try_from(schools.len().saturating_sub(SHOWN)).unwrap_or(0);
    schools.truncate(SHOWN);
    let leaving = import.report.counts.iter().filter(|(kind, _)| kind.as_str() != "guardianships").map(|(_, c)| number(c.left)).sum();
    super::answer::page(&ImportPage {
        when: when(&director, import.began_at),
        shape: shape(import.state),
        state: shell.t(&format!("roster-state-{}", import.state.name())),
        errors: number(import.report.errors),
        warnings: number(import.report.warnings),
        standing,
        holds: hold_lines(&shell, &import.report.holds),
        rows: count_rows(&shell, &import.report),
        schools,
        more_schools,
        findings: import.report.findings.iter().take(SHOWN).cloned().collect(),
        leavers,
        leaving,
        kept: import,
        shell,
    })
}

#[post("/roster/imports/<uid>/release")]
async fn release(director: Director<'_>, board: &State<Board>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = director.write().await?;
    imports::release(&mut tx, director.actor(), uid).await?;
    tx.commit().await?;
    board.ring();
    Ok(done(format!("/roster/imports/{uid}"), director.t("roster-released")))
}

#[post("/roster/imports/<uid>/run")]
async fn run_again(director: Director<'_>, board: &State<Board>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = director.write().await?;
    imports::run_again(&mut tx, director.actor(), uid).await?;
    tx.commit().await?;
    board.ring();
    Ok(done(format!("/roster/imports/{uid}"), director.t("roster-handed-in")))
}

#[post("/roster/imports/<uid>/removal")]
async fn let_go(director: Director<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = director.write().await?;
    imports::let_go(&mut tx, director.actor(), uid).await?;
    tx.commit().await?;
    Ok(done(format!("/roster/imports/{uid}"), director.t("roster-let-go-done")))
}

/// A list to take along.
#[derive(Responder)]
struct File {
    bytes: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
}

impl File {
    fn of(writer: Writer<Vec<u8>>, name: &str) -> Result<Self> {
        let disposition = Header::new("Content-Disposition", format!("attachment; filename=\"{name}\""));
        Ok(Self { bytes: writer.finish()?, kind: ContentType::CSV, disposition })
    }
}

fn file() -> Result<Writer<Vec<u8>>> {
    Writer::new(Vec::new(), Start::ByteOrderMark)
}

#[get("/roster/imports/<uid>/findings.csv")]
async fn findings_file(director: Director<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = director.read().await?;
    let import = imports::find(&mut tx, director.actor(), uid).await?;
    let mut rows = file()?;
    let heads = ["severity", "where", "row-number", "source-id", "field", "value", "wrong", "remedy"];
    rows.row(heads.map(|head| director.t(&format!("roster-{head}"))))?;
    for f in &import.report.findings {
        let severity = director.t(&format!("roster-severity-{}", f.severity.name()));
        rows.row([&severity, &f.file, &f.row.to_string(), &f.source_id, &f.field, &f.value, &f.wrong, &f.remedy])?;
    }
    Ok(File::of(rows, &format!("roster-findings-{uid}.csv"))?)
}

#[get("/roster/imports/<uid>/counts.csv")]
async fn counts_file(director: Director<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = director.read().await?;
    let import = imports::find(&mut tx, director.actor(), uid).await?;
    let shell = director.shell("");
    let mut rows = file()?;
    let heads = ["school", "what", "read", "added", "changed", "left", "returned", "unchanged", "rejected"];
    rows.row(heads.map(|head| shell.t(&format!("roster-{head}"))))?;
    for (kind, c) in in_order(&import.report.counts) {
        let numbers = [c.read, c.added, c.changed, c.left, c.returned, c.unchanged, c.rejected].map(|n| n.to_string());
        rows.row([shell.t("roster-all-schools"), kind_word(&shell, kind)].into_iter().chain(numbers))?;
    }
    for s in &import.report.schools {
        for (kind, m) in in_order(&s.moved) {
            let [added, changed, left, returned] = [m.added, m.changed, m.left, m.returned].map(|n| n.to_string());
            let none = String::new;
            rows.row([s.school.clone(), kind_word(&shell, kind), none(), added, changed, left, returned, none(), none()])?;
        }
    }
    Ok(File::of(rows, &format!("roster-counts-{uid}.csv"))?)
}

#[get("/roster/imports/<uid>/leaving.csv")]
async fn leaving_file(director: Director<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = director.read().await?;
    imports::find(&mut tx, director.actor(), uid).await?;
    let shell = director.shell("");
    let all = imports::leavers(&mut tx, director.actor(), uid, Page { number: 1, size: 10_000 }).await?;
    let mut rows = file()?;
    rows.row(["what", "name", "school"].map(|head| shell.t(&format!("roster-{head}"))))?;
    for leaver in &all.rows {
        rows.row([&kind_word(&shell, &leaver.kind), &leaver.name, &leaver.school])?;
    }
    Ok(File::of(rows, &format!("roster-leaving-{uid}.csv"))?)
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("imports", |rocket| async {
        rocket.mount("/", routes![index, hand_in, one, release, run_again, let_go, findings_file, counts_file, leaving_file])
    })
}
