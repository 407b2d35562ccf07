//! A voter's identification number reaches the paper and nothing else (`domain.md` 7, invariant 3).

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tracing::{
    Event, Id, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
};
use turnout_core::{
    action::track,
    file::{open, renew_link},
    memory::World,
    ports::store::Store,
    register::{self, Scope, SubmitError},
};

use crate::voter::{
    COMPLETE, INCOMPLETE, NUMBER, complete, input, jobs, minimum, nothing, paper, patch, run_due, seeded,
    stored_file, submit, with,
};

/// Keeps every line that was logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut log = self.0.lock().unwrap();
        event.record(&mut Line(&mut log));
        log.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What a voter types who fills in everything; each value is found again wherever it goes.
fn everything() -> Value {
    with(
        complete(),
        json!({
            "first_name": "Zyxfirst", "last_name": "Zyxlast", "address1": "77 Zyxstreet", "city": "Zyxcity",
            "email": "zyxmail@example.org", "phone": "617-555-7890", "state_id_number_2": "9988-ZYX",
        }),
    )
}

/// Parts of [`everything`] that no log line and no job may hold.
const PERSONAL: [&str; 8] =
    [NUMBER, "9988-ZYX", "Zyxfirst", "Zyxlast", "Zyxstreet", "zyxmail", "6175557890", "555-7890"];

/// All that can happen to a registration, from first page to purge, with everything failing once.
async fn whole_life(world: &World) {
    let first = with(everything(), json!({"initial_events": ["FinishExternal"]}));
    let begun = submit(world, first, &INCOMPLETE).await.registration;
    let outcome = patch_fails(world, begun.id, with(everything(), json!({"zipcode": "x"}))).await;
    assert!(matches!(outcome, SubmitError::Problems(_)));
    world.forms.fail_next(1);
    assert!(matches!(patch_fails(world, begun.id, everything()).await, SubmitError::Form(_)));
    world.files.fail_next(1);
    assert!(matches!(patch_fails(world, begun.id, everything()).await, SubmitError::File(_)));
    let file = patch(world, begun.id, everything(), &COMPLETE).await.file.unwrap();
    world.outbox.fail_next(1);
    run_due(world).await;
    world.clock.advance(TimeDelta::minutes(10));
    run_due(world).await;
    patch(world, begun.id, with(everything(), json!({"city": "Zyxtown"})), &COMPLETE).await;
    submit(world, everything(), &COMPLETE).await;
    let _ = register::submit(&world.app, &input(with(everything(), json!({"state": "zz"}))), &COMPLETE).await;
    let event = json!({"action": begun.action.unwrap().to_string(), "event_type": "Donate"});
    track(&world.app, &input(event), Some("register")).await.unwrap();
    let token = world.app.file_tokens.issue(&stored_file(world, file.id).await).text().to_owned();
    open(&world.app, &file.id.to_string(), Some(&token), true).await.unwrap();
    renew_link(&world.app, &input(json!({"id": file.id.to_string()}))).await.unwrap();
    world.clock.advance(TimeDelta::days(2));
    run_due(world).await;
    patch(world, begun.id, nothing(), &INCOMPLETE).await;
}

async fn patch_fails(world: &World, id: turnout_core::ids::RegistrationId, body: Value) -> SubmitError {
    match register::update(&world.app, id, &input(body), &COMPLETE, Scope::Part).await {
        Err(error) => error,
        Ok(_) => panic!("it was taken"),
    }
}

#[tokio::test]
async fn the_number_is_on_the_paper_and_in_no_row_no_job_no_mail_and_no_log() {
    let log = Log::default();
    let world = seeded().await;
    let mut payloads = String::new();
    {
        let _here = tracing::subscriber::set_default(log.clone());
        whole_life(&world).await;
    }
    let mut view = world.store.view().await.unwrap();
    let mut forms = 0;
    for row in crate::voter::forms(&world).await {
        let file = view.files().by_id(row.id).await.unwrap().unwrap();
        let paper = paper(&world, &file).await;
        assert!(paper.contains(NUMBER));
        assert!(!paper.contains("9988-ZYX"), "the second number is for a state's registrar alone");
        forms += 1;
    }
    assert_eq!(forms, 2, "the paper is the one place where it is");

    let rows = world.store.dump();
    assert!(rows.contains("Zyxlast"), "the dump shows the rows");
    for number in [NUMBER, "9988-ZYX"] {
        assert!(!rows.contains(number), "a row holds a number");
    }
    let mails = world.outbox.mails();
    assert!(mails.iter().any(|mail| mail.text.contains("Zyxfirst")), "the mails are the voter's");
    for mail in &mails {
        for number in [NUMBER, "9988-ZYX"] {
            for part in [&mail.subject, &mail.html, &mail.text, &mail.message_id] {
                assert!(!part.contains(number), "a mail holds a number: {}", mail.tag);
            }
        }
    }
    let log = log.0.lock().unwrap().clone();
    assert!(log.contains("a job failed and is tried again"), "the log was listened to: {log}");
    for value in PERSONAL {
        assert!(!log.contains(value), "the log holds {value}");
    }
    for job in jobs(&world).await {
        let _ = writeln!(payloads, "{} {:?} {:?}", job.payload, job.last_error, job.kind);
    }
    for value in PERSONAL {
        assert!(!payloads.contains(value), "a job holds {value}");
    }
}

#[tokio::test]
async fn no_job_ever_holds_more_than_ids() {
    let world = seeded().await;
    submit(&world, everything(), &COMPLETE).await;
    submit(&world, with(minimum(), json!({"initial_events": ["FinishExternal"]})), &INCOMPLETE).await;
    let all = jobs(&world).await;
    assert!(all.len() >= 7, "{}", all.len());
    for job in all {
        for (name, value) in job.payload.as_object().unwrap() {
            let text = value.as_str().unwrap_or_default();
            assert!(uuid::Uuid::try_parse(text).is_ok(), "{} holds {name}", job.kind);
        }
    }
}

#[test]
fn what_goes_wrong_says_nothing_about_the_voter() {
    let (_, problems) = register::RegistrationDraft::check(
        &input(with(everything(), json!({"email": "zyxmail", "phone": "6175557890x"}))),
        Scope::Whole,
        false,
    );
    let error = SubmitError::Problems(problems);
    for value in PERSONAL {
        assert!(!error.to_string().contains(value), "{value}");
    }
}
