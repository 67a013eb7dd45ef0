//! The board's report on standard 5: the indicators' levels at a glance, then each criterion with what was measured, its level, and what
//! would raise it. It words what `indicators` measures, and must not measure anything itself.

use super::document::{Block, Cell, Column, Document, Run, Table};
use super::words::{self, Key, fill, say};
use crate::db::Tx;
use crate::indicators::{self, Criterion, Indicator, Measurement, Share, Standing, Unit, standard};
use crate::kernel::{Actor, Day, Locale, Result};
use crate::roster::District;

/// The report at the end of `day`, in that language.
///
/// # Errors
/// As [`indicators::measure`]; `Invalid` (`as_of`) for a day to come.
pub async fn board(tx: &mut Tx, actor: &Actor, district: &District, day: Day, locale: Locale) -> Result<Document> {
    let today = district.today(tx.now());
    if day > today {
        return Err(crate::kernel::Problem::invalid("as_of", format!("{day} has not come yet: today is {today}")));
    }
    let measurements = indicators::measure(tx, actor, district, day).await?;
    let standard = standard()?;
    let profile = &standard.profile;
    let mut blocks = vec![Block::text(say(locale, Key::BoardLead)), Block::heading(2, say(locale, Key::Indicators))];
    blocks.push(Block::Table(glance(locale, &standard.indicators, &measurements)));
    for indicator in &standard.indicators {
        let name = name(locale, indicator);
        blocks.push(Block::heading(2, &name));
        blocks.push(Block::text(indicator.text.of(locale)));
        let own: Vec<&Measurement> = measurements.iter().filter(|m| m.indicator == indicator.id).collect();
        blocks.extend(criteria(locale, &name, &own)?);
    }
    blocks.push(Block::heading(2, say(locale, Key::HowCounted)));
    let rules = [Key::BoardHowLevel, Key::BoardHowFew, Key::BoardHowRounding].map(|key| say(locale, key).to_owned());
    let source = fill(
        locale,
        Key::BoardSource,
        &[
            ("source", profile.name.of(locale)),
            ("publisher", &profile.publisher),
            ("version", profile.version.of(locale)),
            ("criteria", &profile.criteria_version),
        ],
    );
    blocks.push(Block::bullets(rules.into_iter().chain([source, profile.note.of(locale).to_owned()])));
    blocks.push(Block::heading(2, say(locale, Key::Formulas)));
    let measured = measurements.iter().filter(|m| m.standing != Standing::NoData);
    let formulas = measured.map(|m| {
        let criterion = m.words()?;
        let version = m.formula.to_string();
        let blanks = [("id", criterion.id.as_str()), ("name", criterion.name.of(locale)), ("version", &version)];
        Ok((fill(locale, Key::Formula, &blanks), criterion.formula.of(locale).to_owned()))
    });
    let formulas = formulas.collect::<Result<Vec<_>>>()?;
    if formulas.is_empty() {
        blocks.pop();
    } else {
        blocks.push(Block::summary(formulas));
    }
    Ok(Document {
        title: say(locale, Key::BoardTitle).to_owned(),
        lang: locale.tag().to_owned(),
        subject: words::as_of(locale, day),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, tx.now()),
        made_at: tx.now(),
        footer: words::as_of(locale, day),
        blocks,
    })
}

fn name(locale: Locale, indicator: &Indicator) -> String {
    format!("{} {}", indicator.id, indicator.name.of(locale))
}

fn level(locale: Locale, level: Option<u8>) -> Cell {
    match level {
        Some(level) => Cell::level(level, 4, fill(locale, Key::LevelOf, &[("level", &level.to_string())])),
        None => Cell::text(say(locale, Key::NoLevel)),
    }
}

/// The four indicators, each with its level.
fn glance(locale: Locale, all: &[Indicator], measurements: &[Measurement]) -> Table {
    let rows = all
        .iter()
        .map(|indicator| {
            let own: Vec<_> = measurements.iter().filter(|m| m.indicator == indicator.id).collect();
            let measured = own.iter().filter(|m| m.level.is_some()).count();
            let counted = fill(locale, Key::MeasuredOf, &[("number", &measured.to_string()), ("all", &own.len().to_string())]);
            let found = indicators::level_of(measurements, &indicator.id);
            let shown = if found.is_none() { Cell::text(say(locale, Key::NoLevelYet)) } else { level(locale, found) };
            vec![Cell::text(name(locale, indicator)), shown, Cell::text(counted)]
        })
        .collect();
    let columns = vec![
        Column::text(say(locale, Key::Indicator), 2.4),
        Column::text(say(locale, Key::Level), 1.2),
        Column::text(say(locale, Key::Measured), 2.0),
    ];
    Table { caption: say(locale, Key::Glance).to_owned(), columns, row_headers: true, rows }
}

