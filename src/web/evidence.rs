//! All the evidence about one duty on one page: what was asked, every answer with its text, receipt and place in the log, what was taken of
//! courses, and what was said to the person.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::answers::said;
use super::audit;
use super::desk::{Auditing, Desk};
use super::disclosing::disclose;
use super::log::Place;
use super::shell::Shell;
use crate::acknowledgments::{self, Record};
use crate::audit::disclosures::Kind;
use crate::db::Tx;
use crate::kernel::{Moment, Problem, Result};
use crate::notices::evidence::{self as notices, Notice};
use crate::obligations::dispensations::{self, Standing};
use crate::obligations::sample;
use crate::policies;
use crate::training::evidence::{self as training, Taken, Taught};

/// One answer.
struct AnswerView {
    uid: Uuid,
    said: String,
    agreed: bool,
    when: String,
    utc: String,
    document: String,
    language: String,
    by: String,
    how: String,
    statement: String,
    statement_language: String,
    text_hash: String,
    hash: String,
    /// Its place in the log, counted from 1.
    number: i64,
    /// How many answers the newest checkpoint covers, and its root.
    sealed: Option<(u64, String)>,
}

struct TakenView {
    title: String,
    version: String,
    hash: String,
    started: String,
    finished: String,
    score: String,
    passed: Option<bool>,
}

/// A lesson given to a class.
struct TaughtView {
    title: String,
    version: String,
    hash: String,
    held: String,
    /// Class and teacher.
    by: String,
    here: bool,
    presence: String,
}

struct NoticeView {
    what: String,
    made: String,
    became: String,
    state: &'static str,
    to: String,
}

#[derive(Template)]
#[template(path = "evidence.html")]
struct EvidencePage {
    shell: Shell,
    title: String,
    who: String,
    school: String,
    state: &'static str,
    state_text: String,
    due: String,
    reason: String,
    answers: Vec<AnswerView>,
    taken: Vec<TakenView>,
    taught: Vec<TaughtView>,
    notices: Vec<NoticeView>,
    duty: String,
}

fn moment(desk: &Desk, shell: &Shell, at: Moment) -> String {
    let zone = &desk.district.zone;
    shell.tvv("evidence-moment", "day", shell.day(&zone.day(at)), "time", shell.locale.time(zone.time_of_day(at)))
}

/// How the person proved who they are.
fn how(shell: &Shell, record: &Record) -> String {
    let by = record.recorded_by_name.clone().unwrap_or_default();
    match record.authenticated.as_str() {
        "witnessed" => shell.tv("receipt-witnessed", "name", by),
        "link" => shell.t("receipt-by-link"),
        "paper" => shell.tvv("paper-receipt-text", "name", by, "code", record.paper.clone().unwrap_or_default()),
        _ => shell.t("evidence-password"),
    }
}

async fn answer_view(tx: &mut Tx, desk: &Desk, shell: &Shell, record: &Record) -> Result<AnswerView> {
    let version = policies::reading::version_by_id(tx, record.version).await?;
    let reading = policies::read(tx, &version, Some(&record.language)).await?;
    let place = Place::of(tx, record).await?;
    let guardian = record.capacity == "guardian";
    Ok(AnswerView {
        uid: record.uid,
        said: said(shell, record),
        agreed: record.answer == "agreed",
        when: moment(desk, shell, record.at),
        utc: record.at.rfc3339(),
        document: format!("{}, {}", reading.title, shell.tv("answer-version-only", "number", record.version_number)),
        language: super::reading::language_name(shell, &record.language),
        by: if guardian {
            shell.tvv("duty-for-child", "name", &record.person_name, "child", &record.about_name)
        } else {
            record.person_name.clone()
        },
        how: how(shell, record),
        statement: record.statement.clone(),
        statement_language: record.language.clone(),
        text_hash: record.text_hash.clone(),
        hash: record.hash.clone(),
        number: place.number,
        sealed: place.sealed,
    })
}

