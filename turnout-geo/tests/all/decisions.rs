//! What is decided about messages, against a table that was worked out by another road (`tests/decisions/make_table.py`):
//! the rules of `turnout-core` with the time zones of this crate.

use std::collections::BTreeSet;

use chrono::{DateTime, Offset as _, TimeDelta, Utc};
use chrono_tz::Tz;
use turnout_core::{
    address::{State, Zipcode},
    consent::{Choice, Mark, Scope},
    decision::{Channel, Decision, Place, Purpose, Recipient, Rule, Whereabouts, decide},
    election::StateFacts,
    ids::SubscriberId,
    person::Phone,
};
use turnout_geo::EmbeddedZones;
use uuid::Uuid;

const TABLE: &str = include_str!("../decisions/decisions.tsv");

/// A row, read.
struct Row<'t> {
    line: &'t str,
    state: Option<State>,
    recipient: Recipient,
    channel: Channel,
    purpose: Purpose,
    now: DateTime<Utc>,
    expected: Decision,
    source: &'t str,
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

fn subscriber(number: &str) -> SubscriberId {
    SubscriberId(Uuid::from_u128(number.parse().unwrap()))
}

fn list<'t, T: 't>(text: &'t str, read: impl Fn(&'t str) -> T + 't) -> Vec<T> {
    text.split(';').filter(|part| !part.is_empty()).map(read).collect()
}

fn mark(text: &str) -> Mark {
    let (said, when) = text.split_once('@').unwrap();
    let choice = match said.as_bytes()[0] {
        b'+' => Choice::Granted,
        b'-' => Choice::Stopped,
        b'~' => Choice::Withdrawn,
        other => panic!("{other}"),
    };
    let scope = match said[1..].split_once(':').unwrap_or((&said[1..], "")) {
        ("all", "") => Scope::All,
        ("service", "") => Scope::Service,
        ("subscriber", number) => Scope::Subscriber(subscriber(number)),
        ("purpose", purpose) => Scope::Purpose(Purpose::parse(purpose).unwrap()),
        other => panic!("{other:?}"),
    };
    Mark { choice, scope, at: at(when) }
}

fn some<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    (!text.is_empty()).then(|| read(text).unwrap())
}

fn row(line: &str) -> Row<'_> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [
        _,
        state,
        zip,
        county,
        phone,
        channel,
        purpose,
        sender,
        ledger,
        counted,
        suppressed,
        wrote,
        now,
        expected,
        rule,
        source,
    ] = columns[..]
    else {
        panic!("16 columns: {line}")
    };
    let state = some(state, State::parse);
    let place = Place {
        state,
        zipcode: some(zip, Zipcode::parse),
        county: some(county, |text| text.parse().ok()),
        phone: some(phone, Phone::parse),
    };
    let rule = some(rule, Rule::parse);
    let expected = match expected.split_once(' ').unwrap_or((expected, "")) {
        ("send", "") => Decision::Send,
        ("hold", until) => Decision::HoldUntil(at(until), rule.unwrap()),
        ("refuse", "") => Decision::Refuse(rule.unwrap()),
        other => panic!("{other:?}"),
    };
    let recipient = Recipient {
        sender: sender.strip_prefix("subscriber:").map(subscriber),
        consent: list(ledger, mark),
        is_suppressed: suppressed == "yes",
        counted: list(counted, at),
        wrote_at: some(wrote, |text| Some(at(text))),
        ..Recipient::at(Whereabouts::of(&EmbeddedZones, &place))
    };
    Row {
        line,
        state,
        recipient,
        channel: Channel::parse(channel).unwrap(),
        purpose: Purpose::parse(purpose).unwrap(),
        now: at(now),
        expected,
        source,
    }
}

fn rows() -> Vec<Row<'static>> {
    TABLE.lines().skip(1).map(row).collect()
}

#[test]
fn every_decision_is_that_of_the_table() {
    let mut wrong = Vec::new();
    for row in rows() {
        let decided = decide(&row.recipient, row.channel, row.purpose, row.now);
        let source = decided.rule().map_or(row.source, Rule::source);
        if decided != row.expected || source != row.source {
            wrong.push(format!("{decided:?} by {source}\n  {}", row.line));
        }
    }
    assert!(wrong.is_empty(), "{} of them are not:\n{}", wrong.len(), wrong.join("\n"));
}

/// Whether a clock there is set within so many minutes of the moment.
fn is_set_within(zone: Tz, minutes: i64, moment: DateTime<Utc>) -> bool {
    let offset = |moment: DateTime<Utc>| moment.with_timezone(&zone).offset().fix();
    let around = TimeDelta::minutes(minutes);
    offset(moment - around) != offset(moment + around)
}

/// Whether a clock is set within 61 minutes of it, in a zone where the recipient may be.
fn is_at_edge(row: &Row<'_>) -> bool {
    row.recipient.whereabouts.zones.iter().any(|zone| is_set_within(*zone, 61, row.now))
}

