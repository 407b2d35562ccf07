//! `/v1/registration/…` (`http-api.md` 3).

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use turnout_core::{
    App,
    action::{EventType, Scope},
    address::State,
    ids::{ActionId, RegionId, RegistrationId},
    official::Region,
    register::{
        self, RegistrationDraft, ResumeError, Resumed, Status, StatusError, Submitted, ToolName,
        partner::{self, BeginError, Begun, Button},
    },
};

use super::submission::{self, NamedRegion, Undeliverable, of_subscriber, options, scope};
use crate::{
    http::{ApiError, Making, Request, Response, response},
    openapi::{Detail, Failure, Operation, Shape, Shapes, shape},
};

shape! {
    /// A registration as it stands.
    struct Answer: "RegistrationResult" {
        /// Its id.
        uuid: RegistrationId,
        /// What events of it are tracked under.
        action_id: Option<ActionId>,
        /// The state's online registration, with what the voter said so far; of Colorado and Washington alone.
        custom_ovr_link: Option<String>,
        /// Whether the state allows that we print the form and send it for signing.
        allow_print_and_forward: Option<bool>,
        /// Whether the address for the printed form takes mail, as last looked up.
        request_mailing_deliverable: Option<bool>,
    }
    maybe {
        /// Of a state that takes registrations from us: how far that is.
        state_api_status: Option<&'static str>,
        /// Of such a state: what it says against it.
        state_api_error: Option<Option<String>>,
        /// Of such a state: the regions to choose from, while none is chosen.
        state_api_regions: Option<Vec<NamedRegion>>,
        /// With `match_region=true`: the regions of the state, by name.
        regions: Option<Vec<NamedRegion>>,
        /// With `match_region=true`: the one of the address.
        matched_region: Option<Option<RegionId>>,
    }
}

impl From<Submitted> for Answer {
    fn from(submitted: Submitted) -> Self {
        let matched_region = submitted.regions.is_some().then(|| submitted.matched_region());
        let online = submitted.registration.online_status();
        let named = |regions: Vec<Region>| regions.into_iter().map(NamedRegion::from).collect();
        Self {
            uuid: submitted.registration.id,
            action_id: submitted.registration.action,
            custom_ovr_link: submitted.registration.custom_ovr_link,
            allow_print_and_forward: submitted.allow_print_and_forward,
            request_mailing_deliverable: submitted.registration.request_mailing_deliverable,
            state_api_status: online.as_ref().map(|it| it.status),
            state_api_error: online.map(|it| it.error),
            state_api_regions: submitted.state_api_regions.map(named),
            regions: submitted.regions.map(named),
            matched_region,
        }
    }
}

fn id(request: &Request) -> Result<RegistrationId, ApiError> {
    RegistrationId::parse(request.segment("uuid")).ok_or_else(ApiError::not_found)
}

/// Describes [`register()`].
#[must_use]
pub fn register_operation() -> Operation {
    of_subscriber(submission("createRegistration", "Start or complete a registration", Scope::Whole))
        .says(
            "`us_citizen`, `is_18_or_over` and `state_id_number` are required, too, unless `incomplete=true`. \
             `request_mailing_*` are refused on creation.",
        )
        .leads_to("updateRegistration", "uuid", "$response.body#/uuid")
        .leads_to("replaceRegistration", "uuid", "$response.body#/uuid")
        .leads_to("patchRegistrationStatus", "uuid", "$response.body#/uuid")
        .leads_to("resumeRegistration", "uuid", "$response.body#/uuid")
        .leads_to_body("trackEvent", super::event::of_answer())
}

/// Describes [`update`] by PUT.
#[must_use]
pub fn replace_operation() -> Operation {
    of_one(submission("replaceRegistration", "Update a registration, minimum fields required", Scope::Whole))
}

/// Describes [`update`] by PATCH.
#[must_use]
pub fn update_operation() -> Operation {
    of_one(submission("updateRegistration", "Update a registration", Scope::Part)).says(
        "With `incomplete=true` nothing is required. A call that completes needs `is_18_or_over` and `state_id_number` in \
         the body, `us_citizen` and the minimum fields in body or record.",
    )
}

