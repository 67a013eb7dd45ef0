use crate::db::Tx;
use crate::kernel::{OrgId, Result};
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
