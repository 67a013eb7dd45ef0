//! Who has agreed and who hasn't: figures as of a day, the people behind them, and their list as CSV. Leaders and auditors see figures and
//! people, the board sees figures alone, a teacher sees the students of their own classes.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, form_again, page};
use super::audit_trend::Trend;
use super::audit_views::ViewView;
use super::desk::{Auditing, Desk};
use super::shell::Shell;
use super::words;
use crate::acknowledgments::told;
use crate::db::Tx;
use crate::kernel::{Actor, Day, FieldError, Locale, Page, Problem, Reach, Result};
use crate::obligations::duties::{ANOTHER_GUARDIAN, OTHER_RECORD, TAKEN_BACK};
use crate::obligations::figures::{self, By, Counts, Line};
use crate::obligations::people::{self, Filter};
use crate::obligations::requirements::{self, Requirement, RequirementState};
use crate::obligations::sample;
use crate::obligations::views;
use crate::obligations::{AnswersAs, Subject};
use crate::reports::packets;

/// How many requirements stand as tiles; the others stand in a list below.
const TILES: usize = 6;

struct Tile {
    href: String,
    title: String,
    /// `98.6%`, or a dash where nobody is asked.
    share: String,
    /// `412 of 530`.
    fraction: String,
    /// `31 exempt`, `12 late`, …, `goal 98%`, each with the people behind it where the reader may see them.
    parts: Vec<(String, Option<String>)>,
    current: bool,
    /// Tenths of a percent, the lowest first; what asks nobody here stands last.
    order: i64,
}

struct LineView {
    label: String,
    /// The people behind the line; `None` for a reader who may not see them.
    href: Option<String>,
    /// Of a hundred; `None` where nobody is asked or the group is too small to be shown.
    meter: Option<i64>,
    share: String,
    fraction: String,
    late: String,
    /// Those who are late.
    late_href: Option<String>,
    state: &'static str,
    state_text: String,
}

struct Choice {
    href: String,
    text: String,
    current: bool,
}

struct Chosen {
    title: String,
    by: Vec<Choice>,
    group_heading: String,
    lines: Vec<LineView>,
    total: Option<LineView>,
    /// Some group is too small for this reader.
    withheld: bool,
    done_heading: String,
    trend: Option<Trend>,
    csv: Option<String>,
    people: Option<String>,
}

#[derive(Template)]
#[template(path = "audit.html")]
pub(super) struct AuditPage {
    shell: Shell,
    /// The field as it was sent.
    as_of: String,
    as_of_text: String,
    latest: String,
    requirement: Option<String>,
    by: &'static str,
    tiles: Vec<Tile>,
    more: Vec<Tile>,
    /// The chosen requirement is among them.
    more_open: bool,
    chosen: Option<Chosen>,
    is_director: bool,
    /// Where an auditor goes on from here: address and words.
    work: Vec<(String, String)>,
    /// One's own saved views.
    views: Vec<ViewView>,
    /// A name as it was typed, where it can't be saved.
    view_name: String,
    divided_by: &'static str,
}

struct ClassGroup {
    title: String,
    text: String,
    rows: Vec<PersonView>,
    href: String,
    /// Where its forms are printed.
    paper: Option<String>,
    more: bool,
}

#[derive(Template)]
#[template(path = "audit_classes.html")]
struct ClassesPage {
    shell: Shell,
    /// How many answers about these students said no to something or took it back.
    told: i64,
    groups: Vec<ClassGroup>,
}

/// The day asked for: none means today.
pub(super) fn as_of(desk: &Desk, raw: Option<&str>) -> std::result::Result<Day, FieldError> {
    let today = desk.today();
    let problem = |key: &str| FieldError { field: "as_of".into(), text: desk.t(key) };
    match raw.map(str::trim).filter(|r| !r.is_empty()) {
        None => Ok(today),
        Some(raw) => match Day::parse_iso(raw) {
            None => Err(problem("audit-date-unreadable")),
            Some(day) if day > today => Err(problem("audit-date-future")),
            Some(day) => Ok(day),
        },
    }
}

/// What the page is asked to show.
pub(super) struct Wish<'a> {
    pub as_of: Option<&'a str>,
    pub requirement: Option<&'a str>,
    pub by: Option<By>,
}

#[get("/audit?<as_of>&<requirement>&<by>")]
async fn audit(desk: Auditing<'_>, as_of: Option<&str>, requirement: Option<&str>, by: Option<&str>) -> Answer<Html> {
    if let Reach::Sections(_) = desk.actor().reach {
        return classes(desk).await;
    }
    let template = page_of(desk, Wish { as_of, requirement, by: by.and_then(By::named) }, None).await?;
    if template.shell.problems.is_empty() { page(&template) } else { form_again(&template) }
}

