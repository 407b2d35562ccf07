//! A registration goes to the registrar of its state (`flows.md` 2.4).

use bytes::Bytes;
use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    address::State,
    error::{ProviderError, ProviderErrorKind},
    file::{SecureUpload, UploadType},
    ids::{RegionId, RegistrationId, UploadId},
    memory::{MemoryRegistrar, Taken, World},
    official::Region,
    ports::state_registrar::{County, Municipality, RefusalCode, Refused, Remedy},
    register::{Status, SubmitError, counties},
};
use uuid::Uuid;

use crate::voter::{
    COMPLETE, INCOMPLETE, NUMBER, complete, events, forms, kinds, minimum, patch, rows, run_due, seeded,
    seeded_with, stored, submit, try_patch, with,
};

const SIGNATURE: u128 = 77;

/// A world with a registrar of Pennsylvania, three regions there, one elsewhere, and a signature.
async fn pennsylvania() -> (World, MemoryRegistrar) {
    let registrar = MemoryRegistrar::new(State::Pa);
    let world = seeded_with(|app| app.with_registrar(registrar.clone())).await;
    furnish(&world).await;
    (world, registrar)
}

async fn furnish(world: &World) {
    let signature = SecureUpload {
        id: UploadId(Uuid::from_u128(SIGNATURE)),
        kind: UploadType::Signature,
        key: "signature".into(),
        content_type: "image/png".into(),
        purged: None,
        created_at: world.app.now(),
        modified_at: world.app.now(),
    };
    world.app.files.put("signature", Bytes::from_static(b"drawn"), "image/png").await.unwrap();
    rows(world, async |unit| {
        unit.uploads_mut().insert(&signature).await.unwrap();
        for (id, name, state, hidden) in [
            (1, "Allegheny County", State::Pa, false),
            (2, "Adams County", State::Pa, false),
            (3, "Hidden County", State::Pa, true),
            (4, "Adams County", State::Oh, false),
        ] {
            let region = Region {
                id: RegionId(id),
                name: Some(name.into()),
                county: None,
                municipality: None,
                municipality_type: None,
                state: Some(state),
                hidden,
                external_updated: None,
            };
            unit.officials_mut().put_region(&region).await.unwrap();
        }
    })
    .await;
}

/// A voter of Pennsylvania who fills in everything.
fn voter() -> Value {
    let fields = json!({"region_id": 2, "declaration": true, "signature": Uuid::from_u128(SIGNATURE)});
    with(complete(), json!({"state": "PA", "zipcode": "17325", "party": "None", "state_fields": fields}))
}

fn refused(code: RefusalCode) -> Refused {
    Refused::new(code, Remedy::AskAgain, "VR_WAPI_InvalidOVRDL")
}

#[tokio::test]
async fn what_the_state_takes_needs_no_paper() {
    let (world, registrar) = pennsylvania().await;
    let body = with(voter(), json!({"state_id_number_2": "4711", "initial_events": ["Restart"]}));
    let submitted = submit(&world, body, &COMPLETE).await;
    let registration = stored(&world, submitted.registration.id).await;
    assert_eq!(registration, submitted.registration);
    assert!(submitted.file.is_none() && forms(&world).await.is_empty());
    let taken = Taken {
        registration: registration.id,
        region: Some(RegionId(2)),
        has_license: true,
        has_ssn4: true,
        signature: Some("image/png".into()),
    };
    assert_eq!(registrar.applications(), [taken]);
    let result = json!({"status": "success", "application_id": "1", "signature_source": "Memory"});
    assert_eq!((registration.status, registration.state_api_result), (Status::Pending, Some(result)));
    // of one moment, so in no order
    let happened = events(&world, registration.action).await;
    assert_eq!(happened.len(), 2, "{happened:?}");
    assert!([EventType::FinishExternalApi, EventType::Restart].iter().all(|it| happened.contains(it)));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.online"]);
    assert_eq!(stored(&world, registration.id).await.status, Status::Pending);
    // nobody is asked to go on (quirk Q24)
    world.clock.advance(TimeDelta::minutes(20));
    run_due(&world).await;
    assert_eq!(kinds(&world).await, Vec::<String>::new());
    let dump = world.store.dump();
    assert!(!dump.contains(NUMBER) && !dump.contains("4711\"") && !dump.contains("drawn"));
}

