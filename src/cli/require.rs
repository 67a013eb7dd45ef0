//! `assent require …`: who must do what by when.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use uuid::Uuid;

use super::Office;
use crate::db::Tx;
use crate::kernel::{Day, Locale, Page, Problem, Result};
use crate::obligations::requirements::{self, Requirement};
use crate::obligations::{self, AnswersAs, DutyReport, NewRequirement, RequirementState, Subject, Window, causes, dispensations, figures};
use crate::policies;
use crate::roster::District;
use crate::roster::audience::{self, Rule};
use crate::training;

#[derive(Debug, Subcommand)]
pub enum Require {
    /// All requirements: in force, saved, past
    List,
    /// Ask people to agree to a policy or to take a course
    Add(Add),
    /// Take a requirement back: its open duties end, its answers stay
    Withdraw {
        uid: Uuid,
        /// Why; kept with the requirement
        #[arg(long)]
        reason: String,
    },
    /// Give one person more time
    Extend {
        #[command(flatten)]
        duty: Duty,
        /// The new last day
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Day,
    },
    /// Exempt one person
    Exempt {
        #[command(flatten)]
        duty: Duty,
    },
    /// Take an exemption back: the person is asked after all
    AskAfterAll {
        #[command(flatten)]
        duty: Duty,
    },
    /// What changes of the roster, of rules and of the calendar did to who is asked, and why
    Changes {
        /// One of them, with its people
        uid: Option<Uuid>,
        /// Which page of the list
        #[arg(long)]
        page: Option<i64>,
    },
    /// Follow the dates that have come: birthdays, first and last days, a new school year. The server does it by itself
    Day,
}

