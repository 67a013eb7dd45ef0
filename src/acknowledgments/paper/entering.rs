//! Forms that came back: what a code stands for and whether its answer can be entered, what is missing on it, and the entering itself.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::scans::{self, Kept};
use super::store::Found;
use super::{MOST, clerk, store};
use crate::acknowledgments::{Answer, LONGEST_REASON, Manner, OnPaper, Record, latest_of, take_down};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, FieldError, Moment, Problem, Result, VersionId, code};
use crate::obligations::State;
use crate::obligations::tasks::{self, Task};
use crate::policies::{self, Reading};
use crate::roster::District;

/// What a typed or scanned line turned out to be.
#[derive(Debug, Clone)]
pub struct Looked {
    /// As it came.
    pub typed: String,
    pub outcome: Outcome,
}

/// A code that can be entered, or why not.
#[derive(Debug, Clone)]
pub enum Outcome {
    Ready(Box<Sheet>),
    /// No code: a slip of the finger.
    Slip,
    /// The same form stands further up.
    Twice,
    /// No form has this code, or it is a form of another school: nobody learns which.
    Unknown,
    /// The form was entered, on that day; the record.
    Entered {
        sheet: Box<Sheet>,
        day: Day,
        record: Uuid,
    },
    /// The same was answered in another way.
    Answered {
        sheet: Box<Sheet>,
        day: Day,
        record: Uuid,
    },
    /// Nobody waits for this answer any more: another guardian's is enough, or the person is exempt.
    NotNeeded {
        sheet: Box<Sheet>,
        reason: String,
    },
    /// A newer version, or another school year's form, took its place.
    Replaced {
        name: String,
        title: String,
    },
    /// The duty ended, for that reason.
    Ended {
        name: String,
        title: String,
        why: String,
    },
    /// It can be answered from that day on.
    NotYet {
        name: String,
        title: String,
        opens: Day,
    },
}

/// A form as the clerk has it on the desk.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub code: String,
    /// What the task is called.
    pub title: String,
    pub name: String,
    pub about_name: String,
    pub oneself: bool,
    pub grade: String,
    pub school: String,
    pub printed: Day,
    pub printed_by: String,
    /// The text in the form's language: what is answered.
    pub text: Arc<Reading>,
    /// The same version in the clerk's language: what the clerk reads.
    pub shown: Arc<Reading>,
    found: Found,
    task: Task,
}

impl Sheet {
    /// Whether it asks several things, each with its own yes and no.
    pub fn asks_several(&self) -> bool {
        !self.shown.consents.is_empty()
    }
}

/// What the clerk reads on one form.
#[derive(Debug, Clone)]
pub struct Filled {
    pub code: String,
    /// For a document without consents.
    pub agrees: Option<bool>,
    /// Each consent's id and its yes or no.
    pub choices: Vec<(String, bool)>,
    pub reason: String,
    /// As it is signed.
    pub signed_name: String,
    pub signed_day: Day,
}

/// What is wrong with a filled form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The question with that number (from 1) has no answer.
    NotTicked(usize),
    /// Signed on a day that hasn't come.
    Ahead,
    /// Signed before it was printed, on that day.
    BeforePrinting(Day),
    NoName,
    LongName,
    LongReason,
}

impl Fault {
    /// In English; pages have words of their own.
    fn text(&self) -> String {
        match self {
            Self::NotTicked(number) => format!("question {number} has no answer: tick what the paper says"),
            Self::Ahead => "the day beside the signature has not come yet: check it".into(),
            Self::BeforePrinting(day) => format!("the form was printed on {day}: it can't be signed before"),
            Self::NoName => "write the name with which it is signed; a form without a signature goes back".into(),
            Self::LongName => "this name is longer than 200 characters: shorten it".into(),
            Self::LongReason => format!("this reason is longer than {LONGEST_REASON} characters: shorten it"),
        }
    }
}

