//! A lesson that somebody of the school gives to a class counts as if each child who was there had taken the course alone. Whoever gave it
//! attests it: which version, which day, who was there. Who wasn't keeps the task, and can be taken in later or take the course alone.
//! "Everybody" never includes a child who is excused.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{State, Version, store, version_by_uid};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, AttestationId, CourseVersionId, Day, Moment, PersonId, Problem, Result};
use crate::obligations::{self, courses};
use crate::roster::District;
use crate::roster::sections::{self, Pupil, Section};

/// A lesson is attested at most so many days after it was given.
const LATEST: i64 = 366;
/// Characters of a note.
const LONGEST_NOTE: usize = 500;

/// Whether a child was at a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    Here,
    Absent,
    /// Not there, and not meant to be: nothing follows from it, and nobody who marks "everybody" changes it.
    Excused,
}

impl Presence {
    pub fn name(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Absent => "absent",
            Self::Excused => "excused",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Here, Self::Absent, Self::Excused].into_iter().find(|presence| presence.name() == name)
    }
}

/// A class and a course that its children are asked to take.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Lesson {
    pub section: Uuid,
    pub section_title: String,
    pub school: String,
    /// Of the course.
    pub slug: String,
    pub version: Uuid,
    #[serde(skip)]
    pub version_id: CourseVersionId,
    /// What the task is called.
    pub title: String,
    /// Children who haven't completed it.
    pub open: i64,
    pub asked: i64,
}

/// How a child of the class stands with the course before a lesson is attested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    Open,
    /// Completed, alone or in class.
    Done,
    /// Exempt from it, or excused the last time.
    Excused,
}

/// A child of the class.
#[derive(Debug, Clone, Serialize)]
pub struct Seat {
    #[serde(flatten)]
    pub pupil: Pupil,
    pub stand: Stand,
}

/// A class before a lesson on that day.
#[derive(Debug, Clone, Serialize)]
pub struct Room {
    pub section: Section,
    pub version: Version,
    pub held: Day,
    pub seats: Vec<Seat>,
}

/// What whoever gave the lesson says.
#[derive(Debug, Clone)]
pub struct NewAttestation {
    pub section: Uuid,
    pub version: Uuid,
    /// The day of the lesson, on the district's calendar.
    pub held: Day,
    /// Children who were there.
    pub here: Vec<Uuid>,
    /// Children who were excused; everybody else who has it open was absent.
    pub excused: Vec<Uuid>,
    pub note: String,
}

/// A child in an attested lesson.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Student {
    #[serde(skip)]
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub presence: Presence,
}

/// A lesson as it was attested.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Attestation {
    #[serde(skip)]
    pub id: AttestationId,
    pub uid: Uuid,
    #[serde(skip)]
    pub version_id: CourseVersionId,
    pub section: Uuid,
    pub section_title: String,
    pub school: String,
    pub held: Day,
    pub teacher_name: String,
    pub note: String,
    pub at: Moment,
    #[sqlx(skip)]
    pub students: Vec<Student>,
}

impl Attestation {
    pub fn count(&self, presence: Presence) -> usize {
        self.students.iter().filter(|student| student.presence == presence).count()
    }
}

