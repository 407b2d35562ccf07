//! Texts that stay here.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::locked;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    person::Phone,
    ports::{
        clock::Clock,
        sms::{ListedSms, OutgoingSms, ReceivedSms, SentSms, SmsError, SmsLog, SmsSender},
    },
};

/// A carrier that keeps every text instead of sending it. Like a real one it knows no text again that it gets twice, and has
/// a list of those that it took.
#[derive(Clone, Default)]
pub struct TextOutbox {
    texts: Arc<Mutex<Vec<OutgoingSms>>>,
    failures: Arc<Mutex<Vec<SmsError>>>,
    drops: Arc<Mutex<u32>>,
    list: Arc<Mutex<Vec<(Phone, ListedSms)>>>,
    received: Arc<Mutex<Vec<(Phone, ReceivedSms)>>>,
    list_fails: Arc<Mutex<Option<ProviderErrorKind>>>,
    count: Arc<AtomicU64>,
    clock: Option<Arc<dyn Clock>>,
}

impl TextOutbox {
    /// No text yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// By that clock texts are taken; each at the beginning of 1970 without one.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Takes all texts out, oldest first. They stay in the list.
    #[must_use]
    pub fn take(&self) -> Vec<OutgoingSms> {
        std::mem::take(&mut *locked(&self.texts))
    }

    /// The next text that is handed over fails in this way, and is not taken.
    pub fn fail_next(&self, error: SmsError) {
        locked(&self.failures).push(error);
    }

    /// The next `times` texts that are handed over are taken, and nobody hears so.
    pub fn drop_answers(&self, times: u32) {
        *locked(&self.drops) = times;
    }

    /// The list cannot be read in this way, or can again.
    pub fn list_fails(&self, kind: Option<ProviderErrorKind>) {
        *locked(&self.list_fails) = kind;
    }

    /// Puts a text into the list that somebody else handed over.
    pub fn list_also(&self, to: &Phone, text: ListedSms) {
        locked(&self.list).push((to.clone(), text));
    }

    /// Puts a text into the list that came in for that number.
    pub fn receive(&self, number: &Phone, text: ReceivedSms) {
        locked(&self.received).push((number.clone(), text));
    }

    fn listed(&self) -> Result<(), ProviderError> {
        match *locked(&self.list_fails) {
            Some(kind) => Err(ProviderError::new("text outbox", kind)),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl SmsSender for TextOutbox {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        if let Some(error) = locked(&self.failures).pop() {
            return Err(error);
        }
        let carrier_id = format!("SM{:032x}", self.count.fetch_add(1, Ordering::Relaxed) + 1);
        let at = self.clock.as_ref().map_or(DateTime::UNIX_EPOCH, |clock| clock.now());
        let listed =
            ListedSms { carrier_id: carrier_id.clone(), text: Some(sms.text.clone()), status: None, at };
        locked(&self.list).push((sms.to.clone(), listed));
        locked(&self.texts).push(sms.clone());
        if super::fails(&self.drops) {
            let error = ProviderError::new("text outbox", ProviderErrorKind::Unreachable);
            return Err(SmsError::InDoubt(error));
        }
        Ok(SentSms { carrier_id, status: None })
    }
}

#[async_trait]
impl SmsLog for TextOutbox {
    async fn sent_to(&self, to: &Phone, since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError> {
        self.listed()?;
        let list = locked(&self.list);
        let sent = list.iter().filter(|(phone, text)| phone == to && text.at >= since);
        Ok(sent.map(|(_, text)| text.clone()).collect())
    }

    async fn received_by(
        &self,
        number: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<ReceivedSms>, ProviderError> {
        self.listed()?;
        let received = locked(&self.received);
        let came = received.iter().filter(|(phone, text)| phone == number && text.at >= since);
        Ok(came.map(|(_, text)| text.clone()).collect())
    }
}
