//! Courses: the catalogue, taking one (lessons, questions, result), and for authors the way from the library to publication. One
//! lesson or question a page; leaving and coming back on any device goes on where one stopped.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::{Author, Director, Member};
use super::shell::Shell;
use crate::db::Tx;
use crate::kernel::{CourseVersionId, FieldError, Problem, Result};
use crate::obligations::requirements::ask_again;
use crate::obligations::{self, Subject, tasks};
use crate::policies::render;
use crate::training::attempts::{self, Asked, Attempt, Progress, Step};
use crate::training::publishing::{self, Overview};
use crate::training::statistics::{self, Warning};
use crate::training::{self, Kind, State, library};

struct Row {
    slug: String,
    title: String,
    summary: String,
    language: &'static str,
    line: String,
    state: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "courses_list.html")]
struct ListPage {
    shell: Shell,
    groups: Vec<(String, Vec<Row>)>,
    author: bool,
}

#[get("/courses")]
async fn list(member: Member<'_>) -> Answer<Html> {
    let mut tx = member.read().await?;
    let shell = member.shell(member.t("nav-training"));
    let author = member.actor.may_author();
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    let mut entries = training::catalogue(&mut tx, member.locale.tag(), author).await?;
    entries.sort_by_key(|e| (e.audience, e.topic));
    for entry in entries {
        let version = training::version_by_uid(&mut tx, entry.version).await?;
        let state = match (entry.state, member.actor.person) {
            (State::Draft, _) => Some(("wait", shell.t("policy-state-draft"))),
            (_, Some(person)) => match attempts::progress(&mut tx, person, version.id).await?.passed_on {
                Some(day) => Some(("done", shell.tv("tasks-completed", "day", shell.locale.day_of_year(day)))),
                None => None,
            },
            _ => None,
        };
        let audience = shell.t(&format!("course-audience-{}", entry.audience.name().to_lowercase()));
        let row = Row {
            line: shell.tvv("course-line", "topic", shell.t(&format!("course-topic-{}", entry.topic.name())), "minutes", entry.minutes),
            language: if entry.languages.iter().any(|l| l == member.locale.tag()) { member.locale.tag() } else { "en" },
            slug: entry.slug,
            title: entry.title,
            summary: entry.summary,
            state,
        };
        match groups.iter_mut().find(|(name, _)| *name == audience) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((audience, vec![row])),
        }
    }
    page(&ListPage { shell, groups, author })
}

struct Shipped {
    slug: String,
    title: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "courses_library.html")]
struct LibraryPage {
    shell: Shell,
    rows: Vec<Shipped>,
}

#[get("/courses/library")]
async fn shipped(author: Author<'_>) -> Answer<Html> {
    let mut tx = author.read().await?;
    let mut rows = Vec::new();
    for content in library::shipped() {
        let slug = content.slug();
        let known = match training::find(&mut tx, &slug).await {
            Ok(_) => true,
            Err(Problem::NotFound) => false,
            Err(problem) => return Err(problem.into()),
        };
        if let (false, Some(text)) = (known, content.texts.get(author.locale.tag()).or_else(|| content.texts.values().next())) {
            rows.push(Shipped { slug, title: text.title.clone(), summary: text.summary.clone() });
        }
    }
    page(&LibraryPage { shell: author.shell(author.t("course-library")), rows })
}

#[derive(FromForm)]
struct Take<'r> {
    slug: &'r str,
}

#[post("/courses", data = "<form>")]
async fn take(author: Author<'_>, form: Form<Take<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = training::take_from_library(&mut tx, author.actor(), form.slug).await?;
    tx.commit().await?;
    Ok(done(format!("/courses/{}", version.slug), author.t("course-taken")))
}

#[post("/courses/<slug>/publication")]
async fn publish(director: Director<'_>, slug: &str) -> Answer<Flash<Redirect>> {
    let mut tx = director.write().await?;
    let published = training::publish(&mut tx, director.actor(), slug).await?;
    if published.replaces.is_some() && published.version.material {
        let subject = Subject::Course { version: published.version.id.0, root: published.version.course_id.0 };
        ask_again(&mut tx, director.actor(), &director.district, subject, None).await?;
    }
    tx.commit().await?;
    Ok(done(format!("/courses/{slug}"), director.t("course-published")))
}

#[derive(Template)]
#[template(path = "courses_one.html")]
struct OnePage {
    shell: Shell,
    slug: String,
    version: training::Version,
    overview: Overview,
    progress: Option<Progress>,
    passed: Option<String>,
    activity: String,
    guide: Option<String>,
    draft: bool,
    director: bool,
    /// Where lessons are given to classes, for whoever gives them.
    teaching: Option<&'static str>,
    /// How the questions do, for authors.
    questions: Option<String>,
}

