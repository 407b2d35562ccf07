//! Single rows, as record pages show them.

use chrono::DateTime;
use serde_json::Value as Json;
use sqlx::{FromRow, types};
use turnout_core::{
    back_office::{Column, Kind, Record, RecordKey, Value},
    ids::parse_uuid,
    ports::store::StoreError,
};

use super::{corrupt, table};
use crate::sql::{moment::Moment, statements::records as statements};

#[derive(FromRow)]
pub(crate) struct RecordRow {
    id: String,
    moment: Moment,
    cells: types::Json<Vec<Json>>,
}
table!(RecordRow, "record", statements::COLUMNS, "record");

impl RecordRow {
    /// The record, whose columns these are.
    pub(crate) fn read(self, columns: &[Column], has_uuid: bool) -> Result<Record, StoreError> {
        let id = match has_uuid {
            true => parse_uuid(&self.id).ok_or_else(|| corrupt::<RecordRow>("id"))?.to_string(),
            false => self.id,
        };
        let values = columns
            .iter()
            .zip(self.cells.0)
            .map(|(column, cell)| value(column.kind, cell).ok_or_else(|| corrupt::<RecordRow>(column.name)));
        Ok(Record { key: RecordKey { at: self.moment.0, id }, values: values.collect::<Result<_, _>>()? })
    }
}

/// What a database's JSON says, as the column is meant. SQLite has no flags but numbers, and no UUIDs but their digits.
fn value(kind: Kind, cell: Json) -> Option<Value> {
    Some(match (kind, cell) {
        (_, Json::Null) => Value::Nothing,
        (Kind::Number, Json::Number(number)) => Value::Number(number.as_i64()?),
        (Kind::Flag, Json::Bool(flag)) => Value::Flag(flag),
        (Kind::Flag, Json::Number(number)) => Value::Flag(number.as_i64()? != 0),
        (Kind::Moment, Json::String(text)) => {
            Value::Moment(DateTime::parse_from_rfc3339(&text).ok()?.to_utc())
        }
        (Kind::Record(_) | Kind::User | Kind::Id, Json::String(text)) => {
            Value::Text(parse_uuid(&text).map_or(text, |uuid| uuid.to_string()))
        }
        (Kind::Text | Kind::Long | Kind::Phone, Json::String(text)) => Value::Text(text),
        _ => return None,
    })
}
