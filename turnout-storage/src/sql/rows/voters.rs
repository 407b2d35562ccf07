//! Voters whom the rolls know.

use serde_json::Value;
use sqlx::{FromRow, types::Json};
use turnout_core::{
    address::State,
    ids::{ActionId, VoterId},
    person::PersonName,
    ports::store::{Asked, StoreError},
    voter::{Standing, Voter},
};
use uuid::Uuid;

use super::{officials::stored_phone, optional, table};
use crate::sql::{
    dialect::Dialect,
    moment::{Day, Moment},
    session::Statement,
    statements::voters as statements,
};

#[derive(FromRow)]
pub(crate) struct VoterRow {
    uuid: Uuid,
    state_id: Option<String>,
    state_voter_id: Option<String>,
    ts_voterbase_id: Option<String>,
    registered: Option<bool>,
    registration_date: Option<Day>,
    last_registration_refresh: Option<Moment>,
    last_state_refresh: Option<Day>,
    last_ts_refresh: Option<Moment>,
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    middle_name: Option<String>,
    last_name: Option<String>,
    suffix: Option<String>,
    date_of_birth: Option<Day>,
    address_full: Option<String>,
    city: Option<String>,
    zipcode: Option<String>,
    state_result: Option<Json<Value>>,
    ts_result: Option<Json<Value>>,
    modified_at: Moment,
    created_at: Moment,
}
table!(VoterRow, "voter_voter", statements::COLUMNS, "voter");

impl TryFrom<VoterRow> for Voter {
    type Error = StoreError;

    fn try_from(row: VoterRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: VoterId(row.uuid),
            created_at: row.created_at.0,
            modified_at: row.modified_at.0,
            state: optional::<VoterRow, _>("state_id", row.state_id.as_deref(), State::parse)?,
            state_voter_id: row.state_voter_id,
            roll_id: row.ts_voterbase_id,
            standing: Standing {
                registered: row.registered,
                since: row.registration_date.map(|day| day.0),
                as_of: row.last_registration_refresh.map(|moment| moment.0),
            },
            last_state_refresh: row.last_state_refresh.map(|day| day.0),
            last_roll_refresh: row.last_ts_refresh.map(|moment| moment.0),
            email: row.email,
            phone: stored_phone(row.phone),
            name: PersonName {
                title: None,
                first: row.first_name,
                middle: row.middle_name,
                last: row.last_name,
                suffix: row.suffix,
            },
            date_of_birth: row.date_of_birth.map(|day| day.0),
            address: row.address_full,
            city: row.city,
            zipcode: row.zipcode,
            state_result: row.state_result.map(|json| json.0),
            roll_result: row.ts_result.map(|json| json.0),
        })
    }
}

/// An action that the rolls were asked about.
#[derive(FromRow)]
pub(crate) struct AskedRow {
    uuid: Uuid,
    last_voter_lookup: Moment,
}
table!(AskedRow, "action_action", statements::ASKED_COLUMNS, "action");

impl TryFrom<AskedRow> for Asked {
    type Error = StoreError;

    fn try_from(row: AskedRow) -> Result<Self, StoreError> {
        Ok(Self { at: row.last_voter_lookup.0, action: ActionId(row.uuid) })
    }
}

/// Binds what `UPDATE` takes; `INSERT` takes `created_at` too.
pub(crate) fn bind_voter<D: Dialect>(statement: Statement<D>, voter: &Voter) -> Statement<D> {
    statement
        .bind(voter.id.0)
        .bind(voter.state.map(|state| state.code()))
        .bind(&voter.state_voter_id)
        .bind(&voter.roll_id)
        .bind(voter.standing.registered)
        .bind(voter.standing.since.map(Day))
        .bind(voter.standing.as_of.map(Moment))
        .bind(voter.last_state_refresh.map(Day))
        .bind(voter.last_roll_refresh.map(Moment))
        .bind(&voter.email)
        .bind(voter.phone.as_ref().map(|phone| phone.e164()))
        .bind(&voter.name.first)
        .bind(&voter.name.middle)
        .bind(&voter.name.last)
        .bind(&voter.name.suffix)
        .bind(voter.date_of_birth.map(Day))
        .bind(&voter.address)
        .bind(&voter.city)
        .bind(&voter.zipcode)
        .bind(voter.state_result.as_ref().map(Json))
        .bind(voter.roll_result.as_ref().map(Json))
        .bind(Moment(voter.modified_at))
}
