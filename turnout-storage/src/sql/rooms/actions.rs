//! Actions and their events.

use async_trait::async_trait;
use turnout_core::{
    action::{Action, Event, EventType, Source},
    ids::{ActionId, BallotRequestId, LookupId, MoverLeadId, RegistrationId, ReminderId},
    ports::store::{Actions, ReadActions, StoreError},
};
use uuid::Uuid;

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::actions::{ActionRow, EventRow},
    session::{Session, query},
    statements::actions as statements,
};

#[async_trait]
impl<D: Dialect> ReadActions for Session<D> {
    async fn by_id(&mut self, id: ActionId) -> Result<Option<Action>, StoreError> {
        self.optional::<ActionRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn source(&mut self, id: ActionId) -> Result<Option<Source>, StoreError> {
        let found: Vec<Uuid> = self.values(query(statements::REGISTRATION_OF).bind(id.0)).await?;
        if let Some(id) = found.first() {
            return Ok(Some(Source::Registration(RegistrationId(*id))));
        }
        let found: Vec<Uuid> = self.values(query(statements::BALLOT_REQUEST_OF).bind(id.0)).await?;
        if let Some(id) = found.first() {
            return Ok(Some(Source::BallotRequest(BallotRequestId(*id))));
        }
        let found: Vec<Uuid> = self.values(query(statements::REMINDER_OF).bind(id.0)).await?;
        if let Some(id) = found.first() {
            return Ok(Some(Source::Reminder(ReminderId(*id))));
        }
        let found: Vec<Uuid> = self.values(query(statements::LOOKUP_OF).bind(id.0)).await?;
        if let Some(id) = found.first() {
            return Ok(Some(Source::Lookup(LookupId(*id))));
        }
        let found: Vec<Uuid> = self.values(query(statements::MOVER_LEAD_OF).bind(id.0)).await?;
        Ok(found.first().map(|id| Source::MoverLead(MoverLeadId(*id))))
    }

    async fn events(&mut self, id: ActionId) -> Result<Vec<Event>, StoreError> {
        self.all::<EventRow, _>(query(statements::EVENTS).bind(id.0)).await
    }

    async fn has_event(&mut self, id: ActionId, kinds: &[EventType]) -> Result<bool, StoreError> {
        let happened: Vec<String> = self.values(query(statements::EVENT_TYPES).bind(id.0)).await?;
        Ok(happened.iter().any(|event| kinds.iter().any(|kind| kind.wire() == event)))
    }
}

#[async_trait]
impl<D: Dialect> Actions for Session<D> {
    async fn insert(&mut self, action: &Action) -> Result<(), StoreError> {
        let statement = query(statements::INSERT)
            .bind(action.id.0)
            .bind(action.visible_to_subscriber)
            .bind(action.last_voter_lookup.map(Moment))
            .bind(Moment(action.created_at))
            .bind(Moment(action.modified_at));
        self.change_one("action", statement).await
    }

    async fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        let statement = query(statements::RECORD)
            .bind(event.id.0)
            .bind(event.action.0)
            .bind(event.kind.wire())
            .bind(Moment(event.created_at));
        self.change_one("event", statement).await
    }
}
