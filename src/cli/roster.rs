//! `assent roster …` and `assent generate-roster`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use uuid::Uuid;

use super::Office;
use crate::kernel::{Page, Problem, Result};
use crate::roster::generate;
use crate::roster::imports::{self, Board, Import, State};
use crate::roster::oneroster::{ImportReport, Wish};
use crate::roster::people::{self, Filter};
use crate::worker::imports::{AtOnce, at_once, run_waiting};

#[derive(Debug, Subcommand)]
pub enum Roster {
    /// Bring in OneRoster 1.1 or 1.2 files: a folder or a zip
    Import {
        path: PathBuf,
        /// Say what would happen, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Hold nothing, however much would leave or change
        #[arg(long)]
        allow_leaving: bool,
    },
    /// List people
    People {
        /// Only those of the school with this name
        #[arg(long)]
        school: Option<String>,
        /// Only those of this role, such as student or teacher
        #[arg(long)]
        role: Option<String>,
        /// Which page of the list
        #[arg(long)]
        page: Option<i64>,
    },
    /// List imports
    Imports {
        /// Which page of the list
        #[arg(long)]
        page: Option<i64>,
    },
    /// Imports that wait for a person to decide; of one of them, who would leave
    Held {
        /// Of this import
        import: Option<Uuid>,
        /// Which page of who would leave
        #[arg(long)]
        page: Option<i64>,
    },
    /// Bring in what was held, now that somebody has seen who would leave
    Release { import: Uuid },
    /// Let go of an import that hasn't come in
    Drop { import: Uuid },
    #[command(flatten)]
    Hand(super::people::ByHand),
}

#[derive(Debug, Args)]
pub struct Generate {
    /// How many users, all together
    #[arg(long)]
    people: u64,
    /// The same seed makes the same district
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The zip to write
    #[arg(long)]
    out: PathBuf,
    /// Percent of the people who are guardians; from 40 nearly every student has one
    #[arg(long, default_value_t = 8, default_missing_value = "42", num_args = 0..=1)]
    guardians: u64,
}

pub async fn run(office: &Office, args: Roster) -> Result<()> {
    match args {
        Roster::Import { path, dry_run, allow_leaving } => import(office, &path, Wish { dry_run, allow_leaving }).await,
        Roster::People { school, role, page } => list(office, school, role, page).await,
        Roster::Imports { page } => list_imports(office, page).await,
        Roster::Held { import: None, .. } => held(office).await,
        Roster::Held { import: Some(uid), page } => would_leave(office, uid, page).await,
        Roster::Release { import } => release(office, import).await,
        Roster::Drop { import } => let_go(office, import).await,
        Roster::Hand(args) => super::people::run(office, args).await,
    }
}

async fn import(office: &Office, path: &std::path::Path, wish: Wish) -> Result<()> {
    let (district, operator) = office.desk(&mut office.read().await?).await?;
    match at_once(&office.store, &office.clock, &operator, &district, path, wish).await? {
        AtOnce::Done(report) => office.print(&report, || told(&report)),
        AtOnce::Held(uid, report) => {
            office.print(&report, || told(&report))?;
            Err(Problem::conflict(format!(
                "held: {}. `assent roster held {uid}` lists who would leave, `assent roster release {uid}` brings it in, \
                 `assent roster drop {uid}` lets it go",
                report.held.unwrap_or_default()
            )))
        }
    }
}

async fn release(office: &Office, uid: Uuid) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    imports::release(&mut tx, &operator, uid).await?;
    tx.commit().await?;
    run_waiting(&office.store, &office.clock, &Board::default(), &district, false).await?;
    let mut tx = office.read().await?;
    let import = imports::find(&mut tx, &operator, uid).await?;
    match import.state {
        State::Applied => office.print(&import.report, || told(&import.report)),
        State::Waiting | State::Running => {
            office.print(&import.report, || "Another import runs, and this one comes after it: see `assent roster imports`".into())
        }
        state => Err(Problem::conflict(format!("the import is {}: {}", state.name(), import.said))),
    }
}

async fn let_go(office: &Office, uid: Uuid) -> Result<()> {
    let mut tx = office.write().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    imports::let_go(&mut tx, &operator, uid).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "dropped": uid }), || "It is let go: its files are deleted, and nothing of it came in".into())
}

