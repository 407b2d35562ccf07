//! Regions made of the Census' names, where there is no supplier's list.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{KnownRegion, Region};
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
    let Present { listed, generated } = Present::read(unit).await?;
    let mut gone = 0;
    for known in generated.into_values() {
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
        let Present { listed, generated: mut known } = Present::read(view).await?;
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

/// The regions that there are.
struct Present {
    /// The states that have a supplier's region in their list.
    listed: BTreeSet<Option<State>>,
    /// Those that were generated, gone ones too.
    generated: BTreeMap<RegionId, KnownRegion>,
}

impl Present {
    /// Reads all of them once.
    async fn read(view: &mut dyn View) -> Result<Self, StoreError> {
        let mut present = Self { listed: BTreeSet::new(), generated: BTreeMap::new() };
        let mut after = None;
        loop {
            let page = view.office_lists().regions(PageRequest { after, limit: 1_000 }).await?;
            for known in page.rows {
                if known.region.is_generated() {
                    present.generated.insert(known.region.id, known);
                } else if known.gone.is_none() && !known.region.hidden && known.region.state.is_some() {
                    present.listed.insert(known.region.state);
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(present),
            }
        }
    }
}