#[get("/courses/<slug>?<version>")]
async fn one(member: Member<'_>, slug: &str, version: Option<i64>) -> Answer<Html> {
    let mut tx = member.read().await?;
    let course = training::find(&mut tx, slug).await?;
    let versions = training::versions(&mut tx, course.id).await?;
    let author = member.actor.may_author();
    let found = if let Some(number) = version {
        versions.into_iter().find(|v| v.number == number && (author || v.state != State::Draft))
    } else {
        let mut versions = versions;
        versions.sort_by_key(|v| (v.state == State::Published, v.number));
        versions.into_iter().rev().find(|v| author || v.state != State::Draft)
    };
    let version = found.ok_or(Problem::NotFound)?;
    opens(&mut tx, member, version.id).await?;
    let overview = training::overview(&mut tx, member.actor, version.id, member.locale.tag()).await?;
    let progress = match member.actor.person {
        Some(person) if version.state != State::Draft => Some(attempts::progress(&mut tx, person, version.id).await?),
        _ => None,
    };
    let shell = member.shell(overview.title.clone());
    let sees_guide = author || member.actor.has(crate::kernel::Role::Teacher);
    page(&OnePage {
        slug: slug.to_owned(),
        passed: progress.as_ref().and_then(|p| p.passed_on).map(|d| shell.locale.day(d)),
        activity: render::html(&overview.activity),
        guide: overview.guide.as_deref().filter(|_| sees_guide).map(render::html),
        draft: version.state == State::Draft,
        director: member.actor.is_director(),
        questions: (author && version.state != State::Draft).then(|| format!("/courses/{slug}/questions?version={}", version.number)),
        teaching: (member.actor.has(crate::kernel::Role::Teacher) || member.actor.has(crate::kernel::Role::SchoolLeader))
            .then_some("/teaching"),
        progress,
        overview,
        version,
        shell,
    })
}

/// A question with its figures, in words.
struct ItemRow {
    ask: String,
    people: i64,
    figures: Option<ItemFigures>,
}

struct ItemFigures {
    judgement: String,
    warning: Option<String>,
    line: String,
    choices: Vec<statistics::Taken>,
}

fn item_row(shell: &Shell, item: statistics::Item) -> ItemRow {
    let figures = item.figures.map(|f| ItemFigures {
        judgement: shell.t(if f.warning.is_some() { "items-look" } else { "items-fine" }),
        warning: f.warning.map(|warning| {
            shell.t(match warning {
                Warning::Backwards => "items-backwards",
                Warning::Misleads => "items-misleads",
                Warning::Flat => "items-flat",
            })
        }),
        line: shell.tvvv(
            "items-line",
            "right",
            f.right,
            "people",
            shell.number(&item.people),
            "fit",
            f.discrimination.map_or_else(|| shell.t("items-fit-none"), |d| format!("{d:.2}")),
        ),
        choices: f.choices,
    });
    ItemRow { ask: item.ask, people: item.people, figures }
}

#[derive(Template)]
#[template(path = "courses_questions.html")]
struct QuestionsPage {
    shell: Shell,
    slug: String,
    number: i64,
    course: String,
    language: String,
    items: Vec<ItemRow>,
    warned: usize,
    fewest: i64,
}

/// How the questions do; those that need a look stand first.
#[get("/courses/<slug>/questions?<version>")]
async fn questions(author: Author<'_>, slug: &str, version: Option<i64>) -> Answer<Html> {
    let mut tx = author.read().await?;
    let course = training::find(&mut tx, slug).await?;
    let versions = training::versions(&mut tx, course.id).await?;
    let found = versions.into_iter().filter(|v| v.state != State::Draft).rfind(|v| version.is_none_or(|number| v.number == number));
    let version = found.ok_or(Problem::NotFound)?;
    let overview = training::overview(&mut tx, author.actor(), version.id, author.locale.tag()).await?;
    let mut items = statistics::items(&mut tx, author.actor(), version.id, author.locale.tag()).await?;
    drop(tx);
    let is_fine = |item: &statistics::Item| item.figures.as_ref().is_none_or(|f| f.warning.is_none());
    items.sort_by_key(is_fine);
    let shell = author.shell(author.t("items-title"));
    page(&QuestionsPage {
        slug: slug.to_owned(),
        number: version.number,
        course: overview.title,
        language: overview.language,
        warned: items.iter().filter(|item| !is_fine(item)).count(),
        items: items.into_iter().map(|item| item_row(&shell, item)).collect(),
        fewest: statistics::FEWEST,
        shell,
    })
}

