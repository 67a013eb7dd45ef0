//! Standard 5: where the district stands, criterion by criterion, and how each number comes about. For whoever sees the district's
//! figures; the page names nobody.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};

use super::answer::{Answer, Html, page};
use super::desk::Standards;
use super::shell::Shell;
use crate::indicators::standard::{Criterion, Direction, Threshold, Unit, standard};
use crate::indicators::{self, Measurement, Part, Record, Share, Standing};
use crate::kernel::Problem;

/// A level as four boxes and in words.
struct LevelView {
    boxes: [bool; 4],
    text: String,
}

impl LevelView {
    fn of(shell: &Shell, level: Option<u8>) -> Option<Self> {
        level.map(|level| Self { boxes: [1, 2, 3, 4].map(|n| n <= level), text: shell.tv("standard5-level-of", "level", i64::from(level)) })
    }
}

/// What was measured, in words; `none` where there is no number to show.
struct Line {
    text: String,
    none: bool,
}

struct Row {
    id: String,
    href: String,
    name: String,
    measured: Vec<Line>,
    level: Option<LevelView>,
    raise: Vec<String>,
}

struct Sheet {
    name: String,
    text: String,
    caption: String,
    level: Option<LevelView>,
    /// On how many of its criteria the level rests, or why there is none.
    rests_on: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "standard5.html")]
struct StandardPage {
    shell: Shell,
    sheets: Vec<Sheet>,
    profile: String,
    note: String,
}

#[get("/standard-5")]
async fn list(reader: Standards<'_>) -> Answer<Html> {
    let mut tx = reader.read().await?;
    let measurements = indicators::measure(&mut tx, reader.actor(), &reader.district, reader.today()).await?;
    drop(tx);
    let shell = reader.shell(reader.t("standard5-title"));
    let standard = standard()?;
    let mut sheets = Vec::new();
    for indicator in &standard.indicators {
        let name = format!("{} {}", indicator.id, indicator.name.of(shell.locale));
        let mut rows = Vec::new();
        for measurement in measurements.iter().filter(|m| m.indicator == indicator.id) {
            let criterion = measurement.words()?;
            rows.push(Row {
                id: criterion.id.clone(),
                href: format!("/standard-5/{}", criterion.id),
                name: criterion.name.of(shell.locale).to_owned(),
                measured: measured(&shell, criterion, measurement),
                level: LevelView::of(&shell, measurement.level),
                raise: raise(&shell, criterion, measurement),
            });
        }
        let level = LevelView::of(&shell, indicators::level_of(&measurements, &indicator.id));
        let key = if level.is_some() { "standard5-measured-of" } else { "standard5-no-level-yet" };
        sheets.push(Sheet {
            rests_on: shell.tvv(key, "measured", rows.iter().filter(|r| r.level.is_some()).count(), "all", rows.len()),
            caption: shell.tv("standard5-caption", "name", &name),
            text: indicator.text.of(shell.locale).to_owned(),
            level,
            name,
            rows,
        });
    }
    let profile = &standard.profile;
    let source = super::words::say_with(
        shell.locale,
        "standard5-profile",
        &[
            ("source", profile.name.of(shell.locale).into()),
            ("publisher", profile.publisher.as_str().into()),
            ("version", profile.version.of(shell.locale).into()),
            ("criteria", profile.criteria_version.as_str().into()),
        ],
    );
    page(&StandardPage { sheets, profile: source, note: profile.note.of(shell.locale).to_owned(), shell })
}

struct LevelRow {
    level: LevelView,
    /// One cell for each group of thresholds.
    takes: Vec<String>,
}

struct RecordRow {
    label: String,
    path: Option<String>,
    adds: String,
    none: bool,
}

#[derive(Template)]
#[template(path = "standard5_criterion.html")]
struct CriterionPage {
    shell: Shell,
    indicator: String,
    measured: Vec<Line>,
    level: Option<LevelView>,
    raise: Vec<String>,
    formula: String,
    version: String,
    /// The heads of the columns of thresholds.
    groups: Vec<String>,
    levels: Vec<LevelRow>,
    below: String,
    /// What level 1 takes, one for each group.
    below_takes: Vec<String>,
    lowest: bool,
    records: Vec<RecordRow>,
    see: Option<(String, String)>,
}

