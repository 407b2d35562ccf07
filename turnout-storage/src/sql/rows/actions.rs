//! Actions and their events.

use sqlx::FromRow;
use turnout_core::{
    action::{Action, Event, EventType},
    ids::{ActionId, EventId},
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{required, table};
use crate::sql::{moment::Moment, statements::actions as statements};

#[derive(FromRow)]
pub(crate) struct ActionRow {
    uuid: Uuid,
    visible_to_subscriber: Option<bool>,
    last_voter_lookup: Option<Moment>,
    created_at: Moment,
    modified_at: Moment,
}
table!(ActionRow, "action_action", statements::COLUMNS, "action");

impl TryFrom<ActionRow> for Action {
    type Error = StoreError;

    fn try_from(row: ActionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ActionId(row.uuid),
            visible_to_subscriber: row.visible_to_subscriber.unwrap_or(false),
            last_voter_lookup: row.last_voter_lookup.map(|moment| moment.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct EventRow {
    uuid: Uuid,
    action_id: Uuid,
    event_type: String,
    created_at: Moment,
}
table!(EventRow, "event_tracking_event", statements::EVENT_COLUMNS, "event");

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: EventId(row.uuid),
            action: ActionId(row.action_id),
            kind: required::<EventRow, _>("event_type", &row.event_type, EventType::parse)?,
            created_at: row.created_at.0,
        })
    }
}
