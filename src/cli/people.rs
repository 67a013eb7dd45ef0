//! `assent roster add`, `change`, `end`, `people-csv`, `household`, `consent`, `adult`, `merge`, `part`: people whom no source system knows,
//! households, and two records of one person. A person is named by uid, user name or e-mail address.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::Office;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Locale, Problem, Result};
use crate::obligations::{self, Cause, CauseKind};
use crate::roster::District;
use crate::roster::households::{self, Consent, ConsentRule, Household, Member};
use crate::roster::people::{self, MergePreview, Newcomer, Person, sheet};
use crate::web::words;

#[derive(Debug, Subcommand)]
pub enum ByHand {
    /// Add somebody whom no source system knows
    Add {
        #[command(flatten)]
        given: Given,
        #[command(flatten)]
        rest: Rest,
    },
    /// Change somebody who was added by hand; what isn't named stays as it is
    Change {
        /// Uid or e-mail address
        person: String,
        #[arg(long)]
        given: Option<String>,
        #[arg(long)]
        family: Option<String>,
        /// No last day any more
        #[arg(long, conflicts_with = "last_day")]
        no_last_day: bool,
        #[command(flatten)]
        rest: Rest,
    },
    /// Set the last day of somebody who was added by hand
    End {
        /// Uid or e-mail address
        person: String,
        /// The last day on which the person belongs here, YYYY-MM-DD; today if not given
        #[arg(long)]
        last_day: Option<Day>,
    },
    /// Add or change many people by a CSV file; all of it or nothing
    PeopleCsv {
        /// The file; without one the template is printed
        path: Option<PathBuf>,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Show the household of a student or of a guardian
    Household { person: String },
    /// Say who may consent for a student: any, all, one, none; or unset
    Consent {
        student: String,
        rule: String,
        /// With `one`: the guardian who alone may consent
        #[arg(long)]
        guardian: Option<String>,
        /// On what it rests; needed but with `any` and `unset`
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Say since when a student answers alone
    Adult {
        student: String,
        /// The 18th birthday, YYYY-MM-DD; today if not given
        #[arg(long)]
        since: Option<Day>,
        /// Take the day away
        #[arg(long, conflicts_with = "since")]
        clear: bool,
    },
    /// Count OTHER as another record of the person of KEEP
    Merge {
        /// The uid of the record that is kept
        keep: String,
        /// The uid of the other record
        other: String,
        /// Two students of different names are one person
        #[arg(long)]
        sure: bool,
        /// Say what would happen, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Count a merged record by itself again
    Part {
        /// The uid of the record that was merged
        other: String,
    },
}

#[derive(Debug, Args)]
pub struct Given {
    #[arg(long)]
    given: String,
    #[arg(long)]
    family: String,
}

#[derive(Debug, Args)]
pub struct Rest {
    /// staff, teacher, `school_leader`, board, substitute, guest
    #[arg(long)]
    kind: Option<String>,
    /// The school's name; the district's office if not given
    #[arg(long)]
    school: Option<String>,
    #[arg(long)]
    email: Option<String>,
    /// A language tag such as es; the district's own if not given
    #[arg(long)]
    language: Option<String>,
    /// YYYY-MM-DD; today if not given
    #[arg(long)]
    first_day: Option<Day>,
    /// The last day on which the person belongs here, YYYY-MM-DD
    #[arg(long)]
    last_day: Option<Day>,
}

pub async fn run(office: &Office, args: ByHand) -> Result<()> {
    match args {
        ByHand::Add { given, rest } => add(office, given, rest).await,
        ByHand::Change { person, given, family, no_last_day, rest } => change(office, &person, given, family, no_last_day, rest).await,
        ByHand::End { person, last_day } => end(office, &person, last_day).await,
        ByHand::PeopleCsv { path: Some(path), dry_run } => bring_in(office, &path, dry_run).await,
        ByHand::PeopleCsv { path: None, .. } => {
            print!("{}", crate::web::people_template(Locale::En)?);
            Ok(())
        }
        ByHand::Household { person } => household(office, &person).await,
        ByHand::Consent { student, rule, guardian, reason } => consent(office, &student, &rule, guardian.as_deref(), &reason).await,
        ByHand::Adult { student, since, clear } => adult(office, &student, since, clear).await,
        ByHand::Merge { keep, other, sure, dry_run } => merge(office, &keep, &other, sure, dry_run).await,
        ByHand::Part { other } => part(office, &other).await,
    }
}

async fn person(tx: &mut Tx, operator: &Actor, text: &str) -> Result<Person> {
    match people::called(tx, operator, text).await {
        Err(Problem::NotFound) => Err(Problem::invalid(
            "person",
            format!("nobody has the uid, user name or e-mail address “{text}”: look at `assent roster people`"),
        )),
        found => found,
    }
}

async fn school(tx: &mut Tx, operator: &Actor, name: Option<&str>) -> Result<Option<uuid::Uuid>> {
    let Some(name) = name else { return Ok(None) };
    let schools = people::schools(tx, operator).await?;
    let found = schools.iter().find(|s| s.name.eq_ignore_ascii_case(name.trim()));
    found
        .map(|s| Some(s.uid))
        .ok_or_else(|| Problem::invalid("school", format!("there is no school “{name}”: look at `assent roster people`")))
}

fn kind(name: &str) -> Result<people::ByHand> {
    people::ByHand::named(name).ok_or_else(|| {
        let all: Vec<&str> = people::ByHand::ALL.iter().map(|k| k.name()).collect();
        Problem::invalid("kind", format!("“{name}” is not one of {}", all.join(", ")))
    })
}

async fn add(office: &Office, given: Given, rest: Rest) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let newcomer = Newcomer {
        given: given.given,
        family: given.family,
        email: rest.email,
        kind: rest.kind.as_deref().map(kind).transpose()?.unwrap_or_default(),
        school: school(&mut tx, &operator, rest.school.as_deref()).await?,
        language: rest.language,
        first_day: rest.first_day,
        last_day: rest.last_day,
    };
    let (person, changes) = people::add(&mut tx, &operator, &district, newcomer).await?;
    obligations::follow(&mut tx, &operator, &district, changes, Cause::of(CauseKind::Person, person.uid)).await?;
    tx.commit().await?;
    office.print(&person, || format!("{} is on the roster, uid {}", person.name(), person.uid))
}

async fn change(office: &Office, text: &str, given: Option<String>, family: Option<String>, no_last_day: bool, rest: Rest) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let before = person(&mut tx, &operator, text).await?;
    let was_at = before.school_uid.filter(|_| before.school_id != Some(district.root));
    let newcomer = Newcomer {
        given: given.unwrap_or(before.given),
        family: family.unwrap_or(before.family),
        email: rest.email.or(before.email),
        kind: match rest.kind {
            Some(name) => kind(&name)?,
            None => before.by_hand.as_deref().and_then(people::ByHand::named).unwrap_or_default(),
        },
        school: school(&mut tx, &operator, rest.school.as_deref()).await?.or(was_at),
        language: rest.language.or(Some(before.language)),
        first_day: rest.first_day,
        last_day: rest.last_day.or(before.left_day.map(|left| left.plus(-1)).filter(|_| !no_last_day)),
    };
    let changes = people::change(&mut tx, &operator, &district, before.uid, newcomer).await?;
    finish(office, tx, &operator, &district, before.uid, changes).await
}

async fn end(office: &Office, text: &str, last_day: Option<Day>) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let last_day = last_day.unwrap_or_else(|| district.today(tx.now()));
    let who = person(&mut tx, &operator, text).await?;
    let changes = people::end(&mut tx, &operator, &district, who.uid, last_day).await?;
    finish(office, tx, &operator, &district, who.uid, changes).await
}

