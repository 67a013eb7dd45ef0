use uuid::Uuid;

use crate::db::Tx;
use crate::kernel::{AccountId, Problem, RequirementId, Result};
use crate::obligations::figures::By;
use crate::obligations::views::View;
use crate::on;

#[derive(sqlx::FromRow)]
struct Row {
    uid: Uuid,
    account_id: AccountId,
    name: String,
    requirement: Uuid,
    divided_by: String,
    weekly: i64,
}

impl Row {
    fn view(self) -> Result<(View, AccountId)> {
        let by = By::named(&self.divided_by)
            .ok_or_else(|| Problem::internal("table saved_view, column divided_by: not a division", self.divided_by.clone()))?;
        let view = View { uid: self.uid, name: self.name, requirement: self.requirement, by, weekly: self.weekly != 0 };
        Ok((view, self.account_id))
    }
}

macro_rules! views {
    ($rest:literal) => {
        concat!(
            "SELECT v.uid, v.account_id, v.name, r.uid AS requirement, v.divided_by, v.weekly
             FROM saved_view v JOIN requirement r ON r.id = v.requirement_id ",
            $rest
        )
    };
}

pub async fn insert(tx: &mut Tx, account: AccountId, requirement: RequirementId, view: &View) -> Result<()> {
    let now = tx.now();
    on!(tx, |c| sqlx::query(
        "INSERT INTO saved_view (uid, account_id, name, requirement_id, divided_by, weekly, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(view.uid)
    .bind(account)
    .bind(&view.name)
    .bind(requirement)
    .bind(view.by.name())
    .bind(i64::from(view.weekly))
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

pub async fn of(tx: &mut Tx, account: AccountId) -> Result<Vec<View>> {
    let rows: Vec<Row> = on!(tx, |c| sqlx::query_as(views!("WHERE v.account_id = $1 ORDER BY v.id")).bind(account).fetch_all(c).await)?;
    rows.into_iter().map(|row| row.view().map(|(view, _)| view)).collect()
}

pub async fn owned(tx: &mut Tx, uid: Uuid) -> Result<Option<(View, AccountId)>> {
    let row: Option<Row> = on!(tx, |c| sqlx::query_as(views!("WHERE v.uid = $1")).bind(uid).fetch_optional(c).await)?;
    row.map(Row::view).transpose()
}

pub async fn remove(tx: &mut Tx, account: AccountId, uid: Uuid) -> Result<bool> {
    let gone = on!(tx, |c| sqlx::query("DELETE FROM saved_view WHERE account_id = $1 AND uid = $2")
        .bind(account)
        .bind(uid)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(gone > 0)
}

pub async fn weekly(tx: &mut Tx) -> Result<Vec<(Uuid, AccountId)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT uid, account_id FROM saved_view WHERE weekly = 1 ORDER BY id").fetch_all(c).await)?)
}
