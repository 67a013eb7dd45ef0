//! `assent report …`: a report as a file, its form by the file's ending.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::Office;
use crate::kernel::{Actor, Day, Locale, Problem, Result};
use crate::obligations::sample::Stratum;
use crate::policies;
use crate::reports::document::Document;
use crate::reports::packets::{self, Sampling, Wish};
use crate::reports::{audit, board, csv, pdf, policy, xlsx};
use crate::roster::District;

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Who has agreed, as of a day: .pdf, .xlsx or .csv
    Audit(Options),
    /// One version of a policy: .pdf
    Policy {
        slug: String,
        /// Version; without it the latest
        #[arg(long)]
        version: Option<i64>,
        #[command(flatten)]
        file: File,
    },
    /// Where the district stands on standard 5: .pdf
    Indicators(Options),
    /// Everything that an audit asks for over a period, in one file: .zip. The same question gives the same bytes
    Packet(PacketOptions),
}

#[derive(Debug, Args)]
pub struct File {
    /// The file to write; its ending says the form
    #[arg(long)]
    out: PathBuf,
    /// The report's language; without it the district's
    #[arg(long, value_parser = ["en", "es"])]
    language: Option<String>,
}

#[derive(Debug, Args)]
pub struct PacketOptions {
    #[command(flatten)]
    file: File,
    /// The first day of the period
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Day,
    /// Its last day, which must be over; the figures are as of its end
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Day,
    /// Draw a random sample of so many people of each group
    #[arg(long, value_name = "NUMBER")]
    sample: Option<i64>,
    /// What a group of the sample is
    #[arg(long, value_parser = ["all", "school", "role", "grade", "state"], default_value = "school", requires = "sample")]
    by: String,
    /// The seed of the sample; without it one is made by chance, and stands in the packet
    #[arg(long, requires = "sample")]
    seed: Option<String>,
    /// With the records of the people in the sample: student data, of which the record of disclosures says to whom it went and why
    #[arg(long, requires_all = ["sample", "party", "interest"])]
    records: bool,
    /// To whom the packet goes
    #[arg(long, default_value = "")]
    party: String,
    /// For what
    #[arg(long, default_value = "")]
    interest: String,
}

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    file: File,
    /// The figures at the end of that day; without it, today's
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Day>,
}

pub async fn run(office: &Office, args: Report) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let locale = |file: &File| file.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| district.locale());
    let out = match args {
        Report::Audit(Options { file, as_of }) => {
            let (locale, day) = (locale(&file), as_of.unwrap_or(today));
            match ending(&file.out, &["pdf", "xlsx", "csv"])? {
                "pdf" => write_pdf(&audit::audit(&mut tx, &operator, &district, day, locale).await?, &file.out)?,
                "xlsx" => {
                    let all = audit::gather(&mut tx, &operator, &district, day, locale).await?;
                    write(&file.out, &xlsx::write(&audit::sheets(&all, locale), tx.now())?)?;
                }
                _ => {
                    let all = audit::gather(&mut tx, &operator, &district, day, locale).await?;
                    let mut rows = csv::Writer::new(Vec::new(), csv::Start::ByteOrderMark)?;
                    for row in audit::rows(&all, day) {
                        rows.row(row)?;
                    }
                    write(&file.out, &rows.finish()?)?;
                }
            }
            file.out
        }
        Report::Policy { slug, version, file } => {
            ending(&file.out, &["pdf"])?;
            let version = policies::version(&mut tx, &slug, version).await?;
            write_pdf(&policy::policy(&mut tx, &district, &version, file.language.as_deref()).await?, &file.out)?;
            file.out
        }
        Report::Indicators(Options { file, as_of }) => {
            ending(&file.out, &["pdf"])?;
            let (locale, day) = (locale(&file), as_of.unwrap_or(today));
            write_pdf(&board::board(&mut tx, &operator, &district, day, locale).await?, &file.out)?;
            file.out
        }
        Report::Packet(options) => {
            drop(tx);
            return packet(office, options, &district, &operator).await;
        }
    };
    let out = out.display().to_string();
    office.print(&serde_json::json!({ "written": out }), || format!("Wrote {out}."))
}

/// Makes a packet at once. It is written down as disclosed before its file is there.
async fn packet(office: &Office, options: PacketOptions, district: &District, operator: &Actor) -> Result<()> {
    ending(&options.file.out, &["zip"])?;
    let sample = options.sample.map(|each| Sampling {
        by: Stratum::named(&options.by).unwrap_or(Stratum::School),
        each,
        seed: options.seed.clone().unwrap_or_default(),
    });
    let wish = Wish {
        from: options.from,
        until: options.until,
        language: options.file.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| district.locale()),
        sample,
        records: options.records,
        party: options.party,
        interest: options.interest,
    };
    let mut tx = office.read().await?;
    let question = packets::question(&mut tx, operator, district, wish).await?;
    let Some(made) = packets::make(&mut tx, district, &question).await? else {
        return Err(Problem::conflict("answers of this period aren't sealed yet: run `assent log seal`, or let the server do it"));
    };
    drop(tx);
    let packed = made.pack()?;
    let mut tx = office.write().await?;
    packets::disclosed(&mut tx, operator, &question, &packed.students).await?;
    tx.commit().await?;
    write(&options.file.out, &packed.bytes)?;
    let (out, sha256) = (options.file.out.display().to_string(), packed.sha256);
    office.print(&serde_json::json!({ "written": out, "sha256": sha256 }), || format!("Wrote {out}.\nSHA-256 {sha256}"))
}

/// The file's ending, one of those that the report can be written as.
fn ending<'a>(out: &Path, known: &[&'a str]) -> Result<&'a str> {
    let found = out.extension().and_then(|e| e.to_str()).and_then(|e| known.iter().find(|k| k.eq_ignore_ascii_case(e)).copied());
    found.ok_or_else(|| {
        let endings = known.iter().map(|k| format!(".{k}")).collect::<Vec<_>>().join(", ");
        Problem::invalid("out", format!("{}: this report is written to a file that ends in {endings}", out.display()))
    })
}

fn write_pdf(document: &Document, out: &Path) -> Result<()> {
    write(out, &pdf::render(document)?)
}

fn write(out: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(out, bytes).map_err(|e| Problem::internal(format!("{} can't be written", out.display()), e))
}
