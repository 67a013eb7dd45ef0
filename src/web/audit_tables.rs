//! More of one requirement's figure: divided twice, beside last year's and between schools, and where its numbers come from.

use askama::Template;
use rocket::fairing::AdHoc;
use rocket::http::ContentType;
use rocket::{get, routes};
use uuid::Uuid;

use super::answer::{Answer, Html, page};
use super::audit;
use super::desk::{Auditing, Desk};
use super::duty::end_reason;
use super::reports::File;
use super::shell::Shell;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Reach, Result};
use crate::obligations::comparing::{self, Compared};
use crate::obligations::crossing::{self, Crossed, PAIRS};
use crate::obligations::denominators;
use crate::obligations::figures::{self, By, Counts};
use crate::obligations::requirements::{self, Requirement, RequirementState};
use crate::obligations::sample;
use crate::obligations::suppression::Withheld;
use crate::reports::csv::{Start, Writer};

struct Link {
    href: String,
    text: String,
    current: bool,
}

/// An issued requirement, for whoever sees figures of whole schools.
async fn issued(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Requirement> {
    if !matches!(actor.reach, Reach::Orgs(_)) {
        return Err(Problem::NotFound);
    }
    let found = requirements::get(tx, actor, uid).await?;
    if found.state == RequirementState::Saved { Err(Problem::NotFound) } else { Ok(found) }
}

fn day(desk: &Desk, as_of: Option<&str>) -> Result<Day> {
    audit::as_of(desk, as_of).map_err(|problem| Problem::Invalid(vec![problem]))
}

// Divided twice.

struct CellView {
    /// `98.6%`, a dash where nobody is asked, or “too few”.
    share: String,
    fraction: String,
    href: Option<String>,
}

struct RowView {
    label: String,
    cells: Vec<CellView>,
    sum: CellView,
}

#[derive(Template)]
#[template(path = "audit_crossed.html")]
struct CrossedPage {
    shell: Shell,
    title: String,
    as_of_text: String,
    back: String,
    pairs: Vec<Link>,
    row_heading: String,
    columns: Vec<String>,
    rows: Vec<RowView>,
    sums: Vec<CellView>,
    total: Option<CellView>,
    withheld: bool,
    csv: String,
}

/// Rows and columns as an address names them.
fn pair(rows: Option<&str>, columns: Option<&str>) -> Result<(By, By)> {
    match (rows, columns) {
        (None, None) => Ok(PAIRS[0]),
        (Some(rows), Some(columns)) => {
            let found = By::named(rows).zip(By::named(columns)).filter(|pair| PAIRS.contains(pair));
            found.ok_or(Problem::NotFound)
        }
        _ => Err(Problem::NotFound),
    }
}

fn division(shell: &Shell, by: By) -> String {
    shell.t(match by {
        By::School => "audit-school",
        By::Role => "audit-role",
        By::Grade => "audit-grade",
    })
}

fn label(shell: &Shell, by: By, text: &str) -> String {
    match by {
        By::School => text.to_owned(),
        By::Role => audit::role_name(shell, text),
        By::Grade => audit::grade_name(shell, text),
    }
}

fn cell(shell: &Shell, counts: Counts, hidden: bool, href: Option<String>) -> CellView {
    if hidden {
        return CellView { share: "–".into(), fraction: shell.t("audit-too-few"), href: None };
    }
    if counts.people() == 0 {
        return CellView { share: "–".into(), fraction: String::new(), href: None };
    }
    CellView { share: audit::share(shell.locale, counts), fraction: audit::fraction(shell, counts), href }
}

/// A part of an address: a grade that is none is called so.
fn part(by: By, key: &str) -> String {
    let value = if by == By::Grade && key.is_empty() { "none" } else { key };
    format!("&{}={}", by.name(), rocket::http::RawStr::new(value).percent_encode())
}

struct Table<'a> {
    shell: &'a Shell,
    requirement: Uuid,
    day: Day,
    pair: (By, By),
    people: bool,
}

