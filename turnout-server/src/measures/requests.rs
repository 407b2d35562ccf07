//! Requests, by route and what came of them.
//!
//! The labels are names from our code: the pattern of the route and not the path, a method that HTTP knows or `other`.

use std::time::Duration;

use http::{Method, StatusCode};
use metrics::{counter, histogram};

/// How long answers take.
pub(super) const SECONDS: &str = "turnout_http_request_seconds";
/// The bounds of its buckets, in seconds.
pub(super) const BOUNDS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The name of a method that a client may have made up.
#[must_use]
pub fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "other",
    }
}

/// Counts and times an answer. `route` is empty where the path is none.
pub fn answered(method: &'static str, route: &'static str, status: StatusCode, took: Duration) {
    let route = if route.is_empty() { "none" } else { route };
    counter!("turnout_http_requests_total", "method" => method, "route" => route, "status" => digits(status))
        .increment(1);
    histogram!(SECONDS, "method" => method, "route" => route).record(took);
}

/// The statuses that we answer, without a text to be made each time.
fn digits(status: StatusCode) -> metrics::SharedString {
    match status.as_u16() {
        200 => "200".into(),
        204 => "204".into(),
        302 => "302".into(),
        303 => "303".into(),
        400 => "400".into(),
        404 => "404".into(),
        _ => status.as_str().to_owned().into(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::measures::handle;

    #[test]
    fn answers_are_counted_by_pattern_and_a_method_that_was_made_up_has_no_name() {
        let handle = handle();
        assert_eq!(known(&Method::from_bytes(b"XFIRST").unwrap()), "other");
        answered("GET", "/v1/thing/{uuid}/", StatusCode::OK, Duration::from_millis(7));
        answered("other", "", StatusCode::IM_A_TEAPOT, Duration::ZERO);
        let shown = handle.render();
        for line in [
            "turnout_http_requests_total{method=\"GET\",route=\"/v1/thing/{uuid}/\",status=\"200\"} 1",
            "turnout_http_requests_total{method=\"other\",route=\"none\",status=\"418\"} 1",
            "turnout_http_request_seconds_bucket{method=\"GET\",route=\"/v1/thing/{uuid}/\",le=\"0.01\"} 1",
            "turnout_http_request_seconds_bucket{method=\"GET\",route=\"/v1/thing/{uuid}/\",le=\"0.005\"} 0",
        ] {
            assert!(shown.contains(line), "{shown}");
        }
    }
}
