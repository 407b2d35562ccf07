//! `/-/…`: whether we live, and whether we are well (`http-api.md` 18).

use crate::{
    http::{ApiError, Request, Response, response},
    measures,
    observe::pulse::Pulse,
    openapi::{Operation, shape},
};
use http::StatusCode;

shape! {
    /// Whether all is well.
    struct Health: "Health" {
        /// Whether we serve.
        healthy: bool,
    }
    maybe {
        /// Why we do not.
        errors: Option<Vec<String>>,
        /// What makes us slower, though we serve.
        degraded: Option<Vec<String>>,
    }
}

/// Describes [`alive`].
#[must_use]
pub fn alive_operation() -> Operation {
    Operation::new("getAlive", "Whether the process lives")
        .without_store()
        .answers_text(StatusCode::OK, "`ok`")
}

/// Describes [`health`].
#[must_use]
pub fn health_operation() -> Operation {
    Operation::new("getHealth", "Whether the service is well")
        .without_store()
        .answers::<Health>(StatusCode::OK, "It serves")
        .answers::<Health>(StatusCode::SERVICE_UNAVAILABLE, "It does not")
}

/// `GET /-/alive/`
///
/// # Errors
/// Never.
pub async fn alive(_: Request) -> Result<Response, ApiError> {
    Ok(response::text(StatusCode::OK, "ok"))
}

/// `GET /-/health/`. What makes us slower, but does not keep us from serving, is said beside it. A process that was asked to
/// stop says so, and balancers send the next requests elsewhere.
///
/// # Errors
/// Never: what is wrong is the answer.
pub async fn health(request: Request) -> Result<Response, ApiError> {
    let app = request.app();
    let mut errors = app.store.complaints().await;
    if request.is_leaving() {
        errors.push("this process is stopping".to_owned());
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut degraded = app.cache.complaints().await;
    degraded.extend(app.throttle.complaints().await);
    degraded.sort_unstable();
    degraded.dedup();
    let some = |texts: Vec<String>| (!texts.is_empty()).then_some(texts);
    let body = Health { healthy: errors.is_empty(), errors: some(errors), degraded: some(degraded) };
    Ok(response::json(status, &body))
}

/// `GET /-/alive/` of a process whose work is a loop: 503 when that stands still.
///
/// # Errors
/// Never.
pub async fn alive_while(pulse: Pulse, _: Request) -> Result<Response, ApiError> {
    if pulse.is_well() {
        return Ok(response::text(StatusCode::OK, "ok"));
    }
    Ok(response::text(StatusCode::SERVICE_UNAVAILABLE, "its loop stands still"))
}

/// `GET /-/metrics/`: the text format of Prometheus.
///
/// # Errors
/// Never.
pub async fn metrics(_: Request) -> Result<Response, ApiError> {
    Ok(response::bytes(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", measures::text()))
}
