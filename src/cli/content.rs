//! `assent content check`: the shipped or edited texts, checked by file and line.

use clap::Subcommand;

use crate::kernel::Result;

#[derive(Debug, Subcommand)]
pub enum Content {}

pub fn run(args: Content, _json: bool) -> Result<()> {
    match args {}
}
