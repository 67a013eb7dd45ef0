//! The demo's courses: all that are shipped, published; two for each of grades 6 to 12 and for staff required; most people take them.

use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Day, Moment, Reach, Result};
use crate::obligations::requirements::{AnswersAs, NewRequirement, Subject, Window, issue, save};
use crate::obligations::{self, State, tasks};
use crate::roster::District;
use crate::roster::audience::Rule;
use crate::training::{self, library};

/// Publishes the courses and asks for some of them, on the 22nd day of the year.
pub async fn require(tx: &mut Tx, actor: &Actor, district: &District, due: Day) -> Result<()> {
    for content in library::shipped() {
        training::take_from_library(tx, actor, &content.slug()).await?;
        let published = training::publish(tx, actor, &content.slug()).await?;
        let grades = |from: &[&str]| {
            Rule::All(vec![Rule::Role(vec!["student".into()]), Rule::Grade(from.iter().map(|g| (*g).to_owned()).collect())])
        };
        let audience = match content.slug().as_str() {
            "netiquette-6-8" | "cyberbullying-6-8" => grades(&["06", "07", "08"]),
            "netiquette-9-12" | "cyberbullying-9-12" => grades(&["09", "10", "11", "12"]),
            "filtering-staff" | "cyberbullying-staff" => Rule::AllStaff,
            _ => continue,
        };
        let version = published.version;
        let title = content.texts.get("en").map(|t| t.title.clone()).unwrap_or_default();
        let new = NewRequirement {
            title,
            subject: Subject::Course { version: version.id.0, root: version.course_id.0 },
            answers_as: AnswersAs::Oneself,
            audience,
            due: Some(due),
            join_days: 30,
            goal: 95,
            minutes: version.minutes.max(1),
            window: Window { yearly: true, ..Window::default() },
        };
        let requirement = save(tx, actor, district, new).await?;
        issue(tx, actor, district, requirement.uid).await?;
    }
    Ok(())
}

/// Most people take what they owe; some miss the mark at first and try again; some have only begun.
pub async fn take(tx: &mut Tx, operator: &Actor, district: &District, start: Day, now: Moment) -> Result<()> {
    for role in ["student", "teacher", "staff", "school_leader"] {
        for person in super::people::all(tx, operator, role).await? {
            let actor = Actor {
                account: AccountId(0),
                person: Some(person.id),
                name: format!("{} {}", person.given, person.family),
                roles: Vec::new(),
                reach: Reach::Own,
                by_link: false,
            };
            for task in tasks::of(tx, &actor).await? {
                if task.subject_kind != "course" || task.state != State::Open {
                    continue;
                }
                let mood = tx.chance().below(100);
                if mood >= 93 {
                    continue;
                }
                let day = 24 + i64::try_from(tx.chance().below(60)).unwrap_or(0);
                let hour = 8 + i8::try_from(tx.chance().below(9)).unwrap_or(0);
                let at = district.zone.at(start.plus(day), hour, 20);
                if at >= now {
                    continue;
                }
                tx.happen_at(at);
                let version = crate::kernel::CourseVersionId(task.subject_id);
                // Below 86: done, of those a tenth at the second try. From there on: begun and left.
                if mood >= 86 {
                    let attempt = training::start_or_resume(tx, &actor, person.id, version, "en").await?;
                    training::read_lesson(tx, &actor, attempt.uid, 1).await?;
                    continue;
                }
                let mut careless = mood < 9;
                loop {
                    let attempt = training::start_or_resume(tx, &actor, person.id, version, "en").await?;
                    if go_through(tx, &actor, district, attempt.uid, careless).await? {
                        break;
                    }
                    careless = false;
                }
            }
        }
    }
    Ok(())
}

/// Reads every lesson and answers every question, carelessly or as one who has read; whether it was passed.
async fn go_through(tx: &mut Tx, actor: &Actor, district: &District, attempt: uuid::Uuid, careless: bool) -> Result<bool> {
    let first = training::attempts::lesson(tx, actor, attempt, 1).await?;
    for n in 1..=first.of {
        training::read_lesson(tx, actor, attempt, n).await?;
    }
    let own = training::attempts::own(tx, actor, attempt).await?;
    let operator = Actor::operator(vec![district.root]);
    let content = training::publishing::content(tx, &operator, own.version_id).await?;
    let questions = training::question(tx, actor, attempt, 1).await?.of;
    for n in 1..=questions {
        let asked = training::question(tx, actor, attempt, n).await?;
        let known = content.texts.values().flat_map(|t| &t.questions).find(|q| q.id == asked.id && q.ask == asked.ask);
        let right: Vec<usize> = known.map_or_else(Vec::new, |q| {
            (1..)
                .zip(&asked.choices)
                .filter(|(_, text)| q.choices.iter().any(|c| c.right && c.text == **text))
                .map(|(place, _)| place)
                .collect()
        });
        let slip = if careless { 2 } else { 12 };
        let wrong = tx.chance().below(slip) == 0 && (careless || n == 1);
        let chosen = if wrong || right.is_empty() {
            let any = (1..=asked.choices.len()).find(|place| !right.contains(place)).unwrap_or(1);
            vec![any]
        } else {
            right
        };
        let _ = training::answer(tx, actor, attempt, &asked.id, &chosen).await?;
    }
    let finished = training::finish(tx, actor, attempt).await?;
    if let Some(completion) = finished.completion {
        obligations::complete(tx, district, completion.person, completion.course_version.0).await?;
    }
    Ok(finished.passed)
}
