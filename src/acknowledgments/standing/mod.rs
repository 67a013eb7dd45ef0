//! What holds now. People may answer one document several times, and several people may answer it for one child; this says, question by
//! question, what counts of it:
//!
//! - Everybody's newest word on a question replaces that person's earlier ones.
//! - Where the school has said nothing, or that any guardian may consent, the newest word of any guardian counts: each may give alone, so
//!   each may take back alone, and give again. Every no reaches the school, which can then set another rule.
//! - Where every guardian must agree, it takes the yes of each one there is today; one no or withdrawal ends it.
//! - Where one guardian alone may consent, that one's word counts; where none may, no yes does.
//! - From 18 on the student's own word counts (FERPA, 34 CFR 99.5(a)). What was given before stays until the student says otherwise, and
//!   guardians can't change it any more.
//! - A student's assent and a guardian's consent are two things, also where both are asked about the same text.
//!
//! A duty says how its own person answered; whether a consent holds for the child is said here alone.

mod store;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::record::{Choice, Record};
use crate::db::Tx;
use crate::kernel::{Actor, Moment, ObligationId, PersonId, PolicyId, Problem, Result, VersionId};
use crate::roster::households::{self, ConsentRule, Speakers};
use crate::roster::{District, people};

/// Names the document as a whole, where a consent's id would stand.
pub const WHOLE: &str = "";

/// One answer that somebody gave; people under the records by which they count.
#[derive(Debug, Clone)]
pub struct Word {
    /// Of the receipt.
    pub uid: Uuid,
    pub person: PersonId,
    pub person_name: String,
    pub about: PersonId,
    pub about_uid: Uuid,
    pub about_name: String,
    /// Where it counted when it was given.
    pub school: String,
    /// Given as a guardian; else for oneself.
    pub guardian: bool,
    pub obligation: ObligationId,
    pub policy: PolicyId,
    pub slug: String,
    pub version: VersionId,
    pub number: i64,
    pub language: String,
    pub answer: String,
    pub choices: Vec<Choice>,
    pub at: Moment,
}

impl Word {
    /// What it says to a consent, or to the whole document; none where it says nothing to it: who takes one consent back that another
    /// gave speaks of that one alone.
    pub fn on(&self, consent: &str) -> Option<Choice> {
        if consent == WHOLE {
            let whole = self.choices.is_empty();
            return whole.then(|| Choice { id: WHOLE.into(), yes: self.answer == "agreed", withdrawn: self.answer == "withdrawn" });
        }
        self.choices.iter().find(|choice| choice.id == consent).cloned()
    }
}

/// One document as it was answered for one person: the newest version of it that was.
#[derive(Debug, Clone)]
pub struct Paper {
    pub speakers: Speakers,
    /// People answer it for themselves.
    pub own: bool,
    /// The answers to that version that count, newest first.
    pub words: Vec<Word>,
    /// The reader's other answers to the same document, newest first.
    pub earlier: Vec<Word>,
    /// Whether the reader's word counts, so that the reader can take back; else these are the reader's answers of former times.
    pub is_heard: bool,
}

impl Paper {
    /// The newest word of somebody on a consent.
    pub fn word_of(&self, person: PersonId, consent: &str) -> Option<(&Word, Choice)> {
        self.words.iter().filter(|word| word.person == person).find_map(|word| Some((word, word.on(consent)?)))
    }

    /// Each person's newest word on a consent, newest first.
    pub fn words_on(&self, consent: &str) -> Vec<(&Word, Choice)> {
        let mut found: Vec<(&Word, Choice)> = Vec::new();
        for word in &self.words {
            if let Some(choice) = word.on(consent)
                && !found.iter().any(|(other, _)| other.person == word.person)
            {
                found.push((word, choice));
            }
        }
        found
    }

    /// Whether there is a yes that counts.
    pub fn holds(&self, consent: &str) -> bool {
        let said = |person: PersonId| self.word_of(person, consent).map(|(_, choice)| choice.yes);
        let newest = |guardian: bool| self.words.iter().filter(|w| w.guardian == guardian).find_map(|w| Some(w.on(consent)?.yes));
        if self.own {
            return newest(false) == Some(true);
        }
        if self.speakers.of_age
            && let Some(own) = said(self.speakers.about)
        {
            return own;
        }
        match self.speakers.rule {
            None | Some(ConsentRule::Any) => newest(true) == Some(true),
            Some(ConsentRule::All) => {
                let guardians = &self.speakers.guardians;
                !guardians.is_empty() && guardians.iter().all(|g| said(g.id) == Some(true))
            }
            Some(ConsentRule::One(guardian)) => said(guardian) == Some(true),
            Some(ConsentRule::None) => false,
        }
    }

    /// Whether it is a form of guardians, and the reader is the student, who is 18 now.
    pub fn is_for_the_student_at_18(&self, reader: Option<PersonId>) -> bool {
        !self.own && self.speakers.of_age && reader == Some(self.speakers.about)
    }

    /// Whether somebody whose word counts can take back that consent: a yes of one's own, or one that counts for the child.
    pub fn can_be_taken_back_by(&self, person: PersonId, consent: &str) -> bool {
        self.is_heard && (self.word_of(person, consent).is_some_and(|(_, choice)| choice.yes) || self.holds(consent))
    }
}

/// All that was answered for one person, as somebody may see it.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub about: PersonId,
    pub about_uid: Uuid,
    pub about_name: String,
    /// It is the reader.
    pub oneself: bool,
    pub of_age: bool,
    pub papers: Vec<Paper>,
}

