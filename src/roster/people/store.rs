use std::collections::BTreeMap;

use sqlx::types::Json;
use uuid::Uuid;

use super::{Filter, Person, PersonRow, School, SectionOf};
use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, Day, OrgId, Page, PersonId, Reach, Result};
use crate::on;
use crate::roster::store::district;

/// An actor's reach as three values to bind: `$1` its kind, `$2` its ids, `$3` the actor's own person.
struct Bound {
    kind: &'static str,
    ids: Json<BTreeMap<usize, i64>>,
    own: Option<PersonId>,
}

async fn bound(tx: &mut Tx, actor: &Actor) -> Result<Bound> {
    let root = district(tx).await?.map(|(_, _, _, root)| root);
    let (kind, ids): (_, Vec<i64>) = match &actor.reach {
        Reach::Orgs(orgs) if root.is_some_and(|root| orgs.contains(&root)) => ("all", Vec::new()),
        Reach::Orgs(orgs) => ("orgs", orgs.iter().map(|o| o.0).collect()),
        Reach::Sections(sections) => ("sections", sections.iter().map(|s| s.0).collect()),
        Reach::Own => ("own", Vec::new()),
    };
    Ok(Bound { kind, ids: Bulk::of(ids), own: actor.person })
}

/// Who is within reach: everybody; the people of orgs, and the guardians of their students; the students of sections; always oneself
/// and one's children.
macro_rules! within_reach {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " (CAST($1 AS TEXT) = 'all'
               OR p.id = $3
               OR EXISTS (SELECT 1 FROM guardianship g WHERE g.guardian_id = $3 AND g.child_id = p.id AND g.ended IS NULL)
               OR ($1 = 'orgs' AND EXISTS (
                      SELECT 1 FROM org_above a WHERE a.org_id = p.school_id
                      AND a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
               OR ($1 = 'orgs' AND p.role = 'guardian' AND EXISTS (
                      SELECT 1 FROM guardianship g JOIN person child ON child.id = g.child_id
                      JOIN org_above a ON a.org_id = child.school_id
                      WHERE g.guardian_id = p.id AND g.ended IS NULL AND child.left_day IS NULL
                      AND a.above_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))
               OR ($1 = 'sections' AND EXISTS (
                      SELECT 1 FROM enrollment e WHERE e.person_id = p.id AND e.role = 'student' AND e.left_day IS NULL
                      AND e.section_id IN (SELECT CAST(value AS BIGINT) FROM jsonb_each($2))))) ",
            $after
        )
    };
}

const FIND: &str = within_reach!(
    "SELECT p.id, p.uid, p.given, p.family, p.email, p.username, p.language, p.role, p.grade, p.school_id, o.name AS school,
            o.uid AS school_uid, p.joined, p.left_day, p.turns_18, p.turns_17
     FROM person p LEFT JOIN org o ON o.id = p.school_id WHERE p.uid = $4 AND",
    ""
);

pub async fn find(tx: &mut Tx, actor: &Actor, uid: Uuid) -> Result<Option<Person>> {
    let reach = bound(tx, actor).await?;
    Ok(on!(tx, |c| sqlx::query_as(FIND).bind(reach.kind).bind(&reach.ids).bind(reach.own).bind(uid).fetch_optional(c).await)?)
}

/// Reach and filter: `$4` role, `$5` grade, `$6` pattern, `$7` org, `$8` 1 for those too who have left.
macro_rules! filtered {
    ($before:literal, $after:literal) => {
        concat!(
            within_reach!($before, ""),
            "AND (CAST($4 AS TEXT) IS NULL OR p.role = $4)
             AND (CAST($5 AS TEXT) IS NULL OR p.grade = $5)
             AND (CAST($6 AS TEXT) IS NULL
                  OR LOWER(p.given || ' ' || p.family || ' ' || COALESCE(p.username, '') || ' ' || COALESCE(p.email, ''))
                     LIKE $6 ESCAPE '!')
             AND (CAST($7 AS BIGINT) IS NULL OR p.school_id IN (SELECT a.org_id FROM org_above a WHERE a.above_id = $7))
             AND (CAST($8 AS BIGINT) = 1 OR p.left_day IS NULL) ",
            $after
        )
    };
}

