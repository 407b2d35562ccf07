//! `/v1/pollingplace/…` (`http-api.md` 7).

use http::StatusCode;
use turnout_core::{
    ids::ActionId,
    polling_place::{self, ReportError},
};

use super::{official::RegionAnswer, submission::of_subscriber};
use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Operation, shape},
};

shape! {
    /// What was stored.
    struct Answer: "PollingPlaceResult" {
        /// What events of it are tracked under.
        action_id: Option<ActionId>,
        /// The state as the locator wrote it.
        state_id: Option<String>,
    }
    maybe {
        /// The region of the address, where that is told.
        region: Option<RegionAnswer>,
    }
}

/// Describes [`report`].
#[must_use]
pub fn report_operation() -> Operation {
    of_subscriber(Operation::new("reportPollingPlace", "Report what a locator of polling places answered"))
        .says("`civic_result` is taken and not kept.")
        .reads("PollingPlaceReport", polling_place::fields())
        .answers::<Answer>(StatusCode::OK, "Stored")
}

/// `POST /v1/pollingplace/report/`
///
/// # Errors
/// See [`ReportError`].
pub async fn report(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let slug = request.query("subscriber");
    let reported = polling_place::report(request.app(), &input, slug.as_deref()).await?;
    let body = Answer {
        action_id: reported.lookup.action,
        state_id: reported.state,
        region: reported.region.map(|(region, offices)| RegionAnswer::new(region, offices)),
    };
    Ok(response::json(StatusCode::OK, &body))
}

impl From<ReportError> for ApiError {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Problems(problems) => problems.into(),
            ReportError::Store(error) => error.into(),
        }
    }
}
