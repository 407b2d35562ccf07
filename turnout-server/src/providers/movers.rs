//! The source of leads about people who moved (`flows.md` 17, 1): one address, which answers `{"leads": […]}`.
//!
//! How the fields of a lead are called is [`LeadDraft`]'s to know.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::Value;
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    mover::LeadDraft,
    ports::{
        http::{HttpClient, HttpRequest, HttpResponse, header},
        movers::{LookBack, MoverSource},
    },
};
use url::Url;

use crate::config::Secret;

/// The name in the configuration.
const NAME: &str = "movers";
/// The source gathers for a while before it answers.
const TIMEOUT: TimeDelta = TimeDelta::seconds(60);
/// The most bytes of an answer: of about a hundred thousand leads.
const ANSWER: usize = 64 * 1024 * 1024;

/// Asks for leads.
pub struct MoverLeads {
    http: Arc<dyn HttpClient>,
    endpoint: Url,
    secret: Secret,
}

#[derive(Deserialize)]
struct Answer {
    leads: Vec<Value>,
}

impl MoverLeads {
    /// Where it is, with our id in it, and what it knows us by.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, endpoint: Url, secret: Secret) -> Self {
        Self { http, endpoint, secret }
    }

    fn request(&self, back: LookBack) -> Result<HttpRequest, ProviderError> {
        let mut url = self.endpoint.clone();
        let (name, count) = match back {
            LookBack::Hours(hours) => ("hrs", hours),
            LookBack::Days(days) => ("days", days),
        };
        url.query_pairs_mut().append_pair(name, &count.to_string());
        let request = HttpRequest::get(url).with_timeout(TIMEOUT).with_answer_limit(ANSWER);
        request
            .with_secret_header(header::AUTHORIZATION, self.secret.reveal())
            .and_then(|request| request.with_header(header::ACCEPT, "application/json"))
            .map_err(|error| error.at(NAME))
    }
}

fn answer(response: HttpResponse) -> Result<Vec<LeadDraft>, ProviderError> {
    let unintelligible = |error| ProviderError::new(NAME, ProviderErrorKind::Unintelligible).because(error);
    let Answer { leads } = response.success(NAME)?.read_json().map_err(unintelligible)?;
    Ok(leads.iter().map(LeadDraft::from_json).collect())
}

#[async_trait]
impl MoverSource for MoverLeads {
    async fn fetch(&self, back: LookBack) -> Result<Vec<LeadDraft>, ProviderError> {
        let response = self.http.send(self.request(back)?).await.map_err(|error| error.at(NAME))?;
        answer(response)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use turnout_core::{
        memory::ScriptedHttp,
        ports::http::{HttpErrorKind, StatusCode},
    };

    use super::*;

    const HOST: &str = "leads.example.org";

    fn source(http: &ScriptedHttp) -> MoverLeads {
        let endpoint = "https://leads.example.org/clients/us/leads?v=1".parse().expect("an address");
        MoverLeads::new(Arc::new(http.clone()), endpoint, Secret::new("hush".to_owned()))
    }

    #[tokio::test]
    async fn it_is_asked_for_hours_or_days_with_the_secret() {
        let http = ScriptedHttp::new();
        for _ in 0..2 {
            http.answer(
                HOST,
                HttpResponse::json(StatusCode::OK, &json!({"leads": [{"email": "a@b.co"}, 7]})),
            );
        }
        let source = source(&http);
        for back in [LookBack::Hours(2), LookBack::Days(30)] {
            assert_eq!(source.fetch(back).await.expect("leads").len(), 2);
        }
        let requests = http.requests();
        let asked: Vec<&str> = requests.iter().map(|request| request.url.as_str()).collect();
        assert_eq!(
            asked,
            [
                "https://leads.example.org/clients/us/leads?v=1&hrs=2",
                "https://leads.example.org/clients/us/leads?v=1&days=30",
            ]
        );
        let secret = &requests[0].headers[header::AUTHORIZATION];
        assert!(secret == "hush" && secret.is_sensitive());
    }

    #[tokio::test]
    async fn an_answer_that_is_not_whole_is_none() {
        for (answered, kind) in [
            (HttpResponse::new(StatusCode::TOO_MANY_REQUESTS), ProviderErrorKind::Throttled),
            (HttpResponse::new(StatusCode::BAD_GATEWAY), ProviderErrorKind::Unreachable),
            (HttpResponse::new(StatusCode::FORBIDDEN), ProviderErrorKind::Rejected),
            (
                HttpResponse::new(StatusCode::OK).with_body("{\"leads\": [{}, "),
                ProviderErrorKind::Unintelligible,
            ),
            (HttpResponse::json(StatusCode::OK, &json!({})), ProviderErrorKind::Unintelligible),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, answered);
            let Err(error) = source(&http).fetch(LookBack::Hours(2)).await else { panic!("{kind:?}") };
            assert_eq!(error.kind, kind);
        }
        let http = ScriptedHttp::new();
        http.fail(HOST, HttpErrorKind::TimedOut);
        let Err(error) = source(&http).fetch(LookBack::Hours(2)).await else { panic!("an answer") };
        assert!(error.is_transient());
    }
}
