//! A text is handed to the carrier once, whoever dies and whatever is lost on the way; and texts that nobody told us of.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    decision::{Decision, Place, Purpose},
    error::{ProviderError, ProviderErrorKind},
    ids::MessageId,
    jobs::{JobState, step},
    memory::{FrozenClock, TextOutbox, World},
    page::PageRequest,
    person::Phone,
    ports::{
        clock::Clock as _,
        sms::{ListedSms, ReceivedSms, SmsError},
        store::Store,
    },
    settings::{PollSettings, Settings},
    sms::{self, Message, MessageStatus, Number, jobs::Poll},
    switch::{self, SwitchName, SwitchValue},
};

fn voter() -> Phone {
    Phone::from_stored("+16175557890".into())
}

fn ours() -> Phone {
    Phone::from_stored("+15005550006".into())
}

/// A world with a carrier of texts.
fn world() -> (World, TextOutbox) {
    let mut settings = Settings::default();
    let (every, look_back) = (TimeDelta::seconds(5), TimeDelta::days(1));
    settings.sms.poll = Some(PollSettings { number: ours(), every, look_back });
    settings.origins.primary = "https://example.org".into();
    let mut world = World::with(|app| app.with_settings(settings));
    let texts = TextOutbox::new().with_clock(world.clock.clone());
    world.app.sms = Arc::new(texts.clone());
    world.app.sms_log = Arc::new(texts.clone());
    (world, texts)
}

/// A text is on its way.
async fn enqueued(world: &World, words: &str) -> MessageId {
    let mut unit = world.store.begin().await.unwrap();
    let now = Some(world.app.now());
    let number = Number { opted_in_at: now, ..Number::new(&world.app, voter()) };
    let number = unit.messages_mut().lock_or_insert(&number).await.unwrap();
    let (purpose, place) = (Purpose::Service, Place::default());
    let text = sms::Text { to: &number, purpose, sender: None, place, text: words.into() };
    let decision = sms::enqueue(&world.app, unit.as_mut(), text).await.unwrap();
    assert_eq!(decision, Decision::Send, "it is day");
    unit.commit().await.unwrap();
    // no two texts are made at once
    world.clock.advance(TimeDelta::milliseconds(1));
    last(world).await.id
}

async fn last(world: &World) -> Message {
    world.store.view().await.unwrap().messages().last_to(&voter()).await.unwrap().unwrap()
}

async fn stored(world: &World, id: MessageId) -> Message {
    world.store.view().await.unwrap().messages().by_id(id).await.unwrap().unwrap()
}

async fn run(world: &World) {
    step::run_all_due(&world.app).await.unwrap();
}

/// Runs what is due, again and again, for some hours.
async fn hours(world: &World, hours: i64) {
    for _ in 0..hours * 60 {
        run(world).await;
        world.clock.advance(TimeDelta::minutes(1));
    }
}

/// How far the jobs are that are not done.
async fn left(world: &World) -> Vec<(JobState, String)> {
    let mut view = world.store.view().await.unwrap();
    let jobs = view.jobs().unfinished(PageRequest { after: None, limit: 100 }).await.unwrap().rows;
    jobs.into_iter().map(|job| (job.state, job.last_error.unwrap_or_default())).collect()
}

fn error(kind: ProviderErrorKind) -> ProviderError {
    ProviderError::new("carrier", kind)
}

