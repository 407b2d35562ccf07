//! Calls that carry a key.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    keyed_call::{KeptAnswer, KeyedCall},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, table};
use crate::sql::{
    dialect::Dialect, moment::Moment, session::Statement, statements::keyed_calls as statements,
};

#[derive(FromRow)]
pub(crate) struct KeyedCallRow {
    place: Vec<u8>,
    fingerprint: Vec<u8>,
    seed: Uuid,
    lease_until: Moment,
    status: Option<i64>,
    body: Option<Json<Value>>,
    created_at: Moment,
}
table!(KeyedCallRow, "keyed_call", statements::COLUMNS, "call");

impl TryFrom<KeyedCallRow> for KeyedCall {
    type Error = StoreError;

    fn try_from(row: KeyedCallRow) -> Result<Self, StoreError> {
        let hash = |column, bytes: Vec<u8>| bytes.try_into().map_err(|_| corrupt::<KeyedCallRow>(column));
        let answer = match row.status {
            None => None,
            Some(status) => Some(KeptAnswer {
                status: status.try_into().map_err(|_| corrupt::<KeyedCallRow>("status"))?,
                body: row.body.map_or(Value::Null, |body| body.0),
            }),
        };
        Ok(Self {
            place: hash("place", row.place)?,
            fingerprint: hash("fingerprint", row.fingerprint)?,
            seed: row.seed,
            lease_until: row.lease_until.0,
            answer,
            created_at: row.created_at.0,
        })
    }
}

/// Binds what `ADD` takes.
pub(crate) fn bind_call<D: Dialect>(statement: Statement<D>, call: &KeyedCall) -> Statement<D> {
    statement
        .bind(&call.place[..])
        .bind(&call.fingerprint[..])
        .bind(call.seed)
        .bind(Moment(call.lease_until))
        .bind(call.answer.as_ref().map(|answer| i64::from(answer.status)))
        .bind(call.answer.as_ref().map(|answer| Json(&answer.body)))
        .bind(Moment(call.created_at))
}
