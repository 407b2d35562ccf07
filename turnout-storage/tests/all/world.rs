//! Moments, ids in a row, and stores on a file of their own.

use chrono::{DateTime, Utc};

/// So many seconds after a moment in 2026.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

/// Gives a future up after so many looks at it: whether it ended by then.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) async fn polled_at_most(times: usize, work: impl Future<Output = ()>) -> bool {
    let mut work = std::pin::pin!(work);
    let mut left = times;
    std::future::poll_fn(|context| match left.checked_sub(1) {
        None => std::task::Poll::Ready(false),
        Some(fewer) => {
            left = fewer;
            work.as_mut().poll(context).map(|()| true)
        }
    })
    .await
}

#[cfg(feature = "sqlite")]
pub(crate) use sqlite::{Fresh, empty, fresh, fresh_with, uuid};

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::{ops::Deref, path::PathBuf};

    use turnout_storage::sqlite::{SqliteOptions, SqliteStore};
    use uuid::Uuid;

    /// A store in a folder that goes with it.
    pub(crate) struct Fresh {
        store: SqliteStore,
        folder: tempfile::TempDir,
    }

    impl Fresh {
        pub(crate) fn path(&self) -> PathBuf {
            self.folder.path().join("turnout.db")
        }
    }

    impl Deref for Fresh {
        type Target = SqliteStore;

        fn deref(&self) -> &SqliteStore {
            &self.store
        }
    }

    /// One that is not migrated.
    pub(crate) async fn empty() -> Fresh {
        empty_with(SqliteOptions::default()).await
    }

    async fn empty_with(options: SqliteOptions) -> Fresh {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("turnout.db"), options).await.unwrap();
        Fresh { store, folder }
    }

    pub(crate) async fn fresh() -> Fresh {
        fresh_with(SqliteOptions::default()).await
    }

    pub(crate) async fn fresh_with(options: SqliteOptions) -> Fresh {
        let store = empty_with(options).await;
        store.migrate(|_| {}).await.unwrap();
        store
    }

    /// The id with this number.
    pub(crate) fn uuid(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }
}
