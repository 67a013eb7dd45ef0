//! Many rows in one statement. A list is bound as one JSON object `{"0": row, "1": row, …}`, which both engines can take
//! apart with `jsonb_each($1)`: `key` is the row's number as text, `value` the row. So one SQL text serves both:
//!
//! ```sql
//! INSERT INTO enrollment (section_id, person_id, role)
//! SELECT CAST(value->>'section' AS BIGINT), CAST(value->>'person' AS BIGINT), value->>'role' FROM jsonb_each($1)
//! ```
//!
//! (SQLite has `jsonb_each` since 3.51.) A list of plain integers: `WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1))`.
//! PostgreSQL's `->>` gives text, so numbers are cast; a `null` stays NULL on both.

use serde::{Serialize, Serializer};
use sqlx::types::Json;

/// Rows to be bound as `$n` and read with `jsonb_each($n)`.
pub struct Bulk;

impl Bulk {
    /// Numbers the rows from 0. A few thousand rows a call is a good size.
    pub fn of<T: Serialize>(rows: impl IntoIterator<Item = T>) -> Json<Numbered<T>> {
        Json(Numbered(rows.into_iter().collect()))
    }
}

/// Rows that are written as an object, each under its number.
#[derive(Debug)]
pub struct Numbered<T>(Vec<T>);

impl<T: Serialize> Serialize for Numbered<T> {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        into.collect_map(self.0.iter().enumerate())
    }
}
