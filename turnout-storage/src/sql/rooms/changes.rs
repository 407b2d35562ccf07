//! Who did what.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    change::{Change, ChangeFilter},
    ids::ChangeId,
    page::{Page, PageRequest},
    ports::store::{Changes, ReadChanges, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::{END_OF_TIME, Moment},
    rows::changes::{ChangeRow, bind_change},
    session::{Session, query},
    statements::changes as statements,
};

#[async_trait]
impl<D: Dialect> ReadChanges for Session<D> {
    async fn page(
        &mut self,
        filter: &ChangeFilter,
        page: &PageRequest<(DateTime<Utc>, ChangeId)>,
    ) -> Result<Page<Change, (DateTime<Utc>, ChangeId)>, StoreError> {
        if filter.kind.iter().chain(&filter.subject).any(|text| is_unfindable(text)) {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let text = match filter {
            ChangeFilter { kind: Some(_), subject: Some(_), .. } => statements::PAGE_OF_SUBJECT,
            ChangeFilter { by: Some(_), .. } => statements::PAGE_BY,
            ChangeFilter { subscriber: Some(_), .. } => statements::PAGE_OF_SUBSCRIBER,
            ChangeFilter { kind: Some(_), .. } => statements::PAGE_OF_KIND,
            _ => statements::PAGE,
        };
        let (moment, id) = page.after.unwrap_or((END_OF_TIME, ChangeId(Uuid::max())));
        let statement = query(text)
            .bind(Moment(moment))
            .bind(id.0)
            .bind(i64::from(page.limit) + 1)
            .bind(filter.by.map(|id| id.0))
            .bind(filter.subscriber.map(|id| id.0))
            .bind(&filter.kind)
            .bind(&filter.subject)
            .planned_for_its_values();
        let rows = self.all::<ChangeRow, _>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it: &Change| (it.at, it.id)))
    }

    async fn by_id(&mut self, id: ChangeId) -> Result<Option<Change>, StoreError> {
        self.optional::<ChangeRow, _>(query(statements::BY_ID).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Changes for Session<D> {
    async fn insert(&mut self, change: &Change) -> Result<(), StoreError> {
        self.change_one("change", bind_change(query(statements::INSERT), change)).await
    }
}
