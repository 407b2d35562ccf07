//! One record, whole, with what happened to it.

use uuid::Uuid;

use super::{Listing, Tool};
use crate::{
    absentee::BallotRequest,
    action::{Action, Event, Outcome},
    ids::{
        ActionId, BallotRequestId, LookupId, PollingPlaceLookupId, RegistrationId, ReminderId, SubscriberId,
    },
    polling_place::PollingPlaceLookup,
    ports::store::{StoreError, View},
    register::Registration,
    reminder::ReminderRequest,
    verifier::Lookup,
};

/// A tool's record, whichever it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A registration.
    Registration(Box<Registration>),
    /// A ballot request.
    BallotRequest(Box<BallotRequest>),
    /// A question to the voter roll.
    Lookup(Box<Lookup>),
    /// A request to be reminded.
    Reminder(Box<ReminderRequest>),
    /// A question for a polling place.
    PollingPlace(Box<PollingPlaceLookup>),
}

impl Record {
    /// Whose voter it is, and the action it belongs to.
    fn owner(&self) -> (Option<SubscriberId>, Option<ActionId>) {
        match self {
            Self::Registration(it) => (it.subscriber, it.action),
            Self::BallotRequest(it) => (it.subscriber, it.action),
            Self::Lookup(it) => (it.subscriber, it.action),
            Self::Reminder(it) => (it.subscriber, it.action),
            Self::PollingPlace(it) => (it.subscriber, it.action),
        }
    }
}

/// A record and everything that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The record.
    pub record: Record,
    /// Its action.
    pub action: Action,
    /// What happened, in the order of time.
    pub events: Vec<Event>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The record of that id, if it is in the list: of that tool and subscriber, and visible to it.
///
/// # Errors
/// When the store fails.
pub async fn details(
    view: &mut dyn View,
    list: Listing,
    record: Uuid,
) -> Result<Option<Details>, StoreError> {
    let found = match list.tool {
        Tool::Register => {
            let found = view.registrations().by_id(RegistrationId(record)).await?;
            found.map(|it| Record::Registration(Box::new(it)))
        }
        Tool::Absentee => {
            let found = view.ballot_requests().by_id(BallotRequestId(record)).await?;
            found.map(|it| Record::BallotRequest(Box::new(it)))
        }
        Tool::Verify => {
            let found = view.lookups().by_id(LookupId(record)).await?;
            found.map(|it| Record::Lookup(Box::new(it)))
        }
        Tool::Remind => {
            let found = view.reminders().by_id(ReminderId(record)).await?;
            found.map(|it| Record::Reminder(Box::new(it)))
        }
        Tool::Locate => {
            let found = view.polling_places().by_id(PollingPlaceLookupId(record)).await?;
            found.map(|it| Record::PollingPlace(Box::new(it)))
        }
    };
    let Some(record) = found else { return Ok(None) };
    let (subscriber, Some(action)) = record.owner() else { return Ok(None) };
    if subscriber != Some(list.subscriber) {
        return Ok(None);
    }
    let Some(action) = view.actions().by_id(action).await?.filter(|it| it.visible_to_subscriber) else {
        return Ok(None);
    };
    let events = view.actions().events(action.id).await?;
    Ok(Some(Details { record, action, outcome: Outcome::of(&events), events }))
}
