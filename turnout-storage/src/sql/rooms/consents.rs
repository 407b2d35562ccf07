//! The ledger of who agreed to be written to.

use async_trait::async_trait;
use sqlx::types::Json;
use turnout_core::{
    consent::{Entry, Scope},
    decision::Channel,
    ids::ConsentId,
    ports::store::{Consents, ReadConsents, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    moment::Moment,
    rows::consents::ConsentRow,
    session::{Session, query},
    statements::consents as statements,
};

#[async_trait]
impl<D: Dialect> ReadConsents for Session<D> {
    async fn by_id(&mut self, id: ConsentId) -> Result<Option<Entry>, StoreError> {
        self.optional::<ConsentRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn of(&mut self, channel: Channel, address: &str) -> Result<Vec<Entry>, StoreError> {
        self.all::<ConsentRow, _>(query(statements::OF).bind(channel.wire()).bind(address)).await
    }

    async fn of_all(&mut self, channel: Channel, addresses: &[&str]) -> Result<Vec<Entry>, StoreError> {
        self.all::<ConsentRow, _>(query(statements::OF_ALL).bind(channel.wire()).bind(Json(addresses))).await
    }
}

#[async_trait]
impl<D: Dialect> Consents for Session<D> {
    async fn insert(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let (subscriber, purpose) = match entry.mark.scope {
            Scope::All | Scope::Service => (None, None),
            Scope::Subscriber(subscriber) => (Some(subscriber.0), None),
            Scope::Purpose(purpose) => (None, Some(purpose.wire())),
        };
        let statement = query(statements::INSERT)
            .bind(entry.id.0)
            .bind(entry.channel.wire())
            .bind(&entry.address)
            .bind(entry.mark.choice.wire())
            .bind(entry.mark.scope.wire())
            .bind(subscriber)
            .bind(purpose)
            .bind(entry.origin.wire())
            .bind(&entry.text)
            .bind(entry.language.as_ref().map(ToString::to_string))
            .bind(&entry.context)
            .bind(Moment(entry.mark.at))
            .bind(Moment(entry.recorded_at));
        self.change_one("consent", statement).await
    }
}
