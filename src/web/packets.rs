//! Audit packets: the form for a period, one's own packets and how far they are, the zip.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::ContentType;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, State as Managed, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::{Auditing, Desk};
use super::reports::File;
use super::shell::Shell;
use crate::identity::auditors;
use crate::kernel::{Day, FieldError, Locale, Problem, Result};
use crate::obligations::sample::Stratum;
use crate::reports::packets::{self, Packet, Sampling, State, Wish};
use crate::roster::imports::Board;

struct Choice {
    value: &'static str,
    text: String,
    chosen: bool,
}

struct PacketView {
    href: String,
    period: String,
    state: &'static str,
    state_text: String,
    asked: String,
    records: bool,
}

#[derive(Debug, Clone, FromForm)]
struct Filled {
    #[field(default = String::new())]
    from: String,
    #[field(default = String::new())]
    until: String,
    #[field(default = String::new())]
    language: String,
    #[field(default = false)]
    sample: bool,
    #[field(default = String::from("school"))]
    by: String,
    #[field(default = String::from("5"))]
    each: String,
    #[field(default = String::new())]
    seed: String,
    #[field(default = false)]
    records: bool,
    #[field(default = String::new())]
    party: String,
    #[field(default = String::new())]
    interest: String,
}

#[derive(Template)]
#[template(path = "packets.html")]
struct PacketsPage {
    shell: Shell,
    packets: Vec<PacketView>,
    filled: Filled,
    latest: String,
    languages: Vec<Choice>,
    strata: Vec<Choice>,
    /// May ask for a sample and for student data.
    people: bool,
    /// For whom an auditor's account asks, and why.
    to: Option<(String, String)>,
}

/// Shape and words of a state.
fn state_words(shell: &Shell, state: State) -> (&'static str, String) {
    let shape = match state {
        State::Waiting => "open",
        State::Running => "wait",
        State::Ready => "done",
        State::Failed => "late",
    };
    (shape, shell.t(&format!("packet-state-{}", state.name())))
}

fn period(shell: &Shell, packet: &Packet) -> String {
    shell.tvv("packet-period", "from", shell.day(&packet.question.from), "until", shell.day(&packet.question.until))
}

fn moment(desk: &Desk, shell: &Shell, at: crate::kernel::Moment) -> String {
    let zone = &desk.district.zone;
    shell.tvv("evidence-moment", "day", shell.day(&zone.day(at)), "time", shell.locale.time(zone.time_of_day(at)))
}

async fn packets_page(desk: &Auditing<'_>, filled: Filled, problems: Vec<FieldError>) -> Result<PacketsPage> {
    let actor = desk.actor();
    let mut tx = desk.read().await?;
    let found = packets::list(&mut tx, actor).await?;
    let to = if actor.is_outside() { Some(auditors::party(&mut tx, actor).await?) } else { None };
    drop(tx);
    let shell = desk.shell(desk.t("packets-title")).with_problems(problems);
    let view = |packet: Packet| {
        let (state, state_text) = state_words(&shell, packet.state);
        PacketView {
            href: format!("/packets/{}", packet.uid),
            period: period(&shell, &packet),
            state,
            state_text,
            asked: moment(desk, &shell, packet.asked_at),
            records: packet.question.records,
        }
    };
    let language = if filled.language.is_empty() { desk.locale.tag() } else { &filled.language };
    Ok(PacketsPage {
        packets: found.into_iter().map(view).collect(),
        latest: desk.today().plus(-1).iso(),
        languages: Locale::ALL
            .into_iter()
            .map(|locale| Choice { value: locale.tag(), text: locale.own_name().to_owned(), chosen: locale.tag() == language })
            .collect(),
        strata: Stratum::ALL
            .into_iter()
            .map(|by| Choice { value: by.name(), text: shell.t(&format!("sample-by-{}", by.name())), chosen: by.name() == filled.by })
            .collect(),
        people: actor.may_see_people(),
        to: to.map(|to| (to.party, to.interest)),
        filled,
        shell,
    })
}

/// The school year so far, as most packets ask for.
fn blank(desk: &Auditing<'_>) -> Filled {
    let yesterday = desk.today().plus(-1);
    Filled {
        from: Day::school_year_start(yesterday.school_year()).iso(),
        until: yesterday.iso(),
        language: String::new(),
        sample: false,
        by: "school".into(),
        each: "5".into(),
        seed: String::new(),
        records: false,
        party: String::new(),
        interest: String::new(),
    }
}

