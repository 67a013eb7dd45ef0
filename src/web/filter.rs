//! The filter's pages: the public register, each rule with what it blocks for whom and why; asking to have a page opened, deciding with a
//! reason, appealing. No page names whoever asked.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::form::Form;
use rocket::http::ContentType;
use rocket::response::{Flash, Redirect};
use rocket::{FromForm, get, post, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, done, form_again, page};
use super::desk::{Desk, Member};
use super::reports::File;
use super::shell::Shell;
use crate::filtering::requests::{self, NewDecision, NewRequest, Request};
use crate::filtering::rules::{self, Rule, Wanted};
use crate::filtering::{Action, AskerRole, BANDS, Basis, RuleChange, Scope, State, Urgency};
use crate::kernel::{Actor, Day, FieldError, Moment, Page, PageOf, Problem};
use crate::reports::csv::{Start, Writer};

/// A word of the register in the reader's language.
fn word(shell: &Shell, of: &str, name: &str) -> String {
    shell.t(&format!("filter-{of}-{}", name.replace('_', "-").to_lowercase()))
}

/// Choices of a form: name, words, chosen.
type Choices = Vec<(String, String, bool)>;

fn choices<'a>(shell: &Shell, of: &str, names: impl IntoIterator<Item = &'a str>, chosen: &str) -> Choices {
    names.into_iter().map(|name| (name.to_owned(), word(shell, of, name), name == chosen)).collect()
}

/// A rule in words.
struct RuleView {
    code: String,
    target: String,
    does: String,
    whom: String,
    basis: String,
    rationale: String,
    /// The rest of the register: names of fields, and what stands there.
    more: Vec<(String, String)>,
}

fn grades(shell: &Shell, rule: &Rule) -> String {
    if rule.bands.len() == BANDS.len() { shell.t("filter-all-grades") } else { rule.bands.join(", ") }
}

fn clock(minutes: i64) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn rule_view(shell: &Shell, rule: Rule) -> RuleView {
    let mut whom = vec![word(shell, "audience", rule.audience.name())];
    if rule.audience != crate::filtering::Audience::Staff {
        whom.push(grades(shell, &rule));
    }
    whom.push(
        rule.hours.map_or_else(|| shell.t("filter-all-day"), |(from, to)| shell.tvv("filter-hours", "from", clock(from), "to", clock(to))),
    );
    if !rule.site.is_empty() {
        whom.push(rule.site.clone());
    }
    let day = |day: Option<Day>| day.map(|day| shell.day(&day)).unwrap_or_default();
    let alternatives = rule.alternatives.iter().map(|(way, why)| format!("{}: {why}", word(shell, "way", way))).collect::<Vec<_>>();
    let fields = [
        ("citation", rule.citation),
        ("evidence", rule.evidence),
        ("alternatives", alternatives.join("\n")),
        ("neutrality", rule.neutrality),
        ("access", rule.access),
        ("device", word(shell, "device", rule.device.name())),
        ("owner", rule.owner),
        ("approver", rule.approver),
        ("decided", day(rule.decided_on)),
        ("effective", day(rule.effective_on)),
        ("review", day(rule.review_on)),
        ("vendor-version", rule.vendor_version),
        ("ended", day(rule.ended_on)),
    ];
    let more = fields.into_iter().filter(|(field, text)| !text.is_empty() || *field != "ended");
    RuleView {
        code: rule.code,
        target: rule.target,
        does: format!("{} · {}", word(shell, "action", rule.action.name()), word(shell, "kind", rule.target_kind.name())),
        whom: whom.join(" · "),
        basis: rule.basis.map_or_else(|| shell.t("filter-not-said"), |basis| word(shell, "basis", basis.name())),
        rationale: rule.rationale,
        more: more
            .map(|(field, text)| {
                (shell.t(&format!("filter-field-{field}")), if text.is_empty() { shell.t("filter-not-said") } else { text })
            })
            .collect(),
    }
}

