//! The register from a CSV file: one of ours, or a vendor's export of categories. Every row is read before anything changes, and one that can't
//! be used leaves all undone. A row is a rule that is there by its code or, without one, by what it is about; columns that the file hasn't
//! leave a rule's fields as they are. No rule ends because a row is missing.

use std::collections::HashSet;

use serde::Serialize;

use super::rules::{self, ALTERNATIVES, COLUMNS, Rule};
use super::{Action, Audience, BANDS, Basis, Device, TargetKind};
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Problem, Result};

/// The largest file, in bytes.
const LARGEST: usize = 5 * 1024 * 1024;

/// What a file does, or would do: codes of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub dry_run: bool,
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub unchanged: usize,
    /// Columns that are not read.
    pub ignored: Vec<String>,
}

/// What vendors call a column of ours.
fn column(name: &str) -> Option<&'static str> {
    let plain: String = name.trim().to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let own = match plain.trim_matches('_') {
        "id" | "rule_id" | "rule" => "code",
        "category" | "category_name" | "name" => "target",
        "kind" | "type" => "target_kind",
        "status" | "policy_action" => "action",
        "grades" => "bands",
        "reason" | "description" => "rationale",
        "category_version" | "definition_version" => "vendor_version",
        other => return COLUMNS.iter().copied().find(|own| *own == other),
    };
    Some(own)
}

fn code_of(kind: TargetKind, target: &str) -> String {
    let plain: String = target.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let plain = plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let code = if kind == TargetKind::Category { plain } else { format!("{}-{plain}", kind.name()) };
    code.chars().take(60).collect()
}

fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    Some(hour.parse::<i64>().ok().filter(|h| (0..=24).contains(h))? * 60 + minute.parse::<i64>().ok().filter(|m| (0..60).contains(m))?)
}

/// One cell into its field; what is wrong with it otherwise.
fn set(rule: &mut Rule, column: &str, cell: &str) -> std::result::Result<(), &'static str> {
    let day = |cell: &str| if cell.is_empty() { Ok(None) } else { Day::parse_iso(cell).map(Some).ok_or("write the day as YYYY-MM-DD") };
    let name = cell.to_lowercase().replace([' ', '-'], "_");
    match column {
        "action" => {
            let action = match name.as_str() {
                "blocked" | "deny" | "denied" => Some(Action::Block),
                "allowed" | "permit" => Some(Action::Allow),
                "warning" => Some(Action::Warn),
                name => Action::named(name),
            };
            rule.action = action.ok_or("the action is block, warn, allow or time_limited")?;
        }
        "audience" => rule.audience = Audience::named(&name).ok_or("the audience is everybody, students or staff")?,
        "bands" => {
            let wanted: Vec<&str> = cell.split([',', ';', ' ']).filter(|band| !band.is_empty()).collect();
            if !wanted.iter().all(|band| BANDS.contains(band)) {
                return Err("the grades are K-2, 3-5, 6-8 and 9-12, with commas");
            }
            rule.bands = BANDS.iter().filter(|band| wanted.contains(band)).map(|band| (*band).to_owned()).collect();
        }
        "device" => rule.device = Device::named(&name).ok_or("the device is any, district, personal or guest")?,
        "hours" if cell.is_empty() => rule.hours = None,
        "hours" => {
            let span = cell.split_once(['-', '–']).and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
            rule.hours = Some(span.ok_or("write hours as 8:00-15:30")?);
        }
        "basis" if cell.is_empty() => rule.basis = None,
        "basis" => rule.basis = Some(Basis::named(&name).ok_or("the basis is cipa, state_law, local, security, bandwidth or licence")?),
        "decided_on" => rule.decided_on = day(cell)?,
        "effective_on" => rule.effective_on = day(cell)?,
        "review_on" => rule.review_on = day(cell)?,
        "ended_on" => rule.ended_on = day(cell)?,
        "site" => cell.clone_into(&mut rule.site),
        "citation" => cell.clone_into(&mut rule.citation),
        "rationale" => cell.clone_into(&mut rule.rationale),
        "evidence" => cell.clone_into(&mut rule.evidence),
        "neutrality" => cell.clone_into(&mut rule.neutrality),
        "access" => cell.clone_into(&mut rule.access),
        "owner" => cell.clone_into(&mut rule.owner),
        "approver" => cell.clone_into(&mut rule.approver),
        "vendor_version" => cell.clone_into(&mut rule.vendor_version),
        way if ALTERNATIVES.contains(&way) => {
            rule.alternatives.remove(way);
            if !cell.is_empty() {
                rule.alternatives.insert(way.to_owned(), cell.to_owned());
            }
        }
        _ => {}
    }
    Ok(())
}

