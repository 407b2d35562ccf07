//! Calls that carry a key.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::types::Json;
use turnout_core::{
    keyed_call::{KeptAnswer, KeyedCall},
    ports::store::{KeyedCalls, ReadKeyedCalls, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::keyed_calls::{KeyedCallRow, bind_call},
    session::{Session, query},
    statements::keyed_calls as statements,
};

/// What exists when a place is taken.
const CALL: &str = "call";

#[async_trait]
impl<D: Dialect> ReadKeyedCalls for Session<D> {
    async fn by_place(&mut self, place: &[u8; 32]) -> Result<Option<KeyedCall>, StoreError> {
        self.optional::<KeyedCallRow, _>(query(statements::BY_PLACE).bind(place.to_vec())).await
    }
}

#[async_trait]
impl<D: Dialect> KeyedCalls for Session<D> {
    async fn add(&mut self, call: &KeyedCall) -> Result<bool, StoreError> {
        Ok(self.change(CALL, bind_call(query(statements::ADD), call)).await? == 1)
    }

    async fn take_over(
        &mut self,
        place: &[u8; 32],
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let statement =
            query(statements::TAKE_OVER).bind(place.to_vec()).bind(Moment(now)).bind(Moment(lease_until));
        Ok(self.change(CALL, statement).await? == 1)
    }

    async fn answer(&mut self, place: &[u8; 32], answer: &KeptAnswer) -> Result<(), StoreError> {
        let statement = query(statements::ANSWER).bind(place.to_vec()).bind(i64::from(answer.status));
        self.change(CALL, statement.bind(Json(&answer.body))).await?;
        Ok(())
    }

    async fn remove(&mut self, place: &[u8; 32]) -> Result<(), StoreError> {
        self.change(CALL, query(statements::REMOVE).bind(place.to_vec())).await?;
        Ok(())
    }

    async fn forget(&mut self, place: &[u8; 32], until: DateTime<Utc>) -> Result<(), StoreError> {
        self.change(CALL, query(statements::FORGET).bind(place.to_vec()).bind(Moment(until))).await?;
        Ok(())
    }

    async fn purge(&mut self, until: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.change(CALL, query(statements::PURGE).bind(Moment(until)).bind(i64::from(limit))).await
    }
}
