//! A registration is changed (`http-api.md` 3.2).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    address::{Address, State},
    error::{ProviderError, ProviderErrorKind},
    file::Opened,
    ids::RegistrationId,
    memory::World,
    ports::{
        addresses::{AddressVerifier, Deliverability},
        clock::Clock,
    },
    register::{self, Options, Scope, Status, SubmitError, form::download_url},
    settings::Settings,
};

use crate::voter::{
    COMPLETE, INCOMPLETE, NUMBER, allow_print_and_forward, complete, events, forms, input, kinds, minimum,
    nothing, paper, patch, refusal, rows, run_due, seeded, seeded_with, stored, stored_file, submit,
    try_patch, with,
};

/// What the second page sends.
fn second_page() -> Value {
    json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": NUMBER})
}

/// The first page was sent.
async fn begun(world: &World) -> RegistrationId {
    submit(world, minimum(), &INCOMPLETE).await.registration.id
}

#[tokio::test]
async fn the_second_page_completes_the_first() {
    let world = seeded().await;
    let id = begun(&world).await;
    let submitted = patch(&world, id, second_page(), &COMPLETE).await;
    let registration = stored(&world, id).await;
    assert_eq!(registration, submitted.registration);
    assert_eq!((registration.status, registration.us_citizen), (Status::Pending, Some(true)));
    assert!(paper(&world, &submitted.file.unwrap()).await.contains(NUMBER));
    assert_eq!(events(&world, registration.action).await, [EventType::Start]);
    run_due(&world).await;
    assert_eq!(stored(&world, id).await.status, Status::SentPdf);
    assert_eq!(world.outbox.tags(), ["register.form"]);
    // one look for an unfinished action, at creation
    let checks = kinds(&world).await.iter().filter(|kind| *kind == "action.check_unfinished").count();
    assert_eq!(checks, 1);
}

#[tokio::test]
async fn an_unknown_registration_is_not_found_whatever_the_body_says() {
    let world = seeded().await;
    let id = RegistrationId(uuid::Uuid::from_u128(9));
    let outcome = try_patch(&world, id, json!({"state": "ZZ"}), &COMPLETE).await;
    assert!(matches!(outcome, Err(SubmitError::NotFound)));
}

#[tokio::test]
async fn a_completing_patch_names_what_is_missing_in_itself_and_in_the_record() {
    let world = seeded().await;
    let id = begun(&world).await;
    let before = stored(&world, id).await;
    let required = json!(["This field is required."]);
    let outcome = try_patch(&world, id, nothing(), &COMPLETE).await;
    let all = json!({"us_citizen": required, "is_18_or_over": required, "state_id_number": required});
    assert_eq!(refusal(outcome), all);
    // what was confirmed before counts, what is never stored does not
    patch(&world, id, json!({"us_citizen": true}), &INCOMPLETE).await;
    let outcome = try_patch(&world, id, nothing(), &COMPLETE).await;
    assert_eq!(refusal(outcome), json!({"is_18_or_over": required, "state_id_number": required}));
    let outcome = try_patch(&world, id, json!({"is_18_or_over": false, "city": null}), &COMPLETE).await;
    assert_eq!(
        refusal(outcome),
        json!({
            "is_18_or_over": ["Must be true"],
            "city": ["This field may not be null."],
            "state_id_number": required,
        })
    );
    assert_eq!(stored(&world, id).await.city_and_status(), before.city_and_status());
    assert_eq!(world.forms.filled(), 0);
}

trait CityAndStatus {
    fn city_and_status(&self) -> (Option<String>, Status);
}

impl CityAndStatus for turnout_core::register::Registration {
    fn city_and_status(&self) -> (Option<String>, Status) {
        (self.address.city.clone(), self.status)
    }
}

