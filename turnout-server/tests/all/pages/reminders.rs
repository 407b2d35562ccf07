//! The page by which a voter asks to be told of elections.

use serde_json::{Value, json};
use turnout_core::{
    decision::Channel,
    ids::{ActionId, SubscriberId},
    jobs::JobRecord,
    ports::{store::Store as _, throttle::Quota},
    reminder::ReminderRequest,
    subscriber::SubscriberStatus,
};
use uuid::Uuid;

use super::visits::{CAMPAIGN, FORM, add_partner, addresses, form, location, send};
use crate::support::TestServer;

const PAGE: &str = "/election-reminders/";
const THANKS: &str = "/election-reminders/thanks/";
const PHONE: &str = "+16175557890";

const VOTER: &[(&str, &str)] = &[
    ("first_name", "Łucja"),
    ("last_name", "Nguyễn"),
    ("address1", "1 Main St"),
    ("address2", ""),
    ("city", "Lima"),
    ("state", "OH"),
    ("zipcode", "45801"),
    ("email", "voter@example.org"),
    ("phone", "(617) 555-7890"),
    ("birth_month", "6"),
    ("birth_day", "19"),
    ("birth_year", "1990"),
];

/// The voter with other values, of which the last counts.
fn voter_with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    VOTER.iter().chain(more).copied().collect()
}

/// The only request of the server, and the job that follows it; both gone afterwards.
async fn kept(server: &TestServer) -> (ReminderRequest, JobRecord) {
    let jobs = server.jobs().await;
    let [job] = &jobs[..] else { panic!("{:?}", server.job_kinds().await) };
    let action = ActionId::parse(job.payload["action"].as_str().unwrap()).unwrap();
    let found = server.store.view().await.unwrap().reminders().by_action(action).await.unwrap();
    server.work().await;
    (found.unwrap(), job.clone())
}

#[tokio::test]
async fn a_voter_signs_up_by_the_page_as_by_the_api() {
    let server = TestServer::new().await;
    let partner = add_partner(&server).await;
    let body = json!({
        "first_name": "Łucja", "last_name": "Nguyễn", "address1": "1 Main St", "city": "Lima",
        "state": "OH", "zipcode": "45801", "date_of_birth": "1990-06-19", "email": "voter@example.org",
        "phone": "(617) 555-7890", "sms_opt_in": false, "sms_opt_in_subscriber": true, "language": "es",
        "utm_source": "news&letter", "utm_medium": "e mail", "utm_campaign": "", "utm_term": "t", "utm_content": "c",
        "source": "footer", "email_referrer": "e1", "mobile_referrer": "m1",
        "session_id": "497c340e-5f38-44a1-917e-81cbc55ea7ab", "embed_url": "https://example.org/vote?name=x",
    });
    let answer = server.post("/v1/reminder/signup/?subscriber=partner", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let (by_api, job_of_api) = kept(&server).await;

    let start = server.get(&format!("/?lang=es&{CAMPAIGN}")).await.text();
    let way = addresses(&start).into_iter().find(|it| it.starts_with(PAGE)).expect("the start leads there");
    let page = server.get(&way).await.text();
    assert!(page.contains("name=\"sms_opt_in_subscriber\"") && page.contains("de Vote &#38; Go."), "{page}");
    let sent = send(&server, &way, &voter_with(&[("sms_opt_in_subscriber", "true")])).await;
    assert_eq!((sent.status.as_u16(), sent.header("cache-control")), (303, Some("no-store")));
    assert!(location(&sent).starts_with(THANKS), "{}", location(&sent));
    let (by_page, job_of_page) = kept(&server).await;

    assert_eq!(by_page.voter, by_api.voter);
    assert_eq!((by_page.subscriber, by_api.subscriber), (Some(partner), Some(partner)));
    assert_eq!(by_page.voter.tracking.embed_url.as_deref(), Some("https://example.org/vote"));
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((&job_of_page.kind, &job_of_page.lane), (&job_of_api.kind, &job_of_api.lane));
    assert_eq!(names(&job_of_page.payload), names(&job_of_api.payload));
    assert_eq!((job_of_page.subscriber, job_of_api.subscriber), (Some(partner), Some(partner)));
    let mut view = server.store.view().await.unwrap();
    let said = view.consents().of(Channel::Sms, PHONE).await.unwrap();
    let [first, second] = &said[..] else { panic!("{said:?}") };
    assert_eq!((first.mark.choice, first.mark.scope), (second.mark.choice, second.mark.scope));
    assert_eq!((first.origin, &first.context), (second.origin, &second.context));
    for request in [&by_api, &by_page] {
        let action = view.actions().by_id(request.action.unwrap()).await.unwrap().unwrap();
        assert!(action.visible_to_subscriber);
        assert_eq!(view.actions().events(action.id).await.unwrap(), []);
    }

    let thanks = server.get(&location(&sent)).await;
    assert_eq!((thanks.status.as_u16(), thanks.text().contains("<html lang=\"es\">")), (200, true));
    for (name, html) in [("page", page), ("thanks", thanks.text())] {
        for address in addresses(&html) {
            let is_kept =
                address.contains("subscriber=partner") && address.contains("utm_source=news%26letter");
            assert!(is_kept, "{address} on {name}");
        }
    }
}

#[tokio::test]
async fn what_is_optional_may_be_left_out_by_the_page_too() {
    let server = TestServer::new().await;
    let page = server.get(PAGE).await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, Some("no-cache")));
    let needed: Vec<_> = VOTER
        .iter()
        .copied()
        .filter(|(name, _)| ["first_name", "last_name", "state", "zipcode", "email"].contains(name))
        .collect();
    let sent = send(&server, PAGE, &needed).await;
    assert_eq!((sent.status.as_u16(), location(&sent).as_str()), (303, THANKS), "{}", sent.text());
    let (request, _) = kept(&server).await;
    let voter = &request.voter;
    assert_eq!((voter.date_of_birth, voter.phone.as_ref(), voter.sms_opt_in), (None, None, Some(false)));
    assert_eq!(voter.address.zipcode.as_deref(), Some("45801"));
    assert_eq!(request.subscriber, Some(SubscriberId(Uuid::from_u128(1))));
}

