//! E-mail.

use async_trait::async_trait;

use super::Disabled;
use crate::error::{ProviderError, ProviderErrorKind};

/// Somebody's name and e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, if there is one.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

/// A mail, ready to go. No `Debug`: it is addressed to a voter.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    /// Stays the same however often the mail is tried: `<unique>@<domain>`, without angle brackets.
    pub message_id: String,
    /// From whom.
    pub from: Mailbox,
    /// To whom.
    pub to: Mailbox,
    /// Where answers go, if not to the sender.
    pub reply_to: Vec<Mailbox>,
    /// The subject.
    pub subject: String,
    /// The HTML part, a whole document.
    pub html: String,
    /// The plain-text part.
    pub text: String,
    /// The language of the texts, a BCP 47 tag.
    pub language: String,
    /// What kind of mail it is, for statistics: `register.print`.
    pub tag: &'static str,
}

/// Sends mail.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{error::ProviderError, ports::email::{Email, EmailSender}};
///
/// /// Accepts every mail and drops it.
/// struct Void;
/// #[async_trait]
/// impl EmailSender for Void {
///     async fn send(&self, _: &Email) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait EmailSender: Send + Sync {
    /// Hands the mail over. `Ok` means accepted, not delivered.
    async fn send(&self, email: &Email) -> Result<(), ProviderError>;
}

#[async_trait]
impl EmailSender for Disabled {
    async fn send(&self, _email: &Email) -> Result<(), ProviderError> {
        Err(ProviderError::new("email", ProviderErrorKind::Disabled))
    }
}
