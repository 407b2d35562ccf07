//! What switches are set to.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::switch::Setting;

/// What this room is called.
const ROOM: &str = "switches";

/// Reads what switches are set to.
#[async_trait]
pub trait ReadSwitches: Send {
    /// Everything that was set, by feature and variable.
    async fn all(&mut self) -> Result<Vec<Setting>, StoreError>;

    /// What this switch is set to, if it is; the variable of the feature itself is empty.
    async fn get(&mut self, feature: &str, variable: &str) -> Result<Option<Setting>, StoreError>;
}

/// Changes what switches are set to.
#[async_trait]
pub trait Switches: ReadSwitches {
    /// Sets a switch, whatever it was set to.
    async fn put(&mut self, setting: &Setting) -> Result<(), StoreError>;

    /// Sets a switch that is not set yet; says whether it was not.
    async fn add(&mut self, setting: &Setting) -> Result<bool, StoreError>;

    /// Takes back what was set, if anything was.
    async fn remove(&mut self, feature: &str, variable: &str) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadSwitches for AbsentRoom {
    async fn all(&mut self) -> Result<Vec<Setting>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn get(&mut self, _feature: &str, _variable: &str) -> Result<Option<Setting>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Switches for AbsentRoom {
    async fn put(&mut self, _setting: &Setting) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn add(&mut self, _setting: &Setting) -> Result<bool, StoreError> {
        Err(StoreError::Absent(ROOM))
    }

    async fn remove(&mut self, _feature: &str, _variable: &str) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
