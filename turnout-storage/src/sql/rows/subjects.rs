//! Rows of any table as they are, and receipts.

use serde_json::{Map, Value};
use sqlx::FromRow;
use turnout_core::{
    ids::SubscriberId,
    listing::Tool,
    ports::store::{Row, StoreError},
    search::VoterList,
    subject::SignedReceipt,
};
use uuid::Uuid;

use super::{corrupt, required, table};
use crate::sql::{moment::Moment, statements::subjects as statements};

/// A row with all its columns: ids as UUIDs with hyphens.
pub(crate) struct FoundRow(pub(crate) Row);
table!(FoundRow, "rows by person", "*", "row");

#[cfg(feature = "sqlite")]
impl FromRow<'_, sqlx::sqlite::SqliteRow> for FoundRow {
    fn from_row(row: &sqlx::sqlite::SqliteRow) -> Result<Self, sqlx::Error> {
        use sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _};

        let mut found = Map::new();
        for column in row.columns() {
            let at = column.ordinal();
            let raw = row.try_get_raw(at)?;
            let value = if raw.is_null() {
                Value::Null
            } else {
                match raw.type_info().name() {
                    "INTEGER" => row.try_get_unchecked::<i64, _>(at)?.into(),
                    "REAL" => row.try_get_unchecked::<f64, _>(at)?.into(),
                    "BLOB" => bytes(&row.try_get_unchecked::<Vec<u8>, _>(at)?).into(),
                    _ => row.try_get_unchecked::<String, _>(at)?.into(),
                }
            };
            found.insert(column.name().to_owned(), value);
        }
        Ok(Self(found))
    }
}

/// An id, or bytes in hex.
#[cfg(feature = "sqlite")]
fn bytes(bytes: &[u8]) -> String {
    Uuid::from_slice(bytes)
        .map_or_else(|_| bytes.iter().map(|byte| format!("{byte:02x}")).collect(), |id| id.to_string())
}

#[cfg(feature = "postgres")]
impl FromRow<'_, sqlx::postgres::PgRow> for FoundRow {
    fn from_row(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
        use sqlx::Row as _;

        Ok(Self(row.try_get::<sqlx::types::Json<Map<String, Value>>, _>(0)?.0))
    }
}

/// Where an entry lies among what is packed.
#[derive(FromRow)]
pub(crate) struct PlaceRow {
    partner_id: Uuid,
    tool: String,
    created_at: Moment,
}
table!(PlaceRow, "search_entry", statements::PLACE_COLUMNS, "list entry");

/// A list and a moment of it.
pub(crate) struct Place {
    pub(crate) list: VoterList,
    pub(crate) moment: chrono::DateTime<chrono::Utc>,
}

impl TryFrom<PlaceRow> for Place {
    type Error = StoreError;

    fn try_from(row: PlaceRow) -> Result<Self, StoreError> {
        let tool = required::<PlaceRow, _>("tool", &row.tool, Tool::parse)?;
        let list = VoterList { subscriber: SubscriberId(row.partner_id), tool };
        Ok(Self { list, moment: row.created_at.0 })
    }
}

#[derive(FromRow)]
pub(crate) struct ReceiptRow {
    content: String,
    signature: String,
}
table!(ReceiptRow, "data_receipt", statements::RECEIPT_COLUMNS, "receipt");

impl TryFrom<ReceiptRow> for SignedReceipt {
    type Error = StoreError;

    fn try_from(row: ReceiptRow) -> Result<Self, StoreError> {
        let receipt = serde_json::from_str(&row.content).map_err(|_| corrupt::<ReceiptRow>("content"))?;
        Ok(Self { receipt, signature: row.signature })
    }
}
