//! Reading what is asked, answering it, and the receipt.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::Status;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, State as Managed, get, post, routes};
use std::sync::Arc;
use uuid::Uuid;

use super::answer::{Answer as Page, Html, done, form_again, page};
use super::crowd::{Answered, Crowd, Sending};
use super::desk::{AtTheDoor, Member};
use super::disclosing::disclose_receipt;
use super::log::Place;
use super::paper::{ScanView, scan_view};
use super::reading::ReadingView;
use super::shell::Shell;
use crate::acknowledgments::standing::WHOLE;
use crate::acknowledgments::{self, Answer, Record, paper};
use crate::db::Tx;
use crate::kernel::{Problem, Result, VersionId};
use crate::obligations::tasks::{self, Task};
use crate::obligations::{State, duties};
use crate::policies::{self, Reading, Shelf};

/// The text that a task asks for, in the reader's language or the one asked for.
async fn text_of(tx: &mut Tx, texts: &Shelf, member: Member<'_>, task: &Task, language: Option<&str>) -> Page<Arc<Reading>> {
    // A course's key may be some policy version's as well.
    if task.subject_kind != "policy" {
        return Err(Problem::NotFound.into());
    }
    Ok(texts.read(tx, VersionId(task.subject_id), language.unwrap_or_else(|| member.locale.tag())).await?)
}

#[derive(Template)]
#[template(path = "answer_read.html")]
struct ReadPage {
    shell: Shell,
    task: Task,
    text: ReadingView,
    here: String,
    answered: Option<String>,
    /// From which day it can be answered, where that is still to come.
    opens: Option<String>,
    receipt: Option<Uuid>,
}

#[get("/tasks/<requirement>/<about>?<language>")]
async fn read(
    member: Member<'_>,
    texts: &Managed<Arc<Shelf>>,
    requirement: Uuid,
    about: Uuid,
    language: Option<&str>,
) -> Page<std::result::Result<Html, Redirect>> {
    let mut tx = member.read().await?;
    let task = tasks::one(&mut tx, member.actor, requirement, about).await?;
    if task.subject_kind == "course" {
        return Ok(Err(Redirect::to(format!("/tasks/{requirement}/{about}/course"))));
    }
    let reading = text_of(&mut tx, texts, member, &task, language).await?;
    let latest = acknowledgments::latest(&mut tx, member.actor, &task).await?;
    let shell = member.shell(reading.title.clone());
    let answered = match task.state {
        State::Open => None,
        State::Fulfilled => Some(shell.tv("answer-was-yes", "day", task.closed.map(|d| shell.locale.day(d)).unwrap_or_default())),
        State::Declined if task.reason.as_deref() == Some(duties::TAKEN_BACK) => {
            Some(shell.tv("tasks-taken-back", "day", task.closed.map(|d| shell.locale.day(d)).unwrap_or_default()))
        }
        State::Declined => Some(shell.tv("answer-was-no", "day", task.closed.map(|d| shell.locale.day(d)).unwrap_or_default())),
        State::Exempt => Some(shell.t("answer-not-needed")),
    };
    Ok(Ok(page(&ReadPage {
        text: ReadingView::of(&shell, Reading::clone(&reading), &member.district.language),
        here: format!("/tasks/{requirement}/{about}"),
        answered,
        opens: task.opens.filter(|_| task.is_ahead(shell.today)).map(|day| shell.tv("answer-opens", "day", shell.day(&day))),
        receipt: latest.map(|r| r.uid),
        task,
        shell,
    })?))
}

/// A consent as the answer page asks it.
struct Question {
    id: String,
    field: String,
    ask: String,
    yes: String,
    no: String,
    after_no: String,
    chosen: Option<bool>,
    /// What was answered before, where the answer is being changed.
    earlier: Option<String>,
}

#[derive(Template)]
#[template(path = "answer_give.html")]
struct GivePage {
    shell: Shell,
    task: Task,
    title: String,
    number: i64,
    language: String,
    tag: String,
    hash: String,
    statement: String,
    if_declined: String,
    questions: Vec<Question>,
    agrees: Option<bool>,
    reason: String,
    signed_name: String,
    here: String,
    /// The answer that is being changed: its receipt, and when and how it was given.
    earlier: Option<(Uuid, String)>,
}

