//! Single changes by whoever owns the database and takes its guards away: each is found, and named by record, place or part of the log.

use assent::acknowledgments::verify::{self, Broken};
use assent::acknowledgments::{Record, log::SecretKey};
use assent::db::Tx;
use assent::kernel::{Chance, Moment};
use assent::on;

use super::{Given, given, insert, many};
use crate::world::World;

/// How many changes a story makes; `ASSENT_TEST_CHANGES=10000` for the long run.
fn changes() -> u64 {
    std::env::var("ASSENT_TEST_CHANGES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

const SIZE: i64 = 300;
const COLUMNS: [&str; 17] = [
    "uid",
    "obligation_id",
    "person_id",
    "about_id",
    "capacity",
    "authenticated",
    "recorded_by",
    "paper",
    "version_id",
    "language",
    "text_hash",
    "statement",
    "answer",
    "choices",
    "reason",
    "signed_name",
    "hash",
];

/// Takes a table's guards away, in this unit of work.
pub async fn unguard(tx: &mut Tx, table: &str) {
    let triggers: Vec<String> = on!(
        tx,
        sqlite "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = $1",
        postgres "SELECT CAST(tgname AS TEXT) FROM pg_trigger WHERE tgrelid = CAST($1 AS regclass) AND NOT tgisinternal",
        |c, sql| sqlx::query_scalar(sql).bind(table).fetch_all(c).await
    )
    .unwrap();
    for trigger in triggers {
        run(tx, &format!("DROP TRIGGER {trigger}"), &format!("DROP TRIGGER {trigger} ON {table}")).await;
    }
}

async fn run(tx: &mut Tx, sqlite: &str, postgres: &str) {
    on!(tx, sqlite sqlite.to_owned(), postgres postgres.to_owned(), |c, sql| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(c).await.map(drop).map_err(|e| format!("{sql}: {e}"))
    })
    .unwrap();
}

async fn both(tx: &mut Tx, statement: &str) {
    run(tx, statement, statement).await;
}

/// What must be named.
#[derive(Debug)]
struct Names {
    /// Each of these subjects, with this position where one is given; an empty subject is any.
    all: Vec<(String, Option<i64>)>,
}

impl Names {
    fn of(subject: impl Into<String>, position: impl Into<Option<i64>>) -> Self {
        Self { all: vec![(subject.into(), position.into())] }
    }

    fn are_in(&self, broken: &[Broken]) -> bool {
        self.all.iter().all(|(subject, position)| {
            broken.iter().any(|b| {
                (subject.is_empty() || b.subject == *subject) && position.is_none_or(|position| b.position == u64::try_from(position).ok())
            })
        })
    }
}

/// Another text that differs in one place.
fn edited(text: &str, chance: &mut Chance) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = usize::try_from(chance.below(letters.len() as u64 + 1)).unwrap();
    let mut changed = letters.clone();
    match chance.below(3) {
        0 => changed.insert(at, ' '),
        1 if at < letters.len() => drop(changed.remove(at)),
        2 if at < letters.len() => changed[at] = if letters[at].is_uppercase() { letters[at].to_ascii_lowercase() } else { '\u{e9}' },
        _ => changed.push('.'),
    }
    if changed == letters { format!("{text}x") } else { changed.into_iter().collect() }
}

async fn set_text(tx: &mut Tx, column: &str, position: i64, value: Option<String>) {
    let statement = format!("UPDATE acknowledgment SET {column} = $1 WHERE position = $2");
    on!(tx, |c| sqlx::query(sqlx::AssertSqlSafe(statement.clone())).bind(&value).bind(position).execute(c).await.map(drop)).unwrap();
}

async fn set_number(tx: &mut Tx, column: &str, position: i64, value: Option<i64>) {
    let statement = format!("UPDATE acknowledgment SET {column} = $1 WHERE position = $2");
    on!(tx, |c| sqlx::query(sqlx::AssertSqlSafe(statement.clone())).bind(value).bind(position).execute(c).await.map(drop)).unwrap();
}

/// A number of another row in that column's table.
async fn another(tx: &mut Tx, table: &str, column: &str, position: i64) -> i64 {
    let statement = format!("SELECT MIN(t.id) FROM {table} t, acknowledgment k WHERE k.position = $1 AND t.id <> COALESCE(k.{column}, 0)");
    on!(tx, |c| sqlx::query_scalar(sqlx::AssertSqlSafe(statement.clone())).bind(position).fetch_one(c).await).unwrap()
}

