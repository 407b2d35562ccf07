//! Rows in RAM: one state, replaced as a whole by each commit.
//!
//! A view is the state of its moment. A unit is a copy that takes the state's place when it commits; tables are shared
//! until somebody writes to them. One unit at a time: the next waits.

mod accounts;
mod actions;
mod api_keys;
mod ballot_requests;
mod blasts;
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
mod named;
mod office_lists;
mod officials;
mod polling_places;
mod records;
mod registrations;
mod reminders;
mod reports;
mod rooms;
mod search;
mod sessions;
mod subscribers;
mod subscriptions;
mod suppressions;
mod switches;
mod update_webhooks;
mod uploads;
mod voters;
mod webhooks;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use async_lock::{Mutex as AsyncMutex, MutexGuardArc};
use async_trait::async_trait;

use self::rooms::Rooms;
use super::locked;
use crate::ports::{
    store::{
        Accounts, Actions, ApiKeys, BallotRequests, Blasts, Bulk, Changes, Consents, ContactLinks, Edits,
        Elections, Faxes, Files, Jobs, KeyedCalls, Letters, Lookups, Mails, Messages, Movers, OfficeLists,
        Officials, PollingPlaces, ReadAccounts, ReadActions, ReadApiKeys, ReadBallotRequests, ReadBlasts,
        ReadChanges, ReadConsents, ReadContactLinks, ReadEdits, ReadElections, ReadEsign, ReadFaxes,
        ReadFiles, ReadJobs, ReadKeyedCalls, ReadLetters, ReadListings, ReadLookups, ReadMails, ReadMessages,
        ReadMovers, ReadOfficeLists, ReadOfficials, ReadPollingPlaces, ReadRecords, ReadRegistrations,
        ReadReminders, ReadReports, ReadSearch, ReadSessions, ReadSubjects, ReadSubscribers,
        ReadSubscriptions, ReadSuppressions, ReadSwitches, ReadUpdateWebhooks, ReadUploads, ReadVoters,
        ReadWebhooks, Records, Registrations, Reminders, Reports, Search, Sessions, Store, StoreError,
        Subjects, Subscribers, Subscriptions, Suppressions, Switches, Unit, UpdateWebhooks, Uploads, View,
        Voters, Webhooks,
    },
    wake::Wake,
};

/// A [`Store`] in RAM with all rooms. Unlike a database it does not check that a row which is pointed to
/// exists.
#[derive(Clone, Default)]
pub struct MemoryStore {
    inner: Arc<Inner>,
    wake: Option<Arc<dyn Wake>>,
}

#[derive(Default)]
struct Inner {
    rooms: Mutex<Rooms>,
    writer: Arc<AsyncMutex<()>>,
    complaints: Mutex<Vec<String>>,
    units: AtomicU64,
}

impl MemoryStore {
    /// No rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whom to tell that a job which is due was committed.
    #[must_use]
    pub fn with_wake(mut self, wake: Arc<dyn Wake>) -> Self {
        self.wake = Some(wake);
        self
    }

    /// What the health check is told from now on.
    pub fn complain(&self, complaints: Vec<String>) {
        *locked(&self.inner.complaints) = complaints;
    }

    /// How many units were begun: a read-only call begins none.
    #[must_use]
    pub fn units_begun(&self) -> u64 {
        self.inner.units.load(Ordering::Relaxed)
    }

    /// Every row as text, for tests that look for what must not be stored.
    #[must_use]
    pub fn dump(&self) -> String {
        format!("{:?}", locked(&self.inner.rooms))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        Ok(Box::new(MemoryView { rooms: locked(&self.inner.rooms).clone() }))
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        let writer = self.inner.writer.lock_arc().await;
        self.inner.units.fetch_add(1, Ordering::Relaxed);
        let rooms = locked(&self.inner.rooms).clone();
        Ok(Box::new(MemoryUnit { rooms, store: self.clone(), _writer: writer }))
    }

