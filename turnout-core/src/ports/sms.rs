//! Text messages.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::Disabled;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ids::MessageId,
    person::Phone,
    sms::MessageStatus,
};

/// A text, ready to go. No `Debug`: it says what to whom.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingSms {
    /// Its id here.
    pub id: MessageId,
    /// Which number of ours it comes from; the carrier chooses one otherwise.
    pub from: Option<Phone>,
    /// Who gets it.
    pub to: Phone,
    /// What it says.
    pub text: String,
    /// Where the carrier fetches the pictures that go with it; with one it is an MMS.
    pub media: Vec<String>,
    /// Where the carrier says how far it has come, if anywhere.
    pub receipt_url: Option<String>,
}

/// A text that the carrier has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentSms {
    /// What the carrier calls it.
    pub carrier_id: String,
    /// How far it is.
    pub status: Option<MessageStatus>,
}

/// Why a text was not taken, or may not have been.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// It was not taken. It may be tried again when the reason is one that passes.
    #[error(transparent)]
    NotSent(ProviderError),
    /// The carrier did not say whether it has taken it. It must not be tried again before its list says that it has not.
    #[error(transparent)]
    InDoubt(ProviderError),
    /// The carrier knows that the number has opted out.
    #[error("the number has opted out at the carrier")]
    Stopped,
}

/// Sends texts.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::ports::sms::{OutgoingSms, SentSms, SmsError, SmsSender};
///
/// /// Accepts every text and drops it.
/// struct Void;
/// #[async_trait]
/// impl SmsSender for Void {
///     async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError> {
///         Ok(SentSms { carrier_id: sms.id.to_string(), status: None })
///     }
/// }
/// ```
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Hands the text to the carrier. `Ok` means accepted, not delivered; how far it comes arrives by receipts.
    async fn send(&self, sms: &OutgoingSms) -> Result<SentSms, SmsError>;
}

/// A text of ours in the list that the carrier has. No `Debug`: it says what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedSms {
    /// What the carrier calls it.
    pub carrier_id: String,
    /// What it says.
    pub text: Option<String>,
    /// How far it is.
    pub status: Option<MessageStatus>,
    /// When the carrier took it, by its clock.
    pub at: DateTime<Utc>,
}

/// A text of a voter's in the list that the carrier has. No `Debug`: it says what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedSms {
    /// What the carrier calls it.
    pub carrier_id: String,
    /// The sender, as the carrier writes it.
    pub from: String,
    /// What it says.
    pub text: Option<String>,
    /// When it came in, by the carrier's clock.
    pub at: DateTime<Utc>,
}

/// The list that a carrier has of the texts that came and went. It may lag some seconds behind.
///
/// ```
/// use async_trait::async_trait;
/// use chrono::{DateTime, Utc};
/// use turnout_core::{
///     error::ProviderError,
///     person::Phone,
///     ports::sms::{ListedSms, ReceivedSms, SmsLog},
/// };
///
/// /// A carrier that writes down every text, with the number of the other side.
/// #[derive(Default)]
/// struct Ledger {
///     sent: Vec<(Phone, ListedSms)>,
///     received: Vec<(Phone, ReceivedSms)>,
/// }
///
/// #[async_trait]
/// impl SmsLog for Ledger {
///     async fn sent_to(&self, to: &Phone, since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError> {
///         let texts = self.sent.iter().filter(|(number, text)| number == to && text.at >= since);
///         Ok(texts.map(|(_, text)| text.clone()).collect())
///     }
///
///     async fn received_by(&self, number: &Phone, since: DateTime<Utc>) -> Result<Vec<ReceivedSms>, ProviderError> {
///         let texts = self.received.iter().filter(|(ours, text)| ours == number && text.at >= since);
///         Ok(texts.map(|(_, text)| text.clone()).collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (ours, voter) = (Phone::parse("617-555-0100"), Phone::parse("617-555-0143"));
/// let (ours, voter) = (ours.expect("a number"), voter.expect("a number"));
/// let noon: DateTime<Utc> = "2026-11-03T12:00:00Z".parse()?;
/// let said = ListedSms { carrier_id: "P1".into(), text: Some("Vote today.".into()), status: None, at: noon };
/// let answer = ReceivedSms {
///     carrier_id: "P2".into(),
///     from: voter.e164().into(),
///     text: Some("STOP".into()),
///     at: noon,
/// };
/// let ledger = Ledger { sent: vec![(voter.clone(), said)], received: vec![(ours.clone(), answer)] };
/// assert_eq!(ledger.sent_to(&voter, noon).await?.len(), 1);
/// assert_eq!(ledger.received_by(&ours, noon).await?[0].from, "+16175550143");
/// assert!(ledger.sent_to(&ours, noon).await?.is_empty());
/// let later = noon + chrono::TimeDelta::seconds(1);
/// assert!(ledger.sent_to(&voter, later).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait SmsLog: Send + Sync {
    /// The texts that were handed over for a number since that moment: all of them, in any order. Answers that the carrier
    /// gave by itself, or for us to a text that came in, are not among them.
    async fn sent_to(&self, to: &Phone, since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError>;

    /// The texts that came in for a number of ours since that moment: all of them, in any order.
    async fn received_by(
        &self,
        number: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<ReceivedSms>, ProviderError>;
}

#[async_trait]
impl SmsLog for Disabled {
    async fn sent_to(&self, _to: &Phone, _since: DateTime<Utc>) -> Result<Vec<ListedSms>, ProviderError> {
        Err(ProviderError::new("sms log", ProviderErrorKind::Disabled))
    }

    async fn received_by(
        &self,
        _number: &Phone,
        _since: DateTime<Utc>,
    ) -> Result<Vec<ReceivedSms>, ProviderError> {
        Err(ProviderError::new("sms log", ProviderErrorKind::Disabled))
    }
}

#[async_trait]
impl SmsSender for Disabled {
    async fn send(&self, _sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        Err(SmsError::NotSent(ProviderError::new("sms", ProviderErrorKind::Disabled)))
    }
}
