//! `assent backup`: a copy of the whole database while it is in use.

use std::path::PathBuf;

use clap::Args;

use super::Office;
use crate::db;
use crate::kernel::Result;

#[derive(Debug, Args)]
pub struct Backup {
    /// The file to make; it must not exist
    file: PathBuf,
}

pub async fn run(office: &Office, args: Backup) -> Result<()> {
    db::backup::backup(&office.store, &args.file).await?;
    let file = args.file.display().to_string();
    office.print(&serde_json::json!({ "written": file }), || {
        format!("Wrote {file}: a complete copy, which holds personal data. To use it, put it in a folder as assent.db and say --data.")
    })
}
