//! The wire contract, request by request; the files mirror the URLs.

mod absentee;
mod apikey;
mod conventions;
mod election;
mod event;
mod external;
mod failures;
mod fax;
mod health;
mod isolation;
mod letters;
mod limits;
mod logs;
mod matching;
mod official;
mod once;
mod openapi;
#[cfg(feature = "pennsylvania")]
mod pennsylvania;
mod person;
mod pollingplace;
mod registration;
mod reminder;
mod smsbot;
mod storage;
mod subscriber;
mod suppression;
mod verification;
