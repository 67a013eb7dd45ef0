use uuid::Uuid;

use super::{Child, Room};
use crate::db::{Bulk, Tx};
use crate::kernel::{Actor, Day, Result};
use crate::on;
use crate::roster::sections::{Asker, theirs};

/// The children of sections who are asked, each under the record that was kept. $4 today, $5 grades.
macro_rules! asked {
    () => {
        "FROM section s
         JOIN org g ON g.id = s.school_id
         JOIN enrollment e ON e.section_id = s.id AND e.role = 'student' AND e.left_day IS NULL
                           AND (e.began IS NULL OR e.began <= $4) AND (e.ended IS NULL OR e.ended > $4)
         JOIN person m ON m.id = e.person_id
         JOIN person p ON p.id = COALESCE(m.same_as, m.id) AND (p.left_day IS NULL OR p.left_day > $4)
         JOIN obligation o ON o.person_id = p.id AND o.about_id = p.id AND o.ended IS NULL AND o.state <> 'exempt'
                           AND o.grade IN (SELECT value->>'grade' FROM jsonb_each($5))
         JOIN requirement r ON r.id = o.requirement_id AND r.state = 'issued' AND r.subject_kind = 'policy' AND r.answers_as = 'oneself'
                            AND (r.opens IS NULL OR r.opens <= $4)
         WHERE s.left_day IS NULL AND s.id IN ("
    };
}

fn grades(through: &[&'static str]) -> sqlx::types::Json<crate::db::Numbered<serde_json::Value>> {
    Bulk::of(through.iter().map(|grade| serde_json::json!({ "grade": grade })))
}

/// Which classes are wanted.
pub struct Wanted {
    /// Those too of the schools that the actor leads.
    pub led_too: bool,
    /// One section with one requirement alone.
    pub one: Option<(Uuid, Uuid)>,
}

/// Each class with each requirement that its children answer, by requirement and title.
pub async fn rooms(tx: &mut Tx, actor: &Actor, today: Day, through: &[&'static str], wanted: Wanted) -> Result<Vec<Room>> {
    let asker = Asker::of(actor, wanted.led_too);
    let (section, requirement) = (wanted.one.map(|o| o.0), wanted.one.map(|o| o.1));
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "SELECT s.id AS section_id, s.uid AS section, s.title AS section_title, g.name AS school, r.uid AS requirement, r.title,
                r.subject_id AS version, COUNT(DISTINCT CASE WHEN o.state = 'open' THEN p.id END) AS open, COUNT(DISTINCT p.id) AS asked ",
        asked!(),
        theirs!(),
        ") AND ($6 IS NULL OR s.uid = $6) AND ($7 IS NULL OR r.uid = $7)
         GROUP BY s.id, s.uid, s.title, g.name, r.id, r.uid, r.title, r.subject_id
         ORDER BY r.title, r.id, g.name, s.title, s.id"
    ))
    .bind(asker.teacher)
    .bind(asker.leader)
    .bind(asker.account)
    .bind(today)
    .bind(grades(through))
    .bind(section)
    .bind(requirement)
    .fetch_all(c)
    .await)?)
}

/// The children of one class, by name; the newest answer of each to that version.
pub async fn children(tx: &mut Tx, actor: &Actor, today: Day, through: &[&'static str], room: &Room) -> Result<Vec<Child>> {
    let asker = Asker::of(actor, true);
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "SELECT DISTINCT p.id, p.uid, p.given, p.family, o.state, o.closed,
                (SELECT k.uid FROM acknowledgment k
                 WHERE k.person_id IN (SELECT y.id FROM person y WHERE y.id = p.id OR y.same_as = p.id) AND k.about_id = k.person_id
                   AND k.version_id = r.subject_id ORDER BY k.id DESC LIMIT 1) AS receipt ",
        asked!(),
        theirs!(),
        ") AND s.uid = $6 AND r.uid = $7 ORDER BY p.given, p.family, p.id"
    ))
    .bind(asker.teacher)
    .bind(asker.leader)
    .bind(asker.account)
    .bind(today)
    .bind(grades(through))
    .bind(room.section)
    .bind(room.requirement)
    .fetch_all(c)
    .await)?)
}

#[derive(sqlx::FromRow)]
pub struct Member {
    pub uid: Uuid,
    pub here: bool,
}

/// Every student who is or was in the section, in the order in which they came.
pub async fn ever_in(tx: &mut Tx, room: &Room, today: Day) -> Result<Vec<Member>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.uid, MAX(CASE WHEN e.left_day IS NULL AND (e.ended IS NULL OR e.ended > $2) AND (p.left_day IS NULL OR p.left_day > $2)
                           THEN 1 ELSE 0 END) = 1 AS here
         FROM enrollment e
         JOIN person m ON m.id = e.person_id
         JOIN person p ON p.id = COALESCE(m.same_as, m.id)
         WHERE e.section_id = $1 AND e.role = 'student'
         GROUP BY p.id, p.uid ORDER BY MIN(e.id)"
    )
    .bind(room.section_id)
    .bind(today)
    .fetch_all(c)
    .await)?)
}

pub async fn through(tx: &mut Tx) -> Result<String> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT class_grade FROM district WHERE id = 1").fetch_one(c).await)?)
}

pub async fn set_through(tx: &mut Tx, grade: &str) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE district SET class_grade = $1 WHERE id = 1").bind(grade).execute(c).await.map(drop))?;
    Ok(())
}
