//! What an auditor of a funding year asks for under CIPA, entry by entry, each with what is on file. It gathers and never judges:
//! whether a law is met is not for it to say.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::evidence::{self, File, FundingYear};
use super::{INTERNET_SAFETY, Meeting, Notice, Vote, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Locale, Problem, Result};
use crate::policies::reading::{self, Coverage};
use crate::policies::{self, Version};
use crate::training::figures;

/// An entry of the list.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `AUD-1` and the like.
    pub id: String,
    en: String,
    es: String,
    /// Who lists it.
    pub source: String,
}

impl Item {
    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Es => &self.es,
        }
    }
}

#[derive(Deserialize)]
struct List {
    item: Vec<Item>,
}

static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    // A broken list is found by the test below, long before it ships.
    toml::from_str::<List>(include_str!("dossier.toml")).map(|list| list.item).unwrap_or_default()
});

/// The list, in its order.
pub fn items() -> &'static [Item] {
    &ITEMS
}

pub fn item(id: &str) -> Option<&'static Item> {
    items().iter().find(|item| item.id == id)
}

/// A version that was in force in the year, and what it answers where.
#[derive(Debug, Clone, Serialize)]
pub struct InForce {
    pub version: Version,
    pub title: String,
    /// Until the day before this one; `None`: still.
    pub ends: Option<Day>,
    pub coverage: Vec<Coverage>,
    /// SHA-256 of the text by language.
    pub hashes: Vec<(String, String)>,
}

/// The record of one version's adoption with its files.
#[derive(Debug, Clone, Serialize)]
pub struct Adopted {
    pub version: Version,
    pub notices: Vec<(Notice, Vec<File>)>,
    pub meetings: Vec<(Meeting, Vec<File>)>,
    pub vote: Option<(Vote, Vec<File>)>,
}

/// A course that teaches what CIPA names, and how many finished it in the year.
#[derive(Debug, Clone, Serialize)]
pub struct Taught {
    pub course: String,
    pub people: i64,
    pub students: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Dossier {
    pub year: FundingYear,
    pub in_force: Vec<InForce>,
    pub adopted: Vec<Adopted>,
    pub taught: Vec<Taught>,
    /// Handed in for entries of the list.
    pub files: Vec<File>,
}

impl Dossier {
    /// The files that were handed in for an entry.
    pub fn files_of(&self, item: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.item == item)
    }
}

/// The day of the first adoption of the Internet Safety Policy.
pub(super) async fn first_adoption(tx: &mut Tx) -> Result<Option<Day>> {
    match policies::find(tx, INTERNET_SAFETY).await {
        Ok(policy) => Ok(policies::versions(tx, policy.id).await?.iter().filter_map(|v| v.adopted_day).min()),
        Err(Problem::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Everything on file for that year.
///
/// # Errors
/// `NotFound` for whoever may not see evidence.
pub async fn gather(tx: &mut Tx, actor: &Actor, year: FundingYear) -> Result<Dossier> {
    let files = evidence::of_year(tx, actor, year).await?;
    let versions = match policies::find(tx, INTERNET_SAFETY).await {
        Ok(policy) => policies::versions(tx, policy.id).await?,
        Err(Problem::NotFound) => Vec::new(),
        Err(problem) => return Err(problem),
    };
    let (mut in_force, mut adopted) = (Vec::new(), Vec::new());
    for version in &versions {
        if let Some(ends) = in_force_during(&versions, version, year) {
            let mut hashes = Vec::new();
            for language in reading::languages(tx, version.id).await? {
                hashes.push((language.clone(), reading::text(tx, version.id, &language).await?.hash()?));
            }
            in_force.push(InForce {
                title: policies::read(tx, version, None).await?.title,
                coverage: reading::coverage(tx, version).await?,
                version: version.clone(),
                ends,
                hashes,
            });
        }
        if version.adopted_day.is_some_and(|day| day <= year.last()) {
            adopted.push(record(tx, actor, version).await?);
        }
    }
    let mut taught: Vec<Taught> = Vec::new();
    let mut courses: std::collections::BTreeMap<String, Vec<_>> = std::collections::BTreeMap::new();
    for course in figures::cipa_courses(tx).await? {
        courses.entry(course.slug).or_default().push(course.version);
    }
    for (course, versions) in courses {
        let people = figures::completers(tx, &versions, year.first(), year.last(), None).await?;
        let students = figures::completers_with_role(tx, &versions, year.first(), year.last(), "student").await?;
        if people > 0 {
            taught.push(Taught { course, people, students });
        }
    }
    Ok(Dossier { year, in_force, adopted, taught, files })
}

async fn record(tx: &mut Tx, actor: &Actor, version: &Version) -> Result<Adopted> {
    let (mut notices, mut meetings) = (Vec::new(), Vec::new());
    for notice in store::notices(tx, version.id).await? {
        let files = evidence::about(tx, Some(actor), notice.uid).await?;
        notices.push((notice, files));
    }
    for meeting in store::meetings(tx, version.id).await? {
        let files = evidence::about(tx, Some(actor), meeting.uid).await?;
        meetings.push((meeting, files));
    }
    let vote = match store::vote(tx, version.id).await? {
        Some(vote) => Some((vote, evidence::about(tx, Some(actor), version.uid).await?)),
        None => None,
    };
    Ok(Adopted { version: version.clone(), notices, meetings, vote })
}

/// Whether the version was in force on a day of the year, and since when no more.
#[allow(clippy::option_option)] // outside: whether; inside: the end, where there is one
fn in_force_during(all: &[Version], version: &Version, year: FundingYear) -> Option<Option<Day>> {
    let begins = version.published_at.and(version.effective)?;
    let later = all
        .iter()
        .filter_map(|v| v.published_at.and(v.effective).map(|day| (day, v.number)))
        .filter(|other| *other > (begins, version.number))
        .map(|(day, _)| day)
        .min();
    let ends = [later, version.withdrawn_day].into_iter().flatten().min();
    (begins <= year.last() && ends.is_none_or(|end| end > year.first() && end > begins)).then_some(ends)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_has_eight_entries_in_both_languages() {
        let ids: Vec<&str> = super::items().iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["AUD-1", "AUD-2", "AUD-3", "AUD-4", "AUD-5", "AUD-6", "AUD-7", "AUD-8"]);
        assert!(super::items().iter().all(|item| !item.en.is_empty() && !item.es.is_empty() && !item.source.is_empty()));
    }
}
