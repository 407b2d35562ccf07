//! What subscribers' programs are told, and how patiently.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::{EventType, track},
    conformance::rows::{endpoint, user},
    ids::{ActionId, EndpointId, SubscriberId, UserId},
    input::Input,
    jobs::step,
    memory::{ScriptedHttp, World},
    page::PageRequest,
    ports::{
        clock::Clock as _,
        http::{HttpRequest, HttpResponse, StatusCode},
        store::Store as _,
    },
    subscriber::{Slug, Subscriber},
    webhook::{
        self, Delivery, DeliveryStatus, EditError, Endpoint, Failure, Health, OffReason, Topic, Window,
        jobs::{Purge, Sweep},
    },
};
use uuid::Uuid;

use crate::voter::{INCOMPLETE, NUMBER, input, jobs, minimum, rows, run_due, seeded_with, submit};

/// Where endpoint `n` is.
fn host(number: u128) -> String {
    format!("hooks{number}.example.org")
}

/// A world with a subscriber `one` and a subscriber `two`, each with an endpoint of its number that wants everything.
async fn listening() -> (World, ScriptedHttp) {
    let http = ScriptedHttp::new();
    let partners = http.clone();
    let world = seeded_with(|app| app.with_partners(partners)).await;
    rows(&world, async |unit| {
        let like = unit.subscribers().default().await.unwrap().unwrap();
        for (number, slug) in [(1, "one"), (2, "two")] {
            let id = SubscriberId(Uuid::from_u128(number));
            let own = Subscriber {
                id,
                is_first_party: false,
                has_api_access: true,
                default_slug: None,
                created_at: world.clock.now(),
                ..like.clone()
            };
            unit.subscribers_mut().insert(&own).await.unwrap();
            let slug = Slug {
                subscriber: id,
                slug: slug.into(),
                ..turnout_core::conformance::rows::slug(number, slug)
            };
            unit.subscribers_mut().insert_slug(&slug).await.unwrap();
            let made =
                Endpoint { health: Health::default(), rotated_at: None, ..endpoint(number, number, 0) };
            unit.webhooks_mut().insert_endpoint(&made).await.unwrap();
        }
        unit.accounts_mut().insert(&user(70, 0)).await.unwrap();
    })
    .await;
    (world, http)
}

fn own(number: u128) -> (SubscriberId, EndpointId) {
    (SubscriberId(Uuid::from_u128(number)), EndpointId(Uuid::from_u128(number)))
}

fn ann() -> UserId {
    UserId(Uuid::from_u128(70))
}

async fn begin(world: &World, slug: &str) -> ActionId {
    let options = turnout_core::register::Options { subscriber: Some(slug.into()), ..INCOMPLETE };
    submit(world, minimum(), &options).await.registration.action.unwrap()
}

async fn happens(world: &World, action: ActionId, kind: &str) {
    let body = json!({"action": action.to_string(), "event_type": kind});
    track(&world.app, &input(body), None).await.unwrap();
}

fn answers(http: &ScriptedHttp, number: u128, statuses: &[u16]) {
    for status in statuses {
        http.answer(&host(number), HttpResponse::new(StatusCode::from_u16(*status).unwrap()));
    }
}

/// What was told so far, oldest first: the address' host, the type, the kind of event.
fn told(http: &ScriptedHttp) -> Vec<(String, String, Value)> {
    let read = |request: &HttpRequest| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let host = request.url.host_str().unwrap().to_owned();
        (host, body["type"].as_str().unwrap().to_owned(), body["data"]["event_type"].clone())
    };
    http.requests().iter().map(read).collect()
}

fn kinds(http: &ScriptedHttp) -> Vec<String> {
    told(http)
        .into_iter()
        .map(|(_, kind, event)| format!("{kind} {}", event.as_str().unwrap_or("-")))
        .collect()
}

async fn deliveries(world: &World, number: u128) -> Vec<Delivery> {
    let page = PageRequest { after: None, limit: 100 };
    let mut view = world.store.view().await.unwrap();
    let mut found = view.webhooks().deliveries(own(number).1, None, &page).await.unwrap().rows;
    found.sort_by_key(|it| (it.about.map(|about| about.action), it.position));
    found
}

