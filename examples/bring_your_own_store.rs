//! A store of one's own: the seven required rooms over plain tables, with real units of work. It passes the suites of
//! all rooms, and then a voter registers in it.
//!
//! A view holds the tables of its moment. A unit works on a copy of them and puts it in their place when it commits, so
//! to drop it is to undo it; one unit at a time, the next waits its turn. That does for some thousand rows in one
//! process. What a database would do beside it: check that what a row points to exists, and wake other processes.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::OwnedMutexGuard;
use turnout_core::{
    App,
    action::{Action, Event, EventType, Source},
    address::State,
    election::{FieldType, StateInformation, StateProfile},
    file::{FileType, StoredFile},
    ids::{
        ActionId, EventId, FieldTypeId, FileId, InformationId, JobId, OfficeAddressId, OfficeId, RegionId,
        RegistrationId, SlugId, SubscriberId,
    },
    input::Input,
    jobs::{
        ClaimedJob, Ended, JobCounts, JobFilter, JobRecord, JobState, Lane, LaneDepth, NewJob, Outcome,
        Priority, Rate, Settlement, step::run_all_due,
    },
    memory::{FrozenClock, MemoryFiles, Outbox, PaperForms, SeededIds},
    official::{Office, OfficeAddress, OfficeWithAddresses, Region},
    page::{Page, PageRequest},
    ports::store::{
        Actions, Elections, Files, Jobs, Officials, ReadActions, ReadElections, ReadFiles, ReadJobs,
        ReadOfficials, ReadRegistrations, ReadSubscribers, RegionFilter, Registrations, Store, StoreError,
        Subscribers, Unit, View,
    },
    register::{Options, Registration, Status, submit},
    seed::seed,
    subscriber::{Slug, Subscriber},
};

/// Every table there is.
#[derive(Clone, Default)]
struct Tables {
    actions: BTreeMap<ActionId, Action>,
    events: BTreeMap<EventId, Event>,
    registrations: BTreeMap<RegistrationId, Registration>,
    subscribers: BTreeMap<SubscriberId, Subscriber>,
    slugs: BTreeMap<SlugId, Slug>,
    states: BTreeMap<&'static str, StateProfile>,
    field_types: BTreeMap<FieldTypeId, FieldType>,
    information: BTreeMap<InformationId, StateInformation>,
    regions: BTreeMap<RegionId, Region>,
    offices: BTreeMap<OfficeId, Office>,
    addresses: BTreeMap<OfficeAddressId, OfficeAddress>,
    files: BTreeMap<FileId, StoredFile>,
    jobs: BTreeMap<JobId, KeptJob>,
    lanes: BTreeMap<&'static str, DateTime<Utc>>,
    ticks: BTreeSet<(String, DateTime<Utc>)>,
}

/// The tables as a view or a unit has them: shared until somebody writes.
#[derive(Clone, Default)]
struct Rows(Arc<Tables>);

impl Rows {
    fn write(&mut self) -> &mut Tables {
        Arc::make_mut(&mut self.0)
    }
}