/// What is wrong with a form as the clerk has filled it in; nothing: it can be kept.
pub fn faults(sheet: &Sheet, filled: &Filled, today: Day) -> Vec<Fault> {
    let mut faults = Vec::new();
    if sheet.asks_several() {
        let open = (1..).zip(&sheet.text.consents).filter(|(_, consent)| !filled.choices.iter().any(|(id, _)| *id == consent.id));
        faults.extend(open.map(|(number, _)| Fault::NotTicked(number)));
    } else if filled.agrees.is_none() {
        faults.push(Fault::NotTicked(1));
    }
    if filled.signed_day > today {
        faults.push(Fault::Ahead);
    } else if filled.signed_day < sheet.printed {
        faults.push(Fault::BeforePrinting(sheet.printed));
    }
    let name = filled.signed_name.trim().chars().count();
    if name == 0 {
        faults.push(Fault::NoName);
    } else if name > 200 {
        faults.push(Fault::LongName);
    }
    if filled.reason.chars().count() > LONGEST_REASON {
        faults.push(Fault::LongReason);
    }
    faults
}

/// Texts that were read for one list of codes.
#[derive(Default)]
struct Texts(HashMap<(VersionId, String), Arc<Reading>>);

impl Texts {
    async fn read(&mut self, tx: &mut Tx, version: VersionId, language: &str) -> Result<Arc<Reading>> {
        let key = (version, language.to_owned());
        if let Some(known) = self.0.get(&key) {
            return Ok(Arc::clone(known));
        }
        let found = policies::reading::version_by_id(tx, version).await?;
        let reading = Arc::new(policies::read(tx, &found, Some(language)).await?);
        self.0.insert(key, Arc::clone(&reading));
        Ok(reading)
    }
}

/// What each of these lines stands for, in their order; empty lines are passed over. `language` is the clerk's.
///
/// # Errors
/// `NotFound` for whoever may not handle paper; `Invalid` for more than [`MOST`] lines.
pub async fn look(tx: &mut Tx, actor: &Actor, district: &District, language: &str, typed: &[String]) -> Result<Vec<Looked>> {
    clerk(actor)?;
    let lines: Vec<&str> = typed.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST {
        return Err(Problem::invalid("codes", format!("These are more than {MOST} codes: enter them in two batches.")));
    }
    let (mut looked, mut seen, mut texts) = (Vec::new(), Vec::new(), Texts::default());
    for line in lines {
        let outcome = match code::read(line) {
            Err(code::Slip) => Outcome::Slip,
            Ok(code) if seen.contains(&code) => Outcome::Twice,
            Ok(code) => {
                let outcome = stands_for(tx, actor, district, language, &code, &mut texts).await?;
                seen.push(code);
                outcome
            }
        };
        // What isn't a code is told back, but not at any length.
        looked.push(Looked { typed: line.chars().take(60).collect(), outcome });
    }
    Ok(looked)
}

