//! `assent policy …`: from the library to publication, as the operator, who has a director's rights.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, Subcommand};
use uuid::Uuid;

use super::Office;
use crate::adoption::{self, Adoption, MeetingKind};
use crate::db::Tx;
use crate::feedback::{self, Outcome};
use crate::kernel::{Day, Problem, Result};
use crate::obligations::Subject;
use crate::obligations::requirements::ask_again;
use crate::policies::compare::{Mark, Status};
use crate::policies::{self, Clause, NewPolicy, Revision, State, Version, reading};
use crate::roster::{District, district};

#[derive(Debug, Subcommand)]
pub enum Policy {
    /// What the shipped library holds
    Library,
    /// The legal elements that a clause can answer
    Elements,
    /// Take a policy of the library as a draft
    Take {
        slug: String,
    },
    /// The district's policies
    List,
    /// Print a policy's text
    Show {
        slug: String,
        #[arg(long)]
        language: Option<String>,
        /// Version; without it the latest
        #[arg(long)]
        version: Option<i64>,
    },
    /// Begin a policy of the district's own from a file in the library's form
    New {
        slug: String,
        #[arg(long)]
        file: PathBuf,
        /// Who looks after it, as a title
        #[arg(long, default_value = "")]
        owner: String,
    },
    /// Put a text in one language into the draft, from a file in the library's form
    SetText {
        slug: String,
        #[arg(long)]
        file: PathBuf,
    },
    /// Begin the next version as a copy of the latest
    Revise(Revise),
    /// Fill blanks: "help desk contact=555-0100"
    Fill {
        slug: String,
        #[arg(required = true, value_name = "BLANK=VALUE")]
        values: Vec<String>,
        /// In one language alone
        #[arg(long)]
        language: Option<String>,
    },
    /// Change one clause; after feedback has begun, with a reason
    SetClause {
        slug: String,
        clause: String,
        /// A file with the clause's Markdown
        #[arg(long)]
        file: PathBuf,
        #[arg(long)]
        language: Option<String>,
        /// Why, once feedback has begun
        #[arg(long)]
        reason: Option<String>,
        /// The comment that caused it
        #[arg(long)]
        comment: Option<Uuid>,
    },
    /// Ask people for comments
    OpenFeedback {
        slug: String,
        /// The last day, YYYY-MM-DD
        #[arg(long)]
        until: Day,
        /// Only people with an account
        #[arg(long)]
        signed_in_only: bool,
    },
    CloseFeedback {
        slug: String,
    },
    /// Comments with their answers
    Comments {
        slug: String,
        #[arg(long)]
        version: Option<i64>,
    },
    /// Answer a comment
    Answer {
        comment: Uuid,
        /// accepted, partly, declined or out-of-scope
        #[arg(long = "as", value_name = "OUTCOME")]
        outcome: String,
        #[arg(long)]
        reason: String,
    },
    /// Record a public notice
    Notice {
        slug: String,
        /// Where it was posted
        #[arg(long)]
        posted: String,
        /// From which day
        #[arg(long)]
        from: Day,
        /// Its words
        #[arg(long)]
        text: String,
    },
    /// Record a hearing or meeting
    Meeting {
        slug: String,
        #[arg(long)]
        on: Day,
        #[arg(long)]
        place: String,
        /// The agenda item
        #[arg(long)]
        agenda: String,
        #[arg(long, default_value = "")]
        minutes: String,
        /// A public hearing rather than a meeting
        #[arg(long)]
        hearing: bool,
    },
    /// Record the board's vote
    Adopt {
        slug: String,
        #[arg(long = "for")]
        votes_for: i64,
        #[arg(long)]
        against: i64,
        #[arg(long, default_value_t = 0)]
        abstained: i64,
        #[arg(long)]
        resolution: String,
        #[arg(long)]
        on: Day,
    },
    /// Put an adopted version in force
    Publish {
        slug: String,
        /// From this day on
        #[arg(long)]
        effective: Day,
    },
    /// Take the latest version back
    Withdraw {
        slug: String,
        #[arg(long)]
        reason: String,
    },
    /// What differs between two versions
    Compare {
        slug: String,
        before: i64,
        after: i64,
        #[arg(long)]
        language: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("weight").required(true))]
pub struct Revise {
    slug: String,
    /// It changes what people agreed to: they are asked again
    #[arg(long, group = "weight")]
    material: bool,
    /// It changes wording alone
    #[arg(long, group = "weight")]
    editorial: bool,
    /// Why it is material, or why it isn't
    #[arg(long)]
    reason: String,
    /// What changes, in plain words for readers
    #[arg(long, default_value = "")]
    summary: String,
}

