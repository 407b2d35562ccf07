//! One open transaction, which the rooms read and write through.

use sqlx::{
    FromRow, Sqlite, Transaction,
    query::{Query, QueryAs},
    sqlite::{SqliteArguments, SqliteRow},
};
use turnout_core::ports::store::StoreError;

use crate::{
    error::{failed, unreadable},
    sql::rows::Table,
};

/// A statement with its values.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;
/// A statement with its values that gives rows.
pub(super) type Rows<'q, R> = QueryAs<'q, Sqlite, R, SqliteArguments>;

/// One open transaction. Dropping it rolls it back before the connection is used again.
pub(super) struct Session {
    transaction: Transaction<'static, Sqlite>,
    enqueued_due: bool,
}

impl Session {
    pub(super) fn new(transaction: Transaction<'static, Sqlite>) -> Self {
        Self { transaction, enqueued_due: false }
    }

    /// Remembers that somebody is to be woken after the commit.
    pub(super) fn note_due_job(&mut self) {
        self.enqueued_due = true;
    }

    pub(super) fn enqueued_due(&self) -> bool {
        self.enqueued_due
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(|error| failed("row", error))
    }

    /// The row, if there is one.
    pub(super) async fn optional<R, T>(&mut self, query: Rows<'_, R>) -> Result<Option<T>, StoreError>
    where
        R: Table + for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
        T: TryFrom<R, Error = StoreError>,
    {
        let row = query.fetch_optional(&mut *self.transaction).await.map_err(unreadable::<R>)?;
        row.map(T::try_from).transpose()
    }

    /// The rows as they are, for a room that has to look at them first.
    pub(super) async fn rows<R>(&mut self, query: Rows<'_, R>) -> Result<Vec<R>, StoreError>
    where
        R: Table + for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        query.fetch_all(&mut *self.transaction).await.map_err(unreadable::<R>)
    }

    /// All rows.
    pub(super) async fn all<R, T>(&mut self, query: Rows<'_, R>) -> Result<Vec<T>, StoreError>
    where
        R: Table + for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
        T: TryFrom<R, Error = StoreError>,
    {
        self.rows(query).await?.into_iter().map(T::try_from).collect()
    }

    /// The single value of each row.
    pub(super) async fn values<T>(&mut self, query: Rows<'_, (T,)>) -> Result<Vec<T>, StoreError>
    where
        (T,): for<'r> FromRow<'r, SqliteRow>,
        T: Send + Unpin,
    {
        let rows = query.fetch_all(&mut *self.transaction).await.map_err(|error| failed("row", error))?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// Changes rows and says how many. `entity` is what exists when a key is taken.
    pub(super) async fn change(
        &mut self,
        entity: &'static str,
        query: Statement<'_>,
    ) -> Result<u64, StoreError> {
        let done = query.execute(&mut *self.transaction).await.map_err(|error| failed(entity, error))?;
        Ok(done.rows_affected())
    }

    /// Changes the one row that has to be there.
    pub(super) async fn change_one(
        &mut self,
        entity: &'static str,
        query: Statement<'_>,
    ) -> Result<(), StoreError> {
        match self.change(entity, query).await? {
            1 => Ok(()),
            _ => Err(StoreError::Other(format!("there is no such {entity}").into())),
        }
    }
}
