//! What is said of texts and mails, subscribers' own lists, contacts at subscribers, people who moved, and runs over many: over
//! real sockets, with what goes wrong on the way.

use std::{collections::BTreeMap, process::Command};

use chrono::TimeDelta;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use turnout_core::{
    action::{Action, VoterDetails},
    address::{Address, State},
    conformance::rows::{integration, lead, slug, subscriber, subscription, uuid},
    crm::jobs::SyncSubscriber,
    ids::{ActionId, ReminderId, SubscriberId},
    jobs::NewJob,
    mover::{self, Home, MoverLead},
    person::{PersonName, Phone},
    ports::{
        http::Method,
        store::{Store as _, Unit},
    },
    reminder::ReminderRequest,
    sms::{Incoming, receive},
    subscriber::{Subscriber, SubscriberStatus},
    subscription::Subscription,
    suppression::{self, MailReport, SuppressionReason, UnsubscribeLink, Unsubscribed},
    switch::{self, SwitchName, SwitchValue},
};
use url::Url;

use super::action_network::{House, KEY, OWN, PEOPLE};
use crate::support::Wrong;

const MAIL: &str = "ada@example.org";
const NUMBER: &str = "16175557890";
const ACME: SubscriberId = SubscriberId(uuid::Uuid::from_u128(7));

/// An address or a number, and what it is on a list.
type Said = Option<(String, String)>;

fn said(text: &str, status: &str) -> Said {
    Some((text.to_owned(), status.to_owned()))
}

impl House {
    async fn rows(&self, write: impl AsyncFnOnce(&mut dyn Unit)) {
        let mut unit = self.wired.app.store.begin().await.unwrap();
        write(unit.as_mut()).await;
        unit.commit().await.unwrap();
    }

    async fn enqueue(&self, job: NewJob) {
        self.rows(async |unit| {
            unit.jobs_mut().enqueue(&job).await.unwrap();
        })
        .await;
    }

    /// A subscriber with a list of its own.
    async fn with_acme(&self) {
        let of = Subscriber {
            is_first_party: false,
            status: SubscriberStatus::Active,
            // the oldest is the one that no page names
            created_at: self.wired.app.now(),
            ..subscriber(ACME.0.as_u128(), 0)
        };
        self.rows(async |unit| {
            unit.subscribers_mut().insert(&of).await.unwrap();
            unit.subscribers_mut().insert_slug(&slug(ACME.0.as_u128(), "acme")).await.unwrap();
            let key = integration(70, ACME.0.as_u128(), OWN, 0);
            unit.subscriptions_mut().put_integration(&key).await.unwrap();
        })
        .await;
    }

