//! What the databases do differently, so that everything else is written once.

use std::future::Future;

use sqlx::{Database, query::Query};

use super::statements::Text;

/// A statement as sqlx knows it, with its values.
pub(crate) type Bound<D> = Query<'static, D, <D as Database>::Arguments>;

/// A database that the rooms can be kept in.
pub(crate) trait Dialect: Database {
    /// The text that this database is given.
    fn text(text: Text) -> &'static str;

    /// Adds a value for the next placeholder.
    fn bind<'t>(query: Bound<Self>, value: impl Value<'t>) -> Bound<Self>;

    /// Reads a row.
    fn read<R: Readable>(row: &Self::Row) -> Result<R, sqlx::Error>;

    /// Runs a statement and gives its rows. One that is not `kept` is prepared anew each time.
    fn fetch_all(
        connection: &mut Self::Connection,
        query: Bound<Self>,
        kept: bool,
    ) -> impl Future<Output = Result<Vec<Self::Row>, sqlx::Error>> + Send;

    /// As [`fetch_all`](Self::fetch_all), for one row or none.
    fn fetch_optional(
        connection: &mut Self::Connection,
        query: Bound<Self>,
        kept: bool,
    ) -> impl Future<Output = Result<Option<Self::Row>, sqlx::Error>> + Send;

    /// Runs a statement and counts the rows that it changed.
    fn execute(
        connection: &mut Self::Connection,
        query: Bound<Self>,
        kept: bool,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Tells other processes, once the transaction is committed, that a job is due. Not every database can.
    fn announce(
        connection: &mut Self::Connection,
        kept: bool,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// The methods of [`Dialect`] whose texts are the same for each database; each needs its types to be known.
macro_rules! dialect_methods {
    () => {
        fn bind<'t>(query: Bound<Self>, value: impl Value<'t>) -> Bound<Self> {
            query.bind(value)
        }

        fn read<R: Readable>(row: &Self::Row) -> Result<R, sqlx::Error> {
            <R as sqlx::FromRow<'_, Self::Row>>::from_row(row)
        }

        async fn fetch_all(
            connection: &mut Self::Connection,
            query: Bound<Self>,
            kept: bool,
        ) -> Result<Vec<Self::Row>, sqlx::Error> {
            query.persistent(kept).fetch_all(connection).await
        }

        async fn fetch_optional(
            connection: &mut Self::Connection,
            query: Bound<Self>,
            kept: bool,
        ) -> Result<Option<Self::Row>, sqlx::Error> {
            query.persistent(kept).fetch_optional(connection).await
        }

        async fn execute(
            connection: &mut Self::Connection,
            query: Bound<Self>,
            kept: bool,
        ) -> Result<u64, sqlx::Error> {
            Ok(query.persistent(kept).execute(connection).await?.rows_affected())
        }
    };
}
pub(crate) use dialect_methods;

/// Names a bound for each database of this build, and their sum.
macro_rules! sum_of_databases {
    ($(#[$doc:meta])* $sum:ident $(<$life:lifetime>)? = $sqlite:ident ($($for_sqlite:tt)+), $postgres:ident ($($for_postgres:tt)+)) => {
        $(#[$doc])*
        pub(crate) trait $sum $(<$life>)?: $sqlite $(<$life>)? + $postgres $(<$life>)? {}
        impl<$($life,)? T: $sqlite $(<$life>)? + $postgres $(<$life>)?> $sum $(<$life>)? for T {}

        #[cfg(feature = "sqlite")]
        pub(crate) trait $sqlite $(<$life>)?: $($for_sqlite)+ {}
        #[cfg(feature = "sqlite")]
        impl<$($life,)? T: $($for_sqlite)+> $sqlite $(<$life>)? for T {}
        #[cfg(not(feature = "sqlite"))]
        pub(crate) trait $sqlite $(<$life>)? {}
        #[cfg(not(feature = "sqlite"))]
        impl<$($life,)? T> $sqlite $(<$life>)? for T {}

        #[cfg(feature = "postgres")]
        pub(crate) trait $postgres $(<$life>)?: $($for_postgres)+ {}
        #[cfg(feature = "postgres")]
        impl<$($life,)? T: $($for_postgres)+> $postgres $(<$life>)? for T {}
        #[cfg(not(feature = "postgres"))]
        pub(crate) trait $postgres $(<$life>)? {}
        #[cfg(not(feature = "postgres"))]
        impl<$($life,)? T> $postgres $(<$life>)? for T {}
    };
}

sum_of_databases! {
    /// A value that every database of this build takes.
    Value<'t> =
        SqliteValue(sqlx::Encode<'t, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>),
        PgValue(sqlx::Encode<'t, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>)
}

sum_of_databases! {
    /// A row that can be read from every database of this build.
    Readable =
        ReadableFromSqlite(for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin),
        ReadableFromPg(for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin)
}
