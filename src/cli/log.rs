//! `assent log …`: what an operator, an auditor or a witness takes of the log, and its key.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::Office;
use crate::acknowledgments::log::{self, SecretKey};
use crate::kernel::{Problem, Result};

#[derive(Debug, Subcommand)]
pub enum Log {
    /// The public key, by which anybody checks what was signed (origin+hash+base64)
    Key,
    /// The newest signed checkpoint: how many answers there are, and the root over them
    Checkpoint,
    /// Checkpoint, tiles and entries as files (C2SP tlog-tiles), for whoever keeps a copy
    Export { dir: PathBuf },
    /// The proof that the log still begins as it did at so many answers, with the newest checkpoint
    Since { size: u64 },
    /// Seal what was answered since the last time; a running server does it by itself
    Seal,
    /// Begin a new signing key; what was sealed stays good under the old one
    NewKey {
        /// The log's name, while nothing is sealed: schools.example.org/acknowledgments
        #[arg(long)]
        origin: Option<String>,
    },
}

/// The key of this district's log, from its file; begun where there is none yet.
pub async fn key(office: &Office, file: &Path) -> Result<SecretKey> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let key = log::use_key(&mut tx, &operator, &district, file).await?;
    tx.commit().await?;
    Ok(key)
}

/// Seals until nothing is left; how many answers.
pub async fn seal_all(office: &Office, key: &SecretKey) -> Result<u64> {
    let mut added = 0;
    loop {
        let mut tx = office.write().await?;
        let Some(sealed) = log::seal(&mut tx, key).await? else { return Ok(added) };
        tx.commit().await?;
        added += sealed.added;
    }
}

pub async fn run(office: &Office, file: &Path, args: Log) -> Result<()> {
    let nothing = || Problem::conflict("nothing is sealed yet: the server seals within seconds of an answer, or run `assent log seal`");
    match args {
        Log::Key => {
            // The public key is read without the secret one, where there is one.
            let known = log::keys(&mut office.read().await?).await?.pop();
            let key = if let Some(known) = known { known } else { key(office, file).await?.public() }.to_string();
            office.print(&serde_json::json!({ "key": key }), || key.clone())
        }
        Log::Checkpoint => {
            let note = log::checkpoint(&mut office.read().await?).await?.ok_or_else(nothing)?;
            office.print(&serde_json::json!({ "checkpoint": note }), || note.trim_end().to_owned())
        }
        Log::Export { dir } => {
            let files = log::export(&mut office.read().await?, &dir).await?;
            office.print(&serde_json::json!({ "files": files }), || format!("Wrote {files} files to {}: they name nobody.", dir.display()))
        }
        Log::Since { size } => {
            let proof = log::since(&mut office.read().await?, size).await?.ok_or_else(|| {
                Problem::invalid("size", format!("so much isn't sealed: `assent log checkpoint` says how much is ({size} was asked for)"))
            })?;
            office.print(&serde_json::json!({ "proof": proof }), || proof.trim_end().to_owned())
        }
        Log::Seal => {
            let key = key(office, file).await?;
            let added = seal_all(office, &key).await?;
            office.print(&serde_json::json!({ "sealed": added }), || format!("{added} answers were sealed."))
        }
        Log::NewKey { origin } => {
            let mut tx = office.write().await?;
            let (district, operator) = office.desk(&mut tx).await?;
            let key = log::new_key(&mut tx, &operator, &district, file, origin.as_deref()).await?.public().to_string();
            tx.commit().await?;
            office.print(&serde_json::json!({ "key": key }), || {
                format!("The log goes on with {key}\nKeep {} safe, and start the server again.", file.display())
            })
        }
    }
}
