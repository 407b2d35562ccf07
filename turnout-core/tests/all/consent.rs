//! Who is written to, and when: from a box on a form to the text or mail that goes, waits or does not go.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    change::ChangeFilter,
    consent::{
        self, About, Choice, EnterError, Entry, Origin, Scope, Standing, Statement, marks_of, read_scope,
        record, said_of, write_scope,
    },
    decision::{Channel, Decision, Place, Purpose, Rule},
    ids::{SubscriberId, UserId},
    jobs::JobState,
    memory::{TextOutbox, World},
    page::PageRequest,
    person::Phone,
    ports::{clock::Clock as _, store::Store as _},
    sms::{self, Incoming, MessageStatus, Number, Text},
};
use uuid::Uuid;

use crate::voter::{
    COMPLETE, INCOMPLETE, complete, jobs, minimum, patch, rows, run_due, seeded_with, stored, submit, with,
};

const PHONE: &str = "+16175557890";

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

/// A world on a Wednesday noon of Boston, and the texts that go out.
async fn at_noon() -> (World, TextOutbox) {
    let texts = TextOutbox::new();
    let world = seeded_with(|app| app.with_sms(texts.clone())).await;
    world.clock.set(at("2026-09-16T16:00:00Z"));
    (world, texts)
}

/// What a voter types who wants texts.
fn wants_texts() -> Value {
    json!({"phone": "617-555-7890", "sms_opt_in": true, "embed_url": "https://www.example.org/register"})
}

async fn writes(world: &World, text: &str) {
    let incoming = Incoming { from: PHONE.into(), text: Some(text.into()), carrier_id: None, at: None };
    sms::receive(&world.app, incoming).await.unwrap();
}

async fn ledger(world: &World) -> Vec<Entry> {
    world.store.view().await.unwrap().consents().of(Channel::Sms, PHONE).await.unwrap()
}

async fn standing(world: &World, sender: Option<SubscriberId>) -> Standing {
    let mut view = world.store.view().await.unwrap();
    let marks = marks_of(view.as_mut(), Channel::Sms, PHONE).await.unwrap();
    Standing::of(&marks, sender, Purpose::Reminder, world.clock.now())
}

/// Enqueues a text.
async fn text(world: &World, purpose: Purpose, sender: Option<SubscriberId>) -> Decision {
    let mut unit = world.store.begin().await.unwrap();
    let fresh = Number::new(&world.app, Phone::parse(PHONE).unwrap());
    let number = unit.messages_mut().lock_or_insert(&fresh).await.unwrap();
    let text = Text { to: &number, purpose, sender, place: Place::default(), text: "Vote.".into() };
    let decision = sms::enqueue(&world.app, unit.as_mut(), text).await.unwrap();
    unit.commit().await.unwrap();
    decision
}

#[tokio::test]
async fn a_box_on_a_form_is_a_yes_to_the_texts_of_the_service_and_of_nobody_else() {
    let (world, texts) = at_noon().await;
    assert_eq!(text(&world, Purpose::Reminder, None).await, Decision::Refuse(Rule::NoConsent));
    submit(&world, with(minimum(), json!({"phone": PHONE, "sms_opt_in": false})), &INCOMPLETE).await;
    assert_eq!(ledger(&world).await.len(), 0, "a box that was left alone says nothing");
    submit(&world, with(minimum(), wants_texts()), &INCOMPLETE).await;
    let [entry] = ledger(&world).await.try_into().unwrap();
    assert_eq!((entry.mark.choice, entry.mark.scope), (Choice::Granted, Scope::Service));
    assert_eq!((entry.origin, entry.mark.at), (Origin::Form, world.clock.now()));
    assert_eq!(entry.context.as_deref(), Some("https://www.example.org/register"));

    let somebody = SubscriberId(Uuid::from_u128(7));
    assert_eq!(text(&world, Purpose::Reminder, Some(somebody)).await, Decision::Refuse(Rule::NoConsent));
    assert_eq!(text(&world, Purpose::Reminder, None).await, Decision::Send);
    run_due(&world).await;
    assert_eq!(texts.take().len(), 1);
}