async fn stands_for(tx: &mut Tx, actor: &Actor, district: &District, language: &str, code: &str, texts: &mut Texts) -> Result<Outcome> {
    let Some(found) = store::find(tx, actor, code).await? else { return Ok(Outcome::Unknown) };
    let title = found.title.clone();
    let name = if found.person == found.about { found.name.clone() } else { format!("{}, {}", found.about_name, found.name) };
    let task = tasks::of_person(tx, found.person, found.requirement, found.about_uid).await?;
    let Some(task) = task.filter(|task| found.ended.is_none() && task.subject_id == found.version.0) else {
        let why = found.end_reason.unwrap_or_else(|| "superseded".into());
        return Ok(match why.as_str() {
            "superseded" | "year" => Outcome::Replaced { name, title },
            _ => Outcome::Ended { name, title, why },
        });
    };
    let today = district.today(tx.now());
    if let Some(opens) = task.opens.filter(|_| task.is_ahead(today)) {
        return Ok(Outcome::NotYet { name, title, opens });
    }
    let text = texts.read(tx, found.version, &found.language).await?;
    let shown = texts.read(tx, found.version, language).await?;
    let (state, reason) = (task.state, task.reason.clone().unwrap_or_default());
    let sheet = Box::new(Sheet {
        code: code.to_owned(),
        title,
        name: found.name.clone(),
        about_name: found.about_name.clone(),
        oneself: found.person == found.about,
        grade: found.grade.clone(),
        school: found.school.clone(),
        printed: district.zone.day(found.printed_at),
        printed_by: found.printed_by.clone(),
        text,
        shown,
        found,
        task,
    });
    if let Some(entry) = store::entries(tx, sheet.found.form).await?.into_iter().next() {
        return Ok(Outcome::Entered { day: district.zone.day(entry.at), record: entry.record, sheet });
    }
    Ok(match state {
        State::Open => Outcome::Ready(sheet),
        State::Exempt => Outcome::NotNeeded { sheet, reason },
        State::Fulfilled | State::Declined => match latest_of(tx, &sheet.task).await? {
            Some(record) => Outcome::Answered { day: district.zone.day(record.at), record: record.uid, sheet },
            None => Outcome::NotNeeded { sheet, reason },
        },
    })
}

/// The form of that code, whatever its state.
///
/// # Errors
/// `NotFound` where it isn't there, is out of reach, or is no code.
pub async fn one(tx: &mut Tx, actor: &Actor, district: &District, language: &str, code: &str) -> Result<Outcome> {
    clerk(actor)?;
    let code = code::read(code).map_err(|code::Slip| Problem::NotFound)?;
    match stands_for(tx, actor, district, language, &code, &mut Texts::default()).await? {
        Outcome::Unknown => Err(Problem::NotFound),
        outcome => Ok(outcome),
    }
}

/// Keeps the answers of a batch: all of them or, with a problem, none. `scan` shows all of them; its hash goes into each record.
///
/// # Errors
/// `Invalid` with the codes of the forms that can't be kept, and `scan` where it is no scan; `NotFound` for whoever may not handle paper.
pub async fn enter(tx: &mut Tx, actor: &Actor, district: &District, filled: &[Filled], scan: Option<&[u8]>) -> Result<Vec<Record>> {
    clerk(actor)?;
    let codes: Vec<String> = filled.iter().map(|f| f.code.clone()).collect();
    let looked = look(tx, actor, district, &district.language, &codes).await?;
    let today = district.today(tx.now());
    let (mut errors, mut sheets) = (Vec::new(), Vec::new());
    // A line without a code is passed over: what was filled in for it would stand beside the wrong form.
    if filled.is_empty() || looked.len() != filled.len() {
        errors.push(FieldError { field: "codes".into(), text: "There is nothing to keep yet: type the code of a form.".into() });
    }
    for (filled, looked) in filled.iter().zip(looked) {
        match looked.outcome {
            Outcome::Ready(sheet) => {
                let found = faults(&sheet, filled, today);
                errors.extend(found.iter().map(|fault| FieldError { field: filled.code.clone(), text: fault.text() }));
                sheets.push((sheet, filled));
            }
            _ => {
                errors
                    .push(FieldError { field: filled.code.clone(), text: "this form can't be entered any more: look at it again".into() });
            }
        }
    }
    if let Some(Err(refused)) = scan.map(scans::kind) {
        errors.push(FieldError { field: "scan".into(), text: refused.text().into() });
    }
    if !errors.is_empty() {
        return Err(Problem::Invalid(errors));
    }
    let scan = match scan {
        Some(bytes) => Some(scans::keep(tx, actor, bytes).await?),
        None => None,
    };
    let mut records = Vec::new();
    for (sheet, filled) in sheets {
        records.push(kept(tx, actor, district, &sheet, filled, scan.as_ref(), "").await?);
    }
    Ok(records)
}

