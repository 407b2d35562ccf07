//! Texts to many at once: planned by one, approved by another, handed over once to each.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    address::Address,
    blast::{
        self, Audience, Blast, BlastStatus, Draft, Micros, Outcome, Plan, PlanError, RunError, read_list,
    },
    conformance::rows,
    decision::{Decision, Rule},
    error::{ProviderError, ProviderErrorKind},
    ids::{RegistrationId, SubscriberId},
    jobs::{JobFilter, JobState, step},
    memory::{TextOutbox, World},
    official::Location,
    page::PageRequest,
    person::Phone,
    ports::{
        geocoder::{Accuracy, Components, GeocodeError, Geocoded, Geocoder},
        maps::{self, Voting},
        sms::SmsError,
        store::Store as _,
    },
    register::Registration,
    settings::Settings,
    sms::{Failure, MessageStatus, Number},
};

const CONTENT: &str = "Ohio votes on November 3. Reply STOP to stop.";

struct Setting {
    world: World,
    texts: TextOutbox,
}

/// A world at noon in New York, in which these numbers agreed to texts.
async fn setting(agreed: &[&str]) -> Setting {
    let texts = TextOutbox::new();
    let world = World::with(|app| app.with_sms(texts.clone()).with_sms_log(texts.clone()));
    let setting = Setting { world, texts };
    for phone in agreed {
        setting.say(phone, true).await;
    }
    setting
}

fn phone(text: &str) -> Phone {
    Phone::parse(text).unwrap()
}

impl Setting {
    async fn say(&self, number: &str, yes: bool) {
        let now = self.world.app.now();
        let mut unit = self.world.store.begin().await.unwrap();
        let fresh = Number::new(&self.world.app, phone(number));
        let mut number = unit.messages_mut().lock_or_insert(&fresh).await.unwrap();
        (number.opted_in_at, number.opted_out_at) = if yes { (Some(now), None) } else { (None, Some(now)) };
        unit.messages_mut().update_number(&number).await.unwrap();
        unit.commit().await.unwrap();
    }

    async fn plan(&self, draft: Draft, list: &str) -> Plan {
        let list = read_list(list.as_bytes()).unwrap();
        blast::plan(&self.world.app, draft, Audience::List(list)).await.unwrap()
    }

    /// Planned by Ann and approved by Bob.
    async fn approved(&self, list: &str) -> Blast {
        let plan = self.plan(draft(), list).await;
        self.approve(&plan.blast, "Bob").await.unwrap()
    }

    async fn approve(&self, planned: &Blast, by: &str) -> Result<Blast, RunError> {
        blast::approve(&self.world.app, planned.id, &planned.seal.unwrap().short(), by).await
    }

    /// Runs what becomes due within so many seconds.
    async fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            step::run_all_due(&self.world.app).await.unwrap();
            self.world.clock.advance(TimeDelta::seconds(1));
        }
    }

    /// Whom a text reached since it was asked last.
    fn reached(&self) -> Vec<String> {
        let mut reached: Vec<String> =
            self.texts.take().into_iter().map(|text| text.to.e164().to_owned()).collect();
        reached.sort();
        reached
    }

    async fn progress(&self, blast: &Blast) -> Vec<(Outcome, u64)> {
        blast::progress(&self.world.app, blast.id).await.unwrap().0.into_iter().collect()
    }

    async fn status(&self, blast: &Blast) -> BlastStatus {
        self.world.store.view().await.unwrap().blasts().by_id(blast.id).await.unwrap().unwrap().status
    }
}

fn draft() -> Draft {
    Draft {
        id: None,
        name: "The day before".into(),
        campaign: None,
        content: CONTENT.into(),
        map: None,
        sender: None,
        price: Micros::parse("0.01").unwrap(),
        budget: Micros::parse("1").unwrap(),
        by: "Ann".into(),
    }
}

const ONE: &str = "+16145550001";
const TWO: &str = "+16145550002";
const THREE: &str = "+16145550003";

fn list(numbers: &[&str]) -> String {
    format!("phone,state\n{}", numbers.iter().map(|number| format!("{number},OH\n")).collect::<String>())
}

