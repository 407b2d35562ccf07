//! Failures of the databases as the ports' errors, without any value of a row.

#[cfg(feature = "sqlite")]
use std::path::PathBuf;

use sqlx::error::DatabaseError;
use turnout_core::{error::BoxError, ports::store::StoreError};

use crate::sql::rows::Table;

/// Why a database could not be opened or brought up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file or its lock cannot be used.
    #[cfg(feature = "sqlite")]
    #[error("cannot use the database file {}; check that its folder exists and is writable", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The file is no database, or does not open.
    #[cfg(feature = "sqlite")]
    #[error("cannot open the database {}; check that it is a SQLite file of this service", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: BoxError,
    },
    /// The address of the server cannot be read. The cause is left out, as it may hold the password.
    #[cfg(feature = "postgres")]
    #[error(
        "the address of the database cannot be read: postgres://USER:PASSWORD@HOST:5432/NAME?sslmode=verify-full is one"
    )]
    Address,
    /// The server cannot be reached, or does not let us in.
    #[cfg(feature = "postgres")]
    #[error("cannot reach the database {name} at {host}; check that it is up and lets us in")]
    Reach {
        /// The server.
        host: String,
        /// The database's name.
        name: String,
        /// The cause.
        #[source]
        source: BoxError,
    },
    /// Migrations need a connection that stays ours, which a pooler does not give.
    #[cfg(feature = "postgres")]
    #[error(
        "a pooler stands before the database: migrate by an address without pgbouncer=true, that of the server itself"
    )]
    Pooled,
    /// A migration failed; those before it are in place.
    #[error("a migration of the database failed; see the cause, then run turnout-server migrate again")]
    Migration(#[source] BoxError),
    /// The database was migrated by another version of this program.
    #[error(
        "the database was brought up to date by another version of this program, which knows migration {version}: \
         run that version, or go back to a copy made before"
    )]
    Unknown {
        /// The migration's number.
        version: i64,
    },
}

/// What a statement's failure means, where no row is read.
pub(crate) fn failed(entity: &'static str, error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => StoreError::Conflict { entity },
        sqlx::Error::Database(cause) if is_passing(cause.as_ref()) => StoreError::Unavailable(cause.into()),
        error @ (sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)) => StoreError::Unavailable(error.into()),
        error => StoreError::Other(error.into()),
    }
}

/// Whether the connection was lost, as far as a statement's failure tells.
#[cfg(feature = "postgres")]
pub(crate) fn lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(cause) => {
            matches!(cause.code().as_deref(), Some("57P01" | "57P02" | "57P05" | "25P03"))
        }
        _ => false,
    }
}

/// What a statement's failure means, where rows are read. A value that cannot be read is named by its column only.
pub(crate) fn unreadable<R: Table>(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::ColumnDecode { index, .. } => {
            let name = index.trim_matches('"');
            let column = R::COLUMNS.split(',').map(str::trim).find(|column| *column == name);
            StoreError::Corrupt { table: R::TABLE, column: column.unwrap_or("?"), source: None }
        }
        error => failed(R::ENTITY, error),
    }
}

/// Whether a database speaks of trouble that passes.
fn is_passing(cause: &dyn DatabaseError) -> bool {
    #[cfg(feature = "sqlite")]
    if cause.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        return cause.code().is_some_and(|code| is_passing_in_sqlite(&code));
    }
    #[cfg(feature = "postgres")]
    if let Some(cause) = cause.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return is_passing_in_postgres(cause.code());
    }
    false
}

/// Busy (5), locked (6), I/O (10), full (13), cannot open (14).
#[cfg(feature = "sqlite")]
fn is_passing_in_sqlite(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// By SQLSTATE: the connection (08), no resources (53), a stop or a crash of the server, a statement or transaction that
/// took too long (57, 25P03), a lock that was not given in time (55P03), two transactions in each other's way (40), a
/// server that became a standby (25006), a disk that fails (58030).
#[cfg(feature = "postgres")]
fn is_passing_in_postgres(state: &str) -> bool {
    matches!(state.get(..2), Some("08" | "40" | "53" | "57"))
        || matches!(state, "25006" | "25P03" | "55P03" | "58030")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_without_a_free_connection_is_worth_another_try_and_a_missing_row_is_not() {
        assert!(failed("job", sqlx::Error::PoolTimedOut).is_transient());
        assert!(!failed("job", sqlx::Error::RowNotFound).is_transient());
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_busy_file_is_worth_another_try_and_a_broken_one_is_not() {
        for code in ["5", "517", "6", "778", "13", "14"] {
            assert!(is_passing_in_sqlite(code), "{code}");
        }
        for code in ["1", "11", "19", "26", "2067", "HY000"] {
            assert!(!is_passing_in_sqlite(code), "{code}");
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_server_that_stops_or_is_busy_is_worth_another_try_and_a_wrong_statement_is_not() {
        for state in
            ["08006", "40001", "40P01", "53300", "55P03", "57014", "57P01", "57P02", "57P03", "25P03"]
        {
            assert!(is_passing_in_postgres(state), "{state}");
        }
        for state in ["22021", "22P05", "23503", "23505", "25P02", "42601", "42P01", "XX000", ""] {
            assert!(!is_passing_in_postgres(state), "{state}");
        }
    }
}
