//! What the room of records promises.

use super::{commit, unit, view};
use crate::{
    address::State,
    back_office::{Column, Entity, Kind, Order, Record, RecordKey, Value},
    blast::{Blast, BlastStatus, Micros},
    conformance::rows::{
        api_key, at, fax, field_type, file, interest, invite, letter, message, number, references, region,
        slug, state, subscriber, subscription, user, uuid,
    },
    fax::{Fax, FaxStatus},
    file::{FileType, StoredFile},
    ids::{ActionId, BlastId, FileId, LetterId, ReportId, SubscriberId, SubscriptionId},
    letter::Letter,
    page::PageRequest,
    person::Phone,
    ports::store::{Store, StoreError, Unit, View},
    report::{Report, ReportStatus, ReportType},
    sms::{Message, Number},
    subscriber::{Slug, Subscriber},
    subscription::{Interest, InterestStatus, Subscription},
};

/// A test for every case of the room of records.
#[macro_export]
macro_rules! records_conformance {
    ($($open:tt)+) => {
        $crate::conformance_cases!(
            records,
            [$($open)+],
            store::records,
            [
                every_column_of_every_entity_is_read_as_what_it_is,
                a_list_has_the_columns_of_lists_alone,
                records_come_in_pages_in_their_order,
                a_list_of_a_subscriber_has_nobody_elses,
                records_of_a_number_a_status_and_a_state_are_found,
                no_record_is_found_by_what_is_no_id,
                what_may_be_set_is_set_and_nothing_else_is,
            ]
        );
    };
}

/// Of these nothing can be put: nothing is sold any more.
const NOT_PUT: Entity = Entity::Products;

fn subscriber_id(number: u128) -> SubscriberId {
    SubscriberId(uuid(number))
}

/// One of everything, of the subscriber with that number, made at that second.
async fn put(store: &dyn Store, of: u128, second: i64) {
    let shift = of * 1_000;
    let mut unit = unit(store).await;
    if of == 1 {
        references(unit.as_mut()).await;
        unit.elections_mut().insert_field_type(&field_type(1, "deadline", None)).await.expect("a field type");
        let other = field_type(2, "age", crate::election::FieldFormat::parse("Date"));
        unit.elections_mut().insert_field_type(&other).await.expect("a field type");
        unit.elections_mut().put_state(&state(State::Oh)).await.expect("a state");
    } else {
        let other = Subscriber { default_slug: None, ..subscriber(of, second) };
        unit.subscribers_mut().insert(&other).await.expect("a subscriber");
        let other = Slug { created_at: at(second), ..slug(of, &format!("slug-{of}")) };
        unit.subscribers_mut().insert_slug(&other).await.expect("a slug");
        let action =
            crate::action::Action { id: ActionId(uuid(shift + 5)), ..crate::conformance::rows::action(1) };
        unit.actions_mut().insert(&action).await.expect("an action");
    }
    let byte = u8::try_from(10 + of).expect("a small number");
    unit.api_keys_mut().insert(&api_key(byte, of, second)).await.expect("a key");
    let file = StoredFile {
        id: FileId(uuid(shift + 1)),
        subscriber: Some(subscriber_id(of)),
        purged: Some(at(60)),
        ..file(shift + 1, FileType::AbsForm, second)
    };
    unit.files_mut().insert(&file).await.expect("a file");
    let fax = Fax {
        status: if of == 1 { FaxStatus::TemporaryFailure } else { FaxStatus::Sent },
        file: file.id,
        created_at: at(second),
        ..fax(shift + 2)
    };
    unit.faxes_mut().insert(&fax).await.expect("a fax");
    let action = if of == 1 { ActionId(uuid(1)) } else { ActionId(uuid(shift + 5)) };
    let letter = Letter {
        id: LetterId(uuid(shift + 3)),
        action,
        subscriber: Some(subscriber_id(of)),
        created_at: at(second),
        ..letter(shift + 3)
    };
    unit.letters_mut().insert(&letter).await.expect("a letter");
    let phone = Phone::from_stored(format!("+1617555{of:04}"));
    let number = Number { phone: phone.clone(), id: uuid(shift + 4), created_at: at(second), ..number() };
    unit.messages_mut().lock_or_insert(&number).await.expect("a number");
    let blast = Blast {
        id: BlastId(uuid(shift + 6)),
        name: "Reminder".into(),
        campaign: Some("2026".into()),
        content: "Vote. {It's} today \u{2611}".into(),
        sender: Some(subscriber_id(of)),
        filter: None,
        status: BlastStatus::Planned,
        price: Micros(1),
        budget: Micros(1),
        segments: 1,
        sendable: 1,
        planned: None,
        seal: None,
        tested: None,
        approved: None,
        approved_seal: None,
        run: 0,
        enqueued: 0,
        started: None,
        stopped: None,
        finished_at: None,
        map: None,
        created_at: at(second),
        modified_at: at(second),
    };
    unit.blasts_mut().insert(&blast).await.expect("a blast");
    let message = Message {
        phone: Some(phone),
        blast: Some(blast.id),
        sender: Some(subscriber_id(of)),
        created_at: at(second),
        ..message(shift + 7)
    };
    unit.messages_mut().insert(&message).await.expect("a text");
    put_account(unit.as_mut(), of, second, file.id).await;
    commit(unit).await;
}

