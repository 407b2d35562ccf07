//! Every URL of the site, one table.
//!
//! Whom a page is for stands in its line. A test goes through this table by every role, and fails for a line that it does
//! not know.

use http::Method;
use turnout_core::account::permissions::Reach;

use super::{gate::gate, home, old_admin};
use crate::http::Route;

/// The table.
#[must_use]
pub fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    let routes = vec![
        Route::page("/manage/").on(GET, gate(Reach::Staff, home::start)),
        Route::page("/manage/admin/login/").on(GET, old_admin::login),
        Route::page("/manage/admin/logout/").on(GET, old_admin::logout),
    ];
    routes.into_iter().map(Route::of_an_account).collect()
}
