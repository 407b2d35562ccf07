//! A room of the team's in which everything is kept that was said.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::{fails, locked};
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ports::chat::TeamChat,
};

/// Keeps what is said.
#[derive(Clone, Default)]
pub struct ChatRoom {
    said: Arc<Mutex<Vec<String>>>,
    failures: Arc<Mutex<u32>>,
}

impl ChatRoom {
    /// Nothing was said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes out what was said so far, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.said))
    }

    /// The next `times` things cannot be said: nobody answers.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }
}

#[async_trait]
impl TeamChat for ChatRoom {
    async fn say(&self, text: &str) -> Result<(), ProviderError> {
        if fails(&self.failures) {
            return Err(ProviderError::new("chat", ProviderErrorKind::Unreachable));
        }
        locked(&self.said).push(text.to_owned());
        Ok(())
    }
}
