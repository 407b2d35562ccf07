//! Factors are set up, used and taken away.

use turnout_core::{
    account::{self, SessionStage, SignInError, TwoFactorError},
    back_office::Entity,
    consent::{Choice, Origin},
    decision::{Channel, Purpose, Rule},
    error::{ProviderError, ProviderErrorKind},
    ids::MessageId,
    jobs::JobState,
    ports::{sms::SmsError, throttle::Quota},
    sms::{self, Failure, Incoming, Message, MessageStatus},
};

use super::*;

#[tokio::test]
async fn an_app_counts_once_its_code_was_shown_and_ends_all_other_sessions() {
    let world = world().await;
    let session = ann(&world).await;
    sign_in(&world, "ann@example.org", PASSWORD, 9).await.unwrap();
    let ann = user(&world, user_id(1)).await;
    assert!(account::pending_authenticator(&world.app, &ann).await.unwrap().is_none());
    account::begin_authenticator(&world.app, &session, [6; 32]).await.unwrap();
    account::begin_authenticator(&world.app, &session, [7; 32]).await.unwrap();
    let setup = account::pending_authenticator(&world.app, &ann).await.unwrap().unwrap();
    assert_eq!(setup.secret, "A4DQ OBYH A4DQ OBYH A4DQ OBYH A4DQ OBYH");
    assert_eq!(
        setup.uri,
        "otpauth://totp/VoteAmerica:Ann%40example%2Eorg?secret=A4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYH\
         &issuer=VoteAmerica&algorithm=SHA1&digits=6&period=30"
    );
    assert!(setup.qr.starts_with("<?xml") && setup.qr.ends_with("</svg>"), "{}", setup.qr);
    assert!(!account::factors(&world.app, ann.id).await.unwrap().is_set_up());

    let confirm = async |code: &str| {
        account::confirm_authenticator(&world.app, &session, &form(&[("code", code)]), [8; 32], [2; 32]).await
    };
    let wrong = confirm("000000").await;
    assert!(matches!(wrong, Err(TwoFactorError::Problems(it)) if it.has("code")));
    let shown = app_code(&world, &setup);
    let confirmed = confirm(&format!("{} {}", &shown[..3], &shown[3..])).await.unwrap();
    assert_eq!(confirmed.session.stage, SessionStage::Verified);
    assert_eq!(confirmed.codes.unwrap().len(), 10);
    assert_eq!(super::session(&world, 2).await.unwrap(), confirmed.session);
    for gone in [1, 9] {
        assert!(super::session(&world, gone).await.is_none());
    }
    let factors = account::factors(&world.app, ann.id).await.unwrap();
    assert!(factors.is_set_up() && factors.codes_left == 10 && factors.texts);
    assert_eq!(acts(&world, ann.id).await, ["set_up_authenticator", "signed_in", "signed_in"]);
}

#[tokio::test]
async fn the_password_alone_changes_no_factor_once_there_is_one() {
    let world = world().await;
    let (verified, _, codes) = with_app(&world).await;
    let half = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap().session;
    // a stage that the session claims is not believed
    let claimed = Session { stage: SessionStage::Verified, ..half.clone() };
    for session in [&half, &claimed] {
        let begun = account::begin_authenticator(&world.app, session, [9; 32]).await;
        assert!(matches!(begun, Err(TwoFactorError::NotVerified)));
        let number = form(&[("number", "617-555-0188")]);
        let begun = account::begin_phone(&world.app, session, &number, [9; 32]).await;
        assert!(matches!(begun, Err(TwoFactorError::NotVerified)));
        assert!(matches!(
            account::print_codes(&world.app, session, [9; 32]).await,
            Err(TwoFactorError::NotVerified)
        ));
        let password = form(&[("password", PASSWORD)]);
        assert!(matches!(
            account::disable(&world.app, session, &password).await,
            Err(TwoFactorError::NotVerified)
        ));
    }
    let printed = account::print_codes(&world.app, &verified, [9; 32]).await.unwrap();
    assert_ne!(printed, codes);
}

#[tokio::test]
async fn a_printed_code_is_good_once_and_until_others_are_printed() {
    let world = world().await;
    let (verified, _, codes) = with_app(&world).await;
    let mut different = codes.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 10);
    assert!(codes.iter().all(|it| it.len() == 11 && it.as_bytes()[5] == b'-'), "{codes:?}");
    let enter = async |code: &str, token: u8| {
        let first = sign_in(&world, "ann@example.org", PASSWORD, token).await.unwrap().session;
        let code = form(&[("code", code)]);
        account::second_step(&world.app, &first, &code, "192.0.2.7", [token + 1; 32]).await
    };
    enter(&codes[3].replace('-', " ").to_uppercase(), 10).await.unwrap();
    assert!(matches!(enter(&codes[3], 20).await, Err(SignInError::Refused)));
    assert_eq!(account::factors(&world.app, user_id(1)).await.unwrap().codes_left, 9);
    let others = account::print_codes(&world.app, &verified, [9; 32]).await.unwrap();
    assert!(matches!(enter(&codes[4], 30).await, Err(SignInError::Refused)));
    enter(&others[0], 40).await.unwrap();
    // nothing of a code lies in the store
    let dump = world.store.dump();
    assert!(!dump.contains(&others[1]) && !dump.contains(&others[1].replace('-', "")));
}

