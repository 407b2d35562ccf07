//! Contact lists: who is passed on, once, and that nobody is written to who asked for no more, here or there.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use turnout_core::{
    App,
    action::{Action, VoterDetails},
    address::{Address, State},
    conformance::rows::{slug, subscriber, uuid},
    consent::{self, About, Choice, Origin, Scope},
    crm::{ContactLink, CrmLead, Rehearsal, jobs::SyncAll, push_lead, rehearse},
    decision::{Channel, Purpose},
    error::{ProviderError, ProviderErrorKind},
    ids::{ActionId, IntegrationId, ReminderId, SubscriberId, UserId},
    jobs::{JobError, JobState, step},
    memory::{ContactList, FrozenClock, ListTrouble, World},
    person::{PersonName, Phone},
    ports::{
        crm::{CrmAccount, CrmEntry, CrmForm, CrmFormId, CrmPerson, CrmPersonId, CrmSync, ListStatus},
        store::{MOST_REFUSALS, Store},
        timer::Timer,
    },
    register::Options,
    reminder::ReminderRequest,
    secret::IntegrationKey,
    settings::Settings,
    sms::{Incoming, opt_in, opt_out, receive},
    subscriber::{Subscriber, SubscriberStatus},
    subscription::{ExternalTool, Integration},
    suppression::{self, SuppressionReason, UnsubscribeLink, Unsubscribed, lift_address, reason_against},
    switch::{self, SwitchName, SwitchValue},
    tracking::Tracking,
};
use uuid::Uuid;

use crate::voter::{COMPLETE, complete, input, jobs, rows, run_due, seeded_with, stored, submit, with};

const PHONE: &str = "+16175557890";
const MAIL: &str = "ada@example.org";
const OURS: SubscriberId = SubscriberId(Uuid::from_u128(7));

fn phone() -> Phone {
    Phone::from_stored(PHONE.into())
}

fn key() -> IntegrationKey {
    IntegrationKey::new("their-key".into())
}

fn theirs() -> CrmAccount {
    CrmAccount::Subscriber(OURS, key())
}

/// A world that passes voters on, and a subscriber with a list of its own.
async fn world() -> World {
    let mut settings = Settings::default();
    settings.crm.enabled = true;
    settings.crm.environment = "prod".into();
    let world = seeded_with(|app| app.with_settings(settings)).await;
    world.contacts.close(false);
    let of =
        Subscriber { id: OURS, is_first_party: false, status: SubscriberStatus::Active, ..subscriber(7, 0) };
    let integration = Integration {
        id: IntegrationId(uuid(70)),
        subscriber: OURS,
        tool: ExternalTool::ActionNetwork,
        key: key(),
        created_at: world.app.now(),
        modified_at: world.app.now(),
    };
    rows(&world, async |unit| {
        unit.subscribers_mut().insert(&of).await.unwrap();
        unit.subscribers_mut().insert_slug(&slug(7, "acme")).await.unwrap();
        unit.subscriptions_mut().put_integration(&integration).await.unwrap();
    })
    .await;
    world
}

fn ada() -> VoterDetails {
    VoterDetails {
        name: PersonName {
            first: Some("Ada".into()), last: Some("Nguyễn".into()), ..PersonName::default()
        },
        email: Some(MAIL.into()),
        phone: Some(phone()),
        address: Address { state: Some(State::Ma), ..Address::default() },
        tracking: Tracking { embed_url: Some("https://acme.example/vote".into()), ..Tracking::default() },
        ..VoterDetails::default()
    }
}

fn ticked() -> VoterDetails {
    VoterDetails { sms_opt_in: Some(true), sms_opt_in_subscriber: Some(true), ..ada() }
}

/// An action of that number, made just now.
async fn made(
    world: &World,
    number: u128,
    voter: VoterDetails,
    subscriber: Option<SubscriberId>,
) -> ActionId {
    let (id, now) = (ActionId(uuid(number)), world.app.now());
    let action = Action {
        id,
        visible_to_subscriber: true,
        last_voter_lookup: None,
        created_at: now,
        modified_at: now,
    };
    let record = ReminderRequest {
        id: ReminderId(uuid(number)),
        action: Some(id),
        subscriber,
        created_at: now,
        modified_at: now,
        voter,
    };
    rows(world, async |unit| {
        unit.actions_mut().insert(&action).await.unwrap();
        unit.reminders_mut().insert(&record).await.unwrap();
    })
    .await;
    id
}

async fn pass_on(world: &World, action: ActionId) {
    let job = turnout_core::crm::jobs::SyncAction { action, run: None }.job(&world.app);
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
    settle(world).await;
}

/// Runs what is due, in a lane that gives four a second, and again what failed.
async fn settle(world: &World) {
    for _ in 0..400 {
        run_due(world).await;
        world.clock.advance(TimeDelta::milliseconds(250));
    }
}

