//! `/v1/fax/…` (`http-api.md` 16).

use http::StatusCode;
use serde_json::json;
use turnout_core::fax::{self, CallbackError, Heard};

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Failure, Operation, shape},
};

shape! {
    /// What became of the report.
    struct Answer: "FaxCallbackResult" {
    }
    maybe {
        /// Always true: it was noted.
        ok: Option<bool>,
        /// Why it was left aside.
        warning: Option<&'static str>,
    }
}

/// Describes [`gateway_callback`].
#[must_use]
pub fn gateway_callback_operation() -> Operation {
    Operation::new("faxCallback", "Take a report about a fax")
        .says("A report that is older than another one is left aside, which `warning` tells.")
        .query("token", "The token of the fax, which its gateway was told.")
        .reads("FaxCallback", fax::callback_fields())
        .answers::<Answer>(StatusCode::OK, "Noted, or left aside")
        .answers::<Failure>(StatusCode::BAD_REQUEST, "There is no token")
        .answers::<Failure>(StatusCode::FORBIDDEN, "It is another fax's token")
        .answers::<Failure>(StatusCode::NOT_FOUND, "There is no such fax")
}

/// `POST /v1/fax/gateway_callback/`
///
/// # Errors
/// See [`CallbackError`].
pub async fn gateway_callback(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let body = match fax::hear(request.app(), &input, request.query("token").as_deref()).await? {
        Heard::Noted => Answer { ok: Some(true), warning: None },
        Heard::Outdated => Answer { ok: None, warning: Some("Outdated timestamp; ignoring") },
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
