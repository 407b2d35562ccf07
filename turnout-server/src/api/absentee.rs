//! `/v1/absentee/…` (`http-api.md` 4).

use http::StatusCode;
use serde::Serialize;
use turnout_core::{
    absentee::{self, SubmissionType, Submitted, past, state_form::Section},
    address::State,
    ids::{ActionId, BallotRequestId, RegionId},
};

use super::submission::{NamedRegion, options, scope};
use crate::http::{ApiError, Request, Response, response};

/// The answer of a submission (4.1).
#[derive(Serialize)]
struct Answer {
    uuid: BallotRequestId,
    action_id: Option<ActionId>,
    region: Option<RegionId>,
    esign_method: Option<SubmissionType>,
    allow_print_and_forward: Option<bool>,
    ovbm_link: Option<String>,
    request_mailing_deliverable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<NamedRegion>>,
}

impl From<Submitted> for Answer {
    fn from(submitted: Submitted) -> Self {
        Self {
            uuid: submitted.request.id,
            action_id: submitted.request.action,
            region: submitted.request.region,
            esign_method: submitted.request.esign_method,
            allow_print_and_forward: submitted.allow_print_and_forward,
            ovbm_link: submitted.ballot_link,
            request_mailing_deliverable: submitted.request.request_mailing_deliverable,
            regions: submitted.regions.map(|regions| regions.into_iter().map(NamedRegion::from).collect()),
        }
    }
}

/// `POST /v1/absentee/request/`
///
/// # Errors
/// See [`SubmitError`](turnout_core::action::SubmitError).
pub async fn request(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let submitted = absentee::submit(request.app(), &input, &options(&request)).await?;
    Ok(response::json(StatusCode::OK, &Answer::from(submitted)))
}

/// `PUT | PATCH /v1/absentee/request/{uuid}/`
///
/// # Errors
/// See [`SubmitError`](turnout_core::action::SubmitError).
pub async fn update(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let id = BallotRequestId::parse(request.segment("uuid")).ok_or_else(ApiError::not_found)?;
    let submitted = absentee::update(request.app(), id, &input, &options(&request), scope(&request)).await?;
    Ok(response::json(StatusCode::OK, &Answer::from(submitted)))
}

/// What a state asks for its form (4.3).
#[derive(Serialize)]
struct StateAnswer<'a> {
    signature_statement: Option<&'a str>,
    form_fields: Option<&'a [Section]>,
}

/// `GET /v1/absentee/state/{code}/`: only states about which somebody wrote that down, without what is over.
///
/// # Errors
/// When the forms cannot be asked.
pub async fn state(request: Request) -> Result<Response, ApiError> {
    let state = State::parse(request.segment("code")).ok_or_else(ApiError::not_found)?;
    let form = request.app().forms.state_form(state).await?.ok_or_else(ApiError::not_found)?;
    let form = form.as_of(past::today_everywhere(request.app().now()));
    let body = StateAnswer {
        signature_statement: form.signature_statement.as_deref(),
        form_fields: form.sections.as_deref(),
    };
    Ok(response::json(StatusCode::OK, &body))
}
