//! `GET /manage/`: the way to the pages of the subscriber that somebody works for.

use super::{
    Answer,
    gate::{Desk, to},
};
use crate::http::Request;

/// Leads on to the home page of the subscriber that the person works for, else to where one is chosen.
///
/// # Errors
/// Never.
pub(super) async fn start(_request: Request, desk: Desk) -> Answer {
    if desk.is_at_work { Ok(to(&desk.link(""))) } else { Ok(to("/manage/profile/change_subscriber/")) }
}
