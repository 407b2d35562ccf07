//! The wire contract, request by request; the files mirror the URLs.

mod conventions;
mod election;
mod event;
mod failures;
mod health;
mod limits;
mod logs;
mod official;
mod person;
mod pollingplace;
mod registration;
mod reminder;
mod storage;
mod subscriber;
mod verification;