/// Where a list goes on.
struct Pager {
    pages: String,
    previous: Option<String>,
    next: Option<String>,
}

fn pager<T>(shell: &Shell, list: &PageOf<T>, base: &str) -> Pager {
    let at = |number: i64| format!("{base}page={number}");
    Pager {
        pages: if list.last() > 1 { shell.tvv("pages-of", "page", list.page.number, "last", list.last()) } else { String::new() },
        previous: list.previous().map(at),
        next: list.next().map(at),
    }
}

#[derive(Template)]
#[template(path = "filter_register.html")]
struct RegisterPage {
    shell: Shell,
    rules: Vec<RuleView>,
    total: i64,
    words: String,
    bases: Choices,
    actions: Choices,
    bands: Choices,
    filtered: bool,
    asks: bool,
    decides: bool,
    pager: Pager,
}

fn wanted(words: Option<&str>, basis: Option<&str>, action: Option<&str>, band: Option<&str>) -> Wanted {
    Wanted {
        words: words.unwrap_or_default().chars().take(100).collect(),
        basis: basis.and_then(Basis::named),
        action: action.and_then(Action::named),
        band: band.filter(|band| BANDS.contains(band)).unwrap_or_default().to_owned(),
        ended: false,
    }
}

#[get("/filter?<words>&<basis>&<action>&<band>&<page>")]
async fn register(
    desk: &Desk,
    words: Option<&str>,
    basis: Option<&str>,
    action: Option<&str>,
    band: Option<&str>,
    page: Option<i64>,
) -> Answer<Html> {
    let wanted = wanted(words, basis, action, band);
    let mut tx = desk.read().await?;
    let list = rules::list(&mut tx, &wanted, desk.today(), Page::number(page)).await?;
    let decides = match &desk.actor {
        Some(actor) => requests::decides(&mut tx, actor).await?,
        None => false,
    };
    let shell = desk.shell(desk.t("filter-title"));
    let name = |basis: Option<&'static str>| basis.unwrap_or_default();
    let (basis, action) = (name(wanted.basis.map(Basis::name)), name(wanted.action.map(Action::name)));
    let encoded = rocket::http::RawStr::new(&wanted.words).percent_encode().to_string();
    let pager = pager(&shell, &list, &format!("/filter?words={encoded}&basis={basis}&action={action}&band={}&", wanted.band));
    self::page(&RegisterPage {
        filtered: !wanted.words.is_empty() || !basis.is_empty() || !action.is_empty() || !wanted.band.is_empty(),
        bases: choices(&shell, "basis", Basis::ALL.iter().map(|basis| basis.name()), basis),
        actions: choices(&shell, "action", Action::ALL.iter().map(|action| action.name()), action),
        bands: BANDS.iter().map(|band| ((*band).to_owned(), (*band).to_owned(), *band == wanted.band)).collect(),
        words: wanted.words,
        total: list.total,
        rules: list.rows.into_iter().map(|rule| rule_view(&shell, rule)).collect(),
        asks: desk.actor.as_ref().is_some_and(|actor| requests::asks_as(actor).is_some()),
        decides,
        pager,
        shell,
    })
}

/// The whole register as a file, with the names of its fields.
#[get("/filter/rules.csv")]
async fn file(desk: &Desk) -> Answer<File> {
    let mut tx = desk.read().await?;
    let mut rows = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    rows.row(rules::COLUMNS)?;
    for rule in rules::in_force(&mut tx, desk.today()).await? {
        rows.row(rule.cells())?;
    }
    Ok(File::of(rows.finish()?, ContentType::CSV, "filter-rules.csv"))
}

struct ChangeView {
    day: String,
    what: String,
    why: String,
    on_request: bool,
}

#[derive(Template)]
#[template(path = "filter_rule.html")]
struct RulePage {
    shell: Shell,
    rule: RuleView,
    changes: Vec<ChangeView>,
    asks: bool,
}