/// The store. A clone is the same store.
#[derive(Clone, Default)]
struct TableStore {
    latest: Arc<Mutex<Rows>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl TableStore {
    fn rows(&self) -> Rows {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Store for TableStore {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        Ok(Box::new(Moment { rows: self.rows() }))
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        Ok(Box::new(Change { rows: self.rows(), store: self.clone(), _turn: turn }))
    }

    async fn complaints(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A view.
struct Moment {
    rows: Rows,
}

/// A unit.
struct Change {
    rows: Rows,
    store: TableStore,
    _turn: OwnedMutexGuard<()>,
}

/// The doors to the rooms: all of them are the rows.
macro_rules! doors {
    ($($name:ident: $room:ident,)*) => {
        $(fn $name(&mut self) -> &mut dyn $room {
            &mut self.rows
        })*
    };
}

macro_rules! view {
    ($view:ident) => {
        impl View for $view {
            doors! {
                actions: ReadActions,
                registrations: ReadRegistrations,
                subscribers: ReadSubscribers,
                elections: ReadElections,
                officials: ReadOfficials,
                files: ReadFiles,
                jobs: ReadJobs,
            }
        }
    };
}

view!(Moment);
view!(Change);

#[async_trait]
impl Unit for Change {
    doors! {
        actions_mut: Actions,
        registrations_mut: Registrations,
        subscribers_mut: Subscribers,
        elections_mut: Elections,
        officials_mut: Officials,
        files_mut: Files,
        jobs_mut: Jobs,
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        *self.store.latest.lock().unwrap_or_else(PoisonError::into_inner) = self.rows;
        Ok(())
    }
}

/// Adds a row whose key must be free.
fn add<K: Ord, V>(
    table: &mut BTreeMap<K, V>,
    key: K,
    row: V,
    entity: &'static str,
) -> Result<(), StoreError> {
    match table.entry(key) {
        Entry::Vacant(place) => {
            place.insert(row);
            Ok(())
        }
        Entry::Occupied(_) => Err(StoreError::Conflict { entity }),
    }
}

/// A row that is to be changed, and so was read before.
fn known<'a, K: Ord, V>(table: &'a mut BTreeMap<K, V>, key: &K) -> Result<&'a mut V, StoreError> {
    table.get_mut(key).ok_or_else(|| StoreError::Other("a row that is not there was to be changed".into()))
}

fn at_most(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

#[async_trait]
impl ReadActions for Rows {
    async fn by_id(&mut self, id: ActionId) -> Result<Option<Action>, StoreError> {
        Ok(self.0.actions.get(&id).cloned())
    }

    async fn source(&mut self, id: ActionId) -> Result<Option<Source>, StoreError> {
        let registration = self.0.registrations.values().find(|it| it.action == Some(id));
        Ok(registration.map(|it| Source::Registration(it.id)))
    }

    async fn events(&mut self, id: ActionId) -> Result<Vec<Event>, StoreError> {
        let mut events: Vec<Event> = self.0.events.values().filter(|it| it.action == id).cloned().collect();
        // the table is by id, and the sort leaves alone what is equal
        events.sort_by_key(|it| it.created_at);
        Ok(events)
    }

    async fn has_event(&mut self, id: ActionId, kinds: &[EventType]) -> Result<bool, StoreError> {
        Ok(self.0.events.values().any(|it| it.action == id && kinds.contains(&it.kind)))
    }
}

#[async_trait]
impl Actions for Rows {
    async fn insert(&mut self, action: &Action) -> Result<(), StoreError> {
        add(&mut self.write().actions, action.id, action.clone(), "action")
    }

    async fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        add(&mut self.write().events, event.id, event.clone(), "event")
    }
}

#[async_trait]
impl ReadRegistrations for Rows {
    async fn by_id(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        Ok(self.0.registrations.get(&id).cloned())
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<Registration>, StoreError> {
        Ok(self.0.registrations.values().find(|it| it.action == Some(id)).cloned())
    }

    async fn by_file(&mut self, id: FileId) -> Result<Option<Registration>, StoreError> {
        let is_form = |it: &&Registration| [it.result_item, it.result_item_mail].contains(&Some(id));
        Ok(self.0.registrations.values().find(is_form).cloned())
    }
}

#[async_trait]
impl Registrations for Rows {
    async fn insert(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let mut others = self.0.registrations.values();
        if registration.action.is_some() && others.any(|it| it.action == registration.action) {
            return Err(StoreError::Conflict { entity: "registration" });
        }
        add(&mut self.write().registrations, registration.id, registration.clone(), "registration")
    }

    async fn lock(&mut self, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
        // a unit has all tables for itself
        Ok(self.0.registrations.get(&id).cloned())
    }

    async fn update(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let row = known(&mut self.write().registrations, &registration.id)?;
        *row = Registration {
            action: row.action,
            subscriber: row.subscriber,
            created_at: row.created_at,
            ..registration.clone()
        };
        Ok(())
    }
}

#[async_trait]
impl ReadSubscribers for Rows {
    async fn by_id(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.0.subscribers.get(&id).cloned())
    }

    async fn by_slug(&mut self, slug: &str) -> Result<Option<Subscriber>, StoreError> {
        let slug = self.0.slugs.values().find(|it| it.slug == slug);
        Ok(slug.and_then(|it| self.0.subscribers.get(&it.subscriber)).cloned())
    }

    async fn default(&mut self) -> Result<Option<Subscriber>, StoreError> {
        // of equal ones the first in the table, which is by id
        Ok(self.0.subscribers.values().min_by_key(|it| it.created_at).cloned())
    }

    async fn newest(
        &mut self,
        page: &PageRequest<(DateTime<Utc>, SubscriberId)>,
    ) -> Result<Page<Subscriber, (DateTime<Utc>, SubscriberId)>, StoreError> {
        let key = |it: &Subscriber| (it.created_at, it.id);
        let mut rows: Vec<Subscriber> = self.0.subscribers.values().cloned().collect();
        rows.retain(|it| page.after.is_none_or(|after| key(it) < after));
        rows.sort_by_key(|it| std::cmp::Reverse(key(it)));
        Ok(Page::cut(rows, page.limit, key))
    }

    async fn slug(&mut self, id: SlugId) -> Result<Option<Slug>, StoreError> {
        Ok(self.0.slugs.get(&id).cloned())
    }
}

#[async_trait]
impl Subscribers for Rows {
    async fn insert(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        add(&mut self.write().subscribers, subscriber.id, subscriber.clone(), "subscriber")
    }

    async fn lock(&mut self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        ReadSubscribers::by_id(self, id).await
    }

    async fn update(&mut self, subscriber: &Subscriber) -> Result<(), StoreError> {
        let row = known(&mut self.write().subscribers, &subscriber.id)?;
        *row = Subscriber { plan: row.plan, created_at: row.created_at, ..subscriber.clone() };
        Ok(())
    }

    async fn insert_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
        if self.0.slugs.values().any(|it| it.slug == slug.slug) {
            return Err(StoreError::Conflict { entity: "slug" });
        }
        add(&mut self.write().slugs, slug.id, slug.clone(), "slug")
    }
}

impl Tables {
    /// The facts for which `wanted` holds, each with its slug, by state code and slug.
    fn facts(&self, wanted: impl Fn(&StateInformation, &str) -> bool) -> Vec<StateInformation> {
        let with_slug = self.information.values().filter_map(|fact| {
            let kind = self.field_types.get(&fact.field_type)?;
            wanted(fact, &kind.slug).then_some((fact, &kind.slug))
        });
        let mut facts: Vec<_> = with_slug.collect();
        facts.sort_by_key(|(fact, slug)| (fact.state.code(), *slug));
        facts.into_iter().map(|(fact, _)| fact.clone()).collect()
    }
}

#[async_trait]
impl ReadElections for Rows {
    async fn states(&mut self) -> Result<Vec<StateProfile>, StoreError> {
        Ok(self.0.states.values().cloned().collect())
    }

