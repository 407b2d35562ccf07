//! What another server with our API knows of states: `/v1/election/field/` and `/v1/election/state/` (`http-api.md` 9, 2026-11).

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use turnout_core::{
    election::import::StateInfoDraft,
    error::{ProviderError, ProviderErrorKind},
    ports::http::{HttpClient, HttpRequest, header},
};
use url::Url;

const NAME: &str = "state-info";
const TIMEOUT: TimeDelta = TimeDelta::seconds(60);
/// Half a megabyte is what there is.
const LARGEST: usize = 32 * 1024 * 1024;
/// What is fetched, in this order.
const PATHS: [&str; 2] = ["/v1/election/field/", "/v1/election/state/"];

/// Another server.
pub struct StateInfoServer {
    http: Arc<dyn HttpClient>,
    base: Url,
}

impl StateInfoServer {
    /// The one at `base`.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, base: Url) -> Self {
        Self { http, base }
    }

    /// How many lists are fetched.
    #[must_use]
    pub fn lists() -> usize {
        PATHS.len()
    }

    /// Fetches everything; `each` is told of every list before it is fetched.
    ///
    /// # Errors
    /// When one cannot be had, or is no JSON.
    pub async fn fetch(&self, mut each: impl FnMut(&str)) -> Result<StateInfoDraft, ProviderError> {
        let mut draft = StateInfoDraft::default();
        for path in PATHS {
            each(path);
            draft.read(path, &self.list(path).await?);
        }
        Ok(draft)
    }

    async fn list(&self, path: &str) -> Result<Value, ProviderError> {
        let mut url = self.base.clone();
        url.set_path(path);
        let request = HttpRequest::get(url).with_timeout(TIMEOUT).with_answer_limit(LARGEST);
        let request = request.with_header(header::ACCEPT, "application/json");
        let answered = self.http.send(request.map_err(|error| error.at(NAME))?).await;
        let answered = answered.map_err(|error| error.at(NAME))?.success(NAME)?;
        let unreadable = ProviderError::new(NAME, ProviderErrorKind::Unintelligible);
        answered.read_json().map_err(|error| unreadable.because(error))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use turnout_core::{
        memory::ScriptedHttp,
        ports::http::{HttpResponse, StatusCode},
    };

    use super::*;

    const HOST: &str = "api.example.org";

    fn server(http: &ScriptedHttp) -> StateInfoServer {
        let base = "https://api.example.org".parse().expect("an address");
        StateInfoServer::new(Arc::new(http.clone()), base)
    }

    #[tokio::test]
    async fn kinds_of_facts_and_states_are_fetched() {
        let http = ScriptedHttp::new();
        let fields = json!([{ "slug": "a", "long_name": "A", "field_format": "URL" }]);
        let facts = json!([{ "field_type": "a", "text": "https://ma.example.org/" }]);
        let states = json!([{ "code": "MA", "name": "Massachusetts", "state_information": facts }]);
        for list in [fields, states] {
            http.answer(HOST, HttpResponse::json(StatusCode::OK, &list));
        }
        let mut told = Vec::new();
        let draft = server(&http).fetch(|path| told.push(path.to_owned())).await.expect("lists");
        let info = draft.check().expect("sound ones");
        assert_eq!((info.fields.len(), info.facts.len()), (1, 1));
        assert_eq!(told, PATHS);
        let paths: Vec<String> = http.requests().iter().map(|it| it.url.path().to_owned()).collect();
        assert_eq!(paths, PATHS);
    }

    #[tokio::test]
    async fn what_is_no_list_is_a_failure() {
        for (response, kind) in [
            (HttpResponse::new(StatusCode::NOT_FOUND), ProviderErrorKind::Rejected),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
            (HttpResponse::new(StatusCode::OK).with_body("<html>"), ProviderErrorKind::Unintelligible),
            (HttpResponse::new(StatusCode::FOUND), ProviderErrorKind::Unintelligible),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, response);
            let failed = server(&http).fetch(|_| {}).await.expect_err("a failure");
            assert_eq!(failed.kind, kind);
        }
    }
}
