//! What those hear who answer for others: within the orgs that they lead.

use uuid::Uuid;

use super::mails::MailRow;
use crate::db::Tx;
use crate::kernel::{Day, Result};
use crate::on;

/// The orgs that the mail's receiver leads now, and all below: as a leader by the roster, or as a leader or director by a grant. $1: the person,
/// $2: the account.
macro_rules! led {
    ($before:literal, $after:literal) => {
        concat!(
            "WITH led (org_id) AS (
                 SELECT u.org_id FROM position o JOIN org_above u ON u.above_id = o.org_id
                 WHERE o.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1) AND o.role = 'school_leader' AND o.ended IS NULL
                 UNION
                 SELECT u.org_id FROM account a JOIN account_role g ON g.account_id = a.id JOIN org_above u ON u.above_id = g.org_id
                 WHERE g.role IN ('school_leader', 'director')
                   AND (a.id = $2 OR a.person_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1))) ",
            $before,
            " IN (SELECT org_id FROM led) ",
            $after
        )
    };
}

/// How many answers that said no nobody has seen to.
pub async fn unseen_no(tx: &mut Tx, mail: &MailRow) -> Result<i64> {
    Ok(on!(tx, |c| {
        sqlx::query_scalar(led!(
        "SELECT COUNT(*) FROM answer_notice n LEFT JOIN answer_notice_seen z ON z.notice_id = n.id WHERE z.notice_id IS NULL AND n.school_id",
        ""
    ))
    .bind(mail.person_id)
    .bind(mail.account_id)
    .fetch_one(c)
    .await
    })?)
}

pub async fn is_held(tx: &mut Tx, import: Uuid) -> Result<bool> {
    let state: Option<String> =
        on!(tx, |c| sqlx::query_scalar("SELECT state FROM roster_import WHERE uid = $1").bind(import).fetch_optional(c).await)?;
    Ok(state.as_deref() == Some("held"))
}

/// How far an audit packet is; `None` once it is gone.
pub async fn packet(tx: &mut Tx, packet: Uuid) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT state FROM packet WHERE uid = $1").bind(packet).fetch_optional(c).await)?)
}

/// So many of a school are late with something.
#[derive(Debug, sqlx::FromRow)]
pub struct LateRow {
    pub requirement: Uuid,
    pub title: String,
    pub school_uid: Uuid,
    pub school: String,
    pub number: i64,
}

/// Open duties in force whose last day, grace included, is that day or earlier.
pub async fn late(tx: &mut Tx, mail: &MailRow, since: Day) -> Result<Vec<LateRow>> {
    Ok(on!(tx, |c| sqlx::query_as(led!(
        "SELECT r.uid AS requirement, r.title, s.uid AS school_uid, s.name AS school, CAST(SUM(t.change) AS BIGINT) AS number
         FROM requirement r JOIN tally t ON t.requirement_id = r.id JOIN org s ON s.id = t.school_id
         WHERE r.state = 'issued' AND t.state = 'open' AND t.due <= $3 AND t.school_id",
        "GROUP BY r.id, r.uid, r.title, s.id, s.uid, s.name HAVING SUM(t.change) > 0 ORDER BY s.name, r.title"
    ))
    .bind(mail.person_id)
    .bind(mail.account_id)
    .bind(since)
    .fetch_all(c)
    .await)?)
}
