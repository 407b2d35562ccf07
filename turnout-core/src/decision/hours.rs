//! Clocks: when rules about hours let something pass, in every place where the recipient may be.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{Channel, Purpose, Recipient, Rule, StateLaw, Whereabouts};

/// How many days ahead an allowed hour is looked for: a Sunday and every holiday of a week are passed over.
const DAYS_AHEAD: u64 = 16;

/// The rules about hours that bind a message of that purpose.
fn rules(whereabouts: &Whereabouts, channel: Channel, purpose: Purpose) -> Vec<Rule> {
    let mut rules = Vec::new();
    if channel == Channel::Sms && !matches!(purpose, Purpose::Reply | Purpose::Code) {
        let strict = whereabouts.states.iter().filter(|state| StateLaw::of(**state).is_some());
        rules.extend(strict.map(|state| Rule::StateHours(*state)));
        rules.push(Rule::FederalHours);
    }
    if purpose.is_polite() {
        rules.push(Rule::Courtesy);
    }
    rules
}

/// The next moment, `from` included, at which a message of that purpose may go by the hour, wherever the recipient is;
/// nothing when there is none.
#[must_use]
pub fn next_allowed(
    whereabouts: &Whereabouts,
    channel: Channel,
    purpose: Purpose,
    from: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    next_open(&rules(whereabouts, channel, purpose), &whereabouts.zones, from)
}

/// The first such moment of the calendar day that is so many days after `now`, where the day is that of the first zone;
/// so many times 24 hours later when there is none.
#[must_use]
pub fn first_in_days(
    whereabouts: &Whereabouts,
    channel: Channel,
    purpose: Purpose,
    now: DateTime<Utc>,
    days: u64,
) -> DateTime<Utc> {
    let then = now.checked_add_days(Days::new(days)).unwrap_or(now);
    let midnight = whereabouts.zones.first().and_then(|zone| {
        let day = now.with_timezone(zone).date_naive().checked_add_days(Days::new(days))?;
        Some(first_valid(*zone, day, 0))
    });
    midnight.and_then(|midnight| next_allowed(whereabouts, channel, purpose, midnight)).unwrap_or(then)
}

pub(super) fn next(
    recipient: &Recipient,
    channel: Channel,
    purpose: Purpose,
    from: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    next_allowed(&recipient.whereabouts, channel, purpose, from)
}

/// Of the rules that let nothing pass at `now`, the one that does so the longest; of several the first, states before the
/// federation, and that before us.
pub(super) fn binding(recipient: &Recipient, channel: Channel, purpose: Purpose, now: DateTime<Utc>) -> Rule {
    let Whereabouts { zones, .. } = &recipient.whereabouts;
    let mut binding: Option<(DateTime<Utc>, Rule)> = None;
    for rule in rules(&recipient.whereabouts, channel, purpose) {
        let Some(opens) = next_open(&[rule], zones, now) else { return Rule::NoCommonHour };
        if opens > now && binding.is_none_or(|(longest, _)| opens > longest) {
            binding = Some((opens, rule));
        }
    }
    binding.map_or(Rule::NoCommonHour, |(_, rule)| rule)
}

/// Something opens only when some rule opens in some zone, so those moments are tried, the earliest first.
fn next_open(rules: &[Rule], zones: &[Tz], from: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if is_open(rules, zones, from) {
        return Some(from);
    }
    let mut openings = BTreeSet::new();
    for zone in zones {
        let today = from.with_timezone(zone).date_naive();
        for day in (0..DAYS_AHEAD).filter_map(|days| today.checked_add_days(Days::new(days))) {
            let opens = rules.iter().filter_map(|rule| rule.window(day)).map(|window| window.opens);
            openings.extend(opens.map(|hour| first_valid(*zone, day, hour)).filter(|opens| *opens > from));
        }
    }
    openings.into_iter().find(|opens| is_open(rules, zones, *opens))
}

