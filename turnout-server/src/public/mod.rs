//! Pages for voters: choose a state, fill in the form, get the result; new links, going on, election reminders, and the outbox.
//!
//! Rendered here, without JavaScript, from askama templates (`templates/public/`) and Fluent sentences
//! (`locales/`). A handler reads a [`Visit`] from its request and gives a whole page; which URL leads to which is said
//! in `routes.rs`, what a registration is in `turnout-core`.

pub mod assets;
mod carried;
pub mod confirm;
pub mod description;
pub mod download;
mod embedded;
mod facts;
pub mod failure;
mod form;
mod frame;
pub mod home;
pub mod outbox;
pub mod preview;
pub mod register;
pub mod reminders;
pub mod resume;
mod speech;
pub mod subscribe;
pub mod unsubscribe;
mod visit;

use bytes::Bytes;

#[cfg(feature = "manage")]
pub(crate) use frame::{Keep, page, see_other};
pub use speech::Speech;
pub use visit::Visit;

use crate::http::{ApiError, Response};

/// A whole page: each fits into memory.
type Answer = http::Response<Bytes>;

/// What a handler gives back.
type Result = std::result::Result<Response, ApiError>;

/// A page as the answer of a handler.
fn answered(answer: Answer) -> Result {
    Ok(answer.map(Into::into))
}
