pub mod disclosures;

use super::Deed;
use crate::db::{Bulk, Tx};
use crate::kernel::Result;
use crate::on;

pub async fn insert(tx: &mut Tx, deeds: &[Deed<'_>]) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| {
        sqlx::query(
        "INSERT INTO audit_entry (at, account_id, actor_name, action, subject, detail)
         SELECT $2, CAST(value->>'account' AS BIGINT), value->>'name', value->>'action', value->>'subject', value->>'detail' FROM jsonb_each($1)"
    )
    .bind(Bulk::of(deeds))
    .bind(now)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}
