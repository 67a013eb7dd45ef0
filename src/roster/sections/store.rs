use uuid::Uuid;

use super::{Pupil, Section};
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Day, PersonId, Result, Role, SectionId};
use crate::on;

/// Whoever asks, as the queries need it: a teacher by enrollment, a school leader by position or grant.
pub struct Asker {
    /// Unless a teacher, nobody's.
    pub teacher: Option<PersonId>,
    /// Unless a school leader, nobody's.
    pub leader: Option<PersonId>,
    pub account: Option<AccountId>,
}

impl Asker {
    /// `led_too`: those too of the schools that the actor leads.
    pub fn of(actor: &Actor, led_too: bool) -> Self {
        let leads = led_too && actor.has(Role::SchoolLeader);
        Self {
            teacher: actor.person.filter(|_| actor.has(Role::Teacher)),
            leader: actor.person.filter(|_| leads),
            account: leads.then_some(actor.account),
        }
    }
}

/// The sections that an asker may stand before. $1 teacher, $2 leader, $3 leader's account, $4 the day.
macro_rules! theirs {
    () => {
        "SELECT e.section_id FROM enrollment e JOIN person t ON t.id = e.person_id
         WHERE e.person_id IN (SELECT x.id FROM person x WHERE x.id = $1 OR x.same_as = $1) AND (t.left_day IS NULL OR t.left_day > $4)
           AND e.role = 'teacher' AND e.left_day IS NULL AND (e.began IS NULL OR e.began <= $4) AND (e.ended IS NULL OR e.ended > $4)
         UNION
         SELECT x.id FROM section x JOIN org_above a ON a.org_id = x.school_id
         WHERE a.above_id IN (SELECT po.org_id FROM position po JOIN person t ON t.id = po.person_id
                              WHERE po.person_id IN (SELECT y.id FROM person y WHERE y.id = $2 OR y.same_as = $2)
                                AND po.role = 'school_leader' AND (po.ended IS NULL OR po.ended > $4)
                                AND (t.left_day IS NULL OR t.left_day > $4)
                              UNION
                              SELECT w.org_id FROM account_role w WHERE w.account_id = $3 AND w.role = 'school_leader')"
    };
}
pub(crate) use theirs;

pub async fn section(tx: &mut Tx, asker: &Asker, day: Day, uid: Uuid) -> Result<Option<Section>> {
    Ok(on!(tx, |c| sqlx::query_as(concat!(
        "SELECT s.id, s.uid, s.title, g.name AS school FROM section s JOIN org g ON g.id = s.school_id
         WHERE s.left_day IS NULL AND s.uid = $5 AND s.id IN (",
        theirs!(),
        ")"
    ))
    .bind(asker.teacher)
    .bind(asker.leader)
    .bind(asker.account)
    .bind(day)
    .bind(uid)
    .fetch_optional(c)
    .await)?)
}

pub async fn pupils(tx: &mut Tx, section: SectionId, day: Day) -> Result<Vec<Pupil>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT p.id, p.uid, p.given, p.family
         FROM enrollment e JOIN person m ON m.id = e.person_id JOIN person p ON p.id = COALESCE(m.same_as, m.id)
         WHERE e.section_id = $1 AND e.role = 'student' AND (e.left_day IS NULL OR e.left_day > $2)
           AND (e.began IS NULL OR e.began <= $2) AND (e.ended IS NULL OR e.ended > $2) AND (p.left_day IS NULL OR p.left_day > $2)
         ORDER BY p.given, p.family, p.id"
    )
    .bind(section)
    .bind(day)
    .fetch_all(c)
    .await)?)
}
