//! The district itself: one row, made once by `assent init`.

use super::store;
use crate::db::Tx;
use crate::kernel::{Day, Locale, Moment, OrgId, Problem, Result, Zone};

#[derive(Debug, Clone)]
pub struct District {
    pub name: String,
    pub zone: Zone,
    /// The language in which its policies are first written.
    pub language: String,
    /// The org above all others.
    pub root: OrgId,
}

impl District {
    /// Today on the district's calendar.
    pub fn today(&self, now: Moment) -> Day {
        self.zone.day(now)
    }

    pub fn locale(&self) -> Locale {
        Locale::from_tag(&self.language).unwrap_or_default()
    }
}

/// Makes the district of a new database.
///
/// # Errors
/// `Invalid` for an empty name or an unknown time zone; `Conflict` where there is a district already.
pub async fn init(tx: &mut Tx, name: &str, zone: &str, language: Locale) -> Result<District> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Problem::invalid("name", "give the district's name, for example \"Grand Bend ISD\""));
    }
    let Some(known_zone) = Zone::named(zone) else {
        return Err(Problem::invalid("zone", format!("“{zone}” is not a time zone: write an IANA name such as America/Chicago")));
    };
    if find(tx).await?.is_some() {
        return Err(Problem::conflict("this database holds a district already: choose another with --data or --database"));
    }
    let root = store::insert_root(tx, name).await?;
    store::insert_district(tx, name, zone, language.tag(), root).await?;
    Ok(District { name: name.to_owned(), zone: known_zone, language: language.tag().to_owned(), root })
}

/// The district, or `None` in a database where `init` hasn't run.
pub async fn find(tx: &mut Tx) -> Result<Option<District>> {
    let Some((name, zone, language, root)) = store::district(tx).await? else { return Ok(None) };
    let Some(zone) = Zone::named(&zone) else {
        return Err(Problem::internal("table district, column zone: not a time zone", zone));
    };
    Ok(Some(District { name, zone, language, root }))
}

/// The district.
///
/// # Errors
/// `Conflict` in a database where `init` hasn't run.
pub async fn get(tx: &mut Tx) -> Result<District> {
    find(tx).await?.ok_or_else(|| {
        Problem::conflict("this database holds no district yet: run `assent init --name \"…\" --zone America/Chicago` first")
    })
}
