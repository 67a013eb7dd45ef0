//! One person's go at a course: begin or resume on any device, read lessons, answer questions, finish. An attempt belongs to
//! its person; to anybody else it isn't there. The answer key stays in here until the answer is given.
//!
//! What a learner does is kept in rows that the database never lets change, so it isn't written into the audit log as well.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::content::{Choice, Kind, minutes_of};
use super::publishing::pick;
use super::{State, order, store, version};
use crate::db::Tx;
use crate::kernel::{Actor, AttemptId, CourseVersionId, Day, Moment, PersonId, Problem, Result};
use crate::roster::district;

/// One go at one version of a course.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Attempt {
    #[serde(skip)]
    pub id: AttemptId,
    /// In addresses.
    pub uid: Uuid,
    #[serde(skip)]
    pub person_id: PersonId,
    #[serde(skip)]
    pub version_id: CourseVersionId,
    /// In which it is read.
    pub language: String,
    #[serde(skip)]
    pub(super) seed: i64,
    pub started_at: Moment,
    pub finished_at: Option<Moment>,
    /// Percent of the questions, rounded down.
    pub score: Option<i64>,
    pub passed: Option<bool>,
}

/// One lesson, as its reader sees it.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    /// From 1.
    pub number: i64,
    pub of: i64,
    pub title: String,
    pub minutes: i64,
    /// Markdown.
    pub body: String,
    /// Already marked as read.
    pub done: bool,
}

/// One question, as it is asked: nothing tells which choice is right until it is answered.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Its place in this attempt, from 1.
    pub number: usize,
    pub of: usize,
    pub id: String,
    pub kind: Kind,
    pub ask: String,
    /// The texts of the choices in the order of this attempt; a choice is named by its place, from 1.
    pub choices: Vec<String>,
    /// Once it is answered.
    pub answered: Option<Graded>,
}

/// What somebody chose, and what to learn from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// Its place in this attempt, from 1.
    pub place: usize,
    pub text: String,
    pub right: bool,
    pub feedback: String,
}

/// The answer to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Graded {
    pub right: bool,
    pub chosen: Vec<Chosen>,
    /// How many right choices were not chosen; which ones stays open for the next go.
    pub missed: usize,
}

/// Somebody has passed a course. Hand it to `obligations::complete` in the same transaction: what is due is then done.
#[must_use = "hand this to obligations::complete in the same transaction"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub person: PersonId,
    pub course_version: CourseVersionId,
    pub at: Moment,
    /// Percent.
    pub score: i64,
}

/// How an attempt ended.
#[must_use = "it may hold a completion: hand that to obligations::complete in the same transaction"]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Percent, rounded down.
    pub score: i64,
    pub passed: bool,
    /// For who has passed just now; `None` for a fail, and when the attempt was finished before.
    pub completion: Option<Completion>,
}

/// What comes next in an attempt. Lessons and questions count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing was begun, or the last attempt failed: start.
    Start,
    Lesson(i64),
    Question(usize),
    Finish,
    Done,
}

/// How far somebody is with a version.
#[derive(Debug, Clone, Serialize)]
pub struct Progress {
    /// The open attempt.
    pub open: Option<Uuid>,
    pub lessons_done: i64,
    pub lessons: i64,
    pub answered: i64,
    pub questions: i64,
    /// The day of the last pass.
    pub passed_on: Option<Day>,
    /// Percent, of the last finished attempt.
    pub last_score: Option<i64>,
    /// What is unread and unanswered, about; 0 once passed.
    pub minutes_left: i64,
    pub next: Step,
}

