//! Lists of what voters made.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    listing::{Entry, Filter, Listing, Span},
    page::{Page, PageRequest},
    ports::store::{ReadListings, StoreError},
    search::ListKey,
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::{BEGINNING_OF_TIME, END_OF_TIME, Moment},
    rows::listings::ListingRow,
    session::{Session, query},
    statements::listings as statements,
};

/// Before which place a look begins: the page's, or the first moment that is not wanted any more.
fn begin(filter: &Filter, after: Option<ListKey>) -> (DateTime<Utc>, Uuid) {
    let before = (filter.before.unwrap_or(END_OF_TIME), Uuid::nil());
    after.map_or(before, |after| before.min((after.created_at, after.action.0)))
}

#[async_trait]
impl<D: Dialect> ReadListings for Session<D> {
    async fn look(
        &mut self,
        list: Listing,
        filter: &Filter,
        page: PageRequest<ListKey>,
    ) -> Result<Page<Entry, ListKey>, StoreError> {
        let of = statements::of(list.tool);
        let (moment, action) = begin(filter, page.after);
        let statement = query(if filter.state.is_some() { of.look_in_state } else { of.look })
            .bind(list.subscriber.0)
            .bind(Moment(filter.since.unwrap_or(BEGINNING_OF_TIME)))
            .bind(Moment(moment))
            .bind(action)
            .bind(i64::from(page.limit) + 1);
        let statement = match filter.state {
            // most voters are of some states, and none of others
            Some(state) => statement.bind(state.code()).planned_for_its_values(),
            None => statement,
        };
        let rows: Vec<ListingRow> = self.rows(statement).await?;
        let looked = Page::cut(rows, page.limit, ListingRow::key);
        let visible = looked.rows.into_iter().filter(|row| row.is_visible);
        let mut rows = visible.map(Entry::try_from).collect::<Result<Vec<_>, _>>()?;
        rows.retain(|entry| filter.takes(entry));
        Ok(Page { rows, next: looked.next })
    }

    async fn at(&mut self, list: Listing, places: &[ListKey]) -> Result<Vec<Entry>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let actions: Vec<String> = places.iter().map(|it| it.action.0.simple().to_string()).collect();
        let statement = query(statements::of(list.tool).at).bind(list.subscriber.0).bind(Json(actions));
        let mut rows: Vec<ListingRow> = self.rows(statement).await?;
        rows.retain(|row| row.is_visible && places.contains(&row.key()));
        rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.key()));
        rows.into_iter().map(Entry::try_from).collect()
    }

    async fn count(&mut self, list: Listing, span: &Span, most: u64) -> Result<u64, StoreError> {
        let of = statements::of(list.tool);
        let statement = query(if span.state.is_some() { of.count_in_state } else { of.count })
            .bind(list.subscriber.0)
            .bind(Moment(span.since.unwrap_or(BEGINNING_OF_TIME)))
            .bind(Moment(span.before.unwrap_or(END_OF_TIME)))
            .bind(i64::try_from(most).unwrap_or(i64::MAX));
        let statement = match span.state {
            // most voters are of some states, and none of others
            Some(state) => statement.bind(state.code()).planned_for_its_values(),
            None => statement,
        };
        let counts: Vec<i64> = self.values(statement).await?;
        Ok(counts.first().map_or(0, |count| count.unsigned_abs()))
    }
}
