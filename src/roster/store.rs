use crate::db::{Bulk, Tx};
use crate::kernel::{Day, OrgId, Result};
use crate::on;

pub async fn insert_root(tx: &mut Tx, name: &str) -> Result<OrgId> {
    let uid = tx.uid();
    let root: OrgId = on!(tx, |c| sqlx::query_scalar("INSERT INTO org (uid, kind, name) VALUES ($1, 'district', $2) RETURNING id")
        .bind(uid)
        .bind(name)
        .fetch_one(c)
        .await)?;
    on!(tx, |c| sqlx::query("INSERT INTO org_above (org_id, above_id) VALUES ($1, $1)").bind(root).execute(c).await.map(drop))?;
    Ok(root)
}

pub async fn insert_district(tx: &mut Tx, name: &str, zone: &str, language: &str, root: OrgId) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("INSERT INTO district (id, name, zone, language, root_id, created_at) VALUES (1, $1, $2, $3, $4, $5)")
        .bind(name)
        .bind(zone)
        .bind(language)
        .bind(root)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn district(tx: &mut Tx) -> Result<Option<(String, String, String, OrgId)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT name, zone, language, root_id FROM district WHERE id = 1").fetch_optional(c).await)?)
}

/// The school year of the roster that holds the day.
pub async fn school_year_of(tx: &mut Tx, day: Day) -> Result<Option<i64>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT school_year FROM academic_session
         WHERE kind = 'schoolYear' AND left_day IS NULL AND starts <= $1 AND ends > $1 ORDER BY school_year DESC, id LIMIT 1"
    )
    .bind(day)
    .fetch_optional(c)
    .await)?)
}

/// Month and day (701 is 1 July) on which a school year begins where the roster names none.
pub async fn year_begins(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, |c| sqlx::query_scalar("SELECT year_begins FROM district WHERE id = 1").fetch_one(c).await)?)
}

/// The days of the week without business, as they are kept, and the minutes after midnight between which offices are open.
pub async fn office(tx: &mut Tx) -> Result<Option<(String, i64, i64)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT quiet_week, office_opens, office_closes FROM district WHERE id = 1").fetch_optional(c).await)?)
}

pub async fn set_week(tx: &mut Tx, week: &[i64]) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE district SET quiet_week = $1 WHERE id = 1")
        .bind(serde_json::json!(week).to_string())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn set_office(tx: &mut Tx, opens: i64, closes: i64) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE district SET office_opens = $1, office_closes = $2 WHERE id = 1")
        .bind(opens)
        .bind(closes)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

pub async fn quiet_days(tx: &mut Tx) -> Result<Vec<(Day, String)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT day, name FROM quiet_day ORDER BY day").fetch_all(c).await)?)
}

pub async fn set_quiet_days(tx: &mut Tx, days: &[(Day, String)]) -> Result<()> {
    on!(tx, |c| sqlx::query("DELETE FROM quiet_day").execute(c).await.map(drop))?;
    on!(tx, |c| sqlx::query("INSERT INTO quiet_day (day, name) SELECT CAST(value->>0 AS BIGINT), value->>1 FROM jsonb_each($1)")
        .bind(Bulk::of(days))
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
