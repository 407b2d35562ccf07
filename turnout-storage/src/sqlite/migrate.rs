//! Bringing the file up to date: one process at a time, by a lock on a file beside it, as SQLite has no lock that
//! outlasts a transaction.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use super::SqliteStore;
use crate::error::OpenError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The table in which sqlx notes what was applied.
const APPLIED: &str = "_sqlx_migrations";

/// A migration that was just applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How many were applied in this run, this one included.
    pub done: usize,
    /// How many there were to apply.
    pub total: usize,
    /// The name of this one.
    pub name: String,
}

/// Waits until no other process or store holds the lock beside the database file. Dropping the file gives it back.
pub(super) async fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let beside = PathBuf::from(name);
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::options().create(true).append(true).open(beside)?;
        file.lock()?;
        Ok(file)
    });
    match locked.await {
        Ok(locked) => locked.map_err(failed),
        Err(stopped) => Err(failed(std::io::Error::other(stopped))),
    }
}

impl SqliteStore {
    /// Applies what is pending, and tells `progress` after each migration. Returns how many there were. Any number of
    /// processes may do so at once: the first one works, the others wait and find nothing to do.
    pub async fn migrate(&self, mut progress: impl FnMut(Progress) + Send) -> Result<usize, OpenError> {
        let lock = lock(&self.path).await?;
        let broken = |error: MigrateError| OpenError::Migration(error.into());
        let mut connection =
            self.writer.acquire().await.map_err(|error| OpenError::Migration(error.into()))?;
        connection.ensure_migrations_table(APPLIED).await.map_err(broken)?;
        if let Some(version) = connection.dirty_version(APPLIED).await.map_err(broken)? {
            return Err(broken(MigrateError::Dirty(version)));
        }
        let applied = connection.list_applied_migrations(APPLIED).await.map_err(broken)?;
        for known in &applied {
            let ours = MIGRATIONS.iter().find(|migration| migration.version == known.version);
            if ours.is_none_or(|migration| migration.checksum != known.checksum) {
                return Err(OpenError::Unknown { version: known.version });
            }
        }
        let pending: Vec<&Migration> = MIGRATIONS
            .iter()
            .filter(|migration| applied.iter().all(|known| known.version != migration.version))
            .collect();
        for (index, migration) in pending.iter().enumerate() {
            connection.apply(APPLIED, migration).await.map_err(broken)?;
            let name = migration.description.to_string();
            progress(Progress { done: index + 1, total: pending.len(), name });
        }
        drop(lock);
        Ok(pending.len())
    }

    /// How many migrations are to be applied. Only reads.
    pub(super) async fn pending(&self) -> Result<usize, sqlx::Error> {
        let mut connection = self.readers.acquire().await?;
        let (noted,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1")
                .bind(APPLIED)
                .fetch_one(&mut *connection)
                .await?;
        let mut applied = Vec::new();
        if noted > 0 {
            applied = sqlx::query_as::<_, (i64,)>("SELECT version FROM _sqlx_migrations WHERE success")
                .fetch_all(&mut *connection)
                .await?;
        }
        Ok(MIGRATIONS.iter().filter(|migration| !applied.contains(&(migration.version,))).count())
    }
}
