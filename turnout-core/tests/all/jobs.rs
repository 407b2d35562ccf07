//! Jobs run, fail, are tried again and given up; cadences enqueue theirs.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use turnout_core::{
    action::EventType,
    error::ProviderErrorKind,
    ids::{FileId, JobId, RegistrationId},
    jobs::{JobState, schedule, step},
    ports::{clock::Clock, store::Store, wake::Wake},
    register::{Status, jobs::Notify},
    settings::Settings,
    switch::{SwitchName, SwitchValue, set},
};

use crate::voter::{
    COMPLETE, complete, events, jobs, kinds, patch, rows, run_due, seeded, seeded_with, stored, submit, with,
};

#[tokio::test]
async fn a_mail_that_cannot_be_handed_over_is_tried_again_and_sent_once() {
    let world = seeded().await;
    let registration = submit(&world, complete(), &COMPLETE).await.registration;
    world.outbox.fail_next(2);
    run_due(&world).await;
    assert_eq!(stored(&world, registration.id).await.status, Status::Pending);
    assert_eq!(events(&world, registration.action).await, [], "nothing is finished before it was sent");
    let job = jobs(&world).await.into_iter().find(|job| job.kind == "register.notify").unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Waiting, 1));
    assert_eq!(job.last_error.as_deref(), Some("outbox: cannot be reached"));
    let wait = job.due_at - world.clock.now();
    assert!((TimeDelta::seconds(30)..=TimeDelta::minutes(1)).contains(&wait), "{wait}");

    let mut ids = Vec::new();
    for _ in 0..3 {
        world.clock.advance(TimeDelta::minutes(2));
        run_due(&world).await;
        ids.extend(world.outbox.take().into_iter().map(|mail| mail.message_id));
    }
    assert_eq!(ids, [format!("{}@voteamerica.com", job.id.0.simple())]);
    assert_eq!(stored(&world, registration.id).await.status, Status::SentPdf);
    assert_eq!(events(&world, registration.action).await, [EventType::FinishPrint]);
}

#[tokio::test]
async fn a_mail_that_was_rejected_is_given_up_and_kept_with_its_reason() {
    let world = seeded().await;
    submit(&world, complete(), &COMPLETE).await;
    world.outbox.fail_next_with(1, ProviderErrorKind::Rejected);
    run_due(&world).await;
    let job = jobs(&world).await.into_iter().find(|job| job.kind == "register.notify").unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Dead, 1));
    assert_eq!(job.last_error.as_deref(), Some("outbox: rejected the request"));
    assert_eq!(job.finished_at, Some(world.clock.now()));
}

#[tokio::test]
async fn after_the_last_attempt_a_job_is_given_up() {
    let mut settings = Settings::default();
    settings.jobs.attempts = 3;
    let world = seeded_with(|app| app.with_settings(settings)).await;
    submit(&world, complete(), &COMPLETE).await;
    world.outbox.fail_next(u32::MAX);
    for _ in 0..5 {
        run_due(&world).await;
        world.clock.advance(TimeDelta::minutes(5));
    }
    let job = jobs(&world).await.into_iter().find(|job| job.kind == "register.notify").unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Dead, 3));
}

