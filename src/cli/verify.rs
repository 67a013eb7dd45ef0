//! `assent verify`: recounts the ledger from the duties and every record's hash from its facts, and names what differs.

use std::fmt::Write as _;

use super::Office;
use crate::acknowledgments::verify as records;
use crate::kernel::{Day, Problem, Result};
use crate::obligations::verify as ledger;

/// What was checked and what was found.
#[derive(Debug, serde::Serialize)]
struct Found {
    acknowledgments: records::Checked,
    ledger: Vec<ledger::Difference>,
}

pub async fn run(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let found = Found { acknowledgments: records::records(&mut tx).await?, ledger: ledger::ledger(&mut tx).await? };
    drop(tx);
    office.print(&found, || text(&found))?;
    // A status other than 0, so that a nightly run tells.
    match found.acknowledgments.broken.len() + found.ledger.len() {
        0 => Ok(()),
        1 => Err(Problem::conflict("1 difference was found: keep a copy of this database as it is, and find out who changed it")),
        n => Err(Problem::conflict(format!(
            "{n} differences were found: keep a copy of this database as it is, and find out who changed it"
        ))),
    }
}

fn text(found: &Found) -> String {
    let checked = &found.acknowledgments;
    let mut text = format!("{} acknowledgments checked, {} differ.", checked.records, checked.broken.len());
    for broken in &checked.broken {
        let _ = write!(text, "\n  {}: {}", broken.subject, broken.what);
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
