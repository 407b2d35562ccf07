//! What a handler is given: the request, its body not read yet, and the [`App`].

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header::CONTENT_TYPE, request::Parts};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::json;
use tokio_util::task::TaskTracker;
use turnout_core::{
    App,
    api_key::Client,
    input::{Input, JsonError},
};

use super::{
    Description, Shared,
    body::Body,
    client_ip,
    error::ApiError,
    form,
    kept::Kept,
    negotiation,
    router::{Matched, Route},
    settings::HttpSettings,
};

/// A request on its way into a handler. Owned, so that handlers are plain functions.
pub struct Request {
    head: Parts,
    route: Arc<Route>,
    segments: Vec<(String, String)>,
    /// Never locked: a body is no `Sync`, and handlers hold requests across waits.
    body: Mutex<Option<Body>>,
    body_limit: usize,
    client: Option<IpAddr>,
    partner: Option<Client>,
    shared: Arc<Shared>,
    /// Other ports than those that all requests share.
    app: Option<App>,
}

/// What a browser sent with a form. Has no `Debug`, as there are passwords among it.
#[cfg(feature = "manage")]
#[derive(Default)]
pub(crate) struct SentForm {
    /// Names and texts.
    pub(crate) pairs: Vec<(String, String)>,
    /// Of each file its name in the form, its name where it comes from, and its bytes.
    pub(crate) files: Vec<(String, String, Bytes)>,
}

/// The kinds of bodies that the API reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON.
    Json,
    /// A form as a browser sends it.
    UrlEncoded,
    /// A form that may have files.
    Multipart,
}

impl Request {
    pub(super) fn new(
        request: http::Request<Body>,
        Matched { route, segments }: Matched,
        body_limit: usize,
        client: Option<IpAddr>,
        partner: Option<Client>,
        shared: Arc<Shared>,
    ) -> Self {
        let (head, body) = request.into_parts();
        Self {
            head,
            route,
            segments,
            body: Mutex::new(Some(body)),
            body_limit,
            client,
            partner,
            shared,
            app: None,
        }
    }

    /// The use-cases' ports.
    #[must_use]
    pub fn app(&self) -> &App {
        self.app.as_ref().unwrap_or(&self.shared.app)
    }

    /// Uses other ports from now on.
    pub(super) fn use_app(&mut self, app: App) {
        self.app = Some(app);
    }

    /// Whether this process is about to stop.
    pub(crate) fn is_leaving(&self) -> bool {
        self.shared.leaving.load(Ordering::Relaxed)
    }

    /// How long an answer may take.
    pub(super) fn timeout(&self) -> std::time::Duration {
        self.shared.settings.request_timeout
    }

