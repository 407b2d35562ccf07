//! The management site: what subscribers and staff see (`flows.md` 20).
//!
//! Rendered here, in English, without a script. `gate.rs` is the way in, `frame.rs` what surrounds a page, `blocks.rs` what
//! it is made of, `menu.rs` the menu, `routes.rs` every URL. The other files are pages, named as in the URL. Who may see
//! what, and every rule, is in `turnout-core`.

mod blocks;
mod form;
mod frame;
mod gate;
mod home;
mod menu;
mod old_admin;
pub mod routes;

use crate::http::{ApiError, Response};

/// What a handler gives back.
type Answer = Result<Response, ApiError>;