#[tokio::test]
async fn a_box_that_is_sent_along_again_takes_back_no_stop_and_a_new_form_does() {
    let (world, _) = at_noon().await;
    let id = submit(&world, with(minimum(), wants_texts()), &INCOMPLETE).await.registration.id;
    world.clock.advance(TimeDelta::minutes(1));
    writes(&world, "please stop").await;
    world.clock.advance(TimeDelta::minutes(1));
    patch(&world, id, with(complete(), wants_texts()), &COMPLETE).await;
    patch(&world, id, wants_texts(), &INCOMPLETE).await;
    assert_eq!(standing(&world, None).await, Standing::Stopped);
    assert_eq!(text(&world, Purpose::Reminder, None).await, Decision::Refuse(Rule::Stopped));
    // a voter who fills in another form says it anew
    submit(&world, with(minimum(), wants_texts()), &INCOMPLETE).await;
    assert_eq!(standing(&world, None).await, Standing::Granted);
    let choices: Vec<Choice> = ledger(&world).await.iter().map(|entry| entry.mark.choice).collect();
    assert_eq!(choices, [Choice::Granted, Choice::Stopped, Choice::Granted]);
}

#[tokio::test]
async fn a_stop_and_a_start_in_any_order_leave_the_newest() {
    let (world, texts) = at_noon().await;
    for (word, may) in [("JOIN", true), ("Alto", false), ("stop", false), ("start", true), ("HELP", true)] {
        world.clock.advance(TimeDelta::seconds(1));
        writes(&world, word).await;
        let expected = if may { Decision::Send } else { Decision::Refuse(Rule::Stopped) };
        assert_eq!(text(&world, Purpose::Service, None).await, expected, "{word}");
    }
    // what was enqueued before the stop goes too, as the voter has come back by now
    run_due(&world).await;
    assert_eq!(texts.take().len(), 3);
}

/// Somebody of the organization.
const STAFF: UserId = UserId(Uuid::from_u128(0x57aff));

fn texts_of(scope: Scope) -> About {
    About::read(Channel::Sms, PHONE, scope).unwrap()
}

async fn is_stopped(world: &World) -> bool {
    let mut view = world.store.view().await.unwrap();
    view.messages().number(&Phone::parse(PHONE).unwrap()).await.unwrap().unwrap().is_stopped()
}

#[tokio::test]
async fn a_stop_by_telephone_counts_like_one_by_text_and_a_later_join_takes_it_back() {
    let (world, _) = at_noon().await;
    // nobody has heard of this number yet
    world.clock.advance(TimeDelta::minutes(1));
    consent::stop(&world.app, STAFF, &texts_of(Scope::All), None, " she called ").await.unwrap();
    let [entry] = ledger(&world).await.try_into().unwrap();
    assert_eq!((entry.mark.choice, entry.mark.scope), (Choice::Stopped, Scope::All));
    assert_eq!((entry.origin, entry.context.as_deref()), (Origin::Staff, Some("she called")));
    assert_eq!(text(&world, Purpose::Service, None).await, Decision::Refuse(Rule::Stopped));
    assert!(is_stopped(&world).await);

    world.clock.advance(TimeDelta::minutes(1));
    writes(&world, "JOIN").await;
    assert_eq!(text(&world, Purpose::Service, None).await, Decision::Send);
    // a letter that was written before the JOIN and is read after it
    let before = world.clock.now() - TimeDelta::days(3);
    consent::stop(&world.app, STAFF, &texts_of(Scope::All), Some(before), "a letter").await.unwrap();
    assert_eq!(text(&world, Purpose::Service, None).await, Decision::Send);
    assert!(!is_stopped(&world).await);
    // no moment of the future
    let after = world.clock.now() + TimeDelta::days(3);
    consent::stop(&world.app, STAFF, &texts_of(Scope::All), Some(after), "a letter").await.unwrap();
    world.clock.advance(TimeDelta::minutes(1));
    writes(&world, "JOIN").await;
    assert_eq!(text(&world, Purpose::Service, None).await, Decision::Send);
}