    async fn complaints(&self) -> Vec<String> {
        locked(&self.inner.complaints).clone()
    }
}

/// The rows of one moment.
struct MemoryView {
    rooms: Rooms,
}

/// A copy of the rows, with what was changed.
struct MemoryUnit {
    rooms: Rooms,
    store: MemoryStore,
    _writer: MutexGuardArc<()>,
}

macro_rules! reads {
    ($($name:ident: $room:ident;)*) => {$(
        fn $name(&mut self) -> &mut dyn $room {
            &mut self.rooms
        }
    )*};
}

macro_rules! all_reads {
    () => {
        reads! {
            actions: ReadActions;
            registrations: ReadRegistrations;
            subscribers: ReadSubscribers;
            elections: ReadElections;
            officials: ReadOfficials;
            files: ReadFiles;
            jobs: ReadJobs;
            ballot_requests: ReadBallotRequests;
            blasts: ReadBlasts;
            edits: ReadEdits;
            esign: ReadEsign;
            faxes: ReadFaxes;
            letters: ReadLetters;
            update_webhooks: ReadUpdateWebhooks;
            subjects: ReadSubjects;
            uploads: ReadUploads;
            api_keys: ReadApiKeys;
            search: ReadSearch;
            office_lists: ReadOfficeLists;
            lookups: ReadLookups;
            consents: ReadConsents;
            contact_links: ReadContactLinks;
            mails: ReadMails;
            messages: ReadMessages;
            movers: ReadMovers;
            reminders: ReadReminders;
            polling_places: ReadPollingPlaces;
            subscriptions: ReadSubscriptions;
            listings: ReadListings;
            reports: ReadReports;
            records: ReadRecords;
            suppressions: ReadSuppressions;
            switches: ReadSwitches;
            keyed_calls: ReadKeyedCalls;
            accounts: ReadAccounts;
            sessions: ReadSessions;
            changes: ReadChanges;
            voters: ReadVoters;
            webhooks: ReadWebhooks;
        }
    };
}

impl View for MemoryView {
    all_reads!();
}

impl View for MemoryUnit {
    all_reads!();
}

#[async_trait]
impl Unit for MemoryUnit {
    reads! {
        actions_mut: Actions;
        registrations_mut: Registrations;
        subscribers_mut: Subscribers;
        elections_mut: Elections;
        officials_mut: Officials;
        files_mut: Files;
        jobs_mut: Jobs;
        ballot_requests_mut: BallotRequests;
        blasts_mut: Blasts;
        edits_mut: Edits;
        faxes_mut: Faxes;
        letters_mut: Letters;
        update_webhooks_mut: UpdateWebhooks;
        subjects_mut: Subjects;
        uploads_mut: Uploads;
        api_keys_mut: ApiKeys;
        search_mut: Search;
        office_lists_mut: OfficeLists;
        lookups_mut: Lookups;
        consents_mut: Consents;
        contact_links_mut: ContactLinks;
        mails_mut: Mails;
        messages_mut: Messages;
        movers_mut: Movers;
        reminders_mut: Reminders;
        polling_places_mut: PollingPlaces;
        subscriptions_mut: Subscriptions;
        reports_mut: Reports;
        records_mut: Records;
        suppressions_mut: Suppressions;
        switches_mut: Switches;
        keyed_calls_mut: KeyedCalls;
        accounts_mut: Accounts;
        sessions_mut: Sessions;
        changes_mut: Changes;
        voters_mut: Voters;
        webhooks_mut: Webhooks;
        bulk_mut: Bulk;
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { mut rooms, store, _writer } = *self;
        let due = std::mem::take(&mut rooms.enqueued_due);
        *locked(&store.inner.rooms) = rooms;
        drop(_writer);
        if due && let Some(wake) = &store.wake {
            wake.wake();
        }
        Ok(())
    }
}