#[get("/standard-5/<criterion>")]
async fn show(reader: Standards<'_>, criterion: &str) -> Answer<Html> {
    let mut tx = reader.read().await?;
    let measurement = indicators::measure_one(&mut tx, reader.actor(), &reader.district, reader.today(), criterion).await?;
    drop(tx);
    let criterion = measurement.words()?;
    let shell = reader.shell(format!("{} {}", criterion.id, criterion.name.of(reader.locale)));
    let standard = standard()?;
    let indicator = standard.indicators.iter().find(|i| i.id == criterion.indicator).ok_or(Problem::NotFound)?;
    // Two columns only where the groups have thresholds of their own.
    let columns: usize = if criterion.second.is_some() { 2 } else { 1 };
    let groups = if columns == 2 {
        criterion.parts.iter().map(|p| shell.t(&format!("standard5-part-{p}"))).collect()
    } else {
        vec![shell.t("standard5-measured")]
    };
    let levels = (0..3)
        .zip([4_u8, 3, 2])
        .filter_map(|(index, level)| {
            let takes = (0..columns).map(|part| threshold(&shell, criterion, criterion.levels_of(part)[index])).collect();
            LevelView::of(&shell, Some(level)).map(|level| LevelRow { level, takes })
        })
        .collect();
    let see = measurement.path.clone().map(|path| {
        let key = format!("standard5-see-{}", path.trim_start_matches('/'));
        (path, shell.t(&key))
    });
    page(&CriterionPage {
        indicator: format!("{} {}", indicator.id, indicator.name.of(shell.locale)),
        measured: measured(&shell, criterion, &measurement),
        level: LevelView::of(&shell, measurement.level),
        raise: raise(&shell, criterion, &measurement),
        formula: criterion.formula.of(shell.locale).to_owned(),
        version: shell.tv("standard5-formula-version", "version", measurement.formula),
        below_takes: (0..columns).map(|part| below(&shell, criterion, criterion.levels_of(part)[2])).collect(),
        groups,
        levels,
        below: shell.tv("standard5-level-of", "level", 1_i64),
        lowest: criterion.parts.len() > 1,
        records: measurement.records.iter().map(|r| record(&shell, criterion, r)).collect(),
        see,
        shell,
    })
}

/// `412 of 530 (77.7%)`, or what stands in its place; one line a group.
fn measured(shell: &Shell, criterion: &Criterion, measurement: &Measurement) -> Vec<Line> {
    let several = measurement.parts.len() > 1 && measurement.standing != Standing::NoData;
    let shown: &[Part] = if several { &measurement.parts } else { &measurement.parts[..1.min(measurement.parts.len())] };
    shown
        .iter()
        .map(|part| {
            let text = match (part.value, part.standing) {
                (Some(value), _) => words(shell, criterion, value),
                (None, Standing::TooFew) => shell.t("standard5-few"),
                (None, _) => shell.t("standard5-no-data"),
            };
            let none = part.value.is_none();
            let text = if several {
                shell.tvv("standard5-part-line", "part", shell.t(&format!("standard5-part-{}", part.key)), "text", text)
            } else {
                text
            };
            Line { text, none }
        })
        .collect()
}

fn words(shell: &Shell, criterion: &Criterion, value: Share) -> String {
    match criterion.unit {
        Unit::Groups if value.denominator == 1 => shell.tvv("standard5-groups-one", "heard", value.numerator, "all", criterion.of),
        Unit::Groups => {
            let tenths = value.tenths().unwrap_or_default();
            let mean = format!("{}.{}", tenths / 10, tenths % 10);
            shell.tvvv("standard5-groups-mean", "heard", mean, "all", criterion.of, "versions", value.denominator)
        }
        _ => shell.tvvv(
            "standard5-share",
            "part",
            shell.number(&value.numerator),
            "whole",
            shell.number(&value.denominator),
            "percent",
            shell.locale.per_mille(value.per_mille().unwrap_or_default()),
        ),
    }
}

/// So many missing groups or topics are named beside the number.
const LISTED: usize = 7;

