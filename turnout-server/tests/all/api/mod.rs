//! The wire contract, request by request; the files mirror the URLs.

mod conventions;
mod election;
mod event;
mod health;
mod limits;
mod official;
mod registration;
mod storage;
mod subscriber;