/// The actor's answers and those about the actor's children: the actor first, then each child by name. A guardian whose word counts sees
/// what others answered for the child and what the child answered; everybody sees their own answers for ever.
pub async fn sheets(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Sheet>> {
    let Some(reader) = actor.person else { return Ok(Vec::new()) };
    let mut about = vec![reader];
    about.extend(people::children_of(tx, reader).await?.into_iter().map(|child| child.id));
    about.extend(store::answered_for(tx, reader).await?);
    let mut seen = std::collections::HashSet::new();
    about.retain(|id| seen.insert(*id));
    let mut words: BTreeMap<PersonId, Vec<Word>> = BTreeMap::new();
    for word in store::about(tx, &about).await? {
        words.entry(word.about).or_default().push(word);
    }
    let mut sheets = Vec::new();
    for person in about {
        let Some(said) = words.remove(&person) else { continue };
        sheets.extend(sheet(tx, district, reader, said).await?);
    }
    Ok(sheets)
}

async fn sheet(tx: &mut Tx, district: &District, reader: PersonId, said: Vec<Word>) -> Result<Option<Sheet>> {
    let Some(first) = said.first().cloned() else { return Ok(None) };
    let today = district.today(tx.now());
    let speakers = households::speakers(tx, first.about, today).await?;
    let mut groups: Vec<((PolicyId, bool), Vec<Word>)> = Vec::new();
    let given: Vec<PolicyId> = said.iter().filter(|word| word.guardian).map(|word| word.policy).collect();
    for word in said {
        // What a student of 18 says to a form of guardians belongs to that form.
        let own = !(word.guardian || speakers.of_age && given.contains(&word.policy));
        match groups.iter_mut().find(|(key, _)| *key == (word.policy, own)) {
            Some((_, words)) => words.push(word),
            None => groups.push(((word.policy, own), vec![word])),
        }
    }
    let papers: Vec<Paper> = groups.into_iter().filter_map(|((_, own), words)| paper(&speakers, own, reader, words)).collect();
    let (oneself, of_age) = (first.about == reader, speakers.of_age);
    let sheet = Sheet { about: first.about, about_uid: first.about_uid, about_name: first.about_name, oneself, of_age, papers };
    Ok((!sheet.papers.is_empty()).then_some(sheet))
}

/// As the reader may see it; none where the reader may see nothing of it.
fn paper(speakers: &Speakers, own: bool, reader: PersonId, mut words: Vec<Word>) -> Option<Paper> {
    let is_subject = speakers.about == reader;
    let is_heard = match (own, is_subject) {
        (true, _) => is_subject,
        (false, true) => speakers.of_age,
        (false, false) => speakers.is_heard(reader),
    };
    // A child's own answer is for the guardians to see, not to change.
    let sees_all = is_heard || (own && speakers.is_heard(reader));
    words.retain(|word| sees_all || word.person == reader);
    let newest = words.iter().map(|word| word.number).max()?;
    let (words, mut earlier): (Vec<Word>, Vec<Word>) = words.into_iter().partition(|word| word.number == newest);
    let latest = words.iter().find(|word| word.person == reader).map(|word| word.uid);
    earlier.splice(0..0, words.iter().filter(|word| Some(word.uid) != latest).cloned());
    earlier.retain(|word| word.person == reader);
    Some(Paper { speakers: speakers.clone(), own, words, earlier, is_heard })
}

/// The document behind a receipt, as it was answered for that person since: for whoever finds it on the own [`sheets`].
///
/// # Errors
/// `NotFound` for anybody else; `Conflict` where a newer version was answered since.
pub async fn behind(tx: &mut Tx, actor: &Actor, district: &District, receipt: Uuid) -> Result<Paper> {
    let reader = actor.person.ok_or(Problem::NotFound)?;
    let about = store::about_of(tx, receipt).await?.ok_or(Problem::NotFound)?;
    let said = store::about(tx, &[about]).await?;
    let sheet = sheet(tx, district, reader, said).await?.ok_or(Problem::NotFound)?;
    let mut papers = sheet.papers;
    if let Some(at) = papers.iter().position(|paper| paper.words.iter().any(|word| word.uid == receipt)) {
        return Ok(papers.swap_remove(at));
    }
    if papers.iter().any(|paper| paper.earlier.iter().any(|word| word.uid == receipt)) {
        return Err(Problem::conflict("A newer version was answered since: what it says counts now. Your list of answers shows it."));
    }
    Err(Problem::NotFound)
}

/// The record behind a receipt: as [`super::receipt`] has it, and for a student who is 18 what was answered about them: the rights have passed.
///
/// # Errors
/// `NotFound` for anybody else.
pub async fn receipt(tx: &mut Tx, actor: &Actor, district: &District, uid: Uuid) -> Result<Record> {
    match super::receipt(tx, actor, uid).await {
        Err(Problem::NotFound) => {}
        found => return found,
    }
    let about = store::about_of(tx, uid).await?.ok_or(Problem::NotFound)?;
    let today = district.today(tx.now());
    if actor.person != Some(about) || !households::speakers(tx, about, today).await?.of_age {
        return Err(Problem::NotFound);
    }
    super::store::record_of(tx, uid).await?.ok_or(Problem::NotFound)?.into_record()
}

#[cfg(test)]
mod tests;