fn give_page(shell: Shell, task: Task, reading: &Reading, given: &Answer, earlier: Option<(Record, String)>) -> GivePage {
    let questions = reading
        .consents
        .iter()
        .map(|c| Question {
            id: c.id.clone(),
            field: format!("choice-{}", c.id),
            ask: c.ask.clone(),
            yes: c.yes.clone(),
            no: c.no.clone(),
            after_no: c.after_no.clone(),
            chosen: given.choices.iter().find(|(id, _)| *id == c.id).map(|(_, yes)| *yes),
            earlier: earlier
                .iter()
                .flat_map(|(record, _)| &record.choices)
                .find(|choice| choice.id == c.id)
                .map(|choice| if choice.yes { c.yes.clone() } else { c.no.clone() }),
        })
        .collect();
    GivePage {
        here: here(task.requirement, task.about_uid, reading),
        earlier: earlier.map(|(record, day)| {
            let text = shell.tvv("answer-earlier", "said", said(&shell, &record), "day", day);
            (record.uid, text)
        }),
        title: reading.title.clone(),
        number: reading.version.number,
        language: super::reading::language_name(&shell, &reading.language),
        tag: reading.language.clone(),
        hash: reading.hash.clone(),
        statement: reading.statement.clone(),
        if_declined: reading.if_declined.clone(),
        questions,
        agrees: given.agrees,
        reason: given.reason.clone(),
        signed_name: given.signed_name.clone(),
        task,
        shell,
    }
}

fn title_for(member: Member<'_>, task: &Task) -> String {
    if task.is_for_a_child() {
        super::words::say_with(member.locale, "answer-title-child", &[("name", super::words::Value::from(&task.about_name))])
    } else {
        member.t("answer-title")
    }
}

#[get("/tasks/<requirement>/<about>/answer?<language>")]
async fn give(member: Member<'_>, texts: &Managed<Arc<Shelf>>, requirement: Uuid, about: Uuid, language: Option<&str>) -> Page<Html> {
    let mut tx = member.read().await?;
    let task = tasks::one(&mut tx, member.actor, requirement, about).await?;
    let reading = text_of(&mut tx, texts, member, &task, language).await?;
    let earlier = earlier(&mut tx, member, &task).await?;
    page(&give_page(member.shell(title_for(member, &task)), task, &reading, &Answer::default(), earlier))
}

/// The answer that stands, and its day.
async fn earlier(tx: &mut Tx, member: Member<'_>, task: &Task) -> Result<Option<(Record, String)>> {
    let latest = acknowledgments::latest(tx, member.actor, task).await?;
    Ok(latest.map(|record| {
        let day = member.locale.day(member.district.zone.day(record.at));
        (record, day)
    }))
}

/// What a record says, in few words: of a form how many yes and no, else agreed or not.
pub(super) fn said(shell: &Shell, record: &Record) -> String {
    match record.yes_and_no() {
        Some((yes, no)) => match record.taken_back() {
            0 => shell.tvv("receipt-answered", "yes", yes, "no", no),
            back => shell.tvvv("receipt-answered-back", "yes", yes, "no", no, "back", back),
        },
        None => shell.t(match record.answer.as_str() {
            "agreed" => "receipt-agreed",
            "withdrawn" => "receipt-withdrawn",
            _ => "receipt-declined",
        }),
    }
}

fn here(requirement: Uuid, about: Uuid, reading: &Reading) -> String {
    format!("/tasks/{requirement}/{about}?language={}", reading.language)
}

#[derive(FromForm)]
struct Given {
    text_hash: String,
    language: String,
    agrees: Option<String>,
    #[field(default = String::new())]
    reason: String,
    #[field(default = String::new())]
    signed_name: String,
    /// Each consent's id with `yes` or `no`.
    #[field(name = "choice")]
    choices: std::collections::HashMap<String, String>,
}

#[post("/tasks/<requirement>/<about>/answer", data = "<form>")]
async fn answer(
    door: AtTheDoor<'_>,
    crowd: &Managed<Crowd>,
    texts: &Managed<Arc<Shelf>>,
    requirement: Uuid,
    about: Uuid,
    form: std::result::Result<Form<Given>, rocket::form::Errors<'_>>,
) -> std::result::Result<Page<std::result::Result<Flash<Redirect>, Html>>, Status> {
    let Ok(form) = form.map(Form::into_inner) else {
        door.member().await?;
        return Err(Status::UnprocessableEntity);
    };
    let yes_or_no = |text: &str| match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let given = Answer {
        text_hash: form.text_hash,
        agrees: form.agrees.as_deref().and_then(yes_or_no),
        choices: form.choices.into_iter().filter_map(|(id, text)| Some((id, yes_or_no(&text)?))).collect(),
        reason: form.reason,
        signed_name: form.signed_name,
    };
    let language = form.language;
    let sending = Sending { token: door.token(), requirement, about, language: language.clone(), given: given.clone() };
    let Answered { visit, outcome } = match crowd.answer(sending).await {
        Ok(answered) => answered,
        Err(problem) => return Ok(Err(problem.into())),
    };
    let member = door.came_in(visit).await?;
    Ok(answered(member, texts, (requirement, about), &language, &given, outcome).await)
}

