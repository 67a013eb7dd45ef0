//! `assent demo`: a district with a part of its school year behind it, made through the same verbs as a real one, in one
//! transaction: either the whole demo is there or none of it. Run again, it goes on with what is there.

mod comments;
mod courses;
mod people;
mod withdrawals;
mod year;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use clap::Args;

use super::{Office, serve};
use crate::kernel::{Chance, Locale, Result};
use crate::roster::district;
use crate::web::Listen;

#[derive(Debug, Args)]
pub struct Demo {
    /// Make the demo, but don't serve it
    #[arg(long)]
    no_serve: bool,
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// People on the roster
    #[arg(long, default_value_t = 2_000)]
    people: u64,
}

/// The demo's one password. It guards made-up people, on this machine alone.
const PASSWORD: &str = "come in and look around";

pub async fn run(office: &Office, url: String, key_file: &Path, args: Demo) -> Result<()> {
    let there = district::find(&mut office.read().await?).await?.is_some();
    if there {
        println!("Going on with the district that is there.");
    } else {
        println!("Making a district of {} people and playing part of its school year …", args.people);
        let mut tx = office.write().await?.with_chance(Chance::seeded(7));
        let now = tx.now();
        let made = district::init(&mut tx, "Grand Bend ISD", "America/Chicago", Locale::En).await?;
        year::play(&mut tx, &made, now, args.people).await?;
        tx.commit().await?;
    }
    let key = super::log::key(office, key_file).await?;
    super::log::seal_all(office, &key).await?;
    let mut tx = office.read().await?;
    println!("Sign in with the password “{PASSWORD}” as");
    for (login, role, name) in people::sign_ins(&mut tx).await? {
        println!("  {login:<12} {role:<28} {name}");
    }
    drop(tx);
    if args.no_serve {
        return Ok(());
    }
    let listen = Listen { database: url, address: IpAddr::V4(Ipv4Addr::LOCALHOST), port: args.port, ip_header: None, secure: false };
    serve::serve(&listen, serve::Beside { key: Some(key), ..serve::Beside::default() }).await
}