#[tokio::test]
async fn what_the_state_refuses_can_be_mended_or_go_on_paper() {
    let (world, registrar) = pennsylvania().await;
    registrar.refuse(refused(RefusalCode::DlInvalid));
    let first = submit(&world, voter(), &COMPLETE).await.registration;
    let status = first.online_status().unwrap();
    assert_eq!((status.status, status.error.as_deref()), ("failure", Some("dl_invalid")));
    assert_eq!(
        stored(&world, first.id).await.state_api_result,
        Some(json!({
            "status": "failure", "error": "dl_invalid", "exception": "VR_WAPI_InvalidOVRDL", "remedy": "ask_again",
        }))
    );
    assert_eq!(first.status, Status::Incomplete);
    assert_eq!(events(&world, first.action).await, []);
    assert_eq!(kinds(&world).await, ["action.check_unfinished"]);

    // the same again, with another number
    let second = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": "87654321"});
    let submitted = patch(&world, first.id, second.clone(), &COMPLETE).await;
    assert_eq!(submitted.registration.online_status().unwrap().status, "success");
    assert_eq!(registrar.applications().len(), 2);

    // another voter gives up on it
    registrar.refuse(refused(RefusalCode::UnknownError));
    let other = submit(&world, voter(), &COMPLETE).await.registration;
    let paper = patch(&world, other.id, with(second, json!({"state_fields": null})), &COMPLETE).await;
    assert!(paper.file.is_some());
    assert_eq!(registrar.applications().len(), 3, "paper asks nobody");
    run_due(&world).await;
    let mut tags = world.outbox.tags();
    tags.sort_unstable();
    assert_eq!(tags, ["register.form", "register.online"]);
}

#[tokio::test]
async fn pennsylvania_answers_a_failure_while_it_has_no_registrar_and_other_states_ask_nobody() {
    let world = seeded().await;
    furnish(&world).await;
    let registration = submit(&world, voter(), &COMPLETE).await.registration;
    assert_eq!(registration.online_status().unwrap().error.as_deref(), Some("unknown_error"));
    assert_eq!(registration.status, Status::Incomplete);
    let ohio = submit(&world, with(voter(), json!({"state": "OH"})), &COMPLETE).await;
    assert!(ohio.file.is_some() && ohio.registration.online_status().is_none());
    assert!(ohio.state_api_regions.is_none());
    // without answers to its questions Pennsylvania has paper like every state
    for fields in [json!(null), json!({}), json!("")] {
        let paper = submit(&world, with(voter(), json!({"state_fields": fields})), &COMPLETE).await;
        assert!(paper.file.is_some(), "{fields}");
    }
    run_due(&world).await;
}

#[tokio::test]
async fn another_state_is_another_registrar() {
    let registrar = MemoryRegistrar::new(State::Oh);
    let world = seeded_with(|app| app.with_registrar(registrar.clone())).await;
    furnish(&world).await;
    let fields = json!({"region_id": 4});
    let body = with(voter(), json!({"state": "OH", "state_fields": fields}));
    let registration = submit(&world, body, &COMPLETE).await.registration;
    assert_eq!(registration.online_status().unwrap().status, "success");
    assert_eq!(registrar.applications()[0].region, Some(RegionId(4)));
    run_due(&world).await;
}

#[tokio::test]
async fn what_is_no_region_number_or_signature_counts_as_none() {
    let (world, registrar) = pennsylvania().await;
    let fields = json!({"region_id": 4, "declaration": true, "signature": Uuid::from_u128(9)});
    let begun = submit(&world, with(minimum(), json!({"state": "PA"})), &INCOMPLETE).await.registration;
    let body = json!({
        "us_citizen": true, "is_18_or_over": true, "state_id_number_2": "", "state_fields": fields,
    });
    patch(&world, begun.id, body, &COMPLETE).await;
    let taken = registrar.applications().pop().unwrap();
    assert_eq!(
        (taken.region, taken.has_license, taken.has_ssn4, taken.signature),
        (None, false, false, None)
    );
    run_due(&world).await;
}

#[tokio::test]
async fn regions_are_offered_while_none_is_chosen() {
    let (world, _) = pennsylvania().await;
    let regions = |submitted: &turnout_core::register::Submitted| {
        let regions = submitted.state_api_regions.as_ref()?;
        Some(regions.iter().map(|it| it.id.0).collect::<Vec<_>>())
    };
    let pa = with(minimum(), json!({"state": "PA"}));
    for (fields, offered) in [
        (json!({}), Some(vec![2, 1])),
        (json!({"declaration": true}), Some(vec![2, 1])),
        (json!({"region_id": null}), Some(vec![2, 1])),
        (json!({"region_id": 2}), None),
        (json!(null), None),
        (json!("text"), None),
    ] {
        let submitted = submit(&world, with(pa.clone(), json!({"state_fields": fields})), &INCOMPLETE).await;
        assert_eq!(regions(&submitted), offered, "{fields}");
        assert_eq!(stored(&world, submitted.registration.id).await.state_api_result, None);
    }
    let ohio = with(minimum(), json!({"state": "OH", "state_fields": {}}));
    assert_eq!(regions(&submit(&world, ohio, &INCOMPLETE).await), None);
}