pub async fn run(office: &Office, args: Policy) -> Result<()> {
    match args {
        Policy::Library => library(office),
        Policy::Elements => elements(office),
        Policy::List => list(office).await,
        Policy::Show { slug, language, version } => show(office, &slug, language.as_deref(), version).await,
        Policy::Comments { slug, version } => comments(office, &slug, version).await,
        Policy::Compare { slug, before, after, language } => compare(office, &slug, (before, after), language).await,
        change => {
            let mut tx = office.write().await?;
            let (value, text) = alter(office, &mut tx, change).await?;
            tx.commit().await?;
            office.print(&value, || text)
        }
    }
}

/// The commands that change something, in one transaction; what to print when it is kept.
async fn alter(office: &Office, tx: &mut Tx, args: Policy) -> Result<(serde_json::Value, String)> {
    let (district, operator) = office.desk(tx).await?;
    match args {
        Policy::Take { slug } => {
            let version = policies::take(tx, &operator, &slug).await?;
            let blanks = reading::open_blanks(tx, version.id).await?;
            let mut text = format!("Took “{slug}” as a draft.");
            for blank in &blanks {
                let _ = write!(text, "\n  open blank: {blank}");
            }
            Ok((serde_json::json!({ "version": version, "blanks": blanks }), text))
        }
        Policy::New { slug, file, owner } => {
            let document = document(&file)?;
            let (kind, audience) = (document.kind, document.audience);
            let (reading_ceiling, review_months) = (document.reading_ceiling, document.review_months);
            let new = NewPolicy { slug, kind, audience, owner, reading_ceiling, review_months, texts: vec![document.text] };
            Ok(done(policies::create(tx, &operator, new).await?))
        }
        Policy::SetText { slug, file } => {
            let version = policies::version(tx, &slug, None).await?;
            let text = document(&file)?.text;
            let before = match reading::text(tx, version.id, &text.language).await {
                Ok(before) => Some(before.hash()?),
                Err(Problem::NotFound) => None,
                Err(other) => return Err(other),
            };
            policies::set_text(tx, &operator, version.id, before.as_deref(), text).await?;
            Ok(done(version))
        }
        Policy::Revise(args) => {
            Ok(done(policies::new_version(tx, &operator, &args.slug, args.material, &args.reason, &args.summary).await?))
        }
        Policy::Fill { slug, values, language } => {
            let version = policies::version(tx, &slug, None).await?;
            let mut blanks = BTreeMap::new();
            for pair in &values {
                let (name, value) = pair.split_once('=').ok_or_else(|| {
                    Problem::invalid("values", format!("“{pair}” is no blank with its value: write \"help desk contact=555-0100\""))
                })?;
                blanks.insert(name.trim().trim_matches('"').to_owned(), value.trim().trim_matches('"').to_owned());
            }
            let filled = policies::fill_blanks(tx, &operator, version.id, language.as_deref(), &blanks).await?;
            let open = reading::open_blanks(tx, version.id).await?;
            let text = format!("Filled {filled} places; {} blanks are open.", open.len());
            Ok((serde_json::json!({ "filled": filled, "blanks": open }), text))
        }
        Policy::SetClause { slug, clause, file, language, reason, comment } => {
            let version = policies::version(tx, &slug, None).await?;
            let language = language.unwrap_or(district.language);
            set_clause(tx, &operator, &version, (&language, &clause), &file, reason, comment).await?;
            Ok(done(version))
        }
        Policy::OpenFeedback { slug, until, signed_in_only } => {
            let version = policies::version(tx, &slug, None).await?;
            let round = feedback::open_round(tx, &operator, version.id, until, !signed_in_only).await?;
            Ok((serde_json::json!(round), format!("Version {} of “{slug}” takes comments until {until}.", version.number)))
        }
        Policy::CloseFeedback { slug } => {
            let version = policies::version(tx, &slug, None).await?;
            feedback::close_round(tx, &operator, version.id).await?;
            let open = feedback::unanswered(tx, version.id).await?;
            Ok((serde_json::json!({ "unanswered": open }), format!("Closed. {open} comments wait for an answer.")))
        }
        Policy::Answer { comment, outcome, reason } => {
            let outcome =
                Outcome::named(&outcome).ok_or_else(|| Problem::invalid("as", "choose accepted, partly, declined or out-of-scope"))?;
            feedback::dispose(tx, &operator, comment, outcome, &reason).await?;
            Ok((serde_json::json!({ "comment": comment, "outcome": outcome }), "Answered.".into()))
        }
        other => adopting(tx, &operator, other).await,
    }
}

