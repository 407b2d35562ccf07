//! Registrations: from what a voter typed to a form that can be signed.
//!
//! The noun is here; `draft.rs` checks input, `submit.rs` and `update.rs` are the use-cases, `form.rs` says what
//! goes on paper, `online.rs` how it goes to a state's registrar instead, whose list of counties `counties.rs` publishes,
//! `notify.rs` what we write to the voter, `jobs.rs` what happens later. `partner.rs` is for partners' programs,
//! `instructions.rs` what those show their users. How a PDF is filled is the
//! business of `turnout-pdf`.

pub mod counties;
mod draft;
pub mod form;
mod instructions;
pub mod jobs;
pub mod notify;
mod online;
mod ovr_link;
pub mod partner;
pub mod resume;
mod status;
mod submit;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

pub use draft::RegistrationDraft;
pub(crate) use notify::resume_link;
pub use online::OnlineStatus;
pub use ovr_link::custom_ovr_link;
pub use resume::{ResumeError, Resumed, resume};
pub use status::{StatusError, set_status, status_fields};
pub use submit::{Submitted, regions, submit, update};

pub use crate::action::{Options, Scope, SubmitError};

use crate::{
    action::VoterDetails,
    address::Address,
    app::App,
    consent::Ticked,
    decision::Place,
    ids::{ActionId, FileId, RegionId, RegistrationId, SubscriberId},
    language::Language,
    person::{Gender, Party, PersonName, Phone, RaceEthnicity, demographics::choices},
    ports::store::{StoreError, View},
    tracking::Tracking,
};

choices! {
    /// How far a registration or ballot request has come.
    Status {
        Incomplete = "Incomplete", "Incomplete";
        Pending = "Pending", "Pending";
        SentPdf = "SentPDF", "PDF Sent";
        ReferOvr = "ReferOVR", "OVR Referred";
    }
    /// The tool of the web site from which a voter came or which an event belongs to.
    ToolName {
        Verify = "verify", "Verify";
        Register = "register", "Register";
        Absentee = "absentee", "Vote-By-Mail";
        Locate = "locate", "Locate";
        Leo = "leo", "LEO";
    }
}

/// A voter's registration. Identification numbers are no part of it (`domain.md` 7, invariant 3).
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// The action it belongs to. Every registration made through the API has one.
    pub action: Option<ActionId>,
    /// Whose voter this is.
    pub subscriber: Option<SubscriberId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// How far it has come.
    pub status: Status,
    /// The voter's name.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<Phone>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Race or ethnic group.
    pub race_ethnicity: Option<RaceEthnicity>,
    /// Choice of party.
    pub party: Option<Party>,
    /// Whether the voter confirmed to be a citizen.
    pub us_citizen: Option<bool>,
    /// Where the voter lives.
    pub address: Address,
    /// The name before a change of name.
    pub previous_name: PersonName,
    /// The address of the last registration.
    pub previous_address: Address,
    /// Where the voter gets mail.
    pub mailing_address: Address,
    /// Where a printed form is to be sent.
    pub request_mailing_address: Address,
    /// Whether the mail carrier delivers there; unknown until it was asked.
    pub request_mailing_deliverable: Option<bool>,
    /// Whether the voter agreed to texts.
    pub sms_opt_in: Option<bool>,
    /// Whether the voter agreed to texts of the subscriber.
    pub sms_opt_in_subscriber: Option<bool>,
    /// The tool the voter came from.
    pub referring_tool: Option<ToolName>,
    /// Answers to a state's own questions, as sent.
    pub state_fields: Option<Value>,
    /// What a state's registrar answered.
    pub state_api_result: Option<Value>,
    /// A link to the state's online registration made for this record.
    pub custom_ovr_link: Option<String>,
    /// The region that the address was matched to.
    pub matched_region: Option<RegionId>,
    /// The region that the voter or the page chose.
    pub region: Option<RegionId>,
    /// The filled form.
    pub result_item: Option<FileId>,
    /// The filled form for the mail house.
    pub result_item_mail: Option<FileId>,
    /// The language the voter chose.
    pub language: Option<Language>,
    /// Where the voter came from.
    pub tracking: Tracking,
}

impl Registration {
    /// A registration with nothing in it yet.
    #[must_use]
    pub fn new(
        id: RegistrationId,
        action: ActionId,
        subscriber: Option<SubscriberId>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            action: Some(action),
            subscriber,
            created_at: now,
            modified_at: now,
            status: Status::Incomplete,
            name: PersonName::default(),
            date_of_birth: None,
            email: None,
            phone: None,
            gender: None,
            race_ethnicity: None,
            party: None,
            us_citizen: Some(false),
            address: Address::default(),
            previous_name: PersonName::default(),
            previous_address: Address::default(),
            mailing_address: Address::default(),
            request_mailing_address: Address::default(),
            request_mailing_deliverable: None,
            sms_opt_in: None,
            sms_opt_in_subscriber: None,
            referring_tool: None,
            state_fields: None,
            state_api_result: None,
            custom_ovr_link: None,
            matched_region: None,
            region: None,
            result_item: None,
            result_item_mail: None,
            language: None,
            tracking: Tracking::default(),
        }
    }

    /// Who and where the voter is, for a link that fills in a form, or a question about the voter.
    #[must_use]
    pub fn details(&self) -> VoterDetails {
        VoterDetails {
            name: self.name.clone(),
            date_of_birth: self.date_of_birth,
            email: self.email.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            tracking: self.tracking.clone(),
            ..VoterDetails::default()
        }
    }

    /// Whether its form waits for the voter to say that we mail it, or is being mailed.
    #[must_use]
    pub fn is_forwarded(&self) -> bool {
        self.result_item_mail.is_some() && self.request_mailing_address.is_streeted()
    }

    /// The boxes about texts, as the voter left them.
    pub(crate) fn ticked(&self) -> Ticked<'_> {
        Ticked {
            phone: self.phone.as_ref(),
            to_service: self.sms_opt_in,
            to_subscriber: self.sms_opt_in_subscriber,
            subscriber: self.subscriber,
            language: self.language.as_ref(),
            page: self.tracking.embed_url.as_deref(),
        }
    }

    /// Where the voter lives, with the county of the region.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn place(&self, app: &App, view: &mut dyn View) -> Result<Place, StoreError> {
        Place::of(&self.address).in_region(app, view, self.region.or(self.matched_region)).await
    }

    /// The language to write to this voter in.
    #[must_use]
    pub fn language_or_english(&self) -> Language {
        self.language.clone().unwrap_or_default()
    }
}
