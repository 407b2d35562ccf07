//! i90: short links of our own (`flows.md` 23, 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        http::{HeaderName, HttpClient, HttpRequest, HttpResponse, StatusCode},
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

/// Where a link leads.
#[derive(Deserialize)]
struct Existing {
    destination: String,
}

/// What is known of a name.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    /// Nothing is called so.
    Free,
    /// It leads there.
    Ours,
    /// It leads elsewhere.
    Taken,
}

/// How many names there are beside the first: `-1` to `-9`.
const MORE_NAMES: u32 = 9;

impl I90 {
    /// Asks at `base`, under which short links are, with this key.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: Url, key: Secret) -> Self {
        Self { http, base, key }
    }

    fn request(&self, url: &str) -> Result<HttpRequest, ProviderError> {
        self.post("/v1/conceive", &json!({ "destination": url, "_app_name": "turnout" }))
    }

    fn claim(&self, token: &str, url: &str) -> Result<HttpRequest, ProviderError> {
        self.post("/v1/claim", &json!({ "destination": url, "token": token, "_app_name": "turnout" }))
    }

    fn post(&self, path: &str, body: &Value) -> Result<HttpRequest, ProviderError> {
        let mut to = self.base.clone();
        to.set_path(path);
        let request = HttpRequest::post(to).with_timeout(TIMEOUT).with_json(body);
        let request = request.and_then(|request| request.with_secret_header(KEY, self.key.reveal()));
        request.map_err(|error| error.at(NAME))
    }

    /// Asks where a name leads.
    fn look_up(&self, token: &str) -> Result<HttpRequest, ProviderError> {
        let mut at = self.base.clone();
        at.set_path("/v1/redirect");
        if let Ok(mut path) = at.path_segments_mut() {
            path.push(token);
        }
        let request = HttpRequest::get(at).with_timeout(TIMEOUT);
        request.with_secret_header(KEY, self.key.reveal()).map_err(|error| error.at(NAME))
    }

    fn known(response: HttpResponse, url: &str) -> Result<Name, ProviderError> {
        if response.status == StatusCode::NOT_FOUND {
            return Ok(Name::Free);
        }
        let Existing { destination } = response
            .success(NAME)?
            .read_json()
            .map_err(|error| ProviderError::new(NAME, ProviderErrorKind::Unintelligible).because(error))?;
        Ok(if destination == url { Name::Ours } else { Name::Taken })
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        self.http.send(request).await.map_err(|error| error.at(NAME))
    }

    /// The short link of a name that leads there.
    fn named(&self, token: &str) -> String {
        let mut short = self.base.clone();
        short.set_path(token);
        short.into()
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
        Self::answer(self.ask(self.request(url)?).await?)
    }

    /// Looks first, so that the same link is not made at every call. Somebody else may claim a name between the two calls;
    /// then it is refused, and the next one is tried.
    async fn shorten_as(&self, name: &str, url: &str) -> Result<String, ProviderError> {
        let more = (1..=MORE_NAMES).map(|number| format!("{name}-{number}"));
        for token in std::iter::once(name.to_owned()).chain(more) {
            match Self::known(self.ask(self.look_up(&token)?).await?, url)? {
                Name::Ours => return Ok(self.named(&token)),
                Name::Taken => {}
                Name::Free => match Self::answer(self.ask(self.claim(&token, url)?).await?) {
                    Err(error) if error.kind == ProviderErrorKind::Rejected => {}
                    answered => return answered,
                },
            }
        }
        self.shorten(url).await
    }
}

#[cfg(test)]
mod tests {
    use turnout_core::memory::ScriptedHttp;

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

    fn leads(to: &str) -> HttpResponse {
        HttpResponse::json(StatusCode::OK, &json!({ "token": "x", "destination": to }))
    }

    fn claimed(token: &str) -> HttpResponse {
        let short = format!("https://go.example.org/{token}");
        HttpResponse::json(StatusCode::OK, &json!({ "token": token, "short_url": short }))
    }

    fn paths(http: &ScriptedHttp) -> Vec<String> {
        http.requests().iter().map(|it| it.url.path().to_owned()).collect()
    }

    const TRACKER: &str = "https://track.example.org/";

    #[tokio::test]
    async fn a_name_is_claimed_once_and_then_known() {
        let http = ScriptedHttp::new();
        http.answer(HOST, HttpResponse::new(StatusCode::NOT_FOUND));
        http.answer(HOST, claimed("track-ballot-MA"));
        http.answer(HOST, leads(TRACKER));
        for _ in 0..2 {
            let short = i90(&http).shorten_as("track-ballot-MA", TRACKER).await.expect("a link");
            assert_eq!(short, "https://go.example.org/track-ballot-MA");
        }
        let known = "/v1/redirect/track-ballot-MA";
        assert_eq!(paths(&http), [known, "/v1/claim", known]);
        let asked = &http.requests()[1];
        let body: Value = serde_json::from_slice(&asked.body).expect("JSON");
        assert_eq!((&body["token"], &body["destination"]), (&json!("track-ballot-MA"), &json!(TRACKER)));
        assert!(http.requests().iter().all(|it| it.headers[KEY].is_sensitive()));
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_left_and_the_next_one_taken() {
        let http = ScriptedHttp::new();
        http.answer(HOST, leads("https://old.example.org/"));
        // somebody is quicker
        http.answer(HOST, HttpResponse::new(StatusCode::NOT_FOUND));
        http.answer(HOST, HttpResponse::new(StatusCode::CONFLICT));
        http.answer(HOST, leads(TRACKER));
        let short = i90(&http).shorten_as("track-ballot-MA", TRACKER).await.expect("a link");
        assert_eq!(short, "https://go.example.org/track-ballot-MA-2");
    }

    #[tokio::test]
    async fn where_ten_names_are_taken_any_link_will_do() {
        let http = ScriptedHttp::new();
        for _ in 0..10 {
            http.answer(HOST, leads("https://old.example.org/"));
        }
        http.answer(HOST, claimed("x1"));
        let short = i90(&http).shorten_as("track-ballot-MA", TRACKER).await.expect("a link");
        assert_eq!(short, "https://go.example.org/x1");
        assert_eq!(paths(&http)[9..], ["/v1/redirect/track-ballot-MA-9", "/v1/conceive"]);
    }

    #[tokio::test]
    async fn a_name_that_cannot_be_looked_up_is_no_link() {
        for (response, kind) in [
            (HttpResponse::new(StatusCode::OK).with_body("<html>"), ProviderErrorKind::Unintelligible),
            (HttpResponse::new(StatusCode::FORBIDDEN), ProviderErrorKind::Rejected),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, response);
            assert_eq!(i90(&http).shorten_as("a", TRACKER).await.expect_err("a failure").kind, kind);
            assert_eq!(http.requests().len(), 1);
        }
    }
}