    async fn sql(&self, statement: &str) -> Vec<(String, String)> {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("turnout.db"));
        let mut rows = SqliteConnection::connect_with(&options).await.unwrap();
        let found = sqlx::query_as(AssertSqlSafe(statement.to_owned())).fetch_all(&mut rows).await.unwrap();
        rows.close().await.unwrap();
        found
    }

    /// What became of the jobs of a kind: how far each is, and why it failed last.
    async fn became(&self, kind: &str) -> Vec<(String, String)> {
        let all = "SELECT state, COALESCE(last_error, '') FROM job WHERE kind =";
        self.sql(&format!("{all} '{kind}' ORDER BY created_at, uuid")).await
    }

    /// Each of these goes wrong, one in each try of the job of that kind: it stands among those that are tried again later, with
    /// nothing about the voter. Then nothing does.
    async fn fails_and_is_done(&self, kind: &str, troubles: &[(Method, Wrong)]) {
        for (method, wrong) in troubles {
            self.peer.goes_wrong(method, [*wrong]);
            self.tries_again().await;
            let last = self.became(kind).await.pop().unwrap();
            assert!(last.0 == "waiting" && !last.1.is_empty(), "{method} {wrong:?}: {last:?}");
            for needle in ["ada", "example.org", "555"] {
                assert!(!last.1.contains(needle), "{last:?}");
            }
        }
        self.tries_again().await;
        let last = self.became(kind).await.pop().unwrap();
        assert_eq!(last.0, "done", "{last:?}");
    }

    /// As if the wait until the next try were over.
    async fn tries_again(&self) {
        let over = "UPDATE job SET due_at = '2020-01-01T00:00:00.000000Z' WHERE state = 'waiting' \
                    AND (kind GLOB 'crm.*' OR kind GLOB 'mover.*') RETURNING kind, state";
        self.sql(over).await;
        self.settle().await;
    }

    async fn texts(&self, text: &str) {
        let (from, text) = (format!("+{NUMBER}"), Some(text.to_owned()));
        receive(&self.wired.app, Incoming { from, text, carrier_id: None, at: None }).await.unwrap();
    }

    /// What the link in a mail to that address does.
    async fn unsubscribes(&self, address: &str) {
        let url: Url = suppression::unsubscribe_url(&self.wired.app, address).parse().unwrap();
        let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        let link = UnsubscribeLink { id: &query["a"], scope: &query["s"], token: &query["t"] };
        let became = suppression::unsubscribe(&self.wired.app, link).await.unwrap();
        assert_eq!(became, Unsubscribed::Holds);
    }

    fn numbers(&self) -> [Said; 2] {
        [KEY, OWN].map(|key| self.peer.people(key)[0].phone.clone())
    }

    fn emails(&self) -> [Said; 2] {
        [KEY, OWN].map(|key| self.peer.people(key)[0].email.clone())
    }

    /// A program that runs beside, with the same settings.
    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_turnout-server"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().env("DEBUG", "true");
        let settings = Self::settings(&self.folder, &self.peer);
        command.envs(settings.iter().map(|it| it.split_once('=').unwrap()));
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    /// Somebody who asked to be reminded an hour ago, and is on no list yet.
    async fn left_out(&self, number: u128, email: &str) {
        let (id, at) = (ActionId(uuid(number)), self.wired.app.now() - TimeDelta::hours(1));
        let action = Action {
            id,
            visible_to_subscriber: true,
            last_voter_lookup: Some(at),
            created_at: at,
            modified_at: at,
        };
        let record = ReminderRequest {
            id: ReminderId(uuid(number)),
            action: Some(id),
            subscriber: None,
            created_at: at,
            modified_at: at,
            voter: VoterDetails {
                name: PersonName { first: Some("Ada".into()), ..PersonName::default() },
                email: Some(email.to_owned()),
                address: Address { state: Some(State::Ma), ..Address::default() },
                ..VoterDetails::default()
            },
        };
        self.rows(async |unit| {
            unit.actions_mut().insert(&action).await.unwrap();
            unit.reminders_mut().insert(&record).await.unwrap();
        })
        .await;
    }
}

#[tokio::test]
async fn a_stop_by_text_reaches_every_list_whatever_goes_wrong_and_a_join_that_of_the_service() {
    let house = House::open().await;
    house.with_acme().await;
    house.signs_up_at(MAIL, Some("acme")).await;
    house.settle().await;
    let number = |status| said(NUMBER, status);
    assert_eq!(house.numbers(), [number("subscribed"), number("subscribed")]);
    house.texts("STOP").await;
    let (get, put) = (Method::GET, Method::PUT);
    let troubles = [
        (get.clone(), Wrong::Status(503)),
        (put.clone(), Wrong::Status(429)),
        // it is carried out, and nobody is told
        (put.clone(), Wrong::NoAnswer),
        (put, Wrong::Status(500)),
        (get, Wrong::NoAnswer),
    ];
    house.fails_and_is_done("crm.unsubscribe", &troubles).await;
    assert_eq!(house.numbers(), [number("unsubscribed"), number("unsubscribed")]);
    // a box that is ticked is no word that is newer
    house.signs_up_at(MAIL, Some("acme")).await;
    house.settle().await;
    assert_eq!(house.numbers(), [number("unsubscribed"), number("unsubscribed")]);
    house.texts("JOIN").await;
    house.fails_and_is_done("crm.resubscribe", &[(Method::PUT, Wrong::Status(503))]).await;
    assert_eq!(house.numbers(), [number("subscribed"), number("unsubscribed")]);
    house.wired.rows.close().await;
}