async fn statuses(world: &World, number: u128) -> Vec<DeliveryStatus> {
    deliveries(world, number).await.iter().map(|it| it.status).collect()
}

async fn kept(world: &World, number: u128) -> Endpoint {
    world.store.view().await.unwrap().webhooks().endpoint(own(number).1).await.unwrap().unwrap()
}

/// A minute later, the sweep and what it finds.
async fn later(world: &World, by: TimeDelta) {
    world.clock.advance(by);
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&Sweep {}.job(&world.app)).await.unwrap();
    })
    .await;
    run_due(world).await;
}

#[tokio::test]
async fn what_a_voter_does_is_told_in_its_order_and_to_its_subscriber_alone() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    let action = begin(&world, "one").await;
    happens(&world, action, "FinishExternal").await;
    happens(&world, action, "Finish").await;
    run_due(&world).await;
    assert_eq!(
        kinds(&http),
        [
            "registration.started -",
            "action.event Start",
            "registration.completed FinishExternal",
            "action.event FinishExternal",
            "action.event Finish"
        ]
    );
    assert!(told(&http).iter().all(|(to, ..)| *to == host(1)));
    assert!(deliveries(&world, 2).await.is_empty());
    let all = deliveries(&world, 1).await;
    assert_eq!(all.iter().map(|it| it.position).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(all.iter().all(|it| it.status == DeliveryStatus::Delivered && it.answer == Some(200)));
}

#[tokio::test]
async fn nobody_is_told_of_what_its_subscriber_does_not_see_or_did_not_ask_for() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    rows(&world, async |unit| {
        let mut it = unit.webhooks_mut().lock_endpoint(own(1).1).await.unwrap().unwrap();
        it.topics = vec![Topic::RegistrationCompleted];
        unit.webhooks_mut().update_endpoint(&it).await.unwrap();
    })
    .await;
    let action = begin(&world, "one").await;
    // of nobody in particular: it is the default subscriber's, which has no endpoint
    submit(&world, minimum(), &INCOMPLETE).await;
    run_due(&world).await;
    assert_eq!(kinds(&http), Vec::<String>::new());
    happens(&world, action, "Finish").await;
    run_due(&world).await;
    assert_eq!(kinds(&http), ["registration.completed Finish"]);
    rows(&world, async |unit| {
        let mut it = unit.subscribers_mut().lock(own(1).0).await.unwrap().unwrap();
        it.has_api_access = false;
        unit.subscribers_mut().update(&it).await.unwrap();
    })
    .await;
    let action = begin(&world, "one").await;
    happens(&world, action, "Finish").await;
    run_due(&world).await;
    assert_eq!(kinds(&http).len(), 1);
}

#[tokio::test]
async fn nothing_of_a_voter_is_in_messages_payloads_and_headers() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    let action = begin(&world, "one").await;
    happens(&world, action, "Finish").await;
    let payloads: Vec<String> = jobs(&world)
        .await
        .iter()
        .filter(|job| job.kind.starts_with("webhook."))
        .map(|job| job.payload.to_string())
        .collect();
    assert_eq!(payloads.len(), 1);
    run_due(&world).await;
    let sent = http.requests();
    let texts = sent.iter().map(|it| format!("{:?} {}", it.headers, String::from_utf8_lossy(&it.body)));
    for text in texts.chain(payloads) {
        for needle in ["Ada", "Nguy", "Elm", "02139", "1990", "ada@", NUMBER] {
            assert!(!text.contains(needle), "{needle}: {text}");
        }
    }
    let ids: BTreeSet<&str> = sent.iter().map(|it| it.headers["webhook-id"].to_str().unwrap()).collect();
    assert_eq!(ids.len(), sent.len());
}

