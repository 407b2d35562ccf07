//! People who moved.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use turnout_core::{
    address::State,
    ids::MoverLeadId,
    mover::MoverLead,
    ports::store::{Movers, ReadMovers, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::movers::{MoverLeadRow, bind_lead, left_alone},
    session::{Session, Statement, query},
    statements::movers as statements,
};

impl<D: Dialect> Session<D> {
    async fn lead_ids(&mut self, statement: Statement<D>) -> Result<Vec<MoverLeadId>, StoreError> {
        let found: Vec<Uuid> = self.values(statement).await?;
        Ok(found.into_iter().map(MoverLeadId).collect())
    }
}

/// The id that a list begins after; none is the least.
fn begin(after: Option<MoverLeadId>) -> Uuid {
    after.map_or(Uuid::nil(), |id| id.0)
}

#[async_trait]
impl<D: Dialect> ReadMovers for Session<D> {
    async fn by_id(&mut self, id: MoverLeadId) -> Result<Option<MoverLead>, StoreError> {
        self.optional::<MoverLeadRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn is_known(&mut self, email: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let found = self.lead_ids(query(statements::IS_KNOWN).bind(email).bind(Moment(at))).await?;
        Ok(!found.is_empty())
    }

    async fn pulled_until(&mut self, source: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let found: Vec<Moment> = self.values(query(statements::PULLED_UNTIL).bind(source)).await?;
        Ok(found.first().map(|moment| moment.0))
    }

    async fn unlocated(
        &mut self,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError> {
        self.lead_ids(query(statements::UNLOCATED).bind(begin(after)).bind(i64::from(limit))).await
    }

    async fn unpushed(
        &mut self,
        since: DateTime<Utc>,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLeadId>, StoreError> {
        let statement =
            query(statements::UNPUSHED).bind(Moment(since)).bind(begin(after)).bind(i64::from(limit));
        self.lead_ids(statement).await
    }

    async fn unmailed(
        &mut self,
        state: State,
        since: DateTime<Utc>,
        after: Option<MoverLeadId>,
        limit: u32,
    ) -> Result<Vec<MoverLead>, StoreError> {
        let statement = query(statements::UNMAILED)
            .bind(state.code())
            .bind(Moment(since))
            .bind(begin(after))
            .bind(i64::from(limit));
        self.all::<MoverLeadRow, _>(statement).await
    }
}

#[async_trait]
impl<D: Dialect> Movers for Session<D> {
    async fn insert(&mut self, lead: &MoverLead) -> Result<bool, StoreError> {
        Ok(self.change("lead", bind_lead(query(statements::INSERT), lead)).await? == 1)
    }

    async fn lock(&mut self, id: MoverLeadId) -> Result<Option<MoverLead>, StoreError> {
        self.optional::<MoverLeadRow, _>(query(statements::LOCK).bind(id.0)).await
    }

    async fn update(&mut self, lead: &MoverLead) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE)
            .bind(lead.id.0)
            .bind(lead.new.region.map(|region| region.0))
            .bind(lead.old.region.map(|region| region.0))
            .bind(&lead.crm_person)
            .bind(lead.action.map(|action| action.0))
            .bind(lead.file.map(|file| file.0))
            .bind(lead.located_at.map(Moment))
            .bind(left_alone(lead))
            .bind(Moment(lead.modified_at));
        self.change_one("lead", statement).await
    }

    async fn set_pulled_until(&mut self, source: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        let statement = query(statements::SET_PULLED_UNTIL).bind(source).bind(Moment(until));
        self.change_one("pull of leads", statement).await
    }
}
