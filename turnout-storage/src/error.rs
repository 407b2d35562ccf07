//! Failures of the databases as the ports' errors, without any value of a row.

use std::path::PathBuf;

use turnout_core::{error::BoxError, ports::store::StoreError};

use crate::sql::rows::Table;

/// Why a database could not be opened or brought up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file or its lock cannot be used.
    #[error("cannot use the database file {}; check that its folder exists and is writable", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The file is no database, or does not open.
    #[error("cannot open the database {}; check that it is a SQLite file of this service", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: BoxError,
    },
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
        sqlx::Error::Database(cause) if is_passing(cause.code().as_deref()) => {
            StoreError::Unavailable(cause.into())
        }
        error @ (sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)) => StoreError::Unavailable(error.into()),
        error => StoreError::Other(error.into()),
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

/// Whether a SQLite result code means trouble that passes: busy (5), locked (6), I/O (10), full (13), cannot open (14).
fn is_passing(code: Option<&str>) -> bool {
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_database_is_worth_another_try_and_a_broken_one_is_not() {
        for code in ["5", "517", "6", "778", "13", "14"] {
            assert!(is_passing(Some(code)), "{code}");
        }
        for code in ["1", "11", "19", "26", "2067", "HY000"] {
            assert!(!is_passing(Some(code)), "{code}");
        }
        assert!(!is_passing(None));
        assert!(failed("job", sqlx::Error::PoolTimedOut).is_transient());
        assert!(!failed("job", sqlx::Error::RowNotFound).is_transient());
    }
}
