//! The people behind a figure: page by page with filters in the address, and as a CSV file that is written while it is read.

use std::pin::Pin;

use askama::Template;
use rocket::futures::stream::{self, Stream};
use rocket::http::{ContentType, Header};
use rocket::request::Request;
use rocket::response::stream::ByteStream;
use rocket::response::{self, Responder, Response};
use rocket::{FromForm, get};
use uuid::Uuid;

use super::answer::{Answer, Html, form_again, page};
use super::audit::{self, PersonView, person_view};
use super::desk::{Auditing, Desk};
use super::disclosing::{begin, disclose};
use super::shell::Shell;
use super::words;
use crate::acknowledgments::paper;
use crate::audit::disclosures::{self, DisclosureId};
use crate::kernel::{Actor, Day, ObligationId, Page, Problem, Reach, Result, VersionId};
use crate::obligations::figures::{self, By};
use crate::obligations::people::{self, Filter};
use crate::obligations::requirements::{self, Requirement, RequirementState};
use crate::obligations::{AnswersAs, State, Subject};
use crate::policies;

/// The filters as the address carries them.
#[derive(Debug, Clone, Default, FromForm)]
pub(super) struct Asked {
    as_of: Option<String>,
    school: Option<String>,
    role: Option<String>,
    grade: Option<String>,
    /// open, fulfilled, declined, exempt, or late.
    state: Option<String>,
    late: Option<String>,
}

impl Asked {
    fn filter(&self, desk: &Desk) -> Result<Filter> {
        let given = |field: &Option<String>| field.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
        let school = given(&self.school).map(|s| Uuid::parse_str(&s).map_err(|_| Problem::NotFound)).transpose()?;
        let state = given(&self.state);
        let late = state.as_deref() == Some("late") || given(&self.late).is_some();
        let untold = state.as_deref() == Some("untold");
        let state = match state.as_deref() {
            None | Some("late") => None,
            Some("untold") => Some(State::Open),
            Some(name) => Some(State::named(name).ok_or(Problem::NotFound)?),
        };
        let grade = given(&self.grade).map(|g| if g == "none" { String::new() } else { g });
        // A day that can't be read is said to be one elsewhere.
        let day = audit::as_of(desk, self.as_of.as_deref()).unwrap_or_else(|_| desk.today());
        let untold_before = untold.then(|| desk.district.zone.start_of(day.plus(1)));
        Ok(Filter { school, role: given(&self.role), grade, state, late, untold_before })
    }

    /// The filters as an address again.
    fn query(filter: &Filter, day: Day) -> String {
        let mut query = form_query("as_of", &day.iso());
        if let Some(school) = filter.school {
            query += &form_query("&school", &school.to_string());
        }
        if let Some(role) = &filter.role {
            query += &form_query("&role", role);
        }
        if let Some(grade) = &filter.grade {
            query += &form_query("&grade", if grade.is_empty() { "none" } else { grade });
        }
        if filter.late {
            query += "&state=late";
        } else if filter.untold_before.is_some() {
            query += "&state=untold";
        } else if let Some(state) = filter.state {
            query += &form_query("&state", state.name());
        }
        query
    }
}

fn form_query(name: &str, value: &str) -> String {
    format!("{name}={}", rocket::http::RawStr::new(value).percent_encode())
}

struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "audit_people.html")]
struct PeoplePage {
    shell: Shell,
    heading: String,
    sentence: String,
    action: String,
    as_of: String,
    latest: String,
    schools: Vec<Choice>,
    roles: Vec<Choice>,
    grades: Vec<Choice>,
    states: Vec<Choice>,
    rows: Vec<PersonView>,
    for_children: bool,
    pages: String,
    previous: Option<String>,
    next: Option<String>,
    csv: String,
    back: String,
    filtered: bool,
    everybody: String,
    /// Where its forms are printed, for whoever may.
    paper: Option<String>,
}

/// A requirement that was issued; a saved one has no people.
async fn issued(tx: &mut crate::db::Tx, actor: &Actor, uid: Uuid) -> Result<Requirement> {
    let found = requirements::get(tx, actor, uid).await?;
    if found.state == RequirementState::Saved { Err(Problem::NotFound) } else { Ok(found) }
}

