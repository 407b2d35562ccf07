//! Texts after actions: who gets one, what it says, and that it comes once.

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    absentee,
    action::{EventType, track},
    address::State,
    election::StateInformation,
    ids::{ActionId, BallotRequestId},
    jobs::step,
    memory::World,
    person::Phone,
    ports::store::Store,
    register::Options,
    reminder,
    settings::Settings,
    sms::Number,
    switch::{self, SwitchName, SwitchValue},
};

use crate::voter::{
    COMPLETE, INCOMPLETE, allow_print_and_forward, complete, input, jobs, kinds, minimum, rows, run_due,
    seeded_with, stored, submit, with,
};

const PHONE: &str = "+16175557890";

fn agreed() -> Value {
    json!({"phone": "617-555-7890", "sms_opt_in": true})
}

/// A world in which who finished is greeted.
async fn world() -> World {
    let mut settings = Settings::default();
    settings.sms.welcomes = true;
    settings.letter.enabled = true;
    settings.origins.www = "https://www.example.org".into();
    seeded_with(|app| app.with_settings(settings)).await
}

async fn number(world: &World) -> Option<Number> {
    let phone = Phone::parse(PHONE).unwrap();
    world.store.view().await.unwrap().messages().number(&phone).await.unwrap()
}

/// A number that is known, as one that was greeted.
async fn known(world: &World) {
    let mut number = Number::new(&world.app, Phone::parse(PHONE).unwrap());
    number.welcomed_at = Some(world.app.now());
    rows(world, async |unit| {
        unit.messages_mut().lock_or_insert(&number).await.unwrap();
    })
    .await;
}

/// What was texted since, oldest first, after everything ran that is due.
async fn said(world: &World) -> Vec<String> {
    run_due(world).await;
    run_due(world).await;
    let texts = world.texts.take();
    assert!(texts.iter().all(|text| text.to.e164() == PHONE));
    texts.into_iter().map(|text| text.text).collect()
}

async fn later(world: &World, seconds: i64) -> Vec<String> {
    world.clock.advance(TimeDelta::seconds(seconds));
    said(world).await
}

async fn fact(world: &World, state: State, slug: &str, text: &str) {
    rows(world, async |unit| {
        let kind = unit.elections().field_type(slug).await.unwrap().unwrap();
        let facts = unit.elections().information_of_state(state).await.unwrap();
        let fact = facts.into_iter().find(|it| it.field_type == kind.id).unwrap();
        let fact = StateInformation { text: text.into(), ..fact };
        unit.elections_mut().update_information(&fact).await.unwrap();
    })
    .await;
}

async fn set(world: &World, name: &str, on: bool) {
    let name = SwitchName::parse(name).unwrap();
    switch::set(&world.app, name, Some(&SwitchValue::Flag(on))).await.unwrap();
}

async fn report_external(world: &World, action: Option<ActionId>, tool: &str) {
    let body = json!({"action": action.unwrap().to_string(), "event_type": "FinishExternal"});
    track(&world.app, &input(body), Some(tool)).await.unwrap();
}

async fn request_ballot(world: &World, more: Value) -> absentee::BallotRequest {
    let options = Options { incomplete: true, ..Options::default() };
    match absentee::submit(&world.app, &input(with(minimum(), more)), &options).await {
        Ok(submitted) => submitted.request,
        Err(error) => panic!("{error:?}"),
    }
}

