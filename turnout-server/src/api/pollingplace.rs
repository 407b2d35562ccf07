//! `/v1/pollingplace/…` (`http-api.md` 7).

use http::StatusCode;
use serde_json::json;
use turnout_core::polling_place::{self, ReportError};

use super::official::RegionAnswer;
use crate::http::{ApiError, Request, Response, response};

/// `POST /v1/pollingplace/report/`
///
/// # Errors
/// See [`ReportError`].
pub async fn report(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let slug = request.query("subscriber");
    let reported = polling_place::report(request.app(), &input, slug.as_deref()).await?;
    let mut body = json!({ "action_id": reported.lookup.action, "state_id": reported.state });
    if let Some((region, offices)) = reported.region {
        body["region"] = json!(RegionAnswer::new(region, offices));
    }
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
