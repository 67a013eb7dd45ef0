//! `assent notices …`: how the mail is doing, whom nothing reaches, letters for these, and a mail that went amiss sent again.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use uuid::Uuid;

use super::Office;
use crate::kernel::{Locale, Moment, Page, PersonId, Problem, Result};
use crate::notices::letters::{self, Wanted};
use crate::notices::never_told::{self, Filter, Untold};
use crate::notices::schedule::Schedule;
use crate::notices::{schedule, status};
use crate::reports::pdf;
use crate::roster::{Calendar, calendar};
use crate::web;

#[derive(Debug, Subcommand)]
pub enum Notices {
    /// How the mail server is doing, how many wait, what went amiss
    Status,
    /// People who are asked for something and whom no mail and no letter has told
    NeverTold {
        /// One school alone, by its name
        #[arg(long, value_name = "NAME")]
        school: Option<String>,
    },
    /// Letters for those of a school whom nothing reaches, at most 200 at once: .pdf. Without --printed this changes nothing
    Letters(Letters),
    /// When duties are told of; what isn't named stays as it is. Without options: as it is now
    Schedule(ScheduleArgs),
    /// The days on which no mail goes out, a line each: `2026-11-26 Thanksgiving`, `2026-12-21..2027-01-01 Winter break`
    Calendar {
        /// A file with the lines, in place of those that there are; without it they are shown
        file: Option<PathBuf>,
    },
    /// Send a mail that went amiss again: what in it is still open, to the address as the roster has it now
    Again {
        /// As `assent notices status` names it
        uid: Uuid,
    },
}

#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// From this hour on mails go out, 0 to 20, on the district's clock
    #[arg(long)]
    hour: Option<i64>,
    /// So many days before the last day; 0 is the day itself: 7,1,0
    #[arg(long, value_delimiter = ',')]
    before: Option<Vec<i64>>,
    /// Once late: the day after, and then every so many days; 0: not at all
    #[arg(long, value_name = "DAYS")]
    late_every: Option<i64>,
    /// School leaders are told once a duty is so many days late; 0: never
    #[arg(long, value_name = "DAYS")]
    leaders_after: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Letters {
    #[arg(long, value_name = "NAME")]
    school: String,
    /// The file to write: .pdf
    #[arg(short, long)]
    out: PathBuf,
    /// They are printed and will be handed out: these people count as told from now on
    #[arg(long)]
    printed: bool,
    /// Where browsers reach the pages, for the letters: `https://assent.example.org`
    #[arg(long, value_name = "URL", env = "ASSENT_URL")]
    url: Option<String>,
    /// The language of the list in front; without it the district's. Each letter is in its reader's
    #[arg(long, value_parser = ["en", "es"])]
    language: Option<String>,
}

pub async fn run(office: &Office, args: Notices) -> Result<()> {
    match args {
        Notices::Status => status(office).await,
        Notices::NeverTold { school } => never_told(office, school.as_deref()).await,
        Notices::Letters(args) => letters(office, args).await,
        Notices::Schedule(args) => schedule(office, args).await,
        Notices::Calendar { file } => calendar(office, file.as_deref()).await,
        Notices::Again { uid } => {
            let mut tx = office.write().await?;
            let (district, operator) = office.desk(&mut tx).await?;
            let notices = status::again(&mut tx, &operator, &district, uid).await?;
            tx.commit().await?;
            office.print(&json!({ "notices": notices }), || match notices {
                0 => "Nothing in it is open any more: no new mail goes out.".to_owned(),
                _ => "A new mail goes out with what is still open.".to_owned(),
            })
        }
    }
}

async fn schedule(office: &Office, args: ScheduleArgs) -> Result<()> {
    let mut tx = office.write().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let now = schedule::get(&mut tx).await?;
    let wanted = Schedule {
        hour: args.hour.unwrap_or(now.hour),
        before: args.before.unwrap_or_else(|| now.before.clone()),
        late_every: args.late_every.unwrap_or(now.late_every),
        leaders_after: args.leaders_after.unwrap_or(now.leaders_after),
    };
    if wanted != now {
        schedule::set(&mut tx, &operator, wanted).await?;
    }
    let kept = schedule::get(&mut tx).await?;
    tx.commit().await?;
    office.print(&kept, || {
        let before = kept.before.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        format!(
            "Mails go out from {}:00 on. Days before the last day: {before}. Once late: every {} days. School leaders: after {} days.",
            kept.hour, kept.late_every, kept.leaders_after
        )
    })
}

async fn calendar(office: &Office, file: Option<&Path>) -> Result<()> {
    let mut tx = office.write().await?;
    let (_, operator) = office.desk(&mut tx).await?;
    let now = calendar::get(&mut tx).await?;
    if let Some(file) = file {
        let text = std::fs::read_to_string(file)
            .map_err(|e| Problem::invalid("file", format!("{} can't be read: {e}. Is the path right?", file.display())))?;
        let days = Calendar::read_days(&text)?;
        calendar::set(&mut tx, &operator, Calendar { days, ..now.clone() }).await?;
    }
    let kept = calendar::get(&mut tx).await?;
    tx.commit().await?;
    let days: Vec<_> = kept.days.iter().map(|(day, name)| json!({ "day": day.iso(), "name": name })).collect();
    office.print(&json!({ "week": kept.week, "days": days }), || {
        if kept.days.is_empty() { "No holiday is named; weekends are quiet.".to_owned() } else { kept.write_days() }
    })
}