#[tokio::test]
async fn a_blast_is_planned_by_one_approved_by_another_and_reaches_each_once() {
    let setting = setting(&[ONE, TWO]).await;
    let plan = setting.plan(draft(), &list(&[ONE, TWO, ONE, THREE])).await;
    assert_eq!((plan.found, plan.doubled, plan.now, plan.blast.sendable), (4, 1, 2, 2));
    assert_eq!(plan.refused.into_iter().collect::<Vec<_>>(), [(Rule::NoConsent, 1)]);
    assert_eq!((plan.blast.segments, plan.blast.cost().to_string().as_str()), (1, "0.02"));
    assert!(plan.sample.iter().all(|it| it.number.contains("*****")), "{:?}", plan.sample);

    let app = &setting.world.app;
    assert!(matches!(blast::start(app, plan.blast.id, "Ann").await, Err(RunError::Unapproved)));
    for ann in ["Ann", " ann ", "ANN"] {
        assert!(matches!(setting.approve(&plan.blast, ann).await, Err(RunError::OwnPlan)));
    }
    assert!(matches!(setting.approve(&plan.blast, " ").await, Err(RunError::Nameless)));
    for other in ["", "0000000000", &plan.blast.seal.unwrap().to_string()[..9]] {
        let approved = blast::approve(app, plan.blast.id, other, "Bob").await;
        assert!(matches!(approved, Err(RunError::OtherPlan)), "{other}");
    }
    let approved = setting.approve(&plan.blast, "Bob").await.unwrap();
    assert_eq!(approved.status, BlastStatus::Approved);
    assert_eq!(setting.reached(), [""; 0], "nothing goes before it is started");

    blast::start(app, approved.id, "Ann").await.unwrap();
    setting.pass(3).await;
    assert_eq!(setting.reached(), [ONE, TWO]);
    let progress = setting.progress(&approved).await;
    assert_eq!(progress, [(Outcome::Sent, 2), (Outcome::Refused(Rule::NoConsent), 1)]);
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
    let again = blast::start(app, approved.id, "Ann").await;
    assert!(matches!(again, Err(RunError::Status(BlastStatus::Done, _))));
    setting.pass(90).await;
    assert_eq!(setting.reached(), [""; 0]);
}

#[tokio::test]
async fn an_approval_is_void_when_the_words_or_the_numbers_change() {
    let setting = setting(&[ONE, TWO]).await;
    let app = &setting.world.app;
    let first = setting.approved(&list(&[ONE, TWO])).await;
    let anew = Draft { id: Some(first.id), content: "Other words.".into(), ..draft() };
    let other_words = setting.plan(anew, &list(&[ONE, TWO])).await;
    assert_ne!(other_words.blast.seal, first.seal);
    assert!(!other_words.blast.is_approved());
    assert!(matches!(blast::start(app, first.id, "Bob").await, Err(RunError::Unapproved)));
    // who looked at the first plan approves no other
    assert!(matches!(setting.approve(&first, "Bob").await, Err(RunError::OtherPlan)));

    let second = setting.approve(&other_words.blast, "Bob").await.unwrap();
    let mut unit = setting.world.store.begin().await.unwrap();
    let mut changed = unit.blasts_mut().lock(second.id).await.unwrap().unwrap();
    changed.content = "Slipped in.".into();
    unit.blasts_mut().update(&changed).await.unwrap();
    unit.commit().await.unwrap();
    assert!(matches!(blast::start(app, second.id, "Bob").await, Err(RunError::Changed)));

    let anew = Draft { id: Some(first.id), ..draft() };
    let third = setting.plan(anew, &list(&[ONE])).await;
    setting.approve(&third.blast, "Bob").await.unwrap();
    // a number is slipped in
    let other = setting.plan(draft(), &list(&[TWO])).await.blast;
    let mut unit = setting.world.store.begin().await.unwrap();
    let page = PageRequest { after: None, limit: 9 };
    let others = unit.blasts().recipients(other.id, page).await.unwrap().rows;
    unit.blasts_mut().clear(other.id, 9).await.unwrap();
    unit.blasts_mut().add(first.id, &others).await.unwrap();
    unit.commit().await.unwrap();
    assert!(matches!(blast::start(app, first.id, "Bob").await, Err(RunError::Changed)));
    setting.pass(3).await;
    assert_eq!(setting.reached(), [""; 0]);
}

