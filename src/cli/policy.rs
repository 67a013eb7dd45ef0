//! `assent policy …`.

use clap::Subcommand;

use super::Office;
use crate::kernel::Result;

#[derive(Debug, Subcommand)]
pub enum Policy {}

#[allow(clippy::unused_async)]
pub async fn run(_office: &Office, args: Policy) -> Result<()> {
    match args {}
}
