//! Forms that are mailed to their voters: from the address to the mail house and its reports.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use turnout_core::{
    action::EventType::{FinishLob, FinishLobConfirm, LobMailed, LobProcessedForDelivery, Start},
    address::{Address, State},
    ids::{LetterId, RegistrationId},
    letter::{self, ConfirmError, Letter, LetterReport, confirm_token},
    memory::{Trouble, World},
    ports::{
        addresses::Deliverability,
        letters::{LetterSender as _, OutgoingLetter},
        store::Store,
    },
    register::{Registration, ToolName},
    secret::SecretKey,
    settings::Settings,
};

use crate::voter::{
    COMPLETE, INCOMPLETE, NUMBER, allow_print_and_forward, events, jobs, minimum, paper, patch, rows,
    run_due, seeded_with, stored, stored_file, submit, with,
};

fn where_to() -> Value {
    json!({"request_mailing_address1": "1 Elm St", "request_mailing_city": "Boston",
        "request_mailing_state": "MA", "request_mailing_zipcode": "02139"})
}

fn rest() -> Value {
    json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": NUMBER})
}

/// A world that mails forms, and a registration of Massachusetts whose form was made to be mailed.
async fn made() -> (World, RegistrationId) {
    let mut settings = Settings::default();
    settings.letter.enabled = true;
    let world = seeded_with(|app| app.with_settings(settings)).await;
    rows(&world, async |unit| allow_print_and_forward(unit, State::Ma).await).await;
    let id = submit(&world, minimum(), &INCOMPLETE).await.registration.id;
    // the mail carrier corrects it, which is as good
    let asked = patch_address(&world, id).await;
    assert_eq!(asked.request_mailing_deliverable, Some(true));
    patch(&world, id, rest(), &COMPLETE).await;
    (world, id)
}

async fn patch_address(world: &World, id: RegistrationId) -> Registration {
    let typed = Address {
        address1: Some("1 Elm St".into()),
        address2: None,
        city: Some("Boston".into()),
        state: Some(State::Ma),
        zipcode: Some("02139".into()),
    };
    let right = Address { city: Some("Cambridge".into()), ..typed.clone() };
    world.post_office.knows(&typed, Deliverability::Corrected(right));
    patch(world, id, where_to(), &INCOMPLETE).await.registration
}

async fn confirm(world: &World, id: RegistrationId) -> Result<DateTime<Utc>, ConfirmError> {
    let registration = stored(world, id).await;
    let token = confirm_token(&world.app, registration.result_item_mail.unwrap());
    letter::confirm(&world.app, ToolName::Register, registration.action.unwrap(), &token).await
}