/// On to the receipt; or the form again, with what is wrong.
async fn answered(
    member: Member<'_>,
    texts: &Shelf,
    (requirement, about): (Uuid, Uuid),
    language: &str,
    given: &Answer,
    outcome: Result<Record>,
) -> Page<std::result::Result<Flash<Redirect>, Html>> {
    match outcome {
        Ok(record) => Ok(Ok(done(format!("/receipts/{}", record.uid), member.t("answer-kept")))),
        Err(Problem::Invalid(errors)) => {
            let mut tx = member.read().await?;
            let task = tasks::one(&mut tx, member.actor, requirement, about).await?;
            let reading = text_of(&mut tx, texts, member, &task, Some(language)).await?;
            let earlier = earlier(&mut tx, member, &task).await?;
            drop(tx);
            let errors = errors.into_iter().map(|e| translated(member, e, &reading)).collect();
            let shell = member.shell(title_for(member, &task)).with_problems(errors);
            Ok(Err(form_again(&give_page(shell, task, &reading, given, earlier))?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The rule's words are English; the reader's may not be.
fn translated(member: Member<'_>, error: crate::kernel::FieldError, reading: &Reading) -> crate::kernel::FieldError {
    let text = match error.field.as_str() {
        "agrees" => member.t("answer-choose"),
        "signed_name" => member.t("answer-sign"),
        "reason" => member.t("answer-reason-long"),
        field => match reading.consents.iter().find(|c| field == format!("choice-{}", c.id)) {
            Some(consent) => {
                super::words::say_with(member.locale, "answer-choose-for", &[("ask", super::words::Value::from(&consent.ask))])
            }
            None => error.text,
        },
    };
    crate::kernel::FieldError { field: error.field, text }
}

/// One question of a form, as it was answered.
struct AnswerLine {
    ask: String,
    said: String,
    /// What happens after a no.
    after: String,
    withdrawn: bool,
    /// The page on which it is taken back.
    take_back: Option<String>,
}

#[derive(Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    shell: Shell,
    record: Record,
    title: String,
    day: String,
    time: String,
    language: String,
    answers: Vec<AnswerLine>,
    /// The page on which the whole document is taken back.
    take_back: Option<String>,
    /// The form asks more than this record speaks of.
    only_a_part: bool,
    /// The names of the children for whom the same can be answered alike.
    same: Option<String>,
    state: &'static str,
    said: String,
    own: bool,
    place: Place,
    /// Where the same is still asked for another child: the page to answer it, and the child's name.
    next_child: Option<(String, String)>,
    /// Of an answer on paper: who entered it with which form, the day of the signature, the scans, the form's page for whoever may.
    paper: Option<OnPaperView>,
}

struct OnPaperView {
    text: String,
    signed: String,
    scans: Vec<ScanView>,
    form: Option<String>,
}

async fn on_paper(tx: &mut Tx, member: Member<'_>, shell: &Shell, record: &Record) -> Result<Option<OnPaperView>> {
    let Some(code) = &record.paper else { return Ok(None) };
    let mut scans = Vec::new();
    for scan in paper::scans::of(tx, member.actor, record.uid).await? {
        scans.push(scan_view(shell, record.uid, &scan, shell.day(&member.district.zone.day(scan.at))));
    }
    let by = record.recorded_by_name.as_deref().unwrap_or_default();
    Ok(Some(OnPaperView {
        text: shell.tvv("paper-receipt-text", "name", by, "code", code),
        signed: record.signed_day.map(|day| shell.day(&day)).unwrap_or_default(),
        scans,
        form: paper::may(member.actor).then(|| format!("/paper/forms/{code}")),
    }))
}

#[get("/receipts/<uid>")]
async fn receipt(member: Member<'_>, uid: Uuid) -> Page<Html> {
    let mut tx = member.read().await?;
    let record = acknowledgments::standing::receipt(&mut tx, member.actor, &member.district, uid).await?;
    disclose_receipt(&member, member.actor, &record).await?;
    let version = policies::reading::version_by_id(&mut tx, record.version).await?;
    let reading = policies::read(&mut tx, &version, Some(&record.language)).await?;
    let take_back = taken_back_at(&mut tx, member, &record).await?;
    let same = super::same_answers::others(&mut tx, member, &record).await?;
    let own = member.actor.person == Some(record.person_id);
    let next_child = if own && record.capacity == "guardian" {
        let open = tasks::of(&mut tx, member.actor).await?.into_iter().find(|t| {
            t.state == State::Open
                && t.is_for_a_child()
                && t.subject_kind == "policy"
                && t.subject_id == record.version.0
                && t.about_uid != record.about
        });
        open.filter(|t| !t.is_ahead(member.today())).map(|t| (format!("/tasks/{}/{}", t.requirement, t.about_uid), t.about_name))
    } else {
        None
    };
    let place = Place::of(&mut tx, &record).await?;
    let shell = member.shell(member.t(if own { "receipt-title" } else { "receipt-title-other" }));
    let answers = reading
        .consents
        .iter()
        .filter_map(|c| {
            let choice = record.choices.iter().find(|choice| choice.id == c.id)?;
            Some(AnswerLine {
                ask: c.ask.clone(),
                said: if choice.yes { c.yes.clone() } else { c.no.clone() },
                after: if choice.yes { String::new() } else { c.after_no.clone() },
                withdrawn: choice.withdrawn,
                take_back: take_back(&c.id),
            })
        })
        .collect();
    let paper = on_paper(&mut tx, member, &shell, &record).await?;
    page(&ReceiptPage {
        paper,
        title: reading.title.clone(),
        day: shell.weekday_year(member.district.zone.day(record.at)),
        time: shell.locale.time(member.district.zone.time_of_day(record.at)),
        language: super::reading::language_name(&shell, &record.language),
        only_a_part: !record.choices.is_empty() && record.choices.len() < reading.consents.len(),
        take_back: take_back(WHOLE).filter(|_| reading.consents.is_empty()),
        same: (!same.is_empty()).then(|| same.iter().map(|task| task.about_name.as_str()).collect::<Vec<_>>().join(", ")),
        answers,
        state: if record.answer == "agreed" { "done" } else { "wait" },
        said: said(&shell, &record),
        own,
        place,
        next_child,
        record,
        shell,
    })
}

/// The pages on which what a record says can be taken back, by consent: where it is the reader's own newest word.
async fn taken_back_at(tx: &mut Tx, member: Member<'_>, record: &Record) -> Result<impl Fn(&str) -> Option<String> + use<>> {
    let paper = match acknowledgments::standing::behind(tx, member.actor, &member.district, record.uid).await {
        Ok(paper) => Some(paper),
        Err(Problem::NotFound | Problem::Conflict(_)) => None,
        Err(problem) => return Err(problem),
    };
    let (uid, person) = (record.uid, member.actor.person);
    Ok(move |consent: &str| {
        let (paper, person) = (paper.as_ref()?, person?);
        let (word, choice) = paper.word_of(person, consent)?;
        (word.uid == uid && choice.yes && paper.can_be_taken_back_by(person, consent))
            .then(|| format!("/receipts/{uid}/take-back?consent={consent}"))
    })
}

/// The text exactly as it was answered, for as long as the receipt lasts.
#[derive(Template)]
#[template(path = "receipt_text.html")]
struct ReceiptTextPage {
    shell: Shell,
    text: ReadingView,
    record: Record,
}

#[get("/receipts/<uid>/text")]
async fn receipt_text(member: Member<'_>, uid: Uuid) -> Page<Html> {
    let mut tx = member.read().await?;
    let record = acknowledgments::standing::receipt(&mut tx, member.actor, &member.district, uid).await?;
    disclose_receipt(&member, member.actor, &record).await?;
    let version = policies::reading::version_by_id(&mut tx, record.version).await?;
    let reading = policies::read(&mut tx, &version, Some(&record.language)).await?;
    let shell = member.shell(reading.title.clone());
    page(&ReceiptTextPage { text: ReadingView::of(&shell, reading, &member.district.language), record, shell })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("answers", |rocket| async { rocket.mount("/", routes![read, give, answer, receipt, receipt_text]) })
}
