//! Search of voters: every entry of the list is looked at.

use async_trait::async_trait;
use uuid::Uuid;

use super::rooms::{Rooms, insert};
use crate::{
    page::{Page, PageRequest},
    ports::store::{ReadSearch, Search, StoreError},
    search::{ListKey, Listed, LookedAt, Packing, Records, SearchQuery, VoterList},
};

#[async_trait]
impl ReadSearch for Rooms {
    async fn find(
        &mut self,
        list: VoterList,
        query: &SearchQuery,
        page: PageRequest<ListKey>,
    ) -> Result<Page<ListKey, ListKey>, StoreError> {
        let found = self.listed.iter().rev().filter(|((of, key), terms)| {
            *of == list && page.after.is_none_or(|after| *key < after) && query.finds(terms)
        });
        Ok(Page::cut(found.map(|((_, key), _)| *key).collect(), page.limit, |key| *key))
    }

    async fn unlisted(
        &mut self,
        records: Records,
        page: PageRequest<LookedAt>,
    ) -> Result<Page<Uuid, LookedAt>, StoreError> {
        let place = |record, entry: Listed| {
            let (subscriber, created_at) = (entry.list.subscriber, entry.key.created_at);
            (LookedAt { subscriber, created_at, record }, entry)
        };
        let mut rows: Vec<(LookedAt, Listed)> = match records {
            Records::Registrations => {
                let all = self.registrations.values();
                all.filter_map(|it| Some(place(it.id.0, Listed::registration(it)?))).collect()
            }
            Records::BallotRequests => {
                let all = self.ballot_requests.values();
                all.filter_map(|it| Some(place(it.id.0, Listed::ballot_request(it)?))).collect()
            }
            Records::Lookups => {
                let all = self.lookups.values();
                all.filter_map(|it| Some(place(it.id.0, Listed::lookup(it)?))).collect()
            }
            Records::Reminders => {
                let all = self.reminders.values();
                all.filter_map(|it| Some(place(it.id.0, Listed::reminder(it)?))).collect()
            }
            Records::PollingPlaces => {
                let all = self.polling_places.values();
                all.filter_map(|it| Some(place(it.id.0, Listed::polling_place(it)?))).collect()
            }
        };
        rows.retain(|(place, _)| page.after.is_none_or(|after| *place > after));
        rows.sort_unstable_by_key(|(place, _)| *place);
        let looked = Page::cut(rows, page.limit, |(place, _)| *place);
        let missing = |entry: &Listed| {
            let visible = self.actions.get(&entry.key.action).is_some_and(|it| it.visible_to_subscriber);
            visible && !self.listed.contains_key(&(entry.list, entry.key))
        };
        let rows = looked.rows.iter().filter(|(_, entry)| missing(entry));
        Ok(Page { rows: rows.map(|(place, _)| place.record).collect(), next: looked.next })
    }
}

#[async_trait]
impl Search for Rooms {
    async fn insert(&mut self, entry: &Listed) -> Result<(), StoreError> {
        insert(&mut self.listed, (entry.list, entry.key), &entry.terms, "list entry")
    }

    async fn insert_missing(&mut self, entry: &Listed) -> Result<bool, StoreError> {
        match insert(&mut self.listed, (entry.list, entry.key), &entry.terms, "list entry") {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn update(&mut self, entry: &Listed) -> Result<bool, StoreError> {
        let place = (entry.list, entry.key);
        if !self.listed.contains_key(&place) {
            return Ok(false);
        }
        std::sync::Arc::make_mut(&mut self.listed).insert(place, entry.terms.clone());
        Ok(true)
    }

    async fn remove(&mut self, list: VoterList, key: ListKey) -> Result<bool, StoreError> {
        Ok(std::sync::Arc::make_mut(&mut self.listed).remove(&(list, key)).is_some())
    }

    /// Nothing is packed in RAM.
    async fn pack(&mut self, _packing: Packing) -> Result<bool, StoreError> {
        Ok(false)
    }
}
