use crate::db::Tx;
use crate::kernel::{Day, OrgId, PersonId, Result};
use crate::on;
use uuid::Uuid;

/// A record that was added by hand, as it stands or as it is to stand.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct HandRow {
    pub id: PersonId,
    pub uid: Uuid,
    pub given: String,
    pub family: String,
    pub email: Option<String>,
    pub language: String,
    pub role: String,
    pub by_hand: String,
    pub school_id: OrgId,
    pub joined: Day,
    pub left_day: Option<Day>,
}

macro_rules! hand_rows {
    ($rest:literal) => {
        concat!(
            "SELECT id, uid, given, family, email, language, role, by_hand, school_id, joined, left_day FROM person
             WHERE by_hand IS NOT NULL AND school_id IS NOT NULL ",
            $rest
        )
    };
}

pub async fn hand_row(tx: &mut Tx, id: PersonId) -> Result<Option<HandRow>> {
    Ok(on!(tx, |c| sqlx::query_as(hand_rows!("AND id = $1")).bind(id).fetch_optional(c).await)?)
}

/// Who adds or changes people by hand waits for whoever does the same, so that nobody is added twice; SQLite has one writer anyway.
pub async fn lock_hand(tx: &mut Tx) -> Result<()> {
    // Any number that no other lock has.
    on!(tx, sqlite "SELECT 1", postgres "SELECT pg_advisory_xact_lock(2203)", |c, sql| sqlx::query(sql).execute(c).await.map(drop))?;
    Ok(())
}

/// Everybody who was added by hand, those too who have left.
pub async fn hand_all(tx: &mut Tx) -> Result<Vec<HandRow>> {
    Ok(on!(tx, |c| sqlx::query_as(hand_rows!("ORDER BY id")).fetch_all(c).await)?)
}

/// Name and key of somebody else who was added by hand with that address.
pub async fn hand_with_email(tx: &mut Tx, email: &str, but: PersonId) -> Result<Option<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT given || ' ' || family FROM person WHERE by_hand IS NOT NULL AND LOWER(email) = LOWER($1) AND id <> $2 ORDER BY id LIMIT 1"
    )
    .bind(email)
    .bind(but)
    .fetch_optional(c)
    .await)?)
}

/// The addresses of the roster's own people, in lower case, out of these.
pub async fn roster_emails(tx: &mut Tx, emails: &[String]) -> Result<Vec<String>> {
    Ok(on!(tx, |c| sqlx::query_scalar(
        "SELECT DISTINCT LOWER(email) FROM person
         WHERE by_hand IS NULL AND email IS NOT NULL AND LOWER(email) IN (SELECT CAST(value->>0 AS TEXT) FROM jsonb_each($1))"
    )
    .bind(crate::db::Bulk::of(emails.iter().map(|e| [e])))
    .fetch_all(c)
    .await)?)
}

/// The person holds one position, at the school. Gives the key.
pub async fn hand_add(tx: &mut Tx, row: &HandRow) -> Result<PersonId> {
    let id: PersonId = on!(tx, |c| sqlx::query_scalar(
        "INSERT INTO person (uid, given, family, email, language, role, by_hand, school_id, joined, left_day)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id"
    )
    .bind(row.uid)
    .bind(&row.given)
    .bind(&row.family)
    .bind(row.email.as_deref())
    .bind(&row.language)
    .bind(&row.role)
    .bind(&row.by_hand)
    .bind(row.school_id)
    .bind(row.joined)
    .bind(row.left_day)
    .fetch_one(c)
    .await)?;
    hand_position(tx, &HandRow { id, ..row.clone() }, row.joined).await?;
    Ok(id)
}

pub async fn hand_change(tx: &mut Tx, row: &HandRow, today: Day) -> Result<()> {
    on!(tx, |c| sqlx::query(
        "UPDATE person SET given = $2, family = $3, email = $4, language = $5, role = $6, by_hand = $7, school_id = $8, joined = $9,
                           left_day = $10
         WHERE id = $1"
    )
    .bind(row.id)
    .bind(&row.given)
    .bind(&row.family)
    .bind(row.email.as_deref())
    .bind(&row.language)
    .bind(&row.role)
    .bind(&row.by_hand)
    .bind(row.school_id)
    .bind(row.joined)
    .bind(row.left_day)
    .execute(c)
    .await
    .map(drop))?;
    hand_position(tx, row, today).await
}

/// Any other position ends today; this one is held, since `since` or the first day, whichever is later, where it is new.
async fn hand_position(tx: &mut Tx, row: &HandRow, since: Day) -> Result<()> {
    on!(tx, |c| sqlx::query("UPDATE position SET ended = $4 WHERE person_id = $1 AND ended IS NULL AND NOT (org_id = $2 AND role = $3)")
        .bind(row.id)
        .bind(row.school_id)
        .bind(&row.role)
        .bind(since)
        .execute(c)
        .await
        .map(drop))?;
    on!(tx, |c| sqlx::query(
        "INSERT INTO position (person_id, org_id, role, is_primary, began) VALUES ($1, $2, $3, TRUE, $4)
         ON CONFLICT (person_id, org_id, role) DO UPDATE
         SET is_primary = TRUE, ended = NULL,
             began = CASE WHEN position.ended IS NULL AND position.began <= excluded.began THEN position.began ELSE excluded.began END"
    )
    .bind(row.id)
    .bind(row.school_id)
    .bind(&row.role)
    .bind(since.max(row.joined))
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Schools, offices and the district itself: uid, key, name, number.
pub async fn places(tx: &mut Tx) -> Result<Vec<(Uuid, OrgId, String, Option<String>)>> {
    Ok(on!(tx, |c| sqlx::query_as("SELECT uid, id, name, identifier FROM org WHERE left_day IS NULL ORDER BY name, id")
        .fetch_all(c)
        .await)?)
}
