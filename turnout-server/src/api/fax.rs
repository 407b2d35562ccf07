//! `/v1/fax/…` (`http-api.md` 16).

use http::StatusCode;
use serde_json::json;
use turnout_core::fax::{self, CallbackError, Heard};

use crate::http::{ApiError, Request, Response, response};

/// `POST /v1/fax/gateway_callback/`
///
/// # Errors
/// See [`CallbackError`].
pub async fn gateway_callback(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let body = match fax::hear(request.app(), &input, request.query("token").as_deref()).await? {
        Heard::Noted => json!({ "ok": true }),
        Heard::Outdated => json!({ "warning": "Outdated timestamp; ignoring" }),
    };
    Ok(response::json(StatusCode::OK, &body))
}

impl From<CallbackError> for ApiError {
    fn from(error: CallbackError) -> Self {
        let refusal = |status, text| Self::new(status, json!({ "error": text }));
        match error {
            CallbackError::Problems(problems) => problems.into(),
            CallbackError::NoSuchFax => refusal(StatusCode::NOT_FOUND, "No such fax"),
            CallbackError::NoToken => refusal(StatusCode::BAD_REQUEST, "Missing token"),
            CallbackError::WrongToken => refusal(StatusCode::FORBIDDEN, "Token is incorrect"),
            CallbackError::Store(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
