//! How fast a district of a given size is worked with, beside what the database engine can do on the same disk:
//! `cargo bench --bench district -- --people 20000 [--json] [--runs 3] [--database sqlite|postgres]`.
//!
//! Each database is measured in a process of its own (this program, started again), so that the peak of memory is that database's
//! alone. SQLite is measured in a temporary folder under the build directory, PostgreSQL in databases of its own on the server that
//! `ASSENT_TEST_POSTGRES` names. The pages are asked over HTTP of `assent serve`, a process of its own; server,
//! database and askers share the machine.

#![allow(clippy::disallowed_methods)] // a benchmark reads the machine's clock

mod answers;
mod clocking;
mod delta;
mod engine;
mod fresh;
mod line;
mod mailbox;
mod pages;
mod product;
mod records;
mod served;
mod table;

use std::process::{Command, Stdio};

use assent::kernel::{Chance, Problem, Result};
use assent::roster::generate::{self, Plan};
use clap::{Parser, ValueEnum};
use fresh::Site;
use product::{Job, Measured};

/// In this variable the started program finds its job.
const JOB: &str = "ASSENT_BENCH_JOB";

/// The roster is made with this seed, so that two runs measure the same district.
const SEED: u64 = 11;
const GUARDIANS_PERCENT: u64 = 30;

#[allow(clippy::struct_excessive_bools)] // flags of a command
#[derive(Debug, Parser)]
#[command(name = "district", about = "Measures a made-up district on SQLite and PostgreSQL, beside the engine's own limits")]
struct Wanted {
    /// People on the roster, guardians included
    #[arg(long, default_value_t = 2_000)]
    people: u64,
    /// The most classes that a student sits in; every second student has one fewer
    #[arg(long, default_value_t = 7)]
    classes: u64,
    /// One JSON object a database, each on a line, instead of the table
    #[arg(long)]
    json: bool,
    /// How often what can be repeated is repeated; the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=20))]
    runs: u64,
    /// The roster and the duties alone: no server, no answers, no pages
    #[arg(long)]
    roster_only: bool,
    /// So many students answer over HTTP as fast as they can, at most
    #[arg(long, default_value_t = 20_000)]
    answers: usize,
    /// The first school morning: so many students from the sign-in page to the receipt
    #[arg(long, default_value_t = 0)]
    morning: usize,
    /// Over so many minutes
    #[arg(long, default_value_t = 30)]
    morning_minutes: u64,
    /// Kill the server so often while students answer, and check what it confirmed
    #[arg(long, default_value_t = 0)]
    kills: u64,
    /// Answers in the log when it is checked: the real ones, and copies of them
    #[arg(long, default_value_t = 20_000)]
    records: usize,
    /// Tell everybody who is asked by mail
    #[arg(long)]
    mails: bool,
    /// Only this database
    #[arg(long)]
    database: Option<Database>,
    /// Cargo says this to every benchmark
    #[arg(long = "bench", hide = true)]
    _bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

#[tokio::main]
async fn main() {
    let done = match std::env::var(JOB) {
        Ok(job) => work(&job).await,
        Err(_) => measure_all(&Wanted::parse()).await,
    };
    if let Err(problem) = done {
        eprintln!("error: {problem}");
        std::process::exit(1);
    }
}

/// The started program: one database, its figures as JSON on standard output.
async fn work(job: &str) -> Result<()> {
    let job: Job = serde_json::from_str(job).map_err(|e| Problem::internal("the job can't be read", e))?;
    let measured = product::measure(&job).await?;
    println!("{}", json(&measured)?);
    Ok(())
}

async fn measure_all(wanted: &Wanted) -> Result<()> {
    // Under the build directory, for `/tmp` may lie in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let zip = folder.path().join("roster.zip");
    let plan = Plan { people: wanted.people, seed: SEED, guardians: GUARDIANS_PERCENT, classes: wanted.classes };
    let made = generate::write(plan, std::fs::File::create(&zip)?)?;
    eprintln!(
        "{} people: {} schools, {} students, {} staff, {} guardians, {} enrollments",
        wanted.people, made.schools, made.students, made.staff, made.guardians, made.enrollments
    );
    let night = delta::write(&zip, product::NIGHT, folder.path())?;
    let mut measured = Vec::new();
    for site in sites(wanted, folder.path())? {
        let job = Job {
            log_key: folder.path().join(format!("{}-log-key", site.name())),
            site,
            zip: zip.clone(),
            night: night.clone(),
            people: wanted.people,
            enrollments: made.enrollments,
            runs: wanted.runs,
            roster_only: wanted.roster_only,
            answers: wanted.answers,
            morning: wanted.morning,
            morning_minutes: wanted.morning_minutes,
            kills: wanted.kills,
            records: wanted.records,
            mails: wanted.mails,
        };
        let found = started(&job);
        // Also where the measuring broke off.
        job.site.sweep().await?;
        measured.push(found?);
    }
    if wanted.json {
        for one in &measured {
            println!("{}", json(one)?);
        }
    } else {
        print!("{}", table::of(&measured));
    }
    Ok(())
}

fn sites(wanted: &Wanted, folder: &std::path::Path) -> Result<Vec<Site>> {
    let mut sites = Vec::new();
    if wanted.database != Some(Database::Postgres) {
        sites.push(Site::Sqlite { folder: folder.to_owned() });
    }
    if wanted.database != Some(Database::Sqlite) {
        match std::env::var("ASSENT_TEST_POSTGRES") {
            Ok(server) => sites.push(Site::Postgres { server, prefix: format!("bench_{}", Chance::system().token()) }),
            Err(_) if wanted.database.is_none() => {
                eprintln!("PostgreSQL is left out: ASSENT_TEST_POSTGRES names no server (postgres://user@host:port)");
            }
            Err(_) => {
                return Err(Problem::invalid("database", "set ASSENT_TEST_POSTGRES to the server: postgres://user@host:port"));
            }
        }
    }
    Ok(sites)
}

/// Starts this program again for one database and waits for its figures.
fn started(job: &Job) -> Result<Measured> {
    let child = Command::new(std::env::current_exe()?).env(JOB, json(job)?).stderr(Stdio::inherit()).output()?;
    if !child.status.success() {
        return Err(Problem::internal(format!("measuring on {} broke off", job.site.name()), child.status.to_string()));
    }
    // What the driver and the server have to say stands before the figures.
    let figures = child.stdout.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    serde_json::from_slice(figures).map_err(|e| Problem::internal("the figures can't be read", e))
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Problem::internal("the figures can't be written as JSON", e))
}