async fn hours(world: &World, hours: i64) {
    for _ in 0..hours * 60 {
        run_due(world).await;
        world.clock.advance(TimeDelta::minutes(1));
    }
}

async fn link(world: &World, action: ActionId, subscriber: Option<SubscriberId>) -> Option<ContactLink> {
    world.store.view().await.unwrap().contact_links().of(action, subscriber).await.unwrap()
}

fn on_list(world: &World, account: &CrmAccount) -> CrmPerson {
    let people = world.contacts.people(account);
    assert_eq!(people.len(), 1, "one person");
    people[0].0.clone()
}

async fn is_suppressed(world: &World, email: &str) -> bool {
    let mut view = world.store.view().await.unwrap();
    reason_against(&world.app, view.as_mut(), email, Purpose::Reminder).await.unwrap().is_some()
}

async fn text(world: &World, said: &str) {
    let incoming = Incoming { from: PHONE.into(), text: Some(said.into()), carrier_id: None, at: None };
    receive(&world.app, incoming).await.unwrap();
}

#[tokio::test]
async fn whoever_finishes_is_on_both_lists_once() {
    let world = world().await;
    let body =
        with(complete(), json!({"phone": "617-555-7890", "sms_opt_in": true, "sms_opt_in_subscriber": true}));
    let id =
        submit(&world, body, &Options { subscriber: Some("acme".into()), ..COMPLETE }).await.registration.id;
    settle(&world).await;
    // the look at what was not finished passes nobody on again
    hours(&world, 1).await;
    let registration = stored(&world, id).await;
    let action = registration.action.unwrap();
    let (service, own) = (CrmAccount::Service, theirs());
    assert_eq!((world.contacts.entries(&service).len(), world.contacts.entries(&own).len()), (1, 1));
    let names =
        |account| world.contacts.forms(account).into_iter().map(|it| (it.identifier, it.title.unwrap()));
    let form = |name: &str| vec![(name.to_owned(), "VoteAmerica Register".to_owned())];
    assert_eq!(names(&service).collect::<Vec<_>>(), form("voteamerica:prod_registration"));
    assert_eq!(names(&own).collect::<Vec<_>>(), form("voteamerica:prod_registration_acme"));
    for (account, subscriber) in [(&service, None), (&own, Some(OURS))] {
        let person = on_list(&world, account);
        assert_eq!(person.email_status(MAIL), Some(ListStatus::Subscribed));
        assert_eq!(person.phone_status(&phone()), Some(ListStatus::Subscribed));
        let link = link(&world, action, subscriber).await.unwrap();
        assert_eq!((link.person, link.phone), (Some(person.id), Some(ListStatus::Subscribed)));
    }
    let entry = &world.contacts.entries(&service)[0];
    assert_eq!(entry.referral.source.as_deref(), Some("voteamerica_register"));
    let fields = |account| world.contacts.people(account)[0].1.clone();
    let acme = Value::from("acme");
    let both = [("first_subscriber", &acme), ("last_subscriber", &acme)];
    assert_eq!(fields(&service), both.map(|(name, slug)| (name.to_owned(), slug.clone())).into());
    assert_eq!(fields(&own), BTreeMap::new());
    assert!(jobs(&world).await.iter().all(|job| job.state != JobState::Dead));
}

#[tokio::test]
async fn nobody_is_passed_on_while_that_is_off_and_no_number_without_a_yes() {
    let world = world().await;
    world.contacts.close(true);
    submit(&world, complete(), &COMPLETE).await;
    settle(&world).await;
    assert_eq!(world.contacts.asked(), 0);
    world.contacts.close(false);
    let action = made(&world, 901, ada(), Some(OURS)).await;
    pass_on(&world, action).await;
    for account in [CrmAccount::Service, theirs()] {
        assert_eq!(on_list(&world, &account).phones, []);
    }
    // a yes to the subscriber is none to the service
    let theirs_alone = VoterDetails { sms_opt_in_subscriber: Some(true), ..ada() };
    let action = made(&world, 902, theirs_alone, Some(OURS)).await;
    pass_on(&world, action).await;
    assert_eq!(on_list(&world, &CrmAccount::Service).phones, []);
    assert_eq!(on_list(&world, &theirs()).phone_status(&phone()), Some(ListStatus::Subscribed));
}

