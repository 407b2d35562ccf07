//! How moments are written. The polite hours are in the room `decision`.

use chrono::{DateTime, Utc};

/// A moment as the API prints it: UTC with `Z`, six digits of fraction or none (`http-api.md` 1.5).
#[must_use]
pub fn wire(moment: DateTime<Utc>) -> String {
    if moment.timestamp_subsec_micros() == 0 {
        moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        moment.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
    }

    #[test]
    fn moments_are_printed_with_six_digits_or_none() {
        assert_eq!(wire(at("2020-10-01T12:00:00Z")), "2020-10-01T12:00:00Z");
        assert_eq!(wire(at("2020-10-01T12:00:00.25Z")), "2020-10-01T12:00:00.250000Z");
    }
}
