//! `assent content check`: the shipped or edited texts, checked by file and line, and what they cover.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde::Serialize;

use crate::kernel::{Finding, Problem, Result, Severity};
use crate::policies;
use crate::training;

mod overview;

use overview::Overview;

#[derive(Debug, Subcommand)]
pub enum Content {
    /// Check policies and courses: ids, legal elements, languages, questions, reading level
    Check {
        /// A folder with `policies` or `courses` in it, or that folder itself; without it the folder one stands in, or else the texts that are
        /// built into the program
        dir: Option<PathBuf>,
    },
}

pub fn run(args: Content, json: bool) -> Result<()> {
    match args {
        Content::Check { dir } => check(dir.as_deref(), json),
    }
}

/// What a check found, and what there is.
#[derive(Serialize)]
struct Checked {
    findings: Vec<Finding>,
    #[serde(flatten)]
    overview: Overview,
}

fn check(dir: Option<&Path>, json: bool) -> Result<()> {
    let mut findings = Vec::new();
    let policies = gather(&mut findings, dir, "policies", policies::library::check, policies::library::read_all)?;
    let courses = gather(&mut findings, dir, "courses", training::library::check, training::library::read_all)?;
    let (policies, courses) = match (policies, courses, dir) {
        (None, None, None) => {
            findings.extend(policies::library::check_shipped());
            findings.extend(training::library::check_shipped());
            (policies::library::shipped(), training::library::shipped())
        }
        (None, None, Some(dir)) => {
            let shown = dir.display();
            return Err(Problem::invalid(
                "dir",
                format!("{shown} holds neither `policies` nor `courses`: name the folder above it, or it itself"),
            ));
        }
        (policies, courses, _) => (policies.unwrap_or_default(), courses.unwrap_or_default()),
    };
    let checked = Checked { findings, overview: Overview::of(&policies, &courses) };
    let errors = checked.findings.iter().filter(|f| f.severity == Severity::Error).count();
    if json {
        let text = serde_json::to_string_pretty(&checked).map_err(|e| Problem::internal("the result can't be written as JSON", e))?;
        println!("{text}");
    } else {
        for f in &checked.findings {
            let severity = if f.severity == Severity::Error { "error" } else { "hint" };
            println!("{}:{}: {severity}: {}", f.file, f.line, f.text);
        }
        println!("{}", checked.overview);
        println!("{errors} errors, {} hints", checked.findings.len() - errors);
    }
    if errors > 0 {
        return Err(Problem::invalid("content", format!("{errors} errors: each is named above by file and line")));
    }
    Ok(())
}

/// One kind of content, from `DIR/KIND` or from `DIR` itself where it bears that name; `None` where there is neither.
fn gather<T>(
    findings: &mut Vec<Finding>,
    dir: Option<&Path>,
    kind: &str,
    check: impl Fn(&Path) -> Result<Vec<Finding>>,
    read: impl Fn(&Path) -> Result<Vec<T>>,
) -> Result<Option<Vec<T>>> {
    let dir = dir.unwrap_or(Path::new("."));
    let below = dir.join(kind);
    let folder = if below.is_dir() {
        below
    } else if dir.file_name().is_some_and(|name| name == kind) {
        dir.to_owned()
    } else {
        return Ok(None);
    };
    findings.extend(check(&folder)?.into_iter().map(|f| Finding { file: folder.join(&f.file).to_string_lossy().into_owned(), ..f }));
    Ok(Some(read(&folder)?))
}
