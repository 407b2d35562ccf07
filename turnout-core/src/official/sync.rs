//! Taking over a supplier's list: what is new is added, what changed is changed, what is gone is taken away, in one unit.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    KnownRegion, Office, OfficeAddress, OfficeList, Region,
    differences::{Compared, Difference, Subject},
    gaps::NotifyGaps,
    jobs::Locate,
    losses::{self, Lacks, Loss},
};
use crate::{
    address::State,
    app::App,
    ids::{OfficeAddressId, OfficeId, RegionId},
    jobs::NewJob,
    page::{Page, PageRequest},
    ports::store::{StoreError, Unit, View},
};

/// How many rows are read at once.
const AT_ONCE: u32 = 1_000;

/// How a list is taken over.
#[derive(Debug, Clone, Default)]
pub struct SyncOptions {
    /// Only these states are in the list; nothing of others is touched. None: all of them.
    pub states: Option<BTreeSet<State>>,
    /// Says what would be done, and does nothing.
    pub dry_run: bool,
    /// Takes the list although it lacks much of what there is, or of what the supplier says that it has.
    pub accept_losses: bool,
}

/// How many rows of one kind were treated how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// They were not there, or had been gone.
    pub added: usize,
    /// They were another way.
    pub changed: usize,
    /// They were the same.
    pub unchanged: usize,
    /// They were there, and the list lacks them.
    pub gone: usize,
}

/// What taking over a list did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synced {
    /// Regions.
    pub regions: Tally,
    /// Offices.
    pub offices: Tally,
    /// Their addresses.
    pub addresses: Tally,
    /// Generated regions that gave way to the list's, and which of its regions each became.
    pub replaced: Vec<(RegionId, Option<RegionId>)>,
    /// Every row that is another one: regions, then offices, then addresses.
    pub differences: Vec<Difference>,
}