#[tokio::test]
async fn in_pennsylvania_answers_to_the_states_questions_stand_in_for_the_number() {
    let world = seeded().await;
    let without_number = json!({"us_citizen": true, "is_18_or_over": true});
    let required = json!({"state_id_number": ["This field is required."]});
    for (state, answers, complete) in [
        ("PA", json!({"signature": "x"}), true),
        ("PA", json!({}), false),
        ("PA", json!(null), false),
        ("MA", json!({"signature": "x"}), false),
    ] {
        let first = with(minimum(), json!({"state": state, "state_fields": answers}));
        let id = submit(&world, first, &INCOMPLETE).await.registration.id;
        let outcome = try_patch(&world, id, without_number.clone(), &COMPLETE).await;
        if complete {
            assert!(outcome.is_ok(), "{state} {answers}");
        } else {
            assert_eq!(refusal(outcome), required, "{state} {answers}");
        }
    }
    // the answers may come in the same call; PUT and POST need the number all the same
    let id = submit(&world, with(minimum(), json!({"state": "PA"})), &INCOMPLETE).await.registration.id;
    let now = with(without_number.clone(), json!({"state_fields": {"a": 1}}));
    assert!(try_patch(&world, id, now, &COMPLETE).await.is_ok());
    let whole = with(with(minimum(), without_number), json!({"state": "PA", "state_fields": {"a": 1}}));
    let outcome = register::update(&world.app, id, &input(whole), &COMPLETE, Scope::Whole).await;
    assert_eq!(refusal(outcome), required);
}

#[tokio::test]
async fn a_put_needs_the_minimum_fields_though_they_are_stored() {
    let world = seeded().await;
    let id = begun(&world).await;
    let put = async |body: Value, options: &Options| {
        register::update(&world.app, id, &input(body), options, Scope::Whole).await
    };
    let required = json!(["This field is required."]);
    let minimum_missing = json!({
        "first_name": required, "last_name": required, "address1": required, "city": required,
        "state": required, "zipcode": required, "date_of_birth": required, "email": required,
    });
    assert_eq!(refusal(put(nothing(), &INCOMPLETE).await), minimum_missing);
    let all = with(
        minimum_missing,
        json!({"us_citizen": required, "is_18_or_over": required, "state_id_number": required}),
    );
    assert_eq!(refusal(put(nothing(), &COMPLETE).await), all);
    // what PUT leaves out stays as it was
    patch(&world, id, json!({"middle_name": "King", "suffix": "Jr."}), &INCOMPLETE).await;
    put(with(complete(), json!({"suffix": null})), &COMPLETE).await.map(|_| ()).unwrap();
    let registration = stored(&world, id).await;
    assert_eq!((registration.name.middle.as_deref(), registration.name.suffix), (Some("King"), None));
}

#[tokio::test]
async fn email_and_phone_are_checked_and_then_ignored() {
    let world = seeded().await;
    let first = with(minimum(), json!({"phone": "617-555-7890"}));
    let id = submit(&world, first, &INCOMPLETE).await.registration.id;
    let bad = json!({"email": "no", "phone": 6175557890_u64});
    assert_eq!(
        refusal(try_patch(&world, id, bad, &INCOMPLETE).await),
        json!({"email": ["Enter a valid email address."], "phone": ["Enter a valid phone number."]})
    );
    let before = stored(&world, id).await;
    let body =
        json!({"email": "other@example.org", "phone": "+1 202 224 3121", "action": null, "subscriber": 1});
    patch(&world, id, body, &INCOMPLETE).await;
    let after = stored(&world, id).await;
    assert_eq!((after.email, after.phone), (before.email, before.phone));
    assert_eq!((after.action, after.subscriber), (before.action, before.subscriber));
}

#[tokio::test]
async fn every_incomplete_call_records_a_start_and_leaves_a_completed_record_completed() {
    let world = seeded().await;
    let id = begun(&world).await;
    patch(&world, id, second_page(), &COMPLETE).await;
    run_due(&world).await;
    let mails = world.outbox.take().len();
    let action = stored(&world, id).await.action;
    let before = events(&world, action).await;
    patch(&world, id, nothing(), &INCOMPLETE).await;
    let after = events(&world, action).await;
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after.iter().filter(|it| **it == EventType::Start).count(), 2);
    assert_eq!(stored(&world, id).await.status, Status::SentPdf);
    assert_eq!((mails, run_due(&world).await), (1, 0));
}

