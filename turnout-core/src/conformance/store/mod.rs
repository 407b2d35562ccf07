//! What a [`Store`] promises, room by room, and of its units and views.

pub mod accounts;
pub mod actions;
pub mod api_keys;
pub mod ballot_requests;
pub mod blasts;
pub mod bulk;
pub mod changes;
pub mod consents;
pub mod contact_links;
pub mod edits;
pub mod elections;
pub mod esign;
pub mod faxes;
pub mod files;
pub mod job_lines;
pub mod jobs;
pub mod keyed_calls;
pub mod letters;
pub mod listings;
pub mod lookups;
pub mod mails;
pub mod messages;
pub mod movers;
pub mod office_lists;
pub mod officials;
pub mod polling_places;
pub mod records;
pub mod registrations;
pub mod reminders;
pub mod reports;
pub mod search;
pub mod sessions;
pub mod subjects;
pub mod subscribers;
pub mod subscriptions;
pub mod suppressions;
pub mod switches;
pub mod units;
pub mod update_webhooks;
pub mod uploads;
pub mod voters;
pub mod webhooks;

use crate::ports::store::{Store, StoreError, Unit, View};

async fn unit(store: &dyn Store) -> Box<dyn Unit> {
    store.begin().await.expect("a unit begins")
}

async fn view(store: &dyn Store) -> Box<dyn View> {
    store.view().await.expect("a view opens")
}

async fn commit(unit: Box<dyn Unit>) {
    unit.commit().await.expect("a unit commits");
}

fn is_conflict<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Conflict { .. }))
}
