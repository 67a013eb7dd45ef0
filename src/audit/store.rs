use crate::db::Tx;
use crate::kernel::{Actor, Result};
use crate::on;

pub async fn insert(tx: &mut Tx, actor: &Actor, action: &str, subject: &str, detail: &str) -> Result<()> {
    let now = tx.now();
    let account = (actor.account.0 != 0).then_some(actor.account);
    on!(tx, |c| sqlx::query(
        "INSERT INTO audit_entry (at, account_id, actor_name, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(now)
    .bind(account)
    .bind(&actor.name)
    .bind(action)
    .bind(subject)
    .bind(detail)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
