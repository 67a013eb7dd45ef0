//! `assent audience …`: rules that say who is meant, saved under a name.

use clap::Subcommand;
use serde::Serialize;

use super::Office;
use super::require::table;
use crate::db::Tx;
use crate::kernel::{Actor, Locale, Problem, Result};
use crate::obligations::requirements::{self, RequirementState};
use crate::obligations::{AnswersAs, requirements::Change};
use crate::roster::audience::saved::{self, SavedAudience};
use crate::roster::audience::{self, Rule};

#[derive(Debug, Subcommand)]
pub enum Audience {
    /// The saved audiences, how many people each is today, and which requirements use it
    List,
    /// Save a rule under a name; where the name is there already, its audience is changed and duties follow
    Save {
        name: String,
        /// Who is meant, as JSON: `{"all":[{"role":["teacher"]},{"joined_since":20682}]}`
        #[arg(long, value_name = "JSON")]
        rule: String,
    },
    /// Whom a rule means today, school by school; with --saved, what it would change there. Nothing is changed
    Preview {
        /// Who is meant, as JSON
        #[arg(long, value_name = "JSON")]
        rule: String,
        /// The saved audience that would have this rule
        #[arg(long, value_name = "NAME")]
        saved: Option<String>,
    },
    /// Offer a saved audience no more; requirements that use it keep it
    Retire { name: String },
}

pub async fn run(office: &Office, args: Audience) -> Result<()> {
    match args {
        Audience::List => list(office).await,
        Audience::Save { name, rule } => save(office, &name, &Rule::parse(&rule)?).await,
        Audience::Preview { rule, saved } => preview(office, &Rule::parse(&rule)?, saved.as_deref()).await,
        Audience::Retire { name } => {
            let mut tx = office.write().await?;
            let (_, operator) = office.desk(&mut tx).await?;
            let uid = named(&mut tx, &operator, &name).await?.uid;
            saved::retire(&mut tx, &operator, uid).await?;
            tx.commit().await?;
            office.print(&serde_json::json!({ "retired": uid }), || format!("“{name}” is retired: requirements that use it keep it"))
        }
    }
}

/// The saved audience of that name that is still offered.
async fn find(tx: &mut Tx, operator: &Actor, name: &str) -> Result<Option<SavedAudience>> {
    let wanted = name.trim().to_lowercase();
    Ok(saved::list(tx, operator).await?.into_iter().find(|a| a.retired_at.is_none() && a.name.to_lowercase() == wanted))
}

async fn named(tx: &mut Tx, operator: &Actor, name: &str) -> Result<SavedAudience> {
    find(tx, operator, name)
        .await?
        .ok_or_else(|| Problem::invalid("name", format!("no saved audience is called “{name}”: assent audience list shows them")))
}

#[derive(Serialize)]
struct Listed {
    #[serde(flatten)]
    audience: SavedAudience,
    /// The rule as a sentence.
    sentence: String,
    /// How many people it is today; none for one that was retired.
    people: Option<i64>,
    used_by: Vec<String>,
}

async fn list(office: &Office) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let today = district.today(tx.now());
    let requirements = requirements::all(&mut tx, &operator).await?;
    let audiences = saved::list(&mut tx, &operator).await?;
    let rules: Vec<&Rule> = audiences.iter().filter(|a| a.retired_at.is_none()).map(|a| &a.rule).collect();
    let mut numbers = audience::count(&mut tx, &rules, today).await?.into_iter();
    let mut all = Vec::new();
    for audience in audiences {
        let names = audience::names(&mut tx, &audience.rule).await?;
        let uses = requirements.iter().filter(|r| {
            matches!(r.state, RequirementState::Saved | RequirementState::Issued) && r.audience.saved().contains(&audience.uid)
        });
        all.push(Listed {
            sentence: audience.rule.sentence(&names, Locale::En),
            people: if audience.retired_at.is_none() { numbers.next() } else { None },
            used_by: uses.map(|r| r.title.clone()).collect(),
            audience,
        });
    }
    drop(tx);
    office.print(&all, || {
        if all.is_empty() {
            return "No audience is saved yet. Next: assent audience save --help".into();
        }
        let rows: Vec<_> = all
            .iter()
            .map(|listed| {
                [
                    listed.audience.uid.to_string(),
                    listed.audience.name.clone(),
                    listed.people.map_or_else(|| "retired".into(), |n| n.to_string()),
                    if listed.used_by.is_empty() { "-".into() } else { listed.used_by.join(", ") },
                    listed.sentence.clone(),
                ]
            })
            .collect();
        table(&["Uid", "Audience", "People", "Used by", "Who"], &rows, 5)
    })
}

async fn save(office: &Office, name: &str, rule: &Rule) -> Result<()> {
    let mut tx = office.write().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    let (uid, asked) = match find(&mut tx, &operator, name).await? {
        Some(there) => {
            let changed = saved::change(&mut tx, &operator, there.uid, name, rule).await?;
            (changed.uid, Some(requirements::audience_changed(&mut tx, &operator, &district, changed.uid).await?))
        }
        None => (saved::create(&mut tx, &operator, name, rule).await?.uid, None),
    };
    tx.commit().await?;
    office.print(&serde_json::json!({ "audience": uid, "changed": asked.is_some(), "asked": asked }), || match asked {
        None => format!("{uid}: saved"),
        Some(asked) => format!("{uid}: changed; {asked} more answers are asked for"),
    })
}

async fn preview(office: &Office, rule: &Rule, saved: Option<&str>) -> Result<()> {
    let mut tx = office.read().await?;
    let (district, operator) = office.desk(&mut tx).await?;
    audience::check(&mut tx, rule).await?;
    let names = audience::names(&mut tx, rule).await?;
    let sentence = rule.sentence(&names, Locale::En);
    let reach = requirements::preview(&mut tx, &operator, &district, rule, AnswersAs::Oneself).await?;
    let mut effects: Vec<(String, Change)> = Vec::new();
    if let Some(name) = saved {
        let uid = named(&mut tx, &operator, name).await?.uid;
        let changes = requirements::preview_audience_change(&mut tx, &operator, &district, uid, rule).await?;
        effects.extend(changes.into_iter().map(|(requirement, change)| (requirement.title, change)));
    }
    drop(tx);
    let changes: Vec<_> =
        effects.iter().map(|(title, change)| serde_json::json!({ "requirement": title, "come": change.come, "go": change.go })).collect();
    office.print(&serde_json::json!({ "sentence": &sentence, "reach": &reach, "changes": changes }), || {
        let mut lines = vec![format!("{sentence}: {} people today", reach.total)];
        lines.extend(reach.by_school.iter().map(|(school, number)| format!("{number:>8}  {school}")));
        for (title, change) in &effects {
            lines.push(format!("“{title}”: {} would come, {} would go", change.come, change.go));
        }
        lines.join("\n")
    })
}
