//! The wire contract, request by request; the files mirror the URLs.

mod conventions;
mod election;
mod health;
mod official;
mod subscriber;
