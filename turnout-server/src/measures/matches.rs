//! What comes of matching addresses, as counters and in the log; nothing of the addresses.

use turnout_core::ports::geocoder::{GeocodeError, GeocodeErrorKind};
use turnout_geo::{MatchEvent, geocode::Resting, region::Outcome};

/// Addresses that were matched, by what came of it and by who located them.
const MATCHES: &str = "turnout_region_matches_total";
/// Geocoders that could not be asked, by name and reason.
const FAILURES: &str = "turnout_geocode_failures_total";

/// Addresses that no geocoder located (`address-matching.md` 9).
pub(super) const FAILED_GEOCODE: &str = "turnout.official.address.failed_geocode";
/// Addresses without an election office.
pub(super) const NO_REGION: &str = "turnout.official.address.no_region_match";
/// Addresses with several.
pub(super) const SEVERAL_REGIONS: &str = "turnout.official.address.multiple_region_matches";

/// Counts what happened, and logs what somebody has to see to.
pub fn observe(event: &MatchEvent<'_>) {
    match event {
        MatchEvent::Failed(error) => failed(error),
        MatchEvent::Matched { source, outcome, .. } => {
            if source.is_none() {
                metrics::counter!(FAILED_GEOCODE).increment(1);
            }
            let outcome = match outcome {
                Outcome::One(_) => "one",
                Outcome::Ambiguous(_) => {
                    metrics::counter!(SEVERAL_REGIONS).increment(1);
                    "ambiguous"
                }
                Outcome::Nearby(_) => {
                    metrics::counter!(SEVERAL_REGIONS).increment(1);
                    "nearby"
                }
                Outcome::None(_) => {
                    metrics::counter!(NO_REGION).increment(1);
                    "none"
                }
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
