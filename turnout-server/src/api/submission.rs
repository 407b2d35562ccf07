//! What the routes have in common by which a voter hands something in (`http-api.md` 3 and 4).

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use turnout_core::{
    action::{Options, Scope, SubmitError},
    ids::{ActionId, RegionId},
    letter::{self, ConfirmError},
    official::Region,
    register::ToolName,
};

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Detail, Failure, Operation, Shape, Shapes, shape},
};

shape! {
    /// A region in a list.
    pub(super) struct NamedRegion: "RegionName" {
        /// Its name.
        name: Option<String>,
        /// Its number.
        external_id: RegionId,
    }
}

impl NamedRegion {
    /// Its number.
    pub(super) fn id(&self) -> RegionId {
        self.external_id
    }
}

impl From<Region> for NamedRegion {
    fn from(region: Region) -> Self {
        Self { name: region.name, external_id: region.id }
    }
}

/// Reads the slug of a subscriber from the query.
pub(super) fn of_subscriber(operation: Operation) -> Operation {
    let about = "The slug of a subscriber; the default one where it is not known or not active.";
    operation.query("subscriber", about)
}

/// What the query says about how it is handed in.
pub(super) fn options(request: &Request) -> Options {
    Options {
        incomplete: request.is_on("incomplete"),
        match_region: request.is_on("match_region"),
        // whom a record belongs to is said once
        subscriber: (request.method() == Method::POST).then(|| request.query("subscriber")).flatten(),
    }
}

/// How much of a record the body is.
pub(super) fn scope(request: &Request) -> Scope {
    if request.method() == Method::PATCH { Scope::Part } else { Scope::Whole }
}

shape! {
    /// The address for the printed form takes no mail, or nobody knows (3.1.2): a text, not a list of them.
    pub(super) struct Undeliverable: "Undeliverable" {
        /// What is wrong.
        request_mailing_address1: &'static str,
        /// Always true: `ignore_undeliverable` was not in the body.
        request_mailing_deliverable_not_ignored: bool,
    }
}

const UNDELIVERABLE: Undeliverable = Undeliverable {
    request_mailing_address1: "Address does not appear to be deliverable by USPS",
    request_mailing_deliverable_not_ignored: true,
};

shape! {
    /// The form is mailed.
    struct Confirmed: "PrintAndForwardConfirmed" {
        /// When the voter first said so.
        send_date: Said,
    }
}

/// A moment as the API writes it.
#[derive(Clone, Copy)]
struct Said(DateTime<Utc>);

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&response::timestamp(self.0))
    }
}

impl Shape for Said {
    fn schema(_: &mut Shapes) -> Value {
        json!({ "type": "string", "format": "date-time" })
    }
}

/// Describes [`confirm_print_and_forward`] of one tool.
pub(super) fn confirm_operation(id: &'static str, summary: &'static str) -> Operation {
    Operation::new(id, summary)
        .says("Asks for a letter once, however often it is called. The link with the token is in the mail to the voter.")
        .uuid("action_id", "The action of the form.")
        .query("token", "The token of the link.")
        .answers::<Confirmed>(StatusCode::OK, "The form is mailed")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such form to be mailed, or the token is another's")
        .answers::<Failure>(StatusCode::SERVICE_UNAVAILABLE, "Nobody mails forms here")
}

/// `PUT …/confirm-print-and-forward/{action_id}/`, of one tool's actions (3.6, 4.4).
pub(super) async fn confirm_print_and_forward(
    request: &Request,
    tool: ToolName,
) -> Result<Response, ApiError> {
    let action = ActionId::parse(request.segment("action_id")).ok_or_else(ApiError::not_found)?;
    let token = request.query("token").unwrap_or_default();
    let moment = letter::confirm(request.app(), tool, action, &token).await?;
    Ok(response::json(StatusCode::OK, &Confirmed { send_date: Said(moment) }))
}

impl From<ConfirmError> for ApiError {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::NotFound => Self::not_found(),
            ConfirmError::Disabled => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                json!({ "error": "This feature is disabled for the time being" }),
            ),
            ConfirmError::Store(error) => error.into(),
        }
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Problems(problems) => problems.into(),
            SubmitError::NotFound => Self::not_found(),
            SubmitError::Undeliverable => Self::new(StatusCode::BAD_REQUEST, json!(UNDELIVERABLE)),
            SubmitError::Throttled(wait) => Self::throttled(wait),
            SubmitError::Form(error) => error.into(),
            SubmitError::File(error) => error.into(),
            SubmitError::Store(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
