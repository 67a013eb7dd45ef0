//! A random sample of the people behind a figure: how many of each group, the seed, the people drawn, each with the evidence.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::ContentType;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::audit::{self, PersonView, person_view};
use super::desk::Auditing;
use super::disclosing::disclose;
use super::reports::File;
use super::shell::Shell;
use crate::audit::disclosures::Kind;
use crate::kernel::{Day, FieldError, Problem, Result};
use crate::obligations::requirements::{self, RequirementState};
use crate::obligations::sample::{self, Part, Plan, Sample, Stratum};
use crate::reports::csv::{Start, Writer};

struct Choice {
    value: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "sample_new.html")]
struct NewPage {
    shell: Shell,
    title: String,
    back: String,
    action: String,
    as_of: String,
    latest: String,
    strata: Vec<Choice>,
    each: String,
    seed: String,
}

#[derive(Debug, Clone, FromForm)]
struct Filled {
    #[field(default = String::new())]
    as_of: String,
    #[field(default = String::from("school"))]
    by: String,
    #[field(default = String::from("5"))]
    each: String,
    #[field(default = String::new())]
    seed: String,
}

/// What a group of a sample is called.
pub(super) fn stratum_name(shell: &Shell, by: Stratum, stratum: &str) -> String {
    match by {
        Stratum::All => shell.t("sample-everybody"),
        Stratum::School => stratum.to_owned(),
        Stratum::Role => audit::role_name(shell, stratum),
        Stratum::Grade => audit::grade_name(shell, stratum),
        Stratum::State if stratum == "late" => shell.t("state-late"),
        Stratum::State => shell.t(audit::state_words(stratum).1),
    }
}

async fn new_page(desk: &Auditing<'_>, requirement: Uuid, filled: Filled, problems: Vec<FieldError>) -> Result<NewPage> {
    if !sample::may(desk.actor()) {
        return Err(Problem::NotFound);
    }
    let mut tx = desk.read().await?;
    let found = requirements::get(&mut tx, desk.actor(), requirement).await?;
    drop(tx);
    if found.state == RequirementState::Saved {
        return Err(Problem::NotFound);
    }
    let shell = desk.shell(desk.t("sample-new")).with_problems(problems);
    Ok(NewPage {
        title: shell.joined(&found.title),
        back: format!("/audit?requirement={requirement}"),
        action: format!("/audit/{requirement}/sample"),
        as_of: if filled.as_of.is_empty() { desk.today().iso() } else { filled.as_of },
        latest: desk.today().iso(),
        strata: Stratum::ALL
            .into_iter()
            .map(|by| Choice { value: by.name(), text: shell.t(&format!("sample-by-{}", by.name())), chosen: by.name() == filled.by })
            .collect(),
        each: filled.each,
        seed: filled.seed,
        shell,
    })
}

#[get("/audit/<requirement>/sample?<as_of>")]
async fn form(desk: Auditing<'_>, requirement: Uuid, as_of: Option<String>) -> Answer<Html> {
    let filled = Filled { as_of: as_of.unwrap_or_default(), by: "school".into(), each: "5".into(), seed: String::new() };
    page(&new_page(&desk, requirement, filled, Vec::new()).await?)
}

fn plan(desk: &Auditing<'_>, filled: &Filled) -> std::result::Result<Plan, Vec<FieldError>> {
    let mut problems = Vec::new();
    let day = audit::as_of(desk, Some(&filled.as_of)).map_err(|problem| problems.push(problem));
    let each = filled.each.trim().parse::<i64>().ok().filter(|each| (1..=sample::MOST_EACH).contains(each));
    if each.is_none() {
        problems.push(FieldError { field: "each".into(), text: desk.t("sample-each-wrong") });
    }
    let by = Stratum::named(&filled.by);
    if by.is_none() {
        problems.push(FieldError { field: "by".into(), text: desk.t("sample-by-wrong") });
    }
    match (day, by, each) {
        (Ok(day), Some(by), Some(each)) => Ok(Plan { day, by, each, seed: filled.seed.clone() }),
        _ => Err(problems),
    }
}

