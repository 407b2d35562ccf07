//! The server from outside, a module per subject.

mod config;
mod loops;
mod run;
