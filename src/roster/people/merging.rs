//! Two records of one person: a source system that knows somebody twice (OneRoster 1.1 gives whoever has two roles two records), or somebody
//! added by hand who comes by the roster later. The other record stays as it is for imports, but counts as the person of the one that is
//! kept: roles, classes, children and reach are those of both. It can be undone.

use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, PersonId, Problem, Result};
use crate::roster::{Changes, District};

/// One record of the roster by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Record {
    #[serde(skip)]
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    pub username: Option<String>,
    pub role: String,
    pub grade: Option<String>,
    pub by_hand: Option<String>,
    pub school: Option<String>,
    pub left_day: Option<Day>,
    /// The record under which it counts.
    #[serde(skip)]
    pub same_as: Option<PersonId>,
    pub turns_18: Option<Day>,
    /// The login of its account, where there is one that works.
    pub account: Option<String>,
}

impl Record {
    pub fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// A record that may be the same person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Alike {
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub role: String,
    pub username: Option<String>,
    pub email: Option<String>,
    pub school: Option<String>,
    pub left_day: Option<Day>,
    /// What is the same: `username`, `email`, or `name`.
    pub why: String,
}

/// Why two records can't be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    SameRecord,
    /// The one to be kept counts as another already.
    KeptIsMerged,
    OtherIsMerged,
    /// Records count as the other one: no chains.
    OtherHasRecords,
    /// One is the other's guardian.
    Family,
    /// The school has set different rules on who may consent.
    Consent,
    /// Two students of different names, and nobody has said that they are one.
    Names,
}

impl Obstacle {
    /// The key of its words.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameRecord => "same-record",
            Self::KeptIsMerged => "kept-is-merged",
            Self::OtherIsMerged => "other-is-merged",
            Self::OtherHasRecords => "other-has-records",
            Self::Family => "family",
            Self::Consent => "consent",
            Self::Names => "names",
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::SameRecord => "this is one record, not two: choose another",
            Self::KeptIsMerged => "the record to be kept counts as another one: keep that one",
            Self::OtherIsMerged => "the other record counts as somebody already: part it from them first",
            Self::OtherHasRecords => "other records count as the other one: keep that one, or part its records first",
            Self::Family => "one is the other's guardian, so they are two people",
            Self::Consent => "the school has set different rules on who may consent for the two: set the same rule for both first",
            Self::Names => "these are two students of different names: if they are one person, say that you are sure",
        }
    }
}

/// What becomes of the other record's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountFate {
    /// It has none.
    None,
    /// It becomes the kept record's.
    Moves,
    /// The kept record has one: the other's can't sign in any more.
    Ends,
}

impl AccountFate {
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Moves => "moves",
            Self::Ends => "ends",
        }
    }
}

