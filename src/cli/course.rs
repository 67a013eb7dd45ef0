//! `assent course …`: from the library to publication, as the operator, who has a director's rights.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::Office;
use crate::kernel::Result;
use crate::obligations::Subject;
use crate::obligations::requirements::ask_again;
use crate::training::{self, Change, State, library};

#[derive(Debug, Subcommand)]
pub enum Course {
    /// What the shipped library holds
    Library,
    /// Take a course of the library as a draft
    Take { slug: String },
    /// The district's courses
    List,
    /// What a course teaches
    Show {
        slug: String,
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Put a changed text into the draft, or begin the next version with it
    Revise(Revise),
    /// Publish a course's draft
    Publish { slug: String },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("change").required(true).args(["material", "editorial"])))]
pub struct Revise {
    slug: String,
    /// A course folder in the library's form, named like the course
    #[arg(long)]
    folder: PathBuf,
    /// What is taught changes: whoever passed is asked again
    #[arg(long)]
    material: bool,
    /// Only the words change
    #[arg(long)]
    editorial: bool,
    /// Why it is the one or the other
    #[arg(long)]
    reason: String,
}

pub async fn run(office: &Office, args: Course) -> Result<()> {
    match args {
        Course::Library => show_library(office),
        Course::List => list(office).await,
        Course::Show { slug, language } => show(office, &slug, &language).await,
        Course::Take { slug } => {
            let mut tx = office.write().await?;
            let (_, operator) = office.desk(&mut tx).await?;
            let version = training::take_from_library(&mut tx, &operator, &slug).await?;
            tx.commit().await?;
            office.print(&version, || format!("“{slug}” is a draft now. Next: assent course publish {slug}"))
        }
        Course::Revise(args) => revise(office, args).await,
        Course::Publish { slug } => {
            let mut tx = office.write().await?;
            let (district, operator) = office.desk(&mut tx).await?;
            let published = training::publish(&mut tx, &operator, &slug).await?;
            let mut asked = 0;
            if published.replaces.is_some() && published.version.material {
                let subject = Subject::Course { version: published.version.id.0, root: published.version.course_id.0 };
                asked = ask_again(&mut tx, &operator, &district, subject, None).await?.into_iter().map(|(_, n)| n).sum();
            }
            tx.commit().await?;
            office.print(&published, || {
                let again = if asked > 0 { format!("; {asked} people are asked again") } else { String::new() };
                format!("version {} of “{slug}” is published{again}", published.version.number)
            })
        }
    }
}

fn show_library(office: &Office) -> Result<()> {
    let courses = library::shipped();
    let rows: Vec<serde_json::Value> = courses
        .iter()
        .map(|c| {
            serde_json::json!({
                "slug": c.slug(), "topic": c.topic, "audience": c.audience, "minutes": c.minutes(),
                "languages": c.texts.keys().collect::<Vec<_>>(),
                "titles": c.texts.iter().map(|(language, text)| (language, &text.title)).collect::<std::collections::BTreeMap<_, _>>(),
            })
        })
        .collect();
    office.print(&rows, || {
        let line = |c: &training::Content| {
            let title = c.texts.get("en").or_else(|| c.texts.values().next()).map_or("", |t| t.title.as_str());
            let languages: Vec<&str> = c.texts.keys().map(String::as_str).collect();
            format!("{:<24} {:>3} min  {:<6} {title}", c.slug(), c.minutes(), languages.join(" "))
        };
        courses.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

async fn list(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, _) = office.desk(&mut tx).await?;
    let entries = training::catalogue(&mut tx, &district.language, true).await?;
    office.print(&entries, || {
        if entries.is_empty() {
            return "There are no courses yet. Look at the library: assent course library".into();
        }
        let line = |e: &training::publishing::Entry| {
            format!("{:<24} version {} ({})  {:>3} min  {}", e.slug, e.number, e.state.name(), e.minutes, e.title)
        };
        entries.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

async fn show(office: &Office, slug: &str, language: &str) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let course = training::find(&mut tx, slug).await?;
    let versions = training::versions(&mut tx, course.id).await?;
    let given = versions.iter().find(|v| v.state == State::Published).or(versions.last());
    let version = given.ok_or(crate::kernel::Problem::NotFound)?;
    let overview = training::overview(&mut tx, &operator, version.id, language).await?;
    let whole = serde_json::json!({ "course": course, "versions": versions, "overview": overview });
    office.print(&whole, || {
        let mut text = format!(
            "{}\n{}\n\nversion {} ({}), about {} minutes, {} questions, passed with {} %, in {}\n",
            overview.title,
            overview.summary,
            version.number,
            version.state.name(),
            version.minutes,
            overview.questions,
            version.pass_mark,
            overview.languages.join(", ")
        );
        for (n, (title, minutes)) in (1..).zip(&overview.lessons) {
            let _ = write!(text, "\n{n}. {title} ({minutes} min)");
        }
        text
    })
}

async fn revise(office: &Office, args: Revise) -> Result<()> {
    let content = library::read(&args.folder)?;
    let mut tx = office.write().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let change = Change { material: args.material, reason: args.reason };
    let version = training::revise(&mut tx, &operator, &args.slug, &content, &change).await?;
    tx.commit().await?;
    office.print(&version, || {
        format!("version {} of “{}” is a draft now. Next: assent course publish {}", version.number, args.slug, args.slug)
    })
}
