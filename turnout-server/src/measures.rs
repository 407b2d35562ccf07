//! What this process counts and measures, as text for Prometheus.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Whoever measures by the `metrics` facade is heard from the first call on; there is one recorder in a process.
///
/// Nothing is heard where the program around us has a recorder of its own.
pub fn handle() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("metrics go to the recorder of the program around us");
        }
        handle
    })
}
