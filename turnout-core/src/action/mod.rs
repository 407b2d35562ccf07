//! Actions: a voter's use of one tool, and the events that happen to it.
//!
//! Each tool's record is in its own room; here is what they share.

mod event;
mod hooks;
pub mod jobs;
mod track;

use chrono::{DateTime, Utc};

pub use event::{Event, EventType};
pub(crate) use hooks::hooks;
pub use track::{TrackError, Tracked, track};

use crate::{
    ids::{ActionId, RegistrationId},
    register::ToolName,
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
}

impl Source {
    /// The tool that made the record.
    #[must_use]
    pub fn tool(self) -> ToolName {
        match self {
            Self::Registration(_) => ToolName::Register,
        }
    }
}
