//! Bringing a database up to date, for whoever holds the database's lock.

use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use crate::error::OpenError;

/// The table in which sqlx notes what was applied.
pub(crate) const APPLIED: &str = "_sqlx_migrations";

/// A migration that is about to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// How many were applied in this run so far.
    pub done: usize,
    /// How many there are to apply in this run.
    pub total: usize,
    /// The name of this one.
    pub name: String,
}

/// Applies what is pending, each in a transaction of its own, and tells `progress` before each. Returns how many there
/// were.
pub(crate) async fn apply_pending(
    connection: &mut (impl Migrate + Send),
    migrations: &Migrator,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<usize, OpenError> {
    let broken = |error: MigrateError| OpenError::Migration(error.into());
    connection.ensure_migrations_table(APPLIED).await.map_err(broken)?;
    if let Some(version) = connection.dirty_version(APPLIED).await.map_err(broken)? {
        return Err(broken(MigrateError::Dirty(version)));
    }
    let applied = connection.list_applied_migrations(APPLIED).await.map_err(broken)?;
    for known in &applied {
        let ours = migrations.iter().find(|migration| migration.version == known.version);
        if ours.is_none_or(|migration| migration.checksum != known.checksum) {
            return Err(OpenError::Unknown { version: known.version });
        }
    }
    let pending: Vec<&Migration> = migrations
        .iter()
        .filter(|migration| applied.iter().all(|known| known.version != migration.version))
        .collect();
    for (done, migration) in pending.iter().enumerate() {
        progress(Progress { done, total: pending.len(), name: migration.description.to_string() });
        connection.apply(APPLIED, migration).await.map_err(broken)?;
    }
    Ok(pending.len())
}

/// How many migrations are missing among those that were applied.
pub(crate) fn missing(migrations: &Migrator, applied: &[(i64,)]) -> usize {
    migrations.iter().filter(|migration| !applied.contains(&(migration.version,))).count()
}