#[tokio::test]
async fn an_outbox_is_undone_with_what_it_tells_of() {
    let (world, _) = listening().await;
    let action = begin(&world, "one").await;
    let before = deliveries(&world, 1).await.len();
    let mut unit = world.store.begin().await.unwrap();
    let event = world.app.event(action, EventType::Donate);
    webhook::happened(&world.app, unit.as_mut(), &event).await.unwrap();
    drop(unit);
    assert_eq!(deliveries(&world, 1).await.len(), before);
}

#[tokio::test]
async fn a_later_event_waits_until_the_earlier_one_is_delivered() {
    let (world, http) = listening().await;
    answers(&http, 1, &[500, 200]);
    let first = begin(&world, "one").await;
    run_due(&world).await;
    // the second of the same action has not been tried
    assert_eq!(kinds(&http), ["registration.started -"]);
    let other = begin(&world, "one").await;
    assert_ne!(first, other);
    answers(&http, 1, &[200; 9]);
    happens(&world, first, "Finish").await;
    run_due(&world).await;
    let of_first = deliveries(&world, 1).await.into_iter().filter(|it| it.about.unwrap().action == first);
    let waiting = of_first.filter(|it| it.status == DeliveryStatus::Waiting).count();
    assert_eq!(waiting, 4, "{:?}", kinds(&http));
    // the other voter's were not held up
    assert_eq!(kinds(&http)[1..], ["registration.started -", "action.event Start"]);
    later(&world, TimeDelta::minutes(1)).await;
    assert!(statuses(&world, 1).await.iter().all(|it| *it == DeliveryStatus::Delivered));
    assert_eq!(
        kinds(&http)[3..],
        [
            "registration.started -",
            "action.event Start",
            "registration.completed Finish",
            "action.event Finish"
        ]
    );
    let requests = http.requests();
    assert_eq!(requests[0].headers["webhook-id"], requests[3].headers["webhook-id"]);
    assert_eq!(requests[0].body, requests[3].body);
    assert_ne!(requests[0].headers["webhook-timestamp"], requests[3].headers["webhook-timestamp"]);
}

#[tokio::test]
async fn what_fails_for_three_days_is_given_up_and_what_follows_goes_on() {
    let (world, http) = listening().await;
    let action = begin(&world, "one").await;
    let began = world.clock.now();
    run_due(&world).await;
    // nobody is there
    while statuses(&world, 1).await[0] == DeliveryStatus::Waiting {
        later(&world, TimeDelta::minutes(30)).await;
        assert!(world.clock.now() - began < TimeDelta::days(4));
    }
    assert!(world.clock.now() - began >= webhook::PATIENCE);
    let dead = deliveries(&world, 1).await[0].clone();
    assert_eq!((dead.failure, dead.answer), (Some(Failure::Unconnected), None));
    assert!(dead.attempts > 20, "{}", dead.attempts);
    assert!(kept(&world, 1).await.off.is_none());
    answers(&http, 1, &[200; 9]);
    happens(&world, action, "Donate").await;
    later(&world, TimeDelta::hours(1)).await;
    let last = deliveries(&world, 1).await.pop().unwrap();
    assert_eq!(
        (last.status, last.about.unwrap().event.unwrap().1),
        (DeliveryStatus::Delivered, EventType::Donate)
    );
}

