//! Webhooks: a subscriber's programs are told what its voters do, by calls to addresses that the subscriber names.
//!
//! An endpoint is such an address; a delivery is one message to one endpoint. `announce.rs` writes deliveries in the unit of
//! what they tell of, `jobs.rs` has them delivered and the team told where an endpoint is switched off, `message.rs` says what
//! is in one, `secret.rs` signs it, `settle.rs` judges what came back, `draft.rs` and `edit.rs` are what a subscriber
//! decides. Told are ids, times and kinds; whoever wants to know more of a voter asks the API. The form is that of the
//! Standard Webhooks specification (standardwebhooks.com, 2024-06).

mod announce;
mod draft;
mod edit;
pub mod jobs;
mod message;
mod secret;
mod settle;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use announce::{begun, happened};
pub use draft::{Draft, LONGEST_ADDRESS, LONGEST_DESCRIPTION, read_window};
pub use edit::{
    EditError, Made, Replayed, change, create, pause, remove, replay, resume, rotate, send_again, send_test,
};
pub use message::{VERSION, body, message_id};
pub use secret::{SigningSecret, secret_of, signature};

use crate::{
    action::EventType,
    address::State,
    app::App,
    ids::{ActionId, DeliveryId, EndpointId, EventId, SubscriberId, UserId, VoterId},
    listing::Tool,
    person::demographics::choices,
    retention::Kind,
};

choices! {
    /// What an endpoint can be told of.
    Topic {
        RegistrationStarted = "registration.started", "A voter begins a registration";
        RegistrationCompleted = "registration.completed", "A registration is done";
        BallotRequestStarted = "ballot_request.started", "A voter begins a ballot request";
        BallotRequestCompleted = "ballot_request.completed", "A ballot request is done";
        LookupStarted = "lookup.started", "A voter asks whether they are registered";
        LookupCompleted = "lookup.completed", "A voter was told whether they are registered";
        ReminderStarted = "reminder.started", "A voter asks to be reminded";
        ReminderCompleted = "reminder.completed", "A request to be reminded is kept";
        PollingPlaceStarted = "polling_place.started", "A voter looks for a polling place";
        PollingPlaceCompleted = "polling_place.completed", "A question for a polling place is kept";
        ActionEvent = "action.event", "Any event of any tool, such as a download";
        Test = "webhook.test", "A test";
    }
    /// How far a delivery is.
    DeliveryStatus {
        Waiting = "waiting", "Waiting";
        Delivered = "delivered", "Delivered";
        Dead = "dead", "Given up";
    }
    /// Why a try failed.
    Failure {
        Answer = "answer", "the answer was no 2xx";
        TimedOut = "timed_out", "no answer in time";
        Unconnected = "unconnected", "no connection";
        Broken = "broken", "the connection broke";
        TooLarge = "too_large", "the answer is too large";
        Forbidden = "forbidden", "the host is not on the public Internet";
        Unsendable = "unsendable", "nothing could be sent";
        EndpointOff = "endpoint_off", "the endpoint was off";
    }
    /// Why an endpoint was switched off.
    OffReason {
        Gone = "gone", "It answered 410, Gone.";
        Failing = "failing", "It took nothing for days.";
    }
}

impl Topic {
    /// Those that an endpoint can be set to.
    pub fn offered() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|topic| *topic != Self::Test)
    }

    /// That a voter began with a tool.
    #[must_use]
    pub fn started(tool: Tool) -> Self {
        match tool {
            Tool::Register => Self::RegistrationStarted,
            Tool::Absentee => Self::BallotRequestStarted,
            Tool::Verify => Self::LookupStarted,
            Tool::Remind => Self::ReminderStarted,
            Tool::Locate => Self::PollingPlaceStarted,
        }
    }

    /// That a voter is done with a tool.
    #[must_use]
    pub fn completed(tool: Tool) -> Self {
        match tool {
            Tool::Register => Self::RegistrationCompleted,
            Tool::Absentee => Self::BallotRequestCompleted,
            Tool::Verify => Self::LookupCompleted,
            Tool::Remind => Self::ReminderCompleted,
            Tool::Locate => Self::PollingPlaceCompleted,
        }
    }
}

/// The most endpoints that a subscriber has.
pub const MOST_ENDPOINTS: usize = 10;
/// How many deliveries to one endpoint are under way at once, at most; those of one voter never are, nor those of one action.
pub const SHARDS: u8 = 4;
/// How long a delivery is tried before it is given up, from when it was put in line.
pub const PATIENCE: TimeDelta = TimeDelta::days(3);
/// After how long without a single delivery an endpoint that fails is switched off.
pub const ENDURANCE: TimeDelta = TimeDelta::days(5);
/// How long the secret before the last change signs too.
pub const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// How long a try may take, until the whole answer is there.
pub const TIMEOUT: TimeDelta = TimeDelta::seconds(10);

/// For how many days deliveries are kept after they were put in line, and what happened can be sent again; nothing when that
/// is for good. The room `retention` deletes them.
#[must_use]
pub fn kept_days(app: &App) -> Option<u32> {
    app.settings.retention.days.get(&Kind::Deliveries).copied()
}

/// Why and since when an endpoint is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why.
    pub reason: OffReason,
}

