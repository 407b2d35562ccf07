//! Cloudflare: purge of cached answers by their tags (docs of Cloudflare: "Purge cache by cache-tags", 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        cdn::CachePurger,
        http::{HttpClient, HttpRequest, HttpResponse},
    },
};
use url::Url;

use crate::config::Secret;

const NAME: &str = "cloudflare";
const TIMEOUT: TimeDelta = TimeDelta::seconds(30);
/// So many tags a call may have.
const TAGS: usize = 30;

/// Purges one zone.
pub struct Cloudflare {
    http: Arc<dyn HttpClient>,
    url: Url,
    token: Secret,
}

/// What it says came of it.
#[derive(Deserialize)]
struct Purged {
    success: bool,
}

impl Cloudflare {
    /// The zone of this id, at the API of `base`, with a token that may purge it.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: &Url, zone: &str, token: Secret) -> Self {
        let mut url = base.clone();
        url.set_path("/client/v4/zones");
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(zone).push("purge_cache");
        }
        Self { http, url, token }
    }

    fn request(&self, tags: &[String]) -> Result<HttpRequest, ProviderError> {
        let request = HttpRequest::post(self.url.clone()).with_timeout(TIMEOUT);
        let request = request.with_json(&json!({ "tags": tags }));
        let request = request.and_then(|request| request.with_bearer(self.token.reveal()));
        request.map_err(|error| error.at(NAME))
    }

    fn answer(response: HttpResponse) -> Result<(), ProviderError> {
        let error = |kind| ProviderError::new(NAME, kind);
        let purged: Purged = response
            .success(NAME)?
            .read_json()
            .map_err(|unreadable| error(ProviderErrorKind::Unintelligible).because(unreadable))?;
        if purged.success { Ok(()) } else { Err(error(ProviderErrorKind::Rejected)) }
    }
}

#[async_trait]
impl CachePurger for Cloudflare {
    async fn purge(&self, tags: &[String]) -> Result<(), ProviderError> {
        for batch in tags.chunks(TAGS) {
            let answered = self.http.send(self.request(batch)?).await.map_err(|error| error.at(NAME))?;
            Self::answer(answered)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use turnout_core::{
        memory::ScriptedHttp,
        ports::http::{HttpErrorKind, StatusCode, header::AUTHORIZATION},
    };

    use super::*;

    const HOST: &str = "api.cloudflare.example";

    fn cloudflare(http: &ScriptedHttp) -> Cloudflare {
        let base = "https://api.cloudflare.example".parse().expect("an address");
        Cloudflare::new(Arc::new(http.clone()), &base, "0f1e", Secret::new("hush".to_owned()))
    }

    fn tags(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("toprod{number}")).collect()
    }

    fn done() -> HttpResponse {
        HttpResponse::json(
            StatusCode::OK,
            &json!({ "success": true, "errors": [], "result": { "id": "0f1e" } }),
        )
    }

    #[tokio::test]
    async fn tags_go_thirty_at_a_time_with_the_token() {
        let http = ScriptedHttp::new();
        for _ in 0..3 {
            http.answer(HOST, done());
        }
        cloudflare(&http).purge(&tags(61)).await.expect("they are purged");
        let requests = http.requests();
        let sizes: Vec<usize> = requests
            .iter()
            .map(|request| {
                let body: Value = serde_json::from_slice(&request.body).expect("JSON");
                body["tags"].as_array().map_or(0, Vec::len)
            })
            .collect();
        assert_eq!(sizes, [30, 30, 1]);
        assert_eq!(requests[0].url.path(), "/client/v4/zones/0f1e/purge_cache");
        let token = &requests[0].headers[AUTHORIZATION];
        assert!(token == "Bearer hush" && token.is_sensitive());
        cloudflare(&http).purge(&[]).await.expect("there is nothing to do");
    }

    #[tokio::test]
    async fn what_it_does_not_do_is_a_failure() {
        let refused = json!({ "success": false, "errors": [{ "code": 1000, "message": "no" }] });
        for (response, kind) in [
            (HttpResponse::json(StatusCode::OK, &refused), ProviderErrorKind::Rejected),
            (HttpResponse::json(StatusCode::FORBIDDEN, &refused), ProviderErrorKind::Rejected),
            (HttpResponse::new(StatusCode::OK).with_body("<html>"), ProviderErrorKind::Unintelligible),
            (HttpResponse::new(StatusCode::TOO_MANY_REQUESTS), ProviderErrorKind::Throttled),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, response);
            assert_eq!(cloudflare(&http).purge(&tags(1)).await.expect_err("a failure").kind, kind);
        }
        let http = ScriptedHttp::new();
        http.answer(HOST, done());
        http.fail(HOST, HttpErrorKind::TimedOut);
        let error = cloudflare(&http).purge(&tags(31)).await.expect_err("the second call fails");
        assert!(error.is_transient());
    }
}
