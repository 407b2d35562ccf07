//! What switches are set to.

use async_trait::async_trait;
use turnout_core::{
    ports::store::{ReadSwitches, StoreError, Switches},
    switch::Setting,
};

use crate::sql::{
    dialect::Dialect,
    rows::switches::{SwitchRow, bind_setting},
    session::{Session, query},
    statements::switches as statements,
};

#[async_trait]
impl<D: Dialect> ReadSwitches for Session<D> {
    async fn all(&mut self) -> Result<Vec<Setting>, StoreError> {
        self.all::<SwitchRow, _>(query(statements::ALL_SETTINGS)).await
    }

    async fn get(&mut self, feature: &str, variable: &str) -> Result<Option<Setting>, StoreError> {
        let statement = query(statements::GET).bind(feature).bind(variable);
        self.optional::<SwitchRow, _>(statement).await
    }
}

#[async_trait]
impl<D: Dialect> Switches for Session<D> {
    async fn put(&mut self, setting: &Setting) -> Result<(), StoreError> {
        self.change_one("switch", bind_setting(query(statements::PUT), setting)).await
    }

    async fn add(&mut self, setting: &Setting) -> Result<bool, StoreError> {
        Ok(self.change("switch", bind_setting(query(statements::ADD), setting)).await? == 1)
    }

    async fn remove(&mut self, feature: &str, variable: &str) -> Result<(), StoreError> {
        let statement = query(statements::REMOVE).bind(feature).bind(variable);
        self.change("switch", statement).await?;
        Ok(())
    }
}