/// One person's duty.
#[derive(Debug, Args)]
pub struct Duty {
    /// The requirement's uid
    requirement: Uuid,
    /// The uid of the person who answers
    person: Uuid,
    /// The child's uid, where a guardian answers
    #[arg(long, value_name = "UID")]
    child: Option<Uuid>,
    /// Why; stands beside the figure
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub struct Add {
    /// The published policy, by its slug
    #[arg(long, value_name = "SLUG", required_unless_present = "course", conflicts_with = "course")]
    policy: Option<String>,
    /// The published course, by its slug
    #[arg(long, value_name = "SLUG")]
    course: Option<String>,
    /// What people are asked to do, as their task is called
    #[arg(long)]
    title: String,
    /// The audience as a JSON rule, as `require list --json` shows it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["role", "grade", "school"])]
    audience_file: Option<PathBuf>,
    /// `student`, `teacher`, `staff`, `school_leader`, `board_member`, `all_staff` or `everybody`
    #[arg(long, required_unless_present = "audience_file")]
    role: Option<String>,
    /// Grades, such as KG,06,07
    #[arg(long, value_delimiter = ',')]
    grade: Vec<String>,
    /// A school by its name; may be given several times
    #[arg(long, value_name = "NAME")]
    school: Vec<String>,
    /// Their guardians answer, one answer a child
    #[arg(long)]
    guardians: bool,
    /// Last day for those who are there today; without it everybody has the days of --join-days
    #[arg(long, value_name = "YYYY-MM-DD")]
    due: Option<Day>,
    /// Days that somebody has who comes later
    #[arg(long, default_value_t = 30)]
    join_days: i64,
    /// Percent that the district wants
    #[arg(long, default_value_t = 95)]
    goal: i64,
    /// First day on which it can be answered; without it at once
    #[arg(long, value_name = "YYYY-MM-DD")]
    opens: Option<Day>,
    /// So many days after the last day nobody counts as late
    #[arg(long, default_value_t = 0)]
    grace_days: i64,
    /// Ask anew each school year, whenever it was answered before
    #[arg(long)]
    yearly: bool,
    /// The published course, by its slug, for whoever did this one in an earlier school year
    #[arg(long, value_name = "SLUG", requires = "course")]
    refresher: Option<String>,
    /// Save it, ask nobody yet
    #[arg(long)]
    save_only: bool,
}

pub async fn run(office: &Office, args: Require) -> Result<()> {
    match args {
        Require::List => list(office).await,
        Require::Add(args) => add(office, args).await,
        Require::Withdraw { uid, reason } => {
            let mut tx = office.write().await?;
            let (district, operator) = office.desk(&mut tx).await?;
            requirements::withdraw(&mut tx, &operator, &district, uid, &reason).await?;
            tx.commit().await?;
            office.print(&serde_json::json!({ "withdrawn": uid }), || format!("{uid} is taken back: nobody is asked any more"))
        }
        Require::Extend { duty, until } => grant(office, &duty, Grant::Time(until)).await,
        Require::Exempt { duty } => grant(office, &duty, Grant::Exemption).await,
        Require::AskAfterAll { duty } => grant(office, &duty, Grant::AskAfterAll).await,
        Require::Changes { uid: Some(uid), page } => change(office, uid, page).await,
        Require::Changes { uid: None, page } => changes(office, page).await,
        Require::Day => {
            let mut tx = office.write().await?;
            let (district, _) = office.desk(&mut tx).await?;
            let day = obligations::day_begins(&mut tx, &district).await?;
            tx.commit().await?;
            let renewed: Vec<_> =
                day.renewed.iter().map(|(r, asked)| serde_json::json!({ "requirement": r.uid, "asked": asked })).collect();
            office.print(&serde_json::json!({ "followed": day.followed, "renewed": renewed }), || {
                let mut lines: Vec<String> = day.followed.iter().map(sums).collect();
                lines.extend(day.renewed.iter().map(|(r, asked)| format!("{}: asked anew, {asked} answers", r.title)));
                if lines.is_empty() { "Nothing was to be followed".into() } else { lines.join("\n") }
            })
        }
    }
}

enum Grant {
    Time(Day),
    Exemption,
    AskAfterAll,
}

async fn grant(office: &Office, args: &Duty, what: Grant) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let about = args.child.unwrap_or(args.person);
    let duty = match dispensations::standing(&mut tx, &operator, args.requirement, args.person, about).await {
        Err(Problem::NotFound) => {
            return Err(Problem::invalid(
                "person",
                "this person has no duty under that requirement: `assent require list` shows requirements",
            ));
        }
        found => found?,
    };
    let said = match what {
        Grant::Time(until) => {
            dispensations::extend(&mut tx, &operator, &district, &duty, until, &args.reason).await?;
            format!("{} has time until {until}", duty.name)
        }
        Grant::Exemption => {
            dispensations::exempt(&mut tx, &operator, &district, &duty, &args.reason).await?;
            format!("{} is exempt", duty.name)
        }
        Grant::AskAfterAll => {
            dispensations::ask_after_all(&mut tx, &operator, &district, &duty, &args.reason).await?;
            format!("{} is asked after all", duty.name)
        }
    };
    let duty = dispensations::standing(&mut tx, &operator, args.requirement, args.person, about).await?;
    tx.commit().await?;
    office.print(&duty, || said)
}

/// One change in a line.
fn sums(report: &DutyReport) -> String {
    let sum = |part: fn(&causes::Line) -> i64| report.lines.iter().map(part).sum::<i64>();
    format!(
        "{}  {}  {} by {}: {} asked, {} moved, {} asked no more",
        report.at.rfc3339(),
        report.uid,
        report.cause.name(),
        report.by_name,
        sum(|l| l.outcome.made + l.outcome.reopened),
        sum(|l| l.outcome.moved),
        sum(|l| l.outcome.ended_in_all() + l.outcome.released)
    )
}

async fn changes(office: &Office, page: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let found = causes::list(&mut tx, &operator, Page::number(page)).await?;
    office.print(&serde_json::json!({ "total": found.total, "page": found.page.number, "changes": found.rows }), || {
        if found.rows.is_empty() {
            return "Nothing has changed who is asked yet".into();
        }
        found.rows.iter().map(sums).collect::<Vec<_>>().join("\n")
    })
}

