//! What a check of texts found, by file and line.

use serde::Serialize;

/// Whether a finding must be mended or is worth a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Hint,
}

/// One mistake or hint: where it is, and in words what is wrong and how to mend it. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub file: String,
    pub line: usize,
    pub severity: Severity,
    pub text: String,
}