#[tokio::test]
async fn a_stopped_blast_hands_nothing_over_and_goes_on_where_it_was() {
    let numbers: Vec<String> = (0..40).map(|number| format!("+16145550{number:03}")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let setting = setting(&numbers).await;
    let app = &setting.world.app;
    let approved = setting.approved(&list(&numbers)).await;
    blast::start(app, approved.id, "Bob").await.unwrap();
    // the lane lets go of so many at once: about a tenth of a second's worth
    step::run_all_due(app).await.unwrap();
    let first = setting.reached();
    assert!((24..=36).contains(&first.len()), "{}", first.len());
    let (went, rest) = (first.len() as u64, 40 - first.len());
    blast::stop(app, approved.id, "Cem").await.unwrap();
    assert!(matches!(blast::stop(app, approved.id, "Cem").await, Err(RunError::Status(..))));
    setting.pass(120).await;
    assert_eq!(setting.reached(), [""; 0], "it is stopped");
    assert_eq!(setting.status(&approved).await, BlastStatus::Stopped);
    assert_eq!(setting.progress(&approved).await, [(Outcome::Waiting, rest as u64), (Outcome::Sent, went)]);

    blast::start(app, approved.id, "Bob").await.unwrap();
    setting.pass(3).await;
    let mut all = setting.reached();
    assert_eq!(all.len(), rest);
    all.extend(first);
    all.sort();
    assert_eq!(all, numbers);
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
}

#[tokio::test]
async fn a_text_whose_job_was_lost_is_put_in_line_again() {
    let setting = setting(&[ONE]).await;
    let app = &setting.world.app;
    let approved = setting.approved(&list(&[ONE])).await;
    blast::start(app, approved.id, "Bob").await.unwrap();
    let fan_out = step::claim(app, 1).await.unwrap().pop().unwrap();
    step::run(app, &fan_out).await.unwrap();
    let mut unit = setting.world.store.begin().await.unwrap();
    let filter = JobFilter { kind: Some("blast.send".into()), ..JobFilter::default() };
    let page = PageRequest { after: None, limit: 9 };
    let sends = unit.jobs().list(&filter, page).await.unwrap().rows;
    assert_eq!(sends.len(), 1);
    assert!(unit.jobs_mut().cancel(sends[0].id, app.now()).await.unwrap());
    unit.commit().await.unwrap();
    setting.pass(30).await;
    assert_eq!(setting.reached(), [""; 0]);
    setting.pass(60).await;
    assert_eq!(setting.reached(), [ONE]);
}

fn in_doubt() -> SmsError {
    SmsError::InDoubt(ProviderError::new("sms", ProviderErrorKind::Unreachable))
}

#[tokio::test]
async fn a_text_that_may_have_been_sent_is_looked_for_before_its_blast_is_done() {
    let setting = setting(&[ONE, TWO]).await;
    let app = &setting.world.app;
    let approved = setting.approved(&list(&[ONE, TWO])).await;
    setting.texts.fail_next(in_doubt());
    blast::start(app, approved.id, "Bob").await.unwrap();
    setting.pass(30).await;
    assert_eq!(setting.progress(&approved).await, [(Outcome::Sent, 1), (Outcome::Unknown, 1)]);
    assert_eq!(setting.status(&approved).await, BlastStatus::Running, "it may be handed over again");
    // the carrier does not have it
    setting.pass(180).await;
    assert_eq!(setting.reached(), [ONE, TWO]);
    assert_eq!(setting.progress(&approved).await, [(Outcome::Sent, 2)]);
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
}

#[tokio::test]
async fn a_text_that_stays_unknown_does_not_keep_its_blast_open_for_good() {
    let setting = setting(&[ONE]).await;
    let app = &setting.world.app;
    let approved = setting.approved(&list(&[ONE])).await;
    setting.texts.fail_next(in_doubt());
    setting.texts.list_fails(Some(ProviderErrorKind::Disabled));
    blast::start(app, approved.id, "Bob").await.unwrap();
    setting.pass(3_600).await;
    assert_eq!(setting.status(&approved).await, BlastStatus::Running);
    setting.pass(3_700).await;
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
    assert_eq!(setting.progress(&approved).await, [(Outcome::Unknown, 1)]);
    assert_eq!(setting.reached(), [""; 0]);
}

#[tokio::test]
async fn a_text_that_the_carrier_is_too_busy_for_at_every_try_has_failed_and_its_blast_is_done() {
    let setting = setting(&[ONE, TWO]).await;
    let app = &setting.world.app;
    let approved = setting.approved(&list(&[ONE, TWO])).await;
    blast::start(app, approved.id, "Bob").await.unwrap();
    for _ in 0..24 {
        let busy = ProviderError::new("carrier", ProviderErrorKind::Throttled);
        setting.texts.fail_next(SmsError::NotSent(busy));
    }
    setting.pass(7_200).await;
    assert_eq!(setting.reached(), [""; 0]);
    let failed = Outcome::Failed(Some(Failure::Throttled));
    assert_eq!(setting.progress(&approved).await, [(failed, 2)]);
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
}

/// Knows every street with a number, in Ohio.
struct Streets;

#[async_trait]
impl Geocoder for Streets {
    fn name(&self) -> &'static str {
        "streets"
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let is_known =
            address.address1.as_deref().is_some_and(|it| it.starts_with(|c: char| c.is_ascii_digit()));
        let one = Geocoded {
            location: Location { lat: 39.8, lng: -82.6 },
            uncertainty_m: 30.0,
            accuracy: Accuracy::Rooftop,
            components: Components { state: address.state, ..Components::default() },
            source: "streets",
        };
        Ok(if is_known { vec![one] } else { Vec::new() })
    }
}

