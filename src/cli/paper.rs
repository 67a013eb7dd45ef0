//! `assent paper …`: forms on paper, to be printed by a script. They are entered on the pages, where the clerk sees what is kept.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::Office;
use crate::acknowledgments::paper::{self, Wanted};
use crate::kernel::{Locale, Problem, Result};
use crate::reports::{self, pdf};

#[derive(Debug, Subcommand)]
pub enum Paper {
    /// Print the forms of everybody who has still to answer: .pdf. Printed again, a form has the same code
    Print(Print),
    /// The classes that have forms to print, with how many
    Classes {
        #[arg(long, value_name = "UID")]
        requirement: Uuid,
    },
}

#[derive(Debug, Args)]
pub struct Print {
    /// What is asked, as `assent require list` names it
    #[arg(long, value_name = "UID")]
    requirement: Uuid,
    /// One class alone, as `assent paper classes` names it
    #[arg(long, value_name = "UID", conflicts_with = "school")]
    section: Option<Uuid>,
    /// One school alone
    #[arg(long, value_name = "UID")]
    school: Option<Uuid>,
    /// Each form on a sheet of its own, where both sides are printed
    #[arg(long)]
    two_sided: bool,
    /// The language of the list in front; without it the district's. Each form is in its reader's
    #[arg(long, value_parser = ["en", "es"])]
    language: Option<String>,
    /// The file to write: .pdf
    #[arg(long)]
    out: PathBuf,
}

pub async fn run(office: &Office, args: Paper) -> Result<()> {
    match args {
        Paper::Print(args) => print(office, args).await,
        Paper::Classes { requirement } => {
            let mut tx = office.read().await?;
            let (_, operator) = office.desk(&mut tx).await?;
            let classes = paper::classes(&mut tx, &operator, requirement, None).await?;
            office.print(&classes, || {
                let line =
                    |c: &paper::Class| format!("{}  {}, {}: {} to print, {} of them out", c.uid, c.school, c.title, c.open, c.printed);
                classes.iter().map(line).collect::<Vec<_>>().join("\n")
            })
        }
    }
}

async fn print(office: &Office, args: Print) -> Result<()> {
    if args.out.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("pdf")) {
        return Err(Problem::invalid("out", format!("{}: forms are written to a file that ends in .pdf", args.out.display())));
    }
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let wanted = Wanted { section: args.section, school: args.school, one: None };
    let printed = paper::print(&mut tx, &operator, args.requirement, wanted).await?;
    if printed.forms.is_empty() {
        return Err(Problem::conflict("nobody meant by this has still to answer: there is no form to print"));
    }
    let locale = args.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| district.locale());
    let bytes = pdf::render(&reports::paper::forms(&district, &printed, tx.now(), locale, args.two_sided))?;
    std::fs::write(&args.out, bytes).map_err(|e| Problem::internal(format!("{} can't be written", args.out.display()), e))?;
    // A form that nobody holds has no code: the codes are kept once the file is there.
    tx.commit().await?;
    let (out, number) = (args.out.display().to_string(), printed.forms.len());
    office.print(&serde_json::json!({ "written": out, "forms": printed.forms, "new": printed.fresh }), || {
        format!("Wrote {number} forms to {out}; {} of them have a code since now.", printed.fresh)
    })
}
