//! The management site: what subscribers and staff see (`flows.md` 20).
//!
//! Rendered here, in English, without a script. `gate.rs` is the way in, `frame.rs` what surrounds a page, `blocks.rs` what
//! it is made of, `menu.rs` the menu, `routes.rs` every URL. The other files are pages, named as in the URL. Who may see
//! what, and every rule, is in `turnout-core`.

mod absentee_dashboard;
mod absentee_overrides;
mod account;
mod blocks;
mod election;
mod embed;
mod form;
mod frame;
mod gate;
mod history;
mod home;
mod keys;
mod menu;
mod old_admin;
mod operations;
mod overview;
mod paging;
mod people;
mod records;
mod reports;
pub mod routes;
mod settings;
mod subscribers;
mod subscription;
mod team;
mod voter;
mod voters;
mod webhooks;

use crate::http::{ApiError, Response};

/// What a handler gives back.
type Answer = Result<Response, ApiError>;