/// The attempt with that uid, if it is the actor's own.
///
/// # Errors
/// `NotFound`, also for somebody else's.
pub async fn own(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Attempt> {
    let attempt = store::attempts::by_uid(tx, uid).await?.ok_or(Problem::NotFound)?;
    if actor.person == Some(attempt.person_id) { Ok(attempt) } else { Err(Problem::NotFound) }
}

/// The same, and still open; for what changes it, its row is locked, so that a second device waits.
async fn own_open(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Attempt> {
    let attempt = own(tx, actor, uid).await?;
    if !store::attempts::hold(tx, attempt.id).await? {
        return Err(Problem::conflict("this attempt is finished: start another to answer again"));
    }
    Ok(attempt)
}

/// The person's open attempt at that version, or a new one. A language that the version has is taken up, also in the middle;
/// for one that it doesn't have English is given, or what there is. After a fail, the lessons that were read stay read.
///
/// # Errors
/// `NotFound` when the actor isn't the person, and for a draft.
pub async fn start_or_resume(
    tx: &mut Tx,
    actor: &Actor,
    person: PersonId,
    course_version: CourseVersionId,
    language: &str,
) -> Result<Attempt> {
    if actor.person != Some(person) || version(tx, course_version).await?.state == State::Draft {
        return Err(Problem::NotFound);
    }
    let languages = store::courses::languages(tx, course_version).await?;
    let language = pick(languages.iter(), language).ok_or(Problem::NotFound)?;
    let open = match store::attempts::open(tx, person, course_version).await? {
        Some(open) => open,
        None => begin(tx, person, course_version, &language).await?,
    };
    if open.language == language {
        return Ok(open);
    }
    store::attempts::set_language(tx, open.id, &language).await?;
    Ok(Attempt { language, ..open })
}

async fn begin(tx: &mut Tx, person: PersonId, course_version: CourseVersionId, language: &str) -> Result<Attempt> {
    let before = store::attempts::last_finished(tx, person, course_version).await?;
    let seed = i64::try_from(tx.chance().below(1 << 62)).unwrap_or(0);
    let fresh = store::attempts::insert(tx, person, course_version, language, seed).await?;
    // Another device was faster: its attempt is the open one.
    let open = store::attempts::open(tx, person, course_version).await?.ok_or_else(|| Problem::conflict("please try again"))?;
    if let (true, Some(failed)) = (fresh, before.filter(|b| b.passed == Some(false))) {
        store::attempts::carry_lessons(tx, failed.id, open.id).await?;
    }
    Ok(open)
}

/// Lesson `n` (from 1) of the attempt's version; changes nothing.
///
/// # Errors
/// `NotFound`.
pub async fn lesson(tx: &mut Tx, actor: &Actor, attempt: Uuid, n: i64) -> Result<Reading> {
    let attempt = own(tx, actor, attempt).await?;
    let found = store::attempts::lesson(tx, attempt.version_id, &attempt.language, n).await?.ok_or(Problem::NotFound)?;
    let of = i64::try_from(store::attempts::lesson_minutes(tx, attempt.version_id, &attempt.language).await?.len()).unwrap_or(0);
    let done = store::attempts::lessons_read(tx, attempt.id).await?.contains(&n);
    Ok(Reading { number: n, of, title: found.title, minutes: found.minutes, body: found.body, done })
}

/// Marks lesson `n` (from 1) as read; a second time changes nothing.
///
/// # Errors
/// `NotFound`; `Conflict` for a finished attempt.
pub async fn read_lesson(tx: &mut Tx, actor: &Actor, attempt: Uuid, n: i64) -> Result<Reading> {
    let found = lesson(tx, actor, attempt, n).await?;
    let attempt = own_open(tx, actor, attempt).await?;
    store::attempts::mark_read(tx, attempt.id, n).await?;
    Ok(Reading { done: true, ..found })
}

/// Question `n` (from 1) in the attempt's order.
///
/// # Errors
/// `NotFound`.
pub async fn question(tx: &mut Tx, actor: &Actor, attempt: Uuid, n: usize) -> Result<Asked> {
    let attempt = own(tx, actor, attempt).await?;
    let questions = store::courses::questions(tx, attempt.version_id, &attempt.language).await?;
    let order = order::shuffled(attempt.seed, "", questions.len());
    let at = n.checked_sub(1).and_then(|n| order.get(n)).copied().ok_or(Problem::NotFound)?;
    let found = &questions[at];
    let places = places(&attempt, &found.id, found.kind, found.choices.len());
    let given = store::attempts::answers(tx, attempt.id).await?.remove(&found.id);
    Ok(Asked {
        number: n,
        of: questions.len(),
        id: found.id.clone(),
        kind: found.kind,
        ask: found.ask.clone(),
        choices: places.iter().filter_map(|written| found.choices.get(*written)).map(|c| c.text.clone()).collect(),
        answered: given.map(|chosen| grade(&found.choices, &places, &chosen)),
    })
}

/// At which written choice each place of this attempt stands. True stays before false.
fn places(attempt: &Attempt, question: &str, kind: Kind, count: usize) -> Vec<usize> {
    if kind == Kind::TrueFalse { (0..count).collect() } else { order::shuffled(attempt.seed, question, count) }
}

/// `chosen`: the written numbers of the chosen choices, from 0.
fn grade(choices: &[Choice], places: &[usize], chosen: &[usize]) -> Graded {
    let said = places.iter().enumerate().filter(|(_, written)| chosen.contains(written)).filter_map(|(n, written)| {
        let choice = choices.get(*written)?;
        Some(Chosen { place: n + 1, text: choice.text.clone(), right: choice.right, feedback: choice.feedback.clone() })
    });
    let said: Vec<Chosen> = said.collect();
    let missed = choices.iter().enumerate().filter(|(n, c)| c.right && !chosen.contains(n)).count();
    Graded { right: missed == 0 && said.iter().all(|c| c.right), chosen: said, missed }
}

/// Answers a question once. `choices`: the places (from 1) of the chosen choices, as [`question`] showed them.
///
/// # Errors
/// `Invalid` for no choice, a place that there isn't, or two choices where one is asked for; `Conflict` when it was answered in
/// this attempt or the attempt is finished; `NotFound`.
pub async fn answer(tx: &mut Tx, actor: &Actor, attempt: Uuid, question: &str, choices: &[usize]) -> Result<Graded> {
    let attempt = own_open(tx, actor, attempt).await?;
    let questions = store::courses::questions(tx, attempt.version_id, &attempt.language).await?;
    let found = questions.iter().find(|q| q.id == question).ok_or(Problem::NotFound)?;
    let places = places(&attempt, &found.id, found.kind, found.choices.len());
    let mut chosen = Vec::new();
    for place in choices {
        let written = place.checked_sub(1).and_then(|n| places.get(n)).copied();
        chosen.push(
            written.ok_or_else(|| Problem::invalid("choices", format!("there is no choice {place}: choose from 1 to {}", places.len())))?,
        );
    }
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.is_empty() {
        return Err(Problem::invalid("choices", "choose an answer"));
    }
    if chosen.len() > 1 && found.kind != Kind::Several {
        return Err(Problem::invalid("choices", "choose one answer: this question has one"));
    }
    let graded = grade(&found.choices, &places, &chosen);
    if !store::attempts::insert_answer(tx, attempt.id, question, &chosen, graded.right).await? {
        return Err(Problem::conflict("you answered this question already; in a new attempt you can answer it again"));
    }
    Ok(graded)
}

/// Ends the attempt once every question is answered; a second time tells the same again, without a completion.
///
/// # Errors
/// `Conflict` while a question is open; `NotFound`.
pub async fn finish(tx: &mut Tx, actor: &Actor, attempt: Uuid) -> Result<Finished> {
    let attempt = own(tx, actor, attempt).await?;
    if !store::attempts::hold(tx, attempt.id).await? {
        let before = own(tx, actor, attempt.uid).await?;
        return Ok(Finished { score: before.score.unwrap_or(0), passed: before.passed == Some(true), completion: None });
    }
    let (answered, right) = store::attempts::count_answers(tx, attempt.id).await?;
    let questions = store::courses::questions(tx, attempt.version_id, &attempt.language).await?.len();
    let questions = i64::try_from(questions).unwrap_or(i64::MAX);
    if answered < questions {
        return Err(Problem::conflict(format!("{answered} of {questions} questions are answered: answer the others first")));
    }
    let score = right * 100 / questions.max(1);
    let passed = score >= version(tx, attempt.version_id).await?.pass_mark;
    store::attempts::finish(tx, attempt.id, score, passed).await?;
    let completion = passed.then(|| Completion { person: attempt.person_id, course_version: attempt.version_id, at: tx.now(), score });
    Ok(Finished { score, passed, completion })
}

/// How far a person is with a version: the open attempt, or else the last one. The caller has made sure that its reader may know.
///
/// # Errors
/// `NotFound` for an unknown version.
pub async fn progress(tx: &mut Tx, person: PersonId, course_version: CourseVersionId) -> Result<Progress> {
    let open = store::attempts::open(tx, person, course_version).await?;
    let last = store::attempts::last_finished(tx, person, course_version).await?;
    let passed_at = store::attempts::passed_at(tx, person, course_version).await?;
    let passed_on = match passed_at {
        Some(at) => Some(district::get(tx).await?.today(at)),
        None => None,
    };
    let counted = open.as_ref().or(last.as_ref());
    let language = match counted {
        Some(attempt) => attempt.language.clone(),
        None => store::courses::languages(tx, course_version).await?.into_iter().next().ok_or(Problem::NotFound)?,
    };
    let minutes = store::attempts::lesson_minutes(tx, course_version, &language).await?;
    let questions = store::courses::questions(tx, course_version, &language).await?;
    let (mut read, mut answers) = (Vec::new(), BTreeMap::new());
    if let Some(attempt) = counted {
        read = store::attempts::lessons_read(tx, attempt.id).await?;
        // A failed attempt's answers count no more: all are asked again.
        if attempt.passed != Some(false) {
            answers = store::attempts::answers(tx, attempt.id).await?;
        }
    }
    let passed = last.as_ref().is_some_and(|l| l.passed == Some(true)) && open.is_none();
    let next = match &open {
        None if passed => Step::Done,
        None => Step::Start,
        Some(attempt) => {
            let unread = (1..).zip(&minutes).map(|(n, _)| n).find(|n| !read.contains(n));
            let order = order::shuffled(attempt.seed, "", questions.len());
            let unanswered = order.iter().position(|at| !answers.contains_key(&questions[*at].id));
            unread.map(Step::Lesson).or(unanswered.map(|n| Step::Question(n + 1))).unwrap_or(Step::Finish)
        }
    };
    let unread: i64 = (1..).zip(&minutes).filter(|(n, _)| !read.contains(n)).map(|(_, m)| *m).sum();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Progress {
        open: open.map(|a| a.uid),
        lessons_done: count(read.len()),
        lessons: count(minutes.len()),
        answered: count(answers.len()),
        questions: count(questions.len()),
        passed_on,
        last_score: last.and_then(|l| l.score),
        minutes_left: if passed_on.is_some() { 0 } else { minutes_of(unread, questions.len() - answers.len()) },
        next,
    })
}

/// Every attempt of one person at a version, the latest first. The caller has made sure that its reader may know.
pub async fn history(tx: &mut Tx, person: PersonId, course_version: CourseVersionId) -> Result<Vec<Attempt>> {
    store::attempts::of_person(tx, person, course_version).await
}

/// The questions of a finished attempt that were not answered right, in its order: what was asked, and nothing of which choice is right.
///
/// # Errors
/// `NotFound`; `Conflict` for an attempt that isn't finished.
pub async fn missed(tx: &mut Tx, actor: &Actor, attempt: Uuid) -> Result<Vec<String>> {
    let attempt = own(tx, actor, attempt).await?;
    if attempt.finished_at.is_none() {
        return Err(Problem::conflict("this attempt isn't finished: answer its questions first"));
    }
    let questions = store::courses::questions(tx, attempt.version_id, &attempt.language).await?;
    let wrong = store::attempts::wrong(tx, attempt.id).await?;
    let order = order::shuffled(attempt.seed, "", questions.len());
    Ok(order.into_iter().map(|at| &questions[at]).filter(|q| wrong.contains(&q.id)).map(|q| q.ask.clone()).collect())
}

/// The titles of the lessons of the attempt's version, in their order.
///
/// # Errors
/// `NotFound`.
pub async fn lesson_titles(tx: &mut Tx, actor: &Actor, attempt: Uuid) -> Result<Vec<String>> {
    let attempt = own(tx, actor, attempt).await?;
    store::attempts::lesson_titles(tx, attempt.version_id, &attempt.language).await
}