#[tokio::test]
async fn completing_again_keeps_the_link_and_swaps_the_form_behind_it() {
    let world = seeded().await;
    let id = begun(&world).await;
    let first = patch(&world, id, second_page(), &COMPLETE).await.file.unwrap();
    run_due(&world).await;
    let _ = world.outbox.take();
    let link = download_url(&world.app, &first);

    // the same again: a new form, nothing else
    let again = patch(&world, id, second_page(), &COMPLETE).await;
    let file = again.file.unwrap();
    assert_eq!((file.id, file.generation, file.expires), (first.id, first.generation, first.expires));
    assert_ne!(file.key, first.key);
    assert_eq!(again.registration.status, Status::SentPdf);
    assert_eq!(run_due(&world).await, 0);
    assert!(world.outbox.mails().is_empty());

    // with a change: the voter is written to again, the link is the same
    let changed = with(second_page(), json!({"last_name": "Okafor"}));
    let third = patch(&world, id, changed, &COMPLETE).await;
    let file = third.file.unwrap();
    assert_eq!((file.id, third.registration.status), (first.id, Status::Pending));
    assert_eq!(file.name, "ma-okafor-registrationform.pdf");
    assert!(paper(&world, &file).await.contains("last_name: Okafor"));
    run_due(&world).await;
    let mails = world.outbox.take();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains(&link));
    assert_eq!(stored(&world, id).await.status, Status::SentPdf);
    let finished = events(&world, stored(&world, id).await.action).await;
    assert_eq!(finished.iter().filter(|it| **it == EventType::FinishPrint).count(), 2);

    // the link of the first mail opens the last form
    let (_, token) = link.split_once("token=").unwrap();
    let opened =
        turnout_core::file::open(&world.app, &first.id.to_string(), Some(token), true).await.unwrap();
    let Opened::Bytes(url) = opened else { panic!("{opened:?}") };
    let bytes = world.files.open(&url, world.clock.now()).unwrap();
    assert!(String::from_utf8(bytes.to_vec()).unwrap().contains("Okafor"));

    // the forms that nobody can reach any more are deleted
    assert_eq!(world.files.keys().len(), 3);
    world.clock.advance(TimeDelta::hours(1));
    run_due(&world).await;
    assert_eq!(world.files.keys(), [stored_file(&world, first.id).await.key]);
    assert_eq!(forms(&world).await.len(), 1);
}

#[tokio::test]
async fn completing_after_the_link_has_expired_makes_a_new_one_and_says_so() {
    let world = seeded().await;
    let id = begun(&world).await;
    let first = patch(&world, id, second_page(), &COMPLETE).await.file.unwrap();
    run_due(&world).await;
    world.clock.advance(TimeDelta::hours(168));
    run_due(&world).await;
    let _ = world.outbox.take();
    let second = patch(&world, id, second_page(), &COMPLETE).await.file.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(stored(&world, id).await.result_item, Some(second.id));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form"]);
}

#[tokio::test]
async fn a_completion_that_failed_and_is_sent_again_writes_to_the_voter() {
    let world = seeded().await;
    let id = begun(&world).await;
    patch(&world, id, second_page(), &COMPLETE).await;
    run_due(&world).await;
    let _ = world.outbox.take();
    let changed = with(second_page(), json!({"last_name": "Okafor"}));
    world.forms.fail_next(1);
    assert!(matches!(try_patch(&world, id, changed.clone(), &COMPLETE).await, Err(SubmitError::Form(_))));
    // the data is stored, so the same body changes nothing; the form behind the link is an old one nevertheless
    patch(&world, id, changed, &COMPLETE).await;
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.form"]);
}

#[tokio::test]
async fn ten_completions_an_hour_are_enough_and_a_refused_one_changes_nothing() {
    let world = seeded().await;
    let id = begun(&world).await;
    for _ in 0..10 {
        patch(&world, id, second_page(), &COMPLETE).await;
    }
    let before = world.store.dump();
    let body = with(second_page(), json!({"last_name": "Okafor"}));
    let Err(SubmitError::Throttled(wait)) = try_patch(&world, id, body.clone(), &COMPLETE).await else {
        panic!("it was taken");
    };
    assert_eq!(wait, TimeDelta::minutes(6));
    assert_eq!(world.store.dump(), before);
    // other calls go on, and other registrations
    patch(&world, id, nothing(), &INCOMPLETE).await;
    submit(&world, complete(), &COMPLETE).await;
    world.clock.advance(wait);
    patch(&world, id, body, &COMPLETE).await;

    let mut settings = Settings::default();
    settings.rate_limits.enabled = false;
    let world = seeded_with(|app| app.with_settings(settings)).await;
    let id = begun(&world).await;
    for _ in 0..11 {
        patch(&world, id, second_page(), &COMPLETE).await;
    }
}

/// Says the same of every address, and counts how often it was asked.
#[derive(Clone)]
struct Carrier(Option<bool>, Arc<AtomicUsize>);

