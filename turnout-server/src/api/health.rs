//! `/-/…`: whether we live, and whether we are well (`http-api.md` 18).

use http::StatusCode;
use serde_json::json;

use crate::http::{ApiError, Request, Response, response};

/// `GET /-/alive/`
///
/// # Errors
/// Never.
pub async fn alive(_: Request) -> Result<Response, ApiError> {
    Ok(response::text(StatusCode::OK, "ok"))
}

/// `GET /-/health/`
///
/// # Errors
/// Never: what is wrong is the answer.
pub async fn health(request: Request) -> Result<Response, ApiError> {
    let complaints = request.app().store.complaints().await;
    Ok(if complaints.is_empty() {
        response::json(StatusCode::OK, &json!({ "healthy": true }))
    } else {
        let body = json!({ "healthy": false, "errors": complaints });
        response::json(StatusCode::SERVICE_UNAVAILABLE, &body)
    })
}
