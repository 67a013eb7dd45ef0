//! Policies as everybody reads them, and, for authors and directors, the way from the library to publication.

mod adoption;
mod changes;
mod drafting;
mod feedback;
mod review;
mod translations;
mod whole;

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};

use super::answer::{Answer, Html, page};
use super::desk::Desk;
use super::reading::ReadingView;
use super::shell::Shell;
use crate::db::Tx;
use crate::kernel::{Problem, Role};
use crate::obligations::Subject;
use crate::obligations::requirements::would_ask_again;
use crate::policies::{self, Policy, State, Version};

/// One policy in the list.
struct Row {
    slug: String,
    title: String,
    summary: String,
    language: String,
    line: String,
    open: bool,
}

/// A version in the making, for those who may see it.
struct Making {
    slug: String,
    number: i64,
    title: String,
    state: &'static str,
    state_text: String,
}

#[derive(Template)]
#[template(path = "policies_list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    making: Vec<Making>,
    author: bool,
    /// Sees the evidence by funding year.
    evidence: bool,
}

/// The shape beside a state's word.
fn shape(state: State) -> &'static str {
    match state {
        State::Draft | State::Closed => "wait",
        State::Open => "open",
        State::Adopted | State::Published => "done",
        State::Superseded | State::Withdrawn => "late",
    }
}

fn state_text(shell: &Shell, state: State) -> String {
    shell.t(&format!("policy-state-{}", state.name()))
}

#[get("/policies")]
async fn list(desk: &Desk) -> Answer<Html> {
    let shell = desk.shell(desk.t("nav-policies"));
    let mut tx = desk.read().await?;
    let public = policies::list_public(&mut tx, desk.today(), Some(desk.locale.tag())).await?;
    let actor = desk.actor.as_ref();
    let mut making = Vec::new();
    for policy in policies::all(&mut tx).await? {
        for version in policies::versions(&mut tx, policy.id).await? {
            let in_making = matches!(version.state, State::Draft | State::Open | State::Closed | State::Adopted);
            if !in_making || !may_read(&mut tx, desk, &version).await? {
                continue;
            }
            let reading = policies::read(&mut tx, &version, Some(desk.locale.tag())).await?;
            making.push(Making {
                slug: policy.slug.clone(),
                number: version.number,
                title: reading.title,
                state: shape(version.state),
                state_text: state_text(&shell, version.state),
            });
        }
    }
    let rows = public
        .into_iter()
        .map(|l| Row {
            line: match (&l.current, &l.coming) {
                (Some(version), _) => shell.tvv(
                    "policy-in-force",
                    "number",
                    version.number,
                    "day",
                    version.effective.map(|d| shell.locale.day(d)).unwrap_or_default(),
                ),
                (None, Some(version)) => shell.tvv(
                    "policy-coming",
                    "number",
                    version.number,
                    "day",
                    version.effective.map(|d| shell.locale.day(d)).unwrap_or_default(),
                ),
                (None, None) => String::new(),
            },
            open: making.iter().any(|m| m.slug == l.policy.slug && m.state == "open"),
            slug: l.policy.slug,
            title: l.title,
            summary: l.summary,
            language: l.language,
        })
        .collect();
    let evidence = actor.is_some_and(crate::adoption::evidence::may_see);
    page(&ListPage { rows, making, evidence, author: actor.is_some_and(crate::kernel::Actor::may_author), shell })
}

/// Who may read a version: as `policies` says, and the public while a public round is open on it.
async fn may_read(tx: &mut Tx, desk: &Desk, version: &Version) -> Answer<bool> {
    Ok(policies::may_read(desk.actor.as_ref(), version) || crate::feedback::open_now(tx, version).await?.is_some_and(|round| round.public))
}

/// The version of that address, if the reader may see it.
pub(super) async fn readable(tx: &mut Tx, desk: &Desk, slug: &str, number: i64) -> Answer<Version> {
    let version = policies::version(tx, slug, Some(number)).await?;
    if may_read(tx, desk, &version).await? { Ok(version) } else { Err(Problem::NotFound.into()) }
}

/// One entry of a policy's history.
struct HistoryRow {
    number: i64,
    state: &'static str,
    state_text: String,
    day: String,
    why: String,
    /// The version before it, to compare with.
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "policies_version.html")]
#[allow(clippy::struct_excessive_bools)] // each is one thing that the reader may do here
struct VersionPage {
    shell: Shell,
    policy: Policy,
    version: Version,
    state: &'static str,
    state_text: String,
    text: ReadingView,
    here: String,
    history: Vec<HistoryRow>,
    /// Comments by clause; '' for the whole.
    comments: Vec<feedback::ClauseComments>,
    round: Option<String>,
    may_comment: bool,
    heard: Option<i64>,
    silent_names: Vec<String>,
    unsigned_names: Vec<String>,
    /// The version before this one, to compare with.
    before: Option<i64>,
    /// The clause on which the reader has just commented, and the thanks that stand beside it.
    thanks: Option<(String, String)>,
    record: Option<adoption::RecordView>,
    author: bool,
    director: bool,
    gaps: Vec<String>,
    coverage: Vec<policies::reading::Coverage>,
    unanswered: i64,
    may_edit: bool,
    /// Clauses in which this translation is behind the original.
    behind: usize,
    /// Others who changed this draft a moment ago.
    at_work: Vec<String>,
    /// Whom a material version asks again: requirement and number, each a sentence.
    asks: Vec<String>,
}