async fn finish(
    office: &Office,
    mut tx: Tx,
    operator: &Actor,
    district: &District,
    uid: uuid::Uuid,
    changes: crate::roster::Changes,
) -> Result<()> {
    let differs = !changes.people.is_empty();
    obligations::follow(&mut tx, operator, district, changes, Cause::of(CauseKind::Person, uid)).await?;
    let person = people::find(&mut tx, operator, uid).await?;
    tx.commit().await?;
    office.print(&person, || {
        let until = person.left_day.map(|left| format!(", last day {}", left.plus(-1))).unwrap_or_default();
        format!("{}: {}{until}", person.name(), if differs { "changed" } else { "nothing to change" })
    })
}

async fn bring_in(office: &Office, path: &Path, dry_run: bool) -> Result<()> {
    let bytes = std::fs::read(path).map_err(|e| Problem::invalid("path", format!("{} can't be read: {e}", path.display())))?;
    let mut tx = if dry_run { office.read().await? } else { office.write().await? };
    let (district, operator) = office.desk(&mut tx).await?;
    let (found, changes) = sheet::bring_in(&mut tx, &operator, &district, &bytes, dry_run).await?;
    if !dry_run && found.is_good() {
        obligations::follow(&mut tx, &operator, &district, changes, Cause::of(CauseKind::Person, "")).await?;
        tx.commit().await?;
    }
    office.print(&found, || told(&found))?;
    if found.is_good() {
        return Ok(());
    }
    Err(Problem::conflict(format!("nothing was changed: {} cells can't be used", found.errors.len())))
}

