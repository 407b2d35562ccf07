//! Slack: a room of the team's, by an incoming webhook (docs of Slack: "Sending messages using incoming webhooks", 2026-11).

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use turnout_core::{
    error::ProviderError,
    ports::{
        chat::TeamChat,
        http::{HttpClient, HttpRequest},
    },
};
use url::Url;

const NAME: &str = "slack";

/// Says things in one room. Whoever knows the address of the webhook can do so, which is why it is never shown.
pub struct Slack {
    http: Arc<dyn HttpClient>,
    webhook: Url,
}

impl Slack {
    /// Speaks by this webhook.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>, webhook: Url) -> Self {
        Self { http, webhook }
    }

    fn request(&self, text: &str) -> Result<HttpRequest, ProviderError> {
        let body = json!({ "text": escaped(text) });
        HttpRequest::post(self.webhook.clone()).with_json(&body).map_err(|error| error.at(NAME))
    }
}

/// The three characters by which Slack knows links, mentions and entities stand for themselves.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[async_trait]
impl TeamChat for Slack {
    async fn say(&self, text: &str) -> Result<(), ProviderError> {
        let answered = self.http.send(self.request(text)?).await.map_err(|error| error.at(NAME))?;
        answered.success(NAME).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use turnout_core::{
        error::ProviderErrorKind,
        memory::ScriptedHttp,
        ports::http::{HttpResponse, StatusCode},
    };

    use super::*;

    const HOST: &str = "hooks.slack.example";

    fn slack(http: &ScriptedHttp) -> Slack {
        let webhook = "https://hooks.slack.example/services/T0/B0/hush".parse().expect("an address");
        Slack::new(Arc::new(http.clone()), webhook)
    }

    #[tokio::test]
    async fn a_text_goes_to_the_room_of_the_webhook_and_mentions_nobody() {
        let http = ScriptedHttp::new();
        http.answer(HOST, HttpResponse::new(StatusCode::OK).with_body("ok"));
        slack(&http).say("A & B <!channel>\nhttps://a.test/?x=1&y=2").await.expect("it is said");
        let asked = &http.requests()[0];
        let body: Value = serde_json::from_slice(&asked.body).expect("JSON");
        assert_eq!(asked.url.path(), "/services/T0/B0/hush");
        assert_eq!(body, json!({ "text": "A &amp; B &lt;!channel&gt;\nhttps://a.test/?x=1&amp;y=2" }));
        assert!(!format!("{asked:?}").contains("hush"));
    }

    #[tokio::test]
    async fn a_room_that_is_gone_is_no_reason_to_try_again_and_one_that_is_full_is() {
        for (status, kind) in [
            (StatusCode::BAD_REQUEST, ProviderErrorKind::Rejected),
            (StatusCode::FORBIDDEN, ProviderErrorKind::Rejected),
            (StatusCode::NOT_FOUND, ProviderErrorKind::Rejected),
            (StatusCode::GONE, ProviderErrorKind::Rejected),
            (StatusCode::TOO_MANY_REQUESTS, ProviderErrorKind::Throttled),
            (StatusCode::INTERNAL_SERVER_ERROR, ProviderErrorKind::Unreachable),
        ] {
            let http = ScriptedHttp::new();
            http.answer(HOST, HttpResponse::new(status));
            let error = slack(&http).say("x").await.expect_err("a failure");
            assert_eq!(error.kind, kind, "{status}");
            assert!(!format!("{error:?}").contains("hush"));
        }
    }
}
