//! Text messages and the numbers they go to.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    ids::{BlastId, MessageId},
    person::Phone,
    ports::store::StoreError,
    sms::{Direction, Message, MessageStatus, Number},
};
use uuid::Uuid;

use super::{officials::stored_phone, optional, required, table};
use crate::sql::{moment::Moment, statements::messages as statements};

#[derive(FromRow)]
pub(crate) struct NumberRow {
    phone: String,
    uuid: Uuid,
    welcome_time: Option<Moment>,
    opt_out_time: Option<Moment>,
    opt_in_time: Option<Moment>,
    created_at: Moment,
    modified_at: Moment,
}
table!(NumberRow, "smsbot_number", statements::NUMBER_COLUMNS, "number");

impl TryFrom<NumberRow> for Number {
    type Error = StoreError;

    fn try_from(row: NumberRow) -> Result<Self, StoreError> {
        Ok(Self {
            phone: Phone::from_stored(row.phone),
            id: row.uuid,
            welcomed_at: row.welcome_time.map(|moment| moment.0),
            opted_out_at: row.opt_out_time.map(|moment| moment.0),
            opted_in_at: row.opt_in_time.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct MessageRow {
    uuid: Uuid,
    phone_id: Option<String>,
    direction: String,
    message: Option<String>,
    status: Option<String>,
    status_time: Option<Moment>,
    twilio_sid: Option<String>,
    kwargs: Option<Json<Value>>,
    blast_id: Option<Uuid>,
    created_at: Moment,
    modified_at: Moment,
}
table!(MessageRow, "smsbot_smsmessage", statements::COLUMNS, "message");

impl TryFrom<MessageRow> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MessageId(row.uuid),
            phone: stored_phone(row.phone_id),
            direction: required::<MessageRow, _>("direction", &row.direction, Direction::parse)?,
            text: row.message,
            status: optional::<MessageRow, _>("status", row.status.as_deref(), MessageStatus::parse)?,
            status_at: row.status_time.map(|moment| moment.0),
            carrier_id: row.twilio_sid,
            more: row.kwargs.map(|kwargs| kwargs.0),
            blast: row.blast_id.map(BlastId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