#[tokio::test]
async fn a_wrong_stop_is_taken_back_by_an_entry_and_what_was_said_before_counts_again() {
    let (world, texts) = at_noon().await;
    submit(&world, with(minimum(), wants_texts()), &INCOMPLETE).await;
    assert_eq!(text(&world, Purpose::Campaign, None).await, Decision::Send);
    world.clock.advance(TimeDelta::minutes(1));
    writes(&world, "stop it").await;
    world.clock.advance(TimeDelta::minutes(1));
    consent::stop(&world.app, STAFF, &texts_of(Scope::All), None, "to be sure").await.unwrap();
    assert_eq!(standing(&world, None).await, Standing::Stopped);
    let somebody = Some(SubscriberId(Uuid::from_u128(7)));

    world.clock.advance(TimeDelta::minutes(1));
    let about = texts_of(Scope::All);
    assert!(matches!(consent::undo(&world.app, STAFF, &about, "  ").await, Err(EnterError::Reason)));
    let long = "x".repeat(501);
    assert!(matches!(consent::undo(&world.app, STAFF, &about, &long).await, Err(EnterError::Reason)));
    // whoever looked when there was but the yes has not seen what would be taken back
    let unseen = consent::undo_shown(&world.app, STAFF, &about, Some(1), "a mistyped number").await;
    assert!(matches!(unseen, Err(EnterError::Newer)));
    for left in [1, 0] {
        let taken = consent::undo(&world.app, STAFF, &about, "it was about a dog").await.unwrap();
        assert_eq!(taken.choice, Choice::Stopped);
        let expected = if left == 0 { Standing::Granted } else { Standing::Stopped };
        assert_eq!(standing(&world, None).await, expected, "{left} are left");
        assert_eq!(is_stopped(&world).await, left > 0);
    }
    assert!(matches!(consent::undo(&world.app, STAFF, &about, "again").await, Err(EnterError::Nothing)));
    // it is the yes to the service that counts again, and no yes to anybody else
    assert_eq!(text(&world, Purpose::Campaign, None).await, Decision::Send);
    assert_eq!(text(&world, Purpose::Campaign, somebody).await, Decision::Refuse(Rule::NoConsent));
    run_due(&world).await;
    assert_eq!(texts.take().len(), 2);

    // everything is still there, and who did it in the log
    let entries = ledger(&world).await;
    let choices: Vec<Choice> = entries.iter().map(|entry| entry.mark.choice).collect();
    use Choice::{Granted, Stopped, Withdrawn};
    assert_eq!(choices, [Granted, Stopped, Withdrawn, Stopped, Withdrawn]);
    assert!(entries.iter().filter(|it| it.origin == Origin::Staff).all(|it| it.context.is_some()));
    let mut view = world.store.view().await.unwrap();
    let filter = ChangeFilter { kind: Some("number".into()), ..ChangeFilter::default() };
    let log = view.changes().page(&filter, &PageRequest { after: None, limit: 9 }).await.unwrap().rows;
    assert!(log.iter().all(|change| change.by == Some(STAFF) && !change.comment.contains("dog")), "{log:?}");
    let mut acts: Vec<&str> = log.iter().map(|change| change.act.as_str()).collect();
    acts.sort_unstable();
    assert_eq!(acts, ["stop taken back", "stop taken back", "stopped by hand"]);
    // what it comes to, as it is shown
    let said = said_of(view.as_mut(), Channel::Sms, PHONE).await.unwrap();
    assert_eq!(said.row, []);
    assert_eq!(said.standings(world.clock.now()), [(None, None, Standing::Granted)]);
}

