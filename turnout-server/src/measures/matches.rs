//! What comes of matching addresses, as counters and in the log; nothing of the addresses.

use turnout_core::ports::geocoder::{GeocodeError, GeocodeErrorKind};
use turnout_geo::{MatchEvent, geocode::Resting, region::Outcome};

/// Addresses that were matched, by what came of it and by who located them.
const MATCHES: &str = "turnout_region_matches_total";
/// Geocoders that could not be asked, by name and reason.
const FAILURES: &str = "turnout_geocode_failures_total";

/// Counts what happened, and logs what somebody has to see to.
pub fn observe(event: &MatchEvent<'_>) {
    match event {
        MatchEvent::Failed(error) => failed(error),
        MatchEvent::Matched { source, outcome, .. } => {
            let outcome = match outcome {
                Outcome::One(_) => "one",
                Outcome::Ambiguous(_) => "ambiguous",
                Outcome::Nearby(_) => "nearby",
                Outcome::None(_) => "none",
            };
            let source = source.unwrap_or("zip");
            metrics::counter!(MATCHES, "outcome" => outcome, "source" => source).increment(1);
        }
    }
}

fn failed(error: &GeocodeError) {
    let reason = match error.kind {
        // the voter's to see to
        GeocodeErrorKind::BadAddress => "bad_address",
        GeocodeErrorKind::Throttled(_) => "throttled",
        GeocodeErrorKind::Unreachable => "unreachable",
        GeocodeErrorKind::Refused => "refused",
        GeocodeErrorKind::Unintelligible => "unintelligible",
        GeocodeErrorKind::Disabled => "disabled",
        _ => "other",
    };
    metrics::counter!(FAILURES, "source" => error.provider, "reason" => reason).increment(1);
    // who rests was logged when it began to
    let rests = error.source.as_ref().is_some_and(|cause| cause.is::<Resting>());
    match error.kind {
        _ if rests => {}
        GeocodeErrorKind::BadAddress => {}
        GeocodeErrorKind::Refused => {
            tracing::error!(
                source = error.provider,
                "a geocoder refuses our key: see to it, or unset the key"
            );
        }
        kind => {
            tracing::warn!(source = error.provider, %kind, cause = error.source.as_deref(), "a geocoder failed")
        }
    }
}