#[tokio::test]
async fn a_telephone_gets_a_code_by_text_and_counts_once_that_was_shown() {
    let world = world().await;
    let session = ann(&world).await;
    let begin = async |session: &Session, number: &str| {
        account::begin_phone(&world.app, session, &form(&[("number", number)]), [7; 32]).await
    };
    assert!(matches!(begin(&session, "12").await, Err(TwoFactorError::Problems(it)) if it.has("number")));
    let id = begin(&session, "(617) 555-0188").await.unwrap();
    let code = texted(&world).await;
    assert!(!world.store.dump().contains(&code), "it is in no row");
    let ann = user(&world, user_id(1)).await;
    assert_eq!(
        account::pending_phone(&world.app, &ann, id).await.unwrap().unwrap().number.e164(),
        "+16175550188"
    );
    let confirm = async |session: &Session, id, code: &str, token: u8| {
        let code = form(&[("code", code)]);
        account::confirm_phone(&world.app, session, id, &code, [8; 32], [token; 32]).await
    };
    assert!(matches!(confirm(&session, id, "000000", 2).await, Err(TwoFactorError::Problems(_))));
    world.clock.advance(TimeDelta::seconds(120));
    let verified = confirm(&session, id, &code, 2).await.unwrap();
    assert!(verified.codes.is_some());
    let verified = verified.session;
    assert!(matches!(begin(&verified, "6175550188").await, Err(TwoFactorError::Problems(_))), "known");
    let backup = begin(&verified, "6175550177").await.unwrap();
    let code = texted(&world).await;
    let verified = confirm(&verified, backup, &code, 3).await.unwrap();
    assert!(verified.codes.is_none(), "there are printed codes already");
    let phones = account::factors(&world.app, ann.id).await.unwrap().phones;
    assert_eq!(
        phones.iter().map(|it| (it.id, it.is_backup)).collect::<Vec<_>>(),
        [(id, false), (backup, true)]
    );
}

/// Ann with a telephone alone: its id.
async fn with_phone(world: &World) -> turnout_core::ids::PhoneFactorId {
    let session = ann(world).await;
    let number = form(&[("number", "6175550188")]);
    let id = account::begin_phone(&world.app, &session, &number, [7; 32]).await.unwrap();
    let code = form(&[("code", &texted(world).await)]);
    account::confirm_phone(&world.app, &session, id, &code, [8; 32], [2; 32]).await.unwrap();
    world.clock.advance(TimeDelta::seconds(30));
    id
}

#[tokio::test]
async fn a_texted_code_signs_in_for_two_minutes_and_once() {
    let world = world().await;
    let id = with_phone(&world).await;
    let first = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap().session;
    account::send_code(&world.app, &first, id).await.unwrap();
    let code = form(&[("code", &texted(&world).await)]);
    world.clock.advance(TimeDelta::seconds(149));
    account::second_step(&world.app, &first, &code, "192.0.2.7", [4; 32]).await.unwrap();
    let first = sign_in(&world, "ann@example.org", PASSWORD, 5).await.unwrap().session;
    let again = account::second_step(&world.app, &first, &code, "192.0.2.7", [6; 32]).await;
    assert!(matches!(again, Err(SignInError::Refused)));
    account::send_code(&world.app, &first, id).await.unwrap();
    let code = form(&[("code", &texted(&world).await)]);
    world.clock.advance(TimeDelta::seconds(180));
    let late = account::second_step(&world.app, &first, &code, "192.0.2.7", [6; 32]).await;
    assert!(matches!(late, Err(SignInError::Refused)));
}

#[tokio::test]
async fn a_code_that_comes_too_late_is_not_texted() {
    let world = world().await;
    let id = with_phone(&world).await;
    let first = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap().session;
    account::send_code(&world.app, &first, id).await.unwrap();
    world.clock.advance(TimeDelta::minutes(3));
    voter::run_due(&world).await;
    assert!(world.texts.take().is_empty());
}

