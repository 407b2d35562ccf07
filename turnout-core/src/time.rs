//! Polite hours and other arithmetic with moments. Pure in `now`.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The first hour at which it is polite to write to a voter, local time.
const OPENS: u32 = 9;
/// The hour at which it stops being polite, local time.
const CLOSES: u32 = 20;

/// The next moment that is polite in **every** one of `zones`: between 9:00 and 20:00 there.
///
/// A state with several time zones is polite only where their windows overlap; without any zone the answer is `now`.
#[must_use]
pub fn next_polite(now: DateTime<Utc>, zones: &[Tz]) -> DateTime<Utc> {
    let Some(first) = zones.first() else { return now };
    let today = now.with_timezone(first).date_naive();
    (0..3)
        .filter_map(|day| today.checked_add_days(Days::new(day)))
        .filter_map(|day| polite_window(day, zones))
        .find(|(_, closes)| now < *closes)
        .map_or(now, |(opens, _)| opens.max(now))
}

/// The first polite moment of the calendar day after `now`, where the day is that of the first zone.
#[must_use]
pub fn polite_tomorrow(now: DateTime<Utc>, zones: &[Tz]) -> DateTime<Utc> {
    polite_in_days(now, 1, zones)
}

/// The first polite moment of the calendar day that is so many days after `now`, where the day is that of the first zone.
#[must_use]
pub fn polite_in_days(now: DateTime<Utc>, days: u64, zones: &[Tz]) -> DateTime<Utc> {
    let then = now.checked_add_days(Days::new(days)).unwrap_or(now);
    let Some(first) = zones.first() else { return then };
    let today = now.with_timezone(first).date_naive();
    today
        .checked_add_days(Days::new(days))
        .and_then(|day| polite_window(day, zones))
        .map_or(then, |(opens, _)| opens)
}

/// From when to when `day` is polite in all zones; nothing where the zones' windows do not overlap.
fn polite_window(day: NaiveDate, zones: &[Tz]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let opens = zones.iter().map(|zone| first_valid(*zone, day, OPENS)).max()?;
    let closes = zones.iter().map(|zone| first_valid(*zone, day, CLOSES)).min()?;
    (opens < closes).then_some((opens, closes))
}

/// The hour of that day in that zone; where a clock change skips it, the first moment after the gap.
fn first_valid(zone: Tz, day: NaiveDate, hour: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour below 24 is a time");
    let mut local = day.and_time(time);
    loop {
        if let Some(moment) = zone.from_local_datetime(&local).earliest() {
            return moment.with_timezone(&Utc);
        }
        local += TimeDelta::minutes(15);
    }
}

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
    fn nobody_is_written_to_at_night() {
        let chicago = [Tz::America__Chicago];
        for (now, polite) in [
            ("2026-01-05T18:00:00Z", "2026-01-05T18:00:00Z"), // noon
            ("2026-01-05T09:00:00Z", "2026-01-05T15:00:00Z"), // 3:00
            ("2026-01-06T03:00:00Z", "2026-01-06T15:00:00Z"), // 21:00
            ("2026-03-08T09:00:00Z", "2026-03-08T14:00:00Z"), // the night the clocks go forward
        ] {
            assert_eq!(next_polite(at(now), &chicago), at(polite), "{now}");
        }
    }

    #[test]
    fn a_state_with_two_zones_is_polite_where_both_are() {
        let tennessee = [Tz::America__Chicago, Tz::America__New_York];
        // 9:00 in Nashville, 10:00 in Knoxville
        assert_eq!(next_polite(at("2026-01-05T14:30:00Z"), &tennessee), at("2026-01-05T15:00:00Z"));
        // 19:30 in Nashville, 20:30 in Knoxville: tomorrow
        assert_eq!(next_polite(at("2026-01-06T01:30:00Z"), &tennessee), at("2026-01-06T15:00:00Z"));
    }

    #[test]
    fn the_reminder_of_late_evening_comes_the_next_morning_there() {
        let pacific = [Tz::America__Los_Angeles];
        // 22:00 on January 5 in Los Angeles
        assert_eq!(polite_tomorrow(at("2026-01-06T06:00:00Z"), &pacific), at("2026-01-06T17:00:00Z"));
        // 8:00 on January 5
        assert_eq!(polite_tomorrow(at("2026-01-05T16:00:00Z"), &pacific), at("2026-01-06T17:00:00Z"));
    }

    #[test]
    fn two_weeks_later_is_the_same_hour_there_though_the_clocks_changed() {
        let pacific = [Tz::America__Los_Angeles];
        assert_eq!(polite_in_days(at("2026-03-01T20:00:00Z"), 14, &pacific), at("2026-03-15T16:00:00Z"));
        assert_eq!(polite_in_days(at("2026-03-01T20:00:00Z"), 14, &[]), at("2026-03-15T20:00:00Z"));
    }

    #[test]
    fn moments_are_printed_with_six_digits_or_none() {
        assert_eq!(wire(at("2020-10-01T12:00:00Z")), "2020-10-01T12:00:00Z");
        assert_eq!(wire(at("2020-10-01T12:00:00.25Z")), "2020-10-01T12:00:00.250000Z");
    }
}