/// What a file does as a person reads it; the words are those of the page.
fn told(found: &sheet::Sheet) -> String {
    let say = |key: String| words::say(Locale::En, &key);
    let mut said = String::new();
    for row in found.rows.iter().filter(|row| row.outcome != sheet::Outcome::Unchanged) {
        let how = if row.outcome == sheet::Outcome::Added { "new" } else { "changed" };
        let _ = write!(said, "row {}: {} ({}, {}): {how}", row.row, row.name, row.kind, row.school);
        for one in &row.differences {
            let _ = write!(said, "; {} “{}” → “{}”", one.field, one.before, one.after);
        }
        if row.also_on_roster {
            said.push_str("; somebody on the roster has this e-mail address too: perhaps merge the two");
        }
        said.push('\n');
    }
    for e in &found.errors {
        let name = e.wrong.name();
        let (wrong, remedy) = (say(format!("sheet-wrong-{name}")), say(format!("sheet-mend-{name}")));
        let _ = writeln!(said, "row {}, {} “{}”: {wrong} {remedy}", e.row, e.column, e.value);
    }
    if !found.ignored.is_empty() {
        let _ = writeln!(said, "Not read: {}", found.ignored.join(", "));
    }
    let would = if found.dry_run { ": nothing was changed" } else { "" };
    let _ = write!(said, "{} new, {} changed, {} as they were{would}", found.added, found.changed, found.unchanged);
    said
}

fn member(member: &Member) -> serde_json::Value {
    serde_json::json!({ "person": member.person, "say": member.say, "relations": member.relations })
}

fn consent_value(consent: Option<&Consent>) -> serde_json::Value {
    consent.map_or(serde_json::Value::Null, |c| {
        serde_json::json!({
            "rule": c.rule.name(), "guardian": c.guardian.as_ref().map(|(uid, name)| serde_json::json!({ "uid": uid, "name": name })),
            "reason": c.reason, "by": c.by_name, "at": c.at.rfc3339(),
        })
    })
}

async fn household(office: &Office, text: &str) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let uid = person(&mut tx, &operator, text).await?.uid;
    let found = households::household(&mut tx, &operator, &district, uid).await?;
    let value = serde_json::json!({
        "person": found.person,
        "consent": consent_value(found.consent.as_ref()),
        "of_age": found.of_age,
        "guardians": found.guardians.iter().map(member).collect::<Vec<_>>(),
        "siblings": found.siblings.iter().map(|s| &s.person).collect::<Vec<_>>(),
        "children": found.children.iter().map(member).collect::<Vec<_>>(),
    });
    office.print(&value, || household_told(&found))
}

fn household_told(found: &Household) -> String {
    let say = |key: String| words::say(Locale::En, &key);
    let mut lines = vec![found.person.name()];
    if found.person.role == "student" {
        lines.push(match &found.consent {
            None => say("household-unset".into()),
            Some(c) => format!("{} ({})", rule_told(c), c.reason),
        });
    }
    for (what, members) in [("guardian", &found.guardians), ("child", &found.children)] {
        lines.extend(
            members
                .iter()
                .map(|m| format!("{what}: {} {} – {}", m.person.given, m.person.family, say(format!("household-say-{}", m.say.name())))),
        );
    }
    lines.extend(found.siblings.iter().map(|s| format!("sibling: {} {}, through {}", s.person.given, s.person.family, s.through)));
    lines.join("\n")
}

fn rule_told(consent: &Consent) -> String {
    let name = consent.guardian.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    words::say_with(Locale::En, &format!("household-rule-{}", consent.rule.name()), &[("name", name.into())])
}

