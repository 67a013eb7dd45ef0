//! What the product hands out on paper or as a file. A report is first a plain [`document::Document`] or rows, made by its author
//! ([`audit`], [`policy`], [`receipt`], [`board`], [`class`], [`paper`], [`packets`]); the renderers ([`pdf`], [`csv`], [`xlsx`]) know how a file is written, and nothing
//! of policies, people or the database.

pub mod audit;
pub mod board;
pub mod certificate;
pub mod class;
pub mod csv;
pub mod document;
pub mod letter;
mod markdown;
pub mod packets;
pub mod paper;
pub mod pdf;
pub mod policy;
pub mod receipt;
mod words;
pub mod xlsx;