#[tokio::test]
async fn who_unsubscribes_in_a_mail_is_unsubscribed_on_every_list_whatever_goes_wrong_and_for_good() {
    let house = House::open().await;
    house.with_acme().await;
    house.signs_up_at(MAIL, Some("acme")).await;
    house.signs_up_at("bo@example.org", None).await;
    house.settle().await;
    assert_eq!(house.emails(), [said(MAIL, "subscribed"), said(MAIL, "subscribed")]);
    house.unsubscribes(MAIL).await;
    let (get, put) = (Method::GET, Method::PUT);
    let kind = "crm.unsubscribe_address";
    // one list does not wait for the other, so each of these keeps one of them from hearing of it
    house.peer.goes_wrong(&get, [Wrong::Status(503), Wrong::Status(429)]);
    let troubles =
        [(put.clone(), Wrong::Status(500)), (put.clone(), Wrong::NoAnswer), (get, Wrong::NoAnswer)];
    house.fails_and_is_done(kind, &troubles).await;
    assert_eq!(house.emails(), [said(MAIL, "unsubscribed"), said(MAIL, "unsubscribed")]);
    assert_eq!(house.peer.people(KEY)[1].email, said("bo@example.org", "subscribed"));
    // nothing was put that somebody said of texts
    assert!(house.peer.people(KEY)[0].phone.is_none(), "the number went to the voter who came last");
    // neither by another use of a tool, nor by mail that comes back later
    house.signs_up_at(MAIL, Some("acme")).await;
    let (address, reason) = (MAIL.to_owned(), SuppressionReason::Bounce);
    let report = MailReport { address, reason, at: house.wired.app.now() };
    suppression::take_reports(&house.wired.app, &[report]).await.unwrap();
    house.settle().await;
    assert_eq!(house.emails(), [said(MAIL, "unsubscribed"), said(MAIL, "unsubscribed")]);
    // what is refused is told to who looks after the jobs, without the address
    house.unsubscribes("bo@example.org").await;
    house.peer.goes_wrong(&put, [Wrong::Status(400)]);
    house.settle().await;
    let last = house.became(kind).await.pop().unwrap();
    assert!(last.0 == "dead" && last.1.contains("rejected") && !last.1.contains('@'), "{last:?}");
    house.wired.rows.close().await;
}

#[tokio::test]
async fn a_number_that_was_unsubscribed_there_stays_so_when_its_owner_signs_up_again() {
    let house = House::open().await;
    house.signs_up_at(MAIL, None).await;
    house.settle().await;
    assert_eq!(house.peer.people(KEY)[0].phone, said(NUMBER, "subscribed"));
    house.peer.unsubscribe_number(KEY, NUMBER);
    for _ in 0..2 {
        house.signs_up_at(MAIL, None).await;
        house.settle().await;
        assert_eq!(house.peer.people(KEY)[0].phone, said(NUMBER, "unsubscribed"));
    }
    let phone = Phone::parse(NUMBER).unwrap();
    let number = house.wired.app.store.view().await.unwrap().messages().number(&phone).await.unwrap();
    assert!(number.unwrap().is_stopped(), "nor is it texted by us");
    house.wired.rows.close().await;
}