/// `unsaved`: a view that can't be saved, why, and the name as it was typed.
pub(super) async fn page_of(desk: Auditing<'_>, wish: Wish<'_>, unsaved: Option<(FieldError, String)>) -> Answer<AuditPage> {
    let Wish { as_of, requirement, by: asked_by } = wish;
    let (day, mut problems) = match self::as_of(&desk, as_of) {
        Ok(day) => (day, Vec::new()),
        Err(problem) => (desk.today(), vec![problem]),
    };
    let failed = !problems.is_empty();
    let view_name = unsaved.map(|(error, name)| {
        problems.push(error);
        name
    });
    let actor = desk.actor();
    let mut shell = desk.shell(desk.t("audit-title"));
    let mut tx = desk.read().await?;
    let all = requirements::in_force(&mut tx, actor, day).await?;
    let chosen = match requirement.filter(|r| !r.is_empty()) {
        Some(raw) => {
            let found = requirements::get(&mut tx, actor, uid(raw)?).await?;
            if found.state == RequirementState::Saved {
                return Err(Problem::NotFound.into());
            }
            Some(found)
        }
        None => None,
    };
    // What asks nobody within reach is no tile; the lowest share stands first.
    let mut ranked = Vec::new();
    for requirement in &all {
        let counts = figures::total(&mut tx, actor, requirement.uid, day).await?;
        if counts.asked() + counts.exempt > 0 {
            ranked.push((counts.per_mille().unwrap_or(NOBODY), counts, requirement));
        }
    }
    ranked.sort_by_key(|(order, _, _)| *order);
    let chosen = chosen.or_else(|| ranked.first().map(|(_, _, requirement)| (*requirement).clone()));
    let by = match (asked_by, &chosen) {
        (Some(by), _) => by,
        (None, Some(chosen)) => first_division(&mut tx, actor, chosen.uid, day).await?,
        (None, None) => By::School,
    };
    let address = |uid: Uuid, by: Option<By>| {
        let by = by.map(|by| format!("&by={}", by.name())).unwrap_or_default();
        format!("/audit?as_of={day}&requirement={uid}{by}")
    };
    let mut tiles = Vec::new();
    for (order, counts, requirement) in ranked {
        let current = chosen.as_ref().is_some_and(|c| c.uid == requirement.uid);
        let hidden = !actor.may_see_people() && counts.asked() + counts.exempt < figures::SMALLEST_SHOWN;
        let late = actor.may_see_people().then(|| format!("/audit/{}/people?as_of={day}&state=late", requirement.uid));
        tiles.push(tile(&shell, address(requirement.uid, asked_by), requirement, (order, counts), current, hidden, late));
    }
    // A number that is withheld must not show in its place either.
    tiles.sort_by_key(|tile| tile.order);
    let requirement_uid = chosen.as_ref().map(|r| r.uid);
    let requirement = requirement_uid.map(|uid| uid.to_string());
    let chosen = match chosen {
        None => None,
        Some(requirement) => {
            let lines = figures::lines(&mut tx, actor, requirement.uid, day, by).await?;
            let points = figures::trend(&mut tx, actor, requirement.uid, day).await?;
            let choices = By::ALL
                .into_iter()
                .map(|b| Choice {
                    href: address(requirement.uid, Some(b)),
                    text: shell.t(match b {
                        By::School => "audit-by-school",
                        By::Role => "audit-by-role",
                        By::Grade => "audit-by-grade",
                    }),
                    current: b == by,
                })
                .collect();
            let is_form = super::audit_people::is_form(&mut tx, &requirement).await?;
            Some(chosen_view(&shell, is_form, actor.may_see_people(), &requirement, day, by, &lines, &points, choices))
        }
    };
    let views = views::of(&mut tx, actor).await?.into_iter().map(ViewView::from).collect();
    drop(tx);
    let more = tiles.split_off(tiles.len().min(TILES));
    let more_open = more.iter().any(|tile| tile.current);
    shell = shell.with_problems(problems);
    Ok(AuditPage {
        as_of: if failed { as_of.unwrap_or_default().to_owned() } else { day.iso() },
        as_of_text: shell.tv("audit-as-of-text", "day", shell.weekday_year(day)),
        latest: desk.today().iso(),
        requirement,
        by: asked_by.map_or("", By::name),
        tiles,
        more,
        more_open,
        chosen,
        is_director: actor.is_director(),
        work: work(&shell, actor, requirement_uid, day),
        views,
        view_name: view_name.unwrap_or_default(),
        divided_by: by.name(),
        shell,
    })
}

