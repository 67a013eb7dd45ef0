//! Households: a child's guardians, the siblings through them, and who may consent. The roster says who is whose guardian; it says nothing of
//! custody or consent (OneRoster has no field for it), so who may consent is what the school has set, and never guessed: where nothing is
//! set, every guardian is asked and one answer is enough. Knows nothing of what is asked.

mod speakers;
mod store;

pub use speakers::{Speakers, speakers};

use serde::Serialize;
use uuid::Uuid;

use super::people::{self, Person, PersonRow};
use super::{Changes, District};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Moment, PersonId, Problem, Reach, Result};

/// Who may consent for a child, as the school has set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentRule {
    /// Every guardian is asked, and one answer is enough: the same as when nothing is set, but said by the school.
    Any,
    /// Every guardian must agree.
    All,
    /// This guardian alone.
    One(PersonId),
    /// No guardian; the school itself sees to it.
    None,
}

impl ConsentRule {
    /// As it is stored and written in commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
            Self::One(_) => "one",
            Self::None => "none",
        }
    }
}

/// What the school has set for a child, with on what it rests. The reason is never for guardians.
#[derive(Debug, Clone)]
pub struct Consent {
    pub rule: ConsentRule,
    /// Of [`ConsentRule::One`]: uid and name of the guardian.
    pub guardian: Option<(Uuid, String)>,
    pub reason: String,
    pub by_name: String,
    pub at: Moment,
}

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 2_000;

/// What a guardian's word means for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Say {
    /// One of those whose answer is enough.
    Enough,
    /// One of those who must all agree.
    Needed,
    /// The one who answers.
    Alone,
    /// Not asked.
    NotAsked,
    /// The student is 18 and answers alone.
    OfAge,
}

impl Say {
    /// The key of its words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enough => "enough",
            Self::Needed => "needed",
            Self::Alone => "alone",
            Self::NotAsked => "not-asked",
            Self::OfAge => "of-age",
        }
    }
}

/// What the word of that guardian means, by what is set (none: nothing) and whether the student is 18 today.
pub fn say_of(consent: Option<&Consent>, of_age: bool, guardian: PersonId) -> Say {
    say_by(consent.map(|c| c.rule), of_age, guardian)
}

fn say_by(rule: Option<ConsentRule>, of_age: bool, guardian: PersonId) -> Say {
    match rule {
        _ if of_age => Say::OfAge,
        None | Some(ConsentRule::Any) => Say::Enough,
        Some(ConsentRule::All) => Say::Needed,
        Some(ConsentRule::One(one)) if one == guardian => Say::Alone,
        Some(ConsentRule::One(_) | ConsentRule::None) => Say::NotAsked,
    }
}

/// A record through which two people are guardian and child: where the relation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Relation {
    #[serde(skip)]
    pub guardian: PersonId,
    #[serde(skip)]
    pub child: PersonId,
    pub guardian_record: String,
    pub guardian_role: String,
    /// The guardian's record counts as another one.
    pub guardian_merged: bool,
    pub child_record: String,
    pub child_merged: bool,
}

/// A guardian of a child, or a child of a guardian.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: PersonRow,
    pub say: Say,
    pub relations: Vec<Relation>,
}

/// A child with the same guardian.
#[derive(Debug, Clone)]
pub struct Sibling {
    pub person: PersonRow,
    /// The names of the guardians whom both have.
    pub through: String,
}

/// Everything around a child, or around a guardian.
#[derive(Debug, Clone)]
pub struct Household {
    pub person: Person,
    /// Of a child.
    pub guardians: Vec<Member>,
    /// Of a child: those within reach.
    pub siblings: Vec<Sibling>,
    /// Of a child; none: the school has not said.
    pub consent: Option<Consent>,
    /// The one guardian who is named is no longer one of them.
    pub named_is_gone: bool,
    /// Of a child: 18 today, and answers alone.
    pub of_age: bool,
    /// Of a guardian: those within reach.
    pub children: Vec<Member>,
}

/// Whether somebody may look into households: whoever reaches over orgs and may see people. A teacher sees guardians on the child's page.
pub fn may_look(actor: &Actor) -> bool {
    actor.may_see_people() && matches!(actor.reach, Reach::Orgs(_))
}

/// The household of a child or of a guardian.
///
/// # Errors
/// `NotFound` for whoever may not look into households, and for people outside reach.
pub async fn household(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid) -> Result<Household> {
    if !may_look(actor) {
        return Err(Problem::NotFound);
    }
    let person = people::find(tx, actor, uid).await?;
    let today = district.today(tx.now());
    let of_age = is_of_age(person.turns_18, today);
    let consent = consent_of(tx, person.id).await?;
    let relations = store::relations(tx, person.id, today).await?;
    let mut guardians = Vec::new();
    for guardian in people::guardians_of(tx, person.id).await? {
        let say = say_of(consent.as_ref(), of_age, guardian.id);
        let relations = relations.iter().filter(|r| r.guardian == guardian.id).cloned().collect();
        guardians.push(Member { person: guardian, say, relations });
    }
    let siblings = store::siblings(tx, person.id, today).await?;
    let reached = people::within_reach(tx, actor, siblings.iter().map(|(row, _)| row.clone()).collect()).await?;
    let siblings = reached
        .into_iter()
        .map(|row| Sibling {
            through: siblings.iter().filter(|(s, _)| s.id == row.id).map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "),
            person: row,
        })
        .collect();
    let mut children = Vec::new();
    let own = people::children_of(tx, person.id).await?;
    for child in people::within_reach(tx, actor, own).await? {
        let consent = consent_of(tx, child.id).await?;
        let of_age = is_of_age(store::turns_18(tx, child.id).await?, today);
        let say = say_of(consent.as_ref(), of_age, person.id);
        let relations = relations.iter().filter(|r| r.child == child.id).cloned().collect();
        children.push(Member { person: child, say, relations });
    }
    let named_is_gone =
        matches!(consent.as_ref().map(|c| c.rule), Some(ConsentRule::One(one)) if guardians.iter().all(|g| g.person.id != one));
    Ok(Household { person, guardians, siblings, consent, named_is_gone, of_age, children })
}

