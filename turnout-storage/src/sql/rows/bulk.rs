//! How far another service was taken over.

use sqlx::FromRow;
use turnout_core::ports::store::{Carried, LeftOut, StoreError};

use super::{corrupt, table};

#[derive(FromRow)]
pub(crate) struct CarriedRow {
    model: String,
    floor: Option<i64>,
    began: Option<i64>,
    after_key: Option<String>,
    rows_read: i64,
    rows_written: i64,
}
table!(
    CarriedRow,
    "django_carried",
    "model, floor, began, after_key, rows_read, rows_written",
    "model of another service"
);

impl TryFrom<CarriedRow> for Carried {
    type Error = StoreError;

    fn try_from(row: CarriedRow) -> Result<Self, StoreError> {
        let count = |column, count: i64| u64::try_from(count).map_err(|_| corrupt::<CarriedRow>(column));
        Ok(Self {
            read: count("rows_read", row.rows_read)?,
            written: count("rows_written", row.rows_written)?,
            model: row.model,
            floor: row.floor,
            began: row.began,
            after: row.after_key,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct LeftOutRow {
    key: String,
    why: String,
}
table!(LeftOutRow, "django_left_out", "key, why", "row that was left out");

impl TryFrom<LeftOutRow> for LeftOut {
    type Error = StoreError;

    fn try_from(row: LeftOutRow) -> Result<Self, StoreError> {
        Ok(Self { key: row.key, why: row.why })
    }
}