    async fn state(&mut self, state: State) -> Result<Option<StateProfile>, StoreError> {
        Ok(self.0.states.get(state.code()).cloned())
    }

    async fn field_types(&mut self) -> Result<Vec<FieldType>, StoreError> {
        let mut all: Vec<FieldType> = self.0.field_types.values().cloned().collect();
        all.sort_by(|one, other| one.slug.cmp(&other.slug));
        Ok(all)
    }

    async fn field_type(&mut self, slug: &str) -> Result<Option<FieldType>, StoreError> {
        Ok(self.0.field_types.values().find(|it| it.slug == slug).cloned())
    }

    async fn information(&mut self) -> Result<Vec<StateInformation>, StoreError> {
        Ok(self.0.facts(|_, _| true))
    }

    async fn information_of_state(&mut self, state: State) -> Result<Vec<StateInformation>, StoreError> {
        Ok(self.0.facts(|fact, _| fact.state == state))
    }

    async fn information_of_field(&mut self, slug: &str) -> Result<Vec<StateInformation>, StoreError> {
        Ok(self.0.facts(|_, of| of == slug))
    }

    async fn text(&mut self, state: State, slug: &str) -> Result<Option<String>, StoreError> {
        let found = self.0.facts(|fact, of| fact.state == state && of == slug);
        Ok(found.into_iter().next().map(|fact| fact.text))
    }
}

#[async_trait]
impl Elections for Rows {
    async fn put_state(&mut self, profile: &StateProfile) -> Result<(), StoreError> {
        self.write().states.insert(profile.code.code(), profile.clone());
        Ok(())
    }