#[tokio::test]
async fn after_a_stop_is_taken_back_that_nothing_preceded_nobody_is_texted() {
    let (world, _) = at_noon().await;
    writes(&world, "STOP").await;
    world.clock.advance(TimeDelta::minutes(1));
    consent::undo(&world.app, STAFF, &texts_of(Scope::All), "a child typed it").await.unwrap();
    assert_eq!(standing(&world, None).await, Standing::Unknown);
    assert_eq!(text(&world, Purpose::Service, None).await, Decision::Refuse(Rule::NoConsent));
    // whoever stops again has stopped
    writes(&world, "STOP").await;
    assert_eq!(standing(&world, None).await, Standing::Stopped);
}

#[tokio::test]
async fn the_stop_of_a_number_that_was_taken_over_is_taken_back_too_and_a_wrong_yes() {
    let (world, _) = at_noon().await;
    let now = world.clock.now();
    rows(&world, async |unit| {
        let mut number = Number::new(&world.app, Phone::parse(PHONE).unwrap());
        number.opted_out_at = Some(now - TimeDelta::days(400));
        unit.messages_mut().lock_or_insert(&number).await.unwrap();
    })
    .await;
    let mut view = world.store.view().await.unwrap();
    let said = said_of(view.as_mut(), Channel::Sms, PHONE).await.unwrap();
    assert_eq!((said.entries.len(), said.row.len()), (0, 1));
    drop(view);
    consent::undo(&world.app, STAFF, &texts_of(Scope::All), "of another owner").await.unwrap();
    assert!(!is_stopped(&world).await);
    assert_eq!(standing(&world, None).await, Standing::Unknown);

    submit(&world, with(minimum(), wants_texts()), &INCOMPLETE).await;
    assert_eq!(standing(&world, None).await, Standing::Granted);
    let taken =
        consent::undo(&world.app, STAFF, &texts_of(Scope::Service), "a mistyped number").await.unwrap();
    assert_eq!(taken.choice, Choice::Granted);
    assert_eq!(text(&world, Purpose::Reminder, None).await, Decision::Refuse(Rule::NoConsent));
}

#[tokio::test]
async fn the_no_of_a_fax_number_is_entered_and_so_is_one_by_letter_to_mails() {
    let (world, _) = at_noon().await;
    for (channel, typed, kept) in [
        (Channel::Fax, "(617) 555-0100", "+16175550100"),
        (Channel::Email, "Ada@Example.org", "ada@example.org"),
    ] {
        let about = About::read(channel, typed, Scope::All).unwrap();
        consent::stop(&world.app, STAFF, &about, None, "they said so").await.unwrap();
        let mut view = world.store.view().await.unwrap();
        let said = said_of(view.as_mut(), channel, typed).await;
        let said = if channel == Channel::Email { said } else { said_of(view.as_mut(), channel, kept).await };
        let said = said.unwrap();
        assert_eq!(said.entries[0].address, kept);
        assert_eq!(said.standings(world.clock.now()), [(None, None, Standing::Stopped)]);
        let filter = ChangeFilter::history("consent", said.entries[0].id);
        let log = view.changes().page(&filter, &PageRequest { after: None, limit: 9 }).await.unwrap().rows;
        assert_eq!(log.len(), 1);
    }
    assert!(About::read(Channel::Letter, "1 Main St", Scope::All).is_none());
}

