//! What voters are found by.

use async_trait::async_trait;
use chrono::DateTime;
use turnout_core::{
    page::{Page, PageRequest},
    ports::store::{ReadSearch, Search, StoreError},
    search::{ListKey, Listed, LookedAt, Packing, Records, SearchQuery, VoterList},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::search::LookRow,
    search,
    session::{Session, Statement, query},
    statements::{Text, search as statements},
};

/// What an entry is called in a message.
const ENTITY: &str = "list entry";

#[async_trait]
impl<D: Dialect> ReadSearch for Session<D> {
    async fn find(
        &mut self,
        list: VoterList,
        query: &SearchQuery,
        page: PageRequest<ListKey>,
    ) -> Result<Page<ListKey, ListKey>, StoreError> {
        search::find(self, list, query, page).await
    }

    async fn unlisted(
        &mut self,
        records: Records,
        page: PageRequest<LookedAt>,
    ) -> Result<Page<Uuid, LookedAt>, StoreError> {
        let (subscriber, created_at, record) = match page.after {
            Some(it) => (it.subscriber.0, it.created_at, it.record),
            None => (Uuid::nil(), DateTime::UNIX_EPOCH, Uuid::nil()),
        };
        let look = match records {
            Records::Registrations => statements::LOOK_AT_REGISTRATIONS,
            Records::BallotRequests => statements::LOOK_AT_BALLOT_REQUESTS,
            Records::Lookups => statements::LOOK_AT_LOOKUPS,
            Records::Reminders => statements::LOOK_AT_REMINDERS,
            Records::PollingPlaces => statements::LOOK_AT_POLLING_PLACES,
        };
        let statement = query(look)
            .bind(subscriber)
            .bind(Moment(created_at))
            .bind(record)
            .bind(i64::from(page.limit) + 1)
            .bind(records.tool().wire());
        let rows: Vec<LookRow> = self.rows(statement).await?;
        let looked = Page::cut(rows, page.limit, LookRow::place);
        let missing = looked.rows.iter().filter(|row| row.missing).map(|row| row.place().record);
        Ok(Page { rows: missing.collect(), next: looked.next })
    }
}

#[async_trait]
impl<D: Dialect> Search for Session<D> {
    async fn insert(&mut self, entry: &Listed) -> Result<(), StoreError> {
        match self.change(ENTITY, with_terms(statements::INSERT, entry)).await? {
            0 => Err(StoreError::Conflict { entity: ENTITY }),
            _ => Ok(()),
        }
    }

    async fn insert_missing(&mut self, entry: &Listed) -> Result<bool, StoreError> {
        Ok(self.change(ENTITY, with_terms(statements::INSERT_MISSING, entry)).await? > 0)
    }

    async fn update(&mut self, entry: &Listed) -> Result<bool, StoreError> {
        if self.change(ENTITY, with_terms(statements::UPDATE, entry)).await? > 0 {
            return Ok(true);
        }
        let packed: Vec<String> =
            self.values(at_place(statements::PACKED_TERMS, entry.list, entry.key)).await?;
        // what stays the same stays packed
        let changed = packed.first().is_some_and(|terms| terms != entry.terms.text());
        if changed {
            self.change(ENTITY, at_place(statements::REMOVE_PACKED, entry.list, entry.key)).await?;
            self.insert(entry).await?;
        }
        Ok(!packed.is_empty())
    }

    async fn remove(&mut self, list: VoterList, key: ListKey) -> Result<bool, StoreError> {
        let mut removed = 0;
        for text in [statements::REMOVE, statements::REMOVE_PACKED] {
            removed += self.change(ENTITY, at_place(text, list, key)).await?;
        }
        Ok(removed > 0)
    }

    async fn pack(&mut self, packing: Packing) -> Result<bool, StoreError> {
        search::pack(self, packing).await
    }
}

fn at_place<D: Dialect>(text: Text, list: VoterList, key: ListKey) -> Statement<D> {
    search::of_list(text, list).bind(Moment(key.created_at)).bind(key.action.0)
}

fn with_terms<D: Dialect>(text: Text, entry: &Listed) -> Statement<D> {
    at_place(text, entry.list, entry.key).bind(entry.terms.text())
}
