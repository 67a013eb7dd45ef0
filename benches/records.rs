//! How fast answers are sealed and how fast all of them are checked, at a given number of them: the real ones are copied, each with its own
//! uid, time and hash, until there are so many.

use assent::acknowledgments::{self, Record, log, verify};
use assent::db::{Bulk, Tx};
use assent::kernel::{Actor, Moment, Problem, Result};
use assent::on;
use serde::Serialize;
use uuid::Uuid;

/// Rows in one statement.
const CHUNK: usize = 2_000;

#[derive(Serialize)]
struct Copy {
    uid: String,
    model: i64,
    at: Moment,
    hash: String,
    position: usize,
}

/// The statement, with what makes a UUID of 32 digits.
macro_rules! copy {
    ($uid:literal) => {
        concat!(
            "INSERT INTO acknowledgment (uid, at, hash, position, obligation_id, person_id, about_id, capacity, authenticated, recorded_by, paper, version_id, language, text_hash, statement, answer, choices, reason, signed_name)
             SELECT ",
            $uid,
            ", CAST(j.value->>'at' AS BIGINT), j.value->>'hash', CAST(j.value->>'position' AS BIGINT),
                k.obligation_id, k.person_id, k.about_id, k.capacity, k.authenticated, k.recorded_by, k.paper, k.version_id, k.language, k.text_hash, k.statement, k.answer, k.choices, k.reason, k.signed_name
             FROM jsonb_each($1) j JOIN acknowledgment k ON k.id = CAST(j.value->>'model' AS BIGINT)"
        )
    };
}

/// Fills the log up to that many answers.
pub async fn fill(tx: &mut Tx, operator: &Actor, wanted: usize) -> Result<()> {
    let known: Vec<(i64, Uuid)> = on!(tx, |c| sqlx::query_as("SELECT id, uid FROM acknowledgment ORDER BY position").fetch_all(c).await)?;
    let mut models: Vec<(i64, Record)> = Vec::new();
    for (id, uid) in known.iter().take(1_000) {
        models.push((*id, acknowledgments::receipt(tx, operator, *uid).await?));
    }
    if models.is_empty() {
        return Err(Problem::invalid("people", "nobody has answered"));
    }
    for from in (known.len()..wanted).step_by(CHUNK) {
        let mut rows = Vec::with_capacity(CHUNK);
        for position in from..wanted.min(from + CHUNK) {
            let (model, record) = &models[position % models.len()];
            let at = Moment(record.at.0 + i64::try_from(position).unwrap_or(0));
            let record = Record { uid: tx.uid(), at, ..record.clone() };
            let hash = record.computed_hash()?;
            rows.push(Copy { uid: record.uid.simple().to_string(), model: *model, at: record.at, hash, position });
        }
        let rows = Bulk::of(rows);
        on!(
            tx,
            sqlite copy!("unhex(j.value->>'uid')"),
            postgres copy!("CAST(j.value->>'uid' AS UUID)"),
            |c, sql| sqlx::query(sql).bind(&rows).execute(c).await.map(drop)
        )?;
    }
    let size = i64::try_from(wanted.max(known.len())).unwrap_or(0);
    on!(tx, |c| sqlx::query("UPDATE log_head SET size = $1").bind(size).execute(c).await.map(drop))?;
    Ok(())
}

/// Seals all there is; how many answers.
pub async fn seal(tx: &mut Tx, key: &log::SecretKey) -> Result<u64> {
    let mut added = 0;
    while let Some(sealed) = log::seal(tx, key).await? {
        added += sealed.added;
    }
    Ok(added)
}

/// Checks everything; how many answers. A fault ends the measuring.
pub async fn check(tx: &mut Tx) -> Result<u64> {
    let checked = verify::records(tx).await?;
    match checked.broken.first() {
        None => Ok(checked.records),
        Some(broken) => Err(Problem::internal("the log isn't sound", format!("{broken:?}"))),
    }
}