/// What belongs to accounts and subscriptions, and a region.
async fn put_account(unit: &mut dyn Unit, of: u128, second: i64, file: FileId) {
    let shift = of * 1_000;
    let user = crate::account::User { active_subscriber: Some(subscriber_id(of)), ..user(shift + 8, second) };
    unit.accounts_mut().insert(&user).await.expect("a user");
    let wish = Interest {
        id: crate::ids::InterestId(uuid(shift + 9)),
        status: if of == 1 { InterestStatus::Pending } else { InterestStatus::Rejected },
        ..interest(shift + 9, second)
    };
    unit.subscriptions_mut().insert_interest(&wish).await.expect("a wish");
    let subscription = Subscription {
        id: SubscriptionId(uuid(shift + 10)),
        interest: Some(wish.id),
        created_at: at(second),
        ..subscription(of)
    };
    unit.subscriptions_mut().insert(&subscription).await.expect("a subscription");
    let invite = invite(shift + 11, &format!("guest-{of}@example.org"), of, second);
    unit.accounts_mut().insert_invite(&invite).await.expect("an invitation");
    let report = Report {
        id: ReportId(uuid(shift + 12)),
        kind: ReportType::Register,
        status: ReportStatus::Complete,
        subscriber: subscriber_id(of),
        author: Some(user.id),
        file: Some(file),
        since: Some(at(1)),
        before: None,
        written: 7,
        total: Some(8),
        created_at: at(second),
        modified_at: at(second),
    };
    unit.reports_mut().insert(&report).await.expect("an export");
    let webhook = super::update_webhooks::webhook(shift + 13, second);
    unit.update_webhooks_mut().insert(&webhook).await.expect("a webhook");
    let endpoint = crate::conformance::rows::endpoint(shift + 14, of, second);
    unit.webhooks_mut().insert_endpoint(&endpoint).await.expect("an endpoint");
    // the third's number has one digit more, so that numbers and texts have another order
    let number = if of < 3 { 9_000 } else { 10_000 } + i64::try_from(of).expect("a small number");
    unit.officials_mut().put_region(&region(number, Some("Springfield"))).await.expect("a region");
}

async fn page(
    view: &mut dyn View,
    entity: Entity,
    narrow: Option<&str>,
    after: Option<RecordKey>,
    limit: u32,
) -> (Vec<Record>, Option<RecordKey>) {
    let request = PageRequest { after, limit };
    let page = view.records().page(entity, narrow, &request).await.expect("a read");
    (page.rows, page.next)
}

fn is_what_it_should_be(column: &Column, value: &Value) -> bool {
    match (column.kind, value) {
        (_, Value::Nothing)
        | (Kind::Number, Value::Number(_))
        | (Kind::Flag, Value::Flag(_))
        | (Kind::Moment, Value::Moment(_))
        | (Kind::Text | Kind::Long | Kind::Phone, Value::Text(_)) => true,
        (Kind::Record(_) | Kind::User | Kind::Id, Value::Text(id)) => {
            crate::ids::parse_uuid(id).is_some_and(|uuid| uuid.to_string() == *id)
        }
        _ => false,
    }
}

