//! From settings to Action Network, over real sockets: who is passed on, what goes wrong, and that nobody is subscribed again.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use turnout_core::{
    conformance::{Guarded, crm::Lists},
    crm::jobs::SyncAction,
    error::ProviderErrorKind,
    ids::{ActionId, SubscriberId},
    input::Input,
    jobs::step,
    ports::{
        crm::{CrmAccount, CrmEntry, CrmForm, CrmSync as _},
        http::Method,
        store::Store as _,
    },
    reminder,
    secret::IntegrationKey,
    seed::seed,
};
use turnout_server::{
    config::{Complaints, Config, Env, Role, Secret},
    providers::{action_network::ActionNetwork, http_client::Reqwest},
    system::SystemClock,
    wiring::{self, Wired},
    worker::Worker,
};

use crate::support::{ActionNetworkPeer, Wrong};

pub(super) const KEY: &str = "service-key";
/// That of a subscriber's own list.
pub(super) const OWN: &str = "own-key";
/// That of the list of contacts at subscribers.
pub(super) const PEOPLE: &str = "people-key";
/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(30);

async fn contact_lists() -> Lists<Guarded<ActionNetwork, ActionNetworkPeer>, SystemClock> {
    let peer = ActionNetworkPeer::start(&["key-1", "key-2"]).await;
    let http = Arc::new(Reqwest::new().unwrap());
    let lists = ActionNetwork::new(http, peer.origin(), None, None);
    Lists { lists: Guarded::new(lists, peer), clock: SystemClock }
}
turnout_core::crm_sync_conformance!(contacts, contact_lists);

fn config(role: Role, settings: &str) -> (Config, Complaints) {
    let mut complaints = Complaints::default();
    let config = Config::read(&Env::parse(settings, &mut complaints), role, &mut complaints);
    (config, complaints)
}

/// The whole service on rows of its own, with lists.
pub(super) struct House {
    pub(super) wired: Wired,
    pub(super) peer: ActionNetworkPeer,
    pub(super) folder: tempfile::TempDir,
}

impl House {
    pub(super) async fn open() -> Self {
        let (folder, peer) =
            (tempfile::tempdir().unwrap(), ActionNetworkPeer::start(&[KEY, OWN, PEOPLE]).await);
        let (config, complaints) = config(Role::AllInOne, &Self::settings(&folder, &peer).join("\n"));
        assert!(complaints.is_empty(), "{complaints}");
        let wired = wiring::wire(&config).await.unwrap();
        wired.rows.migrate(|_| {}).await.unwrap();
        seed(&wired.app).await.unwrap();
        Self { wired, peer, folder }
    }

    /// What it is set to, each with its name.
    pub(super) fn settings(folder: &tempfile::TempDir, peer: &ActionNetworkPeer) -> Vec<String> {
        vec![
            format!("TURNOUT_DATA_DIR={}", folder.path().display()),
            format!("ACTIONNETWORK_KEY={KEY}"),
            format!("ACTIONNETWORK_SUBSCRIBERS_KEY={PEOPLE}"),
            format!("ACTIONNETWORK_BASE_URL={}", peer.origin()),
            "ACTIONNETWORK_SYNC=true".to_owned(),
            "MOVER_SOURCE=movers".to_owned(),
            "SECRET_KEY=0123456789abcdef0123456789abcdef".to_owned(),
            "ENV=prod".to_owned(),
        ]
    }

    /// A voter asks to be reminded.
    async fn signs_up(&self, email: &str) -> ActionId {
        self.signs_up_at(email, None).await
    }

    /// On the page of a subscriber, with both boxes ticked.
    pub(super) async fn signs_up_at(&self, email: &str, slug: Option<&str>) -> ActionId {
        let body = json!({"first_name": "Ada", "last_name": "Nguyễn", "address1": "12 Elm St", "city": "Boston",
            "state": "MA", "zipcode": "02139", "date_of_birth": "1990-12-10", "email": email,
            "phone": "617-555-7890", "sms_opt_in": true, "sms_opt_in_subscriber": true});
        let serde_json::Value::Object(body) = body else { panic!("an object") };
        let request = reminder::submit(&self.wired.app, &Input::json(body), slug).await;
        request.unwrap().action.unwrap()
    }

