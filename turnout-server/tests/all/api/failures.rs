//! What a caller hears when we fail: a sentence, never the cause.

use async_trait::async_trait;
use serde_json::json;
use turnout_core::ports::store::{Store, StoreError, Unit, View};
use turnout_server::http::Web;

use crate::support::{TestServer, voter};

/// A store that fails in one way.
struct Failing(fn() -> StoreError);

#[async_trait]
impl Store for Failing {
    async fn view(&self) -> Result<Box<dyn View>, StoreError> {
        Err((self.0)())
    }

    async fn begin(&self) -> Result<Box<dyn Unit>, StoreError> {
        Err((self.0)())
    }

    async fn complaints(&self) -> Vec<String> {
        vec!["database not available".to_owned()]
    }
}

/// The requests that need the store.
const ASKED: [(&str, &str); 10] = [
    ("POST", "/v1/registration/register/"),
    ("PATCH", "/v1/registration/register/00000000-0000-4000-8000-0000000000ff/"),
    ("PUT", "/v1/registration/status/00000000-0000-4000-8000-0000000000ff/"),
    ("GET", "/v1/registration/resume_token/?uuid=00000000-0000-4000-8000-0000000000ff"),
    ("GET", "/v1/election/state/"),
    ("GET", "/v1/election/field/plain/"),
    ("GET", "/v1/official/state/OH/"),
    ("GET", "/v1/official/region/1001/"),
    ("GET", "/v1/subscriber/id/default/"),
    ("GET", "/download/00000000-0000-4000-8000-0000000000ff/"),
];

async fn failing(error: fn() -> StoreError) -> TestServer {
    let mut server = TestServer::new().await;
    server.app.store = std::sync::Arc::new(Failing(error));
    server.web = Web::new(server.app.clone(), server.web.settings().clone());
    server
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_unavailable() {
    let server = failing(|| StoreError::Unavailable("secret cause".into())).await;
    for (method, path) in ASKED {
        let answer = server.ask(method, path).json(&voter()).send().await;
        answer.is(503, &json!({ "error": "The database is not available. Please try again." }));
        assert_eq!(answer.header("allow").is_some(), path.starts_with("/v1/"), "{path}");
        assert!(answer.header("cache-tag").is_some(), "{path}");
    }
    assert_eq!(server.get("/-/health/").await.status, 503);
    assert_eq!(server.get("/-/alive/").await.status, 200);
}

#[tokio::test]
async fn a_store_that_is_broken_is_our_failure_and_its_cause_is_not_told() {
    let server = failing(|| StoreError::Other("secret cause".into())).await;
    for (method, path) in ASKED {
        let answer = server.ask(method, path).json(&voter()).send().await;
        answer.is(500, &json!({ "detail": "A server error occurred." }));
        assert_eq!(answer.header("allow"), None, "{path}");
    }
}