    async fn insert_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError> {
        if self.0.field_types.values().any(|it| it.slug == field_type.slug) {
            return Err(StoreError::Conflict { entity: "field type" });
        }
        add(&mut self.write().field_types, field_type.id, field_type.clone(), "field type")
    }

    async fn update_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError> {
        let row = known(&mut self.write().field_types, &field_type.id)?;
        let (slug, created_at) = (row.slug.clone(), row.created_at);
        *row = FieldType { slug, created_at, ..field_type.clone() };
        Ok(())
    }

    async fn insert_information(&mut self, fact: &StateInformation) -> Result<(), StoreError> {
        let is_same = |it: &StateInformation| it.state == fact.state && it.field_type == fact.field_type;
        if self.0.information.values().any(is_same) {
            return Err(StoreError::Conflict { entity: "fact" });
        }
        add(&mut self.write().information, fact.id, fact.clone(), "fact")
    }

    async fn update_information(&mut self, fact: &StateInformation) -> Result<(), StoreError> {
        let row = known(&mut self.write().information, &fact.id)?;
        *row = StateInformation {
            text: fact.text.clone(),
            notes: fact.notes.clone(),
            source: fact.source.clone(),
            checked_on: fact.checked_on,
            modified_at: fact.modified_at,
            ..row.clone()
        };
        Ok(())
    }
}

#[async_trait]
impl ReadOfficials for Rows {
    async fn region(&mut self, id: RegionId) -> Result<Option<Region>, StoreError> {
        Ok(self.0.regions.get(&id).cloned())
    }

    async fn regions(&mut self, state: State, filter: &RegionFilter) -> Result<Vec<Region>, StoreError> {
        let is_wanted = |it: &&Region| {
            it.state == Some(state)
                && !it.hidden
                && (filter.county.is_none() || filter.county == it.county)
                && (filter.municipality.is_none() || filter.municipality == it.municipality)
        };
        let mut regions: Vec<Region> = self.0.regions.values().filter(is_wanted).cloned().collect();
        regions.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(regions)
    }

    async fn offices(&mut self, region: RegionId) -> Result<Vec<OfficeWithAddresses>, StoreError> {
        let addresses = |id: OfficeId| {
            let of_office = self.0.addresses.values().filter(move |it| it.office == Some(id));
            of_office.cloned().collect()
        };
        let offices = self.0.offices.values().filter(|it| it.region == Some(region));
        Ok(offices
            .map(|office| OfficeWithAddresses { office: office.clone(), addresses: addresses(office.id) })
            .collect())
    }
}

#[async_trait]
impl Officials for Rows {
    async fn put_region(&mut self, region: &Region) -> Result<(), StoreError> {
        self.write().regions.insert(region.id, region.clone());
        Ok(())
    }

    async fn put_office(&mut self, office: &Office) -> Result<(), StoreError> {
        self.write().offices.insert(office.id, office.clone());
        Ok(())
    }

    async fn put_address(&mut self, address: &OfficeAddress) -> Result<(), StoreError> {
        let id = address.id.ok_or_else(|| StoreError::Other("an address needs a number".into()))?;
        self.write().addresses.insert(id, address.clone());
        Ok(())
    }
}

#[async_trait]
impl ReadFiles for Rows {
    async fn by_id(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        Ok(self.0.files.get(&id).cloned())
    }