#[async_trait]
impl AddressVerifier for Carrier {
    async fn verify(&self, _: &Address) -> Result<Deliverability, ProviderError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        match self.0 {
            Some(true) => Ok(Deliverability::Deliverable),
            Some(false) => Ok(Deliverability::Undeliverable),
            None => Err(ProviderError::new("carrier", ProviderErrorKind::Unreachable)),
        }
    }
}

/// A world where Massachusetts has forms printed and sent, and the first page of a registration there.
async fn forwarding(answer: Option<bool>) -> (World, Carrier, RegistrationId) {
    let carrier = Carrier(answer, Arc::default());
    let world = seeded_with(|app| app.with_addresses(carrier.clone())).await;
    rows(&world, async |unit| allow_print_and_forward(unit, State::Ma).await).await;
    let id = begun(&world).await;
    (world, carrier, id)
}

fn forward() -> Value {
    json!({"request_mailing_address1": "1 Elm St", "request_mailing_city": "Boston",
        "request_mailing_state": "MA", "request_mailing_zipcode": "02139"})
}

#[tokio::test]
async fn an_address_that_takes_mail_is_stored_and_the_call_goes_on() {
    let (world, carrier, id) = forwarding(Some(true)).await;
    let submitted = patch(&world, id, forward(), &INCOMPLETE).await;
    assert_eq!(submitted.allow_print_and_forward, Some(true));
    assert_eq!(submitted.registration.request_mailing_deliverable, Some(true));
    patch(&world, id, second_page(), &COMPLETE).await;
    assert_eq!(carrier.1.load(Ordering::Relaxed), 1, "the carrier is asked about what was sent only");
    // with nothing left of the address, nothing is known
    let gone = json!({"request_mailing_address1": "", "request_mailing_city": null,
        "request_mailing_state": null, "request_mailing_zipcode": ""});
    let submitted = patch(&world, id, gone, &INCOMPLETE).await;
    assert_eq!(submitted.registration.request_mailing_deliverable, None);
    assert_eq!(carrier.1.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_address_that_may_not_take_mail_is_stored_though_the_call_is_refused() {
    for answer in [Some(false), None] {
        let (world, _, id) = forwarding(answer).await;
        let before = kinds(&world).await;
        let body = with(forward(), json!({"initial_events": ["Restart"]}));
        let outcome = try_patch(&world, id, body, &INCOMPLETE).await;
        assert!(matches!(outcome, Err(SubmitError::Undeliverable)), "{answer:?}");
        let registration = stored(&world, id).await;
        assert_eq!(registration.request_mailing_address.address1.as_deref(), Some("1 Elm St"));
        assert_eq!(registration.request_mailing_deliverable, answer);
        assert_eq!(events(&world, registration.action).await, [EventType::Start, EventType::Start]);
        // so is every later call that does not say to go on, and nothing is completed
        for (body, options) in [(nothing(), INCOMPLETE), (second_page(), COMPLETE)] {
            let outcome = try_patch(&world, id, body, &options).await;
            assert!(matches!(outcome, Err(SubmitError::Undeliverable)), "{answer:?}");
        }
        assert_eq!(stored(&world, id).await.status, Status::Incomplete);
        assert_eq!(kinds(&world).await, before);
        assert!(forms(&world).await.is_empty());
        // the flag is not remembered
        patch(&world, id, json!({"ignore_undeliverable": true}), &INCOMPLETE).await;
        assert!(try_patch(&world, id, nothing(), &INCOMPLETE).await.is_err());
        let go_on = with(second_page(), json!({"ignore_undeliverable": true}));
        assert_eq!(patch(&world, id, go_on, &COMPLETE).await.registration.status, Status::Pending);
    }
}

#[tokio::test]
async fn the_state_stored_before_the_call_says_whether_forms_are_sent() {
    let (world, _, id) = forwarding(Some(true)).await;
    patch(&world, id, with(forward(), json!({"state": "NY"})), &INCOMPLETE).await;
    let text = "Cannot specify request mailing address if print_and_forward is not enabled for this state";
    let outcome = try_patch(&world, id, with(forward(), json!({"state": "MA"})), &INCOMPLETE).await;
    assert_eq!(refusal(outcome), json!({"non_field_errors": [text]}));
    let outcome = try_patch(&world, id, json!({"request_mailing_state": "ZZ"}), &INCOMPLETE).await;
    let complaint = json!(["Invalid pk \"ZZ\" - object does not exist."]);
    assert_eq!(refusal(outcome), json!({"request_mailing_state": complaint}));
}
