//! The columns that say who and where a voter is, and where the voter came from.

use sqlx::FromRow;
use turnout_core::{
    action::VoterDetails,
    address::{Address, State},
    language::Language,
    person::PersonName,
    ports::store::StoreError,
    tracking::Tracking,
};
use uuid::Uuid;

use super::{Table, bind_address, bind_tracking, officials::stored_phone, optional};
use crate::sql::{dialect::Dialect, moment::Day, session::Statement};

/// Where the voter came from.
#[derive(FromRow)]
pub(crate) struct TrackingColumns {
    embed_url: Option<String>,
    utm_campaign: Option<String>,
    utm_source: Option<String>,
    utm_medium: Option<String>,
    utm_term: Option<String>,
    utm_content: Option<String>,
    source: Option<String>,
    email_referrer: Option<String>,
    mobile_referrer: Option<String>,
    session_id: Option<Uuid>,
}

impl From<TrackingColumns> for Tracking {
    fn from(row: TrackingColumns) -> Self {
        Self {
            embed_url: row.embed_url,
            utm_campaign: row.utm_campaign,
            utm_source: row.utm_source,
            utm_medium: row.utm_medium,
            utm_term: row.utm_term,
            utm_content: row.utm_content,
            source: row.source,
            email_referrer: row.email_referrer,
            mobile_referrer: row.mobile_referrer,
            session_id: row.session_id,
        }
    }
}

/// Who and where the voter is.
#[derive(FromRow)]
pub(crate) struct DetailsColumns {
    first_name: String,
    last_name: String,
    date_of_birth: Option<Day>,
    email: Option<String>,
    phone: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    state_id: String,
    zipcode: Option<String>,
    sms_opt_in: Option<bool>,
    sms_opt_in_partner: Option<bool>,
    language: Option<String>,
    #[sqlx(flatten)]
    tracking: TrackingColumns,
}

impl DetailsColumns {
    /// As the domain has them; `R` is the row that they are part of.
    pub(crate) fn read<R: Table>(self) -> Result<VoterDetails, StoreError> {
        Ok(VoterDetails {
            name: PersonName {
                first: Some(self.first_name),
                last: Some(self.last_name),
                ..PersonName::default()
            },
            date_of_birth: self.date_of_birth.map(|day| day.0),
            email: self.email,
            phone: stored_phone(self.phone),
            address: Address {
                address1: self.address1,
                address2: self.address2,
                city: self.city,
                state: optional::<R, _>("state_id", Some(&self.state_id), State::parse)?,
                zipcode: self.zipcode,
            },
            sms_opt_in: self.sms_opt_in,
            sms_opt_in_subscriber: self.sms_opt_in_partner,
            language: optional::<R, _>("language", self.language.as_deref(), Language::parse)?,
            tracking: self.tracking.into(),
        })
    }
}

/// Binds all of them, in the order of the tables.
pub(crate) fn bind_details<D: Dialect>(statement: Statement<D>, voter: &VoterDetails) -> Statement<D> {
    let statement = statement
        .bind(voter.name.first.clone().unwrap_or_default())
        .bind(voter.name.last.clone().unwrap_or_default())
        .bind(voter.date_of_birth.map(Day))
        .bind(&voter.email)
        .bind(voter.phone.as_ref().map(|phone| phone.e164()));
    let statement = bind_address(statement, &voter.address)
        .bind(voter.sms_opt_in)
        .bind(voter.sms_opt_in_subscriber)
        .bind(voter.language.as_ref().map(ToString::to_string));
    bind_tracking(statement, &voter.tracking)
}
