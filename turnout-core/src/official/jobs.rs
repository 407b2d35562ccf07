//! The nightly look at the supplier's list, and where its offices are.

use serde::{Deserialize, Serialize};

use super::{
    Location, OfficeAddress,
    gaps::NotifyGaps,
    sync::{self, SyncError, SyncOptions},
};
use crate::{
    address::Address,
    app::App,
    error::ProviderError,
    ids::{OfficeAddressId, RegionId},
    jobs::{JobContext, JobError, NewJob},
    ports::{
        geocoder::{GeocodeErrorKind, Geocoded},
        store::{StoreError, View},
    },
};

/// How many complaints about a list are logged.
const LOGGED: usize = 20;
/// A point that may be farther off than this, in meters, is no office's: it is the middle of a town or a ZIP code.
const FARTHEST_M: f64 = 2_000.0;

/// Takes over the supplier's list as it is now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sync {}

impl Sync {
    /// The job's name.
    pub const KIND: &'static str = "official.sync";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Fetches the list, and takes it over. A list that is broken, or lacks much of what there is, waits for a person: the
    /// offices stay as they are. One that cannot be read may have broken off on the way, and is fetched again.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let draft = app.officials.fetch().await.map_err(JobError::though_unread)?;
        let list = draft.check().map_err(|complaints| {
            for complaint in complaints.iter().take(LOGGED) {
                tracing::error!(%complaint, "the list of election offices is wrong");
            }
            format!("the list of election offices is wrong in {} places", complaints.len())
        });
        let list = match list {
            Ok(list) => list,
            Err(why) => return refused(app, why).await,
        };
        match sync::take_over(app, &list, &SyncOptions::default()).await {
            Ok(synced) => {
                let (regions, offices, addresses) = (synced.regions, synced.offices, synced.addresses);
                tracing::info!(?regions, ?offices, ?addresses, "the list of election offices was taken over");
                Ok(())
            }
            Err(SyncError::Store(error)) => Err(error.into()),
            Err(error) => refused(app, error.to_string()).await,
        }
    }
}

/// Gives the list up, and has the team hear why.
async fn refused(app: &App, why: String) -> Result<(), JobError> {
    if app.settings.official.notifies_of_gaps {
        let mut unit = app.store.begin().await?;
        unit.jobs_mut().enqueue(&NotifyGaps { refused: Some(why.clone()) }.job(app)).await?;
        unit.commit().await?;
    }
    Err(JobError::GiveUp(why))
}

/// Looks for the place of an office's address, which a list did not say. One address a job, as geocoders count questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locate {
    /// The region that the office serves.
    pub region: RegionId,
    /// The address.
    pub address: OfficeAddressId,
}

impl Locate {
    /// The job's name.
    pub const KIND: &'static str = "official.locate";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Asks one geocoder after the other, and notes the place if the address is still the same then. An address that none
    /// knows, such as a post office box, has no place until its lines change; where one cannot answer now, all are asked
    /// again later.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let mut view = app.store.view().await?;
        let asked = self.unlocated(view.as_mut()).await?;
        drop(view);
        let Some(asked) = asked else { return Ok(()) };
        let Some(location) = find(app, &asked).await? else { return Ok(()) };
        let mut unit = app.store.begin().await?;
        let now = self.unlocated(unit.as_mut()).await?;
        if let Some(address) = now.filter(|now| now.lines() == asked.lines()) {
            let address = OfficeAddress { location: Some(location), ..address };
            unit.officials_mut().put_address(&address).await?;
            unit.commit().await?;
        }
        Ok(())
    }

    /// The address, if it is there and has no place.
    async fn unlocated(&self, view: &mut dyn View) -> Result<Option<OfficeAddress>, StoreError> {
        let offices = view.officials().offices(self.region).await?;
        let mut addresses = offices.into_iter().flat_map(|office| office.addresses);
        Ok(addresses.find(|it| it.id == Some(self.address) && it.location.is_none()))
    }
}

/// Where the first geocoder that knows the address has it. One that fails does not keep the others from being asked.
async fn find(app: &App, office: &OfficeAddress) -> Result<Option<Location>, JobError> {
    let street = office.address2.as_ref().or(office.address.as_ref());
    let address = Address {
        address1: street.cloned(),
        address2: office.address3.clone(),
        city: office.city.clone(),
        state: office.state,
        zipcode: office.zipcode.clone(),
    };
    let is_there = |place: &Geocoded| {
        let state = place.components.state;
        place.uncertainty_m <= FARTHEST_M && state.is_none_or(|state| Some(state) == office.state)
    };
    let mut failed = None;
    for geocoder in &app.geocoders {
        match geocoder.geocode(&address).await {
            Ok(places) => {
                if let Some(place) = places.iter().find(|place| is_there(place)) {
                    return Ok(Some(place.location));
                }
            }
            Err(error) if error.kind == GeocodeErrorKind::BadAddress => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(None), |error| Err(ProviderError::from(error).into()))
}
