//! Rows: a view to read them, a unit of work to change them.
//!
//! A room's trait is split: `Read…` on views and units, the rest on units only. A room that a store does not have
//! answers [`StoreError::Absent`]. Required are actions, registrations, subscribers, elections, officials, files and
//! jobs.

mod accounts;
mod actions;
mod api_keys;
mod ballot_requests;
mod blasts;
mod bulk;
mod changes;
mod consents;
mod contact_links;
mod edits;
mod elections;
mod esign;
mod faxes;
mod files;
mod jobs;
mod keyed_calls;
mod letters;
mod listings;
mod lookups;
mod mails;
mod messages;
mod movers;
mod office_lists;
mod officials;
mod polling_places;
mod records;
mod registrations;
mod reminders;
mod reports;
mod search;
mod sessions;
mod subjects;
mod subscribers;
mod subscriptions;
mod suppressions;
mod switches;
mod update_webhooks;
mod uploads;
mod voters;
mod webhooks;

use async_trait::async_trait;

pub use accounts::{Accounts, ReadAccounts};
pub use actions::{Actions, ReadActions};
pub use api_keys::{ApiKeys, ReadApiKeys};
pub use ballot_requests::{BallotRequests, ReadBallotRequests};
pub use blasts::{Blasts, Reachable, ReadBlasts, Reckoned};
pub use bulk::{Bulk, Carried, Column, ColumnKind, LeftOut, Newer, Row, Table};
pub use changes::{Changes, ReadChanges};
pub use consents::{Consents, ReadConsents};
pub use contact_links::{
    ContactLinks, Listed, ListedAddress, MOST_REFUSALS, ReadContactLinks, Unkeyed, Unlinked,
};
pub use edits::{Edits, ReadEdits};
pub use elections::{Elections, ReadElections};
pub use esign::ReadEsign;
pub use faxes::{Faxes, ReadFaxes};
pub use files::{Files, ReadFiles};
pub use jobs::{Jobs, ReadJobs};
pub use keyed_calls::{KeyedCalls, ReadKeyedCalls};
pub use letters::{Letters, ReadLetters};
pub use listings::ReadListings;
pub use lookups::{Lookups, ReadLookups};
pub use mails::{Mails, ReadMails};
pub use messages::{Messages, ReadMessages};
pub use movers::{Movers, ReadMovers};
pub use office_lists::{OfficeLists, ReadOfficeLists};
pub use officials::{Officials, ReadOfficials, RegionFilter};
pub use polling_places::{PollingPlaces, ReadPollingPlaces};
pub use records::{ReadRecords, Records};
pub use registrations::{ReadRegistrations, Registrations};
pub use reminders::{ReadReminders, Reminders};
pub use reports::{ReadReports, Reports};
pub use search::{ReadSearch, Search};
pub use sessions::{ReadSessions, Sessions};
pub use subjects::{ReadSubjects, Subjects};
pub use subscribers::{ReadSubscribers, Subscribers};
pub use subscriptions::{ReadSubscriptions, Subscriptions};
pub use suppressions::{ReadSuppressions, Suppressions};
pub use switches::{ReadSwitches, Switches};
pub use update_webhooks::{ReadUpdateWebhooks, UpdateWebhooks};
pub use uploads::{ReadUploads, Uploads};
pub use voters::{Asked, ReadVoters, Unmatched, Voters};
pub use webhooks::{ReadWebhooks, Webhooks};

use crate::error::BoxError;

