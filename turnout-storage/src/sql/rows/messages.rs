//! Text messages and the numbers they go to.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    address::State,
    decision::{Purpose, Rule, Whereabouts},
    ids::{BlastId, MessageId, SubscriberId},
    language::Language,
    person::Phone,
    ports::store::StoreError,
    sms::{Direction, Failure, Message, MessageStatus, Number},
};
use uuid::Uuid;

use super::{Table, corrupt, officials::stored_phone, optional, required, table};
use crate::sql::{moment::Moment, statements::messages as statements};

#[derive(FromRow)]
pub(crate) struct NumberRow {
    phone: String,
    uuid: Uuid,
    welcome_time: Option<Moment>,
    opt_out_time: Option<Moment>,
    opt_in_time: Option<Moment>,
    language: Option<String>,
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
            language: optional::<NumberRow, _>("language", row.language.as_deref(), Language::parse)?,
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
    purpose: Option<String>,
    subscriber_id: Option<Uuid>,
    zones: Option<String>,
    states: Option<String>,
    rule: Option<String>,
    held_until: Option<Moment>,
    decided_at: Option<Moment>,
    failure: Option<String>,
}
table!(MessageRow, "smsbot_smsmessage", statements::COLUMNS, "message");

impl TryFrom<MessageRow> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        let whereabouts = match (&row.zones, &row.states) {
            (Some(zones), Some(states)) => Some(whereabouts::<MessageRow>(zones, states)?),
            (None, None) => None,
            _ => return Err(corrupt::<MessageRow>("zones")),
        };
        Ok(Self {
            id: MessageId(row.uuid),
            phone: stored_phone(row.phone_id),
            direction: required::<MessageRow, _>("direction", &row.direction, Direction::parse)?,
            text: row.message,
            status: optional::<MessageRow, _>("status", row.status.as_deref(), MessageStatus::parse)?,
            status_at: row.status_time.map(|moment| moment.0),
            carrier_id: row.twilio_sid,
            failure: optional::<MessageRow, _>("failure", row.failure.as_deref(), Failure::parse)?,
            more: row.kwargs.map(|kwargs| kwargs.0),
            blast: row.blast_id.map(BlastId),
            purpose: optional::<MessageRow, _>("purpose", row.purpose.as_deref(), Purpose::parse)?,
            sender: row.subscriber_id.map(SubscriberId),
            whereabouts,
            rule: optional::<MessageRow, _>("rule", row.rule.as_deref(), Rule::parse)?,
            held_until: row.held_until.map(|moment| moment.0),
            decided_at: row.decided_at.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// Reads where somebody may be: two lists.
pub(crate) fn whereabouts<R: Table>(zones: &str, states: &str) -> Result<Whereabouts, StoreError> {
    Ok(Whereabouts {
        zones: list::<R, _>("zones", zones, |name| name.parse().ok())?,
        states: list::<R, _>("states", states, State::parse)?,
    })
}

/// The zones as a list.
pub(crate) fn zones(whereabouts: &Whereabouts) -> String {
    whereabouts.zones.iter().map(|zone| zone.name()).collect::<Vec<_>>().join(" ")
}

/// The states as a list.
pub(crate) fn states(whereabouts: &Whereabouts) -> String {
    whereabouts.states.iter().map(|state| state.code()).collect::<Vec<_>>().join(" ")
}

/// The words of a list with blanks between them.
fn list<R: Table, T>(
    column: &'static str,
    text: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, StoreError> {
    text.split_whitespace().map(|word| parse(word).ok_or_else(|| corrupt::<R>(column))).collect()
}

/// How far a text has come, in a statement that changes many.
#[derive(Serialize)]
pub(crate) struct ChangedMessage<'a> {
    uuid: String,
    status: Option<&'static str>,
    status_time: Option<String>,
    twilio_sid: Option<&'a str>,
    modified_at: String,
    rule: Option<String>,
    held_until: Option<String>,
    decided_at: Option<String>,
    failure: Option<&'static str>,
}

impl<'a> From<&'a Message> for ChangedMessage<'a> {
    fn from(message: &'a Message) -> Self {
        let text = |at: Option<DateTime<Utc>>| at.map(|at| Moment(at).text());
        Self {
            uuid: message.id.0.simple().to_string(),
            status: message.status.map(MessageStatus::wire),
            status_time: text(message.status_at),
            twilio_sid: message.carrier_id.as_deref(),
            modified_at: Moment(message.modified_at).text(),
            rule: message.rule.map(|rule| rule.id().into_owned()),
            held_until: text(message.held_until),
            decided_at: text(message.decided_at),
            failure: message.failure.map(Failure::wire),
        }
    }
}

/// What for and when a text went, and to whom.
#[derive(FromRow)]
pub(crate) struct SentToRow {
    phone_id: String,
    #[sqlx(flatten)]
    sent: SentRow,
}
table!(SentToRow, "smsbot_smsmessage", "phone_id, purpose, decided_at", "message");

impl SentToRow {
    pub(crate) fn read(self) -> Result<(Phone, Purpose, DateTime<Utc>), StoreError> {
        let (purpose, at) = self.sent.read()?;
        Ok((Phone::from_stored(self.phone_id), purpose, at))
    }
}

/// What for and when a text went.
#[derive(FromRow)]
pub(crate) struct SentRow {
    purpose: Option<String>,
    decided_at: Option<Moment>,
}
table!(SentRow, "smsbot_smsmessage", "purpose, decided_at", "message");

impl SentRow {
    pub(crate) fn read(self) -> Result<(Purpose, DateTime<Utc>), StoreError> {
        let purpose = optional::<MessageRow, _>("purpose", self.purpose.as_deref(), Purpose::parse)?;
        let at = self.decided_at.map(|moment| moment.0);
        purpose.zip(at).ok_or_else(|| corrupt::<MessageRow>("decided_at"))
    }
}
