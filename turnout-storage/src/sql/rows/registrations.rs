//! Registrations.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    address::{Address, State},
    ids::{ActionId, FileId, RegionId, RegistrationId, SubscriberId},
    language::Language,
    person::{Gender, Party, PersonName, RaceEthnicity, Title},
    ports::store::StoreError,
    register::{Registration, Status, ToolName},
};
use uuid::Uuid;

use super::{
    bind_address, bind_tracking, details::TrackingColumns, officials::stored_phone, optional, table,
};
use crate::sql::{
    dialect::Dialect,
    moment::{Day, Moment},
    session::Statement,
    statements::registrations as statements,
};

#[derive(FromRow)]
pub(crate) struct RegistrationRow {
    uuid: Uuid,
    modified_at: Moment,
    status: Option<String>,
    title: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    suffix: Option<String>,
    date_of_birth: Option<Day>,
    email: Option<String>,
    phone: Option<String>,
    gender: Option<String>,
    race_ethnicity: Option<String>,
    party: Option<String>,
    us_citizen: Option<bool>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state_id: Option<String>,
    zipcode: Option<String>,
    previous_title: Option<String>,
    previous_first_name: Option<String>,
    previous_middle_name: Option<String>,
    previous_last_name: Option<String>,
    previous_suffix: Option<String>,
    previous_address1: Option<String>,
    previous_address2: Option<String>,
    previous_city: Option<String>,
    previous_state_id: Option<String>,
    previous_zipcode: Option<String>,
    mailing_address1: Option<String>,
    mailing_address2: Option<String>,
    mailing_city: Option<String>,
    mailing_state_id: Option<String>,
    mailing_zipcode: Option<String>,
    request_mailing_address1: Option<String>,
    request_mailing_address2: Option<String>,
    request_mailing_city: Option<String>,
    request_mailing_state_id: Option<String>,
    request_mailing_zipcode: Option<String>,
    request_mailing_deliverable: Option<bool>,
    sms_opt_in: Option<bool>,
    sms_opt_in_partner: Option<bool>,
    referring_tool: Option<String>,
    state_fields: Option<Json<Value>>,
    state_api_result: Option<Json<Value>>,
    custom_ovr_link: Option<String>,
    matched_region_id: Option<i64>,
    region_id: Option<i64>,
    result_item_id: Option<Uuid>,
    result_item_mail_id: Option<Uuid>,
    language: Option<String>,
    #[sqlx(flatten)]
    tracking: TrackingColumns,
    action_id: Option<Uuid>,
    partner_id: Option<Uuid>,
    created_at: Moment,
}
table!(RegistrationRow, "register_registration", statements::COLUMNS, "registration");

fn choice<T>(
    column: &'static str,
    text: Option<&String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    optional::<RegistrationRow, T>(column, text.map(String::as_str), parse)
}

impl TryFrom<RegistrationRow> for Registration {
    type Error = StoreError;

