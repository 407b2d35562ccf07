//! Requests to be reminded.

use sqlx::FromRow;
use turnout_core::{
    ids::{ActionId, ReminderId, SubscriberId},
    ports::store::StoreError,
    reminder::ReminderRequest,
};
use uuid::Uuid;

use super::{
    details::{DetailsColumns, bind_details},
    table,
};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::reminders as statements};

#[derive(FromRow)]
pub(crate) struct ReminderRow {
    uuid: Uuid,
    action_id: Option<Uuid>,
    partner_id: Option<Uuid>,
    created_at: Moment,
    modified_at: Moment,
    #[sqlx(flatten)]
    voter: DetailsColumns,
}
table!(ReminderRow, "reminder_reminderrequest", statements::COLUMNS, "reminder request");

impl TryFrom<ReminderRow> for ReminderRequest {
    type Error = StoreError;

    fn try_from(row: ReminderRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ReminderId(row.uuid),
            action: row.action_id.map(ActionId),
            subscriber: row.partner_id.map(SubscriberId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
            voter: row.voter.read::<ReminderRow>()?,
        })
    }
}

/// Binds what `INSERT` takes.
pub(crate) fn bind_reminder<D: Dialect>(statement: Statement<D>, request: &ReminderRequest) -> Statement<D> {
    let statement = statement
        .bind(request.id.0)
        .bind(request.action.map(|id| id.0))
        .bind(request.subscriber.map(|id| id.0))
        .bind(Moment(request.created_at))
        .bind(Moment(request.modified_at));
    bind_details(statement, &request.voter)
}