const COUNT: &str = filtered!("SELECT COUNT(*) FROM person p WHERE", "");
const LIST: &str = filtered!(
    "SELECT p.id, p.uid, p.given, p.family, p.role, p.grade, o.name AS school, p.language, p.email, p.left_day
     FROM person p LEFT JOIN org o ON o.id = p.school_id WHERE",
    "ORDER BY p.family, p.given, p.id LIMIT $9 OFFSET $10"
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
    let (role, grade, left) = (filter.role.as_deref(), filter.grade.as_deref(), i64::from(filter.with_left));
    let total: i64 = on!(tx, |c| sqlx::query_scalar(COUNT)
        .bind(reach.kind)
        .bind(&reach.ids)
        .bind(reach.own)
        .bind(role)
        .bind(grade)
        .bind(pattern.as_deref())
        .bind(org)
        .bind(left)
        .fetch_one(c)
        .await)?;
    let rows = on!(tx, |c| sqlx::query_as(LIST)
        .bind(reach.kind)
        .bind(&reach.ids)
        .bind(reach.own)
        .bind(role)
        .bind(grade)
        .bind(pattern.as_deref())
        .bind(org)
        .bind(left)
        .bind(page.size)
        .bind(page.offset())
        .fetch_all(c)
        .await)?;
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
                OR o.id = (SELECT p.school_id FROM person p WHERE p.id = $3)
                OR o.id IN (SELECT p.school_id FROM guardianship g JOIN person p ON p.id = g.child_id
                            WHERE g.guardian_id = $3 AND g.ended IS NULL AND p.left_day IS NULL))
         ORDER BY o.name, o.id"
    )
    .bind(reach.kind)
    .bind(&reach.ids)
    .bind(reach.own)
    .fetch_all(c)
    .await)?)
}

pub async fn sections_of(tx: &mut Tx, person: PersonId) -> Result<Vec<SectionOf>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT s.id, s.uid, s.title, s.code, s.grade, o.name AS school, e.role
         FROM enrollment e JOIN section s ON s.id = e.section_id JOIN org o ON o.id = s.school_id
         WHERE e.person_id = $1 AND e.left_day IS NULL AND s.left_day IS NULL ORDER BY s.title, s.id, e.role"
    )
    .bind(person)
    .fetch_all(c)
    .await)?)
}

pub async fn children_of(tx: &mut Tx, guardian: PersonId) -> Result<Vec<PersonRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.id, p.uid, p.given, p.family, p.role, p.grade, o.name AS school, p.language, p.email, p.left_day
         FROM guardianship g JOIN person p ON p.id = g.child_id LEFT JOIN org o ON o.id = p.school_id
         WHERE g.guardian_id = $1 AND g.ended IS NULL AND p.left_day IS NULL ORDER BY p.given, p.family, p.id"
    )
    .bind(guardian)
    .fetch_all(c)
    .await)?)
}

pub async fn guardians_of(tx: &mut Tx, child: PersonId) -> Result<Vec<PersonRow>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.id, p.uid, p.given, p.family, p.role, p.grade, o.name AS school, p.language, p.email, p.left_day
         FROM guardianship g JOIN person p ON p.id = g.guardian_id LEFT JOIN org o ON o.id = p.school_id
         WHERE g.child_id = $1 AND g.ended IS NULL AND p.left_day IS NULL ORDER BY p.family, p.given, p.id"
    )
    .bind(child)
    .fetch_all(c)
    .await)?)
}

/// `texts`: given, family, language, role. The person holds one position, at the school.
pub async fn add(tx: &mut Tx, uid: Uuid, texts: [&str; 4], email: Option<&str>, school: OrgId, today: Day) -> Result<PersonId> {
    let [given, family, language, role] = texts;
    let id: PersonId = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO person (uid, given, family, email, language, role, school_id, joined)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"
    )
    .bind(uid)
    .bind(given)
    .bind(family)
    .bind(email)
    .bind(language)
    .bind(role)
    .bind(school)
    .bind(today)
    .fetch_one(c)
    .await)?;
    on!(tx, |c| sqlx::query("INSERT INTO position (person_id, org_id, role, is_primary, began) VALUES ($1, $2, $3, TRUE, $4)")
        .bind(id)
        .bind(school)
        .bind(role)
        .bind(today)
        .execute(c)
        .await
        .map(drop))?;
    Ok(id)
}