#[tokio::test]
async fn a_text_whose_answer_was_lost_is_found_in_the_list_and_not_sent_again() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote.").await;
    texts.drop_answers(1);
    run(&world).await;
    let doubted = stored(&world, id).await;
    assert_eq!(
        (doubted.status, doubted.carrier_id),
        (Some(MessageStatus::Unknown), None),
        "for everybody to see"
    );
    hours(&world, 1).await;
    assert_eq!(texts.take().len(), 1);
    let settled = stored(&world, id).await;
    assert_eq!(settled.status, Some(MessageStatus::Accepted));
    assert!(settled.carrier_id.is_some());
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn a_text_that_the_carrier_never_got_is_sent_once_its_list_says_so() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote.").await;
    texts.fail_next(SmsError::InDoubt(error(ProviderErrorKind::Unreachable)));
    run(&world).await;
    assert_eq!(stored(&world, id).await.status, Some(MessageStatus::Unknown));
    // the list lags behind: it is not asked at once
    world.clock.advance(TimeDelta::seconds(40));
    run(&world).await;
    assert_eq!(texts.take().len(), 0);
    hours(&world, 1).await;
    assert_eq!(texts.take().len(), 1);
    assert!(stored(&world, id).await.carrier_id.is_some());
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn while_the_list_says_nothing_a_text_stays_unknown_and_is_never_sent_again() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote.").await;
    texts.drop_answers(1);
    texts.list_fails(Some(ProviderErrorKind::Unreachable));
    hours(&world, 12).await;
    assert_eq!(texts.take().len(), 1);
    assert_eq!(stored(&world, id).await.status, Some(MessageStatus::Unknown));
    let left = left(&world).await;
    let [(JobState::Dead, reason)] = left.as_slice() else { panic!("it waits for a person: {left:?}") };
    assert!(reason.contains("it may have been sent") && !reason.contains("617"), "{reason}");
    // a carrier without a list says nothing either; the next day
    hours(&world, 12).await;
    let id = enqueued(&world, "Vote again.").await;
    texts.drop_answers(1);
    texts.list_fails(Some(ProviderErrorKind::Disabled));
    hours(&world, 12).await;
    assert_eq!(texts.take().len(), 1);
    assert_eq!(stored(&world, id).await.status, Some(MessageStatus::Unknown));
}

#[tokio::test]
async fn a_text_in_other_words_that_nobody_knows_could_be_it() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote – now.").await;
    texts.fail_next(SmsError::InDoubt(error(ProviderErrorKind::Unreachable)));
    let at = world.clock.now();
    let words = Some("Vote - now.".to_owned());
    texts.list_also(&voter(), ListedSms { carrier_id: "SM9".into(), text: words, status: None, at });
    hours(&world, 12).await;
    assert_eq!(texts.take().len(), 0, "rather not sent than sent twice");
    assert_eq!(stored(&world, id).await.status, Some(MessageStatus::Unknown));
}

#[tokio::test]
async fn two_texts_in_the_same_words_are_told_apart() {
    let (world, texts) = world();
    let first = enqueued(&world, "Vote.").await;
    run(&world).await;
    let known = stored(&world, first).await.carrier_id;
    let second = enqueued(&world, "Vote.").await;
    texts.drop_answers(1);
    run(&world).await;
    let third = enqueued(&world, "Vote.").await;
    texts.fail_next(SmsError::InDoubt(error(ProviderErrorKind::Unreachable)));
    hours(&world, 2).await;
    assert_eq!(texts.take().len(), 3);
    let mut names = vec![known.clone()];
    for id in [second, third] {
        names.push(stored(&world, id).await.carrier_id);
    }
    assert_eq!(stored(&world, first).await.carrier_id, known);
    assert!(names.iter().all(Option::is_some));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 3, "each has a name of its own");
}

#[tokio::test]
async fn a_receipt_says_that_an_unknown_text_was_taken() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote.").await;
    texts.drop_answers(1);
    texts.list_fails(Some(ProviderErrorKind::Unreachable));
    run(&world).await;
    assert!(sms::receipt(&world.app, id, Some("unknown"), Some("SM7")).await.unwrap());
    assert_eq!(stored(&world, id).await.carrier_id, None, "that is no word of a carrier");
    assert!(sms::receipt(&world.app, id, Some("sent"), Some("SM7")).await.unwrap());
    hours(&world, 2).await;
    let settled = stored(&world, id).await;
    assert_eq!((settled.status, settled.carrier_id.as_deref()), (Some(MessageStatus::Sent), Some("SM7")));
    assert_eq!(texts.take().len(), 1);
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn who_opts_out_while_a_text_is_unknown_gets_none() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote.").await;
    texts.fail_next(SmsError::InDoubt(error(ProviderErrorKind::Unreachable)));
    run(&world).await;
    let stop = sms::Incoming {
        from: voter().e164().into(),
        text: Some("STOP".into()),
        carrier_id: Some("SM5".into()),
        at: None,
    };
    sms::receive(&world.app, stop).await.unwrap();
    hours(&world, 2).await;
    assert_eq!(texts.take().len(), 0);
    assert_eq!(stored(&world, id).await.status, Some(MessageStatus::Failed));
}

#[tokio::test]
async fn a_carrier_that_says_no_for_now_is_asked_again() {
    let (world, texts) = world();
    let id = enqueued(&world, "Vote.").await;
    texts.fail_next(SmsError::NotSent(error(ProviderErrorKind::Throttled)));
    run(&world).await;
    assert_eq!(stored(&world, id).await.status, None);
    hours(&world, 1).await;
    assert_eq!(texts.take().len(), 1);
}