/// A cell as it was before a spreadsheet was kept from running it: our own files put an apostrophe before such signs.
fn cell(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// Brings a file in, or only looks (`dry_run`). For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` names each row that can't be used, and nothing is changed.
pub async fn bring_in(tx: &mut Tx, actor: &Actor, bytes: &[u8], dry_run: bool) -> Result<Sheet> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let unreadable = |e: &dyn std::fmt::Display| Problem::invalid("file", format!("this is no CSV file in UTF-8: {e}"));
    if bytes.len() > LARGEST {
        return Err(Problem::invalid("file", "the file is larger than 5 MiB: bring it in in parts"));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| unreadable(&e))?.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let columns: Vec<Option<&'static str>> = header.iter().map(column).collect();
    let ignored = header.iter().zip(&columns).filter(|(_, own)| own.is_none()).map(|(name, _)| name.to_owned()).collect();
    let mut sheet = Sheet { dry_run, ignored, ..Sheet::default() };
    if !columns.contains(&Some("target")) {
        return Err(Problem::invalid("file", "the first row needs a column “target” (or “category”): what a rule is about"));
    }
    let (mut checks, mut seen, mut wanted) = (Checks::default(), HashSet::new(), Vec::new());
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|e| unreadable(&e))?;
        let row = at + 2;
        let of = |wanted: &str| columns.iter().position(|own| *own == Some(wanted)).and_then(|at| record.get(at)).map_or("", cell);
        let kind = match of("target_kind").to_lowercase().as_str() {
            "" => Some(TargetKind::Category),
            name => TargetKind::named(name),
        };
        let (Some(kind), target) = (kind, of("target")) else {
            checks.say(format!("row {row}"), "the kind is category, domain, keyword or app");
            continue;
        };
        let code = if of("code").is_empty() { code_of(kind, target) } else { of("code").to_owned() };
        if !seen.insert(code.clone()) {
            checks.say(format!("row {row}"), format!("the rule “{code}” stands in the file twice: give each a code of its own"));
            continue;
        }
        let known = match rules::get(tx, &code).await {
            Ok(rule) => Some(rule),
            Err(Problem::NotFound) => None,
            Err(problem) => return Err(problem),
        };
        let mut rule = known.clone().unwrap_or_else(|| Rule::new(code.clone(), kind, target, Action::Block));
        (rule.target_kind, rule.target) = (kind, target.to_owned());
        for (own, text) in columns.iter().zip(record.iter()) {
            if let Some(own) =
                own.filter(|own| !cell(text).is_empty() || known.is_some() && !matches!(*own, "action" | "audience" | "bands" | "device"))
                && let Err(wrong) = set(&mut rule, own, cell(text))
            {
                checks.say(format!("row {row}, {own}"), format!("“{}”: {wrong}", cell(text)));
            }
        }
        if let Err(Problem::Invalid(errors)) = rule.check() {
            for error in errors {
                checks.say(format!("row {row}, {}", error.field), error.text);
            }
        }
        match known {
            Some(before) if before == rule => sheet.unchanged += 1,
            Some(_) => sheet.changed.push(code),
            None => sheet.added.push(code),
        }
        wanted.push(rule);
    }
    checks.done()?;
    if !dry_run {
        for rule in &wanted {
            rules::put(tx, actor, rule, "Brought in from a file", false).await?;
        }
    }
    Ok(sheet)
}
