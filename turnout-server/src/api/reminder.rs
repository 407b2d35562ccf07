//! `/v1/reminder/…` (`http-api.md` 6).

use http::StatusCode;
use turnout_core::{
    ids::ActionId,
    reminder::{self, SubmitError},
};

use super::submission::of_subscriber;
use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Operation, shape},
};

shape! {
    /// What was stored.
    struct Answer: "ActionResult" {
        /// What events of it are tracked under.
        action_id: Option<ActionId>,
    }
}

/// Describes [`signup`].
#[must_use]
pub fn signup_operation() -> Operation {
    of_subscriber(Operation::new("createReminder", "Sign up for reminders of elections"))
        .reads("ReminderCreate", reminder::fields())
        .answers::<Answer>(StatusCode::OK, "Stored")
}

/// `POST /v1/reminder/signup/`
///
/// # Errors
/// See [`SubmitError`].
pub async fn signup(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let slug = request.query("subscriber");
    let signed_up = reminder::submit(request.app(), &input, slug.as_deref()).await?;
    Ok(response::json(StatusCode::OK, &Answer { action_id: signed_up.action }))
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Problems(problems) => problems.into(),
            SubmitError::Store(error) => error.into(),
        }
    }
}
