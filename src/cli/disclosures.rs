//! `assent disclosures`: who from outside the school saw or was given student records, as the law asks for it.

use std::path::PathBuf;

use clap::Args;

use super::Office;
use super::require::table;
use crate::audit::disclosures::{self, Disclosure};
use crate::kernel::{Page, Problem, Result};
use crate::reports::csv::{Start, Writer};

#[derive(Debug, Args)]
pub struct Disclosures {
    /// Write all of them to a CSV file; without it, the newest are printed
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// So many are read at once.
const PART: i64 = 1_000;
/// So many are printed.
const SHOWN: i64 = 50;

const HEADING: [&str; 7] = ["When", "Party", "Interest", "Who looked", "Records", "Of what", "Students"];

pub async fn run(office: &Office, args: Disclosures) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let Some(path) = args.csv else {
        let newest = disclosures::list(&mut tx, &operator, Page { number: 1, size: SHOWN }).await?.rows;
        return office.print(&newest, || text(&newest));
    };
    let mut rows = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    rows.row(HEADING)?;
    let mut page = Page { number: 1, size: PART };
    let total = loop {
        let found = disclosures::list(&mut tx, &operator, page).await?;
        for row in &found.rows {
            rows.row(cells(row))?;
        }
        if found.next().is_none() {
            break found.total;
        }
        page.number += 1;
    };
    drop(tx);
    let written = path.display().to_string();
    std::fs::write(&path, rows.finish()?).map_err(|e| Problem::internal(format!("{written} can't be written"), e))?;
    office.print(&serde_json::json!({ "written": written, "lines": total }), || format!("{total} lines written to {written}"))
}

fn cells(row: &Disclosure) -> [String; 7] {
    [
        row.at.rfc3339(),
        row.to.party.clone(),
        row.to.interest.clone(),
        row.actor_name.clone(),
        row.kind.name().to_owned(),
        row.subject.clone(),
        row.students.to_string(),
    ]
}

fn text(newest: &[Disclosure]) -> String {
    if newest.is_empty() {
        return "No record has been shown to anybody outside the school.".into();
    }
    table(&HEADING, &newest.iter().map(cells).collect::<Vec<_>>(), 6)
}
