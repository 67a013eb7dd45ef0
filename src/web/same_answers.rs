//! The same answers for one's other children: where the very same version is asked for several of them, what was answered for one is shown
//! again for each by name, with nothing hidden, and kept as one record each.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, State as Managed, get, post, routes};
use std::sync::Arc;
use uuid::Uuid;

use super::answer::{Answer as Page, Html, done, form_again, page};

use super::desk::Member;
use super::shell::Shell;
use crate::acknowledgments::{self, Answer, Record};
use crate::db::Tx;
use crate::kernel::{FieldError, Problem, Result};
use crate::obligations::State;
use crate::obligations::tasks::{self, Task};
use crate::policies::Reading;

/// A question with its answer, as it will be kept.
struct Answered {
    ask: String,
    said: String,
    after: String,
    yes: bool,
}

struct ChildView {
    uid: Uuid,
    name: String,
    school: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "same_answers.html")]
struct SamePage {
    shell: Shell,
    receipt: Uuid,
    title: String,
    number: i64,
    language: String,
    /// For whom the answers were given first.
    first: String,
    said: Vec<Answered>,
    reason: String,
    children: Vec<ChildView>,
    signed_name: String,
}

/// The children for whom the very same version is still asked of the actor.
pub(super) async fn others(tx: &mut Tx, member: Member<'_>, record: &Record) -> Result<Vec<Task>> {
    let is_mine = member.actor.person == Some(record.person_id) && record.capacity == "guardian" && record.answer != "withdrawn";
    if !is_mine || record.taken_back() > 0 {
        return Ok(Vec::new());
    }
    let today = member.today();
    let asked = |t: &Task| {
        t.state == State::Open
            && t.is_for_a_child()
            && t.subject_kind == "policy"
            && t.subject_id == record.version.0
            && t.about_uid != record.about
            && !t.is_ahead(today)
    };
    Ok(tasks::of(tx, member.actor).await?.into_iter().filter(asked).collect())
}

/// The own answer, its text, and the tasks that can be answered alike.
async fn found(tx: &mut Tx, texts: &crate::policies::Shelf, member: Member<'_>, uid: Uuid) -> Result<(Record, Arc<Reading>, Vec<Task>)> {
    let record = acknowledgments::receipt(tx, member.actor, uid).await?;
    let others = others(tx, member, &record).await?;
    if others.is_empty() {
        return Err(Problem::NotFound);
    }
    let reading = texts.read(tx, record.version, &record.language).await?;
    Ok((record, reading, others))
}

fn same_page(shell: Shell, record: &Record, reading: &Reading, others: &[Task], given: &Given) -> SamePage {
    let said = if reading.consents.is_empty() {
        let yes = record.answer == "agreed";
        vec![Answered {
            ask: record.statement.clone(),
            said: shell.t(if yes { "receipt-agreed" } else { "receipt-declined" }),
            after: if yes { String::new() } else { reading.if_declined.clone() },
            yes,
        }]
    } else {
        let answered = reading.consents.iter().filter_map(|c| Some((c, record.choices.iter().find(|choice| choice.id == c.id)?)));
        answered
            .map(|(c, choice)| Answered {
                ask: c.ask.clone(),
                said: if choice.yes { c.yes.clone() } else { c.no.clone() },
                after: if choice.yes { String::new() } else { c.after_no.clone() },
                yes: choice.yes,
            })
            .collect()
    };
    SamePage {
        receipt: record.uid,
        title: reading.title.clone(),
        number: record.version_number,
        language: reading.language.clone(),
        first: record.about_name.clone(),
        said,
        reason: record.reason.clone(),
        children: others
            .iter()
            .map(|task| ChildView {
                uid: task.about_uid,
                name: task.about_name.clone(),
                school: task.school.clone(),
                chosen: given.children.contains(&task.about_uid.to_string()),
            })
            .collect(),
        signed_name: given.signed_name.clone(),
        shell,
    }
}

#[get("/receipts/<uid>/same")]
async fn same(member: Member<'_>, texts: &Managed<std::sync::Arc<crate::policies::Shelf>>, uid: Uuid) -> Page<Html> {
    let mut tx = member.read().await?;
    let (record, reading, others) = found(&mut tx, texts, member, uid).await?;
    page(&same_page(member.shell(member.t("same-title")), &record, &reading, &others, &Given::default()))
}

#[derive(Default, FromForm)]
struct Given {
    /// For whom.
    #[field(name = "child")]
    children: Vec<String>,
    #[field(default = String::new())]
    signed_name: String,
}

#[post("/receipts/<uid>/same", data = "<form>")]
async fn give_the_same(
    member: Member<'_>,
    texts: &Managed<std::sync::Arc<crate::policies::Shelf>>,
    uid: Uuid,
    form: Form<Given>,
) -> Page<Result<Flash<Redirect>, Html>> {
    let given = form.into_inner();
    let mut tx = member.write().await?;
    let (record, reading, others) = found(&mut tx, texts, member, uid).await?;
    let chosen: Vec<&Task> = others.iter().filter(|task| given.children.contains(&task.about_uid.to_string())).collect();
    let mut errors = Vec::new();
    if chosen.is_empty() {
        errors.push(FieldError { field: "child".into(), text: member.t("same-choose") });
    }
    if given.signed_name.trim().is_empty() || given.signed_name.chars().count() > 200 {
        errors.push(FieldError { field: "signed_name".into(), text: member.t("answer-sign") });
    }
    if !errors.is_empty() {
        drop(tx);
        let shell = member.shell(member.t("same-title")).with_problems(errors);
        return Ok(Err(form_again(&same_page(shell, &record, &reading, &others, &given))?));
    }
    let answer = Answer {
        text_hash: record.text_hash.clone(),
        agrees: reading.consents.is_empty().then_some(record.answer == "agreed"),
        choices: record.choices.iter().map(|choice| (choice.id.clone(), choice.yes)).collect(),
        reason: record.reason.clone(),
        signed_name: given.signed_name.clone(),
    };
    for task in &chosen {
        acknowledgments::answer(&mut tx, member.actor, &member.district, task, &reading, answer.clone()).await?;
    }
    tx.commit().await?;
    let names: Vec<&str> = chosen.iter().map(|task| task.about_name.as_str()).collect();
    Ok(Ok(done("/answers", member.shell("").tv("same-kept", "names", names.join(", ")))))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("same answers", |rocket| async { rocket.mount("/", routes![same, give_the_same]) })
}
