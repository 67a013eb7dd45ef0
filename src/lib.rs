//! Assent: a school district's digital-citizenship policies, made together, taught, agreed to, and proved to an auditor.
//! `ARCHITECTURE.md` is the map. Each module imports only what stands below it; `tests/stories/directions.rs` holds that.

pub mod db;
pub mod kernel;