async fn adopting(tx: &mut Tx, operator: &crate::kernel::Actor, args: Policy) -> Result<(serde_json::Value, String)> {
    match args {
        Policy::Notice { slug, posted, from, text } => {
            let version = policies::version(tx, &slug, None).await?;
            let notice = adoption::give_notice(tx, operator, version.id, &posted, from, &text).await?;
            Ok((serde_json::json!(notice), format!("Notice of version {} from {from} is on record.", version.number)))
        }
        Policy::Meeting { slug, on, place, agenda, minutes, hearing } => {
            let version = policies::version(tx, &slug, None).await?;
            let kind = if hearing { MeetingKind::Hearing } else { MeetingKind::Meeting };
            let meeting = adoption::hold_meeting(tx, operator, version.id, (kind, on), &place, &agenda, (&minutes, "")).await?;
            Ok((serde_json::json!(meeting), format!("The meeting of {on} is on record.")))
        }
        Policy::Adopt { slug, votes_for, against, abstained, resolution, on } => {
            let version = policies::version(tx, &slug, None).await?;
            let vote = Adoption { votes_for, against, abstained, resolution, day: on };
            Ok(done(adoption::adopt(tx, operator, version.id, vote).await?))
        }
        Policy::Publish { slug, effective } => {
            let version = policies::version(tx, &slug, None).await?;
            let version = policies::publish(tx, operator, version.id, effective).await?;
            let mut asked = 0;
            if version.material {
                let subject = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
                let district = district::get(tx).await?;
                asked = ask_again(tx, operator, &district, subject, None).await?.into_iter().map(|(_, n)| n).sum();
            }
            let (value, mut text) = done(version);
            if asked > 0 {
                let _ = write!(text, " {asked} answers are asked for again.");
            }
            Ok((value, text))
        }
        Policy::Withdraw { slug, reason } => {
            let version = policies::version(tx, &slug, None).await?;
            Ok(done(policies::withdraw(tx, operator, version.id, &reason).await?))
        }
        // Every other command has been answered before.
        _ => Err(Problem::NotFound),
    }
}

fn done(version: Version) -> (serde_json::Value, String) {
    let text = format!("Version {} of “{}”: {}.", version.number, version.slug, version.state.name());
    (serde_json::json!(version), text)
}

fn source(file: &Path) -> Result<String> {
    std::fs::read_to_string(file)
        .map_err(|e| Problem::invalid("file", format!("{} can't be read: {e}. Is the path right, and is it text?", file.display())))
}

fn document(file: &Path) -> Result<policies::Document> {
    let parsed = policies::parse(&file.to_string_lossy(), &source(file)?);
    let errors: Vec<String> = parsed.findings.iter().map(|f| format!("{}:{}: {}", f.file, f.line, f.text)).collect();
    match parsed.document {
        Some(document) if errors.is_empty() => Ok(document),
        _ => Err(Problem::invalid("file", errors.join("\n"))),
    }
}

/// A draft's clause is edited; one that people have read is revised, with the reason.
async fn set_clause(
    tx: &mut Tx,
    operator: &crate::kernel::Actor,
    version: &Version,
    (language, id): (&str, &str),
    file: &Path,
    reason: Option<String>,
    comment: Option<Uuid>,
) -> Result<()> {
    let body = source(file)?;
    let text = reading::text(tx, version.id, language).await?;
    let held = text.clause(id).ok_or_else(|| Problem::invalid("clause", format!("version {} has no clause “{id}”", version.number)))?;
    if matches!(version.state, State::Open | State::Closed) {
        let reason = reason.ok_or_else(|| Problem::invalid("reason", "people have read this version: say why it changes with --reason"))?;
        let revision = Revision { language: language.into(), clause: id.into(), body, expected: held.hash(), comment, reason };
        feedback::revise(tx, operator, version.id, revision).await?;
    } else {
        let clause = Clause { id: id.into(), elements: held.elements.clone(), body };
        policies::set_clause(tx, operator, version.id, language, &held.hash(), clause).await?;
    }
    Ok(())
}

fn library(office: &Office) -> Result<()> {
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for shipped in policies::library::shipped() {
        let languages: Vec<&String> = shipped.documents.keys().collect();
        let Some(document) = shipped.documents.values().next() else { continue };
        let tags: Vec<&str> = languages.iter().map(|l| l.as_str()).collect();
        lines.push(format!(
            "{:24} {:14} {:14} {:8} {}",
            shipped.slug,
            document.kind.name(),
            document.audience.name(),
            tags.join(" "),
            document.text.title
        ));
        rows.push(serde_json::json!({
            "slug": shipped.slug, "kind": document.kind, "audience": document.audience, "languages": languages, "title": document.text.title,
        }));
    }
    office.print(&rows, || lines.join("\n"))
}