#[tokio::test]
async fn the_first_subscriber_stays_the_first_and_the_last_is_the_last() {
    let world = world().await;
    let first = made(&world, 901, ada(), Some(OURS)).await;
    pass_on(&world, first).await;
    let of = Subscriber { id: SubscriberId(uuid(8)), ..subscriber(8, 0) };
    rows(&world, async |unit| {
        unit.subscribers_mut().insert(&of).await.unwrap();
        unit.subscribers_mut().insert_slug(&slug(8, "other")).await.unwrap();
    })
    .await;
    let second = made(&world, 902, ada(), Some(of.id)).await;
    pass_on(&world, second).await;
    let (_, fields) = world.contacts.people(&CrmAccount::Service).remove(0);
    assert_eq!(fields["first_subscriber"], "acme");
    assert_eq!(fields["last_subscriber"], "other");
    // who has no list of its own, has none, and sees nothing of another's
    assert_eq!(world.contacts.entries(&theirs()).len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_lost_loses_nobody_and_passes_nobody_on_twice() {
    let world = world().await;
    world.contacts.next_troubles([
        ListTrouble::Unanswered,
        ListTrouble::Refused(ProviderErrorKind::Throttled),
        ListTrouble::Refused(ProviderErrorKind::Unreachable),
        ListTrouble::Unanswered,
    ]);
    let action = made(&world, 901, ada(), Some(OURS)).await;
    pass_on(&world, action).await;
    hours(&world, 2).await;
    for (account, subscriber) in [(CrmAccount::Service, None), (theirs(), Some(OURS))] {
        assert_eq!(world.contacts.entries(&account).len(), 1, "{subscriber:?}");
        let person = on_list(&world, &account).id;
        assert_eq!(link(&world, action, subscriber).await.unwrap().person, Some(person));
    }
}

#[tokio::test]
async fn one_list_that_refuses_does_not_keep_somebody_from_the_other() {
    let world = world().await;
    world.contacts.next_troubles([ListTrouble::Refused(ProviderErrorKind::Rejected)]);
    let action = made(&world, 901, ada(), Some(OURS)).await;
    pass_on(&world, action).await;
    assert_eq!(world.contacts.entries(&CrmAccount::Service).len(), 0);
    assert_eq!(world.contacts.entries(&theirs()).len(), 1);
    assert_eq!(link(&world, action, None).await.unwrap().refusals, 1);
    let dead: Vec<_> = jobs(&world).await.into_iter().filter(|job| job.state == JobState::Dead).collect();
    assert_eq!(dead.len(), 1);
    let said = format!("{:?}", dead[0]);
    assert!(said.contains("rejected") && !said.contains("ada") && !said.contains("6175557890"), "{said}");
}

#[tokio::test]
async fn who_is_unsubscribed_there_stays_so_and_is_not_mailed_here_any_more() {
    let world = world().await;
    let first = made(&world, 901, ada(), None).await;
    pass_on(&world, first).await;
    assert!(!is_suppressed(&world, MAIL).await);
    world.contacts.say_email(&CrmAccount::Service, MAIL, ListStatus::Unsubscribed);
    let second = made(&world, 902, ada(), None).await;
    pass_on(&world, second).await;
    assert_eq!(on_list(&world, &CrmAccount::Service).email_status(MAIL), Some(ListStatus::Unsubscribed));
    assert!(is_suppressed(&world, MAIL).await);
    // whoever takes that back with us is not stopped again by the same no
    let reason = Some(SuppressionReason::Unsubscribe);
    assert_eq!(lift_address(&world.app, MAIL, reason).await.unwrap(), [SuppressionReason::Unsubscribe]);
    let third = made(&world, 903, ada(), None).await;
    pass_on(&world, third).await;
    assert!(!is_suppressed(&world, MAIL).await);
    assert_eq!(on_list(&world, &CrmAccount::Service).email_status(MAIL), Some(ListStatus::Unsubscribed));
}

#[tokio::test]
async fn who_asked_us_for_no_more_is_not_subscribed_there() {
    let world = world().await;
    let known = made(&world, 901, ada(), None).await;
    pass_on(&world, known).await;
    for email in [MAIL, "new@example.org"] {
        let report = turnout_core::suppression::MailReport {
            address: email.into(),
            reason: SuppressionReason::Complaint,
            at: world.app.now(),
        };
        turnout_core::suppression::take_reports(&world.app, &[report]).await.unwrap();
    }
    let (again, new) = (ada(), VoterDetails { email: Some("new@example.org".into()), phone: None, ..ada() });
    for (number, voter) in [(902, again), (903, new)] {
        let action = made(&world, number, voter, None).await;
        pass_on(&world, action).await;
    }
    let people = world.contacts.people(&CrmAccount::Service);
    let statuses: Vec<_> = people.iter().map(|(person, _)| person.emails[0].1).collect();
    assert_eq!(statuses, [ListStatus::Unsubscribed; 2]);
}

#[tokio::test]
async fn a_stop_by_text_reaches_every_list_and_a_join_that_of_the_service() {
    let world = world().await;
    let action = made(&world, 901, ticked(), Some(OURS)).await;
    pass_on(&world, action).await;
    text(&world, "STOP").await;
    let payloads: Vec<Value> = jobs(&world).await.into_iter().map(|job| job.payload).collect();
    assert!(payloads.iter().all(|payload| !payload.to_string().contains("5557890")), "{payloads:?}");
    settle(&world).await;
    let statuses = || [CrmAccount::Service, theirs()].map(|it| on_list(&world, &it).phone_status(&phone()));
    assert_eq!(statuses(), [Some(ListStatus::Unsubscribed); 2]);
    // a form with a ticked box is no word that is newer than a stop
    let again = made(&world, 902, ticked(), Some(OURS)).await;
    pass_on(&world, again).await;
    assert_eq!(statuses(), [Some(ListStatus::Unsubscribed); 2]);
    text(&world, "JOIN").await;
    settle(&world).await;
    assert_eq!(statuses(), [Some(ListStatus::Subscribed), Some(ListStatus::Unsubscribed)]);
    // the same by a partner's program, and a stop and a yes at once end as the last
    opt_out(&world.app, &input(json!({"phone": PHONE}))).await.unwrap();
    settle(&world).await;
    assert_eq!(statuses()[0], Some(ListStatus::Unsubscribed));
    world.clock.advance(TimeDelta::seconds(1));
    opt_in(&world.app, &input(json!({"phone": PHONE}))).await.unwrap();
    world.clock.advance(TimeDelta::seconds(1));
    opt_out(&world.app, &input(json!({"phone": PHONE}))).await.unwrap();
    settle(&world).await;
    assert_eq!(statuses()[0], Some(ListStatus::Unsubscribed));
}

/// Somebody of the organization.
const STAFF: UserId = UserId(Uuid::from_u128(0x57aff));

/// Enters a no that came by letter, and says what jobs know of it.
async fn stop_by_letter(world: &World, channel: Channel, scope: Scope) -> Vec<String> {
    let address = if channel == Channel::Email { " Ada@Example.org" } else { PHONE };
    let about = About::read(channel, address, scope).unwrap();
    consent::stop(&world.app, STAFF, &about, None, "a letter").await.unwrap();
    let payloads = jobs(world).await.into_iter().map(|job| job.payload.to_string()).collect();
    settle(world).await;
    payloads
}

#[tokio::test]
async fn a_no_by_letter_reaches_the_lists_of_those_for_whom_it_was_said() {
    use ListStatus::{Subscribed, Unsubscribed};
    for channel in [Channel::Email, Channel::Sms] {
        for (scope, statuses) in [
            (Scope::Subscriber(OURS), [Subscribed, Unsubscribed]),
            (Scope::Service, [Unsubscribed, Subscribed]),
            (Scope::All, [Unsubscribed, Unsubscribed]),
            (Scope::Purpose(Purpose::Campaign), [Unsubscribed, Unsubscribed]),
            (Scope::Purpose(Purpose::Chase), [Subscribed, Subscribed]),
        ] {
            let world = world().await;
            let action = made(&world, 901, ticked(), Some(OURS)).await;
            pass_on(&world, action).await;
            let payloads = stop_by_letter(&world, channel, scope).await;
            assert!(
                payloads.iter().all(|it| !it.contains("xample") && !it.contains("5557890")),
                "{payloads:?}"
            );
            let found = [CrmAccount::Service, theirs()].map(|it| {
                let person = on_list(&world, &it);
                if channel == Channel::Email {
                    person.email_status(MAIL)
                } else {
                    person.phone_status(&phone())
                }
            });
            assert_eq!(found, statuses.map(Some), "{channel:?} {scope:?}");
            assert!(jobs(&world).await.is_empty());
        }
    }
}

#[tokio::test]
async fn where_all_that_a_number_said_was_taken_back_no_list_subscribes_it() {
    let world = world().await;
    let action = made(&world, 901, ticked(), Some(OURS)).await;
    pass_on(&world, action).await;
    text(&world, "STOP").await;
    settle(&world).await;
    // the yes is taken back before the list heard of it, and then the stop
    text(&world, "JOIN").await;
    let about = About::read(Channel::Sms, PHONE, Scope::All).unwrap();
    for taken in [Choice::Granted, Choice::Stopped] {
        let mark = consent::undo(&world.app, STAFF, &about, "another owner").await.unwrap();
        assert_eq!(mark.choice, taken);
    }
    settle(&world).await;
    let statuses = [CrmAccount::Service, theirs()].map(|it| on_list(&world, &it).phone_status(&phone()));
    assert_eq!(statuses, [Some(ListStatus::Unsubscribed); 2]);
}

/// What the link in a mail to that address does.
async fn unsubscribes(world: &World, address: &str, again: bool) {
    let url: url::Url = suppression::unsubscribe_url(&world.app, address).parse().unwrap();
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let link = UnsubscribeLink { id: &query["a"], scope: &query["s"], token: &query["t"] };
    let became = match again {
        true => suppression::subscribe_again(&world.app, link).await,
        false => suppression::unsubscribe(&world.app, link).await,
    };
    assert_eq!(became.unwrap(), Unsubscribed::Holds);
}

#[tokio::test]
async fn who_unsubscribes_in_a_mail_is_unsubscribed_on_every_list_and_stays_so() {
    let world = world().await;
    let action = made(&world, 901, ada(), Some(OURS)).await;
    pass_on(&world, action).await;
    let other = VoterDetails { email: Some("bo@example.org".into()), phone: None, ..ada() };
    let of_other = made(&world, 902, other, None).await;
    pass_on(&world, of_other).await;
    unsubscribes(&world, " Ada@Example.org", false).await;
    let payloads: Vec<String> = jobs(&world).await.iter().map(|job| job.payload.to_string()).collect();
    assert!(payloads.len() == 1 && !payloads[0].contains("example"), "{payloads:?}");
    settle(&world).await;
    let statuses = || {
        let lists = [CrmAccount::Service, theirs()].map(|it| world.contacts.people(&it));
        let people = lists.iter().flatten();
        people.flat_map(|(person, _)| person.emails.clone()).collect::<Vec<_>>()
    };
    let ada = || (MAIL.to_owned(), ListStatus::Unsubscribed);
    let expected = [ada(), ("bo@example.org".to_owned(), ListStatus::Subscribed), ada()];
    assert_eq!(statuses(), expected);
    assert_eq!(link(&world, action, None).await.unwrap().email, Some(ListStatus::Unsubscribed));
    // said again it is no news; whoever takes it back is mailed by us, and not put back on lists
    let asked = world.contacts.asked();
    unsubscribes(&world, MAIL, false).await;
    unsubscribes(&world, MAIL, true).await;
    settle(&world).await;
    assert_eq!((world.contacts.asked(), statuses()), (asked, expected.to_vec()));
    // nor is what we said ourselves taken for the voter's word
    let again = made(&world, 903, self::ada(), Some(OURS)).await;
    pass_on(&world, again).await;
    assert!(!is_suppressed(&world, MAIL).await);
    assert_eq!(statuses(), expected);
    // it says no a second time, and the list hears nothing that it knows
    unsubscribes(&world, MAIL, false).await;
    settle(&world).await;
    assert_eq!(statuses(), expected);
    assert!(jobs(&world).await.is_empty());
}

#[tokio::test]
async fn mail_that_comes_back_or_is_called_spam_reaches_the_lists_and_what_was_lifted_meanwhile_does_not() {
    let world = world().await;
    for (number, reason, lifted, status) in [
        (901, SuppressionReason::Bounce, false, ListStatus::Unsubscribed),
        (902, SuppressionReason::Complaint, false, ListStatus::Unsubscribed),
        (903, SuppressionReason::Complaint, true, ListStatus::Subscribed),
    ] {
        let address = format!("v{number}@example.org");
        let voter = VoterDetails { email: Some(address.clone()), phone: None, ..ada() };
        let action = made(&world, number, voter, None).await;
        pass_on(&world, action).await;
        let report =
            turnout_core::suppression::MailReport { address: address.clone(), reason, at: world.app.now() };
        turnout_core::suppression::take_reports(&world.app, &[report]).await.unwrap();
        if lifted {
            lift_address(&world.app, &address, None).await.unwrap();
        }
        settle(&world).await;
        let people = world.contacts.people(&CrmAccount::Service);
        assert_eq!(people.last().unwrap().0.emails, [(address, status)]);
    }
}

#[tokio::test]
async fn one_list_that_is_closed_does_not_keep_another_from_hearing_of_a_no() {
    let world = world().await;
    let action = made(&world, 901, ada(), Some(OURS)).await;
    pass_on(&world, action).await;
    // the subscriber has taken its key away
    rows(&world, async |unit| {
        let tool = ExternalTool::ActionNetwork;
        unit.subscriptions_mut().remove_integration(OURS, tool).await.unwrap();
    })
    .await;
    unsubscribes(&world, MAIL, false).await;
    settle(&world).await;
    assert_eq!(on_list(&world, &CrmAccount::Service).email_status(MAIL), Some(ListStatus::Unsubscribed));
    assert_eq!(on_list(&world, &theirs()).email_status(MAIL), Some(ListStatus::Subscribed));
    assert!(jobs(&world).await.is_empty());
}

/// Lists to which somebody is just on the way when the same person unsubscribes from our mails.
struct Meanwhile(ContactList, Arc<OnceLock<App>>);

#[async_trait::async_trait]
impl CrmSync for Meanwhile {
    fn has(&self, account: &CrmAccount) -> bool {
        self.0.has(account)
    }

    async fn form(&self, account: &CrmAccount, form: &CrmForm) -> Result<Option<CrmFormId>, ProviderError> {
        self.0.form(account, form).await
    }

    async fn by_email(&self, account: &CrmAccount, email: &str) -> Result<Option<CrmPerson>, ProviderError> {
        self.0.by_email(account, email).await
    }

    async fn person(
        &self,
        account: &CrmAccount,
        id: &CrmPersonId,
    ) -> Result<Option<CrmPerson>, ProviderError> {
        self.0.person(account, id).await
    }

    async fn enter(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        entry: &CrmEntry,
    ) -> Result<CrmPersonId, ProviderError> {
        if let Some(app) = self.1.get() {
            let (address, reason) = (entry.email.clone().unwrap(), SuppressionReason::Unsubscribe);
            let report = suppression::MailReport { address, reason, at: app.now() };
            suppression::take_reports(app, &[report]).await.unwrap();
            // the job of that comes before the entry
            for job in step::claim(app, 10).await.unwrap() {
                step::run(app, &job).await.unwrap();
            }
        }
        self.0.enter(account, form, entry).await
    }

    async fn was_entered(
        &self,
        account: &CrmAccount,
        form: &CrmFormId,
        person: &CrmPersonId,
        since: DateTime<Utc>,
    ) -> Result<bool, ProviderError> {
        self.0.was_entered(account, form, person, since).await
    }

    async fn set_phone(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        phone: &Phone,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        self.0.set_phone(account, person, phone, status).await
    }

    async fn set_email(
        &self,
        account: &CrmAccount,
        person: &CrmPersonId,
        email: &str,
        status: ListStatus,
    ) -> Result<(), ProviderError> {
        self.0.set_email(account, person, email, status).await
    }
}

#[tokio::test]
async fn a_no_that_comes_while_somebody_is_on_the_way_to_a_list_is_not_lost() {
    let mut settings = Settings::default();
    settings.crm.enabled = true;
    let app = Arc::new(OnceLock::new());
    let contacts = ContactList::new(FrozenClock::at(DateTime::UNIX_EPOCH));
    let lists = Meanwhile(contacts.clone(), Arc::clone(&app));
    let world = seeded_with(|builder| builder.with_settings(settings).with_crm(lists)).await;
    assert!(app.set(world.app.clone()).is_ok());
    let action = made(&world, 901, VoterDetails { phone: None, ..ada() }, None).await;
    pass_on(&world, action).await;
    let status = |address| {
        let people = contacts.people(&CrmAccount::Service);
        people.iter().find_map(|(person, _)| person.email_status(address))
    };
    assert_eq!(status(MAIL), Some(ListStatus::Unsubscribed));
    // somebody who moved likewise
    let on = Some(&SwitchValue::Flag(true));
    switch::set(&world.app, SwitchName::parse("movers").unwrap(), on).await.unwrap();
    let lead = turnout_core::mover::MoverLead {
        email: Some("moving@example.org".into()),
        crm_person: None,
        source_created_at: Some(world.app.now()),
        created_at: world.app.now(),
        ..turnout_core::conformance::rows::lead(7)
    };
    let push = turnout_core::mover::jobs::Push { lead: lead.id }.job(&world.app);
    rows(&world, async |unit| {
        unit.movers_mut().insert(&lead).await.unwrap();
        unit.jobs_mut().enqueue(&push).await.unwrap();
    })
    .await;
    settle(&world).await;
    assert_eq!(status("moving@example.org"), Some(ListStatus::Unsubscribed));
}

#[tokio::test]
async fn a_stop_waits_for_an_action_that_is_on_its_way() {
    let world = world().await;
    world.contacts.next_troubles([ListTrouble::Unanswered]);
    let action = made(&world, 901, ticked(), None).await;
    let job = turnout_core::crm::jobs::SyncAction { action, run: None }.job(&world.app);
    rows(&world, async |unit| {
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
    run_due(&world).await;
    // the list has the number as subscribed, and we do not know of it yet
    assert_eq!(link(&world, action, None).await.unwrap().person, None);
    assert_eq!(on_list(&world, &CrmAccount::Service).phone_status(&phone()), Some(ListStatus::Subscribed));
    text(&world, "STOP").await;
    hours(&world, 3).await;
    assert_eq!(on_list(&world, &CrmAccount::Service).phone_status(&phone()), Some(ListStatus::Unsubscribed));
    assert!(jobs(&world).await.is_empty());
}

#[tokio::test]
async fn a_number_that_stops_there_is_not_texted_here_but_one_that_others_put_there_says_nothing() {
    let world = world().await;
    // somebody else has put it there, unasked
    let unasked = CrmPerson {
        id: CrmPersonId("p-0".into()),
        emails: vec![(MAIL.into(), ListStatus::Subscribed)],
        phones: vec![(phone(), ListStatus::Unsubscribed)],
        fields: Vec::new(),
    };
    world.contacts.put_person(&theirs(), unasked);
    let first = made(&world, 901, ticked(), Some(OURS)).await;
    pass_on(&world, first).await;
    assert_eq!(on_list(&world, &theirs()).phone_status(&phone()), Some(ListStatus::Unsubscribed));
    assert_eq!(on_list(&world, &CrmAccount::Service).phone_status(&phone()), Some(ListStatus::Subscribed));
    let stops = async || {
        let mut view = world.store.view().await.unwrap();
        let entries = view.consents().of(Channel::Sms, PHONE).await.unwrap();
        let stopped = entries.into_iter().filter(|it| it.mark.choice == Choice::Stopped);
        stopped.map(|it| (it.mark.scope, it.origin)).collect::<Vec<_>>()
    };
    assert_eq!(stops().await, []);
    // the voter stops what the service sends
    let person = on_list(&world, &CrmAccount::Service).id;
    let account = CrmAccount::Service;
    let list = world.app.crm.as_ref();
    list.set_phone(&account, &person, &phone(), ListStatus::Unsubscribed).await.unwrap();
    let second = made(&world, 902, ticked(), None).await;
    pass_on(&world, second).await;
    assert_eq!(stops().await, [(Scope::All, Origin::Import)]);
    assert_eq!(on_list(&world, &account).phone_status(&phone()), Some(ListStatus::Unsubscribed));
    let number = world.store.view().await.unwrap().messages().number(&phone()).await.unwrap().unwrap();
    assert!(number.is_stopped());
}

#[tokio::test]
async fn a_no_to_a_subscriber_is_no_no_to_others() {
    let world = world().await;
    let first = made(&world, 901, ticked(), Some(OURS)).await;
    pass_on(&world, first).await;
    world.contacts.say_email(&theirs(), MAIL, ListStatus::Unsubscribed);
    let second = made(&world, 902, ticked(), Some(OURS)).await;
    pass_on(&world, second).await;
    assert!(!is_suppressed(&world, MAIL).await);
    let entries = world.store.view().await.unwrap().consents().of(Channel::Email, MAIL).await.unwrap();
    let said: Vec<_> = entries.iter().map(|it| (it.mark.choice, it.mark.scope)).collect();
    assert_eq!(said, [(Choice::Stopped, Scope::Subscriber(OURS))]);
    let statuses = [CrmAccount::Service, theirs()].map(|it| on_list(&world, &it).email_status(MAIL).unwrap());
    assert_eq!(statuses, [ListStatus::Subscribed, ListStatus::Unsubscribed]);
}

/// Never waits.
struct Impatient;

#[async_trait::async_trait]
impl Timer for Impatient {
    async fn wait(&self, _: TimeDelta) {}
}

async fn rehearsed(world: &World, most: u32) -> Rehearsal {
    rehearse(&world.app, most, &Impatient, TimeDelta::zero(), &mut |_| {}).await.unwrap()
}

async fn look(world: &World) {
    let job = SyncAll::default().job(&world.app);
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
    settle(world).await;
}

#[tokio::test]
async fn a_look_finds_whoever_is_missing_and_nobody_else() {
    let world = world().await;
    for number in 900..905 {
        let voter = VoterDetails { email: Some(format!("v{number}@example.org")), phone: None, ..ada() };
        made(&world, number, voter, Some(OURS).filter(|_| number % 2 == 0)).await;
    }
    pass_on(&world, ActionId(uuid(900))).await;
    let nobody = VoterDetails { email: Some(" ".into()), phone: None, ..ada() };
    made(&world, 905, nobody, None).await;
    // those are too young
    assert_eq!(rehearsed(&world, 10).await.actions, 0);
    world.clock.advance(TimeDelta::hours(1));
    let said = rehearsed(&world, 10).await;
    assert_eq!((said.actions, said.people, said.new, said.changes, said.is_stopped), (5, 6, 6, 0, false));
    assert_eq!(world.contacts.entries(&CrmAccount::Service).len(), 1, "a rehearsal passes nobody on");
    assert!(link(&world, ActionId(uuid(901)), None).await.is_none(), "nor notes anything");
    look(&world).await;
    assert_eq!(world.contacts.entries(&CrmAccount::Service).len(), 5);
    assert_eq!(world.contacts.entries(&theirs()).len(), 3);
    assert_eq!(rehearsed(&world, 10).await.people, 0);
    look(&world).await;
    assert_eq!(world.contacts.entries(&CrmAccount::Service).len(), 5);
}

#[tokio::test]
async fn a_look_that_would_change_too_much_stops_and_says_so() {
    let world = world().await;
    let email = |number: u128| format!("v{number}@example.org");
    let voter = |number| VoterDetails { email: Some(email(number)), phone: None, ..ada() };
    for number in 900..960 {
        let person = CrmPerson {
            id: CrmPersonId(format!("p-{number}")),
            emails: vec![(email(number), ListStatus::Subscribed)],
            phones: Vec::new(),
            fields: Vec::new(),
        };
        world.contacts.put_person(&CrmAccount::Service, person);
        made(&world, number, voter(number), None).await;
        // somebody has put everybody on our list of those who want no mail
        let reason = SuppressionReason::Unsubscribe;
        let report =
            turnout_core::suppression::MailReport { address: email(number), reason, at: world.app.now() };
        turnout_core::suppression::take_reports(&world.app, &[report]).await.unwrap();
    }
    world.clock.advance(TimeDelta::hours(1));
    let said = rehearsed(&world, 10).await;
    assert_eq!((said.people, said.addresses_unsubscribed, said.changes), (60, 60, 60));
    assert!(said.is_stopped);
    look(&world).await;
    let unsubscribed = || {
        let people = world.contacts.people(&CrmAccount::Service);
        people.iter().filter(|(it, _)| it.emails[0].1 == ListStatus::Unsubscribed).count()
    };
    assert_eq!(unsubscribed(), 2, "two of the first twenty are no more than ten in a hundred");
    let dead: Vec<_> = jobs(&world).await.into_iter().filter(|job| job.state == JobState::Dead).collect();
    assert_eq!(dead.len(), 1, "one says so");
    assert!(dead[0].last_error.as_deref().unwrap().contains("3 of 3 people"), "{dead:?}");
    assert_eq!(world.chat.take().len(), 1);
    // whoever wants it so says so
    world.clock.advance(TimeDelta::days(1));
    assert_eq!(turnout_core::crm::pass_on_missing(&world.app, 100).await.unwrap(), 58);
    settle(&world).await;
    assert_eq!(unsubscribed(), 60);
}

#[tokio::test]
async fn who_is_refused_again_and_again_is_left_alone() {
    let world = world().await;
    made(&world, 901, ada(), None).await;
    world.clock.advance(TimeDelta::hours(1));
    for night in 0..MOST_REFUSALS + 2 {
        world.contacts.next_troubles([ListTrouble::Refused(ProviderErrorKind::Rejected)]);
        let missing = rehearsed(&world, 10).await.actions;
        assert_eq!(missing, u32::from(night < MOST_REFUSALS), "{night}");
        look(&world).await;
        world.clock.advance(TimeDelta::days(1));
    }
}

#[tokio::test]
async fn an_account_that_is_closed_is_nobodys_fault() {
    let world = world().await;
    world.contacts.next_troubles([ListTrouble::Refused(ProviderErrorKind::Disabled)]);
    let action = made(&world, 901, ada(), None).await;
    pass_on(&world, action).await;
    assert_eq!(link(&world, action, None).await.unwrap().refusals, 0);
    world.clock.advance(TimeDelta::days(1));
    look(&world).await;
    assert_eq!(world.contacts.entries(&CrmAccount::Service).len(), 1);
}

#[tokio::test]
async fn people_who_moved_are_put_on_a_form_of_their_source_once() {
    let world = world().await;
    let lead = || CrmLead {
        source: "movers".into(),
        name: ada().name,
        email: Some(MAIL.into()),
        address: ada().address,
        fields: BTreeMap::from([("movers_cross_state".to_owned(), Value::from(true))]),
    };
    let id = push_lead(&world.app, lead()).await.unwrap().unwrap();
    world.contacts.next_troubles([ListTrouble::Unanswered]);
    assert!(matches!(push_lead(&world.app, lead()).await, Err(JobError::Retry(_))));
    assert_eq!(push_lead(&world.app, lead()).await.unwrap(), Some(id));
    assert_eq!(on_list(&world, &CrmAccount::Service).fields, ["movers_cross_state"]);
    assert_eq!(world.contacts.forms(&CrmAccount::Service)[0].identifier, "voteamerica:prod_movers_lead");
    let nobody = CrmLead { email: None, ..lead() };
    assert_eq!(push_lead(&world.app, nobody).await.unwrap(), None);
    world.contacts.close(true);
    assert_eq!(push_lead(&world.app, lead()).await.unwrap(), None);
}

#[tokio::test]
async fn a_form_that_was_taken_away_is_made_again() {
    let world = world().await;
    let first = made(&world, 901, ada(), None).await;
    pass_on(&world, first).await;
    let form = CrmForm { identifier: "voteamerica:prod_reminderrequest".into(), title: None };
    world.contacts.take_form(&CrmAccount::Service, &form.identifier);
    let second = made(&world, 902, ada(), None).await;
    pass_on(&world, second).await;
    assert_eq!(world.contacts.forms(&CrmAccount::Service).len(), 1);
    assert_eq!(world.contacts.entries(&CrmAccount::Service).len(), 2);
}
