//! Who did what.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    change::Change,
    ids::{ChangeId, SubscriberId, UserId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::table;
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::changes as statements};

#[derive(FromRow)]
pub(crate) struct ChangeRow {
    uuid: Uuid,
    at: Moment,
    by_id: Option<Uuid>,
    subscriber_id: Option<Uuid>,
    kind: String,
    subject: String,
    act: String,
    comment: String,
    before: Option<Json<Value>>,
    after: Option<Json<Value>>,
}
table!(ChangeRow, "change_entry", statements::COLUMNS, "change");

impl TryFrom<ChangeRow> for Change {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ChangeId(row.uuid),
            at: row.at.0,
            by: row.by_id.map(UserId),
            subscriber: row.subscriber_id.map(SubscriberId),
            kind: row.kind,
            subject: row.subject,
            act: row.act,
            comment: row.comment,
            before: row.before.map(|json| json.0),
            after: row.after.map(|json| json.0),
        })
    }
}

/// Binds what `INSERT` takes.
pub(crate) fn bind_change<D: Dialect>(statement: Statement<D>, change: &Change) -> Statement<D> {
    statement
        .bind(change.id.0)
        .bind(Moment(change.at))
        .bind(change.by.map(|id| id.0))
        .bind(change.subscriber.map(|id| id.0))
        .bind(&change.kind)
        .bind(&change.subject)
        .bind(&change.act)
        .bind(&change.comment)
        .bind(change.before.as_ref().map(Json))
        .bind(change.after.as_ref().map(Json))
}
