//! Ballot requests, and what is said here of the offices that take them.

use async_trait::async_trait;
use turnout_core::{
    absentee::{BallotRequest, ContactOverride, RegionLink},
    ids::{ActionId, BallotRequestId, FileId, RegionId},
    ports::store::{BallotRequests, ReadBallotRequests, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::ballot_requests::{BallotRequestRow, LinkRow, OverrideRow, bind_ballot_request},
    session::{Session, query},
    statements::ballot_requests as statements,
};

#[async_trait]
impl<D: Dialect> ReadBallotRequests for Session<D> {
    async fn by_id(&mut self, id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError> {
        self.optional::<BallotRequestRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<BallotRequest>, StoreError> {
        self.optional::<BallotRequestRow, _>(query(statements::BY_ACTION).bind(id.0)).await
    }

    async fn by_file(&mut self, id: FileId) -> Result<Option<BallotRequest>, StoreError> {
        self.optional::<BallotRequestRow, _>(query(statements::BY_FILE).bind(id.0)).await
    }

    async fn contact_override(&mut self, region: RegionId) -> Result<Option<ContactOverride>, StoreError> {
        self.optional::<OverrideRow, _>(query(statements::OVERRIDE).bind(region.0)).await
    }

    async fn region_link(&mut self, region: RegionId) -> Result<Option<RegionLink>, StoreError> {
        self.optional::<LinkRow, _>(query(statements::LINK).bind(region.0)).await
    }
}

#[async_trait]
impl<D: Dialect> BallotRequests for Session<D> {
    async fn insert(&mut self, request: &BallotRequest) -> Result<(), StoreError> {
        let statement = bind_ballot_request(query(statements::INSERT), request)
            .bind(request.action.map(|id| id.0))
            .bind(request.subscriber.map(|id| id.0))
            .bind(Moment(request.created_at));
        self.change_one("ballot request", statement).await
    }

    async fn lock(&mut self, id: BallotRequestId) -> Result<Option<BallotRequest>, StoreError> {
        self.optional::<BallotRequestRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, request: &BallotRequest) -> Result<(), StoreError> {
        let statement = bind_ballot_request(query(statements::UPDATE), request);
        self.change_one("ballot request", statement).await
    }

    async fn lock_contact_override(
        &mut self,
        region: RegionId,
    ) -> Result<Option<ContactOverride>, StoreError> {
        self.optional::<OverrideRow, _>(query(statements::LOCK_OVERRIDE).bind(region.0)).await
    }

    async fn lock_region_link(&mut self, region: RegionId) -> Result<Option<RegionLink>, StoreError> {
        self.optional::<LinkRow, _>(query(statements::LOCK_LINK).bind(region.0)).await
    }

    async fn put_contact_override(&mut self, known: &ContactOverride) -> Result<(), StoreError> {
        let statement = query(statements::PUT_OVERRIDE)
            .bind(known.region.0)
            .bind(known.method.map(|method| method.wire()))
            .bind(&known.email)
            .bind(known.phone.as_ref().map(|phone| phone.e164()))
            .bind(known.fax.as_ref().map(|fax| fax.e164()))
            .bind(&known.notes)
            .bind(Moment(known.created_at))
            .bind(Moment(known.modified_at));
        self.change_one("override", statement).await
    }

    async fn remove_contact_override(&mut self, region: RegionId) -> Result<bool, StoreError> {
        Ok(self.change("override", query(statements::REMOVE_OVERRIDE).bind(region.0)).await? > 0)
    }

    async fn put_region_link(&mut self, link: &RegionLink) -> Result<(), StoreError> {
        let statement = query(statements::PUT_LINK)
            .bind(link.region.0)
            .bind(&link.url)
            .bind(Moment(link.created_at))
            .bind(Moment(link.modified_at));
        self.change_one("region link", statement).await
    }

    async fn remove_region_link(&mut self, region: RegionId) -> Result<bool, StoreError> {
        Ok(self.change("region link", query(statements::REMOVE_LINK).bind(region.0)).await? > 0)
    }
}
