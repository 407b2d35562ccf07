//! Mail that stays here.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::{fails, locked};
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ports::email::{Email, EmailSender},
};

/// Keeps every mail instead of sending it.
#[derive(Clone)]
pub struct Outbox {
    mails: Arc<Mutex<Vec<Email>>>,
    failures: Arc<Mutex<u32>>,
    failure: Arc<Mutex<ProviderErrorKind>>,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            mails: Arc::default(),
            failures: Arc::default(),
            failure: Arc::new(Mutex::new(ProviderErrorKind::Unreachable)),
        }
    }
}

impl Outbox {
    /// No mail yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The mails so far, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Email> {
        locked(&self.mails).clone()
    }

    /// The kinds of the mails so far, oldest first: `register.form`.
    #[must_use]
    pub fn tags(&self) -> Vec<&'static str> {
        locked(&self.mails).iter().map(|mail| mail.tag).collect()
    }

    /// Takes all mails out.
    #[must_use]
    pub fn take(&self) -> Vec<Email> {
        std::mem::take(&mut *locked(&self.mails))
    }

    /// The next `times` mails cannot be handed over: the carrier is away.
    pub fn fail_next(&self, times: u32) {
        self.fail_next_with(times, ProviderErrorKind::Unreachable);
    }

    /// The next `times` mails fail in this way.
    pub fn fail_next_with(&self, times: u32, kind: ProviderErrorKind) {
        *locked(&self.failure) = kind;
        *locked(&self.failures) = times;
    }
}

#[async_trait]
impl EmailSender for Outbox {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        if fails(&self.failures) {
            return Err(ProviderError::new("outbox", *locked(&self.failure)));
        }
        locked(&self.mails).push(email.clone());
        Ok(())
    }
}
