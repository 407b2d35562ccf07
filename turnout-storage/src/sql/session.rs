//! One open transaction, which the rooms read and write through, whatever the database.

use sqlx::Transaction;
use turnout_core::ports::store::StoreError;

use super::{
    dialect::{Bound, Dialect, Readable, Value},
    rows::Table,
    statements::Text,
};
use crate::error::{failed, unreadable};

/// A statement with its values.
pub(crate) struct Statement<D: Dialect> {
    bound: Bound<D>,
    /// Whether it stays prepared.
    kept: bool,
}

/// A statement whose values are still to be bound, in the order of their numbers.
pub(crate) fn query<D: Dialect>(text: Text) -> Statement<D> {
    Statement { bound: sqlx::query(D::text(text)), kept: true }
}

impl<D: Dialect> Statement<D> {
    /// The value of the next number.
    pub(crate) fn bind<'t>(self, value: impl Value<'t>) -> Self {
        Self { bound: D::bind(self.bound, value), kept: self.kept }
    }

    /// Has it planned each time for the values that it has. A plan that is kept is that for any values, and some values are
    /// a thousand times as frequent as others.
    pub(crate) fn planned_for_its_values(self) -> Self {
        Self { kept: false, ..self }
    }
}

/// What a transaction is to whoever traces: `view` or `unit`, and nothing of what is in it.
pub(crate) fn traced(what: &'static str) -> tracing::Span {
    tracing::info_span!(target: "turnout::trace", "store", what)
}

/// One open transaction. Dropping it rolls it back before the connection is used again.
pub(crate) struct Session<D: Dialect> {
    transaction: Transaction<'static, D>,
    kept: bool,
    enqueued_due: bool,
    /// From the wait for a connection to the end, for whoever traces.
    _span: tracing::Span,
}

impl<D: Dialect> Session<D> {
    /// Statements are prepared once per connection.
    pub(crate) fn new(transaction: Transaction<'static, D>) -> Self {
        Self { transaction, kept: true, enqueued_due: false, _span: tracing::Span::none() }
    }

    /// It lasts as long as this span, which begins before it: see [`traced`].
    pub(crate) fn within(mut self, span: tracing::Span) -> Self {
        self._span = span;
        self
    }

    /// Whether statements stay prepared on the connection. Not where somebody between us and the database hands the
    /// connection to others after each transaction.
    #[cfg(feature = "postgres")]
    pub(crate) fn with_kept_statements(mut self, kept: bool) -> Self {
        self.kept = kept;
        self
    }

    /// Remembers that somebody is to be woken after the commit.
    pub(crate) fn note_due_job(&mut self) {
        self.enqueued_due = true;
    }

    /// Makes it last; says whether somebody is to be woken.
    pub(crate) async fn commit(mut self) -> Result<bool, StoreError> {
        let failed = |error| failed("row", error);
        if self.enqueued_due {
            D::announce(&mut self.transaction, self.kept).await.map_err(failed)?;
        }
        self.transaction.commit().await.map_err(failed)?;
        Ok(self.enqueued_due)
    }

    /// The row, if there is one.
    pub(crate) async fn optional<R, T>(&mut self, statement: Statement<D>) -> Result<Option<T>, StoreError>
    where
        R: Table + Readable,
        T: TryFrom<R, Error = StoreError>,
    {
        let row =
            D::fetch_optional(&mut self.transaction, statement.bound, self.kept && statement.kept).await;
        let row = row.and_then(|row| row.as_ref().map(D::read::<R>).transpose()).map_err(unreadable::<R>)?;
        row.map(T::try_from).transpose()
    }

    /// The rows as they are, for a room that has to look at them first.
    pub(crate) async fn rows<R>(&mut self, statement: Statement<D>) -> Result<Vec<R>, StoreError>
    where
        R: Table + Readable,
    {
        let rows = D::fetch_all(&mut self.transaction, statement.bound, self.kept && statement.kept).await;
        rows.and_then(|rows| rows.iter().map(D::read::<R>).collect()).map_err(unreadable::<R>)
    }

    /// All rows.
    pub(crate) async fn all<R, T>(&mut self, statement: Statement<D>) -> Result<Vec<T>, StoreError>
    where
        R: Table + Readable,
        T: TryFrom<R, Error = StoreError>,
    {
        self.rows(statement).await?.into_iter().map(T::try_from).collect()
    }

    /// The single value of each row.
    pub(crate) async fn values<T>(&mut self, statement: Statement<D>) -> Result<Vec<T>, StoreError>
    where
        (T,): Readable,
    {
        let rows = D::fetch_all(&mut self.transaction, statement.bound, self.kept && statement.kept).await;
        let values = rows.and_then(|rows| rows.iter().map(D::read::<(T,)>).collect::<Result<Vec<_>, _>>());
        Ok(values.map_err(|error| failed("row", error))?.into_iter().map(|(value,)| value).collect())
    }

    /// Changes rows and says how many. `entity` is what exists when a key is taken.
    pub(crate) async fn change(
        &mut self,
        entity: &'static str,
        statement: Statement<D>,
    ) -> Result<u64, StoreError> {
        let changed = D::execute(&mut self.transaction, statement.bound, self.kept && statement.kept).await;
        changed.map_err(|error| failed(entity, error))
    }

    /// Changes the one row that has to be there.
    pub(crate) async fn change_one(
        &mut self,
        entity: &'static str,
        statement: Statement<D>,
    ) -> Result<(), StoreError> {
        match self.change(entity, statement).await? {
            1 => Ok(()),
            _ => Err(StoreError::Other(format!("there is no such {entity}").into())),
        }
    }
}
