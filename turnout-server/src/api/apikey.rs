//! `/v1/apikey/…` (`http-api.md` 14).

use http::StatusCode;
use serde_json::json;

use crate::http::{ApiError, Request, Response, response};

/// `GET /v1/apikey/check/`
///
/// # Errors
/// When the store fails.
pub async fn check(request: Request) -> Result<Response, ApiError> {
    let slug = match request.partner().subscriber.default_slug {
        Some(id) => request.app().store.view().await?.subscribers().slug(id).await?,
        None => None,
    };
    let slug = slug.map(|slug| slug.slug);
    Ok(response::json(StatusCode::OK, &json!({ "ok": true, "subscriber": slug })))
}
