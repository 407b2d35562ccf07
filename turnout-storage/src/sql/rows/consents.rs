//! The ledger of who agreed to be written to.

use sqlx::FromRow;
use turnout_core::{
    consent::{Choice, Entry, Mark, Origin, Scope},
    decision::{Channel, Purpose},
    ids::{ConsentId, SubscriberId},
    language::Language,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{corrupt, optional, required, table};
use crate::sql::{moment::Moment, statements::consents as statements};

#[derive(FromRow)]
pub(crate) struct ConsentRow {
    uuid: Uuid,
    channel: String,
    address: String,
    choice: String,
    scope: String,
    subscriber_id: Option<Uuid>,
    purpose: Option<String>,
    origin: String,
    shown: Option<String>,
    language: Option<String>,
    context: Option<String>,
    said_at: Moment,
    recorded_at: Moment,
}
table!(ConsentRow, "consent_entry", statements::COLUMNS, "consent");

impl TryFrom<ConsentRow> for Entry {
    type Error = StoreError;

    fn try_from(row: ConsentRow) -> Result<Self, StoreError> {
        let purpose = optional::<ConsentRow, _>("purpose", row.purpose.as_deref(), Purpose::parse)?;
        let scope = match (row.scope.as_str(), row.subscriber_id, purpose) {
            ("all", None, None) => Scope::All,
            ("service", None, None) => Scope::Service,
            ("subscriber", Some(subscriber), None) => Scope::Subscriber(SubscriberId(subscriber)),
            ("purpose", None, Some(purpose)) => Scope::Purpose(purpose),
            _ => return Err(corrupt::<ConsentRow>("scope")),
        };
        let choice = required::<ConsentRow, _>("choice", &row.choice, Choice::parse)?;
        Ok(Self {
            id: ConsentId(row.uuid),
            channel: required::<ConsentRow, _>("channel", &row.channel, Channel::parse)?,
            address: row.address,
            mark: Mark { choice, scope, at: row.said_at.0 },
            origin: required::<ConsentRow, _>("origin", &row.origin, Origin::parse)?,
            text: row.shown,
            language: optional::<ConsentRow, _>("language", row.language.as_deref(), Language::parse)?,
            context: row.context,
            recorded_at: row.recorded_at.0,
        })
    }
}
