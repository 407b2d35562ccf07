//! Lines of lists.

use sqlx::FromRow;
use turnout_core::{
    address::State, ids::ActionId, listing::Entry, person::PersonName, ports::store::StoreError,
    search::ListKey, verifier::VoterStatus,
};
use uuid::Uuid;

use super::{optional, table};
use crate::sql::{
    moment::{Day, Moment},
    statements::listings as statements,
};

#[derive(FromRow)]
pub(crate) struct ListingRow {
    uuid: Uuid,
    created_at: Moment,
    action_id: Uuid,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    date_of_birth: Option<Day>,
    state_id: Option<String>,
    place: Option<String>,
    voter_status: Option<String>,
    pub(crate) is_visible: bool,
    is_finished: bool,
}
table!(ListingRow, "a tool's records", statements::COLUMNS, "record");

impl ListingRow {
    pub(crate) fn key(&self) -> ListKey {
        ListKey { created_at: self.created_at.0, action: ActionId(self.action_id) }
    }
}

impl TryFrom<ListingRow> for Entry {
    type Error = StoreError;

    fn try_from(row: ListingRow) -> Result<Self, StoreError> {
        let status = row.voter_status.as_deref();
        Ok(Self {
            record: row.uuid,
            key: row.key(),
            state: optional::<ListingRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
            voter_status: optional::<ListingRow, _>("voter_status", status, VoterStatus::parse)?,
            name: PersonName { first: row.first_name, last: row.last_name, ..PersonName::default() },
            email: row.email,
            date_of_birth: row.date_of_birth.map(|day| day.0),
            place: row.place,
            is_finished: row.is_finished,
        })
    }
}
