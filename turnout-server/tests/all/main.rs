//! The server from outside, a module per subject.

#![expect(clippy::unwrap_used, reason = "tests")]

mod config;
mod loops;
mod pages;
mod run;
mod support;
mod wiring;
