//! Vendors, each against a peer of ours that refuses what the vendor's reference does not take, and some against servers that
//! others wrote.

#[cfg(all(feature = "embedded", feature = "sqlite", feature = "action-network"))]
mod action_network;
#[cfg(all(feature = "embedded", feature = "s3", feature = "sqs"))]
mod amazon;
#[cfg(all(feature = "embedded", feature = "sqlite", feature = "action-network"))]
mod contact_lists;
#[cfg(feature = "embedded")]
mod mail;
#[cfg(all(feature = "embedded", feature = "sqlite", feature = "http-client"))]
mod maps;
#[cfg(all(feature = "embedded", feature = "sqlite", feature = "http-client"))]
mod slack;
#[cfg(all(feature = "embedded", feature = "sqs"))]
mod sqs;

#[cfg(feature = "http-client")]
mod twilio;

use chrono::NaiveDate;
use serde_json::Value;

use crate::support::schema;

#[test]
fn every_schema_says_from_what_page_and_when_it_was_written() {
    let mut count = 0;
    for file in std::fs::read_dir(schema::folder()).unwrap().map(|file| file.unwrap().path()) {
        let text = std::fs::read_to_string(&file).unwrap();
        let written: Value = serde_json::from_str(&text).unwrap();
        // it is one that a peer can read, and takes not just anything
        let name = file.file_stem().unwrap().to_str().unwrap();
        assert!(!schema::misfits(name, &Value::Null).is_empty(), "{}", file.display());
        let comment = written["$comment"].as_str().unwrap_or_default();
        let (page, day) = comment
            .strip_prefix("Written from ")
            .and_then(|said| said.rsplit_once(" on "))
            .unwrap_or_else(|| panic!("{}: {comment:?}", file.display()));
        assert!(page.starts_with("https://") || page.starts_with("contract/"), "{}", file.display());
        day.parse::<NaiveDate>().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        count += 1;
    }
    assert!(count > 1, "{count} schemas were found");
}
