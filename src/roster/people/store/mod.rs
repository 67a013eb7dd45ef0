//! The SQL of this room: people within reach here, those added by hand in [`by_hand`], records of one person in [`merging`].
//!
//! A person can have several records (`person.same_as`): lists and pages show the one that was kept, and it is found wherever one
//! of its records would be.

mod by_hand;
mod merging;

pub use by_hand::*;
pub use merging::*;

use sqlx::types::Json;
use uuid::Uuid;

use super::{Filter, Person, PersonRow, School, SectionOf};
use crate::db::{Bulk, Numbered, Tx};
use crate::kernel::{Actor, Day, OrgId, Page, PersonId, Problem, Reach, Result, Zone};
use crate::on;
use crate::roster::store::district;

/// An actor's reach as values to bind: `$1` its kind, `$2` its ids, `$3` the records of the actor's own person, `$4` today.
struct Bound {
    kind: &'static str,
    ids: Json<Numbered<i64>>,
    own: Json<Numbered<PersonId>>,
    today: Day,
}

async fn bound(tx: &mut Tx, actor: &Actor) -> Result<Bound> {
    let district = district(tx).await?;
    let root = district.as_ref().map(|(_, _, _, root)| *root);
    let (kind, ids): (_, Vec<i64>) = match &actor.reach {
        Reach::Orgs(orgs) if root.is_some_and(|root| orgs.contains(&root)) => ("all", Vec::new()),
        Reach::Orgs(orgs) => ("orgs", orgs.iter().map(|o| o.0).collect()),
        Reach::Sections(sections) => ("sections", sections.iter().map(|s| s.0).collect()),
        Reach::Own => ("own", Vec::new()),
    };
    let own = match actor.person {
        Some(person) => records(tx, person).await?,
        None => Vec::new(),
    };
    Ok(Bound { kind, ids: Bulk::of(ids), own: Bulk::of(own), today: today(tx).await? })
}

/// Today on the district's calendar, for rooms that are handed no district.
pub async fn today(tx: &mut Tx) -> Result<Day> {
    let Some((_, zone, _, _)) = district(tx).await? else { return Err(Problem::NotFound) };
    let zone = Zone::named(&zone).ok_or_else(|| Problem::internal("table district, column zone: not a time zone", zone))?;
    Ok(zone.day(tx.now()))
}

/// Every record of a person: that of the key, and those that count as it.
pub async fn records(tx: &mut Tx, person: PersonId) -> Result<Vec<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT id FROM person WHERE id = $1 OR same_as = $1 ORDER BY id").bind(person).fetch_all(c).await)?)
}