    async fn unpurged(
        &mut self,
        kinds: &[FileType],
        before: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let is_wanted =
            |it: &&StoredFile| kinds.contains(&it.kind) && it.created_at < before && it.purged.is_none();
        let mut files: Vec<StoredFile> = self.0.files.values().filter(is_wanted).cloned().collect();
        files.sort_by_key(|it| it.created_at);
        files.truncate(at_most(limit));
        Ok(files)
    }

    async fn undeleted(&mut self, limit: u32) -> Result<Vec<StoredFile>, StoreError> {
        let undeleted = self.0.files.values().filter(|it| it.purged.is_some() && !it.key.is_empty());
        Ok(undeleted.take(at_most(limit)).cloned().collect())
    }
}

#[async_trait]
impl Files for Rows {
    async fn insert(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        add(&mut self.write().files, file.id, file.clone(), "file")
    }

    async fn lock(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        Ok(self.0.files.get(&id).cloned())
    }

    async fn update(&mut self, file: &StoredFile) -> Result<(), StoreError> {
        let row = known(&mut self.write().files, &file.id)?;
        *row = StoredFile { created_at: row.created_at, ..file.clone() };
        Ok(())
    }
}

/// A job, and what a worker's claim on it needs.
#[derive(Clone)]
struct KeptJob {
    record: JobRecord,
    priority: Priority,
    unique_key: Option<String>,
    fence: i64,
    /// Its place in the line of its lane; none while it waits for its time.
    place: Option<u64>,
}

impl KeptJob {
    fn is_open(&self) -> bool {
        !matches!(self.record.state, JobState::Done | JobState::Cancelled)
    }

    fn is_delayed(&self) -> bool {
        self.record.state == JobState::Waiting && self.place.is_none()
    }

    fn is_in_line(&self, lane: &str, priority: Priority) -> bool {
        self.record.state == JobState::Waiting
            && self.place.is_some()
            && self.record.lane == lane
            && self.priority == priority
    }

    fn turn(&self) -> (Option<u64>, DateTime<Utc>, JobId) {
        (self.place, self.record.due_at, self.record.id)
    }

    fn is_lost(&self, now: DateTime<Utc>) -> bool {
        self.record.lease_until.is_some_and(|end| end <= now)
    }

    fn claim(&mut self, begins_at: DateTime<Utc>, until: DateTime<Utc>) -> ClaimedJob {
        self.fence += 1;
        self.record.lease_until = Some(until);
        self.record.attempts += 1;
        self.record.state = JobState::Running;
        ClaimedJob {
            id: self.record.id,
            kind: self.record.kind.clone(),
            payload: self.record.payload.clone(),
            attempt: self.record.attempts,
            fence: self.fence,
            due_at: self.record.due_at,
            begins_at,
            lease_until: until,
        }
    }

    fn settle(&mut self, outcome: &Outcome) {
        let job = &mut self.record;
        job.lease_until = None;
        match outcome.clone() {
            Outcome::Done { at } => {
                (job.state, job.last_error, job.finished_at) = (JobState::Done, None, Some(at));
            }
            Outcome::Retry { due_at, reason } => {
                (job.state, job.last_error, job.due_at) = (JobState::Waiting, Some(reason), due_at);
                self.place = None;
            }
            Outcome::Dead { at, reason } => {
                (job.state, job.last_error, job.finished_at) = (JobState::Dead, Some(reason), Some(at));
            }
            Outcome::PutOff { until } => {
                (job.state, job.due_at, self.place) = (JobState::Waiting, until, None);
                job.attempts -= 1;
            }
            Outcome::Released => {
                job.state = JobState::Waiting;
                job.attempts -= 1;
            }
            Outcome::Renewed { until } => job.lease_until = Some(until),
        }
    }
}

impl Rows {
    /// The place behind the last one of the same subscriber, and not before the front of the line.
    fn place(&self, lane: &str, priority: Priority, subscriber: Option<SubscriberId>) -> u64 {
        let line = || self.0.jobs.values().filter(|it| it.is_in_line(lane, priority));
        let front = line().filter_map(|it| it.place).min().unwrap_or(1);
        let own = line().filter(|it| it.record.subscriber == subscriber).filter_map(|it| it.place).max();
        front.max(own.map_or(1, |last| last + 1))
    }

