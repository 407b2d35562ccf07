//! The language in which a voter is written to: chosen once, kept with the record, followed by mails and texts.

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    absentee,
    error::ProviderError,
    ids::ActionId,
    language::Language,
    memory::World,
    person::Phone,
    ports::{
        store::Store,
        voter_roll::{RollAnswer, RollQuestion, VoterRoll},
    },
    register::partner,
    reminder,
    settings::Settings,
    sms::{self, Incoming},
    subscriber::Subscriber,
    verifier,
};

use crate::voter::{
    COMPLETE, INCOMPLETE, complete, input, jobs, minimum, rows, run_due, seeded_with, submit, with,
};

/// A voter roll that knows nobody.
struct Nobody;

#[async_trait]
impl VoterRoll for Nobody {
    async fn find(&self, _: &RollQuestion) -> Result<RollAnswer, ProviderError> {
        Ok(RollAnswer { voters: Vec::new(), response: None })
    }
}

/// A world whose only subscriber has voters who speak this language, unless they say otherwise.
async fn world(of_subscriber: Option<&str>) -> World {
    let mut settings = Settings::default();
    settings.sms.welcomes = true;
    settings.origins.www = "https://www.example.org".into();
    let world = seeded_with(|app| app.with_settings(settings).with_voter_roll(Nobody)).await;
    let subscriber = subscriber(&world).await;
    let language = of_subscriber.and_then(Language::parse);
    rows(&world, async |unit| {
        let subscriber = Subscriber { language, ..subscriber };
        unit.subscribers_mut().update(&subscriber).await.unwrap();
    })
    .await;
    world
}

async fn subscriber(world: &World) -> Subscriber {
    world.store.view().await.unwrap().subscribers().default().await.unwrap().unwrap()
}

/// The language that each tool keeps of a call with this one.
async fn kept(world: &World, given: &Value) -> Vec<Option<String>> {
    let said = |body: Value| match given {
        Value::Null => body,
        given => with(body, json!({"language": given})),
    };
    let mut languages = Vec::new();
    languages.push(submit(world, said(minimum()), &INCOMPLETE).await.registration.language);
    languages.push(submit(world, said(complete()), &COMPLETE).await.registration.language);
    let request = absentee::submit(&world.app, &input(said(minimum())), &INCOMPLETE).await;
    languages.push(request.unwrap_or_else(|error| panic!("{error:?}")).request.language);
    let lookup = verifier::verify(&world.app, &input(said(minimum())), None).await.unwrap();
    languages.push(lookup.voter.language);
    let reminder = reminder::submit(&world.app, &input(said(minimum())), None).await.unwrap();
    languages.push(reminder.voter.language);

    // so that its job is the last one
    world.clock.advance(TimeDelta::seconds(1));
    let begins = with(minimum(), json!({"sms_opt_in": true}));
    let of = subscriber(world).await;
    partner::begin(&world.app, &of, &input(said(begins))).await.unwrap();
    let mut checks = jobs(world).await.into_iter().filter(|job| job.kind == "action.check_unfinished");
    let newest = checks.next_back().unwrap();
    let action = ActionId::parse(newest.payload["action"].as_str().unwrap()).unwrap();
    let begun = world.store.view().await.unwrap().registrations().by_action(action).await.unwrap().unwrap();
    languages.push(begun.language);
    languages.into_iter().map(|it| it.map(|it| it.to_string())).collect()
}

#[tokio::test]
async fn the_language_is_that_of_the_call_else_that_of_the_subscriber_else_english() {
    for (of_subscriber, given, expected) in [
        (None, json!("es"), Some("es")),
        (None, json!("es-MX"), Some("es-MX")),
        (Some("es"), json!("en"), Some("en")),
        (Some("es"), Value::Null, Some("es")),
        (Some("es"), json!("no language at all"), Some("es")),
        (None, json!("vi"), Some("vi")),
        (None, json!(7), None),
        (None, json!(["es"]), None),
        (None, json!("1"), None),
        (None, json!(""), None),
        (None, Value::Null, None),
    ] {
        let world = world(of_subscriber).await;
        for language in kept(&world, &given).await {
            assert_eq!(language.as_deref(), expected, "{of_subscriber:?} {given}");
        }
    }
}

#[tokio::test]
async fn what_was_chosen_stays_when_the_subscriber_changes_its_mind() {
    let world = world(Some("es")).await;
    let id = submit(&world, minimum(), &INCOMPLETE).await.registration.id;
    let subscriber = subscriber(&world).await;
    rows(&world, async |unit| {
        let subscriber = Subscriber { language: None, ..subscriber };
        unit.subscribers_mut().update(&subscriber).await.unwrap();
    })
    .await;
    let rest = json!({"us_citizen": true, "is_18_or_over": true, "state_id_number": "X1"});
    crate::voter::patch(&world, id, rest, &COMPLETE).await;
    run_due(&world).await;
    let mail = world.outbox.take().remove(0);
    assert_eq!(mail.language, "es");
    assert!(mail.subject.starts_with("ACCIÓN NECESARIA"), "{}", mail.subject);
}

#[tokio::test]
async fn mails_texts_and_answers_follow_it_and_a_language_that_we_do_not_speak_gets_english() {
    for (language, subject, hello, help) in [
        ("es-PR", "ACCIÓN NECESARIA", "Gracias por usar nuestra herramienta", "Información para votantes"),
        ("vi", "ACTION REQUIRED", "Thank you for using our tool", "Voter information by text"),
    ] {
        let world = world(None).await;
        let said = json!({"language": language, "phone": "617-555-7890", "sms_opt_in": true});
        submit(&world, with(complete(), said), &COMPLETE).await;
        run_due(&world).await;
        assert!(world.outbox.take()[0].subject.starts_with(subject), "{language}");
        world.clock.advance(TimeDelta::seconds(600));
        run_due(&world).await;
        run_due(&world).await;
        let texts = world.texts.take();
        assert!(texts.len() == 1 && texts[0].text.contains(hello), "{language}: {}", texts[0].text);

        let phone = Phone::parse("617-555-7890").unwrap();
        let number = world.store.view().await.unwrap().messages().number(&phone).await.unwrap().unwrap();
        assert_eq!(number.language.map(|it| it.to_string()).as_deref(), Some(language));
        let incoming = Incoming {
            from: phone.to_string(),
            text: Some("help".into()),
            carrier_id: Some("SM1".into()),
            at: None,
        };
        let answer = sms::receive(&world.app, incoming).await.unwrap().unwrap();
        assert!(answer.text.starts_with(help), "{language}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_number_of_which_no_language_is_known_is_answered_in_english() {
    let world = world(Some("es")).await;
    let incoming =
        Incoming { from: "+16175557890".into(), text: Some("help".into()), carrier_id: None, at: None };
    let answer = sms::receive(&world.app, incoming).await.unwrap().unwrap();
    assert!(answer.text.starts_with("Voter information"), "{}", answer.text);
}