#[tokio::test]
async fn a_subscriber_has_its_own_voters_on_its_own_list_and_one_without_a_right_key_has_none() {
    let house = House::open().await;
    house.with_acme().await;
    house.signs_up_at("bo@example.org", None).await;
    house.signs_up_at(MAIL, Some("acme")).await;
    house.settle().await;
    let form = |name: &str| vec![(format!("voteamerica:prod_{name}"), "VoteAmerica Reminder".to_owned())];
    assert_eq!(house.peer.forms(KEY), form("reminderrequest"));
    assert_eq!(house.peer.forms(OWN), form("reminderrequest_acme"));
    let [ada] = house.peer.people(OWN).try_into().unwrap();
    assert_eq!((ada.email, ada.phone), (said(MAIL, "subscribed"), said(NUMBER, "subscribed")));
    assert!(ada.fields.is_empty(), "through whom somebody came is not a subscriber's to know");
    assert_eq!(house.peer.people(KEY).len(), 2);
    house
        .rows(async |unit| {
            let wrong = integration(71, ACME.0.as_u128(), "somebody-elses", 0);
            unit.subscriptions_mut().put_integration(&wrong).await.unwrap();
        })
        .await;
    house.signs_up_at("cy@example.org", Some("acme")).await;
    house.settle().await;
    assert_eq!((house.peer.people(KEY).len(), house.peer.people(OWN).len()), (3, 1));
    let last = house.became("crm.sync_action").await.pop().unwrap();
    assert!(last.0 == "dead" && !last.1.contains("somebody-elses") && !last.1.contains("cy@"), "{last:?}");
    house.wired.rows.close().await;
}

#[tokio::test]
async fn the_contact_at_a_new_subscriber_is_entered_once_somebody_has_made_the_form() {
    let house = House::open().await;
    house.with_acme().await;
    house
        .rows(async |unit| {
            let its = Subscription { interest: None, ..subscription(ACME.0.as_u128()) };
            unit.subscriptions_mut().insert(&its).await.unwrap();
        })
        .await;
    let (kind, job) = (SyncSubscriber::KIND, || SyncSubscriber { subscriber: ACME }.job(&house.wired.app));
    house.enqueue(job()).await;
    house.settle().await;
    let last = house.became(kind).await.pop().unwrap();
    assert!(last.0 == "dead" && last.1.contains("is not configured"), "{last:?}");
    assert_eq!((house.peer.forms(PEOPLE).len(), house.peer.people(PEOPLE).len()), (0, 0));
    house.peer.put_forms(PEOPLE, &["theirs:1", "theirs:2", "voteamerica:subscriber"], "As they like");
    house.enqueue(job()).await;
    let troubles = [
        (Method::GET, Wrong::Status(429)),
        (Method::POST, Wrong::Status(503)),
        // the contact is entered, and nobody is told
        (Method::POST, Wrong::NoAnswer),
    ];
    house.fails_and_is_done(kind, &troubles).await;
    let [contact] = house.peer.people(PEOPLE).try_into().unwrap();
    assert_eq!((contact.email, contact.phone), (said(MAIL, "subscribed"), None));
    assert_eq!(
        (&contact.fields["subscriber_is_c3"], &contact.fields["subscriber_slug"]),
        (&true.into(), &"acme".into())
    );
    assert_eq!((house.peer.submitted(PEOPLE), house.peer.people(KEY).len()), (1, 0));
    assert_eq!(house.peer.forms(PEOPLE)[2].1, "As they like");
    house.wired.rows.close().await;
}

