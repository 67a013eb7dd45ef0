//! Answers on paper, for families who don't sign in: [`print`] makes the forms of a class, each with a code; [`look`] reads the codes of
//! those that came back; [`enter`] keeps their answers as records like any other; [`scans`] are pictures of what was signed. How a form
//! looks is for `reports` to know.

mod entering;
mod printing;
pub mod scans;
mod store;

pub use entering::{Entry, Fault, Filled, Looked, Outcome, Recent, Sheet, enter, enter_again, entries, faults, look, one, recent};
pub use printing::{Class, Form, Printed, Waiting, Wanted, classes, print, waiting, waiting_codes};

use crate::kernel::{Actor, Problem, Reach, Result, Role};

/// The most forms of one file, and of one batch.
pub const MOST: usize = 600;

/// Who prints and enters forms: directors, school leaders for their schools, teachers for their classes. An auditor only reads.
pub fn may(actor: &Actor) -> bool {
    match actor.reach {
        Reach::Orgs(_) => actor.is_director() || actor.has(Role::SchoolLeader),
        Reach::Sections(_) => actor.has(Role::Teacher),
        Reach::Own => false,
    }
}

fn clerk(actor: &Actor) -> Result<()> {
    if may(actor) { Ok(()) } else { Err(Problem::NotFound) }
}
