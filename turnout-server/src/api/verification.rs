//! `/v1/verification/…` (`http-api.md` 5).

use http::StatusCode;
use turnout_core::{
    ids::ActionId,
    verifier::{self, VerifyError},
};

use super::submission::of_subscriber;
use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Failure, Operation, shape},
};

shape! {
    /// What the voter roll says.
    struct Answer: "LookupResult" {
        /// Whether it has exactly one such voter, whose registration is active.
        registered: bool,
        /// What events of the question are tracked under.
        action_id: Option<ActionId>,
    }
}

/// Describes [`verify`].
#[must_use]
pub fn verify_operation() -> Operation {
    of_subscriber(Operation::new("verify", "Whether a voter is registered"))
        .reads("LookupCreate", verifier::fields())
        .answers::<Answer>(StatusCode::OK, "The roll answered")
        .answers::<Failure>(StatusCode::SERVICE_UNAVAILABLE, "The roll gave no answer; nothing was stored")
        .leads_to_body("trackEvent", super::event::of_answer())
}

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
    Ok(response::json(StatusCode::OK, &Answer { registered, action_id: lookup.action }))
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
