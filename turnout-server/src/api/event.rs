//! `/v1/event/…` (`http-api.md` 8).

use http::StatusCode;
use serde_json::{Value, json};
use turnout_core::{
    action::{self, EventType, TrackError},
    ids::ActionId,
};

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Operation, shape},
};

shape! {
    /// What was recorded.
    struct Answer: "Event" {
        /// What happened.
        event_type: EventType,
        /// The action it happened to.
        action: ActionId,
    }
}

/// Describes [`track`].
#[must_use]
pub fn track_operation() -> Operation {
    Operation::new("trackEvent", "Record what happened to an action")
        .query_like("tool", "The tool whose next steps follow.", &["verify", "register", "absentee"])
        .reads("EventInput", action::track_fields())
        .answers::<Answer>(StatusCode::CREATED, "Recorded")
}

/// The body of [`track`] that fits an answer with an `action_id`.
pub(super) fn of_answer() -> Value {
    json!({ "action": "$response.body#/action_id", "event_type": EventType::FinishExternal.wire() })
}

/// `POST /v1/event/track/`
///
/// # Errors
/// See [`TrackError`].
pub async fn track(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let tracked = action::track(request.app(), &input, request.query("tool").as_deref()).await?;
    let body = Answer { event_type: tracked.event_type, action: tracked.action };
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
