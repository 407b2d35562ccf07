//! What switches are set to.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::Rooms;
use crate::{
    ports::store::{ReadSwitches, StoreError, Switches},
    switch::Setting,
};

fn key(setting: &Setting) -> (String, String) {
    (setting.feature.clone(), setting.variable.clone())
}

#[async_trait]
impl ReadSwitches for Rooms {
    async fn all(&mut self) -> Result<Vec<Setting>, StoreError> {
        Ok(self.switches.values().cloned().collect())
    }

    async fn get(&mut self, feature: &str, variable: &str) -> Result<Option<Setting>, StoreError> {
        Ok(self.switches.get(&(feature.to_owned(), variable.to_owned())).cloned())
    }
}

#[async_trait]
impl Switches for Rooms {
    async fn put(&mut self, setting: &Setting) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.switches).insert(key(setting), setting.clone());
        Ok(())
    }

    async fn add(&mut self, setting: &Setting) -> Result<bool, StoreError> {
        let is_new = !self.switches.contains_key(&key(setting));
        if is_new {
            self.put(setting).await?;
        }
        Ok(is_new)
    }

    async fn remove(&mut self, feature: &str, variable: &str) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.switches).remove(&(feature.to_owned(), variable.to_owned()));
        Ok(())
    }
}
