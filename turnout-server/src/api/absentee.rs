//! `/v1/absentee/…` (`http-api.md` 4).

use http::StatusCode;
use serde_json::{Value, json};
use turnout_core::{
    App,
    absentee::{self, BallotRequestDraft, SubmissionType, Submitted, past, state_form::Section},
    action::Scope,
    address::State,
    ids::{ActionId, BallotRequestId, RegionId},
    register::ToolName,
};

use super::submission::{self, NamedRegion, Undeliverable, of_subscriber, options, scope};
use crate::{
    http::{ApiError, Making, Request, Response, response},
    openapi::{Detail, Operation, shape},
};

shape! {
    /// A ballot request as it stands.
    struct Answer: "BallotRequestResult" {
        /// Its id.
        uuid: BallotRequestId,
        /// What events of it are tracked under.
        action_id: Option<ActionId>,
        /// The region whose election office gets it.
        region: Option<RegionId>,
        /// How it reaches the office; null while the region is unknown.
        esign_method: Option<SubmissionType>,
        /// Whether the state allows that we print the form and send it for signing.
        allow_print_and_forward: Option<bool>,
        /// Where the voter can ask for a ballot online.
        ovbm_link: Option<String>,
        /// Whether the address for the printed form takes mail, as last looked up.
        request_mailing_deliverable: Option<bool>,
    }
    maybe {
        /// Of a request that was begun now: the regions to choose from, unless the address was matched to one.
        regions: Option<Vec<NamedRegion>>,
    }
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

/// Describes [`request`].
#[must_use]
pub fn request_operation() -> Operation {
    of_subscriber(submission("createBallotRequest", "Start or complete a ballot request", Scope::Whole))
        .says(
            "`us_citizen`, `is_18_or_over` and `region` are required, too, unless `incomplete=true`. \
             `request_mailing_*` are refused on creation.",
        )
        .leads_to("updateBallotRequest", "uuid", "$response.body#/uuid")
        .leads_to("replaceBallotRequest", "uuid", "$response.body#/uuid")
        .leads_to_body("trackEvent", super::event::of_answer())
}

/// Describes [`update`] by PUT.
#[must_use]
pub fn replace_operation() -> Operation {
    submission("replaceBallotRequest", "Update a ballot request, minimum fields required", Scope::Whole)
        .uuid("uuid", "The id of the ballot request.")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such ballot request")
}

/// Describes [`update`] by PATCH.
#[must_use]
pub fn update_operation() -> Operation {
    submission("updateBallotRequest", "Update a ballot request", Scope::Part)
        .says(
            "With `incomplete=true` nothing is required. A call that completes needs `is_18_or_over` in the body, and \
             `us_citizen` and `region` in body or record.",
        )
        .uuid("uuid", "The id of the ballot request.")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such ballot request")
}

fn submission(id: &'static str, summary: &'static str, scope: Scope) -> Operation {
    let name = match scope {
        Scope::Whole => "BallotRequestCreate",
        Scope::Part => "BallotRequestFields",
    };
    Operation::new(id, summary)
        .switch("incomplete", "The record is not complete yet: exactly `true`.")
        .switch("match_region", "The address is matched to a region: exactly `true`.")
        .reads(name, BallotRequestDraft::fields(scope, true))
        .answers::<Answer>(StatusCode::OK, "Stored")
        .answers::<Undeliverable>(
            StatusCode::BAD_REQUEST,
            "The address for the printed form takes no mail; the rest was stored",
        )
}

/// `POST /v1/absentee/request/`
///
/// # Errors
/// See [`SubmitError`](turnout_core::action::SubmitError).
pub async fn request(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    let submitted = absentee::submit(request.app(), &input, &options(&request)).await?;
    let answer = Answer::from(submitted);
    let mut kept = json!(Answer { ovbm_link: None, regions: None, ..answer.clone() });
    if let Some(regions) = &answer.regions {
        let ids: Vec<_> = regions.iter().map(NamedRegion::id).collect();
        kept["regions"] = if ids.len() > MOST_KEPT { json!(true) } else { json!(ids) };
    }
    Ok(response::remembered(StatusCode::OK, &answer, kept))
}

/// So many regions are kept, by their numbers. A longer list is that of the whole state.
const MOST_KEPT: usize = 50;

/// The answer of [`request`] again: the link, which is made of what the voter said, and the list of regions, which may be
/// long, are those of the record.
pub(crate) fn request_again(app: App, mut kept: Value) -> Making {
    Box::pin(async move {
        let id = kept["uuid"].as_str().and_then(BallotRequestId::parse).ok_or_else(ApiError::not_found)?;
        let (state, link) = absentee::link_of(&app, id).await?.ok_or_else(ApiError::not_found)?;
        kept["ovbm_link"] = json!(link);
        let mut view = app.store.view().await?;
        let regions = match kept.get("regions") {
            None => return Ok(kept),
            Some(Value::Array(ids)) => {
                let mut regions = Vec::new();
                for id in ids.iter().filter_map(Value::as_i64) {
                    regions.extend(view.officials().region(RegionId(id)).await?);
                }
                regions
            }
            Some(_) => absentee::regions(view.as_mut(), state).await?,
        };
        kept["regions"] = json!(regions.into_iter().map(NamedRegion::from).collect::<Vec<_>>());
        Ok(kept)
    })
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

/// Describes [`confirm_print_and_forward`].
#[must_use]
pub fn confirm_operation() -> Operation {
    submission::confirm_operation(
        "confirmBallotRequestMail",
        "Have the ballot request form mailed to the voter",
    )
}

/// `PUT /v1/absentee/confirm-print-and-forward/{action_id}/`
///
/// # Errors
/// See [`ConfirmError`](turnout_core::letter::ConfirmError).
pub async fn confirm_print_and_forward(request: Request) -> Result<Response, ApiError> {
    submission::confirm_print_and_forward(&request, ToolName::Absentee).await
}

shape! {
    /// What a state asks for its form.
    struct StateAnswer<'a>: "StateForm" {
        /// What the voter signs.
        signature_statement: Option<&'a str>,
        /// The questions, by section.
        form_fields: Option<&'a [Section]>,
    }
}

/// Describes [`state`].
#[must_use]
pub fn state_operation() -> Operation {
    Operation::new("getStateForm", "What a state asks for its ballot request form")
        .segment("code", "The state's postal code, in upper case.", json!({ "type": "string" }))
        .answers::<StateAnswer<'static>>(StatusCode::OK, "The questions")
        .answers::<Detail>(StatusCode::NOT_FOUND, "Nobody wrote the state's questions down")
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