async fn status(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let status = status::status(&mut tx, &operator).await?;
    let amiss = status::amiss(&mut tx, &operator, Page::number(None)).await?.rows;
    let at = |moment: Moment| {
        let (hour, minute) = district.zone.time_of_day(moment);
        format!("{} {hour:02}:{minute:02}", district.zone.day(moment).iso())
    };
    office.print(&json!({ "status": status, "amiss": amiss }), || {
        let mut lines = vec![match (status.down_since, status.sent_at) {
            (Some(since), _) => format!("The mail server can't be reached since {}: {}", at(since), status.said),
            (None, Some(sent)) => format!("The last mail went out {}.", at(sent)),
            (None, None) => "No mail has gone out yet.".to_owned(),
        }];
        lines.push(format!(
            "{} wait, {} mails sent in the last 7 days, {} went amiss ({} in the last 7 days)",
            status.waiting, status.sent, status.amiss, status.amiss_lately
        ));
        lines.extend(amiss.iter().map(|m| format!("{}  {}  {}  {}  {}", m.uid, at(m.at), m.state, m.address, m.said)));
        lines.join("\n")
    })
}

/// The school of that name among those that have anybody on the list.
fn school(counts: &[never_told::Count], name: &str) -> Result<Uuid> {
    let mut uids: Vec<Uuid> =
        counts.iter().filter(|count| count.name.eq_ignore_ascii_case(name.trim())).map(|count| count.school).collect();
    uids.dedup();
    match uids.as_slice() {
        [one] => Ok(*one),
        [] => Err(Problem::conflict(format!("nobody of a school “{name}” is on the list: `assent notices never-told` lists who is"))),
        _ => Err(Problem::conflict(format!("several schools are called “{name}”: print their letters on the pages"))),
    }
}

async fn never_told(office: &Office, name: Option<&str>) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let counts = never_told::counts(&mut tx, &operator, &district).await?;
    let school = name.map(|name| school(&counts, name)).transpose()?;
    let filter = Filter { school, why: None };
    let mut people: Vec<Untold> = Vec::new();
    let mut after = Some(PersonId(0));
    while let Some(from) = after {
        let (rows, next) = never_told::after(&mut tx, &operator, &district, filter, from).await?;
        people.extend(rows);
        after = next;
    }
    people.sort_by(|a, b| (&a.school, &a.grade, &a.name).cmp(&(&b.school, &b.grade, &b.name)));
    let counts: Vec<_> = counts.into_iter().filter(|count| school.is_none_or(|uid| uid == count.school)).collect();
    office.print(&json!({ "counts": counts, "people": people }), || {
        let mut lines: Vec<String> = counts.iter().map(|c| format!("{}: {} {}", c.name, c.number, c.why.name())).collect();
        lines.extend(people.iter().map(|p| {
            let children = if p.children.is_empty() { String::new() } else { format!(" for {}", p.children.join(", ")) };
            format!(
                "{}  {}{children}, {} open, first last day {}: {} {}",
                p.school,
                p.name,
                p.duties,
                p.first_day.iso(),
                p.why.name(),
                p.said
            )
            .trim_end()
            .to_owned()
        }));
        if lines.is_empty() { "Everybody who is asked for something was told.".to_owned() } else { lines.join("\n") }
    })
}

async fn letters(office: &Office, args: Letters) -> Result<()> {
    if args.out.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("pdf")) {
        return Err(Problem::invalid("out", format!("{}: letters are written to a file that ends in .pdf", args.out.display())));
    }
    let mut tx = if args.printed { office.write().await? } else { office.read().await? };
    let (district, operator) = office.desk(&mut tx).await?;
    let counts = never_told::counts(&mut tx, &operator, &district).await?;
    let wanted = Wanted::School(school(&counts, &args.school)?);
    let found = letters::prepare(&mut tx, &operator, &district, &wanted, None).await?;
    let locale = args.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| district.locale());
    let site = args.url.as_deref().map(|url| url.trim_end_matches('/'));
    let bytes = pdf::render(&web::letters_document(&district, &found.letters, site, tx.now(), locale))?;
    std::fs::write(&args.out, bytes).map_err(|e| Problem::internal(format!("{} can't be written", args.out.display()), e))?;
    let mut told = 0;
    if args.printed {
        let chosen = found.letters.iter().map(|letter| (letter.person, letter.school_uid)).collect();
        told = letters::handed_out(&mut tx, &operator, &district, &Wanted::Chosen(chosen), found.until).await?;
        tx.commit().await?;
    }
    let (out, number) = (args.out.display().to_string(), found.letters.len());
    office.print(&json!({ "written": out, "letters": number, "told": told }), || {
        if args.printed {
            format!("Wrote {number} letters to {out}; {told} people count as told by letter.")
        } else {
            format!("Wrote {number} letters to {out}. Nobody counts as told yet: run it again with --printed once they are handed out.")
        }
    })
}
