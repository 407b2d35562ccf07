//! Everything goes to one address or one number: for a deployment that tries things out with data of real people.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::{
    error::{ProviderError, ProviderErrorKind},
    person::Phone,
    ports::{
        email::{Email, EmailSender, Mailbox},
        fax::{FaxSender, OutgoingFax},
        sms::{ListedSms, OutgoingSms, ReceivedSms, SentSms, SmsError, SmsLog, SmsSender},
    },
};

/// Every mail goes to one address, which is shown whom it was for; nobody gets a copy.
pub struct RedirectedMail {
    inner: Arc<dyn EmailSender>,
    to: String,
}

impl RedirectedMail {
    /// Hands everything to `inner`, for this address.
    #[must_use]
    pub fn new(inner: Arc<dyn EmailSender>, to: impl Into<String>) -> Self {
        Self { inner, to: to.into() }
    }
}

#[async_trait]
impl EmailSender for RedirectedMail {
    async fn send(&self, email: &Email) -> Result<(), ProviderError> {
        let meant = [&email.to].into_iter().chain(&email.cc).map(|one| one.address.as_str());
        let name = format!("instead of {}", meant.collect::<Vec<_>>().join(", "));
        let to = Mailbox { name: Some(name), address: self.to.clone() };
        // whoever tries things out asks for no more in somebody else's name
        let instead = Email { to, cc: Vec::new(), unsubscribe_url: None, ..email.clone() };
        self.inner.send(&instead).await
    }
}

/// Every text goes to one number. What the carrier lists of it stands for every other.
pub struct RedirectedTexts {
    inner: Arc<dyn SmsSender>,
    log: Arc<dyn SmsLog>,
    to: Phone,
}

impl RedirectedTexts {
    /// Hands everything to `inner`, whose list is `log`, for this number.
    #[must_use]
    pub fn new(inner: Arc<dyn SmsSender>, log: Arc<dyn SmsLog>, to: Phone) -> Self {
        Self { inner, log, to }
    }
}

#[async_trait]
impl SmsSender for RedirectedTexts {
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        let instead = OutgoingSms { to: self.to.clone(), ..sms.clone() };
        match self.inner.send(&instead).await {
            // it is not the voter who has opted out
            Err(SmsError::Stopped) => {
                Err(SmsError::NotSent(ProviderError::new("sms", ProviderErrorKind::Rejected)))
            }
            sent => sent,
        }
    }
}

#[async_trait]
impl SmsLog for RedirectedTexts {
    async fn sent_to(&self, _to: &Phone, since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError> {
        self.log.sent_to(&self.to, since).await
    }

    async fn received_by(
        &self,
        number: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<ReceivedSms>, ProviderError> {
        self.log.received_by(number, since).await
    }
}

/// Every fax goes to one machine.
pub struct RedirectedFaxes {
    inner: Arc<dyn FaxSender>,
    to: Phone,
}

impl RedirectedFaxes {
    /// Hands everything to `inner`, for this number.
    #[must_use]
    pub fn new(inner: Arc<dyn FaxSender>, to: Phone) -> Self {
        Self { inner, to }
    }
}

#[async_trait]
impl FaxSender for RedirectedFaxes {
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError> {
        self.inner.send(&OutgoingFax { to: self.to.clone(), ..fax.clone() }).await
    }
}

#[cfg(all(test, feature = "memory"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::{
        ids::{FaxId, MessageId},
        memory::{FaxTray, Outbox, TextOutbox},
    };

    #[tokio::test]
    async fn a_mail_goes_to_one_address_alone_which_sees_whom_it_was_for() {
        let outbox = Outbox::new();
        let mailbox = |address: &str| Mailbox { name: Some("Ann".into()), address: address.into() };
        let mail = Email {
            message_id: "1@example.org".into(),
            from: mailbox("us@example.org"),
            to: mailbox("voter@example.org"),
            cc: vec![mailbox("office@example.org")],
            reply_to: vec![mailbox("ask@example.org")],
            subject: "Form".into(),
            html: String::new(),
            text: String::new(),
            attachments: Vec::new(),
            language: "en".into(),
            tag: "register.form",
            unsubscribe_url: Some("https://example.org/unsubscribe/".into()),
        };
        RedirectedMail::new(Arc::new(outbox.clone()), "test@example.org").send(&mail).await.unwrap();
        let [sent] = outbox.take().try_into().unwrap_or_else(|_| panic!("one mail"));
        assert_eq!(sent.to.address, "test@example.org");
        assert_eq!(sent.to.name.as_deref(), Some("instead of voter@example.org, office@example.org"));
        assert!(sent.cc.is_empty() && sent.unsubscribe_url.is_none());
        assert_eq!((sent.message_id, sent.reply_to), (mail.message_id, mail.reply_to));
    }

    #[tokio::test]
    async fn a_fax_goes_to_one_machine_as_the_same_fax() {
        let outbox = FaxTray::new();
        let test = Phone::from_stored("+16175550100".into());
        let redirected = RedirectedFaxes::new(Arc::new(outbox.clone()), test.clone());
        let fax = OutgoingFax {
            id: FaxId(uuid::Uuid::from_u128(7)),
            to: Phone::from_stored("+16175557890".into()),
            pdf_url: "https://example.org/form.pdf".into(),
            callback_url: "https://example.org/?token=1".into(),
        };
        redirected.send(&fax).await.unwrap();
        let [sent] = outbox.take().try_into().unwrap_or_else(|_| panic!("one fax"));
        assert_eq!(sent.to, test);
        assert!(sent.id == fax.id && sent.pdf_url == fax.pdf_url && sent.callback_url == fax.callback_url);
    }

    #[tokio::test]
    async fn a_text_goes_to_one_number_and_is_found_in_its_list() {
        let texts = TextOutbox::new();
        let test = Phone::from_stored("+16175550100".into());
        let inner = Arc::new(texts.clone());
        let redirected = RedirectedTexts::new(Arc::clone(&inner) as _, inner, test.clone());
        let voter = Phone::from_stored("+16175557890".into());
        let id = MessageId(uuid::Uuid::from_u128(7));
        let sms = OutgoingSms {
            id,
            from: None,
            to: voter.clone(),
            text: "Vote.".into(),
            media: Vec::new(),
            receipt_url: None,
        };
        let sent = redirected.send(&sms).await.unwrap();
        let [out] = texts.take().try_into().unwrap_or_else(|_| panic!("one text"));
        assert_eq!(out.to, test);
        let listed = redirected.sent_to(&voter, DateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!(listed[0].carrier_id, sent.carrier_id);
        // that the number of a developer has opted out says nothing of the voter
        texts.fail_next(SmsError::Stopped);
        assert!(matches!(redirected.send(&sms).await, Err(SmsError::NotSent(_))));
    }
}