/// A world with maps, in which these numbers agreed to texts.
async fn setting_with_maps(agreed: &[&str]) -> Setting {
    let texts = TextOutbox::new();
    let mut settings = Settings::default();
    settings.origins.www = "https://www.example.org".into();
    let world = World::with(|app| {
        app.with_sms(texts.clone()).with_sms_log(texts.clone()).with_settings(settings).with_geocoder(Streets)
    });
    world.atlas.has(
        Voting::Early,
        maps::Place {
            name: "Public Library".into(),
            address: Address { address1: Some("326 S 7th St".into()), ..Address::default() },
            hours: "8 to 20".into(),
            location: Some(Location { lat: 39.7, lng: -82.7 }),
        },
    );
    let setting = Setting { world, texts };
    for phone in agreed {
        setting.say(phone, true).await;
    }
    setting
}

fn draft_of_maps() -> Draft {
    let content = "From {home_address_short} to {dest_name}, {dest_hours}. {locator_url}";
    Draft { content: content.into(), map: Some(Voting::Early), campaign: Some("ohio".into()), ..draft() }
}

#[tokio::test]
async fn a_blast_of_maps_shows_each_the_way_and_keeps_neither_the_place_nor_in_the_end_the_address() {
    let setting = setting_with_maps(&[ONE, TWO]).await;
    let app = &setting.world.app;
    let list = format!("phone,state,address\n{ONE},OH,\"1 Main St, Lima, OH\"\n{TWO},OH,nowhere\n");
    let plan = setting.plan(draft_of_maps(), &list).await;
    assert_eq!((plan.blast.sendable, plan.blast.segments), (2, 1));
    let approved = setting.approve(&plan.blast, "Bob").await.unwrap();
    blast::start(app, approved.id, "Bob").await.unwrap();
    setting.pass(10).await;
    let [text] = setting.texts.take().try_into().unwrap_or_else(|_| panic!("one text"));
    assert_eq!(text.to.e164(), ONE);
    assert_eq!(text.text, "From 1 MAIN ST to PUBLIC LIBRARY, 8 to 20. https://sho.rt/1");
    assert_eq!(text.media.len(), 1);
    assert!(setting.world.links.long()[0].contains("utm_campaign=ohio&source=va_mms_turnout_ohio"));
    let kept = setting.world.store.view().await.unwrap().messages().by_id(text.id).await.unwrap().unwrap();
    assert!(!format!("{:?} {:?}", kept.text, kept.more).contains("LIBRARY"));
    setting.pass(120).await;
    assert_eq!(setting.reached(), [""; 0], "there is no map from nowhere");
    let no_map = Outcome::Failed(Some(Failure::NoMap));
    assert_eq!(setting.progress(&approved).await, [(Outcome::Sent, 1), (no_map, 1)]);
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
    let mut view = setting.world.store.view().await.unwrap();
    let (_, recipient) = view.blasts().recipient(text.id).await.unwrap().unwrap();
    assert_eq!(recipient.address, None);
}

