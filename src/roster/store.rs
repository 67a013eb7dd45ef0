use crate::db::Tx;
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
