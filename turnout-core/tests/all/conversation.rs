//! A conversation by text: every command, stopping and coming back, texts that come late or twice, in both orders.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use turnout_core::{
    consent::{Standing, marks_of},
    decision::{Channel, Purpose},
    memory::World,
    person::Phone,
    ports::{sms::ReceivedSms, store::Store},
    settings::{PollSettings, Settings},
    sms::{self, Direction, Incoming, MessageStatus, Number, jobs::Poll},
    switch::{self, SwitchName, SwitchValue},
};

use crate::voter::{COMPLETE, complete, input, run_due, seeded_with, submit, with};

const PHONE: &str = "+16175557890";

/// The number that voters write to.
fn ours() -> Phone {
    Phone::parse("+16175550100").unwrap()
}

async fn world() -> World {
    let mut settings = Settings::default();
    settings.sms.welcomes = true;
    settings.sms.poll =
        Some(PollSettings { number: ours(), every: TimeDelta::seconds(5), look_back: TimeDelta::days(1) });
    let mut world = seeded_with(|app| app.with_settings(settings)).await;
    world.app.sms_log = Arc::new(world.texts.clone());
    world
}

fn phone() -> Phone {
    Phone::parse(PHONE).unwrap()
}

/// What is answered to a text that the carrier calls so.
async fn write(world: &World, text: &str, id: &str) -> Option<String> {
    let incoming = Incoming {
        from: PHONE.into(),
        text: Some(text.to_owned()),
        carrier_id: Some(id.to_owned()),
        at: None,
    };
    sms::receive(&world.app, incoming).await.unwrap().map(|reply| reply.text)
}

async fn number(world: &World) -> Option<Number> {
    world.store.view().await.unwrap().messages().number(&phone()).await.unwrap()
}

async fn is_stopped(world: &World) -> bool {
    number(world).await.is_some_and(|number| number.is_stopped())
}

/// A partner's program says that the number opted out, or in, at that moment.
async fn say(world: &World, stops: bool, at: DateTime<Utc>) {
    let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let body = input(json!({"phone": PHONE, "time": at}));
    match stops {
        true => sms::opt_out(&world.app, &body).await.unwrap(),
        false => sms::opt_in(&world.app, &body).await.unwrap(),
    }
}

#[tokio::test]
async fn every_command_has_its_answer_and_its_effect() {
    let world = world().await;
    // the text, a part of the answer if there is one, and whether the number is stopped then
    let script: [(&str, Option<&str>, bool); 33] = [
        ("Who are you?", Some("Nobody reads"), false),
        ("help", Some("Reply STOP to unsubscribe"), false),
        ("INFO", Some("Reply STOP to unsubscribe"), false),
        ("stop", None, true),
        ("Hello?", Some("You are unsubscribed"), true),
        ("Join", Some("You are subscribed"), false),
        ("STOPALL", None, true),
        ("join!", Some("You are subscribed"), false),
        ("Unsubscribe.", None, true),
        ("JOIN", Some("You are subscribed"), false),
        ("cancel", None, true),
        ("JOIN", Some("You are subscribed"), false),
        ("End", None, true),
        ("HELP", Some("Reply STOP to unsubscribe"), true),
        ("JOIN", Some("You are subscribed"), false),
        ("\"Quit\"", None, true),
        // the words of the carriers
        ("START", Some("You are subscribed"), false),
        ("stop please", None, true),
        ("unstop", Some("You are subscribed"), false),
        ("revoke", None, true),
        ("Subscribe!", Some("You are subscribed"), false),
        ("opt out", None, true),
        // a yes is a text that says nothing else
        ("start a new life", Some("You are unsubscribed"), true),
        // the same answer, which was given just now
        ("I will join the army", None, true),
        // whoever writes in Spanish is answered in Spanish
        ("Unirme", Some("Se ha suscrito a los mensajes"), false),
        ("¿Ayuda?", Some("Responda STOP para darse de baja"), false),
        ("ALTO", None, true),
        ("empezar, por favor", Some("Se ha suscrito a los mensajes"), false),
        ("No me envíen más mensajes", None, true),
        ("INFORMACIÓN", Some("Responda STOP para darse de baja"), true),
        ("suscribir", Some("Se ha suscrito a los mensajes"), false),
        ("Quítenme de su lista", None, true),
        ("JOIN", Some("You are subscribed"), false),
    ];
    for (line, (text, answer, stopped)) in script.into_iter().enumerate() {
        world.clock.advance(TimeDelta::minutes(1));
        let said = write(&world, text, &format!("SM{line}")).await;
        match answer {
            Some(part) => assert!(said.as_deref().is_some_and(|it| it.contains(part)), "{text}: {said:?}"),
            None => assert_eq!(said, None, "{text}: the carrier answers a stop"),
        }
        assert_eq!(is_stopped(&world).await, stopped, "{text}");
    }
}