#[tokio::test]
async fn gone_means_gone_until_somebody_switches_it_on_again() {
    let (world, http) = listening().await;
    answers(&http, 1, &[410]);
    let action = begin(&world, "one").await;
    run_due(&world).await;
    assert_eq!(kept(&world, 1).await.off.map(|off| off.reason), Some(OffReason::Gone));
    happens(&world, action, "Finish").await;
    later(&world, TimeDelta::days(4)).await;
    assert_eq!(http.requests().len(), 1, "nothing more is sent");
    answers(&http, 1, &[200; 9]);
    webhook::resume(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    run_due(&world).await;
    assert_eq!(http.requests().len(), 5, "what happened meanwhile is sent in its order");
    assert!(kept(&world, 1).await.is_open());
    assert!(statuses(&world, 1).await.iter().all(|it| *it == DeliveryStatus::Delivered));
}

#[tokio::test]
async fn an_endpoint_that_takes_nothing_for_days_is_switched_off() {
    let (world, http) = listening().await;
    for _ in 0..6 {
        begin(&world, "one").await;
        later(&world, TimeDelta::days(1)).await;
    }
    assert_eq!(kept(&world, 1).await.off.map(|off| off.reason), Some(OffReason::Failing));
    let asked = http.requests().len();
    later(&world, TimeDelta::days(1)).await;
    assert_eq!(http.requests().len(), asked);
}

#[tokio::test]
async fn an_endpoint_that_is_away_is_not_asked_for_every_delivery() {
    let (world, http) = listening().await;
    for _ in 0..30 {
        begin(&world, "one").await;
    }
    answers(&http, 2, &[200; 9]);
    begin(&world, "two").await;
    run_due(&world).await;
    let asked = told(&http).iter().filter(|(to, ..)| *to == host(1)).count();
    assert!(asked < 10, "{asked} calls to one that is away");
    let others = told(&http).iter().filter(|(to, ..)| *to == host(2)).count();
    assert_eq!(others, 2, "the other partner is told at once");
}

#[tokio::test]
async fn what_happens_while_an_endpoint_is_paused_is_kept() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    webhook::pause(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    begin(&world, "one").await;
    run_due(&world).await;
    later(&world, TimeDelta::days(5)).await;
    assert_eq!(http.requests().len(), 0);
    webhook::resume(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    run_due(&world).await;
    assert_eq!(http.requests().len(), 2);
}

#[tokio::test]
async fn a_time_is_sent_again_under_the_same_ids_and_one_delivery_too() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 30]);
    begin(&world, "one").await;
    run_due(&world).await;
    world.clock.advance(TimeDelta::hours(1));
    let from = world.clock.now();
    let action = begin(&world, "one").await;
    happens(&world, action, "Finish").await;
    run_due(&world).await;
    world.clock.advance(TimeDelta::hours(1));
    let window = Window { from, to: world.clock.now() };
    webhook::replay(&world.app, Some(ann()), own(1).0, own(1).1, window).await.unwrap();
    run_due(&world).await;
    let ids: Vec<String> =
        http.requests().iter().map(|it| it.headers["webhook-id"].to_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 10);
    assert_eq!(ids[6..], ids[2..6], "the same, in the same order");

    let one = deliveries(&world, 1).await[0].clone();
    webhook::send_again(&world.app, ann(), own(1).0, own(1).1, one.id).await.unwrap();
    run_due(&world).await;
    assert_eq!(http.requests()[10].headers["webhook-id"].to_str().unwrap(), webhook::message_id(one.id));
}

#[tokio::test]
async fn a_test_tells_of_nobody_and_does_not_wait_for_others() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200]);
    webhook::send_test(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    run_due(&world).await;
    assert_eq!(kinds(&http), ["webhook.test -"]);
}

#[tokio::test]
async fn nobody_reaches_an_endpoint_of_another_subscriber() {
    let (world, _) = listening().await;
    begin(&world, "one").await;
    let theirs = deliveries(&world, 1).await[0].clone();
    let before = (kept(&world, 1).await, deliveries(&world, 1).await);
    let (app, (me, mine), their) = (&world.app, own(2), own(1).1);
    let form = Input::form(
        [("address", "https://example.org"), ("action.event", "true")]
            .map(|(a, b)| (a.to_owned(), b.to_owned())),
    );
    let window = Window { from: world.clock.now(), to: world.clock.now() + TimeDelta::hours(1) };
    let refused = [
        webhook::change(app, ann(), me, their, &form).await.map(drop),
        webhook::rotate(app, ann(), me, their).await.map(drop),
        webhook::pause(app, ann(), me, their).await,
        webhook::resume(app, ann(), me, their).await,
        webhook::remove(app, ann(), me, their).await,
        webhook::send_test(app, ann(), me, their).await.map(drop),
        webhook::send_again(app, ann(), me, their, theirs.id).await,
        webhook::send_again(app, ann(), me, mine, theirs.id).await,
        webhook::replay(app, Some(ann()), me, their, window).await.map(drop),
    ];
    for (number, refused) in refused.iter().enumerate() {
        assert!(matches!(refused, Err(EditError::NotFound)), "{number}");
    }
    assert_eq!((kept(&world, 1).await, deliveries(&world, 1).await), before);
}

