//! Notice, hearing or meeting, vote; and the record that everybody can read.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::super::answer::{Answer, Html, done, page};
use super::super::desk::{Author, Desk, Director};
use super::super::dossier::{FileView, file_view};
use super::super::shell::Shell;
use crate::adoption::{self, Adoption, MeetingKind, evidence};
use crate::db::Tx;
use crate::kernel::{Day, Problem};
use crate::policies::{self, State, Version};

/// One notice, meeting or vote.
pub struct Line {
    /// A sentence.
    pub text: String,
    /// Words of the notice, or the agenda.
    pub words: String,
    pub minutes: String,
    pub attendance: String,
    /// What its files are about.
    pub about: Uuid,
    /// For whoever may see them.
    pub files: Vec<FileView>,
}

/// The record of adoption as pages show it: each line a sentence.
pub struct RecordView {
    pub notices: Vec<Line>,
    pub meetings: Vec<Line>,
    pub vote: Option<Line>,
    pub hashes: Vec<(String, String)>,
}

async fn line(tx: &mut Tx, desk: &Desk, shell: &Shell, about: Uuid, text: String, words: String) -> Answer<Line> {
    let files = evidence::about(tx, desk.actor.as_ref(), about).await?;
    let files = files.into_iter().map(|file| file_view(shell, file)).collect();
    Ok(Line { text, words, minutes: String::new(), attendance: String::new(), about, files })
}

pub async fn record_view(tx: &mut Tx, desk: &Desk, shell: &Shell, version: &Version) -> Answer<Option<RecordView>> {
    let record = adoption::record_of(tx, version).await?;
    if record.notices.is_empty() && record.meetings.is_empty() && record.vote.is_none() {
        return Ok(None);
    }
    let (mut notices, mut meetings) = (Vec::new(), Vec::new());
    for n in record.notices {
        let text = shell.tvv("policy-notice-line", "day", shell.locale.day(n.from_day), "where", n.posted);
        notices.push(line(tx, desk, shell, n.uid, text, n.body).await?);
    }
    for m in record.meetings {
        let key = if m.kind == MeetingKind::Hearing { "policy-hearing-line" } else { "policy-meeting-line" };
        let text = shell.tvv(key, "day", shell.locale.day(m.day), "place", m.place);
        let line = line(tx, desk, shell, m.uid, text, m.agenda).await?;
        meetings.push(Line { minutes: m.minutes, attendance: m.attendance, ..line });
    }
    let vote = match record.vote {
        None => None,
        Some(v) => {
            let text = crate::web::words::say_with(
                shell.locale,
                "policy-vote-line",
                &[
                    ("day", shell.locale.day(v.day).into()),
                    ("for", v.votes_for.into()),
                    ("against", v.against.into()),
                    ("abstained", v.abstained.into()),
                    ("resolution", v.resolution.into()),
                ],
            );
            Some(line(tx, desk, shell, version.uid, text, String::new()).await?)
        }
    };
    Ok(Some(RecordView { notices, meetings, vote, hashes: record.hashes }))
}

#[derive(Template)]
#[template(path = "policies_adoption.html")]
struct AdoptionPage {
    shell: Shell,
    slug: String,
    number: i64,
    title: String,
    missing: Vec<String>,
    record: Option<RecordView>,
    director: bool,
    adopted: bool,
    /// This page, to come back to.
    here: String,
}

#[get("/policies/<slug>/versions/<number>/adoption")]
async fn steps(author: Author<'_>, slug: &str, number: i64) -> Answer<Html> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let reading = policies::read(&mut tx, &version, Some(author.locale.tag())).await?;
    let shell = author.shell(author.t("policy-adoption"));
    let making = matches!(version.state, State::Draft | State::Open | State::Closed);
    let missing = if making { adoption::missing(&mut tx, &version, author.today()).await? } else { Vec::new() };
    let record = record_view(&mut tx, &author, &shell, &version).await?;
    page(&AdoptionPage {
        slug: slug.to_owned(),
        number,
        title: reading.title,
        missing,
        record,
        director: author.actor().is_director(),
        adopted: !making,
        here: back(slug, number),
        shell,
    })
}

fn day(field: &str, text: &str) -> Answer<Day> {
    Ok(text.parse().map_err(|wrong: String| Problem::invalid(field, wrong))?)
}

fn back(slug: &str, number: i64) -> String {
    format!("/policies/{slug}/versions/{number}/adoption")
}

#[derive(FromForm)]
struct Noticed<'r> {
    posted: &'r str,
    from_day: &'r str,
    body: &'r str,
}

#[post("/policies/<slug>/versions/<number>/notices", data = "<form>")]
async fn notice(author: Author<'_>, slug: &str, number: i64, form: Form<Noticed<'_>>) -> Answer<Flash<Redirect>> {
    let from = day("from_day", form.from_day)?;
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    adoption::give_notice(&mut tx, author.actor(), version.id, form.posted, from, form.body).await?;
    tx.commit().await?;
    Ok(done(back(slug, number), author.t("policy-notice-kept")))
}

#[derive(FromForm)]
struct Met<'r> {
    kind: &'r str,
    day: &'r str,
    place: &'r str,
    agenda: &'r str,
    #[field(default = "")]
    minutes: &'r str,
    #[field(default = "")]
    attendance: &'r str,
}

#[derive(FromForm)]
struct Minutes<'r> {
    minutes: &'r str,
    #[field(default = "")]
    attendance: &'r str,
}

#[post("/policies/<slug>/versions/<number>/meetings/<uid>/minutes", data = "<form>")]
async fn minutes(author: Author<'_>, slug: &str, number: i64, uid: Uuid, form: Form<Minutes<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    if !adoption::record_of(&mut tx, &version).await?.meetings.iter().any(|m| m.uid == uid) {
        return Err(Problem::NotFound.into());
    }
    adoption::write_minutes(&mut tx, author.actor(), uid, form.minutes, form.attendance).await?;
    tx.commit().await?;
    Ok(done(back(slug, number), author.t("policy-minutes-kept")))
}

#[post("/policies/<slug>/versions/<number>/meetings", data = "<form>")]
async fn meeting(author: Author<'_>, slug: &str, number: i64, form: Form<Met<'_>>) -> Answer<Flash<Redirect>> {
    let on = day("day", form.day)?;
    let kind = if form.kind == "hearing" { MeetingKind::Hearing } else { MeetingKind::Meeting };
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    adoption::hold_meeting(&mut tx, author.actor(), version.id, (kind, on), form.place, form.agenda, (form.minutes, form.attendance))
        .await?;
    tx.commit().await?;
    Ok(done(back(slug, number), author.t("policy-meeting-kept")))
}

#[derive(FromForm)]
struct Voted<'r> {
    votes_for: i64,
    against: i64,
    abstained: i64,
    resolution: &'r str,
    day: &'r str,
}

#[post("/policies/<slug>/versions/<number>/adoption", data = "<form>")]
async fn adopt(director: Director<'_>, slug: &str, number: i64, form: Form<Voted<'_>>) -> Answer<Flash<Redirect>> {
    let vote = Adoption {
        votes_for: form.votes_for,
        against: form.against,
        abstained: form.abstained,
        resolution: form.resolution.to_owned(),
        day: day("day", form.day)?,
    };
    let mut tx = director.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    adoption::adopt(&mut tx, director.actor(), version.id, vote).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/versions/{number}"), director.t("policy-adopted")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("adoption", |rocket| async { rocket.mount("/", routes![steps, notice, meeting, minutes, adopt]) })
}
