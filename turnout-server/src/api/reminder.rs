//! `/v1/reminder/…` (`http-api.md` 6).

use http::StatusCode;
use serde_json::json;
use turnout_core::reminder::{self, SubmitError};

use crate::http::{ApiError, Request, Response, response};

/// `POST /v1/reminder/signup/`
///
/// # Errors
/// See [`SubmitError`].
pub async fn signup(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let slug = request.query("subscriber");
    let signed_up = reminder::submit(request.app(), &input, slug.as_deref()).await?;
    Ok(response::json(StatusCode::OK, &json!({ "action_id": signed_up.action })))
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Problems(problems) => problems.into(),
            SubmitError::Store(error) => error.into(),
        }
    }
}