async fn stored_request(world: &World, id: BallotRequestId) -> absentee::BallotRequest {
    world.store.view().await.unwrap().ballot_requests().by_id(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn who_agreed_is_greeted_ten_minutes_after_the_end_and_once() {
    let world = world().await;
    submit(&world, with(complete(), agreed()), &COMPLETE).await;
    assert_eq!(said(&world).await, [""; 0]);
    assert_eq!(later(&world, 599).await, [""; 0]);
    let [text] = later(&world, 1).await.try_into().unwrap();
    assert!(text.starts_with("Default via VoteAmerica: Thank you for using our tool to register"), "{text}");
    assert_eq!(number(&world).await.unwrap().welcomed_at, Some(world.app.now()));

    submit(&world, with(complete(), agreed()), &COMPLETE).await;
    assert_eq!(said(&world).await, [""; 0]);
    assert_eq!(later(&world, 600).await, [""; 0], "a number is greeted once");
}

#[tokio::test]
async fn a_number_is_greeted_again_only_after_the_pause_that_was_set() {
    let mut settings = Settings::default();
    settings.sms.welcomes = true;
    settings.sms.welcome_again_after = Some(TimeDelta::days(30));
    let world = seeded_with(|app| app.with_settings(settings)).await;
    for (days, texts) in [(0, 1), (29, 0), (1, 1)] {
        world.clock.advance(TimeDelta::days(days));
        run_due(&world).await;
        let _ = world.texts.take();
        let body = with(json!({"first_name": "Ada", "last_name": "N", "state": "MA"}), agreed());
        let body = with(minimum(), body);
        reminder::submit(&world.app, &input(body), None).await.unwrap();
        assert_eq!(said(&world).await.len() + later(&world, 600).await.len(), texts, "{days}");
    }
}

#[tokio::test]
async fn who_did_not_agree_or_left_no_number_gets_no_text_and_no_number_is_made() {
    for more in [
        json!({"phone": "617-555-7890"}),
        json!({"phone": "617-555-7890", "sms_opt_in": false, "sms_opt_in_subscriber": true}),
        json!({"sms_opt_in": true}),
    ] {
        let world = world().await;
        submit(&world, with(complete(), more.clone()), &COMPLETE).await;
        submit(&world, with(minimum(), more.clone()), &INCOMPLETE).await;
        assert_eq!(said(&world).await, [""; 0]);
        assert_eq!(later(&world, 3_600).await, [""; 0], "{more}");
        assert_eq!(number(&world).await, None);
        world.clock.advance(TimeDelta::days(2));
        assert_eq!(said(&world).await, [""; 0], "{more}");
        assert!(jobs(&world).await.iter().all(|job| job.last_error.is_none()));
    }
}

#[tokio::test]
async fn a_number_that_is_stopped_or_has_opted_in_is_not_greeted() {
    for opted_in in [true, false] {
        let world = world().await;
        let mut number = Number::new(&world.app, Phone::parse(PHONE).unwrap());
        match opted_in {
            true => number.opted_in_at = Some(world.app.now()),
            false => number.opted_out_at = Some(world.app.now()),
        }
        rows(&world, async |unit| {
            unit.messages_mut().lock_or_insert(&number).await.unwrap();
        })
        .await;
        submit(&world, with(complete(), agreed()), &COMPLETE).await;
        assert_eq!(said(&world).await, [""; 0]);
        assert_eq!(later(&world, 600).await, [""; 0], "{opted_in}");
        let texts = later(&world, 86_400).await;
        assert_eq!(texts.len(), usize::from(opted_in), "the reminder: {texts:?}");
    }
}

#[tokio::test]
async fn who_began_and_did_not_finish_is_greeted_and_told_where_to_go_on() {
    let world = world().await;
    let id = submit(&world, with(minimum(), agreed()), &INCOMPLETE).await.registration.id;
    assert_eq!(later(&world, 899).await, [""; 0]);
    let [hello, nag] = later(&world, 1).await.try_into().unwrap();
    assert!(hello.contains("Thank you for using our tool to register"), "{hello}");
    assert!(nag.ends_with("Go on here: https://sho.rt/1"), "{nag}");
    let resume = format!("{}?uuid={id}", world.app.settings.register.resume_url);
    assert_eq!(world.links.long(), [resume]);
    assert_eq!(later(&world, 86_400).await, [""; 0]);
}

#[tokio::test]
async fn nobody_is_told_to_go_on_who_finished_or_came_by_a_partner_or_while_that_is_off() {
    let world = world().await;
    set(&world, "drip.action_unfinished", false).await;
    submit(&world, with(minimum(), agreed()), &INCOMPLETE).await;
    assert_eq!(later(&world, 900).await, [""; 0], "switched off");
    set(&world, "drip.action_unfinished", true).await;

    let begun = submit(&world, with(minimum(), agreed()), &INCOMPLETE).await.registration;
    let event = world.app.event(begun.action.unwrap(), EventType::StartActionApi);
    rows(&world, async |unit| unit.actions_mut().record(&event).await.unwrap()).await;
    let texts = later(&world, 900).await;
    assert!(texts.len() == 1 && !texts[0].contains("Go on here"), "greeted, no more: {texts:?}");

    let begun = submit(&world, with(minimum(), agreed()), &INCOMPLETE).await.registration;
    let event = world.app.event(begun.action.unwrap(), EventType::FinishExternalApi);
    rows(&world, async |unit| unit.actions_mut().record(&event).await.unwrap()).await;
    assert_eq!(later(&world, 900).await, [""; 0], "finished");
}

#[tokio::test]
async fn a_ballot_request_goes_on_at_its_tool_which_knows_the_voter_unless_it_was_embedded() {
    let world = world().await;
    known(&world).await;
    request_ballot(&world, agreed()).await;
    let [nag] = later(&world, 900).await.try_into().unwrap();
    assert!(nag.contains("absentee ballot is not finished") && nag.ends_with("https://sho.rt/1"), "{nag}");
    let prefilled = world.links.long().remove(0);
    assert!(prefilled.starts_with("https://www.example.org/vote-by-mail/?first_name=Ada&"), "{prefilled}");

    request_ballot(&world, with(agreed(), json!({"embed_url": "https://springfield.test/vote"}))).await;
    assert_eq!(later(&world, 900).await.len(), 1);
    assert_eq!(world.links.long()[1], "https://www.example.org/vote-by-mail/");

    fact(&world, State::Ma, "vbm_universal", "True").await;
    request_ballot(&world, agreed()).await;
    assert_eq!(later(&world, 900).await, [""; 0], "every voter is sent a ballot");
}

#[tokio::test]
async fn what_is_known_of_a_voter_stands_in_no_text_when_no_link_is_made_short() {
    let world = world().await;
    known(&world).await;
    world.links.set_down(true);
    request_ballot(&world, agreed()).await;
    let [nag] = later(&world, 900).await.try_into().unwrap();
    assert!(nag.ends_with(" https://www.example.org/vote-by-mail/"), "{nag}");
}

#[tokio::test]
async fn a_form_that_was_not_downloaded_is_reminded_of_by_mail_and_text() {
    let world = world().await;
    submit(&world, with(complete(), agreed()), &COMPLETE).await;
    assert_eq!(said(&world).await, [""; 0]);
    assert_eq!(later(&world, 600).await.len(), 1);
    let _ = world.outbox.take();
    let [text] = later(&world, 86_400).await.try_into().unwrap();
    assert!(text.contains("not downloaded it yet. The link is in our mail to ada@example.org."), "{text}");
    assert_eq!(world.outbox.take().len(), 1);
}

#[tokio::test]
async fn a_number_that_nobody_greeted_gets_no_reminder() {
    let world = seeded_with(|app| app).await;
    submit(&world, with(complete(), agreed()), &COMPLETE).await;
    assert_eq!(later(&world, 600).await, [""; 0]);
    assert_eq!(later(&world, 86_400).await, [""; 0]);
}

/// Somebody who was asked by mail whether the registration form is to be mailed: the action.
async fn asked_about_registration(world: &World) -> ActionId {
    rows(world, async |unit| allow_print_and_forward(unit, State::Ma).await).await;
    let id = submit(world, with(minimum(), agreed()), &INCOMPLETE).await.registration.id;
    let address = json!({"request_mailing_address1": "1 Elm St", "request_mailing_city": "Boston",
        "request_mailing_state": "MA", "request_mailing_zipcode": "02139",
        "ignore_undeliverable": true, "us_citizen": true, "is_18_or_over": true, "state_id_number": "X1"});
    crate::voter::patch(world, id, address, &COMPLETE).await;
    assert_eq!(said(world).await, [""; 0]);
    assert!(kinds(world).await.contains(&"register.confirm_nag".to_owned()));
    stored(world, id).await.action.unwrap()
}

/// The same about a ballot request, which goes that way.
async fn asked_about_ballot_request(world: &World, way: absentee::SubmissionType) -> ActionId {
    let id = request_ballot(world, agreed()).await.id;
    let mut request = stored_request(world, id).await;
    (request.way, request.status) = (Some(way), turnout_core::register::Status::SentPdf);
    let due_at = world.app.now() + TimeDelta::seconds(300);
    let nag = world.app.job("absentee.confirm_nag", &json!({ "ballot_request": id })).at(due_at);
    rows(world, async |unit| {
        unit.ballot_requests_mut().update(&request).await.unwrap();
        unit.jobs_mut().enqueue(&nag).await.unwrap();
    })
    .await;
    request.action.unwrap()
}

#[tokio::test]
async fn who_was_asked_whether_a_form_is_to_be_mailed_is_texted_unless_that_is_settled_meanwhile() {
    use absentee::SubmissionType::{LeoEmail, PrintAndForward, SelfPrint};
    let settled = [
        EventType::FinishLobConfirm,
        EventType::Download,
        EventType::FinishExternal,
        EventType::FinishExternalConfirmed,
        EventType::FinishExternalApi,
    ];
    for event in [None].into_iter().chain(settled.map(Some)) {
        for way in [None, Some(PrintAndForward)] {
            let world = world().await;
            let action = match way {
                None => asked_about_registration(&world).await,
                Some(way) => asked_about_ballot_request(&world, way).await,
            };
            if let Some(event) = event {
                let event = world.app.event(action, event);
                rows(&world, async |unit| unit.actions_mut().record(&event).await.unwrap()).await;
            }
            let texts = later(&world, 300).await;
            assert!(texts[0].contains("Reply HELP for help"), "everybody is greeted: {texts:?}");
            let asked = texts.iter().filter(|it| it.contains("just sent to ada@example.org")).count();
            let expected = if event.is_none() { (1, 2) } else { (0, 1) };
            assert_eq!((asked, texts.len()), expected, "{event:?} {way:?}: {texts:?}");
        }
    }
    // it went to the office meanwhile, or is printed at home
    for way in [LeoEmail, SelfPrint] {
        let world = world().await;
        asked_about_ballot_request(&world, way).await;
        assert_eq!(later(&world, 300).await.len(), 1, "{way:?}");
    }
}

#[tokio::test]
async fn after_a_states_own_tool_the_text_says_what_is_next() {
    let world = world().await;
    known(&world).await;
    let registration = submit(&world, with(minimum(), agreed()), &INCOMPLETE).await.registration;
    report_external(&world, registration.action, "register").await;
    let [text] = later(&world, 300).await.try_into().unwrap();
    assert!(text.contains("Thank you for registering") && text.ends_with("https://sho.rt/1"), "{text}");

    let world = self::world().await;
    known(&world).await;
    for (tracker, ending) in [
        ("", "send it back at once."),
        ("https://track.example.org/", "it is: https://sho.rt/track-ballot-MA"),
    ] {
        fact(&world, State::Ma, "external_tool_absentee_ballot_tracker", tracker).await;
        let request = request_ballot(&world, agreed()).await;
        report_external(&world, stored_request(&world, request.id).await.action, "absentee").await;
        let [text] = later(&world, 300).await.try_into().unwrap();
        assert!(text.ends_with(ending), "{tracker}: {text}");
        later(&world, 900).await;
    }
}

#[tokio::test]
async fn a_job_that_runs_twice_says_it_once() {
    let world = world().await;
    known(&world).await;
    submit(&world, with(minimum(), agreed()), &INCOMPLETE).await;
    world.clock.advance(TimeDelta::seconds(900));
    let slow = step::claim(&world.app, 10).await.unwrap();
    world.clock.advance(TimeDelta::hours(1));
    let next = step::claim(&world.app, 10).await.unwrap();
    for job in slow.iter().chain(&next) {
        let _ = step::run(&world.app, job).await;
    }
    assert_eq!(said(&world).await.len(), 1);
}

#[tokio::test]
async fn no_text_and_no_number_stands_in_a_job() {
    let world = world().await;
    submit(&world, with(complete(), agreed()), &COMPLETE).await;
    submit(&world, with(minimum(), agreed()), &INCOMPLETE).await;
    for seconds in [0, 600, 300, 86_400] {
        world.clock.advance(TimeDelta::seconds(seconds));
        for job in jobs(&world).await {
            let payload = job.payload.to_string();
            assert!(!payload.contains("617") && !payload.contains("VoteAmerica"), "{}: {payload}", job.kind);
        }
        run_due(&world).await;
    }
}
