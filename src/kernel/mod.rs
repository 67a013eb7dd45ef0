//! What every room needs and none owns: ids, time, chance, languages, pages of a list, the person who acts, and what can go wrong.
//! Nothing here reads or writes anything.

pub mod actor;
pub mod chance;
pub mod code;
pub mod digest;
pub mod finding;
pub mod ids;
pub mod locale;
pub mod page;
pub mod problem;
pub mod time;
pub mod words;

pub use actor::{Actor, Reach, Role};
pub use chance::Chance;
pub use finding::{Finding, Severity};
pub use ids::*;
pub use locale::Locale;
pub use page::{Page, PageOf};
pub use problem::{FieldError, Problem, Result};
pub use time::{Clock, Day, Moment, Zone};
