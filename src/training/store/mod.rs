//! The SQL of training.

pub mod attempts;
pub mod attestations;
pub mod certificates;
pub mod courses;
pub mod figures;
pub mod statistics;

use serde::de::DeserializeOwned;

use crate::kernel::{Problem, Result};

/// A column that holds JSON.
fn json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Problem::internal(format!("column {column} holds no such JSON"), e))
}

fn text<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Problem::internal("a value can't be written as JSON", e))
}