#[get("/filter/rules/<code>")]
async fn rule(desk: &Desk, code: &str) -> Answer<Html> {
    let mut tx = desk.read().await?;
    let rule = rules::get(&mut tx, code).await?;
    let changes = rules::changes(&mut tx, Some(code), 50).await?;
    let shell = desk.shell(rule.target.clone());
    let view = |change: rules::Change| ChangeView {
        day: shell.day(&desk.district.zone.day(change.at)),
        what: word(&shell, "change", &change.what),
        why: change.why,
        on_request: change.on_request,
    };
    page(&RulePage {
        changes: changes.into_iter().map(view).collect(),
        rule: rule_view(&shell, rule),
        asks: desk.actor.as_ref().is_some_and(|actor| requests::asks_as(actor).is_some()),
        shell,
    })
}

#[derive(FromForm, Default)]
struct AskForm {
    #[field(default = String::new())]
    address: String,
    #[field(default = String::new())]
    category: String,
    #[field(default = String::new())]
    purpose: String,
    #[field(default = String::new())]
    urgency: String,
    #[field(default = String::new())]
    scope: String,
}

#[derive(Template)]
#[template(path = "filter_ask.html")]
struct AskPage {
    shell: Shell,
    form: AskForm,
    urgencies: Choices,
    scopes: Choices,
}

fn asks(actor: &Actor) -> Answer<AskerRole> {
    Ok(requests::asks_as(actor).ok_or(Problem::NotFound)?)
}

fn ask_page(member: &Member<'_>, form: AskForm, problems: Vec<FieldError>) -> AskPage {
    let shell = member.shell(member.t("filter-ask-title")).with_problems(problems);
    let urgency = Urgency::named(&form.urgency).unwrap_or(Urgency::Normal).name();
    let scope = Scope::named(&form.scope).unwrap_or(Scope::Me).name();
    AskPage {
        urgencies: choices(&shell, "urgency", ["normal", "class_today", "crisis_health"], urgency),
        scopes: choices(&shell, "scope", Scope::ALL.iter().map(|scope| scope.name()), scope),
        form,
        shell,
    }
}

/// The page that blocks can lead here with what it blocked.
#[get("/filter/ask?<address>&<category>")]
fn ask_form(member: Member<'_>, address: Option<&str>, category: Option<&str>) -> Answer<Html> {
    asks(member.actor)?;
    let text = |text: Option<&str>| text.unwrap_or_default().chars().take(2_000).collect();
    let form = AskForm { address: text(address), category: text(category), ..AskForm::default() };
    page(&ask_page(&member, form, Vec::new()))
}

