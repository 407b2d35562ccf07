//! Our facts about the states against the federal data they were taken from, row by row.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use turnout_core::{
    address::State,
    election::{Basis, StateFacts},
};

/// A file of the shared folder: `TURNOUT_SHARED`, else `shared` beside the workspace. Without it the test fails.
fn shared(path: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "where the data lies is up to whoever runs the test")]
    let folder = std::env::var("TURNOUT_SHARED")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let file = folder.join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}. Set TURNOUT_SHARED to the folder that holds data/.", file.display())
    })
}

/// Rows of a CSV file by the names in its first line (RFC 4180).
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut chars = text.trim_end().chars().peekable();
    while let Some(c) = chars.next() {
        let record = records.last_mut().expect("there is one from the start");
        let field = record.last_mut().expect("there is one from the start");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().expect("it was seen")),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => records.push(vec![String::new()]),
            '\r' if !quoted => {}
            other => field.push(other),
        }
    }
    let head = records.remove(0);
    records.into_iter().map(|record| head.iter().cloned().zip(record).collect()).collect()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.replace("&amp;", "&"))
}

#[test]
fn every_fact_is_that_of_the_federal_data() {
    let published = rows(&shared("data/state_facts_2025-01.csv"));
    assert_eq!(published.len(), State::ALL.len());
    for row in published {
        let state = State::parse(&row["state"]).expect("a state");
        let facts = StateFacts::of(state);
        assert_eq!(row["name"], state.name());
        assert_eq!(facts.accepts_nvrf, row["accepts_nvrf"] == "1", "{state}");
        assert_eq!(facts.online_registration_url, some(&row["online_registration_url"]), "{state}");
        assert_eq!(facts.status_url, some(&row["status_check_url"]), "{state}");
        assert_eq!(facts.election_website, some(&row["election_website"]), "{state}");
        let deadline = match (row["postmark_days_before"].as_str(), row["received_days_before"].as_str()) {
            ("" | "0", "" | "0") => None,
            ("" | "0", days) => Some((Basis::Received, days.parse().expect("days"))),
            (days, _) => Some((Basis::Postmarked, days.parse().expect("days"))),
        };
        assert_eq!(facts.mail_deadline.map(|it| (it.basis, it.days_before)), deadline, "{state}");
    }
}

#[test]
fn address_and_advice_together_are_what_the_federal_data_says_of_mailing() {
    for row in rows(&shared("data/state_facts_2025-01.csv")) {
        let state = State::parse(&row["state"]).expect("a state");
        let facts = StateFacts::of(state);
        let published: BTreeSet<&str> =
            row["nvrf_mailing_address"].split(" / ").filter(|line| !line.is_empty()).collect();
        let ours = facts.mailing_address.iter().chain(&facts.mailing_advice).map(String::as_str);
        assert_eq!(ours.collect::<BTreeSet<_>>(), published, "{state}");
        let in_order: Vec<usize> =
            facts.mailing_address.iter().filter_map(|line| row["nvrf_mailing_address"].find(line)).collect();
        assert!(in_order.is_sorted(), "{state}");
    }
}

#[test]
fn an_address_has_lines_that_fit_an_envelope_and_ends_with_a_zip_code() {
    for state in State::ALL {
        let facts = StateFacts::of(*state);
        assert_eq!(facts.mailing_address.is_empty(), !facts.accepts_nvrf, "{state}");
        for line in &facts.mailing_address {
            assert!(line.len() <= 72, "{state}: {line}");
        }
        if let Some(last) = facts.mailing_address.last() {
            let zip = last.rsplit(' ').next().unwrap_or_default();
            let digits = zip.split('-').next().unwrap_or_default();
            assert!(digits.len() == 5 && digits.bytes().all(|it| it.is_ascii_digit()), "{state}: {last}");
        }
    }
}

#[test]
fn links_are_plain_web_addresses() {
    for state in State::ALL {
        let facts = StateFacts::of(*state);
        for link in
            [&facts.online_registration_url, &facts.status_url, &facts.election_website].into_iter().flatten()
        {
            assert!(link.starts_with("https://") || link.starts_with("http://"), "{state}: {link}");
            assert!(!link.contains("&amp;") && !link.contains(char::is_whitespace), "{state}: {link}");
        }
    }
}

#[test]
fn time_zones_are_those_of_the_counties_and_the_first_has_the_most() {
    let mut counties: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows(&shared("data/county_timezone.csv")) {
        for zone in row["zones"].split(';') {
            *counties.entry(row["state"].clone()).or_default().entry(zone.into()).or_default() += 1;
        }
    }
    assert_eq!(counties.len(), State::ALL.len());
    for (code, zones) in counties {
        let ours: Vec<&str> = StateFacts::of(State::parse(&code).expect("a state"))
            .time_zones
            .iter()
            .map(|it| it.name())
            .collect();
        assert_eq!(ours.iter().copied().collect::<BTreeSet<_>>(), zones.keys().map(String::as_str).collect());
        assert_eq!(zones.get(ours[0]), zones.values().max(), "{code}");
    }
}
