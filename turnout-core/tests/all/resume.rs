//! A voter goes on with a registration begun elsewhere (`http-api.md` 3.5).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use turnout_core::{
    app::App,
    ids::ActionId,
    memory::World,
    ports::clock::Clock,
    register::{
        ResumeError,
        resume::{issue, resume},
    },
    secret::SecretKey,
};

use crate::voter::{INCOMPLETE, minimum, seeded, submit};

/// A token made by somebody else, under the key that is derived from any secret.
fn token(secret: &[u8], header: &Value, claims: &Value) -> String {
    signed(SecretKey::of_purpose(secret, "turnout.resume").bytes(), header, claims)
}

/// A token signed with this very key.
fn signed(key: &[u8], header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The key of the memory world.
const KEY: &[u8] = b"a world in memory";

async fn fails(app: &App, token: &str) -> ResumeError {
    match resume(app, None, Some(token)).await {
        Err(error) => error,
        Ok(_) => panic!("it was taken: {token}"),
    }
}

fn claims(world: &World, action: ActionId) -> Value {
    json!({
        "iss": world.app.settings.origins.primary,
        "exp": world.clock.now().timestamp() + 60,
        "action_type": "registration",
        "action_id": action.to_string(),
    })
}

#[tokio::test]
async fn an_id_or_a_token_finds_the_registration() {
    let world = seeded().await;
    let begun = submit(&world, minimum(), &INCOMPLETE).await.registration;
    let token = issue(&world.app, begun.action.unwrap()).0;
    for (uuid, token) in [
        (Some(begun.id.to_string()), None),
        (Some(begun.id.0.simple().to_string().to_uppercase()), Some("nonsense".to_owned())),
        (None, Some(token.clone())),
        (Some(String::new()), Some(token.clone())),
    ] {
        let resumed = resume(&world.app, uuid.as_deref(), token.as_deref()).await;
        let resumed = resumed.unwrap_or_else(|error| panic!("{uuid:?} {token:?}: {error}"));
        assert_eq!(resumed.registration.id, begun.id);
    }
    for (uuid, token) in [(None, None), (Some(""), Some(""))] {
        assert!(matches!(resume(&world.app, uuid, token).await, Err(ResumeError::NothingGiven)));
    }
    for uuid in ["zz", "00000000-0000-4000-8000-000000000000"] {
        assert!(matches!(resume(&world.app, Some(uuid), Some(&token)).await, Err(ResumeError::NotFound)));
    }
}

#[tokio::test]
async fn a_token_is_good_for_an_hour_and_half_a_minute() {
    let world = seeded().await;
    let begun = submit(&world, minimum(), &INCOMPLETE).await.registration;
    let token = issue(&world.app, begun.action.unwrap()).0;
    world.clock.advance(TimeDelta::seconds(3_630));
    assert!(resume(&world.app, None, Some(&token)).await.is_ok());
    world.clock.advance(TimeDelta::seconds(1));
    assert!(matches!(fails(&world.app, &token).await, ResumeError::InvalidToken));
}

#[tokio::test]
async fn only_our_own_tokens_for_this_very_purpose_are_taken() {
    let world = seeded().await;
    let action = submit(&world, minimum(), &INCOMPLETE).await.registration.action.unwrap();
    let header = json!({"alg": "HS256", "typ": "JWT"});
    let good = claims(&world, action);
    assert!(resume(&world.app, None, Some(&token(KEY, &header, &good))).await.is_ok());
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    for (key, header, claims) in [
        (&b"another key"[..], &header, good.clone()),
        (KEY, &json!({"alg": "none"}), good.clone()),
        (KEY, &json!({"alg": "HS512"}), good.clone()),
        (KEY, &header, with("iss", json!("https://evil.example.org"))),
        (KEY, &header, without("iss")),
        (KEY, &header, with("action_type", json!("ballot_request"))),
        (KEY, &header, without("action_type")),
        (KEY, &header, without("exp")),
        (KEY, &header, with("exp", json!(0))),
        (KEY, &header, with("exp", json!(i64::MIN))),
        (KEY, &header, without("action_id")),
        (KEY, &header, with("action_id", json!("zz"))),
    ] {
        let token = token(key, header, &claims);
        assert!(matches!(fails(&world.app, &token).await, ResumeError::InvalidToken), "{header} {claims}");
    }
    let bare = signed(KEY, &header, &good);
    assert!(
        matches!(fails(&world.app, &bare).await, ResumeError::InvalidToken),
        "the secret itself is no key"
    );
    for garbage in ["", ".", "..", "a.b.c", "é.é.é"] {
        if !garbage.is_empty() {
            assert!(matches!(fails(&world.app, garbage).await, ResumeError::InvalidToken), "{garbage}");
        }
    }
    let nobody = claims(&world, ActionId(uuid::Uuid::from_u128(9)));
    assert!(matches!(fails(&world.app, &token(KEY, &header, &nobody)).await, ResumeError::NotFound));
}

#[tokio::test]
async fn a_token_of_the_time_before_the_keys_rotation_is_taken() {
    let old = seeded().await;
    let begun = submit(&old, minimum(), &INCOMPLETE).await.registration;
    let token = issue(&old.app, begun.action.unwrap()).0;
    let rotated = |previous: Option<&[u8]>| {
        let builder = App::builder(old.store.clone(), old.clock.clone(), old.ids.clone(), b"the new key");
        match previous {
            Some(key) => builder.with_previous_secret(key).build(),
            None => builder.build(),
        }
    };
    assert!(resume(&rotated(Some(KEY)), None, Some(&token)).await.is_ok());
    assert!(matches!(fails(&rotated(None), &token).await, ResumeError::InvalidToken));
}