#[tokio::test]
async fn a_map_is_sent_to_whoever_asks_for_one_unless_the_number_is_stopped() {
    // what is written, what is answered at once, and what comes after it
    let script: [(&str, Option<&str>, Option<&str>); 10] = [
        ("PPMAP", None, Some("Text PPMAP and your address, like this")),
        ("evmap", None, Some("Text EVMAP and your address, like this")),
        ("Evmap nowhere", None, Some("We could not find that address. Text EVMAP")),
        ("STOP", None, None),
        ("PPMAP 1 Main St, Springfield, IL 62701", Some("You are unsubscribed"), None),
        // the same words, which were said just now
        ("EVMAP 1 Main St, Springfield, IL 62701", None, None),
        ("START", Some("You are subscribed"), None),
        ("PPMAP", None, Some("Text PPMAP and your address, like this")),
        ("the PPMAP", Some("Nobody reads"), None),
        ("PPMAPS", None, None),
    ];
    let world = world().await;
    for (line, (text, at_once, later)) in script.into_iter().enumerate() {
        world.clock.advance(TimeDelta::minutes(1));
        let said = write(&world, text, &format!("SM{line}")).await;
        assert_eq!(said.is_some(), at_once.is_some(), "{text}: {said:?}");
        assert!(said.unwrap_or_default().contains(at_once.unwrap_or_default()), "{text}");
        run_due(&world).await;
        let texts = world.texts.take();
        assert_eq!(texts.len(), usize::from(later.is_some()), "{text}");
        assert!(texts.iter().all(|sent| sent.text.contains(later.unwrap_or_default())), "{text}");
    }
}

#[tokio::test]
async fn a_map_that_was_asked_for_before_a_stop_is_not_sent_after_it() {
    for comes_back in [false, true] {
        let world = world().await;
        assert_eq!(write(&world, "PPMAP", "SM1").await, None);
        world.clock.advance(TimeDelta::seconds(1));
        write(&world, "STOP", "SM2").await;
        if comes_back {
            world.clock.advance(TimeDelta::seconds(1));
            write(&world, "UNSTOP", "SM3").await;
        }
        run_due(&world).await;
        assert_eq!(world.texts.take().len(), usize::from(comes_back));
    }
}

/// Asks the carrier, for a minute, for texts of which nobody told us.
async fn poll(world: &World) {
    let mut unit = world.store.begin().await.unwrap();
    unit.jobs_mut().enqueue(&Poll::first(&world.app)).await.unwrap();
    unit.commit().await.unwrap();
    for _ in 0..13 {
        run_due(world).await;
        world.clock.advance(TimeDelta::seconds(5));
    }
}

/// Of some texts the carrier tells us as they come, and the others are found in its list later: whichever they are, what was
/// said last counts, and each is noted once.
#[tokio::test]
async fn texts_that_are_found_later_count_from_when_they_were_written_whichever_were_heard_of_at_once() {
    for script in [
        &["STOP", "JOIN"][..],
        &["START", "alto"],
        &["STOP", "UNSTOP", "No more texts"],
        &["JOIN", "basta", "suscribir"],
        &["STOP", "hello", "START", "HELP", "Stop it"],
    ] {
        let stops = !matches!(*script.last().unwrap(), "JOIN" | "suscribir");
        for missed in 0..1_u32 << script.len() {
            let world = world().await;
            let is_missed = |line: usize| missed >> line & 1 == 1;
            for (line, text) in script.iter().enumerate() {
                world.clock.advance(TimeDelta::minutes(1));
                let carrier_id = format!("SM{line}");
                // the list has all of them
                let listed = ReceivedSms {
                    carrier_id: carrier_id.clone(),
                    from: PHONE.into(),
                    text: Some((*text).to_owned()),
                    at: world.app.now(),
                };
                world.texts.receive(&ours(), listed);
                if !is_missed(line) {
                    write(&world, text, &carrier_id).await;
                }
            }
            world.clock.advance(TimeDelta::hours(1));
            poll(&world).await;
            poll(&world).await;
            let about = format!("{script:?}, missed {missed:b}");
            assert_eq!(is_stopped(&world).await, stops, "{about}");
            let mut view = world.store.view().await.unwrap();
            let marks = marks_of(view.as_mut(), Channel::Sms, PHONE).await.unwrap();
            let standing = Standing::of(&marks, None, Purpose::Campaign, world.app.now());
            assert_eq!(standing, if stops { Standing::Stopped } else { Standing::Granted }, "{about}");
            let words = script.iter().filter(|text| !matches!(**text, "hello" | "HELP")).count();
            assert_eq!(marks.len(), words, "{about}: each once");
            for line in 0..script.len() {
                assert!(view.messages().is_known(&phone(), &format!("SM{line}")).await.unwrap(), "{about}");
            }
            assert!(world.texts.take().is_empty(), "{about}: an hour later nobody is answered");
        }
    }
}

