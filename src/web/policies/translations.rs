//! Translations of a version: how each stands to the original, clause by clause; to begin one, and to say that it was read against the original.
//! And how hard a text reads, sentence by sentence.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};

use super::super::answer::{Answer, Html, done, page};
use super::super::desk::Author;
use super::super::reading::language_name;
use super::super::shell::Shell;
use crate::policies::compare::{self, Mark, Segment};
use crate::policies::{self, State, Version, readability, translating};

struct Line {
    language: String,
    name: String,
    state: &'static str,
    shape: &'static str,
    text: String,
    behind: usize,
}

#[derive(Template)]
#[template(path = "policies_translations.html")]
struct TranslationsPage {
    shell: Shell,
    version: Version,
    original: String,
    lines: Vec<Line>,
    draft: bool,
}

fn line(shell: &Shell, found: &translating::Translation) -> Line {
    let follows = found.follows.map(|n| shell.tv("translation-follows", "number", n)).unwrap_or_default();
    let read = match (&found.read_by, found.state) {
        (Some(read), translating::State::Read) => shell.tv("translation-read-by", "name", read.by_name.as_str()),
        _ => String::new(),
    };
    Line {
        name: language_name(shell, &found.language),
        state: found.state.name(),
        shape: match found.state {
            translating::State::Behind => "late",
            translating::State::Unread => "wait",
            translating::State::Read => "done",
        },
        text: [follows, read].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" "),
        behind: found.behind,
        language: found.language.clone(),
    }
}

#[get("/policies/<slug>/versions/<number>/translations")]
async fn all(author: Author<'_>, slug: &str, number: i64) -> Answer<Html> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let original = translating::original(&mut tx, version.id).await?;
    let shell = author.shell(author.t("translation-title"));
    let lines = translating::translations(&mut tx, &version).await?.iter().map(|found| line(&shell, found)).collect();
    let draft = version.state == State::Draft;
    page(&TranslationsPage { original: language_name(&shell, &original), lines, draft, version, shell })
}

struct PairView {
    clause: String,
    number: String,
    section: String,
    original: String,
    translation: String,
    standing: &'static str,
    /// What the original's words became since.
    since: Vec<Segment>,
    since_number: String,
}

#[derive(Template)]
#[template(path = "policies_translation.html")]
struct TranslationPage {
    shell: Shell,
    version: Version,
    line: Line,
    original: String,
    pairs: Vec<PairView>,
    may_edit: bool,
}

#[get("/policies/<slug>/versions/<number>/translations/<language>")]
async fn one(author: Author<'_>, slug: &str, number: i64, language: &str) -> Answer<Html> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let found = translating::one(&mut tx, &version, language).await?;
    let original = translating::original(&mut tx, version.id).await?;
    let name = language_name(&author.shell(""), language);
    let shell = author.shell(crate::web::words::say_with(author.locale, "translation-of", &[("language", name.into())]));
    let line = line(&shell, &found);
    let pairs = found
        .pairs
        .into_iter()
        .map(|pair| PairView {
            since: pair.followed.as_deref().map(|followed| compare::words(followed, &pair.original)).unwrap_or_default(),
            since_number: pair.followed_number.map(|n| n.to_string()).unwrap_or_default(),
            clause: pair.clause,
            number: pair.number,
            section: pair.section,
            original: pair.original,
            translation: pair.translation,
            standing: pair.standing.name(),
        })
        .collect();
    let may_edit = matches!(version.state, State::Draft | State::Open | State::Closed);
    page(&TranslationPage { shell, version, line, original, pairs, may_edit })
}

#[derive(FromForm)]
struct Begun<'r> {
    language: &'r str,
}

#[post("/policies/<slug>/versions/<number>/translations", data = "<form>")]
async fn begin(author: Author<'_>, slug: &str, number: i64, form: Form<Begun<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let language = form.language.trim();
    translating::begin(&mut tx, author.actor(), &version, language).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/versions/{number}/translations/{language}"), author.t("translation-begun")))
}

#[post("/policies/<slug>/versions/<number>/translations/<language>/reading")]
async fn mark_read(author: Author<'_>, slug: &str, number: i64, language: &str) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    translating::mark_read(&mut tx, author.actor(), &version, language).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/versions/{number}/translations"), author.t("translation-marked")))
}

struct Hard {
    clause: String,
    number: String,
    text: String,
    grade: String,
    words: i64,
}

#[derive(Template)]
#[template(path = "policies_plainness.html")]
struct PlainnessPage {
    shell: Shell,
    version: Version,
    language: String,
    /// Of the whole; `None`: not measured.
    grade: Option<String>,
    ceiling: Option<String>,
    above: bool,
    hard: Vec<Hard>,
    others: Vec<(String, String)>,
}

/// Sentences that are shown: the hardest.
const HARDEST: usize = 50;
/// Where no ceiling is set.
const USUAL_CEILING: f64 = 9.0;

#[get("/policies/<slug>/versions/<number>/plain-words?<language>")]
async fn plainness(author: Author<'_>, slug: &str, number: i64, language: Option<&str>) -> Answer<Html> {
    let mut tx = author.read().await?;
    let policy = policies::find(&mut tx, slug).await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let reading = policies::read(&mut tx, &version, Some(language.unwrap_or(author.locale.tag()))).await?;
    let text = policies::reading::text(&mut tx, version.id, &reading.language).await?;
    let shell = author.shell(author.t("plain-title"));
    let ceiling = policy.reading_ceiling.unwrap_or(USUAL_CEILING);
    let grade = readability::grade(&reading.language, &text.running());
    let mut hard: Vec<(f64, Hard)> = Vec::new();
    for clause in reading.sections.iter().flat_map(|s| &s.clauses) {
        for sentence in readability::sentences(&reading.language, &clause.body).into_iter().filter(|s| s.grade > ceiling) {
            let shown = Hard {
                clause: clause.id.clone(),
                number: clause.number.clone(),
                text: sentence.text,
                grade: format!("{:.0}", sentence.grade),
                words: sentence.words.into(),
            };
            hard.push((sentence.grade, shown));
        }
    }
    hard.sort_by(|a, b| b.0.total_cmp(&a.0));
    hard.truncate(HARDEST);
    let others = reading.languages.iter().filter(|l| **l != reading.language).map(|l| (l.clone(), language_name(&shell, l))).collect();
    page(&PlainnessPage {
        grade: grade.map(|grade| format!("{grade:.1}")),
        ceiling: policy.reading_ceiling.map(|ceiling| format!("{ceiling:.0}")),
        above: grade.is_some_and(|grade| grade > ceiling),
        hard: hard.into_iter().map(|(_, shown)| shown).collect(),
        language: reading.language,
        others,
        version,
        shell,
    })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("translations", |rocket| async { rocket.mount("/", routes![all, one, begin, mark_read, plainness]) })
}
