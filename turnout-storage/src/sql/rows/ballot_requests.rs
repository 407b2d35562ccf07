//! Ballot requests, and what is said here of the offices that take them.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    absentee::{BallotRequest, ContactOverride, RegionLink, SubmissionType},
    address::{Address, State},
    ids::{ActionId, BallotRequestId, FileId, RegionId, SubscriberId, UploadId},
    language::Language,
    person::PersonName,
    ports::store::StoreError,
    register::{Status, ToolName},
};
use uuid::Uuid;

use super::{
    bind_address, bind_tracking, details::TrackingColumns, officials::stored_phone, optional, table,
};
use crate::sql::{
    dialect::Dialect,
    moment::{Day, Moment},
    session::Statement,
    statements::ballot_requests as statements,
};

#[derive(FromRow)]
pub(crate) struct BallotRequestRow {
    uuid: Uuid,
    modified_at: Moment,
    status: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    suffix: Option<String>,
    date_of_birth: Option<Day>,
    email: Option<String>,
    phone: Option<String>,
    us_citizen: Option<bool>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state_id: Option<String>,
    zipcode: Option<String>,
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
    signature_id: Option<Uuid>,
    submit_date: Option<Day>,
    esign_method: Option<String>,
    way: Option<String>,
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
table!(BallotRequestRow, "absentee_ballotrequest", statements::COLUMNS, "ballot request");

fn choice<T>(
    column: &'static str,
    text: Option<&String>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    optional::<BallotRequestRow, T>(column, text.map(String::as_str), parse)
}

impl TryFrom<BallotRequestRow> for BallotRequest {
    type Error = StoreError;

    fn try_from(row: BallotRequestRow) -> Result<Self, StoreError> {
        let state = |column, text: Option<&String>| choice(column, text, State::parse);
        Ok(Self {
            id: BallotRequestId(row.uuid),
            action: row.action_id.map(ActionId),
            subscriber: row.partner_id.map(SubscriberId),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
            status: choice("status", row.status.as_ref(), Status::parse)?.unwrap_or(Status::Incomplete),
            name: PersonName {
                title: None,
                first: row.first_name,
                middle: row.middle_name,
                last: row.last_name,
                suffix: row.suffix,
            },
            date_of_birth: row.date_of_birth.map(|day| day.0),
            email: row.email,
            phone: stored_phone(row.phone),
            us_citizen: row.us_citizen,
            address: Address {
                address1: row.address1,
                address2: row.address2,
                city: row.city,
                state: state("state_id", row.state_id.as_ref())?,
                zipcode: row.zipcode,
            },
            mailing_address: Address {
                address1: row.mailing_address1,
                address2: row.mailing_address2,
                city: row.mailing_city,
                state: state("mailing_state_id", row.mailing_state_id.as_ref())?,
                zipcode: row.mailing_zipcode,
            },
            request_mailing_address: Address {
                address1: row.request_mailing_address1,
                address2: row.request_mailing_address2,
                city: row.request_mailing_city,
                state: state("request_mailing_state_id", row.request_mailing_state_id.as_ref())?,
                zipcode: row.request_mailing_zipcode,
            },
            request_mailing_deliverable: row.request_mailing_deliverable,
            sms_opt_in: row.sms_opt_in,
            sms_opt_in_subscriber: row.sms_opt_in_partner,
            referring_tool: choice("referring_tool", row.referring_tool.as_ref(), ToolName::parse)?,
            state_fields: row.state_fields.map(|json| json.0),
            signature: row.signature_id.map(UploadId),
            submit_date: row.submit_date.map(|day| day.0),
            esign_method: choice("esign_method", row.esign_method.as_ref(), SubmissionType::parse)?,
            way: choice("way", row.way.as_ref(), SubmissionType::parse)?,
            region: row.region_id.map(RegionId),
            result_item: row.result_item_id.map(FileId),
            result_item_mail: row.result_item_mail_id.map(FileId),
            language: choice("language", row.language.as_ref(), Language::parse)?,
            tracking: row.tracking.into(),
        })
    }
}

/// Binds what `INSERT` (all but the last three) and `UPDATE` (all) take.
pub(crate) fn bind_ballot_request<D: Dialect>(statement: Statement<D>, r: &BallotRequest) -> Statement<D> {
    let statement = statement
        .bind(r.id.0)
        .bind(Moment(r.modified_at))
        .bind(r.status.wire())
        .bind(&r.name.first)
        .bind(&r.name.middle)
        .bind(&r.name.last)
        .bind(&r.name.suffix)
        .bind(r.date_of_birth.map(Day))
        .bind(&r.email)
        .bind(r.phone.as_ref().map(|phone| phone.e164()))
        .bind(r.us_citizen);
    let statement = bind_address(statement, &r.address);
    let statement = bind_address(statement, &r.mailing_address);
    let statement = bind_address(statement, &r.request_mailing_address)
        .bind(r.request_mailing_deliverable)
        .bind(r.sms_opt_in)
        .bind(r.sms_opt_in_subscriber)
        .bind(r.referring_tool.map(|tool| tool.wire()))
        .bind(r.state_fields.as_ref().map(Json))
        .bind(r.signature.map(|id| id.0))
        .bind(r.submit_date.map(Day))
        .bind(r.esign_method.map(|method| method.wire()))
        .bind(r.way.map(|way| way.wire()))
        .bind(r.region.map(|id| id.0))
        .bind(r.result_item.map(|id| id.0))
        .bind(r.result_item_mail.map(|id| id.0))
        .bind(r.language.as_ref().map(ToString::to_string));
    bind_tracking(statement, &r.tracking)
}

#[derive(FromRow)]
pub(crate) struct OverrideRow {
    region_id: i64,
    submission_method: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    fax: Option<String>,
    notes: Option<String>,
    created_at: Moment,
    modified_at: Moment,
}
table!(OverrideRow, "absentee_leocontactoverride", statements::OVERRIDE_COLUMNS, "override");

impl TryFrom<OverrideRow> for ContactOverride {
    type Error = StoreError;

    fn try_from(row: OverrideRow) -> Result<Self, StoreError> {
        let method = row.submission_method.as_deref();
        Ok(Self {
            region: RegionId(row.region_id),
            method: optional::<OverrideRow, _>("submission_method", method, SubmissionType::parse)?,
            email: row.email,
            phone: stored_phone(row.phone),
            fax: stored_phone(row.fax),
            notes: row.notes,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct LinkRow {
    region_id: i64,
    url: String,
    created_at: Moment,
    modified_at: Moment,
}
table!(LinkRow, "absentee_regionovbmlink", statements::LINK_COLUMNS, "region link");

impl TryFrom<LinkRow> for RegionLink {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            region: RegionId(row.region_id),
            url: row.url,
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
        })
    }
}