    /// Who makes calls to their end though their callers have gone.
    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.shared.tasks
    }

    /// Whose keys are its own: the partner's program, else whoever calls in the name of the same subscriber.
    pub(super) fn caller(&self) -> String {
        match &self.partner {
            Some(partner) => format!("api_key:{}", partner.key),
            None => format!("slug:{}", query(self.head.uri.query(), "subscriber").unwrap_or_default()),
        }
    }

    /// What was sent, as one text without identification numbers: the query, and the body, which can still be read. Nothing
    /// where the body cannot be read as what it says.
    pub(super) async fn sent(&mut self) -> Result<Option<Vec<u8>>, ApiError> {
        let bytes = self.bytes().await?;
        *self.body.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(bytes.clone().into());
        let given = self.content_type();
        let body = match kind(&given) {
            None if given.starts_with("image/") => bytes.to_vec(),
            kind => match read(kind, &given, &bytes) {
                Ok(input) => input.normalized(),
                Err(_) => return Ok(None),
            },
        };
        let query = self.head.uri.query().unwrap_or_default().as_bytes();
        let mut pairs: Vec<_> = url::form_urlencoded::parse(query).collect();
        pairs.sort();
        let mut sent =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes();
        sent.push(b'\n');
        sent.extend(body);
        Ok(Some(sent))
    }

    /// The method; HEAD arrives as HEAD.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The address as it was sent.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.head.uri
    }

    /// The path as it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// The client's address, if the connection has one.
    #[must_use]
    pub fn client(&self) -> Option<IpAddr> {
        self.client
    }

    /// The partner's program that showed its key.
    ///
    /// # Panics
    /// When the table says that the route asks for no key.
    #[must_use]
    pub fn partner(&self) -> &Client {
        self.partner.as_ref().expect("the route asks for a key")
    }

    /// Whom the client's calls are counted for: its address, or the network that one customer has.
    #[must_use]
    pub fn client_key(&self) -> String {
        client_ip::key(self.client)
    }

    /// A segment of the path by its name in the table, percent-decoded.
    ///
    /// # Panics
    /// When the table has no such segment.
    #[must_use]
    pub fn segment(&self, name: &str) -> &str {
        self.find_segment(name).expect("the table has this segment")
    }

    /// A parameter of the query; of a repeated one the last.
    ///
    /// # Panics
    /// In a debug build, when the operation is described and does not say that it reads this one.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        let asked = if self.head.method == Method::HEAD { Method::GET } else { self.head.method.clone() };
        let described = self.route.operations().iter().find(|(method, _)| *method == asked);
        debug_assert!(
            described.is_none_or(|(_, operation)| operation.has_query(name)),
            "{} reads {name}, which its description does not say",
            self.route.path()
        );
        query(self.head.uri.query(), name)
    }

    /// A segment of the path by its name in the table; nothing where the table has none.
    #[must_use]
    pub fn find_segment(&self, name: &str) -> Option<&str> {
        self.segments.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Whether this path answers that method too.
    #[must_use]
    pub fn would_answer(&self, method: &Method) -> bool {
        self.route.answers(method)
    }

    /// The query as it was sent, without `?`.
    #[must_use]
    pub fn raw_query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// Whether a switch of the query is on: only the exact text `true` does that.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.query(name).is_some_and(|value| value == "true")
    }

    /// Whether the caller takes gzip.
    #[must_use]
    pub fn takes_gzip(&self) -> bool {
        negotiation::takes_encoding(&self.head.headers, "gzip")
    }

    /// The description of the API, and the page that shows it.
    pub(crate) fn description(&self) -> &Description {
        &self.shared.description
    }

    /// How we answer, and whom we believe.
    pub(crate) fn settings(&self) -> &HttpSettings {
        &self.shared.settings
    }

    /// Finished answers that are kept.
    pub(crate) fn kept(&self) -> &Kept {
        &self.shared.kept
    }

    /// Those about regions, of which there are thousands.
    pub(crate) fn kept_regions(&self) -> &Kept {
        &self.shared.kept_regions
    }

    fn take_body(&mut self) -> Option<Body> {
        self.body.get_mut().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The body, once.
    ///
    /// # Errors
    /// When it is too large (413), late or broken off (408).
    pub async fn bytes(&mut self) -> Result<Bytes, ApiError> {
        let body = self.take_body().unwrap_or_default();
        if body.size_hint().lower() > self.body_limit as u64 {
            return Err(ApiError::too_large());
        }
        let read = Limited::new(body, self.body_limit).collect();
        match tokio::time::timeout(self.shared.settings.body_timeout, read).await {
            Ok(Ok(collected)) => Ok(collected.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ApiError::too_large()),
            Ok(Err(_)) | Err(_) => Err(ApiError::body_not_received()),
        }
    }

    /// The pairs of a URL-encoded form, as they were sent and in order; nothing where the body says that it is something
    /// else.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes).
    pub async fn form_pairs(&mut self) -> Result<Option<Vec<(String, String)>>, ApiError> {
        if self.body_kind() != Some(BodyKind::UrlEncoded) {
            return Ok(None);
        }
        Ok(Some(form::urlencoded(&self.bytes().await?)))
    }

    /// The texts and files of a form of a browser, in order; nothing where the body says that it is something else.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes); 400 for a body that is not what it says.
    #[cfg(feature = "manage")]
    pub(crate) async fn form_parts(&mut self) -> Result<Option<SentForm>, ApiError> {
        let (kind, given) = (self.body_kind(), self.content_type());
        let bytes = match kind {
            Some(BodyKind::UrlEncoded | BodyKind::Multipart) => self.bytes().await?,
            Some(BodyKind::Json) | None => return Ok(None),
        };
        if kind == Some(BodyKind::UrlEncoded) {
            return Ok(Some(SentForm { pairs: form::urlencoded(&bytes), files: Vec::new() }));
        }
        let parts = form::parts(&given, &bytes).map_err(|error| ApiError::unreadable(&error.to_string()))?;
        let mut sent = SentForm::default();
        for form::Part { name, file, content } in parts {
            match file {
                None => sent.pairs.push((name, String::from_utf8_lossy(content).into_owned())),
                Some(file) => sent.files.push((name, file, bytes.slice_ref(content))),
            }
        }
        Ok(Some(sent))
    }

    /// What the body says it is; nothing for a kind that is not read.
    #[must_use]
    pub fn body_kind(&self) -> Option<BodyKind> {
        kind(&self.content_type())
    }

    /// The refusal of a kind that is not read.
    #[must_use]
    pub fn unsupported_media_type(&self) -> ApiError {
        ApiError::unsupported_media_type(&self.content_type())
    }

    fn content_type(&self) -> String {
        let given = self.head.headers.get(CONTENT_TYPE);
        given.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()).unwrap_or_default()
    }

    /// The body as names and values: JSON, or a form.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes); 415 for a kind that is not read, 400 for a body that is not what it says.
    pub async fn input(&mut self) -> Result<Input, ApiError> {
        let given = self.content_type();
        let kind = kind(&given);
        let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner);
        let announced = body.as_ref().is_some_and(|body| body.size_hint().lower() > 0);
        if kind.is_none() && announced {
            return Err(ApiError::unsupported_media_type(&given));
        }
        let bytes = self.bytes().await?;
        read(kind, &given, &bytes)
    }
}