impl Table<'_> {
    fn href(&self, row: Option<&str>, column: Option<&str>) -> Option<String> {
        self.people.then(|| {
            let row = row.map(|key| part(self.pair.0, key)).unwrap_or_default();
            let column = column.map(|key| part(self.pair.1, key)).unwrap_or_default();
            format!("/audit/{}/people?as_of={}{row}{column}", self.requirement, self.day)
        })
    }

    fn rows(&self, crossed: &Crossed, hidden: &Withheld) -> Vec<RowView> {
        let row = |(at, head): (usize, &crossing::Head)| RowView {
            label: label(self.shell, self.pair.0, &head.label),
            cells: crossed.cells[at]
                .iter()
                .zip(&crossed.columns)
                .zip(&hidden.cells[at])
                .map(|((counts, column), hidden)| cell(self.shell, *counts, *hidden, self.href(Some(&head.key), Some(&column.key))))
                .collect(),
            sum: cell(self.shell, crossed.row_sum(at), hidden.rows[at], self.href(Some(&head.key), None)),
        };
        crossed.rows.iter().enumerate().map(row).collect()
    }

    fn sums(&self, crossed: &Crossed, hidden: &Withheld) -> Vec<CellView> {
        let sum = |(at, head): (usize, &crossing::Head)| {
            cell(self.shell, crossed.column_sum(at), hidden.columns[at], self.href(None, Some(&head.key)))
        };
        crossed.columns.iter().enumerate().map(sum).collect()
    }
}

#[get("/audit/<requirement>/crossed?<as_of>&<rows>&<columns>")]
async fn crossed(desk: Auditing<'_>, requirement: Uuid, as_of: Option<&str>, rows: Option<&str>, columns: Option<&str>) -> Answer<Html> {
    let (pair, day) = (pair(rows, columns)?, day(&desk, as_of)?);
    let mut tx = desk.read().await?;
    let found = issued(&mut tx, desk.actor(), requirement).await?;
    let counts = crossing::crossed(&mut tx, desk.actor(), requirement, day, pair.0, pair.1).await?;
    drop(tx);
    let hidden = counts.withheld(desk.actor());
    let shell = desk.shell(desk.t("crossed-title"));
    let address = |(rows, columns): (By, By)| format!("as_of={day}&rows={}&columns={}", rows.name(), columns.name());
    let table = Table { shell: &shell, requirement, day, pair, people: desk.actor().may_see_people() };
    let total = counts.total();
    page(&CrossedPage {
        title: shell.joined(&found.title),
        as_of_text: shell.tv("audit-as-of-text", "day", shell.weekday_year(day)),
        back: format!("/audit?as_of={day}&requirement={requirement}"),
        pairs: PAIRS
            .into_iter()
            .map(|other| Link {
                href: format!("/audit/{requirement}/crossed?{}", address(other)),
                text: shell.tvv("crossed-pair", "rows", division(&shell, other.0), "columns", division(&shell, other.1)),
                current: other == pair,
            })
            .collect(),
        row_heading: division(&shell, pair.0),
        columns: counts.columns.iter().map(|head| label(&shell, pair.1, &head.label)).collect(),
        rows: table.rows(&counts, &hidden),
        sums: table.sums(&counts, &hidden),
        total: (total.people() > 0).then(|| cell(&shell, total, hidden.everything, table.href(None, None))),
        withheld: hidden.anything(),
        csv: format!("/audit/{requirement}/crossed.csv?{}", address(pair)),
        shell,
    })
}

