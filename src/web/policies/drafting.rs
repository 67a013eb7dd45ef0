//! From the library to a draft, a clause at a time, to publication. For authors; publishing for directors.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use std::collections::{BTreeMap, HashMap};

use super::super::answer::{Answer, Html, done, form_again, page};
use super::super::desk::{Author, Director};
use super::super::shell::Shell;
use crate::kernel::{Day, FieldError, Problem};
use crate::obligations::Subject;
use crate::obligations::requirements::ask_again;
use crate::policies::compare::{self, Mark, Segment};
use crate::policies::importing::id_of;
use crate::policies::{self, Audience, Clause, Kind, NewPolicy, Revision, Section, State, Text, Version, library, translating};

struct ShippedRow {
    slug: String,
    title: String,
    summary: String,
    languages: String,
    taken: bool,
}

#[derive(Template)]
#[template(path = "policies_library.html")]
struct LibraryPage {
    shell: Shell,
    rows: Vec<ShippedRow>,
}

#[get("/policies/library")]
async fn shipped(author: Author<'_>) -> Answer<Html> {
    let mut tx = author.read().await?;
    let have: Vec<String> = policies::all(&mut tx).await?.into_iter().map(|p| p.slug).collect();
    let shell = author.shell(author.t("policy-library"));
    let rows = library::shipped()
        .into_iter()
        .filter_map(|s| {
            let document = s.documents.get(shell.locale.tag()).or_else(|| s.documents.get("en")).or_else(|| s.documents.values().next())?;
            Some(ShippedRow {
                title: document.text.title.clone(),
                summary: document.text.summary.clone(),
                languages: s.documents.keys().map(|l| super::super::reading::language_name(&shell, l)).collect::<Vec<_>>().join(", "),
                taken: have.contains(&s.slug),
                slug: s.slug,
            })
        })
        .collect();
    page(&LibraryPage { shell, rows })
}

#[derive(FromForm)]
struct Take<'r> {
    slug: &'r str,
}

#[post("/policies", data = "<form>")]
async fn take(author: Author<'_>, form: Form<Take<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::take(&mut tx, author.actor(), form.slug).await?;
    tx.commit().await?;
    Ok(done(address(&version), author.t("policy-taken")))
}

fn address(version: &Version) -> String {
    format!("/policies/{}/versions/{}", version.slug, version.number)
}

#[derive(Template)]
#[template(path = "policies_new.html")]
struct NewPage {
    shell: Shell,
    form: New,
}

#[derive(FromForm, Default, Clone)]
struct New {
    slug: String,
    title: String,
    summary: String,
    kind: String,
    audience: String,
    statement: String,
    if_declined: String,
    section: String,
    body: String,
}

#[get("/policies/new")]
fn new_page(author: Author<'_>) -> Answer<Html> {
    page(&NewPage { shell: author.shell(author.t("policy-new")), form: New::default() })
}

