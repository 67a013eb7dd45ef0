//! The commands: thin. Each opens a unit of work, calls verbs, prints, commits. `--json` prints for programs; errors go to
//! standard error with status 1 (2 for a wrong call).

mod account;
mod audience;
mod audit;
mod backup;
mod bounce;
mod class_mode;
mod content;
mod course;
mod demo;
mod disclosures;
mod filter;
mod indicators;
mod init;
mod log;
mod notices;
mod paper;
mod people;
mod policy;
mod report;
mod require;
mod roster;
pub mod serve;
mod verify;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config;
use crate::db::{Store, Tx};
use crate::kernel::{Actor, Clock, Problem, Result};
use crate::roster::{District, district};

#[derive(Debug, Parser)]
#[command(name = "assent", version, about = "A district's digital-citizenship policies: made together, taught, agreed to, proved")]
pub struct Cli {
    /// The folder of the embedded database
    #[arg(long, global = true, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Another database: `postgres://user@host/name` or `sqlite:PATH`
    #[arg(long, global = true, value_name = "URL", env = "ASSENT_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The file of the log's signing key; without it, beside the SQLite file, or in the data folder under the PostgreSQL database's name
    #[arg(long, global = true, value_name = "PATH", env = "ASSENT_LOG_KEY")]
    log_key: Option<PathBuf>,
    /// Print JSON, for programs
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new district in an empty database
    Init(init::Init),
    /// Bring in and look at the roster
    #[command(subcommand)]
    Roster(roster::Roster),
    /// Write a made-up OneRoster 1.1 district as a zip
    GenerateRoster(roster::Generate),
    /// Who may sign in
    #[command(subcommand)]
    Account(account::Account),
    /// A made-up district with part of a school year behind it, served on this machine
    Demo(demo::Demo),
    /// Serve the pages
    Serve(serve::Serve),
    /// Policies: from the library to publication
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Where the district stands on standard 5, criterion by criterion
    Indicators(indicators::Indicators),
    /// Who must do what by when
    #[command(subcommand)]
    Require(require::Require),
    /// Audiences under a name, to be asked again
    #[command(subcommand)]
    Audience(audience::Audience),
    /// Who has agreed, as of any day
    Audit(audit::Audit),
    /// Who from outside the school saw student records (FERPA, 34 CFR 99.32)
    Disclosures(disclosures::Disclosures),
    /// Courses: from the library to publication
    #[command(subcommand)]
    Course(course::Course),
    /// Up to which grade children may answer in class, with their teacher standing by
    ClassMode(class_mode::ClassMode),
    /// Answers on paper: forms with codes
    #[command(subcommand)]
    Paper(paper::Paper),
    /// Mails and letters: how it goes, whom nothing reaches
    #[command(subcommand)]
    Notices(notices::Notices),
    /// The filter's register: from a file, and as one
    #[command(subcommand)]
    Filter(filter::Filter),
    /// Reports as files
    #[command(subcommand)]
    Report(report::Report),
    /// The log of answers: its key, its checkpoints, and all of it as files
    #[command(subcommand)]
    Log(log::Log),
    /// Check every record against its hash and the log, the log against what was signed, and the ledger against the duties
    Verify(verify::Verify),
    /// A mail came back: read the mail server's delivery report
    Bounce(bounce::Bounce),
    /// Copy the whole database while it is in use
    Backup(backup::Backup),
    /// The shipped texts
    #[command(subcommand)]
    Content(content::Content),
}

/// What a command works with: the open database and the operator who runs it.
pub struct Office {
    pub store: Store,
    pub clock: Clock,
    pub json: bool,
}

impl Office {
    pub async fn read(&self) -> Result<Tx> {
        self.store.read(&self.clock).await
    }

    pub async fn write(&self) -> Result<Tx> {
        self.store.write(&self.clock).await
    }

    /// The district and the operator, who reaches all of it.
    pub async fn desk(&self, tx: &mut Tx) -> Result<(District, Actor)> {
        let district = district::get(tx).await?;
        let operator = Actor::operator(vec![district.root]);
        Ok((district, operator))
    }

    /// Prints a result: as JSON where asked for, else as the given text.
    pub fn print(&self, value: &impl serde::Serialize, text: impl FnOnce() -> String) -> Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value).map_err(|e| Problem::internal("the result can't be written as JSON", e))?);
        } else {
            println!("{}", text());
        }
        Ok(())
    }
}

/// Runs the command line; the status to leave with.
pub async fn run(cli: Cli) -> i32 {
    match dispatch(cli).await {
        Ok(()) => 0,
        Err(problem) => {
            eprintln!("error: {problem}");
            1
        }
    }
}

async fn dispatch(cli: Cli) -> Result<()> {
    let url = || config::database_url(&cli.data, cli.database.as_deref());
    let open = async || -> Result<Office> { Ok(Office { store: Store::open(&url()?).await?, clock: Clock::system(), json: cli.json }) };
    let key_file = || -> Result<PathBuf> { Ok(config::log_key_file(&cli.data, &url()?, cli.log_key.as_deref())) };
    match cli.command {
        Command::Init(args) => init::run(&open().await?, args).await,
        Command::Roster(args) => roster::run(&open().await?, args).await,
        Command::GenerateRoster(args) => roster::generate(args, cli.json),
        Command::Account(args) => account::run(&open().await?, args).await,
        Command::Demo(args) => demo::run(&open().await?, url()?, &key_file()?, args).await,
        Command::Serve(args) => serve::run(&open().await?, url()?, &key_file()?, args).await,
        Command::Policy(args) => policy::run(&open().await?, args).await,
        Command::Require(args) => require::run(&open().await?, args).await,
        Command::Audience(args) => audience::run(&open().await?, args).await,
        Command::Audit(args) => audit::run(&open().await?, args).await,
        Command::Disclosures(args) => disclosures::run(&open().await?, args).await,
        Command::Indicators(args) => indicators::run(&open().await?, args).await,
        Command::Course(args) => course::run(&open().await?, args).await,
        Command::ClassMode(args) => class_mode::run(&open().await?, args).await,
        Command::Paper(args) => paper::run(&open().await?, args).await,
        Command::Notices(args) => notices::run(&open().await?, args).await,
        Command::Filter(args) => filter::run(&open().await?, args).await,
        Command::Report(args) => report::run(&open().await?, args).await,
        Command::Log(args) => log::run(&open().await?, &key_file()?, args).await,
        Command::Verify(args) => verify::run(&open().await?, args).await,
        Command::Bounce(args) => bounce::run(&open().await?, args).await,
        Command::Backup(args) => backup::run(&open().await?, args).await,
        Command::Content(args) => content::run(args, cli.json),
    }
}
