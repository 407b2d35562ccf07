//! Text messages.

use async_trait::async_trait;

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
    /// Who gets it.
    pub to: Phone,
    /// What it says.
    pub text: String,
    /// Pictures that go with it, by their addresses.
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
    /// The carrier did not say whether it has taken it. It must not be tried again.
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

#[async_trait]
impl SmsSender for Disabled {
    async fn send(&self, _sms: &OutgoingSms) -> Result<SentSms, SmsError> {
        Err(SmsError::NotSent(ProviderError::new("sms", ProviderErrorKind::Disabled)))
    }
}