    /// Runs what is due until every job about lists is done or given up.
    pub(super) async fn settle(&self) {
        let patience = Instant::now() + PATIENCE;
        let page = || turnout_core::page::PageRequest { after: None, limit: 100 };
        loop {
            step::run_all_due(&self.wired.app).await.unwrap();
            let left =
                self.wired.app.store.view().await.unwrap().jobs().unfinished(page()).await.unwrap().rows;
            let now = self.wired.app.now();
            let is_due = |it: &turnout_core::jobs::JobRecord| {
                ["crm.", "mover."].iter().any(|room| it.kind.starts_with(room))
                    && it.due_at <= now
                    && it.state == turnout_core::jobs::JobState::Waiting
            };
            if !left.iter().any(is_due) {
                return;
            }
            assert!(Instant::now() < patience, "{left:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// The same try again, without the wait between.
    async fn again(&self, action: ActionId) -> String {
        let job = SyncAction { action, run: None }.job(&self.wired.app);
        let job = turnout_core::jobs::NewJob { unique_key: None, ..job };
        let id = job.id;
        let mut unit = self.wired.app.store.begin().await.unwrap();
        unit.jobs_mut().enqueue(&job).await.unwrap();
        unit.commit().await.unwrap();
        self.settle().await;
        let record = self.wired.app.store.view().await.unwrap().jobs().by_id(id).await.unwrap().unwrap();
        format!("{:?} {}", record.state, record.last_error.unwrap_or_default())
    }
}

#[tokio::test]
async fn a_voter_is_passed_on_and_what_was_stopped_stays_stopped() {
    let house = House::open().await;
    house.peer.put_forms(KEY, &["theirs:1", "theirs:2", "theirs:3"], "Theirs");
    house.peer.put_forms(KEY, &["voteamerica:prod_reminderrequest"], "Wrong title");
    house.signs_up("Ada@example.org").await;
    house.settle().await;
    let forms = house.peer.forms(KEY);
    assert_eq!(forms.len(), 4, "the form on the second page is found, and none is made");
    assert_eq!(forms[3], ("voteamerica:prod_reminderrequest".to_owned(), "VoteAmerica Reminder".to_owned()));
    let [ada] = house.peer.people(KEY).try_into().unwrap();
    let said = |text: &str, status: &str| Some((text.to_owned(), status.to_owned()));
    assert_eq!(ada.email, said("ada@example.org", "subscribed"));
    assert_eq!(ada.phone, said("16175557890", "subscribed"));
    assert!(ada.fields.contains_key("first_subscriber") && ada.fields.contains_key("last_subscriber"));

    house.peer.unsubscribe(KEY, "ada@example.org");
    let asked = house.peer.asked();
    house.signs_up("ada@example.org").await;
    house.settle().await;
    // the form is remembered: one look, one entry, and one look since the no may be news to other lists
    assert_eq!(house.peer.asked() - asked, 3);
    let [ada] = house.peer.people(KEY).try_into().unwrap();
    assert_eq!(ada.email, said("ada@example.org", "unsubscribed"));
    assert_eq!(house.peer.submitted(KEY), 1);
    let mut view = house.wired.app.store.view().await.unwrap();
    let purpose = turnout_core::decision::Purpose::Reminder;
    let app = &house.wired.app;
    let reason =
        turnout_core::suppression::reason_against(app, view.as_mut(), "ada@example.org", purpose).await;
    assert_eq!(reason.unwrap(), Some(turnout_core::suppression::SuppressionReason::Unsubscribe));
    drop(view);
    house.wired.rows.close().await;
}

#[tokio::test]
async fn whatever_goes_wrong_nobody_is_lost_and_nobody_is_entered_twice() {
    let house = House::open().await;
    let action = house.signs_up("ada@example.org").await;
    let (get, post) = (Method::GET, Method::POST);
    // the job of the voter's own comes again in a minute
    house.peer.goes_wrong(&get, [Wrong::Status(429)]);
    house.settle().await;
    for (method, wrong, said) in [
        (&get, Wrong::Status(429), "slow down"),
        (&get, Wrong::Status(503), "cannot be reached"),
        // the form is made, and nobody is told; it is found then
        (&post, Wrong::NoAnswer, "cannot be reached"),
        (&post, Wrong::Status(429), "slow down"),
        (&post, Wrong::Status(500), "cannot be reached"),
        // the voter is entered, and nobody is told
        (&post, Wrong::NoAnswer, "cannot be reached"),
    ] {
        house.peer.goes_wrong(method, [wrong]);
        let became = house.again(action).await;
        assert!(became.contains(said), "{wrong:?}: {became}");
        assert!(!became.contains("ada") && !became.contains("5557890"), "{became}");
    }
    assert_eq!((house.peer.forms(KEY).len(), house.peer.posted()), (1, 1));
    for _ in 0..2 {
        let became = house.again(action).await;
        assert!(became.starts_with("Done"), "{became}");
    }
    assert_eq!((house.peer.posted(), house.peer.submitted(KEY)), (1, 1));
    let mut view = house.wired.app.store.view().await.unwrap();
    let link = view.contact_links().of(action, None).await.unwrap().unwrap();
    assert_eq!(link.person.map(|id| id.0), Some(house.peer.people(KEY)[0].id.clone()));
    drop(view);
    house.wired.rows.close().await;
}

#[tokio::test]
async fn in_no_second_are_more_than_four_requests_made_however_many_jobs_and_workers_there_are() {
    let house = House::open().await;
    for number in 1..=6 {
        house.signs_up(&format!("voter{number}@example.org")).await;
    }
    let stop = CancellationToken::new();
    let worker = || Worker::new(house.wired.app.clone(), Arc::clone(&house.wired.wake), 8).run(stop.clone());
    let ended = async {
        let patience = Instant::now() + PATIENCE;
        while house.peer.posted() < 6 {
            assert!(Instant::now() < patience, "{} of 6 voters", house.peer.posted());
            sleep(Duration::from_millis(50)).await;
        }
        stop.cancel();
    };
    futures_util::join!(worker(), worker(), ended);
    // each voter is looked for and entered, and the form is made
    assert!(house.peer.asked() > 12, "{}", house.peer.asked());
    assert!(house.peer.most_in_a_second() <= 4, "{}", house.peer.most_in_a_second());
    assert_eq!(house.peer.submitted(KEY), 6);
    house.wired.rows.close().await;
}

#[tokio::test]
async fn two_who_make_a_form_at_once_make_one_and_a_strangers_key_is_none() {
    let peer = ActionNetworkPeer::start(&["key-1"]).await;
    let lists = || ActionNetwork::new(Arc::new(Reqwest::new().unwrap()), peer.origin(), None, None);
    let own = |key: &str| {
        CrmAccount::Subscriber(SubscriberId(uuid::Uuid::from_u128(1)), IntegrationKey::new(key.into()))
    };
    let form = CrmForm { identifier: "voteamerica:prod_lookup".into(), title: Some("Verify".into()) };
    let (first, second, account) = (lists(), lists(), own("key-1"));
    let both = futures_util::join!(first.form(&account, &form), second.form(&account, &form));
    assert_eq!(both.0.unwrap(), both.1.unwrap());
    assert_eq!(peer.forms("key-1").len(), 1);
    let stranger = own("another-key");
    let refused = first.by_email(&stranger, "ada@example.org").await.err().unwrap();
    assert_eq!(refused.kind, ProviderErrorKind::Disabled);
    let nobody = CrmEntry::default();
    let id = first.form(&account, &form).await.unwrap().unwrap();
    let refused = first.enter(&account, &id, &nobody).await.unwrap_err();
    assert_eq!(refused.kind, ProviderErrorKind::Rejected);
}

#[test]
fn who_passes_voters_on_needs_a_key_and_a_day_has_24_hours() {
    let refused = |text: &str| {
        let (_, complaints) = config(Role::AllInOne, text);
        let names = complaints.to_string();
        names.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(refused("").is_empty());
    assert_eq!(refused("ACTIONNETWORK_SYNC=true"), ["ACTIONNETWORK_KEY"]);
    assert_eq!(refused("ACTIONNETWORK_KEY=a b"), ["ACTIONNETWORK_KEY"]);
    assert_eq!(refused("ACTIONNETWORK_SYNC_HOUR=24"), ["ACTIONNETWORK_SYNC_HOUR"]);
    let daily = |text: &str| config(Role::AllInOne, text).0.settings.crm.daily_at;
    let on = "ACTIONNETWORK_KEY=k\nACTIONNETWORK_SYNC=true";
    assert_eq!(daily(on), None);
    assert_eq!(daily("ACTIONNETWORK_KEY=k\nACTIONNETWORK_SYNC_DAILY=true"), None);
    let at = daily(&format!("{on}\nACTIONNETWORK_SYNC_DAILY=true")).unwrap();
    assert_eq!(at.to_string(), "05:45:00");
    let key = Secret::new("hush".into());
    assert!(!format!("{key:?}").contains("hush"));
}