/// Nothing is nothing, an id has hyphens, and what was put is there.
pub async fn every_column_of_every_entity_is_read_as_what_it_is(store: &dyn Store) {
    put(store, 1, 10).await;
    let mut view = view(store).await;
    for entity in Entity::ALL {
        let shape = entity.shape();
        let (rows, _) = page(view.as_mut(), entity, None, None, 100).await;
        assert!(!rows.is_empty() || entity == NOT_PUT, "{entity:?}");
        for row in rows {
            let whole = view.records().one(entity, &row.key.id).await.expect("a read").expect("a record");
            assert!(whole.key == row.key, "{entity:?}");
            assert_eq!(whole.values.len(), shape.columns.len(), "{entity:?}");
            for (column, value) in shape.columns.iter().zip(&whole.values) {
                assert!(is_what_it_should_be(column, value), "{entity:?} {}: {value:?}", column.name);
            }
        }
    }
    let text = |text: &str| Value::Text(text.to_owned());
    let id = |number: u128| text(&uuid(number).to_string());
    for (entity, key, column, expected) in [
        (Entity::ApiKeys, uuid(11).to_string(), "description", text("key 11")),
        (Entity::ApiKeys, uuid(11).to_string(), "created_by_id", id(41)),
        (Entity::ApiKeys, uuid(11).to_string(), "deactivated_at", Value::Moment(at(70))),
        (Entity::Blasts, uuid(1_006).to_string(), "content", text("Vote. {It's} today \u{2611}")),
        (Entity::Faxes, uuid(1_002).to_string(), "to", text("+16175557894")),
        (Entity::Faxes, uuid(1_002).to_string(), "on_complete_task_arg", id(600)),
        (Entity::Faxes, uuid(1_002).to_string(), "storage_item_id", id(1_001)),
        (Entity::FieldTypes, "deadline".into(), "help_text", text("help")),
        (Entity::Files, uuid(1_001).to_string(), "name", text("form.pdf")),
        (Entity::Files, uuid(1_001).to_string(), "claimed", Value::Flag(true)),
        (Entity::Files, uuid(1_001).to_string(), "partner_id", id(1)),
        (Entity::Interests, uuid(1_009).to_string(), "organization_name", text("Voters of Springfield")),
        (Entity::Interests, uuid(1_009).to_string(), "nonprofit", Value::Flag(true)),
        (Entity::Invites, uuid(1_011).to_string(), "email", text("guest-1@example.org")),
        (Entity::Invites, uuid(1_011).to_string(), "consumed_at", Value::Nothing),
        (Entity::Letters, uuid(1_003).to_string(), "external_id", text("ltr_1003")),
        (Entity::Regions, "9001".into(), "state_id", text("MA")),
        (Entity::Regions, "9001".into(), "gone_at", Value::Nothing),
        (Entity::Reports, uuid(1_012).to_string(), "rows_written", Value::Number(7)),
        (Entity::Reports, uuid(1_012).to_string(), "author_id", id(1_008)),
        (Entity::Subscriptions, uuid(1_010).to_string(), "expires", text("2027-03-31")),
        (Entity::Subscriptions, uuid(1_010).to_string(), "interest_id", id(1_009)),
        (Entity::UpdateWebhooks, uuid(1_013).to_string(), "active", Value::Flag(true)),
        (Entity::UpdateWebhooks, uuid(1_013).to_string(), "type", text("Netlify")),
        (Entity::Users, uuid(1_008).to_string(), "is_superuser", Value::Flag(true)),
        (Entity::Webhooks, uuid(1_014).to_string(), "failures", Value::Number(2)),
        (Entity::Webhooks, uuid(1_014).to_string(), "created_by_id", id(70)),
        (Entity::Users, uuid(1_008).to_string(), "active_client_id", id(1)),
        (Entity::Messages, uuid(1_007).to_string(), "message", text("Vote.")),
        (Entity::Messages, uuid(1_007).to_string(), "blast_id", id(1_006)),
        (Entity::Numbers, uuid(1_004).to_string(), "phone", text("+16175550001")),
        (Entity::Numbers, uuid(1_004).to_string(), "language", text("es")),
        (Entity::States, "OH".into(), "allow_print_and_forward", Value::Flag(true)),
        (Entity::States, "OH".into(), "allow_absentee_print_and_forward", Value::Nothing),
        (Entity::Subscribers, uuid(1).to_string(), "status", text("disabled")),
        (Entity::Subscribers, uuid(1).to_string(), "sms_checkbox_default", Value::Nothing),
    ] {
        let found = view.records().one(entity, &key).await.expect("a read").expect("a record");
        assert_eq!(found.value(entity.shape(), column), &expected, "{entity:?} {column}");
    }
}