fn taken_view(desk: &Desk, shell: &Shell, taken: Taken) -> TakenView {
    TakenView {
        title: taken.title,
        version: shell.tv("answer-version-only", "number", taken.number),
        hash: taken.hash,
        started: moment(desk, shell, taken.started_at),
        finished: taken.finished_at.map(|at| moment(desk, shell, at)).unwrap_or_default(),
        score: taken.score.map(|score| shell.tvv("evidence-score", "score", score, "mark", taken.pass_mark)).unwrap_or_default(),
        passed: taken.passed,
    }
}

fn taught_view(shell: &Shell, taught: Taught) -> TaughtView {
    TaughtView {
        version: shell.tv("answer-version-only", "number", taught.number),
        held: shell.day(&taught.held),
        by: shell.tvv("evidence-taught-by", "class", taught.section, "name", taught.teacher_name),
        here: taught.presence == "here",
        presence: shell.t(&format!("evidence-presence-{}", taught.presence)),
        title: taught.title,
        hash: taught.hash,
    }
}

fn notice_view(desk: &Desk, shell: &Shell, notice: Notice) -> NoticeView {
    let at = notice.at.map(|at| moment(desk, shell, at)).unwrap_or_default();
    let state = match notice.became.as_str() {
        "sent" | "letter" => "done",
        "waiting" | "unsure" => "wait",
        "off" | "dropped" => "aside",
        _ => "late",
    };
    NoticeView {
        what: shell.t(&format!("notice-kind-{}", notice.kind.name().replace('.', "-"))),
        made: moment(desk, shell, notice.made_at),
        became: shell.tv(&format!("evidence-{}", notice.became.replace('_', "-")), "at", at),
        state,
        to: notice.address.unwrap_or_default(),
    }
}

/// As a duty's page says how it stands today.
fn standing(desk: &Desk, shell: &Shell, duty: &Standing) -> (&'static str, String) {
    if duty.ended.is_some() {
        return ("done", shell.t("duty-ended-state"));
    }
    let (state, key) = if duty.is_late(desk.today()) { ("late", "state-late") } else { audit::state_words(duty.state.name()) };
    (state, if state == "aside" { audit::exempt_words(shell, duty.reason.as_deref()) } else { shell.t(key) })
}

#[get("/audit/<requirement>/people/<person>/<about>/evidence")]
async fn show(desk: Auditing<'_>, requirement: Uuid, person: Uuid, about: Uuid) -> Answer<Html> {
    let actor = desk.actor();
    // A teacher sees the standing of a class, not its history.
    if !sample::may(actor) {
        return Err(Problem::NotFound.into());
    }
    let mut tx = desk.read().await?;
    let duty = dispensations::standing(&mut tx, actor, requirement, person, about).await?;
    let shell = desk.shell(format!("{} – {}", duty.name, desk.t("evidence-title")));
    let mut answers = Vec::new();
    for record in acknowledgments::of_duty(&mut tx, actor, requirement, person, about).await? {
        answers.push(answer_view(&mut tx, &desk, &shell, &record).await?);
    }
    let taken = training::of_person(&mut tx, duty.person_uid).await?;
    let taught = training::taught(&mut tx, duty.person_uid, desk.locale.tag()).await?;
    let said = notices::of_duty(&mut tx, duty.id).await?;
    drop(tx);
    disclose(&desk, actor, Kind::Evidence, &duty.title, &[duty.person_uid, duty.about_uid]).await?;
    let (state, state_text) = standing(&desk, &shell, &duty);
    page(&EvidencePage {
        title: duty.title.clone(),
        who: if duty.about_uid == duty.person_uid {
            duty.name.clone()
        } else {
            shell.tvv("duty-for-child", "name", &duty.name, "child", &duty.about_name)
        },
        school: duty.school.clone(),
        state,
        state_text,
        due: shell.tv("duty-due", "day", shell.day(&duty.due)),
        reason: duty.reason.as_deref().map(|text| audit::reason(&shell, text)).unwrap_or_default(),
        answers,
        taken: taken.into_iter().map(|one| taken_view(&desk, &shell, one)).collect(),
        taught: taught.into_iter().map(|one| taught_view(&shell, one)).collect(),
        notices: said.into_iter().map(|one| notice_view(&desk, &shell, one)).collect(),
        duty: format!("/audit/{requirement}/people/{person}/{about}"),
        shell,
    })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("evidence", |rocket| async { rocket.mount("/", routes![show]) })
}
