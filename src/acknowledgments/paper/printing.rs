//! Which forms are printed: one for each duty that is still open, in the language of whoever answers it.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::{MOST, clerk, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Result, VersionId, code};
use crate::obligations::Subject;
use crate::obligations::requirements::{self, RequirementState};
use crate::policies::{self, Reading};

/// Whose forms: a class's, a school's, one person's, or, with nothing said, of all within reach who are still open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    pub section: Option<Uuid>,
    pub school: Option<Uuid>,
    /// Who answers, and for whom.
    pub one: Option<(Uuid, Uuid)>,
}

/// One form, ready to be laid out.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    pub code: String,
    /// Who answers.
    pub name: String,
    /// For whom; the same where people answer for themselves.
    pub about_name: String,
    pub oneself: bool,
    /// CEDS, of the person it is about; '' where there is none.
    pub grade: String,
    pub school: String,
    /// '' where there is none.
    pub class: String,
    /// The last day, grace not included.
    pub due: Day,
    /// Of the text.
    pub language: String,
}

/// Forms by school, class and name, with the texts that they print.
#[derive(Debug, Clone)]
pub struct Printed {
    pub title: String,
    pub forms: Vec<Form>,
    /// By language.
    pub texts: HashMap<String, Arc<Reading>>,
    /// How many of them have a code since now.
    pub fresh: usize,
}

/// Makes the forms of a requirement in force: the same code as before while duty, version and language are the same.
///
/// # Errors
/// `NotFound` for whoever may not handle paper, a requirement that isn't in force or asks for a course; `Invalid` for more than [`MOST`].
pub async fn print(tx: &mut Tx, actor: &Actor, requirement: Uuid, wanted: Wanted) -> Result<Printed> {
    clerk(actor)?;
    let found = requirements::get(tx, actor, requirement).await?;
    let Subject::Policy { version, .. } = found.subject else { return Err(Problem::NotFound) };
    if found.state != RequirementState::Issued {
        return Err(Problem::NotFound);
    }
    let version = policies::reading::version_by_id(tx, VersionId(version)).await?;
    let duties = store::open_duties(tx, actor, requirement, wanted, MOST + 1).await?;
    if duties.len() > MOST {
        let text = format!("These are more than {MOST} forms: print them school by school, or class by class.");
        return Err(Problem::invalid("wanted", text));
    }
    let mut texts: HashMap<String, Arc<Reading>> = HashMap::new();
    let mut known: HashMap<String, String> = HashMap::new();
    let (mut forms, mut fresh) = (Vec::new(), 0);
    for duty in duties {
        let language = if let Some(language) = known.get(&duty.language) {
            language.clone()
        } else {
            let reading = policies::read(tx, &version, Some(&duty.language)).await?;
            let language = reading.language.clone();
            texts.entry(language.clone()).or_insert_with(|| Arc::new(reading));
            known.insert(duty.language.clone(), language.clone());
            language
        };
        let code = if let Some(code) = store::code_of(tx, &duty, version.id, &language).await? {
            code
        } else {
            fresh += 1;
            new_code(tx, actor, &duty, version.id, &language).await?
        };
        forms.push(Form {
            code,
            oneself: duty.person == duty.about,
            name: duty.name,
            about_name: duty.about_name,
            grade: duty.grade,
            school: duty.school,
            class: duty.class,
            due: duty.due,
            language,
        });
    }
    let detail = serde_json::json!({ "forms": forms.len(), "new": fresh, "section": wanted.section, "school": wanted.school });
    audit::record(tx, actor, "paper.printed", &requirement.to_string(), detail).await?;
    Ok(Printed { title: found.title, forms, texts, fresh })
}

async fn new_code(tx: &mut Tx, actor: &Actor, duty: &store::OpenDuty, version: VersionId, language: &str) -> Result<String> {
    loop {
        let code = code::fresh(tx.chance());
        if !store::is_taken(tx, &code).await? {
            store::keep_form(tx, actor, &code, duty, version, language).await?;
            return Ok(code);
        }
    }
}

/// A class with how many forms it needs, and how many of these are printed and not back yet.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Class {
    pub uid: Uuid,
    pub title: String,
    pub school: String,
    pub open: i64,
    pub printed: i64,
}

/// Classes within reach (of one school, where that is said) with open duties under a requirement, by school and title.
///
/// # Errors
/// `NotFound` for whoever may not handle paper.
pub async fn classes(tx: &mut Tx, actor: &Actor, requirement: Uuid, school: Option<Uuid>) -> Result<Vec<Class>> {
    clerk(actor)?;
    store::classes(tx, actor, requirement, school).await
}

/// A requirement with forms that were printed and are not back yet.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Waiting {
    pub requirement: Uuid,
    pub title: String,
    pub number: i64,
}

/// What is out on paper within reach, by requirement.
///
/// # Errors
/// `NotFound` for whoever may not handle paper.
pub async fn waiting(tx: &mut Tx, actor: &Actor) -> Result<Vec<Waiting>> {
    clerk(actor)?;
    store::waiting(tx, actor).await
}

/// The codes of printed forms whose duties are open, in the order in which they are printed, at most [`MOST`].
///
/// # Errors
/// `NotFound` for whoever may not handle paper.
pub async fn waiting_codes(tx: &mut Tx, actor: &Actor, requirement: Uuid, wanted: Wanted) -> Result<Vec<String>> {
    clerk(actor)?;
    store::waiting_codes(tx, actor, requirement, wanted, MOST).await
}