#[tokio::test]
async fn people_who_moved_are_entered_once_and_may_unsubscribe_in_a_mail() {
    let house = House::open().await;
    let app = &house.wired.app;
    let on = Some(&SwitchValue::Flag(true));
    switch::set(app, SwitchName::parse("movers").unwrap(), on).await.unwrap();
    let bare = |home: Home| Home { region: None, ..home };
    let ana = lead(7);
    let ana = MoverLead {
        email: Some("Ana@example.org".into()),
        new: bare(ana.new),
        old: bare(ana.old),
        crm_person: None,
        action: None,
        file: None,
        source_created_at: Some(app.now()),
        created_at: app.now(),
        ..lead(7)
    };
    house.rows(async |unit| assert!(unit.movers_mut().insert(&ana).await.unwrap())).await;
    house.enqueue(mover::jobs::Push { lead: ana.id }.job(app)).await;
    let troubles = [
        (Method::GET, Wrong::Status(503)),
        // the form is made, and nobody is told; then the same of the person
        (Method::POST, Wrong::NoAnswer),
        (Method::POST, Wrong::Status(429)),
        (Method::POST, Wrong::NoAnswer),
    ];
    house.fails_and_is_done("mover.push", &troubles).await;
    let form = ("voteamerica:prod_movers_lead".to_owned(), "VoteAmerica movers leads".to_owned());
    assert_eq!(house.peer.forms(KEY), [form]);
    let [there] = house.peer.people(KEY).try_into().unwrap();
    assert_eq!((there.email, there.phone), (said("ana@example.org", "subscribed"), None));
    assert_eq!(there.fields["movers_new_city"], "New city");
    let kept = app.store.view().await.unwrap().movers().by_id(ana.id).await.unwrap().unwrap();
    assert_eq!((kept.crm_person, house.peer.submitted(KEY)), (Some(there.id), 1));
    house.unsubscribes("ana@example.org").await;
    house.fails_and_is_done("crm.unsubscribe_address", &[(Method::PUT, Wrong::Status(429))]).await;
    assert_eq!(house.peer.people(KEY)[0].email, said("ana@example.org", "unsubscribed"));
    house.wired.rows.close().await;
}

#[tokio::test]
async fn a_run_by_command_is_rehearsed_and_stops_where_it_would_change_too_much() {
    let house = House::open().await;
    let email = |number: u128| format!("v{number}@example.org");
    for number in 900..905 {
        let address = email(number);
        house.peer.put_person(KEY, &address);
        house.left_out(number, &address).await;
        // somebody has put everybody on our list of those who want no mail
        let report = MailReport { address, reason: SuppressionReason::Complaint, at: house.wired.app.now() };
        suppression::take_reports(&house.wired.app, &[report]).await.unwrap();
    }
    house.settle().await;
    let unsubscribed = || {
        let people = house.peer.people(KEY);
        people.iter().filter(|it| it.email.as_ref().unwrap().1 == "unsubscribed").count()
    };
    // nobody was passed on, so nobody there is known to be one of ours
    assert_eq!(unsubscribed(), 0);
    let (done, told) = house.run(&["sync", "action-network", "--dry-run"]).await;
    for line in [
        "5  actions that are on no list",
        "5  people who would be passed on",
        "0    whom a list does not have yet",
        "5    whose e-mail address would be unsubscribed",
        "5  people for whom it changes whether they are written to",
        "It would be stopped, as that is more than 10 %: see --at-most.",
        "Nothing was changed.",
    ] {
        assert!(done && told.contains(line), "{line}: {told}");
    }
    let (done, told) = house.run(&["sync", "action-network", "--dry-run", "--at-most", "30"]).await;
    assert!(done && told.contains("It would not be stopped, as that is no more than 30 %."), "{told}");
    assert_eq!((unsubscribed(), house.peer.posted(), house.became("crm.sync_action").await.len()), (0, 0, 0));

    let (done, told) = house.run(&["sync", "action-network"]).await;
    assert!(done && told.contains("5 actions are passed on by workers") && told.contains("10 %"), "{told}");
    house.settle().await;
    assert_eq!((unsubscribed(), house.peer.posted()), (2, 2), "two of twenty are ten in a hundred");
    let dead: Vec<_> =
        house.became("crm.sync_action").await.into_iter().filter(|it| it.0 == "dead").collect();
    assert!(dead.len() == 1 && dead[0].1.contains("3 of 3 people"), "{dead:?}");

    // whoever wants it so says so; on the next day, as what was done today is not done again today
    house.sql("DELETE FROM job WHERE kind = 'crm.sync_action' RETURNING kind, state").await;
    let (done, told) = house.run(&["sync", "action-network", "--at-most", "60"]).await;
    assert!(done && told.contains("3 actions are passed on by workers"), "{told}");
    house.settle().await;
    assert_eq!((unsubscribed(), house.peer.posted()), (5, 5));
    let (done, told) = house.run(&["sync", "action-network", "--at-most", "101"]).await;
    assert!(!done && told.contains("101"), "{told}");
    house.wired.rows.close().await;
}