fn elements(office: &Office) -> Result<()> {
    let all = policies::elements::all();
    office.print(&all, || all.iter().map(|e| format!("{:15} {} ({})", e.id, e.text, e.citation)).collect::<Vec<_>>().join("\n"))
}

async fn list(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, _) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for policy in policies::all(&mut tx).await? {
        let versions = policies::versions(&mut tx, policy.id).await?;
        let current = policies::current(&mut tx, policy.id, today).await?;
        let in_force = current.as_ref().map_or_else(|| "none in force".to_owned(), |v| format!("version {} in force", v.number));
        let latest = versions.last().map_or_else(String::new, |v| format!("latest {} {}", v.number, v.state.name()));
        lines.push(format!("{:24} {:20} {latest}", policy.slug, in_force));
        rows.push(serde_json::json!({ "policy": policy, "current": current, "versions": versions }));
    }
    office.print(&rows, || if lines.is_empty() { "No policies yet. Next: assent policy library".into() } else { lines.join("\n") })
}

async fn show(office: &Office, slug: &str, language: Option<&str>, number: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let version = policies::version(&mut tx, slug, number).await?;
    let read = policies::read(&mut tx, &version, language).await?;
    office.print(&read, || {
        let mut out = format!("{}\nversion {}, {}, {}", read.title, version.number, version.state.name(), read.language);
        if let Some(wanted) = &read.instead_of {
            let _ = write!(out, " (there is no text in {wanted})");
        }
        let _ = write!(out, ", {} min\nhash {}\n\n{}\n", read.minutes, read.hash, read.summary);
        for section in &read.sections {
            let _ = write!(out, "\n{} {}\n", section.number, section.title);
            for clause in &section.clauses {
                let _ = write!(out, "\n{} [{}]\n{}\n", clause.number, clause.id, clause.body);
            }
        }
        for consent in &read.consents {
            let _ = write!(out, "\n? {}  {} / {}\n", consent.ask, consent.yes, consent.no);
        }
        if !read.statement.is_empty() {
            let _ = write!(out, "\n“{}”", read.statement);
        }
        out
    })
}

async fn comments(office: &Office, slug: &str, number: Option<i64>) -> Result<()> {
    let mut tx = office.read().await?;
    let (_, operator): (District, _) = office.desk(&mut tx).await?;
    let version = policies::version(&mut tx, slug, number).await?;
    let comments = feedback::list(&mut tx, Some(&operator), version.id).await?;
    office.print(&comments, || {
        let mut out = format!("{} comments on version {}", comments.len(), version.number);
        for c in &comments {
            let who = if c.display_name.is_empty() { String::new() } else { format!("{}, ", c.display_name) };
            let on = c.clause_id.as_deref().unwrap_or("the whole");
            let _ = write!(out, "\n\n{} {who}{} on {on}:\n{}", c.uid, c.stakeholder.name(), c.body);
            match &c.answer {
                Some(answer) => {
                    let _ = write!(out, "\n  {}: {}", answer.outcome.name(), answer.reason);
                }
                None => out.push_str("\n  no answer yet"),
            }
        }
        out
    })
}

async fn compare(office: &Office, slug: &str, (before, after): (i64, i64), language: Option<String>) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, _) = office.desk(&mut tx).await?;
    let old = policies::version(&mut tx, slug, Some(before)).await?;
    let new = policies::version(&mut tx, slug, Some(after)).await?;
    let comparison = reading::changes(&mut tx, old.id, new.id, &language.unwrap_or(district.language)).await?;
    office.print(&comparison, || {
        let marked = |segments: &[policies::compare::Segment]| -> String {
            segments
                .iter()
                .map(|s| match s.mark {
                    Mark::Equal => s.text.clone(),
                    Mark::Insert => format!("{{+{}+}}", s.text),
                    Mark::Delete => format!("[-{}-]", s.text),
                })
                .collect()
        };
        let mut out = format!("{} changes from version {before} to {after}", comparison.changes());
        for piece in &comparison.pieces {
            let _ = write!(out, "\n\n{}: {:?}\n{}", piece.piece, piece.status, marked(&piece.segments));
        }
        for clause in comparison.clauses.iter().filter(|c| c.status != Status::Same) {
            let number = clause.after.as_ref().or(clause.before.as_ref()).cloned().unwrap_or_default();
            let _ = write!(out, "\n\n{number} {}: {:?}\n{}", clause.id, clause.status, marked(&clause.segments));
        }
        out
    })
}
