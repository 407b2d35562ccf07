//! Questions to the voter roll.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    ids::{ActionId, LookupId, SubscriberId},
    ports::store::StoreError,
    verifier::{Lookup, VoterStatus},
};
use uuid::Uuid;

use super::{
    details::{DetailsColumns, bind_details},
    optional, table,
};
use crate::sql::{dialect::Dialect, moment::Moment, session::Statement, statements::lookups as statements};

#[derive(FromRow)]
pub(crate) struct LookupRow {
    uuid: Uuid,
    action_id: Option<Uuid>,
    partner_id: Option<Uuid>,
    created_at: Moment,
    modified_at: Moment,
    age: Option<i64>,
    last_updated: Option<Moment>,
    registered: Option<bool>,
    too_many: Option<bool>,
    voter_status: Option<String>,
    targetsmart_response: Option<Json<Value>>,
    #[sqlx(flatten)]
    voter: DetailsColumns,
}
table!(LookupRow, "verifier_lookup", statements::COLUMNS, "lookup");

impl TryFrom<LookupRow> for Lookup {
    type Error = StoreError;

    fn try_from(row: LookupRow) -> Result<Self, StoreError> {
        let status = row.voter_status.as_deref();
        Ok(Self {
            id: LookupId(row.uuid),
            action: row.action_id.map(ActionId),
            subscriber: row.partner_id.map(SubscriberId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
            voter: row.voter.read::<LookupRow>()?,
            age: row.age,
            last_updated: row.last_updated.map(|moment| moment.0),
            registered: row.registered,
            too_many: row.too_many,
            voter_status: optional::<LookupRow, _>("voter_status", status, VoterStatus::parse)?,
            response: row.targetsmart_response.map(|json| json.0),
        })
    }
}

/// Binds what `INSERT` takes. The status is that of the one source that is asked, so it stands in both columns.
pub(crate) fn bind_lookup<D: Dialect>(statement: Statement<D>, lookup: &Lookup) -> Statement<D> {
    let status = lookup.voter_status.map(|status| status.wire());
    let statement = statement
        .bind(lookup.id.0)
        .bind(lookup.action.map(|id| id.0))
        .bind(lookup.subscriber.map(|id| id.0))
        .bind(Moment(lookup.created_at))
        .bind(Moment(lookup.modified_at))
        .bind(lookup.age)
        .bind(lookup.last_updated.map(Moment))
        .bind(lookup.registered)
        .bind(lookup.too_many)
        .bind(status)
        .bind(status)
        .bind(lookup.response.as_ref().map(Json));
    bind_details(statement, &lookup.voter)
}