/// Whether it asks several things, each with its own yes or no.
pub(super) async fn is_form(tx: &mut crate::db::Tx, requirement: &Requirement) -> Result<bool> {
    match requirement.subject {
        Subject::Policy { version, .. } => policies::reading::asks_consents(tx, VersionId(version)).await,
        Subject::Course { .. } => Ok(false),
    }
}

#[get("/audit/<requirement>/people?<page>&<asked..>")]
pub(super) async fn list(desk: Auditing<'_>, requirement: Uuid, page: Option<i64>, asked: Asked) -> Answer<Html> {
    let actor = desk.actor();
    if !actor.may_see_people() {
        return Err(Problem::NotFound.into());
    }
    let filter = asked.filter(&desk)?;
    let (day, problems) = match audit::as_of(&desk, asked.as_of.as_deref()) {
        Ok(day) => (day, Vec::new()),
        Err(problem) => (desk.today(), vec![problem]),
    };
    let mut tx = desk.read().await?;
    let requirement = issued(&mut tx, actor, requirement).await?;
    let found = people::behind(&mut tx, actor, requirement.uid, day, &filter, Page::number(page)).await?;
    // Where everybody is listed, those who are exempt are too, and the figure counts them not.
    let exempt = if filter.state.is_none() && !filter.late {
        let exempt = Filter { state: Some(State::Exempt), ..filter.clone() };
        people::behind(&mut tx, actor, requirement.uid, day, &exempt, Page { number: 1, size: 1 }).await?.total
    } else {
        0
    };
    let is_form = is_form(&mut tx, &requirement).await?;
    let (mut schools, mut roles, mut grades) = (Vec::new(), Vec::new(), Vec::new());
    if let Reach::Orgs(_) = actor.reach {
        schools = figures::lines(&mut tx, actor, requirement.uid, day, By::School).await?;
        roles = figures::lines(&mut tx, actor, requirement.uid, day, By::Role).await?;
        grades = figures::lines(&mut tx, actor, requirement.uid, day, By::Grade).await?;
    }
    drop(tx);
    let shown: Vec<Uuid> = found.rows.iter().flat_map(|row| [row.person_uid, row.about_uid]).collect();
    disclose(&desk, actor, disclosures::Kind::List, &requirement.title, &shown).await?;
    let mut shell = desk.shell("");
    schools.sort_by(|a, b| a.label.cmp(&b.label));
    grades.sort_by(|a, b| grade_order(&a.key).cmp(&grade_order(&b.key)));
    let school_name = filter.school.map(|uid| {
        let uid = uid.to_string();
        schools.iter().find(|l| l.key == uid).map_or_else(|| shell.t("audit-unknown-school"), |l| l.label.clone())
    });
    let mut sentence = sentence(&shell, &filter, day, school_name.as_deref(), found.total, requirement.answers_as, is_form);
    if exempt > 0 {
        let key = if requirement.answers_as == AnswersAs::Guardian { "audit-split-families" } else { "audit-split" };
        sentence =
            format!("{sentence} {}", shell.tvv(key, "asked", shell.number(&(found.total - exempt)), "exempt", shell.number(&exempt)));
    }
    let address = |number: i64| format!("/audit/{}/people?{}&page={number}", requirement.uid, Asked::query(&filter, day));
    let pages = shell.tvv("pages-of", "page", found.page.number, "last", found.last());
    shell.title = if found.last() > 1 { format!("{} – {pages}", requirement.title) } else { requirement.title.clone() };
    let state_value = if filter.late {
        "late"
    } else if filter.untold_before.is_some() {
        "untold"
    } else {
        filter.state.map_or("", State::name)
    };
    let failed = !problems.is_empty();
    let template = PeoplePage {
        heading: requirement.title.clone(),
        sentence,
        action: format!("/audit/{}/people", requirement.uid),
        as_of: if failed { asked.as_of.clone().unwrap_or_default() } else { day.iso() },
        latest: desk.today().iso(),
        schools: schools
            .into_iter()
            .map(|l| Choice { chosen: filter.school.is_some_and(|s| s.to_string() == l.key), value: l.key, text: l.label })
            .collect(),
        roles: roles
            .into_iter()
            .map(|l| Choice { chosen: filter.role.as_deref() == Some(&l.key), text: audit::role_name(&shell, &l.key), value: l.key })
            .collect(),
        grades: grades
            .into_iter()
            .map(|l| Choice {
                chosen: filter.grade.as_deref() == Some(&l.key),
                text: audit::grade_name(&shell, &l.key),
                value: if l.key.is_empty() { "none".into() } else { l.key },
            })
            .collect(),
        states: state_choices(&shell, is_form, state_value),
        rows: found.rows.iter().map(|row| person_view(&shell, row, day, is_form)).collect(),
        for_children: requirement.answers_as == AnswersAs::Guardian,
        previous: found.previous().map(address),
        next: found.next().map(address),
        pages: if found.last() > 1 { pages } else { String::new() },
        csv: format!("/audit/{}/people.csv?{}", requirement.uid, Asked::query(&filter, day)),
        back: format!("/audit?as_of={day}&requirement={}", requirement.uid),
        filtered: filter.school.is_some() || filter.role.is_some() || filter.grade.is_some() || filter.state.is_some() || filter.late,
        everybody: format!("/audit/{}/people?as_of={day}", requirement.uid),
        paper: (paper::may(actor)
            && requirement.state == RequirementState::Issued
            && matches!(requirement.subject, Subject::Policy { .. }))
        .then(|| format!("/audit/{}/paper", requirement.uid)),
        shell: shell.with_problems(problems),
    };
    if failed { form_again(&template) } else { self::page(&template) }
}

