//! Letters.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::Disabled;
use crate::{
    address::Address,
    error::{ProviderError, ProviderErrorKind},
    ids::{ActionId, LetterId},
};

/// Who a letter is for or from, and where they get mail. No `Debug`: it may be a voter.
#[derive(Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name on the envelope.
    pub name: String,
    /// Where mail arrives.
    pub address: Address,
}

/// How the pages go onto sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// A page on each sheet.
    One,
    /// Two pages on each sheet.
    Both,
}

/// A letter, ready to be printed: in black, with the address on top of the first page, which can be torn off and put into
/// the return envelope that goes along (`flows.md` 15.2). No `Debug`: it is a voter's.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingLetter {
    /// Stays the same however often it is tried: a mail house that knows it prints no second one.
    pub id: LetterId,
    /// What the mail house is asked by for the letters that it has.
    pub action: ActionId,
    /// For whom.
    pub to: Correspondent,
    /// From whom, and where it goes when it cannot be delivered.
    pub from: Correspondent,
    /// The pages.
    pub pdf: Bytes,
    /// How they go onto sheets.
    pub sides: Sides,
}

/// A letter that a mail house has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenLetter {
    /// By which the mail house reports what becomes of it.
    pub id: String,
    /// When it was taken.
    pub at: DateTime<Utc>,
}

/// Has letters printed and mailed.
///
/// ```
/// use async_trait::async_trait;
/// use turnout_core::{
///     error::ProviderError,
///     ids::ActionId,
///     ports::letters::{LetterSender, OutgoingLetter, TakenLetter},
/// };
///
/// /// Takes every letter and drops it.
/// struct Void;
/// #[async_trait]
/// impl LetterSender for Void {
///     async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
///         Ok(TakenLetter { id: letter.id.to_string(), at: chrono::DateTime::UNIX_EPOCH })
///     }
///     async fn of_action(&self, _: ActionId) -> Result<Vec<TakenLetter>, ProviderError> { Ok(Vec::new()) }
///     async fn call_off(&self, _: &str) -> Result<(), ProviderError> { Ok(()) }
/// }
/// ```
#[async_trait]
pub trait LetterSender: Send + Sync {
    /// Hands the letter over. `Ok` means taken, not delivered; what becomes of it is reported by webhook. The same letter
    /// handed over again soon is the same answer, and is printed once; how soon is the mail house's to say, so who tries
    /// again asks [`of_action`](Self::of_action) first.
    async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError>;

    /// The letters of an action that the mail house has, the first one first; not those that were called off.
    async fn of_action(&self, action: ActionId) -> Result<Vec<TakenLetter>, ProviderError>;

    /// Calls a letter off. `Rejected` when it is too late for that or there is no such letter.
    async fn call_off(&self, id: &str) -> Result<(), ProviderError>;
}

fn disabled() -> ProviderError {
    ProviderError::new("letters", ProviderErrorKind::Disabled)
}

#[async_trait]
impl LetterSender for Disabled {
    async fn send(&self, _letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
        Err(disabled())
    }

    async fn of_action(&self, _action: ActionId) -> Result<Vec<TakenLetter>, ProviderError> {
        Err(disabled())
    }

    async fn call_off(&self, _id: &str) -> Result<(), ProviderError> {
        Err(disabled())
    }
}
