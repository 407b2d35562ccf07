//! A voter goes to the state's online registration (`http-api.md` 3.3).

use serde_json::{Value, json};
use turnout_core::{
    ids::RegistrationId,
    memory::World,
    register::{Scope, Status, StatusError, set_status},
};

use crate::voter::{
    COMPLETE, INCOMPLETE, complete, events, input, kinds, minimum, nothing, seeded, stored, submit,
};

async fn set(world: &World, id: RegistrationId, body: Value, scope: Scope) -> Result<Status, StatusError> {
    set_status(&world.app, id, &input(body), scope).await
}

#[tokio::test]
async fn only_an_incomplete_registration_can_be_referred_and_only_once() {
    let world = seeded().await;
    let begun = submit(&world, minimum(), &INCOMPLETE).await.registration;
    let (jobs, recorded) = (kinds(&world).await, events(&world, begun.action).await);
    let refer = json!({"status": "ReferOVR"});
    assert_eq!(set(&world, begun.id, refer.clone(), Scope::Part).await.unwrap(), Status::ReferOvr);
    assert_eq!(stored(&world, begun.id).await.status, Status::ReferOvr);
    assert_eq!((kinds(&world).await, events(&world, begun.action).await), (jobs, recorded));

    let done = submit(&world, complete(), &COMPLETE).await.registration.id;
    let unknown = RegistrationId(uuid::Uuid::from_u128(9));
    for id in [begun.id, done, unknown] {
        // not found comes before everything that is wrong with the body
        for body in [refer.clone(), json!({"status": "x"})] {
            assert!(matches!(set(&world, id, body, Scope::Part).await, Err(StatusError::NotFound)));
        }
    }
}

#[tokio::test]
async fn every_other_status_is_refused_in_its_own_words() {
    let world = seeded().await;
    let id = submit(&world, minimum(), &INCOMPLETE).await.registration.id;
    for (body, scope, text) in [
        (json!({"status": "Pending"}), Scope::Part, "Registration status can only be ReferOVR"),
        (json!({"status": "Incomplete"}), Scope::Whole, "Registration status can only be ReferOVR"),
        (json!({"status": "Invalid"}), Scope::Part, "\"Invalid\" is not a valid choice."),
        (json!({"status": null}), Scope::Part, "This field may not be null."),
        (json!({"status": ""}), Scope::Part, "\"\" is not a valid choice."),
        (json!({"status": ["a"]}), Scope::Part, "\"['a']\" is not a valid choice."),
        (nothing(), Scope::Whole, "This field is required."),
    ] {
        match set(&world, id, body.clone(), scope).await {
            Err(StatusError::Problems(problems)) => {
                assert_eq!(problems.to_json(), json!({"status": [text]}), "{body}");
            }
            other => panic!("{body}: {other:?}"),
        }
    }
    let before = world.store.dump();
    assert_eq!(set(&world, id, nothing(), Scope::Part).await.unwrap(), Status::Incomplete);
    assert_eq!(world.store.dump(), before);
}
