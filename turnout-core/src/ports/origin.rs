//! The database of the service that came before, read as it was at one moment.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::error::BoxError;

/// Why rows of the other service are not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OriginError {
    /// The database does not answer, or no longer; trying again later may help.
    #[error("the database of the Django service does not answer")]
    Unavailable(#[source] BoxError),
    /// It is not the database of a Django service.
    #[error("that is no database of the Django service: {0}")]
    Another(&'static str),
    /// Anything else.
    #[error("the database of the Django service cannot be read")]
    Other(#[source] BoxError),
}

/// What is wanted of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The table.
    pub table: &'static str,
    /// Its primary key. Rows come in its order.
    pub key: &'static str,
    /// Columns, and the names under which they are given.
    pub columns: Vec<(&'static str, &'static str)>,
    /// Only rows that have nothing in this column, or only those that have something.
    pub only: Option<(&'static str, Filled)>,
}

/// Whether a column has something in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// It is null.
    No,
    /// It is not null.
    Yes,
}

/// Which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// All.
    All,
    /// Those that were written by a transaction that an earlier reader, whose [`Origin::mark`] this is, may not have seen.
    Since(i64),
    /// Those with these keys.
    Keys(&'a [String]),
    /// Those that point, by this column, to a row that is not there.
    Astray {
        /// The column.
        column: &'static str,
        /// The table that it points to.
        to: &'static str,
        /// That table's primary key.
        key: &'static str,
    },
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct OriginRow {
    /// Its primary key as text, to go on after it.
    pub key: String,
    /// Its primary key as it is.
    pub pk: Value,
    /// What was wanted: texts, numbers, booleans, JSON; moments and days in the forms of RFC 3339, bytes in hex.
    pub fields: Map<String, Value>,
}

/// A database of the Django service as it was when this was opened, whoever writes into it meanwhile. Nothing in it is changed.
///
/// ```
/// use std::collections::{BTreeMap, BTreeSet};
///
/// use async_trait::async_trait;
/// use serde_json::{Map, json};
/// use turnout_core::ports::origin::{Origin, OriginError, OriginRow, Wanted, Which};
///
/// /// Two actions, from a list.
/// struct Listed(BTreeMap<String, BTreeSet<String>>);
///
/// #[async_trait]
/// impl Origin for Listed {
///     fn name(&self) -> &str {
///         "a list"
///     }
///
///     fn mark(&self) -> i64 {
///         1
///     }
///
///     fn tables(&self) -> &BTreeMap<String, BTreeSet<String>> {
///         &self.0
///     }
///
///     fn is_bound(&self, _table: &str, _column: &str) -> bool {
///         true
///     }
///
///     async fn count(&mut self, _wanted: &Wanted, _which: Which<'_>) -> Result<u64, OriginError> {
///         Ok(2)
///     }
///
///     async fn rows(
///         &mut self,
///         _wanted: &Wanted,
///         _which: Which<'_>,
///         after: Option<&str>,
///         limit: u32,
///     ) -> Result<Vec<OriginRow>, OriginError> {
///         let keys = ["1", "2"].into_iter().filter(|key| after.is_none_or(|after| *key > after));
///         let row = |key: &str| OriginRow { key: key.to_owned(), pk: json!(key), fields: Map::new() };
///         Ok(keys.take(limit as usize).map(row).collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), OriginError> {
/// let mut origin = Listed(BTreeMap::new());
/// let wanted = Wanted { table: "action_action", key: "uuid", columns: vec![], only: None };
/// assert_eq!(origin.rows(&wanted, Which::All, Some("1"), 10).await?.len(), 1);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait Origin: Send {
    /// Which database it is, by whatever address it is reached.
    fn name(&self) -> &str;

    /// How far its transactions are: all before this one are seen. It grows.
    fn mark(&self) -> i64;

    /// Its tables, and their columns.
    fn tables(&self) -> &BTreeMap<String, BTreeSet<String>>;

    /// Whether the database itself sees to it that this column points to a row that is there.
    fn is_bound(&self, table: &str, column: &str) -> bool;

    /// How many rows there are.
    async fn count(&mut self, wanted: &Wanted, which: Which<'_>) -> Result<u64, OriginError>;

    /// Up to so many rows, those whose keys come after the given one, in the order of their keys.
    async fn rows(
        &mut self,
        wanted: &Wanted,
        which: Which<'_>,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<OriginRow>, OriginError>;
}