#[tokio::test]
async fn no_map_is_drawn_for_who_has_stopped_and_a_test_of_maps_begins_at_the_first_address() {
    let setting = setting_with_maps(&[ONE, TWO]).await;
    let app = &setting.world.app;
    let list = format!("phone,state,address\n{ONE},OH,\"1 Main St, Lima, OH\"\n");
    let plan = setting.plan(draft_of_maps(), &list).await;
    blast::test(app, plan.blast.id, phone(TWO), "Ann").await.unwrap();
    setting.pass(3).await;
    let [test] = setting.texts.take().try_into().unwrap_or_else(|_| panic!("one text"));
    assert_eq!((test.to.e164(), test.text.starts_with("From 1 MAIN ST to PUBLIC LIBRARY")), (TWO, true));
    let asked = setting.world.atlas.asked().len();
    let approved = setting.approve(&plan.blast, "Bob").await.unwrap();
    setting.say(ONE, false).await;
    blast::start(app, approved.id, "Bob").await.unwrap();
    setting.pass(10).await;
    assert_eq!(setting.reached(), [""; 0]);
    assert_eq!(setting.world.atlas.asked().len(), asked);
    assert_eq!(setting.progress(&approved).await, [(Outcome::Refused(Rule::Stopped), 1)]);
}

#[tokio::test]
async fn a_blast_of_maps_needs_addresses_and_knows_its_blanks() {
    let setting = setting_with_maps(&[ONE]).await;
    let app = &setting.world.app;
    let without = read_list(list(&[ONE]).as_bytes()).unwrap();
    let planned = blast::plan(app, draft_of_maps(), Audience::List(without)).await;
    assert!(matches!(planned, Err(PlanError::Draft(what)) if what.contains("address")));
    let draft = Draft { content: "To {place}".into(), ..draft_of_maps() };
    let planned = blast::plan(app, draft, Audience::List(Vec::new())).await;
    assert!(matches!(planned, Err(PlanError::Draft(what)) if what.contains("{dest_name}")));
}

#[tokio::test]
async fn who_stops_after_the_plan_gets_nothing() {
    let setting = setting(&[ONE, TWO]).await;
    let approved = setting.approved(&list(&[ONE, TWO])).await;
    blast::start(&setting.world.app, approved.id, "Bob").await.unwrap();
    setting.world.clock.advance(TimeDelta::seconds(1));
    setting.say(TWO, false).await;
    setting.pass(3).await;
    assert_eq!(setting.reached(), [ONE]);
    let progress = setting.progress(&approved).await;
    assert_eq!(progress, [(Outcome::Sent, 1), (Outcome::Refused(Rule::Stopped), 1)]);
}

