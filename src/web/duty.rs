//! One person's duty under one requirement: how it stands, all that happened to it and why; for directors and school leaders more time,
//! an exemption, and taking it back.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::answers::said;
use super::audit;
use super::desk::Auditing;
use super::disclosing::disclose;
use super::shell::Shell;
use crate::acknowledgments;
use crate::audit::disclosures::Kind;
use crate::kernel::{Day, FieldError, Problem, Result};
use crate::obligations::dispensations::{self, Standing, Step};
use crate::obligations::{State, Subject, requirements, sample};
use crate::roster;

struct StepView {
    when: String,
    what: String,
    why: String,
    /// What brought it about, for directors.
    report: Option<String>,
}

#[derive(Template)]
#[template(path = "duty.html")]
struct DutyPage {
    shell: Shell,
    title: String,
    who: String,
    school: String,
    state: &'static str,
    state_text: String,
    due: String,
    reason: String,
    steps: Vec<StepView>,
    /// Receipts of the answers, the latest first: address and words.
    receipts: Vec<(String, String)>,
    /// Pages of the person and, where a guardian answers, of the child.
    people: Vec<(String, String)>,
    back: String,
    here: String,
    /// All the evidence, for whoever sees more than a class.
    evidence: Option<String>,
    /// Requirement, who answers, for whom: to print the form, for whoever may.
    paper: Option<[String; 3]>,
    may_grant: bool,
    is_open: bool,
    is_exempt: bool,
    earliest: String,
    filled: Granting,
}

/// What is granted, as the form sends it.
#[derive(Debug, Clone, Default, FromForm)]
struct Granting {
    /// `extend`, `exempt`, `ask`.
    #[field(default = String::new())]
    act: String,
    #[field(default = String::new())]
    until: String,
    #[field(default = String::new())]
    reason: String,
}

async fn duty_page(
    desk: &Auditing<'_>,
    requirement: Uuid,
    person: Uuid,
    about: Uuid,
    filled: Granting,
    problems: Vec<FieldError>,
) -> Result<DutyPage> {
    let mut tx = desk.read().await?;
    let duty = dispensations::standing(&mut tx, desk.actor(), requirement, person, about).await?;
    let steps = dispensations::history(&mut tx, &duty).await?;
    let answers = acknowledgments::of_duty(&mut tx, desk.actor(), requirement, person, about).await?;
    // A guardian may be out of a teacher's reach while the child is within it.
    let mut people = Vec::new();
    for (uid, name) in [(duty.person_uid, &duty.name), (duty.about_uid, &duty.about_name)] {
        let href = format!("/roster/people/{uid}");
        let known = people.iter().any(|(other, _)| *other == href);
        if !known && roster::people::find(&mut tx, desk.actor(), uid).await.is_ok() {
            people.push((href, name.clone()));
        }
    }
    let subject = requirements::get(&mut tx, desk.actor(), requirement).await?.subject;
    let is_policy = matches!(subject, Subject::Policy { .. });
    drop(tx);
    disclose(desk, desk.actor(), Kind::Duty, &duty.title, &[duty.person_uid, duty.about_uid]).await?;
    let today = desk.today();
    let shell = desk.shell(format!("{} – {}", duty.name, duty.title)).with_problems(problems);
    let (state, key) = if duty.ended.is_some() {
        ("done", "duty-ended-state")
    } else if duty.is_late(today) {
        ("late", "state-late")
    } else {
        audit::state_words(duty.state.name())
    };
    let is_form = answers.first().is_some_and(|a| a.yes_and_no().is_some());
    let state_text = match (duty.ended, duty.state) {
        (None, State::Exempt) => audit::exempt_words(&shell, duty.reason.as_deref()),
        (None, State::Fulfilled) if is_form => shell.t("state-answered"),
        _ => shell.t(key),
    };
    let receipts = answers.iter().map(|answer| {
        let day = shell.day(&desk.district.zone.day(answer.at));
        (format!("/receipts/{}", answer.uid), shell.tvv("duty-receipt", "day", day, "said", said(&shell, answer)))
    });
    Ok(DutyPage {
        receipts: receipts.collect(),
        people,
        title: duty.title.clone(),
        who: if duty.about_uid == duty.person_uid {
            duty.name.clone()
        } else {
            shell.tvv("duty-for-child", "name", &duty.name, "child", &duty.about_name)
        },
        school: duty.school.clone(),
        state,
        state_text,
        due: due_text(&shell, &duty),
        reason: reason_text(&shell, duty.reason.as_deref(), duty.granted_by.as_deref()),
        steps: steps.iter().flat_map(|step| step_views(&shell, step, desk.actor().is_director())).collect(),
        back: format!("/audit/{requirement}/people"),
        here: format!("/audit/{requirement}/people/{person}/{about}"),
        evidence: sample::may(desk.actor()).then(|| format!("/audit/{requirement}/people/{person}/{about}/evidence")),
        paper: (duty.ended.is_none() && duty.state == State::Open && acknowledgments::paper::may(desk.actor()) && is_policy)
            .then(|| [requirement, person, about].map(|uid| uid.to_string())),
        may_grant: duty.ended.is_none() && dispensations::may_grant(desk.actor()),
        is_open: duty.state == State::Open,
        is_exempt: duty.state == State::Exempt,
        earliest: duty.due.plus(1).max(today).iso(),
        filled,
        shell,
    })
}