async fn text_of(tx: &mut Tx, column: &str, position: i64) -> Option<String> {
    let statement = format!("SELECT {column} FROM acknowledgment WHERE position = $1");
    on!(tx, |c| sqlx::query_scalar(sqlx::AssertSqlSafe(statement.clone())).bind(position).fetch_one(c).await).unwrap()
}

/// Changes one column of one record.
async fn a_column(tx: &mut Tx, record: &Record, chance: &mut Chance) -> (String, Names) {
    let position = record.position;
    let column = COLUMNS[usize::try_from(chance.below(COLUMNS.len() as u64)).unwrap()];
    let mut uid = record.uid;
    match column {
        "uid" => {
            uid = chance.uid();
            on!(tx, |c| sqlx::query("UPDATE acknowledgment SET uid = $1 WHERE position = $2")
                .bind(uid)
                .bind(position)
                .execute(c)
                .await
                .map(drop))
            .unwrap();
        }
        "obligation_id" => {
            let other = another(tx, "obligation", column, position).await;
            set_number(tx, column, position, Some(other)).await;
        }
        "person_id" | "about_id" => {
            let other = another(tx, "person", column, position).await;
            set_number(tx, column, position, Some(other)).await;
        }
        "version_id" => {
            let other = if chance.below(2) == 0 { 999_999 } else { another(tx, "policy_version", column, position).await };
            set_number(tx, column, position, Some(other)).await;
        }
        "recorded_by" => {
            let other = if record.recorded_by.is_some() && chance.below(2) == 0 {
                None
            } else {
                Some(another(tx, "account", column, position).await)
            };
            set_number(tx, column, position, other).await;
        }
        "paper" => {
            let other = if record.paper.is_some() { None } else { Some(String::new()) };
            set_text(tx, column, position, other).await;
        }
        column => {
            let is = text_of(tx, column, position).await.unwrap();
            set_text(tx, column, position, Some(edited(&is, chance))).await;
        }
    }
    (format!("{column} of {position}"), Names::of(uid.to_string(), position))
}

/// Changes what one record is or where it stands.
async fn a_record(tx: &mut Tx, given: &Given, chance: &mut Chance) -> (String, Names) {
    let mut any = || &given.records[usize::try_from(chance.below(given.records.len() as u64)).unwrap()];
    let (one, other) = (any(), any());
    let (p, q) = (one.position, if other.position == one.position { (one.position + 1) % SIZE } else { other.position });
    let other = &given.records[usize::try_from(q).unwrap()];
    let two = || Names { all: vec![(one.uid.to_string(), Some(q)), (other.uid.to_string(), Some(p))] };
    match chance.below(8) {
        0 => {
            set_number(tx, "at", p, Some(one.at.0 + if chance.below(2) == 0 { 1 } else { -1_000_000 })).await;
            (format!("at of {p}"), Names::of(one.uid.to_string(), p))
        }
        1 => {
            set_number(tx, "position", p, Some(SIZE + i64::try_from(chance.below(1 << 40)).unwrap())).await;
            (format!("{p} moved far away"), Names::of("", p))
        }
        2 => {
            set_number(tx, "position", p, if chance.below(2) == 0 { None } else { Some(-1 - p) }).await;
            (format!("{p} has no place"), Names { all: vec![(one.uid.to_string(), None), (String::new(), Some(p))] })
        }
        3 => {
            set_number(tx, "position", p, Some(-1)).await;
            set_number(tx, "position", q, Some(p)).await;
            set_number(tx, "position", -1, Some(q)).await;
            (format!("{p} and {q} swapped"), two())
        }
        4 => {
            set_text(tx, "hash", p, Some(other.hash.clone())).await;
            (format!("hash of {p} is that of {q}"), Names::of(one.uid.to_string(), p))
        }
        5 => {
            both(tx, &format!("DELETE FROM acknowledgment WHERE position = {p}")).await;
            (format!("{p} removed"), Names::of("", p))
        }
        6 => {
            // Well made, with the hash that belongs to it; its place is taken from another, or is the next one.
            let forged = Record { uid: chance.uid(), at: Moment(one.at.0 + 5), ..one.clone() };
            let end = chance.below(2) == 0;
            if !end {
                both(tx, &format!("DELETE FROM acknowledgment WHERE position = {p}")).await;
            }
            let forged = insert_like(tx, forged, if end { SIZE } else { p }, other).await;
            (format!("a record slipped in at {}", forged.position), Names::of(forged.uid.to_string(), forged.position))
        }
        _ => {
            // The record and its hash changed together, so that they fit each other.
            let changed = Record { at: Moment(one.at.0 + 7), ..one.clone() };
            set_number(tx, "at", p, Some(changed.at.0)).await;
            set_text(tx, "hash", p, Some(changed.computed_hash().unwrap())).await;
            (format!("{p} changed with its hash"), Names::of(one.uid.to_string(), p))
        }
    }
}

