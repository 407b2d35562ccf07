//! Refusals and failures in the shapes of the contract (`http-api.md` 1.4).
//!
//! A failure of ours keeps its cause to itself: the caller gets a sentence, the log the cause, once.

use chrono::TimeDelta;
use http::{
    HeaderName, HeaderValue, Method, StatusCode,
    header::{CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde_json::{Value, json};
use turnout_core::{
    error::BoxError,
    ports::{files::FileError, forms::FormsError, store::StoreError},
    problems::Problems,
};

use super::{
    response::{self, Response},
    router::Access,
};

/// What a program without a key is told to show.
const CHALLENGE: &str = r#"Basic realm="VoteAmerica API Key ID and Secret", charset="UTF-8""#;

/// What is left of a limit (draft-ietf-httpapi-ratelimit-headers-10).
pub(super) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The type of a problem's body (RFC 9457).
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    body: Value,
    content_type: &'static str,
    retry_after: Option<i64>,
    /// The allowance that the route's policy speaks of is used up.
    is_of_policy: bool,
    /// The reason lies in `Accept` or `?format=`: nothing else was looked at.
    pub(super) unnegotiated: bool,
    cause: Option<BoxError>,
}

impl ApiError {
    /// A refusal with a body of its own.
    #[must_use]
    pub fn new(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            body,
            content_type: "application/json",
            retry_after: None,
            is_of_policy: false,
            unnegotiated: false,
            cause: None,
        }
    }

    /// `{"detail": "…"}`.
    #[must_use]
    pub fn detail(status: StatusCode, detail: &str) -> Self {
        Self::new(status, json!({ "detail": detail }))
    }

    /// There is no such object within a route that exists.
    #[must_use]
    pub fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// An unsafe method on a route that is there to read.
    #[must_use]
    pub fn read_only() -> Self {
        Self::detail(StatusCode::FORBIDDEN, "Authentication credentials were not provided.")
    }

    /// No API key was shown, or none that opens anything.
    #[must_use]
    pub fn unauthorized(detail: &str) -> Self {
        Self::detail(StatusCode::UNAUTHORIZED, detail)
    }

    /// The route has no such method.
    #[must_use]
    pub fn method_not_allowed(method: &Method) -> Self {
        let method = method.as_str().to_ascii_uppercase();
        Self::detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Method \"{method}\" not allowed."))
    }

    /// The caller takes no JSON.
    #[must_use]
    pub fn not_acceptable() -> Self {
        let refusal =
            Self::detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header.");
        Self { unnegotiated: true, ..refusal }
    }

    /// `?format=` names something else than JSON.
    #[must_use]
    pub fn unknown_format() -> Self {
        Self { unnegotiated: true, ..Self::not_found() }
    }

    /// The body is too large.
    #[must_use]
    pub fn too_large() -> Self {
        Self::detail(StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large.")
    }

    /// The body is of a kind we do not read; `given` is the header's value as sent.
    #[must_use]
    pub fn unsupported_media_type(given: &str) -> Self {
        let text = format!("Unsupported media type \"{given}\" in request.");
        Self::detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, &text)
    }

    /// The body is not what its content type says.
    #[must_use]
    pub fn unreadable(detail: &str) -> Self {
        Self::detail(StatusCode::BAD_REQUEST, detail)
    }

    /// The body did not arrive in time, or broke off.
    #[must_use]
    pub fn body_not_received() -> Self {
        Self::detail(StatusCode::REQUEST_TIMEOUT, "Request body was not received.")
    }

    /// Too often; one more is allowed in so long.
    #[must_use]
    pub fn throttled(wait: TimeDelta) -> Self {
        let seconds = ((wait.num_milliseconds() + 999) / 1000).max(1);
        let text = format!("Request was throttled. Expected available in {seconds} seconds.");
        Self { retry_after: Some(seconds), ..Self::detail(StatusCode::TOO_MANY_REQUESTS, &text) }
    }

    /// The same, where it is what the route's `RateLimit-Policy` says.
    pub(super) fn of_the_policy(self) -> Self {
        Self { is_of_policy: true, ..self }
    }

    /// Something we need does not answer; `what` names it for the caller.
    #[must_use]
    pub fn unavailable(what: &str, cause: impl Into<BoxError>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, json!({ "error": what }))
        }
    }

    /// The answer took too long.
    #[must_use]
    pub fn timed_out() -> Self {
        Self::unavailable("The request took too long.", "the request timeout passed")
    }

    /// Our own failure.
    #[must_use]
    pub fn internal(cause: impl Into<BoxError>) -> Self {
        let failure = Self::detail(StatusCode::INTERNAL_SERVER_ERROR, "A server error occurred.");
        Self { cause: Some(cause.into()), ..failure }
    }

    /// A problem in the form of RFC 9457, where the contract has no body of its own.
    #[must_use]
    pub fn problem(status: StatusCode, title: &str, detail: &str) -> Self {
        let body =
            json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
        Self { content_type: PROBLEM, ..Self::new(status, body) }
    }

    /// The same, to be tried again in so many seconds.
    #[must_use]
    pub fn retry_after(self, seconds: i64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Whether a failure of the store is behind it that `is` knows.
    pub(super) fn is_caused_by(&self, is: impl FnOnce(&StoreError) -> bool) -> bool {
        self.cause.as_ref().and_then(|cause| cause.downcast_ref()).is_some_and(is)
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer. Logs the cause of a failure of ours.
    pub(super) fn into_response(self, access: Access) -> Response {
        if let Some(cause) = &self.cause {
            tracing::error!(status = self.status.as_u16(), cause = chain(cause.as_ref()), "a request failed");
        }
        let mut response = match access {
            Access::Page => response::error_page(self.status),
            Access::Open | Access::ReadOnly | Access::ApiKey | Access::Plain => {
                response::bytes(self.status, self.content_type, self.body.to_string())
            }
        };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if let (Some(seconds), true) = (self.retry_after, self.is_of_policy) {
            let limit = HeaderValue::from_str(&format!("\"calls\";r=0;t={seconds}"));
            response.headers_mut().insert(RATE_LIMIT, limit.expect("it is ASCII"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
        }
        if self.status == StatusCode::REQUEST_TIMEOUT {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        if self.unnegotiated {
            response.extensions_mut().insert(Unnegotiated);
        }
        response
    }
}

/// Marks an answer that was refused before anything of the request but its head was looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unnegotiated;

/// An error with its causes, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl From<Problems> for ApiError {
    fn from(problems: Problems) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problems.to_json())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_transient() {
            Self::unavailable("The database is not available. Please try again.", error)
        } else {
            Self::internal(error)
        }
    }
}

impl From<FileError> for ApiError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::BadKey | FileError::BadRedirect => Self::internal(error),
            error => Self::unavailable("The file store is not available. Please try again.", error),
        }
    }
}

impl From<FormsError> for ApiError {
    fn from(error: FormsError) -> Self {
        Self::unavailable("The form cannot be made at the moment. Please try again.", error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_rounded_up_to_whole_seconds() {
        for (wait, seconds) in [(1, "1"), (1000, "1"), (1001, "2"), (720_000, "720")] {
            let response = ApiError::throttled(TimeDelta::milliseconds(wait)).into_response(Access::Open);
            assert_eq!(response.headers()[RETRY_AFTER], seconds);
        }
    }

    #[test]
    fn a_store_that_may_come_back_is_unavailable_and_a_broken_one_is_our_failure() {
        let unavailable = ApiError::from(StoreError::Unavailable("gone".into()));
        let broken = ApiError::from(StoreError::Other("broken".into()));
        assert_eq!((unavailable.status().as_u16(), broken.status().as_u16()), (503, 500));
    }
}