#[tokio::test]
async fn at_night_a_blast_waits_for_the_morning_of_each() {
    let setting = setting(&[ONE]).await;
    // 11 p.m. in Ohio
    setting.world.clock.set("2026-09-03T03:00:00Z".parse().unwrap());
    let plan = setting.plan(draft(), &list(&[ONE])).await;
    assert_eq!((plan.now, plan.held.values().sum::<u64>(), plan.blast.sendable), (0, 1, 1));
    let approved = setting.approve(&plan.blast, "Bob").await.unwrap();
    blast::start(&setting.world.app, approved.id, "Bob").await.unwrap();
    setting.pass(5).await;
    assert_eq!(setting.reached(), [""; 0]);
    assert!(matches!(setting.progress(&approved).await.as_slice(), [(Outcome::Held(_), 1)]));
    assert_eq!(setting.status(&approved).await, BlastStatus::Running);
    let morning: DateTime<Utc> = "2026-09-03T13:00:00Z".parse().unwrap();
    setting.world.clock.set(morning - TimeDelta::seconds(1));
    step::run_all_due(&setting.world.app).await.unwrap();
    assert_eq!(setting.reached(), [""; 0]);
    setting.world.clock.set(morning);
    setting.pass(130).await;
    assert_eq!(setting.reached(), [ONE]);
    assert_eq!(setting.status(&approved).await, BlastStatus::Done);
}

#[tokio::test]
async fn a_blast_costs_no_more_than_it_may_and_reaches_somebody() {
    let setting = setting(&[ONE, TWO]).await;
    let cheap = Draft { budget: Micros::parse("0.019999").unwrap(), ..draft() };
    let plan = setting.plan(cheap, &list(&[ONE, TWO])).await;
    assert!(!plan.is_within_budget());
    assert!(matches!(setting.approve(&plan.blast, "Bob").await, Err(RunError::OverBudget)));
    let plan = setting.plan(draft(), &list(&[THREE])).await;
    assert!(matches!(setting.approve(&plan.blast, "Bob").await, Err(RunError::Nobody)));
}

#[tokio::test]
async fn a_plan_is_good_for_three_days_and_no_plan_of_what_was_started() {
    let setting = setting(&[ONE]).await;
    let app = &setting.world.app;
    let approved = setting.approved(&list(&[ONE])).await;
    setting.world.clock.advance(TimeDelta::hours(72) + TimeDelta::seconds(1));
    assert!(matches!(blast::start(app, approved.id, "Bob").await, Err(RunError::Stale)));
    let anew = || Draft { id: Some(approved.id), ..draft() };
    let plan = setting.plan(anew(), &list(&[ONE])).await;
    setting.approve(&plan.blast, "Bob").await.unwrap();
    blast::start(app, approved.id, "Bob").await.unwrap();
    let again = blast::plan(app, anew(), Audience::Filter("finished".into())).await;
    assert!(matches!(again, Err(PlanError::Started)));
}

#[tokio::test]
async fn what_cannot_be_planned_is_told() {
    let setting = setting(&[]).await;
    let app = &setting.world.app;
    let everybody = || Audience::Filter("opted_in".into());
    for wrong in [
        Draft { content: " \n".into(), ..draft() },
        Draft { content: "x".repeat(1_601), ..draft() },
        Draft { name: String::new(), ..draft() },
        Draft { by: " ".into(), ..draft() },
        Draft { campaign: Some(String::new()), ..draft() },
    ] {
        assert!(matches!(blast::plan(app, wrong, everybody()).await, Err(PlanError::Draft(_))));
    }
    let wrong = blast::plan(app, draft(), Audience::Filter("state = ZZ".into())).await;
    assert_eq!(
        wrong.unwrap_err().to_string(),
        "the filter is wrong: character 9: there is no state ZZ: say its code, as OH"
    );
    let wrong = blast::plan(app, draft(), Audience::Filter("opted_in and subscriber = nobody".into())).await;
    let wrong = wrong.unwrap_err().to_string();
    assert_eq!(wrong, "the filter is wrong: character 27: there is no subscriber nobody");
}

/// Two subscribers with a voter each, who agreed to everybody's texts.
async fn two_subscribers() -> (Setting, [SubscriberId; 2]) {
    let setting = setting(&[ONE, TWO]).await;
    let ids = [1, 2].map(|number| SubscriberId(rows::uuid(number)));
    let mut unit = setting.world.store.begin().await.unwrap();
    for (number, (slug, phone_of)) in (1..).zip([("one", ONE), ("two", TWO)]) {
        unit.subscribers_mut().insert(&rows::subscriber(number, 0)).await.unwrap();
        unit.subscribers_mut().insert_slug(&rows::slug(number, slug)).await.unwrap();
        let registration = Registration {
            id: RegistrationId(rows::uuid(500 + number)),
            action: None,
            subscriber: Some(SubscriberId(rows::uuid(number))),
            phone: Some(phone(phone_of)),
            ..rows::registration()
        };
        unit.registrations_mut().insert(&registration).await.unwrap();
    }
    unit.commit().await.unwrap();
    (setting, ids)
}