/// What the actor's classes are asked to take, by class; a school leader's too, for whoever stands in.
pub async fn lessons(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Lesson>> {
    store::attestations::lessons(tx, &sections::Asker::of(actor, true), district.today(tx.now())).await
}

/// Of these the ones that the actor teaches and in which somebody hasn't completed it.
pub async fn waiting(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Lesson>> {
    let mut lessons = store::attestations::lessons(tx, &sections::Asker::of(actor, false), district.today(tx.now())).await?;
    lessons.retain(|lesson| lesson.open > 0);
    Ok(lessons)
}

/// Every lesson that was attested for the actor's classes, the newest first.
pub async fn given(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Attestation>> {
    store::attestations::given(tx, &sections::Asker::of(actor, true), district.today(tx.now())).await
}

/// The class as it sat there on that day. For whoever may stand before it today.
///
/// # Errors
/// `NotFound` for another class, and for a draft; `Invalid` (`held`) for a day on which the lesson can't have been.
pub async fn room(tx: &mut Tx, actor: &Actor, district: &District, (section, version): (Uuid, Uuid), held: Day) -> Result<Room> {
    let today = district.today(tx.now());
    let section = sections::section(tx, actor, today, section).await?;
    let version = version_by_uid(tx, version).await?;
    let Some(published) = version.published_at.filter(|_| version.state != State::Draft) else { return Err(Problem::NotFound) };
    let first = district.today(published).max(today.plus(-LATEST));
    if held > today || held < first {
        return Err(Problem::invalid("held", format!("choose a day from {} to {}", first.iso(), today.iso())));
    }
    let pupils = sections::pupils(tx, section.id, held).await?;
    let ids: Vec<PersonId> = pupils.iter().map(|pupil| pupil.id).collect();
    let asked = courses::standing(tx, version.id.0, &ids).await?;
    let completed: HashSet<PersonId> = store::attestations::completed(tx, version.id, &ids).await?.into_iter().collect();
    let last: HashMap<PersonId, Presence> = store::attestations::last(tx, version.id, section.id).await?.into_iter().collect();
    let stand = |id: PersonId| match asked.get(&id) {
        Some(obligations::State::Exempt) => Stand::Excused,
        Some(obligations::State::Fulfilled) => Stand::Done,
        None if completed.contains(&id) => Stand::Done,
        _ if last.get(&id) == Some(&Presence::Excused) => Stand::Excused,
        _ => Stand::Open,
    };
    let seats = pupils.into_iter().map(|pupil| Seat { stand: stand(pupil.id), pupil }).collect();
    Ok(Room { section, version, held, seats })
}

/// Puts down that the lesson was given, and completes the course for everybody who was there. Returns the attestation's uid.
///
/// # Errors
/// As [`room`]; `Invalid` (`here`) where nobody was there, or somebody isn't of the class; `Conflict` where all who were there have it already.
pub async fn attest(tx: &mut Tx, actor: &Actor, district: &District, new: NewAttestation) -> Result<Uuid> {
    let room = room(tx, actor, district, (new.section, new.version), new.held).await?;
    let of_class: HashSet<Uuid> = room.seats.iter().map(|seat| seat.pupil.uid).collect();
    if new.here.is_empty() {
        return Err(Problem::invalid("here", "Mark who was there."));
    }
    if let Some(stranger) = new.here.iter().chain(&new.excused).find(|uid| !of_class.contains(uid)) {
        return Err(Problem::invalid("here", format!("{stranger} wasn't of this class on {}: load the page again", new.held.iso())));
    }
    let note = new.note.trim();
    if note.chars().count() > LONGEST_NOTE {
        return Err(Problem::invalid("note", format!("Write at most {LONGEST_NOTE} characters.")));
    }
    let (here, excused): (HashSet<Uuid>, HashSet<Uuid>) = (new.here.into_iter().collect(), new.excused.into_iter().collect());
    let seats: Vec<(PersonId, Presence)> = room
        .seats
        .iter()
        .filter(|seat| seat.stand != Stand::Done)
        .map(|seat| {
            let uid = &seat.pupil.uid;
            let presence = if excused.contains(uid) {
                Presence::Excused
            } else if here.contains(uid) {
                Presence::Here
            } else if seat.stand == Stand::Excused {
                Presence::Excused
            } else {
                Presence::Absent
            };
            (seat.pupil.id, presence)
        })
        .collect();
    let there: Vec<PersonId> = seats.iter().filter(|(_, presence)| *presence == Presence::Here).map(|(id, _)| *id).collect();
    if there.is_empty() {
        return Err(Problem::conflict("everybody whom you marked has completed this already: load the page again to see who hasn't"));
    }
    let held_at = district.zone.at(new.held, 12, 0);
    let (id, uid) = store::attestations::insert(tx, actor, (room.version.id, room.section.id), (new.held, held_at), note).await?;
    store::attestations::insert_students(tx, id, &seats).await?;
    for person in &there {
        obligations::complete(tx, district, *person, room.version.id.0).await?;
    }
    let detail =
        serde_json::json!({ "attestation": uid, "section": new.section, "held": new.held, "here": there.len(), "of": seats.len() });
    audit::record(tx, actor, "training.attested", &room.version.slug, detail).await?;
    Ok(uid)
}

/// The lesson with that uid. For whoever may stand before the class today, and for directors.
///
/// # Errors
/// `NotFound` for anybody else.
pub async fn read(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid) -> Result<Attestation> {
    let mut attestation = store::attestations::one(tx, uid).await?.ok_or(Problem::NotFound)?;
    if !actor.is_director() {
        let today = district.today(tx.now());
        sections::section(tx, actor, today, attestation.section).await?;
    }
    attestation.students = store::attestations::students(tx, attestation.id).await?;
    Ok(attestation)
}

/// Puts right who was there. Who was there after all has completed the course; who wasn't is asked for it again, unless it was completed
/// otherwise. What stood there before stays in the audit log.
///
/// # Errors
/// As [`read`]; `Invalid` (`presence`) for somebody who isn't in it.
pub async fn correct(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid, wanted: &BTreeMap<Uuid, Presence>) -> Result<usize> {
    let attestation = read(tx, actor, district, uid).await?;
    if let Some(stranger) = wanted.keys().find(|uid| !attestation.students.iter().any(|student| student.uid == **uid)) {
        return Err(Problem::invalid("presence", format!("{stranger} isn't in this lesson: load the page again")));
    }
    let mut changed = 0;
    for student in &attestation.students {
        let Some(presence) = wanted.get(&student.uid).copied().filter(|presence| *presence != student.presence) else { continue };
        store::attestations::set_presence(tx, attestation.id, student.id, presence).await?;
        if presence == Presence::Here {
            obligations::complete(tx, district, student.id, attestation.version_id.0).await?;
        } else if student.presence == Presence::Here
            && store::attestations::completed(tx, attestation.version_id, &[student.id]).await?.is_empty()
        {
            courses::ask_again(tx, district, student.id, attestation.version_id.0).await?;
        }
        let detail = serde_json::json!({ "attestation": uid, "student": student.uid, "before": student.presence, "after": presence });
        audit::record(tx, actor, "training.attestation_corrected", &uid.to_string(), detail).await?;
        changed += 1;
    }
    Ok(changed)
}
