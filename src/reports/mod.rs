//! What the product hands out on paper or as a file. A report is first a plain [`document::Document`] or rows; the renderers
//! ([`pdf`], [`csv`], [`xlsx`]) know how a file is written, and nothing of policies, people or the database.

pub mod csv;
pub mod document;
pub mod pdf;
pub mod xlsx;
