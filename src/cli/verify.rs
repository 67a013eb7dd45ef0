//! `assent verify`: recounts the ledger from the duties, holds every record against its hash and the log, the log against what was signed,
//! and names what differs.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::Office;
use crate::acknowledgments::log::PublicKey;
use crate::acknowledgments::verify as records;
use crate::kernel::{Day, Problem, Result};
use crate::obligations::verify as ledger;

#[derive(Debug, Args)]
pub struct Verify {
    /// Believe only this public key of the log (origin+hash+base64), whatever the database says; may be given several times
    #[arg(long, value_name = "VKEY")]
    key: Vec<String>,
    /// A signed checkpoint that was kept elsewhere: the log must begin with what it covers; may be given several times
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
}

impl Verify {
    fn trust(&self) -> Result<records::Trust> {
        let key = |text: &String| PublicKey::parse(text.trim()).map_err(|why| Problem::invalid("key", format!("{text}: {why}")));
        let kept = |path: &PathBuf| {
            let name = path.display().to_string();
            let note = std::fs::read_to_string(path).map_err(|e| Problem::invalid("checkpoint", format!("{name} can't be read: {e}")))?;
            Ok((name, note))
        };
        Ok(records::Trust {
            keys: self.key.iter().map(key).collect::<Result<_>>()?,
            kept: self.checkpoint.iter().map(kept).collect::<Result<_>>()?,
        })
    }
}

/// What was checked and what was found.
#[derive(Debug, serde::Serialize)]
struct Found {
    acknowledgments: records::Checked,
    ledger: Vec<ledger::Difference>,
}

pub async fn run(office: &Office, args: Verify) -> Result<()> {
    let trust = args.trust()?;
    let mut tx = office.read().await?;
    let found = Found { acknowledgments: records::against(&mut tx, &trust).await?, ledger: ledger::ledger(&mut tx).await? };
    drop(tx);
    office.print(&found, || text(&found))?;
    // A status other than 0, so that a nightly run tells.
    match found.acknowledgments.differ + found.ledger.len() as u64 {
        0 => Ok(()),
        1 => Err(Problem::conflict("1 difference was found: keep a copy of this database as it is, and find out who changed it")),
        n => Err(Problem::conflict(format!(
            "{n} differences were found: keep a copy of this database as it is, and find out who changed it"
        ))),
    }
}

fn text(found: &Found) -> String {
    let checked = &found.acknowledgments;
    let mut text = format!(
        "{} acknowledgments checked, {} of them sealed under {} signed checkpoints; {} differences.",
        checked.records, checked.sealed, checked.checkpoints, checked.differ
    );
    for broken in &checked.broken {
        let place = broken.position.map(|position| format!(", place {position} of the log")).unwrap_or_default();
        let _ = write!(text, "\n  {}{place}: {}", broken.subject, broken.what);
    }
    if checked.differ > checked.broken.len() as u64 {
        let _ = write!(text, "\n  … and {} more", checked.differ - checked.broken.len() as u64);
    }
    let _ = write!(text, "\nLedger recounted from the duties, {} cells differ.", found.ledger.len());
    for d in &found.ledger {
        let grade = if d.grade.is_empty() { String::new() } else { format!(", grade {}", d.grade) };
        let _ = write!(
            text,
            "\n  “{}”, {}, {}{grade}, {}, on {}: the ledger has {}, the duties {}",
            d.requirement,
            d.school,
            d.role,
            d.state,
            Day(d.day),
            d.in_ledger,
            d.in_obligations
        );
    }
    text
}
