//! Regions made of the Census' names, where there is no supplier's list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{GENERATED, KnownRegion, Region};
use crate::{
    address::State,
    app::App,
    ids::RegionId,
    page::PageRequest,
    ports::store::{StoreError, Unit, View},
};

/// How many regions were generated, and how many are generated no more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Generated {
    /// They were added, or changed.
    pub put: usize,
    /// They are gone.
    pub gone: usize,
}

/// Puts these generated regions into the store, so that they are listed and registrations can point to them; those that
/// were generated before and are no more are gone. A state of which a supplier's list was taken over is left alone. Where
/// nothing is to be done, nothing is written.
///
/// # Errors
/// When the store fails.
pub async fn put(app: &App, generated: &[Region]) -> Result<Generated, StoreError> {
    let mut view = app.store.view().await?;
    let plan = Plan::make(view.as_mut(), generated).await?;
    drop(view);
    if plan.is_empty() {
        return Ok(Generated::default());
    }
    // another process may have been at it meanwhile
    let mut unit = app.store.begin().await?;
    let plan = Plan::make(unit.as_mut(), generated).await?;
    for region in &plan.put {
        unit.officials_mut().put_region(region).await?;
    }
    for id in &plan.gone {
        unit.office_lists_mut().retire_region(*id, app.now(), None).await?;
    }
    unit.commit().await?;
    Ok(Generated { put: plan.put.len(), gone: plan.gone.len() })
}

/// Generated regions of states of which a supplier's list is in this unit are gone. Returns how many.
///
/// # Errors
/// When the store fails.
pub(crate) async fn give_way(unit: &mut dyn Unit, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let listed = listed_states(unit).await?;
    let mut gone = 0;
    for known in known(unit).await?.into_values() {
        if known.gone.is_none() && listed.contains(&known.region.state) {
            unit.office_lists_mut().retire_region(known.region.id, now, None).await?;
            gone += 1;
        }
    }
    Ok(gone)
}

struct Plan {
    put: Vec<Region>,
    gone: Vec<RegionId>,
}

impl Plan {
    async fn make(view: &mut dyn View, generated: &[Region]) -> Result<Self, StoreError> {
        let listed = listed_states(view).await?;
        let mut known = known(view).await?;
        let mut put = Vec::new();
        for region in generated.iter().filter(|region| !listed.contains(&region.state)) {
            let same = |known: &KnownRegion| {
                known.gone.is_none()
                    && Region { hidden: known.region.hidden, ..region.clone() } == known.region
            };
            let before = known.remove(&region.id);
            if !before.as_ref().is_some_and(same) {
                let hidden = before.is_some_and(|before| before.region.hidden);
                put.push(Region { hidden, ..region.clone() });
            }
        }
        let gone = known
            .into_values()
            .filter(|known| known.gone.is_none() && !listed.contains(&known.region.state))
            .map(|known| known.region.id);
        Ok(Self { put, gone: gone.collect() })
    }

    fn is_empty(&self) -> bool {
        self.put.is_empty() && self.gone.is_empty()
    }
}

/// The states that have a supplier's region in their list.
async fn listed_states(view: &mut dyn View) -> Result<BTreeSet<Option<State>>, StoreError> {
    let mut states = BTreeSet::new();
    for state in State::ALL {
        let regions = view.officials().regions(*state, &crate::ports::store::RegionFilter::default()).await?;
        if regions.iter().any(|region| !region.is_generated()) {
            states.insert(Some(*state));
        }
    }
    Ok(states)
}

/// All generated regions that there are.
async fn known(view: &mut dyn View) -> Result<BTreeMap<RegionId, KnownRegion>, StoreError> {
    let (mut known, mut after) = (BTreeMap::new(), Some(RegionId(GENERATED - 1)));
    while after.is_some() {
        let page = view.office_lists().regions(PageRequest { after, limit: 1_000 }).await?;
        known.extend(page.rows.into_iter().map(|known| (known.region.id, known)));
        after = page.next;
    }
    Ok(known)
}