#[post("/audit/<requirement>/sample", data = "<form>")]
async fn draw(desk: Auditing<'_>, requirement: Uuid, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    let filled = form.into_inner();
    let again = async |problems: Vec<FieldError>| -> Answer<Result<Flash<Redirect>, Html>> {
        Ok(Err(form_again(&new_page(&desk, requirement, filled.clone(), problems).await?)?))
    };
    let plan = match plan(&desk, &filled) {
        Ok(plan) => plan,
        Err(problems) => return again(problems).await,
    };
    let mut tx = desk.read().await?;
    let drawn = sample::draw(&mut tx, desk.actor(), requirement, plan).await;
    drop(tx);
    let drawn = match drawn {
        Ok(drawn) => drawn,
        Err(Problem::Invalid(errors)) => {
            let worded = errors.into_iter().map(|error| {
                let text = desk.t(if error.field == "seed" { "sample-seed-wrong" } else { "sample-too-many" });
                FieldError { text, ..error }
            });
            return again(worded.collect()).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    let mut tx = desk.write().await?;
    let uid = sample::keep(&mut tx, desk.actor(), &drawn).await?;
    tx.commit().await?;
    Ok(Ok(done(format!("/samples/{uid}"), desk.t("sample-drawn"))))
}

struct SampleRow {
    href: String,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "samples.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<SampleRow>,
}

#[get("/samples")]
async fn list(desk: Auditing<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let samples = sample::list(&mut tx, desk.actor()).await?;
    drop(tx);
    let shell = desk.shell(desk.t("samples-title"));
    let rows = samples.iter().map(|one| SampleRow {
        href: format!("/samples/{}", one.uid),
        title: shell.joined(&one.title),
        text: sentence(&shell, one, desk.district.zone.day(one.at)),
    });
    page(&ListPage { rows: rows.collect(), shell })
}

/// “40 people as of October 1, 2026, drawn by Ana Diaz on October 5, 2026”.
fn sentence(shell: &Shell, sample: &Sample, made: Day) -> String {
    let people: i64 = sample.parts.iter().map(|part| part.drawn).sum();
    super::words::say_with(
        shell.locale,
        "sample-sentence",
        &[
            ("number", people.into()),
            ("day", shell.day(&sample.plan.day).into()),
            ("name", sample.by_name.as_str().into()),
            ("made", shell.day(&made).into()),
        ],
    )
}

struct PartView {
    label: String,
    holds: String,
    drawn: String,
}

struct MemberView {
    number: i64,
    stratum: String,
    person: PersonView,
    evidence: String,
}

#[derive(Template)]
#[template(path = "sample.html")]
struct SamplePage {
    shell: Shell,
    title: String,
    sentence: String,
    seed: String,
    by: String,
    each: i64,
    parts: Vec<PartView>,
    members: Vec<MemberView>,
    for_children: bool,
    csv: String,
    again: String,
}

#[get("/samples/<uid>")]
async fn show(desk: Auditing<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let found = sample::get(&mut tx, desk.actor(), uid).await?;
    let requirement = requirements::get(&mut tx, desk.actor(), found.requirement).await?;
    let is_form = super::audit_people::is_form(&mut tx, &requirement).await?;
    let members = sample::members(&mut tx, desk.actor(), &found).await?;
    drop(tx);
    let people: Vec<Uuid> = members.iter().flat_map(|m| [m.row.person_uid, m.row.about_uid]).collect();
    disclose(&desk, desk.actor(), Kind::Sample, &found.title, &people).await?;
    let shell = desk.shell(desk.t("sample-title"));
    let by = found.plan.by;
    let part = |part: &Part| PartView {
        label: stratum_name(&shell, by, &part.stratum),
        holds: shell.number(&part.holds),
        drawn: shell.number(&part.drawn),
    };
    page(&SamplePage {
        title: shell.joined(&found.title),
        sentence: sentence(&shell, &found, desk.district.zone.day(found.at)),
        seed: found.plan.seed.clone(),
        by: shell.t(&format!("sample-by-{}", by.name())),
        each: found.plan.each,
        parts: found.parts.iter().map(part).collect(),
        for_children: members.iter().any(|m| m.row.about_uid != m.row.person_uid),
        members: members
            .iter()
            .map(|m| {
                let person = person_view(&shell, &m.row, found.plan.day, is_form);
                MemberView {
                    number: m.draw.number,
                    stratum: stratum_name(&shell, by, &m.draw.stratum),
                    evidence: format!("{}/evidence", person.href),
                    person,
                }
            })
            .collect(),
        csv: format!("/samples/{uid}/sample.csv"),
        again: format!("/audit/{}/sample?as_of={}", found.requirement, found.plan.day),
        shell,
    })
}

#[get("/samples/<uid>/sample.csv")]
async fn file(desk: Auditing<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = desk.read().await?;
    let found = sample::get(&mut tx, desk.actor(), uid).await?;
    let members = sample::members(&mut tx, desk.actor(), &found).await?;
    drop(tx);
    let people: Vec<Uuid> = members.iter().flat_map(|m| [m.row.person_uid, m.row.about_uid]).collect();
    disclose(&desk, desk.actor(), Kind::File, &found.title, &people).await?;
    let shell = desk.shell("");
    let mut rows = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    let heading =
        ["sample-number", "sample-group", "audit-name", "audit-child", "audit-school", "audit-role", "audit-grade", "audit-state"];
    rows.row(heading.map(|key| shell.t(key)).into_iter().chain(["person", "about", "rank"].map(str::to_owned)))?;
    for m in &members {
        let person = person_view(&shell, &m.row, found.plan.day, false);
        rows.row([
            m.draw.number.to_string(),
            stratum_name(&shell, found.plan.by, &m.draw.stratum),
            person.name,
            person.about,
            person.school,
            person.role,
            m.row.grade.clone(),
            person.state_text,
            m.row.person_uid.to_string(),
            m.row.about_uid.to_string(),
            m.draw.rank.clone(),
        ])?;
    }
    let csv = ContentType::new("text", "csv").with_params(("charset", "utf-8"));
    Ok(File::of(rows.finish()?, csv, "sample.csv"))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("samples", |rocket| async { rocket.mount("/", routes![form, draw, list, show, file]) })
}
