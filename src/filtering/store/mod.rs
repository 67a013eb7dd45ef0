//! The register, and the requests.

pub mod requests;
pub mod rules;