    /// Those whose worker was lost wait again, and those whose time has come stand in line.
    fn join_line(&mut self, now: DateTime<Utc>) {
        for job in self.write().jobs.values_mut().filter(|it| it.is_lost(now)) {
            (job.record.state, job.record.lease_until) = (JobState::Waiting, None);
        }
        let due = self.0.jobs.values().filter(|it| it.is_delayed() && it.record.due_at <= now);
        let mut due: Vec<KeptJob> = due.cloned().collect();
        due.sort_by_key(KeptJob::turn);
        for job in due {
            let place = self.place(&job.record.lane, job.priority, job.record.subscriber);
            self.write().jobs.insert(job.record.id, KeptJob { place: Some(place), ..job });
        }
    }

    /// Takes the first of a line, if its lane has a grant.
    fn claim_one(
        &mut self,
        lane: &Lane,
        priority: Priority,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Option<ClaimedJob> {
        let reach = self.0.lanes.get(lane.name).copied();
        if lane.open(reach, now) == Some(0) {
            return None;
        }
        let line = self.write().jobs.values_mut().filter(|it| it.is_in_line(lane.name, priority));
        let first = line.filter(|it| it.record.due_at <= now).min_by_key(|it| it.turn())?;
        let rate = lane.claimed_rate();
        let slot = rate.map_or(now, |rate| rate.slot(reach, now, 0));
        let claimed = first.claim(slot, until);
        if let Some(rate) = rate {
            self.write().lanes.insert(lane.name, rate.take(reach, now, 1));
        }
        Some(claimed)
    }
}

#[async_trait]
impl ReadJobs for Rows {
    async fn by_id(&mut self, id: JobId) -> Result<Option<JobRecord>, StoreError> {
        Ok(self.0.jobs.get(&id).map(|job| job.record.clone()))
    }

    async fn next_due(&mut self, lanes: &[Lane]) -> Result<Option<DateTime<Utc>>, StoreError> {
        let jobs = || self.0.jobs.values();
        let delayed = jobs().filter(|it| it.is_delayed()).map(|it| it.record.due_at);
        let mut moments: Vec<DateTime<Utc>> =
            delayed.chain(jobs().filter_map(|it| it.record.lease_until)).collect();
        for lane in lanes {
            let grant = self.0.lanes.get(lane.name).and_then(|reach| lane.opens(*reach));
            for priority in Priority::ALL {
                let first = jobs().filter(|it| it.is_in_line(lane.name, priority)).min_by_key(|it| it.turn());
                moments.extend(first.map(|it| it.record.due_at.max(grant.unwrap_or(it.record.due_at))));
            }
        }
        Ok(moments.into_iter().min())
    }

    async fn counts(&mut self, now: DateTime<Utc>) -> Result<JobCounts, StoreError> {
        let mut counts = JobCounts::default();
        for job in self.0.jobs.values() {
            match job.record.state {
                JobState::Waiting if job.record.due_at <= now => counts.due += 1,
                JobState::Running if job.is_lost(now) => counts.due += 1,
                JobState::Waiting => counts.delayed += 1,
                JobState::Running => counts.running += 1,
                JobState::Dead => counts.dead += 1,
                JobState::Done | JobState::Cancelled => {}
            }
        }
        Ok(counts)
    }

    async fn depths(&mut self, now: DateTime<Utc>) -> Result<Vec<LaneDepth>, StoreError> {
        let mut depths: BTreeMap<&str, LaneDepth> = BTreeMap::new();
        let is_waiting = |it: &&KeptJob| it.record.state == JobState::Waiting && it.record.due_at <= now;
        for job in self.0.jobs.values().filter(|it| is_waiting(it) || it.is_lost(now)).map(|it| &it.record) {
            let first = LaneDepth { lane: job.lane.clone(), due: 0, oldest: job.due_at };
            let depth = depths.entry(&job.lane).or_insert(first);
            (depth.due, depth.oldest) = (depth.due + 1, depth.oldest.min(job.due_at));
        }
        Ok(depths.into_values().collect())
    }

