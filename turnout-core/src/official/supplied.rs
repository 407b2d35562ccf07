//! The supplier's regions as a matcher needs them.

use super::{GENERATED, Location, Region};
use crate::{
    ids::{OfficeId, RegionId},
    page::PageRequest,
    ports::store::{StoreError, View},
};

/// How many rows are read at once.
const AT_ONCE: u32 = 1_000;

/// The supplier's regions that there are, and where their offices are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Supplied {
    /// The regions, hidden ones too; neither generated ones nor those that are gone.
    pub regions: Vec<Region>,
    /// Where the offices are whose place is known, and of which region.
    pub offices: Vec<(RegionId, Location)>,
}

impl Supplied {
    /// Reads it, page by page. A store without office lists has none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn read(view: &mut dyn View) -> Result<Self, StoreError> {
        match Self::regions(view).await {
            Ok(regions) if regions.is_empty() => Ok(Self::default()),
            Ok(regions) => Ok(Self { regions, offices: offices(view).await? }),
            Err(StoreError::Absent(_)) => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    async fn regions(view: &mut dyn View) -> Result<Vec<Region>, StoreError> {
        let (mut regions, mut after) = (Vec::new(), None);
        loop {
            let page = view.office_lists().regions(PageRequest { after, limit: AT_ONCE }).await?;
            let present = page.rows.into_iter().filter(|known| known.gone.is_none());
            regions.extend(present.map(|known| known.region).filter(|region| !region.is_generated()));
            after = page.next.filter(|last| last.0 < GENERATED);
            if after.is_none() {
                return Ok(regions);
            }
        }
    }
}

async fn offices(view: &mut dyn View) -> Result<Vec<(RegionId, Location)>, StoreError> {
    let (mut regions, mut after) = (std::collections::BTreeMap::<OfficeId, RegionId>::new(), None);
    loop {
        let page = view.office_lists().offices(PageRequest { after, limit: AT_ONCE }).await?;
        regions.extend(page.rows.into_iter().filter_map(|office| Some((office.id, office.region?))));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let (mut places, mut after) = (Vec::new(), None);
    loop {
        let page = view.office_lists().addresses(PageRequest { after, limit: AT_ONCE }).await?;
        places.extend(
            page.rows
                .into_iter()
                .filter_map(|address| Some((*regions.get(&address.office?)?, address.location?))),
        );
        after = page.next;
        if after.is_none() {
            return Ok(places);
        }
    }
}
