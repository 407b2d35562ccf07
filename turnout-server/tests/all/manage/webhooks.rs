//! A subscriber's people look after their endpoints through the pages.

use std::sync::Arc;

use turnout_core::{
    ids::{DeliveryId, EndpointId, SubscriberId},
    jobs::step,
    memory::ScriptedHttp,
    ports::{
        http::{HttpResponse, StatusCode},
        store::Store as _,
    },
    webhook::{DeliveryStatus, Endpoint, Off, OffReason},
};

use uuid::Uuid;

use super::{
    browser::heading,
    own_rows,
    site::{OWN, Role, signed_in, site},
};
use crate::support::TestServer;

const HOME: &str = "/manage/votenow/webhooks/";

async fn endpoint(server: &TestServer, id: &str) -> Endpoint {
    let id = EndpointId::parse(id).unwrap();
    server.store.view().await.unwrap().webhooks().endpoint(id).await.unwrap().unwrap()
}

async fn status(server: &TestServer) -> DeliveryStatus {
    let id = DeliveryId::parse(own_rows::DELIVERY).unwrap();
    server.store.view().await.unwrap().webhooks().delivery(id).await.unwrap().unwrap().status
}

/// The secret on a page.
fn secret(page: &str) -> String {
    page.split(['<', '>']).find(|word| word.starts_with("whsec_")).expect("a secret").to_owned()
}

#[tokio::test]
async fn a_secret_is_shown_when_it_is_made_and_never_again() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let create = format!("{HOME}create/");
    let wrong = member.post(&create, &[("address", "http://localhost/")]).await;
    assert_eq!(wrong.status, 400);
    let text = wrong.text();
    assert!(text.contains("begin with https://") && text.contains("Choose at least one event."), "{text}");
    let fields = [
        ("address", "https://hooks.example.org/turnout"),
        ("description", "a <b>list</b>"),
        ("registration.completed", "true"),
        ("action.event", "true"),
    ];
    let made = member.post(&create, &fields).await;
    assert_eq!((made.status.as_u16(), made.header("cache-control")), (200, Some("no-store")));
    let first = secret(&made.text());
    let list = member.get(HOME).await.text();
    assert!(list.contains("a &#60;b&#62;list") && list.contains("the list of volunteers"), "{list}");
    let mut view = server.store.view().await.unwrap();
    let own = view.webhooks().of_subscriber(SubscriberId(Uuid::from_u128(OWN))).await.unwrap();
    drop(view);
    let id = own.iter().find(|it| it.description.as_deref() == Some("a <b>list</b>")).unwrap().id;
    let page = member.get(&format!("{HOME}{id}/")).await.text();
    assert!(page.contains("registration.completed, action.event"), "{page}");
    assert!(!page.contains("whsec_") && !list.contains("whsec_"));
    let rotate = format!("{HOME}{id}/rotate/");
    assert_eq!(heading(&member.get(&rotate).await.text()), "Change the secret?");
    let second = secret(&member.post(&rotate, &[]).await.text());
    assert_ne!(first, second);

    let edit = format!("{HOME}{id}/edit/");
    assert!(member.get(&edit).await.text().contains("value=\"https://hooks.example.org/turnout\""));
    assert_eq!(member.post(&edit, &[("address", "https://hooks.example.org/")]).await.status, 400);
    let kept = [("address", "https://hooks.example.org/v2"), ("lookup.started", "true")];
    let page = member.submit(&edit, &kept).await.text();
    assert!(page.contains("The endpoint was changed.") && page.contains("lookup.started"), "{page}");
    let remove = format!("{HOME}{id}/remove/");
    assert_eq!(heading(&member.get(&remove).await.text()), "Remove “No description”?");
    assert!(member.submit(&remove, &[]).await.text().contains("The endpoint was removed."));
    assert_eq!(member.get(&format!("{HOME}{id}/")).await.status, 404);
}

#[tokio::test]
async fn deliveries_are_seen_and_sent_again() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let here = format!("{HOME}{}/", own_rows::ENDPOINT);
    let page = member.get(&here).await.text();
    for seen in ["registration.completed", "Given up", "503", "Waiting", "Send again"] {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    let dead = member.get(&format!("{here}?status=dead")).await.text();
    assert_eq!(dead.matches("msg_").count(), 2, "the delivery, and what its button is about: {dead}");
    assert_eq!(member.get(&format!("{here}?status=delivered")).await.text().matches("msg_").count(), 0);

    let again = format!("{here}deliveries/{}/again/", own_rows::DELIVERY);
    let token = member.token(&here).await;
    assert_eq!(member.send(&again, &token, &[]).await.status, 303);
    assert_eq!(status(&server).await, DeliveryStatus::Waiting);
    let http = ScriptedHttp::new();
    http.answer("hooks1.example.org", HttpResponse::new(StatusCode::OK));
    http.answer("hooks1.example.org", HttpResponse::new(StatusCode::OK));
    let mut app = server.app.clone();
    app.partners = Arc::new(http.clone());
    step::run_all_due(&app).await.unwrap();
    assert_eq!(status(&server).await, DeliveryStatus::Delivered);

    server.clock.advance(chrono::TimeDelta::minutes(1));
    let replay = format!("{here}replay/");
    let wrong = member.post(&replay, &[("from", "2026-11-03T10:00"), ("to", "soon")]).await;
    assert_eq!(wrong.status, 400);
    let from =
        (turnout_core::ports::clock::Clock::now(&*app.clock) - chrono::TimeDelta::hours(1)).to_rfc3339();
    let page = member.submit(&replay, &[("from", &from), ("to", "")]).await.text();
    assert!(page.contains("That time is being sent again."), "{page}");
    step::run_all_due(&app).await.unwrap();
    let ids: Vec<_> = http.requests().iter().map(|it| it.headers["webhook-id"].clone()).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn an_endpoint_is_paused_tested_and_switched_on_again() {
    let server = site().await;
    let mut member = signed_in(&server, Role::Member).await;
    let here = format!("{HOME}{}/", own_rows::ENDPOINT);
    let token = member.token(&here).await;
    assert_eq!(member.send(&format!("{here}pause/"), &token, &[]).await.status, 303);
    assert!(endpoint(&server, own_rows::ENDPOINT).await.paused_at.is_some());
    assert!(member.get(HOME).await.text().contains("Paused"));
    assert_eq!(member.send(&format!("{here}resume/"), &token, &[]).await.status, 303);
    assert!(endpoint(&server, own_rows::ENDPOINT).await.is_open());
    assert_eq!(member.send(&format!("{here}test/"), &token, &[]).await.status, 303);
    assert!(member.get(&here).await.text().contains("webhook.test"));

    let mut unit = server.store.begin().await.unwrap();
    let off = Off { since: server.app.now(), reason: OffReason::Gone };
    let gone = Endpoint { off: Some(off), ..endpoint(&server, own_rows::ENDPOINT).await };
    unit.webhooks_mut().update_endpoint(&gone).await.unwrap();
    unit.commit().await.unwrap();
    for page in [HOME, here.as_str(), "/manage/votenow/"] {
        let text = member.get(page).await.text();
        assert!(text.contains("is switched off, as it answered 410, Gone"), "{text}");
    }
    let page = member.get(&here).await.text();
    assert!(page.contains("Switch on again") && !page.contains("Send a test"), "{page}");
    step::run_all_due(&server.app).await.unwrap();
}
