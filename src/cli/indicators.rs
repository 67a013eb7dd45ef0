//! `assent indicators`.

use std::fmt::Write;

use clap::Args;

use super::Office;
use crate::indicators::{self, Measurement, Share, Standing, Unit, standard};
use crate::kernel::{Locale, Result};

#[derive(Debug, Args)]
pub struct Indicators {}

/// Prints every criterion of standard 5 with what was measured today and its level.
pub async fn run(office: &Office, _args: Indicators) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let measurements = indicators::measure(&mut tx, &operator, &district, today).await?;
    drop(tx);
    let text = text(&measurements)?;
    office.print(&measurements, || text)
}

fn text(measurements: &[Measurement]) -> Result<String> {
    let mut text = String::new();
    for indicator in &standard()?.indicators {
        let level =
            indicators::level_of(measurements, &indicator.id).map_or("no level yet".to_owned(), |level| format!("level {level} of 4"));
        let criteria = || measurements.iter().filter(|m| m.indicator == indicator.id);
        let (measured_here, all) = (criteria().filter(|m| m.level.is_some()).count(), criteria().count());
        let _ = writeln!(text, "{} {}: {level} ({measured_here} of {all} criteria measured)", indicator.id, indicator.name.en);
        for measurement in criteria() {
            let level = measurement.level.map_or("-".to_owned(), |level| level.to_string());
            let name = &measurement.words()?.name.en;
            let _ = writeln!(text, "  {:<5} {level}  {name:<44} {}", measurement.criterion, measured(measurement));
        }
    }
    text.push_str("A level is a fact about the evidence, not a verdict on the law. Groups of fewer than 10 people are not shown.");
    Ok(text)
}

fn measured(measurement: &Measurement) -> String {
    let several = measurement.parts.len() > 1 && measurement.standing != Standing::NoData;
    let said = |standing, value: Option<Share>| match (value, standing) {
        (Some(value), _) => words(measurement.unit, value),
        (None, Standing::TooFew) => "fewer than 10 people".to_owned(),
        (None, _) => "no data".to_owned(),
    };
    if several {
        measurement.parts.iter().map(|p| format!("{}: {}", p.key, said(p.standing, p.value))).collect::<Vec<_>>().join("; ")
    } else {
        said(measurement.standing, measurement.value)
    }
}

fn words(unit: Unit, value: Share) -> String {
    if unit == Unit::Groups {
        let tenths = value.tenths().unwrap_or_default();
        return format!("{}.{} groups over {} versions", tenths / 10, tenths % 10, value.denominator);
    }
    let percent = Locale::En.per_mille(value.per_mille().unwrap_or_default());
    format!("{} of {} ({percent})", Locale::En.number(value.numerator), Locale::En.number(value.denominator))
}