/// The pages of an auditor's work: for whoever may see people over whole schools; some for the director alone.
fn work(shell: &Shell, actor: &Actor, requirement: Option<Uuid>, day: Day) -> Vec<(String, String)> {
    let mut links: Vec<(String, String)> = Vec::new();
    if let Some(uid) = requirement {
        links.push((format!("/audit/{uid}/crossed?as_of={day}"), shell.t("crossed-title")));
        links.push((format!("/audit/{uid}/compared?as_of={day}"), shell.t("compared-title")));
        if sample::may(actor) {
            links.push((format!("/audit/{uid}/counted?as_of={day}"), shell.t("counted-title")));
        }
    }
    if sample::may(actor) {
        links.extend(requirement.map(|uid| (format!("/audit/{uid}/sample?as_of={day}"), shell.t("sample-new"))));
        links.push(("/samples".into(), shell.t("samples-title")));
    }
    if packets::may(actor) {
        links.push(("/packets".into(), shell.t("packets-title")));
    }
    if actor.is_director() {
        links.push(("/auditors".into(), shell.t("auditors-title")));
        links.push(("/disclosures".into(), shell.t("disclosures-title")));
    }
    links
}

fn uid(raw: &str) -> Result<Uuid> {
    Uuid::parse_str(raw).map_err(|_| Problem::NotFound)
}

/// `98.6%`, or a dash where nobody is asked.
pub(super) fn share(locale: Locale, counts: Counts) -> String {
    counts.per_mille().map_or_else(|| "–".to_owned(), |share| locale.per_mille(share))
}

/// `412 of 530`.
pub(super) fn fraction(shell: &Shell, counts: Counts) -> String {
    shell.tvv("audit-fraction", "done", shell.number(&counts.fulfilled), "asked", shell.number(&counts.asked()))
}

/// Where a requirement stands among the others that asks nobody here, or too few to be shown: last.
const NOBODY: i64 = 1_001;

/// How the figures are divided before the reader chooses: by school, and for whom there is one school alone by grade, or by role where
/// nobody has a grade.
async fn first_division(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day) -> Result<By> {
    if figures::lines(tx, actor, requirement, day, By::School).await?.len() != 1 {
        return Ok(By::School);
    }
    let grades = figures::lines(tx, actor, requirement, day, By::Grade).await?;
    Ok(if grades.iter().any(|line| !line.key.is_empty()) { By::Grade } else { By::Role })
}

/// `late`: the list of those who are late, for whoever may see people.
fn tile(
    shell: &Shell,
    href: String,
    requirement: &Requirement,
    (order, counts): (i64, Counts),
    current: bool,
    hidden: bool,
    late: Option<String>,
) -> Tile {
    let title = shell.joined(&requirement.title);
    let mut parts = Vec::new();
    if hidden {
        return Tile { href, title, share: "–".into(), fraction: shell.t("audit-too-few"), parts, current, order: NOBODY };
    }
    let mut say = |key: &str, number: i64, href: Option<String>| {
        if number > 0 {
            let said = words::say_with(shell.locale, key, &[("number", number.into()), ("said", shell.number(&number).into())]);
            parts.push((said, href));
        }
    };
    say("audit-late", counts.late, late);
    say("audit-declined", counts.declined, None);
    say("audit-exempt", counts.exempt, None);
    parts.push((shell.tv("audit-goal", "goal", requirement.goal), None));
    Tile { href, title, share: share(shell.locale, counts), fraction: fraction(shell, counts), parts, current, order }
}