    fn try_from(row: RegistrationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: RegistrationId(row.uuid),
            action: row.action_id.map(ActionId),
            subscriber: row.partner_id.map(SubscriberId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
            status: choice("status", row.status.as_ref(), Status::parse)?.unwrap_or(Status::Incomplete),
            name: PersonName {
                title: choice("title", row.title.as_ref(), Title::parse)?,
                first: row.first_name,
                middle: row.middle_name,
                last: row.last_name,
                suffix: row.suffix,
            },
            date_of_birth: row.date_of_birth.map(|day| day.0),
            email: row.email,
            phone: stored_phone(row.phone),
            gender: choice("gender", row.gender.as_ref(), Gender::parse)?,
            race_ethnicity: choice("race_ethnicity", row.race_ethnicity.as_ref(), RaceEthnicity::parse)?,
            party: choice("party", row.party.as_ref(), Party::parse)?,
            us_citizen: row.us_citizen,
            address: Address {
                address1: row.address1,
                address2: row.address2,
                city: row.city,
                state: choice("state_id", row.state_id.as_ref(), State::parse)?,
                zipcode: row.zipcode,
            },
            previous_name: PersonName {
                title: choice("previous_title", row.previous_title.as_ref(), Title::parse)?,
                first: row.previous_first_name,
                middle: row.previous_middle_name,
                last: row.previous_last_name,
                suffix: row.previous_suffix,
            },
            previous_address: Address {
                address1: row.previous_address1,
                address2: row.previous_address2,
                city: row.previous_city,
                state: choice("previous_state_id", row.previous_state_id.as_ref(), State::parse)?,
                zipcode: row.previous_zipcode,
            },
            mailing_address: Address {
                address1: row.mailing_address1,
                address2: row.mailing_address2,
                city: row.mailing_city,
                state: choice("mailing_state_id", row.mailing_state_id.as_ref(), State::parse)?,
                zipcode: row.mailing_zipcode,
            },
            request_mailing_address: Address {
                address1: row.request_mailing_address1,
                address2: row.request_mailing_address2,
                city: row.request_mailing_city,
                state: choice(
                    "request_mailing_state_id",
                    row.request_mailing_state_id.as_ref(),
                    State::parse,
                )?,
                zipcode: row.request_mailing_zipcode,
            },
            request_mailing_deliverable: row.request_mailing_deliverable,
            sms_opt_in: row.sms_opt_in,
            sms_opt_in_subscriber: row.sms_opt_in_partner,
            referring_tool: choice("referring_tool", row.referring_tool.as_ref(), ToolName::parse)?,
            state_fields: row.state_fields.map(|json| json.0),
            state_api_result: row.state_api_result.map(|json| json.0),
            custom_ovr_link: row.custom_ovr_link,
            matched_region: row.matched_region_id.map(RegionId),
            region: row.region_id.map(RegionId),
            result_item: row.result_item_id.map(FileId),
            result_item_mail: row.result_item_mail_id.map(FileId),
            language: choice("language", row.language.as_ref(), Language::parse)?,
            tracking: row.tracking.into(),
        })
    }
}

/// Binds what `INSERT` (all but the last three) and `UPDATE` (all) take.
pub(crate) fn bind_registration<D: Dialect>(statement: Statement<D>, r: &Registration) -> Statement<D> {
    let statement = statement
        .bind(r.id.0)
        .bind(Moment(r.modified_at))
        .bind(r.status.wire())
        .bind(r.name.title.map(|title| title.wire()))
        .bind(&r.name.first)
        .bind(&r.name.middle)
        .bind(&r.name.last)
        .bind(&r.name.suffix)
        .bind(r.date_of_birth.map(Day))
        .bind(&r.email)
        .bind(r.phone.as_ref().map(|phone| phone.e164()))
        .bind(r.gender.map(|gender| gender.wire()))
        .bind(r.race_ethnicity.map(|race| race.wire()))
        .bind(r.party.map(|party| party.wire()))
        .bind(r.us_citizen);
    let statement = bind_address(statement, &r.address)
        .bind(r.previous_name.title.map(|title| title.wire()))
        .bind(&r.previous_name.first)
        .bind(&r.previous_name.middle)
        .bind(&r.previous_name.last)
        .bind(&r.previous_name.suffix);
    let statement = bind_address(statement, &r.previous_address);
    let statement = bind_address(statement, &r.mailing_address);
    let statement = bind_address(statement, &r.request_mailing_address)
        .bind(r.request_mailing_deliverable)
        .bind(r.sms_opt_in)
        .bind(r.sms_opt_in_subscriber)
        .bind(r.referring_tool.map(|tool| tool.wire()))
        .bind(r.state_fields.as_ref().map(Json))
        .bind(r.state_api_result.as_ref().map(Json))
        .bind(&r.custom_ovr_link)
        .bind(r.matched_region.map(|id| id.0))
        .bind(r.region.map(|id| id.0))
        .bind(r.result_item.map(|id| id.0))
        .bind(r.result_item_mail.map(|id| id.0))
        .bind(r.language.as_ref().map(ToString::to_string));
    bind_tracking(statement, &r.tracking)
}