    async fn list(
        &mut self,
        filter: &JobFilter,
        page: PageRequest<JobId>,
    ) -> Result<Page<JobRecord, JobId>, StoreError> {
        let is_wanted = |it: &&KeptJob| {
            let job = &it.record;
            filter.state.map_or(it.is_open(), |state| job.state == state)
                && filter.kind.as_ref().is_none_or(|kind| job.kind == *kind)
                && filter.lane.as_ref().is_none_or(|lane| job.lane == *lane)
                && page.after.is_none_or(|after| after < job.id)
        };
        let mut rest = self.0.jobs.values().filter(is_wanted).map(|it| &it.record);
        let rows: Vec<JobRecord> = rest.by_ref().take(at_most(page.limit)).cloned().collect();
        let next = rest.next().and_then(|_| Some(rows.last()?.id));
        Ok(Page { rows, next })
    }

    async fn ended(
        &mut self,
        how: Ended,
        kind: Option<&str>,
        page: &PageRequest<(DateTime<Utc>, JobId)>,
    ) -> Result<Page<JobRecord, (DateTime<Utc>, JobId)>, StoreError> {
        let state = match how {
            Ended::Done => JobState::Done,
            Ended::Dead => JobState::Dead,
        };
        let key = |it: &JobRecord| (it.finished_at.unwrap_or_default(), it.id);
        let is_meant = |it: &&JobRecord| {
            it.state == state
                && kind.is_none_or(|kind| it.kind == kind)
                && page.after.is_none_or(|after| key(it) < after)
        };
        let jobs = self.0.jobs.values().map(|it| &it.record);
        let mut rows: Vec<JobRecord> = jobs.filter(is_meant).cloned().collect();
        rows.sort_by_key(|it| std::cmp::Reverse(key(it)));
        Ok(Page::cut(rows, page.limit, key))
    }
}

#[async_trait]
impl Jobs for Rows {
    async fn enqueue_all(&mut self, jobs: &[NewJob]) -> Result<u64, StoreError> {
        let mut added = 0;
        for job in jobs {
            let keeps_out = |it: &KeptJob| it.is_open() && it.unique_key == job.unique_key;
            if job.unique_key.is_some() && self.0.jobs.values().any(keeps_out) {
                continue;
            }
            let record = JobRecord::from(job);
            let is_due = job.due_at <= job.created_at;
            let place = is_due.then(|| self.place(job.lane, job.priority, job.subscriber));
            let (priority, unique_key) = (job.priority, job.unique_key.clone());
            let kept = KeptJob { record, priority, unique_key, fence: 0, place };
            add(&mut self.write().jobs, job.id, kept, "job")?;
            added += 1;
        }
        Ok(added)
    }

    async fn claim(
        &mut self,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
        lanes: &[Lane],
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        self.join_line(now);
        let mut claimed = Vec::new();
        for priority in Priority::ALL {
            // one of each lane, as long as one of them has any
            loop {
                let before = claimed.len();
                for lane in lanes {
                    if claimed.len() < at_most(limit) {
                        claimed.extend(self.claim_one(lane, priority, now, now + lease));
                    }
                }
                if claimed.len() == before {
                    break;
                }
            }
        }
        Ok(claimed)
    }

    async fn take_turns(
        &mut self,
        lane: &'static str,
        rate: Rate,
        now: DateTime<Utc>,
        count: u32,
    ) -> Result<DateTime<Utc>, StoreError> {
        let reach = self.0.lanes.get(lane).copied();
        self.write().lanes.insert(lane, rate.take(reach, now, count));
        Ok(rate.slot(reach, now, 0))
    }

    async fn settle(&mut self, settlements: &[Settlement]) -> Result<Vec<JobId>, StoreError> {
        let mut held = Vec::new();
        for Settlement { id, fence, outcome } in settlements {
            let job = self.write().jobs.get_mut(id);
            if let Some(job) = job.filter(|it| it.record.state == JobState::Running && it.fence == *fence) {
                job.settle(outcome);
                held.push(*id);
            }
        }
        Ok(held)
    }