#[tokio::test]
async fn a_scope_is_read_as_it_is_written() {
    let (world, _) = at_noon().await;
    let mut view = world.store.view().await.unwrap();
    let votenow = view.subscribers().by_slug("votenow").await.unwrap().map(|it| it.id);
    let mut scopes = vec![Scope::All, Scope::Service, Scope::Purpose(Purpose::Campaign)];
    scopes.extend(votenow.map(Scope::Subscriber));
    for scope in scopes {
        let written = write_scope(view.as_mut(), scope).await.unwrap();
        assert_eq!(read_scope(view.as_mut(), &written).await.unwrap(), Some(scope), "{written}");
    }
    for wrong in ["", "everybody", "subscriber:", "subscriber:nobody", "purpose:fun", "all:x"] {
        assert_eq!(read_scope(view.as_mut(), wrong).await.unwrap(), None, "{wrong}");
    }
}

#[tokio::test]
async fn a_text_that_is_stopped_after_it_was_enqueued_does_not_go() {
    let (world, texts) = at_noon().await;
    writes(&world, "JOIN").await;
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(text(&world, Purpose::Campaign, None).await, Decision::Send);
    world.clock.advance(TimeDelta::seconds(1));
    writes(&world, "Take me off this list").await;
    run_due(&world).await;
    assert_eq!(texts.take().len(), 0);
    let mut view = world.store.view().await.unwrap();
    let last = view.messages().last_to(&Phone::parse(PHONE).unwrap()).await.unwrap().unwrap();
    assert_eq!((last.purpose, last.status), (Some(Purpose::Campaign), Some(MessageStatus::Failed)));
    assert_eq!(last.rule, Some(Rule::Stopped));
}

#[tokio::test]
async fn a_text_whose_worker_is_late_waits_for_the_morning_and_that_is_no_try() {
    let (world, texts) = at_noon().await;
    writes(&world, "JOIN").await;
    assert_eq!(text(&world, Purpose::Campaign, None).await, Decision::Send);
    // 21:30 in Boston
    world.clock.set(at("2026-09-17T01:30:00Z"));
    run_due(&world).await;
    assert_eq!(texts.take().len(), 0);
    let waiting: Vec<_> = jobs(&world).await.into_iter().filter(|job| job.kind == "sms.send").collect();
    let [job] = waiting.try_into().unwrap_or_else(|_| panic!("one job"));
    assert_eq!((job.state, job.attempts, job.due_at), (JobState::Waiting, 0, at("2026-09-17T13:00:00Z")));
    world.clock.set(job.due_at);
    run_due(&world).await;
    assert_eq!(texts.take().len(), 1);
}

#[tokio::test]
async fn the_fifth_text_of_a_month_is_refused_though_all_were_enqueued_at_once() {
    let (world, texts) = at_noon().await;
    writes(&world, "JOIN").await;
    for _ in 0..5 {
        assert_eq!(text(&world, Purpose::Campaign, None).await, Decision::Send);
    }
    run_due(&world).await;
    assert_eq!(texts.take().len(), 4);
    assert_eq!(text(&world, Purpose::Reminder, None).await, Decision::Refuse(Rule::MonthlyCap));
    assert_eq!(text(&world, Purpose::Service, None).await, Decision::Send);
    world.clock.advance(TimeDelta::days(30));
    assert_eq!(text(&world, Purpose::Reminder, None).await, Decision::Send);
}

#[tokio::test]
async fn a_reminder_by_mail_whose_worker_is_late_waits_for_the_next_morning() {
    let (world, _) = at_noon().await;
    submit(&world, complete(), &COMPLETE).await;
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form"]);
    // 23:00 of the next day
    world.clock.set(at("2026-09-18T03:00:00Z"));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form"]);
    let waiting: Vec<_> =
        jobs(&world).await.into_iter().filter(|job| job.kind == "register.remind").collect();
    let [job] = waiting.try_into().unwrap_or_else(|_| panic!("one job"));
    assert_eq!((job.attempts, job.due_at), (0, at("2026-09-18T13:00:00Z")));
    world.clock.set(job.due_at);
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form", "register.reminder"]);
    let mails = world.outbox.mails();
    let mut view = world.store.view().await.unwrap();
    let held = view.mails().held(&mails[1].message_id).await.unwrap().unwrap();
    assert_eq!((held.rule, held.purpose), (Rule::Courtesy, Purpose::Reminder));
    assert_eq!(held.held_until, Some(job.due_at));
    assert_eq!(view.mails().held(&mails[0].message_id).await.unwrap(), None, "it went at once");
}

