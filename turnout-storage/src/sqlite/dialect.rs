//! What SQLite does differently.

use sqlx::Sqlite;

use crate::sql::{
    dialect::{Bound, Dialect, Readable, Value, dialect_methods},
    statements::Text,
};

impl Dialect for Sqlite {
    fn text(text: Text) -> &'static str {
        text.sqlite
    }

    /// SQLite tells no process what another one wrote.
    async fn announce(_: &mut Self::Connection, _: bool) -> Result<(), sqlx::Error> {
        Ok(())
    }

    dialect_methods!();
}
