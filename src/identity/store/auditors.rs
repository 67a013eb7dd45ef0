use uuid::Uuid;

use crate::audit::disclosures::Party;
use crate::db::Tx;
use crate::identity::auditors::Auditor;
use crate::kernel::{AccountId, Day, Moment, OrgId, Result};
use crate::on;

/// The orgs of these uids, as far as they are there.
pub async fn orgs(tx: &mut Tx, uids: &[Uuid]) -> Result<Vec<OrgId>> {
    let mut found = Vec::new();
    for uid in uids {
        found.extend(on!(tx, |c| sqlx::query_scalar::<_, OrgId>("SELECT id FROM org WHERE uid = $1").bind(*uid).fetch_optional(c).await)?);
    }
    Ok(found)
}

pub async fn insert(tx: &mut Tx, account: AccountId, party: &str, interest: &str) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query("INSERT INTO auditor (account_id, party, interest, begun_at) VALUES ($1, $2, $3, $4)")
        .bind(account)
        .bind(party)
        .bind(interest)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AccountId,
    uid: Uuid,
    login: String,
    name: String,
    party: String,
    interest: String,
    last_day: Option<Day>,
    disabled_at: Option<Moment>,
}

/// Every account with the auditor's role.
pub async fn list(tx: &mut Tx) -> Result<Vec<Auditor>> {
    let rows: Vec<Row> = on!(tx, |c| {
        sqlx::query_as(
        "SELECT a.id, a.uid, a.login, a.name, COALESCE(d.party, '') AS party, COALESCE(d.interest, '') AS interest, a.last_day, a.disabled_at
         FROM account a LEFT JOIN auditor d ON d.account_id = a.id
         WHERE EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role = 'auditor')
         ORDER BY a.name, a.id"
    )
    .fetch_all(c)
    .await
    })?;
    let reach: Vec<(AccountId, String)> = on!(tx, |c| sqlx::query_as(
        "SELECT r.account_id, o.name FROM account_role r JOIN org o ON o.id = r.org_id WHERE r.role = 'auditor' ORDER BY o.name"
    )
    .fetch_all(c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|row| Auditor {
            reach: reach.iter().filter(|(account, _)| *account == row.id).map(|(_, name)| name.clone()).collect(),
            uid: row.uid,
            login: row.login,
            name: row.name,
            to: Party { party: row.party, interest: row.interest },
            last_day: row.last_day.unwrap_or(Day(0)),
            disabled: row.disabled_at.is_some(),
        })
        .collect())
}

pub async fn set_last_day(tx: &mut Tx, uid: Uuid, day: Day) -> Result<bool> {
    Ok(on!(tx, |c| sqlx::query(
        "UPDATE account SET last_day = $2
         WHERE uid = $1 AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = account.id AND r.role = 'auditor')"
    )
    .bind(uid)
    .bind(day)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?
        > 0)
}

pub async fn login(tx: &mut Tx, uid: Uuid) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT a.login FROM account a WHERE a.uid = $1
           AND EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id AND r.role = 'auditor')"
    )
    .bind(uid)
    .fetch_optional(c)
    .await)?)
}

pub async fn party(tx: &mut Tx, account: AccountId) -> Result<Option<Party>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT party, interest FROM auditor WHERE account_id = $1").bind(account).fetch_optional(c).await)?)
}
