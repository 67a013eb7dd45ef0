//! A course from the library to publication and its next versions, and the catalogue. Drafts are written by authors, published
//! by directors.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use super::content::{CipaTopic, Content};
use super::{Audience, Course, State, Topic, Version, find, library, store, version, versions};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, CourseVersionId, Day, Problem, Result};
use crate::roster::district;

/// What a new version changes.
#[derive(Debug, Clone)]
pub struct Change {
    /// Whoever passed the version before is asked again.
    pub material: bool,
    /// Why it is material, or why it isn't.
    pub reason: String,
}

/// A version that has just been published. Where it is material, whoever issues requirements supersedes those of `replaces`.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    pub version: Version,
    #[serde(skip)]
    pub replaces: Option<CourseVersionId>,
}

/// One line of the catalogue.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub slug: String,
    pub topic: Topic,
    pub audience: Audience,
    pub version: Uuid,
    pub number: i64,
    pub state: State,
    pub minutes: i64,
    /// In the wanted language where there is one, else in another.
    pub title: String,
    pub summary: String,
    /// The languages that it is given in.
    pub languages: Vec<String>,
    pub last_review: Option<Day>,
}

/// What anybody may see of a version before taking it; no questions, no key.
#[derive(Debug, Clone, Serialize)]
pub struct Overview {
    pub language: String,
    pub languages: Vec<String>,
    pub title: String,
    pub summary: String,
    pub objectives: Vec<String>,
    pub sources: Vec<String>,
    pub elements: Vec<String>,
    pub cipa_topics: Vec<CipaTopic>,
    /// Title and minutes of each lesson.
    pub lessons: Vec<(String, i64)>,
    pub questions: usize,
    /// Markdown: in class and at home.
    pub activity: String,
    /// Markdown, for teachers.
    pub guide: Option<String>,
}

fn author(actor: &Actor) -> Result<()> {
    if actor.may_author() { Ok(()) } else { Err(Problem::NotFound) }
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// Takes a course of the shipped library as a draft.
///
/// # Errors
/// `Invalid` for a slug that the library doesn't hold; `Conflict` when it was taken already; `NotFound` for who may not write.
pub async fn take_from_library(tx: &mut Tx, actor: &Actor, slug: &str) -> Result<Version> {
    author(actor)?;
    let content = library::find(slug)?;
    if store::courses::by_slug(tx, slug).await?.is_some() {
        return Err(Problem::conflict(format!("“{slug}” was taken from the library already: revise the district's course instead")));
    }
    let course = store::courses::insert(tx, slug, &content).await?;
    let change = Change { material: true, reason: "the course is new".into() };
    let id = store::courses::insert_version(tx, actor, course, 1, &content, &change).await?;
    audit::record(tx, actor, "course.taken", slug, serde_json::json!({ "hash": content.hash()? })).await?;
    version(tx, id).await
}

/// Makes the next version from a changed text, or puts the text into the draft that there is.
///
/// # Errors
/// `Invalid` for content with faults or without a reason; `Conflict` when nothing is changed; `NotFound` for an unknown course
/// and for who may not write.
pub async fn revise(tx: &mut Tx, actor: &Actor, slug: &str, content: &Content, change: &Change) -> Result<Version> {
    author(actor)?;
    let course = find(tx, slug).await?;
    let mut checks = Checks::default();
    checks.require(!change.reason.trim().is_empty(), "reason", "say why people are, or aren't, to take the course again");
    checks.require(content.slug() == slug, "course", "topic and audience stay as they are: make another course for others");
    for (place, text) in content.faults() {
        checks.say(place.to_string(), text);
    }
    checks.done()?;
    let latest = versions(tx, course.id).await?.pop().ok_or(Problem::NotFound)?;
    if latest.hash == content.hash()? {
        return Err(Problem::conflict(format!("nothing is changed: version {} of “{slug}” says the same", latest.number)));
    }
    // The first version is new to everybody.
    let change = Change { material: change.material || (latest.state == State::Draft && latest.number == 1), ..change.clone() };
    let id = if latest.state == State::Draft {
        if !store::courses::replace_draft(tx, latest.id, content, &change).await? {
            return Err(Problem::conflict("the draft was published a moment ago: load the page again to see it"));
        }
        latest.id
    } else {
        store::courses::insert_version(tx, actor, course.id, latest.number + 1, content, &change).await?
    };
    let detail = serde_json::json!({ "hash": content.hash()?, "material": change.material, "reason": change.reason });
    audit::record(tx, actor, "course.revised", slug, detail).await?;
    version(tx, id).await
}

/// Publishes a course's draft; the version before it is superseded. Counts as a review. Directors only.
///
/// # Errors
/// `Conflict` where there is no draft; `NotFound` for an unknown course.
pub async fn publish(tx: &mut Tx, actor: &Actor, slug: &str) -> Result<Published> {
    director(actor)?;
    let course = find(tx, slug).await?;
    let all = versions(tx, course.id).await?;
    let no_draft = || Problem::conflict(format!("“{slug}” has no draft to publish: revise it first"));
    let draft = all.iter().find(|v| v.state == State::Draft).ok_or_else(no_draft)?;
    let replaces = all.iter().find(|v| v.state == State::Published).map(|v| v.id);
    if !store::courses::publish(tx, course.id, draft.id).await? {
        return Err(no_draft());
    }
    let today = district::get(tx).await?.today(tx.now());
    store::courses::set_review(tx, course.id, today).await?;
    let detail = serde_json::json!({ "version": draft.number, "material": draft.material, "hash": draft.hash });
    audit::record(tx, actor, "course.published", slug, detail).await?;
    Ok(Published { version: version(tx, draft.id).await?, replaces })
}

/// Notes that a published course was looked at again and stands.
///
/// # Errors
/// `Conflict` for a course that was never published; `NotFound` for an unknown one and for who may not write.
pub async fn mark_reviewed(tx: &mut Tx, actor: &Actor, slug: &str) -> Result<Course> {
    author(actor)?;
    let course = find(tx, slug).await?;
    if course.last_review.is_none() {
        return Err(Problem::conflict(format!("“{slug}” was never published: publish it, which counts as its first review")));
    }
    let today = district::get(tx).await?.today(tx.now());
    store::courses::set_review(tx, course.id, today).await?;
    audit::record(tx, actor, "course.reviewed", slug, serde_json::json!({ "day": today.iso() })).await?;
    find(tx, slug).await
}

/// The courses by topic and audience, with titles in that language where they have one. With `drafts`, for authors, also those
/// that were never published; a published one appears as it is given.
pub async fn catalogue(tx: &mut Tx, language: &str, drafts: bool) -> Result<Vec<Entry>> {
    let mut titles: BTreeMap<CourseVersionId, BTreeMap<String, (String, String)>> = BTreeMap::new();
    for (version, tag, title, summary) in store::courses::titles(tx).await? {
        titles.entry(version).or_default().insert(tag, (title, summary));
    }
    let mut entries = Vec::new();
    for (course, version) in store::courses::all_with_version(tx).await? {
        if version.state != State::Published && !drafts {
            continue;
        }
        let texts = titles.remove(&version.id).unwrap_or_default();
        let chosen = pick(texts.keys(), language).and_then(|tag| texts.get(&tag)).cloned().unwrap_or_default();
        entries.push(Entry {
            slug: course.slug,
            topic: course.topic,
            audience: course.audience,
            version: version.uid,
            number: version.number,
            state: version.state,
            minutes: version.minutes,
            title: chosen.0,
            summary: chosen.1,
            languages: texts.into_keys().collect(),
            last_review: course.last_review,
        });
    }
    entries.sort_by_key(|e| (e.topic, e.audience));
    Ok(entries)
}

/// The wanted language where there is one, else English, else the first.
pub(super) fn pick<'a>(languages: impl Iterator<Item = &'a String> + Clone, wanted: &str) -> Option<String> {
    let short = wanted.split('-').next().unwrap_or_default();
    let found = [wanted, short, "en"].into_iter().find_map(|tag| languages.clone().find(|l| *l == tag));
    found.or(languages.clone().next()).cloned()
}

