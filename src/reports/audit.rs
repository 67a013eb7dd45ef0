//! The audit on paper: for each requirement in force on a day, the share that is done, by school, role and grade, and how it grew.
//! The same figures go out as a PDF's document, a workbook's sheets and rows. It must not know anybody's answer: figures alone.

use super::document::{Bar, Block, Cell, Chart, Column, Document, Figure, Goal, Table};
use super::words::{self, Key, fill, say};
use super::xlsx::{Sheet, Value};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Locale, Problem, Reach, Result, VersionId};
use crate::obligations::figures::{self, By, Counts, Line};
use crate::obligations::requirements::{self, Requirement};
use crate::obligations::{AnswersAs, Subject};
use crate::policies;
use crate::roster::{District, audience};

/// One requirement's figures as the reader may see them.
pub struct Figures {
    pub requirement: Requirement,
    /// It asks several things, each with its own yes or no: done means yes to the principal one.
    pub is_form: bool,
    /// `None` where the whole is too small to be shown to this reader.
    pub total: Option<Counts>,
    /// By school, role and grade.
    pub groups: [(By, Vec<Group>); 3],
    /// Day, done, asked; empty where the whole is withheld.
    trend: Vec<(Day, i64, i64)>,
    /// Of whom it is asked, in words.
    audience: String,
}

/// One line of a table.
pub struct Group {
    pub label: String,
    /// `None` where it is too small to be shown to this reader.
    pub counts: Option<Counts>,
}

/// The figures at the end of `day` of every requirement that was in force then, within the actor's reach.
///
/// # Errors
/// `NotFound` for whoever has no reach over schools; `Invalid` (`as_of`) for a day to come.
pub async fn gather(tx: &mut Tx, actor: &Actor, district: &District, day: Day, locale: Locale) -> Result<Vec<Figures>> {
    if !matches!(actor.reach, Reach::Orgs(_)) {
        return Err(Problem::NotFound);
    }
    let today = district.today(tx.now());
    if day > today {
        return Err(Problem::invalid("as_of", format!("{day} has not come yet: today is {today}")));
    }
    let people = actor.may_see_people();
    let mut all = Vec::new();
    for requirement in requirements::in_force(tx, actor, day).await? {
        let by_school = figures::lines(tx, actor, requirement.uid, day, By::School).await?;
        let by_role = figures::lines(tx, actor, requirement.uid, day, By::Role).await?;
        let by_grade = figures::lines(tx, actor, requirement.uid, day, By::Grade).await?;
        let sum = by_role.iter().fold(Counts::default(), |sum, line| sum.plus(line.counts));
        let total = (people || sum.asked() + sum.exempt >= figures::SMALLEST_SHOWN).then_some(sum);
        let trend = if total.is_some() { figures::trend(tx, actor, requirement.uid, day).await? } else { Vec::new() };
        let audience = requirement.audience.sentence(&audience::names(tx, &requirement.audience).await?, locale);
        let groups =
            [(By::School, by_school), (By::Role, by_role), (By::Grade, by_grade)].map(|(by, lines)| (by, shown(lines, by, people, locale)));
        let is_form = match requirement.subject {
            Subject::Policy { version, .. } => policies::reading::asks_consents(tx, VersionId(version)).await?,
            Subject::Course { .. } => false,
        };
        all.push(Figures { requirement, is_form, total, groups, trend, audience });
    }
    Ok(all)
}

fn shown(lines: Vec<Line>, by: By, people: bool, locale: Locale) -> Vec<Group> {
    let hide = if people { vec![false; lines.len()] } else { figures::withheld(&lines) };
    let label = |line: Line| match by {
        By::School => line.label,
        By::Role => role_name(locale, &line.key),
        By::Grade => grade_name(locale, &line.key),
    };
    lines.into_iter().zip(hide).map(|(line, hidden)| Group { counts: (!hidden).then_some(line.counts), label: label(line) }).collect()
}

fn role_name(locale: Locale, role: &str) -> String {
    let key = match role {
        "student" => Key::RoleStudent,
        "teacher" => Key::RoleTeacher,
        "staff" => Key::RoleStaff,
        "school_leader" => Key::RoleLeader,
        "guardian" => Key::RoleGuardian,
        "board_member" => Key::RoleBoard,
        "" => Key::RoleNone,
        other => return other.replace('_', " "),
    };
    say(locale, key).to_owned()
}

