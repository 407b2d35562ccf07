//! Which actions were passed on to contact lists.

use sqlx::FromRow;
use turnout_core::{
    crm::{ContactLink, SyncRun},
    ids::{ActionId, ContactLinkId, SubscriberId, SyncRunId},
    ports::{
        crm::{CrmPersonId, ListStatus},
        store::{ListedAddress, StoreError, Unlinked},
    },
};
use uuid::Uuid;

use super::{corrupt, optional, table};
use crate::sql::{moment::Moment, statements::contact_links as statements};

#[derive(FromRow)]
pub(crate) struct ContactLinkRow {
    uuid: Uuid,
    external_id: Option<String>,
    action_id: Option<Uuid>,
    subscriber_id: Option<Uuid>,
    email_status: Option<String>,
    phone_status: Option<String>,
    refusals: i64,
    created_at: Moment,
    modified_at: Moment,
}
table!(ContactLinkRow, "integration_link", statements::COLUMNS, "contact link");

impl TryFrom<ContactLinkRow> for ContactLink {
    type Error = StoreError;

    fn try_from(row: ContactLinkRow) -> Result<Self, StoreError> {
        type Of = ContactLinkRow;
        Ok(Self {
            id: ContactLinkId(row.uuid),
            action: row.action_id.map(ActionId).ok_or_else(|| corrupt::<Of>("action_id"))?,
            subscriber: row.subscriber_id.map(SubscriberId),
            person: row.external_id.filter(|id| !id.is_empty()).map(CrmPersonId),
            email: optional::<Of, _>("email_status", row.email_status.as_deref(), ListStatus::parse)?,
            phone: optional::<Of, _>("phone_status", row.phone_status.as_deref(), ListStatus::parse)?,
            refusals: u32::try_from(row.refusals).map_err(|_| corrupt::<Of>("refusals"))?,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

/// With when the record was made whose number was looked for.
#[derive(FromRow)]
pub(crate) struct RecordedLinkRow {
    #[sqlx(flatten)]
    link: ContactLinkRow,
    recorded_at: Moment,
}
table!(RecordedLinkRow, "integration_link", statements::COLUMNS, "contact link");

impl TryFrom<RecordedLinkRow> for (Moment, ContactLink) {
    type Error = StoreError;

    fn try_from(row: RecordedLinkRow) -> Result<Self, StoreError> {
        Ok((row.recorded_at, row.link.try_into()?))
    }
}

/// Of a link or a lead.
#[derive(FromRow)]
pub(crate) struct UnkeyedRow {
    pub(crate) uuid: Uuid,
    pub(crate) email: Option<String>,
}
table!(UnkeyedRow, "integration_link", statements::UNKEYED_COLUMNS, "contact link");

#[derive(FromRow)]
pub(crate) struct AddressRow {
    subscriber_id: Option<Uuid>,
    email: Option<String>,
}
table!(AddressRow, "integration_link", statements::ADDRESS_COLUMNS, "contact link");

impl AddressRow {
    /// The address with its list, if it is still there.
    pub(crate) fn address(self) -> Option<ListedAddress> {
        Some(ListedAddress { subscriber: self.subscriber_id.map(SubscriberId), email: self.email? })
    }
}

#[derive(FromRow)]
pub(crate) struct UnlinkedRow {
    action_id: Uuid,
    created_at: Moment,
    visible_to_subscriber: Option<bool>,
    subscriber_id: Option<Uuid>,
    of_service: bool,
    of_subscriber: bool,
}
table!(UnlinkedRow, "action_action", statements::UNLINKED_COLUMNS, "action");

impl TryFrom<UnlinkedRow> for Unlinked {
    type Error = StoreError;

    fn try_from(row: UnlinkedRow) -> Result<Self, StoreError> {
        Ok(Self {
            action: ActionId(row.action_id),
            created_at: row.created_at.0,
            subscriber: row.subscriber_id.map(SubscriberId),
            is_visible: row.visible_to_subscriber.unwrap_or_default(),
            of_service: row.of_service,
            of_subscriber: row.of_subscriber,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct RunRow {
    uuid: Uuid,
    most_percent: i64,
    people: i64,
    changes: i64,
    stopped_at: Option<Moment>,
    created_at: Moment,
    modified_at: Moment,
}
table!(RunRow, "integration_run", statements::RUN_COLUMNS, "run");

impl TryFrom<RunRow> for SyncRun {
    type Error = StoreError;

    fn try_from(row: RunRow) -> Result<Self, StoreError> {
        let count = |column, value: i64| u32::try_from(value).map_err(|_| corrupt::<RunRow>(column));
        Ok(Self {
            id: SyncRunId(row.uuid),
            most_percent: count("most_percent", row.most_percent)?,
            people: count("people", row.people)?,
            changes: count("changes", row.changes)?,
            stopped_at: row.stopped_at.map(|at| at.0),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