#[tokio::test]
async fn mistakes_are_told_at_once_at_their_fields_and_nothing_is_stored() {
    let server = TestServer::new().await;
    let wrong = [("zipcode", "458"), ("birth_day", "31"), ("phone", "12"), ("email", " "), ("state", "ZZ")];
    for (language, sentence) in [("en", "There are 5 things to fix"), ("es", "Hay 5 cosas por corregir")] {
        let answer = send(&server, &format!("{PAGE}?lang={language}"), &voter_with(&wrong)).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (400, Some("no-store")));
        let html = answer.text();
        assert!(html.contains(sentence), "{html}");
        for id in ["zipcode-error", "date_of_birth-error", "phone-error", "email-error", "state-error"] {
            assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
        }
        for kept in ["value=\"Łucja\"", "value=\"458\"", "value=\"12\"", "value=\"31\""] {
            assert!(html.contains(kept), "{kept}");
        }
    }
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn another_language_keeps_what_was_typed_and_stores_nothing() {
    let server = TestServer::new().await;
    let path = format!("{PAGE}?lang=es&utm_source=x");
    let typed = voter_with(&[("zipcode", "458"), ("sms_opt_in", "true"), ("language_switch", "es")]);
    let answer = send(&server, &path, &typed).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, Some("no-store")));
    let html = answer.text();
    for part in [
        "<html lang=\"es\">",
        "<h1>Recordatorios de elecciones</h1>",
        "value=\"458\"",
        "value=\"OH\" selected",
        "name=\"sms_opt_in\" value=\"true\" checked",
        "action=\"/election-reminders/?lang=es&#38;utm_source=x\"",
        "formaction=\"/election-reminders/?utm_source=x&#38;lang=en\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains("class=\"error\"") && server.jobs().await.is_empty());
    let asked = server.ask("GET", PAGE).header("accept-language", "es-MX").send().await;
    assert!(asked.text().contains("<html lang=\"es\">"));
}

