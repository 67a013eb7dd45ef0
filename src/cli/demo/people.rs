//! Who is in the demo: the generated roster, and one account for each role.

use crate::db::Tx;
use crate::identity::accounts::{self, NewAccount};
use crate::identity::auditors::{self, NewAuditor};
use crate::kernel::{Actor, Page, PersonId, Problem, Result, Role};
use crate::obligations::{self, Cause, CauseKind};
use crate::roster::oneroster::{self, Wish};
use crate::roster::people::{self, ByHand, Filter, Newcomer, PersonRow};
use crate::roster::{District, generate};

/// Login and role of the demo's accounts, in the order in which they are printed.
const ACCOUNTS: [(&str, &str); 11] = [
    ("director", "technology director"),
    ("author", "policy author"),
    ("board", "board member"),
    ("principal", "school leader"),
    ("teacher", "teacher"),
    ("staff", "other staff"),
    ("student", "student, grades 9–12"),
    ("pupil", "student, grades 6–8"),
    ("guardian", "guardian"),
    ("tutora", "guardian, in Spanish"),
    ("auditor", "auditor, for 60 days"),
];

/// Generates a roster and brings it in as a director would.
pub async fn bring_in(tx: &mut Tx, actor: &Actor, district: &District, number: u64) -> Result<()> {
    // The chance is seeded, so that two demos at once would want the same folder.
    let folder = std::env::temp_dir().join(format!("assent-demo-{}-{}", std::process::id(), tx.chance().token()));
    std::fs::create_dir(&folder)?;
    let path = folder.join("roster.zip");
    let made = std::fs::File::create(&path)
        .map_err(Problem::from)
        .and_then(|file| generate::write(generate::Plan { people: number, seed: 11, guardians: 42, ..generate::Plan::default() }, file));
    let imported = match made {
        Ok(_) => oneroster::import(tx, actor, district, &path, Wish::default()).await,
        Err(problem) => Err(problem),
    };
    std::fs::remove_dir_all(&folder)?;
    let (report, changes) = imported?;
    obligations::follow(tx, actor, district, changes, Cause::of(CauseKind::Import, report.uid.unwrap_or_default())).await?;
    Ok(())
}

/// Everybody of one role, by name.
pub async fn all(tx: &mut Tx, actor: &Actor, role: &str) -> Result<Vec<PersonRow>> {
    let filter = Filter { role: Some(role.to_owned()), ..Filter::default() };
    Ok(people::list(tx, actor, &filter, Page { number: 1, size: 1_000_000 }).await?.rows)
}

/// Makes the accounts.
pub async fn accounts(tx: &mut Tx, actor: &Actor, district: &District) -> Result<()> {
    let (board, changes) = people::add(
        tx,
        actor,
        district,
        Newcomer { given: "Ruth".into(), family: "Alvarado".into(), kind: ByHand::Board, ..Newcomer::default() },
    )
    .await?;
    obligations::follow(tx, actor, district, changes, Cause::of(CauseKind::Person, board.uid)).await?;
    let students = all(tx, actor, "student").await?;
    let in_grades =
        |grades: &[&str]| students.iter().find(|s| s.grade.as_deref().is_some_and(|g| grades.contains(&g))).map(|s| (s.id, name(s)));
    let (mut guardian, mut tutora) = (None, None);
    for person in all(tx, actor, "guardian").await? {
        let children = people::children_of(tx, person.id).await?.len();
        if children > 1 && person.language == "en" && guardian.is_none() {
            guardian = Some((person.id, name(&person)));
        }
        if children > 1 && person.language == "es" && tutora.is_none() {
            tutora = Some((person.id, name(&person)));
        }
    }
    for (login, _) in ACCOUNTS {
        if login == "auditor" {
            auditor(tx, actor, district).await?;
            continue;
        }
        let mut roles = Vec::new();
        let person: Option<(PersonId, String)> = match login {
            "director" => {
                roles.push((Role::Director, district.root));
                Some((PersonId(0), "Kelley Christian".into()))
            }
            "author" => {
                roles.push((Role::Author, district.root));
                Some((PersonId(0), "Dana Whitfield".into()))
            }
            "board" => Some((board.id, board.name())),
            "principal" => {
                // OneRoster 1.1 knows no principals: a director names them, each for a school.
                let school = people::schools(tx, actor).await?.into_iter().next();
                let filter = Filter { school: school.as_ref().map(|s| s.uid), role: Some("staff".into()), ..Filter::default() };
                let found = people::list(tx, actor, &filter, Page { number: 1, size: 1 }).await?;
                roles.extend(school.map(|s| (Role::SchoolLeader, s.id)));
                found.rows.first().map(|p| (p.id, name(p)))
            }
            "teacher" => teacher(tx, actor).await?,
            "staff" => last(tx, actor, "staff").await?,
            "student" => in_grades(&["09", "10", "11", "12"]),
            "pupil" => in_grades(&["06", "07", "08"]),
            "guardian" => guardian.clone(),
            _ => tutora.clone(),
        };
        let Some((id, name)) = person else { continue };
        let new = NewAccount {
            login: login.into(),
            name,
            person: (id.0 != 0).then_some(id),
            password: Some(super::PASSWORD.into()),
            roles,
            last_day: None,
        };
        accounts::add(tx, actor, new).await?;
    }
    Ok(())
}

/// From outside, for 60 days.
async fn auditor(tx: &mut Tx, actor: &Actor, district: &District) -> Result<()> {
    let today = district.today(tx.now());
    let new = NewAuditor {
        login: "auditor".into(),
        name: "Morgan Hale".into(),
        party: "State Auditor’s Office".into(),
        interest: "audit of federally supported programs (34 CFR 99.35)".into(),
        last_day: Some(today.plus(60)),
        schools: Vec::new(),
    };
    auditors::add(tx, actor, district.root, today, new, super::PASSWORD.into()).await.map(drop)
}

fn name(person: &PersonRow) -> String {
    format!("{} {}", person.given, person.family)
}

/// The last by name, so that nobody is two people of the demo.
async fn last(tx: &mut Tx, actor: &Actor, role: &str) -> Result<Option<(PersonId, String)>> {
    Ok(all(tx, actor, role).await?.last().map(|p| (p.id, name(p))))
}

/// A teacher who has sections.
async fn teacher(tx: &mut Tx, actor: &Actor) -> Result<Option<(PersonId, String)>> {
    for person in all(tx, actor, "teacher").await? {
        if people::sections_of(tx, person.id).await?.iter().any(|s| s.role == "teacher") {
            return Ok(Some((person.id, name(&person))));
        }
    }
    Ok(None)
}

/// Login, role and name of the demo's accounts that there are.
pub async fn sign_ins(tx: &mut Tx) -> Result<Vec<(&'static str, &'static str, String)>> {
    let mut there = Vec::new();
    for (login, role) in ACCOUNTS {
        if let Some(name) = accounts::name_of(tx, login).await? {
            there.push((login, role, name));
        }
    }
    Ok(there)
}
