use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::saved::SavedAudience;
use super::{Class, Named, Place, Rule};
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Day, Moment, OrgId, PersonId, Problem, Result};
use crate::on;

pub async fn orgs_below(tx: &mut Tx, uid: Uuid) -> Result<Vec<OrgId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT a.org_id FROM org_above a JOIN org o ON o.id = a.above_id WHERE o.uid = $1")
        .bind(uid)
        .fetch_all(c)
        .await)?)
}

pub async fn orgs(tx: &mut Tx) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT uid, name FROM org WHERE left_day IS NULL AND parent_id IS NOT NULL ORDER BY name, id")
        .fetch_all(c)
        .await)?)
}

pub async fn languages(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT DISTINCT language FROM person WHERE left_day IS NULL ORDER BY language").fetch_all(c).await)?)
}

pub async fn grades(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT DISTINCT grade FROM person WHERE left_day IS NULL AND grade IS NOT NULL AND grade <> ''")
        .fetch_all(c)
        .await)?)
}

pub async fn positions(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT DISTINCT title FROM position WHERE title <> '' AND ended IS NULL ORDER BY title")
        .fetch_all(c)
        .await)?)
}

/// The record under which that person counts.
pub async fn person(tx: &mut Tx, uid: Uuid) -> Result<Option<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT COALESCE(same_as, id) FROM person WHERE uid = $1").bind(uid).fetch_optional(c).await)?)
}

pub async fn section_members(tx: &mut Tx, uid: Uuid) -> Result<Vec<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT COALESCE(p.same_as, p.id) FROM enrollment e JOIN section s ON s.id = e.section_id JOIN person p ON p.id = e.person_id
         WHERE s.uid = $1 AND e.left_day IS NULL"
    )
    .bind(uid)
    .fetch_all(c)
    .await)?)
}

pub async fn name_of(tx: &mut Tx, uid: Uuid) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT name FROM org WHERE uid = $1
         UNION ALL SELECT CASE WHEN COALESCE(code, '') = '' THEN title ELSE title || ' (' || code || ')' END FROM section WHERE uid = $1
         UNION ALL SELECT given || ' ' || family FROM person WHERE uid = $1
         UNION ALL SELECT name FROM audience WHERE uid = $1"
    )
    .bind(uid)
    .fetch_optional(c)
    .await)?)
}

/// What a uid can stand for.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Org,
    Section,
    Person,
    Saved,
}

/// The first of these uids behind which no such record stands.
pub async fn missing(tx: &mut Tx, kind: Kind, uids: &[Uuid]) -> Result<Option<String>> {
    let sql = match kind {
        Kind::Org => "SELECT COUNT(*) FROM org WHERE uid = $1",
        Kind::Section => "SELECT COUNT(*) FROM section WHERE uid = $1",
        Kind::Person => "SELECT COUNT(*) FROM person WHERE uid = $1",
        Kind::Saved => "SELECT COUNT(*) FROM audience WHERE uid = $1",
    };
    for uid in uids {
        let number: i64 = on!(tx, |c| sqlx::query_scalar(sql).bind(uid).fetch_one(c).await)?;
        if number == 0 {
            return Ok(Some(uid.to_string()));
        }
    }
    Ok(None)
}

/// Each record that stands for a person who counts under another one, with that other.
pub async fn merged(tx: &mut Tx) -> Result<Vec<(PersonId, PersonId)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT id, same_as FROM person WHERE same_as IS NOT NULL ORDER BY same_as, id").fetch_all(c).await)?)
}

