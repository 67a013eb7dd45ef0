//! Taking back a yes, and the yes of a student who is 18: a page that says what happens then, and nothing more than a button.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, State as Managed, get, post, routes};
use std::sync::Arc;
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};

use super::desk::Member;
use super::shell::Shell;
use crate::acknowledgments::standing::Paper;
use crate::acknowledgments::withdrawal::{self, Turn};
use crate::db::Tx;
use crate::kernel::{FieldError, Problem, Result};
use crate::policies::Reading;

#[derive(Template)]
#[template(path = "taking_back.html")]
struct TurnPage {
    shell: Shell,
    title: String,
    number: i64,
    language: String,
    /// For whom, where it isn't oneself.
    child: Option<String>,
    ask: String,
    /// What is said until now, and what from then on.
    before: String,
    then: String,
    /// What happens then, in the document's own words.
    after: String,
    /// A no to this one is a no to the form.
    principal: bool,
    /// The form asks more, which stays as it is.
    others: bool,
    consent: String,
    reason: String,
    action: String,
    gives: bool,
}

fn turn_page(shell: Shell, paper: &Paper, reading: &Reading, consent: &str, reason: &str, action: String, gives: bool) -> Result<TurnPage> {
    let found = reading.consents.iter().find(|c| c.id == consent);
    let principal = withdrawal::is_principal(reading, consent)?;
    let newest = &paper.words[0];
    let (yes, no) = found.map_or_else(
        || (shell.t("receipt-agreed"), shell.t(if gives { "receipt-declined" } else { "receipt-withdrawn" })),
        |c| (c.yes.clone(), c.no.clone()),
    );
    let (before, then) = if gives { (no, yes) } else { (yes, no) };
    Ok(TurnPage {
        title: reading.title.clone(),
        number: newest.number,
        language: reading.language.clone(),
        child: (!paper.own && !gives && !paper.speakers.of_age).then(|| format!("{}, {}", newest.about_name, newest.school)),
        ask: found.map_or_else(|| reading.statement.clone(), |c| c.ask.clone()),
        before,
        then,
        after: match (gives, found) {
            (true, _) => String::new(),
            (false, Some(c)) => c.after_no.clone(),
            (false, None) => reading.if_declined.clone(),
        },
        principal: principal && found.is_some() && !gives,
        others: reading.consents.len() > 1,
        consent: consent.to_owned(),
        reason: reason.to_owned(),
        action,
        gives,
        shell,
    })
}

/// The version that was answered, in the reader's language.
async fn text_of(tx: &mut Tx, texts: &crate::policies::Shelf, member: Member<'_>, paper: &Paper) -> Result<Arc<Reading>> {
    texts.read(tx, paper.words[0].version, member.locale.tag()).await
}

#[get("/receipts/<uid>/take-back?<consent>")]
async fn take_back(
    member: Member<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    uid: Uuid,
    consent: Option<&str>,
) -> Answer<Html> {
    let consent = consent.unwrap_or_default();
    let mut tx = member.read().await?;
    let paper = withdrawal::find(&mut tx, member.actor, &member.district, uid, consent).await?;
    let reading = text_of(&mut tx, texts, member, &paper).await?;
    let shell = member.shell(member.t("turn-title"));
    page(&turn_page(shell, &paper, &reading, consent, "", format!("/receipts/{uid}/take-back"), false)?)
}

#[get("/receipts/<uid>/give?<consent>")]
async fn give(
    member: Member<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    uid: Uuid,
    consent: Option<&str>,
) -> Answer<Html> {
    let consent = consent.unwrap_or_default();
    let mut tx = member.read().await?;
    let paper = withdrawal::find_to_give(&mut tx, member.actor, &member.district, uid, consent).await?;
    let reading = text_of(&mut tx, texts, member, &paper).await?;
    let shell = member.shell(member.t("turn-give-title"));
    page(&turn_page(shell, &paper, &reading, consent, "", format!("/receipts/{uid}/give"), true)?)
}

#[derive(FromForm)]
struct Turned {
    #[field(default = String::new())]
    consent: String,
    #[field(default = String::new())]
    reason: String,
}

#[post("/receipts/<uid>/take-back", data = "<form>")]
async fn taken_back(
    member: Member<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    uid: Uuid,
    form: Form<Turned>,
) -> Answer<Result<Flash<Redirect>, Html>> {
    turned(member, texts, uid, &form, false).await
}

#[post("/receipts/<uid>/give", data = "<form>")]
async fn given(
    member: Member<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    uid: Uuid,
    form: Form<Turned>,
) -> Answer<Result<Flash<Redirect>, Html>> {
    turned(member, texts, uid, &form, true).await
}

async fn turned(
    member: Member<'_>,
    texts: &crate::policies::Shelf,
    uid: Uuid,
    form: &Turned,
    gives: bool,
) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = member.write().await?;
    let paper = crate::acknowledgments::standing::behind(&mut tx, member.actor, &member.district, uid).await?;
    let reading = text_of(&mut tx, texts, member, &paper).await?;
    let turn = Turn { receipt: uid, consent: &form.consent, reason: &form.reason };
    let kept = if gives {
        withdrawal::give(&mut tx, member.actor, &member.district, &reading, turn).await
    } else {
        withdrawal::take_back(&mut tx, member.actor, &member.district, &reading, turn).await
    };
    match kept {
        Ok(record) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/receipts/{}", record.uid), member.t(if gives { "turn-given" } else { "turn-taken-back" }))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let errors = errors.into_iter().map(|e| FieldError { field: e.field, text: member.t("answer-reason-long") }).collect();
            let (title, act) = if gives { ("turn-give-title", "give") } else { ("turn-title", "take-back") };
            let shell = member.shell(member.t(title)).with_problems(errors);
            let action = format!("/receipts/{uid}/{act}");
            Ok(Err(form_again(&turn_page(shell, &paper, &reading, &form.consent, &form.reason, action, gives)?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("taking back", |rocket| async { rocket.mount("/", routes![take_back, taken_back, give, given]) })
}