async fn the_letter(world: &World, id: RegistrationId) -> Letter {
    let action = stored(world, id).await.action.unwrap();
    world.store.view().await.unwrap().letters().by_action(action).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_number_is_on_both_papers_and_the_address_stays_as_it_was_typed() {
    let (world, id) = made().await;
    let registration = stored(&world, id).await;
    assert_eq!(registration.request_mailing_address.city.as_deref(), Some("Boston"));
    assert!(registration.is_forwarded());
    for file in [registration.result_item, registration.result_item_mail] {
        let file = stored_file(&world, file.unwrap()).await;
        assert!(paper(&world, &file).await.contains(NUMBER), "{}", file.name);
    }
    let mail = stored_file(&world, registration.result_item_mail.unwrap()).await;
    assert_eq!((mail.name.as_str(), mail.email), ("ma-nguyen-registrationform-mail.pdf", None));
    assert_eq!(world.mail_house.letters().len(), 0, "nobody said yes");
}

#[tokio::test]
async fn a_yes_is_an_event_a_letter_and_a_job_in_one_unit() {
    let (world, id) = made().await;
    run_due(&world).await;
    let said = confirm(&world, id).await.unwrap();
    assert_eq!(said, world.app.now());
    let registration = stored(&world, id).await;
    // what happened at one moment stands in no order
    let happened = events(&world, registration.action).await;
    let count = |kind| happened.iter().filter(|event| **event == kind).count();
    assert_eq!([Start, FinishLob, FinishLobConfirm].map(count), [2, 1, 1]);
    assert_eq!(jobs(&world).await.iter().filter(|job| job.kind == "letter.send").count(), 1);
    assert_eq!(the_letter(&world, id).await.created_at, said);
    run_due(&world).await;
    let [sent] = world.mail_house.letters().try_into().unwrap_or_else(|_| panic!("one letter"));
    let file = stored_file(&world, registration.result_item_mail.unwrap()).await;
    assert_eq!(sent.pdf, paper(&world, &file).await);
}

#[tokio::test]
async fn a_token_of_the_secret_before_the_last_rotation_still_confirms() {
    let (world, id) = made().await;
    let registration = stored(&world, id).await;
    let token = confirm_token(&world.app, registration.result_item_mail.unwrap());
    let mut app = world.app.clone();
    app.previous_secret =
        Some(std::mem::replace(&mut app.secret, Arc::new(SecretKey::new(b"another one".to_vec()))));
    assert!(letter::confirm(&app, ToolName::Register, registration.action.unwrap(), &token).await.is_ok());
    let (world, id) = made().await;
    let registration = stored(&world, id).await;
    let mut app = world.app.clone();
    app.secret = Arc::new(SecretKey::new(b"another one".to_vec()));
    let refused = letter::confirm(&app, ToolName::Register, registration.action.unwrap(), &token).await;
    assert!(matches!(refused, Err(ConfirmError::NotFound)));
}

#[tokio::test]
async fn an_action_that_was_confirmed_elsewhere_gets_no_second_letter() {
    let (world, id) = made().await;
    run_due(&world).await;
    let action = stored(&world, id).await.action.unwrap();
    let event = world.app.event(action, FinishLobConfirm);
    rows(&world, async |unit| unit.actions_mut().record(&event).await.unwrap()).await;
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(confirm(&world, id).await.unwrap(), event.created_at);
    assert!(jobs(&world).await.iter().all(|job| job.kind != "letter.send"));
}

#[tokio::test]
async fn a_form_that_was_deleted_cannot_be_mailed() {
    let (world, id) = made().await;
    let file = stored(&world, id).await.result_item_mail.unwrap();
    rows(&world, async |unit| {
        let mut file = unit.files_mut().lock(file).await.unwrap().unwrap();
        file.purged = Some(world.app.now());
        unit.files_mut().update(&file).await.unwrap();
    })
    .await;
    assert!(matches!(confirm(&world, id).await, Err(ConfirmError::NotFound)));
}

#[tokio::test]
async fn a_second_letter_at_the_mail_house_is_called_off() {
    let (world, id) = made().await;
    confirm(&world, id).await.unwrap();
    let letter = the_letter(&world, id).await;
    world.mail_house.meets([Trouble::Unanswered]);
    run_due(&world).await;
    // somebody else, who does not know of it, sends another
    let [first] = world.mail_house.letters().try_into().unwrap_or_else(|_| panic!("one letter"));
    let second = OutgoingLetter { id: LetterId(world.app.ids.uuid()), ..first.clone() };
    let second = world.mail_house.send(&second).await.unwrap();
    assert_eq!(world.mail_house.letters().len(), 2);
    world.clock.advance(TimeDelta::hours(1));
    run_due(&world).await;
    let [kept] = world.mail_house.letters().try_into().unwrap_or_else(|_| panic!("one letter"));
    assert_eq!((kept.id, letter.id), (first.id, first.id));
    assert_eq!(world.mail_house.called_off(), [second.id]);
    assert_eq!(the_letter(&world, id).await.external_id, world.mail_house.taken().pop());
}

#[tokio::test]
async fn a_letter_whose_form_was_taken_back_meanwhile_is_not_mailed() {
    let (world, id) = made().await;
    confirm(&world, id).await.unwrap();
    patch(&world, id, with(rest(), json!({"request_mailing_address1": ""})), &COMPLETE).await;
    run_due(&world).await;
    assert!(world.mail_house.letters().is_empty());
    assert_eq!(the_letter(&world, id).await.external_id, None);
}

#[tokio::test]
async fn a_report_that_overtakes_the_answer_waits_for_it() {
    let (world, id) = made().await;
    confirm(&world, id).await.unwrap();
    world.mail_house.meets([Trouble::Unanswered]);
    run_due(&world).await;
    let [taken] = world.mail_house.taken().try_into().unwrap();
    for event in ["letter.mailed", "letter.processed_for_delivery", "letter.rendered_pdf"] {
        let report = LetterReport { letter: taken.clone(), event: event.into() };
        letter::take_report(&world.app, &report).await.unwrap();
    }
    for _ in 0..4 {
        run_due(&world).await;
        world.clock.advance(TimeDelta::minutes(2));
    }
    let events = events(&world, stored(&world, id).await.action).await;
    assert!(events.contains(&LobMailed) && events.contains(&LobProcessedForDelivery), "{events:?}");
}