impl VersionPage {
    fn comments_on(&self, clause: &str) -> Option<&feedback::ClauseComments> {
        self.comments.iter().find(|c| c.clause == clause)
    }

    fn thanks_at(&self, clause: &str) -> Option<&str> {
        self.thanks.as_ref().filter(|(at, _)| at == clause).map(|(_, thanks)| thanks.as_str())
    }
}

#[get("/policies/<slug>?<language>")]
async fn current(desk: &Desk, slug: &str, language: Option<&str>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let policy = policies::find(&mut tx, slug).await?;
    let mut shown = policies::current(&mut tx, policy.id, desk.today()).await?;
    if shown.is_none() {
        // Not in force yet or no more: the latest that this reader may see.
        for version in policies::versions(&mut tx, policy.id).await? {
            if may_read(&mut tx, desk, &version).await? {
                shown = Some(version);
            }
        }
    }
    let version = shown.ok_or(Problem::NotFound)?;
    show(&mut tx, desk, policy, version, language, None).await
}

#[get("/policies/<slug>/versions/<number>?<language>&<said>")]
async fn one_version(desk: &Desk, slug: &str, number: i64, language: Option<&str>, said: Option<&str>) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let policy = policies::find(&mut tx, slug).await?;
    let version = readable(&mut tx, desk, slug, number).await?;
    show(&mut tx, desk, policy, version, language, said).await
}

async fn show(tx: &mut Tx, desk: &Desk, policy: Policy, version: Version, language: Option<&str>, said: Option<&str>) -> Answer<Html> {
    let reading = policies::read(tx, &version, Some(language.unwrap_or(desk.locale.tag()))).await?;
    let mut shell = desk.shell(reading.title.clone());
    let thanks = match said.filter(|id| reading.clause(id).is_some()) {
        Some(clause) => shell.notice.take().map(|notice| (clause.to_owned(), notice)),
        None => None,
    };
    let actor = desk.actor.as_ref();
    let author = actor.is_some_and(crate::kernel::Actor::may_author);
    let director = actor.is_some_and(|a| a.has(Role::Director));
    let mut history = Vec::new();
    let mut before = None;
    for v in policies::versions(tx, policy.id).await? {
        if may_read(tx, desk, &v).await? {
            history.push(HistoryRow {
                number: v.number,
                state: shape(v.state),
                state_text: state_text(&shell, v.state),
                day: v.effective.or(v.adopted_day).map(|d| shell.locale.day(d)).unwrap_or_default(),
                why: v.change_summary.clone(),
                before,
            });
            before = Some(v.number);
        }
    }
    let before = history.iter().find(|h| h.number == version.number).and_then(|h| h.before);
    history.reverse();
    let talk = feedback::talk(tx, desk, &shell, &version, &reading).await?;
    let making = matches!(version.state, State::Draft | State::Open | State::Closed);
    let gaps = if author && making { crate::adoption::missing(tx, &version, desk.today()).await? } else { Vec::new() };
    let coverage = policies::reading::coverage(tx, &version).await?;
    let record = adoption::record_view(tx, desk, &shell, &version).await?;
    let behind = policies::translating::behind(tx, &version, &reading.language).await?;
    let (mut at_work, mut asks) = (Vec::new(), Vec::new());
    if let Some(actor) = actor.filter(|_| author && making) {
        at_work = policies::others_at_work(tx, actor, version.id).await?.into_iter().map(|(name, _)| name).collect();
    }
    let shows_asks = (version.state == State::Adopted && version.material) || version.state == State::Published;
    if let Some(actor) = actor.filter(|_| director && shows_asks) {
        // Of what is in force now the next version's subject is another one: whatever is asked on it would be asked again.
        let id = if version.state == State::Adopted { version.id.0 } else { 0 };
        let subject = Subject::Policy { version: id, root: version.policy_id.0 };
        for again in would_ask_again(tx, actor, &desk.district, subject).await? {
            asks.push(shell.tvv("policy-asks", "title", again.requirement.title, "number", again.total));
        }
    }
    page(&VersionPage {
        state: shape(version.state),
        state_text: state_text(&shell, version.state),
        here: format!("/policies/{}/versions/{}", policy.slug, version.number),
        text: ReadingView::of(&shell, reading, &desk.district.language),
        history,
        before,
        thanks,
        unsigned_names: talk.unsigned_names,
        silent_names: talk.silent_names,
        heard: talk.heard,
        comments: talk.comments,
        round: talk.round,
        may_comment: talk.may_comment,
        unanswered: talk.unanswered,
        record,
        may_edit: author && making,
        author,
        director,
        gaps,
        coverage,
        behind,
        at_work,
        asks,
        policy,
        version,
        shell,
    })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("policies", |rocket| async {
        rocket
            .mount("/", routes![list, current, one_version])
            .attach(drafting::stage())
            .attach(changes::stage())
            .attach(feedback::stage())
            .attach(adoption::stage())
            .attach(whole::stage())
            .attach(translations::stage())
            .attach(review::stage())
    })
}
