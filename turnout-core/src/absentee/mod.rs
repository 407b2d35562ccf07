//! Ballot requests: from what a voter typed to a form that reaches the election office.
//!
//! The noun is here; `draft.rs` checks input, `submit.rs` has the use-cases, `contact.rs` and `esign.rs` say how the office
//! is reached, `ballot_link.rs` where a ballot is asked for online, `region_links.rs` whence that is known, `overrides.rs` what
//! administrators know better of both, `dashboard.rs` how far all of it reaches, `preview.rs` what staff see of a form, `form.rs` what
//! goes on paper, `state_form.rs` what a state asks beyond the usual, `past.rs` what of that is over, `notify.rs` what we
//! write to voter and office, `jobs.rs` what happens later. How a PDF is filled, and how the states' files are read, is the
//! business of `turnout-pdf`.

mod ballot_link;
mod contact;
pub mod dashboard;
mod draft;
mod esign;
pub mod form;
pub mod jobs;
pub(crate) mod notify;
pub mod overrides;
pub mod past;
pub mod preview;
mod region_links;
mod sample;
pub mod state_form;
mod submit;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

pub use contact::{ContactOverride, OfficeContact, RegionLink, office_contact};
pub use dashboard::{
    Application, HandOver, LinkOfRegion, Reach, RegionReach, SentAs, SentCount, SentKey, StateReach,
};
pub use draft::BallotRequestDraft;
pub use esign::{EsignRules, esign_method};
pub(crate) use notify::tool_link;
pub use region_links::{LinkChange, LinkChanges, LinkComplaint, LinksError, apply_links, compare_links};
pub use sample::{sample_answers, sample_facts, sample_request};
pub use state_form::StateForm;
pub use submit::{Submitted, link_of, regions, submit, update};

use crate::{
    action::VoterDetails,
    address::Address,
    app::App,
    consent::Ticked,
    decision::Place,
    ids::{ActionId, BallotRequestId, FileId, RegionId, SubscriberId, UploadId},
    language::Language,
    person::{PersonName, Phone, demographics::choices},
    ports::store::{StoreError, View},
    register::{Status, ToolName},
    tracking::Tracking,
};

choices! {
    /// How a ballot request reaches the election office.
    SubmissionType {
        LeoEmail = "leo_email", "Email to LEO";
        LeoFax = "leo_fax", "Fax to LEO";
        PrintAndForward = "print_and_forward", "Print and Forward";
        SelfPrint = "self_print", "Print at Home";
    }
}

/// A voter's request for a ballot by mail. Identification numbers are no part of it (`domain.md` 7, invariant 3).
#[derive(Debug, Clone, PartialEq)]
pub struct BallotRequest {
    /// Its id.
    pub id: BallotRequestId,
    /// The action it belongs to. Every request made through the API has one.
    pub action: Option<ActionId>,
    /// Whose voter this is.
    pub subscriber: Option<SubscriberId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// How far it has come.
    pub status: Status,
    /// The voter's name. Requests ask for no title.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: Option<NaiveDate>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<Phone>,
    /// Whether the voter confirmed to be a citizen.
    pub us_citizen: Option<bool>,
    /// Where the voter lives.
    pub address: Address,
    /// Where the ballot is to be sent, if elsewhere.
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
    /// The uploaded signature.
    pub signature: Option<UploadId>,
    /// The voter's date when the request was sent.
    pub submit_date: Option<NaiveDate>,
    /// How a request signed online reaches the office of its region; nothing without a region.
    pub esign_method: Option<SubmissionType>,
    /// How the form that was made last goes to the office; nothing before one was made.
    pub way: Option<SubmissionType>,
    /// The region whose office is asked.
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

impl BallotRequest {
    /// A request with nothing in it yet.
    #[must_use]
    pub fn new(
        id: BallotRequestId,
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
            us_citizen: Some(false),
            address: Address::default(),
            mailing_address: Address::default(),
            request_mailing_address: Address::default(),
            request_mailing_deliverable: None,
            sms_opt_in: Some(false),
            sms_opt_in_subscriber: None,
            referring_tool: None,
            state_fields: None,
            signature: None,
            submit_date: None,
            esign_method: None,
            way: None,
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
        Place::of(&self.address).in_region(app, view, self.region).await
    }

    /// The language to write to this voter in.
    #[must_use]
    pub fn language_or_english(&self) -> Language {
        self.language.clone().unwrap_or_default()
    }

    /// Whether its form waits for the voter to say that we mail it, or is being mailed.
    #[must_use]
    pub fn is_forwarded(&self) -> bool {
        self.way == Some(SubmissionType::PrintAndForward)
            && self.result_item_mail.is_some()
            && self.request_mailing_address.is_streeted()
    }

    /// How it reaches the office: printed and sent to an address if one was given, else as it was signed, else
    /// printed at home (`flows.md` 3.1).
    #[must_use]
    pub fn submission(&self) -> SubmissionType {
        match (self.request_mailing_address.is_streeted(), self.signature, self.esign_method) {
            (true, ..) => SubmissionType::PrintAndForward,
            (false, Some(_), Some(method)) if method != SubmissionType::PrintAndForward => method,
            (false, ..) => SubmissionType::SelfPrint,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_request_is_printed_where_the_voter_asks_else_sent_as_it_was_signed_else_printed_at_home() {
        let mut request = sample_request(crate::address::State::Ga);
        assert_eq!(request.submission(), SubmissionType::SelfPrint);
        request.esign_method = Some(SubmissionType::LeoFax);
        assert_eq!(request.submission(), SubmissionType::SelfPrint);
        request.signature = Some(UploadId(Uuid::from_u128(1)));
        assert_eq!(request.submission(), SubmissionType::LeoFax);
        request.request_mailing_address.address1 = Some("1 Elm St".into());
        assert_eq!(request.submission(), SubmissionType::PrintAndForward);
    }
}