/// What a merging would do.
#[derive(Debug, Clone, Serialize)]
pub struct MergePreview {
    pub keep: Record,
    pub other: Record,
    /// Why it can't be done; empty where it can.
    pub obstacles: Vec<Obstacle>,
    pub account: AccountFate,
    /// How many classes and children the other record brings.
    pub sections: i64,
    pub children: i64,
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// The other records of a person whom the caller has found within reach already.
pub async fn records_of(tx: &mut Tx, kept: PersonId) -> Result<Vec<Record>> {
    store::other_records(tx, kept).await
}

/// Records that may be the same person's, the likeliest first, at most 20. For directors.
pub async fn alike(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Vec<Alike>> {
    director(actor)?;
    let record = store::record(tx, uid).await?.ok_or(Problem::NotFound)?;
    store::alike(tx, &record).await
}

/// What merging these two would do, and what stands against it. For directors.
///
/// # Errors
/// `NotFound` where one of them isn't there.
pub async fn preview(tx: &mut Tx, actor: &Actor, keep: Uuid, other: Uuid) -> Result<MergePreview> {
    director(actor)?;
    let keep = store::record(tx, keep).await?.ok_or(Problem::NotFound)?;
    let other = store::record(tx, other).await?.ok_or(Problem::NotFound)?;
    let mut obstacles = Vec::new();
    if keep.id == other.id {
        obstacles.push(Obstacle::SameRecord);
    } else {
        if keep.same_as.is_some() {
            obstacles.push(Obstacle::KeptIsMerged);
        }
        if other.same_as.is_some() {
            obstacles.push(Obstacle::OtherIsMerged);
        }
        if !store::other_records(tx, other.id).await?.is_empty() {
            obstacles.push(Obstacle::OtherHasRecords);
        }
        if store::are_family(tx, keep.id, other.id).await? {
            obstacles.push(Obstacle::Family);
        }
        let rules = (store::rule_about(tx, keep.id).await?, store::rule_about(tx, other.id).await?);
        if matches!(&rules, (Some(one), Some(two)) if one != two) {
            obstacles.push(Obstacle::Consent);
        }
        let students = keep.role == "student" && other.role == "student";
        if students && !same_name(&keep, &other) {
            obstacles.push(Obstacle::Names);
        }
    }
    let account = match (&keep.account, &other.account) {
        (_, None) => AccountFate::None,
        // A disabled account of the kept record stays its only one.
        (None, Some(_)) if !store::has_account(tx, keep.id).await? => AccountFate::Moves,
        _ => AccountFate::Ends,
    };
    let (sections, children) = store::brings(tx, other.id).await?;
    Ok(MergePreview { keep, other, obstacles, account, sections, children })
}

fn same_name(one: &Record, two: &Record) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(&one.name()) == plain(&two.name())
}

/// From now on `other` is another record of the person of `keep`. `sure` is needed for two students of different names. For directors.
///
/// # Errors
/// `NotFound` for whoever is no director, or where one of them isn't there; `Conflict` with what stands against it ([`Obstacle`]).
pub async fn merge(tx: &mut Tx, actor: &Actor, district: &District, keep: Uuid, other: Uuid, sure: bool) -> Result<Changes> {
    director(actor)?;
    store::lock_records(tx, keep, other).await?;
    let found = preview(tx, actor, keep, other).await?;
    if let Some(obstacle) = found.obstacles.iter().find(|o| !(sure && **o == Obstacle::Names)) {
        return Err(Problem::conflict(obstacle.said()));
    }
    let (keep, other) = (&found.keep, &found.other);
    match found.account {
        AccountFate::None => {}
        AccountFate::Moves => store::move_account(tx, other.id, keep.id).await?,
        AccountFate::Ends => store::disable_account(tx, other.id).await?,
    }
    store::set_same_as(tx, other.id, keep.id).await?;
    store::rules_follow(tx, other.id, keep.id).await?;
    let detail = serde_json::json!({
        "kept": keep.uid, "account": found.account, "on_roster": store::on_roster(other.left_day, district.today(tx.now())), "sure": sure,
    });
    audit::record(tx, actor, "person.merged", &other.uid.to_string(), detail).await?;
    Ok(Changes { people: vec![keep.id, other.id] })
}

/// The other record counts by itself again. An account that ended by the merging works again; one that moved stays with the kept record. For
/// directors.
///
/// # Errors
/// `NotFound` for whoever is no director, or where there is no such record; `Conflict` where it counts by itself already.
pub async fn part(tx: &mut Tx, actor: &Actor, _district: &District, other: Uuid) -> Result<Changes> {
    director(actor)?;
    store::lock_records(tx, other, other).await?;
    let record = store::record(tx, other).await?.ok_or(Problem::NotFound)?;
    let Some(kept) = record.same_as else {
        return Err(Problem::conflict("this record counts by itself: there is nothing to part"));
    };
    store::unset_same_as(tx, record.id).await?;
    store::rules_part(tx, record.id, kept).await?;
    let works_again = match store::merged_at(tx, other).await? {
        Some(at) => store::enable_account(tx, record.id, at).await?,
        None => None,
    };
    let detail = serde_json::json!({ "account_works_again": works_again.is_some() });
    audit::record(tx, actor, "person.parted", &other.to_string(), detail).await?;
    Ok(Changes { people: vec![kept, record.id] })
}