/// Inserts; where the likeness itself was just removed, what it stood for is taken from the one that is left.
async fn insert_like(tx: &mut Tx, record: Record, position: i64, other: &Record) -> Record {
    let same: i64 = on!(tx, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM acknowledgment m JOIN person p ON p.id = m.person_id WHERE p.uid = $1 AND m.version_id = $2"
    )
    .bind(record.person)
    .bind(record.version)
    .fetch_one(c)
    .await)
    .unwrap();
    let record = if same > 0 { record } else { Record { uid: record.uid, ..other.clone() } };
    insert(tx, record, position).await
}

/// Changes something of the log itself.
async fn the_log(tx: &mut Tx, chance: &mut Chance) -> (String, Names) {
    let (level, number) = [(0, 0), (0, 1), (1, 0)][usize::try_from(chance.below(3)).unwrap()];
    let tile = format!("tile {level}/{number}");
    let of_tile = format!("level = {level} AND number = {number}");
    let size = [100, 256, SIZE][usize::try_from(chance.below(3)).unwrap()];
    match chance.below(9) {
        0..=2 => {
            let read = format!("SELECT hashes FROM log_tile WHERE {of_tile}");
            let mut bytes: Vec<u8> = on!(tx, |c| sqlx::query_scalar(sqlx::AssertSqlSafe(read.clone())).fetch_one(c).await).unwrap();
            match chance.below(4) {
                0 => bytes.truncate(bytes.len() - 1 - usize::try_from(chance.below(31)).unwrap()),
                1 => bytes.extend([9; 32]),
                _ => {
                    let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
                    bytes[at] ^= 1 << chance.below(8);
                }
            }
            let write = format!("UPDATE log_tile SET hashes = $1 WHERE {of_tile}");
            on!(tx, |c| sqlx::query(sqlx::AssertSqlSafe(write.clone())).bind(bytes.clone()).execute(c).await.map(drop)).unwrap();
            (format!("{tile} edited"), Names::of(tile, None))
        }
        3 => {
            both(tx, &format!("DELETE FROM log_tile WHERE {of_tile}")).await;
            (format!("{tile} removed"), Names::of(tile, None))
        }
        4 => {
            both(tx, &format!("UPDATE log_tile SET number = {} WHERE {of_tile}", 2 + chance.below(1 << 40))).await;
            (format!("{tile} moved"), Names::of(tile, None))
        }
        5 => {
            let note: String =
                on!(tx, |c| sqlx::query_scalar("SELECT note FROM log_checkpoint WHERE size = $1").bind(size).fetch_one(c).await).unwrap();
            let note = edited(&note, chance);
            on!(tx, |c| sqlx::query("UPDATE log_checkpoint SET note = $1 WHERE size = $2")
                .bind(note)
                .bind(size)
                .execute(c)
                .await
                .map(drop))
            .unwrap();
            (format!("checkpoint of {size} edited"), Names::of(format!("checkpoint of {size}"), None))
        }
        6 => {
            let other = 1_000 + i64::try_from(chance.below(1 << 40)).unwrap();
            both(tx, &format!("UPDATE log_checkpoint SET size = {other} WHERE size = {size}")).await;
            (format!("checkpoint of {size} says {other}"), Names::of(format!("checkpoint of {other}"), None))
        }
        7 => {
            let head = if chance.below(2) == 0 {
                SIZE + 1 + i64::try_from(chance.below(1 << 40)).unwrap()
            } else {
                i64::try_from(chance.below(300)).unwrap()
            };
            both(tx, &format!("UPDATE log_head SET size = {head}")).await;
            (format!("the head says {head}"), Names::of("", head.min(SIZE)))
        }
        _ => {
            let forged = SecretKey::new("test-district/acknowledgments", chance.bytes());
            if chance.below(2) == 0 {
                // Another key signs what is there.
                let note = forged.sign(200, &chance.bytes());
                on!(tx, |c| sqlx::query("INSERT INTO log_checkpoint (size, note) VALUES (200, $1)").bind(note).execute(c).await.map(drop))
                    .unwrap();
                ("a checkpoint slipped in".into(), Names::of("checkpoint of 200", None))
            } else {
                let vkey = forged.public().to_string();
                on!(tx, |c| sqlx::query("UPDATE log_key SET vkey = $1").bind(vkey).execute(c).await.map(drop)).unwrap();
                let all = [100, 256, SIZE].map(|size| (format!("checkpoint of {size}"), None));
                ("another key".into(), Names { all: all.into() })
            }
        }
    }
}

