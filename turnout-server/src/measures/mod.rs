//! What this process counts and measures, as text for Prometheus.

pub mod jobs;
pub mod matches;
pub mod messages;

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Whoever measures by the `metrics` facade is heard from the first call on; there is one recorder in a process.
///
/// Nothing is heard where the program around us has a recorder of its own.
///
/// # Panics
/// Never: the bounds of the buckets are given.
pub fn handle() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let seconds = Matcher::Full(jobs::SECONDS.to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &jobs::BOUNDS);
        let recorder = builder.expect("there are bounds").build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("metrics go to the recorder of the program around us");
        }
        handle
    })
}
