//! An HTTP client that knows its answers beforehand.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use super::locked;
use crate::ports::http::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse};

/// Answers from a script, host by host, and keeps what it was asked. A host whose script is at its end cannot be
/// reached.
///
/// ```
/// use turnout_core::memory::ScriptedHttp;
/// use turnout_core::ports::http::{HttpClient, HttpErrorKind, HttpRequest, HttpResponse, StatusCode};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let http = ScriptedHttp::new();
/// http.answer("api.example.org", HttpResponse::new(StatusCode::NO_CONTENT));
/// http.fail("api.example.org", HttpErrorKind::TimedOut);
/// let request = HttpRequest::get("https://api.example.org/".parse().expect("an address"));
/// assert_eq!(http.send(request.clone()).await.expect("an answer").status, 204);
/// assert_eq!(http.send(request.clone()).await.expect_err("none").kind, HttpErrorKind::TimedOut);
/// assert_eq!(http.send(request).await.expect_err("the end").kind, HttpErrorKind::Unconnected);
/// assert_eq!(http.requests().len(), 3);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct ScriptedHttp {
    scripts: Arc<Mutex<HashMap<String, Script>>>,
    requests: Arc<Mutex<Vec<HttpRequest>>>,
}

/// What comes of the next requests to a host.
type Script = VecDeque<Result<HttpResponse, HttpErrorKind>>;

impl ScriptedHttp {
    /// No host can be reached.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The host's next request that has no outcome yet gets this answer.
    pub fn answer(&self, host: &str, answer: HttpResponse) {
        self.then(host, Ok(answer));
    }

    /// The host's next request that has no outcome yet gets none, in this way.
    pub fn fail(&self, host: &str, kind: HttpErrorKind) {
        self.then(host, Err(kind));
    }

    fn then(&self, host: &str, outcome: Result<HttpResponse, HttpErrorKind>) {
        locked(&self.scripts).entry(host.to_owned()).or_default().push_back(outcome);
    }

    /// What was asked so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpRequest> {
        locked(&self.requests).clone()
    }

    /// How many answers and failures of all scripts nobody has asked for.
    #[must_use]
    pub fn left(&self) -> usize {
        locked(&self.scripts).values().map(VecDeque::len).sum()
    }
}

#[async_trait]
impl HttpClient for ScriptedHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !matches!(request.url.scheme(), "http" | "https") {
            return Err(HttpErrorKind::Unwritable.into());
        }
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let limit = request.answer_limit;
        locked(&self.requests).push(request);
        let next = locked(&self.scripts).get_mut(&host).and_then(VecDeque::pop_front);
        let answer = next.unwrap_or(Err(HttpErrorKind::Unconnected))?;
        if answer.body.len() > limit { Err(HttpErrorKind::TooLarge.into()) } else { Ok(answer) }
    }
}