fn written(words: &str, id: &str, at: DateTime<Utc>) -> ReceivedSms {
    ReceivedSms { carrier_id: id.into(), from: voter().e164().into(), text: Some(words.into()), at }
}

/// A minute of asking.
async fn poll(world: &World) {
    let mut unit = world.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&Poll::first(&world.app)).await.unwrap();
    unit.commit().await.unwrap();
    for _ in 0..14 {
        run(world).await;
        world.clock.advance(TimeDelta::seconds(5));
    }
}

async fn number(world: &World) -> Option<Number> {
    world.store.view().await.unwrap().messages().number(&voter()).await.unwrap()
}

fn clock(world: &World) -> &FrozenClock {
    &world.clock
}

#[tokio::test]
async fn a_stop_that_nobody_told_us_of_counts_from_when_it_was_written() {
    let (world, texts) = world();
    let at = clock(&world).now() - TimeDelta::hours(3);
    texts.receive(&ours(), written("Stop", "SM1", at));
    poll(&world).await;
    let number = number(&world).await.unwrap();
    assert_eq!((number.opted_out_at, number.is_stopped()), (Some(at), true));
    // the same again, by a call that came late, is the same text
    let late = sms::Incoming {
        from: voter().e164().into(),
        text: Some("Stop".into()),
        carrier_id: Some("SM1".into()),
        at: None,
    };
    assert!(sms::receive(&world.app, late).await.unwrap().is_none());
    poll(&world).await;
    assert_eq!(texts.take().len(), 0);
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn of_stop_and_join_the_later_counts_in_whatever_order_they_are_heard_of() {
    for (stop, join, is_stopped) in [(1, 2, false), (2, 1, true), (2, 2, true)] {
        for stop_first in [true, false] {
            let (world, texts) = world();
            let now = clock(&world).now() - TimeDelta::hours(5);
            let stop = written("STOP", "SM1", now + TimeDelta::minutes(stop));
            let join = written("JOIN", "SM2", now + TimeDelta::minutes(join));
            let both = if stop_first { [stop, join] } else { [join, stop] };
            for text in both {
                texts.receive(&ours(), text);
                poll(&world).await;
                world.app.cache.forget("sms.poll.watermark").await;
            }
            assert_eq!(number(&world).await.unwrap().is_stopped(), is_stopped, "{stop_first}");
        }
    }
}

#[tokio::test]
async fn who_wrote_lately_is_answered_once_and_who_wrote_long_ago_is_not() {
    let (world, texts) = world();
    let now = clock(&world).now();
    texts.receive(&ours(), written("HELP", "SM1", now - TimeDelta::minutes(10)));
    texts.receive(&ours(), written("HELP", "SM2", now - TimeDelta::minutes(2)));
    poll(&world).await;
    poll(&world).await;
    let [answer] = texts.take().try_into().unwrap_or_else(|_| panic!("one answer"));
    assert_eq!(answer.to, voter());
    assert!(answer.text.contains("STOP"));
}

#[tokio::test]
async fn the_carrier_is_asked_again_and_again_and_not_while_the_switch_is_off() {
    let (world, texts) = world();
    let name = SwitchName::parse("smsbot.poll").unwrap();
    switch::set(&world.app, name, Some(&SwitchValue::Flag(false))).await.unwrap();
    texts.receive(&ours(), written("JOIN", "SM1", clock(&world).now()));
    poll(&world).await;
    assert!(number(&world).await.is_none());
    switch::set(&world.app, name, Some(&SwitchValue::Flag(true))).await.unwrap();
    // what the carrier cannot be asked for now is asked for later
    texts.list_fails(Some(ProviderErrorKind::Unreachable));
    poll(&world).await;
    assert_eq!(left(&world).await, []);
    texts.list_fails(None);
    let mut unit = world.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&Poll::first(&world.app)).await.unwrap();
    unit.commit().await.unwrap();
    run(&world).await;
    assert!(number(&world).await.unwrap().opted_in_at.is_some());
    // within the same minute
    texts.receive(&ours(), written("STOP", "SM2", clock(&world).now() + TimeDelta::seconds(2)));
    world.clock.advance(TimeDelta::seconds(5));
    run(&world).await;
    assert!(number(&world).await.unwrap().is_stopped());
    hours(&world, 1).await;
    assert_eq!(left(&world).await, [], "the clock begins each minute anew");
    let _ = texts.take();
}
