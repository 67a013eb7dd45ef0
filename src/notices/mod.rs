//! What is said to whom: by mail, by letter. Other rooms put down in `queue` what somebody has to hear of; here it is decided when that is
//! said ([`Schedule`], the district's [`Calendar`](crate::roster::Calendar)), all that waits for one address becomes one mail ([`gathering`]), in words ([`wording`]), and a mail
//! server takes it ([`delivery`]). Whom nothing reaches stands on a list ([`never_told`]).
//!
//! A mail goes out **at most once**: before it is handed to the server it is marked so, in a transaction of its own; what was under way when
//! a machine fell over is listed as unsure and is sent again only by a person who says so.

pub mod bounces;
pub mod delivery;
pub mod evidence;
pub mod gathering;
pub mod letters;
pub mod morning;
pub mod never_told;
pub mod rules;
pub mod samples;
pub mod saying;
pub mod schedule;
pub mod status;
mod store;
pub mod wording;

pub use delivery::{Post, Postman};
pub use rules::Rule;
pub use schedule::Schedule;