fn is_open(rules: &[Rule], zones: &[Tz], at: DateTime<Utc>) -> bool {
    zones.iter().all(|zone| {
        let local = at.with_timezone(zone).naive_local();
        rules.iter().all(|rule| rule.window(local.date()).is_some_and(|window| window.contains(local.time())))
    })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        address::State,
        consent::{Choice, Mark, Scope},
        decision::{Decision, decide},
        election::StateFacts,
    };

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
    }

    /// When a reminder by mail goes there: our own hours alone.
    fn polite(now: &str, zones: &[Tz]) -> DateTime<Utc> {
        let whereabouts = Whereabouts { zones: zones.to_vec(), states: Vec::new() };
        next_allowed(&whereabouts, Channel::Email, Purpose::Reminder, at(now)).expect("an hour")
    }

    fn in_days(now: &str, days: u64, zones: &[Tz]) -> DateTime<Utc> {
        let whereabouts = Whereabouts { zones: zones.to_vec(), states: Vec::new() };
        first_in_days(&whereabouts, Channel::Email, Purpose::Reminder, at(now), days)
    }

    #[test]
    fn nobody_is_written_to_at_night() {
        let chicago = [Tz::America__Chicago];
        for (now, then) in [
            ("2026-01-05T18:00:00Z", "2026-01-05T18:00:00Z"), // noon
            ("2026-01-05T09:00:00Z", "2026-01-05T15:00:00Z"), // 3:00
            ("2026-01-06T03:00:00Z", "2026-01-06T15:00:00Z"), // 21:00
            ("2026-03-08T09:00:00Z", "2026-03-08T14:00:00Z"), // the night the clocks go forward
            ("2026-11-01T07:30:00Z", "2026-11-01T15:00:00Z"), // the hour that comes twice
        ] {
            assert_eq!(polite(now, &chicago), at(then), "{now}");
        }
    }

    #[test]
    fn a_state_with_two_zones_is_polite_where_both_are() {
        let tennessee = [Tz::America__Chicago, Tz::America__New_York];
        // 9:00 in Nashville, 10:00 in Knoxville
        assert_eq!(polite("2026-01-05T14:30:00Z", &tennessee), at("2026-01-05T15:00:00Z"));
        // 19:30 in Nashville, 20:30 in Knoxville: tomorrow
        assert_eq!(polite("2026-01-06T01:30:00Z", &tennessee), at("2026-01-06T15:00:00Z"));
    }

    #[test]
    fn the_reminder_of_late_evening_comes_the_next_morning_there() {
        let pacific = [Tz::America__Los_Angeles];
        // 22:00 on January 5 in Los Angeles
        assert_eq!(in_days("2026-01-06T06:00:00Z", 1, &pacific), at("2026-01-06T17:00:00Z"));
        // 8:00 on January 5
        assert_eq!(in_days("2026-01-05T16:00:00Z", 1, &pacific), at("2026-01-06T17:00:00Z"));
    }

    #[test]
    fn two_weeks_later_is_the_same_hour_there_though_the_clocks_changed() {
        let pacific = [Tz::America__Los_Angeles];
        assert_eq!(in_days("2026-03-01T20:00:00Z", 14, &pacific), at("2026-03-15T16:00:00Z"));
        assert_eq!(in_days("2026-03-01T20:00:00Z", 14, &[]), at("2026-03-15T20:00:00Z"));
    }

    #[test]
    fn where_no_hour_is_common_there_is_none() {
        // 9:00 to 18:00 in Providence is over before it is 9:00 in Guam
        let whereabouts =
            Whereabouts { zones: vec![Tz::America__New_York, Tz::Pacific__Guam], states: vec![State::Ri] };
        let now = at("2026-06-02T16:00:00Z");
        assert_eq!(next_allowed(&whereabouts, Channel::Sms, Purpose::Reminder, now), None);
        let consent =
            vec![Mark { choice: Choice::Granted, scope: Scope::All, at: at("2026-01-01T00:00:00Z") }];
        let recipient = Recipient { consent, ..Recipient::at(whereabouts) };
        let decided = decide(&recipient, Channel::Sms, Purpose::Reminder, now);
        assert_eq!(decided, Decision::Refuse(Rule::NoCommonHour));
    }

    /// A year of moments, to the second, with both clock changes.
    fn moments() -> impl Strategy<Value = DateTime<Utc>> {
        (0..366_i64 * 86_400).prop_map(|second| at("2026-01-01T00:00:00Z") + TimeDelta::seconds(second))
    }

    fn places() -> impl Strategy<Value = Whereabouts> {
        let state = || (0..State::ALL.len()).prop_map(|index| State::ALL[index]);
        proptest::collection::vec(state(), 1..4).prop_map(|states| {
            let zones = states.iter().flat_map(|state| StateFacts::of(*state).time_zones.iter().copied());
            Whereabouts { zones: zones.collect(), states }
        })
    }

    fn marks() -> impl Strategy<Value = Vec<Mark>> {
        let scope = prop_oneof![
            Just(Scope::All),
            Just(Scope::Service),
            Just(Scope::Purpose(Purpose::Reminder)),
            Just(Scope::Purpose(Purpose::Campaign)),
        ];
        let mark = (prop_oneof![Just(Choice::Granted), Just(Choice::Stopped)], scope, moments());
        proptest::collection::vec(mark.prop_map(|(choice, scope, at)| Mark { choice, scope, at }), 0..6)
    }

    fn purposes() -> impl Strategy<Value = Purpose> {
        (0..Purpose::ALL.len()).prop_map(|index| Purpose::ALL[index])
    }

    /// What an hour and a day allow, said once more and otherwise: by the minutes of the local day.
    fn is_quiet(state: State, zone: Tz, polite: bool, at: DateTime<Utc>) -> bool {
        use chrono::{Datelike, Timelike, Weekday};
        let local = at.with_timezone(&zone);
        let minutes = local.hour() * 60 + local.minute();
        let sunday = local.weekday() == Weekday::Sun;
        let weekend = sunday || local.weekday() == Weekday::Sat;
        let (opens, closes) = match state {
            State::Al | State::La | State::Ms if sunday => return true,
            State::Al | State::Fl | State::La | State::Ma | State::Md | State::Ms | State::Nj | State::Ok => {
                (8, 20)
            }
            State::Wa => (8, 20),
            State::Ct | State::Nv => (9, 20),
            State::Ky => (10, 21),
            State::Mi | State::Mn | State::Nm => (9, 21),
            State::Ri if weekend => (10, 17),
            State::Ri => (9, 18),
            State::Tx if sunday => (12, 21),
            State::Tx => (9, 21),
            _ => (8, 21),
        };
        let (opens, closes) = if polite { (opens.max(9), closes.min(20)) } else { (opens, closes) };
        minutes < opens * 60 || minutes >= closes * 60
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_text_goes_at_a_quiet_hour_of_any_zone_and_none_after_a_stop(
            whereabouts in places(), consent in marks(), purpose in purposes(), now in moments(),
        ) {
            // whoever waits for an answer or a code does so at night too
            prop_assume!(!matches!(purpose, Purpose::Reply | Purpose::Code));
            let recipient = Recipient { consent, ..Recipient::at(whereabouts) };
            let decided = decide(&recipient, Channel::Sms, purpose, now);
            let sent_at = match decided {
                Decision::Send => now,
                Decision::HoldUntil(at, _) => at,
                Decision::Refuse(_) => return Ok(()),
            };
            prop_assert!(sent_at >= now);
            for state in &recipient.whereabouts.states {
                for zone in &recipient.whereabouts.zones {
                    prop_assert!(!is_quiet(*state, *zone, purpose.is_polite(), sent_at), "{state} {zone} {sent_at}");
                }
            }
            let concerns = |mark: &&Mark| match mark.scope {
                Scope::All | Scope::Service => true,
                Scope::Purpose(of) => of == purpose,
                Scope::Subscriber(_) => false,
            };
            let newest_stop = recipient.consent.iter().filter(concerns)
                .filter(|mark| mark.choice == Choice::Stopped).map(|mark| mark.at).max();
            let newest_yes = recipient.consent.iter().filter(concerns)
                .filter(|mark| mark.choice == Choice::Granted && mark.at <= now).map(|mark| mark.at).max();
            prop_assert!(newest_yes.is_some(), "nobody agreed");
            prop_assert!(newest_stop < newest_yes, "it was stopped");
        }

        #[test]
        fn what_was_taken_back_decides_nothing(
            whereabouts in places(), said in marks(), wrong in marks(), purpose in purposes(), now in moments(),
        ) {
            // of the same moment both would be taken back
            let wrong: Vec<Mark> = wrong
                .into_iter()
                .filter(|mark| said.iter().all(|it| (it.scope, it.at) != (mark.scope, mark.at)))
                .collect();
            let taken_back = wrong.iter().map(|mark| Mark { choice: Choice::Withdrawn, ..*mark });
            let all: Vec<Mark> = taken_back.chain(said.clone()).chain(wrong.clone()).collect();
            let without = Recipient { consent: said, ..Recipient::at(whereabouts) };
            let with = Recipient { consent: all, ..without.clone() };
            for channel in Channel::ALL {
                let decided = |recipient| decide(recipient, *channel, purpose, now);
                prop_assert_eq!(decided(&with), decided(&without), "{:?} {:?}", channel, purpose);
            }
        }

        #[test]
        fn what_is_held_goes_at_its_time_and_at_no_earlier_one(
            whereabouts in places(), purpose in purposes(), now in moments(), share in 0.0..1.0_f64,
        ) {
            let consent = vec![Mark { choice: Choice::Granted, scope: Scope::All, at: at("2025-12-01T00:00:00Z") }];
            let recipient = Recipient { consent, ..Recipient::at(whereabouts) };
            for channel in [Channel::Sms, Channel::Email] {
                if let Decision::HoldUntil(until, _) = decide(&recipient, channel, purpose, now) {
                    prop_assert!(until > now);
                    prop_assert_eq!(decide(&recipient, channel, purpose, until), Decision::Send);
                    let between = now + TimeDelta::seconds(((until - now).num_seconds() as f64 * share) as i64);
                    if between < until {
                        let is_held = matches!(
                            decide(&recipient, channel, purpose, between),
                            Decision::HoldUntil(then, _) if then == until
                        );
                        prop_assert!(is_held, "{between}");
                    }
                }
            }
        }
    }
}