/// By a link in a mail one takes what is asked of oneself, and no other course.
///
/// # Errors
/// `NotFound` for any other.
async fn opens(tx: &mut Tx, member: Member<'_>, version: CourseVersionId) -> Result<()> {
    let asked = |task: &tasks::Task| task.subject_kind == "course" && task.subject_id == version.0;
    if !member.actor.by_link || tasks::of(tx, member.actor).await?.iter().any(asked) { Ok(()) } else { Err(Problem::NotFound) }
}

/// The reader's own attempt at a course that opens to them.
async fn own(tx: &mut Tx, member: Member<'_>, uid: Uuid) -> Result<Attempt> {
    let attempt = attempts::own(tx, member.actor, uid).await?;
    opens(tx, member, attempt.version_id).await?;
    Ok(attempt)
}

/// From a task to its course, in the version that is asked for.
#[get("/tasks/<requirement>/<about>/course")]
async fn of_task(member: Member<'_>, requirement: Uuid, about: Uuid) -> Answer<Redirect> {
    let mut tx = member.read().await?;
    let task = tasks::one(&mut tx, member.actor, requirement, about).await?;
    if task.subject_kind != "course" {
        return Err(Problem::NotFound.into());
    }
    let version = training::version(&mut tx, CourseVersionId(task.subject_id)).await?;
    Ok(Redirect::to(format!("/courses/{}?version={}", version.slug, version.number)))
}

#[derive(FromForm)]
struct Start {
    version: Uuid,
}

#[post("/courses/<slug>/attempts", data = "<form>")]
async fn start(member: Member<'_>, slug: &str, form: Form<Start>) -> Answer<Redirect> {
    let person = member.actor.person.ok_or(Problem::NotFound)?;
    let mut tx = member.write().await?;
    let version = training::version_by_uid(&mut tx, form.version).await?;
    if version.slug != slug {
        return Err(Problem::NotFound.into());
    }
    opens(&mut tx, member, version.id).await?;
    let attempt = training::start_or_resume(&mut tx, member.actor, person, version.id, member.locale.tag()).await?;
    tx.commit().await?;
    Ok(Redirect::to(format!("/attempts/{}", attempt.uid)))
}

/// Goes on where one stopped.
#[get("/attempts/<uid>")]
async fn go_on(member: Member<'_>, uid: Uuid) -> Answer<Redirect> {
    let mut tx = member.read().await?;
    let attempt = own(&mut tx, member, uid).await?;
    if attempt.finished_at.is_some() {
        return Ok(Redirect::to(format!("/attempts/{uid}/result")));
    }
    let progress = training::progress(&mut tx, attempt.person_id, attempt.version_id).await?;
    Ok(Redirect::to(match progress.next {
        Step::Lesson(n) => format!("/attempts/{uid}/lessons/{n}"),
        Step::Question(n) => format!("/attempts/{uid}/questions/{n}"),
        Step::Start | Step::Finish | Step::Done => format!("/attempts/{uid}/result"),
    }))
}

#[derive(Template)]
#[template(path = "courses_lesson.html")]
struct LessonPage {
    shell: Shell,
    uid: Uuid,
    number: i64,
    of: i64,
    title: String,
    html: String,
    language: String,
    finished: bool,
}

#[get("/attempts/<uid>/lessons/<n>")]
async fn lesson(member: Member<'_>, uid: Uuid, n: i64) -> Answer<Html> {
    let mut tx = member.read().await?;
    let attempt = own(&mut tx, member, uid).await?;
    let reading = attempts::lesson(&mut tx, member.actor, uid, n).await?;
    page(&LessonPage {
        shell: member.shell(reading.title.clone()),
        uid,
        number: reading.number,
        of: reading.of,
        html: render::lesson(&reading.body),
        title: reading.title,
        language: attempt.language,
        finished: attempt.finished_at.is_some(),
    })
}

#[post("/attempts/<uid>/lessons/<n>")]
async fn read_lesson(member: Member<'_>, uid: Uuid, n: i64) -> Answer<Redirect> {
    let mut tx = member.write().await?;
    own(&mut tx, member, uid).await?;
    training::read_lesson(&mut tx, member.actor, uid, n).await?;
    tx.commit().await?;
    Ok(Redirect::to(format!("/attempts/{uid}")))
}