#[tokio::test]
async fn codes_are_texted_to_ones_own_telephones_alone_and_only_so_often() {
    let world = world_with(|it| it.rate_limits.code_texts_per_account = Quota::per_hour(3)).await;
    let id = with_phone(&world).await;
    let first = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap().session;
    let unknown = turnout_core::ids::PhoneFactorId(rows::uuid(77));
    assert!(matches!(account::send_code(&world.app, &first, unknown).await, Err(TwoFactorError::NotFound)));
    account::send_code(&world.app, &first, id).await.unwrap();
    assert!(matches!(account::send_code(&world.app, &first, id).await, Err(TwoFactorError::Throttled(_))));
    texted(&world).await;
}

/// What is noted of texts with codes, the newest last; none of them says what it said.
async fn noted(world: &World) -> Vec<Message> {
    let mut view = world.store.view().await.unwrap();
    let page = PageRequest { after: None, limit: 50 };
    let records = view.records().page(Entity::Messages, None, &page).await.unwrap().rows;
    let mut noted = Vec::new();
    for record in records.iter().rev() {
        let id = MessageId::parse(&record.key.id).unwrap();
        let message = view.messages().by_id(id).await.unwrap().unwrap();
        if message.purpose == Some(Purpose::Code) {
            assert_eq!(message.text, None);
            noted.push(message);
        }
    }
    noted
}

/// The jobs that were given up or wait.
async fn left(world: &World) -> Vec<JobState> {
    voter::jobs(world)
        .await
        .into_iter()
        .filter(|job| job.kind == "account.send_code")
        .map(|it| it.state)
        .collect()
}

/// Has a code texted, asked for by whoever is half signed in.
async fn send(world: &World, id: turnout_core::ids::PhoneFactorId, token: u8) -> Result<(), TwoFactorError> {
    let half = sign_in(world, "ann@example.org", PASSWORD, token).await.unwrap().session;
    let sent = account::send_code(&world.app, &half, id).await;
    voter::run_due(world).await;
    sent
}

#[tokio::test]
async fn of_a_code_it_is_noted_what_became_of_it_and_not_what_it_is() {
    let world = world().await;
    // three in the morning, to somebody who agreed to nothing
    world.clock.set("2026-09-16T07:00:00Z".parse().unwrap());
    let id = with_phone(&world).await;
    let [first] = noted(&world).await.try_into().unwrap();
    assert!(first.carrier_id.is_some() && first.rule.is_none() && first.decided_at.is_some());
    assert_eq!(first.phone.unwrap().e164(), "+16175550188");
    // the carrier is away, and back at the second try
    world.texts.fail_next(SmsError::NotSent(ProviderError::new("sms", ProviderErrorKind::Unreachable)));
    send(&world, id, 3).await.unwrap();
    assert_eq!((left(&world).await, world.texts.take().len()), (vec![JobState::Waiting], 0));
    world.clock.advance(TimeDelta::seconds(61));
    texted(&world).await;
    let messages = noted(&world).await;
    assert_eq!(messages.len(), 2, "a try more is no row more");
    assert!(messages[1].carrier_id.is_some());
    assert_eq!(left(&world).await, []);
}

#[tokio::test]
async fn a_telephone_that_asked_for_no_texts_gets_no_code_and_whoever_waits_for_it_is_told() {
    let world = world().await;
    let id = with_phone(&world).await;
    world.clock.advance(TimeDelta::minutes(1));
    let writes = async |text: &str| {
        let incoming =
            Incoming { from: "+16175550188".into(), text: Some(text.into()), carrier_id: None, at: None };
        sms::receive(&world.app, incoming).await.unwrap();
    };
    writes("STOP").await;
    let told = send(&world, id, 3).await.unwrap_err();
    assert!(matches!(told, TwoFactorError::Stopped { code_number } if code_number.e164() == "+16175550100"));
    assert!(world.texts.take().is_empty() && left(&world).await.is_empty());
    assert_eq!(noted(&world).await.len(), 1, "what was not begun is not noted");
    world.clock.advance(TimeDelta::minutes(1));
    writes("START").await;
    world.clock.advance(TimeDelta::minutes(1));
    let half = sign_in(&world, "ann@example.org", PASSWORD, 4).await.unwrap().session;
    account::send_code(&world.app, &half, id).await.unwrap();
    // between the question and the job
    writes("STOP").await;
    voter::run_due(&world).await;
    assert!(world.texts.take().is_empty());
    let refused = noted(&world).await.pop().unwrap();
    assert_eq!((refused.status, refused.rule), (Some(MessageStatus::Failed), Some(Rule::Stopped)));
    assert_eq!(left(&world).await, [], "it is no job that failed");
}

