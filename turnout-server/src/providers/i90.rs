//! i90: short links of our own (`flows.md` 23, 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        http::{HeaderName, HttpClient, HttpRequest, HttpResponse},
        links::LinkShortener,
    },
};
use url::Url;

use crate::config::Secret;

const NAME: &str = "i90";
const KEY: HeaderName = HeaderName::from_static("x-api-key");
/// Longer than this no text waits for its link.
const TIMEOUT: TimeDelta = TimeDelta::seconds(5);

/// Makes links short by i90.
pub struct I90 {
    http: Arc<dyn HttpClient>,
    base: Url,
    key: Secret,
}

/// A link as it answers it.
#[derive(Deserialize)]
struct Conceived {
    short_url: String,
}

impl I90 {
    /// Asks at `base`, under which short links are, with this key.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: Url, key: Secret) -> Self {
        Self { http, base, key }
    }

    fn request(&self, url: &str) -> Result<HttpRequest, ProviderError> {
        let mut to = self.base.clone();
        to.set_path("/v1/conceive");
        let body = json!({ "destination": url, "_app_name": "turnout" });
        let request = HttpRequest::post(to).with_timeout(TIMEOUT).with_json(&body);
        let request = request.and_then(|request| request.with_secret_header(KEY, self.key.reveal()));
        request.map_err(|error| error.at(NAME))
    }

    fn answer(response: HttpResponse) -> Result<String, ProviderError> {
        let unintelligible = || ProviderError::new(NAME, ProviderErrorKind::Unintelligible);
        let Conceived { short_url } =
            response.success(NAME)?.read_json().map_err(|error| unintelligible().because(error))?;
        let is_link = Url::parse(&short_url).is_ok_and(|it| matches!(it.scheme(), "http" | "https"));
        if is_link { Ok(short_url) } else { Err(unintelligible()) }
    }
}

#[async_trait]
impl LinkShortener for I90 {
    async fn shorten(&self, url: &str) -> Result<String, ProviderError> {
        let answered = self.http.send(self.request(url)?).await.map_err(|error| error.at(NAME))?;
        Self::answer(answered)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use turnout_core::{memory::ScriptedHttp, ports::http::StatusCode};

    use super::*;

    const HOST: &str = "go.example.org";

    fn i90(http: &ScriptedHttp) -> I90 {
        let base = "https://go.example.org".parse().expect("an address");
        I90::new(Arc::new(http.clone()), base, Secret::new("hush".to_owned()))
    }

    #[tokio::test]
    async fn a_long_link_goes_in_with_the_key_and_a_short_one_comes_out() {
        let http = ScriptedHttp::new();
        let answer = json!({"token": "x1", "short_url": "https://go.example.org/x1", "destination": "…"});
        http.answer(HOST, HttpResponse::json(StatusCode::OK, &answer));
        let short = i90(&http).shorten("https://www.example.org/?first_name=Ada&x=1").await.expect("a link");
        assert_eq!(short, "https://go.example.org/x1");
        let asked = &http.requests()[0];
        let body: Value = serde_json::from_slice(&asked.body).expect("JSON");
        assert_eq!(
            (asked.url.path(), &body["destination"]),
            ("/v1/conceive", &json!("https://www.example.org/?first_name=Ada&x=1"))
        );
        assert!(asked.headers[KEY] == "hush" && asked.headers[KEY].is_sensitive());
    }

    #[tokio::test]
    async fn what_is_no_link_is_a_failure() {
        for (response, kind) in [
            (HttpResponse::json(StatusCode::OK, &json!({"error": "no"})), ProviderErrorKind::Unintelligible),
            (
                HttpResponse::json(StatusCode::OK, &json!({"short_url": "javascript:x"})),
                ProviderErrorKind::Unintelligible,
            ),
            (HttpResponse::new(StatusCode::FORBIDDEN), ProviderErrorKind::Rejected),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, response);
            assert_eq!(i90(&http).shorten("https://a.test/").await.expect_err("a failure").kind, kind);
        }
    }
}