/// Hands over each position held on that day by somebody who is on the roster, person by person in the order of their keys, the primary
/// one first. The few people with several records are read beforehand and handed over in their turn, so that everybody else is read in
/// one stream.
pub async fn each_place(tx: &mut Tx, day: Day, only: Option<&[PersonId]>, take: impl FnMut(Place)) -> Result<()> {
    const SOME: &str = "
        SELECT p.id AS person, po.org_id AS org, po.role, po.title AS position, COALESCE(p.grade, '') AS grade, p.language, p.joined
        FROM person p JOIN position po ON po.person_id = p.id
        WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)) AND p.same_as IS NULL
          AND (p.left_day IS NULL OR p.left_day > $1) AND p.joined <= $1 AND po.began <= $1 AND (po.ended IS NULL OR po.ended > $1)
        ORDER BY p.id, po.is_primary DESC, po.id";
    let merged = merged(tx).await?;
    let Some(people) = only else {
        let mut turns = Turns { several: of_several_records(tx, day, &merged, None).await?, take };
        everybody(tx, day, |place| turns.next(place)).await?;
        turns.rest();
        return Ok(());
    };
    let kept: HashMap<PersonId, PersonId> = merged.iter().copied().collect();
    let people: BTreeSet<PersonId> = people.iter().map(|id| kept.get(id).copied().unwrap_or(*id)).collect();
    let mut turns = Turns { several: of_several_records(tx, day, &merged, Some(&people)).await?, take };
    let people: Vec<PersonId> = people.into_iter().collect();
    for part in people.chunks(5_000) {
        on!(tx, |c| {
            let mut rows = sqlx::query_as::<_, Place>(SOME).bind(day).bind(Bulk::of(part)).fetch(c);
            while let Some(place) = rows.try_next().await? {
                turns.next(place);
            }
        });
    }
    turns.rest();
    Ok(())
}

/// Keys of people read in one pack.
const PACK: i64 = 20_000;

macro_rules! packed_places {
    ($pack:literal, $unit:literal, $end:literal) => {
        concat!(
            "SELECT ", $pack, "(person || ", $unit, " || org || ", $unit, " || joined || ", $unit, " || role || ", $unit, " || position || ", $unit,
            " || grade || ", $unit, " || language, ", $end, " ORDER BY person, is_primary DESC, id)
             FROM (SELECT p.id AS person, po.org_id AS org, p.joined, po.role, po.title AS position, COALESCE(p.grade, '') AS grade, p.language,
                          CASE WHEN po.is_primary THEN 1 ELSE 0 END AS is_primary, po.id
                   FROM person p JOIN position po ON po.person_id = p.id
                   WHERE p.id > $2 AND p.id <= $3 AND p.same_as IS NULL AND (p.left_day IS NULL OR p.left_day > $1) AND p.joined <= $1
                     AND po.began <= $1 AND (po.ended IS NULL OR po.ended > $1)) AS place"
        )
    };
}

