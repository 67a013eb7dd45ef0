use uuid::Uuid;

use super::{Consent, ConsentRule, Relation};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, PersonId, Problem, Result};
use crate::on;
use crate::roster::people::PersonRow;

#[derive(sqlx::FromRow)]
struct ConsentRow {
    rule: String,
    guardian_id: Option<PersonId>,
    guardian_uid: Option<Uuid>,
    guardian_name: Option<String>,
    reason: String,
    by_name: String,
    at: Moment,
}

pub async fn consent(tx: &mut Tx, child: PersonId) -> Result<Option<Consent>> {
    let row: Option<ConsentRow> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT c.rule, k.id AS guardian_id, k.uid AS guardian_uid, k.given || ' ' || k.family AS guardian_name, c.reason, c.by_name, c.at
         FROM consent_rule c LEFT JOIN person g ON g.id = c.guardian_id LEFT JOIN person k ON k.id = COALESCE(g.same_as, g.id)
         WHERE c.child_id = $1"
    )
    .bind(child)
    .fetch_optional(c)
    .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let rule = match (row.rule.as_str(), row.guardian_id) {
        ("any", _) => ConsentRule::Any,
        ("all", _) => ConsentRule::All,
        ("one", Some(guardian)) => ConsentRule::One(guardian),
        ("none", _) => ConsentRule::None,
        (other, _) => {
            return Err(Problem::internal(format!("table consent_rule, column rule, child {}: not a rule", child.0), other.to_owned()));
        }
    };
    let guardian = row.guardian_uid.zip(row.guardian_name);
    Ok(Some(Consent { rule, guardian, reason: row.reason, by_name: row.by_name, at: row.at }))
}

pub async fn set_consent(tx: &mut Tx, actor: &Actor, child: PersonId, rule: ConsentRule, reason: &str) -> Result<()> {
    let now = tx.now();
    let account = (actor.account.0 != 0).then_some(actor.account);
    let guardian = if let ConsentRule::One(guardian) = rule { Some(guardian) } else { None };
    on!(tx, |c| sqlx::query(
        "INSERT INTO consent_rule (child_id, rule, guardian_id, reason, account_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (child_id) DO UPDATE SET rule = excluded.rule, guardian_id = excluded.guardian_id, reason = excluded.reason,
             account_id = excluded.account_id, by_name = excluded.by_name, at = excluded.at"
    )
    .bind(child)
    .bind(rule.name())
    .bind(guardian)
    .bind(reason)
    .bind(account)
    .bind(&actor.name)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether there was something to take back.
pub async fn unset_consent(tx: &mut Tx, child: PersonId) -> Result<bool> {
    let gone =
        on!(tx, |c| sqlx::query("DELETE FROM consent_rule WHERE child_id = $1").bind(child).execute(c).await.map(|r| r.rows_affected()))?;
    Ok(gone > 0)
}

/// The record under which that record's person counts.
pub async fn kept(tx: &mut Tx, person: PersonId) -> Result<Option<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT COALESCE(same_as, id) FROM person WHERE id = $1").bind(person).fetch_optional(c).await)?)
}

pub async fn turns_18(tx: &mut Tx, person: PersonId) -> Result<Option<Day>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT turns_18 FROM person WHERE id = $1").bind(person).fetch_one(c).await)?)
}

/// The relations in which any of a person's records stands, on either side; guardians and children under the record that was kept.
pub async fn relations(tx: &mut Tx, person: PersonId, today: Day) -> Result<Vec<Relation>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT COALESCE(p.same_as, p.id) AS guardian, COALESCE(child.same_as, child.id) AS child,
                p.given || ' ' || p.family AS guardian_record, p.role AS guardian_role, p.same_as IS NOT NULL AS guardian_merged,
                child.given || ' ' || child.family AS child_record, child.same_as IS NOT NULL AS child_merged
         FROM guardianship g JOIN person p ON p.id = g.guardian_id JOIN person child ON child.id = g.child_id
         WHERE g.ended IS NULL AND (p.left_day IS NULL OR p.left_day > $2) AND (child.left_day IS NULL OR child.left_day > $2)
           AND (g.guardian_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)
                OR g.child_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1))
         ORDER BY p.id, child.id"
    )
    .bind(person)
    .bind(today)
    .fetch_all(c)
    .await)?)
}

/// Children who share a guardian with that child, each with the guardian's name, reached or not.
pub async fn siblings(tx: &mut Tx, child: PersonId, today: Day) -> Result<Vec<(PersonRow, String)>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(flatten)]
        person: PersonRow,
        through: String,
    }
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(
        "SELECT DISTINCT k.id, k.uid, k.given, k.family, k.role, k.grade, o.name AS school, k.language, k.email, k.left_day,
                w.given || ' ' || w.family AS through
         FROM (SELECT DISTINCT COALESCE(p.same_as, p.id) AS id
               FROM guardianship g JOIN person p ON p.id = g.guardian_id
               WHERE g.ended IS NULL AND (p.left_day IS NULL OR p.left_day > $2)
                 AND g.child_id IN (SELECT r.id FROM person r WHERE r.id = $1 OR r.same_as = $1)) shared
         JOIN person w ON w.id = shared.id
         JOIN person r ON r.id = w.id OR r.same_as = w.id
         JOIN guardianship other ON other.guardian_id = r.id AND other.ended IS NULL
         JOIN person s ON s.id = other.child_id AND (s.left_day IS NULL OR s.left_day > $2)
         JOIN person k ON k.id = COALESCE(s.same_as, s.id)
         LEFT JOIN org o ON o.id = k.school_id
         WHERE k.id <> $1
         ORDER BY k.given, k.family, k.id, through"
    )
    .bind(child)
    .bind(today)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.person, row.through)).collect())
}