/// Whether one record (of that alias) is within reach: everybody's; those of orgs, and of the guardians of their students; those of
/// sections' students; always one's own and one's children's.
macro_rules! reaches {
    ($p:literal) => {
        concat!(
            "(CAST($1 AS TEXT) = 'all'
              OR ",
            $p,
            ".id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3))
              OR EXISTS (SELECT 1 FROM guardianship g WHERE g.child_id = ",
            $p,
            ".id AND g.ended IS NULL
                         AND g.guardian_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
              OR ($1 = 'orgs' AND EXISTS (
                     SELECT 1 FROM org_above a WHERE a.org_id = ",
            $p,
            ".school_id
                     AND a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
              OR ($1 = 'orgs' AND ",
            $p,
            ".role = 'guardian' AND EXISTS (
                     SELECT 1 FROM guardianship g JOIN person child ON child.id = g.child_id
                     JOIN org_above a ON a.org_id = child.school_id
                     WHERE g.guardian_id = ",
            $p,
            ".id AND g.ended IS NULL AND (child.left_day IS NULL OR child.left_day > $4)
                     AND a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
              OR ($1 = 'sections' AND EXISTS (
                     SELECT 1 FROM enrollment e WHERE e.person_id = ",
            $p,
            ".id AND e.role = 'student' AND e.left_day IS NULL
                     AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2)))))"
        )
    };
}

/// Whoever has one record within reach that fits: `$5` role, `$6` grade, `$7` pattern, `$8` org, `$9` 1 for those too who have left,
/// `$10` 1 for those alone who were added by hand.
macro_rules! fits {
    ($p:literal) => {
        concat!(
            "(",
            reaches!($p),
            "
              AND (CAST($5 AS TEXT) IS NULL OR ",
            $p,
            ".role = $5)
              AND (CAST($6 AS TEXT) IS NULL OR ",
            $p,
            ".grade = $6)
              AND (CAST($7 AS TEXT) IS NULL
                   OR LOWER(",
            $p,
            ".given || ' ' || ",
            $p,
            ".family || ' ' || COALESCE(",
            $p,
            ".username, '') || ' '
                            || COALESCE(",
            $p,
            ".email, '')) LIKE $7 ESCAPE '!')
              AND (CAST($8 AS BIGINT) IS NULL OR ",
            $p,
            ".school_id IN (SELECT a.org_id FROM org_above a WHERE a.above_id = $8))
              AND (CAST($9 AS BIGINT) = 1 OR ",
            $p,
            ".left_day IS NULL OR ",
            $p,
            ".left_day > $4)
              AND (CAST($10 AS BIGINT) = 0 OR ",
            $p,
            ".by_hand IS NOT NULL))"
        )
    };
}

macro_rules! filtered {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " p.same_as IS NULL AND (",
            fits!("p"),
            " OR p.id IN (SELECT r.same_as FROM person r WHERE r.same_as IS NOT NULL AND ",
            fits!("r"),
            ")) ",
            $after
        )
    };
}

/// What is found under an address is the record that was kept.
const FIND: &str = concat!(
    "SELECT p.id, p.uid, p.given, p.family, p.email, p.username, p.language, p.role, p.grade, p.school_id, o.name AS school,
            o.uid AS school_uid, p.joined, p.left_day, p.turns_18, p.turns_17, p.by_hand
     FROM person p LEFT JOIN org o ON o.id = p.school_id
     WHERE p.id = (SELECT COALESCE(named.same_as, named.id) FROM person named WHERE named.uid = $5)
       AND EXISTS (SELECT 1 FROM person r WHERE (r.id = p.id OR r.same_as = p.id) AND ",
    reaches!("r"),
    ")"
);

pub async fn find(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Option<Person>> {
    let reach = bound(tx, actor).await?;
    Ok(on!(tx, |c| sqlx::query_as(FIND)
        .bind(reach.kind)
        .bind(&reach.ids)
        .bind(&reach.own)
        .bind(reach.today)
        .bind(uid)
        .fetch_optional(c)
        .await)?)
}

const COUNT: &str = filtered!("SELECT COUNT(*) FROM person p WHERE", "");
const LIST: &str = filtered!(
    "SELECT p.id, p.uid, p.given, p.family, p.role, p.grade, o.name AS school, p.language, p.email, p.left_day
     FROM person p LEFT JOIN org o ON o.id = p.school_id WHERE",
    "ORDER BY p.family, p.given, p.id LIMIT $11 OFFSET $12"
);

pub async fn list(tx: &mut Tx, actor: &Actor, filter: &Filter, page: Page) -> Result<(Vec<PersonRow>, i64)> {
    let reach = bound(tx, actor).await?;
    let org = match filter.school {
        None => None,
        // No school has the id 0: an unknown one has no people.
        Some(uid) => Some(org(tx, uid).await?.unwrap_or(OrgId(0))),
    };
    let pattern = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(|text| {
        let escaped = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        format!("%{escaped}%")
    });
    let (role, grade) = (filter.role.as_deref(), filter.grade.as_deref());
    let (left, by_hand) = (i64::from(filter.with_left), i64::from(filter.by_hand));
    macro_rules! bind_filter {
        ($query:expr) => {
            $query
                .bind(reach.kind)
                .bind(&reach.ids)
                .bind(&reach.own)
                .bind(reach.today)
                .bind(role)
                .bind(grade)
                .bind(pattern.as_deref())
                .bind(org)
                .bind(left)
                .bind(by_hand)
        };
    }
    let total: i64 = on!(tx, |c| bind_filter!(sqlx::query_scalar(COUNT)).fetch_one(c).await)?;
    let rows = on!(tx, |c| bind_filter!(sqlx::query_as(LIST)).bind(page.size).bind(page.offset()).fetch_all(c).await)?;
    Ok((rows, total))
}

pub async fn org(tx: &mut Tx, uid: Uuid) -> Result<Option<OrgId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT id FROM org WHERE uid = $1 AND left_day IS NULL").bind(uid).fetch_optional(c).await)?)
}

pub async fn schools(tx: &mut Tx, actor: &Actor) -> Result<Vec<School>> {
    let reach = bound(tx, actor).await?;
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT o.id, o.uid, o.name, o.identifier FROM org o
         WHERE o.kind = 'school' AND o.left_day IS NULL
           AND (CAST($1 AS TEXT) = 'all'
                OR ($1 = 'orgs' AND EXISTS (SELECT 1 FROM org_above a WHERE a.org_id = o.id
                       AND a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
                OR ($1 = 'sections' AND o.id IN (SELECT s.school_id FROM section s
                       WHERE s.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
                OR o.id IN (SELECT p.school_id FROM person p WHERE p.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)))
                OR o.id IN (SELECT p.school_id FROM guardianship g JOIN person p ON p.id = g.child_id
                            WHERE g.guardian_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($3)) AND g.ended IS NULL
                              AND (p.left_day IS NULL OR p.left_day > $4)))
         ORDER BY o.name, o.id"
    )
    .bind(reach.kind)
    .bind(&reach.ids)
    .bind(&reach.own)
    .bind(reach.today)
    .fetch_all(c)
    .await)?)
}

/// The classes of all of a person's records.
pub async fn sections_of(tx: &mut Tx, person: PersonId) -> Result<Vec<SectionOf>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT s.id, s.uid, s.title, s.code, s.grade, o.name AS school, e.role
         FROM enrollment e JOIN section s ON s.id = e.section_id JOIN org o ON o.id = s.school_id
         WHERE e.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
           AND e.left_day IS NULL AND s.left_day IS NULL ORDER BY s.title, s.id, e.role"
    )
    .bind(person)
    .fetch_all(c)
    .await)?)
}

/// The children, each under the record that was kept, who have a record that is on the roster.
pub async fn children_of(tx: &mut Tx, guardian: PersonId) -> Result<Vec<PersonRow>> {
    let today = today(tx).await?;
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT k.id, k.uid, k.given, k.family, k.role, k.grade, o.name AS school, k.language, k.email, k.left_day
         FROM guardianship g JOIN person p ON p.id = g.child_id
         JOIN person k ON k.id = COALESCE(p.same_as, p.id) LEFT JOIN org o ON o.id = k.school_id
         WHERE g.guardian_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
           AND g.ended IS NULL AND (p.left_day IS NULL OR p.left_day > $2) ORDER BY k.given, k.family, k.id"
    )
    .bind(guardian)
    .bind(today)
    .fetch_all(c)
    .await)?)
}

