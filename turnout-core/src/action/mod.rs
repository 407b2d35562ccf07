//! Actions: a voter's use of one tool, and the events that happen to it.
//!
//! Each tool's record is in its own room; here is what they share.

mod details;
mod draft;
mod event;
mod hooks;
pub mod jobs;
mod outcome;
mod sending;
mod submit;
mod track;

use chrono::{DateTime, Utc};

pub(crate) use details::DetailsDraft;
pub use details::VoterDetails;
pub use draft::Scope;
pub(crate) use draft::{AddressDraft, NameDraft, RequestMailingDraft, TrackingDraft, missing};
pub use event::{Event, EventType};
use hooks::hooks;
pub use outcome::Outcome;
pub(crate) use sending::Sending;
pub use submit::{Options, SubmitError};
pub(crate) use submit::{find_region, is_chase_idle, is_deliverable, is_refused, report};
pub use track::{TrackError, Tracked, track, track_fields};

use crate::{
    absentee::BallotRequest,
    ids::{ActionId, BallotRequestId, LookupId, MoverLeadId, RegistrationId, ReminderId, SubscriberId},
    register::{Registration, ToolName},
};

/// A voter's use of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its id, by which pages report events.
    pub id: ActionId,
    /// Whether the subscriber sees it; fixed at creation from the plan of that moment (`domain.md` 7, invariant 9).
    pub visible_to_subscriber: bool,
    /// When the voter rolls were last asked about it.
    pub last_voter_lookup: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// The tool's record that an action belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A registration.
    Registration(RegistrationId),
    /// A ballot request.
    BallotRequest(BallotRequestId),
    /// A request to be reminded.
    Reminder(ReminderId),
    /// A question to the voter roll.
    Lookup(LookupId),
    /// Somebody who moved, to whom blank forms were mailed.
    MoverLead(MoverLeadId),
}

impl Source {
    /// The tool that made the record, if it is one of those that pages name.
    #[must_use]
    pub fn tool(self) -> Option<ToolName> {
        match self {
            Self::Registration(_) => Some(ToolName::Register),
            Self::BallotRequest(_) => Some(ToolName::Absentee),
            Self::Lookup(_) => Some(ToolName::Verify),
            Self::Reminder(_) | Self::MoverLead(_) => None,
        }
    }
}

/// The record of a tool that makes a form, whichever it is.
#[derive(Clone, Copy)]
pub(crate) enum Record<'a> {
    /// A registration.
    Registration(&'a Registration),
    /// A ballot request.
    BallotRequest(&'a BallotRequest),
}

impl Record<'_> {
    /// The action it belongs to.
    pub(crate) fn action(self) -> Option<ActionId> {
        match self {
            Self::Registration(it) => it.action,
            Self::BallotRequest(it) => it.action,
        }
    }

    /// Whose voter it is.
    pub(crate) fn subscriber(self) -> Option<SubscriberId> {
        match self {
            Self::Registration(it) => it.subscriber,
            Self::BallotRequest(it) => it.subscriber,
        }
    }
}
