//! Having one's say on a draft, clause by clause; and the answers. A page of its own for each comment: no selection, no JavaScript.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::super::answer::{Answer as Page, Html, done, form_again, page};
use super::super::desk::{Author, Desk};
use super::super::shell::Shell;
use super::readable;
use crate::db::Tx;
use crate::feedback::{self, Comment, NewComment, Outcome, Showing, Stakeholder};
use crate::kernel::{Day, Problem};
use crate::policies::{self, Reading, State, Version};

/// A comment as the page shows it.
pub struct CommentView {
    pub uid: Uuid,
    pub who: String,
    pub day: String,
    pub body: String,
    pub quote: String,
    /// The words it was about have changed since.
    pub quote_differs: bool,
    pub state: &'static str,
    pub state_text: String,
    pub answer: Option<(String, String)>,
    pub held: bool,
    pub hidden: bool,
}

/// The comments on one clause; `clause` is empty for the whole.
pub struct ClauseComments {
    pub clause: String,
    pub comments: Vec<CommentView>,
}

/// What a version's page shows of its feedback.
pub struct Talk {
    pub comments: Vec<ClauseComments>,
    pub round: Option<String>,
    pub may_comment: bool,
    /// The groups heard, of seven; `None` where no round was opened.
    pub heard: Option<i64>,
    pub silent_names: Vec<String>,
    /// Groups for which somebody spoke without signing in.
    pub unsigned_names: Vec<String>,
    pub unanswered: i64,
}

pub async fn talk(tx: &mut Tx, desk: &Desk, shell: &Shell, version: &Version, reading: &Reading) -> Page<Talk> {
    let actor = desk.actor.as_ref();
    let rounds = feedback::rounds(tx, version.id).await?;
    let open = feedback::open_now(tx, version).await?;
    let mut by_clause: Vec<ClauseComments> = Vec::new();
    for comment in feedback::list(tx, actor, version.id).await? {
        let clause = comment.clause_id.clone().unwrap_or_default();
        let view = view(desk, shell, reading, comment);
        match by_clause.iter_mut().find(|c| c.clause == clause) {
            Some(group) => group.comments.push(view),
            None => by_clause.push(ClauseComments { clause, comments: vec![view] }),
        }
    }
    let heard: Vec<Stakeholder> = feedback::heard_groups(tx, version.id).await?.into_iter().map(|(group, _)| group).collect();
    let unsigned = feedback::heard_unsigned(tx, version.id).await?;
    let silent = Stakeholder::ALL.iter().filter(|g| !heard.contains(g)).map(|g| shell.t(&format!("group-{}", g.name()))).collect();
    Ok(Talk {
        comments: by_clause,
        may_comment: open.as_ref().is_some_and(|r| actor.is_some() || r.public),
        round: open.map(|r| shell.tv("policy-round-open", "day", shell.locale.weekday_and_day(r.closes))),
        heard: (!rounds.is_empty()).then(|| i64::try_from(heard.len()).unwrap_or(0)),
        silent_names: silent,
        unsigned_names: unsigned.iter().map(|g| shell.t(&format!("group-{}", g.name()))).collect(),
        unanswered: feedback::unanswered(tx, version.id).await?,
    })
}

/// Who wrote a comment: name where there is one, group, and whether that is their word alone.
pub fn who(shell: &Shell, comment: &Comment) -> String {
    let group = shell.t(&format!("group-one-{}", comment.stakeholder.name()));
    let who = if comment.display_name.is_empty() { group } else { format!("{}, {group}", comment.display_name) };
    if comment.signed_in { who } else { shell.tv("policy-who-unsigned", "who", who) }
}

fn view(desk: &Desk, shell: &Shell, reading: &Reading, comment: Comment) -> CommentView {
    let who = who(shell, &comment);
    let (state, state_text) = match &comment.answer {
        None => ("wait", shell.t("policy-comment-waiting")),
        Some(answer) => (
            if answer.outcome == Outcome::Accepted || answer.outcome == Outcome::Partly { "done" } else { "open" },
            shell.t(&format!("policy-outcome-{}", answer.outcome.name())),
        ),
    };
    let now = comment.clause_id.as_deref().and_then(|id| reading.clause(id)).map(|c| c.body.as_str());
    CommentView {
        uid: comment.uid,
        who,
        day: shell.locale.day(desk.district.zone.day(comment.at)),
        quote_differs: comment.language == reading.language && comment.clause_id.is_some() && now != Some(comment.quote.as_str()),
        quote: comment.quote,
        body: comment.body,
        state,
        state_text,
        answer: comment.answer.map(|a| (a.by_name, a.reason)),
        held: comment.state == Showing::Held,
        hidden: comment.state == Showing::Hidden,
    }
}