#[post("/filter/requests", data = "<form>")]
async fn ask(member: Member<'_>, form: Form<AskForm>) -> Answer<Result<Flash<Redirect>, Html>> {
    let form = form.into_inner();
    let new = NewRequest {
        address: form.address.clone(),
        category: form.category.clone(),
        purpose: form.purpose.clone(),
        urgency: Urgency::named(&form.urgency).unwrap_or(Urgency::Normal),
        scope: Scope::named(&form.scope).unwrap_or(Scope::Me),
        until: None,
    };
    let mut tx = member.write().await?;
    match requests::ask(&mut tx, member.actor, &new).await {
        Ok(uid) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/filter/requests/{uid}"), member.t("filter-asked"))))
        }
        Err(Problem::Invalid(problems)) => {
            drop(tx);
            let problems = worded(&member, problems);
            Ok(Err(form_again(&ask_page(&member, form, problems))?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What is wrong, in the reader's words.
fn worded(desk: &Desk, problems: Vec<FieldError>) -> Vec<FieldError> {
    problems.into_iter().map(|p| FieldError { text: desk.t(&format!("filter-wrong-{}", p.field)), field: p.field }).collect()
}

/// A request in words.
struct RequestView {
    uid: Uuid,
    address: String,
    who: String,
    urgency: String,
    state: &'static str,
    state_text: String,
    asked: String,
    due: String,
    waits: bool,
}

fn moment(desk: &Desk, shell: &Shell, at: Moment) -> String {
    let time = shell.locale.time(desk.district.zone.time_of_day(at));
    shell.tvv("filter-moment", "day", shell.locale.weekday_and_day(desk.district.zone.day(at)), "time", time)
}

fn request_view(desk: &Desk, shell: &Shell, request: &Request) -> RequestView {
    let mut who = vec![word(shell, "role", request.role.name())];
    who.extend([&request.band, &request.school].into_iter().filter(|text| !text.is_empty()).cloned());
    let waits = matches!(request.state, State::Open | State::Appealed);
    let late = waits && request.due_at < desk.clock.now();
    RequestView {
        uid: request.uid,
        address: request.address.clone(),
        who: who.join(" · "),
        urgency: word(shell, "urgency", request.urgency.name()),
        state: match request.state {
            _ if late => "late",
            State::Open | State::Appealed => "wait",
            State::Granted => "done",
            State::Refused => "open",
        },
        state_text: word(shell, "state", request.state.name()),
        asked: shell.day(&desk.district.zone.day(request.asked_at)),
        due: moment(desk, shell, request.due_at),
        waits,
    }
}

#[derive(Template)]
#[template(path = "filter_requests.html")]
struct RequestsPage {
    shell: Shell,
    requests: Vec<RequestView>,
    total: i64,
    own: bool,
    all: bool,
    pager: Pager,
}

#[get("/filter/mine")]
async fn mine(member: Member<'_>) -> Answer<Html> {
    asks(member.actor)?;
    let mut tx = member.read().await?;
    let own = requests::own(&mut tx, member.actor).await?;
    let shell = member.shell(member.t("filter-mine-title"));
    page(&RequestsPage {
        requests: own.iter().map(|request| request_view(&member, &shell, request)).collect(),
        total: i64::try_from(own.len()).unwrap_or(i64::MAX),
        own: true,
        all: true,
        pager: Pager { pages: String::new(), previous: None, next: None },
        shell,
    })
}

#[get("/filter/requests?<all>&<page>")]
async fn list(member: Member<'_>, all: Option<bool>, page: Option<i64>) -> Answer<Html> {
    let all = all.unwrap_or(false);
    let mut tx = member.read().await?;
    let found = requests::list(&mut tx, member.actor, all, Page::number(page)).await?;
    let shell = member.shell(member.t("filter-requests-title"));
    self::page(&RequestsPage {
        pager: pager(&shell, &found, &format!("/filter/requests?all={all}&")),
        requests: found.rows.iter().map(|request| request_view(&member, &shell, request)).collect(),
        total: found.total,
        own: false,
        all,
        shell,
    })
}

struct DecisionView {
    what: String,
    granted: bool,
    reason: String,
    by: String,
    change: String,
    rule: Option<String>,
}

#[derive(Template)]
#[template(path = "filter_request.html")]
struct RequestPage {
    shell: Shell,
    request: RequestView,
    purpose: String,
    category: String,
    scope: String,
    rule: Option<String>,
    appeal: String,
    decisions: Vec<DecisionView>,
    may_decide: bool,
    may_appeal: bool,
    changes: Choices,
    /// The grades of the rule, for one that is to hold for fewer.
    bands: Vec<String>,
    reason: String,
    why: String,
}

async fn request_page(member: &Member<'_>, uid: Uuid, written: [String; 2], problems: Vec<FieldError>) -> Answer<RequestPage> {
    let mut tx = member.read().await?;
    let request = requests::get(&mut tx, member.actor, uid).await?;
    let may_decide = requests::may_decide(&mut tx, member.actor, uid).await?;
    let stopped_by = match &request.rule {
        Some(code) => Some(rules::get(&mut tx, code).await?),
        None => None,
    };
    let shell = member.shell(member.t("filter-request-title")).with_problems(problems);
    let names = RuleChange::ALL.iter().filter(|change| stopped_by.is_some() || matches!(change, RuleChange::None | RuleChange::Allow));
    let changes =
        if member.actor.is_director() { choices(&shell, "rule-change", names.map(|change| change.name()), "none") } else { Vec::new() };
    let decision = |d: &requests::Decision| DecisionView {
        what: shell.t(match (d.on_appeal, d.granted) {
            (false, true) => "filter-decision-granted",
            (false, false) => "filter-decision-refused",
            (true, true) => "filter-appeal-granted",
            (true, false) => "filter-appeal-refused",
        }),
        granted: d.granted,
        reason: d.reason.clone(),
        by: shell.tvv("filter-decided-by", "name", &d.by_name, "day", shell.day(&member.district.zone.day(d.at))),
        change: if d.change == RuleChange::None { String::new() } else { word(&shell, "changed", d.change.name()) },
        rule: d.rule.clone(),
    };
    let [reason, why] = written;
    Ok(RequestPage {
        request: request_view(member, &shell, &request),
        decisions: request.decisions.iter().map(decision).collect(),
        may_appeal: request.own && request.state == State::Refused && request.decisions.iter().all(|d| !d.on_appeal),
        scope: word(&shell, "scope", request.scope.name()),
        purpose: request.purpose,
        category: request.category,
        rule: request.rule,
        appeal: request.appeal,
        bands: stopped_by.map(|rule| rule.bands).unwrap_or_default(),
        may_decide,
        changes,
        reason,
        why,
        shell,
    })
}

#[get("/filter/requests/<uid>")]
async fn request(member: Member<'_>, uid: Uuid) -> Answer<Html> {
    page(&request_page(&member, uid, [String::new(), String::new()], Vec::new()).await?)
}

#[derive(FromForm)]
struct DecisionForm {
    #[field(default = String::new())]
    granted: String,
    #[field(default = String::new())]
    reason: String,
    #[field(default = String::new())]
    change: String,
    band: Vec<String>,
}

#[post("/filter/requests/<uid>/decision", data = "<form>")]
async fn decide(member: Member<'_>, uid: Uuid, form: Form<DecisionForm>) -> Answer<Result<Flash<Redirect>, Html>> {
    let form = form.into_inner();
    let new = NewDecision {
        granted: form.granted == "yes",
        reason: form.reason.clone(),
        until: None,
        change: RuleChange::named(&form.change).unwrap_or(RuleChange::None),
        bands: form.band,
    };
    let mut tx = member.write().await?;
    let decided = if matches!(form.granted.as_str(), "yes" | "no") {
        requests::decide(&mut tx, member.actor, uid, &new).await
    } else {
        requests::get(&mut tx, member.actor, uid).await?;
        Err(Problem::invalid("granted", "choose one"))
    };
    match decided {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/filter/requests/{uid}"), member.t("filter-decided"))))
        }
        Err(Problem::Invalid(problems)) => {
            drop(tx);
            let problems = worded(&member, problems);
            Ok(Err(form_again(&request_page(&member, uid, [form.reason, String::new()], problems).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

#[derive(FromForm)]
struct AppealForm {
    #[field(default = String::new())]
    why: String,
}

#[post("/filter/requests/<uid>/appeal", data = "<form>")]
async fn appeal(member: Member<'_>, uid: Uuid, form: Form<AppealForm>) -> Answer<Result<Flash<Redirect>, Html>> {
    let mut tx = member.write().await?;
    match requests::appeal(&mut tx, member.actor, uid, &form.why).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Ok(done(format!("/filter/requests/{uid}"), member.t("filter-appealed"))))
        }
        Err(Problem::Invalid(problems)) => {
            drop(tx);
            let problems = worded(&member, problems);
            Ok(Err(form_again(&request_page(&member, uid, [String::new(), form.why.clone()], problems).await?)?))
        }
        Err(problem) => Err(problem.into()),
    }
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("filter", |rocket| async {
        rocket.mount("/", routes![register, file, rule, ask_form, ask, mine, list, request, decide, appeal])
    })
}
