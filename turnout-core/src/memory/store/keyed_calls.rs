//! Calls that carry a key.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::rooms::Rooms;
use crate::{
    keyed_call::{KeptAnswer, KeyedCall},
    ports::store::{KeyedCalls, ReadKeyedCalls, StoreError},
};

#[async_trait]
impl ReadKeyedCalls for Rooms {
    async fn by_place(&mut self, place: &[u8; 32]) -> Result<Option<KeyedCall>, StoreError> {
        Ok(self.keyed_calls.get(place).cloned())
    }
}

#[async_trait]
impl KeyedCalls for Rooms {
    async fn add(&mut self, call: &KeyedCall) -> Result<bool, StoreError> {
        let is_new = !self.keyed_calls.contains_key(&call.place);
        if is_new {
            Arc::make_mut(&mut self.keyed_calls).insert(call.place, call.clone());
        }
        Ok(is_new)
    }

    async fn take_over(
        &mut self,
        place: &[u8; 32],
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let call = Arc::make_mut(&mut self.keyed_calls).get_mut(place);
        let Some(call) = call.filter(|call| call.answer.is_none() && call.lease_until <= now) else {
            return Ok(false);
        };
        call.lease_until = lease_until;
        Ok(true)
    }

    async fn answer(&mut self, place: &[u8; 32], answer: &KeptAnswer) -> Result<(), StoreError> {
        if let Some(call) = Arc::make_mut(&mut self.keyed_calls).get_mut(place) {
            call.answer = Some(answer.clone());
        }
        Ok(())
    }

    async fn remove(&mut self, place: &[u8; 32]) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.keyed_calls).retain(|it, call| it != place || call.answer.is_some());
        Ok(())
    }

    async fn forget(&mut self, place: &[u8; 32], until: DateTime<Utc>) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.keyed_calls).retain(|it, call| it != place || call.created_at > until);
        Ok(())
    }

    async fn purge(&mut self, until: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let mut old: Vec<_> = self
            .keyed_calls
            .values()
            .filter(|it| it.created_at <= until)
            .map(|it| (it.created_at, it.place))
            .collect();
        old.sort_unstable();
        old.truncate(limit as usize);
        let calls = Arc::make_mut(&mut self.keyed_calls);
        for (_, place) in &old {
            calls.remove(place);
        }
        Ok(old.len() as u64)
    }
}