    async fn requeue(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let job = self.write().jobs.get_mut(&id);
        let Some(job) = job.filter(|it| it.record.state == JobState::Dead || it.is_delayed()) else {
            return Ok(false);
        };
        job.place = None;
        let job = &mut job.record;
        (job.state, job.attempts, job.due_at, job.finished_at) = (JobState::Waiting, 0, now, None);
        Ok(true)
    }

    async fn cancel(&mut self, id: JobId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let job = self.write().jobs.get_mut(&id).map(|it| &mut it.record);
        let Some(job) = job.filter(|it| matches!(it.state, JobState::Waiting | JobState::Dead)) else {
            return Ok(false);
        };
        (job.state, job.finished_at) = (JobState::Cancelled, Some(now));
        job.last_error.get_or_insert_with(|| "called off".to_owned());
        Ok(true)
    }

    async fn purge(&mut self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let is_old = |it: &&KeptJob| !it.is_open() && it.record.finished_at.is_some_and(|end| end < before);
        let old = self.0.jobs.values().filter(is_old).map(|it| it.record.id);
        let old: Vec<JobId> = old.take(at_most(limit)).collect();
        for id in &old {
            self.write().jobs.remove(id);
        }
        Ok(old.len() as u64)
    }

    async fn tick(&mut self, name: &str, tick: DateTime<Utc>) -> Result<bool, StoreError> {
        Ok(self.write().ticks.insert((name.to_owned(), tick)))
    }

    async fn forget_ticks(&mut self, name: &str, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let ticks = self.0.ticks.len();
        self.write().ticks.retain(|(of, tick)| of != name || *tick >= before);
        Ok((ticks - self.0.ticks.len()) as u64)
    }
}

async fn open() -> TableStore {
    TableStore::default()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    for (room, passed) in [
        ("actions", turnout_core::actions_conformance!(run, open)),
        ("registrations", turnout_core::registrations_conformance!(run, open)),
        ("subscribers", turnout_core::subscribers_conformance!(run, open)),
        ("elections", turnout_core::elections_conformance!(run, open)),
        ("officials", turnout_core::officials_conformance!(run, open)),
        ("files", turnout_core::files_rows_conformance!(run, open)),
        ("jobs", turnout_core::jobs_conformance!(run, open)),
        ("lines of jobs", turnout_core::job_lines_conformance!(run, open)),
        ("units and views", turnout_core::units_conformance!(run, open)),
    ] {
        println!("{room:<16}{passed:>3} cases passed");
    }

    let (store, outbox) = (TableStore::default(), Outbox::new());
    let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse()?);
    let app = App::builder(store.clone(), clock, SeededIds::new(1), b"a secret of one's own")
        .with_files(MemoryFiles::new())
        .with_forms(PaperForms::new())
        .with_email(outbox.clone())
        .build();
    seed(&app).await?;
    let voter = json!({"first_name": "Ada", "last_name": "Lovelace", "address1": "1 Main Street", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "ada@example.org",
        "us_citizen": true, "is_18_or_over": true, "state_id_number": "TL123456"});
    let input = Input::json(serde_json::from_value(voter)?);
    let id = submit(&app, &input, &Options::default()).await?.registration.id;
    let ran = run_all_due(&app).await?;
    let registration = store.view().await?.registrations().by_id(id).await?.context("it was not kept")?;
    ensure!(registration.status == Status::SentPdf, "the mail is not out: {:?}", registration.status);
    println!("{id} is registered, {ran} jobs ran, and {} mail is out", outbox.mails().len());

    let mut unit = store.begin().await?;
    let changed = Registration { email: None, ..registration.clone() };
    unit.registrations_mut().update(&changed).await?;
    drop(unit);
    let found = store.view().await?.registrations().by_id(id).await?;
    ensure!(found == Some(registration), "something of a dropped unit is left");
    println!("of a unit that was dropped nothing is left");
    Ok(())
}