/// How deliveries to an endpoint go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// How many tries failed since one succeeded.
    pub failures: u32,
    /// When the first of those was.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when nothing is tried.
    pub rest_until: Option<DateTime<Utc>>,
}

/// An address that a subscriber wants to be called at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Whose it is.
    pub subscriber: SubscriberId,
    /// The address.
    pub address: String,
    /// What it is for, in the words of whoever made it.
    pub description: Option<String>,
    /// What it is told of, in the order of [`Topic::ALL`].
    pub topics: Vec<Topic>,
    /// Which secret signs, from 1.
    pub generation: u32,
    /// When the secret was last changed.
    pub rotated_at: Option<DateTime<Utc>>,
    /// Since when its people have it wait.
    pub paused_at: Option<DateTime<Utc>>,
    /// Since when we have switched it off.
    pub off: Option<Off>,
    /// Since when it is no more.
    pub removed_at: Option<DateTime<Utc>>,
    /// How deliveries go.
    pub health: Health,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed by somebody.
    pub modified_at: DateTime<Utc>,
}

impl Endpoint {
    /// What the log of changes calls it.
    pub const KIND: &'static str = "webhook_endpoint";

    /// Whether anything is sent to it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.paused_at.is_none() && self.off.is_none() && self.removed_at.is_none()
    }

    /// Whether nothing is tried now, as too much failed.
    #[must_use]
    pub fn rests(&self, now: DateTime<Utc>) -> bool {
        self.health.rest_until.is_some_and(|until| until > now)
    }
}

/// One message to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id: the same at every try, and when it is sent again.
    pub id: DeliveryId,
    /// To whom.
    pub endpoint: EndpointId,
    /// What of.
    pub topic: Topic,
    /// What happened to which voter's action; nothing for a test.
    pub about: Option<About>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Which of the endpoint's lines it stands in; see [`shard_of`].
    pub shard: u8,
    /// Its place: above those of all that was kept before of the same action, or of another one of the same voter, for the
    /// same endpoint. Given by the store, which takes this one where it is high enough: the microseconds at which it happened, so
    /// that actions which are found to be one voter's later have an order too.
    pub position: i64,
    /// How far it is.
    pub status: DeliveryStatus,
    /// When it was put in line, for the first time or again.
    pub queued_at: DateTime<Utc>,
    /// Not before this moment.
    pub next_at: DateTime<Utc>,
    /// How many tries there were since it was put in line.
    pub attempts: u32,
    /// When the last try was.
    pub tried_at: Option<DateTime<Utc>>,
    /// The status of the last answer.
    pub answer: Option<u16>,
    /// Why the last try failed.
    pub failure: Option<Failure>,
}

/// What a delivery tells of a voter's action: nothing that says who the voter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The action.
    pub action: ActionId,
    /// The tool.
    pub tool: Tool,
    /// The tool's record.
    pub record: Uuid,
    /// The voter's state, as it was then.
    pub state: Option<State>,
    /// The event, if it was one, and its kind.
    pub event: Option<(EventId, EventType)>,
}

impl Delivery {
    /// A new one, due now, for the endpoint.
    fn new(id: DeliveryId, endpoint: &Endpoint, topic: Topic, at: DateTime<Utc>) -> Self {
        Self {
            id,
            endpoint: endpoint.id,
            topic,
            about: None,
            occurred_at: at,
            shard: 0,
            position: at.timestamp_micros(),
            status: DeliveryStatus::Waiting,
            queued_at: at,
            next_at: at,
            attempts: 0,
            tried_at: None,
            answer: None,
            failure: None,
        }
    }

    /// Its place in lists.
    #[must_use]
    pub fn key(&self) -> DeliveryKey {
        DeliveryKey { occurred_at: self.occurred_at, id: self.id }
    }

    /// Has it tried from the beginning.
    pub(crate) fn queue_again(&mut self, now: DateTime<Utc>) {
        self.status = DeliveryStatus::Waiting;
        (self.queued_at, self.next_at, self.attempts) = (now, now, 0);
    }
}

/// The line of a voter, and of an action whose voter is not known, by its id: what follows each other stands in the same
/// one, so that it goes on at once. Who may not go before whom does not depend on it.
#[must_use]
pub fn shard_of(id: Uuid) -> u8 {
    id.as_bytes()[15] % SHARDS
}

/// The place of a delivery in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryKey {
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Its id.
    pub id: DeliveryId,
}

/// The record of an action, as endpoints are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The tool that made it.
    pub tool: Tool,
    /// Its id.
    pub record: Uuid,
    /// The voter's state.
    pub state: Option<State>,
}

/// Who is to be told of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listeners {
    /// The action's record.
    pub subject: Subject,
    /// Whose action it is, where a roll of voters knows that.
    pub voter: Option<VoterId>,
    /// The endpoints of its subscriber, oldest first: those too that wait or are off, but none that was removed.
    pub endpoints: Vec<Endpoint>,
}

/// A span of time: from a moment on, and before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// At this moment or later.
    pub from: DateTime<Utc>,
    /// Before this one.
    pub to: DateTime<Utc>,
}

impl Window {
    /// Whether a moment is in it.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }
}
