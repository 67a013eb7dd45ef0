//! Answers on paper: [`printing`] the forms of a class, entering a [`batch`] of those that came back, one form with its history ([`one`]).
//! For directors, school leaders and teachers, each within reach.

mod batch;
mod one;
mod printing;
mod rows;

pub(super) use one::{ScanView, scan_view};

use rocket::fairing::AdHoc;
use rocket::fs::TempFile;
use rocket::routes;
use rocket::tokio::io::AsyncReadExt;

use super::shell::Shell;
use crate::acknowledgments::paper::Fault;
use crate::acknowledgments::paper::scans::{LARGEST, Refused};
use crate::kernel::{FieldError, Problem, Result};

/// The bytes of a chosen file; `None` where none was chosen. One byte more than is taken, so that what is too large is said to be.
async fn chosen(file: Option<&TempFile<'_>>) -> Result<Option<Vec<u8>>> {
    let Some(file) = file else { return Ok(None) };
    if file.len() == 0 && file.raw_name().is_none_or(|name| name.dangerous_unsafe_unsanitized_raw().is_empty()) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX);
    file.open().await?.take(most + 1).read_to_end(&mut bytes).await?;
    Ok(Some(bytes))
}

fn refused(shell: &Shell, refused: Refused) -> FieldError {
    FieldError { field: "scan".into(), text: shell.t(&format!("paper-scan-{}", refused.name())) }
}

/// What is wrong with a form, in the reader's language.
fn fault(shell: &Shell, fault: &Fault) -> String {
    match fault {
        Fault::NotTicked(number) => shell.tv("paper-fault-tick", "number", *number),
        Fault::Ahead => shell.t("paper-fault-ahead"),
        Fault::BeforePrinting(day) => shell.tv("paper-fault-before", "day", shell.day(day)),
        Fault::NoName | Fault::LongName => shell.t("paper-fault-name"),
        Fault::LongReason => shell.t("paper-fault-reason"),
    }
}

/// The invalid fields of a problem; any other problem goes on.
fn invalid(problem: Problem) -> Result<Vec<FieldError>> {
    match problem {
        Problem::Invalid(errors) => Ok(errors),
        problem => Err(problem),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("paper", |rocket| async {
        rocket.mount(
            "/",
            routes![
                printing::choose,
                printing::print,
                batch::start,
                batch::list,
                batch::look,
                batch::keep,
                one::show,
                one::again,
                one::attach,
                one::scan
            ],
        )
    })
}
