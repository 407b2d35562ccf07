//! Texts that stay here.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use super::locked;
use crate::ports::sms::{OutgoingSms, SentSms, SmsError, SmsSender};

/// Keeps every text instead of sending it.
#[derive(Clone, Default)]
pub struct TextOutbox {
    texts: Arc<Mutex<Vec<OutgoingSms>>>,
    failures: Arc<Mutex<Vec<SmsError>>>,
}

impl TextOutbox {
    /// No text yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes all texts out, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<OutgoingSms> {
        std::mem::take(&mut *locked(&self.texts))
    }

    /// The next text that is handed over fails in this way.
    pub fn fail_next(&self, error: SmsError) {
        locked(&self.failures).push(error);
    }
}

#[async_trait]
impl SmsSender for TextOutbox {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        if let Some(error) = locked(&self.failures).pop() {
            return Err(error);
        }
        locked(&self.texts).push(sms.clone());
        Ok(SentSms { carrier_id: format!("SM{}", sms.id.0.simple()), status: None })
    }
}