#[allow(clippy::too_many_arguments)]
fn chosen_view(
    shell: &Shell,
    is_form: bool,
    may_see_people: bool,
    requirement: &Requirement,
    day: Day,
    by: By,
    lines: &[Line],
    points: &[(Day, i64, i64)],
    choices: Vec<Choice>,
) -> Chosen {
    let hide = if may_see_people { vec![false; lines.len()] } else { figures::withheld(lines) };
    let people = |query: &str| format!("/audit/{}/people?as_of={day}{query}", requirement.uid);
    let views = lines
        .iter()
        .zip(&hide)
        .map(|(line, hidden)| {
            let label = match by {
                By::School => line.label.clone(),
                By::Role => role_name(shell, &line.key),
                By::Grade => grade_name(shell, &line.key),
            };
            let key = if by == By::Grade && line.key.is_empty() { "none" } else { &line.key };
            let href = may_see_people.then(|| people(&format!("&{}={}", by.name(), encoded(key))));
            line_view(shell, requirement, day, label, href, line.counts, *hidden)
        })
        .collect();
    let sum = lines.iter().fold(Counts::default(), |sum, line| sum.plus(line.counts));
    let small = !may_see_people && sum.asked() + sum.exempt < figures::SMALLEST_SHOWN;
    let total = (!lines.is_empty())
        .then(|| line_view(shell, requirement, day, shell.t("audit-total"), may_see_people.then(|| people("")), sum, small));
    Chosen {
        title: shell.joined(&requirement.title),
        by: choices,
        group_heading: shell.t(match by {
            By::School => "audit-school",
            By::Role => "audit-role",
            By::Grade => "audit-grade",
        }),
        withheld: small || hide.contains(&true),
        lines: views,
        total,
        done_heading: shell.t(match requirement.subject {
            Subject::Policy { .. } if is_form => "audit-said-yes",
            Subject::Policy { .. } => "audit-agreed",
            Subject::Course { .. } => "audit-completed",
        }),
        trend: if small { None } else { Trend::of(shell, points, requirement.goal, day) },
        csv: may_see_people.then(|| format!("/audit/{}/people.csv?as_of={day}", requirement.uid)),
        people: may_see_people.then(|| people("")),
    }
}

fn line_view(
    shell: &Shell,
    requirement: &Requirement,
    day: Day,
    label: String,
    href: Option<String>,
    counts: Counts,
    hidden: bool,
) -> LineView {
    if hidden {
        let too_few = shell.t("audit-too-few");
        return LineView {
            label,
            href,
            meter: None,
            share: "–".into(),
            fraction: too_few,
            late: "–".into(),
            late_href: None,
            state: "",
            state_text: String::new(),
        };
    }
    let (state, state_text) = standing(shell, requirement, counts, day);
    LineView {
        label,
        meter: counts.per_mille().map(|share| share / 10),
        share: share(shell.locale, counts),
        fraction: fraction(shell, counts),
        late: shell.number(&counts.late),
        late_href: href.as_ref().filter(|_| counts.late > 0).map(|href| format!("{href}&state=late")),
        href,
        state,
        state_text,
    }
}

/// How a group stands against the goal, as a shape and a word.
pub(super) fn standing(shell: &Shell, requirement: &Requirement, counts: Counts, day: Day) -> (&'static str, String) {
    let Some(share) = counts.per_mille() else { return ("open", shell.t("audit-nobody-asked")) };
    if share >= requirement.goal * 10 {
        return ("done", shell.t("audit-at-goal"));
    }
    match requirement.due {
        Some(due) if due >= day => ("wait", shell.tv("audit-due-in", "days", day.until(due))),
        // Only newcomers are still open, and have days left.
        _ if counts.late == 0 && counts.open > 0 => ("wait", shell.t("audit-not-due")),
        _ => ("late", shell.t("audit-behind")),
    }
}

/// A roster role in the reader's language; roles that the product doesn't know as they are written.
pub(super) fn role_name(shell: &Shell, role: &str) -> String {
    match role {
        "student" | "teacher" | "staff" | "school_leader" | "guardian" | "board_member" => {
            words::say(shell.locale, &format!("role-{role}"))
        }
        "" => shell.t("role-none"),
        other => other.replace('_', " "),
    }
}

/// The same for one person.
fn role_of_one(shell: &Shell, role: &str) -> String {
    match role {
        "student" | "teacher" | "staff" | "school_leader" | "guardian" | "board_member" => {
            words::say(shell.locale, &format!("role-one-{role}"))
        }
        other => role_name(shell, other),
    }
}

/// A CEDS grade in the reader's language.
pub(super) fn grade_name(shell: &Shell, grade: &str) -> String {
    match grade {
        "" => shell.t("grade-none"),
        "KG" => shell.t("grade-kindergarten"),
        "PK" | "PR" | "IT" | "TK" => shell.t("grade-pre"),
        other => shell.tv("grade-name", "grade", other.trim_start_matches('0')),
    }
}

fn encoded(text: &str) -> String {
    rocket::http::RawStr::new(text).percent_encode().to_string()
}

/// A person of a list.
pub(super) struct PersonView {
    pub name: String,
    /// The child for whom a guardian answers; empty otherwise.
    pub about: String,
    pub school: String,
    pub role: String,
    pub grade: String,
    pub state: &'static str,
    pub state_text: String,
    pub due: String,
    pub answered: String,
    pub reason: String,
    /// The page of this duty, today.
    pub href: String,
}

