//! Search of voters.

use async_trait::async_trait;
use uuid::Uuid;

use super::{AbsentRoom, StoreError};
use crate::{
    page::{Page, PageRequest},
    search::{ListKey, Listed, LookedAt, Packing, Records, SearchQuery, VoterList},
};

/// What this room is called.
const ROOM: &str = "search";

/// Finds voters.
///
/// ```
/// # #[cfg(feature = "memory")]
/// # async fn run() -> Result<(), turnout_core::ports::store::StoreError> {
/// use turnout_core::{
///     ids::{ActionId, SubscriberId},
///     memory::MemoryStore,
///     page::PageRequest,
///     person::PersonName,
///     ports::store::Store,
///     listing::Tool,
///     search::{ListKey, Listed, SearchQuery, Terms, VoterList},
/// };
/// # use uuid::Uuid;
///
/// let store = MemoryStore::new();
/// let list = VoterList { subscriber: SubscriberId(Uuid::from_u128(1)), tool: Tool::Register };
/// let key = ListKey { created_at: "2026-11-03T12:00:00Z".parse().unwrap(), action: ActionId(Uuid::from_u128(2)) };
/// let name = PersonName { first: Some("José".into()), last: Some("Núñez".into()), ..PersonName::default() };
/// let mut unit = store.begin().await?;
/// unit.search_mut().insert(&Listed { list, key, terms: Terms::of(&name, Some("jn@example.org")) }).await?;
/// unit.commit().await?;
///
/// let mut view = store.view().await?;
/// let found = view.search().find(list, &SearchQuery::parse("nunez jo"), PageRequest { after: None, limit: 50 }).await?;
/// assert_eq!(found.rows, [key]);
/// # Ok(())
/// # }
/// # #[cfg(feature = "memory")]
/// # fn main() { tokio::runtime::Runtime::new().unwrap().block_on(run()).unwrap(); }
/// # #[cfg(not(feature = "memory"))]
/// # fn main() {}
/// ```
#[async_trait]
pub trait ReadSearch: Send {
    /// Who in the list is found by the query, newest first, `limit` at the most; all of them when the query has no words.
    ///
    /// Exact on a view. In a unit, where others may write at the same moment, somebody may be missed who changes or is
    /// packed just then.
    async fn find(
        &mut self,
        list: VoterList,
        query: &SearchQuery,
        page: PageRequest<ListKey>,
    ) -> Result<Page<ListKey, ListKey>, StoreError>;

    /// Looks at `limit` records of subscribers, and names those that are visible to them and not listed, by their ids.
    async fn unlisted(
        &mut self,
        records: Records,
        page: PageRequest<LookedAt>,
    ) -> Result<Page<Uuid, LookedAt>, StoreError>;
}

/// Changes what voters are found by.
#[async_trait]
pub trait Search: ReadSearch {
    /// A new entry. Conflict when the list has that place.
    async fn insert(&mut self, entry: &Listed) -> Result<(), StoreError>;

    /// As [`insert`](Self::insert), unless the list has that place: then nothing changes. Says whether it was added.
    async fn insert_missing(&mut self, entry: &Listed) -> Result<bool, StoreError>;

    /// The terms of an entry are others now, or the same. Says whether there is such an entry; none is added.
    async fn update(&mut self, entry: &Listed) -> Result<bool, StoreError>;

    /// Takes an entry out of its list. Says whether it was there.
    async fn remove(&mut self, list: VoterList, key: ListKey) -> Result<bool, StoreError>;

    /// Prepares new entries of one list for quick search; nothing else about them changes. Says whether there was
    /// something to do: then there may be more. Conflict when another unit did so at the same moment.
    async fn pack(&mut self, packing: Packing) -> Result<bool, StoreError>;
}

#[async_trait]
impl ReadSearch for AbsentRoom {
    async fn find(
        &mut self,
        _list: VoterList,
        _query: &SearchQuery,
        _page: PageRequest<ListKey>,
    ) -> Result<Page<ListKey, ListKey>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn unlisted(
        &mut self,
        _records: Records,
        _page: PageRequest<LookedAt>,
    ) -> Result<Page<Uuid, LookedAt>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Search for AbsentRoom {
    async fn insert(&mut self, _entry: &Listed) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn insert_missing(&mut self, _entry: &Listed) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn update(&mut self, _entry: &Listed) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove(&mut self, _list: VoterList, _key: ListKey) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn pack(&mut self, _packing: Packing) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