fn grade_name(locale: Locale, grade: &str) -> String {
    match grade {
        "" => say(locale, Key::GradeNone).to_owned(),
        "KG" => say(locale, Key::GradeKindergarten).to_owned(),
        "PK" | "PR" | "IT" | "TK" => say(locale, Key::GradePre).to_owned(),
        other => fill(locale, Key::GradeName, &[("grade", other.trim_start_matches('0'))]),
    }
}

/// The audit of that day as a document in that language.
///
/// # Errors
/// As [`gather`].
pub async fn audit(tx: &mut Tx, actor: &Actor, district: &District, day: Day, locale: Locale) -> Result<Document> {
    let all = gather(tx, actor, district, day, locale).await?;
    let whole = matches!(&actor.reach, Reach::Orgs(orgs) if orgs.contains(&district.root));
    let mut facts = vec![
        (say(locale, Key::District).to_owned(), district.name.clone()),
        (say(locale, Key::Schools).to_owned(), schools(locale, whole, &all)),
        (say(locale, Key::Day).to_owned(), locale.day(day)),
        (say(locale, Key::TimeZone).to_owned(), district.zone.name().to_owned()),
    ];
    facts.push((say(locale, Key::Requirements).to_owned(), locale.number(count(all.len()))));
    let mut blocks = vec![Block::summary(facts)];
    if all.is_empty() {
        blocks.push(Block::text(say(locale, Key::NothingAsked)));
    }
    if all.len() > 1 {
        blocks.push(Block::heading(2, say(locale, Key::AllTogether)));
        blocks.extend(overview(locale, &all));
    }
    for figures in &all {
        section(locale, figures, day, &mut blocks);
    }
    blocks.push(Block::heading(2, say(locale, Key::HowCounted)));
    let zone = fill(locale, Key::CountDay, &[("zone", district.zone.name())]);
    let mut rules: Vec<String> =
        [Key::CountShare, Key::CountExempt, Key::CountLate, Key::CountRounding].map(|key| say(locale, key).to_owned()).into();
    rules.push(zone);
    if !actor.may_see_people() {
        rules.push(say(locale, Key::CountWithheld).to_owned());
    }
    blocks.push(Block::bullets(rules));
    Ok(Document {
        title: say(locale, Key::AuditTitle).to_owned(),
        lang: locale.tag().to_owned(),
        subject: words::as_of(locale, day),
        author: district.name.clone(),
        made_on: words::made_on(locale, district, tx.now()),
        made_at: tx.now(),
        footer: words::as_of(locale, day),
        blocks,
    })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The schools that the figures are about; few of them by name.
fn schools(locale: Locale, whole: bool, all: &[Figures]) -> String {
    if whole {
        return say(locale, Key::AllSchools).to_owned();
    }
    let names: std::collections::BTreeSet<&str> = all.iter().flat_map(|f| &f.groups[0].1).map(|group| group.label.as_str()).collect();
    if names.len() <= 6 {
        names.into_iter().collect::<Vec<_>>().join("; ")
    } else {
        fill(locale, Key::SchoolsInReach, &[("number", &locale.number(count(names.len())))])
    }
}

/// From 0 to 1, for a picture.
fn part(per_mille: i64) -> f32 {
    f32::from(i16::try_from(per_mille.clamp(0, 1000)).unwrap_or(0)) / 1000.0
}

fn percent(locale: Locale, counts: Counts) -> String {
    counts.per_mille().map_or_else(|| "–".to_owned(), |share| locale.per_mille(share))
}

fn overview(locale: Locale, all: &[Figures]) -> Vec<Block> {
    let bars: Vec<Bar> = all
        .iter()
        .filter_map(|f| {
            let share = f.total?.per_mille()?;
            Some(Bar { label: f.requirement.title.clone(), share: part(share), text: locale.per_mille(share) })
        })
        .collect();
    let goal = all[0].requirement.goal;
    // One line for the goal only where it is everybody's.
    let goal = all.iter().all(|f| f.requirement.goal == goal).then(|| self::goal(locale, goal));
    let said = bars.iter().map(|bar| format!("{} {}", bar.label, bar.text)).collect::<Vec<_>>().join("; ");
    let mut blocks = Vec::new();
    if !bars.is_empty() {
        blocks.push(Block::Figure(Figure {
            title: say(locale, Key::OverviewFigure).to_owned(),
            alt: fill(locale, Key::OverviewAlt, &[("bars", &said)]),
            chart: Chart::Bars { bars, goal },
        }));
    }
    let rows = all
        .iter()
        .map(|f| {
            let mut row = vec![Cell::text(f.requirement.title.clone())];
            row.extend(numbers(locale, f.total));
            row.push(Cell::text(format!("{}%", f.requirement.goal)));
            row
        })
        .collect();
    let mut columns = vec![Column::text(say(locale, Key::Requirement), 2.6)];
    columns.extend(number_columns(locale, Key::Done));
    columns.push(Column::number(say(locale, Key::Goal), 0.8));
    blocks.push(Block::Table(Table { caption: say(locale, Key::Overview).to_owned(), columns, row_headers: true, rows }));
    blocks
}

fn goal(locale: Locale, goal: i64) -> Goal {
    Goal { share: part(goal * 10), text: fill(locale, Key::SummaryGoal, &[("goal", &goal.to_string())]) }
}

fn done_key(figures: &Figures) -> Key {
    match figures.requirement.subject {
        Subject::Policy { .. } if figures.is_form => Key::SaidYes,
        Subject::Policy { .. } => Key::Agreed,
        Subject::Course { .. } => Key::Completed,
    }
}

/// “412 of 530 agreed (77.7%), 31 late, 4 said no, 2 not asked; goal 95%.”
pub fn sentence(locale: Locale, figures: &Figures, counts: Counts) -> String {
    let number = |n: i64| locale.number(n);
    let mut parts = vec![match counts.per_mille() {
        None => say(locale, Key::SummaryNobody).to_owned(),
        Some(share) => {
            let key = match figures.requirement.subject {
                Subject::Policy { .. } if figures.is_form => Key::SummarySaidYes,
                Subject::Policy { .. } => Key::SummaryAgreed,
                Subject::Course { .. } => Key::SummaryCompleted,
            };
            let (done, asked) = (number(counts.fulfilled), number(counts.asked()));
            fill(locale, key, &[("done", &done), ("asked", &asked), ("share", &locale.per_mille(share))])
        }
    }];
    let mut also = |n: i64, one: Key, other: Key| match n {
        0 => {}
        1 => parts.push(fill(locale, one, &[("number", "1")])),
        n => parts.push(fill(locale, other, &[("number", &number(n))])),
    };
    also(counts.late, Key::SummaryLate, Key::SummaryLate);
    also(counts.declined, Key::SummaryDeclinedOne, Key::SummaryDeclined);
    also(counts.exempt, Key::SummaryNotAskedOne, Key::SummaryNotAsked);
    let goal = fill(locale, Key::SummaryGoal, &[("goal", &figures.requirement.goal.to_string())]);
    format!("{}; {goal}.", parts.join(", "))
}

/// What is still missing for the goal, in words; `None` where nobody is asked.
fn towards_goal(locale: Locale, requirement: &Requirement, counts: Counts) -> Option<String> {
    let missing = (requirement.goal * counts.asked() + 99) / 100 - counts.fulfilled;
    (counts.asked() > 0).then(|| match missing {
        ..=0 => say(locale, Key::GoalReached).to_owned(),
        1 => say(locale, Key::GoalMissingOne).to_owned(),
        more => fill(locale, Key::GoalMissing, &[("number", &locale.number(more))]),
    })
}

fn section(locale: Locale, figures: &Figures, day: Day, blocks: &mut Vec<Block>) {
    let requirement = &figures.requirement;
    blocks.push(Block::heading(2, &requirement.title));
    match figures.total {
        Some(total) => {
            let goal = towards_goal(locale, requirement, total).map(|text| format!(" {text}")).unwrap_or_default();
            blocks.push(Block::text(format!("{}{goal}", sentence(locale, figures, total))));
        }
        None => blocks.push(Block::text(say(locale, Key::CountWithheld))),
    }
    blocks.push(Block::summary(facts(locale, figures)));
    let until = figures.total.and_then(Counts::per_mille);
    if let (Some(last), [(first_day, ..), _, ..]) = (until, figures.trend.as_slice()) {
        blocks.extend(trend(locale, figures, &figures.trend, (*first_day, day), last));
    }
    for (by, groups) in &figures.groups {
        // A single line would only say the total again.
        if groups.len() > 1 {
            blocks.push(Block::Table(group_table(locale, figures, *by, groups)));
        }
    }
}

fn facts(locale: Locale, figures: &Figures) -> Vec<(String, String)> {
    let requirement = &figures.requirement;
    let asked = if matches!(requirement.subject, Subject::Policy { .. }) { Key::ReadPolicy } else { Key::TakeCourse };
    let mut asked = say(locale, asked).to_owned();
    if requirement.answers_as == AnswersAs::Guardian {
        asked = format!("{asked}. {}.", say(locale, Key::GuardiansAnswer));
    }
    let last = match requirement.due {
        Some(due) => locale.day(due),
        None => fill(locale, Key::DaysAfterJoining, &[("number", &requirement.join_days.to_string())]),
    };
    let mut facts = vec![(Key::Subject, asked), (Key::Audience, figures.audience.clone())];
    facts.extend(requirement.issued_day.map(|day| (Key::Since, locale.day(day))));
    facts.push((Key::LastDay, last));
    facts.into_iter().map(|(key, text)| (say(locale, key).to_owned(), text)).collect()
}

/// How many days the trend's table names at most.
const NAMED_DAYS: usize = 6;

fn trend(locale: Locale, figures: &Figures, points: &[(Day, i64, i64)], (from, until): (Day, Day), last: i64) -> Vec<Block> {
    let share = |done: i64, asked: i64| if asked > 0 { done * 1000 / asked } else { 0 };
    let mut drawn: Vec<(i64, f32)> = points.iter().map(|(day, done, asked)| (day.0, part(share(*done, *asked)))).collect();
    if points.last().is_some_and(|(day, ..)| *day < until) {
        drawn.push((until.0, part(last)));
    }
    let first = points.first().map_or(0, |(_, done, asked)| share(*done, *asked));
    let alt = fill(
        locale,
        Key::TrendAlt,
        &[
            ("first", &locale.per_mille(first)),
            ("from", &locale.day(from)),
            ("last", &locale.per_mille(last)),
            ("until", &locale.day(until)),
            ("goal", &figures.requirement.goal.to_string()),
        ],
    );
    let figure = Figure {
        title: say(locale, Key::Trend).to_owned(),
        alt,
        chart: Chart::Trend {
            points: drawn,
            from: locale.day_of_year(from),
            to: locale.day_of_year(until),
            last: locale.per_mille(last),
            goal: Some(goal(locale, figures.requirement.goal)),
        },
    };
    let step = points.len().div_ceil(NAMED_DAYS).max(1);
    // The last day is always among them.
    let rows = points.iter().rev().step_by(step).map(|(day, done, asked)| {
        let share = share(*done, *asked);
        vec![
            Cell::text(locale.day(*day)),
            Cell::text(locale.number(*done)),
            Cell::text(locale.number(*asked)),
            Cell::share(part(share), locale.per_mille(share)),
        ]
    });
    let mut rows: Vec<_> = rows.collect();
    rows.reverse();
    let columns = vec![
        Column::text(say(locale, Key::Date), 2.2),
        Column::number(say(locale, done_key(figures)), 1.0),
        Column::number(say(locale, Key::Asked), 1.0),
        Column::text(say(locale, Key::Share), 2.0),
    ];
    vec![Block::Figure(figure), Block::Table(Table { caption: say(locale, Key::TrendTable).to_owned(), columns, row_headers: true, rows })]
}

fn number_columns(locale: Locale, done: Key) -> Vec<Column> {
    vec![
        Column::text(say(locale, Key::Share), 1.9),
        Column::number(say(locale, done), 1.4),
        Column::number(say(locale, Key::Asked), 1.0),
        Column::number(say(locale, Key::Late), 1.0),
        Column::number(say(locale, Key::SaidNo), 0.9),
        Column::number(say(locale, Key::NotAsked), 0.9),
    ]
}

fn numbers(locale: Locale, counts: Option<Counts>) -> Vec<Cell> {
    let Some(counts) = counts else {
        let mut cells = vec![Cell::text(say(locale, Key::TooFew))];
        cells.extend((0..5).map(|_| Cell::text("–")));
        return cells;
    };
    let text = percent(locale, counts);
    let share = counts.per_mille().map_or_else(|| Cell::text(text.clone()), |share| Cell::share(part(share), text.clone()));
    let rest = [counts.fulfilled, counts.asked(), counts.late, counts.declined, counts.exempt];
    std::iter::once(share).chain(rest.map(|n| Cell::text(locale.number(n)))).collect()
}

fn group_table(locale: Locale, figures: &Figures, by: By, groups: &[Group]) -> Table {
    let (caption, name) = match by {
        By::School => (Key::BySchool, Key::School),
        By::Role => (Key::ByRole, Key::Role),
        By::Grade => (Key::ByGrade, Key::Grade),
    };
    let mut columns = vec![Column::text(say(locale, name), 2.6)];
    columns.extend(number_columns(locale, done_key(figures)));
    let line = |label: Cell, counts| std::iter::once(label).chain(numbers(locale, counts)).collect::<Vec<_>>();
    let mut rows: Vec<Vec<Cell>> = groups.iter().map(|group| line(Cell::text(group.label.clone()), group.counts)).collect();
    rows.push(line(Cell::bold(say(locale, Key::Total)), figures.total));
    Table { caption: say(locale, caption).to_owned(), columns, row_headers: true, rows }
}

/// A sheet for each requirement: its schools, the lowest share first, and all together.
pub fn sheets(all: &[Figures], locale: Locale) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = Vec::new();
    for (number, figures) in (1_usize..).zip(all) {
        let columns = [Key::School, done_key(figures), Key::Asked, Key::Share, Key::Late, Key::SaidNo, Key::NotAsked];
        let row = |label: &str, counts: Option<Counts>| {
            let mut row = vec![Value::from(label)];
            match counts {
                None => {
                    row.push(Value::from(say(locale, Key::TooFew)));
                    row.extend((0..5).map(|_| Value::Empty));
                }
                Some(c) => {
                    let share = c.per_mille().map_or(Value::Empty, |share| Value::Share(f64::from(part(share) * 1000.0).round() / 1000.0));
                    row.extend([c.fulfilled.into(), c.asked().into(), share, c.late.into(), c.declined.into(), c.exempt.into()]);
                }
            }
            row
        };
        let mut rows: Vec<Vec<Value>> = figures.groups[0].1.iter().map(|group| row(&group.label, group.counts)).collect();
        rows.push(row(say(locale, Key::Total), figures.total));
        // Excel wants each tab's name once, whatever its case: the number makes it so.
        let name = format!("{number} {}", figures.requirement.title);
        sheets.push(Sheet { name, columns: columns.map(|key| say(locale, key).to_owned()).into(), rows });
    }
    if sheets.is_empty() {
        let nothing = vec![vec![Value::from(say(locale, Key::NothingAsked))]];
        sheets.push(Sheet {
            name: say(locale, Key::Requirements).to_owned(),
            columns: vec![say(locale, Key::Requirement).to_owned()],
            rows: nothing,
        });
    }
    sheets
}

/// Every figure as rows for a program: the first is the header, in English whatever the report's language. A withheld number is empty.
pub fn rows(all: &[Figures], day: Day) -> Vec<Vec<String>> {
    let header = ["as_of", "requirement", "title", "by", "group", "done", "asked", "share", "late", "declined", "exempt", "goal"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for figures in all {
        let mut push = |by: &str, group: &str, counts: Option<Counts>| {
            let requirement = &figures.requirement;
            let mut row = vec![day.iso(), requirement.uid.to_string(), requirement.title.clone(), by.to_owned(), group.to_owned()];
            let number = |read: fn(Counts) -> i64| counts.map_or(String::new(), |c| read(c).to_string());
            row.push(number(|c| c.fulfilled));
            row.push(number(Counts::asked));
            row.push(counts.and_then(Counts::per_mille).map_or(String::new(), |share| format!("{}.{}", share / 10, share % 10)));
            row.extend([number(|c| c.late), number(|c| c.declined), number(|c| c.exempt), requirement.goal.to_string()]);
            rows.push(row);
        };
        push("all", "", figures.total);
        for (by, groups) in &figures.groups {
            for group in groups {
                push(by.name(), &group.label, group.counts);
            }
        }
    }
    rows
}
