//! Who did what.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::{Rooms, insert};
use crate::{
    change::{Change, ChangeFilter},
    ids::ChangeId,
    page::{Page, PageRequest},
    ports::store::{Changes, ReadChanges, StoreError},
};

#[async_trait]
impl ReadChanges for Rooms {
    async fn page(
        &mut self,
        filter: &ChangeFilter,
        page: &PageRequest<(DateTime<Utc>, ChangeId)>,
    ) -> Result<Page<Change, (DateTime<Utc>, ChangeId)>, StoreError> {
        let before = |it: &&Change| page.after.is_none_or(|after| (it.at, it.id) < after);
        let mut rows: Vec<Change> =
            self.changes.values().filter(|it| filter.fits(it)).filter(before).cloned().collect();
        rows.sort_by_key(|it| std::cmp::Reverse((it.at, it.id)));
        Ok(Page::cut(rows, page.limit, |it: &Change| (it.at, it.id)))
    }

    async fn by_id(&mut self, id: ChangeId) -> Result<Option<Change>, StoreError> {
        Ok(self.changes.get(&id).cloned())
    }
}

#[async_trait]
impl Changes for Rooms {
    async fn insert(&mut self, change: &Change) -> Result<(), StoreError> {
        insert(&mut self.changes, change.id, change, "change")
    }
}
