//! `assent bounce`: reads a delivery report, as a mail server hands it to a program: `assent: "|assent --database … bounce"` in its aliases.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;

use super::Office;
use crate::kernel::Result;
use crate::notices::bounces;

/// No delivery report is larger, in bytes.
const LARGEST: u64 = 1_048_576;

#[derive(Debug, Args)]
pub struct Bounce {
    /// The report; without it, standard input
    file: Option<PathBuf>,
}

pub async fn run(office: &Office, args: Bounce) -> Result<()> {
    let mut bytes = Vec::new();
    match &args.file {
        Some(path) => std::fs::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?,
        None => std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes)?,
    };
    let report = bounces::read(&bytes)?;
    let mut tx = office.write().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let kept = bounces::keep(&mut tx, &operator, &report).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "mail": report.mail, "failed": report.failed, "said": report.said, "kept": kept }), || {
        if kept {
            format!("Mail {} came back: {}", report.mail, report.said)
        } else {
            format!("Nothing changed: mail {} is only delayed, or it was known that it failed", report.mail)
        }
    })
}
