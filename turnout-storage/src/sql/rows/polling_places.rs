//! What locators of polling places answered.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    address::{Address, State},
    ids::{ActionId, PollingPlaceLookupId, SubscriberId},
    polling_place::PollingPlaceLookup,
    ports::store::StoreError,
};
use uuid::Uuid;

use super::{bind_address, bind_tracking, details::TrackingColumns, optional, table};
use crate::sql::{
    dialect::Dialect, moment::Moment, session::Statement, statements::polling_places as statements,
};

#[derive(FromRow)]
pub(crate) struct PollingPlaceRow {
    uuid: Uuid,
    action_id: Option<Uuid>,
    partner_id: Option<Uuid>,
    created_at: Moment,
    modified_at: Moment,
    unstructured_address: Option<String>,
    dnc_result: Option<Json<Value>>,
    dnc_status: Option<String>,
    civic_status: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state_id: Option<String>,
    zipcode: Option<String>,
    sms_opt_in_partner: Option<bool>,
    #[sqlx(flatten)]
    tracking: TrackingColumns,
}
table!(PollingPlaceRow, "polling_place_pollingplacelookup", statements::COLUMNS, "polling place lookup");

impl TryFrom<PollingPlaceRow> for PollingPlaceLookup {
    type Error = StoreError;

    fn try_from(row: PollingPlaceRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: PollingPlaceLookupId(row.uuid),
            action: row.action_id.map(ActionId),
            subscriber: row.partner_id.map(SubscriberId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
            unstructured_address: row.unstructured_address,
            source_result: row.dnc_result.map(|json| json.0),
            source_status: row.dnc_status,
            civic_status: row.civic_status,
            address: Address {
                address1: row.address1,
                address2: row.address2,
                city: row.city,
                state: optional::<PollingPlaceRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
                zipcode: row.zipcode,
            },
            sms_opt_in_subscriber: row.sms_opt_in_partner,
            tracking: row.tracking.into(),
        })
    }
}

/// Binds what `INSERT` takes.
pub(crate) fn bind_polling_place<D: Dialect>(
    statement: Statement<D>,
    report: &PollingPlaceLookup,
) -> Statement<D> {
    let statement = statement
        .bind(report.id.0)
        .bind(report.action.map(|id| id.0))
        .bind(report.subscriber.map(|id| id.0))
        .bind(Moment(report.created_at))
        .bind(Moment(report.modified_at))
        .bind(&report.unstructured_address)
        .bind(report.source_result.as_ref().map(Json))
        .bind(&report.source_status)
        .bind(&report.civic_status);
    let statement = bind_address(statement, &report.address).bind(report.sms_opt_in_subscriber);
    bind_tracking(statement, &report.tracking)
}
