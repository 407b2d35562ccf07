//! Rows of another service, taken over as they are.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{AbsentRoom, StoreError};

/// What this room is called.
const ROOM: &str = "rows of other services";

/// How the values of a column are written in a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A text.
    Text,
    /// A boolean.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// A UUID: 32 hex digits in lower case.
    Uuid,
    /// Bytes in hex.
    Bytes,
    /// UTC with six digits of fraction, as `2020-10-02T03:04:05.678000Z`.
    Moment,
    /// A day, as `1980-02-29`.
    Day,
    /// Any JSON.
    Json,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub kind: ColumnKind,
}

/// Which of two rows of one key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Newer {
    /// The one that was changed last, by `modified_at`. One of ours that was never changed since it was made, and was not
    /// made at the same time, is a placeholder and gives way.
    Changed,
    /// The one that was changed last, by `modified_at` alone.
    Later,
    /// The one that its supplier changed last, by `external_updated`, or else by `modified_at`.
    Supplied,
    /// The one that is there: rows of this table never change.
    There,
}

/// A table that takes rows of another service.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The name of its primary key.
    pub key: &'static str,
    /// The columns that rows are written into, the key included.
    pub columns: Vec<Column>,
    /// Which of two rows of one key counts.
    pub newer: Newer,
    /// The columns that mean the same thing in both services where the keys differ.
    pub natural: &'static [&'static str],
    /// Where else that key stands: tables and their columns.
    pub pointed_at: &'static [(&'static str, &'static str)],
}

/// A row by the names of its columns. What is missing is null.
pub type Row = Map<String, Value>;

/// How far a model was taken over from a database of the other service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// The model.
    pub model: String,
    /// All that was written there before this mark is here; nothing when the first pass has not ended.
    pub floor: Option<i64>,
    /// The mark at which the present pass began; nothing between two passes.
    pub began: Option<i64>,
    /// The key up to which the present pass is.
    pub after: Option<String>,
    /// How many rows were read, in all passes.
    pub read: u64,
    /// How many of them were new or changed.
    pub written: u64,
}

/// A row that could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its key there.
    pub key: String,
    /// Why; no value of the row.
    pub why: String,
}

/// Takes rows over by table. The tables are those of [`crate::django::tables`].
#[async_trait]
pub trait Bulk: Send {
    /// Adds rows, and overwrites those of the same key where the given ones are [`Newer`]. Returns how many rows were
    /// added or overwritten. What a row points to may follow later in the unit.
    async fn put(&mut self, table: &'static Table, rows: &[Row]) -> Result<u64, StoreError>;

    /// Gives the row that means the same ([`Table::natural`]) the key of the given one, everywhere it stands.
    async fn take_key(&mut self, table: &'static Table, row: &Row) -> Result<(), StoreError>;

    /// Of these keys, as rows have them, those that no row of the table has.
    async fn missing(&mut self, table: &'static Table, keys: &[Value]) -> Result<Vec<Value>, StoreError>;

    /// The rows with these keys, in no order, with every column of the table that is not null.
    async fn rows(&mut self, table: &'static Table, keys: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// How far each model was taken over from a database, by its name.
    async fn carried(&mut self, origin: &str) -> Result<Vec<Carried>, StoreError>;

    /// Notes how far a model is.
    async fn put_carried(&mut self, origin: &str, carried: &Carried) -> Result<(), StoreError>;

    /// Rows of a model that could not be taken over, by key, after one.
    async fn left_out(
        &mut self,
        origin: &str,
        model: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LeftOut>, StoreError>;

    /// Notes which of the rows that were looked at could not be taken over; the others of them could.
    async fn settle_left_out(
        &mut self,
        origin: &str,
        model: &str,
        looked_at: &[String],
        left_out: &[LeftOut],
    ) -> Result<(), StoreError>;

    /// Forgets how far everything was taken over from a database. The rows stay.
    async fn forget_carried(&mut self, origin: &str) -> Result<(), StoreError>;
}

#[async_trait]
impl Bulk for AbsentRoom {
    async fn put(&mut self, _table: &'static Table, _rows: &[Row]) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn take_key(&mut self, _table: &'static Table, _row: &Row) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn missing(&mut self, _table: &'static Table, _keys: &[Value]) -> Result<Vec<Value>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn rows(&mut self, _table: &'static Table, _keys: &[Value]) -> Result<Vec<Row>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn carried(&mut self, _origin: &str) -> Result<Vec<Carried>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn put_carried(&mut self, _origin: &str, _carried: &Carried) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn left_out(
        &mut self,
        _origin: &str,
        _model: &str,
        _after: &str,
        _limit: u32,
    ) -> Result<Vec<LeftOut>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn settle_left_out(
        &mut self,
        _origin: &str,
        _model: &str,
        _looked_at: &[String],
        _left_out: &[LeftOut],
    ) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn forget_carried(&mut self, _origin: &str) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
