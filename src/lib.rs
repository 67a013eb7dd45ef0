//! Assent: a school district's digital-citizenship policies, made together, taught, agreed to, and proved to an auditor.
//! `ARCHITECTURE.md` is the map. Each module imports only what stands below it; `tests/stories/directions.rs` holds that.

pub mod acknowledgments;
pub mod adoption;
pub mod audit;
pub mod cli;
pub mod config;
pub mod db;
pub mod feedback;
pub mod filtering;
pub mod identity;
pub mod indicators;
pub mod kernel;
pub mod notices;
pub mod obligations;
pub mod policies;
pub mod queue;
pub mod reports;
pub mod roster;
pub mod training;
pub mod web;
pub mod worker;
