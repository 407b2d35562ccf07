//! `/v1/registration/…` (`http-api.md` 3).

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    ids::{ActionId, RegionId, RegistrationId},
    register::{
        self, ResumeError, Resumed, StatusError, Submitted,
        partner::{self, BeginError, Button},
    },
};

use super::submission::{NamedRegion, options, scope};
use crate::http::{ApiError, Request, Response, response};

/// The answer of a submission (3.1.1).
#[derive(Serialize)]
struct Answer {
    uuid: RegistrationId,
    action_id: Option<ActionId>,
    custom_ovr_link: Option<String>,
    allow_print_and_forward: Option<bool>,
    request_mailing_deliverable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<NamedRegion>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    matched_region: Option<Option<RegionId>>,
}

impl From<Submitted> for Answer {
    fn from(submitted: Submitted) -> Self {
        let matched_region = submitted.regions.is_some().then(|| submitted.matched_region());
        Self {
            uuid: submitted.registration.id,
            action_id: submitted.registration.action,
            custom_ovr_link: submitted.registration.custom_ovr_link,
            allow_print_and_forward: submitted.allow_print_and_forward,
            request_mailing_deliverable: submitted.registration.request_mailing_deliverable,
            regions: submitted.regions.map(|regions| regions.into_iter().map(NamedRegion::from).collect()),
            matched_region,
        }
    }
}

fn id(request: &Request) -> Result<RegistrationId, ApiError> {
    RegistrationId::parse(request.segment("uuid")).ok_or_else(ApiError::not_found)
}

/// `POST /v1/registration/register/`
///
/// # Errors
/// See [`SubmitError`](turnout_core::action::SubmitError).
pub async fn register(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let submitted = register::submit(request.app(), &input, &options(&request)).await?;
    Ok(response::json(StatusCode::OK, &Answer::from(submitted)))
}

/// `PUT | PATCH /v1/registration/register/{uuid}/`
///
/// # Errors
/// See [`SubmitError`](turnout_core::action::SubmitError).
pub async fn update(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let (id, scope) = (id(&request)?, scope(&request));
    let submitted = register::update(request.app(), id, &input, &options(&request), scope).await?;
    Ok(response::json(StatusCode::OK, &Answer::from(submitted)))
}

/// `PUT | PATCH /v1/registration/status/{uuid}/`
///
/// # Errors
/// See [`StatusError`].
pub async fn status(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let status = register::set_status(request.app(), id(&request)?, &input, scope(&request)).await?;
    Ok(response::json(StatusCode::OK, &json!({ "status": status.wire() })))
}

/// `GET /v1/registration/resume_token/`
///
/// # Errors
/// See [`ResumeError`].
pub async fn resume_token(request: Request) -> Result<Response, ApiError> {
    let (uuid, token) = (request.query("uuid"), request.query("token"));
    let Resumed { registration, allow_print_and_forward } =
        register::resume(request.app(), uuid.as_deref(), token.as_deref()).await?;
    let body = json!({
        "uuid": registration.id,
        "state": registration.address.state,
        "action_id": registration.action,
        "custom_ovr_link": registration.custom_ovr_link,
        "allow_print_and_forward": allow_print_and_forward,
    });
    Ok(response::json(StatusCode::OK, &body))
}

/// A way to go on, as a partner's program shows it (3.4).
#[derive(Serialize)]
struct ButtonAnswer {
    message_text: &'static str,
    primary: bool,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url_expiry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_tracking: Option<Value>,
}

impl From<Button> for ButtonAnswer {
    fn from(button: Button) -> Self {
        let event = |action| json!({ "action": action, "event_type": EventType::FinishExternal.wire() });
        Self {
            message_text: button.text,
            primary: button.primary,
            url: button.url,
            url_expiry: button.ends.map(|ends| ends.to_rfc3339()),
            event_tracking: button.tracked.map(event),
        }
    }
}

/// `POST /v1/registration/external/request/`
///
/// # Errors
/// See [`BeginError`].
pub async fn external_request(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let begun = partner::begin(request.app(), &request.partner().subscriber, &input).await?;
    let buttons: Vec<ButtonAnswer> = begun.buttons.into_iter().map(Into::into).collect();
    let body = json!({ "message_markdown": begun.message, "buttons": buttons });
    Ok(response::json(StatusCode::OK, &body))
}

impl From<StatusError> for ApiError {
    fn from(error: StatusError) -> Self {
        match error {
            StatusError::Problems(problems) => problems.into(),
            StatusError::NotFound => Self::not_found(),
            StatusError::Store(error) => error.into(),
        }
    }
}

impl From<BeginError> for ApiError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Problems(problems) => problems.into(),
            BeginError::Store(error) => error.into(),
        }
    }
}

impl From<ResumeError> for ApiError {
    fn from(error: ResumeError) -> Self {
        let refused = |text: &str| Self::new(StatusCode::BAD_REQUEST, json!({ "error": text }));
        match error {
            ResumeError::NothingGiven => refused("No token or uuid given"),
            ResumeError::InvalidToken => refused("Invalid token"),
            ResumeError::NotFound => Self::not_found(),
            ResumeError::Store(error) => error.into(),
        }
    }
}
