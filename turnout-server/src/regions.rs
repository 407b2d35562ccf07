//! What regions are found by: the boundaries of TURNOUT_GIS_DIR and the list of offices in the store, both taken
//! anew when they change.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use tokio::{
    task::spawn_blocking,
    time::{Duration, Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    official::Supplied,
    ports::store::{Store, StoreError},
};
use turnout_geo::{
    FinderQuestion, Finders, GeoPoint,
    region::{Answer, RegionFinder, RegionList},
};

use crate::gis::{GisFolder, Stamp};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_secs(3);
/// How often the list of offices is read again.
const READ: Duration = Duration::from_secs(300);

/// Knows the finder of regions, and keeps up with what is imported.
pub struct Regions {
    folder: GisFolder,
    store: Arc<dyn Store>,
    present: RwLock<Present>,
}

/// What is in force.
#[derive(Clone, Default)]
struct Present {
    stamp: Stamp,
    supplied: Arc<Supplied>,
    finder: Arc<RegionFinder>,
}

impl Regions {
    /// With the boundaries in the folder. The list of offices is read by [`refresh`](Self::refresh).
    #[must_use]
    pub fn new(folder: GisFolder, store: Arc<dyn Store>) -> Self {
        let (stamp, supplied) = (folder.stamp(), Arc::default());
        let finder = Arc::new(finder(&folder, &supplied));
        Self { folder, store, present: RwLock::new(Present { stamp, supplied, finder }) }
    }

    /// The finder in force.
    #[must_use]
    pub fn finder(&self) -> Arc<RegionFinder> {
        self.present().finder
    }

    /// Takes the folder and the list as they are now. Whether anything has changed.
    ///
    /// # Errors
    /// When the store fails; what was in force stays so.
    pub async fn refresh(&self) -> Result<bool, StoreError> {
        let supplied = Supplied::read(self.store.view().await?.as_mut()).await?;
        Ok(self.take(Some(supplied)).await)
    }

    /// Looks until `stop` whether there is something new. Needs a tokio runtime.
    pub async fn run(&self, stop: CancellationToken) {
        let mut read: Option<Instant> = None;
        loop {
            let is_due = read.is_none_or(|read| read.elapsed() >= READ);
            let changed = if is_due { self.refresh().await } else { Ok(self.take(None).await) };
            match changed {
                Ok(true) => {
                    tracing::info!("boundaries or the list of offices have changed, and are in force")
                }
                Ok(false) => {}
                // the store's own complaints are heard at /-/health/
                Err(error) => tracing::debug!(%error, "the list of offices cannot be read"),
            }
            if is_due {
                read = Some(Instant::now());
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(LOOK) => {}
            }
        }
    }

    /// Makes a new finder where the folder or the list is another one.
    async fn take(&self, supplied: Option<Supplied>) -> bool {
        let present = self.present();
        let folder = self.folder.clone();
        let made = spawn_blocking(move || {
            let stamp = folder.stamp();
            let supplied = supplied.map_or_else(|| Arc::clone(&present.supplied), Arc::new);
            let same = stamp == present.stamp && *supplied == *present.supplied;
            (!same).then(|| Present { finder: Arc::new(finder(&folder, &supplied)), stamp, supplied })
        });
        match made.await {
            Ok(Some(made)) => {
                *self.present.write().unwrap_or_else(PoisonError::into_inner) = made;
                true
            }
            _ => false,
        }
    }

    fn present(&self) -> Present {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The finder over what there is. Boundaries that cannot be used are complained about, and left out.
fn finder(folder: &GisFolder, supplied: &Supplied) -> RegionFinder {
    let (finder, complaints) = folder.finder();
    for complaint in complaints {
        tracing::error!("{complaint:#}");
    }
    finder.with_regions(list(supplied))
}

/// The list of offices as the finder takes it.
pub(crate) fn list(supplied: &Supplied) -> RegionList {
    let offices = supplied
        .offices
        .iter()
        .filter_map(|(region, place)| Some((*region, GeoPoint::from_degrees(place.lat, place.lng)?)));
    RegionList::new(supplied.regions.iter().cloned()).with_offices(offices)
}

/// The first question about a state builds its index, so questions run on a thread for them.
#[async_trait]
impl Finders for Regions {
    fn finder(&self) -> Arc<RegionFinder> {
        Self::finder(self)
    }

    async fn ask(&self, question: FinderQuestion) -> Result<Answer, ProviderError> {
        let finder = self.finder();
        let answered = spawn_blocking(move || question(&finder)).await;
        answered
            .map_err(|error| ProviderError::new("regions", ProviderErrorKind::Unintelligible).because(error))
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        address::{Address, State},
        ids::RegionId,
        memory::MemoryStore,
        official::Region,
        ports::regions::{RegionMatch, RegionMatcher as _},
    };
    use turnout_geo::AddressMatcher;

    use super::*;
    use crate::system::SystemClock;

    fn region(id: i64, name: &str) -> Region {
        Region {
            id: RegionId(id),
            name: Some(name.to_owned()),
            county: None,
            municipality: None,
            municipality_type: None,
            state: Some(State::Fl),
            hidden: false,
            external_updated: None,
        }
    }

    fn arcadia() -> Address {
        Address {
            address1: Some("319 S Brevard Ave".to_owned()),
            city: Some("Arcadia".to_owned()),
            state: Some(State::Fl),
            zipcode: Some("34266".to_owned()),
            ..Address::default()
        }
    }

    #[tokio::test]
    async fn a_list_that_is_taken_over_is_in_force_after_a_look() {
        let kept = tempfile::tempdir().expect("a folder");
        let store = MemoryStore::new();
        let regions = Arc::new(Regions::new(GisFolder::new(kept.path()), Arc::new(store.clone())));
        let matcher = AddressMatcher::new(regions.clone(), Arc::new(SystemClock));
        assert!(!regions.refresh().await.expect("a store"));
        let found = matcher.find(&arcadia()).await.expect("an answer");
        assert_eq!(found, RegionMatch::One(RegionId(9_000_012_027)));

        let mut unit = store.begin().await.expect("a unit");
        unit.officials_mut().put_region(&region(430_666, "De Soto County")).await.expect("a region");
        unit.commit().await.expect("a commit");
        assert!(regions.refresh().await.expect("a store"));
        assert!(!regions.refresh().await.expect("a store"));
        let found = matcher.find(&arcadia()).await.expect("an answer");
        assert_eq!(found, RegionMatch::One(RegionId(430_666)));
    }

    #[test]
    fn a_generated_region_becomes_the_one_of_its_name() {
        let kept = tempfile::tempdir().expect("a folder");
        let regions = Arc::new(Regions::new(GisFolder::new(kept.path()), Arc::new(MemoryStore::new())));
        let matcher = AddressMatcher::new(regions.clone(), Arc::new(SystemClock));
        let generated = regions.finder().generated();
        let listed =
            [region(430_666, "De Soto County"), region(1, "Union County"), region(2, "Nowhere County")];
        let successors = matcher.successors(&generated, &listed);
        assert_eq!(
            successors,
            [(9_000_012_027, 430_666), (9_000_012_125, 1)].map(|(old, new)| (RegionId(old), RegionId(new)))
        );
    }
}
