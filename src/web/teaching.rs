//! Lessons as whoever gives them has it: which classes are asked for which course, saying who was there, and putting that right.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::{Lessons, Member, Teaching};
use super::shell::Shell;
use crate::db::Tx;
use crate::kernel::{Day, FieldError, Problem, Result, Role};
use crate::training;
use crate::training::attestations::{self, Attestation, Lesson, NewAttestation, Presence, Room, Stand};

const KINDS: [Presence; 3] = [Presence::Here, Presence::Absent, Presence::Excused];

/// A class with a course, as a line of a list.
pub(super) struct Line {
    pub href: String,
    pub title: String,
    /// The class and its school.
    pub class: String,
    pub open: i64,
    pub open_text: String,
}

fn line(shell: &Shell, lesson: &Lesson) -> Line {
    Line {
        href: format!("/teaching/{}/{}", lesson.section, lesson.version),
        title: lesson.title.clone(),
        class: format!("{}, {}", lesson.section_title, lesson.school),
        open: lesson.open,
        open_text: shell.tv("teaching-open", "number", lesson.open),
    }
}

/// For a teacher's first page: the own classes in which somebody has a course to do.
pub(super) async fn waiting(tx: &mut Tx, member: Member<'_>, shell: &Shell) -> Result<Vec<Line>> {
    if !member.actor.has(Role::Teacher) {
        return Ok(Vec::new());
    }
    let lessons = attestations::waiting(tx, member.actor, &member.district).await?;
    Ok(lessons.iter().map(|lesson| line(shell, lesson)).collect())
}

struct Given {
    uid: Uuid,
    class: String,
    day: String,
    teacher: String,
}

#[derive(Template)]
#[template(path = "teaching.html")]
struct ListPage {
    shell: Shell,
    lessons: Vec<Line>,
    given: Vec<Given>,
}

#[get("/teaching")]
async fn list(desk: Teaching<'_>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let lessons = attestations::lessons(&mut tx, desk.actor(), &desk.district).await?;
    let given = attestations::given(&mut tx, desk.actor(), &desk.district).await?;
    drop(tx);
    let shell = desk.shell(desk.t("teaching-title"));
    let given = given.into_iter().map(|g| Given {
        uid: g.uid,
        class: format!("{}, {}", g.section_title, g.school),
        day: shell.day(&g.held),
        teacher: g.teacher_name,
    });
    page(&ListPage { lessons: lessons.iter().map(|lesson| line(&shell, lesson)).collect(), given: given.collect(), shell })
}

/// A child with three buttons.
struct SeatRow {
    uid: Uuid,
    name: String,
    presence: &'static str,
}

fn kinds(shell: &Shell) -> Vec<(&'static str, String)> {
    KINDS.map(|kind| (kind.name(), shell.t(&format!("teaching-{}", kind.name())))).into()
}