#[tokio::test]
async fn endpoints_are_made_changed_and_removed_and_the_log_says_so() {
    let (world, http) = listening().await;
    let form = |address: &str| {
        let pairs = [("address", address), ("description", "list"), ("registration.started", "true")];
        Input::form(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
    };
    let me = own(1).0;
    assert!(webhook::create(&world.app, ann(), me, &form("http://example.org/")).await.is_err());
    let made = webhook::create(&world.app, ann(), me, &form("https://new.example.org/h")).await.ok().unwrap();
    let id = made.endpoint.id;
    let first = made.secret.reveal().to_string();
    let again = webhook::rotate(&world.app, ann(), me, id).await.ok().unwrap().secret.reveal().to_string();
    assert!(first.starts_with("whsec_") && first != again);
    webhook::change(&world.app, ann(), me, id, &form("https://newer.example.org/h")).await.unwrap();
    http.answer("newer.example.org", HttpResponse::new(StatusCode::NO_CONTENT));
    answers(&http, 1, &[200; 9]);
    begin(&world, "one").await;
    run_due(&world).await;
    let last = http.requests().into_iter().find(|it| it.url.host_str() == Some("newer.example.org")).unwrap();
    assert_eq!(last.headers["webhook-signature"].to_str().unwrap().split(' ').count(), 2);
    // a secret stands nowhere
    assert!(!world.store.dump().contains("whsec_"));
    webhook::remove(&world.app, ann(), me, id).await.unwrap();
    assert!(matches!(webhook::pause(&world.app, ann(), me, id).await, Err(EditError::NotFound)));
    for number in 0..9 {
        webhook::create(&world.app, ann(), me, &form(&format!("https://h{number}.example.org")))
            .await
            .ok()
            .unwrap();
    }
    assert!(webhook::create(&world.app, ann(), me, &form("https://more.example.org")).await.is_err());
    let filter = turnout_core::change::ChangeFilter::history(Endpoint::KIND, id);
    let page = PageRequest { after: None, limit: 10 };
    let mut acts: Vec<String> = world
        .store
        .view()
        .await
        .unwrap()
        .changes()
        .page(&filter, &page)
        .await
        .unwrap()
        .rows
        .into_iter()
        .map(|it| it.act)
        .collect();
    acts.sort();
    assert_eq!(acts, ["changed", "created", "deleted", "secret changed"]);
}

#[tokio::test]
async fn old_deliveries_are_forgotten() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    begin(&world, "one").await;
    run_due(&world).await;
    for (days, left) in [(29, 2), (2, 0)] {
        world.clock.advance(TimeDelta::days(days));
        rows(&world, async |unit| {
            unit.jobs_mut().enqueue(&Purge {}.job(&world.app)).await.unwrap();
        })
        .await;
        run_due(&world).await;
        assert_eq!(deliveries(&world, 1).await.len(), left);
    }
}

#[tokio::test]
async fn whatever_came_while_a_line_ended_is_found_by_the_sweep() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    begin(&world, "one").await;
    // as if the job had ended between its last look and the commit of what was told
    let jobs = step::claim(&world.app, 100).await.unwrap();
    for job in jobs.iter().filter(|job| job.kind == "webhook.deliver") {
        let done = turnout_core::jobs::Settlement {
            id: job.id,
            fence: job.fence,
            outcome: turnout_core::jobs::Outcome::Done { at: world.clock.now() },
        };
        step::settle(&world.app, &[done]).await.unwrap();
    }
    assert_eq!(http.requests().len(), 0);
    later(&world, TimeDelta::minutes(1)).await;
    assert_eq!(http.requests().len(), 2);
}