async fn change(office: &Office, uid: Uuid, page: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let report = match causes::get(&mut tx, &operator, uid).await {
        Err(Problem::NotFound) => return Err(Problem::invalid("uid", "there is no such change: `assent require changes` lists them")),
        found => found?,
    };
    let people = causes::people(&mut tx, &operator, uid, Page::number(page)).await?;
    let value = serde_json::json!({ "change": report, "total": people.total, "page": people.page.number, "people": people.rows });
    office.print(&value, || {
        let mut lines = vec![sums(&report)];
        lines.extend(people.rows.iter().map(|p| {
            let child = if p.about_uid == p.person_uid { String::new() } else { format!(" for {}", p.about_name) };
            format!("{}{child}, {}: {} ({})", p.name, p.school, p.what, p.requirement)
        }));
        lines.push(format!("{} people, page {} of {}", people.total, people.page.number, people.last()));
        lines.join("\n")
    })
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    requirement: Requirement,
    /// The audience as a sentence.
    sentence: String,
    counts: Option<figures::Counts>,
}

async fn list(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let mut all = Vec::new();
    for requirement in requirements::all(&mut tx, &operator).await? {
        let names = audience::names(&mut tx, &requirement.audience).await?;
        let counts = if requirement.state == RequirementState::Saved {
            None
        } else {
            let day = requirement.ended_day.map_or(today, |day| day.plus(-1));
            Some(figures::total(&mut tx, &operator, requirement.uid, day).await?)
        };
        all.push(Listed { sentence: requirement.audience.sentence(&names, Locale::En), requirement, counts });
    }
    drop(tx);
    office.print(&all, || {
        if all.is_empty() {
            return "Nobody has been asked for anything yet. Next: assent require add --help".into();
        }
        let rows: Vec<_> = all
            .iter()
            .map(|listed| {
                let requirement = &listed.requirement;
                let state = match requirement.state {
                    RequirementState::Saved => "saved",
                    RequirementState::Issued => "in force",
                    RequirementState::Superseded => "superseded",
                    RequirementState::Renewed => "renewed",
                    RequirementState::Withdrawn => "withdrawn",
                };
                [
                    requirement.uid.to_string(),
                    requirement.title.clone(),
                    state.to_owned(),
                    requirement.due.map_or_else(|| format!("{} days", requirement.join_days), Day::iso),
                    listed.counts.map_or_else(|| "-".into(), |c| format!("{} of {}", c.fulfilled, c.asked())),
                    listed.sentence.clone(),
                ]
            })
            .collect();
        table(&["Uid", "Requirement", "State", "Due", "Done", "Who"], &rows, 6)
    })
}

async fn add(office: &Office, args: Add) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let (subject, minutes) = subject(&mut tx, &district, &args).await?;
    let new = NewRequirement {
        title: args.title.clone(),
        subject,
        answers_as: if args.guardians { AnswersAs::Guardian } else { AnswersAs::Oneself },
        audience: rule(&mut tx, &args).await?,
        due: args.due,
        join_days: args.join_days,
        goal: args.goal,
        minutes,
        window: Window {
            opens: args.opens,
            grace_days: args.grace_days,
            yearly: args.yearly,
            refresher: match &args.refresher {
                Some(slug) => Some(course(&mut tx, "refresher", slug).await?).map(|version| (version.id.0, version.course_id.0)),
                None => None,
            },
        },
    };
    let saved = requirements::save(&mut tx, &operator, &district, new).await?;
    let asked = if args.save_only { None } else { Some(requirements::issue(&mut tx, &operator, &district, saved.uid).await?) };
    tx.commit().await?;
    office.print(&serde_json::json!({ "requirement": saved.uid, "asked": asked }), || match asked {
        Some(asked) => format!("{}: {asked} answers are asked for", saved.uid),
        None => format!("{}: saved, nobody asked yet", saved.uid),
    })
}

