//! What a subscriber's own people decide: its settings, whom we speak with, its API keys.

use std::{future::poll_fn, task::Poll};

use turnout_core::{
    api_key::{self, ApiKey, AuthenticateError, CreateError, Deactivated},
    change::{Change, ChangeFilter},
    conformance::rows::{slug, subscriber, subscription, user, uuid},
    ids::{IntegrationId, SubscriberId, UserId},
    input::Input,
    memory::World,
    page::PageRequest,
    ports::store::{Store, Unit},
    secret::IntegrationKey,
    subscriber::{self, EditError, Editor, KEY_MASK, Plan, SmsMode, Subscriber, SubscriberStatus},
    subscription::{ExternalTool, Integration, Subscription, change_contact},
};

use crate::voter::{rows, seeded};

const OWN: u128 = 1;
const OTHER: u128 = 2;

fn id(number: u128) -> SubscriberId {
    SubscriberId(uuid(number))
}

fn ann() -> UserId {
    UserId(uuid(41))
}

async fn world(plan: Plan) -> World {
    let world = seeded().await;
    rows(&world, async |unit| {
        for number in [OWN, OTHER] {
            let made = Subscriber {
                plan,
                status: SubscriberStatus::Active,
                has_api_access: true,
                sms_enabled: Some(true),
                sms_checkbox: Some(true),
                sms_checkbox_default: Some(false),
                sync_tmc: false,
                sync_bluelink: false,
                email: Some("sender@example.org".into()),
                ..subscriber(number, 100_000_000)
            };
            unit.subscribers_mut().insert(&made).await.unwrap();
            unit.subscribers_mut().insert_slug(&slug(number, &format!("slug-{number}"))).await.unwrap();
        }
        unit.accounts_mut().insert(&user(41, 0)).await.unwrap();
    })
    .await;
    world
}

