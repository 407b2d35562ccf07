//! Letters: forms that a mail house prints and mails to the voter, who signs them and sends them on to the office
//! (`flows.md` 2.2, 3.1 and 15).
//!
//! The form is made when the voter completes a registration or ballot request, and the voter is asked by mail. `confirm.rs`
//! is the voter's yes, `report.rs` what the mail house reports by webhook, `jobs.rs` hands letters over and does what
//! follows a report, `again.rs` has one handed over that got stuck, `news.rs` tells the voter on the way. What stands in the mails
//! about a letter is for the rooms `register` and `absentee` to say.

mod again;
mod confirm;
pub mod jobs;
mod news;
mod report;

use chrono::{DateTime, Utc};

pub use again::{Again, AgainError, send_again};
pub use confirm::{ConfirmError, confirm, confirm_token};
pub(crate) use news::{Form, News, kinds};
pub use report::{LetterReport, is_signed, take_report};

use crate::{
    absentee::BallotRequest,
    action::{EventType, Source},
    address::Address,
    decision::Place,
    ids::{ActionId, FileId, LetterId, RegionId, SubscriberId},
    mover::MoverLead,
    ports::{
        letters::{Correspondent, Sides},
        store::{StoreError, View, unless_absent},
    },
    register::Registration,
};

/// A letter about an action, which has one at most (`domain.md` 7, invariant 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id, by which a mail house knows it again.
    pub id: LetterId,
    /// The action.
    pub action: ActionId,
    /// Whose voter it is for.
    pub subscriber: Option<SubscriberId>,
    /// What the mail house calls it; nothing before that has it.
    pub external_id: Option<String>,
    /// When the voter asked for it.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl Letter {
    /// Under what the rule is noted by which it is held or refused, beside those of mails
    /// ([`HeldMail`](crate::mail::HeldMail)).
    #[must_use]
    pub fn held_under(&self) -> String {
        format!("letter:{}", self.id)
    }
}

/// A form that can be mailed to its voter: one was made for the mail house, and it is known where to.
pub(crate) struct Forwardable {
    pub(crate) source: Source,
    pub(crate) subscriber: Option<SubscriberId>,
    /// The form for the mail house.
    pub(crate) file: FileId,
    pub(crate) to: Correspondent,
    pub(crate) sides: Sides,
    /// Where the voter lives, without the county.
    pub(crate) place: Place,
    /// The region that the voter lives in, which has one.
    pub(crate) region: Option<RegionId>,
}

impl Forwardable {
    /// A registration's, if it can be mailed.
    pub(crate) fn of_registration(registration: &Registration) -> Option<Self> {
        Some(Self {
            source: Source::Registration(registration.id),
            subscriber: registration.subscriber,
            file: registration.result_item_mail?,
            to: correspondent(registration.name.full(), &registration.request_mailing_address)?,
            sides: Sides::One,
            place: Place::of(&registration.address),
            region: registration.region.or(registration.matched_region),
        })
    }

    /// A ballot request's, if it can be mailed.
    pub(crate) fn of_ballot_request(request: &BallotRequest) -> Option<Self> {
        Some(Self {
            source: Source::BallotRequest(request.id),
            subscriber: request.subscriber,
            file: request.result_item_mail?,
            to: correspondent(request.name.full(), &request.request_mailing_address)?,
            sides: Sides::Both,
            place: Place::of(&request.address),
            region: request.region,
        })
    }

    /// A lead's, if there are forms to be mailed.
    pub(crate) fn of_lead(lead: &MoverLead) -> Option<Self> {
        Some(Self {
            source: Source::MoverLead(lead.id),
            subscriber: None,
            file: lead.file?,
            to: correspondent(lead.full_name(), &lead.new.address)?,
            sides: Sides::One,
            place: Place::of(&lead.new.address),
            region: lead.new.region,
        })
    }

    /// What the action's record has.
    pub(crate) async fn of_action(view: &mut dyn View, action: ActionId) -> Result<Option<Self>, StoreError> {
        match view.actions().source(action).await? {
            Some(source) => Self::of_source(view, source).await,
            None => Ok(None),
        }
    }

    async fn of_source(view: &mut dyn View, source: Source) -> Result<Option<Self>, StoreError> {
        Ok(match source {
            Source::Registration(id) => {
                let registration = view.registrations().by_id(id).await?;
                registration.as_ref().and_then(Self::of_registration)
            }
            Source::BallotRequest(id) => {
                let request = unless_absent(view.ballot_requests().by_id(id).await)?;
                request.as_ref().and_then(Self::of_ballot_request)
            }
            Source::MoverLead(id) => {
                let lead = unless_absent(view.movers().by_id(id).await)?;
                lead.as_ref().and_then(Self::of_lead)
            }
            Source::Lookup(_) | Source::Reminder(_) => None,
        })
    }
}

/// Whether a letter was asked for already: nobody is asked again, as no second one goes.
pub(crate) async fn is_asked_for(view: &mut dyn View, action: Option<ActionId>) -> Result<bool, StoreError> {
    match action {
        Some(action) => view.actions().has_event(action, &[EventType::FinishLobConfirm]).await,
        None => Ok(false),
    }
}

fn correspondent(name: String, address: &Address) -> Option<Correspondent> {
    address.is_streeted().then(|| Correspondent { name, address: address.clone() })
}
