//! Who is not mailed: `/v1/integration/sendgrid-events/` and the page `/unsubscribe/`.

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    ports::store::Store as _,
    secret::SecretKey,
    suppression::{self, AddressKey, SuppressionReason, SuppressionSource, UnsubscribeLink},
};

use crate::support::{Answer, TestServer, sendgrid_signature, voter};

const EVENTS: &str = "/v1/integration/sendgrid-events/";
const VOTER: &str = "voter@example.org";

/// SendGrid's call about what happened a minute ago.
async fn told(server: &TestServer, events: &Value) -> Answer {
    let timestamp = server.app.now().timestamp().to_string();
    let body = events.to_string();
    let signature = sendgrid_signature(&timestamp, &body);
    signed(server, &timestamp, &signature, &body).await
}

async fn signed(server: &TestServer, timestamp: &str, signature: &str, body: &str) -> Answer {
    let ask = server.ask("POST", EVENTS).body("application/json", body.to_owned());
    let ask = ask.header("x-twilio-email-event-webhook-timestamp", timestamp);
    ask.header("x-twilio-email-event-webhook-signature", signature).send().await
}

fn event(server: &TestServer, name: &str) -> Value {
    let at = (server.app.now() - TimeDelta::minutes(1)).timestamp();
    json!([{"email": "Voter@Example.org", "event": name, "timestamp": at, "sg_event_id": "a", "reason": "550 no"}])
}

async fn standing(server: &TestServer) -> Vec<SuppressionReason> {
    let rows = suppression::noted(&server.app, VOTER).await.unwrap();
    rows.into_iter().filter(|row| row.lifted_at.is_none()).map(|row| row.reason).collect()
}

/// A voter registers; the kinds of the mails of that day, and the event of the form.
async fn registers(server: &TestServer) -> Vec<&'static str> {
    let answer = server.post("/v1/registration/register/", &voter()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mails = server.work().await;
    // whether it was mailed or not, the form is there
    let events = server.events(answer.json()["action_id"].as_str().unwrap()).await;
    assert!(events.contains(&EventType::FinishPrint), "{events:?}");
    mails
}

/// The path of the link in the reminder of the next days.
async fn reminded(server: &TestServer) -> Option<String> {
    // noon in Ohio, in two days
    let now = server.app.now();
    let noon = (now + TimeDelta::days(2)).date_naive().and_hms_opt(17, 0, 0).unwrap().and_utc();
    server.clock.advance(noon - now);
    let mails = server.mails().await;
    let reminder = mails.iter().find(|mail| mail.tag == "register.reminder")?;
    let url = reminder.unsubscribe_url.clone().expect("a reminder has a link");
    assert!(!url.contains("voter"), "{url}");
    Some(url.strip_prefix(&server.app.settings.origins.primary).unwrap().to_owned())
}

#[tokio::test]
async fn an_address_from_which_mail_came_back_is_mailed_nothing() {
    let server = TestServer::new().await;
    assert_eq!(told(&server, &event(&server, "bounce")).await.status, 200);
    assert_eq!(standing(&server).await, [SuppressionReason::Bounce]);
    assert_eq!(registers(&server).await, Vec::<&str>::new());
    assert_eq!(reminded(&server).await, None);
    suppression::lift_address(&server.app, VOTER, None).await.unwrap();
    assert_eq!(registers(&server).await, ["register.form"]);
}

#[tokio::test]
async fn who_called_a_mail_spam_gets_what_they_ask_for_and_nothing_else() {
    let server = TestServer::new().await;
    assert_eq!(told(&server, &event(&server, "spamreport")).await.status, 200);
    assert_eq!(standing(&server).await, [SuppressionReason::Complaint]);
    assert_eq!(registers(&server).await, ["register.form"]);
    assert_eq!(reminded(&server).await, None);
}

#[tokio::test]
async fn the_link_of_a_reminder_ends_reminders_at_once_and_takes_it_back() {
    let server = TestServer::new().await;
    assert_eq!(registers(&server).await, ["register.form"]);
    let link = reminded(&server).await.expect("a reminder");
    // looking at it, as a program may, changes nothing
    let page = server.ask("GET", &link).header("accept", "text/html").send().await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, Some("no-store")));
    assert!(page.text().contains("Send me no more"), "{}", page.text());
    assert_eq!(standing(&server).await, []);

    // RFC 8058: a program posts this, without cookies, and is not sent elsewhere
    let one_click = server.ask("POST", &link).form("List-Unsubscribe=One-Click");
    let answer = one_click.header("sec-fetch-site", "cross-site").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(standing(&server).await, [SuppressionReason::Unsubscribe]);
    assert_eq!(server.ask("POST", &link).form("List-Unsubscribe=One-Click").send().await.status, 200);
    assert_eq!(registers(&server).await, ["register.form"]);
    assert_eq!(reminded(&server).await, None);

    let answer = server.ask("POST", &format!("{link}&lang=es")).form("undo=1").send().await;
    assert!(answer.status == 200 && answer.text().contains("Recibirá recordatorios de nuevo"));
    assert_eq!(standing(&server).await, []);
    assert_eq!(registers(&server).await, ["register.form"]);
    assert!(reminded(&server).await.is_some());
}

