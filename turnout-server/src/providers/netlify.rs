//! Netlify, and whoever else builds a site when an address is called (docs of Netlify: "Build hooks", 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use turnout_core::{
    error::ProviderError,
    ports::{
        builds::SiteBuilds,
        http::{HttpClient, HttpRequest},
    },
};
use url::Url;

const NAME: &str = "netlify";
const TIMEOUT: TimeDelta = TimeDelta::seconds(30);
/// Nothing of an answer is read.
const LARGEST: usize = 1024 * 1024;

/// Calls build hooks. Whoever knows the address of one can call it, which is why it is never shown.
pub struct Netlify {
    http: Arc<dyn HttpClient>,
}

impl Netlify {
    /// Calls them by this client, which decides which hosts may be reached.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>) -> Self {
        Self { http }
    }

    fn request(hook: &Url) -> HttpRequest {
        HttpRequest::post(hook.clone()).with_timeout(TIMEOUT).with_answer_limit(LARGEST)
    }
}

#[async_trait]
impl SiteBuilds for Netlify {
    async fn begin(&self, hook: &Url) -> Result<(), ProviderError> {
        let answered = self.http.send(Self::request(hook)).await.map_err(|error| error.at(NAME))?;
        answered.success(NAME).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::{
        error::ProviderErrorKind,
        memory::ScriptedHttp,
        ports::http::{HttpErrorKind, HttpResponse, Method, StatusCode},
    };

    use super::*;

    const HOST: &str = "api.netlify.example";

    fn hook() -> Url {
        "https://api.netlify.example/build_hooks/hush?trigger_title=facts".parse().expect("an address")
    }

    #[tokio::test]
    async fn a_hook_is_posted_nothing() {
        let http = ScriptedHttp::new();
        http.answer(HOST, HttpResponse::new(StatusCode::OK));
        Netlify::new(Arc::new(http.clone())).begin(&hook()).await.expect("it is taken");
        let asked = &http.requests()[0];
        assert_eq!((&asked.method, asked.url.path()), (&Method::POST, "/build_hooks/hush"));
        assert!(asked.body.is_empty());
        assert!(!format!("{asked:?}").contains("hush"));
    }

    #[tokio::test]
    async fn a_failure_does_not_tell_the_address() {
        for (status, kind) in [
            (StatusCode::NOT_FOUND, ProviderErrorKind::Rejected),
            (StatusCode::TOO_MANY_REQUESTS, ProviderErrorKind::Throttled),
            (StatusCode::INTERNAL_SERVER_ERROR, ProviderErrorKind::Unreachable),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, HttpResponse::new(status));
            let error = Netlify::new(Arc::new(http.clone())).begin(&hook()).await.expect_err("a failure");
            assert_eq!(error.kind, kind);
            assert!(!format!("{error:?}").contains("hush"));
        }
        let http = ScriptedHttp::new();
        http.fail(HOST, HttpErrorKind::TimedOut);
        let error = Netlify::new(Arc::new(http)).begin(&hook()).await.expect_err("a failure");
        assert!(error.is_transient() && !format!("{error:?}").contains("hush"));
    }
}