#[tokio::test]
async fn a_subscriber_reaches_its_own_voters_alone_whatever_the_filter_says() {
    let (setting, [one, _]) = two_subscribers().await;
    let app = &setting.world.app;
    let own = || Draft { sender: Some(one), ..draft() };
    for filter in ["opted_in", "subscriber = one", "not state = WY"] {
        let plan = blast::plan(app, own(), Audience::Filter(filter.into())).await.unwrap();
        assert_eq!((plan.found, plan.blast.sendable), (1, 1), "{filter}");
        assert!(plan.sample[0].number.ends_with("01"), "{filter}");
    }
    for filter in ["subscriber = two", "subscriber in (one, two)", "not subscriber = two"] {
        let refused = blast::plan(app, own(), Audience::Filter(filter.into())).await;
        // as if it did not exist
        assert!(refused.unwrap_err().to_string().ends_with("there is no subscriber two"), "{filter}");
    }
    let none = blast::plan(app, own(), Audience::Filter("not subscriber = one".into())).await.unwrap();
    assert_eq!(none.found, 0);
    let ours = blast::plan(app, draft(), Audience::Filter("opted_in".into())).await.unwrap();
    assert_eq!(ours.found, 2);
}

#[tokio::test]
async fn a_test_goes_to_one_number_that_agreed_and_belongs_to_no_blast() {
    let setting = setting(&[ONE, TWO]).await;
    let app = &setting.world.app;
    let plan = setting.plan(draft(), &list(&[ONE])).await;
    let id = plan.blast.id;
    let refused = blast::test(app, id, phone(THREE), "Ann").await.unwrap();
    assert_eq!(refused, Decision::Refuse(Rule::NoConsent));
    for _ in 0..2 {
        assert_eq!(blast::test(app, id, phone(TWO), "Ann").await.unwrap(), Decision::Send);
    }
    setting.pass(2).await;
    let texts = setting.texts.take();
    assert_eq!(texts.len(), 2);
    assert!(texts.iter().all(|text| text.to.e164() == TWO && text.text == CONTENT));
    let mut view = setting.world.store.view().await.unwrap();
    assert_eq!(view.messages().by_id(texts[0].id).await.unwrap().unwrap().blast, None);
    assert_eq!(setting.progress(&plan.blast).await, [(Outcome::Waiting, 1)]);
    // it is no part of what is approved
    assert_eq!(setting.approve(&plan.blast, "Bob").await.unwrap().tested.unwrap().by, "Ann");
}

#[tokio::test]
async fn no_job_of_a_blast_holds_a_number_or_what_it_says() {
    let setting = setting(&[ONE, TWO]).await;
    let approved = setting.approved(&list(&[ONE, TWO])).await;
    blast::start(&setting.world.app, approved.id, "Bob").await.unwrap();
    setting.pass(3).await;
    let mut view = setting.world.store.view().await.unwrap();
    let filter = JobFilter { state: Some(JobState::Done), ..JobFilter::default() };
    let jobs = view.jobs().list(&filter, PageRequest { after: None, limit: 99 }).await.unwrap().rows;
    let kinds: Vec<&str> = jobs.iter().map(|job| job.kind.as_str()).collect();
    for kind in ["blast.fan_out", "blast.send", "blast.close"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    for job in &jobs {
        let payload = job.payload.to_string();
        assert!(!payload.contains("614555") && !payload.contains("votes"), "{payload}");
    }
    let page = PageRequest { after: None, limit: 9 };
    let reached = view.blasts().reached(approved.id, setting.world.app.now(), page).await.unwrap();
    assert!(reached.rows.iter().all(|(_, it)| it.status == Some(MessageStatus::Accepted)));
    assert!(!format!("{:?} {approved:?}", reached.rows).contains("614555"));
}