#[derive(FromForm)]
struct Opening<'r> {
    closes: &'r str,
    #[field(default = false)]
    public: bool,
}

#[post("/policies/<slug>/versions/<number>/feedback", data = "<form>")]
async fn open(author: Author<'_>, slug: &str, number: i64, form: Form<Opening<'_>>) -> Page<Flash<Redirect>> {
    let closes: Day = form.closes.parse().map_err(|text: String| Problem::invalid("closes", text))?;
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    feedback::open_round(&mut tx, author.actor(), version.id, closes, form.public).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/versions/{number}"), author.t("policy-round-opened")))
}

#[post("/policies/<slug>/versions/<number>/feedback/end")]
async fn close(author: Author<'_>, slug: &str, number: i64) -> Page<Flash<Redirect>> {
    let mut tx = author.write().await?;
    let version = policies::version(&mut tx, slug, Some(number)).await?;
    feedback::close_round(&mut tx, author.actor(), version.id).await?;
    tx.commit().await?;
    Ok(done(format!("/policies/{slug}/versions/{number}"), author.t("policy-round-closed")))
}

#[derive(Template)]
#[template(path = "policies_comment.html")]
struct CommentPage {
    shell: Shell,
    slug: String,
    number: i64,
    title: String,
    clause: String,
    clause_html: String,
    language: String,
    visitor: bool,
    groups: Vec<(String, String)>,
    body: String,
    name: String,
    group: String,
}

async fn comment_page(desk: &Desk, slug: &str, number: i64, clause: &str, language: Option<&str>) -> Page<CommentPage> {
    let mut tx = desk.read().await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    if feedback::open_now(&mut tx, &version).await?.is_none() {
        return Err(Problem::conflict(desk.t("policy-round-not-open")).into());
    }
    let reading = policies::read(&mut tx, &version, Some(language.unwrap_or(desk.locale.tag()))).await?;
    let found = if clause.is_empty() { None } else { Some(reading.clause(clause).ok_or(Problem::NotFound)?) };
    let shell = match found {
        Some(found) => {
            desk.shell(super::super::words::say_with(desk.locale, "policy-comment-on", &[("number", found.number.as_str().into())]))
        }
        None => desk.shell(desk.t("policy-comment-whole")),
    };
    let groups = match &desk.actor {
        Some(actor) => feedback::groups_of(actor),
        None => feedback::PUBLIC_GROUPS.to_vec(),
    };
    Ok(CommentPage {
        groups: groups.into_iter().map(|g| (g.name().to_owned(), shell.t(&format!("group-{}", g.name())))).collect(),
        slug: slug.to_owned(),
        number,
        title: reading.title.clone(),
        clause: clause.to_owned(),
        clause_html: found.map(policies::reading::ReadClause::html).unwrap_or_default(),
        language: reading.language.clone(),
        visitor: desk.actor.is_none(),
        body: String::new(),
        name: String::new(),
        group: String::new(),
        shell,
    })
}

#[get("/policies/<slug>/versions/<number>/comment?<clause>&<language>")]
async fn comment_form(desk: &Desk, slug: &str, number: i64, clause: Option<&str>, language: Option<&str>) -> Page<Html> {
    page(&comment_page(desk, slug, number, clause.unwrap_or_default(), language).await?)
}

#[derive(FromForm)]
struct Said {
    #[field(default = String::new())]
    clause: String,
    language: String,
    body: String,
    #[field(default = String::new())]
    group: String,
    #[field(default = String::new())]
    name: String,
}