/// The guardians of all of a child's records, each under the record that was kept.
pub async fn guardians_of(tx: &mut Tx, child: PersonId) -> Result<Vec<PersonRow>> {
    let today = today(tx).await?;
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT k.id, k.uid, k.given, k.family, k.role, k.grade, o.name AS school, k.language, k.email, k.left_day
         FROM guardianship g JOIN person p ON p.id = g.guardian_id
         JOIN person k ON k.id = COALESCE(p.same_as, p.id) LEFT JOIN org o ON o.id = k.school_id
         WHERE g.child_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
           AND g.ended IS NULL AND (p.left_day IS NULL OR p.left_day > $2) ORDER BY k.family, k.given, k.id"
    )
    .bind(child)
    .bind(today)
    .fetch_all(c)
    .await)?)
}

/// Those of these people whom the actor reaches.
pub async fn within(tx: &mut Tx, actor: &Actor, people: &[PersonId]) -> Result<Vec<PersonId>> {
    const WITHIN: &str = concat!(
        "SELECT DISTINCT COALESCE(r.same_as, r.id) FROM person r
         WHERE (r.id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($5))
                OR r.same_as IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($5))) AND ",
        reaches!("r")
    );
    let reach = bound(tx, actor).await?;
    Ok(on!(tx, |c| sqlx::query_scalar(WITHIN)
        .bind(reach.kind)
        .bind(&reach.ids)
        .bind(&reach.own)
        .bind(reach.today)
        .bind(Bulk::of(people))
        .fetch_all(c)
        .await)?)
}

/// Under the record that was kept: whoever's uid, user name or e-mail address this is, on the roster or not.
pub async fn called(tx: &mut Tx, uid: Option<Uuid>, text: &str) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT k.uid FROM person p JOIN person k ON k.id = COALESCE(p.same_as, p.id)
         WHERE p.uid = $1 OR p.username = $2 OR LOWER(p.email) = LOWER($2)"
    )
    .bind(uid)
    .bind(text)
    .fetch_all(c)
    .await)?)
}

pub async fn set_eighteen(tx: &mut Tx, person: PersonId, turns_18: Option<Day>, turns_17: Option<Day>) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE person SET turns_18 = $2, turns_17 = $3 WHERE id = $1")
        .bind(person)
        .bind(turns_18)
        .bind(turns_17)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
