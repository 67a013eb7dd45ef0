use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{Day, Moment, PersonId, Result};
use crate::on;
use crate::roster::people::{Alike, Record};

macro_rules! record_rows {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.uid, p.given, p.family, p.email, p.username, p.role, p.grade, p.by_hand, o.name AS school, p.left_day, p.same_as,
                    p.turns_18, a.login AS account
             FROM person p LEFT JOIN org o ON o.id = p.school_id
             LEFT JOIN account a ON a.person_id = p.id AND a.disabled_at IS NULL ",
            $rest
        )
    };
}

/// One record by itself, whether it counts as another or not.
pub async fn record(tx: &mut Tx, uid: Uuid) -> Result<Option<Record>> {
    Ok(on!(tx, |c| sqlx::query_as(record_rows!("WHERE p.uid = $1")).bind(uid).fetch_optional(c).await)?)
}

/// The records that count as this one.
pub async fn other_records(tx: &mut Tx, kept: PersonId) -> Result<Vec<Record>> {
    Ok(on!(tx, |c| sqlx::query_as(record_rows!("WHERE p.same_as = $1 ORDER BY p.id")).bind(kept).fetch_all(c).await)?)
}

/// Records that may be the same person's: the same user name, e-mail address, or name at the same school or without one.
pub async fn alike(tx: &mut Tx, record: &Record) -> Result<Vec<Alike>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT p.uid, p.given, p.family, p.role, p.username, p.email, o.name AS school, p.left_day,
                CASE WHEN MIN(f.why) = 1 THEN 'username' WHEN MIN(f.why) = 2 THEN 'email' ELSE 'name' END AS why
         FROM (SELECT id, 1 AS why FROM person WHERE username = $2
               UNION ALL SELECT id, 2 FROM person WHERE email IS NOT NULL AND LOWER(email) = LOWER($3)
               UNION ALL SELECT same.id, 3 FROM person same JOIN person this ON this.id = $1
                         WHERE same.family = $4 AND same.given = $5
                           AND (same.school_id IS NULL OR this.school_id IS NULL OR same.school_id = this.school_id)) f
         JOIN person p ON p.id = f.id LEFT JOIN org o ON o.id = p.school_id
         WHERE p.id <> $1 AND p.same_as IS NULL
           AND NOT EXISTS (SELECT 1 FROM guardianship g
                           WHERE (g.guardian_id = p.id AND g.child_id = $1) OR (g.guardian_id = $1 AND g.child_id = p.id))
         GROUP BY p.id, p.uid, p.given, p.family, p.role, p.username, p.email, o.name, p.left_day
         ORDER BY MIN(f.why), p.family, p.given, p.id LIMIT 20"
    )
    .bind(record.id)
    .bind(record.username.as_deref())
    .bind(record.email.as_deref())
    .bind(&record.family)
    .bind(&record.given)
    .fetch_all(c)
    .await)?)
}

/// Whether one of them is or was the other's guardian, through any of their records.
pub async fn are_family(tx: &mut Tx, one: PersonId, other: PersonId) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT 1 FROM guardianship g
             JOIN person guardian ON guardian.id = g.guardian_id
             JOIN person child ON child.id = g.child_id
             WHERE (g.guardian_id IN (SELECT id FROM person WHERE id = $1 OR same_as = $1)
                    AND g.child_id IN (SELECT id FROM person WHERE id = $2 OR same_as = $2))
                OR (g.guardian_id IN (SELECT id FROM person WHERE id = $2 OR same_as = $2)
                    AND g.child_id IN (SELECT id FROM person WHERE id = $1 OR same_as = $1)))"
    )
    .bind(one)
    .bind(other)
    .fetch_one(c)
    .await)?)
}

/// How many classes and how many children a record brings.
pub async fn brings(tx: &mut Tx, record: PersonId) -> Result<(i64, i64)> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT (SELECT COUNT(DISTINCT e.section_id) FROM enrollment e JOIN section s ON s.id = e.section_id
                 WHERE e.person_id = $1 AND e.left_day IS NULL AND s.left_day IS NULL),
                (SELECT COUNT(*) FROM guardianship g WHERE g.guardian_id = $1 AND g.ended IS NULL)"
    )
    .bind(record)
    .fetch_one(c)
    .await)?)
}

/// Makes whoever merges or parts the same record wait for each other; SQLite has one writer anyway.
pub async fn lock_records(tx: &mut Tx, one: Uuid, other: Uuid) -> Result<()> {
    on!(tx,
        sqlite "SELECT id FROM person WHERE uid IN ($1, $2)",
        postgres "SELECT id FROM person WHERE uid IN ($1, $2) ORDER BY id FOR UPDATE",
        |c, sql| sqlx::query(sql).bind(one).bind(other).execute(c).await.map(drop))?;
    Ok(())
}

