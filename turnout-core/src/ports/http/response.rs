//! What is answered.

use std::fmt;

use ::http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;

use crate::error::{ProviderError, ProviderErrorKind};

/// An answer of somebody else's service.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// What became of the request.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Bytes,
}

/// The body is not what was expected. Does not repeat any of it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the answer's JSON is not as expected at line {line}, column {column}")]
pub struct Unreadable {
    line: usize,
    column: usize,
}

/// The vendor said no. Does not repeat the answer.
#[derive(Debug, thiserror::Error)]
#[error("the service answered {0}")]
struct Answered(StatusCode);

/// Tells the status and the length. Bodies repeat what they were asked.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {} bytes", self.status, self.body.len())
    }
}

impl HttpResponse {
    /// An answer without headers and body.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// An answer of JSON, for tests.
    #[must_use]
    pub fn json(status: StatusCode, body: &serde_json::Value) -> Self {
        let answer = Self::new(status).with_body(body.to_string());
        answer.with_header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
    }

    /// Adds a header to those of the same name.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// With this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// [`Unreadable`], when it is not JSON, or not of this shape.
    pub fn read_json<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Unreadable { line: error.line(), column: error.column() })
    }

    /// How long the service wants to be left alone, at least nothing: `Retry-After` in seconds or as a date.
    #[must_use]
    pub fn retry_after(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let wait = match text.parse::<u32>() {
            Ok(seconds) => TimeDelta::seconds(seconds.into()),
            Err(_) => DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now,
        };
        Some(wait.max(TimeDelta::zero()))
    }

    /// The answer if it is one of success, otherwise what its status means by itself; a vendor whose statuses mean
    /// something else looks first.
    ///
    /// # Errors
    /// [`Throttled`](ProviderErrorKind::Throttled) for 429, [`Unreachable`](ProviderErrorKind::Unreachable) for 408, 425
    /// and all from 500 on, [`Unintelligible`](ProviderErrorKind::Unintelligible) for a redirection, and
    /// [`Rejected`](ProviderErrorKind::Rejected) for the others.
    pub fn success(self, provider: &'static str) -> Result<Self, ProviderError> {
        let kind = match self.status.as_u16() {
            200..=299 => return Ok(self),
            429 => ProviderErrorKind::Throttled,
            408 | 425 | 500.. => ProviderErrorKind::Unreachable,
            400..=499 => ProviderErrorKind::Rejected,
            _ => ProviderErrorKind::Unintelligible,
        };
        Err(ProviderError::new(provider, kind).because(Answered(self.status)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_that_cannot_be_read_is_not_repeated() {
        let answer = HttpResponse::json(StatusCode::OK, &json!({ "lat": "1 Main St" }));
        let error =
            answer.read_json::<std::collections::HashMap<String, f64>>().expect_err("it is no number");
        assert_eq!(error.to_string(), "the answer's JSON is not as expected at line 1, column 18");
        assert_eq!(format!("{answer:?}"), "200 OK with 19 bytes");
    }

    #[test]
    fn the_wait_comes_in_seconds_or_as_a_date() {
        let now: DateTime<Utc> = "2026-11-03T12:00:00Z".parse().expect("a moment");
        for (text, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Tue, 03 Nov 2026 12:01:30 GMT", Some(90)),
            ("Tue, 03 Nov 2026 11:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
        ] {
            let value = HeaderValue::from_str(text).expect("a header");
            let answer = HttpResponse::new(StatusCode::TOO_MANY_REQUESTS).with_header(RETRY_AFTER, value);
            assert_eq!(answer.retry_after(now), seconds.map(TimeDelta::seconds), "{text}");
        }
        assert_eq!(HttpResponse::new(StatusCode::OK).retry_after(now), None);
    }

    #[test]
    fn a_status_says_whether_asking_again_may_help() {
        for (status, kind) in [
            (204, None),
            (302, Some(ProviderErrorKind::Unintelligible)),
            (400, Some(ProviderErrorKind::Rejected)),
            (403, Some(ProviderErrorKind::Rejected)),
            (408, Some(ProviderErrorKind::Unreachable)),
            (429, Some(ProviderErrorKind::Throttled)),
            (500, Some(ProviderErrorKind::Unreachable)),
            (503, Some(ProviderErrorKind::Unreachable)),
        ] {
            let answer = HttpResponse::new(StatusCode::from_u16(status).expect("a status"));
            assert_eq!(answer.success("vendor").err().map(|error| error.kind), kind, "{status}");
        }
    }
}
