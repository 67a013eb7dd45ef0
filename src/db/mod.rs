//! The one door to the database. SQLite is embedded and the default; PostgreSQL is for more than one node. The scheme of the URL
//! chooses at run time: `sqlite:data/assent.db`, `postgres://user@host/name`.
//!
//! A [`Tx`] is one unit of work: the open transaction, the moment at which it happens and the source of chance. Handlers,
//! commands and jobs open it ([`Store::read`], [`Store::write`]) and commit it; verbs are handed it. Dropped, it is rolled back.
//! [`on!`](crate::on) writes a query once for both databases.

pub mod backup;
mod bulk;
mod pool;
mod together;

pub use bulk::{Bulk, Numbered};
pub use pool::Db;
pub use together::Together;

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Postgres, Sqlite, Transaction};
use uuid::Uuid;

use crate::kernel::{Chance, Clock, Moment, Problem, Result};

/// The first SQLite without the WAL-reset bug (3.7.0 to 3.51.2 can lose a committed transaction).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// A district's database: one writer and several readers on SQLite, one pool on PostgreSQL. Clones share it.
#[derive(Debug, Clone)]
pub enum Store {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// `Invalid` for a URL of another scheme or a file that isn't there to be opened; `Internal` when the engine refuses.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::connect(url).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Opens the database without touching its schema.
    pub async fn connect(url: &str) -> Result<Self> {
        match url.split(':').next() {
            Some("sqlite") => Self::connect_sqlite(url).await,
            Some("postgres" | "postgresql") => {
                let options = PgConnectOptions::from_str(url).map_err(|e| unusable(url, &e))?;
                let pool = PgPoolOptions::new()
                    .max_connections(16)
                    .acquire_timeout(Duration::from_secs(20))
                    .connect_with(options)
                    .await
                    .map_err(|e| unusable(url, &e))?;
                Ok(Self::Postgres(pool))
            }
            _ => Err(Problem::invalid(
                "database",
                format!("“{}” is not a database: write sqlite:PATH or postgres://…", without_password(url)),
            )),
        }
    }

    async fn connect_sqlite(url: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|e| unusable(url, &e))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL syncs before a commit answers; what was confirmed survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(20))
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_mins(1))
            .connect_with(options.clone())
            .await
            .map_err(|e| unusable(url, &e))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(6)
            .acquire_timeout(Duration::from_secs(20))
            .connect_with(options)
            .await
            .map_err(|e| unusable(url, &e))?;
        let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&readers).await?;
        let mut parts = version.split('.').map(|p| p.parse().unwrap_or(0));
        let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if found < OLDEST_SQLITE {
            return Err(Problem::internal(
                format!("SQLite {version} can lose confirmed records; 3.51.3 or newer is needed"),
                "an old SQLite",
            ));
        }
        Ok(Self::Sqlite { writer, readers })
    }

    async fn migrate(&self) -> Result<()> {
        let done = match self {
            Self::Sqlite { writer, .. } => SQLITE_MIGRATIONS.run(writer).await,
            Self::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await,
        };
        done.map_err(|e| Problem::internal("the database's schema could not be brought up to date", e))
    }

    /// `sqlite` or `postgres`, as reports and the benchmark name it.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// A view of the database as of one moment. Nothing written through it is kept.
    pub async fn read(&self, clock: &Clock) -> Result<Tx> {
        let conn = match self {
            Self::Sqlite { readers, .. } => Conn::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?),
        };
        Ok(Tx { conn, now: clock.now(), chance: Chance::system() })
    }

    /// A unit of work that changes something; [`Tx::commit`] keeps it.
    pub async fn write(&self, clock: &Clock) -> Result<Tx> {
        let conn = match self {
            Self::Sqlite { writer, .. } => Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        };
        Ok(Tx { conn, now: clock.now(), chance: Chance::system() })
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// The open transaction of either engine; only [`on!`](crate::on) looks inside.
#[derive(Debug)]
pub enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// One unit of work: transaction, moment and chance. One transaction happens at one moment.
#[derive(Debug)]
pub struct Tx {
    #[doc(hidden)]
    pub conn: Conn,
    now: Moment,
    chance: Chance,
}

impl Tx {
    /// The moment at which all of this unit of work happens.
    pub fn now(&self) -> Moment {
        self.now
    }

    pub fn uid(&mut self) -> Uuid {
        self.chance.uid()
    }

    pub fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }

    /// Replaces the source of chance, so that a demo or a test comes out the same again.
    #[must_use]
    pub fn with_chance(mut self, chance: Chance) -> Self {
        self.chance = chance;
        self
    }

    /// The same unit of work, at another moment. For the demo, which plays a year within one program.
    pub fn happen_at(&mut self, at: Moment) {
        self.now = at;
    }

    /// After so many rows were written: where they are many, PostgreSQL looks at what these tables hold now, so that the next question is
    /// planned for it and not for what they held before (its manual, "Populating a Database"); it would do so by itself a minute later. The
    /// text is the whole statement, `ANALYZE table, table`. SQLite needs none: its questions name the order of their steps.
    pub async fn look_over(&mut self, written: usize, analyze: &'static str) -> Result<()> {
        match &mut self.conn {
            Conn::Postgres(tx) if written > 10_000 => {
                sqlx::query(analyze).execute(&mut **tx).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Keeps everything. When it returns, the records are synced to disk.
    pub async fn commit(self) -> Result<()> {
        match self.conn {
            Conn::Sqlite(tx) => tx.commit().await?,
            Conn::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Runs one query body on whichever engine the transaction stands on.
///
/// `on!(tx, |c| sqlx::query_as("SELECT … WHERE id = $1").bind(id).fetch_optional(c).await)?`
///
/// Where the engines need different SQL, both texts are given:
///
/// `on!(tx, sqlite "…", postgres "…", |c, sql| sqlx::query(sql).bind(x).execute(c).await.map(|r| r.rows_affected()))?`
#[macro_export]
macro_rules! on {
    ($tx:expr, |$c:ident| $body:expr) => {
        match &mut $tx.conn {
            $crate::db::Conn::Sqlite(open) => {
                let $c = &mut **open;
                $body
            }
            $crate::db::Conn::Postgres(open) => {
                let $c = &mut **open;
                $body
            }
        }
    };
    ($tx:expr, sqlite $sqlite:expr, postgres $postgres:expr, |$c:ident, $sql:ident| $body:expr) => {
        match &mut $tx.conn {
            $crate::db::Conn::Sqlite(open) => {
                let $c = &mut **open;
                let $sql = $sqlite;
                $body
            }
            $crate::db::Conn::Postgres(open) => {
                let $c = &mut **open;
                let $sql = $postgres;
                $body
            }
        }
    };
}

/// The database's own words never reach a user: they go to the log with the error's id.
impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(e) if e.is_unique_violation() => {
                Self::Conflict("this is there already: somebody may have done the same a moment ago. Load the page again to see it.".into())
            }
            _ => Self::internal("the database refused", error),
        }
    }
}

fn unusable(url: &str, error: &sqlx::Error) -> Problem {
    Problem::invalid(
        "database",
        format!("{} can't be opened: {error}. Is the path right, and may this user write there?", without_password(url)),
    )
}

/// The URL with its password replaced, fit to be shown.
pub fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(start), Some(at)) if at > start => {
            let credentials = &url[start + 3..at];
            let user = credentials.split(':').next().unwrap_or_default();
            format!("{}{user}{}", &url[..start + 3], &url[at..])
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(super::without_password("postgres://ann:secret@db/assent"), "postgres://ann@db/assent");
    }
}