/// The states by which a list can be narrowed.
fn state_choices(shell: &Shell, is_form: bool, chosen: &str) -> Vec<Choice> {
    [
        ("open", "state-open"),
        ("late", "state-late"),
        ("fulfilled", if is_form { "state-answered" } else { "state-fulfilled" }),
        ("declined", "state-declined"),
        ("exempt", "state-exempt"),
        ("untold", "state-untold"),
    ]
    .into_iter()
    .map(|(value, key)| Choice { value: value.into(), text: shell.t(key), chosen: value == chosen })
    .collect()
}

/// Kindergarten and what comes before it stand before grade 1.
fn grade_order(grade: &str) -> (u8, &str) {
    match grade {
        "" => (3, grade),
        "KG" => (1, grade),
        other if other.chars().all(|c| c.is_ascii_digit()) => (2, grade),
        _ => (0, grade),
    }
}

/// "Late on October 1, 2026 at Harbor Middle: 40 people".
fn sentence(shell: &Shell, filter: &Filter, day: Day, school: Option<&str>, number: i64, answers_as: AnswersAs, is_form: bool) -> String {
    let what = words::say(
        shell.locale,
        match (filter.late, filter.state) {
            (true, _) => "state-late",
            _ if filter.untold_before.is_some() => "state-untold",
            (_, None) => "audit-everybody",
            (_, Some(State::Open)) => "state-open",
            (_, Some(State::Fulfilled)) if is_form => "state-answered",
            (_, Some(State::Fulfilled)) => "state-fulfilled",
            (_, Some(State::Declined)) => "state-declined",
            (_, Some(State::Exempt)) => "state-exempt",
        },
    );
    let mut place = school.map(|name| shell.tv("audit-at-school", "school", name)).unwrap_or_default();
    if let Some(role) = &filter.role {
        place = format!("{place}, {}", audit::role_name(shell, role).to_lowercase());
    }
    if let Some(grade) = &filter.grade {
        place = format!("{place}, {}", audit::grade_name(shell, grade).to_lowercase());
    }
    let key = if answers_as == AnswersAs::Guardian { "audit-people-sentence-families" } else { "audit-people-sentence" };
    words::say_with(
        shell.locale,
        key,
        &[
            ("what", what.into()),
            ("day", shell.day(&day).into()),
            ("place", place.into()),
            ("number", number.into()),
            ("said", shell.number(&number).into()),
        ],
    )
}

pub(super) type Bytes = Pin<Box<dyn Stream<Item = Vec<u8>> + Send>>;

/// A file to be saved, sent while it is made.
pub(super) struct File {
    body: ByteStream<Bytes>,
    kind: ContentType,
    disposition: Header<'static>,
}

impl File {
    /// A CSV file; `name` must be plain ASCII without quotes.
    pub(super) fn csv(body: Bytes, name: &str) -> Self {
        Self {
            body: ByteStream(body),
            kind: ContentType::new("text", "csv").with_params(("charset", "utf-8")),
            disposition: Header::new("Content-Disposition", format!("attachment; filename=\"{name}\"")),
        }
    }
}

impl<'r> Responder<'r, 'r> for File {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'r> {
        Response::build_from(self.body.respond_to(request)?).header(self.kind).header(self.disposition).ok()
    }
}

