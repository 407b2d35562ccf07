//! Polling places: a page asked its locator where a voter votes, and reports what it was told.
//!
//! The noun is here; `report.rs` is the use-case.

mod report;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use report::{ReportError, Reported, fields, report};

use crate::{
    address::Address,
    ids::{ActionId, PollingPlaceLookupId, SubscriberId},
    tracking::Tracking,
};

/// What a page's locator answered about a voter's address.
#[derive(Debug, Clone, PartialEq)]
pub struct PollingPlaceLookup {
    /// Its id.
    pub id: PollingPlaceLookupId,
    /// The action it belongs to. Every report made through the API has one.
    pub action: Option<ActionId>,
    /// Whose voter this is.
    pub subscriber: Option<SubscriberId>,
    /// When it was reported.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
    /// The address as the voter typed it.
    pub unstructured_address: Option<String>,
    /// What the locator answered, as sent.
    pub source_result: Option<Value>,
    /// What became of the question, in the locator's words.
    pub source_status: Option<String>,
    /// The same in those of Google's locator. Its answer is never kept.
    pub civic_status: Option<String>,
    /// The address as the locator understood it.
    pub address: Address,
    /// Whether the voter agreed to texts of the subscriber.
    pub sms_opt_in_subscriber: Option<bool>,
    /// Where the voter came from.
    pub tracking: Tracking,
}
