//! What the room of text messages promises.

use super::{commit, is_conflict, unit, view};
use crate::{
    conformance::rows::{at, message, number, references, uuid},
    decision::{Purpose, Rule},
    ids::{MessageId, SubscriberId},
    person::Phone,
    ports::store::Store,
    sms::{Direction, Failure, Message, MessageStatus, Number},
};

/// A test for every case of the room of text messages.
#[macro_export]
macro_rules! messages_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            messages,
            [$($open)+],
            store::messages,
            [
                every_field_of_a_message_and_its_number_comes_back,
                a_message_is_inserted_once,
                a_number_that_is_there_is_not_made_anew,
                an_update_of_a_number_changes_its_times_and_language_alone,
                an_update_of_a_message_changes_how_far_it_came_alone,
                a_message_is_known_by_its_number_and_the_carriers_name,
                the_newest_message_to_a_number_is_found,
                what_was_sent_since_is_what_went_and_did_not_fail,
            ]
        );
    };
}

fn bare() -> Message {
    Message {
        id: MessageId(uuid(2)),
        phone: None,
        text: None,
        status: None,
        status_at: None,
        failure: None,
        carrier_id: None,
        more: None,
        blast: None,
        purpose: None,
        whereabouts: None,
        rule: None,
        held_until: None,
        decided_at: None,
        ..message(1)
    }
}

fn stranger() -> Phone {
    Phone::from_stored("+16175557899".into())
}

/// Nothing included.
pub async fn every_field_of_a_message_and_its_number_comes_back(store: &dyn Store) {
    let theirs = || Message { sender: Some(SubscriberId(uuid(1))), ..message(1) };
    let mut unit = unit(store).await;
    references(unit.as_mut()).await;
    assert_eq!(unit.messages_mut().lock_or_insert(&number()).await.expect("a number"), number());
    for message in [theirs(), bare()] {
        unit.messages_mut().insert(&message).await.expect("a message");
        assert_eq!(unit.messages_mut().lock(message.id).await.expect("a lock"), Some(message));
    }
    assert_eq!(unit.messages_mut().lock_number(&number().phone).await.expect("a lock"), Some(number()));
    assert_eq!(unit.messages_mut().lock_number(&stranger()).await.expect("a lock"), None);
    commit(unit).await;
    let mut view = view(store).await;
    for put in [theirs(), bare()] {
        assert_eq!(view.messages().by_id(put.id).await.expect("a read"), Some(put));
    }
    assert_eq!(view.messages().by_id(MessageId(uuid(9))).await.expect("a read"), None);
    assert_eq!(view.messages().number(&number().phone).await.expect("a read"), Some(number()));
    assert_eq!(view.messages().number(&stranger()).await.expect("a read"), None);
}

/// The second time is a conflict.
pub async fn a_message_is_inserted_once(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.messages_mut().insert(&bare()).await.expect("a message");
    assert!(is_conflict(&unit.messages_mut().insert(&bare()).await));
}

/// What is there is given back.
pub async fn a_number_that_is_there_is_not_made_anew(store: &dyn Store) {
    let mut first = unit(store).await;
    first.messages_mut().lock_or_insert(&number()).await.expect("a number");
    commit(first).await;
    let fresh = Number { id: uuid(8), opted_out_at: None, created_at: at(50), ..number() };
    let mut second = unit(store).await;
    assert_eq!(second.messages_mut().lock_or_insert(&fresh).await.expect("a number"), number());
    commit(second).await;
    assert_eq!(view(store).await.messages().number(&fresh.phone).await.expect("a read"), Some(number()));
}

