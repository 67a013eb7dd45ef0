//! `assent roster …` and `assent generate-roster`.

use clap::{Args, Subcommand};

use super::Office;
use crate::kernel::Result;

#[derive(Debug, Subcommand)]
pub enum Roster {}

#[derive(Debug, Args)]
pub struct Generate {}

pub async fn run(_office: &Office, args: Roster) -> Result<()> {
    match args {}
}

pub fn generate(_args: Generate, _json: bool) -> Result<()> {
    Ok(())
}
