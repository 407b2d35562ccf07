//! What PostgreSQL does differently.

use sqlx::Postgres;

use super::CHANNEL;
use crate::sql::{
    dialect::{Bound, Dialect, Readable, Value, dialect_methods},
    statements::Text,
};

impl Dialect for Postgres {
    fn text(text: Text) -> &'static str {
        text.postgres
    }

    /// Those who listen hear of it when the transaction is committed, and never when it is not.
    async fn announce(connection: &mut Self::Connection, kept: bool) -> Result<(), sqlx::Error> {
        let notify = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL);
        notify.persistent(kept).execute(connection).await.map(drop)
    }

    dialect_methods!();
}
