//! A world of one's own for each story: a fresh database on either engine, a standing clock, a district.

pub mod client;
pub mod mail;
pub mod people;
pub mod school_system;

use assent::acknowledgments::log::{self, SecretKey};
use assent::db::{Store, Tx};
use assent::kernel::{Actor, Chance, Clock, Day, Locale, Moment};
use assent::roster::imports::Board;
use assent::roster::{District, district};
use assent::worker::Worker;

/// Makes `name::on_sqlite` and `name::on_postgres` of one story.
#[macro_export]
macro_rules! story {
    ($name:ident, |$world:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($world: &$crate::world::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let world = $crate::world::World::on_sqlite().await;
                story(&world).await;
                world.close().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(world) = $crate::world::World::on_postgres().await {
                    story(&world).await;
                    world.close().await;
                }
            }
        }
    };
}

pub struct World {
    pub store: Store,
    pub clock: Clock,
    pub district: District,
    pub url: String,
    folder: Option<tempfile::TempDir>,
    server: Option<(String, String)>,
    /// Where the log's signing key lies.
    keys: tempfile::TempDir,
}

/// Stories begin on Monday 17 August 2026, 08:00 in Chicago, unless they say otherwise.
pub fn first_morning() -> Moment {
    Moment::parse("2026-08-17T13:00:00Z").unwrap()
}

pub fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

impl World {
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("assent.db").display());
        Self::at(url, Some(folder), None).await
    }

    /// A database of its own on the server that `ASSENT_TEST_POSTGRES` names (`postgres://user@host:port`); none without it.
    pub async fn on_postgres() -> Option<Self> {
        let (server, name) = new_on_postgres().await?;
        Some(Self::at(format!("{server}/{name}"), None, Some((server, name))).await)
    }

    async fn at(url: String, folder: Option<tempfile::TempDir>, server: Option<(String, String)>) -> Self {
        let store = Store::open(&url).await.unwrap();
        let clock = Clock::standing(first_morning());
        let mut tx = store.write(&clock).await.unwrap();
        let district = district::init(&mut tx, "Test District", "America/Chicago", Locale::En).await.unwrap();
        tx.commit().await.unwrap();
        Self { store, clock, district, url, folder, server, keys: tempfile::tempdir().unwrap() }
    }

    pub async fn read(&self) -> Tx {
        self.store.read(&self.clock).await.unwrap()
    }

    pub async fn write(&self) -> Tx {
        self.store.write(&self.clock).await.unwrap()
    }

    /// The operator at the command line: a director's rights over the whole district.
    pub fn operator(&self) -> Actor {
        Actor::operator(vec![self.district.root])
    }

    /// Whoever runs what is to run, as the server has it beside its pages.
    pub fn worker(&self) -> Worker {
        Worker::new(self.store.clone(), self.clock.clone(), Board::default())
    }

    /// One round of the worker.
    pub async fn round(&self) {
        self.worker().round().await.unwrap();
    }

    pub fn key_file(&self) -> std::path::PathBuf {
        self.keys.path().join("assent.log-key")
    }

    /// The key by which this world's log is signed.
    pub async fn log_key(&self) -> SecretKey {
        let mut tx = self.write().await;
        let key = log::use_key(&mut tx, &self.operator(), &self.district, &self.key_file()).await.unwrap();
        tx.commit().await.unwrap();
        key
    }

    /// A round of the worker that seals, as on a server with the log's key.
    pub async fn seal(&self) {
        let key = self.log_key().await;
        self.worker().sealing(key).round().await.unwrap();
    }

    /// Moves the clock to 08:00 in Chicago on that day.
    pub fn go_to(&self, date: &str) {
        self.clock.set(self.district.zone.at(day(date), 8, 0));
    }

    pub async fn close(self) {
        self.store.close().await;
        if let Some((server, name)) = &self.server {
            admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
        drop(self.folder);
    }
}

/// A database in which there is nothing yet, and a folder beside it.
pub struct Empty {
    pub url: String,
    folder: tempfile::TempDir,
    server: Option<(String, String)>,
}

impl Empty {
    pub fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite:{}", folder.path().join("assent.db").display()), folder, server: None }
    }

    /// None without a server, as [`World::on_postgres`].
    pub async fn on_postgres() -> Option<Self> {
        let (server, name) = new_on_postgres().await?;
        Some(Self { url: format!("{server}/{name}"), folder: tempfile::tempdir().unwrap(), server: Some((server, name)) })
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub async fn close(self) {
        if let Some((server, name)) = &self.server {
            admin(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

/// Server and name of a new database; none without a server.
async fn new_on_postgres() -> Option<(String, String)> {
    let Ok(server) = std::env::var("ASSENT_TEST_POSTGRES") else {
        eprintln!("left out on PostgreSQL: ASSENT_TEST_POSTGRES names no server (tests/run starts one)");
        return None;
    };
    let name = format!("story_{}", Chance::system().token());
    admin(&server, &format!("CREATE DATABASE {name}")).await;
    Some((server, name))
}

async fn admin(server: &str, statement: &str) {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
