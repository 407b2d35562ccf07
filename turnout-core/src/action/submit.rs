//! What the tools have in common when a voter hands something in.

use chrono::TimeDelta;

use super::{Action, EventType, Record, hooks, jobs::DONE_ELSEWHERE};
use crate::{
    address::Address,
    app::App,
    ids::ActionId,
    ports::{
        addresses::AddressVerifier,
        files::FileError,
        forms::FormsError,
        regions::RegionMatch,
        store::{StoreError, Unit},
    },
    problems::Problems,
    subscriber::Subscriber,
    webhook,
};

/// How something is handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// It is not meant to be complete yet.
    pub incomplete: bool,
    /// The address is to be matched to a region.
    pub match_region: bool,
    /// The slug of the subscriber; only read on creation.
    pub subscriber: Option<String>,
}

/// Why it was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// Something is wrong with the input; nothing was stored.
    #[error("the input has problems")]
    Problems(#[from] Problems),
    /// There is no such record.
    #[error("no such record")]
    NotFound,
    /// The mailing address may not take mail, and the voter did not say to go on. The data was stored (quirk Q79).
    #[error("the mailing address may not be deliverable")]
    Undeliverable,
    /// Too many completions; one more is allowed in so long. Nothing was stored.
    #[error("completed too often")]
    Throttled(TimeDelta),
    /// The form could not be made. The record is stored, incomplete.
    #[error(transparent)]
    Form(#[from] FormsError),
    /// A file could not be stored or read. The record is stored, incomplete.
    #[error(transparent)]
    File(#[from] FileError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Action {
    /// A new action of one of the subscriber's voters, now.
    pub(crate) fn begin(app: &App, subscriber: Option<&Subscriber>) -> Self {
        let now = app.now();
        Self {
            id: ActionId(app.ids.uuid()),
            visible_to_subscriber: subscriber.is_none_or(Subscriber::has_data_access),
            last_voter_lookup: None,
            created_at: now,
            modified_at: now,
        }
    }
}

/// Whether mail arrives at the address for a printed form; not known without an address or an answer.
pub(crate) async fn is_deliverable(addresses: &dyn AddressVerifier, address: &Address) -> Option<bool> {
    if address.is_empty() {
        return None;
    }
    match addresses.verify(address).await {
        Ok(found) => found.arrives(),
        Err(error) => {
            tracing::warn!(%error, "whether mail arrives at an address could not be asked");
            None
        }
    }
}

/// Whether a record waits for the voter to mend the address for the printed form, or to insist on it.
pub(crate) fn is_refused(address: &Address, deliverable: Option<bool>, insists: bool) -> bool {
    address.is_streeted() && deliverable != Some(true) && !insists
}

/// The regions that an address may belong to; one alone only if the store knows it. A failure is no match.
pub(crate) async fn find_region(app: &App, address: &Address) -> Result<RegionMatch, StoreError> {
    let found = match app.regions.find(address).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "an address could not be matched to a region");
            return Ok(RegionMatch::None);
        }
    };
    let RegionMatch::One(id) = found else { return Ok(found) };
    // one that another took the place of is that other one
    match app.store.view().await?.officials().region(id).await? {
        Some(region) => Ok(RegionMatch::One(region.id)),
        None => {
            tracing::warn!(region.id = %id, "a matched region is not in the store");
            Ok(RegionMatch::None)
        }
    }
}

/// Whether there is nothing to look after any more: the letter with the form came back, or the voter did at the state's own
/// tool what the form was for.
pub(crate) async fn is_chase_idle(app: &App, action: Option<ActionId>) -> Result<bool, StoreError> {
    let Some(action) = action else { return Ok(false) };
    let mut view = app.store.view().await?;
    Ok(view.actions().has_event(action, &[EventType::LobReturned]).await?
        || view.actions().has_event(action, &DONE_ELSEWHERE).await?)
}

/// Records the events that the page reports, in its order, and enqueues what follows from them.
pub(crate) async fn report(
    app: &App,
    unit: &mut dyn Unit,
    record: Record<'_>,
    events: &[EventType],
) -> Result<(), StoreError> {
    let Some(action) = record.action() else { return Ok(()) };
    for event in events {
        webhook::happened(app, unit, &app.event(action, *event)).await?;
    }
    hooks(app, unit, action, events, record).await
}
