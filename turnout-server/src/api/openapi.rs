//! `/v1/openapi.json`: what the API is.

use http::{
    HeaderValue, StatusCode,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL},
};
use serde_json::Value;

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::Operation,
};

/// Describes [`document`].
#[must_use]
pub fn document_operation() -> Operation {
    Operation::new("getDescription", "This document")
        .without_store()
        .answers::<Value>(StatusCode::OK, "OpenAPI 3.1")
}

/// `GET /v1/openapi.json`. Every web site may read it.
///
/// # Errors
/// Never.
pub async fn document(request: Request) -> Result<Response, ApiError> {
    let mut response = response::json_bytes(StatusCode::OK, request.description().bytes.clone());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}
