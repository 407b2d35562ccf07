//! Bringing the file up to date: one process at a time, by a lock on a file beside it, as SQLite has no lock that
//! outlasts a transaction.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use sqlx::migrate::Migrator;

use super::SqliteStore;
use crate::{
    error::OpenError,
    sql::migrate::{APPLIED, Progress, apply_pending, missing},
};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

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
    /// Applies what is pending, and tells `progress` before each migration. Returns how many there were. Any number of
    /// processes may do so at once: the first one works, the others wait and find nothing to do.
    pub async fn migrate(&self, progress: impl FnMut(Progress) + Send) -> Result<usize, OpenError> {
        let lock = lock(&self.path).await?;
        let mut connection =
            self.writer.acquire().await.map_err(|error| OpenError::Migration(error.into()))?;
        let applied = apply_pending(&mut *connection, &MIGRATIONS, progress).await;
        drop(lock);
        applied
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
        Ok(missing(&MIGRATIONS, &applied))
    }
}