/// The criteria with a number in a table; those without data in a list below, with what would fill them.
fn criteria(locale: Locale, name: &str, own: &[&Measurement]) -> Result<Vec<Block>> {
    let (empty, measured): (Vec<&Measurement>, Vec<_>) = own.iter().partition(|m| m.standing == Standing::NoData);
    let mut blocks = Vec::new();
    if !measured.is_empty() {
        let mut rows = Vec::new();
        for measurement in measured {
            let criterion = measurement.words()?;
            rows.push(vec![
                Cell::text(format!("{} {}", criterion.id, criterion.name.of(locale))),
                Cell::text(values(locale, criterion, measurement).join("\n")),
                level(locale, measurement.level),
                Cell::text(raise(locale, criterion, measurement).join("\n")),
            ]);
        }
        let columns = vec![
            Column::text(say(locale, Key::Criterion), 2.0),
            Column::text(say(locale, Key::Measured), 2.0),
            Column::text(say(locale, Key::Level), 1.1),
            Column::text(say(locale, Key::WhatWouldRaise), 2.4),
        ];
        blocks.push(Block::Table(Table { caption: fill(locale, Key::Criteria, &[("name", name)]), columns, row_headers: true, rows }));
    }
    if !empty.is_empty() {
        let number = empty.len().to_string();
        let title = if empty.len() == own.len() {
            say(locale, Key::NoData).to_owned()
        } else {
            fill(locale, Key::NeedsData, &[("number", &number)])
        };
        blocks.push(Block::heading(3, title));
        let mut items = Vec::new();
        for measurement in empty {
            let criterion = measurement.words()?;
            let what = fill(locale, Key::Filled, &[("what", criterion.fill.of(locale))]);
            items.push(vec![Run::bold(format!("{} {}. ", criterion.id, criterion.name.of(locale))), Run::plain(what)]);
        }
        blocks.push(Block::List { ordered: false, items });
    }
    Ok(blocks)
}

fn part_name(locale: Locale, part: &str) -> &'static str {
    match part {
        "staff" => say(locale, Key::PartStaff),
        "students" => say(locale, Key::PartStudents),
        "board" => say(locale, Key::PartBoard),
        _ => "",
    }
}

fn with_part(locale: Locale, part: &str, text: String) -> String {
    match part_name(locale, part) {
        "" => text,
        part => format!("{part}: {text}"),
    }
}

/// One line a group that is measured apart.
fn values(locale: Locale, criterion: &Criterion, measurement: &Measurement) -> Vec<String> {
    let line = |part: &indicators::Part| {
        let text = match (part.value, part.standing) {
            (Some(value), _) => value_words(locale, criterion, value),
            (None, Standing::TooFew) => say(locale, Key::FewPeople).to_owned(),
            (None, _) => say(locale, Key::NoData).to_owned(),
        };
        with_part(locale, &part.key, text)
    };
    measurement.parts.iter().map(line).collect()
}

fn value_words(locale: Locale, criterion: &Criterion, value: Share) -> String {
    let all = criterion.of.to_string();
    if criterion.unit != Unit::Groups {
        let (part, whole) = (locale.number(value.numerator), locale.number(value.denominator));
        let percent = locale.per_mille(value.per_mille().unwrap_or_default());
        return fill(locale, Key::ShareOf, &[("part", &part), ("whole", &whole), ("percent", &percent)]);
    }
    if value.denominator == 1 {
        return fill(locale, Key::GroupsOne, &[("heard", &value.numerator.to_string()), ("all", &all)]);
    }
    let tenths = value.tenths().unwrap_or_default();
    let mean = format!("{}.{}", tenths / 10, tenths % 10);
    fill(locale, Key::GroupsMean, &[("heard", &mean), ("all", &all), ("versions", &value.denominator.to_string())])
}

/// What would raise it to the next level, a line for each group that isn't there yet.
fn raise(locale: Locale, criterion: &Criterion, measurement: &Measurement) -> Vec<String> {
    let Some(raise) = &measurement.raise else {
        let key = if measurement.standing == Standing::Measured { Key::Highest } else { Key::NoLevel };
        return vec![say(locale, key).to_owned()];
    };
    let Some((one, other)) = raise_keys(&criterion.id) else { return Vec::new() };
    let line = |(part, more): &(String, i64)| {
        let what = fill(locale, if *more == 1 { one } else { other }, &[("more", &locale.number(*more))]);
        let what = with_part(locale, part, what);
        fill(locale, Key::ForLevel, &[("level", &raise.level.to_string()), ("what", &what)])
    };
    raise.more.iter().map(line).collect()
}

/// What there must be more of, for one and for several.
fn raise_keys(criterion: &str) -> Option<(Key, Key)> {
    Some(match criterion {
        "5a-3" => (Key::Raise5A3One, Key::Raise5A3),
        "5b-1" => (Key::Raise5B1One, Key::Raise5B1),
        "5b-2" => (Key::Raise5B2One, Key::Raise5B2),
        "5b-3" => (Key::Raise5B3One, Key::Raise5B3),
        "5b-4" => (Key::Raise5B4One, Key::Raise5B4),
        "5c-1" => (Key::Raise5C1One, Key::Raise5C1),
        "5c-2" => (Key::Raise5C2One, Key::Raise5C2),
        "5c-3" => (Key::Raise5C3One, Key::Raise5C3),
        "5c-4" => (Key::Raise5C4One, Key::Raise5C4),
        "5c-5" => (Key::Raise5C5One, Key::Raise5C5),
        _ => return None,
    })
}