#[post("/policies/<slug>/versions/<number>/comments", data = "<form>")]
async fn comment(desk: &Desk, slug: &str, number: i64, form: Form<Said>) -> Page<Result<Flash<Redirect>, Html>> {
    let form = form.into_inner();
    let mut tx = desk.write().await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    let new = NewComment {
        language: form.language.clone(),
        clause: (!form.clause.is_empty()).then(|| form.clause.clone()),
        body: form.body.clone(),
        group: Stakeholder::named(&form.group),
        name: form.name.clone(),
    };
    match feedback::comment(&mut tx, desk.actor.as_ref(), version.id, new).await {
        Ok(comment) => {
            tx.commit().await?;
            let said = if comment.state == Showing::Held { "policy-comment-held" } else { "policy-comment-kept" };
            // The thanks stand where the page opens: beside the clause.
            let place = if form.clause.is_empty() { String::new() } else { format!("?said={0}#{0}", form.clause) };
            Ok(Ok(done(format!("/policies/{slug}/versions/{number}{place}"), desk.t(said))))
        }
        Err(Problem::Invalid(errors)) => {
            drop(tx);
            let mut again = comment_page(desk, slug, number, &form.clause, Some(&form.language)).await?;
            again.body = form.body;
            again.name = form.name;
            again.group = form.group;
            let errors = errors
                .into_iter()
                .map(|mut e| {
                    match e.field.as_str() {
                        "body" => e.text = desk.t("policy-comment-body-wrong"),
                        "group" => e.text = desk.t("policy-comment-group-wrong"),
                        _ => {}
                    }
                    e
                })
                .collect();
            again.shell = again.shell.with_problems(errors);
            Ok(Err(form_again(&again)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// A comment in the list of those to be answered.
struct ToAnswer {
    view: CommentView,
    clause: String,
    clause_number: String,
}

#[derive(Template)]
#[template(path = "policies_comments.html")]
struct CommentsPage {
    shell: Shell,
    slug: String,
    number: i64,
    title: String,
    language: String,
    rows: Vec<ToAnswer>,
    /// How the comments stand, in a sentence.
    standing: String,
    may_answer: bool,
}

#[get("/policies/<slug>/versions/<number>/comments")]
async fn comments(desk: &Desk, slug: &str, number: i64) -> Page<Html> {
    let mut tx = desk.read().await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    let reading = policies::read(&mut tx, &version, Some(desk.locale.tag())).await?;
    let shell = desk.shell(desk.t("policy-comments"));
    let may_answer =
        desk.actor.as_ref().is_some_and(crate::kernel::Actor::may_author) && matches!(version.state, State::Open | State::Closed);
    let mut rows = Vec::new();
    for comment in feedback::list(&mut tx, desk.actor.as_ref(), version.id).await? {
        let clause = comment.clause_id.as_deref().and_then(|id| reading.clause(id));
        rows.push(ToAnswer {
            clause: comment.clause_id.clone().unwrap_or_default(),
            clause_number: clause.map(|c| c.number.clone()).unwrap_or_default(),
            view: view(desk, &shell, &reading, comment),
        });
    }
    // Whoever sees the shown comments alone isn't told of others as if they were among them.
    let held = feedback::held(&mut tx, version.id).await?;
    let unanswered = i64::try_from(rows.iter().filter(|r| r.view.answer.is_none()).count()).unwrap_or(i64::MAX);
    let mut standing = Vec::new();
    if !rows.is_empty() {
        standing.push(shell.tv("policy-unanswered", "number", unanswered));
    }
    if held > 0 {
        standing.push(shell.tv("policy-being-checked", "number", held));
    }
    let standing = standing.join(" · ");
    // What waits for an answer comes first.
    rows.sort_by_key(|r| r.view.answer.is_some());
    page(&CommentsPage {
        slug: slug.to_owned(),
        number,
        title: reading.title.clone(),
        language: reading.language.clone(),
        rows,
        standing,
        may_answer,
        shell,
    })
}

#[derive(FromForm)]
struct Disposed<'r> {
    #[field(default = "")]
    outcome: &'r str,
    reason: &'r str,
    back: &'r str,
}

#[post("/comments/<uid>/answer", data = "<form>")]
async fn answer(author: Author<'_>, uid: Uuid, form: Form<Disposed<'_>>) -> Page<Flash<Redirect>> {
    let outcome = Outcome::named(form.outcome).ok_or_else(|| Problem::invalid("outcome", author.t("policy-outcome-choose")))?;
    let mut tx = author.write().await?;
    feedback::dispose(&mut tx, author.actor(), uid, outcome, form.reason).await?;
    // An answered comment has been looked at.
    feedback::moderate(&mut tx, author.actor(), uid, true, "").await?;
    tx.commit().await?;
    Ok(done(super::super::sessions::own_path(form.back), author.t("policy-comment-answered")))
}

#[derive(FromForm)]
struct Moderated<'r> {
    show: bool,
    #[field(default = "")]
    reason: &'r str,
    back: &'r str,
}

#[post("/comments/<uid>/moderation", data = "<form>")]
async fn moderate(author: Author<'_>, uid: Uuid, form: Form<Moderated<'_>>) -> Page<Flash<Redirect>> {
    let mut tx = author.write().await?;
    feedback::moderate(&mut tx, author.actor(), uid, form.show, form.reason).await?;
    tx.commit().await?;
    Ok(done(
        super::super::sessions::own_path(form.back),
        author.t(if form.show { "policy-comment-now-shown" } else { "policy-comment-now-hidden" }),
    ))
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("feedback", |rocket| async {
        rocket.mount("/", routes![open, close, comment_form, comment, comments, answer, moderate])
    })
}