/// Names and values of a body of that kind.
fn read(kind: Option<BodyKind>, given: &str, bytes: &[u8]) -> Result<Input, ApiError> {
    match kind {
        Some(BodyKind::UrlEncoded) => Ok(Input::form(form::urlencoded(bytes))),
        Some(BodyKind::Multipart) if bytes.is_empty() => Ok(Input::form::<String>([])),
        Some(BodyKind::Multipart) => form::multipart(given, bytes)
            .map(Input::form)
            .map_err(|error| ApiError::unreadable(&error.to_string())),
        Some(BodyKind::Json) | None if bytes.is_empty() => Ok(Input::json(serde_json::Map::new())),
        Some(BodyKind::Json) => json_input(bytes),
        None => Err(ApiError::unsupported_media_type(given)),
    }
}

/// The last value of a parameter.
pub(super) fn query(query: Option<&str>, name: &str) -> Option<String> {
    last_value(query.unwrap_or_default().as_bytes(), name)
}

/// The last value of that name among URL-encoded pairs.
pub(crate) fn last_value(pairs: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(pairs)
        .filter(|(it, _)| it == name)
        .last()
        .map(|(_, value)| value.into_owned())
}

fn kind(content_type: &str) -> Option<BodyKind> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is = |kind: &str| essence.eq_ignore_ascii_case(kind);
    match () {
        () if is("application/json") => Some(BodyKind::Json),
        () if is("application/x-www-form-urlencoded") => Some(BodyKind::UrlEncoded),
        () if is("multipart/form-data") => Some(BodyKind::Multipart),
        () => None,
    }
}

/// A JSON body has to be an object (`http-api.md` 1.4).
fn json_input(bytes: &[u8]) -> Result<Input, ApiError> {
    Input::parse_json(bytes).map_err(|error| match error {
        JsonError::Syntax(error) => ApiError::unreadable(&format!("JSON parse error - {error}")),
        JsonError::Null => non_field("No data provided"),
        JsonError::NotAnObject(kind) => {
            non_field(&format!("Invalid data. Expected a dictionary, but got {kind}."))
        }
    })
}

fn non_field(message: &str) -> ApiError {
    ApiError::new(http::StatusCode::BAD_REQUEST, json!({ "non_field_errors": [message] }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_repeated_parameter_the_last_counts() {
        assert_eq!(query(Some("a=1&b=x%20y&a=2"), "a").as_deref(), Some("2"));
        assert_eq!(query(Some("a=1&b=x%20y&a=2"), "b").as_deref(), Some("x y"));
        assert_eq!(query(Some("a"), "a").as_deref(), Some(""));
        assert_eq!(query(None, "a"), None);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for body in [
            "{",
            "{\"a\": NaN}",
            "[Infinity]",
            "{\"a\": \"\\ud800\"}",
            "\u{feff}{}",
            " ",
            "{} {}",
            "{'a': 1}",
        ] {
            let refused = json_input(body.as_bytes()).err();
            assert_eq!(refused.map(|it| it.status().as_u16()), Some(400), "{body}");
        }
        assert!(json_input(b"{\"a\": \"\xff\"}").is_err());
        let last = json_input(br#"{"a": 1, "a": 2}"#).map_err(|it| it.status());
        assert_eq!(last.map(|it| it.value("a").cloned()).ok().flatten(), Some(json!(2)));
    }
}