fn form(pairs: &[(&str, &str)]) -> Input {
    Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

const BASE: [(&str, &str); 3] =
    [("name", "Vote Now"), ("url", "votenow.example.org"), ("sms_mode", "box_unchecked")];

/// The form with `more` beside what it always has.
fn with(more: &[(&'static str, &'static str)]) -> Input {
    let pairs: Vec<_> = BASE.iter().copied().chain(more.iter().copied()).collect();
    form(&pairs)
}

async fn save(world: &World, input: &Input) -> Result<Subscriber, EditError> {
    subscriber::edit(&world.app, ann(), id(OWN), Editor::Member, input).await
}

fn wrong<T>(outcome: Result<T, EditError>) -> Vec<String> {
    let Err(EditError::Problems(problems)) = outcome else { panic!("it was taken") };
    problems.iter().map(|(field, _)| field.to_owned()).collect()
}

async fn key(world: &World, number: u128) -> Option<String> {
    let mut view = world.store.view().await.unwrap();
    let found = view.subscriptions().integration_key(id(number), ExternalTool::ActionNetwork).await.unwrap();
    found.map(|key| key.reveal().to_owned())
}

async fn log(world: &World, kind: &str) -> Vec<Change> {
    let filter = ChangeFilter { kind: Some(kind.to_owned()), ..ChangeFilter::default() };
    let page = PageRequest { after: None, limit: 100 };
    world.store.view().await.unwrap().changes().page(&filter, &page).await.unwrap().rows
}

#[tokio::test]
async fn settings_are_saved_and_noted_and_are_those_of_one_subscriber_alone() {
    let world = world(Plan::Premium).await;
    let saved = save(&world, &with(&[("sync_tmc", "true"), ("privacy_policy", "https://a.example/p")]))
        .await
        .unwrap();
    assert_eq!(saved.name, "Vote Now");
    assert_eq!(saved.url, "https://votenow.example.org");
    assert_eq!(saved.privacy_policy.as_deref(), Some("https://a.example/p"));
    assert!(saved.sync_tmc && !saved.sync_bluelink);
    assert_eq!(saved.email.as_deref(), Some("sender@example.org"), "its own people do not change the sender");
    let entries = log(&world, subscriber::KIND).await;
    let [entry] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!((entry.by, entry.subscriber), (Some(ann()), Some(id(OWN))));
    save(&world, &with(&[("sync_tmc", "true"), ("privacy_policy", "https://a.example/p")])).await.unwrap();
    assert_eq!(log(&world, subscriber::KIND).await.len(), 1, "nothing changed");
    let other = world.store.view().await.unwrap().subscribers().by_id(id(OTHER)).await.unwrap().unwrap();
    assert_eq!(other.name, "Subscriber 2");
}

#[tokio::test]
async fn a_key_is_kept_replaced_or_deleted_as_the_form_says_and_stands_in_no_log() {
    let world = world(Plan::Premium).await;
    let sync = ("sync_actionnetwork", "true");
    for (pairs, kept) in [
        (&[sync, ("actionnetwork_key", "first-key")][..], Some("first-key")),
        (&[sync, ("actionnetwork_key", KEY_MASK)], Some("first-key")),
        (&[sync, ("actionnetwork_key", "")], Some("first-key")),
        (&[sync, ("actionnetwork_key", "second-key")], Some("second-key")),
        (&[("actionnetwork_key", KEY_MASK)], None),
    ] {
        save(&world, &with(pairs)).await.unwrap();
        assert_eq!(key(&world, OWN).await.as_deref(), kept, "{pairs:?}");
        let has_key = subscriber::has_action_network_key(&world.app, id(OWN)).await.unwrap();
        assert_eq!(has_key, kept.is_some());
    }
    assert_eq!(wrong(save(&world, &with(&[sync])).await), ["actionnetwork_key"]);
    assert_eq!(
        wrong(save(&world, &with(&[("actionnetwork_key", "third-key")])).await),
        ["sync_actionnetwork"]
    );
    assert_eq!(key(&world, OTHER).await, None);
    let entries = format!("{:?}", log(&world, subscriber::KIND).await);
    assert!(!entries.contains("-key"), "{entries}");
}

async fn stored(world: &World, number: u128) -> Subscriber {
    world.store.view().await.unwrap().subscribers().by_id(id(number)).await.unwrap().unwrap()
}

#[tokio::test]
async fn settings_go_back_to_before_a_change_and_the_key_and_other_subscribers_stay_as_they_are() {
    let world = world(Plan::Premium).await;
    let (before, other) = (stored(&world, OWN).await, stored(&world, OTHER).await);
    let changed = form(&[
        ("name", "Vote Now"),
        ("url", "https://votenow.example.org"),
        ("sms_mode", "box_checked"),
        ("sync_bluelink", "true"),
        ("sync_actionnetwork", "true"),
        ("actionnetwork_key", "first-key"),
    ]);
    let after = save(&world, &changed).await.unwrap();
    assert!(after.sync_bluelink && after.language.is_none() && after.sms_mode() == SmsMode::BoxChecked);
    let change = log(&world, subscriber::KIND).await.remove(0).id;
    world.clock.advance(chrono::TimeDelta::minutes(1));

    let strange = subscriber::restore(&world.app, ann(), id(OTHER), change).await;
    assert!(matches!(strange, Err(EditError::NotFound)));
    assert_eq!(stored(&world, OTHER).await, other);
    assert_eq!(stored(&world, OWN).await, after);

    let back = subscriber::restore(&world.app, ann(), id(OWN), change).await.unwrap();
    assert_eq!(back, stored(&world, OWN).await);
    assert_eq!(Subscriber { modified_at: before.modified_at, ..back }, before);
    assert_eq!(key(&world, OWN).await.as_deref(), Some("first-key"));
    let entries = log(&world, subscriber::KIND).await;
    assert_eq!((entries.len(), entries[0].act.as_str(), entries[0].by), (2, "restored", Some(ann())));
    assert!(!format!("{entries:?}").contains("first-key"));
    assert_eq!(stored(&world, OTHER).await, other);
    // what is as it was makes no note
    subscriber::restore(&world.app, ann(), id(OWN), change).await.unwrap();
    assert_eq!(log(&world, subscriber::KIND).await.len(), 2);
}

async fn put_key(unit: &mut dyn Unit, key: Option<&str>) {
    let tool = ExternalTool::ActionNetwork;
    let Some(key) = key else {
        unit.subscriptions_mut().remove_integration(id(OWN), tool).await.unwrap();
        return;
    };
    let (created_at, modified_at) = (chrono::DateTime::UNIX_EPOCH, chrono::DateTime::UNIX_EPOCH);
    let (subscriber, key) = (id(OWN), IntegrationKey::new(key.to_owned()));
    let it = Integration { id: IntegrationId(uuid(77)), subscriber, tool, key, created_at, modified_at };
    unit.subscriptions_mut().put_integration(&it).await.unwrap();
}

/// Somebody changes the key, and is about to have it committed when somebody else goes back to earlier settings.
async fn restored_while(
    key_is: Option<&str>,
    key_becomes: Option<&str>,
) -> (World, Result<Subscriber, EditError>) {
    let world = world(Plan::Premium).await;
    save(&world, &with(&[("sync_tmc", "true")])).await.unwrap();
    let change = log(&world, subscriber::KIND).await.remove(0).id;
    rows(&world, async |unit| put_key(unit, key_is).await).await;
    let mut unit = world.store.begin().await.unwrap();
    put_key(unit.as_mut(), key_becomes).await;
    let mut restored = Box::pin(subscriber::restore(&world.app, ann(), id(OWN), change));
    let is_waiting = poll_fn(|context| Poll::Ready(restored.as_mut().poll(context).is_pending())).await;
    assert!(is_waiting, "it waits for the other one");
    unit.commit().await.unwrap();
    let restored = restored.await;
    (world, restored)
}

#[tokio::test]
async fn a_key_that_somebody_puts_or_takes_away_while_settings_go_back_stays_as_that_one_wanted() {
    let (world, restored) = restored_while(None, Some("first-key")).await;
    assert!(!restored.unwrap().sync_tmc);
    assert_eq!(key(&world, OWN).await.as_deref(), Some("first-key"));
    let (world, restored) = restored_while(Some("first-key"), None).await;
    assert!(!restored.unwrap().sync_tmc);
    assert_eq!(key(&world, OWN).await, None);
}

#[tokio::test]
async fn what_may_not_stand_there_any_more_is_not_brought_back() {
    let world = world(Plan::Premium).await;
    rows(&world, async |unit| {
        let mut own = unit.subscribers_mut().lock(id(OWN)).await.unwrap().unwrap();
        own.set_sms_mode(SmsMode::AutoOptIn);
        unit.subscribers_mut().update(&own).await.unwrap();
    })
    .await;
    let after = save(&world, &with(&[])).await.unwrap();
    let change = log(&world, subscriber::KIND).await.remove(0).id;
    assert_eq!(wrong(subscriber::restore(&world.app, ann(), id(OWN), change).await), ["sms_mode"]);
    assert_eq!(stored(&world, OWN).await, after);
}

#[tokio::test]
async fn there_is_no_way_back_from_what_superusers_alone_decide_nor_from_a_key() {
    let world = world(Plan::Premium).await;
    let last = async || log(&world, subscriber::KIND).await.remove(0);
    let is_first_party = !stored(&world, OWN).await.is_first_party;
    subscriber::set_first_party(&world.app, ann(), id(OWN), is_first_party).await.unwrap();
    let superuser = last().await;
    assert!(superuser.before.is_some() && !subscriber::can_go_back(&superuser));
    let none = subscriber::restore(&world.app, ann(), id(OWN), superuser.id).await;
    assert!(matches!(none, Err(EditError::NotFound)));
    assert_eq!(stored(&world, OWN).await.is_first_party, is_first_party);

    world.clock.advance(chrono::TimeDelta::minutes(1));
    let as_it_is = with(&[("sync_actionnetwork", "true"), ("actionnetwork_key", "first-key")]);
    let same = save(&world, &with(&[])).await.unwrap();
    world.clock.advance(chrono::TimeDelta::minutes(1));
    let after = save(&world, &as_it_is).await.unwrap();
    assert_eq!(Subscriber { modified_at: same.modified_at, ..after }, same);
    let of_key = last().await;
    assert!(of_key.id != superuser.id && !subscriber::can_go_back(&of_key));

    world.clock.advance(chrono::TimeDelta::minutes(1));
    save(&world, &with(&[("sync_tmc", "true")])).await.unwrap();
    assert!(subscriber::can_go_back(&last().await));
}

/// Quirk Q101.
#[tokio::test]
async fn the_mode_that_is_no_longer_offered_can_be_kept_and_left_but_not_chosen() {
    let world = world(Plan::Premium).await;
    let auto = [("name", "Vote Now"), ("url", "https://a.example"), ("sms_mode", "auto_opt_in")];
    assert_eq!(wrong(save(&world, &form(&auto)).await), ["sms_mode"]);
    rows(&world, async |unit| {
        let mut own = unit.subscribers_mut().lock(id(OWN)).await.unwrap().unwrap();
        own.set_sms_mode(SmsMode::AutoOptIn);
        unit.subscribers_mut().update(&own).await.unwrap();
    })
    .await;
    assert_eq!(save(&world, &form(&auto)).await.unwrap().sms_mode(), SmsMode::AutoOptIn);
    assert_eq!(save(&world, &with(&[])).await.unwrap().sms_mode(), SmsMode::BoxUnchecked);
    assert_eq!(wrong(save(&world, &form(&auto)).await), ["sms_mode"]);
}

/// Quirk Q101.
#[tokio::test]
async fn without_its_data_a_subscriber_saves_its_name_and_addresses() {
    let world = world(Plan::Free).await;
    let sent = form(&[("name", "Vote Now"), ("url", "https://a.example"), ("sync_tmc", "true")]);
    let saved = save(&world, &sent).await.unwrap();
    assert_eq!((saved.name.as_str(), saved.sync_tmc), ("Vote Now", false));
    assert_eq!(wrong(save(&world, &form(&[("url", "nonsense")])).await), ["name", "url"]);
}

#[tokio::test]
async fn whom_we_speak_with_is_changed_and_the_log_names_no_person() {
    let world = world(Plan::Premium).await;
    rows(&world, async |unit| {
        let of = Subscription { subscriber: id(OWN), interest: None, product: None, ..subscription(OWN) };
        unit.subscriptions_mut().insert(&of).await.unwrap();
    })
    .await;
    let sent = form(&[
        ("primary_contact_first_name", "Zoë"),
        ("primary_contact_last_name", "Quill"),
        ("primary_contact_email", "zoe@example.org"),
        ("primary_contact_phone", "617-555-7890"),
    ]);
    let saved = change_contact(&world.app, ann(), id(OWN), &sent).await.unwrap();
    assert_eq!(saved.contact.first_name.as_deref(), Some("Zoë"));
    assert_eq!(saved.plan, subscription(OWN).plan, "the plan is not theirs to change");
    let entries = format!("{:?}", log(&world, Subscription::KIND).await);
    assert!(
        entries.contains("contact: ") && !entries.contains("Quill") && !entries.contains('@'),
        "{entries}"
    );
    assert!(change_contact(&world.app, ann(), id(OTHER), &sent).await.is_err(), "it has no subscription");
}

async fn make_key(world: &World, description: &str) -> Result<api_key::Created, CreateError> {
    let own = world.store.view().await.unwrap().subscribers().by_id(id(OWN)).await.unwrap().unwrap();
    api_key::create_own(&world.app, ann(), own, &form(&[("description", description)]), [7; 32]).await
}

#[tokio::test]
async fn a_key_opens_until_its_own_people_end_it() {
    let world = world(Plan::Premium).await;
    let made = make_key(&world, "  the nightly import ").await.unwrap();
    assert_eq!(made.key.description.as_deref(), Some("the nightly import"));
    assert_eq!(made.key.created_by, Some(ann()));
    let (key, secret) = (made.key.id, made.secret.reveal());
    let client = api_key::authenticate(&world.app, &key.to_string(), secret).await.unwrap();
    assert_eq!(client.subscriber.id, id(OWN));

    let others = api_key::deactivate_own(&world.app, ann(), id(OTHER), key).await.unwrap();
    assert_eq!(others, Deactivated::Unknown, "it is another subscriber's");
    assert!(api_key::authenticate(&world.app, &key.to_string(), secret).await.is_ok());
    let ended = api_key::deactivate_own(&world.app, ann(), id(OWN), key).await.unwrap();
    assert_eq!(ended, Deactivated::Now);
    let again = api_key::deactivate_own(&world.app, ann(), id(OWN), key).await.unwrap();
    assert_eq!(again, Deactivated::Before(world.app.now()));
    let refused = api_key::authenticate(&world.app, &key.to_string(), secret).await;
    assert!(matches!(refused, Err(AuthenticateError::NoSuchKey)));
    let stored = world.store.view().await.unwrap().api_keys().by_id(key).await.unwrap().unwrap();
    assert_eq!(stored.deactivated_by, Some(ann()));

    let entries = log(&world, ApiKey::KIND).await;
    let mut acts: Vec<&str> = entries.iter().map(|it| it.act.as_str()).collect();
    acts.sort_unstable();
    assert_eq!(acts, ["created", "deactivated"]);
    assert!(!format!("{entries:?}").contains(secret));
}

#[tokio::test]
async fn a_key_says_what_it_is_for() {
    let world = world(Plan::Premium).await;
    for bad in ["", "  ", &"x".repeat(201)] {
        let Err(CreateError::Problems(problems)) = make_key(&world, bad).await else { panic!("{bad:?}") };
        assert!(problems.has("description"));
    }
    let kept = world.store.view().await.unwrap().api_keys().of_subscriber(id(OWN)).await.unwrap();
    assert!(kept.is_empty());
}