async fn consent(office: &Office, student: &str, rule: &str, guardian: Option<&str>, reason: &str) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let child = person(&mut tx, &operator, student).await?;
    let rule = match (rule, guardian) {
        ("unset", _) => None,
        ("any", None) => Some(ConsentRule::Any),
        ("all", None) => Some(ConsentRule::All),
        ("none", None) => Some(ConsentRule::None),
        ("one", Some(guardian)) => Some(ConsentRule::One(person(&mut tx, &operator, guardian).await?.id)),
        ("one", None) => return Err(Problem::invalid("guardian", "name the one with --guardian")),
        ("any" | "all" | "none", Some(_)) => return Err(Problem::invalid("guardian", "a guardian is named with the rule `one` alone")),
        _ => return Err(Problem::invalid("rule", format!("“{rule}” is no rule: write any, all, one, none or unset"))),
    };
    let changes = match rule {
        Some(rule) => households::set_consent(&mut tx, &operator, &district, child.uid, rule, reason).await?,
        None => households::unset_consent(&mut tx, &operator, &district, child.uid).await?,
    };
    obligations::follow(&mut tx, &operator, &district, changes, Cause::of(CauseKind::Consent, child.uid)).await?;
    let set = households::consent_of(&mut tx, child.id).await?;
    tx.commit().await?;
    let value = serde_json::json!({ "child": child.uid, "consent": consent_value(set.as_ref()) });
    office.print(&value, || set.as_ref().map_or_else(|| words::say(Locale::En, "household-unset"), rule_told))
}

async fn adult(office: &Office, student: &str, since: Option<Day>, clear: bool) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let who = person(&mut tx, &operator, student).await?;
    let since = (!clear).then(|| since.unwrap_or_else(|| district.today(tx.now())));
    let changes = people::answers_alone_since(&mut tx, &operator, &district, who.uid, since).await?;
    obligations::follow(&mut tx, &operator, &district, changes, Cause::of(CauseKind::Person, who.uid)).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "student": who.uid, "answers_alone_since": since.map(Day::iso) }), || match since {
        Some(day) => format!("{} answers alone since {day}", who.name()),
        None => format!("{} answers with the guardians: no day is set", who.name()),
    })
}

fn uid(text: &str) -> Result<uuid::Uuid> {
    text.trim().parse().map_err(|_| Problem::invalid("record", format!("“{text}” is no uid: `assent --json roster people` shows them")))
}

async fn merge(office: &Office, keep: &str, other: &str, sure: bool, dry_run: bool) -> Result<()> {
    let (keep, other) = (uid(keep)?, uid(other)?);
    let mut tx = if dry_run { office.read().await? } else { office.write().await? };
    let (district, operator) = office.desk(&mut tx).await?;
    let found = people::preview(&mut tx, &operator, keep, other).await?;
    if !dry_run {
        let changes = people::merge(&mut tx, &operator, &district, keep, other, sure).await?;
        obligations::follow(&mut tx, &operator, &district, changes, Cause::of(CauseKind::Merge, keep)).await?;
        tx.commit().await?;
    }
    office.print(&serde_json::json!({ "dry_run": dry_run, "preview": found }), || merge_told(&found, dry_run))
}

fn merge_told(found: &MergePreview, dry_run: bool) -> String {
    let mut lines: Vec<String> = found.obstacles.iter().map(|o| words::say(Locale::En, &format!("merge-obstacle-{}", o.name()))).collect();
    let number = |key: &str, number: i64| words::say_with(Locale::En, key, &[("number", number.into())]);
    lines.push(words::say_with(
        Locale::En,
        if dry_run { "merge-would" } else { "merge-done" },
        &[("other", found.other.name().into()), ("kept", found.keep.name().into())],
    ));
    lines.push(number("merge-sections", found.sections));
    lines.push(number("merge-children", found.children));
    lines.push(words::say_with(
        Locale::En,
        &format!("merge-account-{}", found.account.name()),
        &[("login", found.other.account.clone().unwrap_or_default().into())],
    ));
    lines.join("\n")
}

async fn part(office: &Office, other: &str) -> Result<()> {
    let other = uid(other)?;
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let changes = people::part(&mut tx, &operator, &district, other).await?;
    obligations::follow(&mut tx, &operator, &district, changes, Cause::of(CauseKind::Merge, other)).await?;
    tx.commit().await?;
    office.print(&serde_json::json!({ "parted": other }), || "The record counts by itself again".into())
}
