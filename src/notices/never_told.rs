//! Whom nothing reaches: people with an open duty in force of which no mail and no letter has told them, under any row of the same duty. A
//! notice that waits for the next school mornings isn't counted; one that has waited for several of them is. A guardian with children at two
//! schools stands with each, for each school tells of its own children. For directors, and for school leaders in their schools.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::store::untold::{self, DutyRow, Since, UntoldRow};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Locale, OrgId, Page, PageOf, PersonId, Problem, Reach, Result, Role};
use crate::roster::{Calendar, District, calendar};

/// What waits is given so many school mornings before it counts as not told.
const MORNINGS: usize = 3;
/// So many people of the district are looked at for one part of a list that is written while it is read.
const PART: i64 = 2_000;

/// Why nothing reached somebody, by the last notice that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    NoAddress,
    /// The mail server took it not.
    Refused,
    /// It came back.
    Bounced,
    /// It has waited for several school mornings: no mail server took it.
    Waits,
    NoNotice,
}

impl Why {
    pub const ALL: [Self; 5] = [Self::NoAddress, Self::Refused, Self::Bounced, Self::Waits, Self::NoNotice];

    /// As it is written in addresses: `no_address`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::Refused => "refused",
            Self::Bounced => "bounced",
            Self::Waits => "waits",
            Self::NoNotice => "no_notice",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }

    fn stored(name: &str) -> Result<Self> {
        Self::named(name).ok_or_else(|| Problem::internal("why nobody was told", format!("“{name}” is no reason")))
    }
}

/// Which of them are wanted; nothing set means all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub school: Option<Uuid>,
    pub why: Option<Why>,
}

/// Somebody whom nothing reached, at one school.
#[derive(Debug, Clone, Serialize)]
pub struct Untold {
    pub person: Uuid,
    pub name: String,
    pub school_uid: Uuid,
    pub school: String,
    pub role: String,
    pub grade: String,
    /// For which children it is asked; empty where all of it is for oneself.
    pub children: Vec<String>,
    /// How many duties.
    pub duties: i64,
    /// The first last day of these, grace not included.
    pub first_day: Day,
    pub why: Why,
    /// The mail server's words, and the address that it spoke of.
    pub said: String,
    pub address: String,
}

/// How many of a school, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Count {
    pub school: Uuid,
    pub name: String,
    pub why: Why,
    pub number: i64,
}

/// Whether somebody may see the list.
pub fn may(actor: &Actor) -> bool {
    matches!(actor.reach, Reach::Orgs(_)) && actor.may_see_people() && (actor.is_director() || actor.has(Role::SchoolLeader))
}

pub(super) fn allowed(actor: &Actor) -> Result<()> {
    if may(actor) { Ok(()) } else { Err(Problem::NotFound) }
}

/// Since when what waits may still come: the third school morning before today.
pub(super) async fn since(tx: &mut Tx, district: &District) -> Result<Since> {
    let calendar: Calendar = calendar::get(tx).await?;
    let today = district.today(tx.now());
    let day = (1..=60).map(|n| today.plus(-n)).filter(|day| !calendar.is_quiet(*day)).nth(MORNINGS - 1).unwrap_or(today.plus(-60));
    Ok(Since { day, moment: district.zone.start_of(day) })
}

/// By school and reason.
///
/// # Errors
/// `NotFound` for whoever isn't a director or school leader.
pub async fn counts(tx: &mut Tx, actor: &Actor, district: &District) -> Result<Vec<Count>> {
    allowed(actor)?;
    let since = since(tx, district).await?;
    let rows = untold::counts(tx, actor, since).await?;
    rows.into_iter().map(|row| Ok(Count { school: row.school, name: row.name, why: Why::stored(&row.why)?, number: row.number })).collect()
}

/// One page of them, by school, grade and name; `counts` as [`counts`] gives them.
///
/// # Errors
/// `NotFound` as [`counts`].
pub async fn list(tx: &mut Tx, actor: &Actor, district: &District, counts: &[Count], filter: Filter, page: Page) -> Result<PageOf<Untold>> {
    allowed(actor)?;
    let since = since(tx, district).await?;
    let wanted = |count: &&Count| filter.school.is_none_or(|s| s == count.school) && filter.why.is_none_or(|w| w == count.why);
    let total = counts.iter().filter(wanted).map(|count| count.number).sum();
    let rows = untold::list(tx, actor, since, &stored(filter), page.size, page.offset()).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let duties = untold::duties(tx, actor, since, &people).await?;
    Ok(PageOf { rows: with_children(rows, &duties)?, page, total })
}

fn stored(filter: Filter) -> untold::Filter {
    untold::Filter { school: filter.school, why: filter.why.map(Why::name) }
}

/// The next of them in the order of their keys, behind that key (begin with `PersonId(0)`), and the key to go on from; `None` at the end. For
/// lists that are written while they are read.
///
/// # Errors
/// `NotFound` as [`counts`].
pub async fn after(
    tx: &mut Tx,
    actor: &Actor,
    district: &District,
    filter: Filter,
    after: PersonId,
) -> Result<(Vec<Untold>, Option<PersonId>)> {
    allowed(actor)?;
    let since = since(tx, district).await?;
    let people = untold::people_after(tx, after, PART).await?;
    let mut rows = untold::of(tx, actor, since, &people).await?;
    rows.retain(|row| filter.school.is_none_or(|s| s == row.school_uid) && filter.why.is_none_or(|w| w.name() == row.why));
    let found: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let duties = untold::duties(tx, actor, since, &found).await?;
    Ok((with_children(rows, &duties)?, people.last().copied()))
}

/// Whether there is anybody without an address, or whose mail was refused or came back. Cheaper than to count them.
///
/// # Errors
/// `NotFound` as [`counts`].
pub async fn any(tx: &mut Tx, actor: &Actor, district: &District) -> Result<bool> {
    allowed(actor)?;
    let since = since(tx, district).await?;
    untold::any(tx, actor, since).await
}

/// Duties by person and school.
pub(super) fn by_place(duties: &[DutyRow]) -> HashMap<(PersonId, OrgId), Vec<&DutyRow>> {
    let mut places: HashMap<(PersonId, OrgId), Vec<&DutyRow>> = HashMap::new();
    for duty in duties {
        places.entry((duty.person, duty.school_id)).or_default().push(duty);
    }
    places
}

pub(super) fn children(duties: &[&DutyRow]) -> Vec<String> {
    let mut children: Vec<String> = duties.iter().filter_map(|duty| duty.child.clone()).collect();
    children.sort();
    children.dedup();
    children
}

fn with_children(rows: Vec<UntoldRow>, duties: &[DutyRow]) -> Result<Vec<Untold>> {
    let places = by_place(duties);
    rows.into_iter()
        .map(|row| {
            Ok(Untold {
                children: places.get(&(row.person, row.school_id)).map(|duties| children(duties)).unwrap_or_default(),
                person: row.person_uid,
                name: format!("{} {}", row.given, row.family),
                school_uid: row.school_uid,
                school: row.school,
                role: row.role,
                grade: row.grade,
                duties: row.number,
                first_day: row.first_day,
                why: Why::stored(&row.why)?,
                said: row.said,
                address: row.address,
            })
        })
        .collect()
}

/// The reader's language: chosen on a page before, else the roster's, else the district's.
pub(super) fn locale(row: &UntoldRow, district: &District) -> Locale {
    row.language.as_deref().and_then(Locale::from_tag).unwrap_or_else(|| district.locale())
}