async fn held(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let found = imports::held(&mut tx, &operator).await?;
    office.print(&found, || {
        if found.is_empty() {
            return "Nothing is held".into();
        }
        found
            .iter()
            .map(|i| format!("{}  {}  {}\n    {}", i.uid, i.began_at.rfc3339(), i.report.source, i.said))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

async fn would_leave(office: &Office, uid: Uuid, page: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let import = imports::find(&mut tx, &operator, uid).await?;
    let found = imports::leavers(&mut tx, &operator, uid, Page::number(page)).await?;
    let value = serde_json::json!({
        "import": import, "total": found.total, "page": found.page.number, "pages": found.last(), "leavers": found.rows,
    });
    office.print(&value, || {
        let mut lines = vec![format!("{} is {}. {}", import.report.source, import.state.name(), import.said)];
        lines.extend(found.rows.iter().map(|l| format!("{:<18}{:<40} {}", l.kind, l.name, l.school)));
        lines.push(format!("{} listed, page {} of {}", found.total, found.page.number, found.last()));
        lines.join("\n")
    })
}

/// Findings shown on a screen; a program gets all that are kept.
const SHOWN: usize = 50;

/// The report as a person reads it: counts, then what to mend, then what to know.
fn told(report: &ImportReport) -> String {
    let mut lines = vec![format!(
        "{} (OneRoster {}){}",
        report.source,
        report.version,
        if report.dry_run { ": what an import would do; nothing was changed" } else { "" }
    )];
    lines.push(format!(
        "{:<18}{:>9}{:>9}{:>9}{:>9}{:>9}{:>11}{:>10}",
        "", "read", "added", "changed", "left", "returned", "unchanged", "rejected"
    ));
    for (kind, c) in &report.counts {
        lines.push(format!(
            "{kind:<18}{:>9}{:>9}{:>9}{:>9}{:>9}{:>11}{:>10}",
            c.read, c.added, c.changed, c.left, c.returned, c.unchanged, c.rejected
        ));
    }
    if !report.schools.is_empty() {
        lines.push(format!("{:<44}{:<18}{:>9}{:>9}{:>9}{:>9}", "By school", "", "added", "changed", "left", "returned"));
        let rows = report.schools.iter().flat_map(|s| s.moved.iter().map(|(kind, m)| (&s.school, kind, m)));
        let total = rows.clone().count();
        for (school, kind, m) in rows.take(SHOWN) {
            lines.push(format!("{school:<44}{kind:<18}{:>9}{:>9}{:>9}{:>9}", m.added, m.changed, m.left, m.returned));
        }
        if total > SHOWN {
            lines.push(format!("… and {} rows more: --json prints them all", total - SHOWN));
        }
    }
    if let (Some(held), true) = (&report.held, report.dry_run) {
        lines.push(format!("This import would be held: {held}"));
    }
    if !report.skipped.is_empty() {
        lines.push(format!("Not read: {}", report.skipped.join(", ")));
    }
    if report.errors + report.warnings > 0 {
        lines.push(format!("{} errors, {} warnings", report.errors, report.warnings));
    }
    for f in report.findings.iter().take(SHOWN) {
        let value = if f.value.is_empty() { String::new() } else { format!(" “{}”", f.value) };
        let id = if f.source_id.is_empty() { String::new() } else { format!(" ({})", f.source_id) };
        lines.push(format!("{}: {} row {}{id}: {}{value} {}: {}", f.severity.name(), f.file, f.row, f.field, f.wrong, f.remedy));
    }
    if report.findings.len() > SHOWN {
        lines.push(format!("… and more: --json prints {} of them", report.findings.len()));
    }
    lines.join("\n")
}

async fn list(office: &Office, school: Option<String>, role: Option<String>, page: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let school = match school {
        None => None,
        Some(name) => {
            let schools = people::schools(&mut tx, &operator).await?;
            let found = schools.iter().find(|s| s.name.eq_ignore_ascii_case(name.trim()));
            let found = found.ok_or_else(|| {
                let names: Vec<&str> = schools.iter().take(20).map(|s| s.name.as_str()).collect();
                Problem::invalid("school", format!("there is no school “{name}”. There are: {}", names.join(", ")))
            })?;
            Some(found.uid)
        }
    };
    let filter = Filter { school, role, ..Filter::default() };
    let found = people::list(&mut tx, &operator, &filter, Page::number(page)).await?;
    let value = serde_json::json!({ "total": found.total, "page": found.page.number, "pages": found.last(), "people": found.rows });
    office.print(&value, || {
        let mut lines: Vec<String> = found
            .rows
            .iter()
            .map(|p| {
                let grade = p.grade.as_deref().map(|g| format!(", grade {g}")).unwrap_or_default();
                format!("{}, {} – {}{grade}, {}", p.family, p.given, p.role, p.school.as_deref().unwrap_or("no school"))
            })
            .collect();
        lines.push(if found.total == 0 {
            "Nobody. `assent roster import PATH` brings people in".into()
        } else {
            format!("{} people, page {} of {}", found.total, found.page.number, found.last())
        });
        lines.join("\n")
    })
}

async fn list_imports(office: &Office, page: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let found = imports::list(&mut tx, &operator, Page::number(page)).await?;
    let value = serde_json::json!({ "total": found.total, "page": found.page.number, "pages": found.last(), "imports": found.rows });
    office.print(&value, || {
        if found.rows.is_empty() {
            return "No imports yet. `assent roster import PATH` makes the first".into();
        }
        let line = |i: &Import| {
            let r = &i.report;
            format!(
                "{}  {}  {}  {}  {} changes, {} errors, {} warnings",
                i.uid,
                i.began_at.rfc3339(),
                i.state.name(),
                r.source,
                r.moved(),
                r.errors,
                r.warnings
            )
        };
        found.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

pub fn generate(args: Generate, json: bool) -> Result<()> {
    let plan = generate::Plan { people: args.people, seed: args.seed, guardians: args.guardians, ..generate::Plan::default() };
    plan.check()?;
    let file = std::fs::File::create(&args.out)
        .map_err(|e| Problem::invalid("out", format!("{} can't be written: {e}. Name another file", args.out.display())))?;
    let made = generate::write(plan, std::io::BufWriter::new(file))?;
    if json {
        println!("{}", serde_json::to_string_pretty(&made).map_err(|e| Problem::internal("the result can't be written as JSON", e))?);
    } else {
        println!(
            "{}: {} schools, {} students, {} staff, {} guardians, {} classes, {} enrollments",
            args.out.display(),
            made.schools,
            made.students,
            made.staff,
            made.guardians,
            made.classes,
            made.enrollments
        );
    }
    Ok(())
}
