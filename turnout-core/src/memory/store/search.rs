//! Search of voters: every entry of the list is looked at.

use async_trait::async_trait;

use super::rooms::{Rooms, insert};
use crate::{
    ids::RegistrationId,
    page::{Page, PageRequest},
    ports::store::{ReadSearch, Search, StoreError},
    search::{ListKey, Listed, LookedAt, Packing, SearchQuery, VoterList},
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
        page: PageRequest<LookedAt>,
    ) -> Result<Page<RegistrationId, LookedAt>, StoreError> {
        let mut rows: Vec<(LookedAt, &_)> = self
            .registrations
            .values()
            .filter_map(|it| {
                let place = (it.subscriber?, it.created_at, it.id);
                let (subscriber, created_at, registration) = place;
                Some((LookedAt { subscriber, created_at, registration }, it))
            })
            .filter(|(place, _)| page.after.is_none_or(|after| *place > after))
            .collect();
        rows.sort_unstable_by_key(|(place, _)| *place);
        let looked = Page::cut(rows, page.limit, |(place, _)| *place);
        let missing = |it: &crate::register::Registration| {
            let visible =
                it.action.and_then(|id| self.actions.get(&id)).is_some_and(|it| it.visible_to_subscriber);
            visible
                && Listed::registration(it).is_some_and(|it| !self.listed.contains_key(&(it.list, it.key)))
        };
        let rows = looked.rows.iter().filter(|(_, it)| missing(it)).map(|(place, _)| place.registration);
        Ok(Page { rows: rows.collect(), next: looked.next })
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