/// What a text says is in none.
pub async fn a_list_has_the_columns_of_lists_alone(store: &dyn Store) {
    put(store, 1, 10).await;
    let mut view = view(store).await;
    for entity in Entity::ALL {
        for row in page(view.as_mut(), entity, None, None, 100).await.0 {
            assert_eq!(row.values.len(), entity.shape().listed, "{entity:?}");
        }
    }
}

/// The newest first, of the same moment the larger id; those that go by their id by that.
pub async fn records_come_in_pages_in_their_order(store: &dyn Store) {
    for (of, second) in [(1, 10), (2, 30), (3, 20), (4, 30)] {
        put(store, of, second).await;
    }
    let mut view = view(store).await;
    for entity in Entity::ALL {
        let all = page(view.as_mut(), entity, None, None, 100).await.0;
        let keys: Vec<&RecordKey> = all.iter().map(|it| &it.key).collect();
        assert!(all.len() >= 2 || entity == NOT_PUT, "{entity:?}");
        assert!(
            keys.windows(2).all(|pair| match entity.shape().order {
                Order::Newest => (pair[0].at, &pair[0].id) > (pair[1].at, &pair[1].id),
                Order::Id => pair[0].id < pair[1].id,
                Order::Number => pair[0].id.parse::<i64>().ok() < pair[1].id.parse::<i64>().ok(),
            }),
            "{entity:?}: {keys:?}"
        );
        let (mut after, mut found) = (None, Vec::new());
        loop {
            let (rows, next) = page(view.as_mut(), entity, None, after, 1).await;
            found.extend(rows.into_iter().map(|it| it.key));
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found.iter().collect::<Vec<_>>(), keys, "{entity:?}");
    }
    let newest = page(view.as_mut(), Entity::Letters, None, None, 9).await.0;
    let newest: Vec<String> = newest.into_iter().map(|it| it.key.id).collect();
    let expected: Vec<String> = [4_003, 2_003, 3_003, 1_003].map(|it| uuid(it).to_string()).into();
    assert_eq!(newest, expected);
}

/// Of every entity that is narrowed by a subscriber, page by page.
pub async fn a_list_of_a_subscriber_has_nobody_elses(store: &dyn Store) {
    use crate::back_office::Narrowing;

    for (of, second) in [(1, 10), (2, 30), (3, 20)] {
        put(store, of, second).await;
    }
    let mut unit = unit(store).await;
    let nobodys = StoredFile { subscriber: None, ..file(9_001, FileType::Report, 25) };
    unit.files_mut().insert(&nobodys).await.expect("a file");
    commit(unit).await;
    let mut view = view(store).await;
    let narrowed = Entity::ALL.into_iter().filter(|it| it.shape().narrowing == Some(Narrowing::Subscriber));
    for entity in narrowed {
        let shape = entity.shape();
        let column = shape.subscriber_column().expect("a column").name;
        for of in 1..=3 {
            let id = uuid(of).to_string();
            let (mut after, mut count) = (None, 0);
            loop {
                let (rows, next) = page(view.as_mut(), entity, Some(&id), after, 1).await;
                for row in rows {
                    assert_eq!(row.value(shape, column).text(), Some(id.as_str()), "{entity:?}");
                    count += 1;
                }
                after = next;
                if after.is_none() {
                    break;
                }
            }
            assert!(count >= 1, "{entity:?} of {of}");
            assert!(of == 1 || count == 1, "{entity:?} of {of}");
        }
        assert!(page(view.as_mut(), entity, Some(&uuid(77).to_string()), None, 9).await.0.is_empty());
    }
}