#[tokio::test]
async fn nothing_is_sent_twice_unless_something_changed() {
    let (world, registrar) = pennsylvania().await;
    let id = submit(&world, voter(), &COMPLETE).await.registration.id;
    let again = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": NUMBER});
    for _ in 0..2 {
        let told = patch(&world, id, again.clone(), &COMPLETE).await.registration;
        assert_eq!(told.online_status().unwrap().status, "success");
    }
    assert_eq!(registrar.applications().len(), 1);
    patch(&world, id, with(again.clone(), json!({"city": "Gettysburg"})), &COMPLETE).await;
    assert_eq!(registrar.applications().len(), 2);
    // what the state took it still has, whatever it says to a change
    registrar.refuse(refused(RefusalCode::UnknownError));
    let told = patch(&world, id, with(again, json!({"city": "York"})), &COMPLETE).await.registration;
    assert_eq!(told.online_status().unwrap().status, "success");
    assert_eq!(told.state_api_result.unwrap()["sent"], Value::Null);
    let happened = events(&world, told.action).await;
    assert_eq!(happened, [EventType::FinishExternalApi; 2]);
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.online"]);
}

#[tokio::test]
async fn while_one_application_is_on_its_way_another_one_waits_and_not_for_ever() {
    let (world, registrar) = pennsylvania().await;
    let id = on_its_way(&world).await;
    let body = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": NUMBER});
    let outcome = try_patch(&world, id, body.clone(), &COMPLETE).await;
    assert!(matches!(outcome, Err(SubmitError::Throttled(wait)) if wait > TimeDelta::zero()));
    assert!(registrar.applications().is_empty());
    // its process has ended
    world.clock.advance(TimeDelta::minutes(6));
    let told = patch(&world, id, body, &COMPLETE).await.registration;
    assert_eq!(told.online_status().unwrap().status, "success");
    run_due(&world).await;
}

/// A registration whose process ended before the answer came.
async fn on_its_way(world: &World) -> RegistrationId {
    let begun = submit(world, with(voter(), json!({})), &INCOMPLETE).await.registration;
    rows(world, async |unit| {
        let mut registration = unit.registrations_mut().lock(begun.id).await.unwrap().unwrap();
        registration.state_api_result = Some(json!({"sent": world.app.now()}));
        unit.registrations_mut().update(&registration).await.unwrap();
    })
    .await;
    assert_eq!(stored(world, begun.id).await.online_status(), None, "pages are told of answers only");
    begun.id
}

#[tokio::test]
async fn counties_are_published_whole_or_stay_as_they_were() {
    let (world, registrar) = pennsylvania().await;
    assert_eq!(counties::fetch(&world.app).await.unwrap(), []);
    let county = |id: &str, name: &str| County {
        county_id: id.into(),
        county_name: name.into(),
        municipalities: vec![Municipality {
            municipality_id: "MN01".into(),
            municipality_name: "GETTYSBURG".into(),
        }],
    };
    registrar.knows(vec![county("2291", "ALLEGHENY"), county("2290", "ADAMS")]);
    rows(&world, async |unit| {
        let job = turnout_core::register::jobs::PublishCounties {}.job(&world.app);
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
    assert_eq!(run_due(&world).await, 1);
    let url = world.app.public_files.url("pa-counties/counties.json").unwrap();
    let file = world.public_files.visit(&url).unwrap();
    let municipalities = json!([{"municipality_id": "MN01", "municipality_name": "GETTYSBURG"}]);
    let published: Value = serde_json::from_slice(&file.bytes).unwrap();
    assert_eq!(
        published,
        json!([
            {"county_id": "2290", "county_name": "ADAMS", "municipalities": municipalities},
            {"county_id": "2291", "county_name": "ALLEGHENY", "municipalities": municipalities},
        ])
    );
    assert_eq!((file.content_type.as_str(), file.cache), ("application/json", TimeDelta::hours(1)));
}

#[test]
fn a_refusal_of_the_way_there_names_the_vendor_and_nothing_else() {
    let refused = Refused::from(ProviderError::new("pennsylvania", ProviderErrorKind::Unreachable));
    assert_eq!(refused.to_string(), "unknown_error: pennsylvania: cannot be reached");
}
