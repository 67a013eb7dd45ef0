//! `assent filter …`: the filter's register from a file, and as one.

use std::path::PathBuf;

use clap::Subcommand;

use super::Office;
use crate::filtering::{rules, sheet};
use crate::kernel::Result;
use crate::reports::csv::{Start, Writer};

#[derive(Debug, Subcommand)]
pub enum Filter {
    /// Bring in rules from a CSV file: one of ours, or a vendor's export of categories
    Import {
        file: PathBuf,
        /// Only say what it would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the register as a CSV file
    Export { file: PathBuf },
}

pub async fn run(office: &Office, args: Filter) -> Result<()> {
    match args {
        Filter::Import { file, dry_run } => {
            let bytes = std::fs::read(&file)?;
            let mut tx = office.write().await?;
            let (_, operator) = office.desk(&mut tx).await?;
            let found = sheet::bring_in(&mut tx, &operator, &bytes, dry_run).await?;
            if !dry_run {
                tx.commit().await?;
            }
            office.print(&found, || {
                let did = if dry_run { "Would be" } else { "Were" };
                let ignored =
                    if found.ignored.is_empty() { String::new() } else { format!("\nColumns not read: {}", found.ignored.join(", ")) };
                format!("{did} added: {}, changed: {}, unchanged: {}{ignored}", found.added.len(), found.changed.len(), found.unchanged)
            })
        }
        Filter::Export { file } => {
            let mut tx = office.read().await?;
            let today = crate::roster::district::get(&mut tx).await?.today(tx.now());
            let mut rows = Writer::new(std::fs::File::create(&file)?, Start::ByteOrderMark)?;
            rows.row(rules::COLUMNS)?;
            let all = rules::in_force(&mut tx, today).await?;
            for rule in &all {
                rows.row(rule.cells())?;
            }
            rows.finish()?;
            office.print(&serde_json::json!({ "rules": all.len() }), || format!("Wrote {} rules to {}", all.len(), file.display()))
        }
    }
}