#[tokio::test]
async fn who_stops_gets_nothing_more_and_who_comes_back_gets_the_next_text() {
    for comes_back in [false, true] {
        let world = world().await;
        let voter = with(complete(), json!({"phone": PHONE, "sms_opt_in": true}));
        submit(&world, voter, &COMPLETE).await;
        run_due(&world).await;
        world.clock.advance(TimeDelta::seconds(600));
        run_due(&world).await;
        run_due(&world).await;
        assert_eq!(world.texts.take().len(), 1, "the greeting");
        write(&world, "STOP", "SM1").await;
        if comes_back {
            world.clock.advance(TimeDelta::minutes(1));
            write(&world, "JOIN", "SM2").await;
        }
        world.clock.advance(TimeDelta::days(1));
        run_due(&world).await;
        run_due(&world).await;
        let texts = world.texts.take();
        assert_eq!(texts.len(), usize::from(comes_back), "the reminder");
        assert_eq!(world.outbox.take().len(), 2, "mails do not mind");
    }
}

#[tokio::test]
async fn a_conversation_that_comes_again_changes_nothing_and_is_answered_by_nothing() {
    let script = ["Hi", "STOP", "Hello?", "JOIN", "help", "cancel"];
    // once more from each of its texts on, and backwards
    for from in 0..script.len() {
        for backwards in [false, true] {
            let world = world().await;
            for (line, text) in script.into_iter().enumerate() {
                world.clock.advance(TimeDelta::minutes(1));
                write(&world, text, &format!("SM{line}")).await;
            }
            let before = number(&world).await;
            let mut again: Vec<usize> = (from..script.len()).collect();
            if backwards {
                again.reverse();
            }
            for line in again {
                world.clock.advance(TimeDelta::minutes(1));
                assert_eq!(write(&world, script[line], &format!("SM{line}")).await, None, "{line}");
            }
            assert_eq!(number(&world).await, before, "{from} {backwards}");
        }
    }
}

#[tokio::test]
async fn the_same_words_under_another_name_are_another_text() {
    let world = world().await;
    write(&world, "JOIN", "SM1").await;
    world.clock.advance(TimeDelta::minutes(1));
    write(&world, "STOP", "SM2").await;
    world.clock.advance(TimeDelta::minutes(1));
    assert!(write(&world, "JOIN", "SM3").await.is_some());
    assert!(!is_stopped(&world).await);
}

/// What happened earlier may be heard of later.
#[tokio::test]
async fn in_whatever_order_it_is_heard_what_was_said_last_counts() {
    let start = world().await.app.now() - TimeDelta::hours(1);
    // what was said, and how many minutes after the start
    for said in [
        vec![(true, 1), (false, 2)],
        vec![(false, 1), (true, 2)],
        vec![(true, 1), (false, 2), (true, 3)],
        vec![(false, 1), (true, 2), (false, 3)],
        // at the same moment the stop counts
        vec![(true, 1), (false, 1)],
    ] {
        let last = said.iter().max_by_key(|(stops, at)| (*at, *stops)).unwrap().0;
        for order in orders(&said) {
            let world = world().await;
            // a greeting would be newer than all of it
            let switch = SwitchName::parse("smsbot").unwrap();
            switch::set(&world.app, switch, Some(&SwitchValue::Flag(false))).await.unwrap();
            for (stops, at) in &order {
                say(&world, *stops, start + TimeDelta::minutes(*at)).await;
            }
            assert_eq!(is_stopped(&world).await, last, "{said:?} heard as {order:?}");
        }
    }
}

/// Every order of a few.
fn orders<T: Copy>(of: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = of.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for order in orders(rest) {
        for at in 0..=order.len() {
            let mut order = order.clone();
            order.insert(at, *first);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn a_stop_by_text_is_not_undone_by_an_older_opt_in_that_is_heard_later() {
    let world = world().await;
    let before = world.app.now();
    world.clock.advance(TimeDelta::minutes(5));
    write(&world, "STOP", "SM1").await;
    say(&world, false, before).await;
    assert!(is_stopped(&world).await);
    world.clock.advance(TimeDelta::minutes(5));
    say(&world, false, world.app.now()).await;
    assert!(!is_stopped(&world).await, "a newer one counts");
}

#[tokio::test]
async fn receipts_in_any_order_leave_a_text_where_it_came_to() {
    let statuses = [MessageStatus::Queued, MessageStatus::Sent, MessageStatus::Delivered];
    for order in orders(&statuses) {
        let world = world().await;
        say(&world, false, world.app.now()).await;
        run_due(&world).await;
        let sent = world.texts.take().remove(0);
        for status in &order {
            sms::receipt(&world.app, sent.id, Some(status.wire()), None).await.unwrap();
            // each comes twice
            sms::receipt(&world.app, sent.id, Some(status.wire()), None).await.unwrap();
        }
        let message = world.store.view().await.unwrap().messages().by_id(sent.id).await.unwrap().unwrap();
        assert_eq!(message.status, Some(MessageStatus::Delivered), "{order:?}");
        assert_eq!(message.direction, Direction::Out);
    }
}