#[derive(Template)]
#[template(path = "courses_question.html")]
struct QuestionPage {
    shell: Shell,
    uid: Uuid,
    asked: Asked,
    language: String,
    several: bool,
}

async fn question_page(member: Member<'_>, uid: Uuid, n: usize, problems: Vec<FieldError>) -> Answer<QuestionPage> {
    let mut tx = member.read().await?;
    let attempt = own(&mut tx, member, uid).await?;
    let asked = training::question(&mut tx, member.actor, uid, n).await?;
    let shell = member
        .shell(super::words::say_with(member.locale, "course-question-of", &[("number", n.into()), ("of", asked.of.into())]))
        .with_problems(problems);
    Ok(QuestionPage { several: asked.kind == Kind::Several, shell, uid, asked, language: attempt.language })
}

#[get("/attempts/<uid>/questions/<n>")]
async fn question(member: Member<'_>, uid: Uuid, n: usize) -> Answer<Html> {
    page(&question_page(member, uid, n, Vec::new()).await?)
}

#[derive(FromForm)]
struct Chosen {
    choice: Vec<usize>,
}

#[post("/attempts/<uid>/questions/<n>", data = "<form>")]
async fn answer(member: Member<'_>, uid: Uuid, n: usize, form: Form<Chosen>) -> Answer<std::result::Result<Redirect, Html>> {
    let mut tx = member.write().await?;
    own(&mut tx, member, uid).await?;
    let asked = training::question(&mut tx, member.actor, uid, n).await?;
    if form.choice.is_empty() {
        drop(tx);
        let problems = vec![FieldError { field: "choice-1".into(), text: member.t("course-choose") }];
        return Ok(Err(form_again(&question_page(member, uid, n, problems).await?)?));
    }
    // The page that follows shows what to learn from it.
    let _ = training::answer(&mut tx, member.actor, uid, &asked.id, &form.choice).await?;
    tx.commit().await?;
    Ok(Ok(Redirect::to(format!("/attempts/{uid}/questions/{n}"))))
}

#[derive(Template)]
#[template(path = "courses_result.html")]
struct ResultPage {
    shell: Shell,
    uid: Uuid,
    slug: String,
    version: training::Version,
    score: Option<i64>,
    passed: bool,
    language: String,
    /// After a fail: the questions that were missed, and the lessons to read again (number and title).
    missed: Vec<String>,
    lessons: Vec<(usize, String)>,
}

#[get("/attempts/<uid>/result")]
async fn result(member: Member<'_>, uid: Uuid) -> Answer<Html> {
    let mut tx = member.read().await?;
    let attempt = own(&mut tx, member, uid).await?;
    let version = training::version(&mut tx, attempt.version_id).await?;
    let (missed, lessons) = if attempt.passed == Some(false) {
        (attempts::missed(&mut tx, member.actor, uid).await?, attempts::lesson_titles(&mut tx, member.actor, uid).await?)
    } else {
        (Vec::new(), Vec::new())
    };
    page(&ResultPage {
        missed,
        lessons: (1..).zip(lessons).collect(),
        language: attempt.language.clone(),
        shell: member.shell(member.t("course-result")),
        uid,
        slug: version.slug.clone(),
        score: attempt.score,
        passed: attempt.passed == Some(true),
        version,
    })
}

#[post("/attempts/<uid>/result")]
async fn finish(member: Member<'_>, uid: Uuid) -> Answer<Redirect> {
    let mut tx = member.write().await?;
    own(&mut tx, member, uid).await?;
    let finished = training::finish(&mut tx, member.actor, uid).await?;
    if let Some(completion) = finished.completion {
        obligations::complete(&mut tx, &member.district, completion.person, completion.course_version.0).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(format!("/attempts/{uid}/result")))
}

/// What can be required of people: published courses.
pub async fn subjects(tx: &mut Tx, locale: crate::kernel::Locale) -> Result<Vec<super::requirements::SubjectChoice>> {
    let mut choices = Vec::new();
    for entry in publishing::catalogue(tx, locale.tag(), false).await? {
        let version = training::version_by_uid(tx, entry.version).await?;
        choices.push(super::requirements::SubjectChoice {
            kind: "course",
            version: version.id.0,
            root: version.course_id.0,
            title: entry.title,
            minutes: entry.minutes.max(1),
        });
    }
    Ok(choices)
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("courses", |rocket| async {
        rocket.mount(
            "/",
            routes![
                list,
                shipped,
                take,
                publish,
                one,
                questions,
                of_task,
                start,
                go_on,
                lesson,
                read_lesson,
                question,
                answer,
                result,
                finish
            ],
        )
    })
}
