//! Rocket's handle on the store. `rocket_db_pools` 0.2 knows only sqlx 0.7 (RUSTSEC-2024-0363); without its sqlx features
//! its `Pool` trait takes our own type, and the derive gives configuration, start-up and shutdown.

use rocket::figment::Figment;
use rocket_db_pools::{Database, Pool};

use super::Store;
use crate::kernel::Problem;

/// The database of this server: `databases.assent.url` in the configuration.
#[derive(Database, Debug)]
#[database("assent")]
pub struct Db(Store);

#[rocket::async_trait]
impl Pool for Store {
    type Connection = Self;
    type Error = Problem;

    async fn init(figment: &Figment) -> Result<Self, Problem> {
        let url: String = figment.extract_inner("url").map_err(|e| Problem::internal("databases.assent.url is not set", e))?;
        Self::open(&url).await
    }

    async fn get(&self) -> Result<Self, Problem> {
        Ok(self.clone())
    }

    async fn close(&self) {
        Self::close(self).await;
    }
}