/// Everybody's positions in the order of people, read in packs: one row of an answer that holds twenty thousand people costs little more
/// than a row. No field holds the characters between them: each is one of a list of words, or was cleaned when it came in.
async fn everybody(tx: &mut Tx, day: Day, mut take: impl FnMut(Place)) -> Result<()> {
    let last: i64 = on!(tx, |c| sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM person").fetch_one(c).await)?;
    let mut from = 0;
    while from < last {
        let pack: Option<String> = on!(tx,
            sqlite packed_places!("group_concat", "char(31)", "char(30)"),
            postgres packed_places!("string_agg", "chr(31)", "chr(30)"),
            |c, sql| sqlx::query_scalar(sql).bind(day).bind(from).bind(from + PACK).fetch_one(c).await)?;
        for record in pack.iter().flat_map(|pack| pack.split('\u{1e}')) {
            let place =
                place_of(record).ok_or_else(|| Problem::internal("tables person and position: a row can't be read", record.to_owned()))?;
            take(place);
        }
        from += PACK;
    }
    Ok(())
}

fn place_of(record: &str) -> Option<Place> {
    let mut fields = record.split('\u{1f}');
    let mut number = || fields.next()?.parse::<i64>().ok();
    let (person, org, joined) = (PersonId(number()?), OrgId(number()?), Day(number()?));
    let mut word = || fields.next().map(str::to_owned);
    let (role, position, grade, language) = (word()?, word()?, word()?, word()?);
    fields.next().is_none().then_some(Place { person, org, role, position, grade, language, joined })
}

/// Brings the stream and the people with several records into one order.
struct Turns<F> {
    /// By the record that was kept; those whose turn has come are taken out. A person all of whose records have left stays without places.
    several: BTreeMap<PersonId, Vec<Place>>,
    take: F,
}

impl<F: FnMut(Place)> Turns<F> {
    fn next(&mut self, place: Place) {
        while self.several.first_key_value().is_some_and(|(kept, _)| *kept < place.person) {
            if let Some((_, places)) = self.several.pop_first() {
                places.into_iter().for_each(&mut self.take);
            }
        }
        if !self.several.contains_key(&place.person) {
            (self.take)(place);
        }
    }

    fn rest(self) {
        self.several.into_values().flatten().for_each(self.take);
    }
}

/// The positions of everybody with several records, under the record that was kept: its own first, joined on the earliest day.
async fn of_several_records(
    tx: &mut Tx,
    day: Day,
    merged: &[(PersonId, PersonId)],
    only: Option<&BTreeSet<PersonId>>,
) -> Result<BTreeMap<PersonId, Vec<Place>>> {
    const PLACES: &str = "
        SELECT COALESCE(p.same_as, p.id) AS person, po.org_id AS org, po.role, po.title AS position, COALESCE(p.grade, '') AS grade,
               p.language, p.joined
        FROM person p JOIN position po ON po.person_id = p.id
        WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))
          AND (p.left_day IS NULL OR p.left_day > $1) AND p.joined <= $1 AND po.began <= $1 AND (po.ended IS NULL OR po.ended > $1)
        ORDER BY person, CASE WHEN p.same_as IS NULL THEN 0 ELSE 1 END, p.id, po.is_primary DESC, po.id";
    let mut records: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
    for (other, kept) in merged {
        if only.is_none_or(|only| only.contains(kept)) {
            records.entry(*kept).or_insert_with(|| vec![*kept]).push(*other);
        }
    }
    let mut several: BTreeMap<PersonId, Vec<Place>> = records.keys().map(|kept| (*kept, Vec::new())).collect();
    // All records of one person stand in one part.
    let records: Vec<Vec<PersonId>> = records.into_values().collect();
    for part in records.chunks(2_000) {
        let ids = Bulk::of(part.iter().flatten());
        let joined: Vec<(PersonId, Day)> = on!(tx, |c| sqlx::query_as(
            "SELECT COALESCE(same_as, id), MIN(joined) FROM person
             WHERE id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($1)) GROUP BY COALESCE(same_as, id)"
        )
        .bind(&ids)
        .fetch_all(c)
        .await)?;
        let joined: HashMap<PersonId, Day> = joined.into_iter().collect();
        let places: Vec<Place> = on!(tx, |c| sqlx::query_as(PLACES).bind(day).bind(&ids).fetch_all(c).await)?;
        for place in places {
            let joined = joined.get(&place.person).copied().unwrap_or(place.joined);
            several.entry(place.person).or_default().push(Place { joined, ..place });
        }
    }
    Ok(several)
}

pub async fn find_classes(tx: &mut Tx, pattern: &str, schools: &[Uuid], limit: usize) -> Result<Vec<Class>> {
    let mut orgs: Vec<OrgId> = Vec::new();
    for uid in schools {
        orgs.extend(orgs_below(tx, *uid).await?);
    }
    let (anywhere, limit) = (i64::from(schools.is_empty()), i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT s.uid, s.title, s.code, o.name AS school,
                (SELECT MIN(p.family) FROM enrollment e JOIN person p ON p.id = e.person_id
                 WHERE e.section_id = s.id AND e.role = 'teacher' AND e.left_day IS NULL) AS teacher
         FROM section s JOIN org o ON o.id = s.school_id
         WHERE s.left_day IS NULL AND LOWER(s.title || ' ' || COALESCE(s.code, '')) LIKE $1 ESCAPE '!'
           AND (CAST($2 AS BIGINT) = 1 OR s.school_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
         ORDER BY s.title, o.name, s.code, s.id LIMIT $4"
    )
    .bind(pattern)
    .bind(anywhere)
    .bind(Bulk::of(&orgs))
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

pub async fn class(tx: &mut Tx, uid: Uuid) -> Result<Option<Class>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT s.uid, s.title, s.code, o.name AS school,
                (SELECT MIN(p.family) FROM enrollment e JOIN person p ON p.id = e.person_id
                 WHERE e.section_id = s.id AND e.role = 'teacher' AND e.left_day IS NULL) AS teacher
         FROM section s JOIN org o ON o.id = s.school_id WHERE s.uid = $1"
    )
    .bind(uid)
    .fetch_optional(c)
    .await)?)
}

