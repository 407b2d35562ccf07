//! What subscribers' programs are told, and how patiently.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::sync::Barrier;
use turnout_core::{
    account::{Association, User},
    action::{EventType, track},
    conformance::rows::{endpoint, user},
    ids::{ActionId, AssociationId, EndpointId, SubscriberId, UserId},
    input::Input,
    jobs::step,
    memory::{ScriptedHttp, World},
    page::PageRequest,
    ports::{
        clock::Clock as _,
        email::Email,
        http::{HttpClient, HttpError, HttpRequest, HttpResponse, StatusCode},
        store::Store as _,
    },
    retention::jobs::Expire,
    subscriber::{Slug, Subscriber},
    webhook::{
        self, Delivery, DeliveryStatus, EditError, Endpoint, Failure, Health, OffReason, Topic, Window,
        jobs::Sweep,
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
    (listening_by(http.clone()).await, http)
}

/// The same with a client of one's own.
async fn listening_by(partners: impl HttpClient + 'static) -> World {
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
    world
}

/// People who work for `one`: 71 and 72, and 73, whose account is closed; 74 works for `two`. Both have pages then.
async fn staffed(world: &World) {
    rows(world, async |unit| {
        for (number, subscriber, is_active) in [(71, 1, true), (72, 1, true), (73, 1, false), (74, 2, true)] {
            unit.accounts_mut().insert(&User { is_active, ..user(number, 0) }).await.unwrap();
            let association = Association {
                id: AssociationId(Uuid::from_u128(number)),
                subscriber: own(subscriber).0,
                user: UserId(Uuid::from_u128(number)),
                created_at: world.clock.now(),
            };
            unit.accounts_mut().associate(&association).await.unwrap();
        }
        for number in [1, 2] {
            let mut it = unit.subscribers_mut().lock(own(number).0).await.unwrap().unwrap();
            it.default_slug = Some(turnout_core::conformance::rows::slug(number, "").id);
            unit.subscribers_mut().update(&it).await.unwrap();
        }
    })
    .await;
}

/// Mails that an endpoint was switched off, which nobody has read yet.
fn told_off(world: &World) -> Vec<Email> {
    world.outbox.take().into_iter().filter(|mail| mail.tag == "webhook.switched_off").collect()
}

fn addressees(mails: &[Email]) -> Vec<&str> {
    let mut all: Vec<&str> = mails.iter().map(|mail| mail.to.address.as_str()).collect();
    all.sort_unstable();
    all
}

/// Runs what is due of that kind, and leaves the rest.
async fn run_only(world: &World, kind: &str) {
    for job in step::claim(&world.app, 100).await.unwrap() {
        if job.kind == kind {
            step::run(&world.app, &job).await.unwrap();
        } else {
            step::release(&world.app, &[job]).await.unwrap();
        }
    }
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
    assert_eq!(all.len(), 5);
    assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position));
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
async fn what_a_voter_does_with_two_tools_is_told_in_its_order_though_the_first_call_fails() {
    let (world, http) = listening().await;
    let begun = async || {
        answers(&http, 1, &[200; 2]);
        let action = begin(&world, "one").await;
        run_due(&world).await;
        action
    };
    let first = begun().await;
    let mut second = begun().await;
    while webhook::shard_of(second.0) == webhook::shard_of(first.0) {
        second = begun().await;
    }
    rows(&world, async |unit| {
        let voter = turnout_core::conformance::rows::bare_voter();
        unit.voters_mut().insert(&voter).await.unwrap();
        for action in [first, second] {
            unit.voters_mut().link(action, Some(voter.id), world.clock.now()).await.unwrap();
        }
    })
    .await;
    let before = http.requests().len();
    answers(&http, 1, &[500]);
    happens(&world, first, "FinishExternal").await;
    run_due(&world).await;
    assert_eq!(kinds(&http)[before..], ["registration.completed FinishExternal"]);
    happens(&world, second, "Finish").await;
    run_due(&world).await;
    assert_eq!(http.requests().len(), before + 1, "the second use waits for the first");
    // nobody else does
    begun().await;
    assert_eq!(kinds(&http)[before + 1..], ["registration.started -", "action.event Start"]);
    answers(&http, 1, &[200; 4]);
    later(&world, TimeDelta::minutes(1)).await;
    assert_eq!(
        kinds(&http)[before + 3..],
        [
            "registration.completed FinishExternal",
            "action.event FinishExternal",
            "registration.completed Finish",
            "action.event Finish"
        ]
    );
    assert!(statuses(&world, 1).await.iter().all(|it| *it == DeliveryStatus::Delivered));
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
async fn everybody_in_the_team_is_mailed_once_each_time_an_endpoint_is_switched_off() {
    let (world, http) = listening().await;
    staffed(&world).await;
    answers(&http, 1, &[410]);
    let action = begin(&world, "one").await;
    run_due(&world).await;
    let mails = told_off(&world);
    assert_eq!(addressees(&mails), ["User71@Example.org", "User72@Example.org"]);
    for mail in &mails {
        let page = format!("/manage/one/webhooks/{}/", own(1).1);
        for needed in [host(1).as_str(), "410, Gone", "kept for 30 days", &page] {
            assert!(mail.text.contains(needed) && mail.html.contains(needed), "{needed}: {}", mail.text);
        }
        assert!(!mail.text.contains("a=b") && !mail.html.contains("a=b"), "the address may hold a secret");
        assert_eq!((mail.language.as_str(), mail.unsubscribe_url.as_deref()), ("en", None));
    }
    // what happens later is no news
    happens(&world, action, "Finish").await;
    later(&world, TimeDelta::days(4)).await;
    assert!(told_off(&world).is_empty());
    webhook::resume(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    answers(&http, 1, &[410]);
    run_due(&world).await;
    assert_eq!(told_off(&world).len(), 2);
}

/// Says that it is gone, once two have asked.
struct GoneForTwo(Barrier);

#[async_trait]
impl HttpClient for GoneForTwo {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
        self.0.wait().await;
        Ok(HttpResponse::new(StatusCode::GONE))
    }
}

#[tokio::test]
async fn two_deliveries_that_fail_at_once_switch_it_off_once_and_one_mail_goes_to_each() {
    let world = listening_by(GoneForTwo(Barrier::new(2))).await;
    staffed(&world).await;
    let first = begin(&world, "one").await;
    while webhook::shard_of(begin(&world, "one").await.0) == webhook::shard_of(first.0) {}
    let (calls, others): (Vec<_>, Vec<_>) = step::claim(&world.app, 100)
        .await
        .unwrap()
        .into_iter()
        .partition(|job| job.kind == "webhook.deliver");
    let [one, other, ..] = &calls[..] else { panic!("two lines: {calls:?}") };
    let both = tokio::join!(step::run(&world.app, one), step::run(&world.app, other));
    assert!(both.0.is_ok() && both.1.is_ok());
    let endpoint = kept(&world, 1).await;
    assert_eq!((endpoint.health.failures, endpoint.is_open()), (2, false));
    // the mails were written with it, before anybody else did anything
    let written = jobs(&world).await.into_iter().filter(|job| job.kind == "webhook.tell_off");
    let payloads: Vec<String> = written.map(|job| job.payload.to_string()).collect();
    assert_eq!(payloads.len(), 2);
    assert!(payloads.iter().all(|it| !it.contains('@') && !it.contains("example")), "{payloads:?}");
    step::release(&world.app, &others).await.unwrap();
    step::release(&world.app, &calls[2..]).await.unwrap();
    run_due(&world).await;
    assert_eq!(addressees(&told_off(&world)), ["User71@Example.org", "User72@Example.org"]);
}

#[tokio::test]
async fn nobody_is_mailed_who_has_left_the_team_nor_of_an_endpoint_that_is_on_again() {
    let (world, http) = listening().await;
    staffed(&world).await;
    answers(&http, 1, &[410]);
    begin(&world, "one").await;
    run_only(&world, "webhook.deliver").await;
    assert_eq!(kept(&world, 1).await.off.map(|off| off.reason), Some(OffReason::Gone));
    rows(&world, async |unit| {
        unit.accounts_mut().dissociate(UserId(Uuid::from_u128(72)), own(1).0).await.unwrap();
    })
    .await;
    run_due(&world).await;
    assert_eq!(addressees(&told_off(&world)), ["User71@Example.org"]);

    webhook::resume(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    answers(&http, 1, &[410]);
    run_only(&world, "webhook.deliver").await;
    assert!(kept(&world, 1).await.off.is_some());
    answers(&http, 1, &[200; 9]);
    webhook::resume(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    run_due(&world).await;
    assert!(told_off(&world).is_empty() && kept(&world, 1).await.is_open());
}

#[tokio::test]
async fn an_endpoint_that_takes_nothing_for_days_is_switched_off() {
    let (world, http) = listening().await;
    staffed(&world).await;
    for _ in 0..6 {
        begin(&world, "one").await;
        later(&world, TimeDelta::days(1)).await;
    }
    assert_eq!(kept(&world, 1).await.off.map(|off| off.reason), Some(OffReason::Failing));
    let mails = told_off(&world);
    assert!(mails.len() == 2 && mails.iter().all(|it| it.text.contains("For five days")), "{}", mails.len());
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

/// The night after so many days.
async fn days_later(world: &World, days: i64) {
    world.clock.advance(TimeDelta::days(days));
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&Expire {}.job(&world.app)).await.unwrap();
    })
    .await;
    run_only(world, "retention.expire").await;
}

#[tokio::test]
async fn old_deliveries_are_forgotten() {
    let (world, http) = listening().await;
    answers(&http, 1, &[200; 9]);
    begin(&world, "one").await;
    run_due(&world).await;
    for (days, left) in [(29, 2), (2, 0)] {
        days_later(&world, days).await;
        assert_eq!(deliveries(&world, 1).await.len(), left);
    }
}

#[tokio::test]
async fn what_was_given_up_is_seen_for_as_long_as_it_can_be_sent_again_and_until_its_end_is_known() {
    let (world, http) = listening().await;
    let happened = world.clock.now();
    let action = begin(&world, "one").await;
    for _ in 0..40 {
        later(&world, TimeDelta::hours(2)).await;
    }
    assert_eq!(statuses(&world, 1).await, [DeliveryStatus::Dead; 2]);
    let given_up: Vec<Delivery> = deliveries(&world, 1).await;

    // on the last day it is there, and its time can be asked for
    let days = (happened + TimeDelta::days(29) - world.clock.now()).num_days();
    days_later(&world, days).await;
    assert_eq!(deliveries(&world, 1).await, given_up);
    let pairs = [("from".to_owned(), happened.to_rfc3339())];
    let window = webhook::read_window(&world.app, &Input::form(pairs.clone())).unwrap();
    webhook::resume(&world.app, ann(), own(1).0, own(1).1).await.unwrap();
    webhook::replay(&world.app, Some(ann()), own(1).0, own(1).1, window).await.unwrap();
    run_only(&world, "webhook.replay").await;
    assert_eq!(statuses(&world, 1).await, [DeliveryStatus::Waiting; 2]);

    // what was put in line is tried as long as any other, and seen as long; its time cannot be asked for any more
    days_later(&world, 2).await;
    assert_eq!(statuses(&world, 1).await, [DeliveryStatus::Waiting; 2]);
    assert!(webhook::read_window(&world.app, &Input::form(pairs)).unwrap_err().has("from"));
    answers(&http, 1, &[200; 9]);
    later(&world, TimeDelta::minutes(1)).await;
    assert_eq!(statuses(&world, 1).await, [DeliveryStatus::Delivered; 2]);
    days_later(&world, 27).await;
    assert_eq!(deliveries(&world, 1).await.len(), 2);
    days_later(&world, 2).await;
    assert!(deliveries(&world, 1).await.is_empty());
    assert!(world.store.view().await.unwrap().actions().by_id(action).await.unwrap().is_some());
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
