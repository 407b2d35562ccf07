//! Answers: what a handler gives back.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json};

use super::{body::Body, once::Remembered};
use crate::openapi::{Shape, Shapes};

/// An answer.
pub type Response = http::Response<Body>;

/// The page of a path that is no route (`http-api.md` 1.4).
const NOT_FOUND_PAGE: &str = "<h1>Not Found</h1><p>The requested resource was not found on this server.</p>";

/// What may not stand in a header as it is.
const NOT_IN_A_LOCATION: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');

/// Bytes of any kind.
#[must_use]
pub fn bytes(status: StatusCode, content_type: &'static str, bytes: impl Into<Bytes>) -> Response {
    let mut response = Response::new(bytes.into().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A JSON body.
///
/// # Panics
/// Never for what this crate sends: maps with text keys, lists, texts and finite numbers.
#[must_use]
pub fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Response {
    json_bytes(status, serde_json::to_vec(value).expect("maps with text keys are JSON"))
}

/// A JSON body of which a call with a key keeps something else: what is long or holds a link is made anew.
#[must_use]
pub(crate) fn remembered<T: Serialize + ?Sized>(status: StatusCode, value: &T, kept: Value) -> Response {
    let mut response = json(status, value);
    response.extensions_mut().insert(Remembered(kept));
    response
}

/// A JSON body that is written already.
#[must_use]
pub fn json_bytes(status: StatusCode, bytes: impl Into<Bytes>) -> Response {
    self::bytes(status, "application/json", bytes)
}

/// A plain text.
#[must_use]
pub fn text(status: StatusCode, text: impl Into<Bytes>) -> Response {
    self::bytes(status, "text/plain; charset=utf-8", text)
}

/// An HTML page.
#[must_use]
pub fn html(status: StatusCode, html: impl Into<Bytes>) -> Response {
    self::bytes(status, "text/html; charset=utf-8", html)
}

/// Nothing, without a content type.
#[must_use]
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

/// 302 with an empty body. What may not stand in a header is percent-encoded.
#[must_use]
pub fn redirect(url: &str) -> Response {
    let mut response = empty(StatusCode::FOUND);
    let url = utf8_percent_encode(url, NOT_IN_A_LOCATION).to_string();
    let location = HeaderValue::from_str(&url).expect("what may not stand in a header was encoded");
    response.headers_mut().insert(LOCATION, location);
    response
}

/// The page of a path that is no route, and of a download that does not exist.
#[must_use]
pub fn not_found_page() -> Response {
    self::bytes(StatusCode::NOT_FOUND, "text/html", NOT_FOUND_PAGE)
}

/// The page for a host that is not ours.
pub(super) fn bad_host_page() -> Response {
    self::bytes(StatusCode::BAD_REQUEST, "text/html", "<h1>Bad Request (400)</h1>")
}

/// A short page for an error where a person reads it.
pub(super) fn error_page(status: StatusCode) -> Response {
    if status == StatusCode::NOT_FOUND {
        return not_found_page();
    }
    let reason = status.canonical_reason().unwrap_or("Error");
    html(status, format!("<!doctype html><html lang=\"en\"><title>{reason}</title><h1>{reason}</h1>"))
}

/// A moment that is written as [`timestamp`] does.
#[derive(Debug, Clone, Copy)]
pub struct Timestamp(pub DateTime<Utc>);

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&timestamp(self.0))
    }
}

impl Shape for Timestamp {
    fn schema(_: &mut Shapes) -> Value {
        json!({ "type": "string", "format": "date-time" })
    }
}

/// A moment as the API writes it: UTC with `Z`, six digits of fraction or none when it is zero.
#[must_use]
pub fn timestamp(moment: DateTime<Utc>) -> String {
    let format =
        if moment.timestamp_subsec_micros() == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.6fZ" };
    moment.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_six_digits_of_fraction_or_none() {
        for (moment, text) in [
            ("2020-10-01T12:00:00Z", "2020-10-01T12:00:00Z"),
            ("2020-10-01T12:00:00.5Z", "2020-10-01T12:00:00.500000Z"),
            ("2020-10-01T14:00:00.123456789+02:00", "2020-10-01T12:00:00.123456Z"),
        ] {
            assert_eq!(timestamp(moment.parse().expect(moment)), text);
        }
    }

    #[test]
    fn a_location_never_breaks_the_header() {
        let response = redirect("https://example.org/a b?n=José\r\nSet-Cookie: x");
        assert_eq!(
            response.headers()[LOCATION],
            "https://example.org/a%20b?n=Jos%C3%A9%0D%0ASet-Cookie:%20x"
        );
    }
}
