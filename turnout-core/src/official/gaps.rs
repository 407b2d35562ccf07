//! What the list of election offices lacks, and the team that hears of it.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::{Deserialize, Serialize};

use super::{Contact, OfficeAddress, OfficeWithAddresses, Purpose, Region, sync::Known};
use crate::{
    app::App,
    ids::{OfficeId, RegionId},
    jobs::{JobContext, JobError, NewJob},
    ports::store::{StoreError, View},
};

/// How many regions are named of each kind.
const NAMED: usize = 20;

/// Regions that voters may be told of, and of which too little is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Nobody knows where their forms go.
    pub without_address: Vec<String>,
    /// Nobody knows how to ask there: neither e-mail address nor telephone nor fax.
    pub unreachable: Vec<String>,
}

impl Gaps {
    /// Looks for them among all regions of the supplier that are there and not hidden.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(view: &mut dyn View) -> Result<Self, StoreError> {
        let Known { regions, offices, addresses } = Known::read(view).await?;
        let mut of_office: BTreeMap<OfficeId, Vec<OfficeAddress>> = BTreeMap::new();
        for address in addresses.into_values() {
            if let Some(office) = address.office {
                of_office.entry(office).or_default().push(address);
            }
        }
        let mut of_region: BTreeMap<RegionId, Vec<OfficeWithAddresses>> = BTreeMap::new();
        for (id, office) in offices {
            if let Some(region) = office.region {
                let addresses = of_office.remove(&id).unwrap_or_default();
                of_region.entry(region).or_default().push(OfficeWithAddresses { office, addresses });
            }
        }
        let mut gaps = Self::default();
        let regions = regions.into_values().filter(|it| it.gone.is_none()).map(|it| it.region);
        for region in regions.filter(|region| !region.hidden && !region.is_generated()) {
            let offices = of_region.get(&region.id).map_or(&[][..], Vec::as_slice);
            gaps.look(&region, &Contact::of(offices, Purpose::Registration));
        }
        Ok(gaps)
    }

    fn look(&mut self, region: &Region, contact: &Contact) {
        let state = region.state.map(|state| state.code()).unwrap_or_default();
        let name = || format!("{state} {}", region.name.as_deref().unwrap_or("without a name"));
        if contact.address.as_ref().is_none_or(|address| address.lines().is_empty()) {
            self.without_address.push(name());
        }
        if contact.email.is_none() && contact.phone.is_none() && contact.fax.is_none() {
            self.unreachable.push(name());
        }
    }

    /// What the team is told; nothing where nothing is lacking.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        let mut said = String::new();
        let kinds = [
            (&self.without_address, "have no address"),
            (&self.unreachable, "have neither e-mail address nor telephone nor fax"),
        ];
        for (names, what) in kinds.into_iter().filter(|(names, _)| !names.is_empty()) {
            let first = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
            let more = names.len().saturating_sub(NAMED);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            writeln!(said, "{} regions {what}: {first}{more}.", names.len()).expect("text takes text");
        }
        (!said.is_empty()).then(|| format!("The list of election offices was taken over.\n{said}"))
    }
}

/// Tells the team what the list of election offices lacks, or that it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotifyGaps {
    /// Why it was refused, if it was.
    pub refused: Option<String>,
}

impl NotifyGaps {
    /// The job's name.
    pub const KIND: &'static str = "official.notify_gaps";

    /// The job, due now.
    #[must_use]
    pub fn job(&self, app: &App) -> NewJob {
        app.job(Self::KIND, self)
    }

    /// Says it; nothing where nothing is lacking.
    pub(crate) async fn run(self, app: &App, _context: &JobContext) -> Result<(), JobError> {
        let said = match self.refused {
            Some(why) => Some(format!(
                "The list of election offices was refused, and the offices stay as they are: {why}."
            )),
            None => Gaps::find(app.store.view().await?.as_mut()).await?.said(),
        };
        match said {
            Some(said) => Ok(app.data_chat.say(said.trim_end()).await?),
            None => Ok(()),
        }
    }
}