fn due_text(shell: &Shell, duty: &Standing) -> String {
    let due = shell.tv("duty-due", "day", shell.day(&duty.due));
    let grace = if duty.grace_days > 0 { shell.tv("duty-grace", "days", duty.grace_days) } else { String::new() };
    let before = duty.extended_from.map(|day| shell.tv("duty-extended-from", "day", shell.day(&day))).unwrap_or_default();
    [due, grace, before].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn reason_text(shell: &Shell, reason: Option<&str>, granted_by: Option<&str>) -> String {
    match (reason, granted_by) {
        (Some(reason), Some(by)) => shell.tvv("duty-granted", "reason", reason, "name", by),
        (Some(reason), None) => audit::reason(shell, reason),
        (None, _) => String::new(),
    }
}

/// What one row tells, the latest first: how it ended, how it was answered, how it began.
fn step_views(shell: &Shell, step: &Step, director: bool) -> Vec<StepView> {
    let report = |uid: Option<Uuid>| uid.filter(|_| director).map(|uid| format!("/requirements/changes/{uid}"));
    let mut views = Vec::new();
    if let (Some(day), Some(why)) = (step.ended, step.end_reason.as_deref()) {
        views.push(StepView {
            when: shell.day(&day),
            what: shell.t("duty-ended"),
            why: end_reason(shell, why),
            report: report(step.ended_by),
        });
    }
    // What was carried over from an earlier row was told there.
    if let Some(day) = step.closed.filter(|day| *day >= step.opened) {
        let (_, key) = audit::state_words(step.state.name());
        let why = reason_text(shell, step.reason.as_deref(), step.granted_by.as_deref());
        views.push(StepView { when: shell.day(&day), what: shell.t(key), why, report: None });
    }
    let place = if step.grade.is_empty() { step.school.clone() } else { format!("{}, {}", step.school, shell.grade(&step.grade)) };
    let due = shell.tv("duty-due", "day", shell.day(&step.due));
    views.push(StepView {
        when: shell.day(&step.opened),
        what: shell.t("duty-counts"),
        why: format!("{place}. {due}"),
        report: report(step.opened_by),
    });
    views
}

/// Why a duty came or went, in words.
pub(super) fn end_reason(shell: &Shell, why: &str) -> String {
    shell.t(match why {
        "left" => "duty-why-left",
        "moved" => "duty-why-moved",
        "changed" => "duty-why-changed",
        "not_named" => "duty-why-not-named",
        "turned_18" => "duty-why-turned-18",
        "consent" => "duty-why-consent",
        "no_guardian" => "duty-why-no-guardian",
        "merged" => "duty-why-merged",
        "reopened" => "duty-why-reopened",
        "parted" => "duty-why-parted",
        "released" => "duty-why-released",
        "extended" => "duty-why-extended",
        "superseded" => "duty-why-superseded",
        "withdrawn" => "duty-why-withdrawn",
        "year" => "duty-why-year",
        _ => "duty-why-asked",
    })
}

#[get("/audit/<requirement>/people/<person>/<about>")]
async fn one(desk: Auditing<'_>, requirement: Uuid, person: Uuid, about: Uuid) -> Answer<Html> {
    page(&duty_page(&desk, requirement, person, about, Granting::default(), Vec::new()).await?)
}

#[post("/audit/<requirement>/people/<person>/<about>", data = "<form>")]
async fn grant(
    desk: Auditing<'_>,
    requirement: Uuid,
    person: Uuid,
    about: Uuid,
    form: Form<Granting>,
) -> Answer<Result<Flash<Redirect>, Html>> {
    let filled = form.into_inner();
    match granted(&desk, requirement, person, about, &filled).await {
        Ok(notice) => Ok(Ok(done(format!("/audit/{requirement}/people/{person}/{about}"), notice))),
        Err(Problem::Invalid(errors)) => {
            let errors = errors
                .into_iter()
                .map(|e| match e.field.as_str() {
                    "reason" => FieldError { field: format!("{}-reason", filled.act), text: desk.t("duty-say-why") },
                    "until" => FieldError { field: "until".into(), text: desk.t("duty-choose-later") },
                    _ => e,
                })
                .collect();
            Ok(Err(form_again(&duty_page(&desk, requirement, person, about, filled, errors).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn granted(desk: &Auditing<'_>, requirement: Uuid, person: Uuid, about: Uuid, filled: &Granting) -> Result<String> {
    let mut tx = desk.write().await?;
    let (actor, district) = (desk.actor(), &desk.district);
    let duty = dispensations::standing(&mut tx, actor, requirement, person, about).await?;
    let notice = match filled.act.as_str() {
        "extend" => {
            let until = Day::parse_iso(&filled.until).ok_or_else(|| Problem::invalid("until", desk.t("duty-choose-later")))?;
            dispensations::extend(&mut tx, actor, district, &duty, until, &filled.reason).await?;
            "duty-extended-notice"
        }
        "exempt" => {
            dispensations::exempt(&mut tx, actor, district, &duty, &filled.reason).await?;
            "duty-exempted-notice"
        }
        "ask" => {
            dispensations::ask_after_all(&mut tx, actor, district, &duty, &filled.reason).await?;
            "duty-asked-notice"
        }
        _ => return Err(Problem::NotFound),
    };
    tx.commit().await?;
    Ok(desk.t(notice))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("duty", |rocket| async { rocket.mount("/", routes![one, grant]) })
}
