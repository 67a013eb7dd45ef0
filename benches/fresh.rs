//! Where fresh databases come from, and how they go again.

use std::path::PathBuf;

use assent::db::Store;
use assent::kernel::{Problem, Result};
use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};

/// A place in which databases can be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Site {
    Sqlite {
        folder: PathBuf,
    },
    /// All names of its databases begin with `prefix`.
    Postgres {
        server: String,
        prefix: String,
    },
}

impl Site {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }

    /// Makes an empty database of that name and gives its URL.
    pub async fn make(&self, name: &str) -> Result<String> {
        match self {
            Self::Sqlite { folder } => std::fs::create_dir(folder.join(name))?,
            Self::Postgres { server, prefix } => ask(server, &format!("CREATE DATABASE {prefix}_{name}")).await?,
        }
        Ok(self.url(name))
    }

    /// The URL of the database of that name.
    pub fn url(&self, name: &str) -> String {
        match self {
            Self::Sqlite { folder } => format!("sqlite:{}", folder.join(name).join("assent.db").display()),
            Self::Postgres { server, prefix } => format!("{server}/{prefix}_{name}"),
        }
    }

    /// Closes and removes it.
    pub async fn drop(&self, name: &str, store: &Store) -> Result<()> {
        store.close().await;
        match self {
            Self::Sqlite { folder } => Ok(std::fs::remove_dir_all(folder.join(name))?),
            Self::Postgres { server, prefix } => ask(server, &format!("DROP DATABASE {prefix}_{name} WITH (FORCE)")).await,
        }
    }

    /// Removes what is still there. SQLite's folder goes with whoever made it.
    pub async fn sweep(&self) -> Result<()> {
        let Self::Postgres { server, prefix } = self else { return Ok(()) };
        let mut open = connect(server).await?;
        let left: Vec<String> =
            sqlx::query_scalar("SELECT datname FROM pg_database WHERE starts_with(datname, $1)").bind(prefix).fetch_all(&mut open).await?;
        open.close().await?;
        for name in left {
            ask(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        }
        Ok(())
    }
}

async fn connect(server: &str) -> Result<PgConnection> {
    PgConnection::connect(&format!("{server}/postgres"))
        .await
        .map_err(|e| Problem::internal("the PostgreSQL server that ASSENT_TEST_POSTGRES names can't be reached", e))
}

async fn ask(server: &str, statement: &str) -> Result<()> {
    let mut open = connect(server).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut open).await?;
    Ok(open.close().await?)
}