#[post("/policies/new", data = "<form>")]
async fn create(author: Author<'_>, form: Form<New>) -> Answer<Result<Flash<Redirect>, Html>> {
    let form = form.into_inner();
    let section_id = id_of(&form.section);
    let text = Text {
        language: author.district.language.clone(),
        title: form.title.clone(),
        summary: form.summary.clone(),
        statement: form.statement.clone(),
        if_declined: form.if_declined.clone(),
        consents: Vec::new(),
        sections: vec![Section {
            title: form.section.clone(),
            clauses: vec![Clause { id: format!("{section_id}-1"), elements: Vec::new(), body: form.body.clone() }],
            id: section_id,
        }],
    };
    let new = NewPolicy {
        slug: form.slug.trim().to_owned(),
        kind: Kind::named(&form.kind).unwrap_or(Kind::BoardPolicy),
        audience: Audience::named(&form.audience).unwrap_or(Audience::All),
        owner: String::new(),
        reading_ceiling: None,
        review_months: 12,
        texts: vec![text],
    };
    let mut tx = author.write().await?;
    match policies::create(&mut tx, author.actor(), new).await {
        Ok(version) => {
            tx.commit().await?;
            Ok(Ok(done(address(&version), author.t("policy-made"))))
        }
        Err(Problem::Invalid(errors)) => {
            let shell = author.shell(author.t("policy-new")).with_problems(errors);
            Ok(Err(form_again(&NewPage { shell, form })?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(Template)]
#[template(path = "policies_clause.html")]
struct ClausePage {
    shell: Shell,
    version: Version,
    language: String,
    id: String,
    body: String,
    elements: String,
    expected: String,
    /// After feedback has begun a change needs its reason.
    needs_reason: bool,
    reason: String,
    comment: String,
    /// The comment because of which it is changed: who wrote it, and what.
    because: Option<(String, String)>,
    /// What somebody else has written meanwhile.
    theirs: Option<String>,
    /// Of a translation: the original's language, words, and what changed in them since they were translated.
    original: Option<(String, String, Vec<Segment>)>,
    /// It isn't translated yet, and its section has no title in this language.
    new_section: bool,
    /// Words that stood here before: until when and who changed them, and the words.
    earlier: Vec<(String, String)>,
    /// Others who changed this draft a moment ago.
    at_work: Vec<String>,
    /// Where it can be moved to: value and name.
    places: Vec<(String, String)>,
    /// The hash of the whole text, for moving and taking out.
    whole: String,
}

async fn clause_page(author: Author<'_>, slug: &str, number: i64, id: &str, language: Option<&str>) -> Answer<ClausePage> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let source = translating::original(&mut tx, version.id).await?;
    let reading = policies::read(&mut tx, &version, Some(language.unwrap_or(&source))).await?;
    let pair = if reading.language == source {
        None
    } else {
        translating::one(&mut tx, &version, &reading.language).await?.pairs.into_iter().find(|pair| pair.clause == id)
    };
    let clause = reading.clause(id);
    let number = clause.map(|c| c.number.clone()).or_else(|| pair.as_ref().map(|p| p.number.clone())).ok_or(Problem::NotFound)?;
    let shell = author.shell(crate::web::words::say_with(author.locale, "policy-edit-clause", &[("number", number.into())]));
    let earlier = policies::earlier_words(&mut tx, author.actor(), version.id, &reading.language, id).await?;
    let earlier = earlier
        .into_iter()
        .map(|words| {
            let day = shell.locale.day(author.district.zone.day(words.at));
            let time = shell.locale.time(author.district.zone.time_of_day(words.at));
            (shell.tvvv("policy-earlier-until", "day", day, "time", time, "name", words.by_name), words.body)
        })
        .collect();
    let at_work = policies::others_at_work(&mut tx, author.actor(), version.id).await?.into_iter().map(|(name, _)| name).collect();
    let mut places = Vec::new();
    for section in &reading.sections {
        places.push((
            format!("section:{}", section.id),
            shell.tvv("policy-move-first", "number", section.number.as_str(), "title", section.title.as_str()),
        ));
        for other in section.clauses.iter().filter(|c| c.id != id) {
            places.push((format!("clause:{}", other.id), shell.tv("policy-move-after", "number", other.number.as_str())));
        }
    }
    let text = policies::reading::text(&mut tx, version.id, &source).await?;
    let new_section =
        clause.is_none() && text.place(id).is_some_and(|(s, _)| !reading.sections.iter().any(|there| there.id == text.sections[s].id));
    Ok(ClausePage {
        needs_reason: version.state != State::Draft,
        id: id.to_owned(),
        body: clause.map(|c| c.body.clone()).unwrap_or_default(),
        elements: clause.map(|c| c.elements.join(", ")).unwrap_or_default(),
        expected: clause.map(|c| c.hash.clone()).unwrap_or_default(),
        language: reading.language.clone(),
        reason: String::new(),
        comment: String::new(),
        because: None,
        theirs: None,
        original: pair.map(|pair| {
            let since = pair.followed.as_deref().map(|followed| compare::words(followed, &pair.original)).unwrap_or_default();
            (source, pair.original, since)
        }),
        new_section,
        earlier,
        at_work,
        places,
        whole: reading.hash.clone(),
        version,
        shell,
    })
}

/// The comment of that uid on the version, if it is one of its own.
async fn because(author: Author<'_>, page: &ClausePage, comment: &str) -> Answer<Option<(String, String)>> {
    let Ok(uid) = comment.parse::<uuid::Uuid>() else { return Ok(None) };
    let mut tx = author.read().await?;
    let found = crate::feedback::list(&mut tx, Some(author.actor()), page.version.id).await?.into_iter().find(|c| c.uid == uid);
    Ok(found.map(|comment| (super::feedback::who(&page.shell, &comment), comment.body)))
}

#[get("/policies/<slug>/versions/<number>/clauses/<id>?<language>&<comment>")]
async fn edit_clause(
    author: Author<'_>,
    slug: &str,
    number: i64,
    id: &str,
    language: Option<&str>,
    comment: Option<String>,
) -> Answer<Html> {
    let mut form = clause_page(author, slug, number, id, language).await?;
    if !matches!(form.version.state, State::Draft | State::Open | State::Closed) {
        return Err(Problem::conflict("What has been adopted never changes: begin a new version instead.").into());
    }
    form.comment = comment.unwrap_or_default();
    form.because = because(author, &form, &form.comment).await?;
    page(&form)
}

#[derive(FromForm)]
struct Edited {
    language: String,
    expected: String,
    body: String,
    #[field(default = String::new())]
    elements: String,
    #[field(default = String::new())]
    section_title: String,
    #[field(default = String::new())]
    reason: String,
    #[field(default = String::new())]
    comment: String,
}

#[post("/policies/<slug>/versions/<number>/clauses/<id>", data = "<form>")]
async fn save_clause(author: Author<'_>, slug: &str, number: i64, id: &str, form: Form<Edited>) -> Answer<Result<Flash<Redirect>, Html>> {
    let form = form.into_inner();
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let elements = form.elements.split([',', ' ']).map(str::trim).filter(|e| !e.is_empty()).map(str::to_owned).collect();
    let saved = if version.state == State::Draft && form.expected.is_empty() {
        translating::write(&mut tx, author.actor(), &version, (&form.language, id), &form.section_title, &form.body).await
    } else if version.state == State::Draft {
        let clause = Clause { id: id.to_owned(), elements, body: form.body.clone() };
        policies::set_clause(&mut tx, author.actor(), version.id, &form.language, &form.expected, clause).await.map(drop)
    } else {
        let revision = Revision {
            language: form.language.clone(),
            clause: id.to_owned(),
            body: form.body.clone(),
            expected: form.expected.clone(),
            comment: form.comment.parse().ok(),
            reason: form.reason.clone(),
        };
        crate::feedback::revise(&mut tx, author.actor(), version.id, revision).await.map(drop)
    };
    match saved {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(done(format!("{}?language={}#{id}", address(&version), form.language), author.t("policy-clause-saved"))))
        }
        Err(problem @ (Problem::Invalid(_) | Problem::Conflict(_))) => {
            drop(tx);
            // Nobody's words are lost: both texts are shown.
            let mut again = clause_page(author, slug, number, id, Some(&form.language)).await?;
            again.because = because(author, &again, &form.comment).await?;
            let problems = match problem {
                Problem::Invalid(errors) => errors,
                other => vec![FieldError { field: "body".into(), text: other.to_string() }],
            };
            if again.expected != form.expected {
                again.theirs = Some(again.body.clone());
            }
            again.body = form.body;
            again.reason = form.reason;
            again.comment = form.comment;
            again.elements = form.elements;
            again.shell = again.shell.with_problems(problems);
            Ok(Err(form_again(&again)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
struct Added {
    section: String,
    #[field(default = String::new())]
    section_title: String,
    body: String,
}

#[post("/policies/<slug>/versions/<number>/clauses", data = "<form>")]
async fn add_clause(author: Author<'_>, slug: &str, number: i64, form: Form<Added>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let language = author.district.language.clone();
    let reading = policies::read(&mut tx, &version, Some(&language)).await?;
    let known = reading.sections.iter().find(|s| s.id == form.section);
    let (section, after) = match known {
        Some(section) => (section.id.clone(), section.clauses.last().map(|c| c.id.clone())),
        None => (id_of(&form.section_title), None),
    };
    // An id that no clause of this version has.
    let taken = |id: &str| reading.clause(id).is_some();
    let id = (1..10_000).map(|n| format!("{section}-{n}")).find(|id| !taken(id)).unwrap_or_default();
    let clause = Clause { id: id.clone(), elements: Vec::new(), body: form.body.clone() };
    policies::add_clause(
        &mut tx,
        author.actor(),
        version.id,
        (&reading.language, &reading.hash),
        (&section, form.section_title.trim()),
        after.as_deref(),
        clause,
    )
    .await?;
    tx.commit().await?;
    Ok(done(format!("{}#{id}", address(&version)), author.t("policy-clause-added")))
}

#[derive(FromForm)]
struct Removed<'r> {
    language: &'r str,
    /// The hash of the text as the page showed it: what somebody wrote since isn't taken out unseen.
    expected: &'r str,
}

#[post("/policies/<slug>/versions/<number>/clauses/<id>/removal", data = "<form>")]
async fn remove_clause(author: Author<'_>, slug: &str, number: i64, id: &str, form: Form<Removed<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    policies::remove_clause(&mut tx, author.actor(), version.id, (form.language, form.expected), id).await?;
    tx.commit().await?;
    Ok(done(address(&version), author.t("policy-clause-removed")))
}

#[derive(Template)]
#[template(path = "policies_blanks.html")]
struct BlanksPage {
    shell: Shell,
    version: Version,
    blanks: Vec<(String, String)>,
}

#[get("/policies/<slug>/versions/<number>/blanks")]
async fn blanks(author: Author<'_>, slug: &str, number: i64) -> Answer<Html> {
    let mut tx = author.read().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let blanks = policies::reading::open_blanks(&mut tx, version.id).await?.into_iter().map(|b| (b, String::new())).collect();
    page(&BlanksPage { shell: author.shell(author.t("policy-blanks")), version, blanks })
}

#[derive(FromForm)]
struct Filled {
    blank: HashMap<String, String>,
}

#[post("/policies/<slug>/versions/<number>/blanks", data = "<form>")]
async fn fill(author: Author<'_>, slug: &str, number: i64, form: Form<Filled>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let names = policies::reading::open_blanks(&mut tx, version.id).await?;
    // Fields are numbered: a blank's name may hold anything.
    let values: BTreeMap<String, String> = names
        .into_iter()
        .enumerate()
        .filter_map(|(n, name)| Some((name, form.blank.get(&n.to_string())?.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    if values.is_empty() {
        return Err(Problem::invalid("blank", author.t("policy-blanks-none-filled")).into());
    }
    policies::fill_blanks(&mut tx, author.actor(), version.id, None, &values).await?;
    tx.commit().await?;
    Ok(done(address(&version), author.t("policy-blanks-filled")))
}

#[derive(FromForm)]
struct Revised {
    material: bool,
    reason: String,
    summary: String,
}

#[post("/policies/<slug>/versions", data = "<form>")]
async fn new_version(author: Author<'_>, slug: &str, form: Form<Revised>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::new_version(&mut tx, author.actor(), slug, form.material, &form.reason, &form.summary).await?;
    tx.commit().await?;
    Ok(done(address(&version), author.t("policy-new-version-made")))
}

#[derive(FromForm)]
struct Published<'r> {
    effective: &'r str,
}

#[post("/policies/<slug>/versions/<number>/publication", data = "<form>")]
async fn publish(director: Director<'_>, slug: &str, number: i64, form: Form<Published<'_>>) -> Answer<Flash<Redirect>> {
    let effective: Day = form.effective.parse().map_err(|text: String| Problem::invalid("effective", text))?;
    let mut tx = director.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    let version = policies::publish(&mut tx, director.actor(), version.id, effective).await?;
    let mut asked = 0;
    if version.material {
        let subject = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
        asked = ask_again(&mut tx, director.actor(), &director.district, subject, None).await?.into_iter().map(|(_, n)| n).sum();
    }
    tx.commit().await?;
    let said = if asked > 0 {
        crate::web::words::say_with(director.locale, "policy-published-asked", &[("number", asked.into())])
    } else {
        director.t("policy-published")
    };
    Ok(done(address(&version), said))
}

#[derive(FromForm)]
struct Why<'r> {
    reason: &'r str,
}

#[post("/policies/<slug>/versions/<number>/withdrawal", data = "<form>")]
async fn withdraw(author: Author<'_>, slug: &str, number: i64, form: Form<Why<'_>>) -> Answer<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    policies::withdraw(&mut tx, author.actor(), version.id, form.reason).await?;
    tx.commit().await?;
    Ok(done("/policies", author.t("policy-withdrawn")))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("drafting", |rocket| async {
        rocket.mount(
            "/",
            routes![
                shipped,
                take,
                new_page,
                create,
                edit_clause,
                save_clause,
                add_clause,
                remove_clause,
                blanks,
                fill,
                new_version,
                publish,
                withdraw
            ],
        )
    })
}
