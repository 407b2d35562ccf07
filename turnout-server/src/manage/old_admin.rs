//! `GET /manage/admin/login/` and `/manage/admin/logout/`: where the old record admin had doors of its own.

use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};

use super::{Answer, gate::LOGIN};
use crate::http::{Request, Response, response};

/// 302 to where one signs in, with the query.
///
/// # Errors
/// Never.
pub(super) async fn login(request: Request) -> Answer {
    Ok(moved(LOGIN, &request))
}

/// 302 to where one signs out, with the query.
///
/// # Errors
/// Never.
pub(super) async fn logout(request: Request) -> Answer {
    Ok(moved("/manage/logout/", &request))
}

fn moved(path: &str, request: &Request) -> Response {
    let query = request.raw_query();
    let moved = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let mut answer = response::redirect(&moved);
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    debug_assert_eq!(answer.status(), StatusCode::FOUND, "it was 302 before");
    answer
}
