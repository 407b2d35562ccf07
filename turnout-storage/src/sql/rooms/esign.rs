//! How offices take requests that were signed online, and what went out.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    absentee::{Application, LinkOfRegion, RegionReach, SentCount, SentKey, StateReach},
    address::State,
    ids::{ActionId, RegionId},
    page::{Page, PageRequest},
    ports::store::{ReadEsign, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::{END_OF_TIME, Moment},
    rows::esign::{ApplicationRow, LinkOfRegionRow, RegionReachRow, SentCountRow, StateReachRow},
    session::{Session, query},
    statements::esign as statements,
};

#[async_trait]
impl<D: Dialect> ReadEsign for Session<D> {
    async fn states(&mut self) -> Result<Vec<StateReach>, StoreError> {
        self.all::<StateReachRow, _>(query(statements::STATES)).await
    }

    async fn regions(&mut self, state: State) -> Result<Vec<RegionReach>, StoreError> {
        self.all::<RegionReachRow, _>(query(statements::REGIONS).bind(state.code())).await
    }

    async fn sent_counts(
        &mut self,
        region: Option<RegionId>,
        since: DateTime<Utc>,
        lately: DateTime<Utc>,
    ) -> Result<Vec<SentCount>, StoreError> {
        let text = match region {
            Some(_) => statements::SENT_COUNTS_OF_REGION,
            None => statements::SENT_COUNTS,
        };
        let statement = query(text).bind(Moment(since)).bind(Moment(lately));
        let statement = match region {
            Some(region) => statement.bind(region.0),
            None => statement,
        };
        self.all::<SentCountRow, _>(statement).await
    }

    async fn applications(
        &mut self,
        region: Option<RegionId>,
        page: PageRequest<SentKey>,
    ) -> Result<Page<Application, SentKey>, StoreError> {
        let first = SentKey { at: END_OF_TIME, action: ActionId(Uuid::max()) };
        let after = page.after.unwrap_or(first);
        let text = match region {
            Some(_) => statements::APPLICATIONS_OF_REGION,
            None => statements::APPLICATIONS,
        };
        let statement =
            query(text).bind(Moment(after.at)).bind(after.action.0).bind(i64::from(page.limit) + 1);
        let statement = match region {
            Some(region) => statement.bind(region.0),
            None => statement,
        };
        let rows = self.all::<ApplicationRow, Application>(statement).await?;
        Ok(Page::cut(rows, page.limit, |it| it.sent))
    }

    async fn links(&mut self) -> Result<Vec<LinkOfRegion>, StoreError> {
        self.all::<LinkOfRegionRow, _>(query(statements::LINKS)).await
    }
}