#[tokio::test]
async fn a_link_opens_the_address_for_which_it_was_made_and_no_other() {
    let server = TestServer::new().await;
    let path = |address: &str| {
        let url = suppression::unsubscribe_url(&server.app, address);
        url.strip_prefix(&server.app.settings.origins.primary).unwrap().to_owned()
    };
    let (mine, theirs) = (path(VOTER), path("other@example.org"));
    let (key, token) = (mine.split_once("&t=").unwrap().0, theirs.split_once("&t=").unwrap().1);
    for wrong in [
        format!("{key}&t={token}"),
        format!("{key}&t="),
        key.to_owned(),
        mine.replace("?a=", "?a=x"),
        mine.replace("s=all", "s=service"),
        mine.replace("&s=all", ""),
        "/unsubscribe/".to_owned(),
    ] {
        let answer = server.ask("POST", &wrong).form("List-Unsubscribe=One-Click").send().await;
        assert_eq!(answer.status, 404, "{wrong}");
    }
    assert_eq!(standing(&server).await, []);
    // made under the key before the last rotation
    let mut app = server.app.clone();
    app.previous_secret =
        Some(std::mem::replace(&mut app.secret, SecretKey::new(b"the next one".to_vec()).into()));
    let (id, token) = mine.split_once("?a=").unwrap().1.split_once("&s=all&t=").unwrap();
    let link = UnsubscribeLink { id, scope: "all", token };
    suppression::unsubscribe(&app, link).await.unwrap();
    assert_eq!(standing(&server).await, [SuppressionReason::Unsubscribe]);
}

#[tokio::test]
async fn a_wish_lifts_neither_a_bounce_nor_a_complaint() {
    let server = TestServer::new().await;
    for name in ["bounce", "spamreport", "unsubscribe"] {
        told(&server, &event(&server, name)).await;
    }
    let url = suppression::unsubscribe_url(&server.app, VOTER);
    let path = url.strip_prefix(&server.app.settings.origins.primary).unwrap();
    server.ask("POST", path).form("undo=1").send().await;
    assert_eq!(standing(&server).await, [SuppressionReason::Bounce, SuppressionReason::Complaint]);
}

#[tokio::test]
async fn only_what_sendgrid_signed_is_believed() {
    let server = TestServer::new().await;
    let body = event(&server, "bounce").to_string();
    let now = server.app.now().timestamp().to_string();
    let good = sendgrid_signature(&now, &body);
    let tampered = body.replace("bounce", "spamreport");
    for (timestamp, signature, body) in [
        ("1", good.as_str(), body.as_str()),
        (now.as_str(), "", body.as_str()),
        (now.as_str(), "MEUCIQ==", body.as_str()),
        (now.as_str(), good.as_str(), tampered.as_str()),
    ] {
        let answer = signed(&server, timestamp, signature, body).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (403, "Bad sendgrid signature"));
    }
    assert_eq!(server.ask("POST", EVENTS).body("application/json", body.clone()).send().await.status, 403);
    assert_eq!(standing(&server).await, []);
    let nobody = TestServer::with(|setup| setup.http.sendgrid_key = None).await;
    assert_eq!(signed(&nobody, &now, &good, &body).await.status, 403);
    // signed, and no list
    assert_eq!(told(&server, &json!({"event": "bounce"})).await.status, 400);
    assert_eq!(told(&server, &json!([1, {"event": "bounce"}, {"email": "x"}])).await.status, 200);
    assert_eq!(signed(&server, &now, &good, &body).await.status, 200);
    assert_eq!(standing(&server).await, [SuppressionReason::Bounce]);
}

#[tokio::test]
async fn a_call_that_is_played_again_undoes_nothing() {
    let server = TestServer::new().await;
    let timestamp = server.app.now().timestamp().to_string();
    let body = event(&server, "bounce").to_string();
    let signature = sendgrid_signature(&timestamp, &body);
    for _ in 0..2 {
        assert_eq!(signed(&server, &timestamp, &signature, &body).await.status, 200);
    }
    let rows = suppression::noted(&server.app, VOTER).await.unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(
        (row.source, row.since),
        (SuppressionSource::Vendor, server.app.now() - TimeDelta::minutes(1))
    );
    suppression::lift_address(&server.app, VOTER, None).await.unwrap();
    server.clock.advance(TimeDelta::days(1));
    assert_eq!(signed(&server, &timestamp, &signature, &body).await.status, 200);
    assert_eq!(standing(&server).await, [], "it was lifted since");
    told(&server, &event(&server, "bounce")).await;
    assert_eq!(standing(&server).await, [SuppressionReason::Bounce], "it came back since");
}

#[tokio::test]
async fn an_office_that_is_not_mailed_is_a_job_for_a_person() {
    let server = super::absentee::signing().await;
    let mut unit = server.store.begin().await.unwrap();
    let office = AddressKey::of(&server.app, "diverted@example.org");
    let (reason, source) = (SuppressionReason::Bounce, SuppressionSource::Vendor);
    let now = server.app.now();
    suppression::suppress(&server.app, unit.as_mut(), office, reason, source, now).await.unwrap();
    unit.commit().await.unwrap();
    super::absentee::signed_request(&server).await;
    assert_eq!(server.work().await, Vec::<&str>::new());
    let jobs = server.jobs().await;
    let dead = jobs.iter().find(|job| job.kind == "absentee.email_office").unwrap();
    let error = dead.last_error.as_deref().unwrap();
    assert!(error.contains("is not mailed (suppressed)") && !error.contains('@'), "{error}");
    // once the address works again, a person runs the job again
    suppression::lift(&server.app, office, None).await.unwrap();
    let mut unit = server.store.begin().await.unwrap();
    unit.jobs_mut().requeue(dead.id, now).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(server.work().await, ["absentee.to_office"]);
}