#[tokio::test]
async fn a_job_that_nobody_can_read_or_whose_record_is_gone_is_given_up_and_one_of_a_newer_version_waits() {
    let world = seeded().await;
    let unknown = RegistrationId(uuid::Uuid::from_u128(9));
    let mut bad = world.app.job("register.notify", &json!({"registration": 7}));
    bad.id = JobId(uuid::Uuid::from_u128(1));
    let mut nobody = world.app.job("no.such", &json!({}));
    nobody.id = JobId(uuid::Uuid::from_u128(2));
    let mut gone = Notify { registration: unknown }.job(&world.app);
    gone.id = JobId(uuid::Uuid::from_u128(3));
    rows(&world, async |unit| {
        for job in [&bad, &nobody, &gone] {
            assert!(unit.jobs_mut().enqueue(job).await.unwrap());
        }
    })
    .await;
    assert_eq!(run_due(&world).await, 3);
    let mut dead = jobs(&world).await;
    dead.sort_by_key(|job| job.id);
    let reasons: Vec<_> = dead.iter().map(|job| (job.state, job.last_error.as_deref().unwrap())).collect();
    assert_eq!(
        reasons,
        [
            (JobState::Dead, "the payload cannot be read"),
            (JobState::Waiting, "no job is called no.such"),
            (JobState::Dead, "the registration is gone"),
        ]
    );
    // a file that is gone is no reason to complain
    let link = turnout_core::file::jobs::SendLink { file: FileId(uuid::Uuid::from_u128(9)) };
    rows(&world, async |unit| {
        unit.jobs_mut().enqueue(&link.job(&world.app)).await.unwrap();
    })
    .await;
    assert_eq!((run_due(&world).await, jobs(&world).await.len()), (1, 3));
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_does_not_settle_the_job_of_the_next() {
    let world = seeded().await;
    submit(&world, complete(), &COMPLETE).await;
    let slow = step::claim(&world.app, 16).await.unwrap();
    assert_eq!(slow.len(), 2);
    assert!(step::claim(&world.app, 16).await.unwrap().is_empty(), "they are taken");
    world.clock.advance(TimeDelta::minutes(5));
    let next = step::claim(&world.app, 16).await.unwrap();
    assert_eq!(next.iter().map(|job| job.attempt).collect::<Vec<_>>(), [2, 2]);
    for job in &slow {
        step::run(&world.app, job).await.unwrap();
    }
    let running = jobs(&world).await.into_iter().filter(|job| job.state == JobState::Running).count();
    assert_eq!(running, 2, "the old claim settles nothing");
    for job in &next {
        step::run(&world.app, job).await.unwrap();
    }
    assert_eq!(world.outbox.tags(), ["register.form"], "the second run found the form sent already");
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_jobs_back_untouched() {
    let world = seeded().await;
    submit(&world, complete(), &COMPLETE).await;
    let before = jobs(&world).await;
    let claimed = step::claim(&world.app, 16).await.unwrap();
    step::release(&world.app, &claimed).await.unwrap();
    assert_eq!(jobs(&world).await, before);
    assert_eq!(run_due(&world).await, 2);
}

#[tokio::test]
async fn a_look_for_jobs_costs_no_writer_when_nothing_is_due() {
    let world = seeded().await;
    submit(&world, complete(), &COMPLETE).await;
    run_due(&world).await;
    let before = world.store.units_begun();
    assert!(step::claim(&world.app, 16).await.unwrap().is_empty());
    assert_eq!(world.store.units_begun(), before);
    let next = step::next_due(&world.app).await.unwrap().unwrap();
    assert_eq!(next - world.clock.now(), TimeDelta::seconds(900));
}

#[tokio::test]
async fn workers_are_woken_when_a_job_is_due_and_only_then() {
    let world = seeded().await;
    let first = with(complete(), json!({"us_citizen": true}));
    let rung = world.wake.rung();
    submit(&world, first.clone(), &crate::voter::INCOMPLETE).await;
    assert_eq!(world.wake.rung(), rung, "the look for unfinished actions can wait");
    let id = submit(&world, first, &COMPLETE).await.registration.id;
    assert_eq!(world.wake.rung(), rung + 1);
    world.wake.wait().await;
    patch(&world, id, complete(), &COMPLETE).await;
    assert_eq!(world.wake.rung(), rung + 1, "nothing changed, so nobody is written to");
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_cadence_enqueues_once_however_many_schedulers_ask() {
    let world = seeded().await;
    let since = at("2026-09-01T00:40:00Z");
    world.clock.set(at("2026-09-01T00:44:59Z"));
    assert_eq!(schedule::run(&world.app, since).await.unwrap(), 2);
    assert_eq!(kinds(&world).await, ["search.pack", "webhook.sweep"]);
    world.clock.set(at("2026-09-01T00:45:00Z"));
    assert_eq!(schedule::run(&world.app, since).await.unwrap(), 4);
    assert_eq!(schedule::run(&world.app, since).await.unwrap(), 0, "another scheduler was first");
    let second = ["file.purge", "report.count", "search.pack", "webhook.sweep"];
    assert_eq!(kinds(&world).await, [&["search.pack", "webhook.sweep"], &second[..]].concat());
    assert_eq!(run_due(&world).await, 6);
    world.clock.set(at("2026-09-01T01:20:00Z"));
    assert_eq!(schedule::run(&world.app, since).await.unwrap(), 7);
    let hourly = [
        "election.call_webhooks",
        "jobs.purge_finished",
        "report.count",
        "search.pack",
        "voter.check_new",
        "voter.recheck",
        "webhook.sweep",
    ];
    assert_eq!(kinds(&world).await, hourly);
    assert_eq!(run_due(&world).await, 7);
    // after a pause each runs once, for its last moment
    world.clock.set(at("2026-09-03T12:50:00Z"));
    assert_eq!(schedule::run(&world.app, since).await.unwrap(), 11);
    let daily = ["account.forget_sessions", "file.purge", "retention.expire", "search.complete"];
    let mut all = [&daily[..], &hourly[..]].concat();
    all.sort_unstable();
    assert_eq!(kinds(&world).await, all);
}

#[tokio::test]
async fn a_cadence_goes_on_after_one_of_its_jobs_was_given_up() {
    let mut settings = Settings::default();
    settings.file.purge_days = Some(1);
    settings.jobs.attempts = 1;
    let world = seeded_with(|app| app.with_settings(settings)).await;
    submit(&world, complete(), &COMPLETE).await;
    run_due(&world).await;
    world.clock.set(at("2026-09-04T00:45:00Z"));
    run_due(&world).await;
    world.files.fail_next(1);
    schedule::run(&world.app, at("2026-09-04T00:40:00Z")).await.unwrap();
    run_due(&world).await;
    assert_eq!(jobs(&world).await[0].state, JobState::Dead);
    world.clock.set(at("2026-09-04T12:45:00Z"));
    schedule::run(&world.app, at("2026-09-04T12:40:00Z")).await.unwrap();
    run_due(&world).await;
    assert!(world.files.keys().is_empty());
}

#[tokio::test]
async fn jobs_that_were_done_long_ago_are_deleted_and_dead_ones_are_kept() {
    let world = seeded().await;
    submit(&world, complete(), &COMPLETE).await;
    world.outbox.fail_next_with(1, ProviderErrorKind::Rejected);
    let all: Vec<JobId> = jobs(&world).await.into_iter().map(|job| job.id).collect();
    world.clock.advance(TimeDelta::days(1));
    run_due(&world).await;
    world.clock.advance(TimeDelta::days(7));
    let left = async || {
        let mut view = world.store.view().await.unwrap();
        let mut left = 0;
        for id in &all {
            left += usize::from(view.jobs().by_id(*id).await.unwrap().is_some());
        }
        left
    };
    let purge = async || {
        let job = schedule::PurgeFinished {}.job(&world.app);
        rows(&world, async |unit| {
            unit.jobs_mut().enqueue(&job).await.unwrap();
        })
        .await;
        run_due(&world).await;
    };
    purge().await;
    assert_eq!(left().await, 5, "seven days are not over seven days");
    world.clock.advance(TimeDelta::seconds(1));
    purge().await;
    assert_eq!(left().await, 1, "the mail that was rejected");
}

#[tokio::test]
async fn who_is_not_to_be_reminded_is_not() {
    for (switch, tags) in
        [("drip", vec!["register.form"]), ("drip.register_download_reminder", vec!["register.form"])]
    {
        let world = seeded().await;
        let name = SwitchName::parse(switch).unwrap();
        set(&world.app, name, Some(&SwitchValue::Flag(false))).await.unwrap();
        submit(&world, complete(), &COMPLETE).await;
        run_due(&world).await;
        world.clock.advance(TimeDelta::days(2));
        run_due(&world).await;
        assert_eq!(world.outbox.tags(), tags, "{switch}");
        assert!(
            jobs(&world).await.iter().all(|job| job.kind != "register.remind"),
            "it is done all the same"
        );
    }
}

#[tokio::test]
async fn who_registered_online_is_not_written_to_when_that_is_off() {
    let world = seeded().await;
    let name = SwitchName::parse("drip.register_external").unwrap();
    set(&world.app, name, Some(&SwitchValue::Flag(false))).await.unwrap();
    let body = with(crate::voter::minimum(), json!({"initial_events": ["FinishExternal"]}));
    submit(&world, body, &crate::voter::INCOMPLETE).await;
    world.clock.advance(TimeDelta::hours(1));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), [""; 0]);
}