/// What the kept record lacks of the day of coming of age is taken over.
pub async fn set_same_as(tx: &mut Tx, other: PersonId, kept: PersonId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE person SET same_as = $2 WHERE id = $1").bind(other).bind(kept).execute(c).await.map(drop))?;
    on!(tx, |c| {
        sqlx::query(
        "UPDATE person SET turns_18 = (SELECT o.turns_18 FROM person o WHERE o.id = $1), turns_17 = (SELECT o.turns_17 FROM person o WHERE o.id = $1)
         WHERE id = $2 AND turns_18 IS NULL"
    )
    .bind(other)
    .bind(kept)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

pub async fn unset_same_as(tx: &mut Tx, other: PersonId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE person SET same_as = NULL WHERE id = $1").bind(other).execute(c).await.map(drop))?;
    Ok(())
}

/// The other record's account becomes the kept one's.
pub async fn move_account(tx: &mut Tx, other: PersonId, kept: PersonId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE account SET person_id = $2 WHERE person_id = $1 AND disabled_at IS NULL")
        .bind(other)
        .bind(kept)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Whether the record has an account of whatever kind, disabled ones too: there can be one only.
pub async fn has_account(tx: &mut Tx, record: PersonId) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM account WHERE person_id = $1)").bind(record).fetch_one(c).await)?)
}

/// The record's account ends now, its sessions with it.
pub async fn disable_account(tx: &mut Tx, record: PersonId) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("DELETE FROM session WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)")
        .bind(record)
        .execute(c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query("UPDATE account SET disabled_at = $2 WHERE person_id = $1 AND disabled_at IS NULL")
        .bind(record)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// When these two were last merged, as the audit entry says.
pub async fn merged_at(tx: &mut Tx, other: Uuid) -> Result<Option<Moment>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT MAX(at) FROM audit_entry WHERE subject = $1 AND action = 'person.merged'")
        .bind(other.to_string())
        .fetch_one(c)
        .await)?)
}

/// An account that ended at that very moment, by the merging, works again. Gives its login.
pub async fn enable_account(tx: &mut Tx, record: PersonId, ended_at: Moment) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar("UPDATE account SET disabled_at = NULL WHERE person_id = $1 AND disabled_at = $2 RETURNING login")
        .bind(record)
        .bind(ended_at)
        .fetch_optional(c)
        .await)?)
}

/// A rule on consent about a child or naming a guardian: rule, who is named.
pub async fn rule_about(tx: &mut Tx, child: PersonId) -> Result<Option<(String, Option<PersonId>)>> {
    Ok(on!(tx, |c| sqlx::query_as(
        "SELECT c.rule, COALESCE(g.same_as, g.id) FROM consent_rule c LEFT JOIN person g ON g.id = c.guardian_id WHERE c.child_id = $1"
    )
    .bind(child)
    .fetch_optional(c)
    .await)?)
}

/// Rules that name the other record as the one guardian name the kept one; what was set about the other as a child is set about the kept one
/// too, where nothing is set yet. The other keeps its own row, so that parting the two loses no rule.
pub async fn rules_follow(tx: &mut Tx, other: PersonId, kept: PersonId) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE consent_rule SET guardian_id = $2 WHERE guardian_id = $1")
        .bind(other)
        .bind(kept)
        .execute(c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query(
        "INSERT INTO consent_rule (child_id, rule, guardian_id, reason, account_id, by_name, at)
         SELECT $2, rule, guardian_id, reason, account_id, by_name, at FROM consent_rule WHERE child_id = $1
         ON CONFLICT (child_id) DO NOTHING"
    )
    .bind(other)
    .bind(kept)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Rules that name the kept record about a child whose guardian only the other one is name the other again.
pub async fn rules_part(tx: &mut Tx, other: PersonId, kept: PersonId) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "UPDATE consent_rule SET guardian_id = $1
         WHERE guardian_id = $2
           AND child_id IN (SELECT COALESCE(p.same_as, p.id) FROM guardianship g JOIN person p ON p.id = g.child_id
                            WHERE g.guardian_id = $1 AND g.ended IS NULL)
           AND child_id NOT IN (SELECT COALESCE(p.same_as, p.id) FROM guardianship g JOIN person p ON p.id = g.child_id
                                WHERE g.guardian_id = $2 AND g.ended IS NULL)"
    )
    .bind(other)
    .bind(kept)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether the record is on the roster that day.
pub fn on_roster(left: Option<Day>, today: Day) -> bool {
    left.is_none_or(|left| left > today)
}
