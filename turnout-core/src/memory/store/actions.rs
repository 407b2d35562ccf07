//! Actions and their events.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::{Rooms, insert};
use crate::{
    action::{Action, Event, EventType, Source},
    ids::ActionId,
    ports::store::{Actions, ReadActions, StoreError},
};

#[async_trait]
impl ReadActions for Rooms {
    async fn by_id(&mut self, id: ActionId) -> Result<Option<Action>, StoreError> {
        Ok(self.actions.get(&id).cloned())
    }

    async fn source(&mut self, id: ActionId) -> Result<Option<Source>, StoreError> {
        let registration = self.registrations.values().find(|it| it.action == Some(id));
        let reminder = self.reminders.values().find(|it| it.action == Some(id));
        let lookup = self.lookups.values().find(|it| it.action == Some(id));
        let found = registration.map(|it| Source::Registration(it.id));
        let found = found.or(reminder.map(|it| Source::Reminder(it.id)));
        let request = self.ballot_requests.values().find(|it| it.action == Some(id));
        let found = found.or(request.map(|it| Source::BallotRequest(it.id)));
        let lead = self.movers.values().find(|it| it.action == Some(id));
        let found = found.or(lookup.map(|it| Source::Lookup(it.id)));
        Ok(found.or(lead.map(|it| Source::MoverLead(it.id))))
    }

    async fn events(&mut self, id: ActionId) -> Result<Vec<Event>, StoreError> {
        let mut events: Vec<Event> = self.events.iter().filter(|it| it.action == id).cloned().collect();
        events.sort_by_key(|event| (event.created_at, event.id));
        Ok(events)
    }

    async fn has_event(&mut self, id: ActionId, kinds: &[EventType]) -> Result<bool, StoreError> {
        Ok(self.events.iter().any(|event| event.action == id && kinds.contains(&event.kind)))
    }
}

#[async_trait]
impl Actions for Rooms {
    async fn insert(&mut self, action: &Action) -> Result<(), StoreError> {
        insert(&mut self.actions, action.id, action, "action")
    }

    async fn record(&mut self, event: &Event) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.events).push(event.clone());
        Ok(())
    }
}
