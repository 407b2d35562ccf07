//! What is asked.

use std::fmt;

use ::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use chrono::TimeDelta;
use serde::Serialize;
use url::{Url, form_urlencoded};

use super::{HttpError, HttpErrorKind};

/// How long a whole exchange may take unless the request says otherwise.
const TIMEOUT: TimeDelta = TimeDelta::seconds(10);
/// How many bytes an answer may have unless the request says otherwise.
const ANSWER: usize = 1024 * 1024;

/// A request to somebody else's service.
///
/// ```
/// use turnout_core::ports::http::HttpRequest;
///
/// let url = "https://api.example.org/v1/send".parse().expect("an address");
/// let request = HttpRequest::post(url).with_basic_auth("account", "hush").with_form([("To", "+16175557890")]);
/// assert_eq!(request.body, "To=%2B16175557890");
/// assert_eq!(format!("{request:?}"), "POST https://api.example.org");
/// ```
#[derive(Clone)]
pub struct HttpRequest {
    /// What is to be done.
    pub method: Method,
    /// Where, `http` or `https`.
    pub url: Url,
    /// Headers. The client adds `Host` and the length of the body, and `User-Agent` where there is none.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// Until the whole answer has to be there, from the beginning.
    pub timeout: TimeDelta,
    /// The most bytes that the body of the answer may have, unpacked.
    pub answer_limit: usize,
}

/// Tells the method and the origin. Keys, accounts and what is said of a voter stand in all the rest.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url.origin().ascii_serialization())
    }
}

impl HttpRequest {
    /// A request without headers and body, with ten seconds and a megabyte for the answer.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { method, url, headers, body, timeout: TIMEOUT, answer_limit: ANSWER }
    }

    /// `GET`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// `POST`.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Adds to the query.
    #[must_use]
    pub fn with_query<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.url.query_pairs_mut().extend_pairs(pairs);
        self
    }

    /// Sets a header in place of those of the same name.
    ///
    /// # Errors
    /// [`HttpErrorKind::Unwritable`], when the value is not of visible ASCII.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Result<Self, HttpError> {
        self.headers.insert(name, HeaderValue::from_str(value).map_err(|_| HttpErrorKind::Unwritable)?);
        Ok(self)
    }

    /// Sets a header whose value is never shown.
    ///
    /// # Errors
    /// [`HttpErrorKind::Unwritable`], when the value is not of visible ASCII.
    pub fn with_secret_header(mut self, name: HeaderName, value: &str) -> Result<Self, HttpError> {
        let mut value = HeaderValue::from_str(value).map_err(|_| HttpErrorKind::Unwritable)?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// `Authorization: Bearer`.
    ///
    /// # Errors
    /// [`HttpErrorKind::Unwritable`], when the token is not of visible ASCII.
    pub fn with_bearer(self, token: &str) -> Result<Self, HttpError> {
        self.with_secret_header(AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// `Authorization: Basic`.
    ///
    /// # Panics
    /// Never: base64 is ASCII.
    #[must_use]
    pub fn with_basic_auth(self, user: &str, password: &str) -> Self {
        let text = format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")));
        self.with_secret_header(AUTHORIZATION, &text).expect("base64 is visible ASCII")
    }

    /// A body as an HTML form sends it. A name may occur several times.
    #[must_use]
    pub fn with_form<'a>(self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.with_body("application/x-www-form-urlencoded", form)
    }

    /// A body of JSON; JSON is wanted as the answer too.
    ///
    /// # Errors
    /// [`HttpErrorKind::Unwritable`], when the value cannot be JSON: a map whose keys are not texts.
    pub fn with_json(mut self, value: &impl Serialize) -> Result<Self, HttpError> {
        let json = serde_json::to_vec(value).map_err(|_| HttpErrorKind::Unwritable)?;
        self.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(self.with_body("application/json", json))
    }

    /// Any body.
    #[must_use]
    pub fn with_body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = body.into();
        self
    }

    /// How long the whole exchange may take.
    #[must_use]
    pub fn with_timeout(mut self, timeout: TimeDelta) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many bytes the body of the answer may have.
    #[must_use]
    pub fn with_answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> HttpRequest {
        HttpRequest::get("https://api.example.org/hooks/secret?a=1".parse().expect("an address"))
    }

    #[test]
    fn what_is_printed_of_a_request_holds_nothing_private() {
        let request = request()
            .with_query([("api_key", "hush"), ("street", "1 Main St")])
            .with_basic_auth("account", "hush")
            .with_form([("To", "+16175557890")]);
        assert_eq!(format!("{request:?}"), "GET https://api.example.org");
        let headers = format!("{:?}", request.headers);
        assert!(headers.contains("Sensitive") && !headers.contains("Basic"), "{headers}");
    }

    #[test]
    fn bodies_and_queries_are_encoded() {
        let pairs = [("q", "a b&c"), ("q", "é+")];
        let request = request().with_query(pairs).with_form(pairs);
        assert_eq!(request.url.query(), Some("a=1&q=a+b%26c&q=%C3%A9%2B"));
        assert_eq!(request.body, "q=a+b%26c&q=%C3%A9%2B");
        assert_eq!(request.headers[CONTENT_TYPE], "application/x-www-form-urlencoded");
        let request = request.with_json(&serde_json::json!({ "a": [1] })).expect("it is JSON");
        assert_eq!(
            (&request.body[..], &request.headers[CONTENT_TYPE]),
            (&br#"{"a":[1]}"#[..], &HeaderValue::from_static("application/json"))
        );
        assert_eq!(request.headers.get_all(CONTENT_TYPE).iter().count(), 1);
    }

    #[test]
    fn a_header_cannot_smuggle_another_one_in() {
        for value in ["a\r\nX-Other: b", "a\nb", "a\0"] {
            let refused = request().with_bearer(value).expect_err("it is refused");
            assert_eq!(refused.kind, HttpErrorKind::Unwritable);
        }
    }
}
