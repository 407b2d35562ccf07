//! What of a subscriber goes into the record of changes: every field, under the names of the Django service's history
//! (`tables.md`), so that what was taken over from there reads as what is written here.

use serde_json::{Value, json};

use super::Subscriber;

/// What the record of changes calls a subscriber.
pub const KIND: &str = "subscriber";

/// A subscriber as it is. Of its account at ActionNetwork only that it has one: no key is in any record.
#[must_use]
pub fn snapshot(subscriber: &Subscriber, syncs_to_action_network: bool) -> Value {
    json!({
        "name": subscriber.name,
        "url": subscriber.url,
        "email": subscriber.email,
        "privacy_policy": subscriber.privacy_policy,
        "terms_of_service": subscriber.terms_of_service,
        "sms_enabled": subscriber.sms_enabled,
        "sms_checkbox": subscriber.sms_checkbox,
        "sms_checkbox_default": subscriber.sms_checkbox_default,
        "sms_disclaimer": subscriber.sms_disclaimer,
        "language": subscriber.language.as_ref().map(ToString::to_string),
        "default_slug": subscriber.default_slug.map(|id| id.to_string()),
        "status": subscriber.status.wire(),
        "is_first_party": subscriber.is_first_party,
        "has_api_access": subscriber.has_api_access,
        "sync_tmc": subscriber.sync_tmc,
        "sync_bluelink": subscriber.sync_bluelink,
        "sync_actionnetwork": syncs_to_action_network,
    })
}