/// Shape and words of a duty's state.
pub(super) fn state_words(state: &str) -> (&'static str, &'static str) {
    match state {
        "open" => ("open", "state-open"),
        "fulfilled" => ("done", "state-fulfilled"),
        "declined" => ("wait", "state-declined"),
        _ => ("aside", "state-exempt"),
    }
}

/// Why somebody is exempt, as the words of the state: that another guardian has answered is all there is to say.
pub(super) fn exempt_words(shell: &Shell, reason: Option<&str>) -> String {
    shell.t(if reason == Some(ANOTHER_GUARDIAN) { "state-another-guardian" } else { "state-exempt" })
}

/// A reason in the reader's language, where it is one of ours.
pub(super) fn reason(shell: &Shell, reason: &str) -> String {
    match reason {
        ANOTHER_GUARDIAN => shell.t("audit-another-guardian"),
        OTHER_RECORD => shell.t("audit-other-record"),
        TAKEN_BACK => shell.t("duty-taken-back"),
        own => own.to_owned(),
    }
}

/// `is_form`: it asks several things, each with its own yes or no, so that what is done is answered, not agreed.
pub(super) fn person_view(shell: &Shell, row: &people::Row, day: Day, is_form: bool) -> PersonView {
    let (state, key) = match row.state.as_str() {
        "open" if row.late_after < day => ("late", "state-late"),
        "fulfilled" if is_form => ("done", "state-answered"),
        other => state_words(other),
    };
    let exempt = row.state == "exempt";
    let another = exempt && row.reason.as_deref() == Some(ANOTHER_GUARDIAN);
    PersonView {
        name: row.name.clone(),
        about: if row.about_uid == row.person_uid { String::new() } else { row.about_name.clone() },
        school: row.school.clone(),
        role: role_of_one(shell, &row.role),
        grade: if row.grade.is_empty() { String::new() } else { grade_name(shell, &row.grade) },
        state,
        state_text: if exempt { exempt_words(shell, row.reason.as_deref()) } else { words::say(shell.locale, key) },
        due: shell.day(&row.due),
        // Whoever is exempt has answered nothing.
        answered: row.closed.filter(|_| !exempt).map(|d| shell.day(&d)).unwrap_or_default(),
        reason: row.reason.as_deref().filter(|_| !another).map(|text| reason(shell, text)).unwrap_or_default(),
        href: format!("/audit/{}/people/{}/{}", row.requirement, row.person_uid, row.about_uid),
    }
}

/// A teacher's own students, requirement by requirement: who has still to answer.
async fn classes(desk: Auditing<'_>) -> Answer<Html> {
    let shell = desk.shell(desk.t("audit-classes-title"));
    let today = desk.today();
    let mut tx = desk.read().await?;
    let mut groups = Vec::new();
    for requirement in requirements::in_force(&mut tx, desk.actor(), today).await? {
        let everybody =
            people::behind(&mut tx, desk.actor(), requirement.uid, today, &Filter::default(), Page { number: 1, size: 1 }).await?;
        if everybody.total == 0 {
            continue;
        }
        let open = Filter { state: Some(crate::obligations::State::Open), ..Filter::default() };
        let open = people::behind(&mut tx, desk.actor(), requirement.uid, today, &open, Page { number: 1, size: 40 }).await?;
        let exempt = Filter { state: Some(crate::obligations::State::Exempt), ..Filter::default() };
        let exempt = people::behind(&mut tx, desk.actor(), requirement.uid, today, &exempt, Page { number: 1, size: 1 }).await?.total;
        let rows: Vec<PersonView> = open.rows.iter().map(|row| person_view(&shell, row, today, false)).collect();
        groups.push(ClassGroup {
            text: shell.tvv("audit-classes-open", "number", open.total, "asked", shell.number(&(everybody.total - exempt))),
            more: i64::try_from(rows.len()).unwrap_or(i64::MAX) < open.total,
            rows,
            paper: matches!(requirement.subject, Subject::Policy { .. }).then(|| format!("/audit/{}/paper", requirement.uid)),
            href: format!("/audit/{}/people?as_of={today}", requirement.uid),
            title: match requirement.answers_as {
                AnswersAs::Oneself => requirement.title,
                AnswersAs::Guardian => shell.tv("audit-for-families", "title", requirement.title),
            },
        });
    }
    let told = told::number(&mut tx, desk.actor(), told::Wanted::All).await?;
    drop(tx);
    page(&ClassesPage { shell, told, groups })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("audit", |rocket| async { rocket.mount("/", routes![audit, super::audit_people::list, super::audit_people::file]) })
}
