//! E-mail.

use async_trait::async_trait;
use bytes::Bytes;

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

/// A file that goes with a mail. No `Debug`: it is a voter's.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The name under which it is kept.
    pub name: String,
    /// What it is: `application/pdf`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Bytes,
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
    /// Who gets a copy.
    pub cc: Vec<Mailbox>,
    /// Where answers go, if not to the sender.
    pub reply_to: Vec<Mailbox>,
    /// The subject.
    pub subject: String,
    /// The HTML part, a whole document.
    pub html: String,
    /// The plain-text part.
    pub text: String,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
    /// The language of the texts, a BCP 47 tag.
    pub language: String,
    /// What kind of mail it is, for statistics: `register.print`.
    pub tag: &'static str,
    /// Where whoever reads it asks for no more such mail: a page that does it at once when it is posted to (RFC 8058).
    pub unsubscribe_url: Option<String>,
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