/// The published version that the command names, and how many minutes it takes.
///
/// # Errors
/// `Invalid` where no policy or course of that slug is published.
async fn subject(tx: &mut Tx, district: &District, args: &Add) -> Result<(Subject, i64)> {
    match (&args.policy, &args.course) {
        (Some(slug), _) => {
            let unknown = || Problem::invalid("policy", format!("no policy in force has the slug “{slug}”: assent policy list shows them"));
            let policy = match policies::find(tx, slug).await {
                Err(Problem::NotFound) => return Err(unknown()),
                found => found?,
            };
            let today = district.today(tx.now());
            let version = policies::current(tx, policy.id, today).await?.ok_or_else(unknown)?;
            let reading = policies::read(tx, &version, None).await?;
            if reading.statement.is_empty() && reading.consents.is_empty() {
                return Err(Problem::invalid("policy", format!("“{slug}” asks for no answer: it has no statement to agree to")));
            }
            Ok((Subject::Policy { version: version.id.0, root: policy.id.0 }, reading.minutes.max(1)))
        }
        (None, Some(slug)) => {
            let version = course(tx, "course", slug).await?;
            Ok((Subject::Course { version: version.id.0, root: version.course_id.0 }, version.minutes.max(1)))
        }
        (None, None) => Err(Problem::invalid("policy", "name what is asked with --policy SLUG or --course SLUG")),
    }
}

async fn course(tx: &mut Tx, field: &str, slug: &str) -> Result<training::Version> {
    match training::current(tx, slug).await {
        Err(Problem::NotFound) => {
            Err(Problem::invalid(field, format!("no published course has the slug “{slug}”: assent course list shows them")))
        }
        found => found,
    }
}

async fn rule(tx: &mut Tx, args: &Add) -> Result<Rule> {
    if let Some(path) = &args.audience_file {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Problem::invalid("audience-file", format!("{} can't be read: {e}", path.display())))?;
        return Rule::parse(&text);
    }
    let role = args.role.as_deref().unwrap_or_default();
    let mut parts = vec![match role {
        "everybody" => Rule::Everybody,
        "all_staff" => Rule::AllStaff,
        "student" | "teacher" | "staff" | "school_leader" | "board_member" => Rule::Role(vec![role.to_owned()]),
        other => {
            return Err(Problem::invalid(
                "role",
                format!("“{other}” is no role: choose student, teacher, staff, school_leader, board_member, all_staff or everybody"),
            ));
        }
    }];
    let choices = audience::choices(tx).await?;
    if let Some(unknown) = args.grade.iter().find(|g| !choices.grades.contains(g)) {
        let known = choices.grades.join(", ");
        return Err(Problem::invalid("grade", format!("nobody on the roster is in grade “{unknown}”: the roster's grades are {known}")));
    }
    if !args.grade.is_empty() {
        parts.push(Rule::Grade(args.grade.clone()));
    }
    let mut schools = Vec::new();
    for name in &args.school {
        let found: Vec<_> = choices.orgs.iter().filter(|(_, known)| known.eq_ignore_ascii_case(name.trim())).collect();
        match found.as_slice() {
            [(uid, _)] => schools.push(*uid),
            [] => return Err(Problem::invalid("school", format!("no school on the roster is called “{name}”"))),
            _ => {
                return Err(Problem::invalid(
                    "school",
                    format!("several schools are called “{name}”: name them by uid in --audience-file"),
                ));
            }
        }
    }
    if !schools.is_empty() {
        parts.push(Rule::Org(schools));
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Rule::All(parts) })
}

/// Text in columns; the first `left` columns stand to the left, figures to the right.
pub(super) fn table<const N: usize>(heading: &[&str; N], rows: &[[String; N]], left: usize) -> String {
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).chain([heading[column].chars().count()]).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let said: Vec<String> = cells
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(column, (cell, wide))| if column < left { format!("{cell:<wide$}") } else { format!("{cell:>wide$}") })
            .collect();
        said.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(*heading)];
    lines.extend(rows.iter().map(|row| line(std::array::from_fn(|column| row[column].as_str()))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_stand_below_each_other() {
        let rows = [["Harbor".to_owned(), "5".to_owned()], ["Cedar Ridge".to_owned(), "12".to_owned()]];
        assert_eq!(super::table(&["School", "Late"], &rows, 1), "School       Late\nHarbor          5\nCedar Ridge    12");
    }
}