/// What would raise it to the next level; without data, what would fill it.
fn raise(shell: &Shell, criterion: &Criterion, measurement: &Measurement) -> Vec<String> {
    let Some(raise) = &measurement.raise else {
        return match measurement.standing {
            Standing::NoData => vec![shell.tv("standard5-filled", "what", criterion.fill.of(shell.locale))],
            Standing::TooFew => Vec::new(),
            Standing::Measured => vec![shell.t("standard5-top")],
        };
    };
    let several = measurement.parts.len() > 1;
    let mut lines: Vec<String> = raise
        .more
        .iter()
        .map(|(part, more)| {
            let key = format!("standard5-raise-{}", criterion.id);
            let what = shell.tvv(&key, "more", *more, "shown", shell.number(more));
            let what = if several {
                shell.tvv("standard5-part-line", "part", shell.t(&format!("standard5-part-{part}")), "text", what)
            } else {
                what
            };
            shell.tvv("standard5-for-level", "level", i64::from(raise.level), "what", what)
        })
        .collect();
    // Longer lists stand on the criterion's own page, record by record.
    if (1..=LISTED).contains(&raise.missing.len()) {
        let (key, name) =
            if criterion.unit == Unit::Groups { ("standard5-not-heard", "groups") } else { ("standard5-not-taught", "pairs") };
        let list = raise.missing.iter().map(|m| missing(shell, m)).collect::<Vec<_>>();
        let separator = if criterion.unit == Unit::Groups { ", " } else { "; " };
        lines.push(shell.tv(key, name, list.join(separator)));
    }
    lines
}

/// A stakeholder group, or a topic and its audience, in the reader's language.
fn missing(shell: &Shell, key: &str) -> String {
    match key.split_once('/') {
        Some((topic, audience)) => shell.tvv(
            "standard5-pair",
            "topic",
            shell.t(&format!("standard5-topic-{topic}")),
            "audience",
            shell.t(&format!("standard5-audience-{}", audience.to_lowercase())),
        ),
        None => shell.t(&format!("standard5-group-{}", key.replace('_', "-"))),
    }
}

fn threshold(shell: &Shell, criterion: &Criterion, threshold: Threshold) -> String {
    let key = match (criterion.unit, criterion.direction) {
        (Unit::Percent, _) if threshold == Threshold(100_000) => "standard5-all-percent",
        (Unit::Percent, _) => "standard5-at-least-percent",
        (Unit::Groups, _) if threshold.0 == criterion.of * 1000 => {
            return shell.tvv("standard5-groups-one", "heard", criterion.of, "all", criterion.of);
        }
        (Unit::Groups, _) => "standard5-at-least-groups",
        (Unit::Points, _) | (_, Direction::Down) => "standard5-at-most-points",
        _ => "standard5-at-least",
    };
    shell.tv(key, "number", threshold.to_string())
}

/// What is level 1: less than level 2 takes, and of a gap more.
fn below(shell: &Shell, criterion: &Criterion, second: Threshold) -> String {
    match criterion.direction {
        Direction::Down => shell.tv("standard5-more-than-points", "number", second.to_string()),
        Direction::Up => shell.t("standard5-below"),
    }
}

fn record(shell: &Shell, criterion: &Criterion, record: &Record) -> RecordRow {
    let label = match (record.version, record.label.split_once('/')) {
        (Some(number), _) => shell.tvv("standard5-record-version", "title", &record.label, "number", number),
        (None, Some(_)) if criterion.id == "5c-1" => beginning(&missing(shell, &record.label)),
        _ => record.label.clone(),
    };
    let adds = match (record.value, record.standing) {
        (Some(value), _) => match criterion.id.as_str() {
            "5b-1" => shell.tvv("standard5-groups-one", "heard", value.numerator, "all", value.denominator),
            "5b-3" => shell.t(if value.numerator > 0 { "standard5-record-in-time" } else { "standard5-record-late" }),
            "5c-1" => shell.t(if value.numerator > 0 { "standard5-record-taught" } else { "standard5-record-untaught" }),
            _ => words(shell, criterion, value),
        },
        (None, Standing::TooFew) => shell.t("standard5-few"),
        (None, _) => shell.t("standard5-record-none"),
    };
    RecordRow { label, path: record.path.clone(), none: record.value.is_none(), adds }
}

/// With a capital at the beginning.
fn beginning(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("standard 5", |rocket| async { rocket.mount("/", routes![list, show]) })
}
