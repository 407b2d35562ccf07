//! The JSON API: one file per family of URLs, named as in the URL.
//!
//! A handler reads the request, calls a use-case of `turnout-core` and writes the answer. Rules are in the core,
//! the shapes of refusals in `http::error`, the table of URLs in `routes.rs`.

pub mod absentee;
pub mod apikey;
pub mod election;
pub mod event;
pub mod fax;
pub mod health;
pub mod integration;
pub mod official;
pub mod openapi;
pub mod pollingplace;
pub mod registration;
pub mod reminder;
pub mod smsbot;
pub mod storage;
mod submission;
pub mod subscriber;
pub mod verification;
