//! `assent audit`: the figures as of any day, as text, JSON or CSV.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::Office;
use super::require::table;
use crate::kernel::{Day, Locale, Problem, Result};
use crate::obligations::figures::{self, By, Counts};
use crate::obligations::requirements;
use crate::obligations::sample::{self, Drawn, Member, Plan, Stratum};
use crate::reports::csv::{Start, Writer};

#[derive(Debug, Args)]
pub struct Audit {
    /// The figures at the end of that day; without it, today's
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Day>,
    /// Divide by school, role or grade; of a sample also by state
    #[arg(long, value_parser = ["school", "role", "grade", "state"])]
    by: Option<String>,
    /// Draw a random sample of so many people of each group (of all, without --by) under one requirement
    #[arg(long, value_name = "NUMBER", requires = "requirement")]
    sample: Option<i64>,
    /// The seed of the sample: the same one draws the same people. Without it one is made by chance, and printed
    #[arg(long, requires = "sample")]
    seed: Option<String>,
    /// One requirement alone
    #[arg(long, value_name = "UID")]
    requirement: Option<Uuid>,
    /// Write the figures to a CSV file instead
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// One line of the answer: a requirement, or one group of it.
#[derive(Debug, Serialize)]
struct Figure {
    requirement: Uuid,
    title: String,
    /// The school's name, role or grade; none for the whole.
    group: Option<String>,
    /// Percent with one decimal, rounded down; none where nobody is asked.
    share: Option<String>,
    done: i64,
    asked: i64,
    late: i64,
    declined: i64,
    exempt: i64,
    goal: i64,
}

pub async fn run(office: &Office, args: Audit) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let day = args.as_of.unwrap_or(today);
    if day > today {
        return Err(Problem::invalid("as-of", format!("{day} has not come yet: today is {today}")));
    }
    if let (Some(each), Some(requirement)) = (args.sample, args.requirement) {
        let by = args.by.as_deref().and_then(Stratum::named).unwrap_or(Stratum::All);
        let plan = Plan { day, by, each, seed: args.seed.unwrap_or_default() };
        let drawn = sample::draw(&mut tx, &operator, requirement, plan).await?;
        let members = sample::people(&mut tx, &operator, &drawn).await?;
        drop(tx);
        return drawn_sample(office, args.csv.as_deref(), &drawn, &members);
    }
    let by = match args.by.as_deref() {
        Some(name) => Some(
            By::named(name).ok_or_else(|| Problem::invalid("by", "figures are divided by school, role or grade; state is for samples"))?,
        ),
        None => None,
    };
    let all = match args.requirement {
        Some(uid) => vec![requirements::get(&mut tx, &operator, uid).await?],
        None => requirements::in_force(&mut tx, &operator, day).await?,
    };
    let mut lines = Vec::new();
    for requirement in all {
        let line = |group: Option<String>, counts: Counts| Figure {
            requirement: requirement.uid,
            title: requirement.title.clone(),
            group,
            share: counts.per_mille().map(|share| Locale::En.per_mille(share)),
            done: counts.fulfilled,
            asked: counts.asked(),
            late: counts.late,
            declined: counts.declined,
            exempt: counts.exempt,
            goal: requirement.goal,
        };
        if let Some(by) = by {
            for found in figures::lines(&mut tx, &operator, requirement.uid, day, by).await? {
                let label = if found.label.is_empty() { "none".to_owned() } else { found.label };
                lines.push(line(Some(label), found.counts));
            }
        } else {
            lines.push(line(None, figures::total(&mut tx, &operator, requirement.uid, day).await?));
        }
    }
    drop(tx);
    if let Some(path) = &args.csv {
        write(path, &lines)?;
        return office.print(&serde_json::json!({ "written": path, "lines": lines.len() }), || {
            format!("{} lines written to {}", lines.len(), path.display())
        });
    }
    office.print(&serde_json::json!({ "as_of": day.iso(), "figures": &lines }), || text(day, &lines))
}

const SAMPLE_HEADING: [&str; 9] = ["No.", "Group", "Name", "Child", "School", "Grade", "State", "Person", "Rank"];

/// A sample as text, JSON or CSV.
fn drawn_sample(office: &Office, csv: Option<&std::path::Path>, drawn: &Drawn, members: &[Member]) -> Result<()> {
    let rows: Vec<[String; 9]> = members
        .iter()
        .map(|m| {
            [
                m.draw.number.to_string(),
                m.draw.stratum.clone(),
                m.row.name.clone(),
                if m.row.about_uid == m.row.person_uid { String::new() } else { m.row.about_name.clone() },
                m.row.school.clone(),
                m.row.grade.clone(),
                m.row.state.clone(),
                m.row.person_uid.to_string(),
                m.draw.rank.clone(),
            ]
        })
        .collect();
    if let Some(path) = csv {
        let mut file = Writer::new(Vec::new(), Start::ByteOrderMark)?;
        file.row(SAMPLE_HEADING)?;
        for row in &rows {
            file.row(row)?;
        }
        std::fs::write(path, file.finish()?)?;
    }
    let said = serde_json::json!({ "seed": drawn.plan.seed, "groups": drawn.parts, "people": members });
    office.print(&said, || format!("Seed: {}\n{}", drawn.plan.seed, table(&SAMPLE_HEADING, &rows, 9)))
}

const HEADING: [&str; 9] = ["Requirement", "Group", "Share", "Done", "Asked", "Late", "Said no", "Exempt", "Goal"];

fn cells(line: &Figure) -> [String; 9] {
    [
        line.title.clone(),
        line.group.clone().unwrap_or_default(),
        line.share.clone().unwrap_or_else(|| "-".into()),
        line.done.to_string(),
        line.asked.to_string(),
        line.late.to_string(),
        line.declined.to_string(),
        line.exempt.to_string(),
        format!("{}%", line.goal),
    ]
}

fn text(day: Day, lines: &[Figure]) -> String {
    if lines.is_empty() {
        return format!("Nothing was asked of anybody on {day}.");
    }
    format!("As of {day}, at the end of the day\n{}", table(&HEADING, &lines.iter().map(cells).collect::<Vec<_>>(), 2))
}

fn write(path: &std::path::Path, lines: &[Figure]) -> Result<()> {
    let refused = |e: csv::Error| Problem::invalid("csv", format!("{} can't be written: {e}", path.display()));
    let mut file = csv::Writer::from_path(path).map_err(refused)?;
    file.write_record(HEADING).map_err(refused)?;
    for line in lines {
        file.write_record(cells(line).map(|cell| if cell == "-" { String::new() } else { crate::reports::csv::harmless(&cell) }))
            .map_err(refused)?;
    }
    file.flush()?;
    Ok(())
}