#[tokio::test]
async fn texts_are_agreed_to_as_when_registering() {
    let server = TestServer::new().await;
    let partner = add_partner(&server).await;
    let page = server.get(PAGE).await.text();
    assert!(page.contains("name=\"sms_opt_in\"") && page.contains("text messages from VoteAmerica"));
    assert!(!page.contains("name=\"sms_opt_in\" value=\"true\" checked"), "nobody agrees by doing nothing");
    let free = server.get(&format!("{PAGE}?subscriber=free")).await.text();
    assert!(!free.contains("sms_opt_in"), "whose plan sees no voters sends no texts");
    // a box that was not on the page says nothing
    let both = voter_with(&[("sms_opt_in", "true"), ("sms_opt_in_subscriber", "true")]);
    for (path, agreed) in [
        (PAGE.to_owned(), (true, false)),
        (format!("{PAGE}?subscriber=partner"), (false, true)),
        (format!("{PAGE}?subscriber=free"), (false, false)),
    ] {
        assert_eq!(send(&server, &path, &both).await.status, 303, "{path}");
        let (request, _) = kept(&server).await;
        let (service, own) = agreed;
        let said = (request.voter.sms_opt_in, request.voter.sms_opt_in_subscriber);
        assert_eq!(said, (Some(service), Some(own)), "{path}");
    }
    let mut unit = server.store.begin().await.unwrap();
    let mut row = unit.subscribers().by_id(partner).await.unwrap().unwrap();
    row.sms_disclaimer = Some("Texts of ours,\r\nnow & then.".into());
    unit.subscribers_mut().update(&row).await.unwrap();
    unit.commit().await.unwrap();
    let page = server.get(&format!("{PAGE}?lang=es&subscriber=partner")).await.text();
    assert!(page.contains("Texts of ours, now &#38; then.") && !page.contains("casilla"), "{page}");
}

#[tokio::test]
async fn who_comes_for_a_subscriber_that_is_no_more_is_the_first_ones_voter() {
    let server = TestServer::new().await;
    let partner = add_partner(&server).await;
    let path = format!("{PAGE}?subscriber=partner");
    let framed = |answer: &crate::support::Answer| {
        answer.header("content-security-policy").unwrap().contains("frame-ancestors 'self'")
    };
    assert!(framed(&server.get(&path).await));
    let mut unit = server.store.begin().await.unwrap();
    let mut row = unit.subscribers().by_id(partner).await.unwrap().unwrap();
    row.status = SubscriberStatus::Disabled;
    unit.subscribers_mut().update(&row).await.unwrap();
    unit.commit().await.unwrap();
    for path in [path, format!("{PAGE}?subscriber=nobody&session_id=no&utm_source=a%00b&utm_term=t")] {
        let page = server.get(&path).await;
        assert!(!framed(&page), "{path}");
        assert!(page.text().contains("text messages from VoteAmerica"), "{path}");
        assert_eq!(send(&server, &path, VOTER).await.status, 303, "{path}");
        let (request, _) = kept(&server).await;
        assert_eq!(request.subscriber, Some(SubscriberId(Uuid::from_u128(1))), "{path}");
    }
}

#[tokio::test]
async fn a_sign_up_of_another_site_is_refused() {
    let server = TestServer::new().await;
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")];
    for (name, value) in foreign {
        let answer = server.ask("POST", PAGE).header(name, value).body(FORM, form(VOTER)).send().await;
        assert_eq!(answer.status, 403, "{name}: {value}");
        assert!(answer.text().contains("<h1>This form was sent from another site</h1>"));
    }
    assert!(server.jobs().await.is_empty());
}

#[tokio::test]
async fn signing_up_too_often_from_one_address_is_a_page_that_says_how_long_to_wait() {
    let server = TestServer::with(|setup| {
        setup.settings.rate_limits.enabled = true;
        setup.settings.rate_limits.writes_per_address = Quota::per_hour(2);
    })
    .await;
    for _ in 0..2 {
        assert_eq!(send(&server, PAGE, VOTER).await.status, 303);
    }
    let answer = send(&server, &format!("{PAGE}?lang=es"), VOTER).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().unwrap() > 0));
    assert!(answer.text().contains("<html lang=\"es\">"), "{}", answer.text());
    assert_eq!(server.job_kinds().await, ["action.finish"; 2]);
    server.work().await;
}