/// What a version teaches, in that language where it has one. A draft is shown to authors alone, the guide to those who work
/// for the district alone.
///
/// # Errors
/// `NotFound`, also for a draft that the actor may not see.
pub async fn overview(tx: &mut Tx, actor: &Actor, id: CourseVersionId, language: &str) -> Result<Overview> {
    if version(tx, id).await?.state == State::Draft {
        author(actor)?;
    }
    let content = store::courses::content(tx, id).await?.ok_or(Problem::NotFound)?;
    let language = pick(content.texts.keys(), language).ok_or(Problem::NotFound)?;
    let languages: Vec<String> = content.texts.keys().cloned().collect();
    let mut texts = content.texts;
    let text = texts.remove(&language).ok_or(Problem::NotFound)?;
    Ok(Overview {
        language,
        languages,
        title: text.title,
        summary: text.summary,
        objectives: content.objectives,
        sources: content.sources,
        elements: content.elements,
        cipa_topics: content.cipa_topics,
        lessons: text.lessons.into_iter().map(|l| (l.title, l.minutes)).collect(),
        questions: text.questions.len(),
        activity: text.activity,
        guide: text.guide.filter(|_| works_for_the_district(actor)),
    })
}

fn works_for_the_district(actor: &Actor) -> bool {
    use crate::kernel::Role::{Auditor, Author, Director, SchoolLeader, Staff, Teacher};
    actor.roles.iter().any(|r| matches!(r, Director | Author | SchoolLeader | Teacher | Staff | Auditor))
}

/// All that a version says, answer key included: for authors.
///
/// # Errors
/// `NotFound`, also for who may not write.
pub async fn content(tx: &mut Tx, actor: &Actor, id: CourseVersionId) -> Result<Content> {
    author(actor)?;
    store::courses::content(tx, id).await?.ok_or(Problem::NotFound)
}
