//! The wire contract, request by request; the files mirror the URLs.

mod conventions;
mod election;
mod event;
mod failures;
mod health;
mod limits;
mod logs;
mod official;
mod registration;
mod storage;
mod subscriber;
