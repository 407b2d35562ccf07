//! `/v1/verification/…` (`http-api.md` 5).

use http::StatusCode;
use serde_json::json;
use turnout_core::verifier::{self, VerifyError};

use crate::http::{ApiError, Request, Response, response};

/// `POST /v1/verification/verify/`
///
/// # Errors
/// See [`VerifyError`].
pub async fn verify(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let slug = request.query("subscriber");
    let lookup = verifier::verify(request.app(), &input, slug.as_deref()).await?;
    let registered = lookup.registered == Some(true);
    count(registered, lookup.voter.address.state.map_or("", |state| state.code()));
    let body = json!({ "registered": registered, "action_id": lookup.action });
    Ok(response::json(StatusCode::OK, &body))
}

fn count(registered: bool, state: &'static str) {
    let name =
        if registered { "turnout_verifier_registered_total" } else { "turnout_verifier_unregistered_total" };
    metrics::counter!(name, "state" => state).increment(1);
}

impl From<VerifyError> for ApiError {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Problems(problems) => problems.into(),
            VerifyError::Roll(error) => Self::unavailable("Error from data providers", error),
            VerifyError::Store(error) => error.into(),
        }
    }
}