/// Enters a form once more because what is on record isn't what the paper says, or says it after all: a new record; the old one stays.
///
/// # Errors
/// `Invalid` without a reason, or where the paper says what is on record; as [`enter`] else. `NotFound` for a form that nobody asks for
/// any more.
pub async fn enter_again(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    filled: &Filled,
    why: &str,
    scan: Option<&[u8]>,
) -> Result<Record> {
    let outcome = one(tx, actor, district, &district.language, &filled.code).await?;
    let (Outcome::Entered { sheet, .. } | Outcome::Answered { sheet, .. } | Outcome::NotNeeded { sheet, .. }) = outcome else {
        return Err(Problem::NotFound);
    };
    let today = district.today(tx.now());
    let mut errors: Vec<FieldError> =
        faults(&sheet, filled, today).iter().map(|fault| FieldError { field: filled.code.clone(), text: fault.text() }).collect();
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST_REASON {
        errors.push(FieldError { field: "why".into(), text: "Say why it is entered again, in a sentence.".into() });
    }
    if let Some(Err(refused)) = scan.map(scans::kind) {
        errors.push(FieldError { field: "scan".into(), text: refused.text().into() });
    }
    if !errors.is_empty() {
        return Err(Problem::Invalid(errors));
    }
    let before = latest_of(tx, &sheet.task).await?.map(|record| record.uid);
    let scan = match scan {
        Some(bytes) => Some(scans::keep(tx, actor, bytes).await?),
        None => None,
    };
    let record = kept(tx, actor, district, &sheet, filled, scan.as_ref(), why).await?;
    if before == Some(record.uid) {
        return Err(Problem::invalid("same", "This is what is on record already. Nothing was changed."));
    }
    Ok(record)
}

async fn kept(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    sheet: &Sheet,
    filled: &Filled,
    scan: Option<&Kept>,
    why: &str,
) -> Result<Record> {
    let answer = Answer {
        text_hash: sheet.text.hash.clone(),
        agrees: filled.agrees,
        choices: filled.choices.clone(),
        reason: filled.reason.clone(),
        signed_name: filled.signed_name.clone(),
    };
    let paper = OnPaper { code: &sheet.code, signed_day: Some(filled.signed_day), scan_sha256: scan.map(|scan| scan.sha256.as_str()) };
    let record = take_down(tx, actor, district, &sheet.task, &sheet.text, answer, Manner::Paper(paper)).await?;
    let id = store::record_id(tx, record.uid).await?.ok_or(Problem::NotFound)?;
    store::keep_entry(tx, actor, sheet.found.form, id, why).await?;
    // The same answer twice is one record, which has its own scans.
    if let Some(scan) = scan.filter(|scan| record.scan_sha256.as_deref() == Some(scan.sha256.as_str())) {
        store::link_scan(tx, id, scan.id, true).await?;
    }
    let detail = serde_json::json!({ "record": record.uid, "why": why });
    audit::record(tx, actor, "paper.entered", &sheet.code, detail).await?;
    Ok(record)
}

/// One time that a form was entered.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Entry {
    pub record: Uuid,
    pub at: Moment,
    pub by_name: String,
    /// Why it was entered again; empty the first time.
    pub why: String,
}

/// Every time that a form was entered, the latest first.
pub async fn entries(tx: &mut Tx, sheet: &Sheet) -> Result<Vec<Entry>> {
    store::entries(tx, sheet.found.form).await
}

/// Something that the actor has entered.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Recent {
    pub record: Uuid,
    pub code: String,
    pub title: String,
    pub name: String,
    pub about_name: String,
    pub oneself: bool,
    pub at: Moment,
}

/// What the actor has entered, the latest first, at most 50.
///
/// # Errors
/// `NotFound` for whoever may not handle paper.
pub async fn recent(tx: &mut Tx, actor: &Actor) -> Result<Vec<Recent>> {
    clerk(actor)?;
    store::recent(tx, actor, 50).await
}