fn submission(id: &'static str, summary: &'static str, scope: Scope) -> Operation {
    let name = match scope {
        Scope::Whole => "RegistrationCreate",
        Scope::Part => "RegistrationFields",
    };
    Operation::new(id, summary)
        .switch("incomplete", "The record is not complete yet: exactly `true`.")
        .switch("match_region", "The address is matched to a region: exactly `true`.")
        .reads(name, RegistrationDraft::fields(scope, true))
        .answers::<Answer>(StatusCode::OK, "Stored")
        .answers::<Undeliverable>(
            StatusCode::BAD_REQUEST,
            "The address for the printed form takes no mail; the rest was stored",
        )
}

fn of_one(operation: Operation) -> Operation {
    operation
        .uuid("uuid", "The id of the registration.")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such registration")
}

/// `POST /v1/registration/register/`
///
/// # Errors
/// See [`SubmitError`](turnout_core::action::SubmitError).
pub async fn register(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let submitted = register::submit(request.app(), &input, &options(&request)).await?;
    let answer = Answer::from(submitted);
    let mut kept = json!(Answer { custom_ovr_link: None, regions: None, ..answer.clone() });
    if answer.regions.is_some() {
        kept["regions"] = json!(true);
    }
    Ok(response::remembered(StatusCode::OK, &answer, kept))
}

/// The answer of [`register`] again: the link, which is made of what the voter said, and the list of regions, which is long,
/// are those of the record.
pub(crate) fn register_again(app: App, mut kept: Value) -> Making {
    Box::pin(async move {
        let id = kept["uuid"].as_str().and_then(RegistrationId::parse).ok_or_else(ApiError::not_found)?;
        let mut view = app.store.view().await?;
        let record = view.registrations().by_id(id).await?.ok_or_else(ApiError::not_found)?;
        if kept.get("regions").is_some() {
            let regions = register::regions(view.as_mut(), record.address.state).await?;
            kept["regions"] = json!(regions.into_iter().map(NamedRegion::from).collect::<Vec<_>>());
        }
        kept["custom_ovr_link"] = json!(record.custom_ovr_link);
        Ok(kept)
    })
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

shape! {
    /// How far a registration has come.
    struct StatusAnswer: "StatusResult" {
        /// The status.
        status: Status,
    }
}

/// Describes [`status`] by PUT.
#[must_use]
pub fn put_status_operation() -> Operation {
    of_status("putRegistrationStatus", "StatusUpdate", Scope::Whole)
}

/// Describes [`status`] by PATCH.
#[must_use]
pub fn patch_status_operation() -> Operation {
    of_status("patchRegistrationStatus", "StatusPatch", Scope::Part).says("Without a status nothing changes.")
}

fn of_status(id: &'static str, body: &'static str, scope: Scope) -> Operation {
    let operation = Operation::new(id, "Note that the voter went to the state's online registration")
        .reads(body, register::status_fields(scope))
        .only("status", &[Status::ReferOvr.wire()])
        .answers::<StatusAnswer>(StatusCode::OK, "Noted")
        .uuid("uuid", "The id of the registration.");
    operation.answers::<Detail>(StatusCode::NOT_FOUND, "There is no such registration that is incomplete")
}

/// `PUT | PATCH /v1/registration/status/{uuid}/`
///
/// # Errors
/// See [`StatusError`].
pub async fn status(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let status = register::set_status(request.app(), id(&request)?, &input, scope(&request)).await?;
    Ok(response::json(StatusCode::OK, &StatusAnswer { status }))
}

shape! {
    /// A registration to go on with.
    struct ResumeAnswer: "ResumeResult" {
        /// Its id.
        uuid: RegistrationId,
        /// The postal code of the state.
        state: Option<State>,
        /// What events of it are tracked under.
        action_id: Option<ActionId>,
        /// The state's online registration, with what the voter said so far; of Colorado and Washington alone.
        custom_ovr_link: Option<String>,
        /// Whether the state allows that we print the form and send it for signing.
        allow_print_and_forward: Option<bool>,
    }
}

/// Describes [`resume_token`].
#[must_use]
pub fn resume_token_operation() -> Operation {
    Operation::new("resumeRegistration", "Go on with a registration that was begun elsewhere")
        .query("uuid", "The id of the registration; it counts before `token`.")
        .query("token", "The token of a link that we handed out.")
        .answers::<ResumeAnswer>(StatusCode::OK, "Found")
        .answers::<Failure>(StatusCode::BAD_REQUEST, "Neither id nor token, or the token is not valid")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such registration")
}

/// `GET /v1/registration/resume_token/`
///
/// # Errors
/// See [`ResumeError`].
pub async fn resume_token(request: Request) -> Result<Response, ApiError> {
    let (uuid, token) = (request.query("uuid"), request.query("token"));
    let Resumed { registration, allow_print_and_forward } =
        register::resume(request.app(), uuid.as_deref(), token.as_deref()).await?;
    let body = ResumeAnswer {
        uuid: registration.id,
        state: registration.address.state,
        action_id: registration.action,
        custom_ovr_link: registration.custom_ovr_link,
        allow_print_and_forward,
    };
    Ok(response::json(StatusCode::OK, &body))
}

/// Describes [`confirm_print_and_forward`].
#[must_use]
pub fn confirm_operation() -> Operation {
    submission::confirm_operation("confirmRegistrationMail", "Have the registration form mailed to the voter")
}

/// `PUT /v1/registration/confirm-print-and-forward/{action_id}/`
///
/// # Errors
/// See [`ConfirmError`](turnout_core::letter::ConfirmError).
pub async fn confirm_print_and_forward(request: Request) -> Result<Response, ApiError> {
    submission::confirm_print_and_forward(&request, ToolName::Register).await
}

shape! {
    /// A way to go on, as a partner's program shows it.
    struct ButtonAnswer: "ExternalButton" {
        /// What is written on it.
        message_text: &'static str,
        /// Whether it is the one we recommend.
        primary: bool,
        /// Where it leads.
        url: String,
    }
    maybe {
        /// Until when; ISO 8601 with `+00:00`.
        url_expiry: Option<Until>,
        /// What to send to `/v1/event/track/` when it is followed.
        event_tracking: Option<ToTrack>,
    }
}

/// A moment with its offset.
#[derive(Clone, Copy)]
struct Until(DateTime<Utc>);

impl Serialize for Until {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339())
    }
}

