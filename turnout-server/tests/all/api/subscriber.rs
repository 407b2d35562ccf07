//! `/v1/subscriber/…`

use serde_json::json;
use turnout_core::{ports::store::Store, subscriber::SubscriberStatus};

use crate::support::TestServer;

#[tokio::test]
async fn a_subscriber_is_described() {
    let server = TestServer::new().await;
    let consent = "By checking this box, you agree to receive text messages from VoteAmerica. Message and data rates \
                   may apply. Message frequency varies. Text STOP to unsubscribe or HELP for more info.";
    let mut body = json!({
        "name": "VoteAmerica",
        "url": "https://www.voteamerica.com/",
        "terms_of_service": null,
        "privacy_policy": "https://www.voteamerica.com/privacy/",
        "has_data_access": true,
        "sms_enabled": true,
        "sms_checkbox_default": false,
        "sms_disclaimer": null,
        "sms_checkbox": true,
        "disclaimer": consent,
    });
    server.get("/v1/subscriber/id/default/").await.is(200, &body);
    // on the free plan no texts are sent, but the sentence stays
    body["has_data_access"] = false.into();
    body["sms_enabled"] = false.into();
    server.get("/v1/subscriber/id/free/").await.is(200, &body);
}

#[tokio::test]
async fn a_disabled_subscriber_is_described_too_and_its_own_text_in_one_line() {
    let server = TestServer::new().await;
    let mut unit = server.store.begin().await.unwrap();
    let mut subscriber = unit.subscribers().by_slug("default").await.unwrap().unwrap();
    subscriber.status = SubscriberStatus::Disabled;
    subscriber.sms_disclaimer = Some("We <text>\r\n\r\nyou.\n".into());
    unit.subscribers_mut().update(&subscriber).await.unwrap();
    unit.commit().await.unwrap();
    let body = server.get("/v1/subscriber/id/default").await.json();
    assert_eq!(body["sms_disclaimer"], "We <text>\r\n\r\nyou.\n");
    assert_eq!(body["disclaimer"], "We <text> you.");
}

#[tokio::test]
async fn an_unknown_slug_is_not_found() {
    let server = TestServer::new().await;
    for slug in ["unknown", "DEFAULT", "default%20", "%E2%9C%93"] {
        let answer = server.get(&format!("/v1/subscriber/id/{slug}/")).await;
        answer.is(404, &json!({ "detail": "Not found." }));
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
}
