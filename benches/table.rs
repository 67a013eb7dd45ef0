//! The figures side by side, and how far they are from the engine's own limits.

use std::fmt::Write;

use crate::product::Measured;

/// How a figure is read off, and with how many decimals it is printed.
type Figure = (&'static str, usize, fn(&Measured) -> f64);

#[allow(clippy::cast_precision_loss)] // counts of people, far below 2^52
const FIGURES: [Figure; 43] = [
    ("import_s", 2, |m| m.import_s),
    ("import_again_s", 2, |m| m.import_again_s),
    ("engine_insert_s", 2, |m| m.engine_insert_s),
    ("import_peak_rss_mib", 0, |m| m.import_peak_rss_mib),
    ("obligations", 0, |m| m.obligations as f64),
    ("obligations_per_s", 0, |m| m.obligations_per_s),
    ("night_changes", 0, |m| m.night_changes as f64),
    ("night_s", 2, |m| m.night_s),
    ("mails", 0, |m| m.mails as f64),
    ("mails_per_s", 0, |m| m.mails_per_s),
    ("mails_rss_mib", 0, |m| m.mails_rss_mib),
    ("ledger_recount_s", 2, |m| m.ledger_recount_s),
    ("acknowledgments", 0, |m| m.acknowledgments as f64),
    ("acknowledgments_per_s", 0, |m| m.acknowledgments_per_s),
    ("acknowledgment_median_ms", 1, |m| m.acknowledgment_median_ms),
    ("acknowledgment_p99_ms", 1, |m| m.acknowledgment_p99_ms),
    ("acknowledgment_errors", 0, |m| m.acknowledgment_errors as f64),
    ("engine_commits_per_s", 0, |m| m.engine_commits_per_s),
    ("whole_way_per_s", 1, |m| m.whole_way_per_s),
    ("whole_way_median_ms", 1, |m| m.whole_way_median_ms),
    ("whole_way_p99_ms", 1, |m| m.whole_way_p99_ms),
    ("morning_students", 0, |m| m.morning_students as f64),
    ("morning_minutes", 1, |m| m.morning_minutes),
    ("morning_median_ms", 1, |m| m.morning_median_ms),
    ("morning_p99_ms", 1, |m| m.morning_p99_ms),
    ("morning_others_p99_ms", 1, |m| m.morning_others_p99_ms),
    ("morning_errors", 0, |m| m.morning_errors as f64),
    ("kills", 0, |m| m.kills as f64),
    ("kills_confirmed", 0, |m| m.kills_confirmed as f64),
    ("audit_by_school_ms", 2, |m| m.audit_by_school_ms),
    ("audit_page_ms", 2, |m| m.audit_page_ms),
    ("people_page_ms", 2, |m| m.people_page_ms),
    ("policy_open_ms", 2, |m| m.policy_open_ms),
    ("policy_edit_ms", 2, |m| m.policy_edit_ms),
    ("policy_compare_ms", 2, |m| m.policy_compare_ms),
    ("csv_rows", 0, |m| m.csv_rows as f64),
    ("csv_rows_per_s", 0, |m| m.csv_rows_per_s),
    ("records", 0, |m| m.records as f64),
    ("seal_s", 2, |m| m.seal_s),
    ("verify_s", 2, |m| m.verify_s),
    ("verify_records_per_s", 0, |m| m.verify_records_per_s),
    ("peak_rss_mib", 0, |m| m.peak_rss_mib),
    ("server_peak_rss_mib", 0, |m| m.server_peak_rss_mib),
];

const RATIOS: [Figure; 5] = [
    ("import / engine's insert", 2, |m| m.import_s / m.engine_insert_s),
    ("import again / import", 2, |m| m.import_again_s / m.import_s),
    ("import again / engine's insert", 2, |m| m.import_again_s / m.engine_insert_s),
    ("issue, told / not told", 2, |m| m.told_ratio),
    ("answers / engine's commits", 2, |m| m.acknowledgments_per_s / m.engine_commits_per_s),
];

/// The table, one column a database.
pub fn of(measured: &[Measured]) -> String {
    let mut out = String::new();
    line(&mut out, "", measured.iter().map(|m| m.database.clone()));
    for (name, decimals, read) in FIGURES {
        line(&mut out, name, measured.iter().map(|m| format!("{:.decimals$}", read(m))));
    }
    out.push('\n');
    for (name, decimals, read) in RATIOS {
        line(&mut out, name, measured.iter().map(|m| format!("{:.decimals$} x", read(m))));
    }
    out
}

fn line(out: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    // Writing to a String can't fail.
    let _ = write!(out, "{name:<32}");
    for cell in cells {
        let _ = write!(out, "{cell:>14}");
    }
    out.push('\n');
}
