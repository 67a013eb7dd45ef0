//! `assent init`: a new district in an empty database.

use clap::Args;

use super::Office;
use crate::audit;
use crate::kernel::{Actor, Locale, Problem, Result};
use crate::roster::district;

#[derive(Debug, Args)]
pub struct Init {
    /// The district's name
    #[arg(long)]
    name: String,
    /// Its time zone, an IANA name
    #[arg(long, default_value = "America/Chicago")]
    zone: String,
    /// The language in which its policies are first written: en or es
    #[arg(long, default_value = "en")]
    language: String,
}

pub async fn run(office: &Office, args: Init) -> Result<()> {
    let language = Locale::from_tag(&args.language).ok_or_else(|| Problem::invalid("language", "choose en or es"))?;
    let mut tx = office.write().await?;
    let made = district::init(&mut tx, &args.name, &args.zone, language).await?;
    audit::record(&mut tx, &Actor::operator(vec![made.root]), "district.made", &made.name, serde_json::json!({ "zone": args.zone }))
        .await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "district": made.name }), || format!("{} is ready. Next: assent roster import PATH", made.name))
}
