//! Short links that lead nowhere.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::locked;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ports::links::LinkShortener,
};

/// Makes links short by their number, `https://sho.rt/1` being the first, or by their name, and keeps the long ones.
#[derive(Clone, Default)]
pub struct ShortLinks {
    long: Arc<Mutex<Vec<String>>>,
    is_down: Arc<Mutex<bool>>,
}

impl ShortLinks {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The links that were made short, the first one first.
    #[must_use]
    pub fn long(&self) -> Vec<String> {
        locked(&self.long).clone()
    }

    /// From now on it fails, or does not.
    pub fn set_down(&self, is_down: bool) {
        *locked(&self.is_down) = is_down;
    }
}

#[async_trait]
impl LinkShortener for ShortLinks {
    async fn shorten(&self, url: &str) -> Result<String, ProviderError> {
        if *locked(&self.is_down) {
            return Err(ProviderError::new("links", ProviderErrorKind::Unreachable));
        }
        let mut long = locked(&self.long);
        long.push(url.to_owned());
        Ok(format!("https://sho.rt/{}", long.len()))
    }

    async fn shorten_as(&self, name: &str, url: &str) -> Result<String, ProviderError> {
        self.shorten(url).await?;
        Ok(format!("https://sho.rt/{name}"))
    }
}