fn is_of_age(turns_18: Option<Day>, today: Day) -> bool {
    turns_18.is_some_and(|day| day <= today)
}

/// What the school has set for that child, whom the caller has found within reach; none where it has not said. The reason is not for guardians.
pub async fn consent_of(tx: &mut Tx, child: PersonId) -> Result<Option<Consent>> {
    store::consent(tx, child).await
}

async fn child_of_mine(tx: &mut Tx, actor: &Actor, child: Uuid) -> Result<Person> {
    if !people::may_settle(actor) {
        return Err(Problem::NotFound);
    }
    let child = people::find(tx, actor, child).await?;
    if child.role == "student" { Ok(child) } else { Err(Problem::NotFound) }
}

/// Says who may consent for a child, and on what that rests. For directors, and for school leaders about children of their schools. The same
/// again changes nothing.
///
/// # Errors
/// `NotFound` for anybody else, and for whoever is no student; `Invalid` (`reason`) without a reason where the rule isn't `Any`, (`rule`)
/// where the one who is named is no guardian of the child.
pub async fn set_consent(
    tx: &mut Tx,
    actor: &Actor,
    _district: &District,
    child: Uuid,
    rule: ConsentRule,
    reason: &str,
) -> Result<Changes> {
    let child = child_of_mine(tx, actor, child).await?;
    let reason = reason.trim();
    let mut checks = Checks::default();
    checks.require(rule == ConsentRule::Any || !reason.is_empty(), "reason", "say on what this rests, such as an order of a court");
    checks.require(reason.chars().count() <= LONGEST_REASON, "reason", "this is longer than 2,000 characters: shorten it");
    let mut guardian = None;
    let rule = match rule {
        ConsentRule::One(named) => {
            let found = people::guardians_of(tx, child.id).await?;
            let kept = store::kept(tx, named).await?;
            let found = found.into_iter().find(|g| Some(g.id) == kept);
            checks.require(found.is_some(), "rule", "this is no guardian of the child: name one of those whom the roster knows");
            guardian = found.as_ref().map(|g| g.uid);
            ConsentRule::One(found.map_or(named, |g| g.id))
        }
        other => other,
    };
    checks.done()?;
    if consent_of(tx, child.id).await?.is_some_and(|set| set.rule == rule && set.reason == reason) {
        return Ok(Changes::default());
    }
    store::set_consent(tx, actor, child.id, rule, reason).await?;
    let detail = serde_json::json!({ "rule": rule.name(), "guardian": guardian, "reason": reason });
    audit::record(tx, actor, "consent.set", &child.uid.to_string(), detail).await?;
    Ok(Changes { people: vec![child.id] })
}

/// Takes back what was said: the school has not said who may consent. For whoever may say it.
///
/// # Errors
/// `NotFound` as [`set_consent`].
pub async fn unset_consent(tx: &mut Tx, actor: &Actor, _district: &District, child: Uuid) -> Result<Changes> {
    let child = child_of_mine(tx, actor, child).await?;
    if !store::unset_consent(tx, child.id).await? {
        return Ok(Changes::default());
    }
    audit::record(tx, actor, "consent.unset", &child.uid.to_string(), serde_json::json!({})).await?;
    Ok(Changes { people: vec![child.id] })
}

/// Whether somebody may say who may consent, for children within reach.
pub fn may_set(actor: &Actor) -> bool {
    people::may_settle(actor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_guardian_s_word_means_follows_from_what_the_school_has_set() {
        let set = |rule| Consent { rule, guardian: None, reason: String::new(), by_name: String::new(), at: Moment(0) };
        let (ann, bob) = (PersonId(1), PersonId(2));
        assert_eq!(say_of(None, false, ann), Say::Enough);
        assert_eq!(say_of(Some(&set(ConsentRule::All)), false, ann), Say::Needed);
        assert_eq!(say_of(Some(&set(ConsentRule::One(ann))), false, ann), Say::Alone);
        assert_eq!(say_of(Some(&set(ConsentRule::One(ann))), false, bob), Say::NotAsked);
        assert_eq!(say_of(Some(&set(ConsentRule::None)), false, ann), Say::NotAsked);
        assert_eq!(say_of(Some(&set(ConsentRule::All)), true, ann), Say::OfAge);
    }
}
