//! What was decided about mails that did not go at once.

use sqlx::FromRow;
use turnout_core::{
    decision::{Purpose, Rule},
    ids::SubscriberId,
    mail::HeldMail,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{moment::Moment, statements::mails as statements};

#[derive(FromRow)]
pub(crate) struct HeldMailRow {
    message_id: String,
    purpose: String,
    subscriber_id: Option<Uuid>,
    rule: String,
    held_until: Option<Moment>,
    decided_at: Moment,
}
table!(HeldMailRow, "held_mail", statements::COLUMNS, "mail");

impl TryFrom<HeldMailRow> for HeldMail {
    type Error = StoreError;

    fn try_from(row: HeldMailRow) -> Result<Self, StoreError> {
        Ok(Self {
            message_id: row.message_id,
            purpose: required::<HeldMailRow, _>("purpose", &row.purpose, Purpose::parse)?,
            sender: row.subscriber_id.map(SubscriberId),
            rule: required::<HeldMailRow, _>("rule", &row.rule, Rule::parse)?,
            held_until: row.held_until.map(|moment| moment.0),
            decided_at: row.decided_at.0,
        })
    }
}
