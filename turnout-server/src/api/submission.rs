//! What the routes have in common by which a voter hands something in (`http-api.md` 3 and 4).

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use turnout_core::{
    action::{Options, Scope, SubmitError},
    ids::RegionId,
    official::Region,
};

use crate::http::{ApiError, Request};

/// A region in a list.
#[derive(Serialize)]
pub(super) struct NamedRegion {
    name: Option<String>,
    external_id: RegionId,
}

impl From<Region> for NamedRegion {
    fn from(region: Region) -> Self {
        Self { name: region.name, external_id: region.id }
    }
}

/// What the query says about how it is handed in.
pub(super) fn options(request: &Request) -> Options {
    Options {
        incomplete: request.is_on("incomplete"),
        match_region: request.is_on("match_region"),
        subscriber: request.query("subscriber"),
    }
}

/// How much of a record the body is.
pub(super) fn scope(request: &Request) -> Scope {
    if request.method() == Method::PATCH { Scope::Part } else { Scope::Whole }
}

/// The body of 3.1.2: a text, not a list of them.
fn undeliverable() -> Value {
    json!({
        "request_mailing_address1": "Address does not appear to be deliverable by USPS",
        "request_mailing_deliverable_not_ignored": true,
    })
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Problems(problems) => problems.into(),
            SubmitError::NotFound => Self::not_found(),
            SubmitError::Undeliverable => Self::new(StatusCode::BAD_REQUEST, undeliverable()),
            SubmitError::Throttled(wait) => Self::throttled(wait),
            SubmitError::Form(error) => error.into(),
            SubmitError::File(error) => error.into(),
            SubmitError::Store(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
