//! Lists of what voters made, for the subscribers whose voters they are.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::{
    listing::{Entry, Filter, Listing, Span},
    page::{Page, PageRequest},
    search::ListKey,
};

/// What this room is called.
const ROOM: &str = "listings";

/// Reads lists. Whatever is asked: nothing of another subscriber is given, nothing that is not visible to it, and nothing
/// that belongs to no action.
#[async_trait]
pub trait ReadListings: Send {
    /// Looks at up to `limit` records from a place on, newest first, of the same moment by the action's id, greatest
    /// first; gives those that are visible and wanted. There may be more although none was given: `next` says so.
    async fn look(
        &mut self,
        list: Listing,
        filter: &Filter,
        page: PageRequest<ListKey>,
    ) -> Result<Page<Entry, ListKey>, StoreError>;

    /// The entries at these places, in the order of the list.
    async fn at(&mut self, list: Listing, places: &[ListKey]) -> Result<Vec<Entry>, StoreError>;

    /// How many there are of a state and of a time; it stops at `most`, as it counts them one by one.
    async fn count(&mut self, list: Listing, span: &Span, most: u64) -> Result<u64, StoreError>;
}

#[async_trait]
impl ReadListings for AbsentRoom {
    async fn look(
        &mut self,
        _list: Listing,
        _filter: &Filter,
        _page: PageRequest<ListKey>,
    ) -> Result<Page<Entry, ListKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn at(&mut self, _list: Listing, _places: &[ListKey]) -> Result<Vec<Entry>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn count(&mut self, _list: Listing, _span: &Span, _most: u64) -> Result<u64, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
