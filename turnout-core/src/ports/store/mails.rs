//! What was decided about mails that did not go at once.

use async_trait::async_trait;

use super::{AbsentRoom, StoreError};
use crate::mail::HeldMail;

/// What this room is called.
const ROOM: &str = "mails";

/// Reads what was decided.
#[async_trait]
pub trait ReadMails: Send {
    /// What held or refused the mail with this `Message-ID`, without angle brackets.
    async fn held(&mut self, message_id: &str) -> Result<Option<HeldMail>, StoreError>;
}

/// Notes what was decided.
#[async_trait]
pub trait Mails: ReadMails {
    /// Notes it; of a mail that was held before, the newer decision replaces the older.
    async fn note_held(&mut self, mail: &HeldMail) -> Result<(), StoreError>;
}

#[async_trait]
impl ReadMails for AbsentRoom {
    async fn held(&mut self, _message_id: &str) -> Result<Option<HeldMail>, StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}

#[async_trait]
impl Mails for AbsentRoom {
    async fn note_held(&mut self, _mail: &HeldMail) -> Result<(), StoreError> {
        Err(StoreError::Absent(ROOM))
    }
}
