//! The engine's own limits, through the same driver: how fast it takes the rows of a roster when nobody looks at them, and how many
//! single rows it can make durable each second.

use std::time::{Duration, Instant};

use assent::db::{Bulk, Conn, Store};
use assent::kernel::{Chance, Clock, Result};
use assent::on;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::clocking::{rate, seconds};

/// Rows in one statement, as the import has them.
const CHUNK: u64 = 2_000;
/// How long commits are counted.
const COUNTED: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct User {
    id: u64,
    uid: String,
    given: &'static str,
    family: &'static str,
    email: String,
    username: String,
    language: &'static str,
    role: &'static str,
    grade: &'static str,
    school: u64,
    joined: i64,
}

#[derive(Serialize)]
struct Enrollment {
    id: u64,
    section: u64,
    person: u64,
    role: &'static str,
    began: i64,
    ended: i64,
}

const USERS: &str = "CREATE TABLE plain_user (id BIGINT PRIMARY KEY, uid TEXT, given TEXT, family TEXT, email TEXT, username TEXT,
     language TEXT, role TEXT, grade TEXT, school_id BIGINT, joined BIGINT, left_day BIGINT, turns_18 BIGINT, turns_17 BIGINT)";
const ENROLLMENTS: &str = "CREATE TABLE plain_enrollment (id BIGINT PRIMARY KEY, section_id BIGINT, person_id BIGINT, role TEXT,
     began BIGINT, ended BIGINT, left_day BIGINT)";

/// Seconds in which so many users and enrollments are inserted into plain tables of the roster's columns (a key, no other index) and
/// committed. The store is an empty database.
pub async fn insert(store: &Store, users: u64, enrollments: u64) -> Result<f64> {
    let clock = Clock::system();
    let mut tx = store.write(&clock).await?;
    for sql in [USERS, ENROLLMENTS] {
        on!(tx, |c| sqlx::query(sql).execute(c).await.map(drop))?;
    }
    tx.commit().await?;
    let mut chance = Chance::seeded(1);
    let work = async {
        let mut tx = store.write(&clock).await?;
        for from in (0..users).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
            let rows = Bulk::of((from..users.min(from + CHUNK)).map(|n| user(n, &mut chance)));
            on!(tx, |c| sqlx::query(
                "INSERT INTO plain_user (id, uid, given, family, email, username, language, role, grade, school_id, joined)
                 SELECT CAST(value->>'id' AS BIGINT), value->>'uid', value->>'given', value->>'family', value->>'email',
                        value->>'username', value->>'language', value->>'role', value->>'grade', CAST(value->>'school' AS BIGINT),
                        CAST(value->>'joined' AS BIGINT)
                 FROM jsonb_each($1)"
            )
            .bind(&rows)
            .execute(c)
            .await
            .map(drop))?;
        }
        for from in (0..enrollments).step_by(usize::try_from(CHUNK).unwrap_or(1)) {
            let rows = Bulk::of((from..enrollments.min(from + CHUNK)).map(|n| enrollment(n, users)));
            on!(tx, |c| sqlx::query(
                "INSERT INTO plain_enrollment (id, section_id, person_id, role, began, ended)
                 SELECT CAST(value->>'id' AS BIGINT), CAST(value->>'section' AS BIGINT), CAST(value->>'person' AS BIGINT),
                        value->>'role', CAST(value->>'began' AS BIGINT), CAST(value->>'ended' AS BIGINT)
                 FROM jsonb_each($1)"
            )
            .bind(&rows)
            .execute(c)
            .await
            .map(drop))?;
        }
        tx.commit().await
    };
    Ok(seconds(work).await?.0)
}

fn user(n: u64, chance: &mut Chance) -> User {
    User {
        id: n + 1,
        uid: chance.uid().simple().to_string(),
        given: "Valeria",
        family: "Washington",
        email: format!("student-{n:07}@district.example"),
        username: format!("student-{n:07}"),
        language: "en",
        role: "student",
        grade: "09",
        school: n % 97,
        joined: 20_700,
    }
}

fn enrollment(n: u64, users: u64) -> Enrollment {
    Enrollment { id: n + 1, section: n / 25, person: n % users + 1, role: "student", began: 20_682, ended: 20_968 }
}

/// Single rows that are made durable each second: by the one writer on SQLite, by eight connections on PostgreSQL.
pub async fn commits(store: &Store) -> Result<f64> {
    let mut tx = store.write(&Clock::system()).await?;
    let table = "CREATE TABLE IF NOT EXISTS plain_commit (who BIGINT, number BIGINT, said TEXT)";
    on!(tx, |c| sqlx::query(table).execute(c).await.map(drop))?;
    let writers = if matches!(tx.conn, Conn::Sqlite(_)) { 1 } else { 8 };
    tx.commit().await?;
    let began = Instant::now();
    let mut all = JoinSet::new();
    for who in 0..writers {
        let store = store.clone();
        all.spawn(async move {
            let mut number = 0;
            while began.elapsed() < COUNTED {
                insert_one(&store, who, number).await?;
                number += 1;
            }
            Ok::<i64, sqlx::Error>(number)
        });
    }
    let mut number = 0;
    while let Some(done) = all.join_next().await {
        number += done.map_err(|e| assent::kernel::Problem::internal("a writer broke off", e))??;
    }
    Ok(rate(number.unsigned_abs(), began.elapsed().as_secs_f64()))
}

/// A statement by itself is a transaction of its own.
async fn insert_one(store: &Store, who: i64, number: i64) -> sqlx::Result<()> {
    const SQL: &str = "INSERT INTO plain_commit (who, number, said) VALUES ($1, $2, $3)";
    let said = "I have read this agreement and had a chance to ask questions. I understand it, and I will follow it.";
    match store {
        Store::Sqlite { writer, .. } => sqlx::query(SQL).bind(who).bind(number).bind(said).execute(writer).await.map(drop),
        Store::Postgres(pool) => sqlx::query(SQL).bind(who).bind(number).bind(said).execute(pool).await.map(drop),
    }
}
