//! By password, then by code.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use turnout_core::{
    account::{self, SessionStage, SignInError},
    memory::{QuickPasswords, World},
    ports::{
        passwords::{HashError, PasswordCheck, PasswordHasher},
        throttle::Quota,
    },
    secret::Password,
};

use super::*;

#[tokio::test]
async fn whoever_has_no_second_factor_signs_in_to_get_one() {
    let world = world().await;
    let signed_in = sign_in(&world, "ANN@example.org", PASSWORD, 1).await.unwrap();
    assert_eq!(signed_in.user.id, user_id(1));
    let session = session(&world, 1).await.unwrap();
    assert_eq!(session, signed_in.session);
    assert_eq!((session.stage, session.agent.as_str()), (SessionStage::SignedIn, "Firefox on Linux"));
    assert_eq!(user(&world, user_id(1)).await.last_login, Some(world.app.now()));
    assert_eq!(acts(&world, user_id(1)).await, ["signed_in"]);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_address_and_a_closed_account_get_the_same_answer() {
    let world = world().await;
    let closed = insert(&world, 2, |_| {}).await;
    account::set_active(&world.app, None, closed, false).await.unwrap();
    insert(&world, 3, |it| it.password = Some("!unusable".into())).await;
    for (email, password) in [
        ("ann@example.org", "correct horse batter"),
        ("ann@example.org", " correct horse battery"),
        ("nobody@example.org", PASSWORD),
        ("user2@example.org", PASSWORD),
        ("user3@example.org", PASSWORD),
    ] {
        let refused = sign_in(&world, email, password, 1).await;
        assert!(matches!(refused, Err(SignInError::Refused)), "{email}");
    }
    assert!(session(&world, 1).await.is_none());
    let nothing = sign_in(&world, "", "", 1).await;
    assert!(matches!(nothing, Err(SignInError::Problems(it)) if it.has("email") && it.has("password")));
}

/// Counts how often a password is compared, and how often one is hashed.
#[derive(Default)]
struct Counting {
    checks: AtomicU32,
    hashes: AtomicU32,
}

#[async_trait]
impl PasswordHasher for Counting {
    async fn hash(&self, password: &Password, salt: [u8; 16]) -> Result<String, HashError> {
        self.hashes.fetch_add(1, Ordering::Relaxed);
        QuickPasswords.hash(password, salt).await
    }

    async fn check(&self, password: &Password, encoded: Option<&str>) -> PasswordCheck {
        self.checks.fetch_add(1, Ordering::Relaxed);
        QuickPasswords.check(password, encoded).await
    }
}

#[tokio::test]
async fn who_is_refused_had_one_password_compared_and_none_hashed_whoever_they_are() {
    let mut world = world().await;
    let counting = Arc::new(Counting::default());
    world.app.passwords = counting.clone();
    let closed = insert(&world, 2, |_| {}).await;
    account::set_active(&world.app, None, closed, false).await.unwrap();
    let old = QuickPasswords::old(&Password::new(OTHER.into()));
    insert(&world, 3, |it| it.password = Some(old)).await;
    insert(&world, 4, |it| it.password = Some("!unusable".into())).await;
    for number in 1..=5 {
        // that of nobody is the last one
        let email = if number == 1 { "ann@example.org".into() } else { format!("user{number}@example.org") };
        let refused = sign_in(&world, &email, "correct horse batter", 1).await;
        assert!(matches!(refused, Err(SignInError::Refused)), "{email}");
        let done = (counting.checks.swap(0, Ordering::Relaxed), counting.hashes.load(Ordering::Relaxed));
        assert_eq!(done, (1, 0), "{email}");
    }
    sign_in(&world, "user3@example.org", OTHER, 1).await.unwrap();
    let done = (counting.checks.load(Ordering::Relaxed), counting.hashes.load(Ordering::Relaxed));
    assert_eq!(done, (1, 1), "whoever is let in has the hash made anew");
}

#[tokio::test]
async fn a_hash_of_the_old_service_is_made_anew_at_the_first_sign_in() {
    let world = world().await;
    let old = QuickPasswords::old(&Password::new(OTHER.into()));
    let id = insert(&world, 2, |it| it.password = Some(old.clone())).await;
    assert!(sign_in(&world, "user2@example.org", PASSWORD, 1).await.is_err());
    assert_eq!(user(&world, id).await.password.as_ref(), Some(&old));
    sign_in(&world, "user2@example.org", OTHER, 1).await.unwrap();
    let made = user(&world, id).await.password.unwrap();
    assert!(made.starts_with("quick$"), "{made}");
    sign_in(&world, "user2@example.org", OTHER, 2).await.unwrap();
    assert_eq!(user(&world, id).await.password.unwrap(), made);
    assert_eq!(user(&world, id).await.generation, 0, "links to a new password stay good");
}

#[tokio::test]
async fn only_so_many_attempts_are_looked_at_for_each_account_and_each_sender() {
    let limited = |settings: &mut Settings| {
        settings.rate_limits.sign_ins_per_account = Quota::per_hour(3);
        settings.rate_limits.sign_ins_per_address = Quota::per_hour(5);
    };
    let world = world_with(limited).await;
    for _ in 0..3 {
        assert!(matches!(sign_in(&world, "ann@example.org", "wrong", 1).await, Err(SignInError::Refused)));
    }
    // even the right one, in whatever letters
    assert!(matches!(sign_in(&world, "ANN@example.org", PASSWORD, 1).await, Err(SignInError::Throttled(_))));
    assert!(matches!(sign_in(&world, "other@example.org", "wrong", 1).await, Err(SignInError::Refused)));
    assert!(matches!(sign_in(&world, "third@example.org", "wrong", 1).await, Err(SignInError::Throttled(_))));
    world.clock.advance(TimeDelta::minutes(20));
    sign_in(&world, "ann@example.org", PASSWORD, 1).await.unwrap();
}

#[tokio::test]
async fn the_second_step_gives_the_session_another_token() {
    let world = world().await;
    let (_, setup, _) = with_app(&world).await;
    let first = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap();
    assert_eq!(first.session.stage, SessionStage::Password);
    assert_eq!(first.session.expires, world.app.now() + TimeDelta::minutes(10));
    let wrong = form(&[("code", "000000")]);
    let refused = account::second_step(&world.app, &first.session, &wrong, "192.0.2.7", [4; 32]).await;
    assert!(matches!(refused, Err(SignInError::Refused)));
    let code = form(&[("code", &app_code(&world, &setup))]);
    let second = account::second_step(&world.app, &first.session, &code, "192.0.2.7", [4; 32]).await.unwrap();
    assert_eq!((second.session.stage, second.session.id), (SessionStage::Verified, first.session.id));
    assert!(session(&world, 3).await.is_none(), "the first token opens nothing");
    assert_eq!(session(&world, 4).await.unwrap(), second.session);
    assert_eq!(second.session.expires, world.app.now() + world.app.settings.account.session_lifetime);
    let again = account::second_step(&world.app, &second.session, &code, "192.0.2.7", [5; 32]).await;
    assert!(matches!(again, Err(SignInError::Expired)), "there is no third step");
}

#[tokio::test]
async fn a_code_is_taken_once_and_within_ten_minutes_of_the_password() {
    let world = world().await;
    let (_, setup, _) = with_app(&world).await;
    let code = form(&[("code", &app_code(&world, &setup))]);
    let step = async |token: u8, world: &World| {
        let first = sign_in(world, "ann@example.org", PASSWORD, token).await.unwrap();
        account::second_step(&world.app, &first.session, &code, "192.0.2.7", [token + 1; 32]).await
    };
    step(10, &world).await.unwrap();
    assert!(matches!(step(20, &world).await, Err(SignInError::Refused)), "it was taken before");
    let late = sign_in(&world, "ann@example.org", PASSWORD, 30).await.unwrap();
    world.clock.advance(TimeDelta::minutes(10));
    let code = form(&[("code", &app_code(&world, &setup))]);
    let late = account::second_step(&world.app, &late.session, &code, "192.0.2.7", [31; 32]).await;
    assert!(matches!(late, Err(SignInError::Expired)));
}

#[tokio::test]
async fn only_so_many_codes_are_looked_at() {
    let world = world_with(|it| it.rate_limits.codes_per_account = Quota::per_hour(4)).await;
    let (_, setup, _) = with_app(&world).await;
    let first = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap().session;
    let wrong = form(&[("code", "000000")]);
    for _ in 0..3 {
        let refused = account::second_step(&world.app, &first, &wrong, "192.0.2.7", [4; 32]).await;
        assert!(matches!(refused, Err(SignInError::Refused)));
    }
    let right = form(&[("code", &app_code(&world, &setup))]);
    let held = account::second_step(&world.app, &first, &right, "198.51.100.1", [4; 32]).await;
    assert!(matches!(held, Err(SignInError::Throttled(_))));
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let world = world().await;
    let (own, setup, _) = with_app(&world).await;
    sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap();
    let code = form(&[("code", &app_code(&world, &setup))]);
    let other = sign_in(&world, "ann@example.org", PASSWORD, 4).await.unwrap().session;
    let other = account::second_step(&world.app, &other, &code, "192.0.2.7", [5; 32]).await.unwrap().session;
    assert_eq!(account::sessions(&world.app, user_id(1)).await.unwrap().len(), 3);
    world.clock.advance(TimeDelta::minutes(11));
    let listed = account::sessions(&world.app, user_id(1)).await.unwrap();
    assert_eq!(listed.len(), 2, "one that awaited a code is over");
    assert!(!account::end_session(&world.app, user_id(2), other.id).await.unwrap(), "it is not theirs");
    assert!(account::end_session(&world.app, user_id(1), other.id).await.unwrap());
    assert!(session(&world, 5).await.is_none());
    assert_eq!(account::end_other_sessions(&world.app, &own).await.unwrap(), 1);
    assert!(session(&world, 2).await.is_some());
    account::sign_out(&world.app, &own).await.unwrap();
    assert!(session(&world, 2).await.is_none());
}

#[tokio::test]
async fn it_is_noted_now_and_then_that_a_session_is_used() {
    let world = world().await;
    let session = ann(&world).await;
    world.clock.advance(TimeDelta::minutes(4));
    let before = world.store.units_begun();
    account::touch(&world.app, &session).await.unwrap();
    assert_eq!(world.store.units_begun(), before);
    world.clock.advance(TimeDelta::minutes(1));
    account::touch(&world.app, &session).await.unwrap();
    assert_eq!(super::session(&world, 1).await.unwrap().seen_at, world.app.now());
    account::sign_out(&world.app, &session).await.unwrap();
    world.clock.advance(TimeDelta::minutes(5));
    account::touch(&world.app, &session).await.unwrap();
    assert!(super::session(&world, 1).await.is_none(), "what has ended stays so");
}

#[tokio::test]
async fn sessions_that_have_ended_are_forgotten_after_a_day() {
    let world = world().await;
    ann(&world).await;
    world.clock.advance(TimeDelta::hours(25));
    let forget = async |world: &World| {
        let job = account::jobs::ForgetSessions {}.job(&world.app);
        voter::rows(world, async |unit| assert!(unit.jobs_mut().enqueue(&job).await.unwrap())).await;
        voter::run_due(world).await;
    };
    forget(&world).await;
    assert!(session(&world, 1).await.is_some());
    world.clock.advance(TimeDelta::hours(2));
    forget(&world).await;
    assert!(session(&world, 1).await.is_none());
}