/// What went wrong in a store, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else was first, or the row is there already.
    #[error("a {entity} with this key exists")]
    Conflict {
        /// What exists.
        entity: &'static str,
    },
    /// A row holds what it cannot hold.
    #[error("{table}.{column} holds a value that cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The cause, without the value.
        #[source]
        source: Option<BoxError>,
    },
    /// The store does not answer; trying again later may help.
    #[error("the store is not available")]
    Unavailable(#[source] BoxError),
    /// This store has no such room.
    #[error("this store has no {0}")]
    Absent(&'static str),
    /// Anything else.
    #[error("the store failed")]
    Other(#[source] BoxError),
}

impl StoreError {
    /// Whether the same work may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Where a store without that room is as good as one in which the room is empty.
pub(crate) fn unless_absent<T: Default>(outcome: Result<T, StoreError>) -> Result<T, StoreError> {
    match outcome {
        Err(StoreError::Absent(_)) => Ok(T::default()),
        outcome => outcome,
    }
}

/// Where rows are kept.
///
/// A store of one's own, with its views, its units and the seven rooms that are required, is
/// `examples/bring_your_own_store.rs`: it passes the suites of `turnout_core::conformance` for them. The smallest one is put
/// before another one:
///
/// ```
/// # #[cfg(feature = "memory")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use async_trait::async_trait;
/// use turnout_core::{
///     memory::MemoryStore,
///     ports::store::{Store, StoreError, Unit, View},
/// };
///
/// /// Counts how often somebody begins to write.
/// struct Counted<S> {
///     store: S,
///     begun: AtomicU32,
/// }
///
/// #[async_trait]
/// impl<S: Store> Store for Counted<S> {
///     async fn view(&self) -> Result<Box<dyn View>, StoreError> {
///         self.store.view().await
///     }
///
///     async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
///         self.begun.fetch_add(1, Ordering::Relaxed);
///         self.store.begin().await
///     }
///
///     async fn complaints(&self) -> Vec<String> {
///         self.store.complaints().await
///     }
/// }
///
/// let store = Counted { store: MemoryStore::new(), begun: AtomicU32::new(0) };
/// assert!(store.view().await?.elections().states().await?.is_empty());
/// store.begin().await?.commit().await?;
/// assert_eq!(store.begun.into_inner(), 1);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "memory"))]
/// # fn main() {}
/// ```
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Reads only: one snapshot, never waits for a writer.
    async fn view(&self) -> Result<Box<dyn View>, StoreError>;

    /// As [`view`](Self::view), for who reads much and does not mind being a moment behind: reports and audiences. A
    /// store may have a place of its own for it.
    async fn report_view(&self) -> Result<Box<dyn View>, StoreError> {
        self.view().await
    }

    /// One transaction. Dropping it undoes everything. No call to the outside world while it is open.
    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError>;

    /// What keeps the store from being used, for the health check: pending migrations, no connection. Empty is well.
    async fn complaints(&self) -> Vec<String>;
}

/// A store that somebody else holds too.
#[async_trait]
impl<S: Store + ?Sized> Store for std::sync::Arc<S> {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        (**self).view().await
    }

    async fn report_view(&self) -> Result<Box<dyn View>, StoreError> {
        (**self).report_view().await
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        (**self).begin().await
    }

    async fn complaints(&self) -> Vec<String> {
        (**self).complaints().await
    }
}

/// Stands for every room that a store does not have.
struct AbsentRoom;

/// It has no size, so that nothing is allocated.
fn absent() -> &'static mut AbsentRoom {
    Box::leak(Box::new(AbsentRoom))
}