#[tokio::test]
async fn a_stop_that_the_carrier_alone_knows_of_is_noted_and_told_the_next_time() {
    let world = world().await;
    let id = with_phone(&world).await;
    world.texts.fail_next(SmsError::Stopped);
    send(&world, id, 3).await.unwrap();
    let stopped = noted(&world).await.pop().unwrap();
    assert_eq!((stopped.status, stopped.failure), (Some(MessageStatus::Failed), Some(Failure::Stopped)));
    assert_eq!(left(&world).await, [], "it is no job that failed");
    let mut view = world.store.view().await.unwrap();
    let [entry] = view.consents().of(Channel::Sms, "+16175550188").await.unwrap().try_into().unwrap();
    assert_eq!((entry.mark.choice, entry.origin), (Choice::Stopped, Origin::Carrier));
    drop(view);
    assert!(matches!(send(&world, id, 4).await, Err(TwoFactorError::Stopped { .. })));
}

#[tokio::test]
async fn a_code_that_may_have_been_texted_is_not_texted_again() {
    let world = world().await;
    let id = with_phone(&world).await;
    let lost = ProviderError::new("sms", ProviderErrorKind::Unreachable);
    world.texts.fail_next(SmsError::InDoubt(lost));
    send(&world, id, 3).await.unwrap();
    assert_eq!(noted(&world).await.pop().unwrap().status, Some(MessageStatus::Unknown));
    assert_eq!(left(&world).await, []);
    let _ = world.texts.take();
    world.clock.advance(TimeDelta::minutes(10));
    voter::run_due(&world).await;
    assert!(world.texts.take().is_empty());
}

#[tokio::test]
async fn without_a_number_that_texts_no_telephone_is_a_factor() {
    let world = world_with(|it| it.account.code_number = None).await;
    let session = ann(&world).await;
    let number = form(&[("number", "6175550188")]);
    let begun = account::begin_phone(&world.app, &session, &number, [7; 32]).await;
    assert!(matches!(begun, Err(TwoFactorError::NotFound)));
    assert!(!account::factors(&world.app, user_id(1)).await.unwrap().texts);
}

#[tokio::test]
async fn the_last_factor_stays_until_all_are_given_up() {
    let world = world().await;
    let (verified, ..) = with_app(&world).await;
    assert!(matches!(
        account::remove_authenticator(&world.app, &verified).await,
        Err(TwoFactorError::LastOne)
    ));
    let number = form(&[("number", "6175550188")]);
    let id = account::begin_phone(&world.app, &verified, &number, [7; 32]).await.unwrap();
    let code = form(&[("code", &texted(&world).await)]);
    let verified =
        account::confirm_phone(&world.app, &verified, id, &code, [8; 32], [3; 32]).await.unwrap().session;
    account::remove_authenticator(&world.app, &verified).await.unwrap();
    assert!(matches!(account::remove_phone(&world.app, &verified, id).await, Err(TwoFactorError::LastOne)));

    let wrong = account::disable(&world.app, &verified, &form(&[("password", OTHER)])).await;
    assert!(matches!(wrong, Err(TwoFactorError::Problems(it)) if it.has("password")));
    let session = account::disable(&world.app, &verified, &form(&[("password", PASSWORD)])).await.unwrap();
    assert_eq!(session.stage, SessionStage::SignedIn);
    let factors = account::factors(&world.app, user_id(1)).await.unwrap();
    assert!(!factors.is_set_up() && factors.codes_left == 0);
}

#[tokio::test]
async fn a_new_app_takes_the_place_of_the_old_one() {
    let world = world().await;
    let (verified, old, _) = with_app(&world).await;
    account::begin_authenticator(&world.app, &verified, [9; 32]).await.unwrap();
    let ann = user(&world, user_id(1)).await;
    let setup = account::pending_authenticator(&world.app, &ann).await.unwrap().unwrap();
    let code = form(&[("code", &app_code(&world, &setup))]);
    account::confirm_authenticator(&world.app, &verified, &code, [8; 32], [3; 32]).await.unwrap();
    world.clock.advance(TimeDelta::seconds(60));
    let first = sign_in(&world, "ann@example.org", PASSWORD, 4).await.unwrap().session;
    let enter = async |setup| {
        let code = form(&[("code", &app_code(&world, setup))]);
        account::second_step(&world.app, &first, &code, "192.0.2.7", [5; 32]).await
    };
    assert!(matches!(enter(&old).await, Err(SignInError::Refused)));
    enter(&setup).await.unwrap();
}

#[tokio::test]
async fn who_has_lost_all_factors_gets_them_reset_and_is_signed_out() {
    let world = world().await;
    with_app(&world).await;
    let reset = async |id| account::reset_two_factor(&world.app, None, id).await.unwrap();
    assert_eq!(reset(user_id(9)).await, None);
    assert_eq!(reset(user_id(1)).await, Some(true));
    assert_eq!(reset(user_id(1)).await, Some(false));
    assert!(session(&world, 2).await.is_none());
    let signed_in = sign_in(&world, "ann@example.org", PASSWORD, 3).await.unwrap();
    assert_eq!(signed_in.session.stage, SessionStage::SignedIn);
    assert!(acts(&world, user_id(1)).await.contains(&"reset_second_factor".to_owned()));
}
