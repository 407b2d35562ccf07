//! `GET /manage/`: the way to the pages of the subscriber that somebody works for.

use super::{
    Answer,
    blocks::{Block, Notice},
    gate::{Desk, to},
};
use crate::http::Request;

/// Leads on to the home page of the subscriber that the person works for; else says that there is none.
///
/// # Errors
/// Never.
pub(super) async fn start(_request: Request, desk: Desk) -> Answer {
    if desk.is_at_work {
        return Ok(to(&desk.link("")));
    }
    let none = "No organization is open to you at the moment. Whoever invited you can tell you why.";
    Ok(desk.page("Your start page").push(Block::Notice(Notice::plain(none))).answer())
}