/// One snapshot of all rooms, to read.
pub trait View: Send {
    /// Actions and their events.
    fn actions(&mut self) -> &mut dyn ReadActions;
    /// Registrations.
    fn registrations(&mut self) -> &mut dyn ReadRegistrations;
    /// Subscribers and their slugs.
    fn subscribers(&mut self) -> &mut dyn ReadSubscribers;
    /// States and facts about them.
    fn elections(&mut self) -> &mut dyn ReadElections;
    /// Regions and offices.
    fn officials(&mut self) -> &mut dyn ReadOfficials;
    /// Files made for persons.
    fn files(&mut self) -> &mut dyn ReadFiles;
    /// Jobs.
    fn jobs(&mut self) -> &mut dyn ReadJobs;
    /// Ballot requests, and what is said here of offices that take them. Not required.
    fn ballot_requests(&mut self) -> &mut dyn ReadBallotRequests {
        absent()
    }
    /// Texts to many at once. Not required.
    fn blasts(&mut self) -> &mut dyn ReadBlasts {
        absent()
    }
    /// What is proposed for facts about states. Not required.
    fn edits(&mut self) -> &mut dyn ReadEdits {
        absent()
    }
    /// How offices take requests that were signed online, and what went to them. Not required.
    fn esign(&mut self) -> &mut dyn ReadEsign {
        absent()
    }
    /// Faxes. Not required.
    fn faxes(&mut self) -> &mut dyn ReadFaxes {
        absent()
    }
    /// Letters. Not required.
    fn letters(&mut self) -> &mut dyn ReadLetters {
        absent()
    }
    /// Webhooks that are called when facts about states change. Not required.
    fn update_webhooks(&mut self) -> &mut dyn ReadUpdateWebhooks {
        absent()
    }
    /// What is kept of one person, over all tables. Not required.
    fn subjects(&mut self) -> &mut dyn ReadSubjects {
        absent()
    }
    /// Pictures that voters uploaded. Not required.
    fn uploads(&mut self) -> &mut dyn ReadUploads {
        absent()
    }
    /// Keys of partners' programs. Not required.
    fn api_keys(&mut self) -> &mut dyn ReadApiKeys {
        absent()
    }
    /// Search of voters. Not required.
    fn search(&mut self) -> &mut dyn ReadSearch {
        absent()
    }
    /// Everything there is of regions and offices. Not required.
    fn office_lists(&mut self) -> &mut dyn ReadOfficeLists {
        absent()
    }
    /// Questions to the voter roll. Not required.
    fn lookups(&mut self) -> &mut dyn ReadLookups {
        absent()
    }
    /// The ledger of who agreed to be written to. Not required, but nobody gets a text without.
    fn consents(&mut self) -> &mut dyn ReadConsents {
        absent()
    }
    /// Which actions were passed on to contact lists. Not required.
    fn contact_links(&mut self) -> &mut dyn ReadContactLinks {
        absent()
    }
    /// What was decided about mails that did not go at once. Not required.
    fn mails(&mut self) -> &mut dyn ReadMails {
        absent()
    }
    /// Text messages and the numbers they go to. Not required.
    fn messages(&mut self) -> &mut dyn ReadMessages {
        absent()
    }
    /// People who moved. Not required.
    fn movers(&mut self) -> &mut dyn ReadMovers {
        absent()
    }
    /// Requests to be reminded. Not required.
    fn reminders(&mut self) -> &mut dyn ReadReminders {
        absent()
    }
    /// What locators of polling places answered. Not required.
    fn polling_places(&mut self) -> &mut dyn ReadPollingPlaces {
        absent()
    }
    /// What organizations subscribe to. Not required.
    fn subscriptions(&mut self) -> &mut dyn ReadSubscriptions {
        absent()
    }
    /// Lists of what voters made. Not required, but by the management site.
    fn listings(&mut self) -> &mut dyn ReadListings {
        absent()
    }
    /// Exports and statistics. Not required, but by the management site.
    fn reports(&mut self) -> &mut dyn ReadReports {
        absent()
    }
    /// Single rows, as record pages show them. Not required.
    fn records(&mut self) -> &mut dyn ReadRecords {
        absent()
    }
    /// E-mail addresses that are not mailed. Not required.
    fn suppressions(&mut self) -> &mut dyn ReadSuppressions {
        absent()
    }
    /// What switches are set to. Not required.
    fn switches(&mut self) -> &mut dyn ReadSwitches {
        absent()
    }
    /// Calls that carry a key. Not required.
    fn keyed_calls(&mut self) -> &mut dyn ReadKeyedCalls {
        absent()
    }
    /// People with accounts, whom they work for, and how they sign in. Not required.
    fn accounts(&mut self) -> &mut dyn ReadAccounts {
        absent()
    }
    /// Who is signed in. Not required.
    fn sessions(&mut self) -> &mut dyn ReadSessions {
        absent()
    }
    /// Who did what. Not required.
    fn changes(&mut self) -> &mut dyn ReadChanges {
        absent()
    }
    /// Voters whom the rolls know. Not required.
    fn voters(&mut self) -> &mut dyn ReadVoters {
        absent()
    }
    /// What subscribers' programs are told. Not required.
    fn webhooks(&mut self) -> &mut dyn ReadWebhooks {
        absent()
    }
}

