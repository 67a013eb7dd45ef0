//! Whose word about a child counts: the guardians there are today, what the school has said of them, and whether the student is 18.

use super::{ConsentRule, Say, consent_of, is_of_age, say_by, store};
use crate::db::Tx;
use crate::kernel::{Day, PersonId, Result};
use crate::roster::people::{self, PersonRow};

/// Those who may speak for a person, today.
#[derive(Debug, Clone)]
pub struct Speakers {
    pub about: PersonId,
    pub of_age: bool,
    /// What the school has set; none: nothing.
    pub rule: Option<ConsentRule>,
    /// All of them, also those whose word isn't asked.
    pub guardians: Vec<PersonRow>,
}

impl Speakers {
    /// What the word of somebody means; none for who is no guardian of the person.
    pub fn say(&self, guardian: PersonId) -> Option<Say> {
        self.guardians.iter().any(|g| g.id == guardian).then(|| say_by(self.rule, self.of_age, guardian))
    }

    /// A guardian whose word counts.
    pub fn is_heard(&self, guardian: PersonId) -> bool {
        matches!(self.say(guardian), Some(Say::Enough | Say::Needed | Say::Alone))
    }
}

/// Those who may speak for that person, reached by the caller or not.
pub async fn speakers(tx: &mut Tx, about: PersonId, today: Day) -> Result<Speakers> {
    Ok(Speakers {
        about,
        of_age: is_of_age(store::turns_18(tx, about).await?, today),
        rule: consent_of(tx, about).await?.map(|consent| consent.rule),
        guardians: people::guardians_of(tx, about).await?,
    })
}
