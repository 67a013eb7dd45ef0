//! Who is asked for an answer: the people whom an audience names, or the guardians of the students among them, as the school has said
//! who may consent for which child.

use std::collections::{HashMap, HashSet};

use super::requirements::AnswersAs;
use super::store;
use crate::db::Tx;
use crate::kernel::{Day, OrgId, PersonId, Result};
use crate::roster::audience::Place;

/// A duty that a requirement wants to exist.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub person: PersonId,
    pub about: PersonId,
    pub school: OrgId,
    pub role: String,
    pub grade: String,
    pub joined: Day,
}

/// All that a requirement wants, and why some guardians are not asked.
#[derive(Debug, Default)]
pub struct Asked {
    pub duties: Vec<Wanted>,
    /// Students whom the audience names; only where guardians answer.
    children: HashSet<PersonId>,
    /// Guardian and child where the school's word keeps the guardian from being asked.
    held_back: HashSet<(PersonId, PersonId)>,
    /// Children for whom one answer is not enough: every guardian, or one by name.
    not_enough: HashSet<PersonId>,
}

impl Asked {
    /// Whether the audience names the student.
    pub fn names(&self, child: PersonId) -> bool {
        self.children.contains(&child)
    }

    pub fn is_held_back(&self, guardian: PersonId, child: PersonId) -> bool {
        self.held_back.contains(&(guardian, child))
    }

    /// Whether any guardian's answer is enough for the child.
    pub fn one_is_enough(&self, child: PersonId) -> bool {
        !self.not_enough.contains(&child)
    }
}

/// Who answers, for the people whom an audience names: they themselves, or each guardian of each of them who may consent. A student who
/// is 18 answers alone.
pub(super) async fn wanted(tx: &mut Tx, answers_as: AnswersAs, places: Vec<Place>, today: Day) -> Result<Asked> {
    match answers_as {
        AnswersAs::Oneself => {
            let duties = places.into_iter().map(|p| Wanted {
                person: p.person,
                about: p.person,
                school: p.org,
                role: p.role,
                grade: p.grade,
                joined: p.joined,
            });
            Ok(Asked { duties: duties.collect(), ..Asked::default() })
        }
        AnswersAs::Guardian => of_guardians(tx, places, today).await,
    }
}

async fn of_guardians(tx: &mut Tx, places: Vec<Place>, today: Day) -> Result<Asked> {
    let children: HashMap<PersonId, Place> = places.into_iter().filter(|p| p.role == "student").map(|p| (p.person, p)).collect();
    let mut keys: Vec<PersonId> = children.keys().copied().collect();
    keys.sort_unstable();
    let mut asked = Asked::default();
    let mut twice = HashSet::new();
    for row in store::guardians_of(tx, &keys, today).await? {
        let Some(place) = children.get(&row.child) else { continue };
        match row.rule.as_deref() {
            Some("none") => {
                asked.held_back.insert((row.guardian, row.child));
                continue;
            }
            Some("one") => {
                asked.not_enough.insert(row.child);
                if row.named != Some(row.guardian) {
                    asked.held_back.insert((row.guardian, row.child));
                    continue;
                }
            }
            Some("all") => {
                asked.not_enough.insert(row.child);
            }
            _ => {}
        }
        // Two records of one guardian are one.
        if twice.insert((row.guardian, row.child)) {
            asked.duties.push(Wanted {
                person: row.guardian,
                about: row.child,
                school: place.org,
                role: "guardian".into(),
                grade: place.grade.clone(),
                joined: place.joined,
            });
        }
    }
    asked.children = keys.into_iter().collect();
    Ok(asked)
}
