//! `/-/…`

use serde_json::json;
use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

use crate::support::TestServer;

#[tokio::test]
async fn a_server_that_lives_says_ok() {
    let server = TestServer::new().await;
    for path in ["/-/alive/", "/-/alive"] {
        let answer = server.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "ok"));
        assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(answer.header("vary"), Some("Origin"));
        assert_eq!(answer.header("x-frame-options"), Some("SAMEORIGIN"));
        assert_eq!(answer.header("allow"), None);
    }
    server.get("/-/health/").await.is(200, &json!({ "healthy": true }));
}

#[tokio::test]
async fn other_methods_are_refused() {
    let server = TestServer::new().await;
    for path in ["/-/alive/", "/-/health/"] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let answer = server.ask(method, path).send().await;
            answer.is(405, &json!({ "detail": format!("Method \"{method}\" not allowed.") }));
            assert_eq!(answer.header("allow"), Some("GET, HEAD"));
        }
    }
}

#[tokio::test]
async fn a_store_that_was_not_migrated_is_not_healthy() {
    let mut server = TestServer::new().await;
    let folder = tempfile::tempdir().unwrap();
    let empty = SqliteStore::open(folder.path().join("empty.db"), SqliteOptions::default()).await.unwrap();
    server.app.store = std::sync::Arc::new(empty);
    server.web = turnout_server::http::Web::new(server.app.clone(), server.web.settings().clone());
    let body = json!({ "healthy": false, "errors": ["database migrations pending"] });
    server.get("/-/health/").await.is(503, &body);
}