/// 300 answers, sealed at 100, 256 and 300.
async fn sealed(world: &World) -> Given {
    let mut given = given(world).await;
    for more in [96, 156, 44] {
        // `many` copies the first four: records of other duties stay their own.
        many(world, &mut given, more).await;
        world.seal().await;
    }
    given
}

story!(every_single_change_is_found_and_named, |world| {
    let given = sealed(world).await;
    assert_eq!(i64::try_from(given.records.len()).unwrap(), SIZE);
    let mut tx = world.write().await;
    for table in ["acknowledgment", "log_tile", "log_checkpoint", "log_key"] {
        unguard(&mut tx, table).await;
    }
    // One place can hold two records for the moment of a swap.
    both(&mut tx, "DROP INDEX acknowledgment_by_position").await;
    both(&mut tx, "CREATE INDEX acknowledgment_by_position ON acknowledgment (position)").await;
    assert_eq!(verify::records(&mut tx).await.unwrap().broken, []);
    let mut chance = Chance::seeded(9162);
    let mut missed = Vec::new();
    for _ in 0..changes() {
        both(&mut tx, "SAVEPOINT untouched").await;
        let any = usize::try_from(chance.below(given.records.len() as u64)).unwrap();
        let (what, names) = match chance.below(10) {
            0..=4 => a_column(&mut tx, &given.records[any], &mut chance).await,
            5..=6 => a_record(&mut tx, &given, &mut chance).await,
            _ => the_log(&mut tx, &mut chance).await,
        };
        let found = verify::records(&mut tx).await.unwrap();
        if !names.are_in(&found.broken) {
            missed.push(format!("{what}: {names:?} isn't in {:?}", &found.broken[..found.broken.len().min(6)]));
        }
        both(&mut tx, "ROLLBACK TO SAVEPOINT untouched").await;
        both(&mut tx, "RELEASE SAVEPOINT untouched").await;
    }
    assert_eq!(verify::records(&mut tx).await.unwrap().broken, [], "every change was taken back");
    assert!(missed.is_empty(), "{} of {} were not found and named:\n{}", missed.len(), changes(), missed.join("\n"));
});

story!(a_removed_answer_is_named_by_its_place_and_its_person, |world| {
    let given = given(world).await;
    world.seal().await;
    let mut tx = world.write().await;
    unguard(&mut tx, "acknowledgment").await;
    both(&mut tx, "DELETE FROM acknowledgment WHERE position = 0").await;
    let found = verify::records(&mut tx).await.unwrap().broken;
    let names = Names { all: vec![("log".into(), Some(0)), (given.mary.uid.to_string(), None)] };
    assert!(names.are_in(&found) && found.len() == 2, "{found:?}");
});

story!(two_records_whose_answers_were_exchanged_are_both_named, |world| {
    let given = given(world).await;
    world.seal().await;
    let mut tx = world.write().await;
    unguard(&mut tx, "acknowledgment").await;
    both(&mut tx, "DROP INDEX acknowledgment_by_position").await;
    both(&mut tx, "UPDATE acknowledgment SET position = 1 - position WHERE position < 2").await;
    let found = verify::records(&mut tx).await.unwrap().broken;
    let uid = |n: usize| given.records[n].uid.to_string();
    let names = Names { all: vec![(uid(0), Some(1)), (uid(1), Some(0))] };
    assert!(names.are_in(&found) && found.len() == 2, "{found:?}");
    assert!(found[0].what.contains("another answer was sealed here"), "{found:?}");
});