/// The key of older times stays.
pub async fn an_update_of_a_number_changes_its_times_and_language_alone(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.messages_mut().lock_or_insert(&number()).await.expect("a number");
    let changed = Number {
        id: uuid(8),
        welcomed_at: None,
        opted_out_at: None,
        opted_in_at: Some(at(60)),
        language: None,
        created_at: at(61),
        modified_at: at(62),
        ..number()
    };
    unit.messages_mut().update_number(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Number { id: number().id, created_at: number().created_at, ..changed };
    assert_eq!(view(store).await.messages().number(&kept.phone).await.expect("a read"), Some(kept));
}

/// What it says and to whom stays.
pub async fn an_update_of_a_message_changes_how_far_it_came_alone(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.messages_mut().lock_or_insert(&number()).await.expect("a number");
    unit.messages_mut().insert(&message(1)).await.expect("a message");
    let changed = Message {
        status: Some(MessageStatus::Delivered),
        status_at: Some(at(70)),
        failure: Some(Failure::GivenUp),
        carrier_id: Some("SM7".into()),
        modified_at: at(71),
        text: None,
        phone: None,
        direction: Direction::In,
        more: None,
        created_at: at(72),
        purpose: None,
        whereabouts: None,
        rule: Some(Rule::MonthlyCap),
        held_until: None,
        decided_at: Some(at(73)),
        ..message(1)
    };
    unit.messages_mut().update(&changed).await.expect("an update");
    commit(unit).await;
    let kept = Message {
        status: Some(MessageStatus::Delivered),
        status_at: Some(at(70)),
        failure: Some(Failure::GivenUp),
        carrier_id: Some("SM7".into()),
        modified_at: at(71),
        rule: Some(Rule::MonthlyCap),
        held_until: None,
        decided_at: Some(at(73)),
        ..message(1)
    };
    assert_eq!(view(store).await.messages().by_id(kept.id).await.expect("a read"), Some(kept));
}

/// Either alone does not do.
pub async fn a_message_is_known_by_its_number_and_the_carriers_name(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.messages_mut().lock_or_insert(&number()).await.expect("a number");
    unit.messages_mut().insert(&message(1)).await.expect("a message");
    unit.messages_mut().insert(&bare()).await.expect("a message");
    let known = message(1);
    let (phone, name) = (known.phone.expect("a number"), known.carrier_id.expect("a name"));
    for (phone, name, is_known) in
        [(&phone, name.as_str(), true), (&phone, "SM0", false), (&stranger(), name.as_str(), false)]
    {
        assert_eq!(unit.messages().is_known(phone, name).await.expect("a read"), is_known);
    }
}

/// Whatever came in.
pub async fn the_newest_message_to_a_number_is_found(store: &dyn Store) {
    let mut unit = unit(store).await;
    unit.messages_mut().lock_or_insert(&number()).await.expect("a number");
    assert_eq!(unit.messages().last_to(&number().phone).await.expect("a read"), None);
    for (id, minute, direction) in [(3, 5, Direction::Out), (4, 3, Direction::Out), (5, 9, Direction::In)] {
        let message = Message { id: MessageId(uuid(id)), direction, created_at: at(minute), ..message(1) };
        unit.messages_mut().insert(&message).await.expect("a message");
    }
    unit.messages_mut().insert(&Message { created_at: at(20), ..bare() }).await.expect("a message");
    let last = unit.messages().last_to(&number().phone).await.expect("a read");
    assert_eq!(last.map(|it| it.id), Some(MessageId(uuid(3))));
}

/// Of texts that wait, failed, came in, went to others, are older or have no purpose, nothing; the newest first.
pub async fn what_was_sent_since_is_what_went_and_did_not_fail(store: &dyn Store) {
    let other = Number { phone: stranger(), ..number() };
    let sent = |id: u128, minute| Message {
        id: MessageId(uuid(id)),
        created_at: at(minute),
        decided_at: Some(at(minute + 1)),
        purpose: Some(Purpose::Chase),
        ..message(1)
    };
    let mut unit = unit(store).await;
    for number in [number(), other] {
        unit.messages_mut().lock_or_insert(&number).await.expect("a number");
    }
    for message in [
        sent(1, 20),
        Message { purpose: Some(Purpose::Campaign), status: Some(MessageStatus::Undelivered), ..sent(2, 30) },
        Message { status: None, ..sent(3, 21) },
        Message { status: Some(MessageStatus::Failed), ..sent(4, 22) },
        Message { direction: Direction::In, ..sent(5, 23) },
        Message { phone: Some(stranger()), ..sent(6, 24) },
        Message { purpose: None, ..sent(7, 25) },
        Message { decided_at: None, ..sent(8, 26) },
        sent(9, 19),
    ] {
        unit.messages_mut().insert(&message).await.expect("a message");
    }
    let since = unit.messages().sent_since(&number().phone, at(20)).await.expect("a read");
    assert_eq!(since, [(Purpose::Campaign, at(31)), (Purpose::Chase, at(21))]);
}