/// And no others.
pub async fn records_of_a_number_a_status_and_a_state_are_found(store: &dyn Store) {
    for (of, second) in [(1, 10), (2, 30), (3, 20)] {
        put(store, of, second).await;
    }
    let mut view = view(store).await;
    for (entity, narrow, ids) in [
        (Entity::Messages, "+16175550002", &[2_007][..]),
        (Entity::Messages, "+16175550009", &[]),
        (Entity::Faxes, "sent", &[2_002, 3_002]),
        (Entity::Faxes, "tmp_fail", &[1_002]),
        (Entity::Faxes, "perm_fail", &[]),
        (Entity::Interests, "pending", &[1_009]),
        (Entity::Interests, "rejected", &[2_009, 3_009]),
    ] {
        let found = page(view.as_mut(), entity, Some(narrow), None, 9).await.0;
        let found: Vec<String> = found.into_iter().map(|it| it.key.id).collect();
        let expected: Vec<String> = ids.iter().map(|it| uuid(*it).to_string()).collect();
        assert_eq!(found, expected, "{entity:?} {narrow}");
    }
    let after = RecordKey { at: at(0), id: "9002".into() };
    for (state, after, ids) in [
        ("MA", None, &["1", "9001", "9002", "10003"][..]),
        ("MA", Some(after), &["10003"]),
        ("OH", None, &[]),
    ] {
        let found = page(view.as_mut(), Entity::Regions, Some(state), after, 9).await.0;
        // there may be others of what everything refers to
        let found: Vec<String> = found.into_iter().map(|it| it.key.id).filter(|id| id.len() < 6).collect();
        assert_eq!(found, ids, "{state}");
    }
}

/// Nor by that of another kind of record.
pub async fn no_record_is_found_by_what_is_no_id(store: &dyn Store) {
    put(store, 1, 10).await;
    let mut view = view(store).await;
    for entity in Entity::ALL {
        for id in ["", "7", "nobody", "a\0b", "' OR 1 = 1 --", &uuid(77).to_string(), "+16175550001"] {
            let found = view.records().one(entity, id).await.expect("a read");
            assert!(found.is_none(), "{entity:?} {id:?}");
        }
    }
}

/// With the moment of the change.
pub async fn what_may_be_set_is_set_and_nothing_else_is(store: &dyn Store) {
    put(store, 1, 10).await;
    let text = |text: &str| Value::Text(text.to_owned());
    for (entity, id, column, value) in [
        (Entity::States, "OH".to_owned(), "allow_print_and_forward", Value::Flag(false)),
        (Entity::States, "OH".to_owned(), "allow_absentee_print_and_forward", Value::Flag(true)),
        (Entity::FieldTypes, "deadline".to_owned(), "long_name", text("The \"last\" day")),
        (Entity::FieldTypes, "deadline".to_owned(), "help_text", Value::Nothing),
        (Entity::ApiKeys, uuid(11).to_string(), "description", text("new")),
    ] {
        let shape = entity.shape();
        let mut unit = unit(store).await;
        let before = unit.records_mut().lock(entity, &id).await.expect("a lock").expect("a record");
        unit.records_mut().set(entity, &id, column, &value, at(99)).await.expect("it is set");
        commit(unit).await;
        let mut view = view(store).await;
        let after = view.records().one(entity, &id).await.expect("a read").expect("a record");
        for (at_column, (old, new)) in shape.columns.iter().zip(before.values.iter().zip(&after.values)) {
            match at_column.name {
                "modified_at" => assert_eq!(new, &Value::Moment(at(99)), "{entity:?}"),
                name if name == column => assert_eq!(new, &value, "{entity:?} {name}"),
                name => assert_eq!(new, old, "{entity:?} {name}"),
            }
        }
    }
    for (entity, id, column) in [
        (Entity::States, "OH".to_owned(), "name"),
        (Entity::Numbers, uuid(1_004).to_string(), "phone"),
        (Entity::ApiKeys, uuid(11).to_string(), "secret_hash"),
    ] {
        let mut unit = unit(store).await;
        let refused = unit.records_mut().set(entity, &id, column, &text("x"), at(99)).await;
        assert!(matches!(refused, Err(StoreError::Other(_))), "{entity:?} {column}");
    }
    let mut unit = unit(store).await;
    let refused = unit.records_mut().lock(Entity::Numbers, &uuid(1_004).to_string()).await;
    assert!(matches!(refused, Err(StoreError::Other(_))));
    let gone = unit
        .records_mut()
        .set(Entity::States, "ZZ", "allow_print_and_forward", &Value::Flag(true), at(9))
        .await;
    assert!(matches!(gone, Err(StoreError::Other(_))));
}
