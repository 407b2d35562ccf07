//! What the routes have in common by which a voter hands something in (`http-api.md` 3 and 4).

use http::{Method, StatusCode};
use serde_json::json;
use turnout_core::{
    action::{Options, Scope, SubmitError},
    ids::RegionId,
    official::Region,
};

use crate::{
    http::{ApiError, Request},
    openapi::{Operation, shape},
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