#[derive(Template)]
#[template(path = "teaching_class.html")]
struct ClassPage {
    shell: Shell,
    room: Room,
    held: String,
    today: String,
    seats: Vec<SeatRow>,
    /// Names of those who have it.
    done: Vec<String>,
    kinds: Vec<(&'static str, String)>,
    note: String,
}

/// The page, with what was said so far where it comes back.
async fn class_page(desk: &Teaching<'_>, ids: (Uuid, Uuid), held: Day, said: &Said, problems: Vec<FieldError>) -> Result<ClassPage> {
    let mut tx = desk.read().await?;
    let room = attestations::room(&mut tx, desk.actor(), &desk.district, ids, held).await?;
    let title = training::overview(&mut tx, desk.actor(), room.version.id, desk.locale.tag()).await?.title;
    drop(tx);
    let shell = desk.shell(title).with_problems(problems);
    let presence = |seat: &attestations::Seat| match said.presence.get(&seat.pupil.uid.to_string()).and_then(|p| Presence::named(p)) {
        Some(presence) => presence.name(),
        None if seat.stand == Stand::Excused => Presence::Excused.name(),
        None => Presence::Here.name(),
    };
    let open = room.seats.iter().filter(|seat| seat.stand != Stand::Done);
    Ok(ClassPage {
        seats: open.map(|seat| SeatRow { uid: seat.pupil.uid, name: seat.pupil.name(), presence: presence(seat) }).collect(),
        done: room.seats.iter().filter(|seat| seat.stand == Stand::Done).map(|seat| seat.pupil.given.clone()).collect(),
        kinds: kinds(&shell),
        held: room.held.iso(),
        today: desk.today().iso(),
        note: said.note.clone(),
        room,
        shell,
    })
}

#[derive(FromForm, Default)]
struct Said {
    #[field(default = String::new())]
    held: String,
    #[field(default = HashMap::new())]
    presence: HashMap<String, String>,
    #[field(default = String::new())]
    note: String,
}

impl Said {
    /// Who was said to be there how.
    ///
    /// # Errors
    /// `Invalid` (`here`) for what no page offers.
    fn presences(&self) -> Result<BTreeMap<Uuid, Presence>> {
        let read = |(uid, presence): (&String, &String)| Some((uid.parse().ok()?, Presence::named(presence)?));
        let all = self.presence.iter().map(|said| read(said).ok_or_else(|| Problem::invalid("here", format!("{} isn't a choice", said.1))));
        all.collect()
    }
}

#[get("/teaching/<section>/<version>?<held>")]
async fn class(desk: Teaching<'_>, section: Uuid, version: Uuid, held: Option<&str>) -> Answer<Html> {
    let day = held.and_then(Day::parse_iso).unwrap_or(desk.today());
    let said = Said::default();
    match class_page(&desk, (section, version), day, &said, Vec::new()).await {
        Err(Problem::Invalid(errors)) => {
            let problems = errors.into_iter().map(|e| FieldError { text: desk.t("teaching-wrong-held"), ..e }).collect();
            form_again(&class_page(&desk, (section, version), desk.today(), &said, problems).await?)
        }
        other => page(&other?),
    }
}

#[post("/teaching/<section>/<version>", data = "<form>")]
async fn attest(desk: Teaching<'_>, section: Uuid, version: Uuid, form: Form<Said>) -> Answer<std::result::Result<Flash<Redirect>, Html>> {
    let said = form.into_inner();
    let held = Day::parse_iso(&said.held).unwrap_or(desk.today().plus(1));
    let presences = said.presences()?;
    let of = |wanted: Presence| presences.iter().filter(|(_, presence)| **presence == wanted).map(|(uid, _)| *uid).collect();
    let new = NewAttestation { section, version, held, here: of(Presence::Here), excused: of(Presence::Excused), note: said.note.clone() };
    let mut tx = desk.write().await?;
    match attestations::attest(&mut tx, desk.actor(), &desk.district, new).await {
        Ok(uid) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/attestations/{uid}"), desk.t("teaching-attested"))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let wrong_day = errors.iter().any(|e| e.field == "held");
            let in_words = |e: FieldError| match e.field.as_str() {
                "held" => FieldError { text: desk.t("teaching-wrong-held"), ..e },
                "here" if presences.values().all(|p| *p != Presence::Here) => FieldError { text: desk.t("teaching-wrong-here"), ..e },
                _ => e,
            };
            let problems = errors.into_iter().map(in_words).collect();
            let shown = if wrong_day { desk.today() } else { held };
            Ok(Err(form_again(&class_page(&desk, (section, version), shown, &said, problems).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(Template)]
#[template(path = "attestation.html")]
struct AttestationPage {
    shell: Shell,
    attestation: Attestation,
    at: String,
    here: String,
    absent: String,
    seats: Vec<SeatRow>,
    kinds: Vec<(&'static str, String)>,
    /// Other classes of the reader that have the same course to do.
    next: Vec<Line>,
}

#[get("/attestations/<uid>")]
async fn one(desk: Lessons<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let attestation = attestations::read(&mut tx, desk.actor(), &desk.district, uid).await?;
    let title = training::overview(&mut tx, desk.actor(), attestation.version_id, desk.locale.tag()).await?.title;
    let lessons = attestations::waiting(&mut tx, desk.actor(), &desk.district).await?;
    drop(tx);
    let shell = desk.shell(title);
    let others = lessons.iter().filter(|l| l.version_id == attestation.version_id && l.section != attestation.section);
    let rows = attestation.students.iter().map(|student| SeatRow {
        uid: student.uid,
        name: format!("{} {}", student.given, student.family),
        presence: student.presence.name(),
    });
    page(&AttestationPage {
        at: super::mail::when(&desk, &shell, attestation.at),
        here: shell.tv("teaching-here-count", "number", attestation.count(Presence::Here)),
        absent: match attestation.count(Presence::Absent) {
            0 => String::new(),
            number => shell.tv("teaching-absent-count", "number", number),
        },
        seats: rows.collect(),
        kinds: kinds(&shell),
        next: others.map(|lesson| line(&shell, lesson)).collect(),
        attestation,
        shell,
    })
}

#[post("/attestations/<uid>", data = "<form>")]
async fn correct(desk: Lessons<'_>, uid: Uuid, form: Form<Said>) -> Answer<Flash<Redirect>> {
    let mut tx = desk.write().await?;
    let changed = attestations::correct(&mut tx, desk.actor(), &desk.district, uid, &form.presences()?).await?;
    tx.commit().await?;
    let shell = desk.shell("");
    Ok(done(format!("/attestations/{uid}"), shell.tv("teaching-corrected", "number", changed)))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("lessons", |rocket| async { rocket.mount("/", routes![list, class, attest, one, correct]) })
}