impl Shape for Until {
    fn schema(_: &mut Shapes) -> Value {
        json!({ "type": "string", "format": "date-time" })
    }
}

shape! {
    /// A body for `/v1/event/track/`.
    struct ToTrack: "ExternalEvent" {
        /// The action.
        action: ActionId,
        /// What happened to it.
        event_type: EventType,
    }
}

shape! {
    /// What a partner's program tells its user.
    struct ExternalAnswer: "ExternalResult" {
        /// What to do in the user's state, Markdown.
        message_markdown: String,
        /// The ways to go on, two at the most.
        buttons: Vec<ButtonAnswer>,
    }
}

impl From<Button> for ButtonAnswer {
    fn from(button: Button) -> Self {
        let event = |action| ToTrack { action, event_type: EventType::FinishExternal };
        Self {
            message_text: button.text,
            primary: button.primary,
            url: button.url,
            url_expiry: button.ends.map(Until),
            event_tracking: button.tracked.map(event),
        }
    }
}

impl From<Begun> for ExternalAnswer {
    fn from(begun: Begun) -> Self {
        let buttons = begun.buttons.into_iter().map(Into::into).collect();
        Self { message_markdown: begun.message, buttons }
    }
}

/// Describes [`external_request`].
#[must_use]
pub fn external_request_operation() -> Operation {
    Operation::new("externalRegistration", "Begin a registration for the user of a partner's program")
        .reads("ExternalRegistration", partner::fields())
        .and_no_others()
        .answers::<ExternalAnswer>(StatusCode::OK, "Begun")
}

/// `POST /v1/registration/external/request/`
///
/// # Errors
/// See [`BeginError`].
pub async fn external_request(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let begun = partner::begin(request.app(), &request.partner().subscriber, &input).await?;
    let action = begun.action;
    let body = ExternalAnswer::from(begun);
    Ok(response::remembered(StatusCode::OK, &body, json!({ "action": action })))
}

/// The answer of [`external_request`] again, from its record: what the state says, and links with fresh tokens.
pub(crate) fn external_request_again(app: App, kept: Value) -> Making {
    Box::pin(async move {
        let action = kept["action"].as_str().and_then(ActionId::parse).ok_or_else(ApiError::not_found)?;
        let begun = partner::again(&app, action).await?.ok_or_else(ApiError::not_found)?;
        Ok(json!(ExternalAnswer::from(begun)))
    })
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
