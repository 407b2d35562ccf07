//! Pages for voters: choose a state, fill in the form, get the result; new links, going on, and the outbox.
//!
//! Rendered here, without JavaScript, from askama templates (`templates/public/`) and Fluent sentences
//! (`locales/`). Each handler takes what it needs of a request as a [`Visit`] and gives a whole answer; which URL
//! leads to which is said in `routes.rs`, what a registration is in `turnout-core`.

pub mod assets;
pub mod download;
mod facts;
pub mod failure;
mod form;
mod frame;
pub mod home;
pub mod outbox;
pub mod register;
pub mod resume;
mod speech;
mod visit;

use bytes::Bytes;

pub use speech::Speech;
pub use visit::Visit;

/// A whole answer: every page fits into memory.
pub type Answer = http::Response<Bytes>;