#[test]
fn the_book_says_how_many_decisions_the_table_has() {
    let rows = rows();
    let at_edges = rows.iter().filter(|row| is_at_edge(row)).count();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/messages.md");
    let page = std::fs::read_to_string(path).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        format!("has {} decisions,", rows.len()),
        format!("{at_edges} of them are within 61 minutes of a change of the clocks,"),
    ] {
        assert!(page.contains(&said), "docs/messages.md does not say: {said}");
    }
}

#[test]
fn the_table_has_what_is_hard_in_it() {
    let rows = rows();
    let count = |is: &dyn Fn(&Row<'_>) -> bool| rows.iter().filter(|row| is(row)).count();
    assert!(rows.len() >= 500, "{}", rows.len());

    assert!(count(&is_at_edge) >= 60, "{}", count(&is_at_edge));
    for month in ["2026-03-08", "2026-11-01"] {
        let there = count(&|row| is_at_edge(row) && row.now.date_naive().to_string() == month);
        assert!(there >= 30, "{month}: {there}");
    }

    // those in which it is not the same time everywhere
    let is_split = |state: State| {
        ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"].iter().any(|moment| {
            let offset = |zone: &Tz| at(moment).with_timezone(zone).offset().fix().local_minus_utc();
            StateFacts::of(state).time_zones.iter().map(offset).collect::<BTreeSet<_>>().len() > 1
        })
    };
    let in_split = count(&|row| row.state.is_some_and(is_split));
    assert!(in_split >= 60, "{in_split}");
    let split: BTreeSet<State> = rows.iter().filter_map(|row| row.state).filter(|it| is_split(*it)).collect();
    assert!(split.len() >= 12, "{split:?}");

    // an older word beside a newer one of the other kind, or one of the future
    let contradicts = |row: &Row<'_>| {
        let says = |choice| row.recipient.consent.iter().any(|mark| mark.choice == choice);
        says(Choice::Granted) && says(Choice::Stopped)
    };
    assert!(count(&contradicts) >= 40, "{}", count(&contradicts));

    let states: BTreeSet<State> = rows.iter().filter_map(|row| row.state).collect();
    assert_eq!(states.len(), State::ALL.len());
    for channel in Channel::ALL {
        for purpose in Purpose::ALL {
            let is_said = match channel {
                Channel::Sms => true,
                Channel::Email => !matches!(purpose, Purpose::Reply | Purpose::Code),
                Channel::Fax | Channel::Letter => *purpose == Purpose::Service,
            };
            let there = count(&|row| (row.channel, row.purpose) == (*channel, *purpose));
            assert_eq!(there > 0, is_said, "{channel:?} {purpose:?}");
        }
    }
    let rules: BTreeSet<Rule> = rows.iter().filter_map(|row| row.expected.rule()).collect();
    for rule in Rule::all() {
        assert!(rules.contains(&rule), "nothing in the table is decided by {rule}");
    }
}

#[test]
fn nothing_in_the_table_goes_by_night_or_after_a_stop() {
    // whoever waits for an answer or a code does so at night too
    let is_waited_for = |row: &&Row<'_>| matches!(row.purpose, Purpose::Reply | Purpose::Code);
    for row in rows().iter().filter(|row| row.channel == Channel::Sms && !is_waited_for(row)) {
        if decide(&row.recipient, row.channel, row.purpose, row.now) != Decision::Send {
            continue;
        }
        for zone in &row.recipient.whereabouts.zones {
            let hour = chrono::Timelike::hour(&row.now.with_timezone(zone));
            assert!((8..21).contains(&hour), "{}", row.line);
        }
        let said = row.recipient.consent.iter().filter(|mark| {
            mark.scope == Scope::All && !row.recipient.consent.iter().any(|it| it.takes_back(mark))
        });
        let newest = said.filter(|mark| mark.choice.is_said()).max_by_key(|it| it.at);
        let is_stop = newest.is_some_and(|mark| mark.choice == Choice::Stopped);
        let has_own = row.recipient.consent.iter().any(|mark| mark.scope != Scope::All);
        assert!(!is_stop || has_own, "{}", row.line);
    }
}

#[test]
fn the_area_codes_of_states_are_those_of_the_zones() {
    use turnout_core::{decision::state_of, ports::time_zones::TimeZones as _};
    for code in 0..1_000 {
        let zones = EmbeddedZones.of_area_code(code);
        assert_eq!(state_of(code).is_some(), !zones.is_empty(), "{code}");
        if let Some(state) = state_of(code) {
            let clock = |zone: &Tz| {
                ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"]
                    .map(|moment| at(moment).with_timezone(zone).offset().fix().local_minus_utc())
            };
            let of_state: Vec<_> = StateFacts::of(state).time_zones.iter().map(clock).collect();
            assert!(zones.iter().any(|zone| of_state.contains(&clock(zone))), "{code} {state} {zones:?}");
        }
    }
}
