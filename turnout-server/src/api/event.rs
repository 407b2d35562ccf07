//! `/v1/event/…` (`http-api.md` 8).

use http::StatusCode;
use serde_json::json;
use turnout_core::action::{self, TrackError};

use crate::http::{ApiError, Request, Response, response};

/// `POST /v1/event/track/`
///
/// # Errors
/// See [`TrackError`].
pub async fn track(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let tracked = action::track(request.app(), &input, request.query("tool").as_deref()).await?;
    let body = json!({ "event_type": tracked.event_type.wire(), "action": tracked.action });
    Ok(response::json(StatusCode::CREATED, &body))
}

impl From<TrackError> for ApiError {
    fn from(error: TrackError) -> Self {
        match error {
            TrackError::Problems(problems) => problems.into(),
            TrackError::Store(error) => error.into(),
        }
    }
}
