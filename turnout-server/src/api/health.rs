//! `/-/…`: whether we live, and whether we are well (`http-api.md` 18).

use http::StatusCode;
use serde_json::json;

use crate::{
    http::{ApiError, Request, Response, response},
    measures,
};

/// `GET /-/alive/`
///
/// # Errors
/// Never.
pub async fn alive(_: Request) -> Result<Response, ApiError> {
    Ok(response::text(StatusCode::OK, "ok"))
}

/// `GET /-/health/`. What makes us slower, but does not keep us from serving, is said beside it.
///
/// # Errors
/// Never: what is wrong is the answer.
pub async fn health(request: Request) -> Result<Response, ApiError> {
    let app = request.app();
    let errors = app.store.complaints().await;
    let mut body = json!({ "healthy": errors.is_empty() });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    if !errors.is_empty() {
        body["errors"] = json!(errors);
    }
    let mut degraded = app.cache.complaints().await;
    degraded.extend(app.throttle.complaints().await);
    degraded.sort_unstable();
    degraded.dedup();
    if !degraded.is_empty() {
        body["degraded"] = json!(degraded);
    }
    Ok(response::json(status, &body))
}

/// `GET /-/metrics/`: the text format of Prometheus.
///
/// # Errors
/// Never.
pub async fn metrics(_: Request) -> Result<Response, ApiError> {
    let measured = measures::handle();
    measured.run_upkeep();
    Ok(response::bytes(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", measured.render()))
}
