//! Questions to the voter roll.

use async_trait::async_trait;
use turnout_core::{
    ids::{ActionId, LookupId},
    ports::store::{Lookups, ReadLookups, StoreError},
    verifier::Lookup,
};

use crate::sql::{
    dialect::Dialect,
    rows::lookups::{LookupRow, bind_lookup},
    session::{Session, query},
    statements::lookups as statements,
};

#[async_trait]
impl<D: Dialect> ReadLookups for Session<D> {
    async fn by_id(&mut self, id: LookupId) -> Result<Option<Lookup>, StoreError> {
        self.optional::<LookupRow, _>(query(statements::BY_ID).bind(id.0)).await
    }

    async fn by_action(&mut self, id: ActionId) -> Result<Option<Lookup>, StoreError> {
        self.optional::<LookupRow, _>(query(statements::BY_ACTION).bind(id.0)).await
    }
}

#[async_trait]
impl<D: Dialect> Lookups for Session<D> {
    async fn insert(&mut self, question: &Lookup) -> Result<(), StoreError> {
        self.change_one("lookup", bind_lookup(query(statements::INSERT), question)).await
    }
}
