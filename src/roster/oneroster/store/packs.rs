//! What is known of source records, read in packs: one row of an answer that holds twenty thousand records costs little more than a row,
//! and a district of a million people has five million records to hold against each export.

use tokio::sync::mpsc;

use crate::db::Tx;
use crate::kernel::{Problem, Result};
use crate::on;
use crate::roster::oneroster::known::{GUARDIAN, INACTIVE, Kind, Known, LEFT, STUDENT};

/// Records in one row.
const PACK: i64 = 20_000;
/// Between records and between their fields: characters that no sourcedId holds.
const RECORD: char = '\u{1e}';
const FIELD: char = '\u{1f}';

/// What the number `marks` of a record is made of.
const MARKS: [u64; 4] = [LEFT, INACTIVE, STUDENT, GUARDIAN];

macro_rules! packed {
    (sqlite, $inner:literal) => {
        concat!(
            "SELECT group_concat(source_id || char(31) || row_id || char(31) || content_hash || char(31) || marks, char(30)), MAX(source_id)
             FROM (",
            $inner,
            ") AS record"
        )
    };
    (postgres, $inner:literal) => {
        concat!(
            "SELECT string_agg(source_id || chr(31) || row_id || chr(31) || content_hash || chr(31) || marks, chr(30)), MAX(source_id)
             FROM (",
            $inner,
            ") AS record"
        )
    };
}

macro_rules! records {
    ($engine:ident) => {
        packed!(
            $engine,
            "SELECT source_id, row_id, content_hash, CASE WHEN left_day IS NULL THEN 0 ELSE 1 END AS marks
             FROM roster_source WHERE kind = $1 AND source_id > $2 ORDER BY source_id LIMIT $3"
        )
    };
}

macro_rules! people {
    ($engine:ident) => {
        packed!(
            $engine,
            "SELECT s.source_id, s.row_id, s.content_hash,
                    CASE WHEN s.left_day IS NOT NULL THEN 1 WHEN p.left_day IS NOT NULL THEN 2 ELSE 0 END
                    + CASE WHEN p.role = 'student' THEN 4 WHEN p.role = 'guardian' THEN 8
                           WHEN EXISTS (SELECT 1 FROM position o WHERE o.person_id = p.id AND o.role = 'guardian' AND o.ended IS NULL) THEN 8
                           ELSE 0 END AS marks
             FROM roster_source s JOIN person p ON p.id = s.row_id
             WHERE s.kind = $1 AND s.source_id > $2 ORDER BY s.source_id LIMIT $3"
        )
    };
}

/// Packs that wait to be taken apart.
const WAITING: usize = 2;

/// Reads all records of a kind; one pack is taken apart while the next is read.
pub async fn load(tx: &mut Tx, kind: Kind, known: &mut Known) -> Result<()> {
    let (send, mut packs) = mpsc::channel::<String>(WAITING);
    let mut filling = std::mem::take(known);
    let work = tokio::task::spawn_blocking(move || {
        while let Some(pack) = packs.blocking_recv() {
            unpack(&pack, &mut filling)?;
        }
        Ok::<_, Problem>(filling)
    });
    let read = read(tx, kind, &send).await;
    drop(send);
    *known = work.await.map_err(|e| Problem::internal("taking known records apart broke off", e))??;
    read
}

async fn read(tx: &mut Tx, kind: Kind, send: &mpsc::Sender<String>) -> Result<()> {
    let (sqlite, postgres) = if kind == Kind::User { (people!(sqlite), people!(postgres)) } else { (records!(sqlite), records!(postgres)) };
    let mut after = String::new();
    loop {
        let (pack, last): (Option<String>, Option<String>) = on!(tx, sqlite sqlite, postgres postgres, |c, sql| sqlx::query_as(sql)
                .bind(kind.name())
                .bind(&after)
                .bind(PACK)
                .fetch_one(c)
                .await)?;
        let (Some(pack), Some(last)) = (pack, last) else { return Ok(()) };
        if send.send(pack).await.is_err() {
            // Whoever takes them apart has met one that can't be read, and says so.
            return Ok(());
        }
        after = last;
    }
}

fn unpack(pack: &str, known: &mut Known) -> Result<()> {
    for record in pack.split(RECORD) {
        let mut fields = record.split(FIELD);
        let (source_id, mut number) = (fields.next().unwrap_or_default(), || fields.next().and_then(|f| f.parse::<i64>().ok()));
        let (Some(row), Some(hash), Some(said)) = (number(), number(), number()) else {
            return Err(Problem::internal("table roster_source: a record can't be read", source_id.to_owned()));
        };
        let marks = MARKS.iter().enumerate().filter(|(bit, _)| said >> bit & 1 == 1).fold(0, |all, (_, mark)| all | mark);
        known.load(source_id, row, hash, marks);
    }
    Ok(())
}

/// All guardianships that hold: guardian and child.
pub async fn guardianships(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    let mut all: Vec<(i64, i64)> = Vec::new();
    loop {
        let (guardian, child) = all.last().copied().unwrap_or((0, 0));
        let pack: Option<String> = on!(tx,
            sqlite "SELECT group_concat(guardian_id || ' ' || child_id, char(30) ORDER BY guardian_id, child_id)
                    FROM (SELECT guardian_id, child_id FROM guardianship
                          WHERE ended IS NULL AND (guardian_id, child_id) > ($1, $2) ORDER BY guardian_id, child_id LIMIT $3) AS pair",
            postgres "SELECT string_agg(guardian_id || ' ' || child_id, chr(30) ORDER BY guardian_id, child_id)
                      FROM (SELECT guardian_id, child_id FROM guardianship
                            WHERE ended IS NULL AND (guardian_id, child_id) > ($1, $2) ORDER BY guardian_id, child_id LIMIT $3) AS pair",
            |c, sql| sqlx::query_scalar(sql).bind(guardian).bind(child).bind(PACK).fetch_one(c).await)?;
        let Some(pack) = pack else { return Ok(all) };
        for pair in pack.split(RECORD) {
            let read = pair.split_once(' ').and_then(|(guardian, child)| Some((guardian.parse().ok()?, child.parse().ok()?)));
            all.push(read.ok_or_else(|| Problem::internal("table guardianship: a row can't be read", pair.to_owned()))?);
        }
    }
}
