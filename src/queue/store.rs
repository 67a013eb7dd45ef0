use super::{AT_ONCE, Kind, To};
use crate::db::{Bulk, Tx};
use crate::kernel::{AccountId, Day, Moment, ObligationId, OrgId, PersonId, RequirementId, Result};
use crate::on;

pub async fn insert(tx: &mut Tx, kind: Kind, to: &[To], subject: &str, from: Day) -> Result<()> {
    let now = tx.now();
    let rows = Bulk::of(to.iter().map(|to| match to {
        To::Person(person) => (Some(person.0), None),
        To::Account(account) => (None, Some(account.0)),
    }));
    on!(tx, |c| sqlx::query(
        "INSERT INTO notification (kind, person_id, account_id, subject, from_day, made_at)
         SELECT $2, CAST(value->>0 AS BIGINT), CAST(value->>1 AS BIGINT), $3, $4, $5 FROM jsonb_each($1)"
    )
    .bind(&rows)
    .bind(kind)
    .bind(subject)
    .bind(from)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The record that was kept of the account's person.
pub async fn person_of(tx: &mut Tx, account: AccountId) -> Result<Option<PersonId>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT COALESCE(p.same_as, p.id) FROM account a JOIN person p ON p.id = a.person_id WHERE a.id = $1"
    )
    .bind(account)
    .fetch_optional(c)
    .await)?)
}

pub async fn is_account(tx: &mut Tx, account: AccountId) -> Result<bool> {
    let found: Option<i64> = on!(tx, |c| sqlx::query_scalar("SELECT id FROM account WHERE id = $1").bind(account).fetch_optional(c).await)?;
    Ok(found.is_some())
}

pub async fn last_duty(tx: &mut Tx) -> Result<ObligationId> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM obligation").fetch_one(c).await)?)
}

pub async fn insert_new_duties(tx: &mut Tx, requirement: RequirementId, last: ObligationId, from: Day) -> Result<()> {
    let now = tx.now();
    let first_time: bool = on!(tx, |c| {
        sqlx::query_scalar("SELECT NOT EXISTS (SELECT 1 FROM obligation WHERE requirement_id = $1 AND id <= $2)")
            .bind(requirement)
            .bind(last)
            .fetch_one(c)
            .await
    })?;
    macro_rules! made {
        ($($rest:literal)?) => {
            concat!(
                "INSERT INTO notification (kind, person_id, obligation_id, from_day, made_at)
                 SELECT 'duty.new', o.person_id, o.id, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM obligation o
                 WHERE o.requirement_id = $1 AND o.id > $2 AND o.state = 'open' AND o.ended IS NULL ",
                $($rest)?
            )
        };
    }
    let sql: &'static str = if first_time {
        made!()
    } else {
        made!(
            "AND NOT EXISTS (SELECT 1 FROM obligation e WHERE e.person_id = o.person_id AND e.requirement_id = o.requirement_id
                                AND e.about_id = o.about_id AND e.id <= $2)"
        )
    };
    on!(tx, |c| sqlx::query(sql).bind(requirement).bind(last).bind(from).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn put_down(tx: &mut Tx, duty: ObligationId, before: Moment) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM obligation this
         JOIN obligation o ON o.requirement_id = this.requirement_id AND o.person_id = this.person_id AND o.about_id = this.about_id
         JOIN notification n ON n.obligation_id = o.id
         WHERE this.id = $1 AND n.made_at < $2"
    )
    .bind(duty)
    .bind(before)
    .fetch_one(c)
    .await)?)
}

pub async fn school_of(tx: &mut Tx, duty: ObligationId) -> Result<Option<OrgId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT school_id FROM obligation WHERE id = $1").bind(duty).fetch_optional(c).await)?)
}

pub async fn root(tx: &mut Tx) -> Result<Option<OrgId>> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT root_id FROM district WHERE id = 1").fetch_optional(c).await)?)
}

/// Whoever has that role ($1) at the org ($2) or above it now: by the roster, where it knows the role, or because it was given to them.
macro_rules! in_role {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " FROM (SELECT COALESCE(p.same_as, p.id) AS person_id, CAST(NULL AS BIGINT) AS account_id
                    FROM org_above u
                    JOIN position o ON o.org_id = u.above_id AND o.role = $1 AND o.role <> 'director' AND o.ended IS NULL
                    JOIN person p ON p.id = o.person_id AND p.left_day IS NULL
                    WHERE u.org_id = $2
                    UNION
                    SELECT COALESCE(p.same_as, p.id), CASE WHEN p.id IS NULL THEN a.id END
                    FROM org_above u
                    JOIN account_role g ON g.org_id = u.above_id AND g.role = $1
                    JOIN account a ON a.id = g.account_id AND a.disabled_at IS NULL
                    LEFT JOIN person p ON p.id = a.person_id
                    WHERE u.org_id = $2) w ",
            $after
        )
    };
}

pub async fn any_in_role(tx: &mut Tx, role: &str, org: OrgId) -> Result<bool> {
    let found: Option<i64> =
        on!(tx, |c| sqlx::query_scalar(in_role!("SELECT CAST(1 AS BIGINT)", "LIMIT 1")).bind(role).bind(org).fetch_optional(c).await)?;
    Ok(found.is_some())
}

pub async fn insert_for_role(tx: &mut Tx, kind: Kind, role: &str, org: OrgId, subject: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(in_role!(
        "INSERT INTO notification (kind, person_id, account_id, subject, from_day, made_at)
         SELECT CAST($3 AS TEXT), w.person_id, w.account_id, CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS BIGINT)",
        "WHERE NOT EXISTS (SELECT 1 FROM notification n WHERE n.state = 'waiting' AND n.kind = $3 AND n.subject = $4
                             AND (n.person_id = w.person_id OR n.account_id = w.account_id))"
    ))
    .bind(role)
    .bind(org)
    .bind(kind)
    .bind(subject)
    .bind(AT_ONCE)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