/// How many people are read, written and sent at a time: that many stand in memory, however long the list is.
const PART: i64 = 4_000;

#[get("/audit/<requirement>/people.csv?<asked..>")]
pub(super) async fn file(desk: Auditing<'_>, requirement: Uuid, asked: Asked) -> Answer<File> {
    let actor = desk.actor();
    if !actor.may_see_people() {
        return Err(Problem::NotFound.into());
    }
    let filter = asked.filter(&desk)?;
    let day = audit::as_of(&desk, asked.as_of.as_deref()).map_err(|problem| Problem::Invalid(vec![problem]))?;
    let mut tx = desk.read().await?;
    let requirement = issued(&mut tx, actor, requirement).await?;
    let is_form = is_form(&mut tx, &requirement).await?;
    drop(tx);
    let (desk, actor) = (Desk::clone(&desk), actor.clone());
    let disclosure = begin(&desk, &actor, disclosures::Kind::File, &requirement.title).await?;
    let writing = Writing { desk, actor, requirement: requirement.uid, is_form, day, filter, disclosure, last: None, finished: false };
    let body: Bytes = Box::pin(stream::unfold(writing, Writing::next_part));
    Ok(File::csv(body, &format!("people-{day}.csv")))
}

/// Where the writing of a list stands. Each part has a transaction of its own, so that a slow reader holds no connection; past days never
/// change, so the parts fit together.
struct Writing {
    desk: Desk,
    actor: Actor,
    requirement: Uuid,
    is_form: bool,
    day: Day,
    filter: Filter,
    /// The entry in the record of disclosures, where an outside party reads.
    disclosure: Option<DisclosureId>,
    /// The last duty written; `None` before the heading.
    last: Option<ObligationId>,
    finished: bool,
}

impl Writing {
    async fn next_part(mut self) -> Option<(Vec<u8>, Self)> {
        if self.finished {
            return None;
        }
        let part = match self.read().await {
            Ok(part) => part,
            Err(problem) => {
                // The status has been sent: the file itself must say that it isn't whole.
                tracing::error!(%problem, "a list could not be written to its end");
                self.finished = true;
                format!("{}\n", self.desk.t("audit-csv-incomplete")).into_bytes()
            }
        };
        Some((part, self))
    }

    async fn read(&mut self) -> Result<Vec<u8>> {
        let shell = self.desk.shell("");
        let mut file = csv::Writer::from_writer(Vec::new());
        let wrong = |e: csv::Error| Problem::internal("a line of a CSV file could not be written", e);
        if self.last.is_none() {
            let heading = [
                "audit-name",
                "audit-child",
                "audit-school",
                "audit-role",
                "audit-grade",
                "audit-state",
                "audit-due",
                "audit-answered",
                "audit-reason",
            ];
            file.write_record(heading.map(|key| words::say(shell.locale, key))).map_err(wrong)?;
        }
        let mut tx = self.desk.read().await?;
        let after = self.last.unwrap_or(ObligationId(0));
        let rows = people::after(&mut tx, &self.actor, self.requirement, self.day, &self.filter, after, PART).await?;
        drop(tx);
        if let Some(entry) = self.disclosure {
            let shown: Vec<Uuid> = rows.iter().flat_map(|(_, row)| [row.person_uid, row.about_uid]).collect();
            let mut tx = self.desk.write().await?;
            disclosures::also(&mut tx, entry, &shown).await?;
            tx.commit().await?;
        }
        self.finished = i64::try_from(rows.len()).unwrap_or(PART) < PART;
        self.last = Some(rows.last().map_or(after, |(key, _)| *key));
        for (_, row) in &rows {
            let view = person_view(&shell, row, self.day, self.is_form);
            let answered = row.closed.filter(|_| row.state != "exempt").map(Day::iso).unwrap_or_default();
            let cells =
                [&view.name, &view.about, &view.school, &view.role, &row.grade, &view.state_text, &row.due.iso(), &answered, &view.reason];
            file.write_record(cells.map(|cell| crate::reports::csv::harmless(cell))).map_err(wrong)?;
        }
        file.into_inner().map_err(|e| Problem::internal("a CSV file could not be written", e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_that_looks_like_a_formula_stays_a_name() {
        assert_eq!(crate::reports::csv::harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(crate::reports::csv::harmless("Ann =B"), "Ann =B");
    }
}