/// Why a list is not taken over.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// It lacks more than a list loses in a day, of all states or of one of them, or records did not come.
    #[error("{0}; if that is right, have losses accepted")]
    Lacking(Lacks),
    /// It has a region of a state that was not to be in it.
    #[error("region {} is of {}, which is none of the states to be imported", .region.0, .state.map_or("no state", State::code))]
    OtherState {
        /// The region.
        region: RegionId,
        /// Its state.
        state: Option<State>,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes over a whole list.
///
/// A region that the list lacks stays as gone, as registrations point to it; offices and addresses are deleted. Whether a
/// region is hidden is ours to say and stays; one that is hidden and that the list lacks is our own, and stays with its
/// offices. Generated regions of the list's states give way to those of the same name. An address keeps its place on earth
/// until its lines change or the list has another one; where the settings say so, jobs look for the places of those that
/// are new or have other lines.
///
/// # Errors
/// [`SyncError`]; nothing is half-done then.
pub async fn take_over(app: &App, list: &OfficeList, options: &SyncOptions) -> Result<Synced, SyncError> {
    let mut view = app.store.view().await?;
    let plan = Plan::make(app, view.as_mut(), list, options).await?;
    drop(view);
    if options.dry_run || plan.is_empty() {
        return Ok(plan.synced);
    }
    // another process may have been at it meanwhile
    let mut unit = app.store.begin().await?;
    let plan = Plan::make(app, unit.as_mut(), list, options).await?;
    plan.carry_out(app, unit.as_mut()).await?;
    unit.commit().await?;
    Ok(plan.synced)
}

/// Everything that there is, by number.
pub(super) struct Known {
    pub(super) regions: BTreeMap<RegionId, KnownRegion>,
    pub(super) offices: BTreeMap<OfficeId, Office>,
    pub(super) addresses: BTreeMap<OfficeAddressId, OfficeAddress>,
}

/// Reads all pages of a table.
macro_rules! all_pages {
    ($view:expr, $table:ident, $row:ident => $key:expr) => {{
        let (mut all, mut after) = (BTreeMap::new(), None);
        loop {
            let page = PageRequest { after, limit: AT_ONCE };
            let Page { rows, next } = $view.office_lists().$table(page).await?;
            all.extend(rows.into_iter().filter_map(|$row| Some(($key?, $row))));
            after = next;
            if after.is_none() {
                break all;
            }
        }
    }};
}

impl Known {
    /// Reads it, page by page.
    pub(super) async fn read(view: &mut dyn View) -> Result<Self, StoreError> {
        Ok(Self {
            regions: all_pages!(view, regions, known => Some(known.region.id)),
            offices: all_pages!(view, offices, office => Some(office.id)),
            addresses: all_pages!(view, addresses, address => address.id),
        })
    }

    pub(super) fn state_of(&self, region: Option<RegionId>) -> Option<State> {
        self.regions.get(&region?)?.region.state
    }

    /// A hidden region that no supplier's list has is one of ours.
    fn is_ours(&self, region: Option<RegionId>, listed: &BTreeSet<RegionId>) -> bool {
        let Some(id) = region else { return false };
        self.regions.get(&id).is_some_and(|known| known.region.hidden) && !listed.contains(&id)
    }
}

/// What is to be done.
#[derive(Debug, Default)]
struct Plan {
    put_regions: Vec<Region>,
    retired: Vec<(RegionId, Option<RegionId>)>,
    put_offices: Vec<Office>,
    deleted_offices: Vec<OfficeId>,
    put_addresses: Vec<OfficeAddress>,
    deleted_addresses: Vec<OfficeAddressId>,
    to_locate: Vec<Locate>,
    synced: Synced,
}

impl Plan {
    async fn make(
        app: &App,
        view: &mut dyn View,
        list: &OfficeList,
        options: &SyncOptions,
    ) -> Result<Self, SyncError> {
        let known = &Known::read(view).await?;
        let in_scope = |state: Option<State>| {
            options.states.as_ref().is_none_or(|states| state.is_some_and(|state| states.contains(&state)))
        };
        if let Some(region) = list.regions.iter().find(|region| !in_scope(region.state)) {
            return Err(SyncError::OtherState { region: region.id, state: region.state });
        }
        let listed: BTreeSet<RegionId> = list.regions.iter().map(|region| region.id).collect();
        let mut plan = Self::default();
        plan.regions(known, list, |known| {
            in_scope(known.state) && !known.hidden && !listed.contains(&known.id)
        });
        plan.replace_generated(app, known, list);
        let is_subject =
            |region: Option<RegionId>| in_scope(known.state_of(region)) && !known.is_ours(region, &listed);
        plan.offices(known, list, is_subject);
        plan.addresses(known, list, |address| {
            address
                .office
                .and_then(|office| known.offices.get(&office))
                .is_some_and(|it| is_subject(it.region))
        });
        if !options.accept_losses {
            let of_states = losses::of_states(known, list, is_subject);
            let lacks = Lacks::too_much(plan.losses().into_iter().chain(of_states), &list.short);
            if !lacks.is_nothing() {
                return Err(SyncError::Lacking(lacks));
            }
        }
        Ok(plan)
    }

    /// Whether there is nothing to be done. Only an address that is put is located.
    fn is_empty(&self) -> bool {
        let Self {
            put_regions, retired, put_offices, deleted_offices, put_addresses, deleted_addresses, ..
        } = self;
        put_regions.is_empty()
            && retired.is_empty()
            && put_offices.is_empty()
            && deleted_offices.is_empty()
            && put_addresses.is_empty()
            && deleted_addresses.is_empty()
    }

    fn regions(&mut self, known: &Known, list: &OfficeList, is_gone: impl Fn(&Region) -> bool) {
        let mut counted = Tally::default();
        let tally = &mut counted;
        for region in &list.regions {
            let before = known.regions.get(&region.id);
            let region = Region {
                hidden: before.is_some_and(|it| it.region.hidden),
                external_updated: region
                    .external_updated
                    .or(before.and_then(|before| before.region.external_updated)),
                ..region.clone()
            };
            match before {
                Some(before) if before.gone.is_none() && before.region == region => tally.unchanged += 1,
                before => {
                    let there = before.filter(|before| before.gone.is_none());
                    *(if there.is_some() { &mut tally.changed } else { &mut tally.added }) += 1;
                    let difference = there.map_or_else(|| region.added(), |it| region.changed(&it.region));
                    self.synced.differences.push(difference);
                    self.put_regions.push(region);
                }
            }
        }
        let present = known.regions.values().filter(|known| known.gone.is_none());
        let gone = present.filter(|known| !known.region.is_generated() && is_gone(&known.region));
        for KnownRegion { region, .. } in gone {
            self.retired.push((region.id, None));
            self.synced.differences.push(region.gone());
        }
        counted.gone = self.retired.len();
        self.synced.regions = counted;
    }

    /// Has generated regions give way where the list has the state.
    fn replace_generated(&mut self, app: &App, known: &Known, list: &OfficeList) {
        let states: BTreeSet<Option<State>> = list.regions.iter().map(|region| region.state).collect();
        let generated: Vec<Region> = known
            .regions
            .values()
            .filter(|known| known.gone.is_none() && known.region.is_generated())
            .filter(|known| states.contains(&known.region.state))
            .map(|known| known.region.clone())
            .collect();
        let successors: BTreeMap<RegionId, RegionId> =
            app.regions.successors(&generated, &list.regions).into_iter().collect();
        let replaced = generated.iter().map(|region| (region.id, successors.get(&region.id).copied()));
        self.synced.replaced = replaced.collect();
        self.retired.extend(&self.synced.replaced);
    }

    fn offices(&mut self, known: &Known, list: &OfficeList, is_subject: impl Fn(Option<RegionId>) -> bool) {
        let mut counted = Tally::default();
        let tally = &mut counted;
        for office in &list.offices {
            if let Some(difference) = count(tally, known.offices.get(&office.id), office) {
                self.synced.differences.push(difference);
                self.put_offices.push(office.clone());
            }
        }
        let listed: BTreeSet<OfficeId> = list.offices.iter().map(|office| office.id).collect();
        let gone = known.offices.values().filter(|it| !listed.contains(&it.id) && is_subject(it.region));
        for office in gone {
            self.deleted_offices.push(office.id);
            self.synced.differences.push(office.gone());
        }
        tally.gone = self.deleted_offices.len();
        self.synced.offices = counted;
    }

    fn addresses(&mut self, known: &Known, list: &OfficeList, is_subject: impl Fn(&OfficeAddress) -> bool) {
        let mut counted = Tally::default();
        let tally = &mut counted;
        let regions: BTreeMap<OfficeId, Option<RegionId>> =
            list.offices.iter().map(|office| (office.id, office.region)).collect();
        for address in &list.addresses {
            let before = address.id.and_then(|id| known.addresses.get(&id));
            let same = before.filter(|before| before.lines() == address.lines());
            let location = address.location.or(same.and_then(|before| before.location));
            let address = OfficeAddress { location, ..address.clone() };
            if let (None, None, Some(id), Some(office)) = (location, same, address.id, address.office)
                && let Some(region) = regions.get(&office).copied().flatten()
            {
                self.to_locate.push(Locate { region, address: id });
            }
            if let Some(difference) = count(tally, before, &address) {
                self.synced.differences.push(difference);
                self.put_addresses.push(address);
            }
        }
        let listed: BTreeSet<_> = list.addresses.iter().filter_map(|address| address.id).collect();
        let gone = known.addresses.iter().filter(|(id, it)| !listed.contains(id) && is_subject(it));
        for (id, address) in gone {
            self.deleted_addresses.push(*id);
            self.synced.differences.push(address.gone());
        }
        tally.gone = self.deleted_addresses.len();
        self.synced.addresses = counted;
    }

    /// What all states lose together.
    fn losses(&self) -> [Loss; 3] {
        let Synced { regions, offices, addresses, .. } = &self.synced;
        [(Subject::Region, regions), (Subject::Office, offices), (Subject::Address, addresses)].map(
            |(what, tally)| Loss {
                state: None,
                what,
                gone: tally.gone,
                known: tally.changed + tally.unchanged + tally.gone,
            },
        )
    }

    async fn carry_out(&self, app: &App, unit: &mut dyn Unit) -> Result<(), StoreError> {
        for region in &self.put_regions {
            unit.officials_mut().put_region(region).await?;
        }
        for office in &self.put_offices {
            unit.officials_mut().put_office(office).await?;
        }
        for address in &self.put_addresses {
            unit.officials_mut().put_address(address).await?;
        }
        for id in &self.deleted_addresses {
            unit.office_lists_mut().delete_address(*id).await?;
        }
        for id in &self.deleted_offices {
            unit.office_lists_mut().delete_office(*id).await?;
        }
        if app.settings.official.geocode {
            let jobs: Vec<NewJob> = self.to_locate.iter().map(|locate| locate.job(app)).collect();
            unit.jobs_mut().enqueue_all(&jobs).await?;
        }
        let at = app.now();
        for (id, successor) in &self.retired {
            unit.office_lists_mut().retire_region(*id, at, *successor).await?;
        }
        if app.settings.official.notifies_of_gaps {
            unit.jobs_mut().enqueue(&NotifyGaps { refused: None }.job(app)).await?;
        }
        Ok(())
    }
}

/// Counts a row, and says what is done to it where it has to be put.
fn count<T: PartialEq + Compared>(tally: &mut Tally, before: Option<&T>, row: &T) -> Option<Difference> {
    match before {
        Some(before) if before == row => {
            tally.unchanged += 1;
            None
        }
        Some(before) => {
            tally.changed += 1;
            Some(row.changed(before))
        }
        None => {
            tally.added += 1;
            Some(row.added())
        }
    }
}