/// One row a cell; a withheld number is empty.
#[get("/audit/<requirement>/crossed.csv?<as_of>&<rows>&<columns>")]
async fn crossed_csv(
    desk: Auditing<'_>,
    requirement: Uuid,
    as_of: Option<&str>,
    rows: Option<&str>,
    columns: Option<&str>,
) -> Answer<File> {
    let (pair, day) = (pair(rows, columns)?, day(&desk, as_of)?);
    let mut tx = desk.read().await?;
    issued(&mut tx, desk.actor(), requirement).await?;
    let counts = crossing::crossed(&mut tx, desk.actor(), requirement, day, pair.0, pair.1).await?;
    drop(tx);
    let hidden = counts.withheld(desk.actor());
    let shell = desk.shell("");
    let mut file = Writer::new(Vec::new(), Start::ByteOrderMark)?;
    let heading = ["audit-agreed", "crossed-asked", "state-late", "state-declined", "state-exempt"];
    file.row([division(&shell, pair.0), division(&shell, pair.1)].into_iter().chain(heading.map(|key| shell.t(key))))?;
    for (row, head) in counts.rows.iter().enumerate() {
        for (column, other) in counts.columns.iter().enumerate() {
            let counts = counts.cells[row][column];
            if counts.people() == 0 {
                continue;
            }
            let numbers = [counts.fulfilled, counts.asked(), counts.late, counts.declined, counts.exempt];
            let labels = [label(&shell, pair.0, &head.label), label(&shell, pair.1, &other.label)];
            let hidden = hidden.cells[row][column];
            file.row(labels.into_iter().chain(numbers.map(|n| if hidden { String::new() } else { n.to_string() })))?;
        }
    }
    let csv = ContentType::new("text", "csv").with_params(("charset", "utf-8"));
    Ok(File::of(file.finish()?, csv, &format!("crossed-{day}.csv")))
}

// Beside last year's, and between schools.

struct ComparedView {
    label: String,
    href: Option<String>,
    now: CellView,
    before: CellView,
    gained: String,
    above: String,
}

#[derive(Template)]
#[template(path = "audit_compared.html")]
struct ComparedPage {
    shell: Shell,
    title: String,
    as_of_text: String,
    back: String,
    /// What it is compared with, as a sentence.
    before: String,
    now_heading: String,
    before_heading: String,
    /// There is something of a year before.
    has_before: bool,
    rows: Vec<ComparedView>,
    total: Option<ComparedView>,
    withheld: bool,
}

/// `+3.2 points`; a dash where there is nothing to compare.
fn points(shell: &Shell, difference: Option<i64>) -> String {
    let Some(tenths) = difference else { return "–".into() };
    let sign = match tenths {
        0 => "±",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", shell.locale.per_mille(tenths.abs()).trim_end_matches('%').trim_end())
}

fn compared_view(
    shell: &Shell,
    one: &Compared,
    all: Option<&Compared>,
    label: String,
    href: Option<String>,
    has_before: bool,
) -> ComparedView {
    let view = |counts: Option<Counts>, there: bool| match counts {
        Some(counts) => cell(shell, counts, false, None),
        None if there => cell(shell, Counts::default(), true, None),
        None => CellView { share: "–".into(), fraction: String::new(), href: None },
    };
    ComparedView {
        label,
        href,
        now: view(one.now, true),
        before: view(one.before, false),
        gained: if has_before { points(shell, one.gained()) } else { "–".into() },
        above: all.map(|all| points(shell, one.above(all))).unwrap_or_default(),
    }
}

#[get("/audit/<requirement>/compared?<as_of>")]
async fn compared(desk: Auditing<'_>, requirement: Uuid, as_of: Option<&str>) -> Answer<Html> {
    let day = day(&desk, as_of)?;
    let actor = desk.actor();
    let mut tx = desk.read().await?;
    let found = issued(&mut tx, actor, requirement).await?;
    let (before, lines, all) = comparing::compare(&mut tx, actor, requirement, day).await?;
    drop(tx);
    let shell = desk.shell(desk.t("compared-title"));
    let has_before = before.is_some();
    let people = actor.may_see_people();
    let rows = lines.iter().map(|one| {
        let href = people.then(|| format!("/audit/{requirement}/people?as_of={day}&school={}", one.key));
        compared_view(&shell, one, Some(&all), one.label.clone(), href, has_before)
    });
    let total = (!lines.is_empty()).then(|| compared_view(&shell, &all, None, shell.t("audit-total"), None, has_before));
    page(&ComparedPage {
        title: shell.joined(&found.title),
        as_of_text: shell.tv("audit-as-of-text", "day", shell.weekday_year(day)),
        back: format!("/audit?as_of={day}&requirement={requirement}"),
        before: match &before {
            Some(before) if before.requirement == requirement => shell.tv("compared-with-itself", "day", shell.day(&before.day)),
            Some(before) => shell.tvv("compared-with", "title", &before.title, "day", shell.day(&before.day)),
            None => shell.tv("compared-with-nothing", "day", shell.day(&comparing::a_year_before(day))),
        },
        now_heading: shell.day(&day),
        before_heading: shell.day(&comparing::a_year_before(day)),
        has_before,
        withheld: lines.iter().any(|line| line.now.is_none()),
        rows: rows.collect(),
        total,
        shell,
    })
}

// Where the numbers come from.

struct Step {
    text: String,
    number: String,
    /// Lines below, such as reasons.
    of_these: Vec<(String, String)>,
    href: Option<String>,
    /// A sum.
    strong: bool,
}

struct SchoolChoice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "audit_counted.html")]
struct CountedPage {
    shell: Shell,
    title: String,
    as_of: String,
    latest: String,
    as_of_text: String,
    back: String,
    action: String,
    schools: Vec<SchoolChoice>,
    steps: Vec<Step>,
}