#[get("/packets")]
async fn list(desk: Auditing<'_>) -> Answer<Html> {
    let filled = blank(&desk);
    page(&packets_page(&desk, filled, Vec::new()).await?)
}

#[post("/packets", data = "<form>")]
async fn ask(desk: Auditing<'_>, board: &Managed<Board>, form: Form<Filled>) -> Answer<Result<Flash<Redirect>, Html>> {
    if !packets::may(desk.actor()) {
        return Err(Problem::NotFound.into());
    }
    let filled = form.into_inner();
    let wrong = |field: &str| FieldError { field: field.into(), text: desk.t(&format!("packet-{field}-wrong")) };
    let (from, until) = (Day::parse_iso(&filled.from), Day::parse_iso(&filled.until));
    let mut problems: Vec<FieldError> =
        [("from", from), ("until", until)].iter().filter(|(_, day)| day.is_none()).map(|(field, _)| wrong(field)).collect();
    let by = Stratum::named(&filled.by).unwrap_or(Stratum::School);
    // Student data is that of a sample: without one there is nothing to give.
    let sample = (filled.sample || filled.records).then(|| Sampling {
        by,
        each: filled.each.trim().parse().unwrap_or(0),
        seed: filled.seed.clone(),
    });
    if let (Some(from), Some(until)) = (from, until) {
        let wish = Wish {
            from,
            until,
            language: Locale::from_tag(&filled.language).unwrap_or(desk.locale),
            sample,
            records: filled.records,
            party: filled.party.clone(),
            interest: filled.interest.clone(),
        };
        let mut tx = desk.write().await?;
        match packets::ask(&mut tx, desk.actor(), &desk.district, wish).await {
            Ok(uid) => {
                tx.commit().await?;
                board.ring();
                return Ok(Ok(done(format!("/packets/{uid}"), desk.t("packet-asked"))));
            }
            Err(Problem::Invalid(errors)) => problems.extend(errors.iter().map(|error| wrong(&error.field))),
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(Err(form_again(&packets_page(&desk, filled, problems).await?)?))
}

#[derive(Template)]
#[template(path = "packet.html")]
struct PacketPage {
    shell: Shell,
    uid: Uuid,
    period: String,
    state: &'static str,
    state_text: String,
    asked: String,
    ready: bool,
    under_way: bool,
    said: String,
    size: String,
    sha256: String,
    records: bool,
    party: String,
    interest: String,
    /// Groups, how many of each, seed.
    sample: Option<(String, i64, String)>,
    language: &'static str,
}

#[get("/packets/<uid>")]
async fn show(desk: Auditing<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let packet = packets::get(&mut tx, desk.actor(), uid).await?;
    drop(tx);
    let shell = desk.shell(desk.t("packet-title"));
    let (state, state_text) = state_words(&shell, packet.state);
    let asked = moment(&desk, &shell, packet.asked_at);
    page(&PacketPage {
        uid,
        period: period(&shell, &packet),
        state,
        state_text,
        asked,
        ready: packet.state == State::Ready,
        under_way: matches!(packet.state, State::Waiting | State::Running),
        said: packet.said,
        size: shell.number(&(packet.bytes / 1024).max(1)),
        sha256: packet.sha256,
        records: packet.question.records,
        sample: packet.question.sample.as_ref().map(|s| (shell.t(&format!("sample-by-{}", s.by.name())), s.each, s.seed.clone())),
        language: packet.question.language.own_name(),
        party: packet.question.to.party,
        interest: packet.question.to.interest,
        shell,
    })
}

#[get("/packets/<uid>/packet.zip")]
async fn zip(desk: Auditing<'_>, uid: Uuid) -> Answer<File> {
    let mut tx = desk.read().await?;
    let packet = packets::get(&mut tx, desk.actor(), uid).await?;
    let bytes = packets::zip(&mut tx, desk.actor(), uid).await?;
    Ok(File::of(bytes, ContentType::ZIP, &format!("audit-{}-{}.zip", packet.question.from, packet.question.until)))
}

#[post("/packets/<uid>/removal")]
async fn remove(desk: Auditing<'_>, uid: Uuid) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    packets::remove(&mut tx, desk.actor(), uid).await?;
    tx.commit().await?;
    Ok(done("/packets", desk.t("packet-removed")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("packets", |rocket| async { rocket.mount("/", routes![list, ask, show, zip, remove]) })
}