/// One transaction over all rooms. Reads see its own writes.
#[async_trait]
pub trait Unit: View {
    /// Actions and their events, to change.
    fn actions_mut(&mut self) -> &mut dyn Actions;
    /// Registrations, to change.
    fn registrations_mut(&mut self) -> &mut dyn Registrations;
    /// Subscribers and their slugs, to change.
    fn subscribers_mut(&mut self) -> &mut dyn Subscribers;
    /// States and facts about them, to change.
    fn elections_mut(&mut self) -> &mut dyn Elections;
    /// Regions and offices, to change.
    fn officials_mut(&mut self) -> &mut dyn Officials;
    /// Files made for persons, to change.
    fn files_mut(&mut self) -> &mut dyn Files;
    /// Jobs, to enqueue and settle.
    fn jobs_mut(&mut self) -> &mut dyn Jobs;
    /// Ballot requests, to change. Not required.
    fn ballot_requests_mut(&mut self) -> &mut dyn BallotRequests {
        absent()
    }
    /// Texts to many at once, to change. Not required.
    fn blasts_mut(&mut self) -> &mut dyn Blasts {
        absent()
    }
    /// What is proposed for facts about states, to change. Not required.
    fn edits_mut(&mut self) -> &mut dyn Edits {
        absent()
    }
    /// Faxes, to change. Not required.
    fn faxes_mut(&mut self) -> &mut dyn Faxes {
        absent()
    }
    /// Letters, to change. Not required.
    fn letters_mut(&mut self) -> &mut dyn Letters {
        absent()
    }
    /// Webhooks that are called when facts about states change, to change. Not required.
    fn update_webhooks_mut(&mut self) -> &mut dyn UpdateWebhooks {
        absent()
    }
    /// What is kept of one person, over all tables, to erase. Not required.
    fn subjects_mut(&mut self) -> &mut dyn Subjects {
        absent()
    }
    /// Pictures that voters uploaded, to change. Not required.
    fn uploads_mut(&mut self) -> &mut dyn Uploads {
        absent()
    }
    /// Keys of partners' programs, to change. Not required.
    fn api_keys_mut(&mut self) -> &mut dyn ApiKeys {
        absent()
    }
    /// What voters are found by, to change. Not required.
    fn search_mut(&mut self) -> &mut dyn Search {
        absent()
    }
    /// What a supplier's list of regions and offices has no more, to take away. Not required.
    fn office_lists_mut(&mut self) -> &mut dyn OfficeLists {
        absent()
    }
    /// Questions to the voter roll, to add. Not required.
    fn lookups_mut(&mut self) -> &mut dyn Lookups {
        absent()
    }
    /// The ledger of who agreed to be written to, to add to. Not required.
    fn consents_mut(&mut self) -> &mut dyn Consents {
        absent()
    }
    /// Which actions were passed on to contact lists, to change. Not required.
    fn contact_links_mut(&mut self) -> &mut dyn ContactLinks {
        absent()
    }
    /// What was decided about mails, to note. Not required.
    fn mails_mut(&mut self) -> &mut dyn Mails {
        absent()
    }
    /// Text messages and the numbers they go to, to change. Not required.
    fn messages_mut(&mut self) -> &mut dyn Messages {
        absent()
    }
    /// People who moved, to change. Not required.
    fn movers_mut(&mut self) -> &mut dyn Movers {
        absent()
    }
    /// Requests to be reminded, to add. Not required.
    fn reminders_mut(&mut self) -> &mut dyn Reminders {
        absent()
    }
    /// What locators of polling places answered, to add. Not required.
    fn polling_places_mut(&mut self) -> &mut dyn PollingPlaces {
        absent()
    }
    /// What organizations subscribe to, to change. Not required.
    fn subscriptions_mut(&mut self) -> &mut dyn Subscriptions {
        absent()
    }
    /// Exports and statistics, to change. Not required.
    fn reports_mut(&mut self) -> &mut dyn Reports {
        absent()
    }
    /// Single rows, as record pages set them. Not required.
    fn records_mut(&mut self) -> &mut dyn Records {
        absent()
    }
    /// E-mail addresses that are not mailed, to change. Not required.
    fn suppressions_mut(&mut self) -> &mut dyn Suppressions {
        absent()
    }
    /// What switches are set to, to change. Not required.
    fn switches_mut(&mut self) -> &mut dyn Switches {
        absent()
    }
    /// Calls that carry a key, to change. Not required.
    fn keyed_calls_mut(&mut self) -> &mut dyn KeyedCalls {
        absent()
    }
    /// People with accounts, to change. Not required.
    fn accounts_mut(&mut self) -> &mut dyn Accounts {
        absent()
    }
    /// Who is signed in, to change. Not required.
    fn sessions_mut(&mut self) -> &mut dyn Sessions {
        absent()
    }
    /// Who did what, to add to. Not required.
    fn changes_mut(&mut self) -> &mut dyn Changes {
        absent()
    }
    /// Voters whom the rolls know, to change, and actions to link to them. Not required.
    fn voters_mut(&mut self) -> &mut dyn Voters {
        absent()
    }
    /// What subscribers' programs are told, to change. Not required.
    fn webhooks_mut(&mut self) -> &mut dyn Webhooks {
        absent()
    }

    /// Rows of another service, to take over. Not required.
    fn bulk_mut(&mut self) -> &mut dyn Bulk {
        absent()
    }

    /// Makes it last. Wakes the workers when a job was enqueued that is due.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
