//! Subscriptions: what an organization pays for and whom we speak with there; before that, its wish to become a subscriber.
//!
//! The nouns are here. `sign_up.rs` takes a wish, `leads.rs` finds it, `review.rs` makes a subscriber of it or declines,
//! `edit.rs` changes a subscription, `import.rs` takes contacts from a table, `jobs.rs` is what happens later. The plan that a
//! [`Subscriber`](crate::subscriber::Subscriber) has is that of its subscription.

mod edit;
pub mod import;
pub mod jobs;
mod leads;
mod review;
mod sign_up;

use chrono::{DateTime, NaiveDate, Utc};

pub use edit::{ContactError, LONGEST_CONTACT, change_contact, change_subscription, restore_subscription};
pub use leads::leads;
pub use review::{ReviewError, activate, reject};
pub use sign_up::{SignUpError, fields, sign_up};

use crate::{
    ids::{IntegrationId, InterestId, ProductId, SubscriberId, SubscriptionId},
    person::{Phone, demographics::choices},
    secret::IntegrationKey,
    subscriber::{Plan, SmsMode},
};

choices! {
    /// How far a wish to become a subscriber has come.
    InterestStatus {
        Pending = "pending", "Pending Review";
        Subscribed = "subscribed", "Subscribed";
        AwaitingPayment = "awaiting_payment", "Awaiting Payment";
        Rejected = "rejected", "Rejected";
    }
    /// A service of somebody else at which subscribers have accounts.
    ExternalTool {
        ActionNetwork = "actionnetwork", "ActionNetwork";
        Lob = "lob", "Lob";
    }
}

/// Under which name a key is kept among what is known of a subscriber's account elsewhere.
pub const KEY_NAME: &str = "api_key";

/// Whom we speak with at a subscriber.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<Phone>,
}

/// What an organization subscribes to. A subscriber has one or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub subscriber: SubscriberId,
    /// The wish that it came of.
    pub interest: Option<InterestId>,
    /// What was sold, once.
    pub product: Option<ProductId>,
    /// The plan.
    pub plan: Plan,
    /// Until when it was paid for. Nothing ends by it (quirk Q90).
    pub expires: Option<NaiveDate>,
    /// Whom we speak with.
    pub contact: Contact,
    /// The number by which the tax authority knows the organization.
    pub ein: Option<String>,
    /// What we note of it. The subscriber does not see it.
    pub internal_notes: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// An organization that asked to become a subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// Its id.
    pub id: InterestId,
    /// What it is called.
    pub organization_name: Option<String>,
    /// Its home page.
    pub website: Option<String>,
    /// Who asked.
    pub contact: Contact,
    /// The plan that was asked for.
    pub plan: Plan,
    /// The number by which the tax authority knows it.
    pub ein: Option<String>,
    /// How its tools are to ask about texts.
    pub sms_mode: SmsMode,
    /// How far it has come.
    pub status: InterestStatus,
    /// Why it was declined.
    pub reject_reason: Option<String>,
    /// Whether it said that it is a non-profit, before there was a plan for that.
    pub nonprofit: Option<bool>,
    /// What it wanted to buy, once.
    pub product: Option<ProductId>,
    /// When it asked.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

impl Interest {
    /// What the record of changes calls it.
    pub const KIND: &'static str = "interest";

    /// Whether a subscriber was made of it: nothing more can be done with it.
    #[must_use]
    pub fn is_consumed(&self) -> bool {
        self.status == InterestStatus::Subscribed
    }
}

impl Subscription {
    /// What the record of changes calls it.
    pub const KIND: &'static str = "subscription";
}

/// Something that was sold once. Nothing is sold any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// For how many months it was.
    pub months: Option<i64>,
    /// What it cost, in dollars.
    pub cost: Option<i64>,
    /// Whether everybody could buy it.
    pub public: Option<bool>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// What opens a subscriber's account at somebody else's service.
#[derive(Debug, Clone)]
pub struct Integration {
    /// Its id.
    pub id: IntegrationId,
    /// Whose account it is.
    pub subscriber: SubscriberId,
    /// Where.
    pub tool: ExternalTool,
    /// The key.
    pub key: IntegrationKey,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}
