//! What this process counts and measures, as text for Prometheus and as packets for statsd.

#[cfg(feature = "statsd")]
mod both;
pub mod jobs;
pub mod matches;
pub mod messages;
#[cfg(feature = "embedded")]
pub(crate) mod pools;
mod process;
pub mod requests;
#[cfg(feature = "statsd")]
pub mod statsd;

use std::sync::OnceLock;

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::config::Deployment;

static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Who is told beside Prometheus: whatever a build has for that.
#[cfg(feature = "statsd")]
pub type Beside = statsd::Statsd;
/// Who is told beside Prometheus: nobody in this build.
#[cfg(not(feature = "statsd"))]
pub type Beside = std::convert::Infallible;

/// Whoever measures by the `metrics` facade is heard from the first call on; there is one recorder in a process.
///
/// Nothing is heard where the program around us has a recorder of its own.
pub fn handle() -> &'static PrometheusHandle {
    begin(&[], None)
}

/// The same, with tags that every measure carries, and somebody else who is told. The first call decides.
///
/// # Panics
/// Never: the bounds of the buckets are given.
pub fn begin(tags: &[(&'static str, String)], beside: Option<Beside>) -> &'static PrometheusHandle {
    HANDLE.get_or_init(|| {
        process::begun();
        let full = |name: &str| Matcher::Full(name.to_owned());
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(full(jobs::SECONDS), &jobs::BOUNDS)
            .and_then(|it| it.set_buckets_for_metric(full(requests::SECONDS), &requests::BOUNDS));
        let mut builder = builder.expect("there are bounds");
        for (name, value) in tags.iter().filter(|(_, value)| !value.is_empty()) {
            builder = builder.add_global_label(*name, value);
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        let is_heard = match beside {
            #[cfg(feature = "statsd")]
            Some(beside) => metrics::set_global_recorder(both::Both(recorder, beside)).is_ok(),
            #[cfg(not(feature = "statsd"))]
            Some(never) => match never {},
            None => metrics::set_global_recorder(recorder).is_ok(),
        };
        if !is_heard {
            tracing::warn!("metrics go to the recorder of the program around us");
        }
        describe();
        handle
    })
}

/// The text for Prometheus, as of now.
#[must_use]
pub fn text() -> String {
    let handle = handle();
    process::look();
    handle.run_upkeep();
    handle.render()
}

/// Which deployment counts, under the names that the Django service gives its tags (`flows.md` 26).
#[must_use]
pub fn tags(deployment: &Deployment) -> Vec<(&'static str, String)> {
    vec![
        ("env", deployment.environment.clone()),
        ("spinnaker_detail", deployment.detail.clone()),
        ("spinnaker_servergroup", deployment.server_group.clone()),
        ("spinnaker_stack", deployment.stack.clone()),
        ("image_tag", deployment.tag.clone()),
        ("build", deployment.build.clone()),
    ]
}

fn describe() {
    describe_counter!("turnout_http_requests_total", "answers, by route, method and status");
    describe_histogram!(requests::SECONDS, "how long answers took");
    describe_counter!("turnout_jobs_total", "runs of jobs by this process");
    describe_histogram!(jobs::SECONDS, "how long runs of jobs took");
    describe_gauge!("turnout_jobs", "jobs that are not done, by state; the same in every process");
    describe_gauge!("turnout_jobs_due", "jobs that are due in a lane; the same in every process");
    describe_gauge!("turnout_jobs_oldest_due_seconds", "for how long the oldest of them has been due");
    describe_gauge!("turnout_database_connections", "connections to the database, by pool and state");
    describe_gauge!("turnout_database_connections_max", "how many connections a pool may have");
    describe_counter!("turnout_messages_total", "messages that were handed over, by what came of it");
    describe_counter!("turnout_message_decisions_total", "what was decided about messages");
    describe_counter!(messages::UNKNOWN_SUBSCRIBER, "calls that named a subscriber that is not there");
    describe_counter!(messages::REGISTERED, "voters that the roll has as registered");
    describe_counter!(messages::UNREGISTERED, "voters that the roll does not have as registered");
    describe_counter!("turnout_region_matches_total", "addresses that were matched, by what came of it");
    describe_counter!("turnout_geocode_failures_total", "geocoders that could not be asked");
    describe_counter!(matches::FAILED_GEOCODE, "addresses that no geocoder located");
    describe_counter!(matches::NO_REGION, "addresses without an election office");
    describe_counter!(matches::SEVERAL_REGIONS, "addresses with several election offices");
    describe_counter!("turnout_telemetry_dropped_total", "traces and alarms that were not handed over");
    describe_gauge!("turnout_redis_up", "whether Redis answers");
    describe_counter!("turnout_redis_missed_total", "what a process did by itself as Redis was away");
    describe_gauge!("turnout_up_seconds", "for how long the process has run");
    describe_gauge!("process_resident_memory_bytes", "memory of the process that is in use");
    describe_gauge!("process_resident_memory_max_bytes", "the most that it was");
    describe_gauge!("process_virtual_memory_bytes", "addresses that the process has");
    describe_gauge!("process_threads", "threads of the process");
    describe_gauge!("process_open_fds", "files and connections that the process has open");
}