pub async fn find_people(tx: &mut Tx, pattern: &str, day: Day, limit: usize) -> Result<Vec<Named>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT kept.uid, kept.given || ' ' || kept.family AS name, kept.role, o.name AS school, kept.family, kept.given, kept.id
         FROM person p JOIN person kept ON kept.id = COALESCE(p.same_as, p.id) LEFT JOIN org o ON o.id = kept.school_id
         WHERE kept.role <> 'guardian' AND LOWER(p.given || ' ' || p.family) LIKE $1 ESCAPE '!'
           AND (kept.left_day IS NULL OR kept.left_day > $2
                OR EXISTS (SELECT 1 FROM person r WHERE r.same_as = kept.id AND (r.left_day IS NULL OR r.left_day > $2)))
         ORDER BY kept.family, kept.given, kept.id LIMIT $3"
    )
    .bind(pattern)
    .bind(day)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

pub async fn named_person(tx: &mut Tx, uid: Uuid) -> Result<Option<Named>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.uid, p.given || ' ' || p.family AS name, p.role, o.name AS school
         FROM person p LEFT JOIN org o ON o.id = p.school_id WHERE p.uid = $1"
    )
    .bind(uid)
    .fetch_optional(c)
    .await)?)
}

/// A row of the table `audience`.
#[derive(Debug, sqlx::FromRow)]
pub struct SavedRow {
    pub uid: Uuid,
    pub name: String,
    rule: String,
    pub retired_at: Option<Moment>,
    changed_at: Moment,
}

impl SavedRow {
    pub fn rule(&self) -> Result<Rule> {
        Rule::parse(&self.rule)
    }

    pub fn into_audience(self) -> Result<SavedAudience> {
        let rule = self.rule()?;
        Ok(SavedAudience { uid: self.uid, name: self.name, rule, retired_at: self.retired_at, changed_at: self.changed_at })
    }
}

pub async fn all_saved(tx: &mut Tx) -> Result<Vec<SavedRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT uid, name, rule, retired_at, changed_at FROM audience
         ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, name, id"
    )
    .fetch_all(c)
    .await)?)
}

pub async fn saved(tx: &mut Tx, uid: Uuid) -> Result<Option<SavedRow>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT uid, name, rule, retired_at, changed_at FROM audience WHERE uid = $1")
        .bind(uid)
        .fetch_optional(c)
        .await)?)
}

/// The saved audience of that name, in whatever letters, that is still offered.
pub async fn saved_named(tx: &mut Tx, name: &str) -> Result<Option<Uuid>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT uid FROM audience WHERE LOWER(name) = LOWER($1) AND retired_at IS NULL")
        .bind(name)
        .fetch_optional(c)
        .await)?)
}

pub async fn insert_saved(tx: &mut Tx, uid: Uuid, name: &str, rule: &str, account: Option<AccountId>) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("INSERT INTO audience (uid, name, rule, account_id, created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $5)")
        .bind(uid)
        .bind(name)
        .bind(rule)
        .bind(account)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn update_saved(tx: &mut Tx, uid: Uuid, name: &str, rule: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("UPDATE audience SET name = $2, rule = $3, changed_at = $4 WHERE uid = $1")
        .bind(uid)
        .bind(name)
        .bind(rule)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether this call retired it.
pub async fn retire_saved(tx: &mut Tx, uid: Uuid) -> Result<bool> {
    let now = tx.now();
    let changed = on!(tx, |c| sqlx::query("UPDATE audience SET retired_at = $2 WHERE uid = $1 AND retired_at IS NULL")
        .bind(uid)
        .bind(now)
        .execute(c)
        .await
        .map(|r| r.rows_affected()))?;
    Ok(changed == 1)
}