#[get("/audit/<requirement>/counted?<as_of>&<school>")]
async fn counted(desk: Auditing<'_>, requirement: Uuid, as_of: Option<&str>, school: Option<&str>) -> Answer<Html> {
    let day = day(&desk, as_of)?;
    let actor = desk.actor();
    if !sample::may(actor) {
        return Err(Problem::NotFound.into());
    }
    let school = match school.filter(|school| !school.is_empty()) {
        Some(raw) => Some(Uuid::parse_str(raw).map_err(|_| Problem::NotFound)?),
        None => None,
    };
    let mut tx = desk.read().await?;
    let found = issued(&mut tx, actor, requirement).await?;
    let mut schools = figures::lines(&mut tx, actor, requirement, day, By::School).await?;
    let end = desk.district.zone.start_of(day.plus(1));
    let sums = denominators::explain(&mut tx, actor, requirement, day, end, school).await?;
    drop(tx);
    let shell = desk.shell(desk.t("counted-title"));
    schools.sort_by(|a, b| a.label.cmp(&b.label));
    let number = |n: i64| shell.number(&n);
    let at_school = school.map(|uid| format!("&school={uid}")).unwrap_or_default();
    let people = |query: &str| Some(format!("/audit/{requirement}/people?as_of={day}{at_school}{query}"));
    let step =
        |key: &str, n: i64, href: Option<String>| Step { text: shell.t(key), number: number(n), of_these: Vec::new(), href, strong: false };
    let gone: i64 = sums.gone.values().sum();
    let counts = sums.counts;
    let steps = vec![
        step("counted-began", sums.began, None),
        step("counted-joined", sums.joined, None),
        Step {
            of_these: sums.gone.iter().map(|(why, n)| (end_reason(&shell, why), number(*n))).collect(),
            ..step("counted-gone", gone, None)
        },
        Step { strong: true, ..step("counted-listed", sums.listed(), people("")) },
        Step {
            of_these: sums
                .exempt
                .iter()
                .map(|(why, n)| (if why.is_empty() { shell.t("counted-no-reason") } else { audit::reason(&shell, why) }, number(*n)))
                .collect(),
            ..step("counted-exempt", counts.exempt, people("&state=exempt"))
        },
        Step { strong: true, ..step("counted-asked", counts.asked(), None) },
        step("counted-done", counts.fulfilled, people("&state=fulfilled")),
        step("counted-declined", counts.declined, people("&state=declined")),
        Step { of_these: vec![(shell.t("state-late"), number(counts.late))], ..step("counted-open", counts.open, people("&state=open")) },
        step("counted-never-told", sums.never_told, people("&state=untold")),
    ];
    page(&CountedPage {
        title: shell.joined(&found.title),
        as_of: day.iso(),
        latest: desk.today().iso(),
        as_of_text: shell.tv("audit-as-of-text", "day", shell.weekday_year(day)),
        back: format!("/audit?as_of={day}&requirement={requirement}"),
        action: format!("/audit/{requirement}/counted"),
        schools: schools
            .into_iter()
            .map(|line| SchoolChoice { chosen: school.is_some_and(|uid| uid.to_string() == line.key), value: line.key, text: line.label })
            .collect(),
        steps,
        shell,
    })
}

pub fn stage() -> AdHoc {
    AdHoc::on_ignite("tables of the audit", |rocket| async { rocket.mount("/", routes![crossed, crossed_csv, compared, counted]) })
}