#[tokio::test]
async fn whoever_registered_at_the_states_own_tool_is_not_reminded_of_the_form() {
    for event in [EventType::FinishExternal, EventType::FinishExternalConfirmed, EventType::FinishExternalApi]
    {
        let (world, _) = at_noon().await;
        let id = submit(&world, complete(), &COMPLETE).await.registration.id;
        let action = stored(&world, id).await.action.unwrap();
        run_due(&world).await;
        let recorded = world.app.event(action, event);
        rows(&world, async |unit| unit.actions_mut().record(&recorded).await.unwrap()).await;
        world.clock.set(at("2026-09-17T16:00:00Z"));
        run_due(&world).await;
        assert_eq!(world.outbox.tags(), ["register.form"], "{event:?}");
    }
}

#[tokio::test]
async fn whoever_unsubscribed_from_mails_gets_the_form_and_no_reminder() {
    let (world, _) = at_noon().await;
    rows(&world, async |unit| {
        let said =
            Statement::new(Choice::Stopped, Scope::All, Origin::Link, world.clock.now() - TimeDelta::days(3));
        record(&world.app, unit, Channel::Email, "Ada@Example.org", said).await.unwrap();
    })
    .await;
    submit(&world, complete(), &COMPLETE).await;
    world.clock.set(at("2026-09-16T16:01:00Z"));
    run_due(&world).await;
    world.clock.set(at("2026-09-17T16:00:00Z"));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form"]);
    let left = jobs(&world).await.into_iter().any(|job| job.kind == "register.remind");
    assert!(!left, "it is done, not tried again");
}

#[tokio::test]
async fn whoever_finishes_while_a_text_waits_for_the_morning_is_not_asked_to_finish() {
    for finishes in [true, false] {
        let (world, texts) = at_noon().await;
        // 22:30 in Boston
        world.clock.set(at("2026-09-17T02:30:00Z"));
        let id = submit(&world, with(minimum(), wants_texts()), &INCOMPLETE).await.registration.id;
        world.clock.set(at("2026-09-17T05:00:00Z"));
        run_due(&world).await;
        assert_eq!(texts.take().len(), 0);
        let waiting: Vec<_> =
            jobs(&world).await.into_iter().filter(|job| job.kind == "action.check_unfinished").collect();
        let [job] = waiting.try_into().unwrap_or_else(|_| panic!("one job"));
        assert_eq!((job.attempts, job.due_at), (0, at("2026-09-17T13:00:00Z")));
        if finishes {
            patch(&world, id, complete(), &COMPLETE).await;
            run_due(&world).await;
        }
        world.clock.set(job.due_at);
        run_due(&world).await;
        let asked = texts.take().into_iter().filter(|text| text.text.contains("http")).count();
        assert_eq!(asked, usize::from(!finishes), "{finishes}");
    }
}

#[tokio::test]
async fn a_reminder_waits_with_its_text_for_an_hour_that_both_may_go_at() {
    let (world, texts) = at_noon().await;
    // Kentucky allows texts from 10:00, we mail from 9:00, and half of Kentucky lives by Central time
    let kentucky = json!({"phone": "502-555-7890", "sms_opt_in": true, "state": "KY", "zipcode": "40202"});
    submit(&world, with(complete(), kentucky), &COMPLETE).await;
    run_due(&world).await;
    world.clock.set(at("2026-09-17T14:00:00Z"));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form"]);
    world.clock.set(at("2026-09-17T15:00:00Z"));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form", "register.reminder"]);
    assert_eq!(texts.take().len(), 0, "the number is not known, as nobody greeted it");
}
